//! Apple's own example declarations have no errors, except one that is Apple's.

use std::fs;
use std::path::{Path, PathBuf};

use ddmc::{Severity, check};

use crate::support::shared;

/// The examples of each family of declarations. `assets/credentials` holds the data of assets instead.
const FAMILIES: [&str; 4] = ["activations", "assets", "configurations", "management"];

fn files(folder: &Path, all: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() && !path.ends_with("assets/credentials") {
            files(&path, all);
        } else if path.is_file() {
            all.push(path);
        }
    }
}

#[test]
fn apples_examples_have_no_errors() {
    let Some(folder) = shared("examples") else { return };
    let mut all = Vec::new();
    for family in FAMILIES {
        files(&folder.join(family), &mut all);
    }
    all.sort();
    assert_eq!(all.len(), 91);
    let mut errors = Vec::new();
    for path in all {
        let name = path.strip_prefix(&folder).expect("it is in the folder").display().to_string();
        let findings = check(&name, &fs::read(&path).expect("an example can be read"));
        let findings = findings.iter().filter(|finding| finding.severity == Severity::Error);
        errors.extend(findings.map(|finding| format!("{name} {} {}", finding.rule.id, finding.place.pointer)));
    }
    // The schema calls this key VisibleDescription.
    assert_eq!(errors, ["configurations/account.ldap/example1.json unknown-key /Payload/SearchSettings/0/VisibleName"]);
}

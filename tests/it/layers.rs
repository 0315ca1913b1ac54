//! The layers of the source: no folder or file at the top of `src` uses one that stands above it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The folders and files at the top of `src`, each after all that it may use.
const LAYERS: &[&str] = &[
    "words",
    "hash",
    "diagnostic",
    "syntax",
    "apple",
    "validate",
    "catalog",
    "set",
    "rules",
    "policy",
    "conditions",
    "fix",
    "content",
    "locate",
    "lint",
    "run",
    "merge",
    "plan",
    "session",
    "check",
    "declarations",
    "config",
    "source",
    "migrate",
    "answer",
    "baseline",
    "docs",
    "schema",
    "report",
    "cli",
    "fuzzing",
];

/// What stands outside the layers: the root, which names all of them, and the program.
const OUTSIDE: &[&str] = &["lib", "main"];

#[test]
fn no_layer_uses_one_above_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut faults = Vec::new();
    let mut units = BTreeSet::new();
    for path in sources(&root) {
        let unit = unit(path.strip_prefix(&root).expect("it was found there"));
        if OUTSIDE.contains(&&*unit) {
            continue;
        }
        let Some(own) = layer(&unit) else {
            faults.push(format!("{unit} has no place among the layers"));
            continue;
        };
        for (line, used) in uses(&fs::read_to_string(&path).expect("a source is a text")) {
            match layer(&used) {
                Some(other) if other <= own => {}
                Some(_) => faults.push(format!("{}:{line}: {unit} uses {used}, which stands above it", path.display())),
                None => faults.push(format!("{}:{line}: {used} is not the name of a layer", path.display())),
            }
        }
        units.insert(unit);
    }
    faults.extend(LAYERS.iter().filter(|layer| !units.contains(**layer)).map(|layer| format!("{layer} is not there")));
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

fn layer(unit: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| *layer == unit)
}

/// The folder or file at the top that a source belongs to.
fn unit(path: &Path) -> String {
    let top = path.iter().next().expect("a path has a beginning");
    Path::new(top).with_extension("").to_string_lossy().into_owned()
}

/// The layers that a source names, each with its line. Comments may name any, and so may tests, which stand at the end.
fn uses(text: &str) -> Vec<(usize, String)> {
    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let lines = code.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"));
    let names = lines.flat_map(|(number, line)| line.split("crate::").skip(1).map(move |rest| (number + 1, rest)));
    let word = |rest: &str| rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect::<String>();
    names.map(|(line, rest)| (line, word(rest))).collect()
}

/// The sources below a folder, but for files of tests.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") && !path.ends_with("tests.rs") {
            found.push(path);
        }
    }
    found
}

#[test]
fn a_use_is_found_wherever_it_stands() {
    let text = "// crate::c\nfn f() { crate::set::x(crate::words::y) }\n#[cfg(test)]\nmod tests {\nuse crate::cli;";
    assert_eq!(uses(text), [(2, "set".to_owned()), (2, "words".to_owned())]);
    assert_eq!(uses("use crate::{set, words};"), [(1, String::new())], "which is the name of no layer");
}

//! The layers of the source: no folder or file at the top of `src` uses one from a higher layer.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The folders and files at the top of `src`, each after all those that it may use.
const LAYERS: &[&str] = &[
    "words",
    "hash",
    "limits",
    "diagnostic",
    "syntax",
    "apple",
    "secrets",
    "validate",
    "catalog",
    "predicate",
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
    "layout",
    "plan",
    "session",
    "diff",
    "check",
    "declarations",
    "config",
    "source",
    "migrate",
    "answer",
    "status",
    "inventory",
    "baseline",
    "html",
    "docs",
    "schema",
    "report",
    "requests",
    "cli",
    "fuzzing",
];

/// Files outside the layers: the crate root, which names all of them, and the program.
const OUTSIDE: &[&str] = &["lib", "main"];

#[test]
fn no_layer_uses_a_higher_one() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut errors = Vec::new();
    let mut units = BTreeSet::new();
    for path in sources(&root) {
        let unit = unit(path.strip_prefix(&root).expect("sources are below the root"));
        if OUTSIDE.contains(&&*unit) {
            continue;
        }
        let Some(own) = layer(&unit) else {
            errors.push(format!("{unit} is not in LAYERS"));
            continue;
        };
        for (line, used) in uses(&fs::read_to_string(&path).expect("a source is UTF-8")) {
            match layer(&used) {
                Some(other) if other <= own => {}
                Some(_) => errors.push(format!("{}:{line}: {unit} uses {used}, which is a higher layer", path.display())),
                None => errors.push(format!("{}:{line}: {used} is not the name of a layer", path.display())),
            }
        }
        units.insert(unit);
    }
    errors.extend(LAYERS.iter().filter(|layer| !units.contains(**layer)).map(|layer| format!("{layer} does not exist")));
    assert!(errors.is_empty(), "{}", errors.join("\n"));
}

fn layer(unit: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| *layer == unit)
}

/// The folder or file at the top of `src` that a source belongs to.
fn unit(path: &Path) -> String {
    let top = path.iter().next().expect("a path has a first component");
    Path::new(top).with_extension("").to_string_lossy().into_owned()
}

/// The layers that a source uses, with line numbers. Skips comments, and tests, which are at the end of a file.
fn uses(text: &str) -> Vec<(usize, String)> {
    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let lines = code.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"));
    let names = lines.flat_map(|(number, line)| line.split("crate::").skip(1).map(move |rest| (number + 1, rest)));
    let word = |rest: &str| rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect::<String>();
    names.map(|(line, rest)| (line, word(rest))).collect()
}

/// The sources below a folder, without test files.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder exists") {
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
fn finds_every_use_of_a_layer() {
    let text = "// crate::c\nfn f() { crate::set::x(crate::words::y) }\n#[cfg(test)]\nmod tests {\nuse crate::cli;";
    assert_eq!(uses(text), [(2, "set".to_owned()), (2, "words".to_owned())]);
    assert_eq!(uses("use crate::{set, words};"), [(1, String::new())], "a list of layers is not a layer");
}

//! The library gives the same results as the commands.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use ddmc::{Checker, Declarations, MergeOptions, Refused};
use serde_json::Value;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files of a folder, in the order of the commands.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder exists");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("a folder can be read").path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json" || extension == "ndjson"));
    files.sort();
    files
}

fn read(files: &[PathBuf]) -> Declarations {
    let mut declarations = Declarations::new();
    for file in files {
        declarations.read(&file.to_string_lossy(), &fs::read(file).expect("a file can be read"));
    }
    declarations
}

fn printed(arguments: &[&str]) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_ddmc")).args(arguments).current_dir(root()).output().expect("the program runs");
    serde_json::from_slice(&output.stdout).expect("the output is JSON")
}

#[test]
fn merge_matches_the_command() {
    let (mut merged, mut refused) = (0, 0);
    for scenario in fs::read_dir(root().join("fixtures/merge")).expect("the fixtures exist") {
        let scenario = scenario.expect("a folder can be read").path();
        let mut declarations = read(&files(&scenario.join("in")));
        let json = |name: &str| -> Value {
            serde_json::from_slice(&fs::read(scenario.join(name)).expect("an expected file exists")).expect("it is JSON")
        };
        match declarations.merge(&MergeOptions::default()) {
            Ok(set) => {
                let texts =
                    set.declarations.iter().map(|declaration| serde_json::from_str::<Value>(&declaration.text).expect("JSON"));
                assert_eq!(texts.collect::<Value>(), json("merged.json"), "{}", scenario.display());
                for (origin, expected) in set.origins.iter().zip(json("explain.json")["merged"].as_array().expect("a list")) {
                    let from: Value = origin.from.iter().map(|who| declarations.source(*who).identifier).collect();
                    assert_eq!(from, expected["from"], "{}", scenario.display());
                    assert_eq!(origin.decisions.len(), expected["keys"].as_array().expect("a list").len());
                }
                merged += 1;
            }
            Err(Refused::Findings(findings)) => {
                let text = fs::read_to_string(scenario.join("refused.txt"))
                    .unwrap_or_else(|_| panic!("{}: {findings:?}", scenario.display()));
                for finding in &findings {
                    assert!(text.contains(&*finding.rule.id), "{}: {}", scenario.display(), finding.message);
                }
                assert!(!findings.is_empty());
                refused += 1;
            }
            Err(other) => panic!("{}: {other}", scenario.display()),
        }
    }
    assert!(merged > 10 && refused > 3, "{merged} {refused}");
}

#[test]
fn check_matches_the_command() {
    let time = "2026-01-01T00:00:00";
    let mut found = 0;
    for target in ["macOS=15.0", "iOS=18.1,unsupervised"] {
        let checker = Checker::new().target(target.parse().expect("devices")).as_of(time.parse().expect("a time")).as_set();
        for file in files(&root().join("fixtures/err")) {
            let name = file.strip_prefix(root()).expect("it is below").to_string_lossy().into_owned();
            let arguments = ["check", "--no-config", "--set", "--format", "json", "--target", target, "--as-of", time, &name];
            let by_command: Vec<(String, String)> = printed(&arguments)["findings"]
                .as_array()
                .expect("a list")
                .iter()
                .map(|finding| {
                    (finding["rule"].as_str().unwrap_or("").to_owned(), finding["pointer"].as_str().unwrap_or("").to_owned())
                })
                .collect();
            let findings = checker.check(&name, &fs::read(&file).expect("a file can be read"));
            let mut by_library: Vec<(String, String)> =
                findings.into_iter().map(|finding| (finding.rule.id.to_string(), finding.place.pointer)).collect();
            let mut by_command = by_command;
            by_command.sort();
            by_library.sort();
            assert_eq!(by_library, by_command, "{name}");
            found += by_library.len();
        }
    }
    assert!(found > 100);
}

#[test]
fn plan_matches_the_command() {
    let names = ["docs/examples/pilots.json", "docs/examples/updates.json"];
    let declarations = read(&names.map(|name| root().join(name)));
    for device in ["macOS=15.7.2", "iOS=26.0", "watchOS=26.0"] {
        let time = "2026-01-01T00:00:00";
        let expected = printed(&["plan", names[0], names[1], "--device", device, "--as-of", time, "--format", "json"]);
        let plan = declarations.plan(&device.parse().expect("a device"), time.parse().expect("a time"), None).expect("no errors");
        let updates: Value = plan.updates.iter().map(|update| update.version.as_str()).collect();
        let versions: Value =
            expected["updates"].as_array().expect("a list").iter().map(|update| update["version"].clone()).collect();
        assert_eq!(updates, versions, "{device}");
        let count = |name: &str| expected[name].as_array().map(Vec::len);
        assert_eq!(
            (Some(plan.settings.len()), Some(plan.inactive.len()), Some(plan.ignored.len())),
            (count("settings"), count("inactive"), count("ignored")),
            "{device}"
        );
    }
}

#[test]
fn documents_with_errors_are_refused() {
    let mut declarations = Declarations::new();
    assert_eq!(declarations.read("a.json", br#"{ "Deferrals": { "MajorPeriodInDays": 120 } }"#).len(), 2);
    let device = "macOS=15.7.2".parse().expect("a device");
    let time = "2026-01-01T00:00:00".parse().expect("a time");
    assert!(matches!(declarations.plan(&device, time, None), Err(Refused::Findings(findings)) if findings.len() == 1));
    // Merging also needs an identifier.
    assert!(matches!(declarations.merge(&MergeOptions::default()), Err(Refused::Findings(findings)) if findings.len() == 2));
}

#[test]
fn merge_refuses_texts_with_the_same_name_that_differ() {
    let settings = |identifier: &str| {
        format!(
            r#"{{ "Type": "com.apple.configuration.softwareupdate.settings", "Identifier": "{identifier}", "Payload": {{}} }}"#
        )
    };
    let mut declarations = Declarations::new();
    declarations.read("a.json", settings("com.example.a").as_bytes());
    declarations.read("a.json", br#"{ "Type": "com.apple.management.properties", "Identifier": "b", "Payload": {} }"#);
    assert!(matches!(declarations.merge(&MergeOptions::default()), Err(Refused::Changed(name)) if &*name == "a.json"));
}

#[test]
fn each_example_runs_as_its_comment_says() {
    let mut number = 0;
    for file in fs::read_dir(root().join("examples")).expect("the examples exist") {
        let path = file.expect("a file").path();
        let text = fs::read_to_string(&path).expect("an example can be read");
        let comment: String = text.lines().map_while(|line| line.strip_prefix("//!")).collect();
        let command = comment.split('`').nth(1).and_then(|command| command.strip_prefix("cargo run ")).expect("the command");
        let output = Command::new(env!("CARGO"))
            .args(["run", "--quiet", "--offline", "--locked"])
            .args(command.split_whitespace())
            .current_dir(root())
            .output()
            .expect("cargo runs this test");
        let printed = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && !output.stdout.is_empty(), "{}: {printed}", path.display());
        number += 1;
    }
    assert_eq!(number, 4);
}

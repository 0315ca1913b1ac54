//! For every key, platform, version and enrolment, `ddmc check` agrees with an independent reading of Apple's schema.

use std::collections::BTreeMap;
use std::process::Command;

use crate::support::shared;
use serde_json::{Value, json};

/// A key of Apple's schema: its path, a value for it, and where it is supported.
struct Key {
    path: Vec<String>,
    value: Value,
    supported: Value,
}

/// `supportedOS` of a key. Each fact overrides that of the enclosing key.
fn inherit(outer: &Value, own: &Value) -> Value {
    let mut all = outer.clone();
    for (platform, facts) in own.as_object().into_iter().flatten() {
        for (name, value) in facts.as_object().into_iter().flatten() {
            all[platform][name] = value.clone();
        }
    }
    all
}

fn value(key: &Value) -> Value {
    let program = json!({ "Description": "d", "Token": "t" });
    match key["type"].as_str() {
        Some("<boolean>") => json!(true),
        Some("<integer>") => json!(7),
        Some("<array>") => json!([program]),
        Some("<dictionary>") => program,
        _ => key["rangelist"][0].clone(),
    }
}

fn keys(list: &Value, before: &[String], supported: &Value, into: &mut Vec<Key>) {
    for key in list.as_array().into_iter().flatten() {
        let mut path = before.to_vec();
        path.push(key["key"].as_str().expect("a key has a name").to_owned());
        let supported = inherit(supported, &key["supportedOS"]);
        if key["type"] == "<dictionary>" && key["key"] != "RequireProgram" {
            keys(&key["subkeys"], &path, &supported, into);
        } else {
            into.push(Key { path, value: value(key), supported });
        }
    }
}

/// The rule that reports a key on a device, according to the schema.
fn expected(supported: &Value, platform: &str, version: &str, enrolment: &str) -> Option<&'static str> {
    let facts = &supported[platform];
    let introduced = facts["introduced"].as_str().expect("every platform is listed");
    let number = |text: &str| text.split('.').map(|part| part.parse().expect("a number")).collect::<Vec<u32>>();
    if introduced == "n/a" {
        return Some("unsupported-key");
    }
    if !version.is_empty() && number(version) < number(introduced) {
        return Some("needs-newer-os");
    }
    let is_allowed = facts["allowed-enrollments"].as_array().expect("enrolments are listed").iter().any(|one| one == enrolment);
    (!is_allowed).then_some("needs-supervision")
}

#[test]
fn every_verdict_matches_apples_schema() {
    let Some(folder) = shared("availability") else { return };
    let file = folder.join("declarative/declarations/configurations/softwareupdate.settings.yaml");
    let text = std::fs::read_to_string(file).expect("the schema can be read");
    let schema: Value = serde_saphyr::from_str(&text).expect("the schema is YAML");
    let declaration = &schema["payload"]["supportedOS"];
    let mut all = Vec::new();
    keys(&schema["payloadkeys"], &[], declaration, &mut all);
    assert_eq!(all.len(), 15);

    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let lines: Vec<String> = all
        .iter()
        .map(|key| {
            let payload = key.path.iter().rev().fold(key.value.clone(), |inner, name| json!({ name: inner }));
            let name = key.path.join(".");
            json!({ "Type": schema["payload"]["declarationtype"], "Identifier": name, "Payload": payload }).to_string()
        })
        .collect();
    std::fs::write(folder.path().join("all.ndjson"), lines.join("\n")).expect("a file can be written");

    let enrolments =
        [("supervised", ""), ("device", ",unsupervised"), ("user", ",user-enrollment"), ("local", ",local-enrollment")];
    let versions = ["", "14.6", "15.0", "15.3.1", "15.4", "17.7", "18.0", "18.3", "18.4", "25.9", "26.0", "27.0"];
    let mut compared = 0;
    for (platform, schema_name) in [
        ("iOS", "iOS"),
        ("iPadOS", "iOS"),
        ("macOS", "macOS"),
        ("tvOS", "tvOS"),
        ("visionOS", "visionOS"),
        ("watchOS", "watchOS"),
    ] {
        for version in versions {
            for (enrolment, flag) in enrolments {
                let sign = if version.is_empty() { "" } else { "=" };
                let target = format!("{platform}{sign}{version}{flag}");
                let output = Command::new(env!("CARGO_BIN_EXE_ddmc"))
                    .args(["check", "--no-config", "--format", "json", "--target", &target, "all.ndjson"])
                    .current_dir(folder.path())
                    .output()
                    .expect("the program runs");
                let report: Value = serde_json::from_slice(&output.stdout).expect("the report is JSON");
                let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
                let text = |value: &Value| value.as_str().expect("it is a string").to_owned();
                for finding in report["findings"].as_array().expect("a list") {
                    // The example values violate rules about beta programs, which this test does not cover.
                    if !text(&finding["rule"]).starts_with("beta-") {
                        found.entry(text(&finding["identifier"])).or_default().push(text(&finding["rule"]));
                    }
                }
                for key in &all {
                    let name = key.path.join(".");
                    let expected = match expected(declaration, schema_name, version, enrolment) {
                        Some(_) => Some("unsupported-declaration"),
                        None => expected(&key.supported, schema_name, version, enrolment),
                    };
                    let found = found.remove(&name).unwrap_or_default();
                    assert_eq!(found, expected.into_iter().collect::<Vec<_>>(), "{name} on {target}");
                    compared += 1;
                }
            }
        }
    }
    assert_eq!(compared, 15 * 6 * 12 * 4);
}

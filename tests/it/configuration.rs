//! The published schema of `ddmc.toml` and the program agree.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value as Json;

/// Converts TOML to JSON for the schema. Dates become strings.
fn json(value: &toml::Value) -> Json {
    match value {
        toml::Value::String(text) => text.clone().into(),
        toml::Value::Integer(number) => (*number).into(),
        toml::Value::Float(number) => (*number).into(),
        toml::Value::Boolean(is) => (*is).into(),
        toml::Value::Datetime(time) => time.to_string().into(),
        toml::Value::Array(items) => items.iter().map(json).collect(),
        toml::Value::Table(members) => {
            members.iter().map(|(name, value)| (name.clone(), json(value))).collect::<serde_json::Map<_, _>>().into()
        }
    }
}

/// The places that the schema rejects, without the last step for an unknown or missing key.
fn by_schema(text: &str) -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let schema = fs::read_to_string(root.join("schemas/ddmc.toml.schema.json")).expect("the schema is part of the repository");
    let schema: Json = serde_json::from_str(&schema).expect("the schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("the schema is valid");
    let value: toml::Value = toml::from_str(text).expect("the configuration is TOML");
    let value = json(&value);
    validator.iter_errors(&value).map(|error| error.instance_path().to_string()).collect()
}

/// The places that the program rejects, in the same format.
fn by_program(text: &str) -> BTreeSet<String> {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    fs::write(folder.path().join("ddmc.toml"), text).expect("a file can be written");
    let mut command = Command::new(env!("CARGO_BIN_EXE_ddmc"));
    let output = command
        .args(["check", "--format", "json", "--allow-empty"])
        .current_dir(folder.path())
        .output()
        .expect("the program runs");
    let report: Json = serde_json::from_slice(&output.stdout).expect("the report is JSON");
    let findings = report["findings"].as_array().expect("a list").iter();
    let place = |finding: &Json| {
        let pointer = finding["pointer"].as_str().expect("a finding has a pointer");
        let message = finding["message"].as_str().expect("a finding has a message");
        let outer = pointer.rsplit_once('/').map_or("", |(outer, _)| outer);
        let is_key =
            message.starts_with("unknown key") || (message.starts_with("there is no rule") && pointer.starts_with("/rules"));
        if is_key { outer.to_owned() } else { pointer.to_owned() }
    };
    findings.map(place).collect()
}

#[test]
fn schema_and_program_accept_the_same_configurations() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/check");
    for name in ["targets-by-folder", "ignores", "sets", "placeholders", "flags-win", "print-config"] {
        let text = fs::read_to_string(fixtures.join(name).join("ddmc.toml")).expect("the fixture can be read");
        assert_eq!(by_schema(&text), BTreeSet::new(), "{name}");
    }
}

#[test]
fn schema_and_program_reject_the_same_configurations() {
    for text in [
        "unknown = 1",
        "fail-on = \"off\"",
        "as-of = 2026-01-01",
        "targets = [1]",
        "[rules]\nno-such-rule = \"error\"",
        "[rules]\nunknown-key = \"deny\"",
        "[[files]]\ntargets = \"iOS\"",
        "[[files]]\npaths = \"a\"\nas-of = 7",
        "[[ignore]]\nrule = \"unknown-key\"\npaths = \"a\"\nreason = \"\"",
        "[[ignore]]\nrule = \"no\"\npaths = \"a\"\nreason = \"r\"",
        "[[ignore]]\nrule = \"unknown-key\"\npaths = \"a\"\nreason = \"r\"\npointer = \"Payload\"",
        "[[sets]]",
        "[[ignor]]\nrul = \"no\"\npaths = []",
        "[[sets]]\npaths = \"\"",
        "[[sets]]\npaths = [\"\"]",
    ] {
        let (schema, program) = (by_schema(text), by_program(text));
        assert!(!program.is_empty(), "{text}");
        // The schema rejects a choice between an array and a single value as a whole.
        let is_covered = |place: &String| schema.iter().any(|other| place.starts_with(other.as_str()));
        assert!(program.iter().all(is_covered), "{text}: {program:?} {schema:?}");
    }
    // A schema cannot check device names, globs and regular expressions.
    for text in ["targets = \"Windows\"", "placeholders = \"(\"", "[[sets]]\npaths = \"[\""] {
        assert!(by_schema(text).is_empty() && !by_program(text).is_empty(), "{text}");
    }
}

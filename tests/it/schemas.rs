//! The published schemas and the program agree on which documents are valid, and real outputs match their schemas.
//!
//! A document is valid if `ddmc check` finds no error. Schemas list the rules that they cannot express in `x-ddmc`.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use ddmc::{Severity, check};
use jsonschema::Validator;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use crate::support::{
    Head, Json, Key, Page, Range, Schema, build_versions, config, documents, identifiers, local_date_times, os_versions, urls,
};

const TYPES: [&str; 3] = [
    "com.apple.configuration.softwareupdate.settings",
    "com.apple.configuration.softwareupdate.enforcement.specific",
    "com.apple.activation.simple",
];

/// Reads a schema of the repository.
fn published(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("schemas/{name}.schema.json"));
    let text = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_slice(&text).expect("a schema is JSON")
}

static VALIDATORS: LazyLock<BTreeMap<String, Validator>> = LazyLock::new(|| {
    let names = TYPES.iter().flat_map(|kind| [(*kind).to_owned(), format!("{kind}.payload")]);
    let validator = |name: String| (name.clone(), jsonschema::validator_for(&published(&name)).expect("a schema"));
    names
        .chain(["declarations", "ScheduleOSUpdate", "ScheduleOSUpdate.payload", "com.apple.SoftwareUpdate"].map(str::to_owned))
        .map(validator)
        .collect()
});

/// Parses a text with another JSON parser. Replaces a number outside the range of floats with a large one.
fn parsed(text: &str) -> Value {
    serde_json::from_str(&text.replace("1e400", "1e308")).expect("the documents are JSON")
}

fn takes(schema: &str, text: &str) -> bool {
    VALIDATORS[schema].is_valid(&parsed(text))
}

/// The rules with an error in a document.
fn errors(text: &str) -> BTreeSet<Cow<'static, str>> {
    let findings = check("document.json", text.as_bytes()).into_iter();
    findings.filter(|finding| finding.severity == Severity::Error).map(|finding| finding.rule.id.clone()).collect()
}

/// The rules that a schema says it cannot express.
fn limits(schema: &Value) -> Vec<&Value> {
    schema["x-ddmc"]["limits"].as_array().into_iter().flatten().collect()
}

#[test]
fn limits_of_schemas_are_accurate() {
    let mut rules = BTreeSet::new();
    for name in VALIDATORS.keys() {
        check_limits(name, &VALIDATORS[name], &mut rules);
    }
    assert!(rules.contains("build-version-mismatch") && rules.contains("invalid-identifier"), "{rules:?}");
}

#[test]
fn limits_are_accurate_for_every_type() {
    let mut rules = BTreeSet::new();
    let files = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas")).expect("the schemas exist");
    let names = files.filter_map(|file| file.ok()?.file_name().to_str()?.strip_suffix(".schema.json").map(str::to_owned));
    let types: Vec<String> = names.filter(|name| name.starts_with("com.apple.") && !name.ends_with(".payload")).collect();
    assert!(types.len() >= 60, "{}", types.len());
    for name in types {
        check_limits(&name, &jsonschema::validator_for(&published(&name)).expect("a schema"), &mut rules);
    }
}

/// Compares the limits that a schema lists with what it and the program accept.
fn check_limits(name: &str, validator: &Validator, rules: &mut BTreeSet<String>) {
    for limit in limits(&published(name)) {
        let example = limit["example"].as_str().expect("a limit has an example");
        let errors: Vec<_> = errors(example).into_iter().collect();
        let is_taken = validator.is_valid(&parsed(example));
        match limit["rule"].as_str() {
            Some(rule) => {
                assert_eq!(errors, [rule], "{name}: {example}");
                assert!(is_taken, "{name}: {example}");
                rules.insert(rule.to_owned());
            }
            None => assert!(errors.is_empty() && !is_taken, "{name}: {example}"),
        }
    }
}

/// The keys of the published schemas, for the generator of documents.
fn schema() -> Schema {
    let page = |kind: &&str| Page {
        payload: Head { declarationtype: (*kind).to_owned() },
        payloadkeys: keys(&published(kind)["properties"]["Payload"]),
    };
    let mut envelope = keys(&published(TYPES[0]));
    for key in envelope.iter_mut().filter(|key| key.name == "Payload") {
        key.subkeys.clear();
    }
    Schema { envelope, types: TYPES.iter().map(page).collect() }
}

fn keys(object: &Value) -> Vec<Key> {
    let required: Vec<&str> = object["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let members = object["properties"].as_object().into_iter().flatten();
    members.map(|(name, schema)| key(name, schema, required.contains(&name.as_str()))).collect()
}

fn key(name: &str, schema: &Value, is_required: bool) -> Key {
    // If the value may be a placeholder, the value itself is the first choice.
    let value = schema.get("anyOf").map_or(schema, |choices| &choices[0]);
    let kind = value["type"].as_str().unwrap_or("string");
    let texts = |list: &Value| list.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect();
    let bound = |name: &str| value[name].as_i64().and_then(|bound| i32::try_from(bound).ok());
    Key {
        name: name.to_owned(),
        kind: format!("<{}>", if kind == "object" { "dictionary" } else { kind }),
        presence: is_required.then(|| "required".to_owned()),
        range: bound("minimum").zip(bound("maximum")).map(|(min, max)| Range { min, max }),
        rangelist: texts(&value["enum"]),
        subkeys: if kind == "array" { vec![key("item", &value["items"], true)] } else { keys(value) },
        examples: texts(&schema["examples"]),
    }
}

/// Compares the verdicts of a schema and of the program on a document, and counts them.
fn compare(schema: &str, text: &str, seen: &mut Seen) -> Result<(), TestCaseError> {
    let published = &seen.schemas[schema];
    let limited: BTreeSet<&str> = limits(published).into_iter().filter_map(|limit| limit["rule"].as_str()).collect();
    let errors = errors(text);
    if errors.iter().any(|rule| limited.contains(&**rule)) {
        return Ok(());
    }
    let is_valid = takes(schema, text);
    *seen.verdicts.entry((schema.to_owned(), is_valid)).or_default() += 1;
    if seen.cases.len() < 1 << 22 {
        let case = json!({ "schema": schema, "document": parsed(text), "valid": is_valid });
        let _ = writeln!(seen.cases, "{case}");
    }
    prop_assert_eq!(is_valid, errors.is_empty(), "{}: {:?}: {}", schema, errors, text);
    Ok(())
}

/// The verdicts that a test has seen.
struct Seen {
    schemas: BTreeMap<String, Value>,
    verdicts: BTreeMap<(String, bool), usize>,
    /// The documents with their verdicts, for another validator.
    cases: String,
}

impl Seen {
    fn new() -> Self {
        let schemas = VALIDATORS.keys().map(|name| (name.clone(), published(name))).collect();
        Self { schemas, verdicts: BTreeMap::new(), cases: String::new() }
    }

    /// Writes the documents for `.ci/editors`, if `DDMC_CASES` is set.
    fn save(&self, name: &str) {
        if let Some(folder) = std::env::var_os("DDMC_CASES") {
            fs::write(Path::new(&folder).join(name), &self.cases).expect("a file can be written");
        }
    }

    /// Asserts that each verdict occurred often enough for the test to be meaningful.
    fn assert_seen(&self, schemas: &[&str], times: usize) {
        for schema in schemas {
            for is_valid in [true, false] {
                let seen = self.verdicts.get(&((*schema).to_owned(), is_valid)).copied().unwrap_or_default();
                assert!(seen >= times, "{schema}: {seen} documents are {}valid", if is_valid { "" } else { "not " });
            }
        }
    }
}

#[test]
fn schemas_and_program_agree_on_random_documents() {
    let schema = schema();
    let seen = std::cell::RefCell::new(Seen::new());
    let result = TestRunner::new(config(3000)).run(&documents(&schema), |document| {
        let text = document.to_string();
        let seen = &mut *seen.borrow_mut();
        let is_alone = check("document.json", text.as_bytes()).iter().any(|found| found.rule.id == "payload-without-envelope");
        // An object without any envelope key is read as a payload.
        if !is_alone {
            compare("declarations", &text, seen)?;
            if let Some(Json::Text(kind)) = document.member("Type")
                && TYPES.contains(&kind.as_str())
            {
                compare(kind, &text, seen)?;
            }
        }
        if let Some(payload @ Json::Object(members)) = document.member("Payload") {
            let known =
                |page: &Page| members.iter().filter(|(name, _)| page.payloadkeys.iter().any(|key| key.name == *name)).count();
            let mut by_keys: Vec<(usize, &str)> =
                schema.types.iter().map(|page| (known(page), page.payload.declarationtype.as_str())).collect();
            by_keys.sort_unstable_by(|one, other| other.cmp(one));
            // Skips an object that could be the payload of several types.
            let is_envelope = |name: &String| schema.envelope.iter().any(|key| key.name.eq_ignore_ascii_case(name));
            if by_keys[0].0 > by_keys[1].0 && !members.iter().any(|(name, _)| is_envelope(name)) {
                compare(&format!("{}.payload", by_keys[0].1), &payload.to_string(), seen)?;
            }
        }
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
    let seen = seen.into_inner();
    seen.save("documents.ndjson");
    seen.assert_seen(&TYPES, 50);
    seen.assert_seen(&["declarations", &format!("{}.payload", TYPES[0]), &format!("{}.payload", TYPES[1])], 50);
}

#[test]
fn schemas_and_program_agree_on_string_formats() {
    let seen = std::cell::RefCell::new(Seen::new());
    let strategy = (os_versions(), build_versions(), local_date_times(), identifiers(), urls());
    let result = TestRunner::new(config(1500)).run(&strategy, |(version, build, time, identifier, url)| {
        let seen = &mut *seen.borrow_mut();
        let right = [
            ("TargetOSVersion", "26.1".to_owned()),
            ("TargetBuildVersion", "25B78".to_owned()),
            ("TargetLocalDateTime", "2026-01-31T18:00:00".to_owned()),
            ("DetailsURL", "https://www.example.com/updates".to_owned()),
        ];
        let document = |identifier: &str, at: usize, value: &str| {
            let mut payload = right.clone();
            if let Some((_, text)) = payload.get_mut(at) {
                value.clone_into(text);
            }
            let payload = payload.into_iter().map(|(name, text)| (name.to_owned(), Json::Text(text))).collect();
            let members =
                [("Type", Json::text(TYPES[1])), ("Identifier", Json::text(identifier)), ("Payload", Json::Object(payload))];
            Json::object(members).to_string()
        };
        for (at, value) in [version, build, time, url].iter().enumerate() {
            compare(TYPES[1], &document("com.example.a", at, value), seen)?;
        }
        compare(TYPES[1], &document(&identifier, usize::MAX, ""), seen)
    });
    if let Err(error) = result {
        panic!("{error}");
    }
    let seen = seen.into_inner();
    seen.save("forms.ndjson");
    seen.assert_seen(&[TYPES[1]], 500);
}

/// A valid legacy document.
fn legacy(schema: &str) -> Value {
    let update = json!({ "ProductKey": "001-1", "ProductVersion": "26.1", "InstallAction": "InstallLater", "MaxUserDeferrals": 2, "Priority": "Low" });
    let command =
        json!({ "RequestType": "ScheduleOSUpdate", "Updates": [update, { "ProductKey": "001-2", "InstallAction": "Default" }] });
    match schema {
        "ScheduleOSUpdate" => json!({ "Command": command, "CommandUUID": "1" }),
        "ScheduleOSUpdate.payload" => command,
        _ => json!({
            "PayloadType": "com.apple.SoftwareUpdate", "PayloadIdentifier": "a", "PayloadUUID": "b", "PayloadVersion": 1,
            "PayloadDisplayName": "c", "AutomaticDownload": true, "CatalogURL": "d", "ConfigDataInstall": false,
        }),
    }
}

/// Changes the place of a document that `at` selects: drops it, misspells its key, or replaces its value.
fn broken(document: &mut Value, at: &mut usize, how: usize) {
    let other =
        [json!(1), json!("${X}"), json!("InstallASAP"), json!(true), json!(null), json!([]), json!({}), json!(2.5), json!(-3)];
    match document {
        Value::Array(items) => {
            for item in items {
                broken(item, at, how);
            }
        }
        Value::Object(members) => {
            for name in members.keys().cloned().collect::<Vec<_>>() {
                if *at == 0 {
                    let value = members.remove(&name).unwrap_or_default();
                    match how {
                        0 => {}
                        1 => drop(members.insert(format!("{name}s"), value)),
                        2 => drop(members.insert(name.to_lowercase(), value)),
                        _ => drop(members.insert(name, other[how % other.len()].clone())),
                    }
                    *at = usize::MAX;
                    return;
                }
                *at = at.saturating_sub(1);
                broken(members.get_mut(&name).expect("it exists"), at, how);
                if *at == usize::MAX {
                    return;
                }
            }
        }
        _ => {}
    }
}

#[test]
fn schemas_and_program_agree_on_broken_legacy_documents() {
    for name in ["ScheduleOSUpdate", "ScheduleOSUpdate.payload", "com.apple.SoftwareUpdate"] {
        let validator = jsonschema::validator_for(&published(name)).expect("a schema");
        let mut verdicts = [0, 0];
        for at in 0..20 {
            for how in 0..12 {
                for second in [None, Some((at * 7 + how) % 16)] {
                    let mut document = legacy(name);
                    assert!(validator.is_valid(&document) && errors(&document.to_string()).is_empty(), "{name}");
                    broken(&mut document, &mut at.clone(), how);
                    if let Some(mut second) = second {
                        broken(&mut document, &mut second, (how * 5) % 12);
                    }
                    let text = document.to_string();
                    // Limits that the schema lists.
                    if text.contains(r#""RequestType":"${X}""#) || text.contains(r#""Updates":"${X}""#) {
                        continue;
                    }
                    let is_valid = validator.is_valid(&document);
                    assert_eq!(is_valid, errors(&text).is_empty(), "{name}: {:?}: {text}", errors(&text));
                    verdicts[usize::from(is_valid)] += 1;
                }
            }
        }
        assert!(verdicts[0] > 50 && verdicts[1] > 20, "{name}: {verdicts:?}");
    }
}

/// Every scalar may be a placeholder.
#[test]
fn accepts_placeholders_for_values() {
    for page in &schema().types {
        let mut left: Vec<(Vec<String>, &Key)> = page.payloadkeys.iter().map(|key| (vec![key.name.clone()], key)).collect();
        while let Some((path, key)) = left.pop() {
            // A program requires both of its keys and another key beside it.
            if key.name == "RequireProgram" {
                continue;
            }
            if matches!(key.kind.as_str(), "<dictionary>" | "<array>") {
                left.extend(
                    key.subkeys
                        .iter()
                        .filter(|_| key.kind == "<dictionary>")
                        .map(|subkey| ([path.clone(), vec![subkey.name.clone()]].concat(), subkey)),
                );
                continue;
            }
            let required = page.payloadkeys.iter().filter(|key| key.is_required());
            let mut payload: Value = required
                .map(|key| {
                    let value = key.examples.first().map_or_else(|| json!([]), |example| json!(example));
                    (key.name.clone(), value)
                })
                .collect::<serde_json::Map<_, _>>()
                .into();
            let mut place = &mut payload;
            for step in &path {
                place = &mut place[step.as_str()];
            }
            *place = "$FLEET_VAR_X".into();
            let kind = &page.payload.declarationtype;
            let document = json!({ "Type": kind, "Identifier": "a", "Payload": payload }).to_string();
            assert_eq!((errors(&document).is_empty(), takes(kind, &document)), (true, true), "{document}");
        }
    }
}

/// What `ddmc` prints for a command line, as JSON.
fn printed(arguments: &str) -> Value {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ddmc"));
    command.args(arguments.split(' ')).current_dir(env!("CARGO_MANIFEST_DIR")).env_remove("GITHUB_ACTIONS");
    let output = command.output().expect("the program runs");
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{arguments}: {error}: {}", String::from_utf8_lossy(&output.stderr)))
}

/// Makes a schema reject unknown members, which published schemas allow for later versions of the program.
fn forbid_unnamed(schema: &mut Value) {
    match schema {
        Value::Array(items) => items.iter_mut().for_each(forbid_unnamed),
        Value::Object(members) => {
            members.values_mut().for_each(forbid_unnamed);
            if members.get("properties").is_some_and(Value::is_object) && members.get("type").is_some() {
                members.insert("unevaluatedProperties".to_owned(), false.into());
            }
        }
        _ => {}
    }
}

#[test]
fn outputs_match_their_schemas() {
    for (schema, commands) in [
        (
            "ddmc.check",
            &[
                "check --format json docs/examples fixtures/err fixtures/ok --no-config",
                "check --format json fixtures/fix --no-config",
                "check --format json --set docs/examples/everyone.json docs/examples/pilots.json",
            ][..],
        ),
        ("declarations", &["merge docs/examples/everyone.json docs/examples/pilots.json"]),
        ("ddmc.merge", &["merge --explain --format json docs/examples/everyone.json docs/examples/pilots.json"]),
        (
            "ddmc.plan",
            &[
                "plan docs/examples/pilots.json docs/examples/updates.json --device macOS=15.7.2 --format json",
                "plan docs/examples/pilots.json docs/examples/updates.json --device iOS=26.0,build=23A341,unsupervised --format json",
            ],
        ),
        ("ddmc.rules", &["rules --format json"]),
        ("ddmc.baseline", &["check fixtures/err --no-config --write-baseline -"]),
    ] {
        let is_report = schema != "declarations";
        let mut schema = published(schema);
        if is_report {
            forbid_unnamed(&mut schema);
        }
        let validator = jsonschema::validator_for(&schema).expect("a schema");
        for command in commands {
            let printed = printed(command);
            let wrong: Vec<String> =
                validator.iter_errors(&printed).map(|error| format!("{}: {error}", error.instance_path())).collect();
            assert!(wrong.is_empty(), "{command}: {wrong:?}");
            assert!(!validator.is_valid(&json!({})) && !validator.is_valid(&json!({ "format": "x" })), "{command}");
        }
    }
}

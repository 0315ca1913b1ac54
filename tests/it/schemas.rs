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
    Head, Json, Key, Page, Range, Schema, build_versions, config, document, identifiers, local_date_times, os_versions, smallest,
    thorough, urls,
};

const SETTINGS: &str = "com.apple.configuration.softwareupdate.settings";
const ENFORCEMENT: &str = "com.apple.configuration.softwareupdate.enforcement.specific";

/// All declaration types. The settings are first, since the generator prefers the first type.
static TYPES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let all = published("declarations")["$defs"]["type"]["enum"].clone();
    let mut all: Vec<String> = serde_json::from_value(all).expect("a list of names");
    all.sort_by_key(|name| name != SETTINGS);
    all
});

/// Reads a schema of the repository.
fn published(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("schemas/{name}.schema.json"));
    let text = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_slice(&text).expect("a schema is JSON")
}

static VALIDATORS: LazyLock<BTreeMap<String, Validator>> = LazyLock::new(|| {
    let names = TYPES.iter().flat_map(|kind| [kind.clone(), format!("{kind}.payload")]);
    let validator = |name: String| (name.clone(), jsonschema::validator_for(&published(&name)).expect("a schema"));
    names
        .chain(["declarations", "ScheduleOSUpdate", "ScheduleOSUpdate.payload", "com.apple.SoftwareUpdate"].map(str::to_owned))
        .map(validator)
        .collect()
});

/// Parses a text with another JSON parser. Replaces numbers outside the range of floats with others.
fn parsed(text: &str) -> Value {
    serde_json::from_str(&text.replace("1e400", "1e308").replace("1e-400", "1e-300")).expect("the documents are JSON")
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

/// The keys of these types in the published schemas, for the generator of documents.
fn schema(types: &[String]) -> Schema {
    let page = |kind: &String| {
        let schema = published(kind);
        let payloadkeys = keys(&schema, resolved(&schema, &schema["properties"]["Payload"]), 0).into();
        Page { payload: Head { declarationtype: kind.clone(), ..Head::default() }, payloadkeys }
    };
    let settings = published(SETTINGS);
    let mut envelope = keys(&settings, &settings, 0);
    for key in envelope.iter_mut().filter(|key| key.name == "Payload") {
        key.subkeys = Vec::new().into();
    }
    Schema { envelope, types: types.iter().map(page).collect() }
}

/// Follows the reference of a schema into its own file.
fn resolved<'s>(root: &'s Value, schema: &'s Value) -> &'s Value {
    schema["$ref"].as_str().map_or(schema, |target| root.pointer(&target[1..]).expect("the reference is local"))
}

/// The keys of an object. Stops in an object that contains itself.
fn keys(root: &Value, object: &Value, depth: usize) -> Vec<Key> {
    if depth > 8 {
        return Vec::new();
    }
    let required: Vec<&str> = object["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let members = object["properties"].as_object().into_iter().flatten();
    let any = object.get("additionalProperties").filter(|others| others.is_object());
    let named = members.map(|(name, schema)| key(root, name, schema, required.contains(&name.as_str()), depth + 1));
    named.chain(any.map(|schema| key(root, "ANY", schema, false, depth + 1))).collect()
}

fn key(root: &Value, name: &str, schema: &Value, is_required: bool, depth: usize) -> Key {
    let target = resolved(root, schema);
    // If the value may be a placeholder, the value itself is the first choice.
    let value = target.get("anyOf").map_or(target, |choices| &choices[0]);
    let texts = |list: &Value| list.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect();
    let texts_or_numbers = |list: &Value| {
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        list.as_array().into_iter().flatten().map(text).collect()
    };
    // A validator reads greater numbers as the nearest floating-point number.
    let bound = |name: &str| value[name].as_i64().map(|bound| bound.clamp(-(1 << 53), 1 << 53));
    let kind = match value["type"].as_str() {
        Some("object") => "dictionary",
        Some("number") => "real",
        Some(_) if value.get("contentEncoding").is_some() => "data",
        Some(kind) => kind,
        None if value.get("enum").is_some() => "string",
        None => "any",
    };
    Key {
        name: name.to_owned(),
        kind: format!("<{kind}>"),
        presence: is_required.then(|| "required".to_owned()),
        range: Some(Range { min: bound("minimum"), max: bound("maximum") }),
        rangelist: texts_or_numbers(&value["enum"]),
        subkeys: if kind == "array" { vec![key(root, "item", &value["items"], true, depth)] } else { keys(root, value, depth) }
            .into(),
        examples: texts(&schema["examples"]),
        ..Key::default()
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
    let seen = std::cell::RefCell::new(Seen::new());
    let schema = schema(&TYPES);
    // Half of the documents are updates, which have more rules than other types.
    let updates = self::schema(&[SETTINGS, ENFORCEMENT, "com.apple.activation.simple"].map(str::to_owned));
    let compare_all = |document: &Json| {
        let text = document.to_string();
        let seen = &mut *seen.borrow_mut();
        let is_alone = check("document.json", text.as_bytes()).iter().any(|found| found.rule.id == "payload-without-envelope");
        // An object without any envelope key is read as a payload.
        if !is_alone {
            compare("declarations", &text, seen)?;
            if let Some(Json::Text(kind)) = document.member("Type")
                && TYPES.contains(kind)
            {
                compare(kind, &text, seen)?;
            }
        }
        if let Some(payload @ Json::Object(members)) = document.member("Payload") {
            // A map accepts any keys, so none tells that a payload is one.
            let is_known = |page: &Page, name: &str| {
                let mut keys = page.payloadkeys.iter().map(|key| key.name.as_str());
                keys.clone().all(|key| key != "ANY") && keys.any(|key| key == name)
            };
            let known = |page: &Page| members.iter().filter(|(name, _)| is_known(page, name)).count();
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
    };
    for seed in 0..6000 * thorough() {
        let document = document(if seed.is_multiple_of(2) { &updates } else { &schema }, seed);
        if compare_all(&document).is_err() {
            let document = smallest(document, |document| compare_all(document).is_err());
            let difference: Result<(), TestCaseError> = compare_all(&document);
            panic!("seed {seed}: {difference:?}");
        }
    }
    let seen = seen.into_inner();
    seen.save("documents.ndjson");
    seen.assert_seen(&["declarations", SETTINGS, ENFORCEMENT, &format!("{SETTINGS}.payload")], 50);
    seen.assert_seen(&TYPES.iter().map(String::as_str).collect::<Vec<_>>(), 1);
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
                [("Type", Json::text(ENFORCEMENT)), ("Identifier", Json::text(identifier)), ("Payload", Json::Object(payload))];
            Json::object(members).to_string()
        };
        for (at, value) in [version, build, time, url].iter().enumerate() {
            compare(ENFORCEMENT, &document("com.example.a", at, value), seen)?;
        }
        compare(ENFORCEMENT, &document(&identifier, usize::MAX, ""), seen)
    });
    if let Err(error) = result {
        panic!("{error}");
    }
    let seen = seen.into_inner();
    seen.save("forms.ndjson");
    seen.assert_seen(&[ENFORCEMENT], 500);
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
    for page in &schema(&TYPES).types {
        let mut left: Vec<Vec<&Key>> = page.payloadkeys.iter().map(|key| vec![key]).collect();
        while let Some(path) = left.pop() {
            let key = path[path.len() - 1];
            // A program requires both of its keys and another key beside it.
            if key.name == "RequireProgram" {
                continue;
            }
            if key.kind == "<dictionary>" {
                left.extend(key.subkeys.iter().map(|subkey| [&path[..], &[subkey]].concat()));
            }
            if matches!(key.kind.as_str(), "<dictionary>" | "<array>") {
                continue;
            }
            let mut payload = required(&page.payloadkeys);
            let mut place = &mut payload;
            for key in &path {
                place = &mut place[key.name.as_str()];
                if place.is_null() {
                    *place = sample(key);
                }
            }
            *place = "$FLEET_VAR_X".into();
            let kind = &page.payload.declarationtype;
            let document = json!({ "Type": kind, "Identifier": "a", "Payload": payload }).to_string();
            let (errors, is_taken) = (errors(&document), takes(kind, &document));
            // The key may need others beside it.
            let is_about_others = |rule: &Cow<str>| ["conflicting-keys", "missing-alternative"].contains(&&**rule);
            assert!(errors.iter().all(is_about_others) && is_taken == errors.is_empty(), "{errors:?}: {document}");
        }
    }
}

/// An object with valid values of its required keys.
fn required(keys: &[Key]) -> Value {
    let required = keys.iter().filter(|key| key.is_required());
    required.map(|key| (key.name.clone(), sample(key))).collect::<serde_json::Map<_, _>>().into()
}

fn sample(key: &Key) -> Value {
    match key.kind.as_str() {
        "<dictionary>" => required(&key.subkeys),
        "<array>" => json!([]),
        "<boolean>" => true.into(),
        "<integer>" => key.range.as_ref().map(|range| range.min).into(),
        _ => key.rangelist.iter().chain(&key.examples).next().map_or("a", String::as_str).into(),
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
            "ddmc.diff",
            &[
                "diff fixtures/diff/settings/old fixtures/diff/settings/new --format json",
                "diff fixtures/diff/enforcements/old fixtures/diff/enforcements/new --target macOS=26.2 --format json",
                "diff fixtures/diff/activations/old fixtures/diff/activations/new --format json",
                "diff fixtures/diff/others/old fixtures/diff/others/new --format json",
                "diff fixtures/diff/strange/old fixtures/diff/strange/new --format json",
                "diff fixtures/diff/text/old fixtures/diff/text/new --format json",
            ],
        ),
        (
            "ddmc.plan",
            &[
                "plan docs/examples/pilots.json docs/examples/updates.json --device macOS=15.7.2 --format json",
                "plan docs/examples/pilots.json docs/examples/updates.json --device iOS=26.0,build=23A341,unsupervised --format json",
            ],
        ),
        (
            "ddmc.migrate",
            &[
                "migrate docs/examples/updates.mobileconfig --target macOS=15.4 --activate --format json",
                "migrate fixtures/migrate/commands/install.plist fixtures/migrate/managed-preferences --format json",
            ],
        ),
        (
            "ddmc.status",
            &[
                "status fixtures/status/keys/report.json fixtures/status/keys/set --format json",
                "status fixtures/status/activation/report.json fixtures/status/activation/set --format json --show-values",
                "status fixtures/status/update/report.json fixtures/status/update/set.json --format json",
                "status fixtures/status/items/report.json --format json",
                "status fixtures/status/fleet/reports.ndjson --format json --show-values",
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

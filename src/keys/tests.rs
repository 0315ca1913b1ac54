//! The table against itself, against the model, and, where that is at hand, against Apple's schema.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value as Json;

use super::{AnyKey, Platform, Presence, Shape, TABLES, Table};
use crate::model::{DeclarationType, Settings};

fn table(kind: Option<&DeclarationType>, depth: usize) -> &'static Table {
    TABLES.iter().find(|table| table.kind.as_ref() == kind && table.top.len() == depth).expect("there is such a table")
}

#[test]
fn no_key_disappears_silently() {
    let counts: Vec<(usize, usize)> = TABLES
        .iter()
        .map(|table| {
            let keys = (table.keys)();
            (keys.len(), keys.iter().filter(|key| !matches!(key.shape(), Shape::Group)).count())
        })
        .collect();
    // All keys, and those that are no groups: the envelope, settings, a program (twice), enforcement, activation.
    assert_eq!(counts, [(4, 4), (19, 15), (2, 2), (2, 2), (4, 4), (2, 2)]);
}

#[test]
fn paths_are_unique_and_their_groups_come_first() {
    for table in TABLES {
        let keys = (table.keys)();
        for (at, key) in keys.iter().enumerate() {
            let before = &keys[..at];
            assert!(!before.iter().any(|other| other.path() == key.path()), "{:?}", key.path());
            let is_group = |other: &&&dyn AnyKey| other.path() == key.group() && matches!(other.shape(), Shape::Group);
            assert!(key.group().is_empty() || before.iter().any(|other| is_group(&other)), "{:?}", key.path());
        }
        assert!(keys.len() <= 64, "an Object keeps one bit for each key");
    }
}

#[test]
fn every_settings_key_reaches_its_field_and_serde_calls_it_the_same() {
    for key in (table(Some(&DeclarationType::Settings), 1).keys)() {
        if matches!(key.shape(), Shape::Group) {
            continue;
        }
        let value: Json = match key.example().as_str() {
            "[ … ]" => serde_json::json!([{ "Description": "d", "Token": "t" }]),
            "{ … }" => serde_json::json!({ "Description": "d", "Token": "t" }),
            example => serde_json::from_str(example).expect("examples of simple values are JSON"),
        };
        let document = key.path().iter().rev().fold(value, |inner, name| serde_json::json!({ *name: inner }));
        let settings: Settings = serde_json::from_value(document.clone()).expect("serde knows the key");
        assert_ne!(settings, Settings::default(), "{:?}", key.path());
        assert_eq!(serde_json::to_value(&settings).expect("settings can be written"), document);
        let text =
            serde_json::json!({ "Type": DeclarationType::Settings.as_str(), "Identifier": "x", "Payload": document }).to_string();
        let findings = crate::check("x.json", text.as_bytes());
        assert!(findings.iter().all(|finding| finding.rule.id.starts_with("beta-")), "{text}: {findings:?}");
    }
}

#[test]
fn a_default_is_what_its_key_takes() {
    for table in TABLES {
        for key in (table.keys)() {
            match (key.default_json(), key.shape()) {
                (None, _) | (Some(Json::Bool(true)), Shape::Boolean) => {}
                (Some(Json::String(value)), Shape::Choice(names)) => assert_eq!(names.first(), Some(&value.as_str())),
                other => panic!("{:?}: {other:?}", key.path()),
            }
        }
    }
}

/// What Apple's schema says about one key, in the words of the table.
#[derive(Debug, PartialEq)]
struct Facts {
    shape: String,
    is_required: bool,
    default: Option<Json>,
    combine: Option<String>,
    /// Per platform: the first version, and whether the device must be supervised.
    support: BTreeMap<String, Option<(String, bool)>>,
}

/// The `supportedOS` of a key: what it does not say itself it inherits.
fn inherit(parent: &Json, own: Option<&Json>) -> Json {
    let mut all = parent.clone();
    for (platform, facts) in own.and_then(Json::as_object).into_iter().flatten() {
        for (name, value) in facts.as_object().into_iter().flatten() {
            all[platform][name] = value.clone();
        }
    }
    all
}

fn apple_shape(key: &Json) -> String {
    let subkeys = key["subkeys"].as_array();
    match key["type"].as_str().expect("every key has a type") {
        "<boolean>" => "Boolean".to_owned(),
        "<integer>" => format!("Integer {}-{}", key["range"]["min"], key["range"]["max"]),
        "<string>" => match key["rangelist"].as_array() {
            Some(names) => format!("Choice {}", names.iter().filter_map(Json::as_str).collect::<Vec<_>>().join(" ")),
            None => "Text".to_owned(),
        },
        "<array>" => format!("Array of {}", apple_shape(&subkeys.expect("an array says what is in it")[0])),
        _ => "Object".to_owned(),
    }
}

fn our_shape(shape: &Shape) -> String {
    match shape {
        Shape::Boolean => "Boolean".to_owned(),
        Shape::Integer { min, max } => format!("Integer {min}-{max}"),
        Shape::Choice(names) => format!("Choice {}", names.join(" ")),
        Shape::Text(_) => "Text".to_owned(),
        Shape::Array(item) => format!("Array of {}", our_shape(item)),
        Shape::Group | Shape::Object => "Object".to_owned(),
    }
}

fn apple_keys(keys: &Json, before: &str, supported: &Json, into: &mut BTreeMap<String, Facts>) {
    for key in keys.as_array().into_iter().flatten() {
        let path = format!("{before}/{}", key["key"].as_str().expect("every key has a name"));
        let supported = inherit(supported, key.get("supportedOS"));
        let support = Platform::ALL
            .iter()
            .map(|platform| {
                let facts = &supported[platform.to_string()];
                let introduced = facts["introduced"].as_str().filter(|version| *version != "n/a");
                let supervised = facts["allowed-enrollments"] == serde_json::json!(["supervised"]);
                (platform.to_string(), introduced.map(|version| (version.to_owned(), supervised)))
            })
            .collect();
        let facts = Facts {
            shape: apple_shape(key),
            is_required: key["presence"] == "required",
            default: key.get("default").cloned(),
            combine: key["combinetype"].as_str().map(str::to_owned),
            support,
        };
        into.insert(path.clone(), facts);
        // The items of an array have a table of their own.
        if key["type"] == "<dictionary>" {
            apple_keys(&key["subkeys"], &path, &supported, into);
        }
    }
}

fn our_keys(table: &Table) -> BTreeMap<String, Facts> {
    let facts = |key: &&'static dyn AnyKey| Facts {
        shape: our_shape(key.shape()),
        is_required: key.presence() == Presence::Required,
        default: key.default_json(),
        combine: key.combine_rule().map(str::to_owned),
        support: Platform::ALL
            .iter()
            .map(|platform| {
                let since = key.support().on(*platform);
                (platform.to_string(), since.map(|since| (since.version.to_owned(), since.supervised)))
            })
            .collect(),
    };
    (table.keys)().iter().map(|key| (format!("/{}", key.path().join("/")), facts(key))).collect()
}

#[test]
fn the_table_says_what_apples_schema_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/apple-schema/27.0-seed1/declarative/declarations");
    if !folder.exists() {
        return;
    }
    for (file, kind) in [
        ("declarationbase.yaml", None),
        ("configurations/softwareupdate.settings.yaml", Some(&DeclarationType::Settings)),
        ("configurations/softwareupdate.enforcement.specific.yaml", Some(&DeclarationType::Enforcement)),
        ("activations/simple.yaml", Some(&DeclarationType::Activation)),
    ] {
        let text = std::fs::read_to_string(folder.join(file)).expect("the schema is whole");
        let schema: Json = serde_saphyr::from_str(&text).expect("the schema is YAML");
        let mut apple = BTreeMap::new();
        apple_keys(&schema["payloadkeys"], "", &schema["payload"]["supportedOS"], &mut apple);
        // The members of RequireProgram have a table of their own.
        apple.retain(|path, _| !path.starts_with("/Beta/RequireProgram/"));
        // Required on the wire, and filled in by the server.
        if let Some(token) = apple.get_mut("/ServerToken") {
            token.is_required = false;
        }
        let ours = our_keys(table(kind, usize::from(kind.is_some())));
        assert_eq!(ours.keys().collect::<Vec<_>>(), apple.keys().collect::<Vec<_>>(), "{file}");
        for (path, facts) in &ours {
            assert_eq!(facts, &apple[path], "{file}: {path}");
        }
        if let Some(kind) = kind {
            assert_eq!(schema["payload"]["declarationtype"], kind.as_str());
        }
    }
}

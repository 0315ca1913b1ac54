//! Compares status items and reason codes with Apple's YAML, as far as Apple publishes them as data.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use serde_json::{Map, Value as Json};

use super::reasons::{Origin, Reason};
use super::status::{ITEM_KEYS, StatusItem, StatusKey, StatusValue};
use super::support::{COLUMNS, Enrolments, Release, Scopes};
use super::tests::releases;
use crate::syntax::yaml::{NodeId, Tree};

/// The folder of the declarative part of Apple's schema.
fn declarative() -> Option<PathBuf> {
    Some(releases()?.1.join("declarative"))
}

/// Reads a YAML file. All scalars become strings.
fn read(path: &std::path::Path) -> Json {
    let text = fs::read_to_string(path).expect("the file is part of the schema");
    let tree = Tree::read(&text);
    json(&tree, tree.root().expect("the file is not empty"))
}

fn json(tree: &Tree<'_>, id: NodeId) -> Json {
    if let Some(text) = tree.scalar(id) {
        return text.into();
    }
    if let Some(items) = tree.items(id) {
        return items.iter().map(|item| json(tree, *item)).collect();
    }
    let pairs = tree.pairs(id).unwrap_or_default().iter();
    let pairs = pairs.map(|(key, value)| (tree.scalar(*key).expect("keys are strings").to_owned(), json(tree, *value)));
    Json::Object(pairs.collect::<Map<_, _>>())
}

fn list(value: &Json) -> &[Json] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn texts(value: &Json) -> Vec<&str> {
    list(value).iter().filter_map(Json::as_str).collect()
}

#[test]
fn names_are_unique_and_sorted() {
    let names: Vec<&str> = StatusItem::all().map(|item| item.name).collect();
    assert_eq!(names.len(), 63);
    assert!(names.is_sorted_by(|one, other| one < other), "{names:?}");
    for origin in [Origin::Declaration, Origin::Observed, Origin::App, Origin::Package] {
        let codes: Vec<&str> = Reason::all().filter(|reason| reason.origin == origin).map(|reason| reason.code).collect();
        assert!(codes.is_sorted_by(|one, other| one < other), "{codes:?}");
    }
    assert!(Reason::all().is_sorted_by_key(|reason| reason.origin as u8));
}

#[test]
fn nearest_items_are_found() {
    for (name, near) in [
        ("device.operating-system.versions", Some("device.operating-system.version")),
        ("device.os.version", Some("device.operating-system.version")),
        ("serial-number", Some("device.identifier.serial-number")),
        ("device.model", Some("device.model.family")),
        ("completely.different", None),
    ] {
        assert_eq!(StatusItem::nearest(name), near, "{name}");
    }
}

#[test]
fn status_items_match_apples_files() {
    let Some(folder) = declarative() else { return };
    let mut compared = 0;
    for entry in fs::read_dir(folder.join("status")).expect("the folder can be read") {
        let file = read(&entry.expect("the folder can be read").path());
        let Some(name) = file["payload"]["statusitemtype"].as_str() else { continue };
        let item = StatusItem::find(name).unwrap_or_else(|| panic!("there is no row for {name}"));
        let described = &file["payloadkeys"][0];
        compare(name, item.value, item.values, item.keys, described);
        for (platform, _) in COLUMNS {
            let column = &file["payload"]["supportedOS"][platform.name()];
            let introduced = column["introduced"].as_str().and_then(Release::parse);
            let since = item.support.on(platform);
            assert_eq!(since.map(|since| since.introduced), introduced, "{name} {platform}");
            let Some(since) = since else { continue };
            let enrolments = texts(&column["allowed-enrollments"]).into_iter().filter_map(Enrolments::find);
            assert_eq!(since.enrolments, enrolments.fold(Enrolments::of(0), Enrolments::with), "{name} {platform}");
            let scopes = texts(&column["allowed-scopes"]).into_iter().filter_map(Scopes::find);
            assert_eq!(since.scopes, scopes.fold(Scopes::NONE, Scopes::with), "{name} {platform}");
        }
        compared += 1;
    }
    assert_eq!(compared, 8);
}

/// Compares the type, the values and the keys of an item, or of a key below it.
fn compare(path: &str, value: StatusValue, values: &[&str], keys: &[StatusKey], described: &Json) {
    let kind = match described["type"].as_str().expect("a key has a type") {
        "<string>" => StatusValue::String,
        "<boolean>" => StatusValue::Boolean,
        "<integer>" => StatusValue::Integer,
        "<array>" => StatusValue::Array,
        "<dictionary>" => StatusValue::Object,
        other => panic!("{path}: {other}"),
    };
    assert_eq!(value, kind, "{path}");
    // The values and keys of an array are those of its items.
    let of_items = if kind == StatusValue::Array { &described["subkeys"][0] } else { described };
    assert_eq!(values, texts(&of_items["rangelist"]), "{path}");
    let subkeys: Vec<&Json> = list(&of_items["subkeys"]).iter().filter(|key| key["key"] != "ANY").collect();
    let names: BTreeSet<&str> = subkeys.iter().filter_map(|key| key["key"].as_str()).collect();
    assert_eq!(keys.iter().map(|key| key.name).collect::<BTreeSet<_>>(), names, "{path}");
    for key in keys {
        let described = subkeys.iter().find(|described| described["key"] == key.name).expect("the names are equal");
        compare(&format!("{path}.{}", key.name), key.value, key.values, key.keys, described);
    }
}

#[test]
fn keys_of_array_items_are_not_repeated() {
    for item in StatusItem::all().filter(|item| item.value == StatusValue::Array) {
        assert!(item.keys.iter().all(|key| ITEM_KEYS.iter().all(|other| other.name != key.name)), "{}", item.name);
    }
}

#[test]
fn reason_codes_match_apples_file() {
    let Some(folder) = declarative() else { return };
    let file = read(&folder.join("declarations/declarationbase.yaml"));
    let described: Vec<(&str, Vec<&str>)> = list(&file["reasons"])
        .iter()
        .map(|reason| {
            let details = list(&reason["details"]).iter().filter_map(|detail| detail["key"].as_str());
            (reason["value"].as_str().expect("a reason has a code"), details.collect())
        })
        .collect();
    let own = Reason::all().filter(|reason| reason.origin == Origin::Declaration);
    let own: Vec<(&str, Vec<&str>)> = own.map(|reason| (reason.code, reason.details.to_vec())).collect();
    assert_eq!(own, described);
}

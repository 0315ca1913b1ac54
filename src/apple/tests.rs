//! The table against Apple's files, the overlay against the table, and the table against itself.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::schema::{Family, Scalar, Schema, ValueType};
use super::{checkout, import, import_schema, overlay};

const TYPES: &str = include_str!("types.rs");

/// What the table holds until checking is a fold over it.
const ONLY: [&str; 4] = [
    "declarationbase",
    "configurations/softwareupdate.settings",
    "configurations/softwareupdate.enforcement.specific",
    "activations/simple",
];

/// A folder of releases of Apple's schema, and the newest of them.
fn releases() -> Option<(PathBuf, PathBuf)> {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/apple-schema");
    let newest = std::env::var_os("APPLE_SCHEMA").map_or_else(|| shared.join("27.2"), PathBuf::from);
    if newest.is_dir() {
        return Some((shared, newest));
    }
    // Written past the capture of the test runner, so that it is seen.
    let _ = writeln!(std::io::stderr(), "SKIPPED: {} is not there, nor a folder in APPLE_SCHEMA", newest.display());
    None
}

/// A release with all its types.
fn imported(folder: &Path) -> Schema {
    let files = checkout::files(folder).expect("the folder is a checkout");
    let (schema, complaints) = import::import(files.iter().map(|(path, text)| (&**path, &**text)));
    assert_eq!(complaints, [], "{}", folder.display());
    schema
}

#[test]
fn the_table_is_what_the_importer_makes() {
    let Some((_, newest)) = releases() else { return };
    let source = import_schema(&newest, &ONLY.map(str::to_owned)).expect("the schema is known");
    assert!(source == TYPES, "run `cargo run -p import-schema -- {}`, with `--only` for each of {ONLY:?}", newest.display());
}

#[test]
fn the_table_says_what_is_compiled() {
    assert!(Schema::built_in().to_source() == TYPES);
}

#[test]
fn every_release_is_read_without_complaint() {
    let Some((releases, _)) = releases() else { return };
    // A release is named by what it introduces, and these folders hold a part of each but the last.
    for (folder, name, types) in [
        ("18.1", "18.0", 4),
        ("18.4", "18.4", 4),
        ("26.0", "26.0", 4),
        ("26.4", "26.0", 4),
        ("27.0-seed1", "26.0", 4),
        ("27.2", "27.2", 65),
    ] {
        let schema = imported(&releases.join(folder));
        let own = schema.types().filter(|(_, kind)| !kind.family.is_legacy()).count();
        assert_eq!((&*schema.release, own), (name, types), "{folder}");
        check_defaults(&schema);
    }
}

#[test]
fn nothing_disappears_silently() {
    let built_in = Schema::built_in();
    assert_eq!((built_in.types().count(), built_in.keys.len(), built_in.supports.len()), (13, 139, 36));
    let Some((_, newest)) = releases() else { return };
    let schema = imported(&newest);
    let mut families = BTreeMap::<Family, usize>::new();
    for (_, kind) in schema.types().filter(|(_, kind)| !kind.family.is_legacy()) {
        *families.entry(kind.family).or_default() += 1;
    }
    let families: Vec<_> = families.into_iter().collect();
    assert_eq!(
        families,
        [
            (Family::Envelope, 1),
            (Family::Configuration, 49),
            (Family::Activation, 1),
            (Family::Asset, 7),
            (Family::Management, 3),
            (Family::Credential, 4)
        ]
    );
    let own = schema.keys.len() - legacy_keys();
    let count = |is: fn(&super::schema::Key) -> bool| schema.keys[..own].iter().filter(|key| is(key)).count();
    assert_eq!(own, 986, "985 keys of Apple's, and the value of the envelope's Payload");
    assert_eq!(count(|key| key.is_required), 214);
    assert_eq!(count(|key| key.default.is_some()), 247);
    assert_eq!(count(|key| key.combine.is_some()), 109);
    assert_eq!(count(|key| !key.assets.is_empty()), 61);
    assert_eq!(count(|key| !key.media.is_empty()), 13);
    assert_eq!(count(|key| matches!(key.value, ValueType::Boolean)), 194);
    assert_eq!(count(|key| matches!(key.value, ValueType::Integer { .. })), 60);
    assert_eq!(count(|key| matches!(key.value, ValueType::Integer { min, max } if (min, max) != (i64::MIN, i64::MAX))), 29);
    assert_eq!(count(|key| matches!(key.value, ValueType::Integers(_))), 9);
    assert_eq!(count(|key| matches!(key.value, ValueType::String)), 333);
    assert_eq!(count(|key| matches!(key.value, ValueType::Enum(_))), 104);
    assert_eq!(count(|key| matches!(key.value, ValueType::Data)), 5);
    assert_eq!(count(|key| matches!(key.value, ValueType::Any)), 6);
    assert_eq!(count(|key| matches!(key.value, ValueType::Array { .. })), 109);
    assert_eq!(count(|key| matches!(key.value, ValueType::Map(_))), 13);
    assert_eq!(count(|key| matches!(key.value, ValueType::Object(_))), 153);
}

/// How many rows the legacy types take.
fn legacy_keys() -> usize {
    let mut legacy = Schema::empty("");
    super::legacy::add(&mut legacy);
    legacy.keys.len()
}

#[test]
fn every_note_is_about_a_key() {
    let schema = Schema::built_in();
    for (name, notes) in overlay::NOTES {
        let id = schema.find(name).unwrap_or_else(|| panic!("a type {name}"));
        for note in *notes {
            let key = schema.at_path(schema.kind(id).keys, note.path.split('.'));
            let key = key.unwrap_or_else(|| panic!("{name} has a key {}", note.path));
            assert!(std::ptr::eq(schema.note(key), note), "{name} has one note for {}", note.path);
            let values = if let ValueType::Enum(values) = schema.key(key).value { schema.words(values).len() } else { 0 };
            assert!(note.values.is_empty() || note.values.len() == values, "{name} {}", note.path);
        }
    }
}

#[test]
fn a_default_is_what_its_key_takes() {
    check_defaults(Schema::built_in());
}

fn check_defaults(schema: &Schema) {
    for key in &*schema.keys {
        let Some(default) = &key.default else { continue };
        let fits = match (default, key.value) {
            (Scalar::Boolean(_), ValueType::Boolean)
            | (Scalar::String(_), ValueType::String)
            | (Scalar::Real(_), ValueType::Real) => true,
            (Scalar::Integer(number), ValueType::Integer { min, max }) => (min..=max).contains(number),
            (Scalar::Integer(number), ValueType::Integers(rows)) => schema.numbers(rows).contains(number),
            (Scalar::String(text), ValueType::Enum(rows)) => schema.words(rows).contains(text),
            _ => false,
        };
        // Apple's 0 stands for "off" where a device takes 300 to 86,400 seconds.
        assert!(fits || key.name == "DeclarativeStatusInterval", "{}: {default:?}", key.name);
    }
}

#[test]
fn a_payload_may_have_any_keys() {
    let Some((_, newest)) = releases() else { return };
    let schema = imported(&newest);
    let payload = |name: &str| schema.payload(schema.kind(schema.find(name).expect(name)));
    let ValueType::Map(value) = payload("com.apple.management.properties") else { panic!("a map") };
    assert_eq!(schema.key(value).value, ValueType::Any);
    assert!(matches!(payload("com.apple.management.organization-info"), ValueType::Object(_)));
}

/// The rows against the tables of `crate::keys`, until those are deleted.
mod old_tables {
    use super::*;
    use crate::apple::schema::{KeyId, Rows};
    use crate::apple::support::{Enrolments, Release, Support};
    use crate::keys::{self, AnyKey, Owner, Presence, Shape};
    use crate::model::LegacyType;

    fn family(owner: &Owner) -> Family {
        match owner {
            Owner::Declarations => Family::Envelope,
            Owner::Declaration(kind) if kind.as_str().contains(".activation.") => Family::Activation,
            Owner::Declaration(_) => Family::Configuration,
            Owner::Legacy(LegacyType::Command) => Family::CommandFrame,
            Owner::Legacy(LegacyType::Response) => Family::Response,
            Owner::Legacy(LegacyType::Profile) => Family::ProfileFrame,
            Owner::Legacy(document) if document.is_profile() => Family::ProfilePayload,
            Owner::Legacy(_) => Family::Command,
        }
    }

    fn old_value(shape: &Shape) -> String {
        match shape {
            Shape::Boolean => "a boolean".to_owned(),
            Shape::Integer { min, max } => format!("an integer from {min} to {max}"),
            Shape::Number => "a number".to_owned(),
            Shape::Date => "a date".to_owned(),
            Shape::Choice(names) => format!("one of {names:?}"),
            Shape::Text(format) => format!("a string {format:?}"),
            Shape::Array(item) => format!("an array of {}", old_value(item)),
            Shape::Group | Shape::Object => "an object".to_owned(),
        }
    }

    fn new_value(schema: &Schema, id: KeyId) -> String {
        match schema.key(id).value {
            ValueType::Boolean => "a boolean".to_owned(),
            ValueType::Integer { min, max } => format!("an integer from {min} to {max}"),
            ValueType::Real => "a number".to_owned(),
            ValueType::Date => "a date".to_owned(),
            ValueType::Enum(rows) => format!("one of {:?}", schema.words(rows)),
            ValueType::String => format!("a string {:?}", schema.note(id).format),
            ValueType::Array { item, .. } => format!("an array of {}", new_value(schema, item)),
            ValueType::Object(_) | ValueType::Map(_) => "an object".to_owned(),
            other => panic!("the old tables have no {other:?}"),
        }
    }

    fn old_support(support: &keys::Support) -> Vec<Option<String>> {
        let columns = [support.ios, support.macos, support.tvos, support.visionos, support.watchos];
        let columns = columns.into_iter().map(|since| {
            let since = since?;
            let enrolments = match since.enrolments {
                keys::Enrolments::Every => Enrolments::ALL,
                keys::Enrolments::Device => Enrolments::MANAGED,
                keys::Enrolments::Supervised => Enrolments::SUPERVISED,
            };
            let release = |version| Release::parse(version).expect("a version").to_string();
            let until = since.until.map(|until| (release(until.deprecated), release(until.removed)));
            Some(format!("{} {} {until:?}", release(since.version), enrolments.describe()))
        });
        columns.collect()
    }

    fn new_support(support: &Support) -> Vec<Option<String>> {
        let columns = support.0.iter().map(|since| {
            let since = since.as_ref()?;
            let until = since.deprecated.zip(since.removed).map(|(one, two)| (one.to_string(), two.to_string()));
            Some(format!("{} {} {until:?}", since.introduced, since.enrolments.describe()))
        });
        columns.collect()
    }

    fn new_default(default: &Scalar) -> serde_json::Value {
        match default {
            Scalar::Boolean(value) => (*value).into(),
            Scalar::Integer(value) => (*value).into(),
            Scalar::Real(value) => (*value).into(),
            Scalar::String(value) => value.to_string().into(),
        }
    }

    /// All facts about a key, one a line.
    fn old_facts(key: &dyn AnyKey) -> Vec<String> {
        vec![
            format!("required: {}", key.presence() == Presence::Required),
            old_value(key.shape()),
            format!("{:?}", key.default_json()),
            format!("{:?}", key.combine_rule()),
            format!("{:?}", old_support(key.support())),
            format!("{:?}", key.value_meanings().iter().map(|meaning| meaning.trim()).collect::<Vec<_>>()),
            key.meaning().to_owned(),
        ]
    }

    fn new_facts(schema: &Schema, id: KeyId) -> Vec<String> {
        let (key, note) = (schema.key(id), schema.note(id));
        vec![
            format!("required: {}", key.is_required && !note.is_added_by_server),
            new_value(schema, id),
            format!("{:?}", key.default.as_ref().map(new_default)),
            format!("{:?}", key.combine.map(super::super::schema::Combine::name)),
            format!("{:?}", new_support(schema.support(key.support))),
            format!("{:?}", note.values),
            note.meaning.to_owned(),
        ]
    }

    /// The paths of the keys of an object, and of those in its groups.
    fn new_paths(schema: &Schema, rows: Rows, parts: &[Vec<&str>]) -> Vec<String> {
        let mut paths = Vec::new();
        schema.walk(rows, &mut |path, _, _| {
            let is_in_part = parts.iter().any(|part| path.len() > part.len() && path.starts_with(part));
            if !is_in_part && !path.contains(&"*") && !path.contains(&"ANY") {
                paths.push(path.join("."));
            }
        });
        paths.sort();
        paths
    }

    #[test]
    fn the_rows_say_what_the_old_tables_say() {
        let schema = Schema::built_in();
        let mut differences = Vec::new();
        for table in keys::tables() {
            let family = family(&table.owner);
            let (_, kind) = schema
                .types()
                .find(|(_, kind)| kind.family == family && (family == Family::Envelope || kind.name == table.owner.as_str()))
                .unwrap_or_else(|| panic!("{:?}", table.owner));
            let steps = table.top.strip_prefix(family.top()).unwrap_or_else(|| panic!("{:?}", table.top));
            let rows = match schema.at_path(kind.keys, steps.iter().copied()) {
                Some(key) => schema.members(schema.key(key).value),
                None => kind.keys,
            };
            let old = (table.keys)();
            // What has a table of its own is not a part of this one.
            let parts: Vec<Vec<&str>> =
                old.iter().filter(|key| matches!(key.shape(), Shape::Object)).map(|key| key.path().to_vec()).collect();
            let mut old_paths: Vec<String> = old.iter().map(|key| key.path().join(".")).collect();
            old_paths.sort();
            assert_eq!(new_paths(schema, rows, &parts), old_paths, "{} {steps:?}", kind.name);
            if steps.is_empty() {
                assert_eq!(new_support(schema.support(kind.support)), old_support(table.support), "{}", kind.name);
                assert_eq!(kind.file, table.source.schema);
            }
            for key in old {
                let id = schema.at_path(rows, key.path().iter().copied()).expect("the paths are the same");
                for (old, new) in old_facts(key).into_iter().zip(new_facts(schema, id)) {
                    if old != new {
                        differences.push(format!("{}: {old} -> {new}", key.name()));
                    }
                }
            }
        }
        let supported = |ios: &str, macos: &str, tvos: &str| {
            let column = |text: &str| (!text.is_empty()).then(|| text.to_owned());
            format!("{:?}", [column(ios), column(macos), column(tvos), None, None])
        };
        let until = "Some((\"26.0\", \"27.0\"))";
        let delay = |macos| {
            supported(
                &format!("11.3 supervised {until}"),
                &format!("{macos} supervised {until}"),
                &format!("12.2 supervised {until}"),
            )
        };
        let improvement = |until| supported(&format!("16.0 supervised {until}"), &format!("13.0 supervised {until}"), "");
        // The programs of `OfferPrograms` and `RequireProgram` shared a table, though the latter takes supervision on iOS.
        let program = |ios| supported(&format!("18.0 {ios} None"), "15.4 supervised None", "");
        let (managed, supervised) = (program("supervised, or under device enrolment"), program("supervised"));
        assert_eq!(
            differences,
            [
                "AllowStandardUserOSUpdates: whether users who are no administrators may update the system \
                 -> whether standard users may update the system"
                    .to_owned(),
                format!("Description: {managed} -> {supervised}"),
                format!("Token: {managed} -> {supervised}"),
                format!("enforcedSoftwareUpdateDelay: {} -> {}", delay("10.13"), delay("10.13.4")),
                format!("allowRapidSecurityResponseInstallation: {} -> {}", improvement("None"), improvement(until)),
                format!("allowRapidSecurityResponseRemoval: {} -> {}", improvement("None"), improvement(until)),
            ]
        );
    }
}

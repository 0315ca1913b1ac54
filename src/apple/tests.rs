//! Tests the table against Apple's files, the overlay against the table, and the table against itself.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value as Json;

use super::schema::{Combine, Family, Key, KeyId, Rows, Scalar, Schema, ValueType};
use super::support::COLUMNS;
use super::{ACTIVATION, Activation, ENFORCEMENT, Enforcement, Enrolment, Platform, SETTINGS, Settings};
use super::{checkout, import_schema, overlay};

const TYPES: &str = include_str!("types.rs");

/// The folder of Apple's schema releases, and the newest release in it.
pub(super) fn releases() -> Option<(PathBuf, PathBuf)> {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/apple-schema");
    let newest = std::env::var_os("APPLE_SCHEMA").map_or_else(|| shared.join("27.2"), PathBuf::from);
    if newest.is_dir() {
        return Some((shared, newest));
    }
    // Bypass the test runner's output capture so that the message is visible.
    let _ = writeln!(std::io::stderr(), "SKIPPED: {} does not exist; set APPLE_SCHEMA to a schema folder", newest.display());
    None
}

/// Imports all types of a release.
fn imported(folder: &Path) -> Schema {
    let (schema, complaints) = checkout::read(folder).expect("the folder is a checkout");
    assert_eq!(complaints, [], "{}", folder.display());
    schema
}

#[test]
fn the_table_matches_the_importer_output() {
    let Some((_, newest)) = releases() else { return };
    let source = import_schema(&newest).expect("the schema is known");
    assert!(source == TYPES, "run `cargo run -p import-schema -- {}`", newest.display());
}

#[test]
fn the_table_matches_the_compiled_schema() {
    assert!(Schema::built_in().to_source() == TYPES);
}

#[test]
fn imports_every_release_without_complaints() {
    let Some((releases, _)) = releases() else { return };
    // A release is named after the newest version it introduces; all folders but the last hold only part of a release.
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
fn the_number_of_types_and_keys_is_unchanged() {
    let built_in = Schema::built_in();
    assert_eq!((built_in.types().count(), built_in.keys.len(), built_in.supports.len()), (76, 1110, 117));
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
    assert_eq!(own, 986, "985 keys from Apple, and the value of the envelope's Payload");
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

/// The number of rows of the legacy types.
fn legacy_keys() -> usize {
    let mut legacy = Schema::empty("");
    super::legacy::add(&mut legacy);
    legacy.keys.len()
}

#[test]
fn every_note_refers_to_a_key() {
    let schema = Schema::built_in();
    for (name, notes) in overlay::notes() {
        let id = schema.find(name).unwrap_or_else(|| panic!("the schema has no type {name}"));
        for note in notes {
            let key = schema.at_path(schema.kind(id).keys, note.path.split('.'));
            let key = key.unwrap_or_else(|| panic!("{name} has no key {}", note.path));
            assert!(std::ptr::eq(schema.note(key), note), "{name} has several notes for {}", note.path);
            let values = if let ValueType::Enum(values) = schema.key(key).value { schema.words(values).len() } else { 0 };
            assert!(note.values.is_empty() || note.values.len() == values, "{name} {}", note.path);
        }
    }
}

/// Without a title, the page of a type says no more than its name. The envelope has no page.
#[test]
fn every_type_has_a_title() {
    for (_, kind) in Schema::built_in().types().filter(|(_, kind)| kind.family != Family::Envelope) {
        assert!(overlay::title(&kind.name).is_some(), "{}", kind.name);
    }
}

#[test]
fn every_default_is_valid_for_its_key() {
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
        // Apple's default 0 means "off"; a device accepts 300 to 86,400 seconds.
        assert!(fits || key.name == "DeclarativeStatusInterval", "{}: {default:?}", key.name);
    }
}

#[test]
fn a_payload_with_any_keys_is_a_map() {
    let Some((_, newest)) = releases() else { return };
    let schema = imported(&newest);
    let payload = |name: &str| schema.payload(schema.kind(schema.find(name).expect(name)));
    let ValueType::Map(value) = payload("com.apple.management.properties") else { panic!("not a map") };
    assert_eq!(schema.key(value).value, ValueType::Any);
    assert!(matches!(payload("com.apple.management.organization-info"), ValueType::Object(_)));
}

#[test]
fn typed_documents_have_every_key() {
    fn assert_typed<T: Serialize + DeserializeOwned>(name: &str) {
        let schema = Schema::built_in();
        let keys = schema.kind(schema.find(name).expect(name)).keys;
        for turn in 0..3 {
            let document = full(schema, keys, turn);
            let typed: T = serde_json::from_value(document.clone()).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(serde_json::to_value(typed).expect("it is JSON"), document, "{name}");
        }
        for (_, key) in schema.keys(keys).filter(|(_, key)| key.is_required) {
            let mut document = full(schema, keys, 0);
            document.as_object_mut().expect("an object").remove(&*key.name);
            assert!(serde_json::from_value::<T>(document).is_err(), "{name} needs {}", key.name);
        }
    }
    assert_typed::<Settings>(SETTINGS);
    assert_typed::<Enforcement>(ENFORCEMENT);
    assert_typed::<Activation>(ACTIVATION);
}

/// Builds an object with every key. Each turn picks a different value.
fn full(schema: &Schema, rows: Rows, turn: usize) -> Json {
    schema.keys(rows).map(|(id, key)| (key.name.to_string(), value(schema, id, turn))).collect::<serde_json::Map<_, _>>().into()
}

fn value(schema: &Schema, id: KeyId, turn: usize) -> Json {
    match schema.key(id).value {
        ValueType::Object(rows) => full(schema, rows, turn),
        ValueType::Array { item, .. } => vec![value(schema, item, turn)].into(),
        ValueType::Boolean => turn.is_multiple_of(2).into(),
        ValueType::Integer { min, max } => [min, max, min.midpoint(max)][turn].into(),
        ValueType::Enum(words) => {
            let words = schema.words(words);
            words[turn % words.len()].to_string().into()
        }
        _ => serde_json::from_str(&schema.example(id)).expect("an example of one value is JSON"),
    }
}

/// Apple's facts that are easily remembered wrong.
#[test]
fn easily_misremembered_facts_are_in_the_table() {
    let schema = Schema::built_in();
    let kind = |name: &str| schema.kind(schema.find(&format!("com.apple.configuration.{name}")).expect(name));
    let key = |name: &str, path: &str| schema.key(schema.at_path(kind(name).keys, path.split('.')).expect(path));
    for (name, path, combine) in [
        ("passcode.settings", "PasscodeReuseLimit", Some(Combine::NumberMin)),
        ("passcode.settings", "MinimumLength", Some(Combine::NumberMax)),
        ("safari.bookmarks", "ManagedBookmarks", None),
        ("safari.bookmarks", "ManagedBookmarks.*.Bookmarks", Some(Combine::ArrayAppend)),
    ] {
        assert_eq!(key(name, path).combine, combine, "{name} {path}");
    }
    let grace = key("passcode.settings", "MaximumGracePeriodInMinutes").value;
    assert_eq!(grace, ValueType::Integer { min: i64::MIN, max: i64::MAX });
    assert!(
        schema.keys(kind("legacy").keys).all(|(_, key)| !key.is_required),
        "legacy needs one of its two keys, by prose alone"
    );

    let paths = |is_wanted: &dyn Fn(&Key) -> bool| {
        let mut paths = Vec::new();
        for (_, kind) in schema.types().filter(|(_, kind)| !kind.family.is_legacy()) {
            schema.walk(kind.keys, &mut |path, _, key| {
                if is_wanted(key) {
                    paths.push(format!("{} {}", kind.short(), path.join(".")));
                }
            });
        }
        paths
    };
    assert_eq!(paths(&|key| key.combine == Some(Combine::EnumFirst)), ["safari.settings AcceptCookies"]);
    assert_eq!(
        paths(&|key| key.combine == Some(Combine::EnumLast)),
        [
            "app.settings Allowed.AllowedBinaries.*.SigningState",
            "app.settings Allowed.DeniedBinaries.*.SigningState",
            "app.settings Privacy.PermissionDefaults.ANY.Accessibility",
            "app.settings Privacy.PermissionDefaults.ANY.Bluetooth",
            "app.settings Privacy.PermissionDefaults.ANY.Camera",
            "app.settings Privacy.PermissionDefaults.ANY.Dictation",
            "app.settings Privacy.PermissionDefaults.ANY.LocalNetwork",
            "app.settings Privacy.PermissionDefaults.ANY.Location",
            "app.settings Privacy.PermissionDefaults.ANY.LocationAccuracy",
            "app.settings Privacy.PermissionDefaults.ANY.Microphone",
            "diskmanagement.settings Restrictions.ExternalStorage",
            "diskmanagement.settings Restrictions.NetworkStorage",
            "safari.extensions.settings ManagedExtensions.ANY.State",
            "safari.extensions.settings ManagedExtensions.ANY.PrivateBrowsing",
            "safari.settings Privacy.PermissionDefaults.ANY.Camera",
            "safari.settings Privacy.PermissionDefaults.ANY.Microphone",
            "softwareupdate.settings RecommendedCadence",
            "softwareupdate.settings AutomaticActions.Download",
            "softwareupdate.settings AutomaticActions.InstallOSUpdates",
            "softwareupdate.settings AutomaticActions.InstallSecurityUpdate",
            "softwareupdate.settings Beta.ProgramEnrollment",
        ]
    );
    assert_eq!(
        paths(&|key| key.value == ValueType::Data),
        [
            "extensible-sso PlatformSSO.AccessKey.ReaderGroupIdentifier",
            "network.vpn.always-on TunnelConfigurations.*.IKEV2.PostQuantumKeyExchange.PPK",
            "network.vpn.ikev2 PostQuantumKeyExchange.PPK",
            "credential.identity Identity",
            "credential.scep CAFingerprint",
        ]
    );

    let support = |name: &str| {
        let since = |(platform, _): (Platform, &str)| {
            let since = schema.support(kind(name).support).on(platform)?;
            Some(format!("{platform} {}", since.introduced))
        };
        COLUMNS.into_iter().filter_map(since).collect::<Vec<_>>()
    };
    assert_eq!(support("passcode.settings"), ["iOS 15.0", "macOS 13.0", "visionOS 2.0", "watchOS 10.0"]);
    assert_eq!(support("siri.settings"), ["iOS 26.4", "macOS 26.4", "tvOS 27.0", "visionOS 26.4", "watchOS 26.4"]);
    assert_eq!(support("account.settings"), ["macOS 27.2"]);
    for (_, kind) in schema.types().filter(|(_, kind)| kind.family == Family::Configuration) {
        let mac = schema.support(kind.support).on(Platform::MacOs);
        assert!(mac.is_none_or(|since| !since.enrolments.include(Enrolment::Device)), "{}", kind.name);
    }
}

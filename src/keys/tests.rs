//! The table against itself, against the model, and, where that is at hand, against Apple's schema.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value as Json;

use super::{AnyKey, COLUMNS, Enrolments, Group, Keys, Owner, Presence, Shape, Support, Table, Verdict, tables};
use crate::document::Placeholders;
use crate::model::{DeclarationType, Enrolment, LegacyType, Platform, Settings, Target};

fn table(owner: &Owner, top: &[&str]) -> &'static Table {
    tables().find(|table| table.owner == *owner && table.top == top).expect("there is such a table")
}

#[test]
fn no_key_disappears_silently() {
    let counts: Vec<(usize, usize)> = tables()
        .filter(|table| !matches!(table.owner, Owner::Legacy(_)))
        .map(|table| {
            let keys = (table.keys)();
            (keys.len(), keys.iter().filter(|key| !matches!(key.shape(), Shape::Group)).count())
        })
        .collect();
    // All keys, and those that are no groups: the envelope, settings, a program (twice), enforcement, activation.
    assert_eq!(counts, [(4, 4), (19, 15), (2, 2), (2, 2), (4, 4), (2, 2)]);
    let legacy: Vec<usize> =
        tables().filter(|table| matches!(table.owner, Owner::Legacy(_))).map(|table| (table.keys)().len()).collect();
    // Commands, their answers, and profiles, each head before its parts.
    assert_eq!(legacy, [2, 2, 5, 2, 1, 1, 7, 4, 4, 21, 8, 5, 13, 13]);
}

#[test]
fn paths_are_unique_and_their_groups_come_first() {
    for table in tables() {
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
    for key in (table(&Owner::Declaration(DeclarationType::Settings), &["Payload"]).keys)() {
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
    for table in tables() {
        for key in (table.keys)() {
            match (key.default_json(), key.shape()) {
                (None, _) | (Some(Json::Bool(_)), Shape::Boolean) => {}
                (Some(Json::Number(days)), Shape::Integer { min, max }) => {
                    assert!(days.as_i64().is_some_and(|days| (*min..=*max).contains(&days)), "{:?}", key.path());
                }
                (Some(Json::String(value)), Shape::Choice(names)) => assert_eq!(names.first(), Some(&value.as_str())),
                other => panic!("{:?}: {other:?}", key.path()),
            }
        }
    }
}

#[test]
fn no_word_to_choose_looks_like_a_placeholder() {
    let shapes = tables().flat_map(|table| (table.keys)().iter().map(|key| key.shape()));
    let words: Vec<_> = shapes.filter_map(|shape| if let Shape::Choice(words) = shape { Some(*words) } else { None }).collect();
    assert!(words.len() > 5);
    for word in words.concat() {
        assert!(!Placeholders::default().are_in(word), "{word}");
    }
}

/// Per platform: the first version, and the enrolments.
type Supported = BTreeMap<&'static str, Option<(String, Vec<&'static str>)>>;

/// What Apple's schema says about one key, in the words of the table.
#[derive(Debug, PartialEq)]
struct Facts {
    shape: String,
    is_required: bool,
    default: Option<Json>,
    combine: Option<String>,
    support: Supported,
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
        "<integer>" if key["range"].is_null() => "Integer".to_owned(),
        "<integer>" => format!("Integer {}-{}", key["range"]["min"], key["range"]["max"]),
        "<real>" => "Number".to_owned(),
        "<date>" => "Date".to_owned(),
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
        Shape::Integer { min: i64::MIN, .. } => "Integer".to_owned(),
        Shape::Number => "Number".to_owned(),
        Shape::Date => "Date".to_owned(),
        Shape::Integer { min, max } => format!("Integer {min}-{max}"),
        Shape::Choice(names) => format!("Choice {}", names.join(" ")),
        Shape::Text(_) => "Text".to_owned(),
        Shape::Array(item) => format!("Array of {}", our_shape(item)),
        Shape::Group | Shape::Object => "Object".to_owned(),
    }
}

/// The enrolments that Apple's schema names; where it names none, every one will do.
const ENROLMENTS: [(&str, Enrolment); 4] = [
    ("supervised", Enrolment::Supervised),
    ("device", Enrolment::Device),
    ("user", Enrolment::User),
    ("local", Enrolment::Local),
];

fn apple_support(supported: &Json) -> Supported {
    let column = |platform: Platform| {
        let facts = &supported[platform.name()];
        let introduced = facts["introduced"].as_str().filter(|version| *version != "n/a")?;
        let allowed = facts["allowed-enrollments"].as_array();
        // Commands and profiles say it in other words.
        let takes: &[&str] = if facts["supervised"] == true {
            &["supervised"]
        } else if facts["userenrollment"]["mode"] == "forbidden" {
            &["supervised", "device"]
        } else {
            &["supervised", "device", "user", "local"]
        };
        let is_allowed =
            |name: &&str| takes.contains(name) && allowed.is_none_or(|allowed| allowed.iter().any(|other| other == name));
        Some((introduced.to_owned(), ENROLMENTS.iter().map(|(name, _)| *name).filter(is_allowed).collect()))
    };
    COLUMNS.iter().map(|(platform, _)| (platform.name(), column(*platform))).collect()
}

fn our_support(support: &Support) -> Supported {
    let column = |platform: Platform| {
        let since = support.on(platform)?;
        let enrolments = ENROLMENTS.iter().filter(|(_, enrolment)| {
            let target = Target { enrolment: *enrolment, ..Target::new(platform) };
            support.verdict(&target) == Verdict::Available
        });
        Some((since.version.to_owned(), enrolments.map(|(name, _)| *name).collect()))
    };
    COLUMNS.iter().map(|(platform, _)| (platform.name(), column(*platform))).collect()
}

fn apple_keys(keys: &Json, before: &str, supported: &Json, into: &mut BTreeMap<String, Facts>) {
    for key in keys.as_array().into_iter().flatten() {
        let path = format!("{before}/{}", key["key"].as_str().expect("every key has a name"));
        let supported = inherit(supported, key.get("supportedOS"));
        let support = apple_support(&supported);
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
        support: our_support(key.support()),
    };
    (table.keys)().iter().map(|key| (format!("/{}", key.path().join("/")), facts(key))).collect()
}

#[test]
fn a_verdict_depends_on_platform_version_and_enrolment() {
    let support = &super::settings::DEFERRALS.support;
    let verdict = |target: &str| support.verdict(&target.parse().expect(target));
    assert_eq!(verdict("iOS=18"), Verdict::Available);
    assert_eq!(verdict("iPadOS=18.0,shared"), Verdict::Available);
    assert_eq!(verdict("iOS=17.7.2"), Verdict::Later("18.0"));
    assert_eq!(verdict("iOS,unsupervised"), Verdict::Enrolment);
    assert_eq!(verdict("iOS=17.7,unsupervised"), Verdict::Later("18.0"), "what is not there needs no supervision");
    assert_eq!(verdict("tvOS=18.4"), Verdict::Available);
    assert_eq!(verdict("tvOS=18.3.1"), Verdict::Later("18.4"));
    assert_eq!(verdict("watchOS=26.0"), Verdict::Never);
    assert_eq!(verdict("macOS,user-enrollment"), Verdict::Enrolment);
    let cadence = &super::settings::RECOMMENDED_CADENCE.support;
    assert_eq!(cadence.verdict(&"iOS,unsupervised".parse().expect("a target")), Verdict::Available);
    assert_eq!(support.places(), "iOS and iPadOS 18.0, macOS 15.0, tvOS 18.4 and visionOS 26.0");
}

#[test]
fn a_group_exists_wherever_one_of_its_keys_does() {
    for table in tables() {
        for key in (table.keys)() {
            for (platform, name) in COLUMNS {
                let outer = (table.keys)().into_iter().find(|other| other.path() == key.group());
                let outer = outer.map_or(table.support, AnyKey::support).on(platform);
                let Some(own) = key.support().on(platform) else { continue };
                let outer = outer.unwrap_or_else(|| panic!("{:?} on {name}", key.path()));
                assert!(crate::model::compare_versions(outer.version, own.version).is_le(), "{:?} on {name}", key.path());
                let order = [Enrolments::Every, Enrolments::Device, Enrolments::Supervised];
                let rank = |enrolments| order.iter().position(|other| *other == enrolments);
                assert!(rank(outer.enrolments) <= rank(own.enrolments), "{:?} on {name}", key.path());
            }
        }
    }
}

#[test]
fn the_table_says_what_apples_schema_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/apple-schema/27.0-seed1/declarative/declarations");
    if !folder.exists() {
        return;
    }
    for (file, kind) in [
        ("declarationbase.yaml", None),
        ("configurations/softwareupdate.settings.yaml", Some(DeclarationType::Settings)),
        ("configurations/softwareupdate.enforcement.specific.yaml", Some(DeclarationType::Enforcement)),
        ("activations/simple.yaml", Some(DeclarationType::Activation)),
    ] {
        let (owner, top) = match kind.clone() {
            Some(kind) => (Owner::Declaration(kind), &["Payload"][..]),
            None => (Owner::Declarations, &[][..]),
        };
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
        let ours = our_keys(table(&owner, top));
        assert_eq!(ours.keys().collect::<Vec<_>>(), apple.keys().collect::<Vec<_>>(), "{file}");
        for (path, facts) in &ours {
            assert_eq!(facts, &apple[path], "{file}: {path}");
        }
        if let Some(kind) = kind {
            assert_eq!(schema["payload"]["declarationtype"], kind.as_str());
            let table = Table::of(&owner).expect("there is such a table");
            assert_eq!(format!("{}.yaml", table.source.schema), file);
            assert_eq!(our_support(table.support), apple_support(&schema["payload"]["supportedOS"]), "{file}");
        }
    }
}

type Described = (&'static str, &'static str, LegacyType, &'static [&'static str], &'static [&'static str]);

/// The legacy documents: the file of Apple's schema, where in it the keys are, the table, and the keys that Apple's file leaves out.
const LEGACY: [Described; 10] = [
    ("commands/system.update.schedule", "/payloadkeys", LegacyType::ScheduleOsUpdate, &["Command"], &["/RequestType"]),
    (
        "commands/system.update.schedule",
        "/payloadkeys/0/subkeys/0/subkeys",
        LegacyType::ScheduleOsUpdate,
        &["Command", "Updates", "*"],
        &[],
    ),
    ("commands/system.update.scan", "/payloadkeys", LegacyType::ScheduleOsUpdateScan, &["Command"], &["/RequestType"]),
    ("commands/system.update.available", "/payloadkeys", LegacyType::AvailableOsUpdates, &["Command"], &["/RequestType"]),
    ("commands/system.update.status", "/payloadkeys", LegacyType::OsUpdateStatus, &["Command"], &["/RequestType"]),
    ("commands/system.update.schedule", "/responsekeys/0/subkeys/0/subkeys", LegacyType::Response, &["UpdateResults", "*"], &[]),
    (
        "commands/system.update.available",
        "/responsekeys/0/subkeys/0/subkeys",
        LegacyType::Response,
        &["AvailableOSUpdates", "*"],
        &[],
    ),
    ("commands/system.update.status", "/responsekeys/0/subkeys/0/subkeys", LegacyType::Response, &["OSUpdateStatus", "*"], &[]),
    (
        "profiles/com.apple.SoftwareUpdate",
        "/payloadkeys",
        LegacyType::SoftwareUpdate,
        &["PayloadContent", "*"],
        &["/PayloadType", "/PayloadIdentifier", "/PayloadUUID", "/PayloadVersion"],
    ),
    (
        "commands/system.update.scan",
        "/responsekeys",
        LegacyType::Response,
        &[],
        &["/CommandUUID", "/Status", "/ErrorChain", "/UpdateResults", "/AvailableOSUpdates", "/OSUpdateStatus"],
    ),
];

#[test]
fn the_legacy_tables_say_what_apples_schema_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/apple-schema/18.1/mdm");
    if !folder.exists() {
        return;
    }
    for (file, pointer, document, top, ours_alone) in LEGACY {
        let text = std::fs::read_to_string(folder.join(format!("{file}.yaml"))).expect("the schema is whole");
        let schema: Json = serde_saphyr::from_str(&text).expect("the schema is YAML");
        let (mut apple, supported) = (BTreeMap::new(), &schema["payload"]["supportedOS"]);
        apple_keys(schema.pointer(pointer).unwrap_or(&Json::Null), "", supported, &mut apple);
        let table = table(&Owner::Legacy(document), top);
        let mut ours = our_keys(table);
        ours.retain(|path, _| !ours_alone.contains(&path.as_str()));
        assert_eq!(ours.keys().collect::<Vec<_>>(), apple.keys().collect::<Vec<_>>(), "{file}");
        for (path, facts) in &ours {
            let mut apple_facts = Facts { ..apple.remove(path).expect("the keys are the same") };
            // A key that some platform or version lacks is not always there; and of an answer nothing is required at the top.
            let own = schema.pointer(pointer).and_then(Json::as_array).expect("a list");
            let key = own.iter().find(|key| path.strip_prefix('/') == key["key"].as_str()).expect("it is there");
            apple_facts.is_required &= key.get("supportedOS").is_none() && !pointer.ends_with("responsekeys");
            assert_eq!(facts, &apple_facts, "{file}: {path}");
        }
        if !pointer.contains("responsekeys") {
            assert_eq!(our_support(table.support), apple_support(supported), "{file}");
            assert_eq!(table.source.schema, format!("mdm/{file}"));
            let name = schema["payload"]["requesttype"].as_str().or(schema["payload"]["payloadtype"].as_str());
            assert_eq!(name, Some(document.as_str()));
        }
    }
}

/// Whether each row is found under its name in its group, and nowhere else.
fn finds_its_rows(rows: &Keys) {
    let group = |path: &[&str]| match path {
        [] => Group::TOP,
        path => Group::of(rows.iter().position(|row| row.path() == path).expect("the row of a group")),
    };
    for (at, row) in rows.iter().enumerate() {
        let (name, here) = (row.name(), group(row.group()));
        assert_eq!(rows.find(here, name.as_bytes()), Some(at));
        assert_eq!(rows.search(here, |other| other == name), Some(at));
        assert_eq!((rows.step(at).name, rows.path(here)), (name, row.group()));
        for elsewhere in rows.iter().map(|other| other.group()).filter(|group| *group != row.group()) {
            assert_ne!(rows.find(group(elsewhere), name.as_bytes()), Some(at), "{name} in {elsewhere:?}");
        }
        for wrong in [name.to_lowercase(), name[1..].to_owned(), format!("{name}s"), String::new()] {
            assert_eq!(rows.find(here, wrong.as_bytes()), None, "{wrong}");
        }
    }
}

#[test]
fn a_key_is_found_by_its_name_in_its_group() {
    finds_its_rows(&super::envelope::KEYS.keys);
    finds_its_rows(&super::settings::KEYS.keys);
    finds_its_rows(&super::program::KEYS.keys);
    finds_its_rows(&super::enforcement::KEYS.keys);
    finds_its_rows(&super::legacy::profile::restrictions::KEYS.keys);
    finds_its_rows(&super::legacy::response::answer::KEYS.keys);
}

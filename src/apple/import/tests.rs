//! Tests the importer with small files.

use super::{Complaint, read};
use crate::apple::Schema;

const CONFIGURATION: &str = "declarative/declarations/configurations/test.yaml";

fn import<'f>(files: impl IntoIterator<Item = (&'f str, &'f str)>) -> (Schema, Vec<Complaint>) {
    read(files).into_schema()
}

/// A file with these keys, available on macOS 15.0.
fn file(keys: &str) -> String {
    format!(
        "payload:
  declarationtype: com.apple.configuration.test
  supportedOS:
    iOS: {{introduced: n/a, allowed-enrollments: [user], allowed-scopes: [user]}}
    macOS: {{introduced: '15.0', allowed-enrollments: [supervised], allowed-scopes: [system]}}
  apply: combined
payloadkeys:
{keys}"
    )
}

/// The rows of a section of the source, without those of legacy types.
fn section(source: &str, name: &str) -> Vec<String> {
    let (_, rows) = source.split_once(&format!("static {name}:")).expect("the source has the section");
    let rows = rows.lines().skip(1).take_while(|line| *line != "];" && !line.ends_with(": Command"));
    rows.map(|line| line.trim().trim_end_matches(',').to_owned()).collect()
}

/// Imports keys; returns their rows and the complaints.
fn keys(keys: &str) -> (Vec<String>, Vec<String>) {
    let (schema, complaints) = import([(CONFIGURATION, &*file(keys))]);
    let rows = section(&schema.to_source(), "KEYS").into_iter().filter(|row| !row.starts_with("//")).collect();
    (rows, complaints.iter().map(ToString::to_string).collect())
}

#[track_caller]
fn assert_keys(text: &str, expected: &[&str]) {
    let (rows, complaints) = keys(text);
    assert_eq!(complaints, [""; 0]);
    assert_eq!(rows, expected);
}

/// The only complaint about some keys, without the file name. The first key is in line 8.
#[track_caller]
fn complaint(text: &str) -> String {
    let (_, complaints) = keys(text);
    let [complaint] = &complaints[..] else { panic!("expected one complaint: {complaints:#?}") };
    complaint.strip_prefix(&format!("{CONFIGURATION}:")).expect("a complaint begins with the file").to_owned()
}

#[test]
fn reads_every_value_type() {
    assert_keys(
        "- {key: Flag, title: t, content: c, type: <boolean>, presence: optional, default: true, combinetype: boolean-and}
- {key: Days, type: <integer>, presence: required, range: {min: 1, max: 90}, default: 30}
- {key: Least, type: <integer>, range: {min: 3600}}
- {key: Most, type: <integer>, range: {max: 5}}
- {key: Port, type: <integer>}
- {key: Size, type: <integer>, rangelist: [1024, 2048]}
- {key: Part, type: <real>, default: 0.5}
- {key: Key Type, type: <string>, default: '1.0', rangelist: ['1.0', none]}
- {key: Asset, type: <string>, assettypes: [a, b], asset-content-types: [c]}
- {key: Day, type: <date>}
- {key: Bytes, type: <data>}
- {key: Value, type: <any>}",
        &[
            r#"optional("Flag", Boolean, 0).boolean(true).combine(Combine::BooleanAnd)"#,
            r#"required("Days", integer(1, 90), 0).integer(30)"#,
            r#"optional("Least", at_least(3_600), 0)"#,
            r#"optional("Most", at_most(5), 0)"#,
            r#"optional("Port", INTEGER, 0)"#,
            r#"optional("Size", integers(0, 2), 0)"#,
            r#"optional("Part", Real, 0).real(0.5)"#,
            r#"optional("Key Type", one_of(3, 2), 0).string("1.0")"#,
            r#"optional("Asset", String, 0).assets(0, 2).media(2, 1)"#,
            r#"optional("Day", Date, 0)"#,
            r#"optional("Bytes", Data, 0)"#,
            r#"optional("Value", Any, 0)"#,
        ],
    );
}

#[test]
fn reads_arrays_and_dictionaries() {
    assert_keys(
        "- key: Names
  type: <array>
  subkeys: [{key: Name, type: <string>}]
- key: Pairs
  type: <array>
  subkeys: [{key: Pair, type: <array>, subkeys: [{key: Item, type: <string>, repetition: {min: 2, max: 2}}]}]
- {key: Anything, type: <array>, subkeytype: T}
- key: Group
  type: <dictionary>
  subkeys: [{key: A, type: <boolean>}, {key: B, type: <boolean>}]
- {key: Open, type: <dictionary>}
- {key: Headers, type: <dictionary>, subkeys: [{key: ANY, type: <string>, presence: required}]}
- {key: Groups, type: <dictionary>, subkeys: [{key: ANY, type: <dictionary>, subkeys: [{key: C, type: <data>}]}]}",
        &[
            r#"optional("Names", array(7), 0)"#,
            r#"optional("Pairs", array(8), 0)"#,
            r#"optional("Anything", array(10), 0)"#,
            r#"optional("Group", object(11, 2), 0)"#,
            r#"optional("Open", map(13), 0)"#,
            r#"optional("Headers", map(14), 0)"#,
            r#"optional("Groups", map(15), 0)"#,
            r#"optional("Name", String, 0)"#,
            r#"optional("Pair", array_of(9, 2, 2), 0)"#,
            r#"optional("Item", String, 0)"#,
            r#"optional("ANY", Any, 0)"#,
            r#"optional("A", Boolean, 0)"#,
            r#"optional("B", Boolean, 0)"#,
            r#"optional("ANY", Any, 0)"#,
            r#"required("ANY", String, 0)"#,
            r#"optional("ANY", object(16, 1), 0)"#,
            r#"optional("C", Data, 0)"#,
        ],
    );
}

#[test]
fn reads_keys_that_contain_themselves() {
    assert_keys(
        "- key: Bookmarks
  type: <array>
  subkeys:
  - key: Bookmark
    type: <dictionary>
    subkeys: &bookmark
    - {key: Title, type: <string>}
    - {key: Folder, type: <array>, subkeys: [{key: Item, type: <dictionary>, subkeys: *bookmark}]}
- {key: Home, type: <dictionary>, subkeys: *bookmark}",
        &[
            r#"optional("Bookmarks", array(2), 0)"#,
            r#"optional("Home", object(6, 2), 0)"#,
            r#"optional("Bookmark", object(3, 2), 0)"#,
            r#"optional("Title", String, 0)"#,
            r#"optional("Folder", array(5), 0)"#,
            r#"optional("Item", object(3, 2), 0)"#,
            r#"optional("Title", String, 0)"#,
            r#"optional("Folder", array(8), 0)"#,
            r#"optional("Item", object(6, 2), 0)"#,
        ],
    );
    let (_, complaints) = keys("- {key: A, type: <array>, subkeys: &a [{key: B, type: <array>, subkeys: *a}]}");
    assert_eq!(complaints, [format!("{CONFIGURATION}:8: an array that contains itself is not supported")]);
}

#[test]
fn a_key_inherits_availability_from_its_parent() {
    let text = file(
        "- key: Group
  type: <dictionary>
  supportedOS: {macOS: {introduced: '15.4', deprecated: '26.0', removed: '27.0'}, iOS: {sharedipad: {allowed-scopes: []}}}
  subkeys:
  - {key: A, type: <boolean>, supportedOS: {macOS: {introduced: n/a}, iOS: {introduced: '18.0'}}}
  - {key: B, type: <boolean>, supportedOS: {macOS: {allowed-enrollments: [device, local], deprecated: n/a}}}
  - {key: C, type: <boolean>, supportedOS: {watchOS: {introduced: '10.13.4'}}}",
    );
    let (schema, complaints) = import([(CONFIGURATION, &*text)]);
    assert_eq!(complaints, []);
    assert_eq!(schema.release, "18.0", "the highest version in which something was introduced");
    let supports = section(&schema.to_source(), "SUPPORTS");
    let mac = "Some(since(v(15, 4, 0), SUPERVISED, Scopes::SYSTEM).deprecated(v(26, 0, 0)).removed(v(27, 0, 0)))";
    assert_eq!(
        supports[..5],
        [
            format!("/* 0 */ Support([None, {mac}, None, None, None])"),
            "/* 1 */ Support([Some(since(v(18, 0, 0), USER, Scopes::USER).shared(Scopes::NONE)), None, None, None, None])"
                .to_owned(),
            "/* 2 */ Support([None, Some(since(v(15, 4, 0), DEVICE.with(LOCAL), Scopes::SYSTEM).removed(v(27, 0, 0))), None, \
             None, None])"
                .to_owned(),
            format!("/* 3 */ Support([None, {mac}, None, None, Some(since(v(10, 13, 4), ALL, Scopes::BOTH))])"),
            "/* 4 */ Support([None, Some(since(v(15, 0, 0), SUPERVISED, Scopes::SYSTEM)), None, None, None])".to_owned(),
        ]
    );
}

#[test]
fn complains_about_everything_unknown() {
    let key = |more: &str| complaint(&format!("- key: A\n  type: <string>\n  {more}"));
    assert_eq!(key("colour: red"), "10: the attribute `colour` of a key is unknown");
    assert_eq!(key("presence: perhaps"), "10: `perhaps` must be required or optional");
    assert_eq!(key("type: <data>"), "10: `type` occurs twice");
    assert_eq!(key("range: {min: 1}"), "10: `range` is not supported for the type <string>");
    assert_eq!(key("default: [1]"), "10: expected a string");
    assert_eq!(key("supportedOS: {macOS: {introduced: soon}}"), "10: `soon` is not a version");
    assert_eq!(key("supportedOS: {macOS: {supervised: true}}"), "10: the attribute `supervised` of a platform is unknown");
    assert_eq!(key("supportedOS: {plan9: {}}"), "10: the attribute `plan9` of `supportedOS` is unknown");
    assert_eq!(key("supportedOS: {iOS: {allowed-scopes: [room]}}"), "10: the scope `room` is unknown");
    assert_eq!(key("repetition: {max: 2}"), "8: `repetition` is not supported for A, which is not an array item");
    assert_eq!(complaint("- {key: A, type: <colour>}"), "8: the type <colour> is unknown");
    assert_eq!(complaint("- {key: A}"), "8: a key must have a name and a type");
    assert_eq!(complaint("- {key: A, type: <integer>, default: one}"), "8: `one` is not an integer");
    assert_eq!(complaint("- {key: A, type: <array>, subkeys: []}"), "8: an array must have exactly one item type");
    assert_eq!(
        complaint("- {key: A, type: <dictionary>, subkeys: [{key: ANY, type: <any>}, {key: B, type: <any>}]}"),
        "8: `ANY` beside other keys is not supported"
    );
    let (_, complaints) = keys("- {key: A, type: <any>}\n- {key: B, type: <any>}\n- }");
    assert!(complaints[0].starts_with(&format!("{CONFIGURATION}:10: ")), "a syntax error has a line number: {complaints:?}");
}

#[test]
fn skips_or_complains_about_other_files() {
    let named = |path: &str, text: &str| {
        let (schema, complaints) = import([(path, text)]);
        let names: Vec<String> = schema.types().map(|(_, kind)| kind.name.to_string()).collect();
        (names.first().cloned().unwrap_or_default(), complaints.first().map(|complaint| complaint.message.clone()))
    };
    let none = "Command".to_owned();
    assert_eq!(named("declarative/status/test.yaml", "a: b"), (none.clone(), None));
    assert_eq!(named("declarative/declarations/README.md", "a: b"), (none.clone(), None));
    let unknown = "the folder does not belong to a known family of declarations".to_owned();
    assert_eq!(named("declarative/declarations/rules/test.yaml", "a: b"), (none.clone(), Some(unknown)));
    assert_eq!(named(CONFIGURATION, ""), (none.clone(), Some("the file is empty".to_owned())));
    assert_eq!(named(CONFIGURATION, "payload: {}"), (none, Some("`declarationtype` is missing".to_owned())));
    let name = "com.apple.configuration.test".to_owned();
    assert_eq!(named(CONFIGURATION, &file("- {key: A, type: <any>}")), (name, None));
    let text = file("- {key: A, type: <any>}");
    let (_, complaints) = import([(CONFIGURATION, &*text), ("declarative/declarations/configurations/twice.yaml", &*text)]);
    assert_eq!(complaints[0].message, "another file already describes com.apple.configuration.test");
}

#[test]
fn bounds_the_rows_of_a_hostile_file() {
    // Each level contains the previous one ten times.
    let levels = (1..10).fold("- &l0 {key: K, type: <array>}\n".to_owned(), |text, level| {
        let keys = vec![format!("*l{}", level - 1); 10].join(", ");
        format!("{text}- &l{level} {{key: K, type: <dictionary>, subkeys: [{keys}]}}\n")
    });
    let (rows, complaints) = keys(&levels);
    assert!(rows.len() < usize::from(u16::MAX));
    assert!(complaints.iter().any(|complaint| complaint.contains("more than 30000 keys")), "{complaints:?}");
}

//! Texts that nobody would write in good faith: whatever comes, the answer is findings, in bounded number and at real places.

use ddmc::{Position, check};
use proptest::prelude::*;

#[test]
fn an_array_of_something_else_is_not_read_to_its_end() {
    let text = format!("[{}]", vec!["1"; 1_000_000].join(","));
    let findings = check("numbers.json", text.as_bytes());
    assert_eq!(findings.len(), 1001);
    assert!(findings[1000].message.contains("the rest of the array is not read"), "{}", findings[1000].message);
}

#[test]
fn an_object_with_very_many_unknown_keys_takes_no_longer_than_it_must() {
    let keys: Vec<String> = (0..100_000).map(|at| format!("\"key-{}\": 1", at / 2)).collect();
    let text = format!("{{\"Type\": \"com.apple.activation.simple\", {}}}", keys.join(","));
    let findings = check("keys.json", text.as_bytes());
    assert_eq!(findings.iter().filter(|finding| finding.rule.id == "unknown-key").count(), 50_000);
    assert_eq!(findings.iter().filter(|finding| finding.rule.id == "duplicate-key").count(), 50_000);
}

/// Pieces of declarations, of JSON, and of what is neither.
fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let words = prop::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
        "\"",
        "\\",
        "//",
        "/*",
        "*/",
        "\n",
        "\r",
        " ",
        "\u{FEFF}",
        "ä",
        "\u{1F600}",
        "\\u00e4",
        "\\ud83d",
        "null",
        "true",
        "1e5",
        "-0",
        "30",
        "{{ x }}",
        "$FLEET_VAR_X",
        "\"Type\"",
        "\"com.apple.configuration.softwareupdate.settings\"",
        "\"com.apple.configuration.softwareupdate.enforcement.specific\"",
        "\"Identifier\"",
        "\"Payload\"",
        "\"Deferrals\"",
        "\"Beta\"",
        "\"OfferPrograms\"",
        "\"Token\"",
        "\"MajorPeriodInDays\"",
        "\"TargetOSVersion\"",
        "\"26.1\"",
        "\"payload\"",
        "{\"Type\": \"com.apple.activation.simple\", \"Identifier\": \"x\", \"Payload\": {",
        "}}",
    ]);
    let word = prop_oneof![20 => words.prop_map(|word| word.as_bytes().to_vec()), 1 => prop::collection::vec(any::<u8>(), 0..4)];
    prop::collection::vec(word, 0..60).prop_map(|words| words.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_gets_findings_at_real_places(text in pieces(), name in prop::sample::select(vec!["x.json", "x.ndjson"])) {
        for finding in check(name, &text) {
            for place in std::iter::once(&finding.place).chain(finding.related.iter().map(|related| &related.place)) {
                prop_assert!(place.start <= place.end, "{place:?}");
                prop_assert!(place.end.offset <= text.len(), "{place:?}");
                prop_assert_eq!(place.start, position(&text, place.start.offset));
                prop_assert_eq!(place.end, position(&text, place.end.offset));
            }
        }
    }

    /// The place of a finding about a value is that value, to the letter.
    #[test]
    fn a_place_holds_the_value_that_its_pointer_names(value in "[ -~]{0,20}", before in "[ \n\t]{0,5}") {
        let written = serde_json::to_string(&value).expect("a string can be written");
        let text = format!(r#"{{"Type": "com.apple.configuration.softwareupdate.settings", "Identifier": "x",{before}"Payload": {{"RecommendedCadence":{before}{written}}}}}"#);
        for finding in check("x.json", text.as_bytes()) {
            prop_assert_eq!(finding.place.pointer.as_str(), "/Payload/RecommendedCadence");
            prop_assert_eq!(&text[finding.place.start.offset..finding.place.end.offset], written.as_str());
        }
    }
}

/// The position of a byte, counted the slow way.
fn position(text: &[u8], offset: usize) -> Position {
    let before = &text[..offset];
    let line = before.split(|byte| *byte == b'\n').count();
    let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |feed| feed + 1);
    let column = before[start..].iter().filter(|byte| (**byte & 0xC0) != 0x80).count() + 1;
    Position { line, column, offset }
}

#[test]
fn a_key_that_stands_there_very_often_takes_no_longer_than_it_must() {
    let keys = vec!["\"Notifications\": true"; 100_000].join(",");
    let text =
        format!(r#"{{"Type": "com.apple.configuration.softwareupdate.settings", "Identifier": "x", "Payload": {{{keys}}}}}"#);
    assert_eq!(check("x.json", text.as_bytes()).len(), 99_999);
}

#[test]
fn of_a_group_that_stands_there_twice_the_last_counts() {
    let text = br#"{"Type": "com.apple.configuration.softwareupdate.settings", "Identifier": "x", "Payload": {"Beta": {"OfferPrograms": []},
        "Beta": {"RequireProgram": {"Description": "d", "Token": "t"}, "ProgramEnrollment": "AlwaysOn"}}}"#;
    let rules: Vec<&str> = check("x.json", text).iter().map(|finding| finding.rule.id).collect();
    assert_eq!(rules, ["duplicate-key"]);
}

#[test]
fn very_many_programs_of_one_name_take_no_longer_than_they_must() {
    let program = |at: usize| format!(r#"{{"Description": "same", "Token": "t{at}"}}"#);
    let programs: Vec<String> = (0..4000).map(program).collect();
    let declaration = |name: &str, programs: &str| {
        format!(
            r#"{{"Type": "com.apple.configuration.softwareupdate.settings", "Identifier": "{name}", "Payload": {{"Beta": {{"OfferPrograms": [{programs}]}}}}}}"#
        )
    };
    let activation =
        r#"{"Type": "com.apple.activation.simple", "Identifier": "c", "Payload": {"StandardConfigurations": ["a", "b"]}}"#;
    let text = format!("[{}, {}, {activation}]", declaration("a", &programs.join(",")), declaration("b", &program(9999)));
    let findings = check("x.json", text.as_bytes());
    assert_eq!(findings.iter().filter(|finding| finding.rule.id == "program-token-conflict").count(), 4000);
}

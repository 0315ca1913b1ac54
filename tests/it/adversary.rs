//! Hostile input: the program always reports findings, in a bounded number, with correct places, in linear time.

use std::borrow::Cow;

use ddmc::{Position, check};
use proptest::prelude::*;

#[test]
fn stops_reading_an_array_without_declarations() {
    let text = format!("[{}]", vec!["1"; 1_000_000].join(","));
    let findings = check("numbers.json", text.as_bytes());
    assert_eq!(findings.len(), 1001);
    assert!(findings[1000].message.contains("the rest of the array is not read"), "{}", findings[1000].message);
}

#[test]
fn many_unknown_keys_take_linear_time() {
    let keys: Vec<String> = (0..100_000).map(|at| format!("\"key-{}\": 1", at / 2)).collect();
    let text = format!("{{\"Type\": \"com.apple.activation.simple\", {}}}", keys.join(","));
    let findings = check("keys.json", text.as_bytes());
    assert_eq!(findings.len(), 1001);
}

/// Random fragments of declarations, JSON and other text.
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

/// Random fragments of property lists and other text.
fn markup() -> impl Strategy<Value = Vec<u8>> {
    let words = prop::sample::select(vec![
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
        "<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">",
        "<!DOCTYPE x [ <!ENTITY a \"b\"> ]>",
        "<plist version=\"1.0\">",
        "</plist>",
        "<dict>",
        "</dict>",
        "<dict/>",
        "<array>",
        "</array>",
        "<key>RequestType</key>",
        "<key>",
        "</key>",
        "<string>ScheduleOSUpdate</string>",
        "<string>",
        "</string>",
        "<integer>",
        "0x1F",
        "30",
        "</integer>",
        "<real>1.5</real>",
        "<true/>",
        "<True/>",
        "<bool>yes</bool>",
        "<date>2026-03-01T09:00:00Z</date>",
        "<data>aGVsbG8=</data>",
        "<data>",
        "<!--",
        "-->",
        "--",
        "<![CDATA[",
        "]]>",
        "<?x ?>",
        "<",
        ">",
        "&",
        "&amp;",
        "&#x41;",
        "&#0;",
        "&nbsp;",
        "<<UUID()>>",
        "<%= x %>",
        "{{ x }}",
        "OPTIONAL_PARAMS_PLACEHOLDER",
        "\"",
        "'",
        "\u{FEFF}",
        "\u{0}",
        "ä",
        "\r\n",
        " ",
        "text",
        "bplist00",
    ]);
    let word = prop_oneof![20 => words.prop_map(|word| word.as_bytes().to_vec()), 1 => prop::collection::vec(any::<u8>(), 0..4)];
    prop::collection::vec(word, 0..40).prop_map(|words| [&b"<dict>"[..], &words.concat()].concat())
}

/// A valid property list with some bytes changed, inserted or removed.
fn mutated(text: &'static [u8]) -> impl Strategy<Value = Vec<u8>> {
    let change = (0..text.len(), any::<u8>(), 0..4_u8);
    prop::collection::vec(change, 1..6).prop_map(move |changes| {
        let mut text = text.to_vec();
        for (at, byte, what) in changes {
            let at = at.min(text.len());
            match what {
                0 => text.insert(at, byte),
                1 => text.truncate(at.max(10)),
                2 if at < text.len() => {
                    text.remove(at);
                }
                _ if at < text.len() => text[at] = byte,
                _ => {}
            }
        }
        text
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn findings_in_any_text_have_correct_places(text in pieces(), name in prop::sample::select(vec!["x.json", "x.ndjson"])) {
        places_are_correct(name, &text)?;
    }

    #[test]
    fn findings_in_any_markup_have_correct_places(text in markup()) {
        places_are_correct("x.plist", &text)?;
    }

    #[test]
    fn findings_in_damaged_property_lists_have_correct_places(
        text in prop_oneof![
            mutated(include_bytes!("../../fixtures/legacy/profile.mobileconfig")),
            mutated(include_bytes!("../../fixtures/legacy/binary.plist")),
        ],
    ) {
        places_are_correct("x.plist", &text)?;
    }

    /// The place of a finding about a value is exactly that value.
    #[test]
    fn a_place_is_the_value_at_its_pointer(value in "[ -~]{0,20}", before in "[ \n\t]{0,5}") {
        let written = serde_json::to_string(&value).expect("a string can be written");
        let text = format!(r#"{{"Type": "com.apple.configuration.softwareupdate.settings", "Identifier": "x",{before}"Payload": {{"RecommendedCadence":{before}{written}}}}}"#);
        for finding in check("x.json", text.as_bytes()) {
            prop_assert_eq!(finding.place.pointer.as_str(), "/Payload/RecommendedCadence");
            prop_assert_eq!(&text[finding.place.start.offset..finding.place.end.offset], written.as_str());
        }
    }
}

/// Checks that the line and column of every place match its byte offset.
fn places_are_correct(name: &str, text: &[u8]) -> Result<(), TestCaseError> {
    for finding in check(name, text) {
        for place in std::iter::once(&finding.place).chain(finding.related.iter().map(|related| &related.place)) {
            prop_assert!(place.start <= place.end, "{place:?}");
            prop_assert!(place.end.offset <= text.len(), "{place:?}");
            prop_assert_eq!(place.start, position(text, place.start.offset, !name.ends_with("ndjson")));
            prop_assert_eq!(place.end, position(text, place.end.offset, !name.ends_with("ndjson")));
        }
    }
    Ok(())
}

/// The position of a byte, counted naively. A carriage return ends a line if `has_returns`.
fn position(text: &[u8], offset: usize, has_returns: bool) -> Position {
    let is_break = |at: &usize| text[*at] == b'\n' || has_returns && text[*at] == b'\r' && text.get(at + 1) != Some(&b'\n');
    let breaks: Vec<usize> = (0..offset).filter(is_break).collect();
    let start = breaks.last().map_or(0, |last| last + 1);
    let column = text[start..offset].iter().filter(|byte| (**byte & 0xC0) != 0x80).count() + 1;
    Position { line: breaks.len() + 1, column, offset }
}

#[test]
fn many_duplicate_keys_take_linear_time() {
    let keys = vec!["\"Notifications\": true"; 100_000].join(",");
    let text =
        format!(r#"{{"Type": "com.apple.configuration.softwareupdate.settings", "Identifier": "x", "Payload": {{{keys}}}}}"#);
    assert_eq!(check("x.json", text.as_bytes()).len(), 1001);
}

#[test]
fn the_last_of_two_duplicate_groups_counts() {
    let text = br#"{"Type": "com.apple.configuration.softwareupdate.settings", "Identifier": "x", "Payload": {"Beta": {"OfferPrograms": []},
        "Beta": {"RequireProgram": {"Description": "d", "Token": "t"}, "ProgramEnrollment": "AlwaysOn"}}}"#;
    let rules: Vec<_> = check("x.json", text).into_iter().map(|finding| finding.rule.id.clone()).collect();
    assert_eq!(rules, ["duplicate-key"]);
}

#[test]
fn many_programs_with_one_name_take_linear_time() {
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

/// The rules and messages of the findings in a property list.
fn found(text: &[u8]) -> Vec<(Cow<'static, str>, String)> {
    check("x.plist", text).into_iter().map(|finding| (finding.rule.id.clone(), finding.message)).collect()
}

#[test]
fn xml_attacks_yield_one_finding() {
    let nested = |count: usize| ["<array>".repeat(count), "</array>".repeat(count)].concat();
    let attributes = (0..300_000).map(|at| format!(" a{at}=''")).collect::<Vec<_>>().concat();
    let entity = |at: usize| format!("<!ENTITY e{at} \"&e{0};&e{0};\">", at + 1);
    let entities = (0..10_000).map(entity).collect::<Vec<_>>().concat();
    for (text, message) in [
        (nested(100_000), "nested more than 128 levels deep"),
        (
            format!("<dict><key>RequestType</key><string>ScheduleOSUpdate</string><key>Updates</key>{}</dict>", nested(100_000)),
            "nested more than 128 levels deep",
        ),
        ("<array>".repeat(100_000), "nested more than 128 levels deep"),
        ("<dict><key>a</key>".repeat(100_000), "nested more than 128 levels deep"),
        (
            format!("<!DOCTYPE plist [{entities}]><plist><string>&e0;</string></plist>"),
            "the document type declares entities, so this file is not read",
        ),
        (
            "<!DOCTYPE plist [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><plist><string>&x;</string></plist>".to_owned(),
            "the document type declares an external entity, so this file is not read",
        ),
        (
            "<!DOCTYPE plist [ <!ELEMENT x ANY> ]><dict/>".to_owned(),
            "the document type contains declarations, so this file is not read",
        ),
        (format!("<plist{attributes}>"), "the file ends in the middle of <plist>"),
        ("<plist><!--".to_owned(), "this comment is never closed"),
        ("<plist><dict".to_owned(), "this tag is never closed"),
    ] {
        let found = found(text.as_bytes());
        assert_eq!(found, [("invalid-plist".into(), message.to_owned())], "{}", &text[..60.min(text.len())]);
    }
}

#[test]
fn many_errors_in_a_property_list_take_linear_time() {
    let member = |at: usize| format!("<key>{at}</key><true/>");
    for (text, least) in [
        (format!("<dict>{}</dict>", "<key>a</key>".repeat(20_000)), 1_000),
        (format!("<dict>{}</dict>", "<string>a</string>".repeat(20_000)), 1_000),
        (format!("<dict>{}</dict>", "</array>".repeat(20_000)), 1_000),
        (format!("<dict>{}</dict>", "<string>".repeat(20_000)), 1_000),
        (format!("<array>{}</array>", "< ".repeat(1_000_000)), 1),
        (format!("<array>{}</array>", "<<".repeat(1_000_000)), 1),
        (format!("<array>{}</array>", "<a><b></a>".repeat(20_000)), 1_000),
        (format!("<array>{}</array>", "&".repeat(100_000)), 1),
        (format!("<dict>{}</dict>", (0..400_000).map(member).collect::<Vec<_>>().concat()), 1),
    ] {
        let found = found(text.as_bytes());
        assert!(found.len() >= least, "{}: {}", &text[..40], found.len());
    }
}

#[test]
fn recursive_and_exploding_binary_property_lists_yield_one_finding() {
    // Each object is an array of 16 references. Eight levels expand to four billion values.
    let bomb = |last: u8| {
        let mut bytes = b"bplist00".to_vec();
        let mut offsets = Vec::new();
        for object in 0..8_u8 {
            offsets.push(u8::try_from(bytes.len()).expect("the objects are small"));
            bytes.extend([0xAF, 0x10, 0x10]);
            bytes.extend([if object == 7 { last } else { object + 1 }; 16]);
        }
        offsets.push(u8::try_from(bytes.len()).expect("the objects are small"));
        bytes.push(0x09);
        let table = bytes.len() as u64;
        bytes.extend(&offsets);
        bytes.extend([0, 0, 0, 0, 0, 0, 1, 1]);
        for number in [offsets.len() as u64, 0, table] {
            bytes.extend(number.to_be_bytes());
        }
        bytes
    };
    // All 100 objects are the same huge array of references, at the same offset.
    let overlapping = || {
        let mut bytes = b"bplist00".to_vec();
        let offsets: Vec<u8> = (0..100).map(|_| 8).collect();
        bytes.extend([0xAF, 0x12, 0x00, 0x3D, 0x09, 0x00]);
        bytes.extend((0..4_000_000).map(|at: usize| u8::try_from(at % 100).expect("it is below 100")));
        let table = bytes.len() as u64;
        bytes.extend(&offsets);
        bytes.extend([0, 0, 0, 0, 0, 0, 1, 1]);
        for number in [offsets.len() as u64, 0, table] {
            bytes.extend(number.to_be_bytes());
        }
        bytes
    };
    for (text, message) in [
        (overlapping(), "this binary property list expands to more than a million values or 16 MiB, so it is not read"),
        (bomb(8), "this binary property list expands to more than a million values or 16 MiB, so it is not read"),
        (bomb(0), "this binary property list is damaged, truncated, or contains itself"),
        (b"bplist00".to_vec(), "this binary property list is damaged, truncated, or contains itself"),
    ] {
        assert_eq!(found(&text), [("invalid-plist".into(), message.to_owned())]);
    }
    let mut large = overlapping();
    large.resize((4 << 20) + 1, 0);
    assert_eq!(found(&large)[0].0, "oversized-document");
}

#[test]
fn many_open_tags_end_a_property_list() {
    let text = format!("<plist><dict>{}", "<key>".repeat(20_000));
    // Each of the first tags is a finding of its own.
    let rules: Vec<_> = found(text.as_bytes()).into_iter().map(|(rule, _)| rule).collect();
    assert_eq!((rules.len(), rules.last().map(|rule| &**rule)), (1001, Some("too-many-findings")));
}

#[test]
fn a_long_string_ends_a_document() {
    let text = format!(r#"{{"Type": "com.apple.activation.simple", "Identifier": "{}", "Payload": {{}}}}"#, "x".repeat(5 << 20));
    let findings = check("x.json", text.as_bytes());
    assert_eq!(findings.iter().map(|finding| &*finding.rule.id).collect::<Vec<_>>(), ["oversized-document"]);
}

#[test]
fn long_names_are_not_repeated_in_each_finding() {
    let (long, keys) = ("x".repeat(100_000), (0..100).map(|at| format!(r#", "key-{at}": 1"#)).collect::<Vec<_>>().concat());
    let text =
        format!(r#"{{"Type": "com.apple.activation.simple", "Identifier": "{long}", "{long}": 1, "Payload": {{}}{keys}}}"#);
    let findings = check("x.json", text.as_bytes());
    assert!(findings.len() > 100, "{}", findings.len());
    assert!(findings.iter().all(|finding| finding.identifier.is_none() && finding.place.pointer.len() < 5000));
}

//! Compares the parser with nojson, the reference for what is valid JSON.

use std::borrow::Cow;

use nojson::{JsonValueKind, RawJson, RawJsonValue};
use proptest::prelude::*;

use super::kind::Kind;
use super::parser::parse;
use super::tree::{Tree, Value};
use crate::diagnostic::{Remedy, SyntaxDiagnostic};
use crate::limits::MAX_DEPTH;

/// Start, end, kind and string content of each value.
type Values = Vec<(usize, usize, Kind, Option<String>)>;

fn collect(value: Value<'_>, all: &mut Values) {
    let unquoted = (value.kind() == Kind::String).then(|| value.unquoted().expect("a string has content").into_owned());
    all.push((value.position(), value.end(), value.kind(), unquoted));
    value.elements().for_each(|element| collect(element, all));
    value.members().for_each(|(name, value)| {
        collect(name, all);
        collect(value, all);
    });
}

/// The same values as nojson reads them.
fn collect_expected(value: RawJsonValue<'_, '_>, all: &mut Values) {
    let kind = match value.kind() {
        JsonValueKind::Null => Kind::Null,
        JsonValueKind::Boolean => Kind::Boolean,
        JsonValueKind::Integer | JsonValueKind::Float => Kind::Number,
        JsonValueKind::String => Kind::String,
        JsonValueKind::Array => Kind::Array,
        JsonValueKind::Object => Kind::Object,
    };
    let unquoted = (kind == Kind::String).then(|| value.to_unquoted_string_str().map(Cow::into_owned).expect("a string"));
    all.push((value.position(), value.position() + value.as_raw_str().len(), kind, unquoted));
    value.to_array().into_iter().flatten().for_each(|element| collect_expected(element, all));
    value.to_object().into_iter().flatten().for_each(|(name, value)| {
        collect_expected(name, all);
        collect_expected(value, all);
    });
}

/// Asserts that the parser rejects what nojson rejects and otherwise reads the same values, and that all spans are in
/// the text. Returns whether the text is JSON.
fn agrees(text: &str) -> bool {
    let mut entries = Vec::new();
    let faults = parse(text, &mut entries);
    let mut values = Vec::new();
    if !entries.is_empty() {
        collect(Tree::of_json(text, &entries).value(), &mut values);
        assert_eq!(values.len(), entries.len(), "{text}");
    }
    for (start, end, ..) in &values {
        assert!(text.get(*start..*end).is_some(), "{text}: {start}..{end}");
    }
    for SyntaxDiagnostic { place, related, fix, .. } in &faults {
        let deleted = fix.iter().flat_map(|fix| if let Remedy::Delete(all) = &fix.remedy { all.as_slice() } else { &[] });
        let spans = related.iter().map(|related| &related.place).chain(deleted).chain([place]);
        spans.for_each(|span| assert!(text.get(span.clone()).is_some(), "{text}: {faults:?}"));
    }
    let Ok(raw) = RawJson::parse(text) else {
        assert!(!faults.is_empty(), "{text}");
        return false;
    };
    assert!(faults.is_empty() && entries.iter().all(|entry| entry.is_complete), "{text}: {faults:?}");
    let mut expected = Vec::new();
    collect_expected(raw.value(), &mut expected);
    assert_eq!(values, expected, "{text}");
    true
}

#[test]
fn accepts_json_and_rejects_everything_else() {
    for text in [
        "{}",
        " [ ] ",
        r#"{"a":1,"b":[true,false,null,-0.5e+3,{"c":"\n\"\\"}],"":"","a":2}"#,
        r#"{"\u0061": ["\ud83d\ude00", "x\ty", "\u00e4"]}"#,
        "\"twelve bytes and more, ä and \u{1F600}\"",
        "0",
        "-1",
        "[[],{},[{}]]",
    ] {
        assert!(agrees(text), "{text}");
    }
    let wrong = "{ } [1,] {\"a\":1,} {\"a\"} {1:2} [1;2] 01 - 1. .5 1e +1 tru truee nul \" \"\u{1}\" \"\\x\" \"\\ [} {] {\"a\":} //x 'a' NaN 1x \
                 \"\\ud800\" \"\\udc00\\ud800\" \"\\u12\" /* /*/ # \u{FEFF}1 [ ] , : 1,2 ;";
    for text in wrong.split(' ').chain(["", " ", "[1 2]", "1 2", "//x\n1"]).filter(|text| RawJson::parse(text).is_err()) {
        assert!(!agrees(text), "{text}");
    }
    let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    assert!(agrees(&nested(MAX_DEPTH)) && !agrees(&nested(MAX_DEPTH + 1)));
    for deep in ["[", "{\"a\":", "[{\"a\":"] {
        let mut entries = Vec::new();
        assert_eq!(parse(&deep.repeat(100_000), &mut entries).len(), 1);
    }
}

/// A compact form of a tree. `?` stands for an unreadable value, and follows an incomplete one.
fn outline(value: Value<'_>) -> String {
    let text = match value.kind() {
        Kind::Array => format!("[{}]", value.elements().map(outline).collect::<Vec<_>>().join(" ")),
        Kind::Object => {
            let members =
                value.members().map(|(name, value)| format!("{}:{}", name.unquoted().unwrap_or_default(), outline(value)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(" "))
        }
        Kind::Null if !value.is_complete() => String::new(),
        Kind::String => format!("{:?}", value.unquoted().unwrap_or_default()),
        _ => value.text().to_owned(),
    };
    text + if value.is_complete() { "" } else { "?" }
}

/// The outline of a text's tree, and its errors with their offsets.
fn read(text: &str) -> (String, Vec<String>) {
    agrees(text);
    let mut entries = Vec::new();
    let faults = parse(text, &mut entries);
    let tree = if entries.is_empty() { String::new() } else { outline(Tree::of_json(text, &entries).value()) };
    (tree, faults.into_iter().map(|fault| format!("{}: {}", fault.place.start, fault.message)).collect())
}

#[test]
fn reports_each_error_once_and_reads_the_other_values() {
    for (text, tree, faults) in TABLE {
        let (found, messages) = read(text);
        assert!(found == *tree && messages == *faults, "{text}\n{found:?},\n&{messages:?}");
    }
}

/// Texts, outlines of their trees, and their errors.
const TABLE: &[(&str, &str, &[&str])] = &[
    ("{\"a\": 1 \"b\": 2, \"c\": 3}", "{a:1 b:2 c:3}", &["8: a comma is missing before this"]),
    ("{\"a\": \"x\" \"b\": 2}", "{a:\"x\" b:2}", &["10: a comma is missing before this"]),
    ("{\"a\": \"x\"\n\"b\": 2}", "{a:\"x\" b:2}", &["10: a comma is missing before this"]),
    ("[1 2, \"a\" \"b\"]", "[1 2 \"a\" \"b\"]", &["3: a comma is missing before this", "10: a comma is missing before this"]),
    ("{\"a\" 1, \"b\": 2}", "{a:1 b:2}", &["5: a colon is missing before this"]),
    ("{\"a\" \"b\", \"c\": 1}", "{a:\"b\" c:1}", &["5: a colon is missing before this"]),
    ("{\"a\" = 1, \"b\" => 2}", "{a:1 b:2}", &["5: = is not JSON", "14: = is not JSON"]),
    ("{\"a\": 1; \"b\": 2}", "{a:1 b:2}", &["7: ; is not JSON"]),
    ("[1; 2]", "[1 2]", &["2: ; is not JSON"]),
    ("{a: 1, b-c: 2}", "{a:1 b-c:2}", &["1: a key must be in double quotes"]),
    ("{'a': 'x', 'b': 1}", "{a:\"x\" b:1}", &["1: single quotes are not JSON"]),
    ("{“a”: “x”, \"b\": 1}", "{a:\"x\" b:1}", &["1: a typographic quotation mark (“) is not JSON"]),
    (
        "{\"a\": True, \"b\": None, \"c\": NaN, \"d\": 1}",
        "{a:? b:? c:? d:1}",
        &["6: True is not JSON", "17: None is not JSON", "28: this word is not JSON"],
    ),
    ("{\"a\": 1,, \"b\": 2,}", "{a:1 b:2}", &["8: a comma with nothing before it", "16: a comma before } is not JSON"]),
    ("[1,,2,]", "[1 2]", &["3: a comma with nothing before it", "5: a comma before ] is not JSON"]),
    ("[,1]", "[1]", &["1: a comma with nothing before it"]),
    ("{\"a\": [1, 2, \"b\": 3}", "{a:[1 2]? b:3}", &["13: a [ is not closed before this key"]),
    ("{\"a\": {\"b\": 1, \"c\": 2}", "{a:{b:1 c:2}}?", &["21: the document ends before its { is closed"]),
    ("{\"a\": {\"b\": [1, 2}, \"c\": 3}", "{a:{b:[1 2]?} c:3}", &["17: a [ is not closed before this }"]),
    ("{\"a\": [1, 2}, \"b\": 3}", "{a:[1 2]? b:3}", &["11: expected ], but found }"]),
    ("{\"a\": {\"b\": 1], \"c\": 2}", "{a:{b:1}? c:2}", &["13: expected }, but found ]"]),
    ("{\"a\": 1], \"b\": 2}", "{a:1 b:2}", &["7: this ] has no [ before it"]),
    ("{\"a\": 1}, \"b\": 2}", "{a:1 b:2}", &["8: unexpected text after the end of the document"]),
    ("{\"a\": 1}}", "{a:1}", &["8: unexpected text after the end of the document"]),
    ("[\"a\": 1, \"b\": 2]", "[? ?]?", &["4: an array cannot have keys"]),
    ("{\"a\": \"x\n, \"b\": 1}", "{a:\"x\"? b:1}", &["6: a line break inside a string is not JSON"]),
    ("{\"a\": \"x,\n \"b\": 1}", "{a:\"x,\"? b:1}", &["6: a line break inside a string is not JSON"]),
    ("{\"a\": \"x\ny\", \"b\": 1}", "{a:\"x\\ny\"? b:1}", &["6: a line break inside a string is not JSON"]),
    ("{\"a\n \"b\": 1}", "{b:1}?", &["1: a line break inside a string is not JSON"]),
    ("{\"a\": \"x, \"b\": 1}", "{a:\"x\"? b:1}", &["6: this string is never closed"]),
    ("{\"a: \"x\", \"b\": 1}", "{b:1}?", &["6: the string before this ends too early"]),
    ("{\"a\": x\", \"b\": 1}", "{a:? b:1}", &["6: this word is not JSON"]),
    ("{\"a\": \"x \"y\" z\", \"b\": 1}", "{a:\"x \\\"y\\\" z\"? b:1}", &["10: the string before this ends too early"]),
    ("{\"a\": \"x == \"y\"\", \"b\": 1}", "{a:\"x == \\\"y\\\"\"? b:1}", &["13: the string before this ends too early"]),
    ("{\"a\": \"\", \"b\": 1", "{a:\"\" b:1}?", &["15: the document ends before its { is closed"]),
    ("{\"a\": \"x", "{a:\"x\"?}?", &["6: this string is never closed"]),
    (
        "{\"a\": \"\\x\\y\", \"b\": \"\\ud800\", \"c\": 1}",
        "{a:\"\\\\x\\\\y\"? b:\"\\\\ud800\"? c:1}",
        &["7: \\x is not a JSON escape", "20: this \\u escape is not a valid character"],
    ),
    ("{\"a\": \"x\ty\", \"b\": 1}", "{a:\"x\\ty\"? b:1}", &["8: a control character (U+0009) inside a string is not JSON"]),
    (
        "[01, +1, .5, 1., 1e, 2]",
        "[? ? ? ? ? 2]",
        &[
            "1: this is not a JSON number",
            "5: this is not a JSON number",
            "9: this is not a JSON number",
            "13: this is not a JSON number",
            "17: this is not a JSON number",
        ],
    ),
    (
        "{\"a\": , \"b\": 1, \"c\": }",
        "{a:? b:1 c:?}",
        &["6: a value is missing after the colon", "21: a value is missing after the colon"],
    ),
    ("{\"a\", \"b\": 1, \"c\"}", "{b:1}?", &["1: a value is missing after this key", "14: a value is missing after this key"]),
    ("{: 1, \"b\": 2}", "{b:2}?", &["1: a key is missing before the colon"]),
    ("{\"a\":: 1}", "{a:1}", &["5: a colon with nothing before it"]),
    ("{\"a\": \"b\": 1, \"c\": 2}", "{a:\"b\" c:2}?", &["9: a colon does not belong here"]),
    (
        "{\"a\": {{ x }}, \"b\": ${Y}, \"c\": %q, \"d\": 1}",
        "{a:? b:? c:? d:1}",
        &[
            "7: a placeholder outside a string is not JSON",
            "20: a placeholder outside a string is not JSON",
            "31: a placeholder outside a string is not JSON",
        ],
    ),
    ("{{ x }}", "", &["1: a placeholder outside a string is not JSON"]),
    (
        "{\"a\": <x>, {{ y }}, \"b\": 1}",
        "{a:? b:1}?",
        &["6: a placeholder outside a string is not JSON", "11: a placeholder outside a string is not JSON"],
    ),
    (
        "{\"a\": 1, // x\n \"b\": /* y */ 2 # z\n}",
        "{a:1 b:2}",
        &["9: comments are not JSON (2 in this document)", "30: a comment is not JSON"],
    ),
    ("{\"a\": 1 /* x", "{a:1}?", &["8: this comment is never closed"]),
    ("{\"a\": 1} x", "{a:1}", &["9: unexpected text after the end of the document"]),
    ("{\"a\": 1} {\"b\": 2}", "{a:1}", &["9: a second declaration begins after the end of the first"]),
    ("\"a\": 1, \"b\": 2", "\"a\"?", &["3: a document must be an object, in { and }"]),
    ("x = {\"a\": 1}", "{a:1}", &["0: this word is not JSON"]),
    ("<?xml version=\"1.0\"?>", "", &["0: this is XML (a property list or a profile), not JSON"]),
    ("a: 1\nb: 2", "", &["0: this word is not JSON"]),
    ("{\"a\": tru", "{a:?}?", &["8: the document ends before its { is closed"]),
    ("{\"a\": [1, {\"b\"", "{a:[1 {}?]?}?", &["13: the document ends before its { is closed"]),
    ("{\"a\": f(1, \"x\"), \"b\": 1}", "{a:? b:1}", &["6: this word is not JSON"]),
    ("{\"a\": 1 {\"x\": 2}, \"b\": 3}", "{a:1 b:3}?", &["8: a comma is missing before this"]),
    ("{\"a\": b c d, \"e\": 1}", "{a:? e:1}", &["6: this word is not JSON"]),
    ("{\"a\"b\": 1, \"c\": 2}", "{c:2}?", &["4: the string before this ends too early"]),
    ("{\"a\": \"C:\\\", \"b\": 1}", "{a:\"C:\\\\\"? b:1}", &["6: this string is never closed"]),
    ("", "", &["0: the document is empty"]),
    ("// x", "", &["0: a comment is not JSON", "0: the document is empty"]),
    ("]", "", &["0: this ] has no [ before it"]),
];

/// A regression found by the property tests below.
#[test]
fn accepts_a_multibyte_quotation_mark_before_a_key_in_an_array() {
    assert!(!agrees("{\"k\":[1,\u{201c}\u{1F600}True{\"k\":false[1,\n"));
}

#[test]
fn reads_on_after_an_open_bracket_before_blanks() {
    for text in ["{\"a\": (1 \n}", "{\"a\": \"x\" (1 \n, \"b\": 2}", "[1 {\"b\" \n]", "(1 "] {
        assert!(!agrees(text), "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Random sequences of valid and invalid tokens.
    #[test]
    fn agrees_with_nojson_on_random_tokens(
        pieces in prop::collection::vec(prop::sample::select(vec![
            "{", "}", "[", "]", ",", ":", "\"a\"", "\"\"", "\"", "\\", "\\n", "\\u0041", "\\ud800", "1", "0", "-", ".", "e", "E+", "true",
            "false", "null", " ", "\n", "\t", "\r", "\u{1}", "ä", "\u{1F600}", "/", "//", "/*", "*/", "#", "'", "“", "”", "=", "True",
            "12345678", "\"long enough for a word\"", "{\"k\":", "[1,", ",\"k\":", "{{", "}}", "$",
            "(", ")", " \n",
        ]), 0..16),
    ) {
        agrees(&pieces.concat());
    }

    /// Strings around the width of 16 bytes that the lexer compares at a time.
    #[test]
    fn agrees_with_nojson_on_strings(text in "[ -~\u{7f}äé\u{1F600}\u{1}]{0,40}", rest in "[\"a ]{0,12}") {
        agrees(&format!("\"{text}\"{rest}"));
        let written = serde_json::to_string(&text).expect("a string can be written");
        prop_assert!(agrees(&written));
    }

    /// Documents with one byte inserted or removed.
    #[test]
    fn agrees_with_nojson_after_inserting_or_removing_a_byte(seed in any::<u64>(), byte in 0..128_u8) {
        let mut random = fastrand::Rng::with_seed(seed);
        let text = document(&mut random, 4);
        prop_assert!(agrees(&text), "{text}");
        let mut bytes = text.clone().into_bytes();
        bytes.insert(random.usize(..=bytes.len()), byte);
        if let Ok(text) = String::from_utf8(bytes) {
            agrees(&text);
        }
        let mut bytes = text.into_bytes();
        bytes.remove(random.usize(..bytes.len()));
        if let Ok(text) = String::from_utf8(bytes) {
            agrees(&text);
        }
    }
}

/// A random document, possibly with several lines.
fn document(random: &mut fastrand::Rng, depth: usize) -> String {
    let scalars = ["1", "-2.5e3", "true", "null", "\"a\"", "\"ä \\\" b, [c]\"", "\"\\u00e4\"", "\"\""];
    let count = if depth == 0 { 0 } else { random.usize(1..4) };
    let blank = ["", " ", "\n  "][random.usize(..3)];
    match random.usize(..5) {
        _ if count == 0 => scalars[random.usize(..scalars.len())].to_owned(),
        0 => scalars[random.usize(..scalars.len())].to_owned(),
        1 | 2 => {
            let elements: Vec<String> = (0..count).map(|_| document(random, depth - 1)).collect();
            format!("[{blank}{}{blank}]", elements.join(&format!(",{blank}")))
        }
        _ => {
            let members: Vec<String> = (0..count).map(|at| format!("\"k{at}\":{blank}{}", document(random, depth - 1))).collect();
            format!("{{{blank}{}{blank}}}", members.join(&format!(",{blank}")))
        }
    }
}

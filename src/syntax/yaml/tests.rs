use super::*;
use crate::syntax::{self, Grammar, Kind, Node};

/// A value in JSON, with unreadable values as `?` and `…` at the end of incomplete objects and arrays.
fn json(node: Node<'_>) -> String {
    let list = |items: Vec<String>, [open, close]: [char; 2]| {
        let rest = if node.is_complete() { "" } else { " …" };
        format!("{open}{}{rest}{close}", items.join(", "))
    };
    match node.kind() {
        Kind::Object => list(node.members().map(|(key, value)| format!("{}: {}", key.text(), json(value))).collect(), ['{', '}']),
        Kind::Array => list(node.elements().map(json).collect(), ['[', ']']),
        _ if !node.is_complete() => "?".to_owned(),
        _ => node.text().to_owned(),
    }
}

/// The value of a document in JSON, and the messages about it.
fn read(text: &str) -> (String, Vec<String>) {
    let mut buffers = Buffers::default();
    let parsed = syntax::parse_as(Grammar::Yaml, text.as_bytes(), &mut buffers);
    let messages = parsed.faults.into_iter().map(|fault| fault.message).collect();
    (parsed.document.map(|document| json(document.root())).unwrap_or_default(), messages)
}

#[track_caller]
fn assert_reads(text: &str, expected: &str) {
    assert_eq!(read(text), (expected.to_owned(), Vec::new()), "{text}");
}

#[track_caller]
fn assert_fails(text: &str, expected: &str, message: &str) {
    assert_eq!(read(text), (expected.to_owned(), vec![message.to_owned()]), "{text}");
}

/// The documents of a text.
fn split(text: &str) -> Vec<&str> {
    Documents::new(text.as_bytes()).map(|span| &text[span]).collect()
}

#[test]
fn values_are_those_of_the_core_schema() {
    assert_reads(
        "a: 1\nb: [yes, 'no', \"\\n\", ~, 010, 0o10, true]\n",
        r#"{"a": 1, "b": ["yes", "no", "\n", null, 10, 8, true]}"#,
    );
    assert_reads("a: |\n  one\n  two\nb: >-\n  one\n  two\n", r#"{"a": "one\ntwo\n", "b": "one two"}"#);
    assert_reads("a:\nb: {}\nc: []\n26: x\ntrue: y\n", r#"{"a": null, "b": {}, "c": [], "26": "x", "true": "y"}"#);
    assert_reads("a: !!str 26.0\nb: !!float 1\nc: ! 5\nd: !!int '7'\n", r#"{"a": "26.0", "b": 1, "c": "5", "d": 7}"#);
    assert_reads("{\"a\": [1, {\"b\": null}]}", r#"{"a": [1, {"b": null}]}"#);
    assert_reads("%YAML 1.2\n---\na: 1\n...\n", r#"{"a": 1}"#);
    assert_reads("\u{FEFF}a: 1\n", r#"{"a": 1}"#);
    assert_reads("  - a: 1\n    b: 2\n", r#"{"a": 1, "b": 2}"#);
    assert_reads("[a]", r#"["a"]"#);
}

#[test]
fn aliases_and_merge_keys_become_what_they_stand_for() {
    assert_reads("a: &x {b: 1}\nc: *x\nd: [*x]\n", r#"{"a": {"b": 1}, "c": {"b": 1}, "d": [{"b": 1}]}"#);
    assert_reads("a: &x {b: 1, c: 2}\nd: {<<: *x, b: 3}\n", r#"{"a": {"b": 1, "c": 2}, "d": {"c": 2, "b": 3}}"#);
    let several = "a: &x {b: 1}\nc: &y {b: 2, d: 3}\ne:\n  <<: [*x, *y]\n";
    assert_reads(several, r#"{"a": {"b": 1}, "c": {"b": 2, "d": 3}, "e": {"b": 1, "d": 3}}"#);
    let chain = "a: &x {b: 1}\nc: &y {<<: *x, d: 2}\ne: {<<: *y}\n";
    assert_reads(chain, r#"{"a": {"b": 1}, "c": {"b": 1, "d": 2}, "e": {"d": 2, "b": 1}}"#);
    assert_reads("'<<': {b: 1}\n", r#"{"<<": {"b": 1}}"#);
    assert_fails("a: {<<: 1}\n", r#"{"a": { …} …}"#, "the merge key << needs a mapping, or a sequence of mappings");
    let message = "this alias stands inside the value that it names, which would never end";
    assert_fails("a: &x [1, *x]\n", r#"{"a": [1, ?] …}"#, message);
    assert_fails("a: &x {<<: *x}\n", r#"{"a": { …} …}"#, message);
    assert_fails("a: *x\n", "{ …}", "this alias has no anchor before it in the same declaration");
}

#[test]
fn what_json_cannot_say_is_an_error() {
    assert_fails("[a]: 1\nb: 2\n", r#"{"b": 2 …}"#, "a key must be a string");
    assert_fails(": 1\nb: 2\n", r#"{"b": 2 …}"#, "a key must be a string");
    let template = "braces in braces are a mapping in YAML, not a placeholder";
    assert_fails("a: {{ version }}\n", r#"{"a": { …} …}"#, template);
    assert_fails("a: !vault |\n  x\n", r#"{"a": ? …}"#, "the tag !vault does not give a value of JSON here");
    assert_fails("a: !!int x\n", r#"{"a": ? …}"#, "the tag !!int does not give a value of JSON here");
    assert_fails("a: !!map [1]\n", r#"{"a": ? …}"#, "the tag !!map does not give a value of JSON here");
    assert_fails("", "", "this YAML document is empty");
    assert_fails("# nothing\n---\n", "", "this YAML document is empty");
}

#[test]
fn names_the_mistakes_of_yaml() {
    for (text, message) in [
        ("a:\n\tb: 1\n", "a tab cannot indent YAML"),
        ("a: 'x\nb: 1\n", "a string in quotes goes on in a line that is not indented"),
        ("a: \"x\n  y: 1\n", "a quotation mark is never closed"),
        ("a: \"x\" y\n", "text follows a closing quotation mark"),
        ("a: b: c\n", "a colon does not belong here"),
        ("a: [1, 2\n", "expected a comma or ] here"),
        ("a: {b: 1\n", "expected a comma or } here"),
        ("a: 1\n  b: 2\n", "a colon does not belong here"),
        ("a: 1\nb\nc: 2\n", "a colon is missing after this key"),
        ("a: @x\n", "no value can begin with this character"),
        ("a: \"\\q\"\n", "this is not an escape of YAML"),
    ] {
        let (_, messages) = read(text);
        assert_eq!(messages, [message], "{text}");
    }
}

#[test]
fn splits_at_marks_and_dashes() {
    assert_eq!(split("a: 1\n"), ["a: 1\n"]);
    assert_eq!(
        split("# x\n---\na: 1\n--- # y\nb: 2\n...\n# z\nc: 3\n"),
        ["# x\n---\na: 1\n", "--- # y\nb: 2\n...\n", "# z\nc: 3\n"]
    );
    assert_eq!(split("---\n- a: 1\n  b: |\n    - x\n- c: 2\n# end\n"), ["- a: 1\n  b: |\n    - x\n", "- c: 2\n# end\n"]);
    assert_eq!(split("  - 1\n  -\n  - 3"), ["  - 1\n", "  -\n", "  - 3"]);
    assert_eq!(split("[{a: 1}, b, 'c']\n"), ["{a: 1}", "b", "'c'"]);
    assert_eq!(split("%YAML 1.2\n---\n- 1\n---\n{\"a\": 1}\n"), ["- 1\n", "---\n{\"a\": 1}\n"]);
    assert_eq!(split("\u{FEFF}---\r\na: 1\r\n---\r\nb: 2"), ["---\r\na: 1\r\n", "---\r\nb: 2"]);
    assert_eq!(split("- -1\n--1\n-1: 2"), ["- -1\n--1\n-1: 2"]);
    assert_eq!(split(""), [""]);
    assert_eq!(split("---\n---\n"), ["---\n---\n"]);
    assert_eq!(split("[1"), ["[1"]);
    assert_eq!(split("a: '\n---\nb: 2\n"), ["a: '\n", "---\nb: 2\n"]);
}

#[test]
fn spans_are_exact() {
    let text = "é: &x !!str ü # y\nb: \"c\\\"\" # \"\ni: 'c''' # '\nj: [1] # [\nk: {} # {\nl: *x # *\nd: |  # z\n  e\n\nf: *x\ng: &m\n  h: 1\n";
    let mut buffers = Buffers::default();
    let document = syntax::parse_as(Grammar::Yaml, text.as_bytes(), &mut buffers).document.expect("a document");
    let spans: Vec<&str> =
        document.root().members().flat_map(|(key, value)| [key, value]).map(|node| &text[node.span()]).collect();
    let expected = ["é", "ü", "b", "\"c\\\"\"", "i", "'c'''", "j", "[1]", "k", "{}", "l", "ü", "d", "e", "f", "ü", "g", "h: 1"];
    assert_eq!(spans, expected);
    let comments: Vec<&str> = comments(text.as_bytes()).expect("it is YAML").into_iter().map(|span| &text[span]).collect();
    assert_eq!(comments, ["# y", "# \"", "# '", "# [", "# {", "# *", "# z"]);
}

#[test]
fn bounds_depth_size_and_expanded_size() {
    let text = format!("a: &a {}1{}\nb: {}*a{}\n", "[".repeat(100), "]".repeat(100), "[".repeat(27), "]".repeat(27));
    assert_eq!(read(&text).1, [""; 0]);
    assert_eq!(read(&text.replace("*a", "[*a]")).1, ["nested more than 128 levels deep"]);
    let long = format!("a: &a \"{}\"\nb: [{}]\n", "x".repeat(1 << 17), "*a, ".repeat(160));
    assert_eq!(read(&long).1, ["the aliases expand to more than 1000000 keys and values or 16 MiB; this document is not read"]);
    assert_eq!(read(&"#".repeat(MAX_YAML_BYTES + 1)).1, ["this YAML document has more than 256 KiB; it is not read"]);
}

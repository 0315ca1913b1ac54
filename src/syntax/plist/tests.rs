//! Tests of reading property lists.

use proptest::prelude::*;

use crate::syntax::{Integer, Kind, Node, parse};

/// The values of a valid document: path, kind and source text.
fn values(text: &str) -> Vec<(String, Kind, String)> {
    fn walk(node: Node<'_>, path: &str, text: &str, into: &mut Vec<(String, Kind, String)>) {
        into.push((path.to_owned(), node.kind(), text[node.span()].to_owned()));
        for (key, value) in node.members() {
            assert!(text[key.span()].starts_with("<key>") && text[key.span()].ends_with("</key>"));
            walk(value, &format!("{path}/{}", key.as_str().expect("a key is a string")), text, into);
        }
        node.elements().enumerate().for_each(|(at, value)| walk(value, &format!("{path}/{at}"), text, into));
    }
    let mut buffers = crate::syntax::Buffers::default();
    let parsed = parse(text.as_bytes(), &mut buffers);
    assert!(parsed.mistakes().next().is_none(), "{text}: {:?}", parsed.faults);
    let mut all = Vec::new();
    walk(parsed.document.expect("a document").root(), "", text, &mut all);
    all
}

/// A value as JSON.
fn json(node: Node<'_>) -> String {
    match node.kind() {
        Kind::Object => {
            let members: Vec<String> = node.members().map(|(key, value)| format!("{}:{}", key.text(), json(value))).collect();
            format!("{{{}}}", members.join(","))
        }
        Kind::Array => format!("[{}]", node.elements().map(json).collect::<Vec<_>>().join(",")),
        _ => node.text().to_owned(),
    }
}

/// A property list as JSON, and its errors.
fn read(bytes: &[u8]) -> (Option<String>, Vec<String>) {
    let mut buffers = crate::syntax::Buffers::default();
    let parsed = parse(bytes, &mut buffers);
    let json = parsed.document.as_ref().map(|document| json(document.root()));
    (json, parsed.mistakes().map(|mistake| mistake.message.clone()).collect())
}

#[test]
fn values_have_the_spans_of_their_elements() {
    let text = "<?xml version=\"1.0\"?>\n<plist version=\"1.0\"><dict><!-- a --><key>a</key> <integer> 0x1F </integer>\r\n<key>b</key><array>\
                <true/><string>&lt;\u{e9}&#x41;<![CDATA[<&>]]></string><dict/></array><key>c</key><date>2026-03-01T09:00:00Z</date>\
                <key>d</key><data>aGVs\nbG8=</data><key/><real>1.50</real></dict></plist>";
    // `values` expects an end tag for each key.
    let text = text.replace("<key/>", "<key></key>");
    let found = values(&text);
    let expected = [
        ("/a", Kind::Number, "<integer> 0x1F </integer>"),
        ("/b/0", Kind::Boolean, "<true/>"),
        ("/b/1", Kind::String, "<string>&lt;\u{e9}&#x41;<![CDATA[<&>]]></string>"),
        ("/b/2", Kind::Object, "<dict/>"),
        ("/c", Kind::Date, "<date>2026-03-01T09:00:00Z</date>"),
        ("/d", Kind::Data, "<data>aGVs\nbG8=</data>"),
        ("/", Kind::Number, "<real>1.50</real>"),
    ];
    for (path, kind, source) in expected {
        assert!(found.contains(&(path.to_owned(), kind, source.to_owned())), "{path}: {found:?}");
    }
    assert!(found[0].2.starts_with("<dict><!-- a -->") && found[0].2.ends_with("</dict>"));
    let json = read(text.as_bytes()).0.expect("a document");
    assert_eq!(json, "{\"a\":31,\"b\":[true,\"<\u{e9}A<&>\",{}],\"c\":\"2026-03-01T09:00:00Z\",\"d\":\"aGVs\\nbG8=\",\"\":1.50}");
}

#[test]
fn reads_the_members_of_a_dictionary_without_dict() {
    for text in ["<key>a</key><string>b</string>", " <?xml?><dict><key>a</key><string>b</string></dict>"] {
        let (json, _) = read(text.as_bytes());
        assert_eq!(json.as_deref(), Some(r#"{"a":"b"}"#), "{text}");
    }
    assert_eq!(values("<key>a</key>\n<string>b</string>")[0].2, "<key>a</key>\n<string>b</string>");
    assert!(read(b"<key>a</key><string>b</string>").1.is_empty());
}

#[test]
fn accepts_placeholders_and_marks_the_dictionary_as_incomplete() {
    let text = "<dict><key>a</key><string><<UUID()>></string><key>b</key><integer>{{ x }}</integer>\n<key>c</key>{{ c }}\nMORE_PLACEHOLDER\n</dict>";
    let mut buffers = crate::syntax::Buffers::default();
    let parsed = parse(text.as_bytes(), &mut buffers);
    assert!(parsed.mistakes().next().is_none(), "{:?}", parsed.faults);
    let document = parsed.document.expect("a document");
    let root = document.root();
    assert!(!root.is_complete());
    let member = |key| root.member(key).expect("the key");
    assert_eq!(member("a").as_str().as_deref(), Some("{{UUID()}}"));
    assert_eq!(member("b").as_str().as_deref(), Some("{{ x }}"));
    assert!(!member("c").is_complete() && member("c").kind() == Kind::Null);
}

#[test]
fn reads_the_values_of_a_truncated_file() {
    let text = "<plist><dict><key>a</key><dict/><key>b</key><array><true/><string>x";
    let mut buffers = crate::syntax::Buffers::default();
    let parsed = parse(text.as_bytes(), &mut buffers);
    assert_eq!(parsed.mistakes().count(), 1, "{:?}", parsed.faults);
    let document = parsed.document.expect("a document");
    assert!(!document.root().is_complete());
    assert!(document.root().member("a").expect("a").is_complete());
    let array = document.root().member("b").expect("b");
    assert!(!array.is_complete());
    assert_eq!(array.elements().map(Node::is_complete).collect::<Vec<_>>(), [true, false]);
}

#[test]
fn an_error_affects_at_most_its_own_value() {
    for (text, json) in [
        ("<dict><key>a</key><True/></dict>", r#"{"a":true}"#),
        ("<dict><key>a</key><bool>NO</bool></dict>", r#"{"a":false}"#),
        ("<dict><key>a</key><key>b</key><true/></dict>", r#"{"b":true}"#),
        ("<dict><true/><key>b</key><true/></dict>", r#"{"b":true}"#),
        ("<dict><key>a</key><string>x</sting><key>b</key><true/></dict>", r#"{"a":"x","b":true}"#),
        ("<dict><key>a</key><string>x<key>b</key><true/></dict>", r#"{"a":null,"b":true}"#),
        ("<dict><key>a</key><array><dict></array><key>b</key><true/></dict>", r#"{"a":[{}],"b":true}"#),
        ("<dict><key>a</key><string>x & y</string><key>b</key><true/></dict>", r#"{"a":"x & y","b":true}"#),
        ("<dict><key>a</key><string>x < y</string><key>b</key><true/></dict>", r#"{"a":"x < y","b":true}"#),
        ("<dict><key>a</key>text<key>b</key><true/></dict>", r#"{"a":null,"b":true}"#),
        ("<plist><key>b</key><true/></plist>", r#"{"b":true}"#),
        ("<dict><key>a</key><string>x</string <key>b</key><true/></dict>", r#"{"a":"x","b":true}"#),
        ("<dict><key>a</key><true/<key>b</key><true/></dict>", r#"{"a":true,"b":true}"#),
        ("<plist version=1.0><dict><key>b</key><true/></dict></plist>", r#"{"b":true}"#),
    ] {
        let (read, faults) = read(text.as_bytes());
        assert_eq!((read.as_deref(), faults.len()), (Some(json), 1), "{text}: {faults:?}");
    }
}

/// Random property lists with all kinds of values that JSON distinguishes.
fn any_value() -> impl Strategy<Value = plist::Value> {
    // The formats do not support all control characters and noncharacters.
    let text = "[ -~\u{e9}\u{1F600}\n\t]{0,12}";
    let leaf = prop_oneof![
        any::<bool>().prop_map(plist::Value::from),
        any::<i64>().prop_map(plist::Value::from),
        any::<u64>().prop_map(plist::Value::from),
        (-1e9..1e9).prop_map(plist::Value::Real),
        // A text in braces may look like a placeholder, but that does not matter in a string.
        text.prop_map(plist::Value::from),
        prop::collection::vec(any::<u8>(), 0..40).prop_map(plist::Value::Data),
    ];
    leaf.prop_recursive(4, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(plist::Value::Array),
            // A line break around a key is reported.
            prop::collection::btree_map(text.prop_map(|key| key.replace(['\r', '\n'], " ")), inner, 0..6)
                .prop_map(|members| plist::Value::Dictionary(members.into_iter().collect())),
        ]
    })
}

/// Whether a node equals a value.
fn equals(node: Node<'_>, value: &plist::Value) -> bool {
    match value {
        plist::Value::Boolean(expected) => node.as_bool() == Some(*expected),
        plist::Value::Integer(expected) => node.as_integer() == Some(expected.as_signed().map_or(Integer::Huge, Integer::Exact)),
        plist::Value::Real(expected) => node.text().parse() == Ok(*expected),
        plist::Value::String(expected) => node.kind() == Kind::String && node.as_str().as_deref() == Some(expected),
        plist::Value::Data(expected) => {
            let compact: String = node.as_str().unwrap_or_default().split_ascii_whitespace().collect();
            node.kind() == Kind::Data
                && compact == plist::Data::new(expected.clone()).to_xml_format().replace(char::is_whitespace, "")
        }
        plist::Value::Array(expected) => {
            let elements: Vec<Node<'_>> = node.elements().collect();
            node.kind() == Kind::Array
                && elements.len() == expected.len()
                && elements.iter().zip(expected).all(|(node, value)| equals(*node, value))
        }
        plist::Value::Dictionary(expected) => {
            node.kind() == Kind::Object
                && node.members().count() == expected.len()
                && expected.iter().all(|(key, value)| {
                    node.members().any(|(name, node)| name.as_str().as_deref() == Some(key) && equals(node, value))
                })
        }
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// Reads XML and binary property lists that the `plist` crate wrote.
    #[test]
    fn reads_what_the_plist_crate_writes(value in any_value()) {
        let (mut xml, mut binary) = (Vec::new(), Vec::new());
        value.to_writer_xml(&mut xml).expect("XML");
        value.to_writer_binary(&mut binary).expect("binary");
        for bytes in [xml, binary] {
            let mut buffers = crate::syntax::Buffers::default();
            let parsed = parse(&bytes, &mut buffers);
            prop_assert!(parsed.mistakes().next().is_none(), "{:?}: {}", parsed.faults, String::from_utf8_lossy(&bytes));
            prop_assert!(equals(parsed.document.expect("a document").root(), &value), "{}", String::from_utf8_lossy(&bytes));
        }
    }
}

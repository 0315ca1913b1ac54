//! What property lists are read as.

use proptest::prelude::*;

use crate::syntax::{Integer, Kind, Node, parse};

/// The values of a document that is right, each with its path, its kind and what stands at its place.
fn values(text: &str) -> Vec<(String, Kind, String)> {
    fn walk(node: Node<'_>, path: &str, text: &str, into: &mut Vec<(String, Kind, String)>) {
        into.push((path.to_owned(), node.kind(), text[node.span()].to_owned()));
        for (key, value) in node.members() {
            assert!(text[key.span()].starts_with("<key>") && text[key.span()].ends_with("</key>"));
            walk(value, &format!("{path}/{}", key.as_str().expect("a key is a string")), text, into);
        }
        node.elements().enumerate().for_each(|(at, value)| walk(value, &format!("{path}/{at}"), text, into));
    }
    let mut spare = crate::syntax::Spare::default();
    let parsed = parse(text.as_bytes(), &mut spare);
    assert!(parsed.mistakes().next().is_none(), "{text}: {:?}", parsed.faults);
    let mut all = Vec::new();
    walk(parsed.document.expect("it can be read").root(), "", text, &mut all);
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

/// The JSON that a property list is read as, and what is wrong with it.
fn read(bytes: &[u8]) -> (Option<String>, Vec<String>) {
    let mut spare = crate::syntax::Spare::default();
    let parsed = parse(bytes, &mut spare);
    let json = parsed.document.as_ref().map(|document| json(document.root()));
    (json, parsed.mistakes().map(|mistake| mistake.message.clone()).collect())
}

#[test]
fn every_value_stands_where_its_element_stands() {
    let text = "<?xml version=\"1.0\"?>\n<plist version=\"1.0\"><dict><!-- a --><key>a</key> <integer> 0x1F </integer>\r\n<key>b</key><array>\
                <true/><string>&lt;\u{e9}&#x41;<![CDATA[<&>]]></string><dict/></array><key>c</key><date>2026-03-01T09:00:00Z</date>\
                <key>d</key><data>aGVs\nbG8=</data><key/><real>1.50</real></dict></plist>";
    // An empty key is written without an end tag, which is all that the walk would trip over.
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
    let json = read(text.as_bytes()).0.expect("it can be read");
    assert_eq!(json, "{\"a\":31,\"b\":[true,\"<\u{e9}A<&>\",{}],\"c\":\"2026-03-01T09:00:00Z\",\"d\":\"aGVs\\nbG8=\",\"\":1.50}");
}

#[test]
fn the_inside_of_a_dictionary_may_stand_alone() {
    for text in ["<key>a</key><string>b</string>", " <?xml?><dict><key>a</key><string>b</string></dict>"] {
        let (json, _) = read(text.as_bytes());
        assert_eq!(json.as_deref(), Some(r#"{"a":"b"}"#), "{text}");
    }
    assert_eq!(values("<key>a</key>\n<string>b</string>")[0].2, "<key>a</key>\n<string>b</string>");
    assert!(read(b"<key>a</key><string>b</string>").1.is_empty());
}

#[test]
fn placeholders_are_no_faults_and_make_a_dictionary_incomplete() {
    let text = "<dict><key>a</key><string><<UUID()>></string><key>b</key><integer>{{ x }}</integer>\n<key>c</key>{{ c }}\nMORE_PLACEHOLDER\n</dict>";
    let mut spare = crate::syntax::Spare::default();
    let parsed = parse(text.as_bytes(), &mut spare);
    assert!(parsed.mistakes().next().is_none(), "{:?}", parsed.faults);
    let document = parsed.document.expect("it can be read");
    let root = document.root();
    assert!(!root.is_complete());
    let member = |key| root.member(key).expect("the key was read");
    assert_eq!(member("a").as_str().as_deref(), Some("{{UUID()}}"));
    assert_eq!(member("b").as_str().as_deref(), Some("{{ x }}"));
    assert!(!member("c").is_complete() && member("c").kind() == Kind::Null);
}

#[test]
fn what_stands_before_the_end_of_a_file_that_is_cut_off_is_read() {
    let text = "<plist><dict><key>a</key><dict/><key>b</key><array><true/><string>x";
    let mut spare = crate::syntax::Spare::default();
    let parsed = parse(text.as_bytes(), &mut spare);
    assert_eq!(parsed.mistakes().count(), 1, "{:?}", parsed.faults);
    let document = parsed.document.expect("the part before the end is readable");
    assert!(!document.root().is_complete());
    assert!(document.root().member("a").expect("a was read").is_complete());
    let array = document.root().member("b").expect("b was begun");
    assert!(!array.is_complete());
    assert_eq!(array.elements().map(Node::is_complete).collect::<Vec<_>>(), [true, false]);
}

#[test]
fn a_slip_costs_no_more_than_its_value() {
    for (text, json) in [
        ("<dict><key>a</key><True/></dict>", r#"{"a":true}"#),
        ("<dict><key>a</key><bool>NO</bool></dict>", r#"{"a":false}"#),
        ("<dict><key>a</key><key>b</key><true/></dict>", r#"{"a":null,"b":true}"#),
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

/// Property lists of all kinds of values that JSON can tell apart.
fn any_value() -> impl Strategy<Value = plist::Value> {
    // Neither format has all control characters, nor all noncharacters.
    let text = "[ -~\u{e9}\u{1F600}\n\t]{0,12}";
    let leaf = prop_oneof![
        any::<bool>().prop_map(plist::Value::from),
        any::<i64>().prop_map(plist::Value::from),
        any::<u64>().prop_map(plist::Value::from),
        (-1e9..1e9).prop_map(plist::Value::Real),
        // A text between `{` and `}` may be taken for a placeholder, but in a string that changes nothing.
        text.prop_map(plist::Value::from),
        prop::collection::vec(any::<u8>(), 0..40).prop_map(plist::Value::Data),
    ];
    leaf.prop_recursive(4, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(plist::Value::Array),
            prop::collection::btree_map(text, inner, 0..6)
                .prop_map(|members| plist::Value::Dictionary(members.into_iter().collect())),
        ]
    })
}

/// Whether a node says what a value says.
fn says(node: Node<'_>, value: &plist::Value) -> bool {
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
                && elements.iter().zip(expected).all(|(node, value)| says(*node, value))
        }
        plist::Value::Dictionary(expected) => {
            node.kind() == Kind::Object
                && node.members().count() == expected.len()
                && expected.iter().all(|(key, value)| {
                    node.members().any(|(name, node)| name.as_str().as_deref() == Some(key) && says(node, value))
                })
        }
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// Both forms of a property list that another library writes are read as what was written.
    #[test]
    fn what_another_library_writes_is_read(value in any_value()) {
        let (mut xml, mut binary) = (Vec::new(), Vec::new());
        value.to_writer_xml(&mut xml).expect("it can be written");
        value.to_writer_binary(&mut binary).expect("it can be written");
        for bytes in [xml, binary] {
            let mut spare = crate::syntax::Spare::default();
            let parsed = parse(&bytes, &mut spare);
            prop_assert!(parsed.mistakes().next().is_none(), "{:?}: {}", parsed.faults, String::from_utf8_lossy(&bytes));
            prop_assert!(says(parsed.document.expect("it can be read").root(), &value), "{}", String::from_utf8_lossy(&bytes));
        }
    }
}

//! The laws of the combine rules.

use super::combine::{Role, Tally};
use crate::apple::{Apply, Combine, Family, KeyId, NewKey, NewType, NewValue, Schema, Support, Text, TypeId, Value, ValueType};

/// Returns a type with one key that has this combine rule, and values for the key.
fn type_with_rule(rule: Combine) -> (Schema, TypeId, Vec<Value>) {
    let key = |name, value| NewKey {
        name: Text::Borrowed(name),
        value,
        is_required: false,
        default: None,
        combine: None,
        support: Support([None; 5]),
        assets: Vec::new(),
        media: Vec::new(),
    };
    let word = |word: &'static str| Value::string(word.to_owned());
    let array = |words: &[&'static str]| Value::Array(words.iter().map(|one| word(one)).collect());
    let (value, values) = match rule {
        Combine::BooleanAnd | Combine::BooleanOr => (NewValue::Boolean, vec![Value::Boolean(false), Value::Boolean(true)]),
        Combine::NumberMin | Combine::NumberMax => {
            let values = [-1, 0, 3].map(Value::Integer).to_vec();
            (NewValue::Integer { min: i64::MIN, max: i64::MAX }, values)
        }
        Combine::EnumFirst | Combine::EnumLast => {
            // Not in alphabetical order.
            let words = ["Low", "High", "Always"];
            (NewValue::Enum(words.map(Text::Borrowed).to_vec()), words.map(word).to_vec())
        }
        Combine::First => (NewValue::String, ["a", "b", "c"].map(word).to_vec()),
        Combine::ArrayAppend | Combine::SetUnion | Combine::SetIntersection => {
            let item = Box::new(key("item", NewValue::String));
            let values = vec![array(&[]), array(&["b"]), array(&["a", "b"]), array(&["c", "a"])];
            (NewValue::Array { item, min: 0, max: u32::MAX }, values)
        }
    };
    let mut schema = Schema::empty("1.0");
    let kind = NewType {
        name: Text::Borrowed("com.example.combined"),
        family: Family::Configuration,
        apply: Some(Apply::Combined),
        support: Support([None; 5]),
        keys: vec![NewKey { combine: Some(rule), ..key("Key", value) }],
        file: Text::Borrowed("combined"),
    };
    let id = schema.add(kind);
    (schema, id, values)
}

/// Combines the values in this order.
fn combined(schema: &Schema, id: TypeId, values: &[&Value]) -> Value {
    let mut tally = Tally::default();
    for (who, value) in values.iter().enumerate() {
        let mut payload = Value::EMPTY;
        payload.set(&["Key"], (*value).clone());
        tally.add(schema, id, &payload, who);
    }
    let (Value::Object(members), decisions) = tally.combine(schema) else { panic!("a payload is an object") };
    assert_eq!(decisions.len(), 1);
    members.into_iter().map(|(_, value)| value).next().expect("the key is set")
}

/// The result that Apple documents for two values. `one` was read first.
fn expected(rule: Combine, domain: &[Value], one: &Value, other: &Value) -> Value {
    let texts = |value: &Value| value.items().iter().map(|item| item.as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>();
    let array = |texts: Vec<String>| Value::Array(texts.into_iter().map(Value::string).collect());
    let set = |texts: Vec<String>| array(texts.into_iter().collect::<std::collections::BTreeSet<_>>().into_iter().collect());
    let at = |value: &Value| domain.iter().position(|known| known == value);
    let pick = |is_other: bool| if is_other { other.clone() } else { one.clone() };
    match rule {
        Combine::BooleanAnd => Value::Boolean(*one == Value::Boolean(true) && *other == Value::Boolean(true)),
        Combine::BooleanOr => Value::Boolean(*one == Value::Boolean(true) || *other == Value::Boolean(true)),
        // The domain is in ascending order, or in the order of the enum.
        Combine::NumberMin | Combine::EnumFirst => pick(at(other) < at(one)),
        Combine::NumberMax | Combine::EnumLast => pick(at(other) > at(one)),
        Combine::First => one.clone(),
        Combine::ArrayAppend => array([texts(one), texts(other)].concat()),
        Combine::SetUnion => set([texts(one), texts(other)].concat()),
        Combine::SetIntersection => set(texts(one).into_iter().filter(|text| texts(other).contains(text)).collect()),
    }
}

#[test]
fn all_ten_rules_obey_their_laws() {
    for rule in Combine::ALL {
        let (schema, id, values) = type_with_rule(rule);
        let join = |values: &[&Value]| combined(&schema, id, values);
        let is_ordered = matches!(rule, Combine::First | Combine::ArrayAppend);
        for one in &values {
            if rule != Combine::ArrayAppend {
                assert_eq!(join(&[one, one]), join(&[one]), "{rule:?} of {one:?} twice");
            }
            for other in &values {
                let both = join(&[one, other]);
                assert_eq!(both, expected(rule, &values, one, other), "{rule:?} of {one:?} and {other:?}");
                if !is_ordered {
                    assert_eq!(both, join(&[other, one]), "{rule:?} of {other:?} and {one:?}");
                }
                for third in &values {
                    let all = join(&[one, other, third]);
                    assert_eq!(join(&[&both, third]), all, "{rule:?} of {one:?}, {other:?} and {third:?}, from the left");
                    assert_eq!(join(&[one, &join(&[other, third])]), all, "{rule:?}, from the right");
                }
            }
        }
    }
}

/// A key of a type that devices combine: the path for messages, the key, and payloads that set only this key, to each of
/// some values.
struct Leaf {
    path: String,
    id: KeyId,
    payloads: Vec<Value>,
}

/// Collects the keys at and below a key. `wrap` makes a payload of a value of the key.
fn leaves(schema: &Schema, id: KeyId, path: &str, wrap: &dyn Fn(Value) -> Value, all: &mut Vec<Leaf>) {
    let object = |name: &str, value| Value::Object(vec![(Text::Owned(name.to_owned()), value)]);
    let below = |name: &str| format!("{path}.{name}");
    match (Role::of(schema, id), schema.key(id).value) {
        (Role::Groups { item, identity }, _) => {
            let ValueType::Object(rows) = schema.key(item).value else { panic!("{path}: a group is an object") };
            let name = Value::string("group");
            all.push(Leaf { path: path.to_owned(), id, payloads: vec![wrap(Value::Array(Vec::new()))] });
            for (id, key) in schema.keys(rows).filter(|(_, key)| key.name != identity) {
                let group = |value| {
                    let members = vec![(Text::Borrowed(identity), name.clone()), (key.name.clone(), value)];
                    wrap(Value::Array(vec![Value::Object(members)]))
                };
                leaves(schema, id, &below(&key.name), &group, all);
            }
        }
        (Role::Object, ValueType::Object(rows)) => {
            for (id, key) in schema.keys(rows) {
                leaves(schema, id, &below(&key.name), &|value| wrap(object(&key.name, value)), all);
            }
        }
        (Role::Object, ValueType::Map(id)) => {
            for name in ["one", "other"] {
                leaves(schema, id, &below(name), &|value| wrap(object(name, value)), all);
            }
        }
        _ => {
            let payloads = values(schema, id).into_iter().map(wrap).collect();
            all.push(Leaf { path: path.to_owned(), id, payloads });
        }
    }
}

/// Some values of a key; all of a boolean or an enum.
fn values(schema: &Schema, id: KeyId) -> Vec<Value> {
    match schema.key(id).value {
        ValueType::Boolean => vec![Value::Boolean(false), Value::Boolean(true)],
        ValueType::Integer { min, max } => {
            let low = min.max(-1);
            [low, low + 1, max.min(low + 7)].map(Value::Integer).to_vec()
        }
        ValueType::Enum(words) => schema.words(words).iter().cloned().map(Value::String).collect(),
        ValueType::String => ["b", "a"].map(Value::string).to_vec(),
        ValueType::Array { item, .. } => {
            let items = values(schema, item);
            let [one, .., last] = items.as_slice() else { panic!("an item has several values") };
            let array = |items: &[&Value]| Value::Array(items.iter().copied().cloned().collect());
            vec![array(&[]), array(&[one]), array(&[last, one]), array(&[last, last])]
        }
        ValueType::Object(rows) => {
            let (first, key) = schema.keys(rows).next().expect("an object has keys");
            let member = |value| Value::Object(vec![(key.name.clone(), value)]);
            values(schema, first).into_iter().map(member).collect()
        }
        other => panic!("{}: no key that is combined has the type {other:?}", schema.key(id).name),
    }
}

#[test]
fn every_key_of_every_type_obeys_the_laws() {
    let schema = Schema::built_in();
    let combined: Vec<_> = schema.types().filter(|(_, kind)| kind.apply == Some(Apply::Combined)).collect();
    assert!(combined.len() >= 17);
    let mut rules = std::collections::BTreeMap::new();
    for (kind, row) in combined {
        let mut all = Vec::new();
        for (id, key) in schema.keys(row.keys) {
            let wrap = |value| Value::Object(vec![(key.name.clone(), value)]);
            leaves(schema, id, &format!("{}: {}", row.name, key.name), &wrap, &mut all);
        }
        for Leaf { path, id, payloads } in all {
            let rule = schema.key(id).combine;
            *rules.entry(rule.map_or("none", Combine::name)).or_insert(0) += 1;
            let join = |payloads: &[&Value]| {
                let mut tally = Tally::default();
                payloads.iter().enumerate().for_each(|(who, payload)| tally.add(schema, kind, payload, who));
                let (payload, decisions) = tally.combine(schema);
                (payload, decisions.iter().any(super::Decision::is_undefined))
            };
            let is_ordered = matches!(rule, Some(Combine::First | Combine::ArrayAppend));
            let mut triples = Vec::new();
            for one in &payloads {
                for other in &payloads {
                    triples.extend(payloads.iter().map(|third| [one, other, third]));
                }
            }
            for [one, other, third] in triples {
                let (both, is_undefined) = join(&[one, other]);
                assert_eq!(is_undefined, rule.is_none() && one != other, "{path}: only different values have no result");
                if rule != Some(Combine::ArrayAppend) {
                    assert_eq!(join(&[&both, &both]).0, both, "{path}: idempotent");
                }
                if !is_undefined && !is_ordered {
                    assert_eq!(join(&[other, one]).0, both, "{path}: commutative");
                }
                let (all, is_undefined) = join(&[one, other, third]);
                if !is_undefined {
                    assert_eq!(join(&[&both, third]).0, all, "{path}: associative");
                    assert_eq!(join(&[one, &join(&[other, third]).0]).0, all, "{path}: associative");
                }
            }
        }
    }
    // Every rule occurs, and so do keys without one.
    assert_eq!(rules.len(), Combine::ALL.len() + 1, "{rules:?}");
    assert!(rules.values().sum::<usize>() >= 109, "{rules:?}");
}

#[test]
fn objects_without_members_are_kept() {
    let schema = Schema::built_in();
    let kind = schema.find("com.apple.configuration.safari.extensions.settings").expect("the schema has it");
    let payload = |name: &'static str, members: Vec<(Text, Value)>| {
        let extensions = Value::Object(vec![(Text::Borrowed(name), Value::Object(members))]);
        Value::Object(vec![(Text::Borrowed("ManagedExtensions"), extensions)])
    };
    let state = vec![(Text::Borrowed("State"), Value::string("AlwaysOn"))];
    let mut tally = Tally::default();
    for (who, payload) in
        [Value::EMPTY, payload("b", Vec::new()), payload("a", Vec::new()), payload("a", state)].iter().enumerate()
    {
        tally.add(schema, kind, payload, who);
    }
    let (payload, decisions) = tally.combine(schema);
    let expected = serde_json::json!({ "ManagedExtensions": { "a": { "State": "AlwaysOn" }, "b": {} } });
    assert_eq!((payload.to_json(), decisions.len()), (expected, 1));
}

#[test]
fn groups_of_bookmarks_keep_their_order() {
    let schema = Schema::built_in();
    let kind = schema.find("com.apple.configuration.safari.bookmarks").expect("the schema has it");
    let bookmark = |name: &str| serde_json::json!({ "Title": name, "URL": "https://example.com/" });
    let group = |name: &str, marks: &[&str]| {
        let marks: Vec<_> = marks.iter().map(|name| bookmark(name)).collect();
        serde_json::json!({ "GroupIdentifier": name, "Title": "Tools", "Bookmarks": marks })
    };
    let mut tally = Tally::default();
    let payloads = [
        // A declaration may list a group twice.
        vec![group("z", &["1"]), group("b", &[]), group("z", &["0"])],
        vec![group("a", &["5", "4"]), group("z", &["1", "9"])],
        vec![group("z", &["1"])],
    ];
    for (who, groups) in payloads.iter().enumerate() {
        let payload = serde_json::json!({ "ManagedBookmarks": groups });
        super::with_payload(schema, kind, &payload, |payload| tally.add(schema, kind, &payload.value(), who));
    }
    let (payload, decisions) = tally.combine(schema);
    let groups = [group("z", &["1", "0", "1", "9", "1"]), group("b", &[]), group("a", &["5", "4"])];
    assert_eq!(payload.to_json(), serde_json::json!({ "ManagedBookmarks": groups }));
    let paths: Vec<String> = decisions.iter().map(|decision| decision.path.join("/")).collect();
    assert!(paths.contains(&"ManagedBookmarks/0/Bookmarks".to_owned()), "{paths:?}");
    assert!(!decisions.iter().any(super::Decision::is_undefined));
}

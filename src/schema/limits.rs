//! What the published schemas cannot say, or say more strictly than `ddmc check`: the one list of it.
//!
//! A document without an error is one that its schema takes, and the other way round, but for this. Each schema carries its part of the
//! list under `x-ddmc`, and `tests/it/schemas.rs` proves it from there.

use serde_json::{Value as Json, json};

use crate::apple::{ENFORCEMENT, KeyId, Rows, Schema, Type, ValueType};

const IDENTIFIER: &str = "JSON Schema counts characters, and an identifier has 64 octets";
const SERVER_TOKEN: &str = "the same for a server token";
const DUPLICATE_KEY: &str = "a schema sees what was parsed, and parsers keep one of two keys of a name";
const GROUP: &str = "no known template fills in a whole object or array, and to allow it would spoil completion in editors";
const UNKNOWN_TYPE: &str = "a schema cannot tell a type of Apple's that it does not list from a misspelled one";
const PAYLOAD: &str = "a payload alone could be of any type; each has a schema of its own";
const TYPE: &str = "a type that a template fills in could be any, and the schema of a type wants that type";

/// Forty characters, which take eighty octets.
const LONG: &str = "\"ääääääääääääääääääääääääääääääääääääääää\"";

/// What only rules about one type find: the type, the rule, the reason, and the keys of an example.
static OF_TYPES: &[(&str, &str, &str, &str)] = &[(
    ENFORCEMENT,
    "build-version-mismatch",
    "whether a build belongs to a version is arithmetic",
    r#"{ "TargetOSVersion": "14.1", "TargetBuildVersion": "20A242", "TargetLocalDateTime": "2026-06-30T18:00:00" }"#,
)];

/// The limits of the schema of all declarations: each of those of its types once.
pub(super) fn of_declarations(apple: &Schema) -> Vec<Json> {
    let mut limits: Vec<Json> = Vec::new();
    for limit in apple.declarations().flat_map(|(_, kind)| of(apple, kind, true)) {
        // This schema takes any type.
        if limit["reason"] != TYPE && limits.iter().all(|other| other["reason"] != limit["reason"]) {
            limits.push(limit);
        }
    }
    if let Some((_, kind)) = apple.declarations().next() {
        let misspelled = &kind.name[..kind.name.len() - 1];
        let example = format!(r#"{{ "Type": "{misspelled}", "Identifier": "a", "Payload": {{}} }}"#);
        limits.push(limit(Some("unknown-type"), UNKNOWN_TYPE, &example));
        limits.push(limit(None, PAYLOAD, &object(&sample(apple, kind))));
    }
    limits
}

/// The limits of the schema of a type, with its frame or without.
pub(super) fn of(apple: &Schema, kind: &Type, is_framed: bool) -> Vec<Json> {
    let name = format!("\"{}\"", kind.name);
    let frame = match kind.family.top().first().filter(|_| is_framed) {
        Some(place) if kind.family.is_declaration() => {
            format!(r#"{{ "Type": {name}, "Identifier": "a", "{place}": @KEYS }}"#)
        }
        Some(place) => format!(r#"{{ "{place}": @KEYS }}"#),
        None => "@KEYS".to_owned(),
    };
    let document = |members: &[Member]| frame.replace("@KEYS", &object(members));
    let keys = sample(apple, kind);
    let right = document(&keys);
    let mut limits = Vec::new();
    if is_framed && kind.family.is_declaration() {
        limits.push(limit(Some("invalid-identifier"), IDENTIFIER, &right.replacen("\"a\"", LONG, 1)));
        let token = format!(r#""a", "ServerToken": {LONG}"#);
        limits.push(limit(Some("invalid-server-token"), SERVER_TOKEN, &right.replacen("\"a\"", &token, 1)));
    }
    for (_, rule, reason, keys) in OF_TYPES.iter().filter(|(of, ..)| *of == kind.name) {
        limits.push(limit(Some(rule), reason, &frame.replace("@KEYS", keys)));
    }
    if let Some(last) = keys.last() {
        limits.push(limit(Some("duplicate-key"), DUPLICATE_KEY, &document(&[&*keys, std::slice::from_ref(last)].concat())));
    }
    let is_group = |value| matches!(value, ValueType::Array { .. } | ValueType::Object(_) | ValueType::Map(_));
    if let Some((_, group)) = apple.keys(kind.keys).find(|(_, key)| is_group(key.value)) {
        let mut members = required(apple, kind, kind.keys);
        members.retain(|(name, _)| *name != group.name);
        members.push((group.name.to_string(), format!("\"$FLEET_VAR_{}\"", group.name.to_ascii_uppercase())));
        limits.push(limit(None, GROUP, &document(&members)));
    }
    // A payload of a profile is told by its type alone.
    if right.contains(&name) && !kind.family.is_profile() {
        limits.push(limit(None, TYPE, &right.replace(&name, "\"${TYPE}\"")));
    }
    limits
}

/// Something on which a schema and `ddmc check` differ: the rule that finds it, or none where the schema refuses what the program takes; the
/// reason; and a document that only one of the two takes.
fn limit(rule: Option<&str>, reason: &str, example: &str) -> Json {
    let mut limit = json!({ "reason": reason, "example": example });
    if let Some(rule) = rule {
        limit["rule"] = rule.into();
    }
    limit
}

/// A key and its value, in JSON.
type Member = (String, String);

/// Right keys of a type: the required ones, or the first where none is.
fn sample(apple: &Schema, kind: &Type) -> Vec<Member> {
    let mut members = required(apple, kind, kind.keys);
    if members.is_empty() {
        members.extend(apple.keys(kind.keys).next().map(|(id, key)| (key.name.to_string(), value(apple, kind, id))));
    }
    members
}

fn required(apple: &Schema, kind: &Type, rows: Rows) -> Vec<Member> {
    let keys = apple.keys(rows).filter(|(id, _)| apple.is_required(*id));
    keys.map(|(id, key)| (key.name.to_string(), value(apple, kind, id))).collect()
}

/// A right value of a key, in JSON.
fn value(apple: &Schema, kind: &Type, id: KeyId) -> String {
    let key = apple.key(id);
    match key.value {
        _ if !kind.family.is_declaration() && kind.family.name_key() == Some(&*key.name) => format!("\"{}\"", kind.name),
        ValueType::Array { min: 0, .. } => "[]".to_owned(),
        ValueType::Array { item, .. } => format!("[{}]", value(apple, kind, item)),
        ValueType::Object(rows) => object(&required(apple, kind, rows)),
        ValueType::Map(_) => "{}".to_owned(),
        _ => apple.example(id),
    }
}

fn object(members: &[Member]) -> String {
    let members: Vec<String> = members.iter().map(|(name, value)| format!("\"{name}\": {value}")).collect();
    if members.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", members.join(", ")) }
}

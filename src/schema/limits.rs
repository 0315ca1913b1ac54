//! The differences between the published schemas and `ddmc check`.
//!
//! Apart from these, a schema accepts a document exactly if `ddmc check` finds no error in it. Each schema lists its
//! differences under `x-ddmc`, and `tests/it/schemas.rs` verifies them.

use serde_json::{Value as Json, json};

use crate::apple::{ACTIVATION, Claim, Condition, ENFORCEMENT, KeyId, Rows, SCHEDULE_OS_UPDATE, Schema, Type, ValueType};
use crate::validate::is_distinctive;

const IDENTIFIER: &str = "JSON Schema counts characters, but an identifier is limited to 64 bytes";
const SERVER_TOKEN: &str = "JSON Schema counts characters, but a server token is limited to 64 bytes";
const DUPLICATE_KEY: &str = "a schema validates parsed JSON, and parsers keep only one of two equal keys";
const GROUP: &str = "no known template fills in a whole object or array, and allowing it would spoil completion in editors";
const PAYLOAD: &str = "a payload alone does not identify its type; each type has its own payload schema";
const COMMON: &str = "without an envelope, only a key that no other type has tells the type of a payload";
const IMPOSSIBLE: &str = "a schema accepts any version, but some can never be installed";
const TYPE: &str = "a placeholder can stand for any type, but the schema of a type requires that type";

/// 40 characters in 80 octets.
const LONG: &str = "\"ääääääääääääääääääääääääääääääääääääääää\"";

/// Differences for single types: the type, the rule, the reason, and the keys of an example.
static TYPE_LIMITS: &[(&str, &str, &str, &str)] = &[
    (
        ENFORCEMENT,
        "build-version-mismatch",
        "JSON Schema cannot compute whether a build belongs to a version",
        r#"{ "TargetOSVersion": "14.1", "TargetBuildVersion": "20A242", "TargetLocalDateTime": "2026-06-30T18:00:00" }"#,
    ),
    (
        ENFORCEMENT,
        "impossible-release",
        IMPOSSIBLE,
        r#"{ "TargetOSVersion": "20.0", "TargetLocalDateTime": "2026-06-30T18:00:00" }"#,
    ),
    (
        SCHEDULE_OS_UPDATE,
        "impossible-release",
        IMPOSSIBLE,
        r#"{ "RequestType": "ScheduleOSUpdate", "Updates": [{ "InstallAction": "InstallASAP", "ProductVersion": "21.0" }] }"#,
    ),
    (
        ACTIVATION,
        "invalid-predicate",
        "JSON Schema cannot parse a predicate",
        r#"{ "StandardConfigurations": [], "Predicate": "(1 == 2" }"#,
    ),
];

/// The limits of the schema of all declarations: those of its types, without duplicates.
pub(super) fn of_declarations(apple: &Schema) -> Vec<Json> {
    let mut limits: Vec<Json> = Vec::new();
    for limit in apple.declarations().flat_map(|(_, kind)| of(apple, kind, true)) {
        // This schema accepts any type.
        if limit["reason"] != TYPE && limits.iter().all(|other| other["reason"] != limit["reason"]) {
            limits.push(limit);
        }
    }
    if let Some((_, kind)) = apple.declarations().next() {
        limits.push(limit(None, PAYLOAD, &object(&sample(apple, kind))));
    }
    limits
}

/// The limits of the schema of a type, with or without the frame.
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
    let valid = document(&keys);
    let mut limits = Vec::new();
    if !is_framed && kind.family.is_declaration() {
        if let Some(common) = common(apple, kind) {
            limits.push(limit(Some("not-a-declaration"), COMMON, &document(&common)));
        }
        if !keys.iter().any(|(name, _)| is_distinctive(apple, name)) {
            return limits;
        }
    }
    if is_framed && kind.family.is_declaration() {
        limits.push(limit(Some("invalid-identifier"), IDENTIFIER, &valid.replacen("\"a\"", LONG, 1)));
        let token = format!(r#""a", "ServerToken": {LONG}"#);
        limits.push(limit(Some("invalid-server-token"), SERVER_TOKEN, &valid.replacen("\"a\"", &token, 1)));
    }
    for (_, rule, reason, keys) in TYPE_LIMITS.iter().filter(|(of, ..)| *of == kind.name) {
        limits.push(limit(Some(rule), reason, &frame.replace("@KEYS", keys)));
    }
    let is_map = matches!(apple.payload(kind), ValueType::Map(_));
    if let Some(last) = keys.last().filter(|_| is_framed || !is_map) {
        limits.push(limit(Some("duplicate-key"), DUPLICATE_KEY, &document(&[&*keys, std::slice::from_ref(last)].concat())));
    }
    let is_group = |value| matches!(value, ValueType::Array { .. } | ValueType::Object(_) | ValueType::Map(_));
    if let Some((_, group)) = apple.keys(kind.keys).find(|(_, key)| is_group(key.value)) {
        let mut members = keys;
        members.retain(|(name, _)| *name != group.name);
        members.push((group.name.to_string(), format!("\"$FLEET_VAR_{}\"", group.name.to_ascii_uppercase())));
        limits.push(limit(None, GROUP, &document(&members)));
    }
    // A profile payload is recognised by its type alone.
    if valid.contains(&name) && !kind.family.is_profile() {
        limits.push(limit(None, TYPE, &valid.replace(&name, "\"${TYPE}\"")));
    }
    limits
}

/// A difference between a schema and `ddmc check`: the rule that reports it, or `None` if the schema rejects what the
/// program accepts; the reason; and a document that only one of the two accepts.
fn limit(rule: Option<&str>, reason: &str, example: &str) -> Json {
    let mut limit = json!({ "reason": reason, "example": example });
    if let Some(rule) = rule {
        limit["rule"] = rule.into();
    }
    limit
}

/// A key and its value, in JSON.
type Member = (String, String);

/// Valid keys of a type, one of which no other type has, if possible: the required keys, and another if need be.
fn sample(apple: &Schema, kind: &Type) -> Vec<Member> {
    let mut members = required(apple, kind, kind.keys);
    if !members.iter().any(|(name, _)| is_distinctive(apple, name)) {
        let distinctive = apple.keys(kind.keys).find(|(_, key)| is_distinctive(apple, &key.name));
        let other = distinctive.or_else(|| apple.keys(kind.keys).next().filter(|_| members.is_empty()));
        members.extend(other.map(|(id, key)| (key.name.to_string(), value(apple, kind, id))));
    }
    members
}

/// Valid keys of a type that other types have too.
fn common(apple: &Schema, kind: &Type) -> Option<Vec<Member>> {
    let mut members = required(apple, kind, kind.keys);
    if members.is_empty() {
        let common = apple.keys(kind.keys).find(|(_, key)| !is_distinctive(apple, &key.name));
        members.extend(common.map(|(id, key)| (key.name.to_string(), value(apple, kind, id))));
    }
    let is_common = !members.is_empty() && members.iter().all(|(name, _)| !is_distinctive(apple, name));
    is_common.then_some(members)
}

fn required(apple: &Schema, kind: &Type, rows: Rows) -> Vec<Member> {
    let keys = apple.keys(rows).filter(|(id, _)| apple.is_required(*id));
    let mut members: Vec<Member> = keys.map(|(id, key)| (key.name.to_string(), value(apple, kind, id))).collect();
    for claim in apple.claims_of_object(rows) {
        if let Some(id) = wanted(claim, &members).and_then(|key| apple.find_key(rows, key)) {
            members.push((apple.key(id).name.to_string(), value(apple, kind, id)));
        }
    }
    members
}

/// The key that is missing by a claim: the last of several, which requires no others. Covers the claims that an object
/// with only its required keys can break.
fn wanted(claim: &Claim, members: &[Member]) -> Option<&'static str> {
    let has = |key: &str| members.iter().any(|(name, _)| name == key);
    match *claim {
        Claim::One(keys) | Claim::Any(keys) => keys.last().copied().filter(|_| !keys.iter().any(|key| has(key))),
        Claim::Required(key, Condition::Is(other, values)) if !has(key) => {
            let is_meant = |value: &str| values.iter().any(|one| value.trim_matches('"') == *one);
            members.iter().any(|(name, value)| name == other && is_meant(value)).then_some(key)
        }
        // The only such boolean is false by default.
        Claim::Required(key, Condition::False(other)) => (!has(key) && !has(other)).then_some(key),
        _ => None,
    }
}

/// A valid value of a key, in JSON.
pub(super) fn value(apple: &Schema, kind: &Type, id: KeyId) -> String {
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

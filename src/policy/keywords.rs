//! The keywords of JSON Schema 2020-12 and their kinds of values.

use serde_json::{Map, Value as Json, json};

/// The kind of value that a keyword takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ValueKind {
    Schema,
    /// An array of schemas.
    Schemas,
    /// An object that maps names to schemas.
    Named,
    /// An object that maps regular expressions to schemas.
    ByPattern,
    /// A regular expression.
    Pattern,
    /// A reference to another schema.
    Reference,
    /// A name for the schema, which affects how references resolve.
    Identity,
    Number,
    /// An integer of at least 0.
    Count,
    /// A boolean.
    Flag,
    /// A string.
    Text,
    /// An array of key names.
    Names,
    /// An object that maps key names to arrays of key names.
    NamesByName,
    /// A JSON type name, or an array of them.
    Types,
    /// An array of any values.
    Values,
    /// Any value.
    Value,
}

/// The keywords that a policy's schema may have.
const KEYWORDS: &[(&str, ValueKind)] = &[
    ("$anchor", ValueKind::Identity),
    ("$comment", ValueKind::Text),
    ("$defs", ValueKind::Named),
    ("$id", ValueKind::Identity),
    ("$ref", ValueKind::Reference),
    ("$schema", ValueKind::Text),
    ("additionalProperties", ValueKind::Schema),
    ("allOf", ValueKind::Schemas),
    ("anyOf", ValueKind::Schemas),
    ("const", ValueKind::Value),
    ("contains", ValueKind::Schema),
    ("default", ValueKind::Value),
    ("dependentRequired", ValueKind::NamesByName),
    ("dependentSchemas", ValueKind::Named),
    ("deprecated", ValueKind::Flag),
    ("description", ValueKind::Text),
    ("else", ValueKind::Schema),
    ("enum", ValueKind::Values),
    ("examples", ValueKind::Values),
    ("exclusiveMaximum", ValueKind::Number),
    ("exclusiveMinimum", ValueKind::Number),
    ("format", ValueKind::Text),
    ("if", ValueKind::Schema),
    ("items", ValueKind::Schema),
    ("maxContains", ValueKind::Count),
    ("maxItems", ValueKind::Count),
    ("maxLength", ValueKind::Count),
    ("maxProperties", ValueKind::Count),
    ("maximum", ValueKind::Number),
    ("minContains", ValueKind::Count),
    ("minItems", ValueKind::Count),
    ("minLength", ValueKind::Count),
    ("minProperties", ValueKind::Count),
    ("minimum", ValueKind::Number),
    ("multipleOf", ValueKind::Number),
    ("not", ValueKind::Schema),
    ("oneOf", ValueKind::Schemas),
    ("pattern", ValueKind::Pattern),
    ("patternProperties", ValueKind::ByPattern),
    ("prefixItems", ValueKind::Schemas),
    ("properties", ValueKind::Named),
    ("propertyNames", ValueKind::Schema),
    ("readOnly", ValueKind::Flag),
    ("required", ValueKind::Names),
    ("then", ValueKind::Schema),
    ("title", ValueKind::Text),
    ("type", ValueKind::Types),
    ("unevaluatedItems", ValueKind::Schema),
    ("unevaluatedProperties", ValueKind::Schema),
    ("uniqueItems", ValueKind::Flag),
    ("writeOnly", ValueKind::Flag),
];

/// Returns the kind of value of a keyword; `None` for an unknown keyword.
pub(super) fn value_kind(name: &str) -> Option<ValueKind> {
    let extension = || name.starts_with("x-").then_some(ValueKind::Value);
    KEYWORDS.iter().find(|(keyword, _)| *keyword == name).map(|(_, kind)| *kind).or_else(extension)
}

/// The names of all keywords.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    KEYWORDS.iter().map(|(name, _)| *name)
}

/// Returns a JSON Schema for the schemas of policies. Unlike the official meta-schema it rejects unknown keywords, so
/// that editors flag misspellings. `itself` is a reference to the returned schema.
pub(crate) fn schema(itself: &str) -> Json {
    let same = json!({ "$ref": itself });
    let names = json!({ "type": "array", "items": { "type": "string" }, "uniqueItems": true });
    let types = json!({ "enum": ["object", "array", "string", "number", "integer", "boolean", "null"] });
    let of = |kind: ValueKind| match kind {
        ValueKind::Schema => same.clone(),
        ValueKind::Schemas => json!({ "type": "array", "items": same, "minItems": 1 }),
        ValueKind::Named | ValueKind::ByPattern => json!({ "type": "object", "additionalProperties": same }),
        ValueKind::Pattern => json!({ "type": "string", "format": "regex" }),
        ValueKind::Reference => json!({ "type": "string", "pattern": "^#(/|$)" }),
        ValueKind::Identity | ValueKind::Text => json!({ "type": "string" }),
        ValueKind::Number => json!({ "type": "number" }),
        ValueKind::Count => json!({ "type": "integer", "minimum": 0 }),
        ValueKind::Flag => json!({ "type": "boolean" }),
        ValueKind::Names => names.clone(),
        ValueKind::NamesByName => json!({ "type": "object", "additionalProperties": names }),
        ValueKind::Types => json!({ "anyOf": [types, { "type": "array", "items": types, "minItems": 1, "uniqueItems": true }] }),
        ValueKind::Values => json!({ "type": "array" }),
        ValueKind::Value => json!(true),
    };
    let properties: Map<String, Json> = KEYWORDS.iter().map(|(name, kind)| ((*name).to_owned(), of(*kind))).collect();
    json!({
        "type": ["object", "boolean"],
        "properties": properties,
        "patternProperties": { "^x-": true },
        "additionalProperties": false,
    })
}

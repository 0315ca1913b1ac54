//! The keywords of JSON Schema 2020-12, and what stands in them.

use serde_json::{Map, Value as Json, json};

/// What the value of a keyword holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    /// A schema.
    Schema,
    /// An array of schemas.
    Schemas,
    /// An object whose members are schemas, under names of keys.
    Named,
    /// The same, under patterns of names.
    ByPattern,
    /// A regular expression.
    Pattern,
    /// The way to another schema.
    Reference,
    /// A name for the schema, which changes what references mean.
    Identity,
    /// A number.
    Number,
    /// How many: a whole number from 0 on.
    Count,
    /// `true` or `false`.
    Flag,
    /// A text.
    Text,
    /// Names of keys.
    Names,
    /// Names of keys, under names of keys.
    NamesByName,
    /// The name of a JSON type, or several.
    Types,
    /// An array of anything.
    Values,
    /// Anything.
    Value,
}

/// The keywords of a schema that a policy may have.
const KEYWORDS: &[(&str, Holds)] = &[
    ("$anchor", Holds::Identity),
    ("$comment", Holds::Text),
    ("$defs", Holds::Named),
    ("$id", Holds::Identity),
    ("$ref", Holds::Reference),
    ("$schema", Holds::Text),
    ("additionalProperties", Holds::Schema),
    ("allOf", Holds::Schemas),
    ("anyOf", Holds::Schemas),
    ("const", Holds::Value),
    ("contains", Holds::Schema),
    ("default", Holds::Value),
    ("dependentRequired", Holds::NamesByName),
    ("dependentSchemas", Holds::Named),
    ("deprecated", Holds::Flag),
    ("description", Holds::Text),
    ("else", Holds::Schema),
    ("enum", Holds::Values),
    ("examples", Holds::Values),
    ("exclusiveMaximum", Holds::Number),
    ("exclusiveMinimum", Holds::Number),
    ("format", Holds::Text),
    ("if", Holds::Schema),
    ("items", Holds::Schema),
    ("maxContains", Holds::Count),
    ("maxItems", Holds::Count),
    ("maxLength", Holds::Count),
    ("maxProperties", Holds::Count),
    ("maximum", Holds::Number),
    ("minContains", Holds::Count),
    ("minItems", Holds::Count),
    ("minLength", Holds::Count),
    ("minProperties", Holds::Count),
    ("minimum", Holds::Number),
    ("multipleOf", Holds::Number),
    ("not", Holds::Schema),
    ("oneOf", Holds::Schemas),
    ("pattern", Holds::Pattern),
    ("patternProperties", Holds::ByPattern),
    ("prefixItems", Holds::Schemas),
    ("properties", Holds::Named),
    ("propertyNames", Holds::Schema),
    ("readOnly", Holds::Flag),
    ("required", Holds::Names),
    ("then", Holds::Schema),
    ("title", Holds::Text),
    ("type", Holds::Types),
    ("unevaluatedItems", Holds::Schema),
    ("unevaluatedProperties", Holds::Schema),
    ("uniqueItems", Holds::Flag),
    ("writeOnly", Holds::Flag),
];

/// What a keyword holds; `None` if there is none of the name.
pub(super) fn holds(name: &str) -> Option<Holds> {
    let is_extension = || name.starts_with("x-").then_some(Holds::Value);
    KEYWORDS.iter().find(|(keyword, _)| *keyword == name).map(|(_, holds)| *holds).or_else(is_extension)
}

/// The names of all keywords.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    KEYWORDS.iter().map(|(name, _)| *name)
}

/// A JSON Schema of the schemas that a policy may have. Unlike that of the dialect itself it knows no keyword that means nothing here, so
/// that an editor sees a misspelled one. `itself` is the way to it.
pub(crate) fn schema(itself: &str) -> Json {
    let same = json!({ "$ref": itself });
    let names = json!({ "type": "array", "items": { "type": "string" }, "uniqueItems": true });
    let types = json!({ "enum": ["object", "array", "string", "number", "integer", "boolean", "null"] });
    let of = |holds: Holds| match holds {
        Holds::Schema => same.clone(),
        Holds::Schemas => json!({ "type": "array", "items": same, "minItems": 1 }),
        Holds::Named | Holds::ByPattern => json!({ "type": "object", "additionalProperties": same }),
        Holds::Pattern => json!({ "type": "string", "format": "regex" }),
        Holds::Reference => json!({ "type": "string", "pattern": "^#(/|$)" }),
        Holds::Identity | Holds::Text => json!({ "type": "string" }),
        Holds::Number => json!({ "type": "number" }),
        Holds::Count => json!({ "type": "integer", "minimum": 0 }),
        Holds::Flag => json!({ "type": "boolean" }),
        Holds::Names => names.clone(),
        Holds::NamesByName => json!({ "type": "object", "additionalProperties": names }),
        Holds::Types => json!({ "anyOf": [types, { "type": "array", "items": types, "minItems": 1, "uniqueItems": true }] }),
        Holds::Values => json!({ "type": "array" }),
        Holds::Value => json!(true),
    };
    let properties: Map<String, Json> = KEYWORDS.iter().map(|(name, holds)| ((*name).to_owned(), of(*holds))).collect();
    json!({
        "type": ["object", "boolean"],
        "properties": properties,
        "patternProperties": { "^x-": true },
        "additionalProperties": false,
    })
}

//! The keywords of JSON Schema 2020-12, and what stands in them.

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
    /// Anything else.
    Value,
}

/// The keywords of a schema that a policy may have.
const KEYWORDS: &[(&str, Holds)] = &[
    ("$anchor", Holds::Identity),
    ("$comment", Holds::Value),
    ("$defs", Holds::Named),
    ("$id", Holds::Identity),
    ("$ref", Holds::Reference),
    ("$schema", Holds::Value),
    ("additionalProperties", Holds::Schema),
    ("allOf", Holds::Schemas),
    ("anyOf", Holds::Schemas),
    ("const", Holds::Value),
    ("contains", Holds::Schema),
    ("default", Holds::Value),
    ("dependentRequired", Holds::Value),
    ("dependentSchemas", Holds::Named),
    ("deprecated", Holds::Value),
    ("description", Holds::Value),
    ("else", Holds::Schema),
    ("enum", Holds::Value),
    ("examples", Holds::Value),
    ("exclusiveMaximum", Holds::Value),
    ("exclusiveMinimum", Holds::Value),
    ("format", Holds::Value),
    ("if", Holds::Schema),
    ("items", Holds::Schema),
    ("maxContains", Holds::Value),
    ("maxItems", Holds::Value),
    ("maxLength", Holds::Value),
    ("maxProperties", Holds::Value),
    ("maximum", Holds::Value),
    ("minContains", Holds::Value),
    ("minItems", Holds::Value),
    ("minLength", Holds::Value),
    ("minProperties", Holds::Value),
    ("minimum", Holds::Value),
    ("multipleOf", Holds::Value),
    ("not", Holds::Schema),
    ("oneOf", Holds::Schemas),
    ("pattern", Holds::Pattern),
    ("patternProperties", Holds::ByPattern),
    ("prefixItems", Holds::Schemas),
    ("properties", Holds::Named),
    ("propertyNames", Holds::Schema),
    ("readOnly", Holds::Value),
    ("required", Holds::Value),
    ("then", Holds::Schema),
    ("title", Holds::Value),
    ("type", Holds::Value),
    ("unevaluatedItems", Holds::Schema),
    ("unevaluatedProperties", Holds::Schema),
    ("uniqueItems", Holds::Value),
    ("writeOnly", Holds::Value),
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

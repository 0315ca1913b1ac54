//! Cross-key rules in JSON Schema. Each corresponds to a rule in `rules/`.

use serde_json::{Value as Json, json};

use crate::apple::{SCHEDULE_OS_UPDATE, SETTINGS};
use crate::rules::{Rule, beta_offer_beside_require, beta_offer_while_off, beta_require_without_always_on};
use crate::words::sentence;

/// A rule across several keys of an object.
struct CrossKeyRule {
    /// The name of the type.
    kind: &'static str,
    /// The path to the object, from the keys of the type. `*` is an array item.
    object: &'static [&'static str],
    schema: fn() -> Json,
}

/// The cross-key rules that make a single document invalid.
static CROSS_KEY_RULES: &[CrossKeyRule] = &[
    CrossKeyRule {
        kind: SETTINGS,
        object: &["Beta"],
        schema: || {
            json!({
                "if": { "required": ["RequireProgram"] },
                "then": { "properties": { "OfferPrograms": rejected(&beta_offer_beside_require::RULE) } },
            })
        },
    },
    CrossKeyRule {
        kind: SETTINGS,
        object: &["Beta"],
        schema: || {
            json!({
                "if": { "properties": { "ProgramEnrollment": { "const": "AlwaysOff" } }, "required": ["ProgramEnrollment"] },
                "then": { "properties": { "OfferPrograms": rejected(&beta_offer_while_off::RULE) } },
            })
        },
    },
    CrossKeyRule {
        kind: SETTINGS,
        object: &["Beta"],
        schema: || {
            json!({
                "if": {
                    "properties": { "ProgramEnrollment": { "anyOf": [{ "const": "AlwaysOn" }, { "$ref": "#/$defs/placeholder" }] } },
                    "required": ["ProgramEnrollment"],
                },
                "else": { "properties": { "RequireProgram": rejected(&beta_require_without_always_on::RULE) } },
            })
        },
    },
    CrossKeyRule {
        kind: SCHEDULE_OS_UPDATE,
        object: &["Updates", "*"],
        // The rule missing-product.
        schema: || json!({ "anyOf": [{ "required": ["ProductKey"] }, { "required": ["ProductVersion"] }] }),
    },
];

/// Returns the cross-key rules for an object of a type.
pub(super) fn rules(kind: &str, object: &[&str]) -> Vec<Json> {
    CROSS_KEY_RULES.iter().filter(|rule| rule.kind == kind && rule.object == object).map(|rule| (rule.schema)()).collect()
}

/// A schema that rejects any value, so that the error is at the key that the rule reports, with the rule's summary.
pub(super) fn rejected(rule: &Rule) -> Json {
    json!({ "not": {}, "errorMessage": sentence(&rule.summary), "$comment": rule.id })
}

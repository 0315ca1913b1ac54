//! Rules across keys, in the words of JSON Schema. Each is the rule of the same name in `rules/`.

use serde_json::{Value as Json, json};

use crate::apple::{SCHEDULE_OS_UPDATE, SETTINGS};
use crate::rules::{Rule, beta_offer_beside_require, beta_offer_while_off, beta_require_without_always_on};
use crate::words::sentence;

/// A rule across the keys of an object.
struct RuleAcross {
    /// The name of the type.
    kind: &'static str,
    /// The way to the object, from the keys of the type; `*` stands for an item of an array.
    object: &'static [&'static str],
    schema: fn() -> Json,
}

/// Every rule across keys that makes a document invalid by itself.
static RULES_ACROSS: &[RuleAcross] = &[
    RuleAcross {
        kind: SETTINGS,
        object: &["Beta"],
        schema: || {
            json!({
                "if": { "required": ["RequireProgram"] },
                "then": { "properties": { "OfferPrograms": refused(&beta_offer_beside_require::RULE) } },
            })
        },
    },
    RuleAcross {
        kind: SETTINGS,
        object: &["Beta"],
        schema: || {
            json!({
                "if": { "properties": { "ProgramEnrollment": { "const": "AlwaysOff" } }, "required": ["ProgramEnrollment"] },
                "then": { "properties": { "OfferPrograms": refused(&beta_offer_while_off::RULE) } },
            })
        },
    },
    RuleAcross {
        kind: SETTINGS,
        object: &["Beta"],
        schema: || {
            json!({
                "if": {
                    "properties": { "ProgramEnrollment": { "anyOf": [{ "const": "AlwaysOn" }, { "$ref": "#/$defs/placeholder" }] } },
                    "required": ["ProgramEnrollment"],
                },
                "else": { "properties": { "RequireProgram": refused(&beta_require_without_always_on::RULE) } },
            })
        },
    },
    RuleAcross {
        kind: SCHEDULE_OS_UPDATE,
        object: &["Updates", "*"],
        // The rule missing-product.
        schema: || json!({ "anyOf": [{ "required": ["ProductKey"] }, { "required": ["ProductVersion"] }] }),
    },
];

/// The rules across the keys of an object of a type.
pub(super) fn rules(kind: &str, object: &[&str]) -> Vec<Json> {
    RULES_ACROSS.iter().filter(|rule| rule.kind == kind && rule.object == object).map(|rule| (rule.schema)()).collect()
}

/// What refuses any value, so that the fault is at the key that the rule points at, with the rule's own words.
fn refused(rule: &Rule) -> Json {
    json!({ "not": {}, "errorMessage": sentence(&rule.summary), "$comment": rule.id })
}

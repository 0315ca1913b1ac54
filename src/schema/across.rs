//! Rules across keys, in the words of JSON Schema. Each is the rule of the same name in `rules/`.

use serde_json::{Value as Json, json};

use crate::model::DeclarationType;
use crate::rules::{Rule, beta_offer_beside_require, beta_offer_while_off, beta_require_without_always_on};
use crate::words::sentence;

/// A rule across the keys of an object.
pub(super) struct RuleAcross {
    pub(super) kind: DeclarationType,
    /// The way from the payload to the object.
    pub(super) object: &'static [&'static str],
    pub(super) schema: fn() -> Json,
}

/// Every rule across keys that makes a declaration invalid by itself.
pub(super) static RULES_ACROSS: &[RuleAcross] = &[
    RuleAcross {
        kind: DeclarationType::Settings,
        object: &["Beta"],
        schema: || {
            json!({
                "if": { "required": ["RequireProgram"] },
                "then": { "properties": { "OfferPrograms": refused(&beta_offer_beside_require::RULE) } },
            })
        },
    },
    RuleAcross {
        kind: DeclarationType::Settings,
        object: &["Beta"],
        schema: || {
            json!({
                "if": { "properties": { "ProgramEnrollment": { "const": "AlwaysOff" } }, "required": ["ProgramEnrollment"] },
                "then": { "properties": { "OfferPrograms": refused(&beta_offer_while_off::RULE) } },
            })
        },
    },
    RuleAcross {
        kind: DeclarationType::Settings,
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
];

/// What refuses any value, so that the fault is at the key that the rule points at, with the rule's own words.
fn refused(rule: &Rule) -> Json {
    json!({ "not": {}, "errorMessage": sentence(rule.summary), "$comment": rule.id })
}

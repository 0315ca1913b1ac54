//! Rules across keys, in the words of JSON Schema. Each is the rule of the same name in `rules/`.

use serde_json::{Value as Json, json};

use crate::keys::Owner;
use crate::model::{DeclarationType, LegacyType};
use crate::rules::{Rule, beta_offer_beside_require, beta_offer_while_off, beta_require_without_always_on};
use crate::words::sentence;

/// A rule across the keys of an object.
pub(super) struct RuleAcross {
    pub(super) owner: Owner,
    /// The way from the payload or the command to the object; `*` stands for the items of an array.
    pub(super) object: &'static [&'static str],
    pub(super) schema: fn() -> Json,
}

/// Every rule across keys that makes a declaration invalid by itself.
pub(super) static RULES_ACROSS: &[RuleAcross] = &[
    RuleAcross {
        owner: Owner::Declaration(DeclarationType::Settings),
        object: &["Beta"],
        schema: || {
            json!({
                "if": { "required": ["RequireProgram"] },
                "then": { "properties": { "OfferPrograms": refused(&beta_offer_beside_require::RULE) } },
            })
        },
    },
    RuleAcross {
        owner: Owner::Declaration(DeclarationType::Settings),
        object: &["Beta"],
        schema: || {
            json!({
                "if": { "properties": { "ProgramEnrollment": { "const": "AlwaysOff" } }, "required": ["ProgramEnrollment"] },
                "then": { "properties": { "OfferPrograms": refused(&beta_offer_while_off::RULE) } },
            })
        },
    },
    RuleAcross {
        owner: Owner::Declaration(DeclarationType::Settings),
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
        owner: Owner::Legacy(LegacyType::ScheduleOsUpdate),
        object: &["Updates", "*"],
        // The rule missing-product.
        schema: || json!({ "anyOf": [{ "required": ["ProductKey"] }, { "required": ["ProductVersion"] }] }),
    },
];

/// What refuses any value, so that the fault is at the key that the rule points at, with the rule's own words.
fn refused(rule: &Rule) -> Json {
    json!({ "not": {}, "errorMessage": sentence(&rule.summary), "$comment": rule.id })
}

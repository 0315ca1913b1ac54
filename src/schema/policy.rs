//! The schema of policy files.

use serde_json::{Value as Json, json};

use crate::apple::Schema;
use crate::policy;

/// A policy, or an array of policies.
pub(super) fn schema() -> Json {
    let apple = Schema::built_in();
    let types: Vec<&str> = apple.declarations().map(|(_, kind)| &*kind.name).collect();
    let severities = ["error", "warning", "note"];
    json!({
        "description": "An organisation's own rules for its declarations, applied by `ddmc check --policy FILE`",
        "if": { "type": "array" },
        "then": { "items": { "$ref": "#/$defs/policy" } },
        "else": { "$ref": "#/$defs/policy" },
        "$defs": {
            "policy": {
                "type": "object",
                "required": ["schema", "message"],
                "additionalProperties": false,
                "properties": {
                    "$schema": { "type": "string" },
                    "name": {
                        "description": "The name of the policy; its findings have the rule id policy/NAME. Default: the name of the file",
                        "type": "string",
                        "pattern": policy::ID_PATTERN.replace("policy/", ""),
                        "maxLength": 60,
                        "examples": ["details-url"],
                    },
                    "type": {
                        "description": "The declaration type, or the types, that the policy applies to. Default: all",
                        "anyOf": [{ "$ref": "#/$defs/type" }, { "type": "array", "items": { "$ref": "#/$defs/type" }, "minItems": 1 }],
                    },
                    "on": {
                        "description": "What the policy checks: each declaration, or the merged settings that are active together",
                        "enum": ["declaration", "merged"],
                        "default": "declaration",
                    },
                    "severity": { "description": "The severity of a violation", "enum": severities, "default": "error" },
                    "message": {
                        "description": "The message for a violation, in one line",
                        "type": "string",
                        "minLength": 1,
                        "examples": ["DetailsURL must be one of our pages"],
                    },
                    "schema": {
                        "description": "A JSON Schema (2020-12) for the whole declaration; payload keys are under properties.Payload.properties",
                        "$ref": "#/$defs/schema",
                    },
                },
            },
            "schema": policy::schema_of_schemas("#/$defs/schema"),
            "type": { "type": "string", "pattern": r"^com\.apple\.", "examples": types },
        },
    })
}

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
        "description": "Rules of an organisation's own about its declarations, which `ddmc check --policy FILE` applies",
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
                        "description": "The name; findings have the id policy/NAME. By default that of the file",
                        "type": "string",
                        "pattern": policy::ID_PATTERN.replace("policy/", ""),
                        "maxLength": 60,
                        "examples": ["details-url"],
                    },
                    "type": {
                        "description": "The type of the declarations that it is about, or several; by default every declaration",
                        "anyOf": [{ "$ref": "#/$defs/type" }, { "type": "array", "items": { "$ref": "#/$defs/type" }, "minItems": 1 }],
                    },
                    "on": {
                        "description": "What it is applied to: each declaration, or what settings say together that are active together",
                        "enum": ["declaration", "merged"],
                        "default": "declaration",
                    },
                    "severity": { "description": "How much a violation matters", "enum": severities, "default": "error" },
                    "message": {
                        "description": "What is wrong where the schema is violated, in one line",
                        "type": "string",
                        "minLength": 1,
                        "examples": ["DetailsURL must be a page of ours"],
                    },
                    "schema": {
                        "description": "A JSON Schema (2020-12) of the whole declaration, so that keys stand in properties.Payload.properties",
                        "$ref": "#/$defs/schema",
                    },
                },
            },
            "schema": policy::schema_of_schemas("#/$defs/schema"),
            "type": { "type": "string", "pattern": r"^com\.apple\.", "examples": types },
        },
    })
}

//! What the published schemas cannot say, or say more strictly than `ddmc check`: the one list of it.
//!
//! A document without an error is one that its schema takes, and the other way round, but for this. Each schema carries its part of the
//! list under `x-ddmc`, and `tests/schemas.rs` proves it from there.

use serde_json::{Value as Json, json};

use crate::document;

/// Something on which a schema and `ddmc check` differ.
struct Limit {
    /// The rule that finds it; without one, the schema refuses what the program takes.
    rule: Option<&'static str>,
    /// Why.
    reason: &'static str,
    /// The types whose schemas it is about, beside that of all declarations.
    types: &'static [&'static str],
    /// Whether it is about the payload, also where that stands alone.
    is_in_payload: bool,
    /// A declaration that only one of the two takes.
    example: &'static str,
}

const EVERY: &[&str] = &["softwareupdate.settings", "softwareupdate.enforcement.specific", "activation.simple"];

/// For each type the keys of a payload that is right, and one more, for the examples that are about every type.
const PAYLOADS: [(&str, &str, &str, &str); 3] = [
    (
        "softwareupdate.settings",
        "com.apple.configuration.softwareupdate.settings",
        r#""Notifications": true"#,
        r#""AllowStandardUserOSUpdates": false"#,
    ),
    (
        "softwareupdate.enforcement.specific",
        "com.apple.configuration.softwareupdate.enforcement.specific",
        r#""TargetOSVersion": "26.1", "TargetLocalDateTime": "2026-06-30T18:00:00""#,
        r#""DetailsURL": "https://www.example.com/updates""#,
    ),
    ("activation.simple", "com.apple.activation.simple", r#""StandardConfigurations": ["a"]"#, r#""Predicate": "TRUEPREDICATE""#),
];

/// Every difference there is.
static LIMITS: &[Limit] = &[
    Limit {
        rule: Some("invalid-identifier"),
        reason: "JSON Schema counts characters, and an identifier has 64 octets",
        types: EVERY,
        is_in_payload: false,
        example: r#"{ "Type": "@TYPE", "Identifier": "ääääääääääääääääääääääääääääääääääääääää", "Payload": { @KEYS } }"#,
    },
    Limit {
        rule: Some("invalid-server-token"),
        reason: "the same for a server token",
        types: EVERY,
        is_in_payload: false,
        example: r#"{ "Type": "@TYPE", "Identifier": "a", "ServerToken": "ääääääääääääääääääääääääääääääääääääääää", "Payload": { @KEYS } }"#,
    },
    Limit {
        rule: Some("build-version-mismatch"),
        reason: "whether a build belongs to a version is arithmetic",
        types: &["softwareupdate.enforcement.specific"],
        is_in_payload: true,
        example: r#"{ "Type": "com.apple.configuration.softwareupdate.enforcement.specific", "Identifier": "a", "Payload": { "TargetOSVersion": "14.1", "TargetBuildVersion": "20A242", "TargetLocalDateTime": "2026-06-30T18:00:00" } }"#,
    },
    Limit {
        rule: Some("unknown-type"),
        reason: "a schema cannot tell a type of Apple's that it does not list from a misspelled one",
        types: &[],
        is_in_payload: false,
        example: r#"{ "Type": "com.apple.configuration.softwareupdate.setings", "Identifier": "a", "Payload": {} }"#,
    },
    Limit {
        rule: Some("duplicate-key"),
        reason: "a schema sees what was parsed, and parsers keep one of two keys of a name",
        types: EVERY,
        is_in_payload: true,
        example: r#"{ "Type": "@TYPE", "Identifier": "a", "Payload": { @KEYS, @MORE, @MORE } }"#,
    },
    Limit {
        rule: None,
        reason: "a payload alone could be of any type; each has a schema of its own",
        types: &[],
        is_in_payload: false,
        example: r#"{ "Notifications": true }"#,
    },
    Limit {
        rule: None,
        reason: "a placeholder in place of an object or an array is filled in by nobody that is known, and would spoil the help of editors",
        types: &["softwareupdate.settings", "activation.simple"],
        is_in_payload: true,
        example: r#"{ "Type": "com.apple.configuration.softwareupdate.settings", "Identifier": "a", "Payload": { "Deferrals": "$FLEET_VAR_DEFERRALS" } }"#,
    },
    Limit {
        rule: None,
        reason: "a type that a template fills in could be any, and the schema of a type wants that type",
        types: EVERY,
        is_in_payload: false,
        example: r#"{ "Type": "${TYPE}", "Identifier": "a", "Payload": { @KEYS } }"#,
    },
    Limit {
        rule: None,
        reason: "a placeholder in place of the updates is filled in by nobody that is known, and would spoil the help of editors",
        types: &["ScheduleOSUpdate"],
        is_in_payload: true,
        example: r#"{ "Command": { "RequestType": "ScheduleOSUpdate", "Updates": "${UPDATES}" } }"#,
    },
    Limit {
        rule: None,
        reason: "a type that a template fills in could be any, and the schema of a type wants that type",
        types: &["ScheduleOSUpdate"],
        is_in_payload: true,
        example: r#"{ "Command": { "RequestType": "${COMMAND}", "Updates": [] } }"#,
    },
];

/// What a schema does not say, in the form in which it carries that. `schema` is its name without what all types begin with.
pub(super) fn of(schema: &str) -> Vec<Json> {
    let payload = schema.strip_suffix(".payload");
    let is_meant = |limit: &&Limit| match payload {
        Some(kind) => limit.is_in_payload && limit.types.contains(&kind),
        None => limit.types.contains(&schema) || (schema == "declarations" && limit.is_of_every()),
    };
    LIMITS.iter().filter(is_meant).map(|limit| limit.to_json(payload.unwrap_or(schema), payload.is_some())).collect()
}

impl Limit {
    /// Whether the schema of all declarations has it: that one takes any type.
    fn is_of_every(&self) -> bool {
        !self.example.contains("${TYPE}")
    }

    fn to_json(&self, kind: &str, is_payload: bool) -> Json {
        // Any type does for the schema of all.
        let of = PAYLOADS.iter().find(|(short, ..)| *short == kind).unwrap_or(&PAYLOADS[0]);
        let (_, name, keys, more) = of;
        let example = self.example.replace("@TYPE", name).replace("@KEYS", keys).replace("@MORE", more);
        let mut spare = document::Spare::default();
        let parsed = document::parse_json(example.as_bytes(), &mut spare).document;
        // Its text, so that a key that stands there twice does.
        let payload = parsed.as_ref().filter(|_| is_payload).and_then(|document| {
            let root = document.root();
            root.member("Payload").or_else(|| root.member("Command"))
        });
        let example = payload.map_or(example.as_str(), |payload| payload.text());
        let mut limit = json!({ "reason": self.reason, "example": example });
        if let Some(rule) = self.rule {
            limit["rule"] = rule.into();
        }
        limit
    }
}

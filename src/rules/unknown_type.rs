//! `unknown-type`

use super::spot;
use crate::diagnostic::{Draft, Example, Rule, Severity};
use crate::read::Problem;
use crate::words::shown;

pub(crate) static RULE: Rule = Rule::new(
    "unknown-type",
    Severity::Error,
    "Type is not a declaration type of Apple's, or PayloadType no payload type",
    "A device reports a type that it does not know as Error.UnknownDeclarationType and ignores the declaration. For software \
     updates there are two: com.apple.configuration.softwareupdate.settings and \
     com.apple.configuration.softwareupdate.enforcement.specific. The payload of an unknown type is not checked. \
     A profile holds payloads and no declarations: devices refuse a profile with a declaration type in it.",
    &[
        Example {
            document: r#"{ "Type": "com.apple.activation.simpel", "Identifier": "com.example.all", "Payload": { "StandardConfigurations": [] } }"#,
            options: &[],
            finds: &[("/Type", Severity::Error)],
        },
        Example {
            document: r#"{ "Type": "com.apple.configuration.softwareupdate.enforcement", "Identifier": "com.example.enforce", "Payload": {} }"#,
            options: &[],
            finds: &[("/Type", Severity::Error)],
        },
        Example {
            document: r#"{ "Type": "com.apple.activation.simple", "Identifier": "com.example.all", "Payload": { "StandardConfigurations": [] } }"#,
            options: &[],
            finds: &[],
        },
        Example {
            document: r#"{ "Type": "com.apple.configuration.passcode.settings", "Identifier": "com.example.passcode", "Payload": {} }"#,
            options: &[],
            finds: &[],
        },
        Example {
            document: r#"{
  "PayloadType": "Configuration", "PayloadVersion": 1, "PayloadIdentifier": "com.example.profile", "PayloadUUID": "5C8F1B8E-0001",
  "PayloadContent": [
    {
      "PayloadType": "com.apple.configuration.softwareupdate.settings",
      "PayloadVersion": 1, "PayloadIdentifier": "com.example.profile.updates", "PayloadUUID": "5C8F1B8E-0002"
    }
  ]
}"#,
            options: &[],
            finds: &[("/PayloadContent/0/PayloadType", Severity::Error)],
        },
    ],
);

/// A payload of a profile that Apple does not have; `meant` is the one that was probably meant.
pub(super) fn payload(problem: &Problem, name: &str, meant: Option<&str>, is_declaration: bool) -> Draft {
    let name = shown(name);
    let at = |message: String| RULE.at(spot(problem), message);
    match meant {
        _ if is_declaration => at(format!("{name} is a declaration type, and no payload of a profile"))
            .help("publish it as a declaration: { \"Type\": …, \"Identifier\": …, \"Payload\": { … } }"),
        Some(meant) => at(format!("Apple has no payload type {name}; did you mean {meant}?")).help(format!("write {meant}")),
        None => at(format!("Apple's documentation has no payload type {name}"))
            .help("remove the payload; settings for updates are a softwareupdate.settings declaration")
            .severity(Severity::Warning),
    }
}

//! `unknown-type`

use super::{Check, Example, Rule, unfit};
use crate::finding::{Fault, Severity};
use crate::model::Form;
use crate::read::{Problem, ProblemKind};
use crate::words::shown;

pub(super) static RULE: Rule = Rule {
    id: "unknown-type",
    severity: Severity::Error,
    is_optional: false,
    summary: "Type is not a declaration type of Apple's, or PayloadType no payload type",
    explanation: "A device reports a type that it does not know as Error.UnknownDeclarationType and ignores the declaration. For software \
                  updates there are two: com.apple.configuration.softwareupdate.settings and \
                  com.apple.configuration.softwareupdate.enforcement.specific. The payload of an unknown type is not checked. \
                  A profile holds payloads and no declarations: devices refuse a profile with a declaration type in it.",
    examples: &[
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
    check: Check::Problem(check),
};

fn check(problem: &Problem) -> Option<Fault> {
    match &problem.kind {
        ProblemKind::UnknownPayload { name, meant, is_declaration } => Some(payload(name, *meant, *is_declaration)),
        _ => unfit(problem, Form::DeclarationType),
    }
}

/// A payload of a profile that is none.
fn payload(name: &str, meant: Option<&str>, is_declaration: bool) -> Fault {
    let name = shown(name);
    if is_declaration {
        return Fault::new(format!("{name} is a declaration type, and no payload of a profile"))
            .help("publish it as a declaration: { \"Type\": …, \"Identifier\": …, \"Payload\": { … } }");
    }
    match meant {
        Some(meant) => Fault::new(format!("Apple has no payload type {name}; did you mean {meant}?")).help(format!("write {meant}")),
        None => Fault::new(format!("Apple's documentation has no payload type {name}"))
            .help("remove the payload; settings for updates are a softwareupdate.settings declaration")
            .severity(Severity::Warning),
    }
}

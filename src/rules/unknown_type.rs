//! `unknown-type`

use super::{Check, Example, Rule, unfit};
use crate::finding::{Fault, Severity};
use crate::model::Form;
use crate::read::Problem;

pub(super) static RULE: Rule = Rule {
    id: "unknown-type",
    severity: Severity::Error,
    is_optional: false,
    summary: "Type is not a declaration type of Apple's",
    explanation: "A device reports a type that it does not know as Error.UnknownDeclarationType and ignores the declaration. For software \
                  updates there are two: com.apple.configuration.softwareupdate.settings and \
                  com.apple.configuration.softwareupdate.enforcement.specific. The payload of an unknown type is not checked.",
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
    ],
    check: Check::Problem(check),
};

fn check(problem: &Problem) -> Option<Fault> {
    unfit(problem, Form::DeclarationType)
}

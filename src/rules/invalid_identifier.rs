//! `invalid-identifier`

use super::{Check, Example, Rule, unfit};
use crate::finding::{Fault, Severity};
use crate::model::Form;
use crate::read::Problem;

pub(super) static RULE: Rule = Rule {
    id: "invalid-identifier",
    severity: Severity::Error,
    is_optional: false,
    summary: "Identifier is empty or longer than 64 octets",
    explanation: "The identifier names the declaration to the server, the device and other declarations. It has 1 to 64 octets of UTF-8: an \
                  umlaut counts as two, an emoji as four.",
    examples: &[
        Example {
            document: r#"{ "Type": "com.apple.activation.simple", "Identifier": "", "Payload": { "StandardConfigurations": [] } }"#,
            options: &[],
            finds: &[("/Identifier", Severity::Error)],
        },
        Example {
            document: r#"{ "Type": "com.apple.activation.simple", "Identifier": "com.example.üüüüüüüüüüüüüüüüüüüüüüüüüüü", "Payload": { "StandardConfigurations": [] } }"#,
            options: &[],
            finds: &[("/Identifier", Severity::Error)],
        },
        Example {
            document: r#"{ "Type": "com.apple.activation.simple", "Identifier": "com.example.all", "Payload": { "StandardConfigurations": [] } }"#,
            options: &[],
            finds: &[],
        },
    ],
    check: Check::Problem(check),
};

fn check(problem: &Problem) -> Option<Fault> {
    unfit(problem, Form::Identifier)
}

//! `invalid-identifier`

use super::{Check, Example, Rule, unfit};
use crate::finding::{Fault, Severity};
use crate::model::Form;
use crate::read::Problem;

pub(super) static RULE: Rule = Rule {
    id: "invalid-identifier",
    severity: Severity::Error,
    summary: "Identifier is empty or longer than 64 octets",
    explanation: "The identifier names the declaration to the server, the device and other declarations. It has 1 to 64 octets of UTF-8: an \
                  umlaut counts as two, an emoji as four.",
    examples: &[
        Example {
            document: r#"{ "Type": "com.apple.activation.simple", "Identifier": "", "Payload": { "StandardConfigurations": [] } }"#,
            finds: &[("/Identifier", Severity::Error)],
        },
        Example {
            document: r#"{ "Type": "com.apple.activation.simple", "Identifier": "com.example.üüüüüüüüüüüüüüüüüüüüüüüüüüü", "Payload": { "StandardConfigurations": [] } }"#,
            finds: &[("/Identifier", Severity::Error)],
        },
        Example {
            document: r#"{ "Type": "com.apple.activation.simple", "Identifier": "com.example.all", "Payload": { "StandardConfigurations": [] } }"#,
            finds: &[],
        },
    ],
    check: Check::Problem(check),
};

fn check(problem: &Problem) -> Option<Fault> {
    unfit(problem, Form::Identifier)
}

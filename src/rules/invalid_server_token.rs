//! `invalid-server-token`

use super::{Check, Example, Rule, unfit};
use crate::finding::{Fault, Severity};
use crate::model::Form;
use crate::read::Problem;

pub(super) static RULE: Rule = Rule {
    id: "invalid-server-token",
    severity: Severity::Error,
    is_optional: false,
    summary: "ServerToken is empty or longer than 64 octets",
    explanation: "The token names one revision of the declaration, and a device looks at a declaration again only when it changes. An empty one \
                  can never change. Servers compute the token and overwrite what an author wrote, so sources leave the key out.",
    examples: &[
        Example {
            document: r#"{ "Type": "com.apple.activation.simple", "Identifier": "com.example.all", "ServerToken": "", "Payload": { "StandardConfigurations": [] } }"#,
            options: &[],
            finds: &[("/ServerToken", Severity::Error)],
        },
        Example {
            document: r#"{ "Type": "com.apple.activation.simple", "Identifier": "com.example.all", "Payload": { "StandardConfigurations": [] } }"#,
            options: &[],
            finds: &[],
        },
        Example {
            document: r#"{ "Type": "com.apple.activation.simple", "Identifier": "com.example.all", "ServerToken": "2026-01-31", "Payload": { "StandardConfigurations": [] } }"#,
            options: &[],
            finds: &[],
        },
    ],
    check: Check::Problem(check),
};

fn check(problem: &Problem) -> Option<Fault> {
    unfit(problem, Form::ServerToken)
}

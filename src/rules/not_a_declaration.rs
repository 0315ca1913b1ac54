//! `not-a-declaration`

use super::{Check, Example, Rule};
use crate::document::Kind;
use crate::finding::{Fault, Severity};
use crate::read::{Problem, ProblemKind};

pub(super) static RULE: Rule = Rule {
    id: "not-a-declaration",
    severity: Severity::Error,
    is_optional: false,
    summary: "a document is not a declaration",
    explanation: "A declaration is an object with the keys Type, Identifier and Payload. Some consoles take the payload alone: an \
                  object with keys of a payload. The documents that declarations replace are checked too: the commands about updates, the answers \
                  to them, and profiles with settings for updates. Files found in a folder that are none of these are passed over; files named on the \
                  command line are not.",
    examples: &[
        Example {
            document: r#"[ null, { "name": "ddmc" } ]"#,
            options: &[],
            finds: &[("", Severity::Error), ("", Severity::Error)],
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
    let ProblemKind::NotADeclaration { found, other } = &problem.kind else { return None };
    Some(if let Some(other) = other {
        Fault::new(format!("this is {other}")).help("check the right file")
    } else if *found == Kind::Object {
        Fault::new("this object is not a declaration: it has none of the keys Type, Identifier and Payload")
            .help("check the right file, or write Type, Identifier and Payload around the settings")
    } else {
        Fault::new(format!("a declaration is an object, but this is {found}"))
            .help(r#"write { "Type": "com.apple.…", "Identifier": "…", "Payload": { … } }"#)
    })
}

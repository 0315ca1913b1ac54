//! `duplicate-key`

use super::{Check, Example, Rule};
use crate::finding::{Fault, Severity, Spot};
use crate::read::{Problem, ProblemKind};
use crate::words::shown;

pub(super) static RULE: Rule = Rule {
    id: "duplicate-key",
    severity: Severity::Error,
    is_optional: false,
    summary: "an object has the same key twice",
    explanation: "JSON leaves open which of the two values counts, and readers differ: the server may take one and the device the \
                  other, without a word. Keep one of them.",
    examples: &[
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.settings",
  "Identifier": "com.example.settings",
  "Payload": { "Notifications": true, "Notifications": false }
}"#,
            options: &[],
            finds: &[("/Payload/Notifications", Severity::Error)],
        },
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.settings",
  "Identifier": "com.example.settings",
  "Payload": { "Notifications": false }
}"#,
            options: &[],
            finds: &[],
        },
    ],
    check: Check::Problem(check),
};

fn check(problem: &Problem) -> Option<Fault> {
    let ProblemKind::DuplicateKey { key, first } = &problem.kind else { return None };
    let key = shown(key);
    Some(
        Fault::new(format!("{key} appears twice in the same object"))
            .help("keep one of the two; which one a reader takes is undefined")
            .related("it appears first here", Spot::Bytes(first.clone())),
    )
}

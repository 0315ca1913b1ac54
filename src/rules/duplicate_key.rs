//! `duplicate-key`

use std::ops::Range;

use super::spot;
use crate::diagnostic::{Draft, Example, Rule, Severity, Spot};
use crate::read::Problem;
use crate::words::shown;

pub(crate) static RULE: Rule = Rule::new(
    "duplicate-key",
    Severity::Error,
    "an object has the same key twice",
    "JSON leaves open which of the two values counts, and readers differ: the server may take one and the device the \
     other, without a word. Keep one of them.",
    &[
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
);

pub(super) fn diagnostic(problem: &Problem, key: &str, first: &Range<usize>) -> Draft {
    RULE.at(spot(problem), format!("{} appears twice in the same object", shown(key)))
        .help("keep one of the two; which one a reader takes is undefined")
        .related("it appears first here", Spot::at(&problem.pointer, first.clone()))
}

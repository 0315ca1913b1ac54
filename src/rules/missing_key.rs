//! `missing-key`

use std::ops::Range;

use super::spot;
use crate::diagnostic::{Draft, Example, Rule, Severity, Spot};
use crate::read::{MissingKey, Problem, Suggestion};
use crate::words::{list, shown};

pub(crate) static RULE: Rule = Rule::new(
    "missing-key",
    Severity::Error,
    "a required key is missing",
    "A declaration without a key that Apple requires fails to load. Required are Type, Identifier and Payload around \
     every payload (ServerToken only in what is sent to a device: servers add it), TargetOSVersion and \
     TargetLocalDateTime in an enforcement, StandardConfigurations in an activation, and Description and Token in a \
     beta program.",
    &[
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.enforcement.specific",
  "Payload": { "TargetOSVersion": "26.1" }
}"#,
            options: &[],
            finds: &[("", Severity::Error), ("/Payload", Severity::Error)],
        },
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.enforcement.specific",
  "Identifier": "com.example.enforce",
  "Payload": { "TargetOSVersion": "26.1", "TargetLocalDateTime": "2026-01-31T18:00:00" }
}"#,
            options: &[],
            finds: &[],
        },
    ],
);

/// `meant` are keys that were probably meant to be the missing ones: what stands there, what to do with it, and where.
pub(super) fn diagnostic(problem: &Problem, keys: &[MissingKey], meant: &[(String, Suggestion, Range<usize>)]) -> Draft {
    let names: Vec<&str> = keys.iter().map(|key| key.name).collect();
    let verb = if names.len() == 1 { "is" } else { "are" };
    let place = if problem.pointer.is_empty() { String::new() } else { format!(" in {}", problem.name) };
    let mut diagnostic = RULE.at(spot(problem), format!("{} {verb} missing{place}", list(&names, "and")));
    let mut help = Vec::new();
    for (key, suggestion, span) in meant {
        let key = shown(key);
        let (label, advice) = match suggestion {
            Suggestion::Unwrap(inner) => {
                ("they are in here".to_owned(), format!("write {} without {key} around them", list(inner, "and")))
            }
            Suggestion::Respell(name) => (format!("probably meant as {name}"), format!("rename {key} to {name}")),
            _ => continue,
        };
        diagnostic = diagnostic.related(label, Spot::at(&problem.pointer, span.clone()));
        help.push(advice);
    }
    if help.is_empty() {
        let examples: Vec<String> = keys.iter().map(|key| format!("\"{}\": {}", key.name, key.example)).collect();
        let meaning = if let [only] = keys { format!(" ({})", only.meaning) } else { String::new() };
        help.push(format!("add {}{meaning}", list(&examples, "and")));
    }
    diagnostic.help(help.join("; "))
}

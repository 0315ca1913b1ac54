//! `missing-key`

use super::{Check, Example, Rule};
use crate::finding::{Fault, Severity, Spot};
use crate::read::{Problem, ProblemKind, Suggestion};
use crate::words::{list, shown};

pub(super) static RULE: Rule = Rule {
    id: "missing-key",
    severity: Severity::Error,
    is_optional: false,
    summary: "a required key is missing",
    explanation: "A declaration without a key that Apple requires fails to load. Required are Type, Identifier and Payload around \
                  every payload (ServerToken only in what is sent to a device: servers add it), TargetOSVersion and \
                  TargetLocalDateTime in an enforcement, StandardConfigurations in an activation, and Description and Token in a \
                  beta program.",
    examples: &[
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
    check: Check::Problem(check),
};

fn check(problem: &Problem) -> Option<Fault> {
    let ProblemKind::MissingKeys { keys, meant } = &problem.kind else { return None };
    let names: Vec<&str> = keys.iter().map(|key| key.name).collect();
    let verb = if names.len() == 1 { "is" } else { "are" };
    let place = if problem.pointer.is_empty() { String::new() } else { format!(" in {}", problem.name) };
    let mut fault = Fault::new(format!("{} {verb} missing{place}", list(&names, "and")));
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
        fault = fault.related(label, Spot::Bytes(span.clone()));
        help.push(advice);
    }
    if help.is_empty() {
        let examples: Vec<String> = keys.iter().map(|key| format!("\"{}\": {}", key.name, key.example)).collect();
        let meaning = if let [only] = keys.as_slice() { format!(" ({})", only.meaning) } else { String::new() };
        help.push(format!("add {}{meaning}", list(&examples, "and")));
    }
    Some(fault.help(help.join("; ")))
}

//! `unknown-value`

use super::{Check, Example, Rule};
use crate::fix::{Proposal, Remedy};
use crate::finding::{Fault, Severity};
use crate::read::{Problem, ProblemKind};
use crate::words::{list, nearest, shown};

pub(super) static RULE: Rule = Rule {
    id: "unknown-value",
    severity: Severity::Error,
    is_optional: false,
    summary: "a string is none of the values of its key",
    explanation: "The key takes one of a few strings, and their case counts. A device refuses a declaration with any other string.",
    examples: &[
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.settings",
  "Identifier": "com.example.settings",
  "Payload": { "AutomaticActions": { "Download": "alwaysOn" }, "RecommendedCadence": "Latest" }
}"#,
            options: &[],
            finds: &[("/Payload/AutomaticActions/Download", Severity::Error), ("/Payload/RecommendedCadence", Severity::Error)],
        },
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.settings",
  "Identifier": "com.example.settings",
  "Payload": { "AutomaticActions": { "Download": "AlwaysOn" }, "RecommendedCadence": "Newest" }
}"#,
            options: &[],
            finds: &[],
        },
    ],
    check: Check::Problem(check),
};

fn check(problem: &Problem) -> Option<Fault> {
    let ProblemKind::UnknownValue { value, values } = &problem.kind else { return None };
    let message = if value.is_empty() {
        format!("{} is empty, but must be {}", problem.name, list(values, "or"))
    } else {
        format!("{} is \"{}\", but must be {}", problem.name, shown(value), list(values, "or"))
    };
    let fault = Fault::new(message);
    Some(match nearest(value.trim(), values.iter().copied()) {
        Some(near) => {
            let fix = Proposal::safe(Remedy::Replace(format!("\"{near}\"")), format!("write \"{near}\""));
            fault.help(format!("did you mean \"{near}\"?")).fix(Some(fix))
        }
        None => fault.help(format!("write {}", list(&values.iter().map(|value| format!("\"{value}\"")).collect::<Vec<_>>(), "or"))),
    })
}

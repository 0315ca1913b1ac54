//! `unknown-value`

use super::spot;
use crate::diagnostic::{Draft, Example, Proposal, Remedy, Rule, Severity};
use crate::read::Problem;
use crate::words::{list, nearest, shown};

pub(crate) static RULE: Rule = Rule::new(
    "unknown-value",
    Severity::Error,
    "a string is none of the values of its key",
    "The key takes one of a few strings, and their case counts. A device refuses a declaration with any other string.",
    &[
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
);

pub(super) fn diagnostic(problem: &Problem, value: &str, values: &[&str]) -> Draft {
    let message = if value.is_empty() {
        format!("{} is empty, but must be {}", problem.name, list(values, "or"))
    } else {
        format!("{} is \"{}\", but must be {}", problem.name, shown(value), list(values, "or"))
    };
    let diagnostic = RULE.at(spot(problem), message);
    match nearest(value.trim(), values.iter().copied()) {
        Some(near) => {
            let fix = Proposal::safe(Remedy::Replace(format!("\"{near}\"")), format!("write \"{near}\""));
            diagnostic.help(format!("did you mean \"{near}\"?")).fix(fix)
        }
        None => diagnostic
            .help(format!("write {}", list(&values.iter().map(|value| format!("\"{value}\"")).collect::<Vec<_>>(), "or"))),
    }
}

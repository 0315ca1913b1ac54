//! `out-of-range`

use super::{Check, Example, Rule};
use crate::fix::{Proposal, Remedy};
use crate::finding::{Fault, Severity};
use crate::read::{Problem, ProblemKind};
use crate::words::shown;

pub(super) static RULE: Rule = Rule {
    id: "out-of-range",
    severity: Severity::Error,
    is_optional: false,
    summary: "a number lies outside the range of its key",
    explanation: "Apple gives the key a smallest and a largest value; a device refuses a declaration with any other. Deferrals are \
                  1 to 90 days. To defer nothing, leave the key out.",
    examples: &[
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.settings",
  "Identifier": "com.example.deferrals",
  "Payload": { "Deferrals": { "MajorPeriodInDays": 120, "MinorPeriodInDays": 0 } }
}"#,
            options: &[],
            finds: &[
                ("/Payload/Deferrals/MajorPeriodInDays", Severity::Error),
                ("/Payload/Deferrals/MinorPeriodInDays", Severity::Error),
            ],
        },
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.settings",
  "Identifier": "com.example.deferrals",
  "Payload": { "Deferrals": { "MajorPeriodInDays": 90, "MinorPeriodInDays": 1 } }
}"#,
            options: &[],
            finds: &[],
        },
    ],
    check: Check::Problem(check),
};

fn check(problem: &Problem) -> Option<Fault> {
    let ProblemKind::OutOfRange { value, min, max } = &problem.kind else { return None };
    let (nearest, help) = if value.starts_with('-') || value == "0" {
        (min, format!("use {min}, the smallest value there is, or leave the key out"))
    } else {
        (max, format!("use {max}, the largest value there is"))
    };
    let fix = Proposal::unsafe_(Remedy::Replace(nearest.to_string()), format!("write {nearest}"));
    Some(Fault::new(format!("{} is {}, but must lie between {min} and {max}", problem.name, shown(value))).help(help).fix(Some(fix)))
}

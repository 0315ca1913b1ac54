//! `out-of-range`

use super::spot;
use crate::diagnostic::{Draft, Example, Proposal, Remedy, Rule, Severity};
use crate::read::Problem;
use crate::words::shown;

pub(crate) static RULE: Rule = Rule::new(
    "out-of-range",
    Severity::Error,
    "a number lies outside the range of its key",
    "Apple gives the key a smallest and a largest value; a device refuses a declaration with any other. Deferrals are \
     1 to 90 days. To defer nothing, leave the key out.",
    &[
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
);

pub(super) fn diagnostic(problem: &Problem, value: &str, min: i64, max: i64) -> Draft {
    let (nearest, help) = if value.starts_with('-') || value == "0" {
        (min, format!("use {min}, the smallest value there is, or leave the key out"))
    } else {
        (max, format!("use {max}, the largest value there is"))
    };
    RULE.at(spot(problem), format!("{} is {}, but must lie between {min} and {max}", problem.name, shown(value)))
        .help(help)
        .fix(Proposal::unsafe_(Remedy::Replace(nearest.to_string()), format!("write {nearest}")))
}

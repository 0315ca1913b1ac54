//! `invalid-local-date-time`

use super::{Check, Example, Rule, unfit};
use crate::finding::{Fault, Severity};
use crate::model::Form;
use crate::read::Problem;

pub(super) static RULE: Rule = Rule {
    id: "invalid-local-date-time",
    severity: Severity::Error,
    is_optional: false,
    summary: "TargetLocalDateTime is not a real date and time in the form YYYY-MM-DDTHH:MM:SS",
    explanation: "The value is the local time of each device, so it has no zone, no Z and no offset; nor has it a fraction of a second. Seconds \
                  are required, and the date must exist in the calendar.",
    examples: &[
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.enforcement.specific",
  "Identifier": "com.example.enforce",
  "Payload": { "TargetOSVersion": "26.1", "TargetLocalDateTime": "2026-01-31T18:00:00Z" }
}"#,
            options: &[],
            finds: &[("/Payload/TargetLocalDateTime", Severity::Error)],
        },
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.enforcement.specific",
  "Identifier": "com.example.enforce",
  "Payload": { "TargetOSVersion": "26.1", "TargetLocalDateTime": "2026-02-29T18:00:00" }
}"#,
            options: &[],
            finds: &[("/Payload/TargetLocalDateTime", Severity::Error)],
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
    unfit(problem, Form::LocalDateTime)
}

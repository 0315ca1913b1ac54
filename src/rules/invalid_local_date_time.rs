//! `invalid-local-date-time`

use crate::diagnostic::{Example, Rule, Severity};

pub(crate) static RULE: Rule = Rule::new(
    "invalid-local-date-time",
    Severity::Error,
    "TargetLocalDateTime is not a real date and time in the form YYYY-MM-DDTHH:MM:SS",
    "The value is the local time of each device, so it has no zone, no Z and no offset; nor has it a fraction of a second. Seconds \
     are required, and the date must exist in the calendar.",
    &[
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
);

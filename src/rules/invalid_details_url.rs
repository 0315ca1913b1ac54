//! `invalid-details-url`

use super::{Check, Example, Rule, unfit};
use crate::finding::{Fault, Severity};
use crate::model::Form;
use crate::read::Problem;

pub(super) static RULE: Rule = Rule {
    id: "invalid-details-url",
    severity: Severity::Error,
    is_optional: false,
    summary: "DetailsURL is not the absolute URL of a web page",
    explanation: "The device opens the page in a browser. Without a scheme and a host there is nothing to open (error); with a scheme other than \
                  http or https, or with white space in it, it is not known what the device does (warning).",
    examples: &[
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.enforcement.specific",
  "Identifier": "com.example.enforce",
  "Payload": { "TargetOSVersion": "26.1", "TargetLocalDateTime": "2026-01-31T18:00:00", "DetailsURL": "www.example.com/updates" }
}"#,
            options: &[],
            finds: &[("/Payload/DetailsURL", Severity::Error)],
        },
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.enforcement.specific",
  "Identifier": "com.example.enforce",
  "Payload": { "TargetOSVersion": "26.1", "TargetLocalDateTime": "2026-01-31T18:00:00", "DetailsURL": "mailto:it@example.com" }
}"#,
            options: &[],
            finds: &[("/Payload/DetailsURL", Severity::Warning)],
        },
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.enforcement.specific",
  "Identifier": "com.example.enforce",
  "Payload": { "TargetOSVersion": "26.1", "TargetLocalDateTime": "2026-01-31T18:00:00", "DetailsURL": "https://www.example.com/updates" }
}"#,
            options: &[],
            finds: &[],
        },
    ],
    check: Check::Problem(check),
};

fn check(problem: &Problem) -> Option<Fault> {
    unfit(problem, Form::Url)
}

//! `invalid-build-version`

use super::{Check, Example, Rule, unfit};
use crate::finding::{Fault, Severity};
use crate::model::Form;
use crate::read::Problem;

pub(super) static RULE: Rule = Rule {
    id: "invalid-build-version",
    severity: Severity::Error,
    is_optional: false,
    summary: "TargetBuildVersion is not a build",
    explanation: "A build is digits, one capital letter, digits, and for betas and Background Security Improvements one lower-case letter. An \
                  empty string is no way to name none: leave the key out.",
    examples: &[
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.enforcement.specific",
  "Identifier": "com.example.enforce",
  "Payload": { "TargetOSVersion": "26.1", "TargetLocalDateTime": "2026-01-31T18:00:00", "TargetBuildVersion": "" }
}"#,
            options: &[],
            finds: &[("/Payload/TargetBuildVersion", Severity::Error)],
        },
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.enforcement.specific",
  "Identifier": "com.example.enforce",
  "Payload": { "TargetOSVersion": "26.1", "TargetLocalDateTime": "2026-01-31T18:00:00", "TargetBuildVersion": "26.1" }
}"#,
            options: &[],
            finds: &[("/Payload/TargetBuildVersion", Severity::Error)],
        },
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.enforcement.specific",
  "Identifier": "com.example.enforce",
  "Payload": { "TargetOSVersion": "26.1", "TargetLocalDateTime": "2026-01-31T18:00:00", "TargetBuildVersion": "25B78" }
}"#,
            options: &[],
            finds: &[],
        },
    ],
    check: Check::Problem(check),
};

fn check(problem: &Problem) -> Option<Fault> {
    unfit(problem, Form::BuildVersion)
}

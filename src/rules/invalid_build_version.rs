//! `invalid-build-version`

use crate::diagnostic::{Example, Rule, Severity};

pub(crate) static RULE: Rule = Rule::new(
    "invalid-build-version",
    Severity::Error,
    "TargetBuildVersion is not a build",
    "A build is digits, one capital letter, digits, and for betas and Background Security Improvements one lower-case letter. An \
     empty string is no way to name none: leave the key out.",
    &[
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
);

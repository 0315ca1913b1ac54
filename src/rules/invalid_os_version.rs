//! `invalid-os-version`

use crate::diagnostic::{Example, Rule, Severity};

pub(crate) static RULE: Rule = Rule::new(
    "invalid-os-version",
    Severity::Error,
    "TargetOSVersion is not two or three numbers with dots between them",
    "A device refuses a version of one component (26), of four, with letters, with a v before it or a suffix such as (a) after it. \
     To pin a Background Security Improvement, keep the plain version and add its build as TargetBuildVersion.",
    &[
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.enforcement.specific",
  "Identifier": "com.example.enforce",
  "Payload": { "TargetOSVersion": "26.3.1(a)", "TargetLocalDateTime": "2026-01-31T18:00:00" }
}"#,
            options: &[],
            finds: &[("/Payload/TargetOSVersion", Severity::Error)],
        },
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.enforcement.specific",
  "Identifier": "com.example.enforce",
  "Payload": { "TargetOSVersion": "26", "TargetLocalDateTime": "2026-01-31T18:00:00" }
}"#,
            options: &[],
            finds: &[("/Payload/TargetOSVersion", Severity::Error)],
        },
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.enforcement.specific",
  "Identifier": "com.example.enforce",
  "Payload": { "TargetOSVersion": "26.3.1", "TargetLocalDateTime": "2026-01-31T18:00:00" }
}"#,
            options: &[],
            finds: &[],
        },
    ],
);

//! `invalid-details-url`

use crate::diagnostic::{Example, Rule, Severity};

pub(crate) static RULE: Rule = Rule::new(
    "invalid-details-url",
    Severity::Error,
    "DetailsURL is not the absolute URL of a web page",
    "The device opens the page in a browser. Without a scheme and a host there is nothing to open (error); with a scheme other than \
     http or https, or with white space in it, it is not known what the device does (warning).",
    &[
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
);

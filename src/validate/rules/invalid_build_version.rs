//! `invalid-build-version`; [`super::invalid_value`] writes its messages.

use crate::diagnostic::{Example, Rule, Severity, enforcement};

pub(crate) static RULE: Rule = Rule::new(
    "invalid-build-version",
    Severity::Error,
    "TargetBuildVersion is not a build",
    "A build is digits, one capital letter, digits and, for betas and Background Security Improvements, one \
     lower-case letter. An empty string does not mean any build: remove the key.",
    &[
        Example::new(enforcement!(
            "com.example.enforce",
            r#"{ "TargetOSVersion": "26.1", "TargetLocalDateTime": "2026-01-31T18:00:00", "TargetBuildVersion": "" }"#
        ))
        .finds(&[("/Payload/TargetBuildVersion", Severity::Error)]),
        Example::new(enforcement!(
            "com.example.enforce",
            r#"{ "TargetOSVersion": "26.1", "TargetLocalDateTime": "2026-01-31T18:00:00", "TargetBuildVersion": "26.1" }"#
        ))
        .finds(&[("/Payload/TargetBuildVersion", Severity::Error)]),
        Example::new(enforcement!(
            "com.example.enforce",
            r#"{ "TargetOSVersion": "26.1", "TargetLocalDateTime": "2026-01-31T18:00:00", "TargetBuildVersion": "25B78" }"#
        )),
    ],
);

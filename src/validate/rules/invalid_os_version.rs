//! `invalid-os-version`; [`super::invalid_value`] writes its messages.

use crate::diagnostic::{Example, Rule, Severity, enforcement};

pub(crate) static RULE: Rule = Rule::new(
    "invalid-os-version",
    Severity::Error,
    "TargetOSVersion is not two or three numbers separated by dots",
    "A device refuses a version of one number (26) or of four, with letters, with a leading v or with a suffix such \
     as (a). To pin a Background Security Improvement, keep the plain version and add its build as \
     TargetBuildVersion.",
    &[
        Example::new(enforcement!(
            "com.example.enforce",
            r#"{ "TargetOSVersion": "26.3.1(a)", "TargetLocalDateTime": "2026-01-31T18:00:00" }"#
        ))
        .finds(&[("/Payload/TargetOSVersion", Severity::Error)]),
        Example::new(enforcement!(
            "com.example.enforce",
            r#"{ "TargetOSVersion": "26", "TargetLocalDateTime": "2026-01-31T18:00:00" }"#
        ))
        .finds(&[("/Payload/TargetOSVersion", Severity::Error)]),
        Example::new(enforcement!(
            "com.example.enforce",
            r#"{ "TargetOSVersion": "26.3.1", "TargetLocalDateTime": "2026-01-31T18:00:00" }"#
        )),
    ],
)
.also(&[Severity::Warning]);

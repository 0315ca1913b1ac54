//! `invalid-local-date-time`; [`super::invalid_value`] writes its messages.

use crate::diagnostic::{Example, Rule, Severity, enforcement};

pub(crate) static RULE: Rule = Rule::new(
    "invalid-local-date-time",
    Severity::Error,
    "TargetLocalDateTime is not a real date and time in the form YYYY-MM-DDTHH:MM:SS",
    "The value is the local time of each device, so it has no zone, no Z, no offset and no fraction of a second. \
     Seconds are required, and the date must exist in the calendar.",
    &[
        Example::new(enforcement!(
            "com.example.enforce",
            r#"{ "TargetOSVersion": "26.1", "TargetLocalDateTime": "2026-01-31T18:00:00Z" }"#
        ))
        .finds(&[("/Payload/TargetLocalDateTime", Severity::Error)]),
        Example::new(enforcement!(
            "com.example.enforce",
            r#"{ "TargetOSVersion": "26.1", "TargetLocalDateTime": "2026-02-29T18:00:00" }"#
        ))
        .finds(&[("/Payload/TargetLocalDateTime", Severity::Error)]),
        Example::new(enforcement!(
            "com.example.enforce",
            r#"{ "TargetOSVersion": "26.1", "TargetLocalDateTime": "2026-01-31T18:00:00" }"#
        )),
    ],
);

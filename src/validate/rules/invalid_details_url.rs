//! `invalid-details-url`; [`super::invalid_value`] writes its messages.

use crate::diagnostic::{Example, Rule, Severity, enforcement};

pub(crate) static RULE: Rule = Rule::new(
    "invalid-details-url",
    Severity::Error,
    "DetailsURL is not the absolute URL of a web page",
    "The device opens the page in a browser. Without a scheme and a host there is nothing to open (error); with a \
     scheme other than http or https, or with white space, the behaviour of the device is unknown (warning).",
    &[
        Example::new(enforcement!(
            "com.example.enforce",
            concat!(
                r#"{ "TargetOSVersion": "26.1", "TargetLocalDateTime": "2026-01-31T18:00:00", "#,
                r#""DetailsURL": "www.example.com/updates" }"#
            )
        ))
        .finds(&[("/Payload/DetailsURL", Severity::Error)]),
        Example::new(enforcement!(
            "com.example.enforce",
            concat!(
                r#"{ "TargetOSVersion": "26.1", "TargetLocalDateTime": "2026-01-31T18:00:00", "#,
                r#""DetailsURL": "mailto:it@example.com" }"#
            )
        ))
        .finds(&[("/Payload/DetailsURL", Severity::Warning)]),
        Example::new(enforcement!(
            "com.example.enforce",
            concat!(
                r#"{ "TargetOSVersion": "26.1", "TargetLocalDateTime": "2026-01-31T18:00:00", "#,
                r#""DetailsURL": "https://www.example.com/updates" }"#
            )
        )),
    ],
)
.also(&[Severity::Warning]);

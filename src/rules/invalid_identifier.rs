//! `invalid-identifier`

use crate::diagnostic::{Example, Rule, Severity};

pub(crate) static RULE: Rule = Rule::new(
    "invalid-identifier",
    Severity::Error,
    "Identifier is empty or longer than 64 octets",
    "The identifier names the declaration to the server, the device and other declarations. It has 1 to 64 octets of UTF-8: an \
     umlaut counts as two, an emoji as four.",
    &[
        Example {
            document: r#"{ "Type": "com.apple.activation.simple", "Identifier": "", "Payload": { "StandardConfigurations": [] } }"#,
            options: &[],
            finds: &[("/Identifier", Severity::Error)],
        },
        Example {
            document: r#"{ "Type": "com.apple.activation.simple", "Identifier": "com.example.üüüüüüüüüüüüüüüüüüüüüüüüüüü", "Payload": { "StandardConfigurations": [] } }"#,
            options: &[],
            finds: &[("/Identifier", Severity::Error)],
        },
        Example {
            document: r#"{ "Type": "com.apple.activation.simple", "Identifier": "com.example.all", "Payload": { "StandardConfigurations": [] } }"#,
            options: &[],
            finds: &[],
        },
    ],
);

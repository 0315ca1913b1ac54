//! `invalid-server-token`

use crate::diagnostic::{Example, Rule, Severity};

pub(crate) static RULE: Rule = Rule::new(
    "invalid-server-token",
    Severity::Error,
    "ServerToken is empty or longer than 64 octets",
    "The token names one revision of the declaration, and a device looks at a declaration again only when it changes. An empty one \
     can never change. Servers compute the token and overwrite what an author wrote, so sources leave the key out.",
    &[
        Example {
            document: r#"{ "Type": "com.apple.activation.simple", "Identifier": "com.example.all", "ServerToken": "", "Payload": { "StandardConfigurations": [] } }"#,
            options: &[],
            finds: &[("/ServerToken", Severity::Error)],
        },
        Example {
            document: r#"{ "Type": "com.apple.activation.simple", "Identifier": "com.example.all", "Payload": { "StandardConfigurations": [] } }"#,
            options: &[],
            finds: &[],
        },
        Example {
            document: r#"{ "Type": "com.apple.activation.simple", "Identifier": "com.example.all", "ServerToken": "2026-01-31", "Payload": { "StandardConfigurations": [] } }"#,
            options: &[],
            finds: &[],
        },
    ],
);

//! `invalid-server-token`; [`super::invalid_value`] writes its messages.

use crate::diagnostic::{Example, Rule, Severity, activation};

pub(crate) static RULE: Rule = Rule::new(
    "invalid-server-token",
    Severity::Error,
    "ServerToken is empty or longer than 64 bytes",
    "The token identifies one revision of the declaration, and a device evaluates a declaration again only when the \
     token changes. An empty one can never change. Servers compute the token and overwrite what an author wrote, so \
     leave the key out of sources.",
    &[
        Example::new(concat!(
            r#"{ "Type": "com.apple.activation.simple", "Identifier": "com.example.all", "ServerToken": "", "#,
            r#""Payload": { "StandardConfigurations": ["com.example.a"] } }"#
        ))
        .finds(&[("/ServerToken", Severity::Error)]),
        Example::new(activation!("com.example.all", r#"["com.example.a"]"#)),
        Example::new(concat!(
            r#"{ "Type": "com.apple.activation.simple", "Identifier": "com.example.all", "ServerToken": "2026-01-31", "#,
            r#""Payload": { "StandardConfigurations": ["com.example.a"] } }"#
        )),
    ],
);

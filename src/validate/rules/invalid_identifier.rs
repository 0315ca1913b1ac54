//! `invalid-identifier`; [`super::invalid_value`] writes its messages.

use crate::diagnostic::{Example, Rule, Severity, activation};

pub(crate) static RULE: Rule = Rule::new(
    "invalid-identifier",
    Severity::Error,
    "Identifier is empty or longer than 64 bytes",
    "The identifier names the declaration to the server, the device and other declarations. It has 1 to 64 bytes of \
     UTF-8: an umlaut counts as two, an emoji as four.",
    &[
        Example::new(activation!("", r#"["com.example.a"]"#)).finds(&[("/Identifier", Severity::Error)]),
        Example::new(activation!("com.example.üüüüüüüüüüüüüüüüüüüüüüüüüüü", r#"["com.example.a"]"#))
            .finds(&[("/Identifier", Severity::Error)]),
        Example::new(activation!("com.example.all", r#"["com.example.a"]"#)),
    ],
);

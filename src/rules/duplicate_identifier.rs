//! `duplicate-identifier`

use crate::diagnostic::{Example, Rule, Severity, array, settings_line};

pub(crate) static RULE: Rule = Rule::new(
    "duplicate-identifier",
    Severity::Warning,
    "two declarations have the same identifier",
    "An identifier names one declaration. If two different declarations reach the same device, one replaces the \
     other, in an undefined order. Repositories keep variants for different teams, so this is a warning, and for \
     exact copies only a note. Commands that take their inputs as one set report two different ones as an error.",
    &[
        Example::new(array!(
            settings_line!("com.example.settings", r#"{ "Notifications": true }"#),
            settings_line!("com.example.settings", r#"{ "Notifications": false }"#)
        ))
        .finds(&[("/Identifier", Severity::Warning)]),
        Example::new(array!(
            settings_line!("com.example.settings", r#"{ "Notifications": true }"#),
            concat!(
                r#"{ "Type": "com.apple.configuration.softwareupdate.settings", "#,
                r#""Payload": { "Notifications": true }, "Identifier": "com.example.settings" }"#
            )
        ))
        .finds(&[("/Identifier", Severity::Note)]),
        Example::new(array!(
            settings_line!("com.example.one", r#"{ "Notifications": true }"#),
            settings_line!("com.example.two", r#"{ "Notifications": false }"#)
        )),
    ],
)
.also(&[Severity::Note, Severity::Error]);

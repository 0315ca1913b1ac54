//! `duplicate-identifier`

use crate::diagnostic::{Example, Rule, Severity};

pub(crate) static RULE: Rule = Rule::new(
    "duplicate-identifier",
    Severity::Warning,
    "two declarations have the same identifier",
    "An identifier names one declaration. Where two that differ reach the same device, one replaces the other, \
     in an undefined order. Repositories keep variants for different teams, so this is a warning; exact copies are \
     only a note. Commands that take their inputs as one set treat two that differ as an error.",
    &[
        Example {
            document: r#"[
  { "Type": "com.apple.configuration.softwareupdate.settings", "Identifier": "com.example.settings", "Payload": { "Notifications": true } },
  { "Type": "com.apple.configuration.softwareupdate.settings", "Identifier": "com.example.settings", "Payload": { "Notifications": false } }
]"#,
            options: &[],
            finds: &[("/Identifier", Severity::Warning)],
        },
        Example {
            document: r#"[
  { "Type": "com.apple.configuration.softwareupdate.settings", "Identifier": "com.example.settings", "Payload": { "Notifications": true } },
  { "Type": "com.apple.configuration.softwareupdate.settings", "Payload": { "Notifications": true }, "Identifier": "com.example.settings" }
]"#,
            options: &[],
            finds: &[("/Identifier", Severity::Note)],
        },
        Example {
            document: r#"[
  { "Type": "com.apple.configuration.softwareupdate.settings", "Identifier": "com.example.one", "Payload": { "Notifications": true } },
  { "Type": "com.apple.configuration.softwareupdate.settings", "Identifier": "com.example.two", "Payload": { "Notifications": false } }
]"#,
            options: &[],
            finds: &[],
        },
    ],
);

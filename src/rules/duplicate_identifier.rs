//! `duplicate-identifier`

use super::{Check, Example, Rule};
use crate::finding::Severity;

pub(crate) static RULE: Rule = Rule {
    id: "duplicate-identifier",
    severity: Severity::Warning,
    is_optional: false,
    summary: "two declarations have the same identifier",
    explanation: "An identifier names one declaration. Where two that differ reach the same device, one replaces the other, and \
                  nobody can say which. Repositories keep variants for different teams, so this is a warning; exact copies are \
                  only a note. Commands that take their inputs as one set treat two that differ as an error.",
    examples: &[
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
    check: Check::Run,
};

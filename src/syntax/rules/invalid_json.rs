//! `invalid-json`

use std::ops::Range;

use crate::diagnostic::{Example, Rule, Severity, SyntaxDiagnostic};

pub(crate) static RULE: Rule = Rule::new(
    "invalid-json",
    Severity::Error,
    "the text is not JSON",
    "A declaration is JSON as RFC 8259 defines it: no comments, no commas before a closing bracket, double quotes \
     around every string and key, UTF-8. Servers differ in what else they take, and a device takes nothing else. \
     What can be read in spite of the mistake is checked all the same.",
    &[
        Example {
            document: r#"{
  // the deferral of the pilot group
  "Type": "com.apple.configuration.softwareupdate.settings",
  "Identifier": "com.example.settings",
  "Payload": { "Notifications": false, }
}"#,
            options: &[],
            finds: &[("", Severity::Error), ("", Severity::Error)],
        },
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.settings",
  "Identifier": "com.example.settings",
  "Payload": { "Notifications": false }
}"#,
            options: &[],
            finds: &[],
        },
    ],
);

/// A mistake in the syntax of a JSON text.
pub(in crate::syntax) fn diagnostic(message: impl Into<String>, help: impl Into<String>, span: Range<usize>) -> SyntaxDiagnostic {
    RULE.at(span, message).help(help)
}

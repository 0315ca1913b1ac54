//! `invalid-json`

use std::ops::Range;

use crate::diagnostic::{Example, Rule, Severity, SyntaxDiagnostic, settings};

pub(crate) static RULE: Rule = Rule::new(
    "invalid-json",
    Severity::Error,
    "the text is not JSON",
    "A declaration is JSON as RFC 8259 defines it: no comments, no commas before a closing bracket, double quotes \
     around every string and key, UTF-8. Some servers accept more, but devices do not. The rest of the document is \
     still checked.",
    &[
        Example::new(
            r#"{
  // the deferral of the pilot group
  "Type": "com.apple.configuration.softwareupdate.settings",
  "Identifier": "com.example.settings",
  "Payload": { "Notifications": false, }
}"#,
        )
        .finds(&[("", Severity::Error), ("", Severity::Error)]),
        Example::new(settings!(r#"{ "Notifications": false }"#)),
    ],
);

/// Creates a syntax error of a JSON text.
pub(in crate::syntax) fn diagnostic(message: impl Into<String>, help: impl Into<String>, span: Range<usize>) -> SyntaxDiagnostic {
    RULE.at(span, message).help(help)
}

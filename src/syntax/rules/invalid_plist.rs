//! `invalid-plist`

use std::ops::Range;

use crate::diagnostic::{Example, Rule, Severity, SyntaxDiagnostic, settings};

pub(crate) static RULE: Rule = Rule::new(
    "invalid-plist",
    Severity::Error,
    "the file is not a readable property list",
    "Commands and profiles are property lists: XML with dictionaries, keys and values, or Apple's binary format. A \
     device refuses an invalid property list, and most servers pass it on unchecked. A bare <dict>, or only its keys and \
     values, is accepted too, and the rest of the document is still checked. A document type that declares entities or \
     anything else is rejected: no property list needs it, and attacks use it. A signed profile (CMS) must be unwrapped \
     first.",
    &[
        Example::new(
            "<dict>
    <key>RequestType</key>
    <string>ScheduleOSUpdateScan</string>
    <key>Force</key>
    <True/>
</dict>",
        )
        .finds(&[("", Severity::Error)]),
        // A valid property list would be a command or profile, and Apple has removed all of them. So use a declaration.
        Example::new(settings!(r#"{ "Deferrals": { "MajorPeriodInDays": 30 } }"#)),
    ],
);

/// Creates a syntax error of a property list.
pub(in crate::syntax) fn diagnostic(message: impl Into<String>, help: impl Into<String>, span: Range<usize>) -> SyntaxDiagnostic {
    RULE.at(span, message).help(help)
}

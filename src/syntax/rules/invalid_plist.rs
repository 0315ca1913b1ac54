//! `invalid-plist`

use std::ops::Range;

use crate::diagnostic::{Example, Rule, Severity, SyntaxDiagnostic};

pub(crate) static RULE: Rule = Rule::new(
    "invalid-plist",
    Severity::Error,
    "the file is not a property list that can be read",
    "Commands and profiles are property lists: XML with dictionaries, keys and values, or Apple's binary format. A \
     device refuses what it cannot read, and a server mostly passes it on. A dictionary alone, or what stands inside \
     one, is read too, and what can be read in spite of a mistake is checked all the same. Entities and declarations in the document type are never followed: no property list \
     needs them, and they serve attacks. A profile that is signed (CMS) must be unwrapped first.",
    &[
        Example {
            document: "<dict>
    <key>RequestType</key>
    <string>ScheduleOSUpdateScan</string>
    <key>Force</key>
    <True/>
</dict>",
            options: &[],
            finds: &[("", Severity::Error)],
        },
        // A right property list would be a command or profile, and Apple has removed them all. So a declaration stands here.
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.settings",
  "Identifier": "com.example.settings",
  "Payload": { "Deferrals": { "MajorPeriodInDays": 30 } }
}"#,
            options: &[],
            finds: &[],
        },
    ],
);

/// A mistake in the syntax of a property list.
pub(in crate::syntax) fn diagnostic(message: impl Into<String>, help: impl Into<String>, span: Range<usize>) -> SyntaxDiagnostic {
    RULE.at(span, message).help(help)
}

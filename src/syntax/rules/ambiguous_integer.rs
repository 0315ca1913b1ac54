//! `ambiguous-integer`

use std::ops::Range;

use crate::diagnostic::{Example, Rule, Severity, SyntaxDiagnostic, settings};

pub(crate) static RULE: Rule = Rule::new(
    "ambiguous-integer",
    Severity::Warning,
    "an <integer> begins with 0x or 0, which readers of property lists take differently",
    "Apple's reader takes 0x10 for 16, and ignores leading zeros. Other readers, such as those of servers, refuse such \
     numbers or take 010 for 8. This program reads them as Apple's reader does.",
    &[
        Example::new(
            "<dict>
    <key>PayloadType</key>
    <string>com.apple.applicationaccess</string>
    <key>forceDelayedSoftwareUpdates</key>
    <true/>
    <key>enforcedSoftwareUpdateDelay</key>
    <integer>0x10</integer>
</dict>",
        )
        .finds(&[("", Severity::Warning)]),
        // A right property list would be a command or profile, and Apple has removed all of them. So use a declaration.
        Example::new(settings!(r#"{ "Deferrals": { "MajorPeriodInDays": 16 } }"#)),
    ],
);

/// The finding about an integer that is hexadecimal, or has leading zeros.
pub(in crate::syntax) fn diagnostic(is_hexadecimal: bool, help: String, span: Range<usize>) -> SyntaxDiagnostic {
    let what = if is_hexadecimal { "is hexadecimal" } else { "begins with 0" };
    RULE.at(span, format!("this <integer> {what}, which readers of property lists take differently")).help(help)
}

//! `fractional-integer`

use std::ops::Range;

use crate::diagnostic::{Example, Rule, Severity, SyntaxDiagnostic, settings};

pub(crate) static RULE: Rule = Rule::new(
    "fractional-integer",
    Severity::Note,
    "an <integer> has a decimal point or an exponent",
    "60.0 and 6e1 are the integer 60, but Apple does not say how a device reads them in an <integer>: it may refuse the \
     document, or read 60 or 6.",
    &[
        Example::new(
            "<dict>
    <key>PayloadType</key>
    <string>com.apple.applicationaccess</string>
    <key>forceDelayedSoftwareUpdates</key>
    <true/>
    <key>enforcedSoftwareUpdateDelay</key>
    <integer>60.0</integer>
</dict>",
        )
        .finds(&[("", Severity::Note)]),
        // A right property list would be a command or profile, and Apple has removed all of them. So use a declaration.
        Example::new(settings!(r#"{ "Deferrals": { "MajorPeriodInDays": 60 } }"#)),
    ],
);

/// The finding about an integer that is written as a fraction or with an exponent.
pub(in crate::syntax) fn diagnostic(help: String, span: Range<usize>) -> SyntaxDiagnostic {
    RULE.at(span, "this <integer> has a decimal point or an exponent, which devices may refuse").help(help)
}

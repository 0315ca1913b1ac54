//! `implausible-deadline`

use chrono::Months;

use super::Enforced;
use crate::apple::enforcement::TARGET_LOCAL_DATE_TIME;
use crate::diagnostic::{Draft, Example, Rule, Severity, Spot};

pub(crate) static RULE: Rule = Rule::new(
    "implausible-deadline",
    Severity::Warning,
    "the deadline of an enforcement is more than two years ahead",
    "Apple stops offering a release long before that, and a device ignores an enforcement whose release is gone. \
     Mostly a year was mistyped. The time is that of --as-of, or now.",
    &[
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.enforcement.specific",
  "Identifier": "com.example.enforcement",
  "Payload": { "TargetOSVersion": "26.1", "TargetLocalDateTime": "2062-01-31T18:00:00" }
}"#,
            options: &["--as-of", "2026-01-01T00:00:00"],
            finds: &[("/Payload/TargetLocalDateTime", Severity::Warning)],
        },
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.enforcement.specific",
  "Identifier": "com.example.enforcement",
  "Payload": { "TargetOSVersion": "26.1", "TargetLocalDateTime": "2026-01-31T18:00:00" }
}"#,
            options: &["--as-of", "2026-01-01T00:00:00"],
            finds: &[],
        },
    ],
);

/// How far a deadline may be ahead.
const MOST: Months = Months::new(24);

pub(super) fn check(enforced: &Enforced<'_>, diagnostics: &mut Vec<Draft>) {
    let Some((now, deadline)) = enforced.times() else { return };
    if now.naive().checked_add_months(MOST).is_some_and(|latest| deadline.naive() > latest) {
        let message = format!("the deadline is in {}, more than two years ahead", deadline.naive().format("%Y"));
        diagnostics.push(
            RULE.at(Spot::Key(TARGET_LOCAL_DATE_TIME), message).help("is the year right? Apple withdraws a release long before"),
        );
    }
}

//! `implausible-deadline`

use chrono::Months;

use super::Enforced;
use crate::apple::enforcement::TARGET_LOCAL_DATE_TIME;
use crate::diagnostic::{Drafts, Example, Rule, Severity, Spot, enforcement};

pub(crate) static RULE: Rule = Rule::new(
    "implausible-deadline",
    Severity::Warning,
    "the deadline of an enforcement is more than two years ahead",
    "Apple stops offering a release long before that, and a device ignores an enforcement whose release is gone. \
     Usually the year is mistyped. The rule compares with --as-of, or with the current time.",
    &[
        Example::new(enforcement!(r#"{ "TargetOSVersion": "26.1", "TargetLocalDateTime": "2062-01-31T18:00:00" }"#))
            .with_options(&["--as-of", "2026-01-01T00:00:00"])
            .finds(&[("/Payload/TargetLocalDateTime", Severity::Warning)]),
        Example::new(enforcement!(r#"{ "TargetOSVersion": "26.1", "TargetLocalDateTime": "2026-01-31T18:00:00" }"#))
            .with_options(&["--as-of", "2026-01-01T00:00:00"]),
    ],
);

/// The latest plausible deadline, from now.
const MAX_AHEAD: Months = Months::new(24);

pub(super) fn check(enforced: &Enforced<'_>, diagnostics: &mut Drafts) {
    let Some((now, deadline)) = enforced.times() else { return };
    if now.naive().checked_add_months(MAX_AHEAD).is_some_and(|latest| deadline.naive() > latest) {
        let message = format!("the deadline is in {}, more than two years ahead", deadline.naive().format("%Y"));
        diagnostics.push(
            RULE.at(Spot::Key(TARGET_LOCAL_DATE_TIME), message)
                .help("check the year: Apple withdraws a release long before that"),
        );
    }
}

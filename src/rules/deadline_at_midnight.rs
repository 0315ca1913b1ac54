//! `deadline-at-midnight`

use chrono::{Datelike, NaiveTime};

use super::Enforced;
use crate::apple::enforcement::TARGET_LOCAL_DATE_TIME;
use crate::diagnostic::{Drafts, Example, Rule, Severity, Spot, enforcement};

pub(crate) static RULE: Rule = Rule::new(
    "deadline-at-midnight",
    Severity::Note,
    "the deadline of an enforcement is midnight",
    "00:00:00 is the beginning of the day that it names, so users are surprised the night before, and a device that \
     is off at that time is forced to update an hour after it starts in the morning. The time is the local time of \
     each device.",
    &[
        Example::new(enforcement!(r#"{ "TargetOSVersion": "26.1", "TargetLocalDateTime": "2026-06-30T00:00:00" }"#))
            .finds(&[("/Payload/TargetLocalDateTime", Severity::Note)]),
        Example::new(enforcement!(r#"{ "TargetOSVersion": "26.1", "TargetLocalDateTime": "2026-06-30T18:00:00" }"#)),
    ],
);

pub(super) fn check(enforced: &Enforced<'_>, diagnostics: &mut Drafts) {
    let Some(deadline) = enforced.deadline().filter(|deadline| deadline.naive().time() == NaiveTime::MIN) else { return };
    // The first day has no day before it.
    let Some(before) = deadline.naive().date().pred_opt().filter(|day| day.year() > 0) else { return };
    let message = format!("the deadline is midnight, at the end of {before}");
    let help = "choose a time when users can save their work, such as 18:00:00";
    diagnostics.push(RULE.at(Spot::Key(TARGET_LOCAL_DATE_TIME), message).help(help));
}

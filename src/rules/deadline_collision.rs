//! `deadline-collision`

use std::collections::HashSet;

use super::shadowed_enforcement::overtaken;
use crate::apple::enforcement::TARGET_LOCAL_DATE_TIME;
use crate::diagnostic::{Example, Rule, Severity, enforcement_set};
use crate::set::{Enforcements, SetDrafts, Where};
use crate::words::count;

pub(crate) static RULE: Rule = Rule::new(
    "deadline-collision",
    Severity::Warning,
    "two enforcements in one set are due at the same time or within a few hours",
    "A device handles one after the other: the earlier deadline first and, if the deadlines are equal, the lower \
     version first. The second is overdue when the first is done, and forces the next restart within about an hour.",
    &[
        Example::new(enforcement_set!(
            r#"{ "TargetOSVersion": "26.1", "TargetLocalDateTime": "2026-06-20T12:00:00" }"#,
            r#"{ "TargetOSVersion": "26.2", "TargetLocalDateTime": "2026-06-20T14:00:00" }"#
        ))
        .finds(&[("/Payload/TargetLocalDateTime", Severity::Warning)]),
        Example::new(enforcement_set!(
            r#"{ "TargetOSVersion": "26.1", "TargetLocalDateTime": "2026-06-20T12:00:00" }"#,
            r#"{ "TargetOSVersion": "26.2", "TargetLocalDateTime": "2026-07-20T12:00:00" }"#
        )),
    ],
);

/// Deadlines closer than this collide: an update takes up to a few hours.
const HOURS: i64 = 4;

/// The maximum number of earlier deadlines that each one is compared with.
const MAX_COMPARED: usize = 100;

pub(super) fn check(set: &Enforcements<'_>, diagnostics: &mut SetDrafts) {
    // An overtaken enforcement never takes effect, so it forces no restart.
    let overtaken: HashSet<usize> = overtaken(set).map(|(order, _)| order.who).collect();
    for (at, second) in set.orders.iter().enumerate() {
        let near = set.orders[..at].iter().rev().take(MAX_COMPARED);
        let Some(first) = near.into_iter().find(|first| first.may_meet(second)) else { continue };
        let apart = second.deadline.naive() - first.deadline.naive();
        if apart.num_minutes() >= HOURS * 60 || first.has_target_of(second) || overtaken.contains(&second.who) {
            continue;
        }
        let when = match apart.num_minutes() {
            0 => "at the same time as".to_owned(),
            minutes if minutes < 120 => format!("{} after", count(usize::try_from(minutes).unwrap_or_default(), "minute")),
            minutes => format!("{} after", count(usize::try_from(minutes / 60).unwrap_or_default(), "hour")),
        };
        let help = if first.version.major() == second.version.major() {
            "put a day or more between the two, or enforce only the newer one"
        } else {
            "give the newer one the earlier deadline: devices that support it then skip the other"
        };
        diagnostics.push(
            RULE.at(
                Where::key(second.who, TARGET_LOCAL_DATE_TIME),
                format!("{} is due {when} {}, and forces a second restart right after", second.target(), first.target()),
            )
            .help(help)
            .related(format!("{} is due", first.target()), Where::key(first.who, TARGET_LOCAL_DATE_TIME)),
        );
    }
}

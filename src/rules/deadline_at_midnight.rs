//! `deadline-at-midnight`

use chrono::NaiveTime;

use super::Enforced;
use crate::apple::enforcement::TARGET_LOCAL_DATE_TIME;
use crate::diagnostic::{Draft, Example, Rule, Severity, Spot};

pub(crate) static RULE: Rule = Rule::new(
    "deadline-at-midnight",
    Severity::Note,
    "the deadline of an enforcement is the first second of a day",
    "00:00:00 is the beginning of the day that it names, so people are surprised the night before, and a device \
     that is off then is forced an hour after it starts in the morning. The time is the local time of each device.",
    &[
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.enforcement.specific",
  "Identifier": "com.example.enforcement",
  "Payload": { "TargetOSVersion": "26.1", "TargetLocalDateTime": "2026-06-30T00:00:00" }
}"#,
            options: &[],
            finds: &[("/Payload/TargetLocalDateTime", Severity::Note)],
        },
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.enforcement.specific",
  "Identifier": "com.example.enforcement",
  "Payload": { "TargetOSVersion": "26.1", "TargetLocalDateTime": "2026-06-30T18:00:00" }
}"#,
            options: &[],
            finds: &[],
        },
    ],
);

pub(super) fn check(enforced: &Enforced<'_>, diagnostics: &mut Vec<Draft>) {
    let Some(deadline) = enforced.deadline().filter(|deadline| deadline.naive().time() == NaiveTime::MIN) else { return };
    let Some(before) = deadline.naive().date().pred_opt() else { return };
    let message = format!("the deadline is the midnight at which {before} ends");
    let help = "name an hour of the day at which people can save their work, such as 18:00:00";
    diagnostics.push(RULE.at(Spot::Key(TARGET_LOCAL_DATE_TIME), message).help(help));
}

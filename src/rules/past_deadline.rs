//! `past-deadline`

use super::Enforced;
use crate::apple::enforcement::TARGET_LOCAL_DATE_TIME;
use crate::diagnostic::{Draft, Example, Rule, Severity, Spot};
use crate::words::count;

pub(crate) static RULE: Rule = Rule::new(
    "past-deadline",
    Severity::Warning,
    "the deadline of an enforcement has passed",
    "A deadline in the past is valid: a device that still needs the release is forced to install it about an hour \
     after it can, and one that was off an hour after it starts. A deadline meant to give users time gives them none. \
     The time is that of --as-of, or now.",
    &[
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.enforcement.specific",
  "Identifier": "com.example.enforcement",
  "Payload": { "TargetOSVersion": "26.0", "TargetLocalDateTime": "2025-09-21T01:00:00" }
}"#,
            options: &["--as-of", "2025-12-01T00:00:00"],
            finds: &[("/Payload/TargetLocalDateTime", Severity::Warning)],
        },
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.enforcement.specific",
  "Identifier": "com.example.enforcement",
  "Payload": { "TargetOSVersion": "26.0", "TargetLocalDateTime": "2025-09-21T01:00:00" }
}"#,
            options: &["--as-of", "2025-09-01T00:00:00"],
            finds: &[],
        },
    ],
);

pub(super) fn check(enforced: &Enforced<'_>, diagnostics: &mut Vec<Draft>) {
    let Some((now, deadline)) = enforced.times().filter(|(now, deadline)| deadline < now) else { return };
    let target = enforced.version().map_or("the update".to_owned(), ToString::to_string);
    let days = (now.naive() - deadline.naive()).num_days();
    let ago = match days {
        0 => "within the last day".to_owned(),
        days => format!("{} ago", count(usize::try_from(days).unwrap_or_default(), "day")),
    };
    let message = format!("the deadline passed {ago}: a device that needs {target} is forced about an hour after it can");
    diagnostics.push(
        RULE.at(Spot::Key(TARGET_LOCAL_DATE_TIME), message)
            .help("set a later time, or remove the declaration once every device has it"),
    );
}

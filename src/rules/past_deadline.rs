//! `past-deadline`

use super::Enforced;
use super::never_enforced::ahead;
use crate::apple::enforcement::TARGET_LOCAL_DATE_TIME;
use crate::diagnostic::{Drafts, Example, Rule, Severity, Spot, enforcement};
use crate::words::count;

pub(crate) static RULE: Rule = Rule::new(
    "past-deadline",
    Severity::Warning,
    "the deadline of an enforcement has passed",
    "A past deadline is valid: a device that still needs the release is forced to install it about an hour after it \
     next can, and a device that was off, an hour after it starts. A deadline meant to give users time gives them \
     none. The rule compares with --as-of, or with the current time, and is silent about a release that no target \
     device installs.",
    &[
        Example::new(enforcement!(r#"{ "TargetOSVersion": "26.0", "TargetLocalDateTime": "2025-09-21T01:00:00" }"#))
            .with_options(&["--as-of", "2025-12-01T00:00:00"])
            .finds(&[("/Payload/TargetLocalDateTime", Severity::Warning)]),
        Example::new(enforcement!(r#"{ "TargetOSVersion": "26.0", "TargetLocalDateTime": "2025-09-21T01:00:00" }"#))
            .with_options(&["--as-of", "2025-09-01T00:00:00"]),
    ],
);

pub(super) fn check(enforced: &Enforced<'_>, diagnostics: &mut Drafts) {
    let Some((now, deadline)) = enforced.times().filter(|(now, deadline)| deadline < now) else { return };
    // `impossible-release` and `never-enforced` say that no device installs it.
    if enforced.impossible().is_some() || !ahead(enforced).is_empty() {
        return;
    }
    let target = enforced.version().map_or("the update".to_owned(), ToString::to_string);
    let days = (now.naive() - deadline.naive()).num_days();
    let ago = match days {
        0 => "within the last day".to_owned(),
        days => format!("{} ago", count(usize::try_from(days).unwrap_or_default(), "day")),
    };
    let message = format!("the deadline passed {ago}: devices install {target} about an hour after they next can");
    diagnostics.push(
        RULE.at(Spot::Key(TARGET_LOCAL_DATE_TIME), message)
            .help("set a later deadline, or remove the declaration once every device has the release"),
    );
}

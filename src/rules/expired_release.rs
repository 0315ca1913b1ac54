//! `expired-release`

use super::Enforced;
use crate::apple::Platform;
use crate::apple::enforcement::TARGET_OS_VERSION;
use crate::diagnostic::{Drafts, Example, Rule, Severity, Spot, enforcement};

pub(crate) static RULE: Rule = Rule::new(
    "expired-release",
    Severity::Error,
    "Apple has stopped offering the enforced release",
    "Each release in Apple's list has a last day. After that day the enforcement stays active and does nothing. The \
     rule compares with --as-of, or with today, and needs a catalogue.",
    &[
        Example::new(enforcement!(r#"{ "TargetOSVersion": "26.1", "TargetLocalDateTime": "2026-06-30T18:00:00" }"#))
            .with_options(&["--catalog", "gdmf.json", "--as-of", "2026-05-01T00:00:00"])
            .finds(&[("/Payload/TargetOSVersion", Severity::Error)]),
        Example::new(enforcement!(r#"{ "TargetOSVersion": "26.1", "TargetLocalDateTime": "2026-06-30T18:00:00" }"#))
            .with_options(&["--catalog", "gdmf.json", "--as-of", "2026-02-01T00:00:00", "-A", "newer-release-available"]),
    ],
);

pub(super) fn check(enforced: &Enforced<'_>, diagnostics: &mut Drafts) {
    let (Some(offers), Some(now)) = (enforced.offers(), enforced.conditions.as_of) else { return };
    let today = now.naive().date();
    let is_over = |platform: Platform| offers.entries(platform).all(|release| release.is_expired(today));
    // A platform that never had the release is not meant.
    let having: Vec<Platform> = offers.having().collect();
    let over: Vec<Platform> = having.iter().copied().filter(|platform| is_over(*platform)).collect();
    if over.is_empty() || (enforced.conditions.targets.is_empty() && over.len() < having.len()) {
        return;
    }
    let last = over.iter().flat_map(|platform| offers.entries(*platform)).filter_map(|release| release.expires).max();
    let Some(last) = last else { return };
    let platforms = offers.on(&over, "and");
    let made = offers.catalog.newest();
    let (message, help) = if made.is_some_and(|made| made > last) {
        (
            format!("Apple offered {}{platforms} until {last}, and no longer does", offers.version),
            "enforce a release that Apple still offers".to_owned(),
        )
    } else {
        // Apple extends these dates.
        let date = made.map_or_else(String::new, |made| format!(" of about {made}"));
        (
            format!("by the catalogue{date}, Apple offers {}{platforms} until {last}, which is over", offers.version),
            "get a newer catalogue, as Apple extends these dates, or enforce a newer release".to_owned(),
        )
    };
    diagnostics.push(RULE.at(Spot::Key(TARGET_OS_VERSION), message).help(help));
}

//! `newer-release-available`

use super::Enforced;
use crate::apple::enforcement::TARGET_OS_VERSION;
use crate::apple::{OsVersion, Platform};
use crate::catalog::Release;
use crate::diagnostic::{Drafts, Example, Rule, Severity, Spot, enforcement};

pub(crate) static RULE: Rule = Rule::new(
    "newer-release-available",
    Severity::Note,
    "Apple offers a newer release of the enforced major version",
    "An enforcement updates devices to the release that it names, and no further. A newer release has the same major \
     version, is offered to all devices, and was posted by the day of --as-of, or today. The rule needs a catalogue.",
    &[
        Example::new(enforcement!(r#"{ "TargetOSVersion": "26.1", "TargetLocalDateTime": "2026-06-30T18:00:00" }"#))
            .with_options(&["--catalog", "gdmf.json"])
            .finds(&[("/Payload/TargetOSVersion", Severity::Note)]),
        Example::new(enforcement!(r#"{ "TargetOSVersion": "26.2", "TargetLocalDateTime": "2026-06-30T18:00:00" }"#))
            .with_options(&["--catalog", "gdmf.json"]),
    ],
);

pub(super) fn check(enforced: &Enforced<'_>, diagnostics: &mut Drafts) {
    let (Some(offers), Some(now)) = (enforced.offers(), enforced.conditions.as_of) else { return };
    let (version, today) = (offers.version, now.naive().date());
    let is_offered = |release: &&Release| {
        release.is_public && !release.is_supplemental && release.is_offered(today) && release.version.major() == version.major()
    };
    let newest = |platform: Platform| offers.catalog.on(platform).filter(is_offered).map(|release| &release.version).max();
    let newer: Vec<(&OsVersion, Platform)> = offers
        .having()
        .filter_map(|platform| newest(platform).filter(|newest| *newest > version).map(|newest| (newest, platform)))
        .collect();
    let Some((newest, _)) = newer.iter().max() else { return };
    // `patch-not-named` reports a version without a patch.
    if version.has_no_patch() && newest.as_str().strip_prefix(version.as_str()).is_some_and(|rest| rest.starts_with('.')) {
        return;
    }
    let platforms: Vec<Platform> = newer.iter().filter(|(version, _)| version == newest).map(|(_, platform)| *platform).collect();
    let message =
        format!("{newest} is the newest {}{}, but {version} is enforced", version.major(), offers.on(&platforms, "and"));
    diagnostics.push(
        RULE.at(Spot::Key(TARGET_OS_VERSION), message).help(format!("enforce \"{newest}\", unless there is a reason not to")),
    );
}

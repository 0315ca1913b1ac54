//! `not-enforceable`

use super::Enforced;
use crate::apple::enforcement::TARGET_OS_VERSION;
use crate::apple::{OsVersion, Platform, compare_versions};
use crate::catalog::Origin;
use crate::diagnostic::{Drafts, Example, Rule, Severity, Spot, enforcement};

pub(crate) static RULE: Rule = Rule::new(
    "not-enforceable",
    Severity::Error,
    "a Mac before macOS 15 cannot be made to install the enforced release",
    "Apple's catalogue has two lists: the releases for all devices, and more that managed devices can be made to \
     install. Before macOS 15 a Mac knows only the first. The rule needs Apple's own catalogue (GDMF), because SOFA \
     feeds do not tell the lists apart.",
    &[
        Example::new(enforcement!(r#"{ "TargetOSVersion": "14.8.1", "TargetLocalDateTime": "2026-06-30T18:00:00" }"#))
            .with_options(&["--catalog", "gdmf.json", "-A", "newer-release-available"])
            .finds(&[("/Payload/TargetOSVersion", Severity::Error)]),
        Example::new(enforcement!(r#"{ "TargetOSVersion": "15.7.2", "TargetLocalDateTime": "2026-06-30T18:00:00" }"#))
            .with_options(&["--catalog", "gdmf.json", "--target", "macOS=14.6", "-A", "newer-release-available"])
            .finds(&[("/Payload/TargetOSVersion", Severity::Error)]),
        Example::new(enforcement!(r#"{ "TargetOSVersion": "15.7.2", "TargetLocalDateTime": "2026-06-30T18:00:00" }"#))
            .with_options(&["--catalog", "gdmf.json", "--target", "macOS=15.0", "-A", "newer-release-available"]),
    ],
);

pub(super) fn check(enforced: &Enforced<'_>, diagnostics: &mut Drafts) {
    let Some(offers) = enforced.offers().filter(|offers| offers.catalog.origin == Origin::Gdmf) else { return };
    // Without targets the release must be for macOS only: otherwise another platform may be meant.
    let having: Vec<Platform> = offers.having().collect();
    let is_meant = having.contains(&Platform::MacOs) && (having.len() == 1 || !enforced.conditions.targets.is_empty());
    if !is_meant || offers.entries(Platform::MacOs).any(|release| release.is_public) {
        return;
    }
    let is_before_15 = |version: &OsVersion| compare_versions(version.as_str(), "15.0").is_lt();
    let macs = || enforced.conditions.targets.iter().filter(|target| target.platform == Platform::MacOs);
    let old = macs().find(|target| target.version.as_ref().is_some_and(is_before_15));
    // A Mac of unknown version is older than the release that it is to install.
    let may_be_old = macs().count() == 0 || macs().any(|target| target.version.is_none());
    if old.is_none() && !(may_be_old && is_before_15(offers.version)) {
        return;
    }
    let device = old.map_or("a Mac before macOS 15".to_owned(), ToString::to_string);
    let message = format!("{} is only in Apple's list for managed devices, which {device} does not know", offers.version);
    diagnostics.push(RULE.at(Spot::Key(TARGET_OS_VERSION), message).help("enforce a release that is offered to all devices"));
}

//! `patch-not-named`

use super::Enforced;
use crate::apple::OsVersion;
use crate::apple::enforcement::{TARGET_BUILD_VERSION, TARGET_OS_VERSION};
use crate::catalog::Release;
use crate::diagnostic::{Drafts, Example, Rule, Severity, Spot, enforcement};

pub(crate) static RULE: Rule = Rule::new(
    "patch-not-named",
    Severity::Note,
    "the enforced version names no patch, and patches of it exist",
    "Apple's pages for version 26 said that a device installs the latest patch of a version with two numbers; those \
     for 27 say exactly the given version. So name the patch. The rule needs a catalogue.",
    &[
        Example::new(enforcement!(r#"{ "TargetOSVersion": "15.7", "TargetLocalDateTime": "2026-06-30T18:00:00" }"#))
            .with_options(&["--catalog", "gdmf.json"])
            .finds(&[("/Payload/TargetOSVersion", Severity::Note)]),
        Example::new(enforcement!(r#"{ "TargetOSVersion": "15.7.3", "TargetLocalDateTime": "2026-06-30T18:00:00" }"#))
            .with_options(&["--catalog", "gdmf.json"]),
    ],
);

pub(super) fn check(enforced: &Enforced<'_>, diagnostics: &mut Drafts) {
    let (Some(catalog), Some(version)) = (enforced.conditions.catalog, enforced.version()) else { return };
    // A build is exact.
    if !version.has_no_patch() || enforced.enforcement.has(TARGET_BUILD_VERSION) || enforced.impossible().is_some() {
        return;
    }
    let today = enforced.conditions.as_of.map(|now| now.naive().date());
    let is_offered = |release: &&Release| today.is_none_or(|today| release.is_offered(today));
    let is_patch = |other: &&OsVersion| {
        *other > version && other.as_str().strip_prefix(version.as_str()).is_some_and(|rest| rest.starts_with('.'))
    };
    let releases =
        enforced.scope().into_iter().flat_map(|platform| catalog.on(platform)).filter(is_offered).map(|release| &release.version);
    let Some(newest) = releases.filter(is_patch).max() else { return };
    let message = format!("{version} names no patch, but patches of it exist, up to {newest}");
    let help = format!("write \"{newest}\", or the patch that you mean: Apple has changed what devices do with {version} alone");
    diagnostics.push(RULE.at(Spot::Key(TARGET_OS_VERSION), message).help(help));
}

//! `patch-not-named`

use super::Enforced;
use crate::apple::OsVersion;
use crate::apple::enforcement::{TARGET_BUILD_VERSION, TARGET_OS_VERSION};
use crate::catalog::Release;
use crate::diagnostic::{Draft, Example, Rule, Severity, Spot};

pub(crate) static RULE: Rule = Rule::new(
    "patch-not-named",
    Severity::Note,
    "a version without a patch is enforced, and there are patches of it",
    "Apple's pages for version 26 said that a device installs the latest patch of a version that is given by two \
     numbers, those for 27 say exactly the version that is given. So name the patch that is meant. The rule needs a \
     catalogue.",
    &[
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.enforcement.specific",
  "Identifier": "com.example.enforcement",
  "Payload": { "TargetOSVersion": "15.7", "TargetLocalDateTime": "2026-06-30T18:00:00" }
}"#,
            options: &["--catalog", "gdmf.json"],
            finds: &[("/Payload/TargetOSVersion", Severity::Note)],
        },
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.enforcement.specific",
  "Identifier": "com.example.enforcement",
  "Payload": { "TargetOSVersion": "15.7.3", "TargetLocalDateTime": "2026-06-30T18:00:00" }
}"#,
            options: &["--catalog", "gdmf.json"],
            finds: &[],
        },
    ],
);

pub(super) fn check(enforced: &Enforced<'_>, diagnostics: &mut Vec<Draft>) {
    let (Some(catalog), Some(version)) = (enforced.conditions.catalog, enforced.version()) else { return };
    // A build says exactly what is meant.
    if !version.has_no_patch() || enforced.enforcement.has(TARGET_BUILD_VERSION) {
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
    let message = format!("{version} names no patch, and there are patches of it, up to {newest}");
    let help = format!("write \"{newest}\", or the patch that is meant: what devices make of {version} alone has changed");
    diagnostics.push(RULE.at(Spot::Key(TARGET_OS_VERSION), message).help(help));
}

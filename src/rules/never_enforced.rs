//! `never-enforced`

use super::Enforced;
use super::availability::names;
use crate::apple::enforcement::{TARGET_BUILD_VERSION, TARGET_OS_VERSION};
use crate::apple::{Target, Verdict};
use crate::diagnostic::{Drafts, Example, Rule, Severity, Spot, enforcement};

pub(crate) static RULE: Rule = Rule::new(
    "never-enforced",
    Severity::Warning,
    "the target devices already have the enforced release or a newer one",
    "A device ignores an enforcement of the version that it has, or of an older one. The version of a target is the \
     oldest that its devices have. The rule is silent if a target has no version, or if the enforcement names a build \
     of the same version, which a device may lack. A target that cannot install the release does not count.",
    &[
        Example::new(enforcement!(r#"{ "TargetOSVersion": "26.1", "TargetLocalDateTime": "2026-06-30T18:00:00" }"#))
            .with_options(&["--target", "macOS=26.1", "--target", "iOS=26.2"])
            .finds(&[("/Payload/TargetOSVersion", Severity::Warning)]),
        Example::new(enforcement!(r#"{ "TargetOSVersion": "18.7.3", "TargetLocalDateTime": "2026-06-30T18:00:00" }"#))
            .with_options(&["--target", "macOS=15.0", "--target", "iOS=26.0"])
            .finds(&[("/Payload/TargetOSVersion", Severity::Warning)]),
        Example::new(enforcement!(r#"{ "TargetOSVersion": "26.1", "TargetLocalDateTime": "2026-06-30T18:00:00" }"#))
            .with_options(&["--target", "macOS=26.1", "--target", "iOS=26.0"]),
    ],
);

pub(super) fn check(enforced: &Enforced<'_>, diagnostics: &mut Drafts) {
    let Some(version) = enforced.version() else { return };
    let ahead = ahead(enforced);
    let Some(newest) = ahead.iter().filter_map(|target| target.version.as_ref()).max() else { return };
    let have = if ahead.len() == 1 { "has" } else { "have" };
    let message = format!("{version} is never enforced: {} {have} that version or a newer one", names(&ahead, "and"));
    let help = format!("enforce a version after {newest}, or remove the enforcement");
    diagnostics.push(RULE.at(Spot::Key(TARGET_OS_VERSION), message).help(help));
}

/// The targets that may be meant, if each of them has the release or a newer one; otherwise none.
pub(super) fn ahead<'d>(enforced: &Enforced<'d>) -> Vec<&'d Target> {
    let mut ahead = Vec::new();
    let Some(version) = enforced.version() else { return ahead };
    let has_build = enforced.enforcement.has(TARGET_BUILD_VERSION);
    let installers = enforced.installers();
    for target in enforced.conditions.targets {
        // Devices whose version is too old for the declaration may have been updated since.
        let is_supported = matches!(installers.support.verdict(target), Verdict::Available | Verdict::Later(_));
        if !is_supported || !installers.may_install(target.platform, version, has_build) {
            continue;
        }
        let is_ahead = |installed| version < installed || (version == installed && !has_build);
        if !target.version.as_ref().is_some_and(is_ahead) {
            return Vec::new();
        }
        ahead.push(target);
    }
    ahead
}

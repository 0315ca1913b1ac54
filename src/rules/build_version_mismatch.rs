//! `build-version-mismatch`

use super::Enforced;
use crate::apple::enforcement::TARGET_BUILD_VERSION;
use crate::apple::{BuildVersion, OsVersion, Platform, Support};
use crate::diagnostic::{Drafts, Example, Rule, Severity, Spot, enforcement};
use crate::words::list;

pub(crate) static RULE: Rule = Rule::new(
    "build-version-mismatch",
    Severity::Error,
    "the build belongs to another version than the enforced one",
    "The leading number of a build, its train, determines the major version of the system: 23 means 26 on iOS, \
     iPadOS, tvOS and visionOS, and 14 on macOS. If no release has both the version and the build, the declaration \
     stays active and never updates anything. A pair is an error if it fits no target platform or, without targets, \
     no platform at all; the letter of the build is not considered.",
    &[
        Example::new(enforcement!(
            r#"{ "TargetOSVersion": "14.1", "TargetBuildVersion": "20A242", "TargetLocalDateTime": "2026-06-30T18:00:00" }"#
        ))
        .finds(&[("/Payload/TargetBuildVersion", Severity::Error)]),
        Example::new(enforcement!(
            r#"{ "TargetOSVersion": "26.0", "TargetBuildVersion": "23A341", "TargetLocalDateTime": "2026-06-30T18:00:00" }"#
        ))
        .with_options(&["--target", "macOS=15.0"])
        .finds(&[("/Payload/TargetBuildVersion", Severity::Error)]),
        Example::new(enforcement!(
            r#"{ "TargetOSVersion": "26.0", "TargetBuildVersion": "23A341", "TargetLocalDateTime": "2026-06-30T18:00:00" }"#
        )),
    ],
);

pub(super) fn check(enforced: &Enforced<'_>, diagnostics: &mut Drafts) {
    let (Some(version), Some(build)) = (enforced.version(), enforced.build()) else { return };
    let scope = enforced.scope();
    // Without targets, a pair that fits any platform is accepted.
    let systems = if enforced.conditions.targets.is_empty() { &Platform::ALL[..] } else { &scope };
    let fits = systems.iter().any(|platform| build.fits(*platform, version));
    // `impossible-release` covers a version that no build belongs to.
    if scope.is_empty() || fits || enforced.impossible().is_some() {
        return;
    }
    // Platforms that share a version number are named once.
    let mut majors: Vec<(u32, Platform)> =
        scope.iter().filter_map(|platform| Some((build.major(*platform)?, *platform))).collect();
    majors.retain(|(major, _)| *major > 0);
    majors.sort();
    majors.dedup_by_key(|(major, _)| *major);
    let systems: Vec<String> = majors.iter().map(|(major, platform)| format!("{platform} {major}")).collect();
    let mut trains: Vec<(u32, Platform)> =
        scope.iter().filter_map(|platform| Some((train(enforced.support(), *platform, version)?, *platform))).collect();
    trains.sort();
    trains.dedup_by_key(|(train, _)| *train);
    let trains: Vec<String> = trains.iter().map(|(train, platform)| format!("{train} on {platform}")).collect();
    let help = match trains.as_slice() {
        [] => "fix one of the two, or remove the build".to_owned(),
        trains => {
            format!("builds of {} begin with {}; fix one of the two, or remove the build", version.major(), list(trains, "or"))
        }
    };
    let message = match systems.as_slice() {
        [] => format!("{build} is not a build of {version} on any target platform"),
        systems => format!("{build} is a build of {}, not of {version}", list(systems, "or")),
    };
    diagnostics.push(RULE.at(Spot::Key(TARGET_BUILD_VERSION), message).help(help));
}

/// The train of a version on a platform; `None` if the version does not support enforcements there.
fn train(support: &Support, platform: Platform, version: &OsVersion) -> Option<u32> {
    let first = support.on(platform)?.introduced;
    let is_train = |train: &u32| format!("{train}A1").parse().is_ok_and(|build: BuildVersion| build.fits(platform, version));
    (13..100).find(is_train).filter(|_| first.compared_to(version).is_le())
}

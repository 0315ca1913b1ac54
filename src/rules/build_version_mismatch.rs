//! `build-version-mismatch`

use super::Enforced;
use crate::apple::Support;
use crate::apple::enforcement::TARGET_BUILD_VERSION;
use crate::apple::{BuildVersion, OsVersion, Platform};
use crate::diagnostic::{Draft, Example, Rule, Severity, Spot};
use crate::words::list;

pub(crate) static RULE: Rule = Rule::new(
    "build-version-mismatch",
    Severity::Error,
    "the build belongs to another version than the one that is enforced",
    "The leading number of a build, its train, tells the major version of the system: 23 is 26 on iOS, iPadOS, tvOS \
     and visionOS, and 14 on macOS. A version and a build that no release has together keep the declaration active \
     without ever updating anything. It is an error where no platform that is meant has such a pair; from the \
     letter of the build nothing is concluded.",
    &[
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.enforcement.specific",
  "Identifier": "com.example.enforcement",
  "Payload": { "TargetOSVersion": "14.1", "TargetBuildVersion": "20A242", "TargetLocalDateTime": "2026-06-30T18:00:00" }
}"#,
            options: &[],
            finds: &[("/Payload/TargetBuildVersion", Severity::Error)],
        },
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.enforcement.specific",
  "Identifier": "com.example.enforcement",
  "Payload": { "TargetOSVersion": "26.0", "TargetBuildVersion": "23A341", "TargetLocalDateTime": "2026-06-30T18:00:00" }
}"#,
            options: &["--target", "macOS=15.0"],
            finds: &[("/Payload/TargetBuildVersion", Severity::Error)],
        },
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.enforcement.specific",
  "Identifier": "com.example.enforcement",
  "Payload": { "TargetOSVersion": "26.0", "TargetBuildVersion": "23A341", "TargetLocalDateTime": "2026-06-30T18:00:00" }
}"#,
            options: &[],
            finds: &[],
        },
    ],
);

pub(super) fn check(enforced: &Enforced<'_>, diagnostics: &mut Vec<Draft>) {
    let (Some(version), Some(build)) = (enforced.version(), enforced.build()) else { return };
    let scope = enforced.scope();
    // Where nothing says which platform is meant, a pair that any of Apple's systems has is one.
    let systems = if enforced.conditions.targets.is_empty() { &Platform::ALL[..] } else { &scope };
    if scope.is_empty() || systems.iter().any(|platform| build.fits(*platform, version)) {
        return;
    }
    // Platforms whose versions are counted alike are one to the reader.
    let mut majors: Vec<(u32, Platform)> =
        scope.iter().filter_map(|platform| Some((build.major(*platform)?, *platform))).collect();
    majors.retain(|(major, _)| *major > 0);
    majors.sort();
    majors.dedup_by_key(|(major, _)| *major);
    let systems: Vec<String> = majors.iter().map(|(major, platform)| format!("{platform} {major}")).collect();
    let of = if systems.is_empty() { "no system that is meant".to_owned() } else { list(&systems, "or") };
    let mut trains: Vec<(u32, Platform)> =
        scope.iter().filter_map(|platform| Some((train(enforced.support(), *platform, version)?, *platform))).collect();
    trains.sort();
    trains.dedup_by_key(|(train, _)| *train);
    let trains: Vec<String> = trains.iter().map(|(train, platform)| format!("{train} on {platform}")).collect();
    let help = match trains.as_slice() {
        [] => "mend one of the two, or leave the build out".to_owned(),
        trains => format!(
            "builds of {} begin with {}; mend one of the two, or leave the build out",
            version.major(),
            list(trains, "or")
        ),
    };
    let message = format!("{build} is a build of {of}, not of {version}");
    diagnostics.push(RULE.at(Spot::Key(TARGET_BUILD_VERSION), message).help(help));
}

/// The number that builds of a version begin with on a platform, where that version takes enforcements.
fn train(support: &Support, platform: Platform, version: &OsVersion) -> Option<u32> {
    let first = support.on(platform)?.introduced;
    let is_train = |train: &u32| format!("{train}A1").parse().is_ok_and(|build: BuildVersion| build.fits(platform, version));
    (13..100).find(is_train).filter(|_| first.compared_to(version).is_le())
}

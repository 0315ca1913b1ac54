//! `build-version-mismatch`

use super::{Check, Enforced, Example, Rule};
use crate::finding::{Fault, Severity, Spot};
use crate::keys::enforcement::{TARGET_BUILD_VERSION, TARGET_OS_VERSION};
use crate::model::{BuildVersion, OsVersion, Platform};
use crate::words::list;

pub(crate) static RULE: Rule = Rule {
    id: "build-version-mismatch",
    severity: Severity::Error,
    is_optional: false,
    summary: "the build belongs to another version than the one that is enforced",
    explanation: "The leading number of a build, its train, tells the major version of the system: 23 is 26 on iOS, iPadOS, tvOS \
                  and visionOS, and 14 on macOS. A version and a build that no release has together keep the declaration active \
                  without ever updating anything. It is an error where no platform that is meant has such a pair; from the \
                  letter of the build nothing is concluded.",
    examples: &[
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
    check: Check::Enforcement(check),
};

fn check(enforced: &Enforced<'_>, faults: &mut Vec<Fault>) {
    let (Some(version), Some(build)) = (enforced.version(), enforced.build()) else { return };
    let scope = enforced.scope();
    if scope.is_empty() || scope.iter().any(|platform| build.fits(*platform, version)) {
        return;
    }
    let mut systems: Vec<String> =
        scope.iter().filter_map(|platform| Some(format!("{platform} {}", build.major(*platform)?))).collect();
    systems.dedup();
    let of = if systems.is_empty() { "no system that is meant".to_owned() } else { list(&systems, "or") };
    let mut trains: Vec<String> = scope.iter().filter_map(|platform| train(*platform, version)).collect();
    trains.dedup();
    let help = match trains.as_slice() {
        [] => "mend one of the two, or leave the build out".to_owned(),
        trains => format!("builds of {} begin with {}; mend one of the two, or leave the build out", version.major(), list(trains, "or")),
    };
    faults.push(
        Fault::at(TARGET_BUILD_VERSION.path, format!("{build} is a build of {of}, not of {version}"))
            .help(help)
            .related("the version", Spot::Key(TARGET_OS_VERSION.path)),
    );
}

/// The number that builds of a version begin with on a platform.
fn train(platform: Platform, version: &OsVersion) -> Option<String> {
    let is_train = |train: &u32| format!("{train}A1").parse().is_ok_and(|build: BuildVersion| build.fits(platform, version));
    (13..100).find(is_train).map(|train| train.to_string())
}

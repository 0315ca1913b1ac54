//! `beta-build`

use super::Enforced;
use crate::apple::BuildKind;
use crate::apple::enforcement::TARGET_BUILD_VERSION;
use crate::diagnostic::{Draft, Example, Rule, Severity, Spot};

pub(crate) static RULE: Rule = Rule::new(
    "beta-build",
    Severity::Warning,
    "the enforced build is a beta",
    "A build whose number has four digits that begin with 5, and a lower-case letter at its end, is a beta. Only \
     devices that take part in the beta program are offered it, and Apple's lists do not have it, so other devices \
     never update to it.",
    &[
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.enforcement.specific",
  "Identifier": "com.example.enforcement",
  "Payload": { "TargetOSVersion": "27.0", "TargetBuildVersion": "24A5418b", "TargetLocalDateTime": "2026-06-30T18:00:00" }
}"#,
            options: &[],
            finds: &[("/Payload/TargetBuildVersion", Severity::Warning)],
        },
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.enforcement.specific",
  "Identifier": "com.example.enforcement",
  "Payload": { "TargetOSVersion": "26.1", "TargetBuildVersion": "23B85", "TargetLocalDateTime": "2026-06-30T18:00:00" }
}"#,
            options: &[],
            finds: &[],
        },
    ],
);

pub(super) fn check(enforced: &Enforced<'_>, diagnostics: &mut Vec<Draft>) {
    let Some(build) = enforced.build().filter(|build| build.kind() == BuildKind::Beta) else { return };
    let message = format!("{build} is the build of a beta, which only devices in the beta program are offered");
    diagnostics
        .push(RULE.at(Spot::Key(TARGET_BUILD_VERSION), message).help("write the build of a release, or leave the key out"));
}

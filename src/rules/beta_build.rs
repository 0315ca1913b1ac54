//! `beta-build`

use super::Enforced;
use crate::apple::BuildKind;
use crate::apple::enforcement::TARGET_BUILD_VERSION;
use crate::diagnostic::{Drafts, Example, Rule, Severity, Spot, enforcement};

pub(crate) static RULE: Rule = Rule::new(
    "beta-build",
    Severity::Warning,
    "the enforced build is a beta",
    "A build with a four-digit number that begins with 5 and a lower-case letter at the end, such as 24A5418b, is a \
     beta. Apple offers it only to devices in the beta program and does not list it, so other devices never update to \
     it.",
    &[
        Example::new(enforcement!(
            r#"{ "TargetOSVersion": "27.0", "TargetBuildVersion": "24A5418b", "TargetLocalDateTime": "2026-06-30T18:00:00" }"#
        ))
        .finds(&[("/Payload/TargetBuildVersion", Severity::Warning)]),
        Example::new(enforcement!(
            r#"{ "TargetOSVersion": "26.1", "TargetBuildVersion": "23B85", "TargetLocalDateTime": "2026-06-30T18:00:00" }"#
        )),
    ],
);

pub(super) fn check(enforced: &Enforced<'_>, diagnostics: &mut Drafts) {
    let Some(build) = enforced.build().filter(|build| build.kind() == BuildKind::Beta) else { return };
    let message = format!("{build} is a beta build, offered only to devices in the beta program");
    diagnostics.push(RULE.at(Spot::Key(TARGET_BUILD_VERSION), message).help("write the build of a release, or remove the key"));
}

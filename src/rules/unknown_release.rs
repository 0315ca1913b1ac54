//! `unknown-release`

use super::Enforced;
use super::release::Offers;
use crate::apple::BuildKind;
use crate::apple::enforcement::{TARGET_BUILD_VERSION, TARGET_OS_VERSION};
use crate::catalog::{Known, Release};
use crate::diagnostic::{Drafts, Example, Rule, Severity, Spot, enforcement};
use crate::words::list;

pub(crate) static RULE: Rule = Rule::new(
    "unknown-release",
    Severity::Error,
    "Apple does not offer the enforced release",
    "A device updates only to releases in Apple's list. An enforcement of anything else stays active and does \
     nothing: a mistyped version, a build of another platform, or a release that is long gone. It is an error if a \
     target platform lacks the release or, without targets, if no platform has it. The rule needs a catalogue, and is \
     silent about what a SOFA feed does not cover.",
    &[
        Example::new(enforcement!(r#"{ "TargetOSVersion": "26.7", "TargetLocalDateTime": "2026-06-30T18:00:00" }"#))
            .with_options(&["--catalog", "gdmf.json"])
            .finds(&[("/Payload/TargetOSVersion", Severity::Error)]),
        Example::new(enforcement!(
            r#"{ "TargetOSVersion": "26.2", "TargetBuildVersion": "23C99", "TargetLocalDateTime": "2026-06-30T18:00:00" }"#
        ))
        .with_options(&["--catalog", "gdmf.json"])
        .finds(&[("/Payload/TargetBuildVersion", Severity::Error)]),
        Example::new(enforcement!(r#"{ "TargetOSVersion": "18.7.3", "TargetLocalDateTime": "2026-06-30T18:00:00" }"#))
            .with_options(&["--catalog", "gdmf.json", "--target", "tvOS"])
            .finds(&[("/Payload/TargetOSVersion", Severity::Error)]),
        Example::new(enforcement!(r#"{ "TargetOSVersion": "26.2", "TargetLocalDateTime": "2026-06-30T18:00:00" }"#))
            .with_options(&["--catalog", "gdmf.json"]),
    ],
);

pub(super) fn check(enforced: &Enforced<'_>, diagnostics: &mut Drafts) {
    let Some(offers) = enforced.offers() else { return };
    let lacking = offers.certain(|_, known| known == Known::No);
    // Without targets, any release that Apple offers is accepted.
    if lacking.is_empty() || (!offers.is_aimed && offers.catalog.lists(offers.version, offers.build)) {
        return;
    }
    // `build-version-mismatch` covers a build of another system.
    if offers.build.is_some_and(|build| !enforced.scope().iter().any(|platform| build.fits(*platform, offers.version))) {
        return;
    }
    let for_platforms = offers.on(&lacking, "or");
    let Offers { catalog, version, build, .. } = offers;
    // The version is known, so the build is wrong.
    let mut builds: Vec<String> = Vec::new();
    for platform in &lacking {
        for listed in catalog.of_version(*platform, version).filter_map(|release| release.build.as_ref()) {
            let text = listed.to_string();
            if !builds.iter().any(|known| known.starts_with(&text)) {
                builds.push(format!("{text} ({platform})"));
            }
        }
    }
    if let Some(build) = build.filter(|_| !builds.is_empty()) {
        // List improvements first if an improvement was enforced.
        if build.kind() == BuildKind::Supplemental {
            builds.sort_by_key(|text| !text.contains('a'));
        }
        builds.truncate(MAX_SHOWN);
        let message = format!("Apple does not offer {version} with build {build}{for_platforms}");
        let help = format!("builds of {version} include {}; write one of them, or remove the key", list(&builds, "and"));
        diagnostics.push(RULE.at(Spot::Key(TARGET_BUILD_VERSION), message).help(help));
        return;
    }
    let of_major = |release: &&Release| release.version.major() == version.major();
    let newest = lacking.iter().flat_map(|platform| catalog.on(*platform)).filter(of_major).map(|release| &release.version).max();
    let help = match newest {
        Some(newest) => format!("the newest {} release listed is {newest}; is the catalogue up to date?", version.major()),
        None => format!("no {} release is listed; is the catalogue up to date?", version.major()),
    };
    diagnostics.push(RULE.at(Spot::Key(TARGET_OS_VERSION), format!("Apple does not offer {version}{for_platforms}")).help(help));
}

/// The maximum number of builds in a message.
const MAX_SHOWN: usize = 5;

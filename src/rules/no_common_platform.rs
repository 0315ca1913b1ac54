//! `no-common-platform`

use super::availability::Placement;
use crate::apple::{COLUMNS, Platform};
use crate::diagnostic::{Drafts, Example, Rule, Severity, Spot, settings};
use crate::validate::Setting;
use crate::words::list;

pub(crate) static RULE: Rule = Rule::new(
    "no-common-platform",
    Severity::Note,
    "no platform has all keys of a declaration",
    "Each device applies the keys that its platform has, so one declaration may hold keys of several; Apple's own \
     example does. If you keep a declaration for each platform, turn this rule on to find keys in the wrong one. With \
     targets, unsupported-key is more exact, and this rule is silent.",
    &[
        Example::new(settings!(
            "com.example.mixed",
            r#"{ "Deferrals": { "MajorPeriodInDays": 30 }, "RecommendedCadence": "Newest" }"#
        ))
        .with_options(&["-N", "no-common-platform"])
        .finds(&[("/Payload", Severity::Note)]),
        Example::new(settings!(
            "com.example.mixed",
            r#"{ "Deferrals": { "MajorPeriodInDays": 30 }, "RecommendedCadence": "Newest" }"#
        )),
        Example::new(settings!(
            "com.example.mac",
            r#"{ "Deferrals": { "MajorPeriodInDays": 30 }, "AllowStandardUserOSUpdates": false }"#
        ))
        .with_options(&["-N", "no-common-platform"]),
    ],
)
.optional();

pub(super) fn check(placement: &Placement<'_>, diagnostics: &mut Drafts) {
    let has = |key: &Setting<'_>, platform| placement.support_of(key).on(platform).is_some();
    let platforms = || COLUMNS.iter().map(|(platform, _)| *platform).filter(|platform| placement.support.on(*platform).is_some());
    let is_common = platforms().any(|platform| placement.settings.iter().all(|key| has(key, platform)));
    if is_common || !placement.targets.is_empty() {
        return;
    }
    // Show one key for each combination of platforms.
    let mut shown: Vec<(String, &Setting<'_>)> = Vec::new();
    for key in &placement.settings {
        let having = Platform::ALL.iter().filter(|platform| has(key, **platform));
        let having = list(&having.map(|platform| platform.name()).collect::<Vec<_>>(), "and");
        let is_restricted = platforms().any(|platform| !has(key, platform));
        if is_restricted && !shown.iter().any(|(other, _)| *other == having) {
            shown.push((having, key));
        }
    }
    let diagnostic = RULE
        .at(Spot::Payload, "no platform has all keys of this declaration")
        .help("split it by platform; each device applies the keys that it knows");
    diagnostics.push(shown.into_iter().fold(diagnostic, |diagnostic, (platforms, key)| {
        diagnostic.related(format!("only on {platforms}"), placement.spot(key))
    }));
}

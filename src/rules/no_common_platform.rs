//! `no-common-platform`

use super::availability::Placement;
use crate::apple::COLUMNS;
use crate::apple::Platform;
use crate::diagnostic::{Draft, Example, Rule, Severity, Spot};
use crate::validate::Setting;
use crate::words::list;

pub(crate) static RULE: Rule = Rule::new(
    "no-common-platform",
    Severity::Note,
    "no single platform has all keys of a declaration",
    "Each device takes the keys that its platform has, so one declaration may hold keys of several; Apple's own example does. \
     Who keeps a declaration for each platform turns this rule on to find keys that ended up in the wrong one. With targets, \
     unsupported-key says it more exactly, and this rule is silent.",
    &[
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.settings",
  "Identifier": "com.example.mixed",
  "Payload": { "Deferrals": { "MajorPeriodInDays": 30 }, "RecommendedCadence": "Newest" }
}"#,
            options: &["-N", "no-common-platform"],
            finds: &[("/Payload", Severity::Note)],
        },
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.settings",
  "Identifier": "com.example.mixed",
  "Payload": { "Deferrals": { "MajorPeriodInDays": 30 }, "RecommendedCadence": "Newest" }
}"#,
            options: &[],
            finds: &[],
        },
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.settings",
  "Identifier": "com.example.mac",
  "Payload": { "Deferrals": { "MajorPeriodInDays": 30 }, "AllowStandardUserOSUpdates": false }
}"#,
            options: &["-N", "no-common-platform"],
            finds: &[],
        },
    ],
)
.optional();

pub(super) fn check(placement: &Placement<'_>, diagnostics: &mut Vec<Draft>) {
    let has = |key: &Setting<'_>, platform| placement.support_of(key).on(platform).is_some();
    let platforms = || COLUMNS.iter().map(|(platform, _)| *platform).filter(|platform| placement.support.on(*platform).is_some());
    let is_common = platforms().any(|platform| placement.settings.iter().all(|key| has(key, platform)));
    if is_common || !placement.targets.is_empty() {
        return;
    }
    // One of the keys that exist on the same platforms is enough to show why.
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
        .help("split it by platform; each device takes the keys that it knows");
    diagnostics.push(
        shown.into_iter().fold(diagnostic, |diagnostic, (platforms, key)| {
            diagnostic.related(format!("only {platforms}"), placement.spot(key))
        }),
    );
}

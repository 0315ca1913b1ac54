//! `removed-command`

use super::LegacyPart;
use super::legacy::removal;
use crate::apple::{SCHEDULE_OS_UPDATE, SCHEDULE_OS_UPDATE_SCAN, SETTINGS_COMMAND, Support, UPDATE_SETTINGS, setting};
use crate::diagnostic::{Drafts, Example, Rule, Severity, Spot};

pub(crate) static RULE: Rule = Rule::new(
    "removed-command",
    Severity::Warning,
    "Apple is removing the commands about updates",
    "ScheduleOSUpdate, ScheduleOSUpdateScan, AvailableOSUpdates and OSUpdateStatus are deprecated since 26.0 and do \
     not exist in 27.0. A softwareupdate.enforcement.specific declaration replaces ScheduleOSUpdate, and `ddmc \
     migrate` writes it; devices report the state of updates as status items (softwareupdate.install-state and \
     others). The item SoftwareUpdateSettings of the command Settings goes the same way; RecommendedCadence of a \
     softwareupdate.settings declaration replaces it. It is an error for targets with 27.0 or later, a warning from 26.0 on, and a note without targets.",
    &[
        Example::new(r#"{ "Command": { "RequestType": "AvailableOSUpdates" } }"#)
            .with_options(&["--target", "iOS=27.0"])
            .finds(&[("/Command/RequestType", Severity::Error)]),
        Example::new(r#"{ "Command": { "RequestType": "AvailableOSUpdates" } }"#)
            .with_options(&["--target", "iOS=26.1"])
            .finds(&[("/Command/RequestType", Severity::Warning)]),
        Example::new(r#"{ "Command": { "RequestType": "AvailableOSUpdates" } }"#)
            .finds(&[("/Command/RequestType", Severity::Note)]),
        Example::new(
            r#"{ "RequestType": "Settings", "Settings": [{ "Item": "SoftwareUpdateSettings", "RecommendationCadence": 1 }] }"#,
        )
        .with_options(&["--target", "iOS=27.0"])
        .finds(&[("/Settings/0/Item", Severity::Error)]),
        Example::new(r#"{ "Command": { "RequestType": "AvailableOSUpdates" } }"#).with_options(&["--target", "iOS=18.6"]),
    ],
)
.also(&[Severity::Note, Severity::Error]);

pub(super) fn check(legacy: &LegacyPart<'_>, diagnostics: &mut Drafts) {
    let kind = legacy.kind();
    let (name, spot, support) = match (&*kind.name, legacy.is_head()) {
        (SETTINGS_COMMAND, false) => {
            let schema = legacy.reading.schema;
            let key = schema.at_path(legacy.object().rows(), setting::RECOMMENDATION_CADENCE.iter().copied());
            let support = key.map_or(&Support::NEVER, |key| schema.support(schema.key(key).support));
            (UPDATE_SETTINGS, Spot::Key(setting::ITEM), support)
        }
        (SETTINGS_COMMAND, true) | (_, false) => return,
        (name, true) if kind.family.is_command() => (name, Spot::Type, legacy.support()),
        _ => return,
    };
    let help = match name {
        SCHEDULE_OS_UPDATE => "enforce the version with a declaration; `ddmc migrate` writes it",
        SCHEDULE_OS_UPDATE_SCAN => "remove the command: devices look for updates by themselves",
        UPDATE_SETTINGS => "publish a softwareupdate.settings declaration with RecommendedCadence; `ddmc migrate` writes it",
        _ => "subscribe to the status items softwareupdate.install-state and softwareupdate.pending-version",
    };
    let removal = removal(name, "no longer exists", support, legacy.targets);
    diagnostics.extend(removal.map(|(severity, message)| RULE.at(spot, message).help(help).severity(severity)));
}

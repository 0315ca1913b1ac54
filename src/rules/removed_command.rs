//! `removed-command`

use super::LegacyPart;
use super::legacy::removal;
use crate::apple::{SCHEDULE_OS_UPDATE, SCHEDULE_OS_UPDATE_SCAN};
use crate::diagnostic::{Drafts, Example, Rule, Severity, Spot};

pub(crate) static RULE: Rule = Rule::new(
    "removed-command",
    Severity::Warning,
    "Apple is removing the commands about updates",
    "ScheduleOSUpdate, ScheduleOSUpdateScan, AvailableOSUpdates and OSUpdateStatus are deprecated since 26.0 and do \
     not exist in 27.0. A softwareupdate.enforcement.specific declaration replaces ScheduleOSUpdate, and `ddmc \
     migrate` writes it; devices report the state of updates as status items (softwareupdate.install-state and \
     others). It is an error for targets with 27.0 or later, a warning from 26.0 on, and a note without targets.",
    &[
        Example::new(r#"{ "Command": { "RequestType": "AvailableOSUpdates" } }"#)
            .with_options(&["--target", "iOS=27.0"])
            .finds(&[("/Command/RequestType", Severity::Error)]),
        Example::new(r#"{ "Command": { "RequestType": "AvailableOSUpdates" } }"#)
            .with_options(&["--target", "iOS=26.1"])
            .finds(&[("/Command/RequestType", Severity::Warning)]),
        Example::new(r#"{ "Command": { "RequestType": "AvailableOSUpdates" } }"#)
            .finds(&[("/Command/RequestType", Severity::Note)]),
        Example::new(r#"{ "Command": { "RequestType": "AvailableOSUpdates" } }"#).with_options(&["--target", "iOS=18.6"]),
    ],
)
.also(&[Severity::Note, Severity::Error]);

pub(super) fn check(legacy: &LegacyPart<'_>, diagnostics: &mut Drafts) {
    let kind = legacy.kind();
    if !kind.family.is_command() || !legacy.is_head() {
        return;
    }
    let help = match &*kind.name {
        SCHEDULE_OS_UPDATE => "enforce the version with a declaration; `ddmc migrate` writes it",
        SCHEDULE_OS_UPDATE_SCAN => "remove the command: devices look for updates by themselves",
        _ => "subscribe to the status items softwareupdate.install-state and softwareupdate.pending-version",
    };
    let removal = removal(&kind.name, "no longer exists", legacy.support(), legacy.targets);
    diagnostics.extend(removal.map(|(severity, message)| RULE.at(Spot::Type, message).help(help).severity(severity)));
}

//! `removed-command`

use super::LegacyPart;
use super::availability::names;
use super::legacy::{Fate, fate};
use crate::diagnostic::{Draft, Example, Rule, Severity, Spot};
use crate::keys::{Owner, Table};
use crate::model::LegacyType;

pub(crate) static RULE: Rule = Rule::new(
    "removed-command",
    Severity::Warning,
    "Apple takes the commands about updates away",
    "ScheduleOSUpdate, ScheduleOSUpdateScan, AvailableOSUpdates and OSUpdateStatus are deprecated since 26.0 and do not exist in 27.0. A \
     softwareupdate.enforcement.specific declaration takes the place of ScheduleOSUpdate, and `ddmc migrate` writes it; devices report the state of \
     updates as status items (softwareupdate.install-state and others). It is an error for devices of 27.0 or later, a warning from 26.0 on, \
     and a note where nobody says which devices are meant.",
    &[
        Example {
            document: r#"{ "Command": { "RequestType": "AvailableOSUpdates" } }"#,
            options: &["--target", "iOS=27.0"],
            finds: &[("/Command/RequestType", Severity::Error)],
        },
        Example {
            document: r#"{ "Command": { "RequestType": "AvailableOSUpdates" } }"#,
            options: &["--target", "iOS=26.1"],
            finds: &[("/Command/RequestType", Severity::Warning)],
        },
        Example {
            document: r#"{ "Command": { "RequestType": "AvailableOSUpdates" } }"#,
            options: &[],
            finds: &[("/Command/RequestType", Severity::Note)],
        },
        Example {
            document: r#"{ "Command": { "RequestType": "AvailableOSUpdates" } }"#,
            options: &["--target", "iOS=18.6"],
            finds: &[],
        },
    ],
);

pub(super) fn check(legacy: &LegacyPart<'_>, diagnostics: &mut Vec<Draft>) {
    let part = legacy.part;
    let Some(table) = Table::of(&Owner::Legacy(part.owner)).filter(|_| part.owner.is_command() && part.is_head()) else { return };
    let Some(until) = table.support.retirement() else { return };
    let name = part.owner.as_str();
    let (severity, message) = match fate(table.support, legacy.targets) {
        Fate::Gone(targets) => (Severity::Error, format!("{name} does not exist on {} any more", names(&targets, "or"))),
        Fate::Deprecated(targets) => {
            (Severity::Warning, format!("{name} is deprecated on {}, and gone in {}", names(&targets, "and"), until.removed))
        }
        Fate::Unknown => {
            (Severity::Note, format!("{name} is deprecated since {}, and gone in {}", until.deprecated, until.removed))
        }
        Fate::Well => return,
    };
    let help = match part.owner {
        LegacyType::ScheduleOsUpdate => "enforce the version by a declaration; `ddmc migrate` writes it",
        LegacyType::ScheduleOsUpdateScan => "leave it out: devices look for updates by themselves",
        _ => "subscribe to the status items softwareupdate.install-state and softwareupdate.pending-version",
    };
    diagnostics.push(RULE.at(Spot::Type, message).help(help).severity(severity));
}

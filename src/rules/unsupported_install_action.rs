//! `unsupported-install-action`

use super::LegacyPart;
use super::availability::names;
use crate::diagnostic::{Draft, Example, Rule, Severity, Spot};
use crate::keys::legacy::command::{self, update};
use crate::keys::{Support, Verdict};
use crate::model::legacy::InstallAction;
use crate::model::{Choice, Target};
use crate::words::list;

pub(crate) static RULE: Rule = Rule::new(
    "unsupported-install-action",
    Severity::Error,
    "devices that a command is meant for cannot do what it asks for",
    "Each InstallAction has its platforms and versions. Default and InstallASAP exist wherever ScheduleOSUpdate does, DownloadOnly on a Mac from \
     macOS 11 on; NotifyOnly and InstallLater are for Macs alone, and so is InstallForceRestart, from macOS 11 on. A device answers any other \
     with an error. The devices are those of --target or of the configuration file.",
    &[
        Example {
            document: r#"{ "Command": { "RequestType": "ScheduleOSUpdate", "Updates": [{ "InstallAction": "InstallLater", "ProductVersion": "17.6.1" }] }, "CommandUUID": "5C8F1B8E-0001" }"#,
            options: &["--target", "iOS=17.5"],
            finds: &[("/Command/Updates/0/InstallAction", Severity::Error)],
        },
        Example {
            document: r#"{ "Command": { "RequestType": "ScheduleOSUpdate", "Updates": [{ "InstallAction": "DownloadOnly", "ProductKey": "001-12345" }] }, "CommandUUID": "5C8F1B8E-0001" }"#,
            options: &["--target", "macOS=10.15"],
            finds: &[("/Command/Updates/0/InstallAction", Severity::Error)],
        },
        Example {
            document: r#"{ "Command": { "RequestType": "ScheduleOSUpdate", "Updates": [{ "InstallAction": "InstallLater", "ProductVersion": "14.6" }] }, "CommandUUID": "5C8F1B8E-0001" }"#,
            options: &["--target", "macOS=14.5"],
            finds: &[],
        },
    ],
);

pub(super) fn check(legacy: &LegacyPart<'_>, diagnostics: &mut Vec<Draft>) {
    let Some(action) = legacy.update().and_then(|update| update.get(&update::INSTALL_ACTION)) else { return };
    let support = command::action(*action);
    let takes_command = |target: &&Target| matches!(command::SCHEDULE.verdict(target), Verdict::Available | Verdict::Enrolment);
    let targets = legacy.targets.iter().filter(takes_command).filter(|target| is_absent(&support, target));
    let targets: Vec<&Target> = targets.collect();
    if targets.is_empty() {
        return;
    }
    let able: Vec<&str> = InstallAction::NAMES
        .iter()
        .enumerate()
        .filter(|(at, _)| {
            let other = InstallAction::at(*at).map(command::action);
            other.is_some_and(|other| targets.iter().all(|target| !is_absent(&other, target)))
        })
        .map(|(_, name)| *name)
        .collect();
    let name = action.name();
    diagnostics.push(
        RULE.at(Spot::Key(update::INSTALL_ACTION.path), format!("{name} does not exist on {}", names(&targets, "or")))
            .help(format!("it exists from {} on; write {}", support.places(), list(&able, "or"))),
    );
}

fn is_absent(support: &Support, target: &Target) -> bool {
    matches!(support.verdict(target), Verdict::Never | Verdict::Later(_))
}

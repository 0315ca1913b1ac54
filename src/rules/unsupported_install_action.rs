//! `unsupported-install-action`

use super::LegacyPart;
use super::availability::names;
use crate::apple::update::INSTALL_ACTION;
use crate::apple::{Release, Since, Support, Target, Verdict};
use crate::diagnostic::{Drafts, Example, Rule, Severity, Spot, schedule_update};
use crate::words::list;

pub(crate) static RULE: Rule = Rule::new(
    "unsupported-install-action",
    Severity::Error,
    "the target devices do not support the InstallAction of a command",
    "Each InstallAction has its platforms and versions. Default and InstallASAP exist wherever ScheduleOSUpdate does, \
     and so does DownloadOnly, but on Macs only from macOS 11 on. NotifyOnly and InstallLater are for Macs only, and \
     so is InstallForceRestart, from macOS 11 on. A device answers an unsupported action with an error. The target \
     devices come from --target or the configuration file.",
    &[
        Example::new(schedule_update!(r#"{ "InstallAction": "InstallLater", "ProductVersion": "17.6.1" }"#))
            .with_options(&["--target", "iOS=17.5"])
            .finds(&[("/Command/Updates/0/InstallAction", Severity::Error)]),
        Example::new(schedule_update!(r#"{ "InstallAction": "DownloadOnly", "ProductKey": "001-12345" }"#))
            .with_options(&["--target", "macOS=10.15"])
            .finds(&[("/Command/Updates/0/InstallAction", Severity::Error)]),
        Example::new(schedule_update!(r#"{ "InstallAction": "InstallLater", "ProductVersion": "14.6" }"#))
            .with_options(&["--target", "macOS=14.5"]),
    ],
);

/// An `InstallAction`. On iOS, iPadOS and tvOS it exists wherever the command does, or not at all.
struct Action {
    name: &'static str,
    macos: Release,
    is_for_macs_only: bool,
}

/// The values of `InstallAction`, from Apple's page of the command: its schema does not state their platforms.
const ACTIONS: [Action; 6] = [
    Action { name: "Default", macos: Release::new(10, 11, 0), is_for_macs_only: false },
    Action { name: "DownloadOnly", macos: Release::new(11, 0, 0), is_for_macs_only: false },
    Action { name: "InstallASAP", macos: Release::new(10, 11, 0), is_for_macs_only: false },
    Action { name: "NotifyOnly", macos: Release::new(10, 11, 0), is_for_macs_only: true },
    Action { name: "InstallLater", macos: Release::new(10, 11, 0), is_for_macs_only: true },
    Action { name: "InstallForceRestart", macos: Release::new(11, 0, 0), is_for_macs_only: true },
];

impl Action {
    /// Where the action exists, given where its command exists.
    fn support(&self, command: &Support) -> Support {
        let Support([ios, macos, tvos, ..]) = *command;
        let macos = macos.map(|since| Since { introduced: self.macos, ..since });
        Support(if self.is_for_macs_only { [None, macos, None, None, None] } else { [ios, macos, tvos, None, None] })
    }
}

pub(super) fn check(legacy: &LegacyPart<'_>, diagnostics: &mut Drafts) {
    let Some(name) = legacy.update().and_then(|update| update.text(INSTALL_ACTION)) else { return };
    let Some(action) = ACTIONS.iter().find(|action| action.name == name) else { return };
    let command = legacy.support();
    let support = action.support(command);
    let takes_command = |target: &&Target| matches!(command.verdict(target), Verdict::Available | Verdict::Enrolment);
    let targets = legacy.targets.iter().filter(takes_command).filter(|target| is_absent(&support, target));
    let targets: Vec<&Target> = targets.collect();
    if targets.is_empty() {
        return;
    }
    let is_possible = |other: &&Action| targets.iter().all(|target| !is_absent(&other.support(command), target));
    let able: Vec<&str> = ACTIONS.iter().filter(is_possible).map(|other| other.name).collect();
    diagnostics.push(
        RULE.at(Spot::Key(INSTALL_ACTION), format!("{name} does not exist on {}", names(&targets, "or"))).help(format!(
            "it is available from {} on; write {}",
            support.places(),
            list(&able, "or")
        )),
    );
}

fn is_absent(support: &Support, target: &Target) -> bool {
    matches!(support.verdict(target), Verdict::Never | Verdict::Later(_))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apple::{SCHEDULE_OS_UPDATE, Schema, ValueType};

    #[test]
    fn every_action_has_its_platforms() {
        let schema = Schema::built_in();
        let kind = schema.find(SCHEDULE_OS_UPDATE).expect("the schema has the command");
        let key = schema.at_path(schema.kind(kind).keys, ["Updates", "*", "InstallAction"]).expect("an update has an action");
        let ValueType::Enum(words) = schema.key(key).value else { panic!("an action is one of a list") };
        assert!(schema.words(words).iter().eq(ACTIONS.iter().map(|action| action.name)));
    }
}

//! `may-lose-data`

use super::{Check, Example, LegacyPart, Rule};
use crate::finding::{Fault, Severity};
use crate::keys::legacy::command::update;
use crate::model::Platform;
use crate::model::legacy::InstallAction;

pub(super) static RULE: Rule = Rule {
    id: "may-lose-data",
    severity: Severity::Warning,
    is_optional: false,
    summary: "a command restarts a Mac whatever the user is doing",
    explanation: "InstallForceRestart closes all apps for the restart, and what is not saved is lost. An enforcement declaration tells the user days before, \
                  and again up to the last minute.",
    examples: &[
        Example {
            document: r#"{ "Command": { "RequestType": "ScheduleOSUpdate", "Updates": [{ "InstallAction": "InstallForceRestart", "ProductVersion": "14.6" }] }, "CommandUUID": "5C8F1B8E-0001" }"#,
            options: &[],
            finds: &[("/Command/Updates/0/InstallAction", Severity::Warning)],
        },
        Example {
            document: r#"{ "Command": { "RequestType": "ScheduleOSUpdate", "Updates": [{ "InstallAction": "InstallLater", "ProductVersion": "14.6" }] }, "CommandUUID": "5C8F1B8E-0001" }"#,
            options: &["--target", "macOS=14.5"],
            finds: &[],
        },
    ],
    check: Check::Legacy(check),
};

fn check(legacy: &LegacyPart<'_>, faults: &mut Vec<Fault>) {
    let action = legacy.update().and_then(|update| update.get(&update::INSTALL_ACTION));
    if action == Some(&InstallAction::InstallForceRestart) && legacy.may_reach(&[Platform::MacOs]) {
        faults.push(
            Fault::at(update::INSTALL_ACTION.path, "InstallForceRestart restarts the Mac by force: what is not saved is lost")
                .help("write InstallASAP or InstallLater, or enforce the version by a declaration, which warns the user in time"),
        );
    }
}

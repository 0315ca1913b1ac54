//! `may-lose-data`

use super::LegacyPart;
use crate::apple::Platform;
use crate::apple::update::INSTALL_ACTION;
use crate::diagnostic::{Draft, Example, Rule, Severity, Spot};

pub(crate) static RULE: Rule = Rule::new(
    "may-lose-data",
    Severity::Warning,
    "a command restarts a Mac whatever the user is doing",
    "InstallForceRestart closes all apps for the restart, and what is not saved is lost. An enforcement declaration tells the user days before, \
     and again up to the last minute.",
    &[
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
);

pub(super) fn check(legacy: &LegacyPart<'_>, diagnostics: &mut Vec<Draft>) {
    if legacy.does("InstallForceRestart") && legacy.may_reach(&[Platform::MacOs]) {
        diagnostics.push(
            RULE.at(Spot::Key(INSTALL_ACTION), "InstallForceRestart restarts the Mac by force: what is not saved is lost")
                .help("write InstallASAP or InstallLater, or enforce the version by a declaration, which warns the user in time"),
        );
    }
}

//! `needs-second-command`

use super::LegacyPart;
use crate::apple::Platform;
use crate::apple::update::INSTALL_ACTION;
use crate::diagnostic::{Draft, Example, Rule, Severity, Spot};

pub(crate) static RULE: Rule = Rule::new(
    "needs-second-command",
    Severity::Note,
    "a command has to be sent twice to install the update on iOS and tvOS",
    "The InstallAction Default downloads an update or installs it, whichever comes next. On iOS and tvOS the first command only downloads; when \
     the device answers that the download is finished, the same command sent again installs it. A Mac does both.",
    &[
        Example {
            document: r#"{ "Command": { "RequestType": "ScheduleOSUpdate", "Updates": [{ "InstallAction": "Default", "ProductVersion": "17.6.1" }] }, "CommandUUID": "5C8F1B8E-0001" }"#,
            options: &[],
            finds: &[("/Command/Updates/0/InstallAction", Severity::Note)],
        },
        Example {
            document: r#"{ "Command": { "RequestType": "ScheduleOSUpdate", "Updates": [{ "InstallAction": "Default", "ProductVersion": "14.6" }] }, "CommandUUID": "5C8F1B8E-0001" }"#,
            options: &["--target", "macOS=14.5"],
            finds: &[],
        },
    ],
);

pub(super) fn check(legacy: &LegacyPart<'_>, diagnostics: &mut Vec<Draft>) {
    if legacy.does("Default") && legacy.may_reach(&[Platform::Ios, Platform::IpadOs, Platform::TvOs]) {
        diagnostics.push(
            RULE.at(Spot::Key(INSTALL_ACTION), "on iOS and tvOS, Default first downloads the update and installs nothing")
                .help("send the command again when the download is finished"),
        );
    }
}

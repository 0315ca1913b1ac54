//! `needs-second-command`

use super::LegacyPart;
use crate::apple::Platform;
use crate::apple::update::INSTALL_ACTION;
use crate::diagnostic::{Drafts, Example, Rule, Severity, Spot, schedule_update};

pub(crate) static RULE: Rule = Rule::new(
    "needs-second-command",
    Severity::Note,
    "a command must be sent twice to install the update on iOS and tvOS",
    "The InstallAction Default downloads an update or installs it, whichever comes next. On iOS and tvOS the first \
     command only downloads; when the device reports that the download is finished, send the same command again to \
     install it. A Mac does both.",
    &[
        Example::new(schedule_update!(r#"{ "InstallAction": "Default", "ProductVersion": "17.6.1" }"#))
            .finds(&[("/Command/Updates/0/InstallAction", Severity::Note)]),
        Example::new(schedule_update!(r#"{ "InstallAction": "Default", "ProductVersion": "14.6" }"#))
            .with_options(&["--target", "macOS=14.5"]),
    ],
);

pub(super) fn check(legacy: &LegacyPart<'_>, diagnostics: &mut Drafts) {
    if legacy.does("Default") && legacy.may_reach(&[Platform::Ios, Platform::IpadOs, Platform::TvOs]) {
        diagnostics.push(
            RULE.at(Spot::Key(INSTALL_ACTION), "on iOS and tvOS, the first command with Default only downloads the update")
                .help("send the command again when the download is finished"),
        );
    }
}

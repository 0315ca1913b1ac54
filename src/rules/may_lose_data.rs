//! `may-lose-data`

use super::LegacyPart;
use crate::apple::Platform;
use crate::apple::update::INSTALL_ACTION;
use crate::diagnostic::{Drafts, Example, Rule, Severity, Spot, schedule_update};

pub(crate) static RULE: Rule = Rule::new(
    "may-lose-data",
    Severity::Warning,
    "a command restarts a Mac without waiting for the user",
    "InstallForceRestart closes all apps for the restart, and unsaved work is lost. An enforcement declaration warns \
     the user days ahead, and again until the last minute.",
    &[
        Example::new(schedule_update!(r#"{ "InstallAction": "InstallForceRestart", "ProductVersion": "14.6" }"#))
            .finds(&[("/Command/Updates/0/InstallAction", Severity::Warning)]),
        Example::new(schedule_update!(r#"{ "InstallAction": "InstallLater", "ProductVersion": "14.6" }"#))
            .with_options(&["--target", "macOS=14.5"]),
    ],
);

pub(super) fn check(legacy: &LegacyPart<'_>, diagnostics: &mut Drafts) {
    if legacy.does("InstallForceRestart") && legacy.may_reach(&[Platform::MacOs]) {
        diagnostics.push(
            RULE.at(Spot::Key(INSTALL_ACTION), "InstallForceRestart restarts the Mac by force: unsaved work is lost").help(
                "write InstallASAP or InstallLater, or enforce the version with a declaration, which warns the user in time",
            ),
        );
    }
}

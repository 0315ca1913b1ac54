//! `install-without-download`

use crate::diagnostic::{Draft, Example, Rule, Severity, Spot};
use crate::keys::settings::{DOWNLOAD, INSTALL_OS_UPDATES, INSTALL_SECURITY_UPDATE};
use crate::model::{Control, Settings};
use crate::read::Object;

pub(crate) static RULE: Rule = Rule::new(
    "install-without-download",
    Severity::Warning,
    "updates are to be installed automatically while automatic downloads are off",
    "InstallOSUpdates and InstallSecurityUpdate are only used while automatic downloads are on, so AlwaysOn has no effect beside \
     Download AlwaysOff. Devices have been seen to refuse the whole settings for Download AlwaysOff with InstallOSUpdates AlwaysOn.",
    &[
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.settings",
  "Identifier": "com.example.beta",
  "Payload": { "AutomaticActions": { "Download": "AlwaysOff", "InstallOSUpdates": "AlwaysOn", "InstallSecurityUpdate": "AlwaysOn" } }
}"#,
            options: &[],
            finds: &[
                ("/Payload/AutomaticActions/InstallOSUpdates", Severity::Warning),
                ("/Payload/AutomaticActions/InstallSecurityUpdate", Severity::Warning),
            ],
        },
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.settings",
  "Identifier": "com.example.beta",
  "Payload": { "AutomaticActions": { "Download": "AlwaysOn", "InstallOSUpdates": "AlwaysOn" } }
}"#,
            options: &[],
            finds: &[],
        },
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.settings",
  "Identifier": "com.example.beta",
  "Payload": { "AutomaticActions": { "Download": "AlwaysOff", "InstallOSUpdates": "AlwaysOff" } }
}"#,
            options: &[],
            finds: &[],
        },
    ],
);

pub(super) fn check(settings: &Object<Settings>, diagnostics: &mut Vec<Draft>) {
    if settings.get(&DOWNLOAD) != Some(&Control::AlwaysOff) {
        return;
    }
    for (key, effect) in [
        (&INSTALL_OS_UPDATES, "devices have been seen to refuse the whole settings"),
        (&INSTALL_SECURITY_UPDATE, "it has no effect"),
    ] {
        if settings.get(key) == Some(&Control::AlwaysOn) {
            let name = key.path.last().copied().unwrap_or_default();
            diagnostics.push(
                RULE.at(Spot::Key(key.path), format!("{name} is AlwaysOn, but Download is AlwaysOff: {effect}"))
                    .help(format!("set Download to \"AlwaysOn\" or \"Allowed\", or {name} to \"AlwaysOff\""))
                    .related("automatic downloads are off", Spot::Key(DOWNLOAD.path)),
            );
        }
    }
}

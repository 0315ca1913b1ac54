//! `install-without-download`

use crate::apple::settings::{DOWNLOAD, INSTALL_OS_UPDATES, INSTALL_SECURITY_UPDATE};
use crate::diagnostic::{Drafts, Example, Rule, Severity, Spot, settings, settings_set};
use crate::validate::Object;

pub(crate) static RULE: Rule = Rule::new(
    "install-without-download",
    Severity::Warning,
    "updates are installed automatically while automatic downloads are off",
    "InstallOSUpdates and InstallSecurityUpdate apply only while automatic downloads are on, so AlwaysOn has no \
     effect beside Download AlwaysOff, in one declaration or in two that are active together. Devices have been seen \
     to refuse all settings for Download AlwaysOff with InstallOSUpdates AlwaysOn; between two declarations that is a \
     merge-conflict.",
    &[
        Example::new(settings!(
            "com.example.beta",
            concat!(
                r#"{ "AutomaticActions": { "Download": "AlwaysOff", "InstallOSUpdates": "AlwaysOn", "#,
                r#""InstallSecurityUpdate": "AlwaysOn" } }"#
            )
        ))
        .finds(&[
            ("/Payload/AutomaticActions/InstallOSUpdates", Severity::Warning),
            ("/Payload/AutomaticActions/InstallSecurityUpdate", Severity::Warning),
        ]),
        Example::new(settings_set!(
            r#"{ "AutomaticActions": { "InstallSecurityUpdate": "AlwaysOn" } }"#,
            r#"{ "AutomaticActions": { "Download": "AlwaysOff" } }"#
        ))
        .finds(&[("/Payload/AutomaticActions/InstallSecurityUpdate", Severity::Warning)]),
        Example::new(settings!(
            "com.example.beta",
            r#"{ "AutomaticActions": { "Download": "AlwaysOn", "InstallOSUpdates": "AlwaysOn" } }"#
        )),
        Example::new(settings!(
            "com.example.beta",
            r#"{ "AutomaticActions": { "Download": "AlwaysOff", "InstallOSUpdates": "AlwaysOff" } }"#
        )),
    ],
);

pub(super) fn check(settings: Object<'_, '_>, diagnostics: &mut Drafts) {
    if settings.text(DOWNLOAD).as_deref() != Some("AlwaysOff") {
        return;
    }
    for (key, effect) in
        [(INSTALL_OS_UPDATES, "devices have been seen to refuse all settings"), (INSTALL_SECURITY_UPDATE, "it has no effect")]
    {
        if settings.text(key).as_deref() == Some("AlwaysOn") {
            let name = key.last().copied().unwrap_or_default();
            diagnostics.push(
                RULE.at(Spot::Key(key), format!("{name} is AlwaysOn, but Download is AlwaysOff: {effect}"))
                    .help(format!("set Download to \"AlwaysOn\" or \"Allowed\", or {name} to \"AlwaysOff\""))
                    .related("automatic downloads are off", Spot::Key(DOWNLOAD)),
            );
        }
    }
}

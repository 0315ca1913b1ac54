//! `removed-profile`

use super::LegacyPart;
use super::legacy::removal;
use crate::apple::{RESTRICTIONS_PROFILE, SOFTWARE_UPDATE_PROFILE, Support};
use crate::diagnostic::{Draft, Example, Rule, Severity, Spot};
use crate::validate::Setting;

pub(crate) static RULE: Rule = Rule::new(
    "removed-profile",
    Severity::Warning,
    "Apple takes settings of profiles for updates away",
    "The payload com.apple.SoftwareUpdate and the keys of com.apple.applicationaccess for updates are deprecated since 26.0 and do \
     nothing in 27.0. A softwareupdate.settings declaration takes their place, and `ddmc migrate` writes it. It is an error for devices of 27.0 or \
     later, a warning from 26.0 on, and a note where no devices are named.",
    &[
        Example {
            document: r#"{ "PayloadType": "com.apple.SoftwareUpdate", "PayloadVersion": 1, "PayloadIdentifier": "com.example.updates", "PayloadUUID": "5C8F1B8E-0001", "AutomaticDownload": true }"#,
            options: &["--target", "macOS=27.0"],
            finds: &[("/PayloadType", Severity::Error)],
        },
        Example {
            document: r#"{ "PayloadType": "com.apple.applicationaccess", "PayloadVersion": 1, "PayloadIdentifier": "com.example.updates", "PayloadUUID": "5C8F1B8E-0001", "forceDelayedSoftwareUpdates": true, "enforcedSoftwareUpdateDelay": 30 }"#,
            options: &["--target", "iOS=26.1"],
            finds: &[("/forceDelayedSoftwareUpdates", Severity::Warning), ("/enforcedSoftwareUpdateDelay", Severity::Warning)],
        },
        Example {
            document: r#"{ "PayloadType": "com.apple.SoftwareUpdate", "PayloadVersion": 1, "PayloadIdentifier": "com.example.updates", "PayloadUUID": "5C8F1B8E-0001", "AutomaticDownload": true }"#,
            options: &[],
            finds: &[("/PayloadType", Severity::Note)],
        },
        Example {
            document: r#"{ "PayloadType": "com.apple.SoftwareUpdate", "PayloadVersion": 1, "PayloadIdentifier": "com.example.updates", "PayloadUUID": "5C8F1B8E-0001", "AutomaticDownload": true }"#,
            options: &["--target", "macOS=15.5"],
            finds: &[],
        },
    ],
);

pub(super) fn check(legacy: &LegacyPart<'_>, diagnostics: &mut Vec<Draft>) {
    let schema = legacy.reading.schema;
    let support = |setting: &Setting<'_>| schema.support(setting.key.support);
    match &*legacy.kind().name {
        SOFTWARE_UPDATE_PROFILE => {
            diagnostics.extend(removed(Spot::Type, SOFTWARE_UPDATE_PROFILE, "does not exist", legacy.support(), legacy));
        }
        // One note is enough where no devices are named.
        RESTRICTIONS_PROFILE if legacy.targets.is_empty() => {
            let support = legacy.object().settings().iter().map(support).find(|support| support.retirement().is_some());
            let name = "holding updates back by a profile";
            diagnostics.extend(support.and_then(|support| removed(Spot::Type, name, "has no effect", support, legacy)));
        }
        RESTRICTIONS_PROFILE => diagnostics.extend(legacy.object().settings().iter().filter_map(|setting| {
            let spot = Spot::at(format!("{}/{}", legacy.part.pointer, setting.name()), setting.value.span());
            removed(spot, setting.name(), "has no effect", support(setting), legacy)
        })),
        _ => {}
    }
}

fn removed(spot: Spot, name: &str, end: &str, support: &Support, legacy: &LegacyPart<'_>) -> Option<Draft> {
    let (severity, message) = removal(name, end, support, legacy.targets)?;
    let help = "publish a softwareupdate.settings declaration; `ddmc migrate` writes it";
    Some(RULE.at(spot, message).help(help).severity(severity))
}

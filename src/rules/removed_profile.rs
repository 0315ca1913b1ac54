//! `removed-profile`

use super::LegacyPart;
use super::availability::names;
use super::legacy::{Fate, fate};
use crate::diagnostic::{Draft, Example, Rule, Severity, Spot};
use crate::keys::Support;
use crate::keys::legacy::profile;
use crate::model::LegacyType;

pub(crate) static RULE: Rule = Rule::new(
    "removed-profile",
    Severity::Warning,
    "Apple takes settings of profiles for updates away",
    "The payload com.apple.SoftwareUpdate and the keys of com.apple.applicationaccess that hold updates back are deprecated since 26.0 and do \
     nothing in 27.0. A softwareupdate.settings declaration takes their place, and `ddmc migrate` writes it. It is an error for devices of 27.0 or \
     later, a warning from 26.0 on, and a note where nobody says which devices are meant.",
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
    match legacy.part.owner {
        LegacyType::SoftwareUpdate => {
            let name = legacy.part.owner.as_str();
            diagnostics.extend(retired(Spot::Type, name, "does not exist", &profile::SOFTWARE_UPDATE, legacy));
        }
        LegacyType::Restrictions if legacy.targets.is_empty() => {
            // One note is enough where no devices are named.
            let retiring = legacy.part.named().into_iter().find(|key| key.support().retirement().is_some());
            let name = "holding updates back by a profile";
            diagnostics.extend(retiring.and_then(|key| retired(Spot::Type, name, "has no effect", key.support(), legacy)));
        }
        LegacyType::Restrictions => {
            let keys = legacy.part.named().into_iter();
            diagnostics.extend(
                keys.filter_map(|key| retired(Spot::Key(key.path()), key.name(), "has no effect", key.support(), legacy)),
            );
        }
        _ => {}
    }
}

fn retired(spot: Spot, name: &str, end: &str, support: &Support, legacy: &LegacyPart<'_>) -> Option<Draft> {
    let until = support.retirement()?;
    let (severity, message) = match fate(support, legacy.targets) {
        Fate::Gone(targets) => (Severity::Error, format!("{name} {end} on {} any more", names(&targets, "or"))),
        Fate::Deprecated(targets) => {
            (Severity::Warning, format!("{name} is deprecated on {}, and gone in {}", names(&targets, "and"), until.removed))
        }
        Fate::Unknown => {
            (Severity::Note, format!("{name} is deprecated since {}, and gone in {}", until.deprecated, until.removed))
        }
        Fate::Well => return None,
    };
    let help = "publish a softwareupdate.settings declaration; `ddmc migrate` writes it";
    Some(RULE.at(spot, message).help(help).severity(severity))
}

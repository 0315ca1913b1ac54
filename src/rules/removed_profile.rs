//! `removed-profile`

use super::availability::names;
use super::legacy::{Fate, fate};
use super::{Check, Example, LegacyPart, Rule};
use crate::finding::{Fault, Severity, Spot};
use crate::keys::Support;
use crate::keys::legacy::profile;
use crate::model::LegacyType;

pub(super) static RULE: Rule = Rule {
    id: "removed-profile",
    severity: Severity::Warning,
    is_optional: false,
    summary: "Apple takes settings of profiles for updates away",
    explanation: "The payload com.apple.SoftwareUpdate and the keys of com.apple.applicationaccess that hold updates back are deprecated since 26.0 and do \
                  nothing in 27.0. A softwareupdate.settings declaration takes their place, and `ddmc migrate` writes it. It is an error for devices of 27.0 or \
                  later, a warning from 26.0 on, and a note where nobody says which devices are meant.",
    examples: &[
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
    check: Check::Legacy(check),
};

fn check(legacy: &LegacyPart<'_>, faults: &mut Vec<Fault>) {
    match legacy.part.owner {
        LegacyType::SoftwareUpdate => {
            let support = &profile::SOFTWARE_UPDATE;
            let fault = fault(legacy.part.owner.as_str(), "does not exist", support, legacy);
            faults.extend(fault.map(|fault| fault.at_spot(Spot::Type)));
        }
        LegacyType::Restrictions if legacy.targets.is_empty() => {
            // One note is enough where nobody asks about certain devices.
            let retiring = legacy.part.named().into_iter().find(|key| key.support().retirement().is_some());
            let fault = retiring.and_then(|key| fault("holding updates back by a profile", "has no effect", key.support(), legacy));
            faults.extend(fault.map(|fault| fault.at_spot(Spot::Type)));
        }
        LegacyType::Restrictions => {
            for key in legacy.part.named() {
                let fault = fault(key.name(), "has no effect", key.support(), legacy);
                faults.extend(fault.map(|fault| fault.at_spot(Spot::Key(key.path()))));
            }
        }
        _ => {}
    }
}

fn fault(name: &str, end: &str, support: &Support, legacy: &LegacyPart<'_>) -> Option<Fault> {
    let until = support.retirement()?;
    let (severity, message) = match fate(support, legacy.targets) {
        Fate::Gone(targets) => (Severity::Error, format!("{name} {end} on {} any more", names(&targets, "or"))),
        Fate::Deprecated(targets) => {
            (Severity::Warning, format!("{name} is deprecated on {}, and gone in {}", names(&targets, "and"), until.removed))
        }
        Fate::Unknown => (Severity::Note, format!("{name} is deprecated since {}, and gone in {}", until.deprecated, until.removed)),
        Fate::Well => return None,
    };
    Some(Fault::new(message).help("publish a softwareupdate.settings declaration; `ddmc migrate` writes it").severity(severity))
}

//! `removed-profile`

use super::LegacyPart;
use super::legacy::removal;
use crate::apple::{RESTRICTIONS_PROFILE, SOFTWARE_UPDATE_PROFILE, Support};
use crate::diagnostic::{Draft, Drafts, Example, Rule, Severity, Spot, profile};
use crate::validate::Setting;

pub(crate) static RULE: Rule = Rule::new(
    "removed-profile",
    Severity::Warning,
    "Apple is removing the profile settings for updates",
    "The payload com.apple.SoftwareUpdate and the update keys of com.apple.applicationaccess are deprecated since \
     26.0 and do nothing in 27.0. A softwareupdate.settings declaration replaces them, and `ddmc migrate` writes it. \
     It is an error for targets with 27.0 or later, a warning from 26.0 on, and a note without targets.",
    &[
        Example::new(profile!("com.apple.SoftwareUpdate", r#""AutomaticDownload": true"#))
            .with_options(&["--target", "macOS=27.0"])
            .finds(&[("/PayloadType", Severity::Error)]),
        Example::new(profile!(
            "com.apple.applicationaccess",
            r#""forceDelayedSoftwareUpdates": true, "enforcedSoftwareUpdateDelay": 30"#
        ))
        .with_options(&["--target", "iOS=26.1"])
        .finds(&[("/forceDelayedSoftwareUpdates", Severity::Warning), ("/enforcedSoftwareUpdateDelay", Severity::Warning)]),
        Example::new(profile!("com.apple.SoftwareUpdate", r#""AutomaticDownload": true"#))
            .finds(&[("/PayloadType", Severity::Note)]),
        Example::new(profile!("com.apple.SoftwareUpdate", r#""AutomaticDownload": true"#))
            .with_options(&["--target", "macOS=15.5"]),
    ],
)
.also(&[Severity::Note, Severity::Error]);

pub(super) fn check(legacy: &LegacyPart<'_>, diagnostics: &mut Drafts) {
    let schema = legacy.reading.schema;
    let support = |setting: &Setting<'_>| schema.support(setting.key.support);
    match &*legacy.kind().name {
        SOFTWARE_UPDATE_PROFILE => {
            diagnostics.extend(removed(Spot::Type, SOFTWARE_UPDATE_PROFILE, "no longer exists", legacy.support(), legacy));
        }
        // Without targets, one note is enough.
        RESTRICTIONS_PROFILE if legacy.targets.is_empty() => {
            let support = legacy.object().settings().iter().map(support).find(|support| support.retirement().is_some());
            let name = "deferring updates with a profile";
            diagnostics.extend(support.and_then(|support| removed(Spot::Type, name, "no longer has an effect", support, legacy)));
        }
        RESTRICTIONS_PROFILE => diagnostics.extend(legacy.object().settings().iter().filter_map(|setting| {
            let spot = Spot::at(format!("{}/{}", legacy.part.pointer, setting.name()), setting.value.span());
            removed(spot, setting.name(), "no longer has an effect", support(setting), legacy)
        })),
        _ => {}
    }
}

fn removed(spot: Spot, name: &str, end: &str, support: &Support, legacy: &LegacyPart<'_>) -> Option<Draft> {
    let (severity, message) = removal(name, end, support, legacy.targets)?;
    let help = "publish a softwareupdate.settings declaration; `ddmc migrate` writes it";
    Some(RULE.at(spot, message).help(help).severity(severity))
}

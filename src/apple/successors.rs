//! What became of the keys of profiles, and what keys are meant by names that Apple never defined.

use super::updates::{ENFORCEMENT, RESTRICTIONS_PROFILE, SETTINGS};
use super::updates::{KeyPath, key_name, restrictions, setting, settings, software_update};
use crate::words::list;

/// What a key of a profile becomes in a declaration.
#[derive(Debug)]
pub(crate) enum Becomes {
    /// `AlwaysOn` for true, `AlwaysOff` for false.
    Control(KeyPath),
    /// The same boolean.
    Same(KeyPath),
    /// The opposite boolean.
    Opposite(KeyPath),
    /// `AlwaysOff` for false. True had no effect, for this reason.
    Off(KeyPath, &'static str),
    /// The same as `CriticalUpdateInstall`, if both have the same value.
    ConfigData,
    /// A deferral period, from a switch and a delay: the first path on Macs, the other one elsewhere.
    Period { switch: bool, mac: KeyPath, other: Option<KeyPath> },
    /// One of [`CADENCES`].
    Cadence,
    /// Nothing, since declarations have no equivalent, for this reason.
    Nothing(&'static str),
}

/// The values of `RecommendedCadence`, by the number in a command.
pub(crate) const CADENCES: [&str; 3] = ["All", "Oldest", "Newest"];

const fn switch(mac: KeyPath, other: Option<KeyPath>) -> Becomes {
    Becomes::Period { switch: true, mac, other }
}

const fn delay(mac: KeyPath, other: Option<KeyPath>) -> Becomes {
    Becomes::Period { switch: false, mac, other }
}

/// What each key of the payloads and of the item `SoftwareUpdateSettings` becomes, except the keys that every one has.
pub(crate) static SUCCESSORS: [(KeyPath, Becomes); 19] = [
    (software_update::AUTOMATIC_DOWNLOAD, Becomes::Control(settings::DOWNLOAD)),
    (software_update::AUTOMATICALLY_INSTALL_MAC_OS_UPDATES, Becomes::Control(settings::INSTALL_OS_UPDATES)),
    (software_update::CRITICAL_UPDATE_INSTALL, Becomes::Control(settings::INSTALL_SECURITY_UPDATE)),
    (software_update::CONFIG_DATA_INSTALL, Becomes::ConfigData),
    (software_update::REQUIRE_ADMIN_TO_INSTALL, Becomes::Opposite(settings::ALLOW_STANDARD_USER_OS_UPDATES)),
    (
        software_update::ALLOW_PRE_RELEASE_INSTALLATION,
        Becomes::Off(settings::PROGRAM_ENROLLMENT, "devices allow beta releases by default"),
    ),
    (
        software_update::AUTOMATIC_CHECK_ENABLED,
        Becomes::Nothing("devices that are managed with declarations always scan for updates"),
    ),
    (software_update::AUTOMATICALLY_INSTALL_APP_UPDATES, Becomes::Nothing("it concerns apps, not the operating system")),
    (software_update::CATALOG_URL, Becomes::Nothing("macOS 11 and later ignore other catalogues")),
    (restrictions::FORCE_DELAYED_SOFTWARE_UPDATES, switch(settings::MINOR_PERIOD, Some(settings::COMBINED_PERIOD))),
    (restrictions::ENFORCED_SOFTWARE_UPDATE_DELAY, delay(settings::MINOR_PERIOD, Some(settings::COMBINED_PERIOD))),
    (restrictions::MINOR_OS_DEFERRED_INSTALL_DELAY, delay(settings::MINOR_PERIOD, None)),
    (restrictions::FORCE_DELAYED_MAJOR_SOFTWARE_UPDATES, switch(settings::MAJOR_PERIOD, None)),
    (restrictions::MAJOR_OS_DEFERRED_INSTALL_DELAY, delay(settings::MAJOR_PERIOD, None)),
    (restrictions::FORCE_DELAYED_APP_SOFTWARE_UPDATES, switch(settings::SYSTEM_PERIOD, None)),
    (restrictions::NON_OS_DEFERRED_INSTALL_DELAY, delay(settings::SYSTEM_PERIOD, None)),
    (restrictions::ALLOW_RAPID_SECURITY_RESPONSE_INSTALLATION, Becomes::Same(settings::ENABLE)),
    (restrictions::ALLOW_RAPID_SECURITY_RESPONSE_REMOVAL, Becomes::Same(settings::ENABLE_ROLLBACK)),
    (setting::RECOMMENDATION_CADENCE, Becomes::Cadence),
];

/// What a key of a profile with this name becomes.
pub(crate) fn successor(name: &str) -> Option<&'static (KeyPath, Becomes)> {
    SUCCESSORS.iter().find(|(key, _)| key_name(key).eq_ignore_ascii_case(name))
}

/// What is meant by the name of a key that Apple never defined.
#[derive(Clone, Copy)]
pub(crate) enum Misnomer {
    /// This key of the same object.
    Key(&'static str),
    /// Nothing that a declaration can set; this is said instead.
    Nothing(&'static str),
}

const APPS: &str = "updates of apps have no setting here";

/// Names that people write in a payload, by type. Other misspellings are found by their letters.
static MISNOMERS: &[(&str, &[(&str, Misnomer)])] = &[
    (
        SETTINGS,
        &[
            ("Automatic", Misnomer::Key("AutomaticActions")),
            ("AutoActions", Misnomer::Key("AutomaticActions")),
            ("AutomaticUpdates", Misnomer::Key("AutomaticActions")),
            ("AutomaticUpdate", Misnomer::Key("AutomaticActions")),
            ("AutoUpdate", Misnomer::Key("AutomaticActions")),
            ("AutoUpdates", Misnomer::Key("AutomaticActions")),
            ("BetaProgram", Misnomer::Key("Beta")),
            ("BetaPrograms", Misnomer::Key("Beta")),
            ("BetaEnrollment", Misnomer::Key("Beta")),
            ("BackgroundSecurityImprovement", Misnomer::Key("RapidSecurityResponse")),
            ("BackgroundSecurityImprovements", Misnomer::Key("RapidSecurityResponse")),
            ("Deferral", Misnomer::Key("Deferrals")),
            ("Delays", Misnomer::Key("Deferrals")),
            ("AllowStandardUserUpdates", Misnomer::Key("AllowStandardUserOSUpdates")),
            ("AppPeriodInDays", Misnomer::Key("SystemPeriodInDays")),
            ("InstallAppUpdates", Misnomer::Nothing(APPS)),
            ("AllowStandardUserAppUpdates", Misnomer::Nothing(APPS)),
            ("Cadence", Misnomer::Key("RecommendedCadence")),
            ("RecommendationCadence", Misnomer::Key("RecommendedCadence")),
        ],
    ),
    (
        ENFORCEMENT,
        &[
            (
                "Notifications",
                Misnomer::Nothing(
                    "no declaration sets the times of notifications; softwareupdate.settings has a boolean Notifications",
                ),
            ),
            ("MaxUserDeferrals", Misnomer::Nothing("users cannot defer an enforcement; TargetLocalDateTime is its deadline")),
            ("InstallAction", Misnomer::Nothing("an enforcement always installs and restarts at TargetLocalDateTime")),
            ("ProductVersion", Misnomer::Key("TargetOSVersion")),
            ("OSVersion", Misnomer::Key("TargetOSVersion")),
            ("TargetVersion", Misnomer::Key("TargetOSVersion")),
            ("MinimumVersion", Misnomer::Key("TargetOSVersion")),
            ("BuildVersion", Misnomer::Key("TargetBuildVersion")),
            ("TargetBuild", Misnomer::Key("TargetBuildVersion")),
            ("Deadline", Misnomer::Key("TargetLocalDateTime")),
            ("TargetDateTime", Misnomer::Key("TargetLocalDateTime")),
            ("TargetDate", Misnomer::Key("TargetLocalDateTime")),
            ("InfoURL", Misnomer::Key("DetailsURL")),
        ],
    ),
    (
        RESTRICTIONS_PROFILE,
        &[
            ("forceDelayedMinorSoftwareUpdates", Misnomer::Key("forceDelayedSoftwareUpdates")),
            ("forceDelayedMinorOSSoftwareUpdates", Misnomer::Key("forceDelayedSoftwareUpdates")),
            ("forceDelayedOSSoftwareUpdates", Misnomer::Key("forceDelayedSoftwareUpdates")),
            ("forceDelayedNonOSSoftwareUpdates", Misnomer::Key("forceDelayedAppSoftwareUpdates")),
            ("enforcedSoftwareUpdateMinorDelay", Misnomer::Key("enforcedSoftwareUpdateMinorOSDeferredInstallDelay")),
            ("enforcedSoftwareUpdateMajorDelay", Misnomer::Key("enforcedSoftwareUpdateMajorOSDeferredInstallDelay")),
            ("enforcedSoftwareUpdateAppDelay", Misnomer::Key("enforcedSoftwareUpdateNonOSDeferredInstallDelay")),
            ("enforcedSoftwareUpdateAppDeferredInstallDelay", Misnomer::Key("enforcedSoftwareUpdateNonOSDeferredInstallDelay")),
        ],
    ),
];

/// What is meant by an unknown key in a payload of this type.
pub(crate) fn misnomer(kind: &str, name: &str) -> Option<Misnomer> {
    let (_, names) = MISNOMERS.iter().find(|(other, _)| *other == kind)?;
    names.iter().find(|(wrong, _)| wrong.eq_ignore_ascii_case(name)).map(|(_, meant)| *meant)
}

impl Becomes {
    /// What replaces the key, to follow "declarations have". `None` if nothing does.
    pub(crate) fn replacement(&self) -> Option<String> {
        match self {
            Self::Control(path) | Self::Same(path) | Self::Opposite(path) | Self::Off(path, _) => Some(path.join(".")),
            Self::ConfigData => Some(settings::INSTALL_SECURITY_UPDATE.join(".")),
            Self::Period { mac, other: None, .. } => Some(mac.join(".")),
            Self::Period { mac, other: Some(other), .. } => {
                Some(format!("{} (macOS) and {} (iOS, iPadOS and tvOS)", mac.join("."), other.join(".")))
            }
            Self::Cadence => Some(settings::RECOMMENDED_CADENCE.join(".")),
            Self::Nothing(_) => None,
        }
    }

    /// What to write instead of a key with this boolean or number, if its value is one.
    pub(crate) fn advice(&self, boolean: Option<bool>, number: Option<i64>) -> String {
        let control = |path, is_on| member(path, if is_on { "\"AlwaysOn\"" } else { "\"AlwaysOff\"" });
        let either = |of: &dyn Fn(bool) -> String| match boolean {
            Some(boolean) => format!("write {}", of(boolean)),
            None => format!("write {} for true, {} for false", of(true), of(false)),
        };
        match self {
            Self::Control(path) => either(&|is_on| control(path, is_on)),
            Self::Same(path) => either(&|is_on| member(path, if is_on { "true" } else { "false" })),
            Self::Opposite(path) => either(&|is_on| member(path, if is_on { "false" } else { "true" })),
            Self::Off(_, why) if boolean == Some(true) => format!("remove it; {why}"),
            Self::Off(path, _) => format!("write {}", control(path, false)),
            Self::ConfigData => either(&|is_on| control(settings::INSTALL_SECURITY_UPDATE, is_on)),
            Self::Period { switch: true, .. } if boolean == Some(false) => "remove it; a deferral needs no switch".to_owned(),
            Self::Period { switch, mac, other } => {
                let days = number.map_or_else(|| "30".to_owned(), |days| days.to_string());
                let write = match other {
                    Some(other) => format!("{} for macOS, {} elsewhere", member(mac, &days), member(other, &days)),
                    None => member(mac, &days),
                };
                format!("write {write}{}", if *switch { ", with the days of the delay" } else { "" })
            }
            Self::Cadence => match number.and_then(|number| CADENCES.get(usize::try_from(number).ok()?)) {
                Some(cadence) => format!("write {}", member(settings::RECOMMENDED_CADENCE, &format!("\"{cadence}\""))),
                None => format!("write RecommendedCadence with one of {}", list(&CADENCES, "and")),
            },
            Self::Nothing(why) => format!("remove it; {why}"),
        }
    }
}

/// A member of a payload in JSON: `"Deferrals": { "MajorPeriodInDays": 30 }`.
fn member(path: KeyPath, value: &str) -> String {
    let (last, outer) = (key_name(path), &path[..path.len().saturating_sub(1)]);
    outer.iter().rev().fold(format!("\"{last}\": {value}"), |inner, key| format!("\"{key}\": {{ {inner} }}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apple::{SOFTWARE_UPDATE_PROFILE, Schema};

    #[test]
    fn covers_every_setting_of_a_profile() {
        let schema = Schema::built_in();
        for name in [SOFTWARE_UPDATE_PROFILE, RESTRICTIONS_PROFILE] {
            let kind = schema.find(name).expect("the schema has the payloads");
            for (_, key) in schema.keys(schema.kind(kind).keys).filter(|(_, key)| !key.name.starts_with("Payload")) {
                assert!(SUCCESSORS.iter().any(|(path, _)| key_name(path) == key.name), "{name}: {}", key.name);
            }
        }
    }

    #[test]
    fn a_misnomer_is_not_a_key_but_means_one() {
        let schema = Schema::built_in();
        for (name, names) in MISNOMERS {
            let kind = schema.find(name).map(|kind| schema.kind(kind)).expect("the schema has the type");
            let mut keys = Vec::new();
            schema.walk(kind.keys, &mut |_, _, key| keys.push(&*key.name));
            for (wrong, meant) in *names {
                assert!(!keys.contains(wrong), "{name}: {wrong}");
                if let Misnomer::Key(key) = meant {
                    assert!(keys.contains(key), "{name}: {key}");
                }
            }
        }
    }

    #[test]
    fn advice_names_the_value() {
        let advice = |name: &str, boolean, number| successor(name).expect("it is a key of profiles").1.advice(boolean, number);
        for (name, boolean, number, expected) in [
            ("AutomaticDownload", Some(false), None, r#"write "AutomaticActions": { "Download": "AlwaysOff" }"#),
            (
                "allowRapidSecurityResponseRemoval",
                Some(true),
                None,
                r#"write "RapidSecurityResponse": { "EnableRollback": true }"#,
            ),
            (
                "restrict-software-update-require-admin-to-install",
                None,
                None,
                r#"write "AllowStandardUserOSUpdates": false for true, "AllowStandardUserOSUpdates": true for false"#,
            ),
            ("AllowPreReleaseInstallation", Some(false), None, r#"write "Beta": { "ProgramEnrollment": "AlwaysOff" }"#),
            ("AllowPreReleaseInstallation", Some(true), None, "remove it; devices allow beta releases by default"),
            (
                "enforcedSoftwareUpdateMajorOSDeferredInstallDelay",
                None,
                Some(45),
                r#"write "Deferrals": { "MajorPeriodInDays": 45 }"#,
            ),
            ("CatalogURL", None, None, "remove it; macOS 11 and later ignore other catalogues"),
        ] {
            assert_eq!(advice(name, boolean, number), expected, "{name}");
        }
    }
}

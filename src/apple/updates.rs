//! The names of the types and keys used by rules. A test checks that the schema has them.

/// The path to a key, from the keys of its type.
pub(crate) type KeyPath = &'static [&'static str];

/// The name of the key at the end of a path.
pub(crate) fn key_name(path: KeyPath) -> &'static str {
    path.last().copied().unwrap_or_default()
}

pub(crate) const SETTINGS: &str = "com.apple.configuration.softwareupdate.settings";
pub(crate) const ENFORCEMENT: &str = "com.apple.configuration.softwareupdate.enforcement.specific";
pub(crate) const ACTIVATION: &str = "com.apple.activation.simple";
#[cfg(test)]
pub(crate) const ASSET_DATA: &str = "com.apple.asset.data";
pub(crate) const PROPERTIES: &str = "com.apple.management.properties";
pub(crate) const STATUS_SUBSCRIPTIONS: &str = "com.apple.configuration.management.status-subscriptions";
pub(crate) const SCHEDULE_OS_UPDATE: &str = "ScheduleOSUpdate";
pub(crate) const SCHEDULE_OS_UPDATE_SCAN: &str = "ScheduleOSUpdateScan";
pub(crate) const SETTINGS_COMMAND: &str = "Settings";
/// The item of `Settings` that concerns updates.
pub(crate) const UPDATE_SETTINGS: &str = "SoftwareUpdateSettings";
pub(crate) const SOFTWARE_UPDATE_PROFILE: &str = "com.apple.SoftwareUpdate";
pub(crate) const RESTRICTIONS_PROFILE: &str = "com.apple.applicationaccess";
/// The payload that holds others as managed preferences, which is how Jamf writes custom settings.
pub(crate) const PREFERENCES_PROFILE: &str = "com.apple.ManagedClient.preferences";

macro_rules! paths {
    ($(#[$meta:meta])* $module:ident in $type:expr; $($name:ident = $($step:literal)/ +;)+) => {
        $(#[$meta])*
        pub(crate) mod $module {
            use super::KeyPath;

            $(pub(crate) const $name: KeyPath = &[$($step),+];)+

            #[cfg(test)]
            pub(super) const ALL: (&str, &[KeyPath]) = ($type, &[$($name),+]);
        }
    };
}

paths! {
    /// Keys of `softwareupdate.settings`.
    settings in super::SETTINGS;
    COMBINED_PERIOD = "Deferrals" / "CombinedPeriodInDays";
    MAJOR_PERIOD = "Deferrals" / "MajorPeriodInDays";
    MINOR_PERIOD = "Deferrals" / "MinorPeriodInDays";
    SYSTEM_PERIOD = "Deferrals" / "SystemPeriodInDays";
    DOWNLOAD = "AutomaticActions" / "Download";
    INSTALL_OS_UPDATES = "AutomaticActions" / "InstallOSUpdates";
    INSTALL_SECURITY_UPDATE = "AutomaticActions" / "InstallSecurityUpdate";
    ENABLE = "RapidSecurityResponse" / "Enable";
    ENABLE_ROLLBACK = "RapidSecurityResponse" / "EnableRollback";
    ALLOW_STANDARD_USER_OS_UPDATES = "AllowStandardUserOSUpdates";
    RECOMMENDED_CADENCE = "RecommendedCadence";
    PROGRAM_ENROLLMENT = "Beta" / "ProgramEnrollment";
    OFFER_PROGRAMS = "Beta" / "OfferPrograms";
    REQUIRE_PROGRAM = "Beta" / "RequireProgram";
}

paths! {
    /// Keys of `softwareupdate.enforcement.specific`.
    enforcement in super::ENFORCEMENT;
    TARGET_OS_VERSION = "TargetOSVersion";
    TARGET_BUILD_VERSION = "TargetBuildVersion";
    TARGET_LOCAL_DATE_TIME = "TargetLocalDateTime";
}

paths! {
    /// Keys of `activation.simple`.
    activation in super::ACTIVATION;
    STANDARD_CONFIGURATIONS = "StandardConfigurations";
    PREDICATE = "Predicate";
}

paths! {
    /// Keys of `asset.data` and of the credentials.
    asset in super::ASSET_DATA;
    REFERENCE = "Reference";
    CONTENT_TYPE = "Reference" / "ContentType";
}

paths! {
    /// Keys of `management.status-subscriptions`.
    status_subscriptions in super::STATUS_SUBSCRIPTIONS;
    STATUS_ITEMS = "StatusItems";
}

paths! {
    /// Keys of the payload `com.apple.SoftwareUpdate`.
    software_update in super::SOFTWARE_UPDATE_PROFILE;
    AUTOMATIC_CHECK_ENABLED = "AutomaticCheckEnabled";
    AUTOMATIC_DOWNLOAD = "AutomaticDownload";
    AUTOMATICALLY_INSTALL_MAC_OS_UPDATES = "AutomaticallyInstallMacOSUpdates";
    AUTOMATICALLY_INSTALL_APP_UPDATES = "AutomaticallyInstallAppUpdates";
    CRITICAL_UPDATE_INSTALL = "CriticalUpdateInstall";
    CONFIG_DATA_INSTALL = "ConfigDataInstall";
    REQUIRE_ADMIN_TO_INSTALL = "restrict-software-update-require-admin-to-install";
    ALLOW_PRE_RELEASE_INSTALLATION = "AllowPreReleaseInstallation";
    CATALOG_URL = "CatalogURL";
}

paths! {
    /// Keys of the payload `com.apple.applicationaccess`.
    restrictions in super::RESTRICTIONS_PROFILE;
    FORCE_DELAYED_SOFTWARE_UPDATES = "forceDelayedSoftwareUpdates";
    FORCE_DELAYED_MAJOR_SOFTWARE_UPDATES = "forceDelayedMajorSoftwareUpdates";
    FORCE_DELAYED_APP_SOFTWARE_UPDATES = "forceDelayedAppSoftwareUpdates";
    ENFORCED_SOFTWARE_UPDATE_DELAY = "enforcedSoftwareUpdateDelay";
    MAJOR_OS_DEFERRED_INSTALL_DELAY = "enforcedSoftwareUpdateMajorOSDeferredInstallDelay";
    MINOR_OS_DEFERRED_INSTALL_DELAY = "enforcedSoftwareUpdateMinorOSDeferredInstallDelay";
    NON_OS_DEFERRED_INSTALL_DELAY = "enforcedSoftwareUpdateNonOSDeferredInstallDelay";
    ALLOW_RAPID_SECURITY_RESPONSE_INSTALLATION = "allowRapidSecurityResponseInstallation";
    ALLOW_RAPID_SECURITY_RESPONSE_REMOVAL = "allowRapidSecurityResponseRemoval";
}

/// Keys of an update in `ScheduleOSUpdate`, relative to the update.
pub(crate) mod update {
    use super::KeyPath;

    pub(crate) const PRODUCT_KEY: KeyPath = &["ProductKey"];
    pub(crate) const PRODUCT_VERSION: KeyPath = &["ProductVersion"];
    pub(crate) const INSTALL_ACTION: KeyPath = &["InstallAction"];
    pub(crate) const MAX_USER_DEFERRALS: KeyPath = &["MaxUserDeferrals"];
    pub(crate) const PRIORITY: KeyPath = &["Priority"];
}

/// Keys of an item of `Settings`, relative to the item.
pub(crate) mod setting {
    use super::KeyPath;

    pub(crate) const ITEM: KeyPath = &["Item"];
    pub(crate) const RECOMMENDATION_CADENCE: KeyPath = &["RecommendationCadence"];
}

/// A deferral in `com.apple.applicationaccess`: its switch, and the delays that it uses. The first that is set counts.
pub(crate) struct Deferral {
    pub(crate) switch: KeyPath,
    pub(crate) delays: &'static [KeyPath],
}

/// The deferrals: of all or minor updates, of major ones, and of updates that are not of the system. Only Macs have the
/// last two, and delays of their own for each.
pub(crate) static DEFERRALS: [Deferral; 3] = [
    Deferral {
        switch: restrictions::FORCE_DELAYED_SOFTWARE_UPDATES,
        delays: &[restrictions::MINOR_OS_DEFERRED_INSTALL_DELAY, restrictions::ENFORCED_SOFTWARE_UPDATE_DELAY],
    },
    Deferral {
        switch: restrictions::FORCE_DELAYED_MAJOR_SOFTWARE_UPDATES,
        delays: &[restrictions::MAJOR_OS_DEFERRED_INSTALL_DELAY],
    },
    Deferral {
        switch: restrictions::FORCE_DELAYED_APP_SOFTWARE_UPDATES,
        delays: &[restrictions::NON_OS_DEFERRED_INSTALL_DELAY, restrictions::ENFORCED_SOFTWARE_UPDATE_DELAY],
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apple::Schema;

    #[test]
    fn the_schema_has_every_key_used_by_rules() {
        let schema = Schema::built_in();
        for (name, paths) in [
            settings::ALL,
            enforcement::ALL,
            activation::ALL,
            asset::ALL,
            status_subscriptions::ALL,
            software_update::ALL,
            restrictions::ALL,
        ] {
            let kind = schema.find(name).unwrap_or_else(|| panic!("{name}"));
            for path in paths {
                assert!(schema.at_path(schema.kind(kind).keys, path.iter().copied()).is_some(), "{name}: {path:?}");
            }
        }
    }
}

//! The keys of profiles that are about software updates. Sources: Apple's `mdm/profiles` of release 18.1, and for the restrictions
//! Apple's page of them.

use super::RETIRING;
use crate::keys::{Key, NEVER, Others, Presence, Since, Support, field, keys};
use crate::model::DeferralDays;
use crate::model::legacy::{Profile, ProfileType, Restrictions, SoftwareUpdate};

/// The other keys that stand in a profile and in any payload.
pub(crate) const FRAME: &[&str] = &[
    "PayloadCertificateUUID",
    "PayloadContent",
    "PayloadDescription",
    "PayloadDisplayName",
    "PayloadEnabled",
    "PayloadExpirationDate",
    "PayloadOrganization",
    "PayloadRemovalDate",
    "PayloadRemovalDisallowed",
    "PayloadScope",
];

/// What a key speaks of that is about updates. Apple has no others than those of the rows.
pub(crate) const OURS: &[&str] = &["SoftwareUpdate", "RapidSecurityResponse"];

/// Where profiles exist at all.
pub(crate) const EVERYWHERE: Support = Support {
    ios: Since::every("4.0"),
    macos: Since::every("10.7"),
    tvos: Since::every("9.0"),
    visionos: Since::every("1.0"),
    watchos: Since::every("3.2"),
};

/// Where the payload `com.apple.SoftwareUpdate` exists.
pub(crate) const SOFTWARE_UPDATE: Support = mac("10.7");

/// Where the payload `com.apple.applicationaccess` exists.
pub(crate) const RESTRICTIONS: Support = EVERYWHERE;

/// Where updates can be held back.
const DELAY: Support = Support {
    ios: Since::supervised_until("11.3", RETIRING),
    macos: Since::supervised_until("10.13", RETIRING),
    tvos: Since::supervised_until("12.2", RETIRING),
    visionos: NEVER,
    watchos: NEVER,
};

/// Where Background Security Improvements can be restricted. These keys stay.
const IMPROVEMENT: Support =
    Support { ios: Since::supervised("16.0"), macos: Since::supervised("13.0"), tvos: NEVER, visionos: NEVER, watchos: NEVER };

/// On macOS alone, whether supervised or not, since a version.
const fn mac(version: &'static str) -> Support {
    Support { ios: NEVER, macos: Since::device_until(version, RETIRING), tvos: NEVER, visionos: NEVER, watchos: NEVER }
}

/// On supervised Macs alone, since a version.
const fn macos(version: &'static str) -> Support {
    Support { macos: Since::supervised_until(version, RETIRING), ios: NEVER, tvos: NEVER, visionos: NEVER, watchos: NEVER }
}

/// The keys around the payloads of a profile.
pub(crate) mod frame {
    use super::{EVERYWHERE, FRAME, Key, OURS, Others, Presence, Profile, ProfileType, field, keys};

    keys! { Profile, beside Others::Any { known: FRAME, ours: OURS };
        PAYLOAD_TYPE: ProfileType = Key {
            path: &["PayloadType"],
            field: field!(payload_type),
            presence: Presence::Required,
            default: None,
            combine: None,
            support: EVERYWHERE,
            meaning: "what it is: Configuration",
        };

        PAYLOAD_IDENTIFIER: String = Key {
            path: &["PayloadIdentifier"],
            field: field!(payload_identifier),
            presence: Presence::Required,
            default: None,
            combine: None,
            support: EVERYWHERE,
            meaning: "the name of the profile, which no other has",
        };

        PAYLOAD_UUID: String = Key {
            path: &["PayloadUUID"],
            field: field!(payload_uuid),
            presence: Presence::Required,
            default: None,
            combine: None,
            support: EVERYWHERE,
            meaning: "the name of this revision of the profile",
        };

        PAYLOAD_VERSION: i64 = Key {
            path: &["PayloadVersion"],
            field: field!(payload_version),
            presence: Presence::Required,
            default: None,
            combine: None,
            support: EVERYWHERE,
            meaning: "the version of the form of the profile: 1",
        };

        PAYLOAD_CONTENT: Vec<()> = Key {
            path: &["PayloadContent"],
            field: field!(payload_content),
            presence: Presence::Required,
            default: None,
            combine: None,
            support: EVERYWHERE,
            meaning: "the payloads",
        };
    }
}

/// The keys of the payload `com.apple.SoftwareUpdate`.
pub(crate) mod software_update {
    use super::{FRAME, Key, Others, Presence, SOFTWARE_UPDATE, SoftwareUpdate, field, keys, mac};

    keys! { SoftwareUpdate, beside Others::These(FRAME);
        PAYLOAD_TYPE: String = Key {
            path: &["PayloadType"],
            field: field!(payload_type),
            presence: Presence::Required,
            default: None,
            combine: None,
            support: SOFTWARE_UPDATE,
            meaning: "which payload it is",
        };

        PAYLOAD_IDENTIFIER: String = Key {
            path: &["PayloadIdentifier"],
            field: field!(payload_identifier),
            presence: Presence::Required,
            default: None,
            combine: None,
            support: SOFTWARE_UPDATE,
            meaning: "the name of the payload, which no other has",
        };

        PAYLOAD_UUID: String = Key {
            path: &["PayloadUUID"],
            field: field!(payload_uuid),
            presence: Presence::Required,
            default: None,
            combine: None,
            support: SOFTWARE_UPDATE,
            meaning: "the name of this revision of the payload",
        };

        PAYLOAD_VERSION: i64 = Key {
            path: &["PayloadVersion"],
            field: field!(payload_version),
            presence: Presence::Required,
            default: None,
            combine: None,
            support: SOFTWARE_UPDATE,
            meaning: "the version of the form of the payload: 1",
        };

        CATALOG_URL: String = Key {
            path: &["CatalogURL"],
            field: field!(catalog_url),
            presence: Presence::Optional,
            default: None,
            combine: None,
            support: mac("10.7"),
            meaning: "where the Mac looks for updates; without effect since macOS 11",
        };

        ALLOW_PRE_RELEASE_INSTALLATION: bool = Key {
            path: &["AllowPreReleaseInstallation"],
            field: field!(allow_pre_release_installation),
            presence: Presence::Optional,
            default: Some(true),
            combine: None,
            support: mac("10.9"),
            meaning: "whether beta releases may be installed",
        };

        REQUIRE_ADMIN_TO_INSTALL: bool = Key {
            path: &["restrict-software-update-require-admin-to-install"],
            field: field!(require_admin_to_install),
            presence: Presence::Optional,
            default: Some(false),
            combine: None,
            support: mac("10.14"),
            meaning: "whether only administrators may install updates",
        };

        AUTOMATICALLY_INSTALL_MAC_OS_UPDATES: bool = Key {
            path: &["AutomaticallyInstallMacOSUpdates"],
            field: field!(automatically_install_mac_os_updates),
            presence: Presence::Optional,
            default: Some(true),
            combine: None,
            support: mac("10.15"),
            meaning: "whether updates of macOS are installed automatically",
        };

        AUTOMATICALLY_INSTALL_APP_UPDATES: bool = Key {
            path: &["AutomaticallyInstallAppUpdates"],
            field: field!(automatically_install_app_updates),
            presence: Presence::Optional,
            default: Some(true),
            combine: None,
            support: mac("10.15"),
            meaning: "whether updates of apps are installed automatically",
        };

        AUTOMATIC_CHECK_ENABLED: bool = Key {
            path: &["AutomaticCheckEnabled"],
            field: field!(automatic_check_enabled),
            presence: Presence::Optional,
            default: Some(true),
            combine: None,
            support: mac("10.15"),
            meaning: "whether the Mac looks for updates by itself",
        };

        AUTOMATIC_DOWNLOAD: bool = Key {
            path: &["AutomaticDownload"],
            field: field!(automatic_download),
            presence: Presence::Optional,
            default: Some(true),
            combine: None,
            support: mac("10.15"),
            meaning: "whether updates are downloaded automatically",
        };

        CRITICAL_UPDATE_INSTALL: bool = Key {
            path: &["CriticalUpdateInstall"],
            field: field!(critical_update_install),
            presence: Presence::Optional,
            default: Some(true),
            combine: None,
            support: mac("10.15"),
            meaning: "whether critical updates are installed automatically",
        };

        CONFIG_DATA_INSTALL: bool = Key {
            path: &["ConfigDataInstall"],
            field: field!(config_data_install),
            presence: Presence::Optional,
            default: Some(true),
            combine: None,
            support: mac("10.15"),
            meaning: "whether configuration data is installed automatically",
        };
    }
}

/// The keys of the payload `com.apple.applicationaccess` that are about updates.
pub(crate) mod restrictions {
    use super::{
        DELAY, DeferralDays, FRAME, IMPROVEMENT, Key, OURS, Others, Presence, RESTRICTIONS, Restrictions, field, keys, macos,
    };

    keys! { Restrictions, beside Others::Any { known: FRAME, ours: OURS };
        PAYLOAD_TYPE: String = Key {
            path: &["PayloadType"],
            field: field!(payload_type),
            presence: Presence::Required,
            default: None,
            combine: None,
            support: RESTRICTIONS,
            meaning: "which payload it is",
        };

        PAYLOAD_IDENTIFIER: String = Key {
            path: &["PayloadIdentifier"],
            field: field!(payload_identifier),
            presence: Presence::Required,
            default: None,
            combine: None,
            support: RESTRICTIONS,
            meaning: "the name of the payload, which no other has",
        };

        PAYLOAD_UUID: String = Key {
            path: &["PayloadUUID"],
            field: field!(payload_uuid),
            presence: Presence::Required,
            default: None,
            combine: None,
            support: RESTRICTIONS,
            meaning: "the name of this revision of the payload",
        };

        PAYLOAD_VERSION: i64 = Key {
            path: &["PayloadVersion"],
            field: field!(payload_version),
            presence: Presence::Required,
            default: None,
            combine: None,
            support: RESTRICTIONS,
            meaning: "the version of the form of the payload: 1",
        };

        FORCE_DELAYED_SOFTWARE_UPDATES: bool = Key {
            path: &["forceDelayedSoftwareUpdates"],
            field: field!(force_delayed_software_updates),
            presence: Presence::Optional,
            default: Some(false),
            combine: None,
            support: DELAY,
            meaning: "whether updates are held back",
        };

        ENFORCED_SOFTWARE_UPDATE_DELAY: DeferralDays = Key {
            path: &["enforcedSoftwareUpdateDelay"],
            field: field!(enforced_software_update_delay),
            presence: Presence::Optional,
            default: Some(DeferralDays::DEFAULT),
            combine: None,
            support: DELAY,
            meaning: "how many days updates are held back",
        };

        FORCE_DELAYED_MAJOR_SOFTWARE_UPDATES: bool = Key {
            path: &["forceDelayedMajorSoftwareUpdates"],
            field: field!(force_delayed_major_software_updates),
            presence: Presence::Optional,
            default: Some(false),
            combine: None,
            support: macos("11.3"),
            meaning: "whether upgrades to another major version are held back",
        };

        MAJOR_OS_DEFERRED_INSTALL_DELAY: DeferralDays = Key {
            path: &["enforcedSoftwareUpdateMajorOSDeferredInstallDelay"],
            field: field!(major_os_deferred_install_delay),
            presence: Presence::Optional,
            default: Some(DeferralDays::DEFAULT),
            combine: None,
            support: macos("11.3"),
            meaning: "how many days upgrades to another major version are held back",
        };

        MINOR_OS_DEFERRED_INSTALL_DELAY: DeferralDays = Key {
            path: &["enforcedSoftwareUpdateMinorOSDeferredInstallDelay"],
            field: field!(minor_os_deferred_install_delay),
            presence: Presence::Optional,
            default: Some(DeferralDays::DEFAULT),
            combine: None,
            support: macos("11.3"),
            meaning: "how many days minor updates are held back",
        };

        FORCE_DELAYED_APP_SOFTWARE_UPDATES: bool = Key {
            path: &["forceDelayedAppSoftwareUpdates"],
            field: field!(force_delayed_app_software_updates),
            presence: Presence::Optional,
            default: Some(false),
            combine: None,
            support: macos("11.0"),
            meaning: "whether updates that are none of the system are held back",
        };

        NON_OS_DEFERRED_INSTALL_DELAY: DeferralDays = Key {
            path: &["enforcedSoftwareUpdateNonOSDeferredInstallDelay"],
            field: field!(non_os_deferred_install_delay),
            presence: Presence::Optional,
            default: Some(DeferralDays::DEFAULT),
            combine: None,
            support: macos("11.3"),
            meaning: "how many days updates that are none of the system are held back",
        };

        ALLOW_RAPID_SECURITY_RESPONSE_INSTALLATION: bool = Key {
            path: &["allowRapidSecurityResponseInstallation"],
            field: field!(allow_rapid_security_response_installation),
            presence: Presence::Optional,
            default: Some(true),
            combine: None,
            support: IMPROVEMENT,
            meaning: "whether Background Security Improvements may be installed",
        };

        ALLOW_RAPID_SECURITY_RESPONSE_REMOVAL: bool = Key {
            path: &["allowRapidSecurityResponseRemoval"],
            field: field!(allow_rapid_security_response_removal),
            presence: Presence::Optional,
            default: Some(true),
            combine: None,
            support: IMPROVEMENT,
            meaning: "whether Background Security Improvements may be removed",
        };
    }
}

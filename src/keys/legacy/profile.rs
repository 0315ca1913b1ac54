//! The keys of profiles that are about software updates. Sources: Apple's `mdm/profiles` of release 18.1, and for the restrictions
//! Apple's page of them.

use super::RETIRING;
use crate::keys::{Facts, NEVER, Others, Since, Support, field, keys};
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
    use super::{EVERYWHERE, FRAME, Facts, OURS, Others, Profile, ProfileType, field, keys};

    keys! { Profile, beside Others::Any { known: FRAME, ours: OURS };
        PAYLOAD_TYPE: ProfileType = Facts::required(&["PayloadType"], field!(payload_type), EVERYWHERE,
            "what it is: Configuration");
        PAYLOAD_IDENTIFIER: String = Facts::required(&["PayloadIdentifier"], field!(payload_identifier), EVERYWHERE,
            "the name of the profile, which no other has");
        PAYLOAD_UUID: String = Facts::required(&["PayloadUUID"], field!(payload_uuid), EVERYWHERE,
            "the name of this revision of the profile");
        PAYLOAD_VERSION: i64 = Facts::required(&["PayloadVersion"], field!(payload_version), EVERYWHERE,
            "the version of the form of the profile: 1");
        PAYLOAD_CONTENT: Vec<()> = Facts::required(&["PayloadContent"], field!(payload_content), EVERYWHERE, "the payloads");
    }
}

/// The keys of the payload `com.apple.SoftwareUpdate`.
pub(crate) mod software_update {
    use super::{FRAME, Facts, Others, SOFTWARE_UPDATE, SoftwareUpdate, field, keys, mac};

    keys! { SoftwareUpdate, beside Others::These(FRAME);
        PAYLOAD_TYPE: String = Facts::required(&["PayloadType"], field!(payload_type), SOFTWARE_UPDATE, "which payload it is");
        PAYLOAD_IDENTIFIER: String = Facts::required(&["PayloadIdentifier"], field!(payload_identifier), SOFTWARE_UPDATE,
            "the name of the payload, which no other has");
        PAYLOAD_UUID: String = Facts::required(&["PayloadUUID"], field!(payload_uuid), SOFTWARE_UPDATE,
            "the name of this revision of the payload");
        PAYLOAD_VERSION: i64 = Facts::required(&["PayloadVersion"], field!(payload_version), SOFTWARE_UPDATE,
            "the version of the form of the payload: 1");
        CATALOG_URL: String = Facts::optional(&["CatalogURL"], field!(catalog_url), mac("10.7"),
            "where the Mac looks for updates; without effect since macOS 11");
        ALLOW_PRE_RELEASE_INSTALLATION: bool = Facts::defaulting(
            &["AllowPreReleaseInstallation"],
            field!(allow_pre_release_installation),
            true,
            mac("10.9"),
            "whether beta releases may be installed",
        );
        REQUIRE_ADMIN_TO_INSTALL: bool = Facts::defaulting(
            &["restrict-software-update-require-admin-to-install"],
            field!(require_admin_to_install),
            false,
            mac("10.14"),
            "whether only administrators may install updates",
        );
        AUTOMATICALLY_INSTALL_MAC_OS_UPDATES: bool = Facts::defaulting(
            &["AutomaticallyInstallMacOSUpdates"],
            field!(automatically_install_mac_os_updates),
            true,
            mac("10.15"),
            "whether updates of macOS are installed automatically",
        );
        AUTOMATICALLY_INSTALL_APP_UPDATES: bool = Facts::defaulting(
            &["AutomaticallyInstallAppUpdates"],
            field!(automatically_install_app_updates),
            true,
            mac("10.15"),
            "whether updates of apps are installed automatically",
        );
        AUTOMATIC_CHECK_ENABLED: bool = Facts::defaulting(
            &["AutomaticCheckEnabled"],
            field!(automatic_check_enabled),
            true,
            mac("10.15"),
            "whether the Mac looks for updates by itself",
        );
        AUTOMATIC_DOWNLOAD: bool = Facts::defaulting(&["AutomaticDownload"], field!(automatic_download), true, mac("10.15"),
            "whether updates are downloaded automatically");
        CRITICAL_UPDATE_INSTALL: bool = Facts::defaulting(
            &["CriticalUpdateInstall"],
            field!(critical_update_install),
            true,
            mac("10.15"),
            "whether critical updates are installed automatically",
        );
        CONFIG_DATA_INSTALL: bool = Facts::defaulting(&["ConfigDataInstall"], field!(config_data_install), true, mac("10.15"),
            "whether configuration data is installed automatically");
    }
}

/// The keys of the payload `com.apple.applicationaccess` that are about updates.
pub(crate) mod restrictions {
    use super::{DELAY, DeferralDays, FRAME, Facts, IMPROVEMENT, OURS, Others, RESTRICTIONS, Restrictions, field, keys, macos};

    keys! { Restrictions, beside Others::Any { known: FRAME, ours: OURS };
        PAYLOAD_TYPE: String = Facts::required(&["PayloadType"], field!(payload_type), RESTRICTIONS, "which payload it is");
        PAYLOAD_IDENTIFIER: String = Facts::required(&["PayloadIdentifier"], field!(payload_identifier), RESTRICTIONS,
            "the name of the payload, which no other has");
        PAYLOAD_UUID: String = Facts::required(&["PayloadUUID"], field!(payload_uuid), RESTRICTIONS,
            "the name of this revision of the payload");
        PAYLOAD_VERSION: i64 = Facts::required(&["PayloadVersion"], field!(payload_version), RESTRICTIONS,
            "the version of the form of the payload: 1");
        FORCE_DELAYED_SOFTWARE_UPDATES: bool = Facts::defaulting(
            &["forceDelayedSoftwareUpdates"],
            field!(force_delayed_software_updates),
            false,
            DELAY,
            "whether updates are held back",
        );
        ENFORCED_SOFTWARE_UPDATE_DELAY: DeferralDays = Facts::defaulting(
            &["enforcedSoftwareUpdateDelay"],
            field!(enforced_software_update_delay),
            DeferralDays::DEFAULT,
            DELAY,
            "how many days updates are held back",
        );
        FORCE_DELAYED_MAJOR_SOFTWARE_UPDATES: bool = Facts::defaulting(
            &["forceDelayedMajorSoftwareUpdates"],
            field!(force_delayed_major_software_updates),
            false,
            macos("11.3"),
            "whether upgrades to another major version are held back",
        );
        MAJOR_OS_DEFERRED_INSTALL_DELAY: DeferralDays = Facts::defaulting(
            &["enforcedSoftwareUpdateMajorOSDeferredInstallDelay"],
            field!(major_os_deferred_install_delay),
            DeferralDays::DEFAULT,
            macos("11.3"),
            "how many days upgrades to another major version are held back",
        );
        MINOR_OS_DEFERRED_INSTALL_DELAY: DeferralDays = Facts::defaulting(
            &["enforcedSoftwareUpdateMinorOSDeferredInstallDelay"],
            field!(minor_os_deferred_install_delay),
            DeferralDays::DEFAULT,
            macos("11.3"),
            "how many days minor updates are held back",
        );
        FORCE_DELAYED_APP_SOFTWARE_UPDATES: bool = Facts::defaulting(
            &["forceDelayedAppSoftwareUpdates"],
            field!(force_delayed_app_software_updates),
            false,
            macos("11.0"),
            "whether updates that are none of the system are held back",
        );
        NON_OS_DEFERRED_INSTALL_DELAY: DeferralDays = Facts::defaulting(
            &["enforcedSoftwareUpdateNonOSDeferredInstallDelay"],
            field!(non_os_deferred_install_delay),
            DeferralDays::DEFAULT,
            macos("11.3"),
            "how many days updates that are none of the system are held back",
        );
        ALLOW_RAPID_SECURITY_RESPONSE_INSTALLATION: bool = Facts::defaulting(
            &["allowRapidSecurityResponseInstallation"],
            field!(allow_rapid_security_response_installation),
            true,
            IMPROVEMENT,
            "whether Background Security Improvements may be installed",
        );
        ALLOW_RAPID_SECURITY_RESPONSE_REMOVAL: bool = Facts::defaulting(
            &["allowRapidSecurityResponseRemoval"],
            field!(allow_rapid_security_response_removal),
            true,
            IMPROVEMENT,
            "whether Background Security Improvements may be removed",
        );
    }
}

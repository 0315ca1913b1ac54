//! The keys of the answers of devices. Source: the `responsekeys` of Apple's `mdm/commands` of release 18.1.
//!
//! Required is here what every platform and version answers.

use super::command::{AVAILABLE, EVERYWHERE, SCAN, SCHEDULE, only_macos};
use super::{RETIRING, command};
use crate::keys::{Key, NEVER, Others, Presence, Since, Support, field, keys};
use crate::model::legacy::{
    AvailableUpdate, ErrorItem, LegacyDate, Response, ResultAction, UpdateResult, UpdateState, UpdateStatus,
};

/// What devices answer beside it.
const OTHERS: Others = Others::Any {
    known: &[
        "UDID",
        "UserID",
        "UserShortName",
        "UserLongName",
        "NotOnConsole",
        "EnrollmentID",
        "EnrollmentUserID",
        "RequestType",
    ],
    ours: &[],
};

const ALL: Support = AVAILABLE;

const MOBILE: Support = Support { macos: NEVER, ..AVAILABLE };

/// Since some versions of iOS, macOS and tvOS.
const fn since(ios: &'static str, macos: &'static str, tvos: &'static str) -> Support {
    Support {
        ios: Since::supervised_until(ios, RETIRING),
        macos: Since::device_until(macos, RETIRING),
        tvos: Since::supervised_until(tvos, RETIRING),
        visionos: NEVER,
        watchos: NEVER,
    }
}

/// On macOS alone, since a version.
const fn mac(version: &'static str) -> Support {
    Support { ios: NEVER, macos: Since::device_until(version, RETIRING), tvos: NEVER, visionos: NEVER, watchos: NEVER }
}

/// The keys of an answer.
pub(crate) mod answer {
    use super::{
        AVAILABLE, AvailableUpdate, EVERYWHERE, ErrorItem, Key, OTHERS, Presence, Response, SCAN, SCHEDULE, UpdateResult,
        UpdateStatus, command, field, keys,
    };

    keys! { Response, beside OTHERS;
        COMMAND_UUID: String = Key {
            path: &["CommandUUID"],
            field: field!(command_uuid),
            presence: Presence::Optional,
            default: None,
            combine: None,
            support: EVERYWHERE,
            meaning: "the command that is answered",
        };

        STATUS: String = Key {
            path: &["Status"],
            field: field!(status),
            presence: Presence::Optional,
            default: None,
            combine: None,
            support: EVERYWHERE,
            meaning: "what became of the command: Acknowledged, Error, CommandFormatError, NotNow or Idle",
        };

        ERROR_CHAIN: Vec<ErrorItem> = Key {
            path: &["ErrorChain"],
            field: field!(error_chain),
            presence: Presence::Optional,
            default: None,
            combine: None,
            support: EVERYWHERE,
            meaning: "why the command could not be carried out, the outermost error first",
        };

        UPDATE_RESULTS: Vec<UpdateResult> = Key {
            path: &["UpdateResults"],
            field: field!(update_results),
            presence: Presence::Optional,
            default: None,
            combine: None,
            support: SCHEDULE,
            meaning: "the answer to ScheduleOSUpdate: what becomes of each update; absent when nothing is left to do",
        };

        SCAN_INITIATED: bool = Key {
            path: &["ScanInitiated"],
            field: field!(scan_initiated),
            presence: Presence::Optional,
            default: None,
            combine: None,
            support: SCAN,
            meaning: "the answer to ScheduleOSUpdateScan: whether the device looks for updates now",
        };

        AVAILABLE_OS_UPDATES: Vec<AvailableUpdate> = Key {
            path: &["AvailableOSUpdates"],
            field: field!(available_os_updates),
            presence: Presence::Optional,
            default: None,
            combine: None,
            support: AVAILABLE,
            meaning: "the answer to AvailableOSUpdates: the updates that the device has on offer",
        };

        OS_UPDATE_STATUS: Vec<UpdateStatus> = Key {
            path: &["OSUpdateStatus"],
            field: field!(os_update_status),
            presence: Presence::Optional,
            default: None,
            combine: None,
            support: command::STATUS,
            meaning: "the answer to OSUpdateStatus: how far each update is",
        };
    }
}

/// The keys of what became of an update.
pub(crate) mod result {
    use super::{ErrorItem, Key, OTHERS, Presence, ResultAction, SCHEDULE, UpdateResult, UpdateState, field, keys};

    keys! { UpdateResult, beside OTHERS;
        PRODUCT_KEY: String = Key {
            path: &["ProductKey"],
            field: field!(product_key),
            presence: Presence::Required,
            default: None,
            combine: None,
            support: SCHEDULE,
            meaning: "the key of the update",
        };

        INSTALL_ACTION: ResultAction = Key {
            path: &["InstallAction"],
            field: field!(install_action),
            presence: Presence::Required,
            default: None,
            combine: None,
            support: SCHEDULE,
            meaning: "what the device will do, which need not be what it was told",
        };

        STATUS: UpdateState = Key {
            path: &["Status"],
            field: field!(status),
            presence: Presence::Required,
            default: None,
            combine: None,
            support: SCHEDULE,
            meaning: "how far it is",
        };

        ERROR_CHAIN: Vec<ErrorItem> = Key {
            path: &["ErrorChain"],
            field: field!(error_chain),
            presence: Presence::Optional,
            default: None,
            combine: None,
            support: SCHEDULE,
            meaning: "why it could not be done, the outermost error first",
        };
    }
}

/// The keys of an error.
pub(crate) mod error {
    use super::{EVERYWHERE, ErrorItem, Key, OTHERS, Presence, field, keys};

    keys! { ErrorItem, beside OTHERS;
        ERROR_CODE: i64 = Key {
            path: &["ErrorCode"],
            field: field!(error_code),
            presence: Presence::Optional,
            default: None,
            combine: None,
            support: EVERYWHERE,
            meaning: "the number of the error in its domain",
        };

        ERROR_DOMAIN: String = Key {
            path: &["ErrorDomain"],
            field: field!(error_domain),
            presence: Presence::Optional,
            default: None,
            combine: None,
            support: EVERYWHERE,
            meaning: "the part of the system that reports it",
        };

        LOCALIZED_DESCRIPTION: String = Key {
            path: &["LocalizedDescription"],
            field: field!(localized_description),
            presence: Presence::Optional,
            default: None,
            combine: None,
            support: EVERYWHERE,
            meaning: "what went wrong, in the language of the device",
        };

        US_ENGLISH_DESCRIPTION: String = Key {
            path: &["USEnglishDescription"],
            field: field!(us_english_description),
            presence: Presence::Optional,
            default: None,
            combine: None,
            support: EVERYWHERE,
            meaning: "what went wrong, in English",
        };
    }
}

/// The keys of an update that a device has on offer.
pub(crate) mod available {
    use super::{ALL, AvailableUpdate, Key, LegacyDate, MOBILE, OTHERS, Presence, field, keys, mac, since};

    keys! { AvailableUpdate, beside OTHERS;
        PRODUCT_KEY: String = Key {
            path: &["ProductKey"],
            field: field!(product_key),
            presence: Presence::Required,
            default: None,
            combine: None,
            support: ALL,
            meaning: "the key of the update, to be named in ScheduleOSUpdate",
        };

        HUMAN_READABLE_NAME: String = Key {
            path: &["HumanReadableName"],
            field: field!(human_readable_name),
            presence: Presence::Required,
            default: None,
            combine: None,
            support: ALL,
            meaning: "the name of the update for people",
        };

        HUMAN_READABLE_NAME_LOCALE: String = Key {
            path: &["HumanReadableNameLocale"],
            field: field!(human_readable_name_locale),
            presence: Presence::Optional,
            default: None,
            combine: None,
            support: mac("10.11"),
            meaning: "the language of the name",
        };

        METADATA_URL: String = Key {
            path: &["MetadataURL"],
            field: field!(metadata_url),
            presence: Presence::Optional,
            default: None,
            combine: None,
            support: mac("10.11"),
            meaning: "where the description of the update is",
        };

        PRODUCT_NAME: String = Key {
            path: &["ProductName"],
            field: field!(product_name),
            presence: Presence::Optional,
            default: None,
            combine: None,
            support: MOBILE,
            meaning: "the product that the update is for, such as iOS",
        };

        VERSION: String = Key {
            path: &["Version"],
            field: field!(version),
            presence: Presence::Required,
            default: None,
            combine: None,
            support: ALL,
            meaning: "the version that the update brings",
        };

        BUILD: String = Key {
            path: &["Build"],
            field: field!(build),
            presence: Presence::Required,
            default: None,
            combine: None,
            support: ALL,
            meaning: "the build that the update brings",
        };

        DOWNLOAD_SIZE: i64 = Key {
            path: &["DownloadSize"],
            field: field!(download_size),
            presence: Presence::Optional,
            default: None,
            combine: None,
            support: since("9.0", "10.12", "12.0"),
            meaning: "how many bytes are to be downloaded",
        };

        INSTALL_SIZE: i64 = Key {
            path: &["InstallSize"],
            field: field!(install_size),
            presence: Presence::Optional,
            default: None,
            combine: None,
            support: MOBILE,
            meaning: "how many bytes the installation takes",
        };

        APP_IDENTIFIERS_TO_CLOSE: Vec<String> = Key {
            path: &["AppIdentifiersToClose"],
            field: field!(app_identifiers_to_close),
            presence: Presence::Optional,
            default: None,
            combine: None,
            support: mac("10.11"),
            meaning: "the apps that have to be closed for the installation",
        };

        IS_CRITICAL: bool = Key {
            path: &["IsCritical"],
            field: field!(is_critical),
            presence: Presence::Optional,
            default: Some(false),
            combine: None,
            support: ALL,
            meaning: "whether the update is critical",
        };

        IS_CONFIG_DATA_UPDATE: bool = Key {
            path: &["IsConfigDataUpdate"],
            field: field!(is_config_data_update),
            presence: Presence::Optional,
            default: Some(false),
            combine: None,
            support: mac("10.11"),
            meaning: "whether it updates configuration data",
        };

        IS_FIRMWARE_UPDATE: bool = Key {
            path: &["IsFirmwareUpdate"],
            field: field!(is_firmware_update),
            presence: Presence::Optional,
            default: Some(false),
            combine: None,
            support: mac("10.11"),
            meaning: "whether it updates firmware",
        };

        IS_MAJOR_OS_UPDATE: bool = Key {
            path: &["IsMajorOSUpdate"],
            field: field!(is_major_os_update),
            presence: Presence::Optional,
            default: Some(false),
            combine: None,
            support: mac("10.11.4"),
            meaning: "whether it is an upgrade to another major version",
        };

        RESTART_REQUIRED: bool = Key {
            path: &["RestartRequired"],
            field: field!(restart_required),
            presence: Presence::Optional,
            default: Some(false),
            combine: None,
            support: ALL,
            meaning: "whether the device restarts for the installation",
        };

        ALLOWS_INSTALL_LATER: bool = Key {
            path: &["AllowsInstallLater"],
            field: field!(allows_install_later),
            presence: Presence::Optional,
            default: Some(false),
            combine: None,
            support: ALL,
            meaning: "whether the update can be installed later",
        };

        DEFERRED_UNTIL: LegacyDate = Key {
            path: &["DeferredUntil"],
            field: field!(deferred_until),
            presence: Presence::Optional,
            default: None,
            combine: None,
            support: mac("10.12.4"),
            meaning: "until when the update is held back",
        };

        REQUIRES_BOOTSTRAP_TOKEN: bool = Key {
            path: &["RequiresBootstrapToken"],
            field: field!(requires_bootstrap_token),
            presence: Presence::Optional,
            default: Some(false),
            combine: None,
            support: mac("11.0"),
            meaning: "whether the installation takes a bootstrap token",
        };

        IS_SECURITY_RESPONSE: bool = Key {
            path: &["IsSecurityResponse"],
            field: field!(is_security_response),
            presence: Presence::Optional,
            default: None,
            combine: None,
            support: since("16.2", "13.1", "16.2"),
            meaning: "whether it is a Background Security Improvement",
        };

        SUPPLEMENTAL_BUILD_VERSION: String = Key {
            path: &["SupplementalBuildVersion"],
            field: field!(supplemental_build_version),
            presence: Presence::Optional,
            default: None,
            combine: None,
            support: since("16.2", "13.1", "16.2"),
            meaning: "the build of the improvement",
        };

        SUPPLEMENTAL_OS_VERSION_EXTRA: String = Key {
            path: &["SupplementalOSVersionExtra"],
            field: field!(supplemental_os_version_extra),
            presence: Presence::Optional,
            default: None,
            combine: None,
            support: since("16.2", "13.1", "16.2"),
            meaning: "the letter of the improvement, in parentheses",
        };
    }
}

/// The keys of how far an update is.
pub(crate) mod status {
    use super::{Key, LegacyDate, OTHERS, Presence, UpdateStatus, command, field, keys, only_macos};

    keys! { UpdateStatus, beside OTHERS;
        PRODUCT_KEY: String = Key {
            path: &["ProductKey"],
            field: field!(product_key),
            presence: Presence::Required,
            default: None,
            combine: None,
            support: command::STATUS,
            meaning: "the key of the update",
        };

        IS_DOWNLOADED: bool = Key {
            path: &["IsDownloaded"],
            field: field!(is_downloaded),
            presence: Presence::Required,
            default: None,
            combine: None,
            support: command::STATUS,
            meaning: "whether the update is downloaded",
        };

        DOWNLOAD_PERCENT_COMPLETE: f64 = Key {
            path: &["DownloadPercentComplete"],
            field: field!(download_percent_complete),
            presence: Presence::Required,
            default: None,
            combine: None,
            support: command::STATUS,
            meaning: "the part of it that is downloaded, from 0 to 1",
        };

        STATUS: String = Key {
            path: &["Status"],
            field: field!(status),
            presence: Presence::Required,
            default: None,
            combine: None,
            support: command::STATUS,
            meaning: "how far it is: Idle, Downloading, Installing and others",
        };

        MAX_DEFERRALS: i64 = Key {
            path: &["MaxDeferrals"],
            field: field!(max_deferrals),
            presence: Presence::Optional,
            default: None,
            combine: None,
            support: only_macos("12.3"),
            meaning: "how often the user may postpone it",
        };

        DEFERRALS_REMAINING: i64 = Key {
            path: &["DeferralsRemaining"],
            field: field!(deferrals_remaining),
            presence: Presence::Optional,
            default: None,
            combine: None,
            support: only_macos("12.3"),
            meaning: "how often the user may still postpone it",
        };

        NEXT_SCHEDULED_INSTALL: LegacyDate = Key {
            path: &["NextScheduledInstall"],
            field: field!(next_scheduled_install),
            presence: Presence::Optional,
            default: None,
            combine: None,
            support: only_macos("12.3"),
            meaning: "when it will be installed",
        };

        PAST_NOTIFICATIONS: Vec<LegacyDate> = Key {
            path: &["PastNotifications"],
            field: field!(past_notifications),
            presence: Presence::Optional,
            default: None,
            combine: None,
            support: only_macos("12.3"),
            meaning: "when the user was told of it",
        };
    }
}

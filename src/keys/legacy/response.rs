//! The keys of the answers of devices. Source: the `responsekeys` of Apple's `mdm/commands` of release 18.1.
//!
//! Required is here what every platform and version answers.

use super::command::{AVAILABLE, EVERYWHERE, SCAN, SCHEDULE, only_macos};
use super::{RETIRING, command};
use crate::keys::{Facts, NEVER, Others, Since, Support, field, keys};
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
        AVAILABLE, AvailableUpdate, EVERYWHERE, ErrorItem, Facts, OTHERS, Response, SCAN, SCHEDULE, UpdateResult, UpdateStatus,
        command, field, keys,
    };

    keys! { Response, beside OTHERS;
        COMMAND_UUID: String = Facts::optional(&["CommandUUID"], field!(command_uuid), EVERYWHERE, "the command that is answered");
        STATUS: String = Facts::optional(&["Status"], field!(status), EVERYWHERE,
            "what became of the command: Acknowledged, Error, CommandFormatError, NotNow or Idle");
        ERROR_CHAIN: Vec<ErrorItem> = Facts::optional(&["ErrorChain"], field!(error_chain), EVERYWHERE,
            "why the command could not be carried out, the outermost error first");
        UPDATE_RESULTS: Vec<UpdateResult> = Facts::optional(&["UpdateResults"], field!(update_results), SCHEDULE,
            "the answer to ScheduleOSUpdate: what becomes of each update; absent when nothing is left to do");
        SCAN_INITIATED: bool = Facts::optional(&["ScanInitiated"], field!(scan_initiated), SCAN,
            "the answer to ScheduleOSUpdateScan: whether the device looks for updates now");
        AVAILABLE_OS_UPDATES: Vec<AvailableUpdate> = Facts::optional(
            &["AvailableOSUpdates"],
            field!(available_os_updates),
            AVAILABLE,
            "the answer to AvailableOSUpdates: the updates that the device has on offer",
        );
        OS_UPDATE_STATUS: Vec<UpdateStatus> = Facts::optional(&["OSUpdateStatus"], field!(os_update_status), command::STATUS,
            "the answer to OSUpdateStatus: how far each update is");
    }
}

/// The keys of what became of an update.
pub(crate) mod result {
    use super::{ErrorItem, Facts, OTHERS, ResultAction, SCHEDULE, UpdateResult, UpdateState, field, keys};

    keys! { UpdateResult, beside OTHERS;
        PRODUCT_KEY: String = Facts::required(&["ProductKey"], field!(product_key), SCHEDULE, "the key of the update");
        INSTALL_ACTION: ResultAction = Facts::required(&["InstallAction"], field!(install_action), SCHEDULE,
            "what the device will do, which need not be what it was told");
        STATUS: UpdateState = Facts::required(&["Status"], field!(status), SCHEDULE, "how far it is");
        ERROR_CHAIN: Vec<ErrorItem> = Facts::optional(&["ErrorChain"], field!(error_chain), SCHEDULE,
            "why it could not be done, the outermost error first");
    }
}

/// The keys of an error.
pub(crate) mod error {
    use super::{EVERYWHERE, ErrorItem, Facts, OTHERS, field, keys};

    keys! { ErrorItem, beside OTHERS;
        ERROR_CODE: i64 = Facts::optional(&["ErrorCode"], field!(error_code), EVERYWHERE, "the number of the error in its domain");
        ERROR_DOMAIN: String = Facts::optional(&["ErrorDomain"], field!(error_domain), EVERYWHERE,
            "the part of the system that reports it");
        LOCALIZED_DESCRIPTION: String = Facts::optional(&["LocalizedDescription"], field!(localized_description), EVERYWHERE,
            "what went wrong, in the language of the device");
        US_ENGLISH_DESCRIPTION: String = Facts::optional(&["USEnglishDescription"], field!(us_english_description), EVERYWHERE,
            "what went wrong, in English");
    }
}

/// The keys of an update that a device has on offer.
pub(crate) mod available {
    use super::{ALL, AvailableUpdate, Facts, LegacyDate, MOBILE, OTHERS, field, keys, mac, since};

    keys! { AvailableUpdate, beside OTHERS;
        PRODUCT_KEY: String = Facts::required(&["ProductKey"], field!(product_key), ALL,
            "the key of the update, to be named in ScheduleOSUpdate");
        HUMAN_READABLE_NAME: String = Facts::required(&["HumanReadableName"], field!(human_readable_name), ALL,
            "the name of the update for people");
        HUMAN_READABLE_NAME_LOCALE: String = Facts::optional(
            &["HumanReadableNameLocale"],
            field!(human_readable_name_locale),
            mac("10.11"),
            "the language of the name",
        );
        METADATA_URL: String = Facts::optional(&["MetadataURL"], field!(metadata_url), mac("10.11"),
            "where the description of the update is");
        PRODUCT_NAME: String = Facts::optional(&["ProductName"], field!(product_name), MOBILE,
            "the product that the update is for, such as iOS");
        VERSION: String = Facts::required(&["Version"], field!(version), ALL, "the version that the update brings");
        BUILD: String = Facts::required(&["Build"], field!(build), ALL, "the build that the update brings");
        DOWNLOAD_SIZE: i64 = Facts::optional(&["DownloadSize"], field!(download_size), since("9.0", "10.12", "12.0"),
            "how many bytes are to be downloaded");
        INSTALL_SIZE: i64 = Facts::optional(&["InstallSize"], field!(install_size), MOBILE,
            "how many bytes the installation takes");
        APP_IDENTIFIERS_TO_CLOSE: Vec<String> = Facts::optional(
            &["AppIdentifiersToClose"],
            field!(app_identifiers_to_close),
            mac("10.11"),
            "the apps that have to be closed for the installation",
        );
        IS_CRITICAL: bool = Facts::defaulting(&["IsCritical"], field!(is_critical), false, ALL, "whether the update is critical");
        IS_CONFIG_DATA_UPDATE: bool = Facts::defaulting(&["IsConfigDataUpdate"], field!(is_config_data_update), false, mac("10.11"),
            "whether it updates configuration data");
        IS_FIRMWARE_UPDATE: bool = Facts::defaulting(&["IsFirmwareUpdate"], field!(is_firmware_update), false, mac("10.11"),
            "whether it updates firmware");
        IS_MAJOR_OS_UPDATE: bool = Facts::defaulting(&["IsMajorOSUpdate"], field!(is_major_os_update), false, mac("10.11.4"),
            "whether it is an upgrade to another major version");
        RESTART_REQUIRED: bool = Facts::defaulting(&["RestartRequired"], field!(restart_required), false, ALL,
            "whether the device restarts for the installation");
        ALLOWS_INSTALL_LATER: bool = Facts::defaulting(&["AllowsInstallLater"], field!(allows_install_later), false, ALL,
            "whether the update can be installed later");
        DEFERRED_UNTIL: LegacyDate = Facts::optional(&["DeferredUntil"], field!(deferred_until), mac("10.12.4"),
            "until when the update is held back");
        REQUIRES_BOOTSTRAP_TOKEN: bool = Facts::defaulting(
            &["RequiresBootstrapToken"],
            field!(requires_bootstrap_token),
            false,
            mac("11.0"),
            "whether the installation takes a bootstrap token",
        );
        IS_SECURITY_RESPONSE: bool = Facts::optional(
            &["IsSecurityResponse"],
            field!(is_security_response),
            since("16.2", "13.1", "16.2"),
            "whether it is a Background Security Improvement",
        );
        SUPPLEMENTAL_BUILD_VERSION: String = Facts::optional(
            &["SupplementalBuildVersion"],
            field!(supplemental_build_version),
            since("16.2", "13.1", "16.2"),
            "the build of the improvement",
        );
        SUPPLEMENTAL_OS_VERSION_EXTRA: String = Facts::optional(
            &["SupplementalOSVersionExtra"],
            field!(supplemental_os_version_extra),
            since("16.2", "13.1", "16.2"),
            "the letter of the improvement, in parentheses",
        );
    }
}

/// The keys of how far an update is.
pub(crate) mod status {
    use super::{Facts, LegacyDate, OTHERS, UpdateStatus, command, field, keys, only_macos};

    keys! { UpdateStatus, beside OTHERS;
        PRODUCT_KEY: String = Facts::required(&["ProductKey"], field!(product_key), command::STATUS, "the key of the update");
        IS_DOWNLOADED: bool = Facts::required(&["IsDownloaded"], field!(is_downloaded), command::STATUS,
            "whether the update is downloaded");
        DOWNLOAD_PERCENT_COMPLETE: f64 = Facts::required(
            &["DownloadPercentComplete"],
            field!(download_percent_complete),
            command::STATUS,
            "the part of it that is downloaded, from 0 to 1",
        );
        STATUS: String = Facts::required(&["Status"], field!(status), command::STATUS,
            "how far it is: Idle, Downloading, Installing and others");
        MAX_DEFERRALS: i64 = Facts::optional(&["MaxDeferrals"], field!(max_deferrals), only_macos("12.3"),
            "how often the user may postpone it");
        DEFERRALS_REMAINING: i64 = Facts::optional(&["DeferralsRemaining"], field!(deferrals_remaining), only_macos("12.3"),
            "how often the user may still postpone it");
        NEXT_SCHEDULED_INSTALL: LegacyDate = Facts::optional(
            &["NextScheduledInstall"],
            field!(next_scheduled_install),
            only_macos("12.3"),
            "when it will be installed",
        );
        PAST_NOTIFICATIONS: Vec<LegacyDate> = Facts::optional(&["PastNotifications"], field!(past_notifications), only_macos("12.3"),
            "when the user was told of it");
    }
}

//! What devices answer to the commands about software updates.

use serde::{Deserialize, Serialize};

use crate::model::choice::{Choice, choice};

/// The answer of a device to one of the commands.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Response {
    /// The command that is answered.
    #[serde(default, rename = "CommandUUID", skip_serializing_if = "Option::is_none")]
    pub command_uuid: Option<String>,
    /// What became of the command: Acknowledged, Error, CommandFormatError, NotNow or Idle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Why the command could not be carried out, the outermost error first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_chain: Option<Vec<ErrorItem>>,
    /// The answer to `ScheduleOSUpdate`: what becomes of each update; absent when nothing is left to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub update_results: Option<Vec<UpdateResult>>,
    /// The answer to `ScheduleOSUpdateScan`: whether the device looks for updates now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scan_initiated: Option<bool>,
    /// The answer to `AvailableOSUpdates`: the updates that the device has on offer.
    #[serde(default, rename = "AvailableOSUpdates", skip_serializing_if = "Option::is_none")]
    pub available_os_updates: Option<Vec<AvailableUpdate>>,
    /// The answer to `OSUpdateStatus`: how far each update is.
    #[serde(default, rename = "OSUpdateStatus", skip_serializing_if = "Option::is_none")]
    pub os_update_status: Option<Vec<UpdateStatus>>,
}

/// What became of one update of `ScheduleOSUpdate`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct UpdateResult {
    /// The key of the update.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product_key: Option<String>,
    /// What the device will do, which need not be what it was told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub install_action: Option<ResultAction>,
    /// How far it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<UpdateState>,
    /// Why it could not be done, the outermost error first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_chain: Option<Vec<ErrorItem>>,
}

/// One of the errors of a device.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ErrorItem {
    /// The number of the error in its domain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_code: Option<i64>,
    /// The part of the system that reports it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_domain: Option<String>,
    /// What went wrong, in the language of the device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub localized_description: Option<String>,
    /// What went wrong, in English.
    #[serde(default, rename = "USEnglishDescription", skip_serializing_if = "Option::is_none")]
    pub us_english_description: Option<String>,
}

/// An update that a device has on offer.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct AvailableUpdate {
    /// The key of the update, to be named in `ScheduleOSUpdate`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product_key: Option<String>,
    /// The name of the update for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub human_readable_name: Option<String>,
    /// The language of the name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub human_readable_name_locale: Option<String>,
    /// Where the description of the update is.
    #[serde(default, rename = "MetadataURL", skip_serializing_if = "Option::is_none")]
    pub metadata_url: Option<String>,
    /// The product that the update is for, such as iOS.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product_name: Option<String>,
    /// The version that the update brings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The build that the update brings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub build: Option<String>,
    /// How many bytes are to be downloaded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub download_size: Option<i64>,
    /// How many bytes the installation takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub install_size: Option<i64>,
    /// The apps that have to be closed for the installation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app_identifiers_to_close: Option<Vec<String>>,
    /// Whether the update is critical.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_critical: Option<bool>,
    /// Whether it updates configuration data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_config_data_update: Option<bool>,
    /// Whether it updates firmware.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_firmware_update: Option<bool>,
    /// Whether it is an upgrade to another major version.
    #[serde(default, rename = "IsMajorOSUpdate", skip_serializing_if = "Option::is_none")]
    pub is_major_os_update: Option<bool>,
    /// Whether the device restarts for the installation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restart_required: Option<bool>,
    /// Whether the update can be installed later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allows_install_later: Option<bool>,
    /// Until when the update is held back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deferred_until: Option<LegacyDate>,
    /// Whether the installation takes a bootstrap token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requires_bootstrap_token: Option<bool>,
    /// Whether it is a Background Security Improvement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_security_response: Option<bool>,
    /// The build of the improvement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supplemental_build_version: Option<String>,
    /// The letter of the improvement, in parentheses.
    #[serde(default, rename = "SupplementalOSVersionExtra", skip_serializing_if = "Option::is_none")]
    pub supplemental_os_version_extra: Option<String>,
}

/// How far an update is on a device.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct UpdateStatus {
    /// The key of the update.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product_key: Option<String>,
    /// Whether the update is downloaded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_downloaded: Option<bool>,
    /// The part of it that is downloaded, from 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub download_percent_complete: Option<f64>,
    /// How far it is: Idle, Downloading, Installing and others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// How often the user may postpone it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_deferrals: Option<i64>,
    /// How often the user may still postpone it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deferrals_remaining: Option<i64>,
    /// When it will be installed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_scheduled_install: Option<LegacyDate>,
    /// When the user was told of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub past_notifications: Option<Vec<LegacyDate>>,
}

/// A date of a property list, as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LegacyDate(pub String);

choice! {
    /// What a device says that it will do with an update (`InstallAction` of an answer).
    pub enum ResultAction {
        /// Nothing: the update could not be scheduled.
        Error,
        /// Download, and do not install.
        DownloadOnly,
        /// Install what was downloaded.
        InstallASAP,
        /// Download, and notify the user.
        NotifyOnly,
        /// Download, and install later.
        InstallLater,
        /// Install, then force a restart.
        InstallForceRestart,
    }
}

choice! {
    /// How far an update is (`Status` of an update in an answer).
    pub enum UpdateState {
        /// Nothing is going on.
        Idle,
        /// The update is being downloaded.
        Downloading,
        /// The download failed.
        DownloadFailed,
        /// The update has to be downloaded through a computer; iOS only.
        DownloadRequiresComputer,
        /// There is too little room for the download.
        DownloadInsufficientSpace,
        /// There is too little power for the download.
        DownloadInsufficientPower,
        /// The network is too slow, or of the wrong kind, for the download.
        DownloadInsufficientNetwork,
        /// The update is being installed.
        Installing,
        /// There is too little room for the installation.
        InstallInsufficientSpace,
        /// There is too little power for the installation.
        InstallInsufficientPower,
        /// Somebody is on the phone.
        InstallPhoneCallInProgress,
        /// The installation failed.
        InstallFailed,
    }
}

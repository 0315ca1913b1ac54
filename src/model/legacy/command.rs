//! The commands of the MDM protocol about software updates.

use serde::{Deserialize, Serialize};

use crate::model::choice::{Choice, choice};

/// The dictionary that a server sends, with a command in it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Command {
    /// What the command is told by in the answer; servers add it.
    #[serde(default, rename = "CommandUUID", skip_serializing_if = "Option::is_none")]
    pub command_uuid: Option<String>,
    #[serde(skip)]
    pub(crate) command: Option<()>,
}

/// `ScheduleOSUpdate`: tells a device to download or install updates.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct ScheduleOsUpdate {
    /// `ScheduleOSUpdate`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_type: Option<RequestType>,
    /// The updates, and what to do with each.
    pub updates: Vec<ScheduledUpdate>,
}

/// An update of `ScheduleOSUpdate`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct ScheduledUpdate {
    /// The key of the update, from the device's answer to `AvailableOSUpdates`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product_key: Option<String>,
    /// The version of the update; required where there is no `ProductKey`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product_version: Option<String>,
    /// What to do with the update.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub install_action: Option<InstallAction>,
    /// How often the user may postpone the installation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_user_deferrals: Option<i64>,
    /// How urgently the update is downloaded and prepared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
}

/// `ScheduleOSUpdateScan`: tells a Mac to look for updates.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct ScheduleOsUpdateScan {
    /// `ScheduleOSUpdateScan`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_type: Option<RequestType>,
    /// Whether the device looks at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub force: Option<bool>,
}

/// `AvailableOSUpdates` and `OSUpdateStatus`: ask a device which updates it has, and how far they are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct StatusQuery {
    /// `AvailableOSUpdates` or `OSUpdateStatus`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_type: Option<RequestType>,
}

choice! {
    /// A command about software updates (`RequestType`).
    pub enum RequestType {
        /// Download or install updates.
        ScheduleOSUpdate,
        /// Look for updates.
        ScheduleOSUpdateScan,
        /// Which updates are there?
        AvailableOSUpdates,
        /// How far are the updates?
        OSUpdateStatus,
    }
}

choice! {
    /// What a device does with an update (`InstallAction`).
    pub enum InstallAction {
        /// Download or install, whichever comes next: on iOS and tvOS it takes two commands.
        Default,
        /// Download, and do not install.
        DownloadOnly,
        /// On iOS and tvOS install what was downloaded; on macOS download, then count down to a restart.
        InstallASAP,
        /// Download, and notify the user.
        NotifyOnly,
        /// Download, and install later; the user may defer.
        InstallLater,
        /// The default action, then a forced restart: may lose data.
        InstallForceRestart,
    }
}

choice! {
    /// How urgently a minor update is downloaded and prepared (`Priority`).
    pub enum Priority {
        /// When the device has nothing else to do.
        Low,
        /// As if a user had asked for it.
        High,
    }
}

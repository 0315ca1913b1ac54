//! Configuration profiles, as far as they are about software updates.

use serde::{Deserialize, Serialize};

use crate::model::DeferralDays;
use crate::model::choice::{Choice, choice};

/// What is around the payloads of a profile.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Profile {
    /// `Configuration`.
    pub payload_type: Option<ProfileType>,
    /// The name of the profile, which no other has.
    pub payload_identifier: Option<String>,
    /// The name of this revision of the profile.
    pub payload_uuid: Option<String>,
    /// 1.
    pub payload_version: Option<i64>,
    pub(crate) payload_content: Option<Vec<()>>,
}

choice! {
    /// What a profile as a whole is (`PayloadType`).
    pub enum ProfileType {
        /// A profile with payloads.
        Configuration,
    }
}

/// The payload `com.apple.SoftwareUpdate`: how a Mac looks for, downloads and installs updates.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct SoftwareUpdate {
    /// `com.apple.SoftwareUpdate`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payload_type: Option<String>,
    /// The name of the payload, which no other has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payload_identifier: Option<String>,
    /// The name of this revision of the payload.
    #[serde(default, rename = "PayloadUUID", skip_serializing_if = "Option::is_none")]
    pub payload_uuid: Option<String>,
    /// 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payload_version: Option<i64>,
    /// Where the Mac looks for updates; nothing since macOS 11.
    #[serde(default, rename = "CatalogURL", skip_serializing_if = "Option::is_none")]
    pub catalog_url: Option<String>,
    /// Whether beta releases may be installed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allow_pre_release_installation: Option<bool>,
    /// Whether only administrators may install updates.
    #[serde(default, rename = "restrict-software-update-require-admin-to-install", skip_serializing_if = "Option::is_none")]
    pub require_admin_to_install: Option<bool>,
    /// Whether updates of macOS are installed automatically.
    #[serde(default, rename = "AutomaticallyInstallMacOSUpdates", skip_serializing_if = "Option::is_none")]
    pub automatically_install_mac_os_updates: Option<bool>,
    /// Whether updates of apps are installed automatically.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub automatically_install_app_updates: Option<bool>,
    /// Whether the Mac looks for updates by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub automatic_check_enabled: Option<bool>,
    /// Whether updates are downloaded automatically.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub automatic_download: Option<bool>,
    /// Whether critical updates are installed automatically.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub critical_update_install: Option<bool>,
    /// Whether configuration data is installed automatically.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub config_data_install: Option<bool>,
}

/// The keys of the payload `com.apple.applicationaccess` (restrictions) that are about updates.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Restrictions {
    /// `com.apple.applicationaccess`.
    pub payload_type: Option<String>,
    /// The name of the payload, which no other has.
    pub payload_identifier: Option<String>,
    /// The name of this revision of the payload.
    pub payload_uuid: Option<String>,
    /// 1.
    pub payload_version: Option<i64>,
    /// Whether updates are held back.
    pub force_delayed_software_updates: Option<bool>,
    /// Whether upgrades to another major version are held back.
    pub force_delayed_major_software_updates: Option<bool>,
    /// Whether updates that are none of the system are held back.
    pub force_delayed_app_software_updates: Option<bool>,
    /// How long updates are held back.
    pub enforced_software_update_delay: Option<DeferralDays>,
    /// How long upgrades to another major version are held back.
    pub major_os_deferred_install_delay: Option<DeferralDays>,
    /// How long minor updates are held back.
    pub minor_os_deferred_install_delay: Option<DeferralDays>,
    /// How long updates that are none of the system are held back.
    pub non_os_deferred_install_delay: Option<DeferralDays>,
    /// Whether Background Security Improvements may be installed.
    pub allow_rapid_security_response_installation: Option<bool>,
    /// Whether Background Security Improvements may be removed.
    pub allow_rapid_security_response_removal: Option<bool>,
}

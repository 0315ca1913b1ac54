//! `com.apple.configuration.softwareupdate.enforcement.specific`.

use serde::{Deserialize, Serialize};

use super::{BuildVersion, DetailsUrl, LocalDateTime, OsVersion};

/// The payload of `com.apple.configuration.softwareupdate.enforcement.specific`: one release, and when a device must have it.
///
/// `Default` is the enforcement of version 0.0 at the start of 1970: a start for `..Enforcement::default()`, nothing to publish.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Enforcement {
    /// The version to install.
    #[serde(rename = "TargetOSVersion")]
    pub target_os_version: OsVersion,
    /// The build to install, where the version alone is not exact enough.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_build_version: Option<BuildVersion>,
    /// When the device installs it by force, in the local time of the device.
    pub target_local_date_time: LocalDateTime,
    /// A page of the organisation about the update.
    #[serde(default, rename = "DetailsURL", skip_serializing_if = "Option::is_none")]
    pub details_url: Option<DetailsUrl>,
}

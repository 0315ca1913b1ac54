//! `com.apple.configuration.softwareupdate.enforcement.specific`.

use serde::{Deserialize, Serialize};

use crate::apple::{BuildVersion, DetailsUrl, LocalDateTime, OsVersion};

/// The payload of `com.apple.configuration.softwareupdate.enforcement.specific`: one release and its deadline.
///
/// `Default` is version 0.0 at the start of 1970. Use it only as `..Enforcement::default()`; do not publish it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Enforcement {
    /// The version to install.
    #[serde(rename = "TargetOSVersion")]
    pub target_os_version: OsVersion,
    /// The build to install, if the version alone is not specific enough.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_build_version: Option<BuildVersion>,
    /// The deadline, in the device's local time, at which the device forces the installation.
    pub target_local_date_time: LocalDateTime,
    /// The URL of the organisation's page about the update.
    #[serde(default, rename = "DetailsURL", skip_serializing_if = "Option::is_none")]
    pub details_url: Option<DetailsUrl>,
}

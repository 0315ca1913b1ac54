//! The keys of `com.apple.configuration.softwareupdate.enforcement.specific`. Source: Apple's schema of that name.
//!
//! A device applies each such declaration on its own, so no key has a combine rule.

use super::{Key, Presence, Since, Support, field, keys};
use crate::model::{BuildVersion, DetailsUrl, Enforcement, LocalDateTime, OsVersion};

/// Where the declaration exists; on macOS every device that takes it is supervised.
const EVERYWHERE: Support = Support {
    ios: Since::version("17.0"),
    macos: Since::supervised("14.0"),
    tvos: Since::version("18.4"),
    visionos: Since::version("26.0"),
};

keys! { Enforcement:
    TARGET_OS_VERSION: OsVersion = Key {
        path: &["TargetOSVersion"],
        field: field!(required target_os_version),
        presence: Presence::Required,
        default: None,
        combine: None,
        support: EVERYWHERE,
        meaning: "the version to install, in two or three numbers",
    };

    TARGET_BUILD_VERSION: BuildVersion = Key {
        path: &["TargetBuildVersion"],
        field: field!(target_build_version),
        presence: Presence::Optional,
        default: None,
        combine: None,
        support: EVERYWHERE,
        meaning: "the build to install, where the version is not exact enough",
    };

    TARGET_LOCAL_DATE_TIME: LocalDateTime = Key {
        path: &["TargetLocalDateTime"],
        field: field!(required target_local_date_time),
        presence: Presence::Required,
        default: None,
        combine: None,
        support: EVERYWHERE,
        meaning: "when the device installs by force, in its own local time",
    };

    DETAILS_URL: DetailsUrl = Key {
        path: &["DetailsURL"],
        field: field!(details_url),
        presence: Presence::Optional,
        default: None,
        combine: None,
        support: EVERYWHERE,
        meaning: "a page of the organisation about the update",
    };
}

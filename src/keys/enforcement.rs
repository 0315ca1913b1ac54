//! The keys of `com.apple.configuration.softwareupdate.enforcement.specific`. Source: Apple's schema of that name.
//!
//! A device applies each such declaration on its own, so no key has a combine rule.

use super::{Facts, NEVER, Presence, Since, Support, field, keys};
use crate::model::{BuildVersion, DetailsUrl, Enforcement, LocalDateTime, OsVersion};

/// Where the declaration exists, and each of its keys.
pub(crate) const DECLARATION: Support = Support {
    ios: Since::device("17.0"),
    macos: Since::supervised("14.0"),
    tvos: Since::device("18.4"),
    visionos: Since::device("26.0"),
    watchos: NEVER,
};

keys! { Enforcement:
    TARGET_OS_VERSION: OsVersion = Facts {
        path: &["TargetOSVersion"],
        field: field!(required target_os_version),
        presence: Presence::Required,
        default: None,
        combine: None,
        support: DECLARATION,
        meaning: "the version to install, in two or three numbers",
    };

    TARGET_BUILD_VERSION: BuildVersion = Facts {
        path: &["TargetBuildVersion"],
        field: field!(target_build_version),
        presence: Presence::Optional,
        default: None,
        combine: None,
        support: DECLARATION,
        meaning: "the build to install, where the version is not exact enough",
    };

    TARGET_LOCAL_DATE_TIME: LocalDateTime = Facts {
        path: &["TargetLocalDateTime"],
        field: field!(required target_local_date_time),
        presence: Presence::Required,
        default: None,
        combine: None,
        support: DECLARATION,
        meaning: "when the device installs by force, in its own local time",
    };

    DETAILS_URL: DetailsUrl = Facts {
        path: &["DetailsURL"],
        field: field!(details_url),
        presence: Presence::Optional,
        default: None,
        combine: None,
        support: DECLARATION,
        meaning: "a page of the organisation about the update",
    };
}

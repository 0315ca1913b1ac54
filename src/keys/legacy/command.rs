//! The keys of the commands about software updates. Source: Apple's `mdm/commands` of release 18.1, the last that describes them whole.

use super::RETIRING;
use crate::keys::{Facts, NEVER, Since, Support, field, keys};
use crate::model::legacy::{
    Command, InstallAction, Priority, RequestType, ScheduleOsUpdate, ScheduleOsUpdateScan, ScheduledUpdate, StatusQuery,
};

/// Where commands exist at all.
pub(crate) const EVERYWHERE: Support = Support {
    ios: Since::every("4.0"),
    macos: Since::every("10.7"),
    tvos: Since::every("9.0"),
    visionos: Since::every("1.0"),
    watchos: Since::every("10.0"),
};

/// Where `ScheduleOSUpdate` exists.
pub(crate) const SCHEDULE: Support = Support {
    ios: Since::supervised_until("9.0", RETIRING),
    macos: Since::supervised_until("10.11", RETIRING),
    tvos: Since::supervised_until("12.0", RETIRING),
    visionos: NEVER,
    watchos: NEVER,
};

/// Where `ScheduleOSUpdateScan` exists.
pub(crate) const SCAN: Support =
    Support { ios: NEVER, macos: Since::supervised_until("10.11", RETIRING), tvos: NEVER, visionos: NEVER, watchos: NEVER };

/// Where `AvailableOSUpdates` exists.
pub(crate) const AVAILABLE: Support = Support { macos: Since::device_until("10.11", RETIRING), ..SCHEDULE };

/// Where `OSUpdateStatus` exists.
pub(crate) const STATUS: Support = Support { macos: Since::supervised_until("10.11.5", RETIRING), ..SCHEDULE };

/// Where a key exists that only a Mac has, from a version on.
pub(super) const fn only_macos(version: &'static str) -> Support {
    Support { ios: NEVER, macos: Since::supervised_until(version, RETIRING), tvos: NEVER, visionos: NEVER, watchos: NEVER }
}

keys! { Command:
    COMMAND_UUID: String = Facts::optional(&["CommandUUID"], field!(command_uuid), EVERYWHERE,
        "what the command is told by in the answer; servers add it");
    COMMAND: () = Facts::required(&["Command"], field!(command), EVERYWHERE, "the command itself");
}

/// The keys of `ScheduleOSUpdate`.
pub(crate) mod schedule {
    use super::{Facts, RequestType, SCHEDULE, ScheduleOsUpdate, ScheduledUpdate, field, keys};

    keys! { ScheduleOsUpdate:
        REQUEST_TYPE: RequestType = Facts::required(&["RequestType"], field!(request_type), SCHEDULE, "which command it is");
        UPDATES: Vec<ScheduledUpdate> = Facts::required(&["Updates"], field!(required updates), SCHEDULE,
            "the updates, and what to do with each");
    }
}

/// The keys of `ScheduleOSUpdateScan`.
pub(crate) mod scan {
    use super::{Facts, RequestType, SCAN, ScheduleOsUpdateScan, field, keys};

    keys! { ScheduleOsUpdateScan:
        REQUEST_TYPE: RequestType = Facts::required(&["RequestType"], field!(request_type), SCAN, "which command it is");
        FORCE: bool = Facts::defaulting(&["Force"], field!(force), false, SCAN,
            "whether the Mac looks at once, and not when it finds the time");
    }
}

/// The keys of `AvailableOSUpdates`.
pub(crate) mod available {
    use super::{AVAILABLE, Facts, RequestType, StatusQuery, field, keys};

    keys! { StatusQuery:
        REQUEST_TYPE: RequestType = Facts::required(&["RequestType"], field!(request_type), AVAILABLE, "which command it is");
    }
}

/// The keys of `OSUpdateStatus`.
pub(crate) mod status {
    use super::{Facts, RequestType, STATUS, StatusQuery, field, keys};

    keys! { StatusQuery:
        REQUEST_TYPE: RequestType = Facts::required(&["RequestType"], field!(request_type), STATUS, "which command it is");
    }
}

/// The keys of an update of `ScheduleOSUpdate`.
pub(crate) mod update {
    use super::{
        Facts, InstallAction, NEVER, Priority, RETIRING, SCHEDULE, ScheduledUpdate, Since, Support, field, keys, only_macos,
    };

    keys! { ScheduledUpdate:
        PRODUCT_KEY: String = Facts::optional(&["ProductKey"], field!(product_key), SCHEDULE,
            "the key of the update, from the device's answer to AvailableOSUpdates");
        PRODUCT_VERSION: String = Facts::optional(
            &["ProductVersion"],
            field!(product_version),
            Support {
                ios: Since::supervised_until("11.3", RETIRING),
                macos: Since::supervised_until("12.0", RETIRING),
                tvos: Since::supervised_until("12.2", RETIRING),
                visionos: NEVER,
                watchos: NEVER,
            },
            "the version of the update; required where ProductKey is absent",
        );
        INSTALL_ACTION: InstallAction = Facts::required(&["InstallAction"], field!(install_action), SCHEDULE,
            "what to do with the update");
        MAX_USER_DEFERRALS: i64 = Facts::optional(&["MaxUserDeferrals"], field!(max_user_deferrals), only_macos("12.0"),
            "how often the user may postpone a minor update before it is installed; with InstallLater only");
        PRIORITY: Priority = Facts::defaulting(&["Priority"], field!(priority), Priority::Low, only_macos("12.3"),
            "how urgently a minor update is downloaded and prepared");
    }
}

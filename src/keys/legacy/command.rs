//! The keys of the commands about software updates. Source: Apple's `mdm/commands` of release 18.1, the last that describes them whole.

use super::RETIRING;
use crate::keys::{Key, NEVER, Presence, Since, Support, field, keys};
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

/// Where a device can do what an update asks for.
pub(crate) fn action(action: InstallAction) -> Support {
    match action {
        InstallAction::Default | InstallAction::InstallASAP => SCHEDULE,
        InstallAction::DownloadOnly => Support { macos: Since::supervised_until("11.0", RETIRING), ..SCHEDULE },
        InstallAction::NotifyOnly | InstallAction::InstallLater => only_macos("10.11"),
        InstallAction::InstallForceRestart => only_macos("11.0"),
    }
}

keys! { Command:
    COMMAND_UUID: String = Key {
        path: &["CommandUUID"],
        field: field!(command_uuid),
        presence: Presence::Optional,
        default: None,
        combine: None,
        support: EVERYWHERE,
        meaning: "what the command is told by in the answer; servers add it",
    };

    COMMAND: () = Key {
        path: &["Command"],
        field: field!(command),
        presence: Presence::Required,
        default: None,
        combine: None,
        support: EVERYWHERE,
        meaning: "the command itself",
    };
}

/// The keys of `ScheduleOSUpdate`.
pub(crate) mod schedule {
    use super::{Key, Presence, RequestType, SCHEDULE, ScheduleOsUpdate, ScheduledUpdate, field, keys};

    keys! { ScheduleOsUpdate:
        REQUEST_TYPE: RequestType = Key {
            path: &["RequestType"],
            field: field!(request_type),
            presence: Presence::Required,
            default: None,
            combine: None,
            support: SCHEDULE,
            meaning: "which command it is",
        };

        UPDATES: Vec<ScheduledUpdate> = Key {
            path: &["Updates"],
            field: field!(required updates),
            presence: Presence::Required,
            default: None,
            combine: None,
            support: SCHEDULE,
            meaning: "the updates, and what to do with each",
        };
    }
}

/// The keys of `ScheduleOSUpdateScan`.
pub(crate) mod scan {
    use super::{Key, Presence, RequestType, SCAN, ScheduleOsUpdateScan, field, keys};

    keys! { ScheduleOsUpdateScan:
        REQUEST_TYPE: RequestType = Key {
            path: &["RequestType"],
            field: field!(request_type),
            presence: Presence::Required,
            default: None,
            combine: None,
            support: SCAN,
            meaning: "which command it is",
        };

        FORCE: bool = Key {
            path: &["Force"],
            field: field!(force),
            presence: Presence::Optional,
            default: Some(false),
            combine: None,
            support: SCAN,
            meaning: "whether the Mac looks at once, and not when it finds the time",
        };
    }
}

/// The keys of `AvailableOSUpdates`.
pub(crate) mod available {
    use super::{AVAILABLE, Key, Presence, RequestType, StatusQuery, field, keys};

    keys! { StatusQuery:
        REQUEST_TYPE: RequestType = Key {
            path: &["RequestType"],
            field: field!(request_type),
            presence: Presence::Required,
            default: None,
            combine: None,
            support: AVAILABLE,
            meaning: "which command it is",
        };
    }
}

/// The keys of `OSUpdateStatus`.
pub(crate) mod status {
    use super::{Key, Presence, RequestType, STATUS, StatusQuery, field, keys};

    keys! { StatusQuery:
        REQUEST_TYPE: RequestType = Key {
            path: &["RequestType"],
            field: field!(request_type),
            presence: Presence::Required,
            default: None,
            combine: None,
            support: STATUS,
            meaning: "which command it is",
        };
    }
}

/// The keys of an update of `ScheduleOSUpdate`.
pub(crate) mod update {
    use super::{
        InstallAction, Key, NEVER, Presence, Priority, RETIRING, SCHEDULE, ScheduledUpdate, Since, Support, field, keys,
        only_macos,
    };

    keys! { ScheduledUpdate:
        PRODUCT_KEY: String = Key {
            path: &["ProductKey"],
            field: field!(product_key),
            presence: Presence::Optional,
            default: None,
            combine: None,
            support: SCHEDULE,
            meaning: "the key of the update, from the device's answer to AvailableOSUpdates",
        };

        PRODUCT_VERSION: String = Key {
            path: &["ProductVersion"],
            field: field!(product_version),
            presence: Presence::Optional,
            default: None,
            combine: None,
            support: Support {
                ios: Since::supervised_until("11.3", RETIRING),
                macos: Since::supervised_until("12.0", RETIRING),
                tvos: Since::supervised_until("12.2", RETIRING),
                visionos: NEVER,
                watchos: NEVER,
            },
            meaning: "the version of the update; required where ProductKey is absent",
        };

        INSTALL_ACTION: InstallAction = Key {
            path: &["InstallAction"],
            field: field!(install_action),
            presence: Presence::Required,
            default: None,
            combine: None,
            support: SCHEDULE,
            meaning: "what to do with the update",
        };

        MAX_USER_DEFERRALS: i64 = Key {
            path: &["MaxUserDeferrals"],
            field: field!(max_user_deferrals),
            presence: Presence::Optional,
            default: None,
            combine: None,
            support: only_macos("12.0"),
            meaning: "how often the user may postpone a minor update before it is installed; with InstallLater only",
        };

        PRIORITY: Priority = Key {
            path: &["Priority"],
            field: field!(priority),
            presence: Presence::Optional,
            default: Some(Priority::Low),
            combine: None,
            support: only_macos("12.3"),
            meaning: "how urgently a minor update is downloaded and prepared",
        };
    }
}

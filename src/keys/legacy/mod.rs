//! The keys of the documents that declarations replace.

pub(crate) mod command;
pub(crate) mod profile;
pub(crate) mod response;

use super::support::Retirement;
use super::{Owner, Source, Table};
use crate::model::LegacyType;

/// The commands, the payload `com.apple.SoftwareUpdate` and the keys that hold updates back are deprecated in 26.0 and gone in 27.0.
pub(crate) const RETIRING: Retirement = Retirement { deprecated: "26.0", removed: "27.0" };

/// The release of Apple's schema that describes the commands whole.
const SCHEMA: &str = "18.1";

macro_rules! source {
    ($schema:literal, $page:literal) => {
        Source {
            release: SCHEMA,
            schema: $schema,
            page: concat!("https://developer.apple.com/documentation/devicemanagement/", $page),
        }
    };
}

const COMMAND: Source = source!("mdm/commands", "commands-and-queries");
const SCHEDULE: Source = source!("mdm/commands/system.update.schedule", "schedule-os-update-command");
const SCAN: Source = source!("mdm/commands/system.update.scan", "schedule-os-update-scan-command");
const AVAILABLE: Source = source!("mdm/commands/system.update.available", "available-os-updates-command");
const STATUS: Source = source!("mdm/commands/system.update.status", "os-update-status-command");
const PROFILE: Source = source!("mdm/profiles/TopLevel", "toplevel");
const SOFTWARE_UPDATE: Source = source!("mdm/profiles/com.apple.SoftwareUpdate", "softwareupdate");
const RESTRICTIONS: Source = source!("mdm/profiles/com.apple.applicationaccess", "restrictions");

const fn owner(document: LegacyType) -> Owner {
    Owner::Legacy(document)
}

/// The tables of these documents. The head of each comes before its parts.
pub(super) static TABLES: &[Table] = &[
    Table {
        owner: owner(LegacyType::Command),
        top: &[],
        source: COMMAND,
        support: &command::EVERYWHERE,
        keys: || &command::KEYS.keys,
    },
    Table {
        owner: owner(LegacyType::ScheduleOsUpdate),
        top: &["Command"],
        source: SCHEDULE,
        support: &command::SCHEDULE,
        keys: || &command::schedule::KEYS.keys,
    },
    Table {
        owner: owner(LegacyType::ScheduleOsUpdate),
        top: &["Command", "Updates", "*"],
        source: SCHEDULE,
        support: &command::SCHEDULE,
        keys: || &command::update::KEYS.keys,
    },
    Table {
        owner: owner(LegacyType::ScheduleOsUpdateScan),
        top: &["Command"],
        source: SCAN,
        support: &command::SCAN,
        keys: || &command::scan::KEYS.keys,
    },
    Table {
        owner: owner(LegacyType::AvailableOsUpdates),
        top: &["Command"],
        source: AVAILABLE,
        support: &command::AVAILABLE,
        keys: || &command::available::KEYS.keys,
    },
    Table {
        owner: owner(LegacyType::OsUpdateStatus),
        top: &["Command"],
        source: STATUS,
        support: &command::STATUS,
        keys: || &command::status::KEYS.keys,
    },
    Table {
        owner: owner(LegacyType::Response),
        top: &[],
        source: COMMAND,
        support: &command::EVERYWHERE,
        keys: || &response::answer::KEYS.keys,
    },
    Table {
        owner: owner(LegacyType::Response),
        top: &["ErrorChain", "*"],
        source: COMMAND,
        support: &command::EVERYWHERE,
        keys: || &response::error::KEYS.keys,
    },
    Table {
        owner: owner(LegacyType::Response),
        top: &["UpdateResults", "*"],
        source: SCHEDULE,
        support: &command::SCHEDULE,
        keys: || &response::result::KEYS.keys,
    },
    Table {
        owner: owner(LegacyType::Response),
        top: &["AvailableOSUpdates", "*"],
        source: AVAILABLE,
        support: &command::AVAILABLE,
        keys: || &response::available::KEYS.keys,
    },
    Table {
        owner: owner(LegacyType::Response),
        top: &["OSUpdateStatus", "*"],
        source: STATUS,
        support: &command::STATUS,
        keys: || &response::status::KEYS.keys,
    },
    Table {
        owner: owner(LegacyType::Profile),
        top: &[],
        source: PROFILE,
        support: &profile::EVERYWHERE,
        keys: || &profile::frame::KEYS.keys,
    },
    Table {
        owner: owner(LegacyType::SoftwareUpdate),
        top: &["PayloadContent", "*"],
        source: SOFTWARE_UPDATE,
        support: &profile::SOFTWARE_UPDATE,
        keys: || &profile::software_update::KEYS.keys,
    },
    Table {
        owner: owner(LegacyType::Restrictions),
        top: &["PayloadContent", "*"],
        source: RESTRICTIONS,
        support: &profile::RESTRICTIONS,
        keys: || &profile::restrictions::KEYS.keys,
    },
];

//! The documents that declarations replace: commands of the MDM protocol, what devices answer to them, and configuration profiles.

mod command;
mod profile;
mod response;

pub use command::{
    Command, InstallAction, Priority, RequestType, ScheduleOsUpdate, ScheduleOsUpdateScan, ScheduledUpdate, StatusQuery,
};
pub use profile::{Profile, ProfileType, Restrictions, SoftwareUpdate};
pub use response::{AvailableUpdate, ErrorItem, LegacyDate, Response, ResultAction, UpdateResult, UpdateState, UpdateStatus};

/// A legacy document, or a part of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LegacyType {
    /// What is around every command.
    Command,
    /// The command `ScheduleOSUpdate`.
    ScheduleOsUpdate,
    /// The command `ScheduleOSUpdateScan`.
    ScheduleOsUpdateScan,
    /// The command `AvailableOSUpdates`.
    AvailableOsUpdates,
    /// The command `OSUpdateStatus`.
    OsUpdateStatus,
    /// What a device answers to any of them.
    Response,
    /// What is around the payloads of a profile.
    Profile,
    /// The payload `com.apple.SoftwareUpdate`.
    SoftwareUpdate,
    /// The payload `com.apple.applicationaccess`, as far as it is about updates.
    Restrictions,
}

impl LegacyType {
    /// The name that Apple gives it: of a command its `RequestType`, of a payload its `PayloadType`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Command => "Command",
            Self::ScheduleOsUpdate => "ScheduleOSUpdate",
            Self::ScheduleOsUpdateScan => "ScheduleOSUpdateScan",
            Self::AvailableOsUpdates => "AvailableOSUpdates",
            Self::OsUpdateStatus => "OSUpdateStatus",
            Self::Response => "Response",
            Self::Profile => "Configuration",
            Self::SoftwareUpdate => "com.apple.SoftwareUpdate",
            Self::Restrictions => "com.apple.applicationaccess",
        }
    }

    /// Whether it is a command, or the dictionary around one.
    pub fn is_command(self) -> bool {
        matches!(
            self,
            Self::Command | Self::ScheduleOsUpdate | Self::ScheduleOsUpdateScan | Self::AvailableOsUpdates | Self::OsUpdateStatus
        )
    }

    /// Whether it is a profile, or a payload of one.
    pub fn is_profile(self) -> bool {
        matches!(self, Self::Profile | Self::SoftwareUpdate | Self::Restrictions)
    }
}

impl From<RequestType> for LegacyType {
    fn from(request: RequestType) -> Self {
        match request {
            RequestType::ScheduleOSUpdate => Self::ScheduleOsUpdate,
            RequestType::ScheduleOSUpdateScan => Self::ScheduleOsUpdateScan,
            RequestType::AvailableOSUpdates => Self::AvailableOsUpdates,
            RequestType::OSUpdateStatus => Self::OsUpdateStatus,
        }
    }
}

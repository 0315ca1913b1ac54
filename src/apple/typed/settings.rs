//! `com.apple.configuration.softwareupdate.settings`.

use serde::{Deserialize, Serialize};

use super::DeferralDays;

/// The payload of `com.apple.configuration.softwareupdate.settings`: how a device looks for, shows, defers and
/// installs updates.
///
/// Every key is optional. A device combines an explicit default with the values of other declarations, but ignores an
/// absent key.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Settings {
    /// Whether the device shows all enforcement notifications (default), or only those of the last hour and the
    /// countdown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notifications: Option<bool>,
    /// How long new releases are deferred.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deferrals: Option<Deferrals>,
    /// Which of several available versions the user sees.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recommended_cadence: Option<Cadence>,
    /// What the device does automatically.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub automatic_actions: Option<AutomaticActions>,
    /// Whether the user can install and remove Background Security Improvements. The key has their former name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rapid_security_response: Option<RapidSecurityResponse>,
    /// Whether standard users can update macOS (default: yes).
    #[serde(default, rename = "AllowStandardUserOSUpdates", skip_serializing_if = "Option::is_none")]
    pub allow_standard_user_os_updates: Option<bool>,
    /// Beta programs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beta: Option<Beta>,
}

/// `Deferrals`: how many days after its release an update is first offered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Deferrals {
    /// Major and minor updates together (iOS, iPadOS, tvOS, visionOS).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub combined_period_in_days: Option<DeferralDays>,
    /// Major updates (macOS).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub major_period_in_days: Option<DeferralDays>,
    /// Minor updates (macOS).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minor_period_in_days: Option<DeferralDays>,
    /// Updates other than system updates (macOS).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system_period_in_days: Option<DeferralDays>,
}

/// `AutomaticActions`: what the device downloads and installs automatically.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct AutomaticActions {
    /// Whether updates are downloaded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub download: Option<Control>,
    /// Whether system updates are installed; used only while automatic downloads are on.
    #[serde(default, rename = "InstallOSUpdates", skip_serializing_if = "Option::is_none")]
    pub install_os_updates: Option<Control>,
    /// Whether security updates are installed; used only while automatic downloads are on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub install_security_update: Option<Control>,
}

/// `RapidSecurityResponse`: whether the user can install and remove Background Security Improvements.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct RapidSecurityResponse {
    /// Whether they are offered to the user (default: yes).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enable: Option<bool>,
    /// Whether the user is offered to remove them (default: yes).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enable_rollback: Option<bool>,
}

/// `Beta`: the beta programs that a device can or must join.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Beta {
    /// Whether the user controls enrolment in a beta program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub program_enrollment: Option<Control>,
    /// The programs that the user can choose from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offer_programs: Option<Vec<Program>>,
    /// The program that the device is enrolled in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub require_program: Option<Program>,
}

/// A beta program in Apple Business Manager or Apple School Manager.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Program {
    /// The display name.
    pub description: String,
    /// The organisation's seeding service token. It is secret, so `Debug` hides it.
    pub token: String,
}

impl std::fmt::Debug for Program {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Program").field("description", &self.description).finish_non_exhaustive()
    }
}

/// Whether the user controls an action: `Download`, `InstallOSUpdates`, `InstallSecurityUpdate`, `ProgramEnrollment`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Control {
    /// The user decides.
    Allowed,
    /// Always on; the user cannot turn it off.
    AlwaysOn,
    /// Always off; the user cannot turn it on.
    AlwaysOff,
}

/// Which updates the user sees when several are available (`RecommendedCadence`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Cadence {
    /// Every version.
    All,
    /// The lowest version only.
    Oldest,
    /// The highest version only.
    Newest,
}

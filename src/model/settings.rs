//! `com.apple.configuration.softwareupdate.settings`.

use serde::{Deserialize, Serialize};

use super::{Cadence, Control, DeferralDays};

/// The payload of `com.apple.configuration.softwareupdate.settings`: how a device looks for, shows, defers and installs updates.
///
/// Every key is optional. An absent key leaves the device's default in force, which is not the same as setting the key to that
/// default: another declaration that sets it is then the only one that counts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Settings {
    /// Whether the device shows every notification of an enforcement (default), or only the last hour's and the countdown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notifications: Option<bool>,
    /// How long new releases are held back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deferrals: Option<Deferrals>,
    /// Which of several available versions the user is shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recommended_cadence: Option<Cadence>,
    /// What the device does on its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub automatic_actions: Option<AutomaticActions>,
    /// How the user may handle Background Security Improvements; the key keeps their earlier name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rapid_security_response: Option<RapidSecurityResponse>,
    /// Whether users who are no administrators may update macOS (default: yes).
    #[serde(default, rename = "AllowStandardUserOSUpdates", skip_serializing_if = "Option::is_none")]
    pub allow_standard_user_os_updates: Option<bool>,
    /// Beta programs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beta: Option<Beta>,
}

/// `Deferrals`: how many days after its release a device first sees an update.
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
    /// Updates that are not of the system (macOS).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system_period_in_days: Option<DeferralDays>,
}

/// `AutomaticActions`: what the device downloads and installs on its own.
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

/// `RapidSecurityResponse`: how the user may handle Background Security Improvements.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct RapidSecurityResponse {
    /// Whether the user is offered them (default: yes).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enable: Option<bool>,
    /// Whether the user is offered to remove them again (default: yes).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enable_rollback: Option<bool>,
}

/// `Beta`: which beta programs a device may or must take part in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Beta {
    /// Who decides about taking part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub program_enrollment: Option<Control>,
    /// The programs that the user may choose from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offer_programs: Option<Vec<Program>>,
    /// The program that the device is put into.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub require_program: Option<Program>,
}

/// A beta program, as Apple Business or School Manager names it.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Program {
    /// What people read.
    pub description: String,
    /// The seeding service token of the organisation: a secret, which `Debug` therefore does not show.
    pub token: String,
}

impl std::fmt::Debug for Program {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Program").field("description", &self.description).finish_non_exhaustive()
    }
}

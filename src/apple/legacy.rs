//! The documents that declarations replace: MDM commands for software updates, their responses, and profile payloads.
//!
//! Apple removed them from its schema in release 27, so these rows are written by hand from release 18.1.

use super::schema::{Family, NewKey, NewType, NewValue, Scalar, Schema, Text};
use super::support::{Enrolments, Release, Since, Support};

/// The release of Apple's schema that these rows follow.
pub(crate) const RELEASE: &str = "18.1";

/// Adds the legacy types to an imported schema.
pub(super) fn add(schema: &mut Schema) {
    for document in commands().into_iter().chain([response()]).chain(profiles()) {
        schema.add(document);
    }
}

const DEPRECATED: Release = Release::new(26, 0, 0);
const REMOVED: Release = Release::new(27, 0, 0);

const fn release(major: u8, minor: u8) -> Release {
    Release::new(major, minor, 0)
}

const fn patch(major: u8, minor: u8, patch: u8) -> Release {
    Release::new(major, minor, patch)
}

#[expect(clippy::unnecessary_wraps, reason = "used in arrays of options")]
const fn all(introduced: Release) -> Option<Since> {
    Some(Since::new(introduced, Enrolments::ALL))
}

#[expect(clippy::unnecessary_wraps, reason = "used in arrays of options")]
const fn supervised(introduced: Release) -> Option<Since> {
    Some(Since::new(introduced, Enrolments::SUPERVISED).until(DEPRECATED, REMOVED))
}

#[expect(clippy::unnecessary_wraps, reason = "used in arrays of options")]
const fn managed(introduced: Release) -> Option<Since> {
    Some(Since::new(introduced, Enrolments::MANAGED).until(DEPRECATED, REMOVED))
}

/// The availability of MDM commands in general.
const COMMANDS: Support =
    Support([all(release(4, 0)), all(release(10, 7)), all(release(9, 0)), all(release(1, 0)), all(release(10, 0))]);
const SCHEDULE: Support = mobile_and(supervised(release(10, 11)));
const SCAN: Support = only_macos(supervised(release(10, 11)));
const AVAILABLE: Support = mobile_and(managed(release(10, 11)));
const STATUS: Support = mobile_and(supervised(patch(10, 11, 5)));
const MOBILE: Support = mobile_and(None);

/// The availability of profiles in general.
const PROFILES: Support =
    Support([all(release(4, 0)), all(release(10, 7)), all(release(9, 0)), all(release(1, 0)), all(release(3, 2))]);
const DELAY: Support = Support([supervised(release(11, 3)), supervised(release(10, 13)), supervised(release(12, 2)), None, None]);
const DELAY_DAYS: Support =
    Support([supervised(release(11, 3)), supervised(patch(10, 13, 4)), supervised(release(12, 2)), None, None]);

/// Background Security Improvements, called rapid security responses in profiles.
const IMPROVEMENTS: Support = Support([supervised(release(16, 0)), supervised(release(13, 0)), None, None, None]);

/// Supervised iPhones, iPads and Apple TVs since the command was introduced, and Macs as given.
const fn mobile_and(macos: Option<Since>) -> Support {
    Support([supervised(release(9, 0)), macos, supervised(release(12, 0)), None, None])
}

const fn only_macos(macos: Option<Since>) -> Support {
    Support([None, macos, None, None, None])
}

/// The item `SoftwareUpdateSettings` of the command `Settings`.
const CADENCE: Support = Support([supervised(release(14, 5)), None, None, None, None]);

/// Macs since a version, supervised or not.
const fn mac(introduced: Release) -> Support {
    only_macos(managed(introduced))
}

/// Supervised Macs since a version.
const fn supervised_mac(introduced: Release) -> Support {
    only_macos(supervised(introduced))
}

fn key(name: &'static str, value: NewValue, support: Support) -> NewKey {
    let name = Text::Borrowed(name);
    NewKey { name, value, is_required: false, default: None, combine: None, support, assets: Vec::new(), media: Vec::new() }
}

fn required(name: &'static str, value: NewValue, support: Support) -> NewKey {
    NewKey { is_required: true, ..key(name, value, support) }
}

fn boolean(name: &'static str, default: bool, support: Support) -> NewKey {
    NewKey { default: Some(Scalar::Boolean(default)), ..key(name, NewValue::Boolean, support) }
}

fn days(name: &'static str, support: Support) -> NewKey {
    NewKey { default: Some(Scalar::Integer(30)), ..key(name, NewValue::Integer { min: 1, max: 90 }, support) }
}

fn values(names: &[&'static str]) -> NewValue {
    NewValue::Enum(names.iter().map(|name| Text::Borrowed(*name)).collect())
}

fn array(label: &'static str, item: NewValue, support: Support) -> NewValue {
    NewValue::Array { item: Box::new(required(label, item, support)), min: 0, max: u32::MAX }
}

/// A dictionary with any content.
fn anything(support: Support) -> NewValue {
    NewValue::Map(Box::new(key("ANY", NewValue::Any, support)))
}

const INTEGER: NewValue = NewValue::Integer { min: i64::MIN, max: i64::MAX };

fn document(name: &'static str, family: Family, file: &'static str, support: Support, keys: Vec<NewKey>) -> NewType {
    NewType { name: Text::Borrowed(name), family, apply: None, support, keys, file: Text::Borrowed(file) }
}

fn commands() -> [NewType; 6] {
    let request = |support| {
        let names = values(&["ScheduleOSUpdate", "ScheduleOSUpdateScan", "AvailableOSUpdates", "OSUpdateStatus"]);
        required("RequestType", names, support)
    };
    let version = Support([supervised(release(11, 3)), supervised(release(12, 0)), supervised(release(12, 2)), None, None]);
    let actions = values(&["Default", "DownloadOnly", "InstallASAP", "NotifyOnly", "InstallLater", "InstallForceRestart"]);
    let update = NewValue::Object(vec![
        key("ProductKey", NewValue::String, SCHEDULE),
        key("ProductVersion", NewValue::String, version),
        required("InstallAction", actions, SCHEDULE),
        key("MaxUserDeferrals", INTEGER, supervised_mac(release(12, 0))),
        NewKey {
            default: Some(Scalar::String(Text::Borrowed("Low"))),
            ..key("Priority", values(&["Low", "High"]), supervised_mac(release(12, 3)))
        },
    ]);
    [
        document(
            "Command",
            Family::CommandFrame,
            "mdm/commands",
            COMMANDS,
            vec![key("CommandUUID", NewValue::String, COMMANDS), required("Command", anything(COMMANDS), COMMANDS)],
        ),
        document(
            "ScheduleOSUpdate",
            Family::Command,
            "mdm/commands/system.update.schedule",
            SCHEDULE,
            vec![request(SCHEDULE), required("Updates", array("UpdatesItem", update, SCHEDULE), SCHEDULE)],
        ),
        document(
            "ScheduleOSUpdateScan",
            Family::Command,
            "mdm/commands/system.update.scan",
            SCAN,
            vec![request(SCAN), boolean("Force", false, SCAN)],
        ),
        document(
            "AvailableOSUpdates",
            Family::Command,
            "mdm/commands/system.update.available",
            AVAILABLE,
            vec![request(AVAILABLE)],
        ),
        document("OSUpdateStatus", Family::Command, "mdm/commands/system.update.status", STATUS, vec![request(STATUS)]),
        document(
            "Settings",
            Family::Command,
            "mdm/commands/settings",
            COMMANDS,
            vec![
                required("RequestType", values(&["Settings"]), COMMANDS),
                required("Settings", array("SettingsItem", setting(), COMMANDS), COMMANDS),
            ],
        ),
    ]
}

/// An item of the command `Settings`, with the keys of `SoftwareUpdateSettings`. The other items live on.
fn setting() -> NewValue {
    NewValue::Object(vec![
        required("Item", NewValue::String, COMMANDS),
        key("RecommendationCadence", NewValue::Integers(vec![0, 1, 2]), CADENCE),
    ])
}

/// A device's response. Keys that every platform and version sends are required.
fn response() -> NewType {
    let error = || {
        NewValue::Object(vec![
            key("ErrorCode", INTEGER, COMMANDS),
            key("ErrorDomain", NewValue::String, COMMANDS),
            key("LocalizedDescription", NewValue::String, COMMANDS),
            key("USEnglishDescription", NewValue::String, COMMANDS),
        ])
    };
    let actions = values(&["Error", "DownloadOnly", "InstallASAP", "NotifyOnly", "InstallLater", "InstallForceRestart"]);
    let progress = values(&[
        "Idle",
        "Downloading",
        "DownloadFailed",
        "DownloadRequiresComputer",
        "DownloadInsufficientSpace",
        "DownloadInsufficientPower",
        "DownloadInsufficientNetwork",
        "Installing",
        "InstallInsufficientSpace",
        "InstallInsufficientPower",
        "InstallPhoneCallInProgress",
        "InstallFailed",
    ]);
    let result = NewValue::Object(vec![
        required("ProductKey", NewValue::String, SCHEDULE),
        required("InstallAction", actions, SCHEDULE),
        required("Status", progress, SCHEDULE),
        key("ErrorChain", array("ErrorChainItem", error(), SCHEDULE), SCHEDULE),
    ]);
    let status = NewValue::Object(vec![
        required("ProductKey", NewValue::String, STATUS),
        required("IsDownloaded", NewValue::Boolean, STATUS),
        required("DownloadPercentComplete", NewValue::Real, STATUS),
        required("Status", NewValue::String, STATUS),
        key("MaxDeferrals", INTEGER, supervised_mac(release(12, 3))),
        key("DeferralsRemaining", INTEGER, supervised_mac(release(12, 3))),
        key("NextScheduledInstall", NewValue::Date, supervised_mac(release(12, 3))),
        key(
            "PastNotifications",
            array("PastNotificationsItem", NewValue::Date, supervised_mac(release(12, 3))),
            supervised_mac(release(12, 3)),
        ),
    ]);
    document(
        "Response",
        Family::Response,
        "mdm/commands",
        COMMANDS,
        vec![
            key("CommandUUID", NewValue::String, COMMANDS),
            key("Status", NewValue::String, COMMANDS),
            key("ErrorChain", array("ErrorChainItem", error(), COMMANDS), COMMANDS),
            key("UpdateResults", array("UpdateResultsItem", result, SCHEDULE), SCHEDULE),
            key("ScanInitiated", NewValue::Boolean, SCAN),
            key("AvailableOSUpdates", array("AvailableOSUpdatesItem", available(), AVAILABLE), AVAILABLE),
            key("OSUpdateStatus", array("OSUpdateStatusItem", status, STATUS), STATUS),
        ],
    )
}

/// An update offered by a device.
fn available() -> NewValue {
    let since = |ios, macos, tvos| Support([supervised(ios), managed(macos), supervised(tvos), None, None]);
    let improvement = since(release(16, 2), release(13, 1), release(16, 2));
    NewValue::Object(vec![
        required("ProductKey", NewValue::String, AVAILABLE),
        required("HumanReadableName", NewValue::String, AVAILABLE),
        key("HumanReadableNameLocale", NewValue::String, mac(release(10, 11))),
        key("MetadataURL", NewValue::String, mac(release(10, 11))),
        key("ProductName", NewValue::String, MOBILE),
        required("Version", NewValue::String, AVAILABLE),
        required("Build", NewValue::String, AVAILABLE),
        key("DownloadSize", INTEGER, since(release(9, 0), release(10, 12), release(12, 0))),
        key("InstallSize", INTEGER, MOBILE),
        key(
            "AppIdentifiersToClose",
            array("AppIdentifiersToCloseItem", NewValue::String, mac(release(10, 11))),
            mac(release(10, 11)),
        ),
        boolean("IsCritical", false, AVAILABLE),
        boolean("IsConfigDataUpdate", false, mac(release(10, 11))),
        boolean("IsFirmwareUpdate", false, mac(release(10, 11))),
        boolean("IsMajorOSUpdate", false, mac(patch(10, 11, 4))),
        boolean("RestartRequired", false, AVAILABLE),
        boolean("AllowsInstallLater", false, AVAILABLE),
        key("DeferredUntil", NewValue::Date, mac(patch(10, 12, 4))),
        boolean("RequiresBootstrapToken", false, mac(release(11, 0))),
        key("IsSecurityResponse", NewValue::Boolean, improvement),
        key("SupplementalBuildVersion", NewValue::String, improvement),
        key("SupplementalOSVersionExtra", NewValue::String, improvement),
    ])
}

fn profiles() -> [NewType; 4] {
    let frame = |support: Support, payload_type| {
        vec![
            required("PayloadType", payload_type, support),
            required("PayloadIdentifier", NewValue::String, support),
            required("PayloadUUID", NewValue::String, support),
            required("PayloadVersion", INTEGER, support),
        ]
    };
    let mut profile = frame(PROFILES, values(&["Configuration"]));
    profile.push(required("PayloadContent", array("PayloadContentItem", anything(PROFILES), PROFILES), PROFILES));
    let mut software_update = frame(mac(release(10, 7)), NewValue::String);
    software_update.extend([
        key("CatalogURL", NewValue::String, mac(release(10, 7))),
        boolean("AllowPreReleaseInstallation", true, mac(release(10, 9))),
        boolean("restrict-software-update-require-admin-to-install", false, mac(release(10, 14))),
        boolean("AutomaticallyInstallMacOSUpdates", true, mac(release(10, 15))),
        boolean("AutomaticallyInstallAppUpdates", true, mac(release(10, 15))),
        boolean("AutomaticCheckEnabled", true, mac(release(10, 15))),
        boolean("AutomaticDownload", true, mac(release(10, 15))),
        boolean("CriticalUpdateInstall", true, mac(release(10, 15))),
        boolean("ConfigDataInstall", true, mac(release(10, 15))),
    ]);
    let mut restrictions = frame(PROFILES, NewValue::String);
    restrictions.extend([
        boolean("forceDelayedSoftwareUpdates", false, DELAY),
        days("enforcedSoftwareUpdateDelay", DELAY_DAYS),
        boolean("forceDelayedMajorSoftwareUpdates", false, supervised_mac(release(11, 3))),
        days("enforcedSoftwareUpdateMajorOSDeferredInstallDelay", supervised_mac(release(11, 3))),
        days("enforcedSoftwareUpdateMinorOSDeferredInstallDelay", supervised_mac(release(11, 3))),
        boolean("forceDelayedAppSoftwareUpdates", false, supervised_mac(release(11, 0))),
        days("enforcedSoftwareUpdateNonOSDeferredInstallDelay", supervised_mac(release(11, 3))),
        boolean("allowRapidSecurityResponseInstallation", true, IMPROVEMENTS),
        boolean("allowRapidSecurityResponseRemoval", true, IMPROVEMENTS),
    ]);
    let preferences = only_macos(all(release(10, 7)));
    let mut managed = frame(preferences, NewValue::String);
    managed.push(required("PayloadContent", NewValue::Map(Box::new(domain(preferences))), preferences));
    [
        document("Configuration", Family::ProfileFrame, "mdm/profiles/TopLevel", PROFILES, profile),
        document(
            "com.apple.SoftwareUpdate",
            Family::ProfilePayload,
            "mdm/profiles/com.apple.SoftwareUpdate",
            mac(release(10, 7)),
            software_update,
        ),
        document(
            "com.apple.applicationaccess",
            Family::ProfilePayload,
            "mdm/profiles/com.apple.applicationaccess",
            PROFILES,
            restrictions,
        ),
        document(
            "com.apple.ManagedClient.preferences",
            Family::ProfilePayload,
            "mdm/profiles/com.apple.ManagedClient.preferences",
            preferences,
            managed,
        ),
    ]
}

/// The managed preferences of one domain, such as `com.apple.SoftwareUpdate`.
fn domain(support: Support) -> NewKey {
    let groups = |name: &'static str| {
        let group = NewValue::Object(vec![
            required("mcx_preference_settings", anything(support), support),
            key("mcx_data_timestamp", NewValue::Date, support),
        ]);
        key(name, array("Group", group, support), support)
    };
    key("ANY", NewValue::Object(vec![groups("Forced"), groups("Set-Once")]), support)
}

//! The status items that devices report, written by hand: Apple publishes most of them only as documentation.

use std::fmt;

use super::rows::{DEVICE, LOCAL, SUPERVISED, USER, v};
use super::support::{Enrolments, Release, Scopes, Since, Support};
use crate::words::nearest;

/// A status item.
#[derive(Debug)]
pub(crate) struct StatusItem {
    pub(crate) name: &'static str,
    /// What it tells, in one line.
    pub(crate) meaning: &'static str,
    pub(crate) value: StatusValue,
    pub(crate) support: Support,
    /// The known values of a string. Apple's newer releases may add some.
    pub(crate) values: &'static [&'static str],
    /// The keys of an object, or of the items of an array.
    pub(crate) keys: &'static [StatusKey],
    /// Whether there may be other keys.
    pub(crate) has_other_keys: bool,
    /// Whether its value tells who or where the user is, or is a secret, so that it is hidden unless it is asked for.
    pub(crate) is_personal: bool,
}

/// A key of a status item.
#[derive(Debug)]
pub(crate) struct StatusKey {
    pub(crate) name: &'static str,
    pub(crate) value: StatusValue,
    /// The known values of a string, or of the strings in an array.
    pub(crate) values: &'static [&'static str],
    /// The keys of an object, or of the items of an array.
    pub(crate) keys: &'static [Self],
}

/// The type of the value of a status item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StatusValue {
    Boolean,
    Integer,
    Real,
    String,
    Data,
    Array,
    Object,
    /// No value: a device answers with an error.
    Error,
}

impl fmt::Display for StatusValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Boolean => "true or false",
            Self::Integer => "an integer",
            Self::Real => "a number",
            Self::String => "a string",
            Self::Data => "data",
            Self::Array => "an array of objects",
            Self::Object => "an object",
            Self::Error => "none; a device reports an error",
        })
    }
}

impl StatusItem {
    /// All items of release 27.2 of Apple's schema, in alphabetical order.
    pub(crate) fn all() -> impl Iterator<Item = &'static Self> {
        ITEMS.iter()
    }

    /// Finds an item by name.
    pub(crate) fn find(name: &str) -> Option<&'static Self> {
        ITEMS.binary_search_by(|item| item.name.cmp(name)).ok().map(|at| &ITEMS[at])
    }

    /// The full name of an item, or of a key below one; `device.` may be left out.
    pub(crate) fn full_name(name: &str) -> Option<std::string::String> {
        let is_below =
            |item: &Self, name: &str| name.strip_prefix(item.name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        [name.to_owned(), format!("device.{name}")].into_iter().find(|name| ITEMS.iter().any(|item| is_below(item, name)))
    }

    /// The item that was probably meant: one with a similar name, the only one with the same last step, or the first
    /// below the name.
    pub(crate) fn nearest(name: &str) -> Option<&'static str> {
        let names = || ITEMS.iter().map(|item| item.name);
        let last = |name: &str| name.rsplit('.').next().unwrap_or_default().to_owned();
        let mut alike = names().filter(|other| last(other) == last(name));
        let only = alike.next().filter(|_| alike.next().is_none());
        let below = names().find(|other| other.strip_prefix(name).is_some_and(|rest| rest.starts_with('.')));
        nearest(name, names()).or(only).or(below)
    }
}

/// The prefix of the items that a device always reports, so that a subscription to them changes nothing.
pub(crate) const ALWAYS_REPORTED: &str = "management.";

use StatusValue::{Array, Boolean, Data, Error, Integer, Object, Real, String};

const fn item(name: &'static str, value: StatusValue, support: Support, meaning: &'static str) -> StatusItem {
    StatusItem { name, meaning, value, support, values: &[], keys: &[], has_other_keys: false, is_personal: false }
}

const fn key(name: &'static str, value: StatusValue) -> StatusKey {
    StatusKey { name, value, values: &[], keys: &[] }
}

impl StatusItem {
    const fn values(mut self, values: &'static [&'static str]) -> Self {
        self.values = values;
        self
    }

    const fn keys(mut self, keys: &'static [StatusKey]) -> Self {
        self.keys = keys;
        self
    }

    const fn others(mut self) -> Self {
        self.has_other_keys = true;
        self
    }

    const fn personal(mut self) -> Self {
        self.is_personal = true;
        self
    }
}

impl StatusKey {
    const fn values(mut self, values: &'static [&'static str]) -> Self {
        self.values = values;
        self
    }

    const fn keys(mut self, keys: &'static [Self]) -> Self {
        self.keys = keys;
        self
    }
}

const SDU: Enrolments = SUPERVISED.with(DEVICE).with(USER);
const SDL: Enrolments = SUPERVISED.with(DEVICE).with(LOCAL);
const SUL: Enrolments = SUPERVISED.with(USER).with(LOCAL);
const SD: Enrolments = SUPERVISED.with(DEVICE);
const SU: Enrolments = SUPERVISED.with(USER);
const SL: Enrolments = SUPERVISED.with(LOCAL);
const SDUL: Enrolments = Enrolments::ALL;

/// A platform without the item.
const NEVER: Option<Since> = None;

/// Available from a version on, for some enrolments, in the device's channel.
const fn on(introduced: Release, enrolments: Enrolments) -> Option<Since> {
    on_channels(introduced, enrolments, Scopes::SYSTEM)
}

#[expect(clippy::unnecessary_wraps, reason = "used in arrays of options")]
const fn on_channels(introduced: Release, enrolments: Enrolments, scopes: Scopes) -> Option<Since> {
    let mut since = Since::new(introduced, enrolments);
    since.scopes = scopes;
    Some(since)
}

/// Available on all platforms from these versions of iOS, macOS, tvOS, visionOS and watchOS on.
const fn everywhere(versions: [Release; 5]) -> Support {
    let [ios, macos, tvos, visionos, watchos] = versions;
    Support([on(ios, SDUL), on_channels(macos, SUL, Scopes::BOTH), on(tvos, SDL), on(visionos, SDUL), on(watchos, SL)])
}

const FIRST: Support = everywhere([v(15, 0, 0), v(13, 0, 0), v(16, 0, 0), v(1, 1, 0), v(10, 0, 0)]);
const SECOND: Support = everywhere([v(16, 0, 0), v(13, 0, 0), v(16, 0, 0), v(1, 1, 0), v(10, 0, 0)]);
const THIRD: Support = everywhere([v(17, 0, 0), v(14, 0, 0), v(17, 0, 0), v(1, 1, 0), v(10, 0, 0)]);
const SUPPLEMENTAL: Support = everywhere([v(16, 1, 0), v(13, 0, 0), v(16, 1, 0), v(1, 1, 0), v(10, 0, 0)]);
const IDENTIFIER: Support = Support([
    on(v(16, 0, 0), SDL),
    on_channels(v(13, 0, 0), SL, Scopes::BOTH),
    on(v(16, 0, 0), SDL),
    on(v(1, 1, 0), SDL),
    on(v(10, 0, 0), SL),
]);
const MANAGEMENT: Support = Support([
    on(v(15, 0, 0), SDU),
    on_channels(v(13, 0, 0), SU, Scopes::BOTH),
    on(v(16, 0, 0), SD),
    on(v(1, 1, 0), SDU),
    on(v(10, 0, 0), SUPERVISED),
]);
const MDM_APP: Support =
    Support([on(v(16, 0, 0), SDU), NEVER, on(v(16, 0, 0), SD), on(v(1, 1, 0), SDU), on(v(10, 0, 0), SUPERVISED)]);
const PASSCODE: Support = Support([on(v(16, 0, 0), SDUL), NEVER, NEVER, on(v(1, 1, 0), SDUL), on(v(10, 0, 0), SL)]);
const BATTERY: Support = Support([on(v(17, 0, 0), SDL), on(v(14, 4, 0), SDL), NEVER, NEVER, NEVER]);
const HEALTH: Support = Support([on(v(27, 0, 0), SUPERVISED), NEVER, NEVER, NEVER, NEVER]);
const LOGGING: Support = logging(v(27, 0, 0));
const LOGGING_ELIGIBILITY: Support = logging(v(27, 2, 0));
const LOCKDOWN: Support =
    Support([on(v(27, 0, 0), SUPERVISED), on(v(27, 0, 0), SUPERVISED), NEVER, NEVER, on(v(27, 0, 0), SUPERVISED)]);
const UPDATE: Support =
    Support([on(v(17, 0, 0), SD), on(v(14, 0, 0), SUPERVISED), on(v(18, 4, 0), SD), on(v(26, 0, 0), SD), NEVER]);
const BETA: Support = Support([on(v(18, 0, 0), SD), on(v(15, 0, 0), SUPERVISED), NEVER, NEVER, NEVER]);
const DEVICE_ID: Support =
    Support([on(v(18, 0, 0), SD), on(v(15, 0, 0), SUPERVISED), on(v(18, 4, 0), SD), on(v(26, 4, 0), SD), NEVER]);
const APPS: Support = Support([on(v(17, 2, 0), SDU), on(v(26, 0, 0), SDU), NEVER, on(v(2, 4, 0), SDU), NEVER]);
const ACCOUNTS: Support = accounts(v(13, 0, 0));

const fn logging(version: Release) -> Support {
    Support([on(version, SUPERVISED), on(version, SUPERVISED), on(version, SUPERVISED), NEVER, NEVER])
}

const fn accounts(macos: Release) -> Support {
    Support([on(v(16, 0, 0), SDUL), on_channels(macos, SUL, Scopes::USER), NEVER, on(v(1, 1, 0), SDUL), NEVER])
}

const fn macos(introduced: Release, enrolments: Enrolments) -> Support {
    Support([NEVER, on(introduced, enrolments), NEVER, NEVER, NEVER])
}

/// Items of release 27.0 about the enrolment itself, for any enrolment, on iOS and on the other platforms in their
/// order.
const fn enrolment(others: [bool; 4]) -> Support {
    const SINCE: Option<Since> = on(v(27, 0, 0), SDUL);
    let [macos, tvos, visionos, watchos] = others;
    Support([
        SINCE,
        if macos { SINCE } else { NEVER },
        if tvos { SINCE } else { NEVER },
        if visionos { SINCE } else { NEVER },
        if watchos { SINCE } else { NEVER },
    ])
}

/// The keys that the items of every array have, besides their own.
pub(crate) const ITEM_KEYS: &[StatusKey] = &[key("identifier", String), key("_removed", Boolean)];

/// A declaration in `management.declarations`, whose arrays have these keys alone.
const DECLARATION: &[StatusKey] = &[
    key("identifier", String),
    key("server-token", String),
    key("active", Boolean),
    key("valid", String).values(&["unknown", "invalid", "valid"]),
    key("reasons", Array).keys(REASON),
];
const REASON: &[StatusKey] = &[key("code", String), key("description", String), key("details", Object)];

const APP_STATES: &[&str] = &[
    "queued",
    "needs-redemption",
    "redeeming",
    "prompting",
    "prompting-for-login",
    "validating-purchase",
    "prompting-for-update",
    "prompting-for-update-login",
    "prompting-for-management",
    "validating-update",
    "updating",
    "installing",
    "managed",
    "managed-but-uninstalled",
    "unknown",
    "user-installed-app",
    "user-rejected",
    "update-rejected",
    "management-rejected",
    "failed",
];
const MANAGED_APP_STATES: &[&str] = &[
    "optional",
    "queued",
    "not-present",
    "prompting-for-consent",
    "prompting-for-login",
    "prompting-for-management",
    "downloading",
    "installing",
    "managed",
    "managed-but-uninstalled",
    "failed",
];
const APP_UPDATE_STATES: &[&str] = &["available", "prompting-for-update", "prompting-for-update-login", "updating", "failed"];
const PACKAGE_STATES: &[&str] =
    &["optional", "queued", "prompting-for-consent", "downloading", "installing", "installed", "failed"];
const HARDWARE: &[&str] = &["ok", "error"];
const REPAIRED: &[&str] = &["ok", "error", "pending-repair"];
const REPLACED: &[&str] = &["ok", "error", "non-genuine", "pending-repair"];

const ACCOUNT: &[StatusKey] = &[
    key("declaration-identifier", String),
    key("visible-name", String),
    key("hostname", String),
    key("port", Integer),
    key("username", String),
];
const GOOGLE: &[StatusKey] = &[key("declaration-identifier", String), key("visible-name", String), key("username", String)];
const CALENDAR: &[StatusKey] = &[
    key("declaration-identifier", String),
    key("visible-name", String),
    key("calendar-url", String),
    key("username", String),
    key("is-enabled", Boolean),
];
const TEST_KEYS: &[StatusKey] = &[key("key1", String), key("key2", String)];

#[rustfmt::skip]
static ITEMS: &[StatusItem] = &[
    item("account.list.caldav", Array, ACCOUNTS, "the CalDAV accounts").keys(ACCOUNT).others().personal(),
    item("account.list.carddav", Array, ACCOUNTS, "the CardDAV accounts").keys(ACCOUNT).others().personal(),
    item("account.list.exchange", Array, ACCOUNTS, "the Exchange accounts").keys(ACCOUNT).others().personal(),
    item("account.list.google", Array, ACCOUNTS, "the Google accounts").keys(GOOGLE).others().personal(),
    item("account.list.ldap", Array, ACCOUNTS, "the LDAP accounts").keys(ACCOUNT).others().personal(),
    item("account.list.mail.incoming", Array, ACCOUNTS, "the incoming mail servers").keys(ACCOUNT).others().personal(),
    item("account.list.mail.outgoing", Array, ACCOUNTS, "the outgoing mail servers").keys(ACCOUNT).others().personal(),
    item("account.list.subscribed-calendar", Array, accounts(v(14, 0, 0)), "the subscribed calendars").keys(CALENDAR).others().personal(),
    item("app.managed.list", Array, APPS, "the apps of app.managed configurations").keys(&[
        key("declaration-identifier", String),
        key("name", String),
        key("version", String),
        key("short-version", String),
        key("external-version-id", Integer),
        key("state", String).values(MANAGED_APP_STATES),
        key("update-state", String).values(APP_UPDATE_STATES),
        key("config-state", Object),
        key("reasons", Array).keys(REASON),
    ]),
    item("content-cache.info", Object, macos(v(27, 0, 0), SL), "the settings and the registration of the content cache").others().personal(),
    item("content-cache.parents", Array, macos(v(27, 0, 0), SL), "the parents of the content cache").others().personal(),
    item("content-cache.peers", Array, macos(v(27, 0, 0), SL), "the peers of the content cache").others().personal(),
    item("content-cache.status", Object, macos(v(27, 0, 0), SL), "the state of the content cache").others().personal(),
    item("device.identifier.serial-number", String, IDENTIFIER, "the serial number").personal(),
    item("device.identifier.udid", String, IDENTIFIER, "the unique identifier of the device").personal(),
    item("device.model.family", String, FIRST, "the product line, such as iPhone or Mac"),
    item("device.model.identifier", String, FIRST, "the model identifier, such as Mac16,1"),
    item("device.model.marketing-name", String, FIRST, "the name under which the model is sold"),
    item("device.model.number", String, THIRD, "the model number"),
    item("device.operating-system.build-version", String, FIRST, "the installed build"),
    item("device.operating-system.family", String, FIRST, "the operating system, such as iOS or macOS"),
    item("device.operating-system.marketing-name", String, FIRST, "the name of the installed version"),
    item("device.operating-system.supplemental.build-version", String, SUPPLEMENTAL, "the build with the Background Security Improvement"),
    item("device.operating-system.supplemental.extra-version", String, SUPPLEMENTAL, "the letter of the Background Security Improvement; real Macs put it in parentheses"),
    item("device.operating-system.version", String, FIRST, "the installed version"),
    item("device.power.battery-health", String, BATTERY, "the health of the battery")
        .values(&["non-genuine", "normal", "service-recommended", "unknown", "unsupported"]),
    item("device.system.health", Object, HEALTH, "the health of built-in hardware").keys(&[
        key("Baseband", String).values(HARDWARE),
        key("Camera", String).values(REPLACED),
        key("Display", String).values(REPLACED),
        key("FaceID", String).values(REPAIRED),
        key("NFC", String).values(HARDWARE),
        key("TouchID", String).values(REPAIRED),
        key("UWB", String).values(HARDWARE),
    ]),
    item("diskmanagement.filevault.enabled", Boolean, macos(v(14, 0, 0), SL), "whether FileVault is on"),
    item("enhanced-logging.applecare-token", String, LOGGING, "the AppleCare token of the enhanced logging").personal(),
    item("enhanced-logging.noninteractive-eligibility", Boolean, LOGGING_ELIGIBILITY, "whether enhanced logging can run without the user"),
    item("enhanced-logging.status", String, LOGGING, "the progress of the enhanced logging").values(&[
        "none", "waiting-for-consent", "collecting", "follow-up-question", "upload-consent", "uploading", "finished", "failed",
        "cancelled", "declined",
    ]),
    item("enhanced-logging.timestamp", String, LOGGING, "when the state of the enhanced logging last changed"),
    item("management.client-capabilities", Object, MANAGEMENT, "what the device supports; always reported").keys(&[
        key("supported-versions", Array),
        key("supported-features", Object),
        key("supported-payloads", Object).keys(&[
            key("declarations", Object).keys(&[
                key("activations", Array), key("assets", Array), key("configurations", Array), key("management", Array),
            ]),
            key("status-items", Array),
        ]),
    ]),
    item("management.declarations", Object, MANAGEMENT, "the state of each declaration; always reported").keys(&[
        key("activations", Array).keys(DECLARATION),
        key("configurations", Array).keys(DECLARATION),
        key("assets", Array).keys(DECLARATION),
        key("management", Array).keys(DECLARATION),
    ]),
    item("mdm.app", Array, MDM_APP, "the apps that MDM commands installed").keys(&[
        key("name", String),
        key("version", String),
        key("short-version", String),
        key("external-version-id", String),
        key("state", String).values(APP_STATES),
    ]),
    item("mdm.enrollment-type", String, enrolment([true, true, true, true]), "how the device is enrolled")
        .values(&["none", "supervised", "device", "user"]),
    item("mdm.is-awaiting-configuration", Boolean, enrolment([true, true, true, false]), "whether the device waits in Setup Assistant"),
    item("mdm.is-return-to-service", Boolean, enrolment([false, false, true, false]), "whether the device was erased to return to service"),
    item("mdm.is-shared-ipad", Boolean, enrolment([false, false, false, false]), "whether the device is a Shared iPad"),
    item("mdm.push-magic", String, enrolment([true, true, true, true]), "the string that push notifications must contain").personal(),
    item("mdm.push-token", Data, enrolment([true, true, true, true]), "the token for push notifications").personal(),
    item("migration-assistant.report", Object, macos(v(26, 4, 0), SUPERVISED), "what Migration Assistant did").others().personal(),
    item("migration-assistant.state", String, macos(v(26, 4, 0), SUPERVISED), "the progress of Migration Assistant")
        .values(&["waiting", "migrating", "completed", "failed", "cancelled", "unknown"]),
    item("package.list", Array, macos(v(26, 0, 0), SUPERVISED), "the packages of package configurations")
        .keys(&[key("state", String).values(PACKAGE_STATES)]).others(),
    item("passcode.is-compliant", Boolean, PASSCODE, "whether the passcode meets all requirements"),
    item("passcode.is-present", Boolean, PASSCODE, "whether the device has a passcode"),
    item("screensharing.connection.group.unresolved-connection", Array, macos(v(14, 1, 0), SUL), "the connections in groups that do not exist").others().personal(),
    item("security.certificate.list", Array, THIRD, "the certificates that declarations installed").keys(&[
        key("declaration-identifier", String),
        key("subject-summary", String),
        key("is-identity", Boolean),
        key("data", Data),
    ]).personal(),
    item("security.lockdown-mode", Boolean, LOCKDOWN, "whether Lockdown Mode is on"),
    item("services.background-task", Array, macos(v(14, 0, 0), SL), "the background tasks of the Mac").keys(&[
        key("state", String).values(&["not-registered", "enabled", "requires-approval", "not-found"]),
        key("type", String).values(&["daemon", "agent", "login-item", "app", "user-item"]),
    ]).others(),
    item("softwareupdate.beta-enrollment", String, BETA, "the beta program of the device; empty if none"),
    item("softwareupdate.device-id", String, DEVICE_ID, "the device identifier in Apple's catalogue of releases (GDMF)"),
    item("softwareupdate.failure-reason", Object, UPDATE, "why the last update failed; the count is 0 if none did").keys(&[
        key("count", Integer),
        key("reason", String),
        key("timestamp", String),
    ]),
    item("softwareupdate.install-reason", Object, UPDATE, "why an update is pending; the list is empty if none is").keys(&[
        key("reason", Array).values(&[
            "system-settings", "install-tonight", "auto-update", "notification", "setup-assistant", "command-line", "mdm",
            "declaration",
        ]),
        key("declaration-id", String),
    ]),
    item("softwareupdate.install-state", String, UPDATE, "the progress of the pending update")
        .values(&["none", "downloading", "prepared", "installing", "failed"]),
    item("softwareupdate.pending-version", Object, UPDATE, "the release that is pending; the versions are empty if none is").keys(&[
        key("os-version", String),
        key("build-version", String),
        key("target-local-date-time", String),
    ]),
    item("test.array-value", Array, SECOND, "a fixed array, for tests").keys(TEST_KEYS),
    item("test.boolean-value", Boolean, SECOND, "a fixed boolean, for tests"),
    item("test.dictionary-value", Object, SECOND, "a fixed object, for tests").keys(TEST_KEYS),
    item("test.error-value", Error, SECOND, "a fixed error, for tests"),
    item("test.integer-value", Integer, SECOND, "a fixed integer, for tests"),
    item("test.real-value", Real, SECOND, "a fixed number, for tests"),
    item("test.string-value", String, SECOND, "a fixed string, for tests"),
];

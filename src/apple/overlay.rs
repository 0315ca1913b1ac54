//! What Apple documents only in prose, and our additions: meanings of keys, string formats, secrets.
//!
//! Notes are keyed by type and path (`Beta.OfferPrograms.*.Token`; `*` is an array item). Paths that a schema lacks
//! are skipped, so the same notes work for older and newer releases; a test checks them against the built-in schema.

use std::sync::LazyLock;

use super::{Format, meanings};

/// What Apple's data does not say about a key.
#[derive(Debug)]
pub(crate) struct Note {
    /// The path to the key, from the keys of its type.
    pub(crate) path: &'static str,
    /// What the key does, in one line. Empty if unknown.
    pub(crate) meaning: &'static str,
    /// The meaning of each enumeration value, in Apple's order.
    pub(crate) values: &'static [&'static str],
    /// What devices do, for the values `false` and `true`, each value of an enumeration in Apple's order, or any other value,
    /// which stands for `{}`.
    pub(crate) effects: &'static [&'static str],
    /// The format of the string.
    pub(crate) format: Option<Format>,
    /// Whether the value must never be shown.
    pub(crate) is_secret: bool,
    /// The keys that identify an item of a set. The first is its display name. For an array without a combine rule, the
    /// one key that identifies a group: devices combine groups that are equal in it, member by member.
    pub(crate) identity: &'static [&'static str],
    /// Whether the server adds the key, so that a source can omit it although Apple requires it.
    pub(crate) is_added_by_server: bool,
    /// The optional keys that the `Reference` of the named asset must have.
    pub(crate) asset_keys: &'static [&'static str],
}

/// The note of a key without one.
pub(crate) static NOTHING: Note = note("", "");

pub(super) const fn note(path: &'static str, meaning: &'static str) -> Note {
    Note {
        path,
        meaning,
        values: &[],
        effects: &[],
        format: None,
        is_secret: false,
        identity: &[],
        is_added_by_server: false,
        asset_keys: &[],
    }
}

impl Note {
    const fn format(mut self, format: Format) -> Self {
        self.format = Some(format);
        self
    }

    const fn effects(mut self, effects: &'static [&'static str]) -> Self {
        self.effects = effects;
        self
    }

    const fn values(mut self, values: &'static [&'static str]) -> Self {
        self.values = values;
        self
    }

    pub(super) const fn secret(mut self) -> Self {
        self.is_secret = true;
        self
    }

    pub(super) const fn identity(mut self, keys: &'static [&'static str]) -> Self {
        self.identity = keys;
        self
    }

    pub(super) const fn asset_keys(mut self, keys: &'static [&'static str]) -> Self {
        self.asset_keys = keys;
        self
    }

    const fn added_by_server(mut self) -> Self {
        self.is_added_by_server = true;
        self
    }
}

/// The keys that an object may have besides those in the schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Others {
    None,
    /// These keys, which do not concern software updates.
    These(&'static [&'static str]),
    /// Any key, including `known`. An unknown name that contains a word from `ours` is treated as a misspelled key of
    /// the type.
    Any {
        known: &'static [&'static str],
        ours: &'static [&'static str],
    },
}

/// The keys that the objects of a type may have besides those in the schema.
pub(crate) fn others(name: &str) -> Others {
    match name {
        "declarationbase" => Others::These(&[PAYLOAD_SCOPE]),
        "Configuration" | "com.apple.applicationaccess" => Others::Any { known: PAYLOAD_KEYS, ours: ABOUT_UPDATES },
        "com.apple.SoftwareUpdate" => Others::These(PAYLOAD_KEYS),
        "com.apple.ManagedClient.preferences" => Others::Any { known: PAYLOAD_KEYS, ours: &[] },
        "Settings" => Others::Any { known: &[], ours: &["Cadence"] },
        "Response" => Others::Any { known: RESPONSE_KEYS, ours: &[] },
        _ => Others::None,
    }
}

/// The key of a declaration that names its channel. Fleet reads it, and removes it from what devices get.
pub(crate) const PAYLOAD_SCOPE: &str = "PayloadScope";

/// Further keys of a profile and of any payload.
pub(crate) const PAYLOAD_KEYS: &[&str] = &[
    "PayloadCertificateUUID",
    "PayloadContent",
    "PayloadDescription",
    "PayloadDisplayName",
    "PayloadEnabled",
    "PayloadExpirationDate",
    "PayloadOrganization",
    "PayloadRemovalDate",
    "PayloadRemovalDisallowed",
    "PayloadScope",
];

/// Words in the names of profile keys that concern software updates.
pub(crate) const ABOUT_UPDATES: &[&str] = &["SoftwareUpdate", "RapidSecurityResponse"];

/// Further keys of a response.
const RESPONSE_KEYS: &[&str] =
    &["UDID", "UserID", "UserShortName", "UserLongName", "NotOnConsole", "EnrollmentID", "EnrollmentUserID", "RequestType"];

const CONTROL: &[&str] =
    &["The user decides.", "Always on; the user cannot turn it off.", "Always off; the user cannot turn it on."];

const REQUESTS: &[&str] =
    &["Download or install updates.", "Check for updates.", "List available updates.", "Report the progress of updates."];

const INSTALL_ACTIONS: &[&str] = &[
    "Download or install, whichever is next. On iOS and tvOS this takes two commands.",
    "Download without installing.",
    "On iOS and tvOS, install the downloaded update; on macOS, download it, then count down to a restart.",
    "Download and notify the user.",
    "Download and install later; the user can defer.",
    "Perform the default action, then force a restart, which may lose data.",
];

const PRIORITIES: &[&str] =
    &["Download and prepare when the device is idle.", "Download and prepare as if the user had requested it."];

const RESULT_ACTIONS: &[&str] = &[
    "The update could not be scheduled.",
    "Download without installing.",
    "Install the downloaded update.",
    "Download and notify the user.",
    "Download and install later.",
    "Install, then force a restart.",
];

const UPDATE_STATES: &[&str] = &[
    "No download or installation is in progress.",
    "The update is being downloaded.",
    "The download failed.",
    "The update must be downloaded through a computer; iOS only.",
    "Not enough storage for the download.",
    "Not enough power for the download.",
    "The network is too slow or unsuitable for the download.",
    "The update is being installed.",
    "Not enough storage for the installation.",
    "Not enough power for the installation.",
    "A phone call is in progress.",
    "The installation failed.",
];

/// The names of the keys with secrets, in lower case. A secret in a map with any keys counts for the key of the map.
pub(crate) fn secret_names() -> &'static [String] {
    static NAMES: LazyLock<Vec<String>> = LazyLock::new(|| {
        let secrets = notes().flat_map(|(_, notes)| notes).filter(|note| note.is_secret);
        let name = |note: &Note| note.path.trim_end_matches(".ANY").rsplit('.').next().map(str::to_ascii_lowercase);
        let mut names: Vec<String> = secrets.filter_map(name).collect();
        names.sort_unstable();
        names.dedup();
        names
    });
    &NAMES
}

/// The names of types in titles.
static TITLES: &[(&str, &str)] = &[
    ("com.apple.configuration.softwareupdate.settings", "software update settings"),
    ("com.apple.configuration.softwareupdate.enforcement.specific", "the enforcement of a software update"),
    ("com.apple.activation.simple", "the activation of configurations"),
    ("com.apple.SoftwareUpdate", "profiles for software updates"),
    ("com.apple.applicationaccess", "profiles for restrictions, among them delays of updates"),
    ("com.apple.ManagedClient.preferences", "profiles for managed preferences of Macs, among them those about updates"),
    ("Configuration", "the top level of a configuration profile"),
    ("Command", "the top level of an MDM command"),
    ("ScheduleOSUpdate", "the command that downloads or installs updates"),
    ("ScheduleOSUpdateScan", "the command that makes a Mac check for updates"),
    ("AvailableOSUpdates", "the command that asks for the available updates"),
    ("OSUpdateStatus", "the command that asks for the progress of updates"),
    ("Settings", "the command that changes settings of a device"),
    ("Response", "the answer of a device to a command about updates"),
];

/// The last path segment of Apple's page about a type, where it is not the lower-case type name.
pub(super) static PAGES: &[(&str, &str)] = &[
    ("Command", "commands-and-queries"),
    ("Response", "commands-and-queries"),
    ("ScheduleOSUpdate", "schedule-os-update-command"),
    ("ScheduleOSUpdateScan", "schedule-os-update-scan-command"),
    ("AvailableOSUpdates", "available-os-updates-command"),
    ("OSUpdateStatus", "os-update-status-command"),
    ("Settings", "settings-command"),
    ("Configuration", "toplevel"),
    ("com.apple.applicationaccess", "restrictions"),
    ("com.apple.ManagedClient.preferences", "managedpreferences"),
];

/// The notes of each type, in one place or several.
pub(super) fn notes() -> impl Iterator<Item = (&'static str, &'static [Note])> {
    NOTES.iter().chain(meanings::NOTES).copied()
}

/// The name of a type in titles.
pub(crate) fn title(name: &str) -> Option<&'static str> {
    TITLES.iter().chain(meanings::TITLES).find(|(known, _)| *known == name).map(|(_, title)| *title)
}

/// The notes of each type about updates.
static NOTES: &[(&str, &[Note])] = &[
    (
        "declarationbase",
        &[
            note("Type", "the type of the declaration").format(Format::DeclarationType),
            note("Identifier", "the unique name of the declaration; at most 64 bytes").format(Format::Identifier),
            note("ServerToken", "the revision of the declaration, computed by the server; at most 64 bytes")
                .format(Format::ServerToken)
                .added_by_server(),
            note("Payload", "the content of the declaration"),
        ],
    ),
    (
        "com.apple.configuration.softwareupdate.settings",
        &[
            note("Notifications", "whether the device shows all enforcement notifications, or only those of the last hour")
                .effects(&["notify about enforcements only in the last hour", "notify about enforcements from the start"]),
            note("Deferrals", "how long new releases are deferred"),
            note("Deferrals.CombinedPeriodInDays", "how many days major and minor updates are deferred")
                .effects(&["hold back updates {} days"]),
            note("Deferrals.MajorPeriodInDays", "how many days major updates are deferred")
                .effects(&["hold back major updates {} days"]),
            note("Deferrals.MinorPeriodInDays", "how many days minor updates are deferred")
                .effects(&["hold back minor updates {} days"]),
            note("Deferrals.SystemPeriodInDays", "how many days updates other than system updates are deferred")
                .effects(&["hold back other than system updates {} days"]),
            note("RecommendedCadence", "which of several available versions the user sees")
                .values(&["Every version.", "The lowest version only.", "The highest version only."])
                .effects(&[
                    "offer every available version",
                    "offer only the lowest available version",
                    "offer only the highest available version",
                ]),
            note("AutomaticActions", "what the device downloads and installs automatically"),
            note("AutomaticActions.Download", "whether updates are downloaded automatically").values(CONTROL).effects(&[
                "let the user decide about automatic downloads",
                "always download updates",
                "never download updates automatically",
            ]),
            note(
                "AutomaticActions.InstallOSUpdates",
                "whether system updates are installed automatically; used only while automatic downloads are on",
            )
            .values(CONTROL)
            .effects(&[
                "let the user decide about automatic system updates",
                "always install system updates",
                "never install system updates automatically",
            ]),
            note(
                "AutomaticActions.InstallSecurityUpdate",
                "whether security updates are installed automatically; used only while automatic downloads are on",
            )
            .values(CONTROL)
            .effects(&[
                "let the user decide about automatic security updates",
                "always install security updates",
                "never install security updates automatically",
            ]),
            note("RapidSecurityResponse", "whether the user can install and remove Background Security Improvements"),
            note("RapidSecurityResponse.Enable", "whether Background Security Improvements are offered to the user")
                .effects(&["do not offer Background Security Improvements", "offer Background Security Improvements"]),
            note(
                "RapidSecurityResponse.EnableRollback",
                "whether the user is offered to remove Background Security Improvements",
            )
            .effects(&[
                "do not offer to remove Background Security Improvements",
                "offer to remove Background Security Improvements",
            ]),
            note("AllowStandardUserOSUpdates", "whether standard users can update the system")
                .effects(&["let only administrators update the system", "let standard users update the system"]),
            note("Beta", "beta programs"),
            note("Beta.ProgramEnrollment", "whether the user controls enrolment in a beta program").values(CONTROL).effects(&[
                "let the user decide about beta programs",
                "always take part in a beta program",
                "never take part in beta programs",
            ]),
            note("Beta.OfferPrograms", "the beta programs that the user can choose from")
                .identity(&["Description", "Token"])
                .effects(&["offer the beta program {}"]),
            note("Beta.RequireProgram", "the beta program that the device is enrolled in")
                .effects(&["must enrol in the beta program {}"]),
            note("Beta.OfferPrograms.*.Description", "the display name of the program"),
            note("Beta.OfferPrograms.*.Token", "the organisation's secret seeding service token for the program").secret(),
            note("Beta.RequireProgram.Description", "the display name of the program"),
            note("Beta.RequireProgram.Token", "the organisation's secret seeding service token for the program").secret(),
        ],
    ),
    (
        "com.apple.configuration.softwareupdate.enforcement.specific",
        &[
            note("TargetOSVersion", "the version to install, as two or three numbers").format(Format::OsVersion),
            note("TargetBuildVersion", "the build to install, if the version alone is not specific enough")
                .format(Format::BuildVersion),
            note("TargetLocalDateTime", "when the device forces the installation, in its own local time")
                .format(Format::LocalDateTime),
            note("DetailsURL", "the URL of the organisation's page about the update").format(Format::Url),
        ],
    ),
    (
        "com.apple.activation.simple",
        &[
            note("StandardConfigurations", "the identifiers of the configurations to apply"),
            note("Predicate", "the condition for applying them"),
        ],
    ),
    (
        "Command",
        &[
            note("CommandUUID", "identifies the command in the response; servers add it"),
            note("Command", "the content of the command"),
        ],
    ),
    (
        "ScheduleOSUpdate",
        &[
            note("RequestType", "the command").values(REQUESTS),
            note("Updates", "the updates and the action for each"),
            note("Updates.*.ProductKey", "the key of the update, from the device's response to AvailableOSUpdates"),
            note("Updates.*.ProductVersion", "the version of the update; required if ProductKey is absent")
                .format(Format::UpdateVersion),
            note("Updates.*.InstallAction", "the action for the update").values(INSTALL_ACTIONS),
            note(
                "Updates.*.MaxUserDeferrals",
                "how often the user can defer a minor update before it is installed; only with InstallLater",
            ),
            note("Updates.*.Priority", "the priority of downloading and preparing a minor update").values(PRIORITIES),
        ],
    ),
    (
        "ScheduleOSUpdateScan",
        &[
            note("RequestType", "the command").values(REQUESTS),
            note("Force", "whether the Mac checks for updates immediately instead of when idle"),
        ],
    ),
    ("AvailableOSUpdates", &[note("RequestType", "the command").values(REQUESTS)]),
    ("OSUpdateStatus", &[note("RequestType", "the command").values(REQUESTS)]),
    (
        "Settings",
        &[
            note("RequestType", "the command").values(&["Change settings of the device."]),
            note("Settings", "the settings to change, of which only SoftwareUpdateSettings concerns updates"),
            note("Settings.*.Item", "the name of the setting: SoftwareUpdateSettings"),
            note(
                "Settings.*.RecommendationCadence",
                "which of several available versions the user sees: 0 every version, 1 the lowest, 2 the highest",
            ),
        ],
    ),
    (
        "Response",
        &[
            note("CommandUUID", "the command that this response belongs to"),
            note("Status", "the result of the command: Acknowledged, Error, CommandFormatError, NotNow or Idle"),
            note("ErrorChain", "why the command failed, outermost error first"),
            note(
                "UpdateResults",
                "the response to ScheduleOSUpdate: the result for each update; absent if nothing is left to do",
            ),
            note("ScanInitiated", "the response to ScheduleOSUpdateScan: whether the device is checking for updates"),
            note("AvailableOSUpdates", "the response to AvailableOSUpdates: the updates that the device offers"),
            note("OSUpdateStatus", "the response to OSUpdateStatus: the progress of each update"),
            note("ErrorChain.*.ErrorCode", "the error number within its domain"),
            note("ErrorChain.*.ErrorDomain", "the subsystem that reports the error"),
            note("ErrorChain.*.LocalizedDescription", "the error message in the language of the device"),
            note("ErrorChain.*.USEnglishDescription", "the error message in English"),
            note("UpdateResults.*.ProductKey", "the key of the update"),
            note(
                "UpdateResults.*.InstallAction",
                "the action that the device will take, which can differ from the requested action",
            )
            .values(RESULT_ACTIONS),
            note("UpdateResults.*.Status", "the progress of the update").values(UPDATE_STATES),
            note("UpdateResults.*.ErrorChain", "why the action failed, outermost error first"),
            note("UpdateResults.*.ErrorChain.*.ErrorCode", "the error number within its domain"),
            note("UpdateResults.*.ErrorChain.*.ErrorDomain", "the subsystem that reports the error"),
            note("UpdateResults.*.ErrorChain.*.LocalizedDescription", "the error message in the language of the device"),
            note("UpdateResults.*.ErrorChain.*.USEnglishDescription", "the error message in English"),
            note("AvailableOSUpdates.*.ProductKey", "the key of the update, for ScheduleOSUpdate"),
            note("AvailableOSUpdates.*.HumanReadableName", "the display name of the update"),
            note("AvailableOSUpdates.*.HumanReadableNameLocale", "the language of the display name"),
            note("AvailableOSUpdates.*.MetadataURL", "the URL of the update's metadata"),
            note("AvailableOSUpdates.*.ProductName", "the product that the update is for, such as iOS"),
            note("AvailableOSUpdates.*.Version", "the version that the update installs"),
            note("AvailableOSUpdates.*.Build", "the build that the update installs"),
            note("AvailableOSUpdates.*.DownloadSize", "the size of the download, in bytes"),
            note("AvailableOSUpdates.*.InstallSize", "the size of the installation, in bytes"),
            note("AvailableOSUpdates.*.AppIdentifiersToClose", "the apps that must be closed for the installation"),
            note("AvailableOSUpdates.*.IsCritical", "whether the update is critical"),
            note("AvailableOSUpdates.*.IsConfigDataUpdate", "whether the update is for configuration data"),
            note("AvailableOSUpdates.*.IsFirmwareUpdate", "whether the update is for firmware"),
            note("AvailableOSUpdates.*.IsMajorOSUpdate", "whether the update changes the major version"),
            note("AvailableOSUpdates.*.RestartRequired", "whether the installation restarts the device"),
            note("AvailableOSUpdates.*.AllowsInstallLater", "whether the update can be installed later"),
            note("AvailableOSUpdates.*.DeferredUntil", "until when the update is deferred"),
            note("AvailableOSUpdates.*.RequiresBootstrapToken", "whether the installation requires a bootstrap token"),
            note("AvailableOSUpdates.*.IsSecurityResponse", "whether the update is a Background Security Improvement"),
            note("AvailableOSUpdates.*.SupplementalBuildVersion", "the build of the improvement"),
            note("AvailableOSUpdates.*.SupplementalOSVersionExtra", "the letter of the improvement, in parentheses"),
            note("OSUpdateStatus.*.ProductKey", "the key of the update"),
            note("OSUpdateStatus.*.IsDownloaded", "whether the update is downloaded"),
            note("OSUpdateStatus.*.DownloadPercentComplete", "the downloaded fraction, from 0 to 1"),
            note("OSUpdateStatus.*.Status", "the progress of the update: Idle, Downloading, Installing and others"),
            note("OSUpdateStatus.*.MaxDeferrals", "how often the user can defer the update"),
            note("OSUpdateStatus.*.DeferralsRemaining", "how often the user can still defer the update"),
            note("OSUpdateStatus.*.NextScheduledInstall", "when the update will be installed"),
            note("OSUpdateStatus.*.PastNotifications", "when the user was notified"),
        ],
    ),
    (
        "Configuration",
        &[
            note("PayloadType", "the type of the profile: Configuration").values(&["A configuration profile."]),
            note("PayloadIdentifier", "the unique name of the profile"),
            note("PayloadUUID", "identifies this revision of the profile"),
            note("PayloadVersion", "the version of the profile format: 1"),
            note("PayloadContent", "the payloads"),
        ],
    ),
    (
        "com.apple.SoftwareUpdate",
        &[
            note("PayloadType", "the type of the payload"),
            note("PayloadIdentifier", "the unique name of the payload"),
            note("PayloadUUID", "identifies this revision of the payload"),
            note("PayloadVersion", "the version of the payload format: 1"),
            note("CatalogURL", "the URL of the update catalogue; has no effect since macOS 11"),
            note("AllowPreReleaseInstallation", "whether beta releases can be installed"),
            note("restrict-software-update-require-admin-to-install", "whether only administrators can install updates"),
            note("AutomaticallyInstallMacOSUpdates", "whether macOS updates are installed automatically"),
            note("AutomaticallyInstallAppUpdates", "whether app updates are installed automatically"),
            note("AutomaticCheckEnabled", "whether the Mac checks for updates automatically"),
            note("AutomaticDownload", "whether updates are downloaded automatically"),
            note("CriticalUpdateInstall", "whether critical updates are installed automatically"),
            note("ConfigDataInstall", "whether configuration data is installed automatically"),
        ],
    ),
    (
        "com.apple.applicationaccess",
        &[
            note("PayloadType", "the type of the payload"),
            note("PayloadIdentifier", "the unique name of the payload"),
            note("PayloadUUID", "identifies this revision of the payload"),
            note("PayloadVersion", "the version of the payload format: 1"),
            note("forceDelayedSoftwareUpdates", "whether updates are deferred"),
            note("enforcedSoftwareUpdateDelay", "how many days updates are deferred"),
            note("forceDelayedMajorSoftwareUpdates", "whether major updates are deferred"),
            note("enforcedSoftwareUpdateMajorOSDeferredInstallDelay", "how many days major updates are deferred"),
            note("enforcedSoftwareUpdateMinorOSDeferredInstallDelay", "how many days minor updates are deferred"),
            note("forceDelayedAppSoftwareUpdates", "whether updates other than system updates are deferred"),
            note(
                "enforcedSoftwareUpdateNonOSDeferredInstallDelay",
                "how many days updates other than system updates are deferred",
            ),
            note("allowRapidSecurityResponseInstallation", "whether Background Security Improvements can be installed"),
            note("allowRapidSecurityResponseRemoval", "whether Background Security Improvements can be removed"),
        ],
    ),
    (
        "com.apple.ManagedClient.preferences",
        &[
            note("PayloadType", "the type of the payload"),
            note("PayloadIdentifier", "the unique name of the payload"),
            note("PayloadUUID", "identifies this revision of the payload"),
            note("PayloadVersion", "the version of the payload format: 1"),
            note("PayloadContent", "the managed preferences, by domain, such as com.apple.SoftwareUpdate"),
            note("PayloadContent.ANY", "the managed preferences of a domain"),
            note("PayloadContent.ANY.Forced", "preferences that the user cannot change"),
            note("PayloadContent.ANY.Set-Once", "preferences that are set once, and that the user can change"),
            note("PayloadContent.ANY.Forced.*.mcx_preference_settings", "the keys and values of the preferences"),
            note("PayloadContent.ANY.Forced.*.mcx_data_timestamp", "when the preferences were changed"),
            note("PayloadContent.ANY.Set-Once.*.mcx_preference_settings", "the keys and values of the preferences"),
            note("PayloadContent.ANY.Set-Once.*.mcx_data_timestamp", "when the preferences were changed"),
        ],
    ),
];

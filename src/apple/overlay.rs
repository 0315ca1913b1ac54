//! What Apple says only in prose, and what we add: one line of meaning for the keys that people use most, formats of strings, secrets.
//!
//! Notes are keyed by type and path (`Beta.OfferPrograms.*.Token`; `*` is an item of an array). A path that a schema lacks is passed
//! over, so that notes serve older and newer releases alike; a test finds those that the built-in schema lacks.

use super::Format;

/// What Apple's data does not say of a key.
#[derive(Debug)]
pub(crate) struct Note {
    /// The way to the key, from the keys of its type.
    pub(crate) path: &'static str,
    /// What the key does, in one line. Empty where we have none of our own.
    pub(crate) meaning: &'static str,
    /// What each value of an enumeration means, in Apple's order.
    pub(crate) values: &'static [&'static str],
    /// What the string must look like.
    pub(crate) format: Option<Format>,
    /// Whether the value is never shown.
    pub(crate) is_secret: bool,
    /// The keys that tell the items of a set apart; the first one names an item.
    pub(crate) identity: &'static [&'static str],
    /// Whether a source may leave out a key that Apple requires: the server adds it.
    pub(crate) is_added_by_server: bool,
}

/// The note of a key that has none.
pub(crate) static NOTHING: Note = note("", "");

const fn note(path: &'static str, meaning: &'static str) -> Note {
    Note { path, meaning, values: &[], format: None, is_secret: false, identity: &[], is_added_by_server: false }
}

impl Note {
    const fn format(mut self, format: Format) -> Self {
        self.format = Some(format);
        self
    }

    const fn values(mut self, values: &'static [&'static str]) -> Self {
        self.values = values;
        self
    }

    const fn secret(mut self) -> Self {
        self.is_secret = true;
        self
    }

    const fn identity(mut self, keys: &'static [&'static str]) -> Self {
        self.identity = keys;
        self
    }

    const fn added_by_server(mut self) -> Self {
        self.is_added_by_server = true;
        self
    }
}

/// Which keys an object may have beside those that Apple lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Others {
    /// None.
    None,
    /// These, which have nothing to do with software updates.
    These(&'static [&'static str]),
    /// Any, among them those of `known`; but a name that contains a word of `ours` is meant for a key of the type.
    Any { known: &'static [&'static str], ours: &'static [&'static str] },
}

/// Which keys the objects of a type may have beside those that Apple lists.
pub(crate) fn others(name: &str) -> Others {
    match name {
        "Configuration" | "com.apple.applicationaccess" => Others::Any { known: PAYLOAD_KEYS, ours: ABOUT_UPDATES },
        "com.apple.SoftwareUpdate" => Others::These(PAYLOAD_KEYS),
        "Response" => Others::Any { known: RESPONSE_KEYS, ours: &[] },
        _ => Others::None,
    }
}

/// The other keys that stand in a profile and in any payload.
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

/// The words in the names of profile keys that concern software updates.
pub(crate) const ABOUT_UPDATES: &[&str] = &["SoftwareUpdate", "RapidSecurityResponse"];

/// What else stands in a response.
const RESPONSE_KEYS: &[&str] =
    &["UDID", "UserID", "UserShortName", "UserLongName", "NotOnConsole", "EnrollmentID", "EnrollmentUserID", "RequestType"];

const CONTROL: &[&str] =
    &["The user decides.", "Always on; the user cannot turn it off.", "Always off; the user cannot turn it on."];

const REQUESTS: &[&str] =
    &["Download or install updates.", "Look for updates.", "Which updates are there?", "How far are the updates?"];

const INSTALL_ACTIONS: &[&str] = &[
    "Download or install, whichever comes next: on iOS and tvOS it takes two commands.",
    "Download, and do not install.",
    "On iOS and tvOS install what was downloaded; on macOS download, then count down to a restart.",
    "Download, and notify the user.",
    "Download, and install later; the user may defer.",
    "The default action, then a forced restart: may lose data.",
];

const PRIORITIES: &[&str] = &["When the device has nothing else to do.", "As if a user had asked for it."];

const RESULT_ACTIONS: &[&str] = &[
    "Nothing: the update could not be scheduled.",
    "Download, and do not install.",
    "Install what was downloaded.",
    "Download, and notify the user.",
    "Download, and install later.",
    "Install, then force a restart.",
];

const UPDATE_STATES: &[&str] = &[
    "Nothing is going on.",
    "The update is being downloaded.",
    "The download failed.",
    "The update has to be downloaded through a computer; iOS only.",
    "There is too little room for the download.",
    "There is too little power for the download.",
    "The network is too slow, or of the wrong kind, for the download.",
    "The update is being installed.",
    "There is too little room for the installation.",
    "There is too little power for the installation.",
    "A phone call is in progress.",
    "The installation failed.",
];

/// What titles call the documents of a type.
pub(super) static TITLES: &[(&str, &str)] = &[
    ("com.apple.configuration.softwareupdate.settings", "software update settings"),
    ("com.apple.configuration.softwareupdate.enforcement.specific", "the enforcement of a software update"),
    ("com.apple.activation.simple", "the activation of configurations"),
    ("com.apple.SoftwareUpdate", "profiles for software updates"),
];

/// The last step of the address of Apple's page about a type, where it is not the type's name in lower case.
pub(super) static PAGES: &[(&str, &str)] = &[
    ("Command", "commands-and-queries"),
    ("Response", "commands-and-queries"),
    ("ScheduleOSUpdate", "schedule-os-update-command"),
    ("ScheduleOSUpdateScan", "schedule-os-update-scan-command"),
    ("AvailableOSUpdates", "available-os-updates-command"),
    ("OSUpdateStatus", "os-update-status-command"),
    ("Configuration", "toplevel"),
    ("com.apple.applicationaccess", "restrictions"),
];

/// The notes of each type.
pub(super) static NOTES: &[(&str, &[Note])] = &[
    (
        "declarationbase",
        &[
            note("Type", "what the declaration is").format(Format::DeclarationType),
            note("Identifier", "the name of the declaration, which no other has; at most 64 octets").format(Format::Identifier),
            note("ServerToken", "the revision of the declaration, which the server computes; at most 64 octets")
                .format(Format::ServerToken)
                .added_by_server(),
            note("Payload", "what the declaration says"),
        ],
    ),
    (
        "com.apple.configuration.softwareupdate.settings",
        &[
            note(
                "Notifications",
                "whether the device shows every notification of an enforcement, or only those of the last hour",
            ),
            note("Deferrals", "how long new releases are held back"),
            note("Deferrals.CombinedPeriodInDays", "how many days major and minor updates are held back"),
            note("Deferrals.MajorPeriodInDays", "how many days major updates are held back"),
            note("Deferrals.MinorPeriodInDays", "how many days minor updates are held back"),
            note("Deferrals.SystemPeriodInDays", "how many days updates outside the system are held back"),
            note("RecommendedCadence", "which of several available versions the user is shown").values(&[
                "Every version.",
                "The lowest version only.",
                "The highest version only.",
            ]),
            note("AutomaticActions", "what the device downloads and installs on its own"),
            note("AutomaticActions.Download", "whether updates are downloaded automatically").values(CONTROL),
            note(
                "AutomaticActions.InstallOSUpdates",
                "whether system updates are installed automatically; used only while automatic downloads are on",
            )
            .values(CONTROL),
            note(
                "AutomaticActions.InstallSecurityUpdate",
                "whether security updates are installed automatically; used only while automatic downloads are on",
            )
            .values(CONTROL),
            note("RapidSecurityResponse", "how the user may handle Background Security Improvements"),
            note("RapidSecurityResponse.Enable", "whether the user is offered Background Security Improvements"),
            note(
                "RapidSecurityResponse.EnableRollback",
                "whether the user is offered to remove Background Security Improvements again",
            ),
            note("AllowStandardUserOSUpdates", "whether standard users may update the system"),
            note("Beta", "beta programs"),
            note("Beta.ProgramEnrollment", "who decides about taking part in a beta program").values(CONTROL),
            note("Beta.OfferPrograms", "the beta programs that the user may choose from").identity(&["Description", "Token"]),
            note("Beta.RequireProgram", "the beta program that the device is put into"),
            note("Beta.OfferPrograms.*.Description", "what people read as the name of the program"),
            note("Beta.OfferPrograms.*.Token", "the organisation's seeding service token for the program: a secret").secret(),
            note("Beta.RequireProgram.Description", "what people read as the name of the program"),
            note("Beta.RequireProgram.Token", "the organisation's seeding service token for the program: a secret").secret(),
        ],
    ),
    (
        "com.apple.configuration.softwareupdate.enforcement.specific",
        &[
            note("TargetOSVersion", "the version to install, in two or three numbers").format(Format::OsVersion),
            note("TargetBuildVersion", "the build to install, where the version is not exact enough")
                .format(Format::BuildVersion),
            note("TargetLocalDateTime", "when the device installs by force, in its own local time").format(Format::LocalDateTime),
            note("DetailsURL", "a page of the organisation about the update").format(Format::Url),
        ],
    ),
    (
        "com.apple.activation.simple",
        &[
            note("StandardConfigurations", "the identifiers of the configurations to apply"),
            note("Predicate", "the condition under which they are applied"),
        ],
    ),
    (
        "Command",
        &[
            note("CommandUUID", "what the command is told by in the answer; servers add it"),
            note("Command", "the command itself"),
        ],
    ),
    (
        "ScheduleOSUpdate",
        &[
            note("RequestType", "which command it is").values(REQUESTS),
            note("Updates", "the updates, and what to do with each"),
            note("Updates.*.ProductKey", "the key of the update, from the device's answer to AvailableOSUpdates"),
            note("Updates.*.ProductVersion", "the version of the update; required where ProductKey is absent"),
            note("Updates.*.InstallAction", "what to do with the update").values(INSTALL_ACTIONS),
            note(
                "Updates.*.MaxUserDeferrals",
                "how often the user may postpone a minor update before it is installed; with InstallLater only",
            ),
            note("Updates.*.Priority", "how urgently a minor update is downloaded and prepared").values(PRIORITIES),
        ],
    ),
    (
        "ScheduleOSUpdateScan",
        &[
            note("RequestType", "which command it is").values(REQUESTS),
            note("Force", "whether the Mac looks at once, and not when it finds the time"),
        ],
    ),
    ("AvailableOSUpdates", &[note("RequestType", "which command it is").values(REQUESTS)]),
    ("OSUpdateStatus", &[note("RequestType", "which command it is").values(REQUESTS)]),
    (
        "Response",
        &[
            note("CommandUUID", "the command that is answered"),
            note("Status", "what became of the command: Acknowledged, Error, CommandFormatError, NotNow or Idle"),
            note("ErrorChain", "why the command could not be carried out, the outermost error first"),
            note(
                "UpdateResults",
                "the answer to ScheduleOSUpdate: what becomes of each update; absent when nothing is left to do",
            ),
            note("ScanInitiated", "the answer to ScheduleOSUpdateScan: whether the device looks for updates now"),
            note("AvailableOSUpdates", "the answer to AvailableOSUpdates: the updates that the device has on offer"),
            note("OSUpdateStatus", "the answer to OSUpdateStatus: how far each update is"),
            note("ErrorChain.*.ErrorCode", "the number of the error in its domain"),
            note("ErrorChain.*.ErrorDomain", "the part of the system that reports it"),
            note("ErrorChain.*.LocalizedDescription", "what went wrong, in the language of the device"),
            note("ErrorChain.*.USEnglishDescription", "what went wrong, in English"),
            note("UpdateResults.*.ProductKey", "the key of the update"),
            note("UpdateResults.*.InstallAction", "what the device will do, which need not be what it was told")
                .values(RESULT_ACTIONS),
            note("UpdateResults.*.Status", "how far it is").values(UPDATE_STATES),
            note("UpdateResults.*.ErrorChain", "why it could not be done, the outermost error first"),
            note("UpdateResults.*.ErrorChain.*.ErrorCode", "the number of the error in its domain"),
            note("UpdateResults.*.ErrorChain.*.ErrorDomain", "the part of the system that reports it"),
            note("UpdateResults.*.ErrorChain.*.LocalizedDescription", "what went wrong, in the language of the device"),
            note("UpdateResults.*.ErrorChain.*.USEnglishDescription", "what went wrong, in English"),
            note("AvailableOSUpdates.*.ProductKey", "the key of the update, to be named in ScheduleOSUpdate"),
            note("AvailableOSUpdates.*.HumanReadableName", "the name of the update for people"),
            note("AvailableOSUpdates.*.HumanReadableNameLocale", "the language of the name"),
            note("AvailableOSUpdates.*.MetadataURL", "where the description of the update is"),
            note("AvailableOSUpdates.*.ProductName", "the product that the update is for, such as iOS"),
            note("AvailableOSUpdates.*.Version", "the version that the update brings"),
            note("AvailableOSUpdates.*.Build", "the build that the update brings"),
            note("AvailableOSUpdates.*.DownloadSize", "how many bytes are to be downloaded"),
            note("AvailableOSUpdates.*.InstallSize", "how many bytes the installation takes"),
            note("AvailableOSUpdates.*.AppIdentifiersToClose", "the apps that have to be closed for the installation"),
            note("AvailableOSUpdates.*.IsCritical", "whether the update is critical"),
            note("AvailableOSUpdates.*.IsConfigDataUpdate", "whether it updates configuration data"),
            note("AvailableOSUpdates.*.IsFirmwareUpdate", "whether it updates firmware"),
            note("AvailableOSUpdates.*.IsMajorOSUpdate", "whether it is an upgrade to another major version"),
            note("AvailableOSUpdates.*.RestartRequired", "whether the device restarts for the installation"),
            note("AvailableOSUpdates.*.AllowsInstallLater", "whether the update can be installed later"),
            note("AvailableOSUpdates.*.DeferredUntil", "until when the update is held back"),
            note("AvailableOSUpdates.*.RequiresBootstrapToken", "whether the installation takes a bootstrap token"),
            note("AvailableOSUpdates.*.IsSecurityResponse", "whether it is a Background Security Improvement"),
            note("AvailableOSUpdates.*.SupplementalBuildVersion", "the build of the improvement"),
            note("AvailableOSUpdates.*.SupplementalOSVersionExtra", "the letter of the improvement, in parentheses"),
            note("OSUpdateStatus.*.ProductKey", "the key of the update"),
            note("OSUpdateStatus.*.IsDownloaded", "whether the update is downloaded"),
            note("OSUpdateStatus.*.DownloadPercentComplete", "the part of it that is downloaded, from 0 to 1"),
            note("OSUpdateStatus.*.Status", "how far it is: Idle, Downloading, Installing and others"),
            note("OSUpdateStatus.*.MaxDeferrals", "how often the user may postpone it"),
            note("OSUpdateStatus.*.DeferralsRemaining", "how often the user may still postpone it"),
            note("OSUpdateStatus.*.NextScheduledInstall", "when it will be installed"),
            note("OSUpdateStatus.*.PastNotifications", "when the user was told of it"),
        ],
    ),
    (
        "Configuration",
        &[
            note("PayloadType", "what it is: Configuration").values(&["A profile with payloads."]),
            note("PayloadIdentifier", "the name of the profile, which no other has"),
            note("PayloadUUID", "the name of this revision of the profile"),
            note("PayloadVersion", "the version of the form of the profile: 1"),
            note("PayloadContent", "the payloads"),
        ],
    ),
    (
        "com.apple.SoftwareUpdate",
        &[
            note("PayloadType", "which payload it is"),
            note("PayloadIdentifier", "the name of the payload, which no other has"),
            note("PayloadUUID", "the name of this revision of the payload"),
            note("PayloadVersion", "the version of the form of the payload: 1"),
            note("CatalogURL", "where the Mac looks for updates; without effect since macOS 11"),
            note("AllowPreReleaseInstallation", "whether beta releases may be installed"),
            note("restrict-software-update-require-admin-to-install", "whether only administrators may install updates"),
            note("AutomaticallyInstallMacOSUpdates", "whether updates of macOS are installed automatically"),
            note("AutomaticallyInstallAppUpdates", "whether updates of apps are installed automatically"),
            note("AutomaticCheckEnabled", "whether the Mac looks for updates by itself"),
            note("AutomaticDownload", "whether updates are downloaded automatically"),
            note("CriticalUpdateInstall", "whether critical updates are installed automatically"),
            note("ConfigDataInstall", "whether configuration data is installed automatically"),
        ],
    ),
    (
        "com.apple.applicationaccess",
        &[
            note("PayloadType", "which payload it is"),
            note("PayloadIdentifier", "the name of the payload, which no other has"),
            note("PayloadUUID", "the name of this revision of the payload"),
            note("PayloadVersion", "the version of the form of the payload: 1"),
            note("forceDelayedSoftwareUpdates", "whether updates are held back"),
            note("enforcedSoftwareUpdateDelay", "how many days updates are held back"),
            note("forceDelayedMajorSoftwareUpdates", "whether upgrades to another major version are held back"),
            note(
                "enforcedSoftwareUpdateMajorOSDeferredInstallDelay",
                "how many days upgrades to another major version are held back",
            ),
            note("enforcedSoftwareUpdateMinorOSDeferredInstallDelay", "how many days minor updates are held back"),
            note("forceDelayedAppSoftwareUpdates", "whether updates that are none of the system are held back"),
            note(
                "enforcedSoftwareUpdateNonOSDeferredInstallDelay",
                "how many days updates that are none of the system are held back",
            ),
            note("allowRapidSecurityResponseInstallation", "whether Background Security Improvements may be installed"),
            note("allowRapidSecurityResponseRemoval", "whether Background Security Improvements may be removed"),
        ],
    ),
];

//! The keys of `com.apple.configuration.softwareupdate.settings`. Source: Apple's schema of that name, 27.0.
//!
//! A device combines all such declarations that are active on it, key by key.

use super::{Combine, Facts, NEVER, Presence, Since, Support, field, keys};
use crate::model::{AutomaticActions, Beta, Cadence, Control, DeferralDays, Deferrals, Program, RapidSecurityResponse, Settings};

/// Where the declaration exists; a key that says nothing else exists where it does.
pub(crate) const DECLARATION: Support = Support {
    ios: Since::device("18.0"),
    macos: Since::supervised("15.0"),
    tvos: Since::device("18.4"),
    visionos: Since::device("26.0"),
    watchos: NEVER,
};

keys! { Settings:
    NOTIFICATIONS: bool = Facts {
        path: &["Notifications"],
        field: field!(notifications),
        presence: Presence::Optional,
        default: Some(true),
        combine: Some(Combine::BOOLEAN_AND),
        support: DECLARATION,
        meaning: "whether the device shows every notification of an enforcement, or only those of the last hour",
    };

    DEFERRALS: Deferrals = Facts {
        path: &["Deferrals"],
        field: field!(deferrals),
        presence: Presence::Optional,
        default: None,
        combine: None,
        support: Support {
            ios: Since::supervised("18.0"),
            macos: Since::supervised("15.0"),
            tvos: Since::supervised("18.4"),
            visionos: Since::supervised("26.0"),
            watchos: NEVER,
        },
        meaning: "how long new releases are held back",
    };

    COMBINED_PERIOD: DeferralDays = Facts {
        path: &["Deferrals", "CombinedPeriodInDays"],
        field: field!(deferrals.combined_period_in_days),
        presence: Presence::Optional,
        default: None,
        combine: Some(Combine::NUMBER_MAX),
        support: Support {
            ios: Since::supervised("18.0"),
            macos: NEVER,
            tvos: Since::supervised("18.4"),
            visionos: Since::supervised("26.0"),
            watchos: NEVER,
        },
        meaning: "how many days major and minor updates are held back",
    };

    MAJOR_PERIOD: DeferralDays = Facts {
        path: &["Deferrals", "MajorPeriodInDays"],
        field: field!(deferrals.major_period_in_days),
        presence: Presence::Optional,
        default: None,
        combine: Some(Combine::NUMBER_MAX),
        support: Support {
            ios: NEVER,
            macos: Since::supervised("15.0"),
            tvos: NEVER,
            visionos: NEVER,
            watchos: NEVER,
        },
        meaning: "how many days major updates are held back",
    };

    MINOR_PERIOD: DeferralDays = Facts {
        path: &["Deferrals", "MinorPeriodInDays"],
        field: field!(deferrals.minor_period_in_days),
        presence: Presence::Optional,
        default: None,
        combine: Some(Combine::NUMBER_MAX),
        support: Support {
            ios: NEVER,
            macos: Since::supervised("15.0"),
            tvos: NEVER,
            visionos: NEVER,
            watchos: NEVER,
        },
        meaning: "how many days minor updates are held back",
    };

    SYSTEM_PERIOD: DeferralDays = Facts {
        path: &["Deferrals", "SystemPeriodInDays"],
        field: field!(deferrals.system_period_in_days),
        presence: Presence::Optional,
        default: None,
        combine: Some(Combine::NUMBER_MAX),
        support: Support {
            ios: NEVER,
            macos: Since::supervised("15.0"),
            tvos: NEVER,
            visionos: NEVER,
            watchos: NEVER,
        },
        meaning: "how many days updates outside the system are held back",
    };

    RECOMMENDED_CADENCE: Cadence = Facts {
        path: &["RecommendedCadence"],
        field: field!(recommended_cadence),
        presence: Presence::Optional,
        default: None,
        combine: Some(Combine::ENUM_LAST),
        support: Support {
            ios: Since::device("18.0"),
            macos: NEVER,
            tvos: NEVER,
            visionos: Since::device("26.0"),
            watchos: NEVER,
        },
        meaning: "which of several available versions the user is shown",
    };

    AUTOMATIC_ACTIONS: AutomaticActions = Facts {
        path: &["AutomaticActions"],
        field: field!(automatic_actions),
        presence: Presence::Optional,
        default: None,
        combine: None,
        support: Support {
            ios: Since::supervised("18.0"),
            macos: Since::supervised("15.0"),
            tvos: Since::supervised("18.4"),
            visionos: Since::supervised("26.0"),
            watchos: NEVER,
        },
        meaning: "what the device downloads and installs on its own",
    };

    DOWNLOAD: Control = Facts {
        path: &["AutomaticActions", "Download"],
        field: field!(automatic_actions.download),
        presence: Presence::Optional,
        default: Some(Control::Allowed),
        combine: Some(Combine::ENUM_LAST),
        support: Support {
            ios: Since::supervised("18.0"),
            macos: Since::supervised("15.0"),
            tvos: NEVER,
            visionos: Since::supervised("26.0"),
            watchos: NEVER,
        },
        meaning: "whether updates are downloaded automatically",
    };

    INSTALL_OS_UPDATES: Control = Facts {
        path: &["AutomaticActions", "InstallOSUpdates"],
        field: field!(automatic_actions.install_os_updates),
        presence: Presence::Optional,
        default: Some(Control::Allowed),
        combine: Some(Combine::ENUM_LAST),
        support: Support {
            ios: Since::supervised("18.0"),
            macos: Since::supervised("15.0"),
            tvos: Since::supervised("18.4"),
            visionos: Since::supervised("26.0"),
            watchos: NEVER,
        },
        meaning: "whether system updates are installed automatically; used only while automatic downloads are on",
    };

    INSTALL_SECURITY_UPDATE: Control = Facts {
        path: &["AutomaticActions", "InstallSecurityUpdate"],
        field: field!(automatic_actions.install_security_update),
        presence: Presence::Optional,
        default: Some(Control::Allowed),
        combine: Some(Combine::ENUM_LAST),
        support: Support {
            ios: Since::supervised("18.0"),
            macos: Since::supervised("15.0"),
            tvos: NEVER,
            visionos: Since::supervised("26.0"),
            watchos: NEVER,
        },
        meaning: "whether security updates are installed automatically; used only while automatic downloads are on",
    };

    RAPID_SECURITY_RESPONSE: RapidSecurityResponse = Facts {
        path: &["RapidSecurityResponse"],
        field: field!(rapid_security_response),
        presence: Presence::Optional,
        default: None,
        combine: None,
        support: Support {
            ios: Since::supervised("18.0"),
            macos: Since::supervised("15.0"),
            tvos: NEVER,
            visionos: NEVER,
            watchos: NEVER,
        },
        meaning: "how the user may handle Background Security Improvements",
    };

    ENABLE: bool = Facts {
        path: &["RapidSecurityResponse", "Enable"],
        field: field!(rapid_security_response.enable),
        presence: Presence::Optional,
        default: Some(true),
        combine: Some(Combine::BOOLEAN_AND),
        support: Support {
            ios: Since::supervised("18.0"),
            macos: Since::supervised("15.0"),
            tvos: NEVER,
            visionos: NEVER,
            watchos: NEVER,
        },
        meaning: "whether the user is offered Background Security Improvements",
    };

    ENABLE_ROLLBACK: bool = Facts {
        path: &["RapidSecurityResponse", "EnableRollback"],
        field: field!(rapid_security_response.enable_rollback),
        presence: Presence::Optional,
        default: Some(true),
        combine: Some(Combine::BOOLEAN_AND),
        support: Support {
            ios: Since::supervised("18.0"),
            macos: Since::supervised("15.0"),
            tvos: NEVER,
            visionos: NEVER,
            watchos: NEVER,
        },
        meaning: "whether the user is offered to remove Background Security Improvements again",
    };

    ALLOW_STANDARD_USER_OS_UPDATES: bool = Facts {
        path: &["AllowStandardUserOSUpdates"],
        field: field!(allow_standard_user_os_updates),
        presence: Presence::Optional,
        default: Some(true),
        combine: Some(Combine::BOOLEAN_AND),
        support: Support {
            ios: NEVER,
            macos: Since::supervised("15.0"),
            tvos: NEVER,
            visionos: NEVER,
            watchos: NEVER,
        },
        meaning: "whether users who are no administrators may update the system",
    };

    BETA: Beta = Facts {
        path: &["Beta"],
        field: field!(beta),
        presence: Presence::Optional,
        default: None,
        combine: None,
        support: Support {
            ios: Since::device("18.0"),
            macos: Since::supervised("15.4"),
            tvos: NEVER,
            visionos: NEVER,
            watchos: NEVER,
        },
        meaning: "beta programs",
    };

    PROGRAM_ENROLLMENT: Control = Facts {
        path: &["Beta", "ProgramEnrollment"],
        field: field!(beta.program_enrollment),
        presence: Presence::Optional,
        default: Some(Control::Allowed),
        combine: Some(Combine::ENUM_LAST),
        support: Support {
            ios: Since::supervised("18.0"),
            macos: Since::supervised("15.4"),
            tvos: NEVER,
            visionos: NEVER,
            watchos: NEVER,
        },
        meaning: "who decides about taking part in a beta program",
    };

    OFFER_PROGRAMS: Vec<Program> = Facts {
        path: &["Beta", "OfferPrograms"],
        field: field!(beta.offer_programs),
        presence: Presence::Optional,
        default: None,
        combine: Some(Combine::SET_UNION),
        support: Support {
            ios: Since::device("18.0"),
            macos: Since::supervised("15.4"),
            tvos: NEVER,
            visionos: NEVER,
            watchos: NEVER,
        },
        meaning: "the beta programs that the user may choose from",
    };

    REQUIRE_PROGRAM: Program = Facts {
        path: &["Beta", "RequireProgram"],
        field: field!(beta.require_program),
        presence: Presence::Optional,
        default: None,
        combine: Some(Combine::FIRST),
        support: Support {
            ios: Since::supervised("18.0"),
            macos: Since::supervised("15.4"),
            tvos: NEVER,
            visionos: NEVER,
            watchos: NEVER,
        },
        meaning: "the beta program that the device is put into",
    };
}

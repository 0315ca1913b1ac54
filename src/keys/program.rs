//! The keys of a beta program, in `OfferPrograms` and `RequireProgram`. Source: Apple's `softwareupdate.settings`.

use super::{Facts, NEVER, Presence, Since, Support, field, keys};
use crate::model::Program;

/// A program exists where `Beta` does.
pub(super) const WITH_BETA: Support =
    Support { ios: Since::device("18.0"), macos: Since::supervised("15.4"), tvos: NEVER, visionos: NEVER, watchos: NEVER };

keys! { Program:
    DESCRIPTION: String = Facts {
        path: &["Description"],
        field: field!(required description),
        presence: Presence::Required,
        default: None,
        combine: None,
        support: WITH_BETA,
        meaning: "what people read as the name of the program",
    };

    TOKEN: String = Facts {
        path: &["Token"],
        field: field!(required token),
        presence: Presence::Required,
        default: None,
        combine: None,
        support: WITH_BETA,
        meaning: "the organisation's seeding service token for the program: a secret",
    };
}

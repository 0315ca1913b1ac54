//! `beta-offer-beside-require`

use crate::apple::settings::{OFFER_PROGRAMS, REQUIRE_PROGRAM};
use crate::diagnostic::{Drafts, Example, Rule, Severity, Spot, beta};
use crate::syntax::Kind;
use crate::validate::Object;

pub(crate) static RULE: Rule = Rule::new(
    "beta-offer-beside-require",
    Severity::Error,
    "OfferPrograms and RequireProgram are both set",
    "RequireProgram enrols the device in one program; OfferPrograms lets the user choose from several. Apple allows \
     only one of the two among the settings that are active on a device.",
    &[
        Example::new(beta!(
            r#""ProgramEnrollment": "AlwaysOn", "OfferPrograms": [ { "Description": "macOS beta", "Token": "…" } ], "#,
            r#""RequireProgram": { "Description": "macOS beta", "Token": "…" }"#
        ))
        .finds(&[("/Payload/Beta/OfferPrograms", Severity::Error)]),
        Example::new(beta!(
            r#""ProgramEnrollment": "AlwaysOn", "RequireProgram": { "Description": "macOS beta", "Token": "…" }"#
        )),
    ],
);

pub(super) fn check(settings: Object<'_, '_>, diagnostics: &mut Drafts) {
    // If both have a wrong type, neither is known to be meant.
    let is_meant = settings.holds(OFFER_PROGRAMS, Kind::Array) || settings.holds(REQUIRE_PROGRAM, Kind::Object);
    if is_meant && settings.has(OFFER_PROGRAMS) && settings.has(REQUIRE_PROGRAM) {
        diagnostics.push(
            RULE.at(Spot::Key(OFFER_PROGRAMS), "OfferPrograms and RequireProgram are both set, but exclude each other")
                .help("keep RequireProgram to enrol devices in one program, or OfferPrograms to let users choose")
                .related("a program is required here", Spot::Key(REQUIRE_PROGRAM)),
        );
    }
}

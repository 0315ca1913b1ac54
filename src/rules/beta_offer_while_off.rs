//! `beta-offer-while-off`

use crate::apple::settings::{OFFER_PROGRAMS, PROGRAM_ENROLLMENT};
use crate::diagnostic::{Drafts, Example, Rule, Severity, Spot, beta};
use crate::validate::Object;

pub(crate) static RULE: Rule = Rule::new(
    "beta-offer-while-off",
    Severity::Error,
    "OfferPrograms is set while ProgramEnrollment is AlwaysOff",
    "OfferPrograms may only be present while ProgramEnrollment is Allowed or AlwaysOn; an absent ProgramEnrollment \
     counts as Allowed. A device that may not join any program cannot be offered one.",
    &[
        Example::new(beta!(
            r#""ProgramEnrollment": "AlwaysOff", "OfferPrograms": [ { "Description": "macOS beta", "Token": "…" } ]"#
        ))
        .finds(&[("/Payload/Beta/OfferPrograms", Severity::Error)]),
        Example::new(beta!(
            r#""ProgramEnrollment": "Allowed", "OfferPrograms": [ { "Description": "macOS beta", "Token": "…" } ]"#
        )),
        Example::new(beta!(r#""OfferPrograms": [ { "Description": "macOS beta", "Token": "…" } ]"#)),
    ],
);

pub(super) fn check(settings: Object<'_, '_>, diagnostics: &mut Drafts) {
    if settings.has(OFFER_PROGRAMS) && settings.text(PROGRAM_ENROLLMENT).as_deref() == Some("AlwaysOff") {
        diagnostics.push(
            RULE.at(Spot::Key(OFFER_PROGRAMS), "OfferPrograms is set, but ProgramEnrollment is AlwaysOff")
                .help("remove OfferPrograms, or set ProgramEnrollment to \"Allowed\" or \"AlwaysOn\"")
                .related("this forbids all programs", Spot::Key(PROGRAM_ENROLLMENT)),
        );
    }
}

//! `beta-offer-while-off`

use crate::apple::settings::{OFFER_PROGRAMS, PROGRAM_ENROLLMENT};
use crate::diagnostic::{Draft, Example, Rule, Severity, Spot};
use crate::validate::Object;

pub(crate) static RULE: Rule = Rule::new(
    "beta-offer-while-off",
    Severity::Error,
    "OfferPrograms is set while ProgramEnrollment is AlwaysOff",
    "OfferPrograms may only be present while ProgramEnrollment is Allowed (also by being absent) or AlwaysOn. A device that may \
     not take part in any program can be offered none.",
    &[
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.settings",
  "Identifier": "com.example.beta",
  "Payload": { "Beta": { "ProgramEnrollment": "AlwaysOff", "OfferPrograms": [ { "Description": "macOS beta", "Token": "…" } ] } }
}"#,
            options: &[],
            finds: &[("/Payload/Beta/OfferPrograms", Severity::Error)],
        },
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.settings",
  "Identifier": "com.example.beta",
  "Payload": { "Beta": { "ProgramEnrollment": "Allowed", "OfferPrograms": [ { "Description": "macOS beta", "Token": "…" } ] } }
}"#,
            options: &[],
            finds: &[],
        },
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.settings",
  "Identifier": "com.example.beta",
  "Payload": { "Beta": { "OfferPrograms": [ { "Description": "macOS beta", "Token": "…" } ] } }
}"#,
            options: &[],
            finds: &[],
        },
    ],
);

pub(super) fn check(settings: Object<'_, '_>, diagnostics: &mut Vec<Draft>) {
    if settings.has(OFFER_PROGRAMS) && settings.text(PROGRAM_ENROLLMENT).as_deref() == Some("AlwaysOff") {
        diagnostics.push(
            RULE.at(Spot::Key(OFFER_PROGRAMS), "OfferPrograms is set, but ProgramEnrollment is AlwaysOff")
                .help("remove OfferPrograms, or set ProgramEnrollment to \"Allowed\" or \"AlwaysOn\"")
                .related("no program may be used", Spot::Key(PROGRAM_ENROLLMENT)),
        );
    }
}

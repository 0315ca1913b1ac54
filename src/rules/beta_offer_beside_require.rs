//! `beta-offer-beside-require`

use crate::apple::settings::{OFFER_PROGRAMS, REQUIRE_PROGRAM};
use crate::diagnostic::{Draft, Example, Rule, Severity, Spot};
use crate::validate::Object;

pub(crate) static RULE: Rule = Rule::new(
    "beta-offer-beside-require",
    Severity::Error,
    "OfferPrograms and RequireProgram are both set",
    "RequireProgram puts the device into one program, OfferPrograms lets the user choose from several. Apple allows only one of \
     the two in what is active on a device.",
    &[
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.settings",
  "Identifier": "com.example.beta",
  "Payload": { "Beta": { "ProgramEnrollment": "AlwaysOn", "OfferPrograms": [ { "Description": "macOS beta", "Token": "…" } ], "RequireProgram": { "Description": "macOS beta", "Token": "…" } } }
}"#,
            options: &[],
            finds: &[("/Payload/Beta/OfferPrograms", Severity::Error)],
        },
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.settings",
  "Identifier": "com.example.beta",
  "Payload": { "Beta": { "ProgramEnrollment": "AlwaysOn", "RequireProgram": { "Description": "macOS beta", "Token": "…" } } }
}"#,
            options: &[],
            finds: &[],
        },
    ],
);

pub(super) fn check(settings: Object<'_, '_>, diagnostics: &mut Vec<Draft>) {
    if settings.has(OFFER_PROGRAMS) && settings.has(REQUIRE_PROGRAM) {
        diagnostics.push(
            RULE.at(Spot::Key(OFFER_PROGRAMS), "OfferPrograms and RequireProgram are both set, but exclude one another")
                .help("keep RequireProgram to put devices into one program, or OfferPrograms to let users choose")
                .related("the program is required here", Spot::Key(REQUIRE_PROGRAM)),
        );
    }
}

//! `beta-require-without-always-on`

use super::{Check, Example, Rule};
use crate::finding::{Fault, Severity, Spot};
use crate::keys::settings::{PROGRAM_ENROLLMENT, REQUIRE_PROGRAM};
use crate::model::{Control, Settings};
use crate::read::Object;

pub(crate) static RULE: Rule = Rule {
    id: "beta-require-without-always-on",
    severity: Severity::Error,
    is_optional: false,
    summary: "RequireProgram is set while ProgramEnrollment is not AlwaysOn",
    explanation: "RequireProgram may only be present while ProgramEnrollment is AlwaysOn. An absent ProgramEnrollment counts as Allowed.",
    examples: &[
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.settings",
  "Identifier": "com.example.beta",
  "Payload": { "Beta": { "RequireProgram": { "Description": "macOS beta", "Token": "…" } } }
}"#,
            options: &[],
            finds: &[("/Payload/Beta/RequireProgram", Severity::Error)],
        },
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.settings",
  "Identifier": "com.example.beta",
  "Payload": { "Beta": { "ProgramEnrollment": "Allowed", "RequireProgram": { "Description": "macOS beta", "Token": "…" } } }
}"#,
            options: &[],
            finds: &[("/Payload/Beta/RequireProgram", Severity::Error)],
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
    check: Check::Settings(check),
};

fn check(settings: &Object<Settings>, faults: &mut Vec<Fault>) {
    if !settings.has(&REQUIRE_PROGRAM) {
        return;
    }
    let (is, spot) = match settings.get(&PROGRAM_ENROLLMENT) {
        Some(Control::AlwaysOn) => return,
        Some(Control::Allowed) => ("is Allowed", true),
        Some(Control::AlwaysOff) => ("is AlwaysOff", true),
        // A placeholder or a wrong value: nothing is known.
        None if settings.is_unknown(&PROGRAM_ENROLLMENT) => return,
        None => ("is absent, which counts as Allowed", false),
    };
    let fault = Fault::at(REQUIRE_PROGRAM.path, format!("RequireProgram is set, but ProgramEnrollment {is}"))
        .help("set ProgramEnrollment to \"AlwaysOn\", or remove RequireProgram");
    faults.push(if spot { fault.related("this must be AlwaysOn", Spot::Key(PROGRAM_ENROLLMENT.path)) } else { fault });
}

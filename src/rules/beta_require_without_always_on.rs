//! `beta-require-without-always-on`

use crate::apple::settings::{PROGRAM_ENROLLMENT, REQUIRE_PROGRAM};
use crate::diagnostic::{Draft, Example, Rule, Severity, Spot};
use crate::validate::Object;

pub(crate) static RULE: Rule = Rule::new(
    "beta-require-without-always-on",
    Severity::Error,
    "RequireProgram is set while ProgramEnrollment is not AlwaysOn",
    "RequireProgram may only be present while ProgramEnrollment is AlwaysOn. An absent ProgramEnrollment counts as Allowed.",
    &[
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
);

pub(super) fn check(settings: Object<'_, '_>, diagnostics: &mut Vec<Draft>) {
    if !settings.has(REQUIRE_PROGRAM) {
        return;
    }
    let (is, is_there) = match settings.text(PROGRAM_ENROLLMENT).as_deref() {
        Some("AlwaysOn") => return,
        Some("Allowed") => ("is Allowed", true),
        Some(_) => ("is AlwaysOff", true),
        // A placeholder or a wrong value: nothing is known.
        None if settings.is_unknown(PROGRAM_ENROLLMENT) => return,
        None => ("is absent, which counts as Allowed", false),
    };
    let diagnostic = RULE
        .at(Spot::Key(REQUIRE_PROGRAM), format!("RequireProgram is set, but ProgramEnrollment {is}"))
        .help("set ProgramEnrollment to \"AlwaysOn\", or remove RequireProgram");
    diagnostics.push(if is_there {
        diagnostic.related("this must be AlwaysOn", Spot::Key(PROGRAM_ENROLLMENT))
    } else {
        diagnostic
    });
}

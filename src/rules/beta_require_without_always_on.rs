//! `beta-require-without-always-on`

use crate::apple::settings::{PROGRAM_ENROLLMENT, REQUIRE_PROGRAM};
use crate::diagnostic::{Drafts, Example, Rule, Severity, Spot, beta};
use crate::validate::Object;

pub(crate) static RULE: Rule = Rule::new(
    "beta-require-without-always-on",
    Severity::Error,
    "RequireProgram is set while ProgramEnrollment is not AlwaysOn",
    "RequireProgram may only be present while ProgramEnrollment is AlwaysOn. An absent ProgramEnrollment counts as Allowed.",
    &[
        Example::new(beta!(r#""RequireProgram": { "Description": "macOS beta", "Token": "…" }"#))
            .finds(&[("/Payload/Beta/RequireProgram", Severity::Error)]),
        Example::new(beta!(r#""ProgramEnrollment": "Allowed", "RequireProgram": { "Description": "macOS beta", "Token": "…" }"#))
            .finds(&[("/Payload/Beta/RequireProgram", Severity::Error)]),
        Example::new(beta!(
            r#""ProgramEnrollment": "AlwaysOn", "RequireProgram": { "Description": "macOS beta", "Token": "…" }"#
        )),
    ],
);

pub(super) fn check(settings: Object<'_, '_>, diagnostics: &mut Drafts) {
    if !settings.has(REQUIRE_PROGRAM) {
        return;
    }
    let (state, is_set) = match settings.text(PROGRAM_ENROLLMENT).as_deref() {
        Some("AlwaysOn") => return,
        Some("Allowed") => ("is Allowed", true),
        Some(_) => ("is AlwaysOff", true),
        // A placeholder or a wrong value.
        None if settings.is_unknown(PROGRAM_ENROLLMENT) => return,
        None => ("is absent, which counts as Allowed", false),
    };
    let diagnostic = RULE
        .at(Spot::Key(REQUIRE_PROGRAM), format!("RequireProgram is set, but ProgramEnrollment {state}"))
        .help("set ProgramEnrollment to \"AlwaysOn\", or remove RequireProgram");
    diagnostics.push(if is_set {
        diagnostic.related("this must be AlwaysOn", Spot::Key(PROGRAM_ENROLLMENT))
    } else {
        diagnostic
    });
}

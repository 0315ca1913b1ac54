//! `order-dependent-merge`

use crate::apple::settings::REQUIRE_PROGRAM;
use crate::diagnostic::{Example, Rule, Severity, settings_set};
use crate::set::{Combination, SetDrafts, Where};
use crate::words::shown;

pub(crate) static RULE: Rule = Rule::new(
    "order-dependent-merge",
    Severity::Warning,
    "declarations that are active together require different beta programs",
    "A device can join only one program. For RequireProgram the first declaration that is processed counts, and Apple \
     defines no order, so it is undefined which program the device joins. ddmc merge takes the first in the order of \
     its inputs.",
    &[
        Example::new(settings_set!(
            concat!(
                r#"{ "Beta": { "ProgramEnrollment": "AlwaysOn", "#,
                r#""RequireProgram": { "Description": "macOS 26 beta", "Token": "…1" } } }"#
            ),
            concat!(
                r#"{ "Beta": { "ProgramEnrollment": "AlwaysOn", "#,
                r#""RequireProgram": { "Description": "macOS 27 beta", "Token": "…2" } } }"#
            )
        ))
        .finds(&[("/Payload/Beta/RequireProgram", Severity::Warning)]),
        Example::new(settings_set!(
            concat!(
                r#"{ "Beta": { "ProgramEnrollment": "AlwaysOn", "#,
                r#""RequireProgram": { "Description": "macOS 26 beta", "Token": "…1" } } }"#
            ),
            concat!(
                r#"{ "Beta": { "ProgramEnrollment": "AlwaysOn", "#,
                r#""RequireProgram": { "Description": "macOS 26 beta", "Token": "…1" } } }"#
            )
        )),
    ],
);

pub(super) fn check(combination: &Combination<'_>, diagnostics: &mut SetDrafts) {
    let Some(decision) = combination.decision(REQUIRE_PROGRAM) else { return };
    let Some(first) = decision.deciders().first().copied() else { return };
    for who in decision.overruled().flat_map(|part| part.who.iter().copied()) {
        let name = shown(combination.gathered.members[first].name());
        diagnostics.push(
            RULE.at(
                Where::key(who, REQUIRE_PROGRAM),
                format!("{name} requires another beta program, and it is undefined which of the two applies"),
            )
            .help("require the same program in both, or never activate both; ddmc merge takes the one that it reads first")
            .related("the other program is required here", Where::key(first, REQUIRE_PROGRAM)),
        );
    }
}

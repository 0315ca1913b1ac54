//! `order-dependent-merge`

use crate::apple::settings::REQUIRE_PROGRAM;
use crate::diagnostic::{Example, Rule, Severity};
use crate::set::{Combination, SetDraft, Where};
use crate::words::shown;

pub(crate) static RULE: Rule = Rule::new(
    "order-dependent-merge",
    Severity::Warning,
    "declarations that are active together require different beta programs",
    "A device can be put into one program only. Apple's rule for RequireProgram is that the first declaration that is processed \
     counts, and Apple defines no order, so it is undefined which program the device joins. ddmc merge takes the first in the order of \
     its inputs.",
    &[
        Example {
            document: r#"[
  { "Type": "com.apple.activation.simple", "Identifier": "com.example.activation", "Payload": { "StandardConfigurations": ["com.example.a", "com.example.b"] } },
  { "Type": "com.apple.configuration.softwareupdate.settings", "Identifier": "com.example.a", "Payload": { "Beta": { "ProgramEnrollment": "AlwaysOn", "RequireProgram": { "Description": "macOS 26 beta", "Token": "…1" } } } },
  { "Type": "com.apple.configuration.softwareupdate.settings", "Identifier": "com.example.b", "Payload": { "Beta": { "ProgramEnrollment": "AlwaysOn", "RequireProgram": { "Description": "macOS 27 beta", "Token": "…2" } } } }
]"#,
            options: &[],
            finds: &[("/Payload/Beta/RequireProgram", Severity::Warning)],
        },
        Example {
            document: r#"[
  { "Type": "com.apple.activation.simple", "Identifier": "com.example.activation", "Payload": { "StandardConfigurations": ["com.example.a", "com.example.b"] } },
  { "Type": "com.apple.configuration.softwareupdate.settings", "Identifier": "com.example.a", "Payload": { "Beta": { "ProgramEnrollment": "AlwaysOn", "RequireProgram": { "Description": "macOS 26 beta", "Token": "…1" } } } },
  { "Type": "com.apple.configuration.softwareupdate.settings", "Identifier": "com.example.b", "Payload": { "Beta": { "ProgramEnrollment": "AlwaysOn", "RequireProgram": { "Description": "macOS 26 beta", "Token": "…1" } } } }
]"#,
            options: &[],
            finds: &[],
        },
    ],
);

pub(super) fn check(combination: &Combination<'_>, diagnostics: &mut Vec<SetDraft>) {
    let Some(decision) = combination.decision(REQUIRE_PROGRAM) else { return };
    let Some(first) = decision.deciders().first().copied() else { return };
    for who in decision.overruled().flat_map(|part| part.who.iter().copied()) {
        let name = shown(combination.gathered.members[first].name());
        diagnostics.push(
            RULE.at(
                Where::key(who, REQUIRE_PROGRAM),
                format!("{name} requires another beta program, and which of the two counts is undefined"),
            )
            .help("require the same program in both, or keep them apart; ddmc merge takes the one that it reads first")
            .related("the other program is required here", Where::key(first, REQUIRE_PROGRAM)),
        );
    }
}

//! `unreferenced-configuration`

use std::collections::HashSet;

use super::references::Missing;
use crate::apple::Family;
use crate::diagnostic::{Example, Rule, Severity, activation, array, settings_line};
use crate::set::{Activated, Activations, Member, Scope, SetDrafts, Where};
use crate::words::shown;

pub(crate) static RULE: Rule = Rule::new(
    "unreferenced-configuration",
    Severity::Note,
    "no activation references a configuration",
    "A device never applies a configuration that no activation references (Info.NotReferencedByActivation). Some \
     servers activate such configurations themselves, so this is a note; if the inputs are one set, it is a warning. \
     The rule is silent if the run has no activations, and with --activations server (activations = \"server\" in \
     ddmc.toml), for Fleet, Jamf, SimpleMDM and Zentral.",
    &[
        Example::new(array!(
            activation!("com.example.activation", r#"["com.example.a"]"#),
            settings_line!("com.example.a", "{}"),
            settings_line!("com.example.b", "{}")
        ))
        .finds(&[("/Identifier", Severity::Note)]),
        Example::new(array!(
            activation!("com.example.activation", r#"["com.example.a", "com.example.b"]"#),
            settings_line!("com.example.a", "{}"),
            settings_line!("com.example.b", "{}")
        )),
    ],
)
.also(&[Severity::Warning]);

pub(super) fn check(scope: &Scope<'_>, diagnostics: &mut SetDrafts) {
    if scope.gathered.activated_by == Activations::Server {
        return;
    }
    let mut used: Option<HashSet<&str>> = None;
    for (_, activated) in scope.activations() {
        // An unknown reference may be to any configuration.
        let Some(Activated { references, .. }) = activated else { return };
        if references.iter().any(|reference| reference.is_template) {
            return;
        }
        used.get_or_insert_default().extend(references.iter().map(|reference| reference.name.as_str()));
    }
    let Some(used) = used else { return };
    let mut missing = Missing::of(scope, used.iter().copied());
    let is_unused = |member: &Member| {
        let is_configuration = member.family(&scope.gathered.schema) == Some(Family::Configuration);
        let identifier = member.identifier.as_deref().filter(|_| is_configuration);
        identifier.is_some_and(|identifier| !used.contains(identifier) && !member.is_template)
    };
    for (who, member) in scope.members().filter(|(_, member)| is_unused(member)) {
        if missing.mean(member.name()) {
            continue;
        }
        diagnostics.push(
            RULE.at(Where::identifier(who), format!("no activation references {}", shown(member.name())))
                .help("add the identifier to the StandardConfigurations of an activation; if your server activates it, use --activations server")
                .severity(if scope.is_set { Severity::Warning } else { RULE.severity }),
        );
    }
}

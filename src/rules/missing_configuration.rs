//! `missing-configuration`

use std::collections::HashSet;

use crate::apple::Value;
use crate::apple::activation::STANDARD_CONFIGURATIONS;
use crate::diagnostic::{Example, Rule, Severity, activation, array, settings_line};
use crate::set::{Activated, Member, Reference, Scope, SetDraft, Where};
use crate::words::shown;

pub(crate) static RULE: Rule = Rule::new(
    "missing-configuration",
    Severity::Warning,
    "an activation references a missing configuration",
    "A device reports the reference as Error.MissingConfigurations, and applies the other configurations. In a run \
     over part of a repository the configuration may be elsewhere, so this is a warning, and only if the run has \
     configurations at all; if the inputs are one set, it is an error.",
    &[
        Example::new(array!(
            activation!("com.example.activation", r#"["com.example.a", "com.example.c"]"#),
            settings_line!("com.example.a", "{}")
        ))
        .finds(&[("/Payload/StandardConfigurations/1", Severity::Warning)]),
        Example::new(array!(
            activation!("com.example.activation", r#"["com.example.a"]"#),
            settings_line!("com.example.a", "{}")
        )),
    ],
);

pub(super) fn check(scope: &Scope<'_>, diagnostics: &mut Vec<SetDraft>) {
    let schema = &scope.gathered.schema;
    // Most sets have no activations, but may have very many declarations.
    if !scope.activations().any(|(_, activated)| activated.is_some()) {
        return;
    }
    if !scope.is_set && !scope.members().any(|(_, member)| member.is_configuration(schema)) {
        return;
    }
    // A declaration without a readable type may be a configuration.
    let is_target = |member: &&Member| member.kind.is_none() || member.is_configuration(schema);
    let targets = || scope.members().map(|(_, member)| member).filter(is_target);
    // A template may produce any identifier, including a referenced one.
    if targets().any(|member| member.is_template) {
        return;
    }
    let known: HashSet<&str> = targets().filter_map(|member| member.identifier.as_deref()).collect();
    for (who, activated) in scope.activations() {
        let Some(Activated { references, .. }) = activated else { continue };
        let mut seen = HashSet::new();
        let is_missing = |reference: &&Reference| !reference.is_template && !known.contains(reference.name.as_str());
        for name in references.iter().filter(is_missing).map(|reference| &reference.name).filter(|name| seen.insert(*name)) {
            let is_free = |name: &&str| name.len() < 100 && !references.iter().any(|reference| reference.name == *name);
            let is_near = |other: &&str| strsim::damerau_levenshtein(&name.to_lowercase(), &other.to_lowercase()) <= 1;
            let near = known.iter().copied().filter(is_free).filter(is_near).min();
            diagnostics.push(
                RULE.at(
                    Where::item(who, STANDARD_CONFIGURATIONS, Value::String(name.clone().into())),
                    format!("no configuration has the identifier {}", shown(name)),
                )
                .help(match near {
                    Some(near) => format!("did you mean {}?", shown(near)),
                    None => "add the configuration, or remove the reference".to_owned(),
                })
                .severity(if scope.is_set { Severity::Error } else { RULE.severity }),
            );
        }
    }
}

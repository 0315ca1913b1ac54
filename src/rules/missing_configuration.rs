//! `missing-configuration`

use std::collections::HashSet;

use super::{Check, Example, Rule};
use crate::document::holds_placeholder;
use crate::finding::Severity;
use crate::keys::activation::STANDARD_CONFIGURATIONS;
use crate::set::{Gathered, Member, Role, SetFault, Together, Where};
use crate::words::shown;

pub(crate) static RULE: Rule = Rule {
    id: "missing-configuration",
    severity: Severity::Warning,
    summary: "an activation references a configuration that is not there",
    explanation: "A device reports the reference as Error.MissingConfigurations, and applies the other configurations without it. In a run over \
                  part of a repository the configuration may be elsewhere, so this is a warning, and only where the run has configurations at all; \
                  where the inputs are said to be one set, it is an error.",
    examples: &[
        Example {
            document: r#"[
  { "Type": "com.apple.activation.simple", "Identifier": "com.example.activation", "Payload": { "StandardConfigurations": ["com.example.a", "com.example.c"] } },
  { "Type": "com.apple.configuration.softwareupdate.settings", "Identifier": "com.example.a", "Payload": {} }
]"#,
            finds: &[("/Payload/StandardConfigurations/1", Severity::Warning)],
        },
        Example {
            document: r#"[
  { "Type": "com.apple.activation.simple", "Identifier": "com.example.activation", "Payload": { "StandardConfigurations": ["com.example.a"] } },
  { "Type": "com.apple.configuration.softwareupdate.settings", "Identifier": "com.example.a", "Payload": {} }
]"#,
            finds: &[],
        },
    ],
    check: Check::References(check),
};

fn check(gathered: &Gathered, together: Together, faults: &mut Vec<SetFault>) {
    let is_set = together == Together::All;
    if !is_set && !gathered.members.iter().any(Member::is_configuration) {
        return;
    }
    // A declaration without a readable type may be a configuration.
    let is_target = |member: &&Member| member.kind.is_none() || member.is_configuration();
    let known: HashSet<&str> = gathered.members.iter().filter(is_target).filter_map(|member| member.identifier.as_deref()).collect();
    // An identifier that a template makes may turn out to be any that is referenced.
    if known.iter().any(|name| holds_placeholder(name)) {
        return;
    }
    for (who, member) in gathered.members.iter().enumerate() {
        let Role::Activation(references) = &member.role else { continue };
        let mut seen = HashSet::new();
        let is_missing = |name: &&String| !known.contains(name.as_str()) && !holds_placeholder(name);
        for name in references.iter().filter(is_missing).filter(|name| seen.insert(*name)) {
            let is_free = |name: &&str| name.len() < 100 && !references.iter().any(|reference| reference == name);
            let is_near = |other: &&str| strsim::damerau_levenshtein(&name.to_lowercase(), &other.to_lowercase()) <= 1;
            let near = known.iter().copied().filter(is_free).filter(is_near).min();
            faults.push(SetFault {
                rule: &RULE,
                severity: if is_set { Severity::Error } else { RULE.severity },
                message: format!("no configuration here is called {}", shown(name)),
                help: match near {
                    Some(near) => format!("did you mean {}?", shown(near)),
                    None => "add the configuration, or remove the reference".to_owned(),
                },
                at: Where::item(who, STANDARD_CONFIGURATIONS.path, name.as_str().into()),
                related: Vec::new(),
            });
        }
    }
}

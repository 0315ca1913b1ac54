//! `unreferenced-configuration`

use std::collections::HashSet;

use crate::diagnostic::{Example, Rule, Severity};
use crate::set::{Activated, Member, Scope, SetDraft, Where};
use crate::words::shown;

pub(crate) static RULE: Rule = Rule::new(
    "unreferenced-configuration",
    Severity::Note,
    "no activation of the run references a configuration",
    "A device never applies a configuration that no activation references (Info.NotReferencedByActivation). Some servers activate \
     what has no activation of its own, so this is a note; where the inputs are said to be one set, it is a warning. Nothing is said \
     where the run has no activations.",
    &[
        Example {
            document: r#"[
  { "Type": "com.apple.activation.simple", "Identifier": "com.example.activation", "Payload": { "StandardConfigurations": ["com.example.a"] } },
  { "Type": "com.apple.configuration.softwareupdate.settings", "Identifier": "com.example.a", "Payload": {} },
  { "Type": "com.apple.configuration.softwareupdate.settings", "Identifier": "com.example.b", "Payload": {} }
]"#,
            options: &[],
            finds: &[("/Identifier", Severity::Note)],
        },
        Example {
            document: r#"[
  { "Type": "com.apple.activation.simple", "Identifier": "com.example.activation", "Payload": { "StandardConfigurations": ["com.example.a", "com.example.b"] } },
  { "Type": "com.apple.configuration.softwareupdate.settings", "Identifier": "com.example.a", "Payload": {} },
  { "Type": "com.apple.configuration.softwareupdate.settings", "Identifier": "com.example.b", "Payload": {} }
]"#,
            options: &[],
            finds: &[],
        },
    ],
);

pub(super) fn check(scope: &Scope<'_>, diagnostics: &mut Vec<SetDraft>) {
    let mut used: Option<HashSet<&str>> = None;
    for (_, activated) in scope.activations() {
        // References that are not known may be any.
        let Some(Activated { references, .. }) = activated else { return };
        if references.iter().any(|reference| reference.is_template) {
            return;
        }
        used.get_or_insert_default().extend(references.iter().map(|reference| reference.name.as_str()));
    }
    let Some(used) = used else { return };
    let is_unused = |member: &Member| {
        let identifier = member.identifier.as_deref().filter(|_| member.is_configuration(&scope.gathered.schema));
        identifier.is_some_and(|identifier| !used.contains(identifier) && !member.is_template)
    };
    for (who, member) in scope.members().filter(|(_, member)| is_unused(member)) {
        diagnostics.push(
            RULE.at(Where::identifier(who), format!("no activation references {}", shown(member.name())))
                .help("add the identifier to the StandardConfigurations of an activation, or remove the declaration")
                .severity(if scope.is_set { Severity::Warning } else { RULE.severity }),
        );
    }
}

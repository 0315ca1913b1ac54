//! `empty-activation`

use crate::apple::Family;
use crate::apple::activation::STANDARD_CONFIGURATIONS;
use crate::diagnostic::{Example, Rule, Severity, activation, array, settings_line};
use crate::hash::Set;
use crate::set::{Scope, SetDrafts, Where};
use crate::words::count;

pub(crate) static RULE: Rule = Rule::new(
    "empty-activation",
    Severity::Warning,
    "an activation applies no configuration",
    "An activation has no other purpose than to apply configurations. One that names none does nothing, and so does one \
     that names several of which none exists, for example because all were renamed. If it names one that does not \
     exist, missing-configuration reports it.",
    &[
        Example::new(array!(activation!("com.example.activation", "[]"), settings_line!("com.example.a", "{}")))
            .finds(&[("/Payload/StandardConfigurations", Severity::Warning)]),
        Example::new(array!(
            activation!("com.example.activation", r#"["org.example.a", "org.example.b"]"#),
            settings_line!("com.example.a", "{}")
        ))
        .finds(&[("/Payload/StandardConfigurations", Severity::Warning)]),
        Example::new(array!(
            activation!("com.example.activation", r#"["com.example.a"]"#),
            settings_line!("com.example.a", "{}")
        )),
    ],
);

pub(super) fn check(scope: &Scope<'_>, diagnostics: &mut SetDrafts) {
    let schema = &scope.gathered.schema;
    let named = scope.named(scope.activated().flat_map(|(_, activated)| activated.known()));
    let is_missing = |name: &str| !named.get(name).iter().any(|(_, member)| member.may_be(Family::Configuration, schema));
    for (who, activated) in scope.activated() {
        let distinct: Set<&str> = activated.known().collect();
        let has_template = activated.references.iter().any(|reference| reference.is_template);
        let are_missing = distinct.len() > 1 && !has_template && distinct.iter().all(|name| is_missing(name));
        let message = if activated.references.is_empty() {
            "StandardConfigurations is empty, so the activation does nothing".to_owned()
        } else if are_missing && scope.is_complete(Family::Configuration) {
            format!("the activation does nothing: it names {}, and none exists", count(distinct.len(), "configuration"))
        } else {
            continue;
        };
        diagnostics.push(
            RULE.at(Where::key(who, STANDARD_CONFIGURATIONS), message)
                .help("name the configurations to apply, or remove the activation"),
        );
    }
}

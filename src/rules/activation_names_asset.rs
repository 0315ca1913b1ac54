//! `activation-names-asset`

use crate::apple::activation::STANDARD_CONFIGURATIONS;
use crate::apple::{Family, Value};
use crate::diagnostic::{Example, Rule, Severity, activation, array, asset_line, google_line};
use crate::hash::Set;
use crate::set::{Member, Scope, SetDrafts, Where};
use crate::words::shown;

pub(crate) static RULE: Rule = Rule::new(
    "activation-names-asset",
    Severity::Warning,
    "an activation references an asset, a management declaration or an activation",
    "An activation can only name configurations. A device looks for nothing else, so it reports any other declaration as \
     Error.MissingConfigurations, and has been seen to apply none of the activation's configurations then. Assets become \
     active with a configuration that references them, and management declarations without an activation. If the inputs \
     are one set, it is an error; otherwise two sets may use the identifier for different declarations.",
    &[
        Example::new(array!(
            activation!("com.example.activation", r#"["com.example.google", "com.example.user"]"#),
            google_line!("com.example.google", "com.example.user"),
            asset_line!("com.example.user", "useridentity", r#"{ "EmailAddress": "jo@example.com" }"#)
        ))
        .finds(&[("/Payload/StandardConfigurations/1", Severity::Warning)]),
        Example::new(array!(
            activation!("com.example.activation", r#"["com.example.google"]"#),
            google_line!("com.example.google", "com.example.user"),
            asset_line!("com.example.user", "useridentity", r#"{ "EmailAddress": "jo@example.com" }"#)
        )),
    ],
)
.also(&[Severity::Error]);

pub(super) fn check(scope: &Scope<'_>, diagnostics: &mut SetDrafts) {
    let family = |member: &Member| member.family(&scope.gathered.schema);
    let named = scope.named(scope.activated().flat_map(|(_, activated)| activated.known()));
    for (who, activated) in scope.activated() {
        let mut seen = Set::default();
        for name in activated.known().filter(|name| seen.insert(*name)) {
            let found = named.get(name);
            // A declaration of an unknown type may be a configuration.
            if found.iter().any(|(_, member)| matches!(family(member), None | Some(Family::Configuration))) {
                continue;
            }
            let Some((other, member)) = found.first() else { continue };
            let (kind, help) = match family(member) {
                Some(Family::Asset) => ("an asset", "remove it: the configurations that reference an asset activate it"),
                Some(Family::Management) => ("a management declaration", "remove it: it needs no activation"),
                _ => ("an activation", "name the configurations of that activation instead"),
            };
            let name = shown(name);
            diagnostics.push(
                RULE.at(
                    Where::item(who, STANDARD_CONFIGURATIONS, Value::string(member.name().to_owned())),
                    format!("{name} is {kind}, but an activation can only name configurations"),
                )
                .help(help)
                .severity(if scope.is_set { Severity::Error } else { RULE.severity })
                .related(format!("{name} is declared here"), Where::identifier(*other)),
            );
        }
    }
}

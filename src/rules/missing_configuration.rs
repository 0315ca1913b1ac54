//! `missing-configuration`

use super::references::Suggestions;
use crate::apple::activation::STANDARD_CONFIGURATIONS;
use crate::apple::{Channel, Family, Value};
use crate::diagnostic::{Example, Rule, Severity, activation, array, settings_line};
use crate::hash::{Map, Set};
use crate::set::{Member, Scope, SetDrafts, Where};
use crate::words::shown;

pub(crate) static RULE: Rule = Rule::new(
    "missing-configuration",
    Severity::Warning,
    "an activation references a missing configuration",
    "A device reports the reference as Error.MissingConfigurations, and has been seen to apply none of the activation's \
     configurations then. In a run over part of a repository the configuration may be elsewhere, so this is a warning, \
     and only if the run has configurations at all; if the inputs are one set, it is an error.",
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
)
.also(&[Severity::Error]);

pub(super) fn check(scope: &Scope<'_>, diagnostics: &mut SetDrafts) {
    // Most sets have no activations, but may have very many declarations.
    if scope.activated().next().is_none() || !scope.is_complete(Family::Configuration) {
        return;
    }
    let named = scope.named(scope.activated().flat_map(|(_, activated)| activated.known()));
    let elsewhere = channels(scope);
    let mut suggestions = Suggestions::new(scope);
    for (who, activated) in scope.activated() {
        let channel = scope.gathered.members[who].channel;
        let is_elsewhere =
            |name: &str| elsewhere.get(name).is_some_and(|channels| channels.iter().any(|other| *other != channel));
        let mut seen = Set::default();
        for name in activated.known().filter(|name| named.get(name).is_empty() && seen.insert(*name)) {
            let is_free = |other: &Member| !activated.known().any(|name| Some(name) == other.identifier.as_deref());
            let near =
                suggestions.nearest(name, |other| other.may_be(Family::Configuration, &scope.gathered.schema) && is_free(other));
            diagnostics.push(
                RULE.at(
                    Where::item(who, STANDARD_CONFIGURATIONS, Value::string(name.to_owned())),
                    format!("no configuration has the identifier {}", shown(name)),
                )
                .help(match near {
                    _ if is_elsewhere(name) => format!(
                        "the one in the other channel does not count: an activation of the {channel} cannot name it; \
                         publish both in one channel"
                    ),
                    Some(near) => format!("did you mean {}?", shown(near)),
                    None => "add the configuration, or remove the reference".to_owned(),
                })
                .severity(if scope.is_set { Severity::Error } else { RULE.severity }),
            );
        }
    }
}

/// The channels of each identifier; empty if the run has one channel.
fn channels<'g>(scope: &Scope<'g>) -> Map<&'g str, Vec<Channel>> {
    let members = &scope.gathered.members;
    let mut channels: Map<&str, Vec<Channel>> = Map::default();
    if members.iter().any(|member| member.channel != members[0].channel) {
        for (channel, name) in members.iter().map(Member::in_channel) {
            channels.entry(name).or_default().push(channel);
        }
    }
    channels
}

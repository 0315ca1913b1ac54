//! `conflicting-single`

use crate::apple::{Apply, TypeId};
use crate::diagnostic::{Example, Rule, Severity, activation, array, configuration_line};
use crate::hash::{Map, Set};
use crate::set::{Gathered, SetDrafts, Where};
use crate::words::shown;

pub(crate) static RULE: Rule = Rule::new(
    "conflicting-single",
    Severity::Error,
    "two declarations of a type of which a device applies only one are active together",
    "Apple's schema says of some types that only one declaration applies: content caching, the DNS proxy, Always On VPN, \
     screen sharing to a Mac, and the enrolment of Apple Watch. Of two, the device applies one, and refuses the other \
     with Error.ConfigurationAlreadyPresent. It is undefined which.",
    &[
        Example::new(array!(
            activation!("com.example.activation", "[\"com.example.a\", \"com.example.b\"]"),
            configuration_line!("com.example.a", "content-cache.settings", r#"{ "AllowCacheDelete": true }"#),
            configuration_line!("com.example.b", "content-cache.settings", r#"{ "AllowCacheDelete": false }"#)
        ))
        .finds(&[("/Identifier", Severity::Error)]),
        Example::new(array!(
            activation!("com.example.activation", "[\"com.example.a\"]"),
            activation!("com.example.activation.lab", "[\"com.example.b\"]"),
            configuration_line!("com.example.a", "content-cache.settings", r#"{ "AllowCacheDelete": true }"#),
            configuration_line!("com.example.b", "content-cache.settings", r#"{ "AllowCacheDelete": false }"#)
        )),
    ],
);

/// Compares the declarations of a set that are active together. Exact copies with the same identifier count once.
pub(super) fn check(gathered: &Gathered, set: &[usize], diagnostics: &mut SetDrafts) {
    let (schema, members) = (&gathered.schema, &gathered.members);
    let mut seen = Set::default();
    let mut first: Map<TypeId, usize> = Map::default();
    for who in set.iter().copied() {
        let member = &members[who];
        let Some(id) = member.type_id().filter(|id| schema.kind(*id).apply == Some(Apply::Single)) else { continue };
        if !seen.insert((id, &member.identifier, member.content)) {
            continue;
        }
        let other = *first.entry(id).or_insert(who);
        if other == who {
            continue;
        }
        let name = shown(members[other].name());
        let message = format!("a device applies only one declaration of type {}, and {name} is another", schema.kind(id).short());
        diagnostics.push(
            RULE.at(Where::identifier(who), message)
                .help("keep one of the two, or make sure that they are never active together")
                .related("the other declaration is here", Where::identifier(other)),
        );
    }
}

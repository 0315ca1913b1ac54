//! `program-token-conflict`

use std::collections::HashMap;

use crate::apple::settings::{OFFER_PROGRAMS, REQUIRE_PROGRAM};
use crate::diagnostic::{Example, Rule, Severity, settings_set};
use crate::set::{Combination, SetDrafts, Where};
use crate::words::shown;

pub(crate) static RULE: Rule = Rule::new(
    "program-token-conflict",
    Severity::Warning,
    "a beta program token has two descriptions, or a description has two tokens",
    "Devices distinguish programs by both members, so a token with two descriptions is offered to the user twice, and \
     a description with two tokens is listed twice with nothing to tell the entries apart. One of them is probably \
     out of date.",
    &[
        Example::new(settings_set!(
            r#"{ "Beta": { "OfferPrograms": [ { "Description": "macOS beta", "Token": "…1" } ] } }"#,
            r#"{ "Beta": { "OfferPrograms": [ { "Description": "macOS Beta", "Token": "…1" } ] } }"#
        ))
        .finds(&[("/Payload/Beta/OfferPrograms/0", Severity::Warning)]),
        Example::new(settings_set!(
            r#"{ "Beta": { "OfferPrograms": [ { "Description": "macOS beta", "Token": "…1" } ] } }"#,
            r#"{ "Beta": { "OfferPrograms": [ { "Description": "iOS beta", "Token": "…2" } ] } }"#
        )),
    ],
);

pub(super) fn check(combination: &Combination<'_>, diagnostics: &mut SetDrafts) {
    let mut by_token: HashMap<String, (String, Where)> = HashMap::new();
    let mut by_description: HashMap<String, (String, Where)> = HashMap::new();
    for (description, token, place) in programs(combination) {
        let name = shown(&description);
        let same_token = by_token.entry(token.clone()).or_insert_with(|| (description.clone(), place.clone()));
        let (message, other) = if same_token.0 == description {
            let same_description = by_description.entry(description).or_insert_with(|| (token.clone(), place.clone()));
            if same_description.0 == token {
                continue;
            }
            (format!("{name} has two different tokens"), same_description.1.clone())
        } else {
            (format!("{} and {name} have the same token", shown(&same_token.0)), same_token.1.clone())
        };
        diagnostics.push(
            RULE.at(place, message)
                .help("write the same Description and Token in both places")
                .related("the other program is here", other),
        );
    }
}

/// Every distinct program: its description, its token, and where it first appears.
fn programs<'c>(combination: &'c Combination<'_>) -> impl Iterator<Item = (String, String, Where)> + 'c {
    [OFFER_PROGRAMS, REQUIRE_PROGRAM].into_iter().filter_map(|path| combination.decision(path)).flat_map(|decision| {
        decision.parts.iter().filter_map(|part| {
            let text = |key: &str| part.value.member(key)?.as_str().map(str::to_owned);
            Some((text("Description")?, text("Token")?, Where::item(*part.who.first()?, &decision.path, part.value.clone())))
        })
    })
}

//! `program-token-conflict`

use crate::apple::Value;
use crate::apple::settings::{OFFER_PROGRAMS, REQUIRE_PROGRAM};
use crate::diagnostic::{Example, Rule, Severity, settings_set};
use crate::hash::Map;
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
    let mut by_token: Map<&str, Program<'_>> = Map::default();
    let mut by_description: Map<&str, Program<'_>> = Map::default();
    for program in programs(combination) {
        let name = shown(program.description);
        let same_token = by_token.entry(program.token).or_insert(program);
        let (message, other) = if same_token.description == program.description {
            let same_description = by_description.entry(program.description).or_insert(program);
            if same_description.token == program.token {
                continue;
            }
            (format!("{name} has two different tokens"), same_description)
        } else {
            (format!("{} and {name} have the same token", shown(same_token.description)), same_token)
        };
        diagnostics.push(
            RULE.at(program.place(), message)
                .help("write the same Description and Token in both places")
                .related("the other program is here", other.place()),
        );
    }
}

/// A distinct program, and where it first appears.
#[derive(Clone, Copy)]
struct Program<'c> {
    description: &'c str,
    token: &'c str,
    who: usize,
    path: &'c [String],
    value: &'c Value,
}

impl Program<'_> {
    fn place(&self) -> Where {
        Where::item(self.who, self.path, self.value.clone())
    }
}

fn programs<'c>(combination: &'c Combination<'_>) -> impl Iterator<Item = Program<'c>> {
    [OFFER_PROGRAMS, REQUIRE_PROGRAM].into_iter().filter_map(|path| combination.decision(path)).flat_map(|decision| {
        decision.parts.iter().filter_map(|part| {
            let text = |key: &str| part.value.member(key)?.as_str();
            let (description, token) = (text("Description")?, text("Token")?);
            Some(Program { description, token, who: *part.who.first()?, path: &decision.path, value: &part.value })
        })
    })
}

//! `unreferenced-asset`

use super::references::Missing;
use crate::apple::Family;
use crate::diagnostic::{Example, Rule, Severity, array, asset_line, google_line};
use crate::hash::Set;
use crate::set::{Scope, SetDrafts, TypeName, Where};
use crate::words::shown;

pub(crate) static RULE: Rule = Rule::new(
    "unreferenced-asset",
    Severity::Note,
    "no configuration references an asset",
    "A device does not use an asset that no configuration references (Info.NotReferencedByConfiguration). This does no \
     harm, but the reference may have been forgotten. The rule is silent if the run has no configurations, or one whose \
     references are unknown.",
    &[
        Example::new(array!(
            google_line!("com.example.google", "com.example.user"),
            asset_line!("com.example.user", "useridentity", r#"{ "EmailAddress": "jo@example.com" }"#),
            asset_line!("com.example.other", "useridentity", r#"{ "EmailAddress": "al@example.com" }"#)
        ))
        .finds(&[("/Identifier", Severity::Note)]),
        Example::new(array!(
            google_line!("com.example.google", "com.example.user"),
            asset_line!("com.example.user", "useridentity", r#"{ "EmailAddress": "jo@example.com" }"#)
        )),
    ],
);

pub(super) fn check(scope: &Scope<'_>, diagnostics: &mut SetDrafts) {
    let schema = &scope.gathered.schema;
    let assets = || scope.members().filter(|(_, member)| member.family(schema) == Some(Family::Asset));
    if assets().next().is_none() || !scope.has(Family::Configuration) {
        return;
    }
    // A configuration of an unknown type, or with an unknown reference, may reference any asset.
    let references = &scope.gathered.references;
    for (who, member) in scope.members().filter(|(_, member)| member.may_be(Family::Configuration, schema)) {
        let is_unknown = match references.get(&who) {
            Some(Some(references)) => references.iter().any(|reference| reference.is_template),
            Some(None) => true,
            None => !matches!(member.kind, Some(TypeName::Known(_))),
        };
        if is_unknown {
            return;
        }
    }
    let used: Set<&str> = scope.references().map(|(_, reference)| reference.name.as_str()).collect();
    let mut missing = Missing::of(scope, used.iter().copied());
    for (who, member) in assets().filter(|(_, member)| !member.is_template) {
        if member.identifier.as_deref().is_some_and(|identifier| !used.contains(identifier) && !missing.mean(identifier)) {
            diagnostics.push(
                RULE.at(Where::identifier(who), format!("no configuration references {}", shown(member.name())))
                    .help("name the asset in a configuration, or remove it"),
            );
        }
    }
}

//! `missing-asset`

use super::references::{Suggestions, place, takes};
use crate::apple::Family;
use crate::diagnostic::{Example, Rule, Severity, array, asset_line, google_line};
use crate::set::{Scope, SetDrafts};
use crate::words::shown;

pub(crate) static RULE: Rule = Rule::new(
    "missing-asset",
    Severity::Warning,
    "a configuration references a missing asset",
    "A device reports the reference as Error.MissingAssets, and has been seen to apply none of the configurations that \
     are activated with this one. In a run over part of a repository the asset may be elsewhere, so this is a warning, \
     and only if the run has assets at all; if the inputs are one set, it is an error.",
    &[
        Example::new(array!(
            google_line!("com.example.google", "com.example.usr"),
            asset_line!("com.example.user", "useridentity", r#"{ "EmailAddress": "jo@example.com" }"#)
        ))
        .finds(&[("/Payload/UserIdentityAssetReference", Severity::Warning)]),
        Example::new(array!(
            google_line!("com.example.google", "com.example.user"),
            asset_line!("com.example.user", "useridentity", r#"{ "EmailAddress": "jo@example.com" }"#)
        )),
    ],
)
.also(&[Severity::Error]);

pub(super) fn check(scope: &Scope<'_>, diagnostics: &mut SetDrafts) {
    // Most sets have no references, but may have very many declarations.
    if scope.references().next().is_none() || !scope.is_complete(Family::Asset) {
        return;
    }
    let named = scope.named(scope.references().map(|(_, reference)| reference.name.as_str()));
    let mut suggestions = Suggestions::new(scope);
    for (who, reference) in scope.references().filter(|(_, reference)| named.get(&reference.name).is_empty()) {
        let near = suggestions.nearest(&reference.name, |member| takes(reference, member, &scope.gathered.schema));
        diagnostics.push(
            RULE.at(place(who, reference), format!("no asset has the identifier {}", shown(&reference.name)))
                .help(match near {
                    Some(near) => format!("did you mean {}?", shown(near)),
                    None => "add the asset, or remove the reference".to_owned(),
                })
                .severity(if scope.is_set { Severity::Error } else { RULE.severity }),
        );
    }
}

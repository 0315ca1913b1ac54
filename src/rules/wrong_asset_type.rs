//! `wrong-asset-type`

use super::references::{key, place, takes};
use crate::diagnostic::{Example, Rule, Severity, array, asset_line, google_line, settings_line};
use crate::set::{Scope, SetDrafts, TypeName, Where};
use crate::words::{list, shown};

pub(crate) static RULE: Rule = Rule::new(
    "wrong-asset-type",
    Severity::Warning,
    "a configuration references a declaration that is not an asset of the right type",
    "Each key that names an asset takes certain types of assets. A device does not find a declaration that is not an \
     asset (Error.MissingAssets), and cannot use the data of another type of asset (Error.AssetCannotBeDeserialized); \
     either way the configuration does not work. If the inputs are one set, it is an error; otherwise two sets may use \
     the identifier for different declarations.",
    &[
        Example::new(array!(
            google_line!("com.example.google", "com.example.data"),
            asset_line!("com.example.data", "data", r#"{ "Reference": { "DataURL": "https://example.com/data" } }"#)
        ))
        .finds(&[("/Payload/UserIdentityAssetReference", Severity::Warning)]),
        Example::new(array!(
            google_line!("com.example.google", "com.example.settings"),
            settings_line!("com.example.settings", "{}")
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
    let schema = &scope.gathered.schema;
    let named = scope.named(scope.references().map(|(_, reference)| reference.name.as_str()));
    for (who, reference) in scope.references() {
        let found = named.get(&reference.name);
        let [(other, member), ..] = found else { continue };
        if found.iter().any(|(_, member)| takes(reference, member, schema)) {
            continue;
        }
        let name = shown(&reference.name);
        let kind = member.kind.as_ref().map_or_else(String::new, |kind: &TypeName| shown(kind.name(schema)));
        diagnostics.push(
            RULE.at(place(who, reference), format!("{} cannot name {name}, which is of type {kind}", key(reference, schema)))
                .help(format!("name an asset of type {}", list(schema.words(schema.key(reference.key).assets), "or")))
                .severity(if scope.is_set { Severity::Error } else { RULE.severity })
                .related(format!("{name} is declared here"), Where::identifier(*other)),
        );
    }
}

//! `unverifiable-asset`

use super::references::{key, place, takes};
use crate::apple::asset::REFERENCE;
use crate::diagnostic::{Example, Rule, Severity, array, asset_line, configuration_line};
use crate::set::{Scope, SetDrafts, Where};
use crate::words::list;

/// A service whose files are the asset com.example.files.
macro_rules! service {
    () => {
        configuration_line!(
            "com.example.sshd",
            "services.configuration-files",
            r#"{ "ServiceType": "com.apple.sshd", "DataAssetReference": "com.example.files" }"#
        )
    };
}

pub(crate) static RULE: Rule = Rule::new(
    "unverifiable-asset",
    Severity::Warning,
    "an asset lacks the media type or hash that the referring configuration requires",
    "ContentType and Hash-SHA-256 are optional in an asset. Files that a Mac runs as a background task, or that configure \
     one of its services, must be verified, so these configurations require both keys. If the inputs are one set, it is \
     an error; otherwise two sets may use the identifier of the asset for different ones.",
    &[
        Example::new(array!(
            service!(),
            asset_line!(
                "com.example.files",
                "data",
                r#"{ "Reference": { "DataURL": "https://example.com/sshd.zip", "ContentType": "application/zip" } }"#
            )
        ))
        .finds(&[("/Payload/Reference", Severity::Warning)]),
        Example::new(array!(
            service!(),
            asset_line!(
                "com.example.files",
                "data",
                concat!(
                    r#"{ "Reference": { "DataURL": "https://example.com/sshd.zip", "ContentType": "application/zip", "#,
                    r#""Hash-SHA-256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" } }"#
                )
            )
        )),
    ],
)
.also(&[Severity::Error]);

pub(super) fn check(scope: &Scope<'_>, diagnostics: &mut SetDrafts) {
    let schema = &scope.gathered.schema;
    let named = scope.named(scope.references().map(|(_, reference)| reference.name.as_str()));
    for (who, reference) in scope.references() {
        for (asset, _) in named.get(&reference.name).iter().filter(|(_, member)| takes(reference, member, schema)) {
            let Some(data) = scope.gathered.data.get(asset) else { continue };
            let has = |name: &str| data.set.iter().any(|key| schema.key(*key).name == name);
            let lacking: Vec<&str> = schema.note(reference.key).asset_keys.iter().copied().filter(|name| !has(name)).collect();
            if lacking.is_empty() {
                continue;
            }
            let (key, lacking) = (key(reference, schema), list(&lacking, "and"));
            diagnostics.push(
                RULE.at(Where::key(*asset, REFERENCE), format!("the asset lacks {lacking}, which {key} requires"))
                    .help(format!("add {lacking}"))
                    .severity(if scope.is_set { Severity::Error } else { RULE.severity })
                    .related(format!("{key} names the asset here"), place(who, reference)),
            );
        }
    }
}

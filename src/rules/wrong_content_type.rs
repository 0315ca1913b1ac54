//! `wrong-content-type`

use super::references::{key, place, takes};
use crate::apple::Rows;
use crate::apple::asset::CONTENT_TYPE;
use crate::diagnostic::{Example, Rule, Severity, array, asset_line, configuration_line};
use crate::set::{AssetData, Scope, SetDrafts, Where};
use crate::words::{list, shown};

pub(crate) static RULE: Rule = Rule::new(
    "wrong-content-type",
    Severity::Warning,
    "the ContentType of an asset is not one that its use allows",
    "A device compares ContentType with the media type of the downloaded data (Error.AssetCannotBeVerified), and then \
     reads the data as the referring key demands, for example as a property list or a zip archive \
     (Error.AssetCannotBeDeserialized). The assets of credentials allow only the media types of their data.",
    &[
        Example::new(array!(
            configuration_line!("com.example.legacy", "legacy", r#"{ "ProfileAssetReference": "com.example.profile" }"#),
            asset_line!(
                "com.example.profile",
                "data",
                r#"{ "Reference": { "DataURL": "https://example.com/profile", "ContentType": "application/json" } }"#
            )
        ))
        .finds(&[("/Payload/Reference/ContentType", Severity::Warning)]),
        Example::new(array!(
            configuration_line!("com.example.legacy", "legacy", r#"{ "ProfileAssetReference": "com.example.profile" }"#),
            asset_line!(
                "com.example.profile",
                "data",
                r#"{ "Reference": { "DataURL": "https://example.com/profile", "ContentType": "application/xml" } }"#
            )
        )),
    ],
);

pub(super) fn check(scope: &Scope<'_>, diagnostics: &mut SetDrafts) {
    let schema = &scope.gathered.schema;
    let data = &scope.gathered.data;
    // Returns the ContentType of an asset and the allowed types, unless it is one of them.
    let wrong = |data: &AssetData, media: Rows| {
        let content_type = data.content_type.as_deref().filter(|_| !media.is_empty())?;
        let allowed = schema.words(media);
        // Parameters such as charset follow a semicolon.
        let plain = content_type.split(';').next().unwrap_or_default().trim();
        let is_wrong = !allowed.iter().any(|media| media.eq_ignore_ascii_case(plain));
        is_wrong.then(|| (shown(content_type), list(allowed, "or")))
    };
    for (who, data) in scope.members().filter_map(|(who, _)| Some((who, data.get(&who)?))) {
        if let Some((content_type, allowed)) = wrong(data, schema.key(data.key).media) {
            diagnostics.push(
                RULE.at(
                    Where::key(who, CONTENT_TYPE),
                    format!("ContentType is {content_type}, but an asset of this type needs {allowed}"),
                )
                .help("serve the data in a format that the asset allows, and correct ContentType"),
            );
        }
    }
    let named = scope.named(scope.references().map(|(_, reference)| reference.name.as_str()));
    for (who, reference) in scope.references() {
        for (asset, _) in named.get(&reference.name).iter().filter(|(_, member)| takes(reference, member, schema)) {
            let found = data.get(asset).and_then(|data| wrong(data, schema.key(reference.key).media));
            let Some((content_type, allowed)) = found else { continue };
            let key = key(reference, schema);
            diagnostics.push(
                RULE.at(Where::key(*asset, CONTENT_TYPE), format!("ContentType is {content_type}, but {key} needs {allowed}"))
                    .help("serve the data in a format that the key takes, and correct ContentType")
                    .related(format!("{key} names the asset here"), place(who, reference)),
            );
        }
    }
}

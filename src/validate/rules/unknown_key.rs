//! `unknown-key`

use super::super::Validator;
use super::super::suggest::Suggestion;
use crate::diagnostic::{Draft, Example, Proposal, Remedy, Rule, Severity, Spot};
use crate::syntax::{Notation, Path};
use crate::words::{list, shown};

pub(crate) static RULE: Rule = Rule::new(
    "unknown-key",
    Severity::Error,
    "a key does not exist, or is in the wrong place",
    "A device knows exactly the keys of Apple's schema, with their exact case. It reports any other as \
     Error.UnknownPayloadKeys, and the intended setting never takes effect. Keys that are easily misspelled or \
     misplaced: InstallSecurityUpdate (singular), RapidSecurityResponse.Enable (not Enabled), RecommendedCadence \
     (beside Deferrals, not in it), and the items of OfferPrograms (which hold Description and Token directly).",
    &[
        Example::new(
            r#"{
  "Type": "com.apple.configuration.softwareupdate.settings",
  "Identifier": "com.example.settings",
  "SeverToken": "1",
  "Payload": {
    "AutomaticActions": { "InstallSecurityUpdates": "AlwaysOn" },
    "Deferrals": { "RecommendedCadence": "Newest" }
  }
}"#,
        )
        .finds(&[
            ("/SeverToken", Severity::Error),
            ("/Payload/AutomaticActions/InstallSecurityUpdates", Severity::Error),
            ("/Payload/Deferrals/RecommendedCadence", Severity::Error),
        ]),
        Example::new(
            r#"{
  "Type": "com.apple.configuration.softwareupdate.settings",
  "Identifier": "com.example.settings",
  "ServerToken": "1",
  "Payload": { "AutomaticActions": { "InstallSecurityUpdate": "AlwaysOn" }, "RecommendedCadence": "Newest" }
}"#,
        ),
    ],
);

/// More keys than these are not listed.
const MAX_LISTED: usize = 15;

/// `key` is in the object at `place`.
pub(in crate::validate) fn diagnostic(
    spot: Spot,
    (key, place): (&str, &Path<'_>),
    suggestion: &Suggestion<'_>,
    validator: &Validator<'_>,
) -> Draft {
    let notation = validator.notation;
    let fix = fix(key, place, suggestion, notation);
    let key = shown(key);
    let names = |keys: &[&str]| list(&keys.iter().map(|key| notation.key(key)).collect::<Vec<_>>(), "and");
    let (message, help) = match suggestion {
        Suggestion::Respell { key: name, .. } => {
            let name = notation.key(name);
            (format!("unknown key {key}; did you mean {name}?"), format!("rename it to {name}"))
        }
        Suggestion::Remove(name) => {
            let name = notation.key(name);
            (format!("unknown key {key}, beside {name}"), format!("remove it; the similar key {name} is already set"))
        }
        Suggestion::Move { key: name, way, home, .. } if *name == key => {
            (format!("{key} does not belong here, but {way}in {home}"), format!("move it {way}to {home}"))
        }
        Suggestion::Move { key: name, way, home, .. } => {
            let name = notation.key(name);
            (
                format!("unknown key {key}; did you mean {name}, {way}in {home}?"),
                format!("rename it to {name} and move it {way}to {home}"),
            )
        }
        Suggestion::Unwrap(keys) => {
            let keys = names(keys);
            (format!("unknown key {key}; {keys} belong here directly"), format!("write {keys} without {key} around them"))
        }
        Suggestion::Succeeded { becomes, boolean, number } => {
            let message = match becomes.replacement() {
                Some(replacement) => format!("{key} is a key of profiles; declarations have {replacement}"),
                None => format!("{key} is a key of profiles; declarations have no such key"),
            };
            (message, becomes.advice(*boolean, *number))
        }
        Suggestion::Inner => {
            (format!("{key} is in another {key}"), format!("drop the inner {key}: write its value as that of the outer one"))
        }
        Suggestion::Nothing(why) => (format!("unknown key {key}"), format!("remove it; {why}")),
        Suggestion::Unknown(keys) if keys.is_empty() => (format!("unknown key {key}"), "remove it".to_owned()),
        Suggestion::Unknown(keys) => {
            let known = match keys.len() {
                0..=MAX_LISTED => names(keys),
                _ => format!("{} other keys", keys.len()),
            };
            (format!("unknown key {key}"), format!("remove it; {}", allowed(&known, validator)))
        }
    };
    RULE.at(spot, message).help(help).fix(fix)
}

/// Which keys are allowed instead. Only declarations have a schema that can be exchanged.
fn allowed(known: &str, validator: &Validator<'_>) -> String {
    let is_legacy = validator.kind.is_some_and(|kind| validator.schema.kind(kind).family.is_legacy());
    if is_legacy {
        return format!("the keys here are {known}");
    }
    format!("Apple's schema {} has {known} here; --apple-schema takes a newer one", validator.schema.release)
}

/// A certainly misspelled or misplaced key has a safe fix; only the author can decide about any other. A key that has
/// another meaning elsewhere must not just be dropped.
fn fix(written: &str, place: &Path<'_>, suggestion: &Suggestion<'_>, notation: Notation) -> Option<Proposal> {
    Some(match suggestion {
        Suggestion::Respell { key: name, is_certain, .. } => {
            let name = notation.key(name);
            Proposal::safe(Remedy::Replace(format!("\"{name}\"")), format!("rename the key to {name}"))
                .safe_if(*is_certain)
                .making(Path::Key(place, &name).pointer())
        }
        // The steps are in Apple's spelling.
        Suggestion::Move { key, home, steps: Some(steps), is_only, .. } if !notation.is_snake => {
            let remedy = Remedy::MoveMember { home: steps.clone(), name: (*key).to_owned() };
            Proposal::safe(remedy, format!("move {key} to {home}"))
                .safe_if(*is_only && key.eq_ignore_ascii_case(written))
                .making(format!("/{}/{key}", steps.join("/")).replacen("//", "/", 1))
        }
        Suggestion::Unwrap(_) => Proposal::safe(Remedy::Unwrap, "unwrap the program"),
        Suggestion::Succeeded { .. } | Suggestion::Inner => return None,
        Suggestion::Remove(_) | Suggestion::Move { .. } | Suggestion::Nothing(_) | Suggestion::Unknown(_) => {
            Proposal::unsafe_(Remedy::RemoveMember, "remove the key")
        }
    })
}

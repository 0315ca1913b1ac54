//! `missing-key`

use std::ops::Range;

use super::super::suggest::Suggestion;
use super::super::validator::Site;
use crate::apple::KeyId;
use crate::diagnostic::{Draft, Example, Rule, Severity, Spot, enforcement};
use crate::words::{list, shown};

pub(crate) static RULE: Rule = Rule::new(
    "missing-key",
    Severity::Error,
    "a required key is missing",
    "A declaration without a key that Apple requires fails to load. The required keys are Type, Identifier and \
     Payload in the envelope (ServerToken only in what is sent to a device: servers add it), TargetOSVersion and \
     TargetLocalDateTime in an enforcement, StandardConfigurations in an activation, and Description and Token in a \
     beta program.",
    &[
        Example::new(
            r#"{
  "Type": "com.apple.configuration.softwareupdate.enforcement.specific",
  "Payload": { "TargetOSVersion": "26.1" }
}"#,
        )
        .finds(&[("", Severity::Error), ("/Payload", Severity::Error)]),
        Example::new(enforcement!(
            "com.example.enforce",
            r#"{ "TargetOSVersion": "26.1", "TargetLocalDateTime": "2026-01-31T18:00:00" }"#
        )),
    ],
);

/// `meant` are the keys that were probably meant as the missing ones, each with its span and suggestion.
pub(in crate::validate) fn diagnostic(
    site: Site<'_, '_>,
    missing: &[KeyId],
    meant: &[(String, Range<usize>, Suggestion<'_>)],
) -> Draft {
    let names: Vec<_> = missing.iter().map(|id| site.notation.key(&site.schema.key(*id).name)).collect();
    let verb = if names.len() == 1 { "is" } else { "are" };
    let pointer = site.path.pointer();
    let place = if pointer.is_empty() { String::new() } else { format!(" in {}", site.name()) };
    let mut diagnostic = RULE.at(site.spot(), format!("{} {verb} missing{place}", list(&names, "and")));
    let mut help = Vec::new();
    for (key, span, suggestion) in meant {
        let key = shown(key);
        let (label, advice) = match suggestion {
            Suggestion::Unwrap(inner) => {
                ("they are inside this key".to_owned(), format!("write {} without {key} around them", list(inner, "and")))
            }
            Suggestion::Respell(name) => {
                let name = site.notation.key(name);
                (format!("probably meant to be {name}"), format!("rename {key} to {name}"))
            }
            _ => continue,
        };
        diagnostic = diagnostic.related(label, Spot::at(&*pointer, span.clone()));
        help.push(advice);
    }
    if help.is_empty() {
        let example = |id: &KeyId| site.notation.member(&site.schema.key(*id).name, &site.schema.example(*id));
        let examples: Vec<String> = missing.iter().map(example).collect();
        let meaning = if let [only] = missing { site.schema.note(*only).meaning } else { "" };
        let meaning = if meaning.is_empty() { String::new() } else { format!(" ({meaning})") };
        help.push(format!("add {}{meaning}", list(&examples, "and")));
    }
    diagnostic.help(help.join("; "))
}

//! `missing-key`

use std::ops::Range;

use super::super::recognise::only_type;
use super::super::suggest::Suggestion;
use super::super::validator::Site;
use crate::apple::{Format, KeyId, Schema};
use crate::diagnostic::{Draft, Example, Rule, Severity, Spot, enforcement};
use crate::syntax::{Node, Notation};
use crate::words::{count, list};

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
    let mut message = format!("{} {verb} missing{place}", list(&names, "and"));
    // The unknown key is the same mistake: say so here, and how one change corrects both.
    let (mut related, mut help, mut misspelled) = (Vec::new(), Vec::new(), Vec::new());
    for (key, span, suggestion) in meant {
        let key = site.key(key);
        let (label, advice) = match suggestion {
            Suggestion::Unwrap(inner) => {
                message = format!("{message}; look inside the unknown key {key}");
                ("they are inside this key".to_owned(), format!("write {} without {key} around them", list(inner, "and")))
            }
            Suggestion::Respell { key: name, .. } => {
                let name = site.notation.key(name);
                let words = (format!("probably meant to be {name}"), format!("rename {key} to {name}"));
                misspelled.push(key);
                words
            }
            _ => continue,
        };
        related.push((label, Spot::at(&*pointer, span.clone())));
        help.push(advice);
    }
    match misspelled.as_slice() {
        [] => {}
        [only] => message = format!("{message}; the unknown key {only} is probably meant"),
        [first, others @ ..] => {
            message = format!("{message}; the unknown key {first} and {} are probably meant", count(others.len(), "other"));
        }
    }
    let mut diagnostic = RULE.at(site.spot(), message);
    for (label, spot) in related {
        diagnostic = diagnostic.related(label, spot);
    }
    if help.is_empty() {
        let is_type = |id: &KeyId| pointer.is_empty() && site.schema.note(*id).format == Some(Format::DeclarationType);
        let example = |id: &KeyId| {
            if is_type(id) {
                type_member(site.schema, site.node)
            } else {
                site.notation.member(&site.schema.key(*id).name, &site.schema.example(*id))
            }
        };
        let examples: Vec<String> = missing.iter().map(example).collect();
        let meaning = if let [only] = missing { site.schema.note(*only).meaning } else { "" };
        let meaning = if meaning.is_empty() { String::new() } else { format!(" ({meaning})") };
        help.push(format!("add {}{meaning}", list(&examples, "and")));
    }
    diagnostic.help(help.join("; "))
}

/// The member `Type` for the declaration at `root`: with the type that the keys of the payload tell, if they
/// tell one.
pub(super) fn type_member(schema: &Schema, root: Node<'_>) -> String {
    let kind = root.member("Payload").and_then(|payload| only_type(schema, payload));
    let notation = Notation { syntax: root.syntax(), ..Notation::default() };
    notation.member("Type", &format!("\"{}\"", kind.map_or("com.apple.…", |kind| &*schema.kind(kind).name)))
}

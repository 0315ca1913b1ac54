//! `missing-key`

use super::super::recognise::only_type;
use super::super::validator::Site;
use crate::apple::{Format, KeyId, Schema};
use crate::diagnostic::{Draft, Example, Rule, Severity, enforcement};
use crate::syntax::{Node, Notation};
use crate::words::list;

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

pub(in crate::validate) fn diagnostic(site: Site<'_, '_>, missing: &[KeyId]) -> Draft {
    let names: Vec<_> = missing.iter().map(|id| site.notation.key(&site.schema.key(*id).name)).collect();
    let verb = if names.len() == 1 { "is" } else { "are" };
    let pointer = site.path.pointer();
    let place = if pointer.is_empty() { String::new() } else { format!(" in {}", site.name()) };
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
    RULE.at(site.spot(), format!("{} {verb} missing{place}", list(&names, "and")))
        .help(format!("add {}{meaning}", list(&examples, "and")))
}

/// The member `Type` for the declaration at `root`: with the type that the keys of the payload tell, if they
/// tell one.
pub(super) fn type_member(schema: &Schema, root: Node<'_>) -> String {
    let kind = root.member("Payload").and_then(|payload| only_type(schema, payload));
    let notation = Notation { syntax: root.syntax(), ..Notation::default() };
    notation.member("Type", &format!("\"{}\"", kind.map_or("com.apple.…", |kind| &*schema.kind(kind).name)))
}

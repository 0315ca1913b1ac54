//! Finds names of keys in a policy that no declaration of its types has: such a policy would never find anything.

use super::examine::escaped;
use super::keywords::{self, Holds};
use crate::diagnostic::{Diagnostic, Region};
use crate::document::Node;
use crate::keys::{self, AnyKey, Owner, tables};
use crate::model::DeclarationType;
use crate::rules::invalid_configuration;
use crate::words::{nearest, shown};

/// The keywords whose schemas are about the same value as the schema that they stand in.
const SAME_VALUE: [&str; 7] = ["allOf", "anyOf", "oneOf", "not", "if", "then", "else"];

/// The misspelled and misplaced names in a schema for declarations of some types. Where Apple may have a key that this program does not know
/// yet, nothing is said: only of names that resemble a known one.
pub(super) fn examine(root: Node<'_>, kinds: &[DeclarationType]) -> Vec<Diagnostic<Region>> {
    let is_known = |kind: &DeclarationType| DeclarationType::KNOWN.contains(kind);
    let mut found = Vec::new();
    if kinds.iter().all(is_known) {
        let kinds = if kinds.is_empty() { &DeclarationType::KNOWN[..] } else { kinds };
        look(root, "", &mut Vec::new(), kinds, &mut found);
    }
    found
}

/// Looks at a schema of the value at some steps from the top of a declaration.
fn look(
    schema: Node<'_>,
    pointer: &str,
    steps: &mut Vec<String>,
    kinds: &[DeclarationType],
    found: &mut Vec<Diagnostic<Region>>,
) {
    for (name, value) in schema.members() {
        let Some(keyword) = name.as_str() else { continue };
        let here = format!("{pointer}/{}", escaped(&keyword));
        match (&*keyword, keywords::holds(&keyword)) {
            ("properties", _) => {
                for (key, value) in value.members() {
                    let Some(text) = key.as_str() else { continue };
                    let here = format!("{here}/{}", escaped(&text));
                    found.extend(judge(&text, &here, key, steps, kinds));
                    steps.push(text.clone().into_owned());
                    look(value, &here, steps, kinds, found);
                    steps.pop();
                }
            }
            ("required", _) => {
                for (at, item) in value.elements().enumerate() {
                    let Some(text) = item.as_str() else { continue };
                    found.extend(judge(&text, &format!("{here}/{at}"), item, steps, kinds));
                }
            }
            (word, Some(Holds::Schema)) if SAME_VALUE.contains(&word) => look(value, &here, steps, kinds, found),
            (word, Some(Holds::Schemas)) if SAME_VALUE.contains(&word) => {
                for (at, item) in value.elements().enumerate() {
                    look(item, &format!("{here}/{at}"), steps, kinds, found);
                }
            }
            _ => {}
        }
    }
}

/// What is wrong with a name, which stands at `pointer`, at some steps from the top of a declaration.
fn judge(name: &str, pointer: &str, node: Node<'_>, steps: &[String], kinds: &[DeclarationType]) -> Option<Diagnostic<Region>> {
    let at = |message| invalid_configuration::RULE.at(Region { pointer: pointer.to_owned(), span: node.span() }, message);
    let here: Vec<&'static str> = names(steps, kinds);
    if here.is_empty() || here.contains(&name) {
        return None;
    }
    if let Some(near) = nearest(name, here.iter().copied()) {
        let message = format!("no declaration that this policy is about has a key {}; did you mean {near}?", shown(name));
        return Some(at(message).help(format!("rename it to {near}")));
    }
    let payload = ["Payload".to_owned()];
    (steps.is_empty() && names(&payload, kinds).contains(&name)).then(|| {
        at(format!("{} is a key of the payload, and the schema is of the whole declaration", shown(name)))
            .help("write it in \"properties\": { \"Payload\": { \"properties\": { … } } }")
    })
}

/// The names of the keys that may stand at some steps from the top of a declaration.
fn names(steps: &[String], kinds: &[DeclarationType]) -> Vec<&'static str> {
    let is_meant = |table: &&keys::Table| match &table.owner {
        Owner::Declarations => true,
        Owner::Declaration(kind) => kinds.contains(kind),
        Owner::Legacy(_) => false,
    };
    let mut names = Vec::new();
    for table in tables().filter(is_meant) {
        let Some(group) = steps.get(table.top.len()..).filter(|_| table.top.iter().zip(steps).all(|(one, other)| one == other))
        else {
            continue;
        };
        names.extend((table.keys)().into_iter().filter(|key| key.group() == group).map(AnyKey::name));
    }
    names
}

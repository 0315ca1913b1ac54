//! Finds names of keys in a policy that no declaration of its types has: such a policy would never find anything.

use super::examine::{Flaw, escaped};
use super::keywords::{self, Holds};
use crate::document::Node;
use crate::keys::{self, AnyKey, Owner, tables};
use crate::model::DeclarationType;
use crate::words::{nearest, shown};

/// The keywords whose schemas are about the same value as the schema that they stand in.
const SAME_VALUE: [&str; 7] = ["allOf", "anyOf", "oneOf", "not", "if", "then", "else"];

/// The misspelled and misplaced names in a schema for declarations of some types. Where Apple may have a key that this program does not know
/// yet, nothing is said: only of names that resemble a known one.
pub(super) fn examine(root: Node<'_>, kinds: &[DeclarationType]) -> Vec<Flaw> {
    let is_known = |kind: &DeclarationType| DeclarationType::KNOWN.contains(kind);
    let mut flaws = Vec::new();
    if kinds.iter().all(is_known) {
        let kinds = if kinds.is_empty() { &DeclarationType::KNOWN[..] } else { kinds };
        look(root, "", &mut Vec::new(), kinds, &mut flaws);
    }
    flaws
}

/// Looks at a schema of the value at some steps from the top of a declaration.
fn look(schema: Node<'_>, pointer: &str, steps: &mut Vec<String>, kinds: &[DeclarationType], flaws: &mut Vec<Flaw>) {
    for (name, value) in schema.members() {
        let Some(keyword) = name.as_str() else { continue };
        let here = format!("{pointer}/{}", escaped(&keyword));
        match (&*keyword, keywords::holds(&keyword)) {
            ("properties", _) => {
                for (key, value) in value.members() {
                    let Some(text) = key.as_str() else { continue };
                    flaws
                        .extend(judge(&text, steps, kinds).map(|flaw| flaw.at(format!("{here}/{}", escaped(&text)), key.span())));
                    steps.push(text.clone().into_owned());
                    look(value, &format!("{here}/{}", escaped(&text)), steps, kinds, flaws);
                    steps.pop();
                }
            }
            ("required", _) => {
                for (at, item) in value.elements().enumerate() {
                    let Some(text) = item.as_str() else { continue };
                    flaws.extend(judge(&text, steps, kinds).map(|flaw| flaw.at(format!("{here}/{at}"), item.span())));
                }
            }
            (word, Some(Holds::Schema)) if SAME_VALUE.contains(&word) => look(value, &here, steps, kinds, flaws),
            (word, Some(Holds::Schemas)) if SAME_VALUE.contains(&word) => {
                for (at, item) in value.elements().enumerate() {
                    look(item, &format!("{here}/{at}"), steps, kinds, flaws);
                }
            }
            _ => {}
        }
    }
}

/// A name that is wrong, before its place is known.
struct Wrong {
    message: String,
    help: String,
}

impl Wrong {
    fn at(self, pointer: String, span: std::ops::Range<usize>) -> Flaw {
        Flaw { pointer, span, message: self.message, help: self.help }
    }
}

/// What is wrong with a name at some steps from the top of a declaration.
fn judge(name: &str, steps: &[String], kinds: &[DeclarationType]) -> Option<Wrong> {
    let here: Vec<&'static str> = names(steps, kinds);
    if here.is_empty() || here.contains(&name) {
        return None;
    }
    if let Some(near) = nearest(name, here.iter().copied()) {
        let message = format!("no declaration that this policy is about has a key {}; did you mean {near}?", shown(name));
        return Some(Wrong { message, help: format!("rename it to {near}") });
    }
    let payload = ["Payload".to_owned()];
    (steps.is_empty() && names(&payload, kinds).contains(&name)).then(|| Wrong {
        message: format!("{} is a key of the payload, and the schema is of the whole declaration", shown(name)),
        help: "write it in \"properties\": { \"Payload\": { \"properties\": { … } } }".to_owned(),
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

//! Finds key names in a policy that its declaration types do not have. Such a policy would never report anything.

use super::keywords::{self, ValueKind};
use crate::apple::{Family, Schema, Type, ValueType};
use crate::diagnostic::{Diagnostic, Region};
use crate::rules::invalid_configuration;
use crate::syntax::Node;
use crate::syntax::escaped;
use crate::words::{nearest, shown};

/// The keywords whose schemas apply to the same value as the enclosing schema.
const SAME_VALUE: [&str; 7] = ["allOf", "anyOf", "oneOf", "not", "if", "then", "else"];

/// Returns findings about misspelled and misplaced key names in a schema for declarations of `kinds`. Apple may have
/// added types and keys, so only names that resemble a known one are reported.
pub(super) fn examine(root: Node<'_>, kinds: &[String], apple: &Schema) -> Vec<Diagnostic<Region>> {
    let all: Vec<&Type> = apple.declarations().map(|(_, kind)| kind).collect();
    let known: Option<Vec<&Type>> = kinds.iter().map(|name| all.iter().copied().find(|kind| kind.name == **name)).collect();
    let mut found = Vec::new();
    if let Some(known) = known {
        let types = PolicyTypes { apple, kinds: if kinds.is_empty() { all } else { known } };
        types.walk(root, "", &mut Vec::new(), &mut found);
    }
    found
}

/// The declaration types that a policy applies to.
struct PolicyTypes<'s> {
    apple: &'s Schema,
    kinds: Vec<&'s Type>,
}

impl<'s> PolicyTypes<'s> {
    /// Checks a schema that applies to the value at the path `steps` in a declaration.
    fn walk(&self, schema: Node<'_>, pointer: &str, steps: &mut Vec<String>, found: &mut Vec<Diagnostic<Region>>) {
        for (name, value) in schema.members() {
            let Some(keyword) = name.as_str() else { continue };
            let here = format!("{pointer}/{}", escaped(&keyword));
            match (&*keyword, keywords::value_kind(&keyword)) {
                ("properties", _) => {
                    for (key, value) in value.members() {
                        let Some(text) = key.as_str() else { continue };
                        let here = format!("{here}/{}", escaped(&text));
                        found.extend(self.judge(&text, &here, key, steps));
                        steps.push(text.into_owned());
                        self.walk(value, &here, steps, found);
                        steps.pop();
                    }
                }
                ("required", _) => {
                    for (at, item) in value.elements().enumerate() {
                        let Some(text) = item.as_str() else { continue };
                        found.extend(self.judge(&text, &format!("{here}/{at}"), item, steps));
                    }
                }
                (word, Some(ValueKind::Schema)) if SAME_VALUE.contains(&word) => self.walk(value, &here, steps, found),
                (word, Some(ValueKind::Schemas)) if SAME_VALUE.contains(&word) => {
                    for (at, item) in value.elements().enumerate() {
                        self.walk(item, &format!("{here}/{at}"), steps, found);
                    }
                }
                _ => {}
            }
        }
    }

    /// Checks a key name at `pointer` in the policy, for an object at the path `steps` in a declaration.
    fn judge(&self, name: &str, pointer: &str, node: Node<'_>, steps: &[String]) -> Option<Diagnostic<Region>> {
        let at = |message| invalid_configuration::RULE.at(Region { pointer: pointer.to_owned(), span: node.span() }, message);
        let here = self.names(steps);
        if here.is_empty() || here.contains(&name) {
            return None;
        }
        if let Some(near) = nearest(name, here.iter().copied()) {
            let message = format!("the declarations of this policy have no key {}; did you mean {near}?", shown(name));
            return Some(at(message).help(format!("rename it to {near}")));
        }
        let payload = ["Payload".to_owned()];
        (steps.is_empty() && self.names(&payload).contains(&name)).then(|| {
            at(format!("{} is a key of the payload, but the schema describes the whole declaration", shown(name)))
                .help("move it into \"properties\": { \"Payload\": { \"properties\": { … } } }")
        })
    }

    /// Returns the key names that are valid at the path `steps` in a declaration.
    fn names(&self, steps: &[String]) -> Vec<&'s str> {
        let apple = self.apple;
        let (tops, steps): (Vec<ValueType>, _) = match steps.split_first() {
            Some((first, steps)) if first == "Payload" => (self.kinds.iter().map(|kind| apple.payload(kind)).collect(), steps),
            _ => (vec![ValueType::Object(apple.keys_of(Family::Envelope))], steps),
        };
        let below = |value, step: &String| Some(apple.key(apple.step(value, step)?).value);
        let objects = tops.into_iter().filter_map(|top| steps.iter().try_fold(top, below));
        objects.flat_map(|object| apple.keys(Schema::members(object))).map(|(_, key)| &*key.name).collect()
    }
}

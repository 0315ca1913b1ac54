//! Finds names of keys in a policy that no declaration of its types has: such a policy would never find anything.

use super::examine::escaped;
use super::keywords::{self, Holds};
use crate::apple::{Family, Schema, Type, ValueType};
use crate::diagnostic::{Diagnostic, Region};
use crate::document::Node;
use crate::rules::invalid_configuration;
use crate::words::{nearest, shown};

/// The keywords whose schemas are about the same value as the schema that they stand in.
const SAME_VALUE: [&str; 7] = ["allOf", "anyOf", "oneOf", "not", "if", "then", "else"];

/// The misspelled and misplaced names in a schema for declarations of some types. Apple may have a type or a key that this program does not
/// know yet, so only names that resemble a known one are reported.
pub(super) fn examine(root: Node<'_>, kinds: &[String], apple: &Schema) -> Vec<Diagnostic<Region>> {
    let all: Vec<&Type> = apple.declarations().map(|(_, kind)| kind).collect();
    let known: Option<Vec<&Type>> = kinds.iter().map(|name| all.iter().copied().find(|kind| kind.name == **name)).collect();
    let mut found = Vec::new();
    if let Some(known) = known {
        let meant = Meant { apple, kinds: if kinds.is_empty() { all } else { known } };
        meant.look(root, "", &mut Vec::new(), &mut found);
    }
    found
}

/// The types that a policy is about.
struct Meant<'s> {
    apple: &'s Schema,
    kinds: Vec<&'s Type>,
}

impl<'s> Meant<'s> {
    /// Looks at a schema of the value at some steps from the top of a declaration.
    fn look(&self, schema: Node<'_>, pointer: &str, steps: &mut Vec<String>, found: &mut Vec<Diagnostic<Region>>) {
        for (name, value) in schema.members() {
            let Some(keyword) = name.as_str() else { continue };
            let here = format!("{pointer}/{}", escaped(&keyword));
            match (&*keyword, keywords::holds(&keyword)) {
                ("properties", _) => {
                    for (key, value) in value.members() {
                        let Some(text) = key.as_str() else { continue };
                        let here = format!("{here}/{}", escaped(&text));
                        found.extend(self.judge(&text, &here, key, steps));
                        steps.push(text.into_owned());
                        self.look(value, &here, steps, found);
                        steps.pop();
                    }
                }
                ("required", _) => {
                    for (at, item) in value.elements().enumerate() {
                        let Some(text) = item.as_str() else { continue };
                        found.extend(self.judge(&text, &format!("{here}/{at}"), item, steps));
                    }
                }
                (word, Some(Holds::Schema)) if SAME_VALUE.contains(&word) => self.look(value, &here, steps, found),
                (word, Some(Holds::Schemas)) if SAME_VALUE.contains(&word) => {
                    for (at, item) in value.elements().enumerate() {
                        self.look(item, &format!("{here}/{at}"), steps, found);
                    }
                }
                _ => {}
            }
        }
    }

    /// What is wrong with a name, which stands at `pointer`, at some steps from the top of a declaration.
    fn judge(&self, name: &str, pointer: &str, node: Node<'_>, steps: &[String]) -> Option<Diagnostic<Region>> {
        let at = |message| invalid_configuration::RULE.at(Region { pointer: pointer.to_owned(), span: node.span() }, message);
        let here = self.names(steps);
        if here.is_empty() || here.contains(&name) {
            return None;
        }
        if let Some(near) = nearest(name, here.iter().copied()) {
            let message = format!("no declaration that this policy is about has a key {}; did you mean {near}?", shown(name));
            return Some(at(message).help(format!("rename it to {near}")));
        }
        let payload = ["Payload".to_owned()];
        (steps.is_empty() && self.names(&payload).contains(&name)).then(|| {
            at(format!("{} is a key of the payload, and the schema is of the whole declaration", shown(name)))
                .help("write it in \"properties\": { \"Payload\": { \"properties\": { … } } }")
        })
    }

    /// The names of the keys that may stand at some steps from the top of a declaration.
    fn names(&self, steps: &[String]) -> Vec<&'s str> {
        let apple = self.apple;
        let (tops, steps): (Vec<ValueType>, _) = match steps.split_first() {
            Some((first, steps)) if first == "Payload" => (self.kinds.iter().map(|kind| apple.payload(kind)).collect(), steps),
            _ => (vec![ValueType::Object(apple.keys_of(Family::Envelope))], steps),
        };
        let below = |value, step: &String| Some(apple.key(apple.step(value, step)?).value);
        let objects = tops.into_iter().filter_map(|top| steps.iter().try_fold(top, below));
        objects.flat_map(|object| apple.keys(apple.members(object))).map(|(_, key)| &*key.name).collect()
    }
}

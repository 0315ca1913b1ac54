//! Reads the attributes of mappings in Apple's YAML files.

use super::File;
use crate::syntax::yaml::NodeId;
use crate::words::{is_unsafe, list, shown};

/// Known attributes without a use: descriptions, and string formats, which the overlay defines itself.
const UNUSED: &[&str] = &[
    "beta",
    "content",
    "description",
    "examples",
    "format",
    "notes",
    "reasons",
    "related-status-items",
    "subkeytype",
    "subtype",
    "title",
    "valuetype",
];

/// The known attributes of a mapping.
pub(super) struct Attributes(Vec<(&'static str, NodeId)>);

impl Attributes {
    pub(super) fn get(&self, name: &str) -> Option<NodeId> {
        self.0.iter().find(|(other, _)| *other == name).map(|(_, value)| *value)
    }
}

impl File<'_> {
    /// Reads the attributes with these names. Complains about any other.
    pub(super) fn attributes(&mut self, node: NodeId, owner: &str, known: &[&'static str]) -> Option<Attributes> {
        let Some(pairs) = self.tree.pairs(node).map(<[_]>::to_vec) else {
            self.complain(node, format!("{owner} must be a mapping"));
            return None;
        };
        let mut found = Attributes(Vec::new());
        for (key, value) in pairs {
            let name = self.tree.scalar(key).unwrap_or_default();
            match known.iter().find(|known| **known == name) {
                Some(known) if found.get(known).is_none() => found.0.push((known, value)),
                Some(known) => self.complain(key, format!("`{known}` occurs twice")),
                None if UNUSED.contains(&name) => {}
                None => {
                    let message = format!("the attribute `{name}` of {owner} is unknown");
                    self.complain(key, message);
                }
            }
        }
        Some(found)
    }

    /// Returns the name of a type or a key. Names stand at the start of lines that are printed, so the characters that
    /// Apple's have are all that is supported.
    pub(super) fn name(&mut self, node: NodeId) -> Option<String> {
        let name = self.string(node)?;
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ' ');
        if !name.chars().all(is_plain) || !name.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_') {
            self.complain(node, format!("the name `{}` has characters that are not supported", shown(&name)));
            return None;
        }
        Some(name)
    }

    pub(super) fn string(&mut self, node: NodeId) -> Option<String> {
        let text = self.tree.scalar(node).map(str::to_owned);
        if text.is_none() {
            self.complain(node, "expected a string");
        }
        let is_refused = |c: char| is_unsafe(c) && !matches!(c, '\n' | '\t');
        if text.as_ref().is_some_and(|text| text.contains(is_refused)) {
            self.complain(node, "control and invisible characters are not supported");
            return None;
        }
        text
    }

    pub(super) fn parse<T: std::str::FromStr>(&mut self, node: NodeId, what: &str) -> Option<T> {
        let text = self.string(node)?;
        let value = text.parse().ok();
        if value.is_none() {
            self.complain(node, format!("`{text}` is not {what}"));
        }
        value
    }

    /// Reads the items of a list.
    pub(super) fn items(&mut self, node: NodeId) -> Vec<NodeId> {
        let items = self.tree.items(node).map(<[_]>::to_vec);
        if items.is_none() {
            self.complain(node, "expected a list");
        }
        items.unwrap_or_default()
    }

    pub(super) fn strings(&mut self, node: NodeId) -> Vec<String> {
        self.items(node).into_iter().filter_map(|item| self.string(item)).collect()
    }

    /// Reads a word and returns its value.
    pub(super) fn one_of<T: Copy>(&mut self, node: NodeId, words: &[(&str, T)]) -> Option<T> {
        let text = self.string(node)?;
        let value = words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
        if value.is_none() {
            let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            self.complain(node, format!("`{text}` must be {}", list(&words, "or")));
        }
        value
    }
}

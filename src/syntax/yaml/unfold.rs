//! Turns the nodes of a YAML document into the entries of a tree: aliases and merge keys become what they stand for.

use std::collections::HashSet;
use std::ops::Range;

use super::Read;
use super::scalar::{self, Trap};
use super::tree::{Content, Node, NodeId, Tag, Tree};
use crate::diagnostic::SyntaxDiagnostic;
use crate::limits::{MAX_DEPTH, MAX_DOCUMENT_BYTES, MAX_FINDINGS, MAX_VALUES};
use crate::syntax::Kind;
use crate::syntax::builder::Builder;
use crate::syntax::rules::{invalid_yaml, oversized_document};

/// The key of a mapping whose members count as members of the mapping around it.
const MERGE: &str = "<<";

/// Adds the entries of a document.
pub(super) struct Unfolder<'u, 't, 's> {
    tree: &'u Tree<'t>,
    text: &'t str,
    out: Builder<'s>,
    faults: Vec<SyntaxDiagnostic>,
    traps: Vec<(usize, Trap)>,
    /// The starts of the traps: an alias repeats a scalar.
    trapped: HashSet<usize>,
    /// The starts of the values whose tags were refused.
    refused: HashSet<usize>,
    depth: usize,
}

/// Why unfolding ends early: a limit is exceeded.
type Stopped = Box<SyntaxDiagnostic>;

impl<'u, 't, 's> Unfolder<'u, 't, 's> {
    pub(super) fn new(tree: &'u Tree<'t>, text: &'t str, out: Builder<'s>, faults: Vec<SyntaxDiagnostic>) -> Self {
        Self { tree, text, out, faults, traps: Vec::new(), trapped: HashSet::new(), refused: HashSet::new(), depth: 0 }
    }

    /// Unfolds the document at `root`.
    pub(super) fn read(mut self, root: NodeId) -> Read {
        match self.value(root) {
            Ok(()) => Read { has_value: true, faults: self.faults, traps: self.traps },
            Err(fault) => Read::refused(*fault),
        }
    }

    fn value(&mut self, id: NodeId) -> Result<(), Stopped> {
        let tree = self.tree;
        let node = tree.node(id);
        self.spend(node)?;
        match &node.content {
            Content::Alias(target) => return self.value(*target),
            Content::Ancestor(_) => self.refuse(node, invalid_yaml::recursive(node.span.clone())),
            Content::Scalar(text) => self.scalar(node, text),
            Content::Sequence(items) if matches!(node.tag, Tag::None | Tag::Sequence) => {
                let opened = self.out.open(Kind::Array, node.span.start);
                for item in items {
                    self.value(*item)?;
                }
                self.out.close(opened, node.span.end, node.is_complete);
            }
            Content::Mapping(pairs) if matches!(node.tag, Tag::None | Tag::Mapping) => {
                let opened = self.out.open(Kind::Object, node.span.start);
                let faults = self.faults.len();
                self.mapping(pairs)?;
                let is_complete = node.is_complete && self.faults.len() == faults;
                self.out.close(opened, node.span.end, is_complete);
            }
            Content::Sequence(_) | Content::Mapping(_) => self.refuse_tag(node),
        }
        self.depth -= 1;
        Ok(())
    }

    /// Counts a value against the limits.
    fn spend(&mut self, node: &Node<'_>) -> Result<(), Stopped> {
        let size = if let Content::Scalar(text) = &node.content { text.len() } else { 0 };
        if matches!(node.content, Content::Alias(_)) {
            return Ok(());
        }
        let is_nested = matches!(node.content, Content::Sequence(_) | Content::Mapping(_));
        if is_nested && self.depth >= MAX_DEPTH {
            return Err(Box::new(invalid_yaml::deep(node.span.clone())));
        }
        if self.out.values() >= MAX_VALUES || self.out.len() + size > MAX_DOCUMENT_BYTES {
            return Err(Box::new(oversized_document::unfolded(node.span.clone())));
        }
        self.depth += 1;
        Ok(())
    }

    fn mapping(&mut self, pairs: &[(NodeId, NodeId)]) -> Result<(), Stopped> {
        let tree = self.tree;
        let mut names: HashSet<&str> = HashSet::new();
        if pairs.iter().any(|(key, _)| is_merge(tree, *key)) {
            names.extend(pairs.iter().filter(|(key, _)| !is_merge(tree, *key)).filter_map(|(key, _)| tree.scalar(*key)));
        }
        for (key, value) in pairs {
            if is_merge(tree, *key) {
                self.merge(*value, &mut names)?;
            } else {
                self.member(*key, *value)?;
            }
        }
        Ok(())
    }

    /// Adds the members of a mapping, or of several, whose names are new.
    fn merge(&mut self, value: NodeId, names: &mut HashSet<&'u str>) -> Result<(), Stopped> {
        let tree = self.tree;
        let node = tree.node(tree.target(value));
        if matches!(tree.node(value).content, Content::Ancestor(_)) {
            self.fault(invalid_yaml::recursive(tree.node(value).span.clone()));
            return Ok(());
        }
        match &node.content {
            Content::Mapping(pairs) => {
                for (key, value) in pairs.iter().filter(|(key, _)| !is_merge(tree, *key)) {
                    if tree.scalar(*key).is_none_or(|name| names.insert(name)) {
                        self.member(*key, *value)?;
                    }
                }
                for (_, value) in pairs.iter().filter(|(key, _)| is_merge(tree, *key)) {
                    self.merge(*value, names)?;
                }
            }
            Content::Sequence(items) => {
                for item in items {
                    self.merge(*item, names)?;
                }
            }
            _ => self.fault(invalid_yaml::merge(tree.node(value).span.clone())),
        }
        Ok(())
    }

    fn member(&mut self, key: NodeId, value: NodeId) -> Result<(), Stopped> {
        let tree = self.tree;
        let node = tree.node(tree.target(key));
        match &node.content {
            Content::Scalar(text) if node.tag != Tag::Other && !tree.is_empty(tree.target(key)) => {
                self.spend(node)?;
                self.depth -= 1;
                self.trap(node, text);
                self.out.string(text, Kind::String, node.span.clone());
                self.value(value)
            }
            _ => {
                let is_template = self.text[..node.span.start].ends_with('{') && matches!(node.content, Content::Mapping(_));
                self.fault(invalid_yaml::key(is_template, node.span.clone()));
                Ok(())
            }
        }
    }

    fn scalar(&mut self, node: &Node<'_>, text: &str) {
        let resolved = || scalar::resolve(text);
        let is_of = |kind: Kind| resolved().filter(|(_, found)| *found == kind);
        let tagged = match node.tag {
            Tag::None if node.is_plain => {
                self.trap(node, text);
                resolved()
            }
            Tag::Null => is_of(Kind::Null),
            Tag::Boolean => is_of(Kind::Boolean),
            Tag::Integer => is_of(Kind::Number).filter(|(number, _)| scalar::is_integer(number)),
            Tag::Float => is_of(Kind::Number),
            Tag::None | Tag::String | Tag::Sequence | Tag::Mapping | Tag::Other => None,
        };
        match tagged {
            Some((json, kind)) => self.out.plain(&json, kind, node.span.clone()),
            None if matches!(node.tag, Tag::None | Tag::String) => self.out.string(text, Kind::String, node.span.clone()),
            None => self.refuse_tag(node),
        }
    }

    /// Remembers a scalar that YAML 1.1 reads differently; its entry is the next.
    fn trap(&mut self, node: &Node<'_>, text: &str) {
        if node.tag == Tag::None
            && node.is_plain
            && let Some(trap) = Trap::of(text)
            && self.trapped.insert(node.span.start)
        {
            self.traps.push((self.out.values(), trap));
        }
    }

    fn fault(&mut self, fault: SyntaxDiagnostic) {
        if self.faults.len() < MAX_FINDINGS {
            self.faults.push(fault);
        }
    }

    /// Reports a value that cannot be read.
    fn refuse(&mut self, node: &Node<'_>, fault: SyntaxDiagnostic) {
        self.fault(fault);
        self.out.unreadable(node.span.clone());
    }

    fn refuse_tag(&mut self, node: &Node<'_>) {
        // An alias can repeat the value many times.
        if !self.refused.insert(node.span.start) {
            return self.out.unreadable(node.span.clone());
        }
        let before = self.text[..node.span.start].trim_end();
        let start = before.rfind(|c: char| c.is_ascii_whitespace() || "[{,".contains(c)).map_or(0, |at| at + 1);
        let tag: Range<usize> = if before[start..].starts_with('!') { start..before.len() } else { node.span.clone() };
        let name = self.text.get(tag.clone()).filter(|name| name.starts_with('!'));
        let fault = invalid_yaml::tag(name, tag);
        self.refuse(node, fault);
    }
}

fn is_merge(tree: &Tree<'_>, key: NodeId) -> bool {
    let node = tree.node(key);
    node.is_plain && matches!(&node.content, Content::Scalar(text) if text == MERGE)
}

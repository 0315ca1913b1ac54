//! Where a position is in a document, as Apple's schema sees it.

use std::ops::Range;

use crate::apple::activation::STANDARD_CONFIGURATIONS;
use crate::apple::{ACTIVATION, Family, KeyId, Rows, Schema, TypeId, ValueType};
use crate::locate;
use crate::syntax::{self, Buffers, Grammar, Kind, Node, Placeholders, Syntax};
use crate::validate::{self, Reading, Strictness, Validator};

/// A parsed document and its meaning.
pub(super) struct Tree<'d> {
    pub(super) schema: &'d Schema,
    pub(super) root: Node<'d>,
    pub(super) reading: Option<Reading<'d>>,
    /// Where the document begins in its file.
    pub(super) base: usize,
    /// The type, also of a declaration that is not complete.
    pub(super) kind: Option<TypeId>,
}

/// A place in a document: a value, or its key.
pub(super) struct Spot<'d> {
    pub(super) node: Node<'d>,
    /// The key of the value, if it is a member.
    pub(super) key: Option<Node<'d>>,
    /// Whether the position is on the key.
    pub(super) is_on_key: bool,
    /// What the schema says about the value: its type, the key, and the type of document that has it.
    pub(super) value: Option<ValueType>,
    pub(super) id: Option<KeyId>,
    /// The key of the array that it is an item of.
    outer: Option<KeyId>,
    pub(super) kind: Option<TypeId>,
    /// The steps from the root.
    pub(super) path: Vec<String>,
    /// The objects and arrays around it, from the outside in.
    pub(super) around: Vec<Node<'d>>,
}

/// The document of a file that contains an offset, or ends right before it.
pub(super) fn document_at(name: &str, text: &str, offset: usize) -> Option<Range<usize>> {
    locate::documents(name, text.as_bytes()).take_while(|span| span.start <= offset).filter(|span| offset <= span.end).last()
}

/// Parses a document and passes it to `take`. `kind` is the type of a declaration whose text does not tell.
pub(super) fn with<R>(
    schema: &Schema,
    grammar: Grammar,
    (text, base): (&[u8], usize),
    kind: Option<TypeId>,
    take: impl FnOnce(&Tree<'_>) -> R,
) -> Option<R> {
    let mut buffers = Buffers::default();
    let parsed = syntax::parse_as(grammar, text, &mut buffers);
    let document = parsed.document?;
    let root = document.root();
    let placeholders = Placeholders::default();
    let mut validator = Validator::new(schema, &placeholders);
    validator.text = text;
    let reading = validate::read(root, Strictness::Named, &mut validator);
    let named = || schema.find(&root.member("Type")?.as_str()?);
    let kind = reading.as_ref().and_then(|reading| reading.kind).or_else(named).or(kind);
    Some(take(&Tree { schema, root, reading, base, kind }))
}

impl<'d> Tree<'d> {
    /// What the schema says about a value that begins a description: the root, a payload, or a part of an older document.
    fn described(&self, node: Node<'d>, is_payload: bool) -> Option<(ValueType, TypeId)> {
        let schema = self.schema;
        if let Some(reading) = &self.reading {
            if let Some(legacy) = &reading.legacy {
                let part = legacy.parts.iter().rev().find(|part| part.node.index() == node.index());
                if let Some(part) = part {
                    return Some((ValueType::Object(part.rows), part.kind));
                }
            }
            if node.index() == self.root.index() && !reading.is_enveloped && reading.payload.is_some() {
                let kind = reading.kind?;
                return Some((schema.payload(schema.kind(kind)), kind));
            }
        }
        if is_payload {
            let kind = self.kind?;
            return Some((schema.payload(schema.kind(kind)), kind));
        }
        let is_root = node.index() == self.root.index();
        let envelope = schema.only(Family::Envelope).filter(|_| is_root && node.syntax() != Syntax::PropertyList)?;
        Some((ValueType::Object(schema.kind(envelope).keys), envelope))
    }

    /// The innermost place that contains an offset in the document.
    pub(super) fn spot(&self, offset: usize) -> Spot<'d> {
        let contains = |node: Node<'_>| node.span().start <= offset && offset <= node.span().end;
        self.descend(|key, value| {
            let is_on_key = key.is_some_and(contains);
            (is_on_key || contains(value)).then_some(is_on_key)
        })
    }

    /// The place of a node.
    pub(super) fn spot_of(&self, node: Node<'d>) -> Spot<'d> {
        let within = |outer: Node<'_>| outer.index() <= node.index() && node.index() < outer.index() + outer.len();
        self.descend(|key, value| {
            let is_on_key = key.is_some_and(|key| key.index() == node.index());
            (is_on_key || within(value)).then_some(is_on_key)
        })
    }

    /// Goes down to the last value that `is_there` accepts; it says whether the key is meant.
    fn descend(&self, is_there: impl Fn(Option<Node<'d>>, Node<'d>) -> Option<bool>) -> Spot<'d> {
        let start = self.described(self.root, false);
        let mut spot = Spot {
            node: self.root,
            key: None,
            is_on_key: false,
            value: start.map(|(value, _)| value),
            id: None,
            outer: None,
            kind: start.map(|(_, kind)| kind),
            path: Vec::new(),
            around: Vec::new(),
        };
        loop {
            let node = spot.node;
            let elements = node.elements().enumerate().map(|(at, value)| (None, value, at.to_string()));
            let members = node.members().map(|(key, value)| (Some(key), value, key.as_str().unwrap_or_default().into_owned()));
            let found = elements.chain(members).filter_map(|found| Some((is_there(found.0, found.1)?, found))).last();
            let Some((is_on_key, (key, value, step))) = found else { return spot };
            spot.around.push(node);
            let notation = self.reading.as_ref().map(|reading| reading.notation).unwrap_or_default();
            let name = if key.is_some() { notation.like_apple(&step).into_owned() } else { "*".to_owned() };
            let id = spot.value.and_then(|value| self.schema.step(value, &name));
            let is_payload = spot.path.is_empty() && (step == "Payload" || step == "payload");
            spot.outer = spot.id.filter(|_| key.is_none());
            (spot.value, spot.id) = (id.map(|id| self.schema.key(id).value), id);
            if let Some((value, kind)) = self.described(value, is_payload) {
                spot.value = Some(value);
                if !is_on_key {
                    spot.kind = Some(kind);
                }
            }
            (spot.node, spot.key, spot.is_on_key) = (value, key, is_on_key);
            spot.path.push(step);
            if is_on_key {
                return spot;
            }
        }
    }

    /// The range of a part of the document in its file.
    pub(super) fn range(&self, span: Range<usize>) -> Range<usize> {
        self.base + span.start..self.base + span.end
    }
}

impl Spot<'_> {
    /// The key whose value names declarations, if this is such a value or an item of it.
    pub(super) fn reference(&self, tree: &Tree<'_>) -> Option<Reference> {
        reference(tree, self.id, self.outer, &self.path)
    }

    /// The keys of the object that it is, or that it is a member of.
    pub(super) fn rows(&self) -> Option<Rows> {
        if let Some(ValueType::Object(rows)) = self.value { Some(rows) } else { None }
    }
}

/// What a value may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reference {
    /// Configurations, in an activation.
    Configurations,
    /// Assets, by the key.
    Assets(KeyId),
}

/// What the value of a key names. `outer` is the key of the array that it is an item of.
fn reference(tree: &Tree<'_>, id: Option<KeyId>, outer: Option<KeyId>, path: &[String]) -> Option<Reference> {
    let schema = tree.schema;
    let is_activation = tree.kind.is_some_and(|kind| schema.kind(kind).name == ACTIVATION);
    if is_activation && path.get(1..=STANDARD_CONFIGURATIONS.len()).is_some_and(|names| names == STANDARD_CONFIGURATIONS) {
        return Some(Reference::Configurations);
    }
    let has_assets = |id: &KeyId| !schema.key(*id).assets.is_empty();
    // The item of an array of names has no types of its own.
    id.filter(has_assets).or(outer.filter(has_assets)).map(Reference::Assets)
}

/// A name in a document: of the declaration itself, or of another one.
pub(super) struct Name<'d> {
    pub(super) node: Node<'d>,
    pub(super) text: String,
    /// `None` for the identifier of the declaration.
    pub(super) reference: Option<Reference>,
}

/// All names in a declaration.
pub(super) fn names<'d>(tree: &Tree<'d>) -> Vec<Name<'d>> {
    let mut all = Vec::new();
    let Some(reading) = tree.reading.as_ref().filter(|reading| reading.legacy.is_none()) else { return all };
    let own = reading.identifier.filter(|node| node.kind() == Kind::String);
    let own = own.and_then(|node| Some(Name { node, text: node.as_str()?.into_owned(), reference: None }));
    all.extend(own);
    let value = tree.described(tree.root, false).map(|(value, _)| value);
    tree.collect(tree.root, value, (None, None), &mut Vec::new(), &mut all);
    all
}

impl<'d> Tree<'d> {
    /// Adds the names at and below a value. `ids` are its key and that of the array that it is an item of.
    fn collect(
        &self,
        node: Node<'d>,
        value: Option<ValueType>,
        (id, outer): (Option<KeyId>, Option<KeyId>),
        path: &mut Vec<String>,
        into: &mut Vec<Name<'d>>,
    ) {
        if node.kind() == Kind::String {
            let named = reference(self, id, outer, path).and_then(|reference| Some((reference, node.as_str()?)));
            into.extend(named.map(|(reference, text)| Name { node, text: text.into_owned(), reference: Some(reference) }));
        }
        for (at, element) in node.elements().enumerate() {
            let item = value.and_then(|value| self.schema.step(value, "*"));
            path.push(at.to_string());
            self.collect(element, item.map(|item| self.schema.key(item).value), (item, id), path, into);
            path.pop();
        }
        for (key, member) in node.members() {
            let Some(name) = key.as_str() else { continue };
            let id = value.and_then(|value| self.schema.step(value, &name));
            let is_payload = path.is_empty() && (name == "Payload" || name == "payload");
            let described = is_payload.then(|| self.described(member, true)).flatten().map(|(value, _)| value);
            path.push(name.into_owned());
            self.collect(member, described.or(id.map(|id| self.schema.key(id).value)), (id, None), path, into);
            path.pop();
        }
    }
}

//! The readable content of a document.

use std::borrow::Cow;

use super::Legacy;
use crate::apple::{Channel, Family, Key, KeyId, KeyPath, PAYLOAD_SCOPE, Rows, Schema, TypeId, Value, ValueType};
use crate::diagnostic::Region;
use crate::hash::Map;
use crate::syntax::{Integer, Kind, Node, Notation, Path};

/// The result of reading a document.
pub(crate) struct Reading<'d> {
    pub(crate) schema: &'d Schema,
    pub(crate) root: Node<'d>,
    /// How it writes keys and values.
    pub(crate) notation: Notation,
    /// The type of the declaration, of a payload without an envelope, or of the legacy document.
    pub(crate) kind: Option<TypeId>,
    /// Whether it has an envelope.
    pub(crate) is_enveloped: bool,
    /// Whether its type is one of Apple's that the schema does not describe.
    pub(crate) is_unexamined: bool,
    /// The payload of a declaration, if its type is known and it is an object.
    pub(crate) payload: Option<Node<'d>>,
    /// The key of the payload; `None` without an envelope.
    pub(crate) payload_key: Option<Node<'d>>,
    /// The value of `Identifier`, valid or not.
    pub(crate) identifier: Option<Node<'d>>,
    /// Whether the envelope is in lower case, as some APIs take it.
    pub(crate) is_of_api: bool,
    /// The content of a legacy document.
    pub(crate) legacy: Option<Legacy<'d>>,
    pub(super) marks: Marks,
    pub(super) meant: Meant<'d>,
}

/// The misspelled keys and their values, by the index of their object and the key that was meant, in Apple's spelling. The
/// values are judged as those of that key.
pub(super) type Meant<'d> = Map<(usize, &'d str), (Node<'d>, Node<'d>)>;

/// Whether each value that the schema describes is right, by the index of its node.
#[derive(Debug, Default)]
pub(super) struct Marks(Vec<Option<bool>>);

impl Marks {
    pub(super) fn of(root: Node<'_>) -> Self {
        Self(vec![None; root.len()])
    }

    pub(super) fn set(&mut self, node: Node<'_>, is_right: bool) {
        if let Some(mark) = self.0.get_mut(node.index()) {
            *mark = Some(is_right);
        }
    }

    /// Clears the mark of a value, because a later value of the same key counts instead.
    pub(super) fn clear(&mut self, node: Node<'_>) {
        if let Some(mark) = self.0.get_mut(node.index()) {
            *mark = None;
        }
    }

    fn get(&self, node: Node<'_>) -> Option<bool> {
        self.0.get(node.index()).copied().flatten()
    }
}

/// A part of a document that is judged separately: a payload, a command, or one of its updates.
#[derive(Clone)]
pub(crate) struct Part<'d> {
    pub(crate) kind: TypeId,
    /// The keys that describe it: those of its type, or those of one of its objects.
    pub(crate) rows: Rows,
    pub(crate) node: Node<'d>,
    pub(crate) pointer: String,
    /// Where the name of its type stands, if not in it.
    pub(crate) named: Option<Region>,
    /// Whether users can change what it sets.
    pub(crate) is_once: bool,
}

impl<'d> Part<'d> {
    pub(super) fn new(kind: TypeId, rows: Rows, node: Node<'d>, pointer: String) -> Self {
        Self { kind, rows, node, pointer, named: None, is_once: false }
    }
}

impl<'d> Reading<'d> {
    /// The payload of a declaration.
    pub(crate) fn payload(&self) -> Option<Object<'_, 'd>> {
        let kind = self.kind.filter(|_| self.legacy.is_none())?;
        Some(self.object(self.payload?, self.schema.kind(kind).keys))
    }

    /// The envelope of a declaration.
    pub(crate) fn envelope(&self) -> Option<Object<'_, 'd>> {
        let kind = self.schema.only(Family::Envelope).filter(|_| self.is_enveloped)?;
        Some(self.object(self.root, self.schema.kind(kind).keys))
    }

    /// The channel that a declaration names.
    pub(crate) fn channel(&self) -> Option<Channel> {
        let scope = self.root.member(PAYLOAD_SCOPE).filter(|_| self.is_enveloped)?;
        [Channel::Device, Channel::User].into_iter().find(|channel| scope.is_str(channel.scope()))
    }

    /// The key and the value of a member, in Apple's spelling; else of the misspelled member that was meant.
    pub(crate) fn member(&self, object: Node<'d>, name: &str) -> Option<(Node<'d>, Node<'d>)> {
        let written = self.notation.key(name);
        let found = object.members().filter(|(key, _)| key.is_str(&written)).last();
        // Most documents have none.
        let meant = || if self.meant.is_empty() { None } else { self.meant.get(&(object.index(), name)).copied() };
        found.or_else(meant)
    }

    pub(crate) fn part<'r>(&'r self, part: &Part<'d>) -> Object<'r, 'd> {
        self.object(part.node, part.rows)
    }

    /// Without what misspelled keys were meant to be: devices do not know them.
    pub(crate) fn without_meant(mut self) -> Self {
        self.meant.clear();
        self
    }

    /// The payload with a key of a deferral: `payload` itself, or the first other one.
    pub(crate) fn deferral(&self, payload: Object<'_, 'd>, key: KeyPath) -> Object<'_, 'd> {
        let other = || self.legacy.as_ref()?.with_deferral(key, self.schema);
        let part = if payload.has(key) { None } else { other() };
        part.map_or_else(|| self.object(payload.node, payload.rows), |part| self.part(part))
    }

    /// Whether a part is the top of its type rather than an object in it.
    pub(crate) fn is_head(&self, part: &Part<'d>) -> bool {
        self.schema.kind(part.kind).is_described_by(part.rows)
    }

    fn object(&self, node: Node<'d>, rows: Rows) -> Object<'_, 'd> {
        Object { reading: self, node, rows }
    }

    /// The type of a declaration: the one in the schema that it has or was meant to have, or another of Apple's.
    pub(crate) fn type_name(&self) -> Option<Cow<'d, str>> {
        match self.kind {
            Some(kind) => Some(Cow::Borrowed(&*self.schema.kind(kind).name)),
            None => self.envelope()?.text(&["Type"]),
        }
    }

    /// Whether the identifier is right.
    pub(crate) fn is_named(&self) -> bool {
        self.identifier.is_some_and(|identifier| self.is_enveloped && self.marks.get(identifier) == Some(true))
    }

    /// Whether it is a declaration of this type, or its payload.
    pub(crate) fn is(&self, name: &str) -> bool {
        self.kind.is_some_and(|kind| self.schema.kind(kind).name == name)
    }
}

/// An object of a document, with the keys that describe it.
///
/// A key that is present but was not read has a placeholder or a wrong value. Rules must not conclude anything from
/// it, so they ask the object and not the document. Paths are relative to the object.
#[derive(Clone, Copy)]
pub(crate) struct Object<'r, 'd> {
    reading: &'r Reading<'d>,
    pub(crate) node: Node<'d>,
    rows: Rows,
}

impl<'d> Object<'_, 'd> {
    pub(crate) fn schema(self) -> &'d Schema {
        self.reading.schema
    }

    pub(crate) fn notation(self) -> Notation {
        self.reading.notation
    }

    /// An object below it, with the keys that describe it.
    pub(crate) fn at(self, node: Node<'d>, rows: Rows) -> Self {
        Self { node, rows, ..self }
    }

    pub(crate) fn rows(self) -> Rows {
        self.rows
    }

    /// Whether it has a key, as far as that is known.
    pub(crate) fn presence(self, path: &[&str]) -> Presence<'d> {
        let mut at = self.node;
        for step in path {
            match self.reading.member(at, step) {
                Some((_, next)) => at = next,
                None if at.kind() == Kind::Object && at.is_complete() => return Presence::Absent,
                None => return Presence::Unknown,
            }
        }
        if self.is_right(at) { Presence::Present(at) } else { Presence::Unknown }
    }

    /// Its value, without positions.
    pub(crate) fn value(self) -> Value {
        Value::of(self.node, self.schema(), ValueType::Object(self.rows))
    }

    /// The value at a path, right or not.
    pub(crate) fn find(self, path: &[&str]) -> Option<Node<'d>> {
        path.iter().try_fold(self.node, |node, step| Some(self.reading.member(node, step)?.1))
    }

    /// The value of a key, if it is right.
    pub(crate) fn get(self, path: &[&str]) -> Option<Node<'d>> {
        self.find(path).filter(|node| self.is_right(*node))
    }

    pub(crate) fn text(self, path: &[&str]) -> Option<Cow<'d, str>> {
        self.get(path)?.as_str()
    }

    pub(crate) fn boolean(self, path: &[&str]) -> Option<bool> {
        self.get(path)?.as_bool()
    }

    pub(crate) fn integer(self, path: &[&str]) -> Option<i64> {
        match self.get(path)?.as_integer()? {
            Integer::Exact(number) => Some(number),
            Integer::Huge | Integer::Fraction => None,
        }
    }

    /// The string of a key, parsed.
    pub(crate) fn parse<T: std::str::FromStr>(self, path: &[&str]) -> Option<T> {
        self.text(path)?.parse().ok()
    }

    /// The objects in the array of a key, if the array is right.
    pub(crate) fn items(self, key: &str) -> impl Iterator<Item = Self> {
        let schema = self.schema();
        let rows = schema.at_path(self.rows, [key, "*"]).map(|item| Schema::members(schema.key(item).value));
        let nodes = self.get(&[key]).into_iter().flat_map(Node::elements);
        nodes.zip(std::iter::repeat(rows.unwrap_or_default())).map(move |(node, rows)| Self { node, rows, ..self })
    }

    /// Whether the key is present but its value is unknown: a placeholder, null, or wrong.
    pub(crate) fn is_unknown(self, path: &[&str]) -> bool {
        self.find(path).is_some_and(|node| !self.is_right(node))
    }

    /// Whether the object has the key with any value except null.
    pub(crate) fn has(self, path: &[&str]) -> bool {
        self.find(path).is_some_and(|node| !node.is_null())
    }

    /// Whether the object has the key with a value of this kind, right or not.
    pub(crate) fn holds(self, path: &[&str], kind: Kind) -> bool {
        self.find(path).is_some_and(|node| node.kind() == kind)
    }

    /// Whether a value is right: this object or one below it.
    pub(crate) fn is_right(self, node: Node<'d>) -> bool {
        self.reading.marks.get(node) == Some(true)
    }

    /// Whether every key in it could be read and none is missing.
    pub(crate) fn is_complete(self) -> bool {
        let schema = self.schema();
        let is_there =
            |(id, key): (KeyId, &Key)| !key.is_required || schema.note(id).is_added_by_server || self.spells(&key.name);
        let is_right = |value: Node<'d>| value.is_null() || self.reading.marks.get(value).unwrap_or(true);
        schema.keys(self.rows).all(is_there) && self.node.members().all(|(_, value)| is_right(value))
    }

    /// Whether it has a key, as Apple spells it, with any value except null.
    fn spells(self, name: &str) -> bool {
        self.node.member(&self.reading.notation.key(name)).is_some_and(|value| !value.is_null())
    }

    /// Calls `visit` with the path from the object, the key and the value of everything in it that the schema
    /// describes, right or not.
    pub(crate) fn walk(self, visit: &mut dyn FnMut(&Path<'_>, KeyId, Node<'d>)) {
        self.walk_into(self.node, ValueType::Object(self.rows), &Path::Root, visit);
    }

    fn walk_into(self, node: Node<'d>, value: ValueType, path: &Path<'_>, visit: &mut dyn FnMut(&Path<'_>, KeyId, Node<'d>)) {
        let schema = self.schema();
        let mut step = |path: &Path<'_>, id: KeyId, node: Node<'d>| {
            visit(path, id, node);
            self.walk_into(node, schema.key(id).value, path, visit);
        };
        match value {
            ValueType::Object(rows) => {
                for (id, key) in schema.keys(rows) {
                    if let Some((name, value)) = self.reading.member(node, &key.name) {
                        step(&Path::Key(path, &name.as_str().unwrap_or_default()), id, value);
                    }
                }
            }
            ValueType::Array { item, .. } => {
                for (index, element) in node.elements().enumerate() {
                    step(&Path::Index(path, index), item, element);
                }
            }
            ValueType::Map(id) => {
                for (name, value) in node.members() {
                    step(&Path::Key(path, &name.as_str().unwrap_or_default()), id, value);
                }
            }
            _ => {}
        }
    }

    /// The keys that are set, right or not, in Apple's order. A group is replaced by its keys unless it is empty. The
    /// keys of items follow their array or map, except in legacy documents, where items are parts of their own.
    pub(crate) fn settings(self) -> Vec<Setting<'d>> {
        let mut walk = Walk { reading: self.reading, path: Vec::new(), outer: None, settings: Vec::new() };
        walk.object(self.node, self.rows);
        walk.settings
    }
}

/// Collects the settings of an object.
struct Walk<'r, 'd> {
    reading: &'r Reading<'d>,
    path: Vec<Cow<'d, str>>,
    outer: Option<&'d Key>,
    settings: Vec<Setting<'d>>,
}

impl<'d> Walk<'_, 'd> {
    fn object(&mut self, node: Node<'d>, rows: Rows) {
        let schema = self.reading.schema;
        for (_, key) in schema.keys(rows) {
            let Some((name, value)) = self.reading.member(node, &key.name) else { continue };
            self.path.push(name.as_str().unwrap_or_default());
            let before = self.settings.len();
            if is_group(key) {
                self.object(value, Schema::members(key.value));
            }
            if self.settings.len() == before {
                self.settings.push(Setting { key, path: self.path.clone(), value, outer: self.outer });
                self.items(value, key);
            }
            self.path.pop();
        }
    }

    /// Collects the keys of objects in an array or a map.
    fn items(&mut self, node: Node<'d>, key: &'d Key) {
        let (ValueType::Array { item, .. } | ValueType::Map(item)) = key.value else { return };
        if self.reading.legacy.is_some() {
            return;
        }
        let item = self.reading.schema.key(item);
        let outer = self.outer.replace(key);
        let elements = node.elements().enumerate().map(|(at, element)| (Cow::Owned(at.to_string()), element));
        let members = node.members().filter_map(|(name, value)| Some((name.as_str()?, value)));
        for (step, value) in elements.chain(members) {
            self.path.push(step);
            match item.value {
                ValueType::Object(rows) => self.object(value, rows),
                _ => self.items(value, item),
            }
            self.path.pop();
        }
        self.outer = outer;
    }
}

/// Whether an object has a key.
#[derive(Clone, Copy)]
pub(crate) enum Presence<'d> {
    /// The value is right.
    Present(Node<'d>),
    Absent,
    /// The value is wrong or a placeholder, or the object is incomplete.
    Unknown,
}

/// Whether a key only groups other keys, each of which is a setting.
pub(crate) fn is_group(key: &Key) -> bool {
    matches!(key.value, ValueType::Object(_)) && key.combine.is_none()
}

/// A key that is present in a document.
pub(crate) struct Setting<'d> {
    pub(crate) key: &'d Key,
    /// Its path from the object.
    pub(crate) path: Vec<Cow<'d, str>>,
    pub(crate) value: Node<'d>,
    /// The array or map that it is in.
    pub(crate) outer: Option<&'d Key>,
}

impl Setting<'_> {
    pub(crate) fn name(&self) -> &str {
        &self.key.name
    }
}

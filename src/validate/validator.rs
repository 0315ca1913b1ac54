//! Reads values against the keys that describe them.

use std::cell::OnceCell;
use std::collections::HashSet;
use std::hash::BuildHasher;

use super::members::Members;
use super::object::{Marks, Meant};
use super::rules::version_and_build::{self, Mixed};
use super::rules::{
    duplicate_program, invalid_data, invalid_value, jamf_component, out_of_range, unknown_type, unknown_value, wrong_type,
};
use crate::apple::{Combine, Family, Format, KeyId, Others, Rows, Schema, TypeId, ValueType};
use crate::diagnostic::{Drafts, Spot};
use crate::hash::Map;
use crate::secrets::Secrets;
use crate::syntax::{Integer, Kind, Node, Notation, Path, Placeholders};
use crate::words::{MASK, shown};

/// Reads one document and collects its diagnostics.
pub(crate) struct Validator<'d> {
    pub(super) schema: &'d Schema,
    pub(super) templates: &'d Placeholders,
    /// The names of keys, and JSON pointers to them, that are accepted although the schema lacks them.
    pub(crate) allowed: &'d [String],
    pub(super) notation: Notation,
    /// The type of the document, if known. Suggestions depend on it.
    pub(super) kind: Option<TypeId>,
    /// The path from the root of a complete document, if this one is a command or payload without its frame.
    pub(super) prefix: &'static [&'static str],
    /// The keys that objects may have beside those of the schema.
    pub(super) others: Others,
    pub(super) marks: Marks,
    pub(super) meant: Meant<'d>,
    pub(crate) diagnostics: Drafts,
    /// The text of the document.
    pub(crate) text: &'d [u8],
    pub(super) root: Option<Node<'d>>,
    /// Whether the syntax is broken.
    pub(super) is_broken: bool,
    /// Found when the first diagnostic needs them.
    pub(crate) secrets: OnceCell<Secrets>,
    /// The number of values that could not be judged because they contain placeholders.
    pub(crate) placeholders: usize,
    /// The indices of the values that are wrapped as in a component of a Jamf blueprint.
    components: HashSet<usize>,
}

/// A value with its path and notation: what the texts of a diagnostic need.
#[derive(Clone, Copy)]
pub(crate) struct Site<'s, 'd> {
    pub(crate) schema: &'d Schema,
    pub(crate) notation: Notation,
    pub(crate) path: &'s Path<'s>,
    pub(crate) node: Node<'d>,
    validator: &'s Validator<'d>,
}

impl<'d> Site<'_, 'd> {
    /// The root of the document.
    pub(crate) fn root(&self) -> Option<Node<'d>> {
        self.validator.root
    }

    pub(crate) fn spot(&self) -> Spot {
        Spot::at(self.path.pointer(), self.node.span())
    }

    /// The name of the value in messages.
    pub(crate) fn name(&self) -> String {
        let path = match self.path {
            // A wrapped value has the name of its setting.
            Path::Key(setting @ Path::Key(..), "Value" | "Enabled") if self.validator.components.contains(&self.node.index()) => {
                setting
            }
            path => path,
        };
        path.name(&|key| self.key(key))
    }

    /// A key in messages.
    pub(crate) fn key(&self, key: &str) -> String {
        if self.validator.secrets().hides_key(key) { MASK.to_owned() } else { shown(key) }
    }

    /// The text of the value in messages.
    pub(crate) fn shown(&self, text: &str) -> String {
        if self.is_hidden() { MASK.to_owned() } else { shown(text) }
    }

    /// The value as its document writes it, for messages.
    pub(crate) fn source(&self) -> String {
        let source = self.validator.text.get(self.node.span()).and_then(|text| str::from_utf8(text).ok());
        self.shown(source.unwrap_or_default())
    }

    /// Whether messages must not show the value.
    pub(crate) fn is_hidden(&self) -> bool {
        self.validator.secrets().hides(self.node)
    }
}

/// A setting of a component of a Jamf blueprint: `{ "Included": true, "Value": 30 }`.
#[derive(Clone, Copy)]
struct Component<'d> {
    is_included: bool,
    key: &'static str,
    value: Node<'d>,
}

impl<'d> Component<'d> {
    const INCLUDED: &'static str = "Included";

    fn of(node: Node<'d>) -> Option<Self> {
        let is_included = node.member(Self::INCLUDED)?.as_bool()?;
        let (key, value) = ["Value", "Enabled"].into_iter().find_map(|key| Some((key, node.member(key)?)))?;
        (node.members().count() == 2).then_some(Self { is_included, key, value })
    }
}

impl<'d> Validator<'d> {
    pub(crate) fn new(schema: &'d Schema, templates: &'d Placeholders) -> Self {
        Self {
            schema,
            templates,
            allowed: &[],
            notation: Notation::default(),
            kind: None,
            prefix: &[],
            others: Others::None,
            marks: Marks::default(),
            meant: Meant::default(),
            diagnostics: Drafts::default(),
            text: &[],
            root: None,
            is_broken: false,
            secrets: OnceCell::new(),
            placeholders: 0,
            components: HashSet::new(),
        }
    }

    pub(super) fn site<'s>(&'s self, node: Node<'d>, path: &'s Path<'s>) -> Site<'s, 'd> {
        Site { schema: self.schema, notation: self.notation, path, node, validator: self }
    }

    /// The secrets of the document.
    #[cold]
    pub(crate) fn secrets(&self) -> &Secrets {
        let broken = self.is_broken.then_some(self.text);
        self.secrets.get_or_init(|| self.root.map(|root| Secrets::of(root, broken)).unwrap_or_default())
    }

    /// Reads an object. Returns whether it is complete: every key could be read and none is missing.
    ///
    /// `label` is Apple's name for the items of an array, which does not appear in documents.
    pub(super) fn object(&mut self, node: Node<'d>, path: &Path<'_>, rows: Rows, label: Option<&str>) -> bool {
        let mut members = Members::new(node, rows, label);
        let mut is_complete = true;
        let mut last = None;
        for (key, value) in node.members() {
            let id = match key.as_plain_bytes() {
                Some(name) if !self.notation.is_snake => self.schema.find_key_after(rows, last, name),
                _ => self.search(rows, key),
            };
            let Some(id) = id else {
                members.unknown(key, value, path, self);
                continue;
            };
            last = Some(id);
            let name = self.notation.key(&self.schema.key(id).name);
            let path = &Path::Key(path, &name);
            if members.is_repeated(id) {
                let first = || node.members().find(|(key, _)| key.is_str(&name)).unwrap_or((key, value));
                members.repeated((key, value), &name, first, path, self);
            }
            // Null has the wrong type, but the object is complete without it.
            let is_right = self.value(value, path, id);
            is_complete &= is_right || value.is_null();
            self.marks.set(value, is_right);
        }
        members.finish(path, self) && is_complete
    }

    /// Finds a key that is written with escapes or in snake case.
    #[cold]
    fn search(&self, rows: Rows, written: Node<'_>) -> Option<KeyId> {
        let written = written.as_str()?;
        self.schema.keys(rows).find(|(_, key)| self.notation.key(&key.name) == written).map(|(id, _)| id)
    }

    /// Reads a value. Returns whether it is right and known.
    pub(super) fn value(&mut self, node: Node<'d>, path: &Path<'_>, id: KeyId) -> bool {
        let (key, facts, found) = (self.schema.key(id), self.schema.note(id), node.kind());
        // Free text may contain placeholders; any other text with one cannot be judged.
        let is_text = matches!(found, Kind::String | Kind::Date | Kind::Data);
        let is_free = key.value == ValueType::Any || key.value == ValueType::String && facts.format.is_none();
        if is_text && !is_free && self.is_template(node) || node.is_cut_off() {
            return false;
        }
        if found == Kind::Object
            && let Some(component) = Component::of(node).filter(|_| !self.has_key(key.value, Component::INCLUDED))
        {
            self.component(node, component, path, id);
            return false;
        }
        match (key.value, found) {
            (ValueType::Boolean, Kind::Boolean)
            | (ValueType::Real, Kind::Number)
            // JSON has neither dates nor data.
            | (ValueType::Date, Kind::Date | Kind::String)
            | (ValueType::Data, Kind::Data) => true,
            (ValueType::Any, _) => self.anything(node, path, id),
            (ValueType::Data, Kind::String) => {
                let is_right = node.as_str().is_some_and(|text| invalid_data::is_base64(&text));
                if !is_right {
                    self.diagnostics.push(invalid_data::diagnostic(self.site(node, path)));
                }
                is_right
            }
            (ValueType::Integer { .. } | ValueType::Integers(_), Kind::Number) => self.integer(node, path, id),
            (ValueType::String, Kind::String) => facts.format.is_none_or(|format| self.format(format, node, path)),
            (ValueType::Enum(words), Kind::String) => {
                let is_known = |text: &str| self.schema.words(words).iter().any(|word| word == text);
                let is_right = node.as_str().is_some_and(|text| is_known(&text));
                if !is_right {
                    self.diagnostics.push(unknown_value::diagnostic(self.site(node, path), words));
                }
                is_right
            }
            (ValueType::Array { .. }, Kind::Array) => self.items(node, path, id),
            (ValueType::Object(rows), Kind::Object) => self.object(node, path, rows, None),
            // The type determines the keys of the payload.
            (ValueType::Map(_), Kind::Object) if self.is_payload(id) => true,
            (ValueType::Map(value), Kind::Object) => self.map(node, path, value),
            // The syntax error says it: the object is in square brackets.
            (ValueType::Object(_) | ValueType::Map(_), Kind::Array) if self.is_broken && !node.is_complete() => false,
            _ => {
                self.diagnostics.push(wrong_type::diagnostic(self.site(node, path), id));
                false
            }
        }
    }

    /// Whether objects of this type have a key with this name.
    fn has_key(&self, value: ValueType, name: &str) -> bool {
        matches!(value, ValueType::Any | ValueType::Map(_)) || self.schema.find_key(Schema::members(value), name).is_some()
    }

    /// Judges a setting of a component of a Jamf blueprint, unless it is left out.
    fn component(&mut self, node: Node<'d>, component: Component<'d>, path: &Path<'_>, id: KeyId) {
        if self.components.is_empty() {
            self.diagnostics.push(jamf_component::diagnostic(self.site(node, path)));
        }
        self.components.insert(component.value.index());
        if component.is_included {
            self.value(component.value, &Path::Key(path, component.key), id);
        }
    }

    /// Whether this key holds the payload of a declaration.
    fn is_payload(&self, id: KeyId) -> bool {
        self.schema.find_key(self.schema.keys_of(Family::Envelope), "Payload") == Some(id)
    }

    /// Whether the text contains a placeholder, which is counted.
    fn is_template(&mut self, node: Node<'_>) -> bool {
        if node.as_plain_bytes().is_some_and(|text| !self.templates.may_be_in(text)) {
            return false;
        }
        let is_template = node.as_str().is_some_and(|text| self.templates.are_in(&text));
        self.placeholders += usize::from(is_template);
        is_template
    }

    fn integer(&mut self, node: Node<'d>, path: &Path<'_>, id: KeyId) -> bool {
        let fits = |number| match self.schema.key(id).value {
            ValueType::Integer { min, max } => (min..=max).contains(&number),
            ValueType::Integers(numbers) => self.schema.numbers(numbers).contains(&number),
            _ => false,
        };
        let diagnostic = match node.as_integer() {
            Some(Integer::Exact(number)) if fits(number) => return true,
            Some(Integer::Exact(_) | Integer::Huge) => out_of_range::diagnostic(self.site(node, path), id),
            Some(Integer::Fraction) | None => wrong_type::diagnostic(self.site(node, path), id),
        };
        self.diagnostics.push(diagnostic);
        false
    }

    fn format(&mut self, format: Format, node: Node<'d>, path: &Path<'_>) -> bool {
        let Some(text) = node.as_str() else { return false };
        let site = self.site(node, path);
        if format == Format::DeclarationType {
            if self.kind.is_some_and(|kind| self.schema.kind(kind).name == text) {
                return true;
            }
            let diagnostic = unknown_type::diagnostic(site, &text);
            let is_right = diagnostic.is_none();
            self.diagnostics.extend(diagnostic);
            return is_right;
        }
        match format.check(&text) {
            Ok(()) => {
                self.diagnostics.extend(format.doubt(&text).map(|doubt| invalid_value::doubtful(site, format, &doubt)));
                true
            }
            Err(invalid) => {
                match version_and_build::judge(site, format, &text) {
                    Some(Mixed::Said(diagnostic)) => self.diagnostics.push(*diagnostic),
                    Some(Mixed::Elsewhere) => {}
                    None => self.diagnostics.push(invalid_value::diagnostic(site, format, &invalid)),
                }
                false
            }
        }
    }

    /// Reads all items of an array. Returns whether all are right.
    fn items(&mut self, node: Node<'d>, path: &Path<'_>, id: KeyId) -> bool {
        let (array, identity) = (self.schema.key(id), self.schema.note(id).identity);
        let ValueType::Array { item, min, max } = array.value else { return false };
        let key = self.schema.key(item);
        let (mut are_right, mut count) = (true, 0_u32);
        for (index, element) in node.elements().enumerate() {
            let path = &Path::Index(path, index);
            let is_right = match (key.value, element.kind()) {
                (ValueType::Object(rows), Kind::Object) => self.object(element, path, rows, Some(&key.name)),
                _ => self.value(element, path, item),
            };
            self.marks.set(element, is_right);
            are_right &= is_right;
            count = count.saturating_add(1);
        }
        if node.is_complete() && !(min..=max).contains(&count) {
            self.diagnostics.push(out_of_range::items(self.site(node, path), count, min, max));
            are_right = false;
        }
        if are_right && array.combine == Some(Combine::SetUnion) && !identity.is_empty() {
            self.diagnostics.extend(duplicate_program::diagnostic(self.site(node, path), identity));
        }
        are_right
    }

    /// Reads the payload of a declaration.
    pub(super) fn payload(&mut self, node: Node<'d>, path: &Path<'_>, kind: TypeId) -> bool {
        let kind = self.schema.kind(kind);
        match self.schema.payload(kind) {
            ValueType::Map(value) => self.map(node, path, value),
            _ => self.object(node, path, kind.keys, None),
        }
    }

    /// Reads a value that can be anything, as can what it holds.
    fn anything(&mut self, node: Node<'d>, path: &Path<'_>, id: KeyId) -> bool {
        for (index, element) in node.elements().enumerate() {
            let is_right = self.value(element, &Path::Index(path, index), id);
            self.marks.set(element, is_right);
        }
        node.kind() != Kind::Object || self.map(node, path, id)
    }

    /// Reads an object with arbitrary keys.
    fn map(&mut self, node: Node<'d>, path: &Path<'_>, id: KeyId) -> bool {
        let mut are_right = true;
        let mut members = Members::new(node, Rows::default(), None);
        // The index of the first key with each hash: an object may have a million keys.
        let mut firsts: Map<u64, u32> = Map::default();
        for (key, value) in node.members() {
            let name = key.as_str().unwrap_or_default();
            let path = &Path::Key(path, &name);
            let hash = firsts.hasher().hash_one(&*name);
            let first = *firsts.entry(hash).or_insert(u32::try_from(key.index()).unwrap_or(u32::MAX)) as usize;
            if first != key.index() && node.at(first).is_str(&name) {
                members.repeated((key, value), &name, || (node.at(first), node.at(first + 1)), path, self);
            }
            let is_right = self.value(value, path, id);
            self.marks.set(value, is_right);
            are_right &= is_right;
        }
        are_right
    }
}

//! Apple's schema as data: every document type, its keys, and their properties.
//!
//! Rows are flat: a [`Type`] and an object refer to a range of keys, an array and a map to the row of their items. A
//! schema therefore looks the same whether it is compiled in or read from a checkout, and a key can contain itself,
//! as Safari's bookmark folders do.

mod builder;
mod combine;
mod family;
mod key;
mod kind;

use std::borrow::Cow;
use std::sync::{Arc, LazyLock};

use super::overlay::{self, Note};
use super::prose::{Claim, Claims};
use super::support::Support;
use super::types;

pub(crate) use builder::{NewKey, NewType, NewValue};
pub(crate) use combine::Combine;
pub(crate) use family::Family;
pub(crate) use key::{Key, KeyId, Rows, Scalar, SupportId, ValueType};
pub(crate) use kind::{Apply, Type, TypeId, short};

/// A text, either compiled in or read from a file.
pub(crate) type Text = Cow<'static, str>;

/// The name of a key that matches any name.
pub(crate) const ANY: &str = "ANY";

/// One release of Apple's schema.
#[derive(Debug, Clone)]
pub(crate) struct Schema {
    /// The release: `27.2`.
    pub(crate) release: Text,
    pub(super) types: Cow<'static, [Type]>,
    pub(super) keys: Cow<'static, [Key]>,
    /// Enumeration values, asset types and media types.
    pub(super) words: Cow<'static, [Text]>,
    pub(super) numbers: Cow<'static, [i64]>,
    pub(super) supports: Cow<'static, [Support]>,
    /// One note per key: what Apple documents only in prose, and our additions.
    notes: Vec<&'static Note>,
    /// Whether each type has keys that name assets.
    referring: Vec<bool>,
    /// What Apple says in prose about several keys.
    claims: Claims,
}

impl Schema {
    /// A schema without types.
    pub(crate) fn empty(release: impl Into<Text>) -> Self {
        Self {
            release: release.into(),
            types: Cow::default(),
            keys: Cow::default(),
            words: Cow::default(),
            numbers: Cow::default(),
            supports: Cow::default(),
            notes: Vec::new(),
            referring: Vec::new(),
            claims: Claims::default(),
        }
    }

    /// The compiled-in schema.
    pub(crate) fn built_in() -> &'static Arc<Self> {
        static BUILT_IN: LazyLock<Arc<Schema>> = LazyLock::new(|| {
            let mut schema = Schema {
                release: Text::Borrowed(types::RELEASE),
                types: Cow::Borrowed(types::TYPES),
                keys: Cow::Borrowed(types::KEYS),
                words: Cow::Borrowed(types::WORDS),
                numbers: Cow::Borrowed(types::NUMBERS),
                supports: Cow::Borrowed(types::SUPPORTS),
                notes: Vec::new(),
                referring: Vec::new(),
                claims: Claims::default(),
            };
            schema.annotate();
            Arc::new(schema)
        });
        &BUILT_IN
    }

    /// All types, in the order they were added.
    pub(crate) fn types(&self) -> impl Iterator<Item = (TypeId, &Type)> {
        (0_u16..).map(TypeId).zip(&*self.types)
    }

    /// The names of all keys and types, and the values of enumerations.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        let keys = self.keys.iter().map(|key| &*key.name);
        keys.chain(self.types.iter().map(|kind| &*kind.name)).chain(self.words.iter().map(|word| &**word))
    }

    /// All declaration types.
    pub(crate) fn declarations(&self) -> impl Iterator<Item = (TypeId, &Type)> {
        self.types().filter(|(_, kind)| kind.family.is_declaration())
    }

    /// Finds a type by name. Names are unique, except between commands and profile payloads, which documents cannot
    /// confuse.
    pub(crate) fn find(&self, name: &str) -> Option<TypeId> {
        self.types().find(|(_, kind)| kind.name == name).map(|(id, _)| id)
    }

    /// The type of a family with a single type: the envelope, a frame, the response.
    pub(crate) fn only(&self, family: Family) -> Option<TypeId> {
        self.types().find(|(_, kind)| kind.family == family).map(|(id, _)| id)
    }

    pub(crate) fn kind(&self, id: TypeId) -> &Type {
        &self.types[usize::from(id.0)]
    }

    pub(crate) fn key(&self, id: KeyId) -> &Key {
        &self.keys[usize::from(id.0)]
    }

    /// The keys in a range, with their ids.
    pub(crate) fn keys(&self, rows: Rows) -> impl DoubleEndedIterator<Item = (KeyId, &Key)> + Clone {
        (rows.start..rows.start + rows.len).map(|at| (KeyId(at), &self.keys[usize::from(at)]))
    }

    /// Whether a source document must have the key.
    pub(crate) fn is_required(&self, id: KeyId) -> bool {
        self.key(id).is_required && !self.note(id).is_added_by_server
    }

    /// Finds a key in a range by name.
    pub(crate) fn find_key(&self, rows: Rows, name: &str) -> Option<KeyId> {
        self.find_key_after(rows, None, name.as_bytes())
    }

    /// Finds a key by name, searching first after `last`, because most documents have their keys in Apple's order.
    pub(crate) fn find_key_after(&self, rows: Rows, last: Option<KeyId>, name: &[u8]) -> Option<KeyId> {
        let keys = &self.keys[rows.range()];
        let start = last.map_or(0, |last| rows.position(last) + 1);
        let has_name = |key: &Key| key.name.as_bytes() == name;
        let after = keys[start..].iter().position(has_name).map(|at| start + at);
        Some(rows.at(after.or_else(|| keys[..start].iter().position(has_name))?))
    }

    /// The keys of an object; empty for any other value type.
    pub(crate) fn members(value: ValueType) -> Rows {
        if let ValueType::Object(rows) = value { rows } else { Rows::default() }
    }

    /// Finds a key by path from a range of keys. `*` matches an array item; any name matches a map value.
    pub(crate) fn at_path<'p>(&self, rows: Rows, path: impl IntoIterator<Item = &'p str>) -> Option<KeyId> {
        let mut path = path.into_iter();
        let mut at = self.find_key(rows, path.next()?)?;
        for step in path {
            at = self.step(self.key(at).value, step)?;
        }
        Some(at)
    }

    /// The key that one path step leads to.
    pub(crate) fn step(&self, value: ValueType, step: &str) -> Option<KeyId> {
        match value {
            ValueType::Object(rows) => self.find_key(rows, step),
            ValueType::Array { item, .. } if step == "*" => Some(item),
            ValueType::Map(value) => Some(value),
            _ => None,
        }
    }

    /// The keys of the object at a path; `keys` itself without steps.
    pub(crate) fn object_at<'p>(&self, keys: Rows, path: impl IntoIterator<Item = &'p str>) -> Option<Rows> {
        let mut path = path.into_iter().peekable();
        if path.peek().is_none() {
            return Some(keys);
        }
        match self.key(self.at_path(keys, path)?).value {
            ValueType::Object(rows) => Some(rows),
            _ => None,
        }
    }

    /// The keys of a family with a single type, such as the envelope.
    pub(crate) fn keys_of(&self, family: Family) -> Rows {
        self.only(family).map_or_else(Rows::default, |id| self.kind(id).keys)
    }

    /// The keys of a payload's type, without those that every payload has, which come first.
    pub(crate) fn own_keys(&self, id: TypeId) -> Rows {
        let Rows { start, len } = self.kind(id).keys;
        let common = self.keys(Rows { start, len }).take_while(|(_, key)| key.name.starts_with("Payload")).count();
        let common = u16::try_from(common).unwrap_or(len);
        Rows { start: start + common, len: len - common }
    }

    /// The value type of a payload: an object with the type's keys, or a map for a type such as
    /// `com.apple.management.properties`.
    pub(crate) fn payload(&self, kind: &Type) -> ValueType {
        match &self.keys[kind.keys.range()] {
            [only] if only.name == ANY => ValueType::Map(KeyId(kind.keys.start)),
            _ => ValueType::Object(kind.keys),
        }
    }

    /// Whether a type has keys that name assets.
    pub(crate) fn names_assets(&self, id: TypeId) -> bool {
        self.referring.get(usize::from(id.0)).copied().unwrap_or_default()
    }

    pub(crate) fn words(&self, rows: Rows) -> &[Text] {
        &self.words[rows.range()]
    }

    pub(crate) fn numbers(&self, rows: Rows) -> &[i64] {
        &self.numbers[rows.range()]
    }

    pub(crate) fn support(&self, id: SupportId) -> &Support {
        &self.supports[usize::from(id.0)]
    }

    /// The support of a type by name; [`Support::NEVER`] if the schema lacks it.
    pub(crate) fn support_of(&self, name: &str) -> &Support {
        self.find(name).map_or(&Support::NEVER, |id| self.support(self.kind(id).support))
    }

    /// Where a key of a type exists; nowhere if the schema lacks it.
    pub(crate) fn support_at(&self, name: &str, path: &[&str]) -> &Support {
        let key = self.find(name).and_then(|id| self.at_path(self.kind(id).keys, path.iter().copied()));
        key.map_or(&Support::NEVER, |key| self.support(self.key(key).support))
    }

    /// What Apple documents about a key only in prose, and our additions.
    pub(crate) fn note(&self, id: KeyId) -> &'static Note {
        self.notes.get(usize::from(id.0)).copied().unwrap_or(&overlay::NOTHING)
    }

    /// What Apple says in prose about the keys of an object.
    pub(crate) fn claims_of_object(&self, rows: Rows) -> impl Iterator<Item = &'static Claim> {
        self.claims.of_object(rows).iter().map(|(_, claim)| *claim)
    }

    /// What Apple says in prose about a value.
    pub(crate) fn claims_of_value(&self, id: KeyId) -> impl Iterator<Item = &'static Claim> {
        self.claims.of_value(id).iter().map(|(_, claim)| *claim)
    }

    /// Whether any claim is about an object or something below it.
    pub(crate) fn has_claims(&self, rows: Rows) -> bool {
        self.claims.is_about(rows)
    }

    /// Whether any claim is about the value of a key or something below it.
    pub(crate) fn leads_to_claims(&self, id: KeyId) -> bool {
        self.claims.leads(id)
    }

    /// Keeps only the claim at this position of the data.
    #[cfg(test)]
    pub(crate) fn keep_claim(&mut self, position: usize) {
        self.claims = Claims::of(self, |at| at == position);
    }

    /// The meaning of an enumeration value, if the overlay has one.
    pub(crate) fn meaning(&self, id: KeyId, value: &str) -> Option<&'static str> {
        let ValueType::Enum(words) = self.key(id).value else { return None };
        let at = self.words(words).iter().position(|word| word == value)?;
        self.note(id).values.get(at).copied()
    }

    /// Calls `visit` with the path, the id and the row of every key at or below `rows`. Stops where a key contains
    /// itself.
    pub(crate) fn walk<'s>(&'s self, rows: Rows, visit: &mut dyn FnMut(&[&'s str], KeyId, &'s Key)) {
        self.walk_below(rows, &mut Vec::new(), &mut Vec::new(), visit);
    }

    fn walk_below<'s>(
        &'s self,
        rows: Rows,
        path: &mut Vec<&'s str>,
        open: &mut Vec<Rows>,
        visit: &mut dyn FnMut(&[&'s str], KeyId, &'s Key),
    ) {
        if open.contains(&rows) {
            return;
        }
        open.push(rows);
        for (id, key) in self.keys(rows) {
            path.push(&key.name);
            visit(path, id, key);
            self.walk_into(key.value, path, open, visit);
            path.pop();
        }
        open.pop();
    }

    fn walk_into<'s>(
        &'s self,
        value: ValueType,
        path: &mut Vec<&'s str>,
        open: &mut Vec<Rows>,
        visit: &mut dyn FnMut(&[&'s str], KeyId, &'s Key),
    ) {
        match value {
            ValueType::Object(rows) => self.walk_below(rows, path, open, visit),
            ValueType::Array { item, .. } => {
                path.push("*");
                self.walk_into(self.key(item).value, path, open, visit);
                path.pop();
            }
            ValueType::Map(id) => {
                path.push(ANY);
                visit(path, id, self.key(id));
                self.walk_into(self.key(id).value, path, open, visit);
                path.pop();
            }
            _ => {}
        }
    }
}

impl Schema {
    /// An example value, for help texts.
    pub(crate) fn example(&self, id: KeyId) -> String {
        match self.key(id).value {
            ValueType::Boolean => "true".to_owned(),
            ValueType::Integer { min: i64::MIN, max: i64::MAX } => "1".to_owned(),
            ValueType::Integer { min, max: i64::MAX } => min.to_string(),
            ValueType::Integer { max, .. } => max.to_string(),
            ValueType::Integers(numbers) => self.numbers(numbers).first().copied().unwrap_or_default().to_string(),
            ValueType::Real => "0.5".to_owned(),
            ValueType::Date => "\"2026-01-31T18:00:00Z\"".to_owned(),
            // Show the first of more than three values, which is the most general, else the last.
            ValueType::Enum(words) => {
                let words = self.words(words);
                let word = if words.len() > 3 { words.first() } else { words.last() };
                format!("\"{}\"", word.map_or("", |word| &**word))
            }
            ValueType::String => match self.note(id).format {
                Some(format) => format!("\"{}\"", format.example()),
                None => "\"…\"".to_owned(),
            },
            ValueType::Data => "\"AAEC\"".to_owned(),
            ValueType::Any => "\"…\"".to_owned(),
            ValueType::Array { .. } => "[ … ]".to_owned(),
            ValueType::Object(_) | ValueType::Map(_) => "{ … }".to_owned(),
        }
    }
}

//! Apple's schema as data: every type of document, its keys, and what Apple says of each.
//!
//! Rows are flat: a [`Type`] and an object name a range of keys, an array and a map name the row of their items. So a schema is the same
//! whether it was compiled in or read from a checkout, and a key may contain itself (Safari's folders of bookmarks do).

mod builder;
mod combine;
mod family;

use std::borrow::Cow;
use std::sync::{Arc, LazyLock};

use super::legacy;
use super::overlay::{self, Note};
use super::support::Support;
use super::types;

pub(crate) use builder::{NewKey, NewType, NewValue};
pub(crate) use combine::Combine;
pub(crate) use family::Family;

/// A text that is compiled in or was read.
pub(crate) type Text = Cow<'static, str>;

/// The name of a key that stands for any name.
pub(crate) const ANY: &str = "ANY";

/// Everything that Apple publishes about its documents, in one release.
#[derive(Debug, Clone)]
pub(crate) struct Schema {
    /// The release: `27.2`.
    pub(crate) release: Text,
    pub(super) types: Cow<'static, [Type]>,
    pub(super) keys: Cow<'static, [Key]>,
    /// The values of enumerations, the names of asset types and of media types.
    pub(super) words: Cow<'static, [Text]>,
    pub(super) numbers: Cow<'static, [i64]>,
    pub(super) supports: Cow<'static, [Support]>,
    /// What Apple says only in prose, and what we add: one note a key.
    notes: Vec<&'static Note>,
}

/// The number of a type in its schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct TypeId(u16);

/// The number of a key in its schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct KeyId(pub(super) u16);

/// A range of keys, words or numbers of a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Rows {
    pub(super) start: u16,
    pub(super) len: u16,
}

/// The number of a support in its schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SupportId(pub(super) u16);

/// A type of document.
#[derive(Debug, Clone)]
pub(crate) struct Type {
    /// The name, as Apple writes it: `com.apple.configuration.passcode.settings`, `ScheduleOSUpdate`.
    pub(crate) name: Text,
    pub(crate) family: Family,
    /// What a device does with several declarations of the type. `None` for documents that are not configurations.
    pub(crate) apply: Option<Apply>,
    pub(crate) support: SupportId,
    pub(crate) keys: Rows,
    /// The file of Apple's schema, without its ending: `configurations/passcode.settings`.
    pub(crate) file: Text,
}

/// What a device does with several declarations of one type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Apply {
    /// It applies one and refuses the others.
    Single,
    /// It applies each on its own.
    Multiple,
    /// It combines them, key by key.
    Combined,
}

/// A key, and what Apple says of it.
#[derive(Debug, Clone)]
pub(crate) struct Key {
    /// The name; of an item of an array a label that stands in no document; of a map's value `ANY`.
    pub(crate) name: Text,
    pub(crate) value: ValueType,
    pub(crate) is_required: bool,
    pub(crate) default: Option<Scalar>,
    pub(crate) combine: Option<Combine>,
    pub(crate) support: SupportId,
    /// The types of asset that the value may name.
    pub(crate) assets: Rows,
    /// The media types that such an asset may have.
    pub(crate) media: Rows,
}

/// What a value must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ValueType {
    Boolean,
    /// An integer within bounds, both included; `i64::MIN` and `i64::MAX` are no bounds.
    Integer {
        min: i64,
        max: i64,
    },
    /// One of these integers.
    Integers(Rows),
    Real,
    String,
    /// One of these strings, in Apple's order.
    Enum(Rows),
    /// A date of a property list; a string in JSON.
    Date,
    /// Bytes; base64 text in JSON.
    Data,
    /// Anything.
    Any,
    /// Items of one type.
    Array {
        item: KeyId,
        min: u32,
        max: u32,
    },
    /// These keys.
    Object(Rows),
    /// Any keys, whose values are of one type.
    Map(KeyId),
}

/// A default value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Scalar {
    Boolean(bool),
    Integer(i64),
    Real(f64),
    String(Text),
}

impl Scalar {
    /// The value in JSON.
    pub(crate) fn to_json(&self) -> serde_json::Value {
        match self {
            Self::Boolean(value) => (*value).into(),
            Self::Integer(number) => (*number).into(),
            Self::Real(number) => (*number).into(),
            Self::String(text) => (&**text).into(),
        }
    }
}

impl Type {
    /// Apple's page about it, for people.
    pub(crate) fn page(&self) -> String {
        let known = overlay::PAGES.iter().find(|(name, _)| *name == self.name).map(|(_, page)| (*page).to_owned());
        let page = known.unwrap_or_else(|| {
            self.short().chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
        });
        format!("https://developer.apple.com/documentation/devicemanagement/{page}")
    }

    /// What titles call several of the type, or what such a document does: `software update settings`.
    pub(crate) fn title(&self) -> Text {
        let known = overlay::TITLES.iter().find(|(name, _)| *name == self.name);
        known.map_or_else(|| self.one().into(), |(_, title)| Text::Borrowed(title))
    }

    /// The release of Apple's schema that describes it.
    pub(crate) fn release<'s>(&self, schema: &'s Schema) -> &'s str {
        if self.family.is_legacy() { legacy::RELEASE } else { &schema.release }
    }

    /// The name without what all configurations, or all of Apple's types, begin with: `passcode.settings`, `activation.simple`.
    pub(crate) fn short(&self) -> &str {
        short(&self.name)
    }

    /// What sentences call one: `a declaration of type …`.
    pub(crate) fn one(&self) -> String {
        match self.family {
            Family::Envelope => "a declaration".to_owned(),
            Family::Configuration | Family::Activation | Family::Asset | Family::Management => {
                format!("a declaration of type {}", self.name)
            }
            Family::Credential => format!("a credential ({})", self.name),
            Family::CommandFrame => "the dictionary around the command".to_owned(),
            Family::Command => format!("the command {}", self.name),
            Family::Response => "a response".to_owned(),
            Family::ProfileFrame => "the profile itself".to_owned(),
            Family::ProfilePayload => format!("a payload of type {}", self.name),
        }
    }
}

/// A type name without what all configurations, or all of Apple's types, begin with.
pub(crate) fn short(name: &str) -> &str {
    name.strip_prefix("com.apple.configuration.").or_else(|| name.strip_prefix("com.apple.")).unwrap_or(name)
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
        }
    }

    /// The schema that is compiled in.
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
            };
            schema.annotate();
            Arc::new(schema)
        });
        &BUILT_IN
    }

    /// Every type, in the order in which they were added.
    pub(crate) fn types(&self) -> impl Iterator<Item = (TypeId, &Type)> {
        (0_u16..).map(TypeId).zip(&*self.types)
    }

    /// The types of declarations.
    pub(crate) fn declarations(&self) -> impl Iterator<Item = (TypeId, &Type)> {
        self.types().filter(|(_, kind)| kind.family.is_declaration())
    }

    /// The type with this name. Names are unique but for a command and a profile payload, which no document can confuse.
    pub(crate) fn find(&self, name: &str) -> Option<TypeId> {
        self.types().find(|(_, kind)| kind.name == name).map(|(id, _)| id)
    }

    /// The type of a family that has only one: the envelope, the frames, the response.
    pub(crate) fn only(&self, family: Family) -> Option<TypeId> {
        self.types().find(|(_, kind)| kind.family == family).map(|(id, _)| id)
    }

    pub(crate) fn kind(&self, id: TypeId) -> &Type {
        &self.types[usize::from(id.0)]
    }

    pub(crate) fn key(&self, id: KeyId) -> &Key {
        &self.keys[usize::from(id.0)]
    }

    /// The keys of a range, with their numbers.
    pub(crate) fn keys(&self, rows: Rows) -> impl DoubleEndedIterator<Item = (KeyId, &Key)> + Clone {
        (rows.start..rows.start + rows.len).map(|at| (KeyId(at), &self.keys[usize::from(at)]))
    }

    /// Whether a source must have the key.
    pub(crate) fn is_required(&self, id: KeyId) -> bool {
        self.key(id).is_required && !self.note(id).is_added_by_server
    }

    /// The key of this name in a range.
    pub(crate) fn find_key(&self, rows: Rows, name: &str) -> Option<KeyId> {
        self.find_key_after(rows, None, name.as_bytes())
    }

    /// The same, where `last` was found before: most documents have their keys in Apple's order.
    pub(crate) fn find_key_after(&self, rows: Rows, last: Option<KeyId>, name: &[u8]) -> Option<KeyId> {
        let keys = &self.keys[rows.range()];
        let start = last.map_or(0, |last| rows.position(last) + 1);
        let is_it = |key: &Key| key.name.as_bytes() == name;
        let after = keys[start..].iter().position(is_it).map(|at| start + at);
        Some(rows.at(after.or_else(|| keys[..start].iter().position(is_it))?))
    }

    /// The keys of an object of this type; none for any other type of value.
    pub(crate) fn members(value: ValueType) -> Rows {
        if let ValueType::Object(rows) = value { rows } else { Rows::default() }
    }

    /// The key at the end of a path from a range of keys. `*` stands for an item of an array, any name for one of a map.
    pub(crate) fn at_path<'p>(&self, rows: Rows, path: impl IntoIterator<Item = &'p str>) -> Option<KeyId> {
        let mut path = path.into_iter();
        let mut at = self.find_key(rows, path.next()?)?;
        for step in path {
            at = self.step(self.key(at).value, step)?;
        }
        Some(at)
    }

    /// The key that a step leads to from a value.
    pub(crate) fn step(&self, value: ValueType, step: &str) -> Option<KeyId> {
        match value {
            ValueType::Object(rows) => self.find_key(rows, step),
            ValueType::Array { item, .. } if step == "*" => Some(item),
            ValueType::Map(value) => Some(value),
            _ => None,
        }
    }

    /// The keys of a type of which each document has one, such as the envelope.
    pub(crate) fn keys_of(&self, family: Family) -> Rows {
        self.only(family).map_or_else(Rows::default, |id| self.kind(id).keys)
    }

    /// What the object at the top of a type must be: one with the keys of the type, or one with any keys, as the payload of
    /// `com.apple.management.properties` is.
    pub(crate) fn payload(&self, kind: &Type) -> ValueType {
        match &self.keys[kind.keys.range()] {
            [only] if only.name == ANY => ValueType::Map(KeyId(kind.keys.start)),
            _ => ValueType::Object(kind.keys),
        }
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

    /// Where a type exists; nowhere if the schema does not have it.
    pub(crate) fn support_of(&self, name: &str) -> &Support {
        self.find(name).map_or(&Support::NEVER, |id| self.support(self.kind(id).support))
    }

    /// What Apple says of a key in prose alone, and what we add.
    pub(crate) fn note(&self, id: KeyId) -> &'static Note {
        self.notes.get(usize::from(id.0)).copied().unwrap_or(&overlay::NOTHING)
    }

    /// What a value of an enumeration means, where we have words for it.
    pub(crate) fn meaning(&self, id: KeyId, value: &str) -> Option<&'static str> {
        let ValueType::Enum(words) = self.key(id).value else { return None };
        let at = self.words(words).iter().position(|word| word == value)?;
        self.note(id).values.get(at).copied()
    }

    /// Calls `visit` with every key of a type below `rows`, and the way to it. A key that contains itself is visited once.
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

    /// Walks into what a value contains.
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
    /// A value as it could stand in a document, for advice.
    pub(crate) fn example(&self, id: KeyId) -> String {
        match self.key(id).value {
            ValueType::Boolean => "true".to_owned(),
            ValueType::Integer { min: i64::MIN, max: i64::MAX } => "1".to_owned(),
            ValueType::Integer { min, max: i64::MAX } => min.to_string(),
            ValueType::Integer { max, .. } => max.to_string(),
            ValueType::Integers(numbers) => self.numbers(numbers).first().copied().unwrap_or_default().to_string(),
            ValueType::Real => "0.5".to_owned(),
            ValueType::Date => "\"2026-01-31T18:00:00Z\"".to_owned(),
            // The first of many values is the most general, the last of few says most.
            ValueType::Enum(words) => {
                let words = self.words(words);
                let word = if words.len() > 3 { words.first() } else { words.last() };
                format!("\"{}\"", word.map_or("", |word| &**word))
            }
            ValueType::String => match self.note(id).format {
                Some(format) => format!("\"{}\"", format.example()),
                None => "\"…\"".to_owned(),
            },
            ValueType::Data | ValueType::Any => "\"…\"".to_owned(),
            ValueType::Array { .. } => "[ … ]".to_owned(),
            ValueType::Object(_) | ValueType::Map(_) => "{ … }".to_owned(),
        }
    }
}

impl Rows {
    /// The place of a key in the range.
    pub(crate) fn position(self, id: KeyId) -> usize {
        usize::from(id.0.wrapping_sub(self.start))
    }

    fn range(self) -> std::ops::Range<usize> {
        usize::from(self.start)..usize::from(self.start) + usize::from(self.len)
    }

    fn at(self, position: usize) -> KeyId {
        // A position within the range fits.
        KeyId(self.start + u16::try_from(position).unwrap_or_default())
    }

    pub(crate) fn is_empty(self) -> bool {
        self.len == 0
    }
}

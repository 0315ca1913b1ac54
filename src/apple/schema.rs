//! Apple's schema as data: every type of document, its keys, and what Apple says of each.
//!
//! Rows are flat: a [`Type`] and an object name a range of keys, an array and a map name the row of their items. So a schema is the same
//! whether it was compiled in or read from a checkout, and a key may contain itself (Safari's folders of bookmarks do).

use std::borrow::Cow;
use std::sync::{Arc, LazyLock};

use super::legacy;
use super::overlay::{self, Note};
use super::support::Support;
use super::types;

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

/// What kind of document a type is. The order is the one of documentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Family {
    /// The four keys around every payload.
    Envelope,
    Configuration,
    Activation,
    Asset,
    Management,
    /// The JSON that a credential asset points to.
    Credential,
    /// The dictionary around every MDM command.
    CommandFrame,
    Command,
    /// A device's response to a command.
    Response,
    /// The dictionary around the payloads of a configuration profile.
    ProfileFrame,
    ProfilePayload,
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

/// How a device combines the values that several declarations give to a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Combine {
    BooleanAnd,
    BooleanOr,
    NumberMin,
    NumberMax,
    EnumFirst,
    EnumLast,
    First,
    ArrayAppend,
    SetUnion,
    SetIntersection,
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

impl Combine {
    /// Every rule.
    pub(crate) const ALL: [Self; 10] = [
        Self::BooleanAnd,
        Self::BooleanOr,
        Self::NumberMin,
        Self::NumberMax,
        Self::EnumFirst,
        Self::EnumLast,
        Self::First,
        Self::ArrayAppend,
        Self::SetUnion,
        Self::SetIntersection,
    ];

    /// The name in Apple's schema (`combinetype`).
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::BooleanAnd => "boolean-and",
            Self::BooleanOr => "boolean-or",
            Self::NumberMin => "number-min",
            Self::NumberMax => "number-max",
            Self::EnumFirst => "enum-first",
            Self::EnumLast => "enum-last",
            Self::First => "first",
            Self::ArrayAppend => "array-append",
            Self::SetUnion => "set-union",
            Self::SetIntersection => "set-intersection",
        }
    }

    /// Which value a device takes, as a sentence.
    pub(crate) const fn effect(self) -> &'static str {
        match self {
            Self::BooleanAnd => "false counts, if any declaration says it",
            Self::BooleanOr => "true counts, if any declaration says it",
            Self::NumberMin => "the smallest number counts",
            Self::NumberMax => "the largest number counts",
            Self::EnumFirst => "the value counts that stands first in the list of values",
            Self::EnumLast => "the value counts that stands last in the list of values",
            Self::First => "the first one that the device processes counts, and Apple defines no order",
            Self::ArrayAppend => "the items of all of them count, and Apple defines no order",
            Self::SetUnion => "every distinct member counts, once",
            Self::SetIntersection => "only the members count that all of them have",
        }
    }
}

impl Family {
    /// The way from the top of a document to the keys of a type. `*` stands for an item of an array.
    pub(crate) const fn top(self) -> &'static [&'static str] {
        match self {
            Self::Configuration | Self::Activation | Self::Asset | Self::Management => &["Payload"],
            Self::Command => &["Command"],
            Self::ProfilePayload => &["PayloadContent", "*"],
            Self::Envelope | Self::Credential | Self::CommandFrame | Self::Response | Self::ProfileFrame => &[],
        }
    }

    /// The family of the documents that stand around those of this one.
    pub(crate) const fn frame(self) -> Option<Self> {
        match self {
            Self::Configuration | Self::Activation | Self::Asset | Self::Management => Some(Self::Envelope),
            Self::Command => Some(Self::CommandFrame),
            Self::ProfilePayload => Some(Self::ProfileFrame),
            Self::Envelope | Self::Credential | Self::CommandFrame | Self::Response | Self::ProfileFrame => None,
        }
    }

    /// The key that holds the name of a document's type. In a declaration it stands beside the payload, in all others with the keys of
    /// the type.
    pub(crate) const fn name_key(self) -> Option<&'static str> {
        match self {
            Self::Configuration | Self::Activation | Self::Asset | Self::Management => Some("Type"),
            Self::Command => Some("RequestType"),
            Self::ProfilePayload => Some("PayloadType"),
            Self::Envelope | Self::Credential | Self::CommandFrame | Self::Response | Self::ProfileFrame => None,
        }
    }

    /// Whether it is a family of declarations.
    pub(crate) const fn is_declaration(self) -> bool {
        matches!(self, Self::Configuration | Self::Activation | Self::Asset | Self::Management)
    }

    /// Whether documents of the family are older than declarations, and replaced by them.
    pub(crate) const fn is_legacy(self) -> bool {
        matches!(self, Self::CommandFrame | Self::Command | Self::Response | Self::ProfileFrame | Self::ProfilePayload)
    }

    pub(crate) const fn is_command(self) -> bool {
        matches!(self, Self::CommandFrame | Self::Command)
    }

    pub(crate) const fn is_profile(self) -> bool {
        matches!(self, Self::ProfileFrame | Self::ProfilePayload)
    }

    /// Whether its keys stand around other documents, and so in every one of them.
    pub(crate) const fn is_frame(self) -> bool {
        matches!(self, Self::Envelope | Self::CommandFrame | Self::Response | Self::ProfileFrame)
    }

    /// Whether a key of one family may be meant in a document of the other.
    pub(crate) fn is_akin(self, other: Self) -> bool {
        self.is_legacy() == other.is_legacy()
            && self.is_command() == other.is_command()
            && self.is_profile() == other.is_profile()
            && (self == Self::Credential) == (other == Self::Credential)
    }

    /// What the names of declaration types of the family begin with.
    pub(crate) const fn prefix(self) -> Option<&'static str> {
        match self {
            Self::Configuration => Some("com.apple.configuration."),
            Self::Activation => Some("com.apple.activation."),
            Self::Asset => Some("com.apple.asset."),
            Self::Management => Some("com.apple.management."),
            _ => None,
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
        let keys = &self.keys[rows.range()];
        let at = keys.iter().position(|key| key.name == name)?;
        Some(rows.at(at))
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

/// A key that is to become rows of a schema, and the keys below it.
#[derive(Debug, Clone)]
pub(crate) struct NewKey {
    pub(crate) name: Text,
    pub(crate) value: NewValue,
    pub(crate) is_required: bool,
    pub(crate) default: Option<Scalar>,
    pub(crate) combine: Option<Combine>,
    pub(crate) support: Support,
    pub(crate) assets: Vec<Text>,
    pub(crate) media: Vec<Text>,
}

/// What a value must be, with the keys below it in place.
#[derive(Debug, Clone)]
pub(crate) enum NewValue {
    Boolean,
    Integer {
        min: i64,
        max: i64,
    },
    Integers(Vec<i64>),
    Real,
    String,
    Enum(Vec<Text>),
    Date,
    Data,
    Any,
    Array {
        item: Box<NewKey>,
        min: u32,
        max: u32,
    },
    Object(Vec<NewKey>),
    Map(Box<NewKey>),
    /// The value of the key so many levels up that this one stands in: 1 is the object around it.
    Around(usize),
}

/// A type that is to be added to a schema.
#[derive(Debug, Clone)]
pub(crate) struct NewType {
    pub(crate) name: Text,
    pub(crate) family: Family,
    pub(crate) apply: Option<Apply>,
    pub(crate) support: Support,
    pub(crate) keys: Vec<NewKey>,
    pub(crate) file: Text,
}

impl Schema {
    /// Adds a type with all its keys.
    pub(crate) fn add(&mut self, new: NewType) -> TypeId {
        let NewType { name, family, apply, support, keys, file } = new;
        let keys = self.add_keys(keys, &mut Vec::new());
        let support = self.add_support(support);
        self.types.to_mut().push(Type { name, family, apply, support, keys, file });
        TypeId(index(self.types.len() - 1))
    }

    /// Adds the keys of an object, which stand side by side, and then what is below each. `around` are the values that the keys stand in.
    fn add_keys(&mut self, new: Vec<NewKey>, around: &mut Vec<ValueType>) -> Rows {
        let rows = Rows { start: index(self.keys.len()), len: index(new.len()) };
        let mut values = Vec::new();
        for key in new {
            let NewKey { name, value, is_required, default, combine, support, assets, media } = key;
            let support = self.add_support(support);
            let (assets, media) = (self.add_words(assets), self.add_words(media));
            self.keys.to_mut().push(Key { name, value: ValueType::Any, is_required, default, combine, support, assets, media });
            values.push(value);
        }
        around.push(ValueType::Object(rows));
        for (at, value) in values.into_iter().enumerate() {
            let value = self.add_value(value, around);
            self.keys.to_mut()[usize::from(rows.start) + at].value = value;
        }
        around.pop();
        rows
    }

    fn add_value(&mut self, new: NewValue, around: &mut Vec<ValueType>) -> ValueType {
        match new {
            NewValue::Boolean => ValueType::Boolean,
            NewValue::Integer { min, max } => ValueType::Integer { min, max },
            NewValue::Integers(numbers) => {
                let rows = Rows { start: index(self.numbers.len()), len: index(numbers.len()) };
                self.numbers.to_mut().extend(numbers);
                ValueType::Integers(rows)
            }
            NewValue::Real => ValueType::Real,
            NewValue::String => ValueType::String,
            NewValue::Enum(words) => ValueType::Enum(self.add_words(words)),
            NewValue::Date => ValueType::Date,
            NewValue::Data => ValueType::Data,
            NewValue::Any => ValueType::Any,
            NewValue::Array { item, min, max } => ValueType::Array { item: self.add_item(*item, around), min, max },
            NewValue::Object(keys) => ValueType::Object(self.add_keys(keys, around)),
            NewValue::Map(item) => ValueType::Map(self.add_item(*item, around)),
            NewValue::Around(levels) => {
                around.len().checked_sub(levels).and_then(|at| around.get(at)).copied().unwrap_or(ValueType::Any)
            }
        }
    }

    /// Adds the row of the items of an array or a map.
    fn add_item(&mut self, item: NewKey, around: &mut Vec<ValueType>) -> KeyId {
        // The items do not stand in an object of their own, so they are no level of `around`.
        let NewKey { name, value, is_required, default, combine, support, assets, media } = item;
        let support = self.add_support(support);
        let (assets, media) = (self.add_words(assets), self.add_words(media));
        let at = self.keys.len();
        self.keys.to_mut().push(Key { name, value: ValueType::Any, is_required, default, combine, support, assets, media });
        let value = self.add_value(value, around);
        self.keys.to_mut()[at].value = value;
        KeyId(index(at))
    }

    /// Adds words, or finds them where the same ones stand already.
    fn add_words(&mut self, new: Vec<Text>) -> Rows {
        if new.is_empty() {
            return Rows::default();
        }
        let known = self.words.windows(new.len()).position(|words| words == new);
        let start = known.unwrap_or(self.words.len());
        let rows = Rows { start: index(start), len: index(new.len()) };
        if known.is_none() {
            self.words.to_mut().extend(new);
        }
        rows
    }

    fn add_support(&mut self, new: Support) -> SupportId {
        let known = self.supports.iter().position(|support| *support == new);
        if known.is_none() {
            self.supports.to_mut().push(new);
        }
        SupportId(index(known.unwrap_or(self.supports.len() - 1)))
    }

    /// Attaches the notes of the overlay. A path that this schema lacks is passed over: an older schema lacks some.
    pub(crate) fn annotate(&mut self) {
        self.notes = vec![&overlay::NOTHING; self.keys.len()];
        for (name, notes) in overlay::NOTES {
            let Some(id) = self.find(name) else { continue };
            for note in *notes {
                if let Some(key) = self.at_path(self.kind(id).keys, note.path.split('.')) {
                    self.notes[usize::from(key.0)] = note;
                }
            }
        }
    }
}

/// A position in a table of a schema. Apple's whole schema has about a thousand rows.
fn index(position: usize) -> u16 {
    u16::try_from(position).expect("a schema has fewer than 65,536 rows")
}

//! Adds types to a schema, turning nested keys into flat rows.

use super::{Apply, Combine, Family, Key, KeyId, Rows, Scalar, Schema, SupportId, Text, Type, TypeId, ValueType};
use crate::apple::overlay;
use crate::apple::prose::Claims;
use crate::apple::support::Support;

/// A key to add to a schema, with the keys below it.
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

/// Like [`ValueType`], with the keys below it nested.
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
    /// The value of an enclosing object, this many levels up: 1 is the parent object.
    Ancestor(usize),
}

/// A type to add to a schema.
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

    /// Adds the keys of an object as adjacent rows, then what is below each. `enclosing` holds the values enclosing
    /// the keys.
    fn add_keys(&mut self, new: Vec<NewKey>, enclosing: &mut Vec<ValueType>) -> Rows {
        let rows = Rows { start: index(self.keys.len()), len: index(new.len()) };
        let mut values = Vec::new();
        for key in new {
            let NewKey { name, value, is_required, default, combine, support, assets, media } = key;
            let support = self.add_support(support);
            let (assets, media) = (self.add_words(assets), self.add_words(media));
            self.keys.to_mut().push(Key { name, value: ValueType::Any, is_required, default, combine, support, assets, media });
            values.push(value);
        }
        enclosing.push(ValueType::Object(rows));
        for (at, value) in values.into_iter().enumerate() {
            let value = self.add_value(value, enclosing);
            self.keys.to_mut()[usize::from(rows.start) + at].value = value;
        }
        enclosing.pop();
        rows
    }

    fn add_value(&mut self, new: NewValue, enclosing: &mut Vec<ValueType>) -> ValueType {
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
            NewValue::Array { item, min, max } => ValueType::Array { item: self.add_item(*item, enclosing), min, max },
            NewValue::Object(keys) => ValueType::Object(self.add_keys(keys, enclosing)),
            NewValue::Map(item) => ValueType::Map(self.add_item(*item, enclosing)),
            NewValue::Ancestor(levels) => {
                enclosing.len().checked_sub(levels).and_then(|at| enclosing.get(at)).copied().unwrap_or(ValueType::Any)
            }
        }
    }

    /// Adds the item row of an array or a map.
    fn add_item(&mut self, item: NewKey, enclosing: &mut Vec<ValueType>) -> KeyId {
        // Items are not inside an object of their own, so they do not add a level to `enclosing`.
        let NewKey { name, value, is_required, default, combine, support, assets, media } = item;
        let support = self.add_support(support);
        let (assets, media) = (self.add_words(assets), self.add_words(media));
        let at = self.keys.len();
        self.keys.to_mut().push(Key { name, value: ValueType::Any, is_required, default, combine, support, assets, media });
        let value = self.add_value(value, enclosing);
        self.keys.to_mut()[at].value = value;
        KeyId(index(at))
    }

    /// Adds words, or reuses rows that already hold the same words.
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

    /// Attaches the overlay's notes and claims, and looks for the types that name assets. Skips paths that this schema
    /// lacks, as older releases lack some.
    pub(crate) fn annotate(&mut self) {
        // The keys of a type end where those of the next type begin.
        let starts = self.types.iter().map(|kind| usize::from(kind.keys.start));
        let ends = starts.clone().skip(1).chain([self.keys.len()]);
        let names_assets = |(start, end): (usize, usize)| self.keys[start..end].iter().any(|key| !key.assets.is_empty());
        self.referring = starts.zip(ends).map(names_assets).collect();
        self.notes = vec![&overlay::NOTHING; self.keys.len()];
        for (name, notes) in overlay::notes() {
            let Some(id) = self.find(name) else { continue };
            for note in notes {
                if let Some(key) = self.at_path(self.kind(id).keys, note.path.split('.')) {
                    self.notes[usize::from(key.0)] = note;
                }
            }
        }
        self.claims = Claims::of(self, |_| true);
    }
}

/// Converts a position to a row index. Apple's whole schema has about a thousand rows.
fn index(position: usize) -> u16 {
    u16::try_from(position).expect("a schema has fewer than 65,536 rows")
}

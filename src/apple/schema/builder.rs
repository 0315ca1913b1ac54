//! Adds types to a schema: nested keys become flat rows.

use super::{Apply, Combine, Family, Key, KeyId, Rows, Scalar, Schema, SupportId, Text, Type, TypeId, ValueType};
use crate::apple::overlay;
use crate::apple::support::Support;

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

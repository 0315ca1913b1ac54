//! A key, and what its value must be.

use super::{Combine, Text};

/// The index of a key in its schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct KeyId(pub(in crate::apple) u16);

/// A key and its properties.
#[derive(Debug, Clone)]
pub(crate) struct Key {
    /// The name. For an array item, a label that does not occur in documents; for a map value, `ANY`.
    pub(crate) name: Text,
    pub(crate) value: ValueType,
    pub(crate) is_required: bool,
    pub(crate) default: Option<Scalar>,
    pub(crate) combine: Option<Combine>,
    pub(crate) support: SupportId,
    /// The asset types that the value can refer to.
    pub(crate) assets: Rows,
    /// The media types allowed for the asset.
    pub(crate) media: Rows,
}

/// The type and the bounds of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ValueType {
    Boolean,
    /// An integer within inclusive bounds. `i64::MIN` and `i64::MAX` mean unbounded.
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
    /// A date in a property list, a string in JSON.
    Date,
    /// Bytes; base64 in JSON.
    Data,
    Any,
    /// Items of one type.
    Array {
        item: KeyId,
        min: u32,
        max: u32,
    },
    /// An object with these keys.
    Object(Rows),
    /// An object with any keys, whose values all have one type.
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
    pub(crate) fn to_json(&self) -> serde_json::Value {
        match self {
            Self::Boolean(value) => (*value).into(),
            Self::Integer(number) => (*number).into(),
            Self::Real(number) => (*number).into(),
            Self::String(text) => (&**text).into(),
        }
    }
}

/// A range of keys, words or numbers of a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Rows {
    pub(in crate::apple) start: u16,
    pub(in crate::apple) len: u16,
}

impl Rows {
    /// The position of a key in the range.
    pub(crate) fn position(self, id: KeyId) -> usize {
        usize::from(id.0.wrapping_sub(self.start))
    }

    pub(in crate::apple) fn range(self) -> std::ops::Range<usize> {
        usize::from(self.start)..usize::from(self.start) + usize::from(self.len)
    }

    pub(super) fn at(self, position: usize) -> KeyId {
        // A position within the range fits into `u16`.
        KeyId(self.start + u16::try_from(position).unwrap_or_default())
    }

    pub(crate) fn is_empty(self) -> bool {
        self.len == 0
    }
}

/// The index of a support in its schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SupportId(pub(in crate::apple) u16);

//! Constructors used by `types.rs`: one short function for each part of a row.

#![allow(dead_code, reason = "not every release or selection of types uses all functions")]

use std::mem::forget;

use super::schema::{KeyId, Rows, Scalar, SupportId};
use super::support::Since;

#[allow(unused_imports, reason = "as above")]
pub(super) use super::schema::ValueType::{Any, Boolean, Data, Date, Real, String};
pub(super) use super::schema::{Apply, Combine, Family, Key, Text, Type, ValueType};
pub(super) use super::support::{Enrolments, Release, Scopes, Support};

pub(super) const fn rows(start: u16, len: u16) -> Rows {
    Rows { start, len }
}

pub(super) const fn text(text: &'static str) -> Text {
    Text::Borrowed(text)
}

pub(super) const fn kind(
    name: &'static str,
    family: Family,
    apply: Option<Apply>,
    support: u16,
    keys: Rows,
    file: &'static str,
) -> Type {
    Type { name: text(name), family, apply, support: SupportId(support), keys, file: text(file) }
}

/// A required key.
pub(super) const fn required(name: &'static str, value: ValueType, support: u16) -> Key {
    let (assets, media) = (rows(0, 0), rows(0, 0));
    let support = SupportId(support);
    Key { name: text(name), value, is_required: true, default: None, combine: None, support, assets, media }
}

/// An optional key.
pub(super) const fn optional(name: &'static str, value: ValueType, support: u16) -> Key {
    let mut key = required(name, value, support);
    key.is_required = false;
    key
}

impl Key {
    pub(super) const fn combine(mut self, rule: Combine) -> Self {
        self.combine = Some(rule);
        self
    }

    pub(super) const fn boolean(self, default: bool) -> Self {
        self.default(Scalar::Boolean(default))
    }

    pub(super) const fn integer(self, default: i64) -> Self {
        self.default(Scalar::Integer(default))
    }

    pub(super) const fn real(self, default: f64) -> Self {
        self.default(Scalar::Real(default))
    }

    pub(super) const fn string(self, default: &'static str) -> Self {
        self.default(Scalar::String(text(default)))
    }

    const fn default(mut self, default: Scalar) -> Self {
        // A const fn cannot drop the previous `None`.
        forget(self.default.replace(default));
        self
    }

    /// The asset types that the value can refer to.
    pub(super) const fn assets(mut self, start: u16, len: u16) -> Self {
        self.assets = rows(start, len);
        self
    }

    /// The media types allowed for the asset.
    pub(super) const fn media(mut self, start: u16, len: u16) -> Self {
        self.media = rows(start, len);
        self
    }
}

pub(super) const INTEGER: ValueType = integer(i64::MIN, i64::MAX);

pub(super) const fn integer(min: i64, max: i64) -> ValueType {
    ValueType::Integer { min, max }
}

pub(super) const fn at_least(min: i64) -> ValueType {
    integer(min, i64::MAX)
}

pub(super) const fn at_most(max: i64) -> ValueType {
    integer(i64::MIN, max)
}

/// One of `len` integers in `NUMBERS`.
pub(super) const fn integers(start: u16, len: u16) -> ValueType {
    ValueType::Integers(rows(start, len))
}

/// One of `len` strings in `WORDS`.
pub(super) const fn one_of(start: u16, len: u16) -> ValueType {
    ValueType::Enum(rows(start, len))
}

pub(super) const fn object(start: u16, len: u16) -> ValueType {
    ValueType::Object(rows(start, len))
}

/// An array of any length.
pub(super) const fn array(item: u16) -> ValueType {
    array_of(item, 0, u32::MAX)
}

pub(super) const fn array_of(item: u16, min: u32, max: u32) -> ValueType {
    ValueType::Array { item: KeyId(item), min, max }
}

pub(super) const fn map(value: u16) -> ValueType {
    ValueType::Map(KeyId(value))
}

pub(super) const SUPERVISED: Enrolments = Enrolments::SUPERVISED;
pub(super) const DEVICE: Enrolments = Enrolments::DEVICE;
pub(super) const USER: Enrolments = Enrolments::USER;
pub(super) const LOCAL: Enrolments = Enrolments::LOCAL;
pub(super) const MANAGED: Enrolments = Enrolments::MANAGED;
pub(super) const ALL: Enrolments = Enrolments::ALL;
pub(super) const NO_ENROLMENT: Enrolments = Enrolments::of(0);

pub(super) const fn v(major: u8, minor: u8, patch: u8) -> Release {
    Release::new(major, minor, patch)
}

pub(super) const fn since(introduced: Release, enrolments: Enrolments, scopes: Scopes) -> Since {
    Since { scopes, ..Since::new(introduced, enrolments) }
}

impl Since {
    pub(super) const fn deprecated(mut self, release: Release) -> Self {
        self.deprecated = Some(release);
        self
    }

    pub(super) const fn removed(mut self, release: Release) -> Self {
        self.removed = Some(release);
        self
    }

    /// The scopes on Shared iPad.
    pub(super) const fn shared(mut self, scopes: Scopes) -> Self {
        self.shared = Some(scopes);
        self
    }
}

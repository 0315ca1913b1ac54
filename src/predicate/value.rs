//! Values while a predicate is evaluated, and how they compare.

use std::cmp::Ordering;

use super::Options;

/// A value, as far as it is known.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    /// Anything, or none.
    Unknown,
    Null,
    Boolean(bool),
    Number(f64),
    String(String),
    /// A string that is none of these.
    Other(&'static [&'static str]),
    Array(Vec<Self>),
    Object(Vec<(String, Self)>),
}

impl Value {
    /// A number, or a boolean as one.
    pub(super) fn number(&self) -> Option<f64> {
        match self {
            Self::Boolean(value) => Some(f64::from(u8::from(*value))),
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// The value of a key; of each element of an array.
    pub(super) fn key(&self, name: &str) -> Self {
        match self {
            Self::Null => Self::Null,
            Self::Object(members) => members.iter().find(|(key, _)| key == name).map_or(Self::Null, |(_, value)| value.clone()),
            // A device leaves out elements without the key.
            Self::Array(all) => Self::Array(all.iter().map(|one| one.key(name)).filter(|value| *value != Self::Null).collect()),
            _ => Self::Unknown,
        }
    }

    /// The value of a JSON value.
    pub(crate) fn of_json(json: &serde_json::Value) -> Self {
        match json {
            serde_json::Value::Null => Self::Null,
            serde_json::Value::Bool(value) => Self::Boolean(*value),
            serde_json::Value::Number(number) => number.as_f64().map_or(Self::Unknown, Self::Number),
            serde_json::Value::String(text) => Self::String(text.clone()),
            serde_json::Value::Array(all) => Self::Array(all.iter().map(Self::of_json).collect()),
            serde_json::Value::Object(all) => {
                Self::Object(all.iter().map(|(name, value)| (name.clone(), Self::of_json(value))).collect())
            }
        }
    }
}

/// Whether two values are equal; `None` if that is unknown.
pub(super) fn equal(one: &Value, other: &Value, options: Options) -> Option<bool> {
    use Value::{Array, Null, Object, Other, String, Unknown};
    match (one, other) {
        (Unknown, _) | (_, Unknown) | (Object(_), Object(_)) | (Other(_), Other(_)) => None,
        (Null, Null) => Some(true),
        (Null, _) | (_, Null) => Some(false),
        (String(one), String(other)) => same(one, other, options),
        (Other(known), String(text)) | (String(text), Other(known)) => {
            // Only a text that is certainly one of them is certainly different.
            known.iter().any(|known| same(known, text, options) == Some(true)).then_some(false)
        }
        (Array(one), Array(other)) if one.len() == other.len() => {
            all(one.iter().zip(other).map(|(one, other)| equal(one, other, options)))
        }
        _ => match (one.number(), other.number()) {
            #[expect(clippy::float_cmp, reason = "a device compares exactly")]
            (Some(one), Some(other)) => Some(one == other),
            _ => Some(false),
        },
    }
}

fn same(one: &str, other: &str, options: Options) -> Option<bool> {
    if one == other {
        return Some(true);
    }
    Some(folded(one, options)? == folded(other, options)?)
}

/// The order of two values: `Some(None)` if one is missing, `None` if it is unknown.
#[expect(clippy::option_option, reason = "a missing value has no order, and an unknown one may have any")]
pub(super) fn order(one: &Value, other: &Value, options: Options) -> Option<Option<Ordering>> {
    match (one, other) {
        (Value::Unknown, _) | (_, Value::Unknown) => None,
        (Value::Null, _) | (_, Value::Null) => Some(None),
        (Value::String(one), Value::String(other)) if !options.is_local => {
            let (one, other) = (folded(one, options)?, folded(other, options)?);
            Some(Some(one.encode_utf16().cmp(other.encode_utf16())))
        }
        _ => Some(one.number()?.partial_cmp(&other.number()?)),
    }
}

/// A string with what the options ignore removed; `None` if that depends on tables that devices have.
pub(super) fn folded(text: &str, options: Options) -> Option<String> {
    if text.is_ascii() {
        return Some(if options.ignores_case { text.to_ascii_lowercase() } else { text.to_owned() });
    }
    if options.ignores_marks || options.is_local {
        return None;
    }
    Some(if options.ignores_case { text.to_lowercase() } else { text.to_owned() })
}

/// Whether all are true, by Kleene's rules.
pub(super) fn all(values: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    let mut result = Some(true);
    for value in values {
        match value {
            Some(false) => return Some(false),
            None => result = None,
            Some(true) => {}
        }
    }
    result
}

/// Whether any is true, by Kleene's rules.
pub(super) fn any(values: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    all(values.into_iter().map(|value| value.map(|value| !value))).map(|all| !all)
}

//! A document value without its position, for combining, comparing and publishing.

use super::schema::{KeyId, Schema, Text, ValueType};
use crate::syntax::{Integer, Kind, Node};
use crate::words::MASK;

/// The value of a key.
///
/// The order is total, so that unions of sets always come out in the same order. Object members are in Apple's order,
/// map members are sorted by name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Value {
    Null,
    Boolean(bool),
    Integer(i64),
    /// The source text of any other number.
    Number(String),
    String(Text),
    Array(Vec<Self>),
    Object(Vec<(Text, Self)>),
}

impl Value {
    pub(crate) const EMPTY: Self = Self::Object(Vec::new());

    /// Converts a node by its value type. Drops members that the schema does not have.
    pub(crate) fn of(node: Node<'_>, schema: &Schema, value: ValueType) -> Self {
        match node.kind() {
            Kind::Null => Self::Null,
            Kind::Boolean => Self::Boolean(node.as_bool().unwrap_or_default()),
            Kind::Number => match node.as_integer() {
                Some(Integer::Exact(number)) => Self::Integer(number),
                _ => Self::Number(node.text().to_owned()),
            },
            Kind::String | Kind::Date | Kind::Data => Self::String(node.as_str().unwrap_or_default().into_owned().into()),
            Kind::Array => {
                let item = if let ValueType::Array { item, .. } = value { schema.key(item).value } else { ValueType::Any };
                Self::Array(node.elements().map(|element| Self::of(element, schema, item)).collect())
            }
            Kind::Object => Self::object(node, schema, value),
        }
    }

    fn object(node: Node<'_>, schema: &Schema, value: ValueType) -> Self {
        if let ValueType::Object(rows) = value {
            let member = |(_, key): (KeyId, &super::schema::Key)| {
                // Null counts as absent.
                let value = node.member(&key.name).filter(|value| !value.is_null())?;
                Some((key.name.clone(), Self::of(value, schema, key.value)))
            };
            Self::Object(schema.keys(rows).filter_map(member).collect())
        } else {
            let inner = if let ValueType::Map(value) = value { schema.key(value).value } else { ValueType::Any };
            let mut members: Vec<(Text, Self)> = Vec::new();
            for (key, value) in node.members() {
                let key: Text = key.as_str().unwrap_or_default().into_owned().into();
                members.push((key, Self::of(value, schema, inner)));
            }
            // The last value of a key counts. The sort is stable.
            members.reverse();
            members.sort_by(|(one, _), (other, _)| one.cmp(other));
            members.dedup_by(|(later, _), (kept, _)| later == kept);
            Self::Object(members)
        }
    }

    pub(crate) fn member(&self, name: &str) -> Option<&Self> {
        let Self::Object(members) = self else { return None };
        members.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// The value at a path of object members.
    pub(crate) fn at(&self, path: &[impl AsRef<str>]) -> Option<&Self> {
        path.iter().try_fold(self, |value, step| value.member(step.as_ref()))
    }

    pub(crate) fn string(text: impl Into<Text>) -> Self {
        Self::String(text.into())
    }

    pub(crate) fn as_str(&self) -> Option<&str> {
        if let Self::String(text) = self { Some(text) } else { None }
    }

    pub(crate) fn items(&self) -> &[Self] {
        if let Self::Array(items) = self { items } else { &[] }
    }

    /// Sets the value at a path, creating objects as needed. A step into an array is an index of it.
    pub(crate) fn set(&mut self, path: &[impl AsRef<str>], value: Self) {
        let Some((name, rest)) = path.split_first() else {
            *self = value;
            return;
        };
        let name = name.as_ref();
        if let Self::Array(items) = self {
            if let Some(item) = name.parse().ok().and_then(|index: usize| items.get_mut(index)) {
                item.set(rest, value);
            }
            return;
        }
        if !matches!(self, Self::Object(_)) {
            *self = Self::EMPTY;
        }
        let Self::Object(members) = self else { return };
        let at = members.iter().position(|(key, _)| key == name).unwrap_or_else(|| {
            members.push((name.to_owned().into(), Self::EMPTY));
            members.len() - 1
        });
        members[at].1.set(rest, value);
    }

    /// Converts to JSON. The member order is lost; serialising keeps it.
    pub(crate) fn to_json(&self) -> serde_json::Value {
        match self {
            Self::Null => serde_json::Value::Null,
            Self::Boolean(value) => (*value).into(),
            Self::Integer(number) => (*number).into(),
            Self::Number(text) => serde_json::from_str(text).unwrap_or_else(|_| text.clone().into()),
            Self::String(text) => (**text).into(),
            Self::Array(items) => items.iter().map(Self::to_json).collect(),
            Self::Object(members) => members.iter().map(|(key, value)| (key.to_string(), value.to_json())).collect(),
        }
    }

    /// Converts to JSON for reports, hiding secrets.
    pub(crate) fn to_shown_json(&self, schema: &Schema, id: KeyId) -> serde_json::Value {
        if schema.note(id).is_secret {
            return MASK.into();
        }
        match (self, schema.key(id).value) {
            (Self::Array(items), ValueType::Array { item, .. }) => {
                items.iter().map(|value| value.to_shown_json(schema, item)).collect()
            }
            (Self::Object(members), kind) => members
                .iter()
                .map(|(key, value)| {
                    let shown = schema.step(kind, key).map(|id| value.to_shown_json(schema, id));
                    (key.to_string(), shown.unwrap_or_else(|| value.to_json()))
                })
                .collect(),
            _ => self.to_json(),
        }
    }
}

/// Keeps the order of object members.
impl serde::Serialize for Value {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Boolean(value) => serializer.serialize_bool(*value),
            Self::Integer(number) => serializer.serialize_i64(*number),
            Self::Number(_) => self.to_json().serialize(serializer),
            Self::String(text) => serializer.serialize_str(text),
            Self::Array(items) => serializer.collect_seq(items),
            Self::Object(members) => serializer.collect_map(members.iter().map(|(key, value)| (key, value))),
        }
    }
}

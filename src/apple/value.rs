//! A value of a document, without its place: to combine, compare and publish.

use super::schema::{KeyId, Schema, Text, ValueType};
use crate::document::{Integer, Kind, Node};

/// What a document says for a key.
///
/// The order is total, so that sets are united in one order everywhere. The members of an object stand in Apple's order, those of a map
/// in the order of their names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Value {
    Null,
    Boolean(bool),
    Integer(i64),
    /// A number that is not an integer of the field, as it is written.
    Number(String),
    String(Text),
    Array(Vec<Self>),
    Object(Vec<(Text, Self)>),
}

impl Value {
    /// An object without members.
    pub(crate) const EMPTY: Self = Self::Object(Vec::new());

    /// What stands in a document, described by a key. Members that nothing describes are left out.
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
        match value {
            ValueType::Object(rows) => {
                let member = |(_, key): (KeyId, &super::schema::Key)| {
                    // Null says nothing.
                    let value = node.member(&key.name).filter(|value| !value.is_null())?;
                    Some((key.name.clone(), Self::of(value, schema, key.value)))
                };
                Self::Object(schema.keys(rows).filter_map(member).collect())
            }
            _ => {
                let inner = if let ValueType::Map(value) = value { schema.key(value).value } else { ValueType::Any };
                let mut members: Vec<(Text, Self)> = Vec::new();
                for (key, value) in node.members() {
                    let key: Text = key.as_str().unwrap_or_default().into_owned().into();
                    members.retain(|(other, _)| *other != key);
                    members.push((key, Self::of(value, schema, inner)));
                }
                members.sort();
                Self::Object(members)
            }
        }
    }

    /// The value of a member of an object.
    pub(crate) fn member(&self, name: &str) -> Option<&Self> {
        let Self::Object(members) = self else { return None };
        members.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// The value at the end of a path.
    pub(crate) fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |value, step| value.member(step))
    }

    /// A string.
    pub(crate) fn string(text: impl Into<Text>) -> Self {
        Self::String(text.into())
    }

    pub(crate) fn as_str(&self) -> Option<&str> {
        if let Self::String(text) = self { Some(text) } else { None }
    }

    pub(crate) fn items(&self) -> &[Self] {
        if let Self::Array(items) = self { items } else { &[] }
    }

    /// Sets a member at the end of a path, and makes the objects on the way.
    pub(crate) fn set(&mut self, path: &[impl AsRef<str>], value: Self) {
        let Some((name, rest)) = path.split_first() else {
            *self = value;
            return;
        };
        if !matches!(self, Self::Object(_)) {
            *self = Self::EMPTY;
        }
        let Self::Object(members) = self else { return };
        let name = name.as_ref();
        let at = members.iter().position(|(key, _)| key == name).unwrap_or_else(|| {
            members.push((name.to_owned().into(), Self::EMPTY));
            members.len() - 1
        });
        members[at].1.set(rest, value);
    }

    /// The value in JSON. An object keeps its order in text only.
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

    /// The value as a report may show it: a secret is hidden.
    pub(crate) fn to_shown_json(&self, schema: &Schema, id: KeyId) -> serde_json::Value {
        if schema.note(id).is_secret {
            return "•••".into();
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

/// Writes the members of an object in its order.
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

//! The published form of a declaration: JSON, indented by two spaces, in Apple's order of keys.
//!
//! It is written from the nodes of the source, and copies numbers and strings verbatim, so unknown keys are preserved.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::apple::{Channel, Family, KeyId, PAYLOAD_SCOPE, Schema, Value, ValueType};
use crate::syntax::{Kind, Node};
use crate::validate::Reading;
use crate::words::is_unsafe;

/// A value to publish. Scalars and keys are JSON text.
#[derive(Debug, Clone)]
pub(crate) enum Text {
    Scalar(Box<str>),
    Array(Vec<Self>),
    Object(Vec<(Box<str>, Self)>),
}

/// Publishes a declaration that was read. Known keys come first, in schema order, then unknown keys in original order.
pub(crate) fn declaration(reading: &Reading<'_>) -> Text {
    let schema = reading.schema;
    let envelope = Some(ValueType::Object(schema.keys_of(Family::Envelope)));
    let payload = reading.kind.map(|kind| schema.payload(schema.kind(kind)));
    let mut text = object(
        reading.root,
        envelope,
        &|key: &str, value: Option<ValueType>| if key == "Payload" { payload } else { value },
        schema,
    );
    if let (true, Text::Object(members)) = (reading.is_of_api, &mut text) {
        for name in ["Type", "Identifier", "Payload"] {
            let written = quoted(&name.to_ascii_lowercase());
            members.iter_mut().filter(|(key, _)| *key == written).for_each(|(key, _)| *key = quoted(name));
        }
    }
    text
}

/// Makes a declaration from its parts. It names its channel if one is given.
pub(crate) fn made(kind: &str, identifier: &str, channel: Option<Channel>, payload: &Value) -> Text {
    let member = |key: &str, value| (quoted(key), value);
    let scope = channel.map(|channel| member(PAYLOAD_SCOPE, Text::string(channel.scope())));
    let head = [member("Type", Text::string(kind)), member("Identifier", Text::string(identifier))];
    Text::Object(head.into_iter().chain(scope).chain([member("Payload", Text::of_value(payload))]).collect())
}

fn node_text(node: Node<'_>, value: Option<ValueType>, schema: &Schema) -> Text {
    match node.kind() {
        Kind::Object => object(node, value, &|_, value| value, schema),
        Kind::Array => {
            let item = match value {
                Some(ValueType::Array { item, .. }) => Some(schema.key(item).value),
                _ => None,
            };
            Text::Array(node.elements().map(|element| node_text(element, item, schema)).collect())
        }
        _ => Text::Scalar(node.text().into()),
    }
}

/// Publishes an object of a value type. `of_member` may refine the value type of a member.
fn object(
    node: Node<'_>,
    value: Option<ValueType>,
    of_member: &dyn Fn(&str, Option<ValueType>) -> Option<ValueType>,
    schema: &Schema,
) -> Text {
    let mut members: Vec<(Option<KeyId>, Box<str>, Text)> = Vec::new();
    for (key, member) in node.members() {
        let name = key.as_str().unwrap_or_default();
        let id = value.and_then(|value| schema.step(value, &name));
        let inner = of_member(&name, id.map(|id| schema.key(id).value));
        // A key of the schema needs no escapes, even if the source has some.
        let is_known = id.is_some() && !matches!(value, Some(ValueType::Map(_)));
        let written = if is_known { quoted(&name) } else { key.text().into() };
        members.push((id.filter(|_| is_known), written, node_text(member, inner, schema)));
    }
    members.sort_by_key(|(id, ..)| (id.is_none(), *id));
    Text::Object(members.into_iter().map(|(_, key, text)| (key, text)).collect())
}

fn quoted(text: &str) -> Box<str> {
    serde_json::Value::from(text).to_string().into()
}

impl Text {
    pub(crate) fn string(text: &str) -> Self {
        Self::Scalar(quoted(text))
    }

    pub(crate) fn object<'k>(members: impl IntoIterator<Item = (&'k str, Self)>) -> Self {
        Self::Object(members.into_iter().map(|(key, value)| (quoted(key), value)).collect())
    }

    fn of_value(value: &Value) -> Self {
        match value {
            Value::Array(items) => Self::Array(items.iter().map(Self::of_value).collect()),
            Value::Object(members) => {
                Self::Object(members.iter().map(|(key, value)| (quoted(key), Self::of_value(value))).collect())
            }
            _ => Self::Scalar(value.to_json().to_string().into()),
        }
    }

    fn member_mut(&mut self, key: &str) -> Option<&mut Self> {
        let Self::Object(members) = self else { return None };
        let key = quoted(key);
        members.iter_mut().find(|(other, _)| *other == key).map(|(_, value)| value)
    }

    /// Replaces the identifier of a declaration.
    pub(crate) fn rename(&mut self, identifier: &str) {
        if let Some(value) = self.member_mut("Identifier") {
            *value = Self::string(identifier);
        }
    }

    /// Sets the server token, after the identifier, or removes it.
    pub(crate) fn set_token(&mut self, token: Option<&str>) {
        self.set("ServerToken", token);
    }

    /// Sets the key that names the channel, after the identifier, or removes it.
    pub(crate) fn set_channel(&mut self, channel: Option<Channel>) {
        self.set(PAYLOAD_SCOPE, channel.map(Channel::scope));
    }

    /// Sets a key of the envelope, after the identifier, or removes it.
    fn set(&mut self, key: &str, value: Option<&str>) {
        let Self::Object(members) = self else { return };
        let key = quoted(key);
        members.retain(|(other, _)| *other != key);
        if let Some(value) = value
            && let Some(at) = members.iter().position(|(key, _)| &**key == "\"Identifier\"")
        {
            members.insert(at + 1, (key, Self::string(value)));
        }
    }

    /// Replaces the references of an activation. Removes the server token, since the contents change.
    pub(crate) fn set_references(&mut self, references: &[&str]) {
        let key = crate::apple::activation::STANDARD_CONFIGURATIONS[0];
        if let Some(list) = self.member_mut("Payload").and_then(|payload| payload.member_mut(key)) {
            *list = Self::Array(references.iter().map(|reference| Self::string(reference)).collect());
            self.set_token(None);
        }
    }

    /// Makes a server token: the SHA-256 digest of the contents in hexadecimal, independent of the order of keys.
    pub(crate) fn token(&self) -> String {
        let mut without = self.clone();
        without.set_token(None);
        let text = without.write();
        // serde_json sorts maps. It rejects numbers out of its range; then the text itself is hashed.
        let canonical = serde_json::from_str::<serde_json::Value>(&text).map_or(text, |value| value.to_string());
        Sha256::digest(canonical.as_bytes()).iter().fold(String::with_capacity(64), |mut token, byte| {
            let _ = write!(token, "{byte:02x}");
            token
        })
    }

    /// Returns the text without a final line feed. Escapes characters that could control a terminal.
    pub(crate) fn write(&self) -> String {
        let mut text = String::new();
        self.write_to(0, &mut text);
        text
    }

    fn write_to(&self, depth: usize, into: &mut String) {
        match self {
            Self::Scalar(text) => escape(text, into),
            Self::Array(items) => list(items, ['[', ']'], depth, into, |item, into| item.write_to(depth + 1, into)),
            Self::Object(members) => list(members, ['{', '}'], depth, into, |(key, value), into| {
                escape(key, into);
                into.push_str(": ");
                value.write_to(depth + 1, into);
            }),
        }
    }
}

/// Writes the items of an object or array, one per line.
fn list<T>(items: &[T], brackets: [char; 2], depth: usize, into: &mut String, write: impl Fn(&T, &mut String)) {
    into.push(brackets[0]);
    for (at, item) in items.iter().enumerate() {
        into.push_str(if at == 0 { "\n" } else { ",\n" });
        indent(depth + 1, into);
        write(item, into);
    }
    if !items.is_empty() {
        into.push('\n');
        indent(depth, into);
    }
    into.push(brackets[1]);
}

fn indent(depth: usize, into: &mut String) {
    // Writing to a string cannot fail.
    let _ = write!(into, "{:width$}", "", width = 2 * depth);
}

fn escape(text: &str, into: &mut String) {
    for character in text.chars() {
        if is_unsafe(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                let _ = write!(into, "\\u{unit:04x}");
            }
        } else {
            into.push(character);
        }
    }
}

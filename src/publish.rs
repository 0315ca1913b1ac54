//! The published form of a declaration: JSON, two spaces, Apple's order of keys.
//!
//! It is written from the nodes of the source and not from the model, so that nothing that this program does not know is lost or
//! changed: numbers and strings are copied as they stand.

use std::fmt::Write;

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::apple::{self, Family, Schema, ValueType};
use crate::document::{Kind, Node};
use crate::model::DeclarationType;
use crate::words::is_unsafe;

/// A declaration in its published form, without a final line feed. The keys that the schema knows come first, in their order; any
/// other key keeps its place among the others.
pub(crate) fn declaration(root: Node<'_>, kind: Option<&DeclarationType>) -> String {
    let schema = Schema::built_in();
    let payload = kind.and_then(|kind| schema.find(kind.as_str())).map(|kind| schema.payload(schema.kind(kind)));
    let mut text = String::new();
    let order = Order { schema, payload: payload.unwrap_or(ValueType::Any) };
    order.write(root, ValueType::Object(schema.keys_of(Family::Envelope)), 0, &mut text);
    text
}

/// The published form of a declaration that is made, and not read.
pub(crate) fn made(kind: &DeclarationType, identifier: &str, payload: &impl Serialize) -> String {
    #[derive(Serialize)]
    #[serde(rename_all = "PascalCase")]
    struct Declaration<'d, P> {
        r#type: &'d str,
        identifier: &'d str,
        payload: &'d P,
    }
    let declaration = Declaration { r#type: kind.as_str(), identifier, payload };
    // Plain structs of strings, numbers and booleans can always be written.
    serde_json::to_string_pretty(&declaration).unwrap_or_default()
}

/// Apple's order of keys.
struct Order {
    schema: &'static Schema,
    /// What the payload must be.
    payload: ValueType,
}

impl Order {
    /// Writes a value that must be `expected`.
    fn write(&self, node: Node<'_>, expected: ValueType, depth: usize, into: &mut String) {
        match node.kind() {
            Kind::Object => {
                let rows = self.schema.members(expected);
                let find = |key: Node<'_>| self.schema.find_key(rows, &key.as_str()?);
                let mut members: Vec<_> = node.members().map(|(key, value)| (find(key), key, value)).collect();
                members.sort_by_key(|(id, ..)| id.map_or(usize::MAX, |id| rows.position(id)));
                list(members.len(), ['{', '}'], depth, into, |at, into| {
                    let (id, key, value) = members[at];
                    let name = key.as_str().unwrap_or_default();
                    // A key that the schema knows needs no escapes, however the source writes it.
                    let _ = if id.is_some() { write!(into, "\"{name}\": ") } else { write!(into, "{}: ", key.text()) };
                    let expected = if depth == 0 && name == "Payload" { self.payload } else { self.inside(expected, &name) };
                    self.write(value, expected, depth + 1, into);
                });
            }
            Kind::Array => {
                let elements: Vec<Node<'_>> = node.elements().collect();
                let item = self.inside(expected, "*");
                list(elements.len(), ['[', ']'], depth, into, |at, into| self.write(elements[at], item, depth + 1, into));
            }
            Kind::Null | Kind::Boolean | Kind::Number | Kind::String | Kind::Date | Kind::Data => into.push_str(node.text()),
        }
    }

    /// What must stand at a step inside a value; anything where Apple does not say.
    fn inside(&self, value: ValueType, step: &str) -> ValueType {
        self.schema.step(value, step).map_or(ValueType::Any, |id| self.schema.key(id).value)
    }
}

/// Writes the items of an object or array, one on a line.
fn list(count: usize, brackets: [char; 2], depth: usize, into: &mut String, mut item: impl FnMut(usize, &mut String)) {
    into.push(brackets[0]);
    for at in 0..count {
        into.push_str(if at == 0 { "\n" } else { ",\n" });
        indent(depth + 1, into);
        item(at, into);
    }
    if count > 0 {
        into.push('\n');
        indent(depth, into);
    }
    into.push(brackets[1]);
}

fn indent(depth: usize, into: &mut String) {
    // Writing to a string cannot fail.
    let _ = write!(into, "{:width$}", "", width = 2 * depth);
}

/// The published form with this server token, or without one.
///
/// Strings hold no line feeds, so a member at the top is a line with two spaces before it.
pub(crate) fn with_token(text: &str, token: Option<&str>) -> String {
    let mut lines: Vec<String> =
        text.lines().filter(|line| !line.starts_with("  \"ServerToken\": ")).map(str::to_owned).collect();
    if let Some(token) = token
        && let Some(at) = lines.iter().position(|line| line.starts_with("  \"Identifier\": "))
    {
        lines.insert(at + 1, format!("  \"ServerToken\": {},", serde_json::Value::from(token)));
    }
    lines.join("\n")
}

/// The published form with an escape for every character that could steer a terminal: in JSON it stands in a string, and means the
/// same.
pub(crate) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if character != '\n' && is_unsafe(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                let _ = write!(escaped, "\\u{unit:04x}");
            }
        } else {
            escaped.push(character);
        }
    }
    escaped
}

/// The published form under another identifier.
pub(crate) fn renamed(text: &str, identifier: &str) -> String {
    let line = |line: &str| {
        if line.starts_with("  \"Identifier\": ") {
            format!("  \"Identifier\": {},", serde_json::Value::from(identifier))
        } else {
            line.to_owned()
        }
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// An activation in its published form with other references. What it says changed, so its server token goes.
pub(crate) fn with_references(text: &str, references: &[&str]) -> String {
    let mut spare = crate::document::Spare::default();
    let parsed = crate::document::parse(text.as_bytes(), &mut spare);
    let span = parsed.document.and_then(|document| {
        let payload = document.root().member("Payload")?;
        Some(payload.member(apple::activation::STANDARD_CONFIGURATIONS[0])?.span())
    });
    let Some(span) = span else { return text.to_owned() };
    let mut list_text = String::new();
    list(references.len(), ['[', ']'], 2, &mut list_text, |at, into| {
        let _ = write!(into, "{}", serde_json::Value::from(references[at]));
    });
    with_token(&format!("{}{list_text}{}", &text[..span.start], &text[span.end..]), None)
}

/// A server token for a declaration: 64 hexadecimal digits of a digest of what it says, the same on every machine, whatever the order
/// of its keys.
pub(crate) fn token(text: &str) -> String {
    let without = with_token(text, None);
    // Maps of serde_json are sorted. A number beyond its reach leaves the text as the next best.
    let canonical = serde_json::from_str::<serde_json::Value>(&without).map_or(without, |value| value.to_string());
    Sha256::digest(canonical.as_bytes()).iter().fold(String::with_capacity(64), |mut token, byte| {
        let _ = write!(token, "{byte:02x}");
        token
    })
}

//! JSON objects, one per line.

use std::borrow::Cow;
use std::fmt;

use foldhash::quality::RandomState;
use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::columns::{Column, Columns, Use, field};
use super::device::Fault;
use super::rows::{Collector, Rows};
use crate::hash::Map;
use crate::source::Block;
use crate::syntax;

/// Reads the rows of a block, and in the first one the names of columns that are not known.
pub(super) fn rows(block: &Block, columns: &Columns, hasher: &RandomState) -> Rows {
    let mut collector = Collector::new(columns, hasher);
    let mut row = Row { columns, cells: vec![None; columns.fields().len()], fault: None, names: Map::default() };
    let mut lines = syntax::lines(&block.bytes, block.is_first);
    for (line, span) in lines.by_ref() {
        row.cells.fill(None);
        let mut json = serde_json::Deserializer::from_slice(&block.bytes[span]);
        let read = Object { row: &mut row, path: "" }.deserialize(&mut json).and_then(|()| json.end());
        let id = row.cells[field::ID].as_deref().unwrap_or_default();
        match (read, row.fault.take()) {
            (Err(_), _) => collector.fault(line, &Fault::new("the line is not a JSON object"), id),
            (Ok(()), Some(fault)) => collector.fault(line, &fault, id),
            (Ok(()), None) => collector.add(line, |at| row.cells[at].as_deref().unwrap_or_default()),
        }
    }
    let mut rows = collector.into_rows(lines.number);
    if block.is_first {
        rows.unknown = row.names.into_iter().filter(|(_, found)| *found == Use::Unknown).map(|(name, _)| name).collect();
        rows.unknown.sort_unstable();
    }
    rows
}

/// The values of a line.
struct Row<'c, 't> {
    columns: &'c Columns,
    cells: Vec<Option<Cow<'t, [u8]>>>,
    fault: Option<Fault>,
    /// The names of members that were asked for.
    names: Map<String, Use>,
}

/// The most names to remember. Real lines have the same few.
const MOST_NAMES: usize = 1000;

/// An object, whose members are columns, or hold columns.
struct Object<'r, 'c, 't> {
    row: &'r mut Row<'c, 't>,
    /// The names of the objects around it, with a dot after each.
    path: &'r str,
}

impl<'t> DeserializeSeed<'t> for Object<'_, '_, 't> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'t>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_map(self)
    }
}

impl<'t> Visitor<'t> for Object<'_, '_, 't> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'t>>(self, mut members: A) -> Result<(), A::Error> {
        while let Some(name) = members.next_key_seed(Name)? {
            let name: Cow<'_, str> = if self.path.is_empty() { name } else { format!("{}{name}", self.path).into() };
            match self.row.uses(&name) {
                Use::Field(at) => {
                    let value = members.next_value_seed(Cell)?;
                    self.row.set(at, value);
                }
                Use::Below => members.next_value_seed(Below { row: self.row, name: &name })?,
                Use::Ignored | Use::Unknown => {
                    members.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

impl<'t> Row<'_, 't> {
    /// What the name of a member stands for.
    fn uses(&mut self, name: &str) -> Use {
        if let Some(known) = self.names.get(name) {
            return *known;
        }
        let found = self.columns.uses(name);
        if self.names.len() < MOST_NAMES {
            self.names.insert(name.to_owned(), found);
        }
        found
    }

    fn set(&mut self, at: usize, value: Scalar<'t>) {
        let column = &self.columns.fields()[at];
        let is_typed = matches!(column, Column::Status(_) | Column::Property(_) | Column::Id);
        let fault = match &value {
            Scalar::Fraction(_) if !is_typed => {
                Some(format!("{column} is a number; write it in quotation marks, as 26.1 and 26.10 differ"))
            }
            Scalar::Other(_) if !is_typed => Some(format!("{column} is an array or an object")),
            _ if self.cells[at].is_some() => Some(format!("the line has {column} twice")),
            _ => None,
        };
        if self.fault.is_none() {
            self.fault = fault.map(Fault::new);
        }
        self.cells[at] = Some(match value {
            Scalar::String(text) if matches!(column, Column::Property(_)) => property(text),
            Scalar::String(text) | Scalar::Text(text) | Scalar::Fraction(text) | Scalar::Other(text) => text,
        });
    }
}

/// The string of a property, in quotation marks if it would be read as something else, such as a number.
fn property(text: Cow<'_, [u8]>) -> Cow<'_, [u8]> {
    let is_boolean = ["true", "false"].iter().any(|word| text.eq_ignore_ascii_case(word.as_bytes()));
    if !is_boolean && serde_json::from_slice::<IgnoredAny>(&text).is_err() {
        return text;
    }
    serde_json::Value::from(String::from_utf8_lossy(&text)).to_string().into_bytes().into()
}

/// The name of a member.
struct Name;

impl<'t> DeserializeSeed<'t> for Name {
    type Value = Cow<'t, str>;

    fn deserialize<D: serde::Deserializer<'t>>(self, json: D) -> Result<Cow<'t, str>, D::Error> {
        json.deserialize_str(self)
    }
}

impl<'t> Visitor<'t> for Name {
    type Value = Cow<'t, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'t str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text.to_owned()))
    }
}

/// A value, as its text; a null is empty.
enum Scalar<'t> {
    /// A boolean, an integer, or nothing.
    Text(Cow<'t, [u8]>),
    String(Cow<'t, [u8]>),
    /// A number that is not an integer.
    Fraction(Cow<'t, [u8]>),
    /// An array or an object, as JSON.
    Other(Cow<'t, [u8]>),
}

struct Cell;

impl<'t> DeserializeSeed<'t> for Cell {
    type Value = Scalar<'t>;

    fn deserialize<D: serde::Deserializer<'t>>(self, json: D) -> Result<Scalar<'t>, D::Error> {
        json.deserialize_any(self)
    }
}

impl<'t> Visitor<'t> for Cell {
    type Value = Scalar<'t>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Scalar::Text(Cow::Borrowed(b"")))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Scalar::Text(Cow::Borrowed(if value { b"true" } else { b"false" })))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
        Ok(Scalar::Text(Cow::Owned(value.to_string().into_bytes())))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Scalar::Text(Cow::Owned(value.to_string().into_bytes())))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Self::Value, E> {
        Ok(Scalar::Fraction(Cow::Owned(serde_json::Value::from(value).to_string().into_bytes())))
    }

    fn visit_borrowed_str<E: Error>(self, text: &'t str) -> Result<Self::Value, E> {
        Ok(Scalar::String(Cow::Borrowed(text.as_bytes())))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Scalar::String(Cow::Owned(text.as_bytes().to_vec())))
    }

    fn visit_seq<A: SeqAccess<'t>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let mut all = Vec::new();
        while let Some(item) = items.next_element::<serde_json::Value>()? {
            all.push(item);
        }
        Ok(Scalar::Other(Cow::Owned(serde_json::Value::from(all).to_string().into_bytes())))
    }

    fn visit_map<A: MapAccess<'t>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let mut all = serde_json::Map::new();
        while let Some((name, value)) = members.next_entry::<String, serde_json::Value>()? {
            all.insert(name, value);
        }
        Ok(Scalar::Other(Cow::Owned(serde_json::Value::from(all).to_string().into_bytes())))
    }
}

/// A value below `status` or `property`: an object that holds columns, or one that does not matter.
struct Below<'r, 'c, 't> {
    row: &'r mut Row<'c, 't>,
    name: &'r str,
}

impl<'t> DeserializeSeed<'t> for Below<'_, '_, 't> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'t>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

impl<'t> Visitor<'t> for Below<'_, '_, 't> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_map<A: MapAccess<'t>>(self, members: A) -> Result<(), A::Error> {
        Object { row: self.row, path: &format!("{}.", self.name) }.visit_map(members)
    }

    fn visit_seq<A: SeqAccess<'t>>(self, mut items: A) -> Result<(), A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<(), E> {
        Ok(())
    }
}

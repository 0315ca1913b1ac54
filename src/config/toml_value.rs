//! The trait of types that `ddmc.toml` can hold, and its implementation for arrays and tables.

use serde_json::{Value as Json, json};

use super::read::{Located, Node, Reader};
use super::table::{Row, Section, Top};
use crate::limits::MAX_ITEMS;
use crate::words::{list, nearest, shown};

/// A type that a value in the file can have.
pub(crate) trait TomlValue: Sized + 'static {
    /// The expected type in words; completes "must be".
    fn expected() -> String;

    /// An example value in TOML.
    fn example() -> String;

    /// The maximum length of an array of them. Limits the time that a hostile configuration can cost.
    const MAX_ITEMS: usize = MAX_ITEMS;

    /// Whether it is written as a table with a heading instead of `key = value`.
    const IS_TABLE: bool = false;

    /// The key with an example value.
    fn usage(key: &str) -> String {
        if Self::IS_TABLE { format!("[{key}]") } else { format!("{key} = {}", Self::example()) }
    }

    /// Reads the value, or reports what is wrong with it.
    fn read(node: &Node<'_, '_>, reader: &mut Reader<'_>) -> Option<Self>;

    fn schema() -> Json;
}

/// An array of values, or a single value. Invalid items are reported and dropped.
impl<T: TomlValue> TomlValue for Vec<T> {
    const IS_TABLE: bool = T::IS_TABLE;

    fn usage(key: &str) -> String {
        if T::IS_TABLE { format!("[[{key}]]") } else { format!("{key} = {}", Self::example()) }
    }

    fn expected() -> String {
        format!("an array, each item {}", T::expected())
    }

    fn example() -> String {
        format!("[{}]", T::example())
    }

    fn read(node: &Node<'_, '_>, reader: &mut Reader<'_>) -> Option<Self> {
        let Some(array) = node.item.as_array() else {
            return T::read(node, reader).map(|value| vec![value]);
        };
        if array.len() > T::MAX_ITEMS {
            let problem = format!("has {} entries, but at most {} are allowed", array.len(), T::MAX_ITEMS);
            reader.invalid(node, &problem, "use fewer, more general patterns");
            return None;
        }
        Some(array.iter().enumerate().filter_map(|(at, value)| T::read(&node.inner(at, value), reader)).collect())
    }

    fn schema() -> Json {
        let item = T::schema();
        json!({ "anyOf": [{ "type": "array", "items": item }, item] })
    }
}

/// A section and its place.
impl<S: Section> TomlValue for Located<S> {
    const MAX_ITEMS: usize = S::MAX_ITEMS;

    const IS_TABLE: bool = true;

    fn expected() -> String {
        "a table".to_owned()
    }

    fn example() -> String {
        "a table with its keys".to_owned()
    }

    fn read(node: &Node<'_, '_>, reader: &mut Reader<'_>) -> Option<Self> {
        let value = section(node, reader)?;
        Some(Self { value, place: reader.place(node) })
    }

    fn schema() -> Json {
        super::schema::section::<S>()
    }
}

/// The row of a key.
pub(crate) fn row<S: Section>(name: &str) -> Option<&'static dyn Row<S>> {
    S::ROWS.iter().find(|row| row.name() == name).copied()
}

/// The row of the key that a misspelled one stands for.
pub(crate) fn near<S: Section>(name: &str) -> Option<&'static dyn Row<S>> {
    nearest(name, S::ROWS.iter().map(|row| row.name())).and_then(row)
}

/// Whether a key of a table is a top-level one. Judges its value, except for tables: they could be nested without end.
pub(crate) fn judge_misplaced(name: &str, node: &Node<'_, '_>, reader: &mut Reader<'_>) -> bool {
    let top = row::<Top>(name);
    if let Some(top) = top.filter(|top| !top.is_table()) {
        top.read(node, reader, &mut Top::default());
    }
    top.is_some()
}

/// Reads a section: a table with known keys.
pub(crate) fn section<S: Section>(node: &Node<'_, '_>, reader: &mut Reader<'_>) -> Option<S> {
    let Some(table) = node.item.as_table() else {
        reader.wrong_type::<Located<S>>(node);
        return None;
    };
    let mut section = S::default();
    let names: Vec<&str> = S::ROWS.iter().map(|row| row.name()).collect();
    let mut misspelled = Vec::new();
    for (key, item) in table {
        let inner = node.inner(key.name, item);
        if let Some(row) = row::<S>(key.name) {
            row.read(&inner, reader, &mut section);
            continue;
        }
        let near = near::<S>(key.name);
        misspelled.extend(near.map(Row::name));
        // What is wrong with the value shows now, not when the name is right.
        let is_misplaced = judge_misplaced(key.name, &inner, reader);
        if let Some(near) = near.filter(|_| !is_misplaced) {
            near.read(&inner, reader, &mut S::default());
        }
        let (ending, help) = match near {
            _ if is_misplaced => (", which is a top-level key".to_owned(), "move it above the first [table]".to_owned()),
            Some(near) => (format!("; did you mean {}?", near.name()), format!("rename it to {}", near.name())),
            None => (String::new(), format!("remove the key; the keys here are {}", list(&names, "and"))),
        };
        let message = format!("unknown key {}{ending}", shown(key.name));
        reader.error(&inner.pointer, key.span.range(), message, help);
    }
    if !reader.is_complete {
        return Some(section);
    }
    for row in S::ROWS.iter().filter(|row| row.is_required() && !misspelled.contains(&row.name())) {
        if !table.contains_key(row.name()) {
            let article = if row.name().ends_with('s') { "" } else { "a " };
            let message = format!("{} needs {article}{}: {}", node.name(), row.name(), row.meaning());
            reader.error_at(node, message, format!("add {}", row.usage()));
        }
    }
    Some(section)
}

//! What a type must be able to do to stand in `ddmc.toml`, and how arrays and tables are read.

use serde_json::{Value as Json, json};

use super::read::{Given, Located, Reader};
use super::table::Section;
use crate::words::{list, nearest, shown};

/// A type that a value of the file may have.
pub(crate) trait Form: Sized + 'static {
    /// What must stand there, to follow "must be".
    fn expected() -> String;

    /// A value as it could stand there.
    fn example() -> String;

    /// How many of them an array may hold. A configuration may be hostile, and its contents cost time.
    const MOST: usize = 10_000;

    /// Whether it is written with a heading of its own, and not after the key.
    const IS_TABLE: bool = false;

    /// The key with a value, as it could stand in a file.
    fn usage(key: &str) -> String {
        if Self::IS_TABLE { format!("[[{key}]]") } else { format!("{key} = {}", Self::example()) }
    }

    /// Reads the value, or says what is wrong with it.
    fn read(given: &Given<'_, '_>, reader: &mut Reader<'_>) -> Option<Self>;

    fn schema() -> Json;
}

/// Several values, or one that stands alone. What is wrong in one hides no other.
impl<T: Form> Form for Vec<T> {
    const IS_TABLE: bool = T::IS_TABLE;

    fn expected() -> String {
        format!("an array, of which each is {}", T::expected())
    }

    fn example() -> String {
        format!("[{}]", T::example())
    }

    fn read(given: &Given<'_, '_>, reader: &mut Reader<'_>) -> Option<Self> {
        let Some(array) = given.item.as_array() else {
            return T::read(given, reader).map(|value| vec![value]);
        };
        if array.len() > T::MOST {
            let problem = format!("has {} entries, but may have {} at most", array.len(), T::MOST);
            reader.wrong(given, &problem, "fewer patterns can match as much");
            return None;
        }
        Some(array.iter().enumerate().filter_map(|(at, value)| T::read(&given.inner(at, value), reader)).collect())
    }

    fn schema() -> Json {
        let item = T::schema();
        json!({ "anyOf": [{ "type": "array", "items": item }, item] })
    }
}

/// A table with known keys, and where it stands.
impl<S: Section> Form for Located<S> {
    const MOST: usize = S::MOST;

    const IS_TABLE: bool = true;

    fn expected() -> String {
        "a table".to_owned()
    }

    fn example() -> String {
        "a table with its keys".to_owned()
    }

    fn read(given: &Given<'_, '_>, reader: &mut Reader<'_>) -> Option<Self> {
        let value = section(given, reader)?;
        Some(Self { value, place: reader.place(given) })
    }

    fn schema() -> Json {
        super::schema::section::<S>()
    }
}

/// Reads a table with known keys.
pub(crate) fn section<S: Section>(given: &Given<'_, '_>, reader: &mut Reader<'_>) -> Option<S> {
    let Some(table) = given.item.as_table() else {
        reader.wrong_type::<Located<S>>(given);
        return None;
    };
    let mut section = S::default();
    let names: Vec<&str> = S::ROWS.iter().map(|row| row.name()).collect();
    let mut meant = Vec::new();
    for (key, item) in table {
        let inner = given.inner(key.name, item);
        if let Some(row) = S::ROWS.iter().find(|row| row.name() == key.name) {
            row.read(&inner, reader, &mut section);
            continue;
        }
        let near = nearest(key.name, names.iter().copied());
        meant.extend(near);
        let (ending, help) = match near {
            _ if super::is_top(key.name) => {
                (", which is a key of the whole file".to_owned(), "move it above the first [table]".to_owned())
            }
            Some(near) => (format!("; did you mean {near}?"), format!("rename it to {near}")),
            None => (String::new(), format!("remove it; the keys here are {}", list(&names, "and"))),
        };
        let message = format!("unknown key {}{ending}", shown(key.name));
        reader.fault(&inner.pointer, key.span.range(), message, help);
    }
    if !reader.is_complete {
        return Some(section);
    }
    for row in S::ROWS.iter().filter(|row| row.is_required() && !meant.contains(&row.name())) {
        if !table.contains_key(row.name()) {
            let message = format!("{} lacks {}: {}", given.name(), row.name(), row.meaning());
            reader.fault_at(given, message, format!("add {}", row.usage()));
        }
    }
    Some(section)
}

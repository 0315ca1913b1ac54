//! The simple value types of `ddmc.toml`: how each is read, and its schema.

use std::fmt;

use chrono::{Datelike, NaiveDate};
use regex::Regex;
use serde_json::{Value as Json, json};

use super::globs::{Glob, Globs};
use super::read::{Node, Reader};
use super::table::{AllowedKey, CatalogPath, Pointer, PolicyPath, Reason, SchemaPath, SetIdentifier};
use super::toml_value::TomlValue;
use crate::apple::{Channel, Formatted, Identifier, LocalDateTime, Target};
use crate::limits::MAX_PLACEHOLDERS;
use crate::set::Activations;
use crate::syntax::Placeholders;
use crate::words::{list, nearest, shown, visible};

/// Reads a string and converts it with `read`, which returns the problem and the help on failure.
fn read_text<T: TomlValue>(
    node: &Node<'_, '_>,
    reader: &mut Reader<'_>,
    read: impl FnOnce(&str) -> Result<T, (String, String)>,
) -> Option<T> {
    let Some(text) = node.item.as_str() else {
        reader.wrong_type::<T>(node);
        return None;
    };
    match read(text) {
        Ok(value) => Some(value),
        Err((problem, help)) => {
            reader.invalid(node, &problem, help);
            None
        }
    }
}

impl TomlValue for Target {
    fn expected() -> String {
        "a string that names devices".to_owned()
    }

    fn example() -> String {
        "\"macOS=15.4\"".to_owned()
    }

    fn read(node: &Node<'_, '_>, reader: &mut Reader<'_>) -> Option<Self> {
        read_text(node, reader, |text| {
            text.parse().map_err(|invalid: crate::apple::InvalidValue| (invalid.problem, invalid.help))
        })
    }

    fn schema() -> Json {
        json!({ "type": "string", "examples": ["macOS=15.4", "iOS=18.1,unsupervised", "iPadOS,shared", "tvOS"] })
    }
}

impl TomlValue for LocalDateTime {
    fn expected() -> String {
        "a date and time without a zone".to_owned()
    }

    fn example() -> String {
        "2026-01-31T18:00:00".to_owned()
    }

    fn read(node: &Node<'_, '_>, reader: &mut Reader<'_>) -> Option<Self> {
        let Some(text) = node.date_text() else {
            reader.wrong_type::<Self>(node);
            return None;
        };
        match text.parse::<Self>() {
            Ok(time) => Some(time),
            Err(invalid) => {
                reader.invalid(node, &invalid.problem, invalid.help);
                None
            }
        }
    }

    fn schema() -> Json {
        json!({ "type": "string", "pattern": "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}$", "examples": [Self::example()] })
    }
}

impl TomlValue for NaiveDate {
    fn expected() -> String {
        "a date".to_owned()
    }

    fn example() -> String {
        "2026-12-31".to_owned()
    }

    fn read(node: &Node<'_, '_>, reader: &mut Reader<'_>) -> Option<Self> {
        let Some(text) = node.date_text() else {
            reader.wrong_type::<Self>(node);
            return None;
        };
        let date = Self::parse_from_str(&text, "%Y-%m-%d").ok().filter(|date| date.to_string() == text && date.year() > 0);
        if date.is_none() {
            let what = if text.starts_with("0000-") { "there is no year 0000; the first is 0001" } else { "must be a date" };
            reader.invalid(node, &format!("is \"{}\", but {what}", shown(&text)), "write it like 2026-12-31");
        }
        date
    }

    fn schema() -> Json {
        json!({ "type": "string", "format": "date", "examples": [Self::example()] })
    }
}

/// Reads one of some keywords.
pub(super) fn read_word<T: TomlValue + Copy>(node: &Node<'_, '_>, reader: &mut Reader<'_>, words: &[(&str, T)]) -> Option<T> {
    read_text(node, reader, |text| {
        let found = words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
        found.ok_or_else(|| {
            let names: Vec<String> = words.iter().map(|(word, _)| format!("\"{word}\"")).collect();
            let help = match nearest(text, words.iter().map(|(word, _)| *word)) {
                Some(near) => format!("did you mean \"{near}\"?"),
                None => format!("write {}", list(&names, "or")),
            };
            (format!("is \"{}\", but must be one of {}", shown(text), list(&names, "or")), help)
        })
    })
}

/// The names of those who activate configurations.
const ACTIVATIONS: [(&str, Activations); 2] = [("declared", Activations::Declared), ("server", Activations::Server)];

impl fmt::Display for Activations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        ACTIVATIONS.iter().filter(|(_, value)| value == self).try_for_each(|(word, _)| f.write_str(word))
    }
}

impl TomlValue for Activations {
    fn expected() -> String {
        "\"declared\" or \"server\"".to_owned()
    }

    fn example() -> String {
        "\"server\"".to_owned()
    }

    fn read(node: &Node<'_, '_>, reader: &mut Reader<'_>) -> Option<Self> {
        read_word(node, reader, &ACTIVATIONS)
    }

    fn schema() -> Json {
        json!({ "enum": ACTIVATIONS.map(|(word, _)| word) })
    }
}

/// The names of channels.
const CHANNELS: [(&str, Channel); 2] = [("device", Channel::Device), ("user", Channel::User)];

impl TomlValue for Channel {
    fn expected() -> String {
        "\"device\" or \"user\"".to_owned()
    }

    fn example() -> String {
        "\"user\"".to_owned()
    }

    fn read(node: &Node<'_, '_>, reader: &mut Reader<'_>) -> Option<Self> {
        read_word(node, reader, &CHANNELS)
    }

    fn schema() -> Json {
        json!({ "enum": CHANNELS.map(|(word, _)| word) })
    }
}

impl TomlValue for Regex {
    const MAX_ITEMS: usize = MAX_PLACEHOLDERS;

    fn expected() -> String {
        "a string with a regular expression".to_owned()
    }

    fn example() -> String {
        "'@@[A-Z_]+@@'".to_owned()
    }

    fn read(node: &Node<'_, '_>, reader: &mut Reader<'_>) -> Option<Self> {
        read_text(node, reader, |text| {
            Placeholders::pattern(text).map_err(|error| {
                (format!("is not a valid regular expression: {}", visible(&error)), format!("write one like {}", Self::example()))
            })
        })
    }

    fn schema() -> Json {
        json!({ "type": "string", "format": "regex", "examples": ["@@[A-Z_]+@@"] })
    }
}

impl TomlValue for Pointer {
    fn expected() -> String {
        "a string with a JSON pointer".to_owned()
    }

    fn example() -> String {
        "\"/Payload/TargetLocalDateTime\"".to_owned()
    }

    fn read(node: &Node<'_, '_>, reader: &mut Reader<'_>) -> Option<Self> {
        read_text(node, reader, |text| {
            let is_escaped = text.split('~').skip(1).all(|rest| rest.starts_with(['0', '1']));
            let rule = match text {
                _ if !text.starts_with('/') => "begins with /",
                _ if text.ends_with('/') => "ends with a name",
                _ if !is_escaped => "writes ~ as ~0, and / in a name as ~1",
                _ => return Ok(Self(text.to_owned())),
            };
            let problem = format!("is \"{}\", but a JSON pointer {rule}", shown(text));
            Err((problem, format!("write it from the top of a declaration: {}", Self::example())))
        })
    }

    fn schema() -> Json {
        json!({ "type": "string", "pattern": "^/", "examples": ["/Payload/TargetLocalDateTime"] })
    }
}

/// Implements [`TomlValue`] for a type of file paths, with an example.
macro_rules! path_of_file {
    ($name:ident, $example:literal) => {
        impl TomlValue for $name {
            fn expected() -> String {
                "a string with a file path".to_owned()
            }

            fn example() -> String {
                concat!("\"", $example, "\"").to_owned()
            }

            fn read(node: &Node<'_, '_>, reader: &mut Reader<'_>) -> Option<Self> {
                read_text(node, reader, |text| {
                    if text.is_empty() {
                        return Err(("is empty".to_owned(), format!("write a path: {}", Self::example())));
                    }
                    Ok(Self(text.to_owned()))
                })
            }

            fn schema() -> Json {
                json!({ "type": "string", "minLength": 1, "examples": [$example] })
            }
        }
    };
}

path_of_file!(CatalogPath, "gdmf.json");
path_of_file!(PolicyPath, "policy.json");
path_of_file!(SchemaPath, "device-management");

impl TomlValue for AllowedKey {
    fn expected() -> String {
        "a string with the name of a key or a JSON pointer".to_owned()
    }

    fn example() -> String {
        "\"NewKey\"".to_owned()
    }

    fn read(node: &Node<'_, '_>, reader: &mut Reader<'_>) -> Option<Self> {
        read_text(node, reader, |text| {
            if text.is_empty() {
                return Err(("is empty".to_owned(), format!("write a name: {}", Self::example())));
            }
            Ok(Self(text.to_owned()))
        })
    }

    fn schema() -> Json {
        json!({ "type": "string", "minLength": 1, "examples": ["NewKey", "/Payload/NewKey"] })
    }
}

impl TomlValue for SetIdentifier {
    fn expected() -> String {
        "a string with the beginning of identifiers".to_owned()
    }

    fn example() -> String {
        "\"com.example.macs\"".to_owned()
    }

    fn read(node: &Node<'_, '_>, reader: &mut Reader<'_>) -> Option<Self> {
        read_text(node, reader, |text| Identifier::parse(text).map(Self).map_err(|invalid| (invalid.problem, invalid.help)))
    }

    fn schema() -> Json {
        json!({ "type": "string", "minLength": 1, "maxLength": 64, "examples": ["com.example.macs"] })
    }
}

impl TomlValue for Reason {
    fn expected() -> String {
        "a string with a reason".to_owned()
    }

    fn example() -> String {
        "\"kept for the record\"".to_owned()
    }

    fn read(node: &Node<'_, '_>, reader: &mut Reader<'_>) -> Option<Self> {
        read_text(node, reader, |text| {
            if text.trim().is_empty() {
                return Err(("is empty".to_owned(), "say why the finding is accepted".to_owned()));
            }
            Ok(Self(text.to_owned()))
        })
    }

    fn schema() -> Json {
        json!({ "type": "string", "minLength": 1 })
    }
}

impl TomlValue for Globs {
    fn expected() -> String {
        "an array of path patterns".to_owned()
    }

    fn example() -> String {
        "[\"macos/**\"]".to_owned()
    }

    fn read(node: &Node<'_, '_>, reader: &mut Reader<'_>) -> Option<Self> {
        let globs = <Vec<Glob>>::read(node, reader)?;
        if globs.is_empty() && node.item.as_array().is_some_and(toml_spanner::Array::is_empty) {
            reader.invalid(node, "is empty, so it matches nothing", format!("write {}", Self::example()));
            return None;
        }
        Some(Self(globs))
    }

    fn schema() -> Json {
        let mut schema = <Vec<Glob>>::schema();
        schema["anyOf"][0]["minItems"] = json!(1);
        schema
    }
}

impl TomlValue for Glob {
    fn expected() -> String {
        "a string with a path pattern".to_owned()
    }

    fn example() -> String {
        "\"macos/**\"".to_owned()
    }

    fn read(node: &Node<'_, '_>, reader: &mut Reader<'_>) -> Option<Self> {
        read_text(node, reader, |text| {
            Self::new(text).map_err(|(problem, help)| (format!("is \"{}\", which {problem}", shown(text)), help))
        })
    }

    fn schema() -> Json {
        json!({ "type": "string", "minLength": 1, "examples": ["macos/**", "ios", "**/pilot-*.json"] })
    }
}

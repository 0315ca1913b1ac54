//! The values of `ddmc.toml`: how each is read, and what a schema says of it.

use std::ops::Range;
use std::sync::Arc;

use chrono::NaiveDate;
use regex::Regex;
use serde_json::{Value as Json, json};
use toml::Spanned;
use toml::de::DeValue;

use super::globs::{Glob, Globs};
use super::located::Located;
use super::table::{Levels, Pointer, Reason, Row, Section};
use crate::document::{Locator, Placeholders, Position};
use crate::finding::{Finding, Place, Severity};
use crate::model::{LocalDateTime, Target};
use crate::rules::{RULES, Rule, invalid_configuration};
use crate::words::{list, nearest, shown};

/// A value of the file, and the JSON pointer to it.
pub(crate) struct Given<'v, 'i> {
    pub(crate) value: &'v Spanned<DeValue<'i>>,
    pub(crate) pointer: String,
}

impl<'v, 'i> Given<'v, 'i> {
    /// What a message calls it: the key, and the number in its array.
    fn name(&self) -> String {
        let mut name = String::new();
        for step in self.pointer.split('/').skip(1) {
            match step.parse::<usize>() {
                Ok(number) => name.push_str(&format!("[{number}]")),
                Err(_) if name.is_empty() => name.push_str(step),
                Err(_) => {
                    name.push('.');
                    name.push_str(step);
                }
            }
        }
        shown(&name)
    }

    fn inner<'n>(&self, step: impl std::fmt::Display, value: &'n Spanned<DeValue<'i>>) -> Given<'n, 'i> {
        Given { value, pointer: format!("{}/{step}", self.pointer) }
    }

    fn text(&self) -> Option<&'v str> {
        self.value.get_ref().as_str()
    }
}

/// Where the faults of a file go.
pub(crate) struct Reader<'t> {
    file: Arc<str>,
    text: &'t [u8],
    locator: Locator<'t>,
    pub(crate) findings: Vec<Finding>,
}

impl<'t> Reader<'t> {
    pub(crate) fn new(file: Arc<str>, text: &'t [u8]) -> Self {
        Self { file, text, locator: Locator::new(text, Position::START), findings: Vec::new() }
    }

    pub(crate) fn place(&mut self, given: &Given<'_, '_>) -> Place {
        self.place_of(given.pointer.clone(), given.value.span())
    }

    fn place_of(&mut self, pointer: String, mut span: Range<usize>) -> Place {
        // The parser gives some tables no length: their heading is shown.
        if span.is_empty() {
            let rest = self.text.get(span.start..).unwrap_or_default();
            span.end += rest.iter().position(|byte| matches!(byte, b'\n' | b'\r' | b'#')).unwrap_or(rest.len());
        }
        Place {
            file: self.file.clone(),
            index: 0,
            pointer,
            start: self.locator.position(span.start),
            end: self.locator.position(span.end),
        }
    }

    pub(crate) fn fault(&mut self, pointer: &str, span: Range<usize>, message: String, help: String) {
        let place = self.place_of(pointer.to_owned(), span);
        self.findings.push(Finding {
            rule: &invalid_configuration::RULE,
            severity: invalid_configuration::RULE.severity,
            message,
            help: Some(help),
            identifier: None,
            declaration_type: None,
            place,
            related: Vec::new(),
        });
    }

    /// A value that is not what it must be. `problem` follows its name.
    fn wrong(&mut self, given: &Given<'_, '_>, problem: &str, help: impl Into<String>) {
        self.fault(&given.pointer, given.value.span(), format!("{} {problem}", given.name()), help.into());
    }

    fn wrong_type<T: Form>(&mut self, given: &Given<'_, '_>) {
        let found = match given.value.get_ref() {
            DeValue::String(_) => "a string",
            DeValue::Integer(_) | DeValue::Float(_) => "a number",
            DeValue::Boolean(_) => "a boolean",
            DeValue::Datetime(_) => "a date or time",
            DeValue::Array(_) => "an array",
            DeValue::Table(_) => "a table",
        };
        self.wrong(given, &format!("must be {}, but is {found}", T::expected()), format!("write {}", T::example()));
    }
}

/// A type that a value of the file may have.
pub(crate) trait Form: Sized + 'static {
    /// What must stand there, to follow "must be".
    fn expected() -> String;

    /// A value as it could stand there.
    fn example() -> String;

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

/// Reads a string, and what it means.
fn read_text<T: Form>(
    given: &Given<'_, '_>,
    reader: &mut Reader<'_>,
    read: impl FnOnce(&str) -> Result<T, (String, String)>,
) -> Option<T> {
    let Some(text) = given.text() else {
        reader.wrong_type::<T>(given);
        return None;
    };
    match read(text) {
        Ok(value) => Some(value),
        Err((problem, help)) => {
            reader.wrong(given, &problem, help);
            None
        }
    }
}

impl Form for Target {
    fn expected() -> String {
        "a string that names devices".to_owned()
    }

    fn example() -> String {
        "\"macOS=15.4\"".to_owned()
    }

    fn read(given: &Given<'_, '_>, reader: &mut Reader<'_>) -> Option<Self> {
        read_text(given, reader, |text| text.parse().map_err(|unfit: crate::model::Unfit| (unfit.problem, unfit.help)))
    }

    fn schema() -> Json {
        json!({ "type": "string", "examples": ["macOS=15.4", "iOS=18.1,unsupervised", "iPadOS,shared", "tvOS"] })
    }
}

impl Form for LocalDateTime {
    fn expected() -> String {
        "a date and time without a zone".to_owned()
    }

    fn example() -> String {
        "2026-01-31T18:00:00".to_owned()
    }

    fn read(given: &Given<'_, '_>, reader: &mut Reader<'_>) -> Option<Self> {
        let text = match given.value.get_ref() {
            DeValue::Datetime(time) => time.to_string(),
            DeValue::String(text) => text.to_string(),
            _ => {
                reader.wrong_type::<Self>(given);
                return None;
            }
        };
        match text.parse::<Self>() {
            Ok(time) => Some(time),
            Err(unfit) => {
                reader.wrong(given, &unfit.problem, unfit.help);
                None
            }
        }
    }

    fn schema() -> Json {
        json!({ "type": "string", "pattern": "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}$", "examples": [Self::example()] })
    }
}

impl Form for NaiveDate {
    fn expected() -> String {
        "a date".to_owned()
    }

    fn example() -> String {
        "2026-12-31".to_owned()
    }

    fn read(given: &Given<'_, '_>, reader: &mut Reader<'_>) -> Option<Self> {
        let text = match given.value.get_ref() {
            DeValue::Datetime(time) => time.to_string(),
            DeValue::String(text) => text.to_string(),
            _ => {
                reader.wrong_type::<Self>(given);
                return None;
            }
        };
        let date = Self::parse_from_str(&text, "%Y-%m-%d").ok().filter(|date| date.to_string() == text);
        if date.is_none() {
            reader.wrong(given, &format!("is \"{}\", but must be a date", shown(&text)), "write it like 2026-12-31");
        }
        date
    }

    fn schema() -> Json {
        json!({ "type": "string", "format": "date", "examples": [Self::example()] })
    }
}

/// The words for severities; the last one turns a rule off.
const LEVELS: [(&str, Option<Severity>); 4] =
    [("error", Some(Severity::Error)), ("warning", Some(Severity::Warning)), ("note", Some(Severity::Note)), ("off", None)];

/// Reads one of some words.
fn read_word<T: Form + Copy>(given: &Given<'_, '_>, reader: &mut Reader<'_>, words: &[(&str, T)]) -> Option<T> {
    read_text(given, reader, |text| {
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

impl Form for Option<Severity> {
    fn expected() -> String {
        "a severity or \"off\", in quotes".to_owned()
    }

    fn example() -> String {
        "\"warning\"".to_owned()
    }

    fn read(given: &Given<'_, '_>, reader: &mut Reader<'_>) -> Option<Self> {
        read_word(given, reader, &LEVELS)
    }

    fn schema() -> Json {
        json!({ "enum": LEVELS.map(|(word, _)| word) })
    }
}

impl Form for Severity {
    fn expected() -> String {
        "a severity, in quotes".to_owned()
    }

    fn example() -> String {
        "\"error\"".to_owned()
    }

    fn read(given: &Given<'_, '_>, reader: &mut Reader<'_>) -> Option<Self> {
        read_word(given, reader, &[("error", Self::Error), ("warning", Self::Warning), ("note", Self::Note)])
    }

    fn schema() -> Json {
        json!({ "enum": ["error", "warning", "note"] })
    }
}

impl Form for Regex {
    fn expected() -> String {
        "a string with a regular expression".to_owned()
    }

    fn example() -> String {
        "'@@[A-Z_]+@@'".to_owned()
    }

    fn read(given: &Given<'_, '_>, reader: &mut Reader<'_>) -> Option<Self> {
        read_text(given, reader, |text| {
            Placeholders::pattern(text).map_err(|error| {
                (format!("is no usable regular expression: {}", shown(&error)), format!("write one like {}", Self::example()))
            })
        })
    }

    fn schema() -> Json {
        json!({ "type": "string", "format": "regex", "examples": ["@@[A-Z_]+@@"] })
    }
}

impl Form for Pointer {
    fn expected() -> String {
        "a string with a JSON pointer".to_owned()
    }

    fn example() -> String {
        "\"/Payload/TargetLocalDateTime\"".to_owned()
    }

    fn read(given: &Given<'_, '_>, reader: &mut Reader<'_>) -> Option<Self> {
        read_text(given, reader, |text| {
            if text.starts_with('/') {
                return Ok(Self(text.trim_end_matches('/').to_owned()));
            }
            let problem = format!("is \"{}\", but a JSON pointer begins with /", shown(text));
            Err((problem, format!("write it from the top of a declaration: {}", Self::example())))
        })
    }

    fn schema() -> Json {
        json!({ "type": "string", "pattern": "^/", "examples": ["/Payload/TargetLocalDateTime"] })
    }
}

impl Form for Reason {
    fn expected() -> String {
        "a string with a sentence".to_owned()
    }

    fn example() -> String {
        "\"kept for the record\"".to_owned()
    }

    fn read(given: &Given<'_, '_>, reader: &mut Reader<'_>) -> Option<Self> {
        read_text(given, reader, |text| {
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

/// The rule of this name, or what is wrong with the name, and what to write.
fn rule(name: &str) -> Result<&'static Rule, (String, String)> {
    Rule::find(name).ok_or_else(|| {
        let help = match nearest(name, RULES.iter().map(|rule| rule.id)) {
            Some(near) => format!("did you mean {near}?"),
            None => "`ddmc rules` lists the rules".to_owned(),
        };
        (format!("there is no rule \"{}\"", shown(name)), help)
    })
}

fn rule_names() -> Vec<&'static str> {
    RULES.iter().map(|rule| rule.id).collect()
}

impl Form for &'static Rule {
    fn expected() -> String {
        "a string with the name of a rule".to_owned()
    }

    fn example() -> String {
        "\"past-deadline\"".to_owned()
    }

    fn read(given: &Given<'_, '_>, reader: &mut Reader<'_>) -> Option<Self> {
        let Some(text) = given.text() else {
            reader.wrong_type::<Self>(given);
            return None;
        };
        match rule(text) {
            Ok(rule) => Some(rule),
            Err((message, help)) => {
                reader.fault(&given.pointer, given.value.span(), message, help);
                None
            }
        }
    }

    fn schema() -> Json {
        json!({ "enum": rule_names() })
    }
}

impl Form for Levels {
    const IS_TABLE: bool = true;

    fn usage(key: &str) -> String {
        format!("{key}.{}", Self::example())
    }

    fn expected() -> String {
        "a table of rules and their severities".to_owned()
    }

    fn example() -> String {
        "past-deadline = \"off\"".to_owned()
    }

    fn read(given: &Given<'_, '_>, reader: &mut Reader<'_>) -> Option<Self> {
        let Some(table) = given.value.get_ref().as_table() else {
            reader.wrong_type::<Self>(given);
            return None;
        };
        let mut levels = Self::default();
        for (name, value) in table.iter() {
            let inner = given.inner(name.get_ref(), value);
            let level = <Option<Severity>>::read(&inner, reader);
            match rule(name.get_ref()) {
                Ok(rule) => {
                    let place = reader.place(&inner);
                    levels.0.extend(level.map(|level| Located { value: (rule, level), place }));
                }
                Err((message, help)) => reader.fault(&inner.pointer, name.span(), message, help),
            }
        }
        Some(levels)
    }

    fn schema() -> Json {
        json!({ "type": "object", "propertyNames": { "enum": rule_names() }, "additionalProperties": <Option<Severity>>::schema() })
    }
}

impl Form for Globs {
    fn expected() -> String {
        "an array of patterns of paths".to_owned()
    }

    fn example() -> String {
        "[\"macos/**\"]".to_owned()
    }

    fn read(given: &Given<'_, '_>, reader: &mut Reader<'_>) -> Option<Self> {
        let globs = <Vec<Glob>>::read(given, reader)?;
        if globs.is_empty() && given.value.get_ref().as_array().is_some_and(|array| array.is_empty()) {
            reader.wrong(given, "is empty, so it matches nothing", format!("write {}", Self::example()));
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

impl Form for Glob {
    fn expected() -> String {
        "a string with a pattern of paths".to_owned()
    }

    fn example() -> String {
        "\"macos/**\"".to_owned()
    }

    fn read(given: &Given<'_, '_>, reader: &mut Reader<'_>) -> Option<Self> {
        read_text(given, reader, |text| {
            Self::new(text).map_err(|(problem, help)| (format!("is \"{}\", which {problem}", shown(text)), help))
        })
    }

    fn schema() -> Json {
        json!({ "type": "string", "minLength": 1, "examples": ["macos/**", "ios", "**/pilot-*.json"] })
    }
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
        let Some(array) = given.value.get_ref().as_array() else {
            return T::read(given, reader).map(|value| vec![value]);
        };
        Some(array.iter().enumerate().filter_map(|(at, value)| T::read(&given.inner(at, value), reader)).collect())
    }

    fn schema() -> Json {
        let item = T::schema();
        json!({ "anyOf": [{ "type": "array", "items": item }, item] })
    }
}

/// A table with known keys, and where it stands.
impl<S: Section> Form for Located<S> {
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
    let Some(table) = given.value.get_ref().as_table() else {
        reader.wrong_type::<Located<S>>(given);
        return None;
    };
    let mut section = S::default();
    for (name, value) in table.iter() {
        let inner = given.inner(name.get_ref(), value);
        match S::ROWS.iter().find(|row| row.name() == name.get_ref()) {
            Some(row) => row.read(&inner, reader, &mut section),
            None => {
                let names: Vec<&str> = S::ROWS.iter().map(|row| row.name()).collect();
                let (ending, help) = match nearest(name.get_ref(), names.iter().copied()) {
                    Some(near) => (format!("; did you mean {near}?"), format!("rename it to {near}")),
                    None => (String::new(), format!("remove it; the keys here are {}", list(&names, "and"))),
                };
                let message = format!("unknown key {}{ending}", shown(name.get_ref()));
                reader.fault(&inner.pointer, name.span(), message, help);
            }
        }
    }
    let missing: Vec<&&dyn Row<S>> =
        S::ROWS.iter().filter(|row| row.is_required() && !table.keys().any(|name| name.get_ref() == row.name())).collect();
    for row in missing {
        let message = format!("{} lacks {}: {}", given.name(), row.name(), row.meaning());
        reader.fault(&given.pointer, given.value.span(), message, format!("add {}", row.usage()));
    }
    Some(section)
}

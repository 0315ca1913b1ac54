//! Changes in plain words. All texts of documents are escaped here.

use serde_json::Value;

use super::reach::Reach;
use crate::apple::{KeyId, LocalDateTime, Note, Schema, TypeId, ValueType};
use crate::words::{MASK, count, list, shown};

/// The old and the new value of a key, without secrets.
pub(super) struct Values<'v> {
    pub(super) old: Option<&'v Value>,
    pub(super) new: Option<&'v Value>,
    /// Whether they are items of the value, which is a set.
    pub(super) is_item: bool,
}

/// What a change of a setting does: `Macs hold back major updates 60 days instead of 30`.
pub(super) fn setting(schema: &Schema, path: &[String], key: Option<KeyId>, values: &Values<'_>, reach: &Reach) -> String {
    let effect = key.and_then(|key| effect(schema, key, values, &reach.devices()));
    effect.unwrap_or_else(|| {
        let meaning = key.map_or("", |key| schema.note(key).meaning);
        said(schema, path, key, values, meaning)
    })
}

/// What devices do, if the notes about the key say so.
fn effect(schema: &Schema, key: KeyId, values: &Values<'_>, devices: &str) -> Option<String> {
    let note = schema.note(key);
    let does = |value: &Value| effect_of(schema, key, note, value);
    match (values.old, values.new) {
        (Some(old), Some(new)) if note.effects.len() == 1 && old != new => {
            let (before, after) = note.effects[0].split_once("{}")?;
            Some(format!("{devices} {before}{}{after} instead of {}", self::value(new), self::value(old)))
        }
        (Some(old), Some(new)) if old != new => Some(format!(
            "{devices} now {} ({} is {} instead of {})",
            does(new)?,
            name(schema, key),
            self::value(new),
            self::value(old)
        )),
        (None, Some(new)) => Some(format!("{devices} now {}", does(new)?)),
        (Some(old), None) if note.effects.len() == 1 => {
            let (before, after) = note.effects[0].split_once("{}")?;
            let old = self::value(old);
            Some(if values.is_item {
                format!("{devices} no longer {before}{old}{after}")
            } else {
                format!("{devices} no longer {} (before: {old}{after})", before.trim_end())
            })
        }
        _ => None,
    }
}

/// What devices do with a value.
fn effect_of(schema: &Schema, key: KeyId, note: &Note, value: &Value) -> Option<String> {
    let at = match (value, schema.key(key).value) {
        (Value::Bool(is_on), _) => usize::from(*is_on),
        (Value::String(word), ValueType::Enum(words)) => schema.words(words).iter().position(|known| known == word)?,
        _ => 0,
    };
    Some(note.effects.get(at)?.replace("{}", &self::value(value)))
}

fn name(schema: &Schema, key: KeyId) -> String {
    shown(&schema.key(key).name)
}

/// The change of a key: `MajorPeriodInDays is 60 instead of 30`.
pub(super) fn plain(schema: &Schema, path: &[String], key: Option<KeyId>, values: &Values<'_>) -> String {
    said(schema, path, key, values, "")
}

/// The change of a key with what it means: `MinimumLength, the minimum number of characters, is 8 instead of 6`.
fn said(schema: &Schema, path: &[String], key: Option<KeyId>, values: &Values<'_>, meaning: &str) -> String {
    // A step into an array tells nothing without those before it.
    let is_index = |step: &String| step.parse::<usize>().is_ok();
    let name = match key {
        Some(key) if !path.iter().any(is_index) => self::name(schema, key),
        _ if path.is_empty() => "the payload".to_owned(),
        _ => shown(&path.join(".")),
    };
    let name = if meaning.is_empty() { name } else { format!("{name}, {meaning},") };
    let value = self::value;
    match (values.old, values.new) {
        (None, Some(new)) if values.is_item => format!("{name} gains {}", value(new)),
        (Some(old), None) if values.is_item => format!("{name} loses {}", value(old)),
        (Some(old), Some(new)) if values.is_item && value(old) == value(new) => {
            format!("the hidden value of {} in {name} changes", value(new))
        }
        (Some(old), Some(new)) if value(old) == value(new) => format!("{name} changes{}", hidden(new)),
        (Some(old), Some(new)) => format!("{name} is {} instead of {}", value(new), value(old)),
        (None, Some(new)) => format!("{name} is now {}", value(new)),
        (Some(old), None) => {
            let default = key.and_then(|key| schema.key(key).default.as_ref());
            let default = default.map(|default| format!("; the default is {}", value(&default.to_json()))).unwrap_or_default();
            format!("{name} is no longer set (it was {}{default})", value(old))
        }
        (None, None) => format!("{name} changes"),
    }
}

/// Why equal values are said to differ.
fn hidden(value: &Value) -> &'static str {
    if value.to_string().contains(MASK) { "; its value is hidden" } else { "" }
}

/// A value in a few words; a beta program is shown as its description.
pub(super) fn value(value: &Value) -> String {
    match value {
        Value::Array(items) if !items.is_empty() => {
            let items: Vec<String> = items.iter().map(self::value).collect();
            shown(&items.join(", "))
        }
        Value::Object(members) => match (value["Description"].as_str(), members.values().next()) {
            (Some(description), _) => shown(description),
            (None, Some(only)) if members.len() == 1 => self::value(only),
            _ => shown(&value.to_string()),
        },
        Value::String(text) if text.is_empty() => "empty".to_owned(),
        Value::String(text) => shown(text),
        other => other.to_string(),
    }
}

/// The first of some names.
pub(super) fn names(names: &[String]) -> String {
    const MOST: usize = 3;
    let mut all: Vec<String> = names.iter().take(MOST).map(|name| shown(name)).collect();
    if names.len() > MOST {
        all.push(format!("{} more", names.len() - MOST));
    }
    list(&all, "and")
}

/// A time without seconds if they are 0.
pub(super) fn time(time: LocalDateTime) -> String {
    let text = time.to_string().replace('T', " ");
    text.strip_suffix(":00").unwrap_or(&text).to_owned()
}

/// How much earlier or later a deadline is: `5 days earlier`.
pub(super) fn shift(old: LocalDateTime, new: LocalDateTime) -> String {
    let seconds = (new.naive() - old.naive()).num_seconds();
    let minutes = seconds.unsigned_abs() / 60;
    let parts = [(minutes / 1440, "day"), (minutes / 60 % 24, "hour"), (minutes % 60, "minute")];
    let number = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    let mut parts: Vec<String> =
        parts.into_iter().filter(|(part, _)| *part > 0).map(|(part, noun)| count(number(part), noun)).collect();
    if parts.is_empty() {
        parts.push(count(number(seconds.unsigned_abs()), "second"));
    }
    format!("{} {}", list(&parts, "and"), if seconds < 0 { "earlier" } else { "later" })
}

/// The name of a type in messages: its title, or its name.
pub(super) fn title(schema: &Schema, kind: Option<TypeId>, name: &str) -> String {
    kind.and_then(|kind| crate::apple::title(&schema.kind(kind).name)).map_or_else(|| shown(name), str::to_owned)
}

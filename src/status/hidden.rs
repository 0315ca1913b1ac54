//! Hides what a report tells about a person: values of status items that the table marks, wherever they occur.

use serde_json::Value as Json;

use super::report::Report;
use crate::apple::StatusItem;
use crate::words::MASK;

/// The values to hide.
#[derive(Debug, Default)]
pub(crate) struct Hidden {
    values: Vec<String>,
    pub(crate) shows_all: bool,
}

/// Shorter values may be parts of other words.
const LEAST_BYTES: usize = 6;
/// Each text is searched for all of them.
const MOST_VALUES: usize = 50;

impl Hidden {
    /// The personal values of a report; none if all is shown.
    pub(crate) fn of(report: &Report, shows_all: bool) -> Self {
        if shows_all {
            return Self { values: Vec::new(), shows_all };
        }
        let mut values: Vec<String> = report.device.iter().map(ToString::to_string).collect();
        for (name, item) in report.items.iter().filter(|(name, _)| is_personal(name)) {
            // Certificates and the like are not repeated elsewhere; names of people and devices are.
            if name.starts_with("account.") || name.starts_with("device.") || name.starts_with("mdm.") {
                collect(&item.json(), &mut values);
            }
        }
        values.retain(|value| value.len() >= LEAST_BYTES);
        values.sort_by_key(|value| std::cmp::Reverse(value.len()));
        values.dedup();
        values.truncate(MOST_VALUES);
        Self { values, shows_all }
    }

    /// A text without them. It is not safe to print yet.
    pub(crate) fn text(&self, text: &str) -> String {
        self.values
            .iter()
            .fold(text.to_owned(), |text, value| if text.contains(value) { text.replace(value, MASK) } else { text })
    }

    /// A text without them, with a beginning that is safe to print.
    pub(crate) fn shown(&self, text: &str) -> String {
        crate::words::shown(&self.text(text))
    }

    /// The value of a status item, in one line; hidden if it is personal.
    pub(crate) fn item(&self, name: &str, value: &Json) -> String {
        if !self.shows_all && is_personal(name) {
            return MASK.to_owned();
        }
        match value {
            Json::String(text) => self.text(text),
            Json::Array(all) if all.iter().any(Json::is_object) => crate::words::count(all.len(), "item"),
            other => self.text(&other.to_string()),
        }
    }
}

/// Whether a status item is personal. One that Apple does not document may be.
pub(crate) fn is_personal(name: &str) -> bool {
    let item =
        StatusItem::all().find(|item| name.strip_prefix(item.name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')));
    item.is_none_or(|item| item.is_personal)
}

/// The texts that name a person, a device or a server; not the names of declarations.
fn collect(json: &Json, values: &mut Vec<String>) {
    match json {
        Json::String(text) => values.push(text.clone()),
        Json::Array(all) => all.iter().take(MOST_VALUES).for_each(|one| collect(one, values)),
        Json::Object(all) => {
            let own = all.iter().filter(|(key, _)| !matches!(key.as_str(), "identifier" | "declaration-identifier"));
            own.for_each(|(_, value)| collect(value, values));
        }
        _ => {}
    }
}

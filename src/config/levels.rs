//! Rules and their severities in `ddmc.toml`.

use serde_json::{Value as Json, json};

use super::read::{Located, Node, Reader};
use super::rule_id::RuleId;
use super::table::{Levels, Top};
use super::toml_value::{TomlValue, judge_misplaced, row};
use super::values::read_word;
use crate::diagnostic::Severity;
use crate::policy;
use crate::rules::RULES;
use crate::words::{nearest, shown};

/// The names of severities.
const SEVERITIES: [(&str, Severity); 3] = [("error", Severity::Error), ("warning", Severity::Warning), ("note", Severity::Note)];

/// The names of the levels of a rule; `None` is off.
fn levels() -> Vec<(&'static str, Option<Severity>)> {
    let severities = SEVERITIES.into_iter().map(|(word, severity)| (word, Some(severity)));
    severities.chain([("off", None)]).collect()
}

impl TomlValue for Option<Severity> {
    fn expected() -> String {
        "a severity or \"off\", in quotes".to_owned()
    }

    fn example() -> String {
        "\"warning\"".to_owned()
    }

    fn read(node: &Node<'_, '_>, reader: &mut Reader<'_>) -> Option<Self> {
        read_word(node, reader, &levels())
    }

    fn schema() -> Json {
        json!({ "enum": levels().iter().map(|(word, _)| *word).collect::<Vec<_>>() })
    }
}

impl TomlValue for Severity {
    fn expected() -> String {
        "a severity, in quotes".to_owned()
    }

    fn example() -> String {
        "\"error\"".to_owned()
    }

    fn read(node: &Node<'_, '_>, reader: &mut Reader<'_>) -> Option<Self> {
        read_word(node, reader, &SEVERITIES)
    }

    fn schema() -> Json {
        json!({ "enum": SEVERITIES.map(|(word, _)| word) })
    }
}

/// The rule with this id, or the problem and the help.
fn rule(name: &str) -> Result<RuleId, (String, String)> {
    RuleId::find(name).ok_or_else(|| {
        if row::<Top>(name).is_some() {
            let problem = format!("{} is not a rule, but a top-level key", shown(name));
            return (problem, "move it above the first [table]".to_owned());
        }
        let help = match nearest(name, RULES.iter().map(|rule| &*rule.id)) {
            Some(near) => format!("did you mean {near}?"),
            None => "`ddmc rules` lists the rules".to_owned(),
        };
        (format!("there is no rule \"{}\"", shown(name)), help)
    })
}

/// The schema of a rule id. Policy ids are not known, so they only match a pattern.
fn rule_name() -> Json {
    let names: Vec<&str> = RULES.iter().map(|rule| &*rule.id).collect();
    json!({ "anyOf": [{ "enum": names }, { "type": "string", "pattern": policy::ID_PATTERN }] })
}

impl TomlValue for RuleId {
    fn expected() -> String {
        "a string with a rule id".to_owned()
    }

    fn example() -> String {
        "\"past-deadline\"".to_owned()
    }

    fn read(node: &Node<'_, '_>, reader: &mut Reader<'_>) -> Option<Self> {
        let Some(text) = node.item.as_str() else {
            reader.wrong_type::<Self>(node);
            return None;
        };
        match rule(text) {
            Ok(rule) => Some(rule),
            Err((message, help)) => {
                reader.error_at(node, message, help);
                None
            }
        }
    }

    fn schema() -> Json {
        rule_name()
    }
}

impl TomlValue for Levels {
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

    fn read(node: &Node<'_, '_>, reader: &mut Reader<'_>) -> Option<Self> {
        let Some(table) = node.item.as_table() else {
            reader.wrong_type::<Self>(node);
            return None;
        };
        let mut levels = Self::default();
        for (key, item) in table {
            let inner = node.inner(key.name, item);
            // No rule is called like a top-level key.
            let is_misplaced = judge_misplaced(key.name, &inner, reader);
            let level = if is_misplaced { None } else { <Option<Severity>>::read(&inner, reader) };
            match rule(key.name) {
                Ok(rule) if !rule.is_adjustable() => {
                    let message = format!("the severity of {} cannot be changed", &*rule);
                    reader.error(&inner.pointer, key.span.range(), message, "remove the key");
                }
                Ok(rule) => {
                    let place = reader.place(&inner);
                    levels.0.extend(level.map(|level| Located { value: (rule, level), place }));
                }
                Err((message, help)) => reader.error(&inner.pointer, key.span.range(), message, help),
            }
        }
        Some(levels)
    }

    fn schema() -> Json {
        json!({ "type": "object", "propertyNames": rule_name(), "additionalProperties": <Option<Severity>>::schema() })
    }
}

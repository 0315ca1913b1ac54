//! `wrong-type`

use super::spot;
use crate::diagnostic::{Draft, Example, Proposal, Remedy, Rule, Severity};
use crate::document::Kind;
use crate::keys::Shape;
use crate::model::Form;
use crate::read::Problem;
use crate::words::shown;

pub(crate) static RULE: Rule = Rule::new(
    "wrong-type",
    Severity::Error,
    "a value has another JSON type than its key",
    "A device does not convert types: a declaration with the number \"30\" in quotes, or with \"true\" for true, fails \
     to load as a whole. null is no way to leave a key out; remove the key.",
    &[
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.settings",
  "Identifier": "com.example.settings",
  "Payload": {
    "Notifications": "false",
    "Deferrals": { "MajorPeriodInDays": "30", "MinorPeriodInDays": 7.5 },
    "AutomaticActions": { "Download": true },
    "RecommendedCadence": null
  }
}"#,
            options: &[],
            finds: &[
                ("/Payload/Notifications", Severity::Error),
                ("/Payload/Deferrals/MajorPeriodInDays", Severity::Error),
                ("/Payload/Deferrals/MinorPeriodInDays", Severity::Error),
                ("/Payload/AutomaticActions/Download", Severity::Error),
                ("/Payload/RecommendedCadence", Severity::Error),
            ],
        },
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.settings",
  "Identifier": "com.example.settings",
  "Payload": { "Notifications": false, "Deferrals": { "MajorPeriodInDays": 30 }, "AutomaticActions": { "Download": "AlwaysOn" } }
}"#,
            options: &[],
            finds: &[],
        },
    ],
);

/// `text` is the value as it is written.
pub(super) fn diagnostic(problem: &Problem, expected: &Shape, found: Kind, text: &str) -> Draft {
    let found_as = match (found, expected) {
        (Kind::Number, Shape::Integer { .. }) => shown(text),
        (Kind::Boolean, _) => format!("a boolean ({text})"),
        _ => found.to_string(),
    };
    let fix =
        unquoted(expected, found, text).map(|value| Proposal::safe(Remedy::Replace(value.clone()), format!("write {value}")));
    RULE.at(spot(problem), format!("{} is {found_as}, but must be {}", problem.name, expected.expected()))
        .help(help(expected, found, text).unwrap_or_else(|| format!("write {}", expected.expected())))
        .fix(fix)
}

/// A number or a boolean that stands in quotes.
fn unquoted(expected: &Shape, found: Kind, text: &str) -> Option<String> {
    let inner = text.strip_prefix('"')?.strip_suffix('"')?.trim();
    match expected {
        Shape::Integer { .. } if found == Kind::String => inner.parse::<i64>().ok().map(|number| number.to_string()),
        Shape::Boolean if found == Kind::String => {
            let lower = inner.to_ascii_lowercase();
            ["true", "false"].contains(&lower.as_str()).then_some(lower)
        }
        _ => None,
    }
}

/// What the author probably meant. Values are repeated only where they are harmless: numbers, booleans, and what reads as such.
fn help(expected: &Shape, found: Kind, text: &str) -> Option<String> {
    let unquoted = text.trim_matches('"').trim();
    let without_quotes = if found == Kind::String { ", without quotes" } else { "" };
    match (expected, found) {
        (_, Kind::Null) => Some("remove the key, or give it a value".to_owned()),
        (Shape::Boolean, Kind::String | Kind::Number) => match unquoted.to_ascii_lowercase().as_str() {
            "true" | "yes" | "1" | "on" => Some(format!("write true{without_quotes}")),
            "false" | "no" | "0" | "off" => Some(format!("write false{without_quotes}")),
            _ => Some("write true or false".to_owned()),
        },
        (Shape::Integer { .. }, Kind::String) if unquoted.parse::<i64>().is_ok() => {
            Some(format!("write {}, without quotes", shown(unquoted)))
        }
        (Shape::Integer { min: i64::MIN, .. }, Kind::Number) => Some("write a whole number".to_owned()),
        (Shape::Integer { .. }, Kind::Number) => Some("write a whole number of days".to_owned()),
        (Shape::Choice(names), Kind::Boolean) if names.contains(&"AlwaysOn") => {
            Some(format!("write \"{}\"", if text == "true" { "AlwaysOn" } else { "AlwaysOff" }))
        }
        (Shape::Text(Some(Form::OsVersion)), Kind::Number) => Some(format!("write \"{}\"", shown(text))),
        (Shape::Text(Some(form)), _) => Some(format!("write a string such as \"{}\"", form.example())),
        (Shape::Text(None), Kind::Number) => Some("write it in quotes".to_owned()),
        (Shape::Array(_), Kind::String | Kind::Object) => Some("put it in [ and ]".to_owned()),
        (Shape::Object | Shape::Group, Kind::Array) => Some("write { … } without [ and ] around it".to_owned()),
        (Shape::Choice(_) | Shape::Boolean | Shape::Integer { .. }, Kind::Array) => {
            Some("write the value without [ and ] around it".to_owned())
        }
        (Shape::Group | Shape::Object, Kind::String) if unquoted.starts_with('{') => {
            Some("write the object itself, not a string that holds its text".to_owned())
        }
        _ => None,
    }
}

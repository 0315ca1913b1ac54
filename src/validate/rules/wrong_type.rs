//! `wrong-type`

use std::borrow::Cow;

use super::super::validator::Site;
use crate::apple::{Format, KeyId, Schema, Text, ValueType};
use crate::diagnostic::{Draft, Example, Proposal, Remedy, Rule, Severity, settings};
use crate::syntax::{Kind, Notation, Path, Syntax};
use crate::words::{list, nearest};

pub(crate) static RULE: Rule = Rule::new(
    "wrong-type",
    Severity::Error,
    "a value does not have the JSON type of its key",
    "A device does not convert types: a declaration with the number \"30\" in quotes, or with \"true\" for true, \
     fails to load as a whole. null does not mean an absent key; remove the key.",
    &[
        Example::new(
            r#"{
  "Type": "com.apple.configuration.softwareupdate.settings",
  "Identifier": "com.example.settings",
  "Payload": {
    "Notifications": "false",
    "Deferrals": { "MajorPeriodInDays": "30", "MinorPeriodInDays": 7.5 },
    "AutomaticActions": { "Download": true },
    "RecommendedCadence": null
  }
}"#,
        )
        .finds(&[
            ("/Payload/Notifications", Severity::Error),
            ("/Payload/Deferrals/MajorPeriodInDays", Severity::Error),
            ("/Payload/Deferrals/MinorPeriodInDays", Severity::Error),
            ("/Payload/AutomaticActions/Download", Severity::Error),
            ("/Payload/RecommendedCadence", Severity::Error),
        ]),
        Example::new(settings!(
            r#"{ "Notifications": false, "Deferrals": { "MajorPeriodInDays": 30 }, "AutomaticActions": { "Download": "AlwaysOn" } }"#
        )),
    ],
);

pub(in crate::validate) fn diagnostic(site: Site<'_, '_>, id: KeyId) -> Draft {
    let (expected, found, text) = (site.schema.key(id).value, site.node.kind(), site.node.text());
    let found_as = match (found, expected) {
        (Kind::Number, ValueType::Integer { .. }) => site.shown(text).into(),
        (Kind::Boolean, _) => Cow::Owned(format!("a boolean ({text})")),
        (Kind::String, _) if site.is_hidden() => Cow::Borrowed("a string (hidden, as it may be a secret)"),
        _ => site.notation.kind(found),
    };
    let expected = self::expected(site.schema, id, site.notation);
    let help = help(site, id).unwrap_or_else(|| format!("write {expected}"));
    // A sign, a leading zero or a space may be more than a quoting mistake.
    let is_same = |value: &str| site.node.as_str().is_some_and(|text| text.eq_ignore_ascii_case(value));
    let fix = unquoted(site, id)
        .map(|value| Proposal::safe(Remedy::Replace(value.clone()), format!("write {value}")).safe_if(is_same(&value)));
    RULE.at(site.spot(), format!("{} is {found_as}, but must be {expected}", site.name())).help(help).fix(fix)
}

/// The expected type, to follow "must be".
pub(crate) fn expected(schema: &Schema, id: KeyId, notation: Notation) -> String {
    let one_of = |values: &[String]| list(values, "or");
    match schema.key(id).value {
        ValueType::Boolean => "a boolean (true or false)".to_owned(),
        ValueType::Integer { min: i64::MIN, max: i64::MAX } => "an integer".to_owned(),
        ValueType::Integer { min, max: i64::MAX } => format!("an integer of at least {min}"),
        ValueType::Integer { min: i64::MIN, max } => format!("an integer of at most {max}"),
        ValueType::Integer { min, max } => format!("an integer from {min} to {max}"),
        ValueType::Integers(numbers) => {
            let numbers: Vec<String> = schema.numbers(numbers).iter().map(ToString::to_string).collect();
            format!("an integer ({})", one_of(&numbers))
        }
        ValueType::Real => "a number".to_owned(),
        ValueType::Date => "a date".to_owned(),
        ValueType::Data => "data".to_owned(),
        ValueType::Any => "a value".to_owned(),
        ValueType::Enum(words) => format!("a string ({})", list(schema.words(words), "or")),
        ValueType::String => "a string".to_owned(),
        ValueType::Object(_) | ValueType::Map(_) => notation.object().to_owned(),
        ValueType::Array { item, .. } => match schema.key(item).value {
            ValueType::String | ValueType::Enum(_) => "an array of strings".to_owned(),
            ValueType::Date => "an array of dates".to_owned(),
            ValueType::Boolean => "an array of booleans".to_owned(),
            ValueType::Integer { .. } | ValueType::Integers(_) => "an array of integers".to_owned(),
            ValueType::Real => "an array of numbers".to_owned(),
            ValueType::Data => "an array of data".to_owned(),
            ValueType::Array { .. } => "an array of arrays".to_owned(),
            ValueType::Any => "an array".to_owned(),
            ValueType::Object(_) | ValueType::Map(_) => format!("an array of {}", notation.objects()),
        },
    }
}

/// A number or boolean that is written in quotes, without them.
fn unquoted(site: Site<'_, '_>, id: KeyId) -> Option<String> {
    let inner = site.node.text().strip_prefix('"')?.strip_suffix('"')?.trim();
    match site.schema.key(id).value {
        // A number out of range would be another error.
        ValueType::Integer { min, max } if site.node.kind() == Kind::String => {
            let number = inner.parse::<i64>().ok().filter(|number| (min..=max).contains(number));
            number.map(|number| number.to_string())
        }
        ValueType::Boolean if site.node.kind() == Kind::String => {
            let lower = inner.to_ascii_lowercase();
            ["true", "false"].contains(&lower.as_str()).then_some(lower)
        }
        _ => None,
    }
}

/// The key of an object whose only member has the name of its own key and holds what belongs there.
fn wrapper(site: Site<'_, '_>) -> Option<String> {
    let Path::Key(_, name) = site.path else { return None };
    let mut members = site.node.members();
    let (key, value) = members.next().filter(|_| site.node.kind() == Kind::Object)?;
    let is_wrapper = key.as_str().is_some_and(|key| key.eq_ignore_ascii_case(name)) && value.kind() == Kind::Array;
    (is_wrapper && members.next().is_none()).then(|| site.key(name))
}

/// What the author probably meant. Repeats only harmless values: numbers, booleans, and strings that read as such.
fn help(site: Site<'_, '_>, id: KeyId) -> Option<String> {
    let (found, text, notation) = (site.node.kind(), site.node.text(), site.notation);
    let unquoted = text.trim_matches('"').trim();
    let source = if notation.syntax == Syntax::Yaml { site.source() } else { String::new() };
    let plain = |value: &str| match found {
        // A word without quotes, such as yes.
        Kind::String if source.starts_with(|first: char| first.is_ascii_alphanumeric()) => {
            format!("{value}; YAML 1.2 reads {source} as a string")
        }
        Kind::String => notation.unquoted(value),
        _ => value.to_owned(),
    };
    let is_bare = notation.syntax == Syntax::Yaml && !source.starts_with(['"', '\'']);
    match (site.schema.key(id).value, site.schema.note(id).format, found) {
        (_, _, Kind::Null) => Some("remove the key, or give it a value".to_owned()),
        (ValueType::Boolean, _, Kind::String | Kind::Number) => match unquoted.to_ascii_lowercase().as_str() {
            "true" => Some(format!("write {}", plain("true"))),
            "false" => Some(format!("write {}", plain("false"))),
            // YAML 1.1 reads these words as booleans.
            "yes" | "on" if is_bare => Some(format!("write {}", plain("true"))),
            "no" | "off" if is_bare => Some(format!("write {}", plain("false"))),
            "yes" | "1" | "on" | "no" | "0" | "off" => Some("write true or false".to_owned()),
            other => Some(match nearest(other, ["true", "false"]) {
                Some(near) => format!("did you mean {}?", plain(near)),
                None => "write true or false".to_owned(),
            }),
        },
        (ValueType::Integer { .. }, _, Kind::String) if unquoted.parse::<i64>().is_ok() => {
            Some(format!("write {}", notation.unquoted(&site.shown(unquoted))))
        }
        (ValueType::Integer { .. } | ValueType::Integers(_), _, Kind::Number) => {
            let days = if site.schema.key(id).name.ends_with("InDays") { " of days" } else { "" };
            Some(format!("write a whole number{days}"))
        }
        (ValueType::String, _, Kind::Number | Kind::Boolean) if notation.syntax == Syntax::Yaml => {
            Some(format!("write \"{source}\"; without quotes, YAML reads it as {found}"))
        }
        (ValueType::Enum(words), _, Kind::Boolean) if site.schema.words(words).contains(&Text::Borrowed("AlwaysOn")) => {
            Some(format!("write \"{}\"", if text == "true" { "AlwaysOn" } else { "AlwaysOff" }))
        }
        (ValueType::String, Some(Format::OsVersion), Kind::Number) => Some(format!("write \"{}\"", site.shown(text))),
        // Property lists have it too.
        (ValueType::String, Some(Format::UpdateVersion), Kind::Number) => {
            Some(format!("write {}", notation.quoted(&site.shown(text))))
        }
        (ValueType::String, Some(format), _) => Some(format!("write a string such as \"{}\"", format.example())),
        (ValueType::String, None, Kind::Number) if notation.is_plist() => Some("write it as <string>…</string>".to_owned()),
        (ValueType::String, None, Kind::Number) => Some("write it in quotes".to_owned()),
        (ValueType::Array { .. }, _, Kind::Object) if wrapper(site).is_some() => {
            let key = wrapper(site).unwrap_or_default();
            Some(format!("drop the inner {key}: write its array as the value"))
        }
        (ValueType::Array { .. }, _, Kind::String | Kind::Object) if notation.is_plist() => {
            Some("put it in <array>…</array>".to_owned())
        }
        (ValueType::Array { .. }, _, Kind::String | Kind::Object) => Some("put it in [ and ]".to_owned()),
        (ValueType::Object(_) | ValueType::Map(_), _, Kind::Array) if notation.is_plist() => {
            Some("write the <dict> without an <array> around it".to_owned())
        }
        (ValueType::Object(_) | ValueType::Map(_), _, Kind::Array) if notation.syntax == Syntax::Yaml => {
            Some("write the mapping without - or [ and ] around it".to_owned())
        }
        (ValueType::Object(_) | ValueType::Map(_), _, Kind::Array) => Some("write { … } without [ and ] around it".to_owned()),
        (ValueType::Enum(_) | ValueType::Boolean | ValueType::Integer { .. }, _, Kind::Array) if notation.is_plist() => {
            Some("write the value without an <array> around it".to_owned())
        }
        (ValueType::Enum(_) | ValueType::Boolean | ValueType::Integer { .. }, _, Kind::Array)
            if notation.syntax == Syntax::Yaml =>
        {
            Some("write the value without - or [ and ] around it".to_owned())
        }
        (ValueType::Enum(_) | ValueType::Boolean | ValueType::Integer { .. }, _, Kind::Array) => {
            Some("write the value without [ and ] around it".to_owned())
        }
        (ValueType::Object(_) | ValueType::Map(_), _, Kind::String) if unquoted.starts_with('{') => {
            Some("write the object itself, not a string that holds its text".to_owned())
        }
        _ => None,
    }
}

//! What editors show of a key: text for people, and the same facts for programs.

use serde_json::{Map, Value as Json, json};

use crate::keys::{AnyKey, COLUMNS, Enrolments, Shape, Support};
use crate::words::{list, sentence};

/// What a person reads who points at a key: what it means, how it is combined, and where it exists.
pub(super) fn description(key: &dyn AnyKey) -> String {
    let mut paragraphs = vec![sentence(key.meaning())];
    if let Some(effect) = key.combine_effect() {
        paragraphs.push(format!("Of several declarations on a device, {effect}."));
    }
    paragraphs.push(availability(key.support()));
    paragraphs.join("\n\n")
}

/// Where something exists, as a sentence.
pub(super) fn availability(support: &Support) -> String {
    let places: Vec<String> = COLUMNS
        .iter()
        .filter_map(|(platform, name)| {
            let since = support.on(*platform)?;
            let devices = if since.enrolments == Enrolments::Supervised { " (supervised)" } else { "" };
            let until = since.until.map(|until| format!(", until {}", until.removed)).unwrap_or_default();
            Some(format!("{name} {}{until}{devices}", since.version))
        })
        .collect();
    format!("Since {}.", list(&places, "and"))
}

/// The facts of a key that JSON Schema has no words for.
pub(super) fn facts(key: &dyn AnyKey) -> Json {
    let mut facts = Map::new();
    if let (Some(rule), Some(effect)) = (key.combine_rule(), key.combine_effect()) {
        facts.insert("combine".to_owned(), json!({ "rule": rule, "effect": effect }));
    }
    facts.insert("availability".to_owned(), support(key.support()));
    facts.into()
}

/// Where something exists, platform by platform; what is not there does not exist.
pub(super) fn support(support: &Support) -> Json {
    let platforms = COLUMNS.iter().filter_map(|(platform, _)| {
        let since = support.on(*platform)?;
        let devices = match since.enrolments {
            Enrolments::Every => "all",
            Enrolments::Device => "supervised-or-device-enrollment",
            Enrolments::Supervised => "supervised",
        };
        let mut facts = json!({ "since": since.version, "devices": devices });
        if let Some(until) = since.until {
            facts["deprecated"] = until.deprecated.into();
            facts["removed"] = until.removed.into();
        }
        Some((platform.name().to_owned(), facts))
    });
    platforms.collect::<Map<_, _>>().into()
}

/// Values as they could stand there; none of free text, which may be a secret.
pub(super) fn examples(key: &dyn AnyKey) -> Option<Json> {
    let is_useful = matches!(key.shape(), Shape::Integer { .. } | Shape::Text(Some(_)));
    let example: Json = serde_json::from_str(&key.example()).ok().filter(|_| is_useful)?;
    Some(json!([example]))
}

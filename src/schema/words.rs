//! The annotations of a key: descriptions for editors, and the same facts for programs.

use serde_json::{Map, Value as Json, json};

use crate::apple::{COLUMNS, Enrolments, KeyId, Schema, Support, SupportId, ValueType};
use crate::words::sentence;

/// The hover text of a key: its meaning, how a device combines it, and where it is available.
pub(super) fn description(apple: &Schema, id: KeyId) -> String {
    let mut paragraphs = Vec::new();
    let meaning = apple.note(id).meaning;
    if !meaning.is_empty() {
        paragraphs.push(sentence(meaning));
    }
    if let Some(combine) = apple.key(id).combine {
        paragraphs.push(format!("If several declarations on a device set the key, {}.", combine.effect()));
    }
    paragraphs.push(apple.support(apple.key(id).support).sentence());
    paragraphs.join("\n\n")
}

/// The facts about a key that JSON Schema cannot express. Omits the availability if it is that of the type or key
/// around the key.
pub(super) fn facts(apple: &Schema, id: KeyId, around: SupportId) -> Json {
    let key = apple.key(id);
    let mut facts = json!({});
    if apple.support(key.support) != apple.support(around) {
        facts["availability"] = support(apple.support(key.support));
    }
    if let Some(combine) = key.combine {
        facts["combine"] = json!({ "rule": combine.name(), "effect": combine.effect() });
    }
    facts
}

/// The availability by platform. A missing platform does not have the key.
pub(super) fn support(support: &Support) -> Json {
    let platforms = COLUMNS.iter().filter_map(|(platform, _)| {
        let since = support.on(*platform)?;
        let mut facts = json!({ "since": since.introduced.to_string(), "devices": devices(since.enrolments) });
        for (name, release) in [("deprecated", since.deprecated), ("removed", since.removed)] {
            if let Some(release) = release {
                facts[name] = release.to_string().into();
            }
        }
        Some((platform.name().to_owned(), facts))
    });
    platforms.collect::<Map<_, _>>().into()
}

/// The required enrolment: `all`, `supervised-or-device-enrollment`.
fn devices(enrolments: Enrolments) -> String {
    if enrolments == Enrolments::ALL {
        return "all".to_owned();
    }
    let names = [
        (Enrolments::SUPERVISED, "supervised"),
        (Enrolments::DEVICE, "device-enrollment"),
        (Enrolments::USER, "user-enrollment"),
        (Enrolments::LOCAL, "local-enrollment"),
    ];
    let names = names.iter().filter(|(bit, _)| enrolments.bits() & bit.bits() != 0).map(|(_, name)| *name);
    names.collect::<Vec<_>>().join("-or-")
}

/// Example values. `None` for free text, which can be a secret.
pub(super) fn examples(apple: &Schema, id: KeyId) -> Option<Json> {
    let is_useful = match apple.key(id).value {
        ValueType::Integer { .. } => true,
        ValueType::String => apple.note(id).format.is_some(),
        _ => false,
    };
    let example: Json = serde_json::from_str(&apple.example(id)).ok().filter(|_| is_useful)?;
    Some(json!([example]))
}

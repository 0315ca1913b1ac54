//! The predicates of activations on one device: which hold, which do not, and which are open.

use std::collections::BTreeMap;

use crate::apple::Device;
use crate::predicate::{Facts, Given, Value};
use crate::set::Gathered;

/// The predicate of an activation that cannot be decided for the device, and what the plan assumes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct When {
    /// The number of the activation: see [`Declarations::source`](crate::Declarations::source).
    pub who: usize,
    /// The text of the predicate.
    pub predicate: String,
    /// Whether the plan assumes that it holds.
    pub holds: bool,
}

/// The most different open predicates for which all alternatives are planned.
const MOST_OPEN: usize = 3;

/// Whether the predicate of each activation holds on the device; `None` if that is unknown. Activations without a
/// predicate are left out.
pub(super) fn decide(set: &Gathered, device: &Device) -> BTreeMap<usize, Option<bool>> {
    let given = given(set, device);
    let facts = Facts::of(&device.target).with_build(device.build.as_ref()).with(&given);
    let premises = set.activations.iter().filter_map(|(who, activated)| Some((*who, activated.as_ref()?.predicate.as_ref()?)));
    premises.map(|(who, premise)| (who, premise.predicate().and_then(|predicate| predicate.holds(&facts)))).collect()
}

/// The alternatives for the open predicates: what each assumes. Equal predicates hold together. One empty alternative if
/// no predicate is open.
pub(super) fn alternatives(set: &Gathered, decided: &BTreeMap<usize, Option<bool>>) -> Vec<Vec<When>> {
    let text = |who: usize| {
        let activated = set.activations.get(&who).and_then(Option::as_ref);
        activated.and_then(|activated| activated.predicate.as_ref()).map_or("", |premise| premise.text.as_str())
    };
    let open: Vec<usize> = decided.iter().filter(|(_, holds)| holds.is_none()).map(|(who, _)| *who).collect();
    let mut texts: Vec<&str> = Vec::new();
    for who in &open {
        if !texts.contains(&text(*who)) {
            texts.push(text(*who));
        }
    }
    let count = texts.len();
    let whens = |holds: &dyn Fn(usize) -> bool| {
        let at = |who: usize| texts.iter().position(|other| *other == text(who)).unwrap_or_default();
        open.iter().map(|who| When { who: *who, predicate: text(*who).to_owned(), holds: holds(at(*who)) }).collect()
    };
    if count > MOST_OPEN {
        return vec![whens(&|_| true), whens(&|_| false)];
    }
    // The first alternative assumes that all hold, the last that none does.
    (0..1_usize << count).rev().map(|bits| whens(&|at| bits >> (count - 1 - at) & 1 == 1)).collect()
}

/// The values that the device was said to have, and the properties that the set gives it.
fn given(set: &Gathered, device: &Device) -> Given {
    let mut given = Given {
        status: device.status.iter().map(|(name, text)| (name.clone(), stated(name, text))).collect(),
        properties: device.properties.iter().map(|(name, text)| (name.clone(), stated("", text))).collect(),
    };
    given.properties.extend(properties(set));
    given
}

/// The properties that a set gives its devices; none if some could not be read, which may set them too.
pub(crate) fn properties(set: &Gathered) -> BTreeMap<String, Value> {
    if set.properties.values().any(Option::is_none) {
        return BTreeMap::new();
    }
    let mut all: BTreeMap<String, Value> = BTreeMap::new();
    for properties in set.properties.values().flatten() {
        let serde_json::Value::Object(members) = properties.to_json() else { continue };
        for (name, value) in members {
            let value = Value::of_json(&value);
            // Apple does not say which of two values wins.
            let entry = all.entry(name).or_insert_with(|| value.clone());
            if *entry != value {
                *entry = Value::Unknown;
            }
        }
    }
    all
}

/// The value that a text stands for: that of an item that is a string, or else a boolean, number or JSON, or else a string.
fn stated(item: &str, text: &str) -> Value {
    use crate::apple::StatusValue;
    let is_string = crate::predicate::find(item).is_some_and(|found| found.shape.value == Some(StatusValue::String));
    let json = serde_json::from_str(text).ok().filter(|_| !is_string);
    json.map_or_else(|| Value::String(text.to_owned()), |json| Value::of_json(&json))
}

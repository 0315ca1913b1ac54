//! The predicates of activations on one device: which hold, which do not, and which are open.

use std::collections::{BTreeMap, BTreeSet};

use crate::apple::Device;
use crate::hash::Map;
use crate::predicate::{Facts, Given, Predicate, Value, Word};
use crate::set::{Gathered, Premise};

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

/// The bytes of predicates that are kept parsed, which takes twenty times as much memory. Others are parsed for each
/// device.
const MOST_PARSED: usize = 1 << 16;

/// The predicates of a set, for plans of many devices. Equal ones count once.
pub(crate) struct Premises<'s> {
    pub(super) set: &'s Gathered,
    /// The different predicates, parsed if they are kept.
    different: Vec<(&'s Premise, Option<Option<Predicate>>)>,
    /// The activations with the number of their predicate.
    of: Vec<(usize, usize)>,
    /// The properties that the set gives its devices.
    properties: BTreeMap<String, Value>,
}

/// Whether each of the different predicates of a set holds on a device; `None` if that is unknown.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Decided(Vec<Option<bool>>);

impl<'s> Premises<'s> {
    pub(crate) fn new(set: &'s Gathered) -> Self {
        let mut premises = Self { set, different: Vec::new(), of: Vec::new(), properties: properties(set) };
        let (mut numbers, mut bytes): (Map<&str, usize>, usize) = (Map::default(), 0);
        for (who, activated) in &set.activations {
            let Some(premise) = activated.as_ref().and_then(|activated| activated.predicate.as_ref()) else { continue };
            let number = *numbers.entry(&premise.text).or_insert_with(|| {
                bytes += premise.text.len();
                let parsed = (bytes <= MOST_PARSED).then(|| premise.predicate());
                premises.different.push((premise, parsed));
                premises.different.len() - 1
            });
            premises.of.push((*who, number));
        }
        premises
    }

    /// Decides the predicates for a device.
    pub(crate) fn decide(&self, device: &Device) -> Decided {
        let given = self.given(device);
        let facts = Facts::of(&device.target).with_build(device.build.as_ref()).with(&given);
        let holds = |predicate: &Option<Predicate>| predicate.as_ref().and_then(|predicate| predicate.holds(&facts));
        let all = self.different.iter().map(|(premise, parsed)| match parsed {
            Some(predicate) => holds(predicate),
            None => holds(&premise.predicate()),
        });
        Decided(all.collect())
    }

    /// The names of the status items and of the properties that the predicates ask for.
    pub(crate) fn names(&self) -> (BTreeSet<String>, BTreeSet<String>) {
        let (mut status, mut properties) = (BTreeSet::new(), BTreeSet::new());
        for (premise, parsed) in &self.different {
            let once = if parsed.is_none() { premise.predicate() } else { None };
            let predicate = parsed.as_ref().unwrap_or(&once);
            for reference in predicate.iter().flat_map(Predicate::references) {
                match reference.word {
                    Word::Status => status.insert(reference.name.clone()),
                    Word::Property => properties.insert(reference.name.clone()),
                    Word::Key => false,
                };
            }
        }
        (status, properties)
    }

    /// Whether the predicate of each activation holds.
    pub(super) fn holds(&self, decided: &Decided) -> BTreeMap<usize, bool> {
        self.of.iter().filter_map(|(who, number)| Some((*who, decided.0[*number]?))).collect()
    }

    /// The alternatives for the open predicates: what each assumes. Equal predicates hold together. One empty alternative
    /// if no predicate is open.
    pub(super) fn alternatives(&self, decided: &Decided) -> Vec<Vec<When>> {
        let open: Vec<(usize, usize)> = self.of.iter().copied().filter(|(_, number)| decided.0[*number].is_none()).collect();
        let mut numbers: Vec<usize> = open.iter().map(|(_, number)| *number).collect();
        // The order of the activations that have them first.
        numbers.sort_unstable();
        numbers.dedup();
        let whens = |holds: &dyn Fn(usize) -> bool| {
            let at = |number: &usize| numbers.binary_search(number).unwrap_or_default();
            let when = |(who, number): &(usize, usize)| When {
                who: *who,
                predicate: self.different[*number].0.text.clone(),
                holds: holds(at(number)),
            };
            open.iter().map(when).collect()
        };
        let count = numbers.len();
        if count > MOST_OPEN {
            return vec![whens(&|_| true), whens(&|_| false)];
        }
        // The first alternative assumes that all hold, the last that none does.
        (0..1_usize << count).rev().map(|bits| whens(&|at| bits >> (count - 1 - at) & 1 == 1)).collect()
    }

    /// The values that the device was said to have, and the properties that the set gives it.
    fn given(&self, device: &Device) -> Given {
        let mut given = Given {
            status: device.status.iter().map(|(name, text)| (name.clone(), stated(name, text))).collect(),
            properties: device.properties.iter().map(|(name, text)| (name.clone(), stated("", text))).collect(),
        };
        given.properties.extend(self.properties.iter().map(|(name, value)| (name.clone(), value.clone())));
        given
    }
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

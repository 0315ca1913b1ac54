//! Combines the values that several declarations give to one key, as a device does.
//!
//! A tally records, for each distinct value, which declarations set it. That suffices to combine any subset of the
//! declarations and to report which of them decided. Its size depends on the number of distinct values and their
//! setters, not on the size of the documents.
//!
//! Most entries of a tally are values. An entry for an object or a group is a mark: an object without members is still
//! set, and a group has a position in its array.

use std::collections::BTreeMap;

use super::Where;
use crate::apple::{Combine, Key, KeyId, Schema, Text, TypeId, Value, ValueType};
use crate::hash::Map;

/// The values that declarations of one type give to its keys.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tally {
    /// By the path of the key, in Apple's order.
    keys: BTreeMap<Vec<Step>, KeyTally>,
    /// The number of declarations added.
    count: usize,
}

/// A step of the path to a key. `name` differs from the name of the key in the schema if the schema allows any name. For
/// a group of an array, it is the identity of the group.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Step {
    key: KeyId,
    name: Text,
}

/// The values of one key, and the numbers of the declarations that set each, in ascending order.
#[derive(Debug, Clone)]
struct KeyTally {
    /// The values, or the members if the value is a set.
    parts: Map<Value, Vec<usize>>,
    /// All declarations that set the key.
    setters: Vec<usize>,
}

/// How one key got its combined value.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Decision {
    /// The path of the key within the combined payload.
    pub path: Vec<String>,
    /// The path of the key within each declaration: a step into an array is the identity of a group, not its index.
    pub(crate) source: Vec<String>,
    /// Apple's combine rule.
    pub(crate) combine: Option<Combine>,
    /// The name of Apple's combine rule, or an empty string.
    pub rule: &'static str,
    /// The combined value, including secrets: only for comparison, never for output.
    pub(crate) value: Value,
    /// The combined value, without secrets.
    pub shown: serde_json::Value,
    /// Whether the value may consist of several parts, rather than the one part that wins.
    pub is_union: bool,
    /// The distinct values, or the members of a set, in the order of reading.
    pub parts: Vec<Part>,
}

/// A value, or a member of a set, and the declarations that set it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Part {
    /// The value, including secrets: only for comparison, never for output.
    pub(crate) value: Value,
    /// The value, without secrets.
    pub shown: serde_json::Value,
    /// The numbers of the declarations that set it: see [`Declarations::source`](crate::Declarations::source).
    pub who: Vec<usize>,
    /// Whether the combined value is or contains this part.
    pub decides: bool,
}

impl Part {
    /// Whether the part represents an empty set, which has no members.
    pub(crate) fn is_empty_set(&self) -> bool {
        self.value == Value::Array(Vec::new())
    }
}

impl Decision {
    /// Whether the decision concerns the key at this path.
    pub(crate) fn is_at(&self, path: &[&str]) -> bool {
        self.path.iter().eq(path)
    }

    /// The rule in a few words: `number-max: the largest counts`.
    pub fn rule_in_words(&self) -> String {
        match self.combine {
            Some(rule) => format!("{}: {}", rule.name(), rule.brief()),
            None => "no rule: all must be equal".to_owned(),
        }
    }

    /// Whether the value is made of the arrays of all declarations, one after the other.
    pub(crate) fn appends(&self) -> bool {
        self.combine == Some(Combine::ArrayAppend)
    }

    /// Whether the members of the values are combined one by one.
    #[cfg(feature = "cli")]
    pub(crate) fn combines_items(&self) -> bool {
        is_set(self.combine)
    }

    /// Whether the value is the one that is processed first.
    pub(crate) fn is_first(&self) -> bool {
        self.combine == Some(Combine::First)
    }

    /// The place of the key in a declaration.
    pub(crate) fn at(&self, who: usize) -> Where {
        Where::key(who, &self.source)
    }

    /// Whether Apple documents no rule for the key, and the declarations set different values.
    pub(crate) fn is_undefined(&self) -> bool {
        self.combine.is_none() && self.parts.len() > 1
    }

    /// The numbers of the declarations that decided the value, in ascending order.
    pub fn deciders(&self) -> Vec<usize> {
        let deciding = self.parts.iter().filter(|part| part.decides);
        let mut all: Vec<usize> = deciding.flat_map(|part| part.who.iter().copied()).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The values that were overruled.
    pub fn overruled(&self) -> impl Iterator<Item = &Part> {
        self.parts.iter().filter(|part| !part.decides)
    }
}

impl Tally {
    /// Adds the payload of one declaration. `who` must increase from call to call: it is the order of reading.
    pub(crate) fn add(&mut self, schema: &Schema, kind: TypeId, payload: &Value, who: usize) {
        self.count += 1;
        self.add_members(schema, schema.payload(schema.kind(kind)), payload, who, &mut Vec::new());
    }

    fn add_members(&mut self, schema: &Schema, kind: ValueType, value: &Value, who: usize, path: &mut Vec<Step>) {
        let Value::Object(members) = value else { return };
        for (name, value) in members {
            let Some(id) = schema.step(kind, name) else { continue };
            path.push(Step { key: id, name: name.clone() });
            self.add_value(schema, id, value, who, path);
            path.pop();
        }
    }

    fn add_value(&mut self, schema: &Schema, id: KeyId, value: &Value, who: usize, path: &mut Vec<Step>) {
        let key = schema.key(id);
        let is_empty = *value == Value::EMPTY || *value == Value::Array(Vec::new());
        match Role::of(schema, id) {
            Role::Value => self.record(key, value, who, path),
            _ if is_empty => self.record(key, value, who, path),
            Role::Object => self.add_members(schema, key.value, value, who, path),
            Role::Groups { item, identity } => self.add_groups(schema, item, identity, value.items(), who, path),
        }
    }

    /// Adds the groups of an array. A declaration may list a group more than once.
    fn add_groups(&mut self, schema: &Schema, item: KeyId, identity: &str, groups: &[Value], who: usize, path: &mut Vec<Step>) {
        let mut by_name: BTreeMap<&Text, Vec<(usize, &Value)>> = BTreeMap::new();
        for (index, group) in groups.iter().enumerate() {
            if let Some(Value::String(name)) = group.member(identity) {
                by_name.entry(name).or_default().push((index, group));
            }
        }
        let key = schema.key(item);
        for (name, all) in by_name {
            path.push(Step { key: item, name: name.clone() });
            let index = all.first().map_or(0, |(index, _)| *index);
            self.record(key, &Value::Integer(i64::try_from(index).unwrap_or(i64::MAX)), who, path);
            if let [(_, group)] = all.as_slice() {
                self.add_members(schema, key.value, group, who, path);
            } else {
                let groups = all.iter().map(|(_, group)| *group);
                for group in groups_of_one(schema, key.value, groups) {
                    self.add_members(schema, key.value, &group, who, path);
                }
            }
            path.pop();
        }
    }

    fn record(&mut self, key: &Key, value: &Value, who: usize, path: &[Step]) {
        if let Some(tally) = self.keys.get_mut(path) {
            tally.add(key, value, who);
        } else {
            let mut tally = KeyTally { parts: Map::default(), setters: Vec::new() };
            tally.add(key, value, who);
            self.keys.insert(path.to_vec(), tally);
        }
    }

    /// The number of declarations added.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// Splits the tally into `count` tallies. `sets` lists, for each declaration, the tallies that it belongs to.
    pub(crate) fn split(&self, sets: &[Vec<usize>], count: usize) -> Vec<Self> {
        let mut tallies = vec![Self::default(); count];
        for (path, tally) in &self.keys {
            for (set, tally) in tally.split(sets) {
                tallies[set].keys.insert(path.clone(), tally);
            }
        }
        tallies
    }

    /// Returns the combined payload, and how each key got its value.
    pub(crate) fn combine(&self, schema: &Schema) -> (Value, Vec<Decision>) {
        let groups = self.groups(schema);
        let mut payload = Value::EMPTY;
        let mut decisions = Vec::new();
        let mut keys: Vec<_> = self.keys.iter().collect();
        if !groups.is_empty() {
            // Groups stand in their final order, not in that of their names.
            let index = |path: &[Step]| groups.get(path).map_or(0, |(index, _)| *index);
            keys.sort_by_cached_key(|(path, _)| {
                let steps = path.iter().enumerate().map(|(at, step)| (step.key, index(&path[..=at]), step.name.clone()));
                steps.collect::<Vec<_>>()
            });
        }
        for (path, tally) in keys {
            let Some(last) = path.last() else { continue };
            let index = |end: usize| groups.get(&path[..end]).map(|(index, _)| index.to_string());
            let names = path.iter().enumerate();
            let at: Vec<String> = names.map(|(at, step)| index(at + 1).unwrap_or_else(|| step.name.to_string())).collect();
            if let Some((_, count)) = groups.get(path.as_slice()) {
                // The first entry of an array makes room for all its groups.
                let array = &at[..at.len() - 1];
                if payload.at(array).is_none_or(|array| array.items().len() != *count) {
                    payload.set(array, Value::Array(vec![Value::EMPTY; *count]));
                }
            } else if let Role::Value = Role::of(schema, last.key) {
                let source = path.iter().map(|step| step.name.to_string()).collect();
                let (value, decision) = tally.combine(schema, last.key, at, source);
                payload.set(&decision.path, value);
                decisions.push(decision);
            } else if let Some((empty, _)) = tally.sorted().first() {
                // Members that other declarations set follow, and fill it.
                payload.set(&at, (*empty).clone());
            }
        }
        (payload, decisions)
    }

    /// The index of each group in its array, and the number of groups in the array. They are in the order of reading.
    fn groups(&self, schema: &Schema) -> BTreeMap<&[Step], (usize, usize)> {
        // The position of a group: who has it first, and its index there.
        type Group<'t> = (usize, &'t Value, &'t [Step]);
        let mut arrays: BTreeMap<&[Step], Vec<Group<'_>>> = BTreeMap::new();
        for (path, tally) in &self.keys {
            if let [.., array, _] = path.as_slice()
                && let Role::Groups { .. } = Role::of(schema, array.key)
                && let Some((index, who)) = tally.sorted().first()
            {
                let position = who.first().copied().unwrap_or_default();
                arrays.entry(&path[..path.len() - 1]).or_default().push((position, index, path));
            }
        }
        let mut groups = BTreeMap::new();
        for mut all in arrays.into_values() {
            all.sort();
            let count = all.len();
            groups.extend(all.into_iter().enumerate().map(|(index, (.., path))| (path, (index, count))));
        }
        groups
    }
}

/// How a device combines the values of a key.
#[derive(Debug, Clone, Copy)]
pub(super) enum Role {
    /// As a whole, by the rule of the key.
    Value,
    /// Member by member.
    Object,
    /// An array of objects: those with the same identity are combined member by member.
    Groups { item: KeyId, identity: &'static str },
}

impl Role {
    pub(super) fn of(schema: &Schema, id: KeyId) -> Self {
        let key = schema.key(id);
        match (key.combine, key.value, schema.note(id).identity) {
            (None, ValueType::Object(_) | ValueType::Map(_), _) => Self::Object,
            (None, ValueType::Array { item, .. }, [identity, ..]) => Self::Groups { item, identity },
            _ => Self::Value,
        }
    }
}

/// Joins the groups with the same identity in one declaration: arrays that are appended become one.
fn groups_of_one<'v>(schema: &Schema, kind: ValueType, groups: impl Iterator<Item = &'v Value>) -> Vec<Value> {
    let mut appended: BTreeMap<KeyId, (Text, Vec<Value>)> = BTreeMap::new();
    let mut all = Vec::new();
    for group in groups {
        let Value::Object(members) = group else { continue };
        let mut rest = Vec::new();
        for (name, value) in members {
            match schema.step(kind, name) {
                Some(id) if schema.key(id).combine == Some(Combine::ArrayAppend) => {
                    let (_, items) = appended.entry(id).or_insert_with(|| (name.clone(), Vec::new()));
                    items.extend_from_slice(value.items());
                }
                _ => rest.push((name.clone(), value.clone())),
            }
        }
        all.push(Value::Object(rest));
    }
    all.push(Value::Object(appended.into_values().map(|(name, items)| (name, Value::Array(items))).collect()));
    all
}

/// Whether a device combines the members of an array one by one.
fn is_set(combine: Option<Combine>) -> bool {
    matches!(combine, Some(Combine::SetUnion | Combine::SetIntersection))
}

impl KeyTally {
    /// Adds the value of one declaration.
    fn add(&mut self, key: &Key, value: &Value, who: usize) {
        if self.setters.last() != Some(&who) {
            self.setters.push(who);
        }
        let mut part = |value: &Value| match self.parts.get_mut(value) {
            // A set may list a member twice.
            Some(all) if all.last() == Some(&who) => {}
            Some(all) => all.push(who),
            None => {
                self.parts.insert(value.clone(), vec![who]);
            }
        };
        match value {
            // An empty set has no members, but the key is set.
            Value::Array(members) if is_set(key.combine) && !members.is_empty() => members.iter().for_each(part),
            _ => part(value),
        }
    }

    fn split(&self, sets: &[Vec<usize>]) -> BTreeMap<usize, Self> {
        let mut tallies: BTreeMap<usize, Self> = BTreeMap::new();
        for who in &self.setters {
            for set in &sets[*who] {
                let tally = tallies.entry(*set).or_insert_with(|| Self { parts: Map::default(), setters: Vec::new() });
                tally.setters.push(*who);
            }
        }
        for (part, all) in self.sorted() {
            for who in all {
                for set in &sets[*who] {
                    if let Some(tally) = tallies.get_mut(set) {
                        tally.parts.entry(part.clone()).or_default().push(*who);
                    }
                }
            }
        }
        tallies
    }

    /// The parts in the order of reading. Parts of one declaration are in ascending order.
    fn sorted(&self) -> Vec<(&Value, &Vec<usize>)> {
        let mut parts: Vec<_> = self.parts.iter().collect();
        parts.sort_by(|(one, first), (other, second)| (first.first(), one).cmp(&(second.first(), other)));
        parts
    }

    fn combine(&self, schema: &Schema, id: KeyId, path: Vec<String>, source: Vec<String>) -> (Value, Decision) {
        let key = schema.key(id);
        let parts = self.sorted();
        let is_everywhere = |who: &Vec<usize>| who.len() == self.setters.len();
        let mut is_union = true;
        let value = match key.combine {
            Some(Combine::SetUnion) => members(parts.iter().map(|(member, _)| *member)),
            Some(Combine::SetIntersection) => {
                members(parts.iter().filter(|(_, who)| is_everywhere(who)).map(|(member, _)| *member))
            }
            Some(Combine::ArrayAppend) => {
                let mut arrays: Vec<(usize, &Value)> =
                    parts.iter().flat_map(|(array, all)| all.iter().map(move |who| (*who, *array))).collect();
                arrays.sort_by_key(|(who, _)| *who);
                Value::Array(arrays.iter().flat_map(|(_, array)| array.items()).cloned().collect())
            }
            rule => {
                is_union = false;
                let choose = |one, other| choose(schema, key, rule, one, other);
                parts.iter().map(|(value, _)| *value).reduce(choose).cloned().unwrap_or(Value::Null)
            }
        };
        let decides = |part: &Value, who: &Vec<usize>| match key.combine {
            Some(Combine::SetUnion | Combine::ArrayAppend) => true,
            // An empty set empties the intersection.
            Some(Combine::SetIntersection) => is_everywhere(who) || *part == Value::Array(Vec::new()),
            _ => *part == value,
        };
        // A part of a set is one member.
        let shown_id = match key.value {
            ValueType::Array { item, .. } if is_set(key.combine) => item,
            _ => id,
        };
        let parts = parts.iter().map(|(part, who)| Part {
            value: (*part).clone(),
            shown: part.to_shown_json(schema, shown_id),
            who: (*who).clone(),
            decides: decides(part, who),
        });
        let decision = Decision {
            path,
            source,
            combine: key.combine,
            rule: key.combine.map_or("", Combine::name),
            value: value.clone(),
            shown: value.to_shown_json(schema, id),
            is_union,
            parts: parts.collect(),
        };
        (value, decision)
    }
}

/// Makes a set of distinct members, in ascending order.
fn members<'v>(members: impl Iterator<Item = &'v Value>) -> Value {
    let mut members: Vec<Value> = members.filter(|member| **member != Value::Array(Vec::new())).cloned().collect();
    members.sort();
    members.dedup();
    Value::Array(members)
}

/// Chooses between the values of two declarations. `one` was read first.
fn choose<'v>(schema: &Schema, key: &Key, rule: Option<Combine>, one: &'v Value, other: &'v Value) -> &'v Value {
    let rank = |value: &Value| match key.value {
        ValueType::Enum(words) => schema.words(words).iter().position(|word| Some(&**word) == value.as_str()),
        _ => None,
    };
    let other_wins = match rule {
        // `false` is less than `true`.
        Some(Combine::BooleanAnd | Combine::NumberMin) => other < one,
        Some(Combine::BooleanOr | Combine::NumberMax) => other > one,
        // A value outside the list loses.
        Some(Combine::EnumLast) => rank(other) > rank(one),
        Some(Combine::EnumFirst) => rank(other).is_some_and(|other| rank(one).is_none_or(|one| other < one)),
        _ => false,
    };
    if other_wins { other } else { one }
}

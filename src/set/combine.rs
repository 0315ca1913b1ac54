//! Combines the values that several declarations give to one key, as a device does.
//!
//! A tally records, for each distinct value, which declarations set it. That suffices to combine any subset of the
//! declarations and to report which of them decided. Its size depends on the number of distinct values and their
//! setters, not on the size of the documents.

use std::collections::BTreeMap;

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

/// A step of the path to a key. `name` differs from the name of the key in the schema if the schema allows any name.
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
    /// The path of the key within the payload.
    pub path: Vec<String>,
    /// The name of Apple's combine rule, or an empty string.
    pub rule: &'static str,
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
            let key = schema.key(id);
            path.push(Step { key: id, name: name.clone() });
            if is_combined_below(key) {
                self.add_members(schema, key.value, value, who, path);
            } else if let Some(tally) = self.keys.get_mut(path) {
                tally.add(key, value, who);
            } else {
                let mut tally = KeyTally { parts: Map::default(), setters: Vec::new() };
                tally.add(key, value, who);
                self.keys.insert(path.clone(), tally);
            }
            path.pop();
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
        let mut payload = Value::EMPTY;
        let mut decisions = Vec::new();
        for (path, tally) in &self.keys {
            let Some(last) = path.last() else { continue };
            let (value, decision) = tally.combine(schema, last.key, path.iter().map(|step| step.name.to_string()).collect());
            payload.set(&decision.path, value);
            decisions.push(decision);
        }
        (payload, decisions)
    }
}

/// Whether a device combines the members of an object one by one.
fn is_combined_below(key: &Key) -> bool {
    key.combine.is_none() && matches!(key.value, ValueType::Object(_) | ValueType::Map(_))
}

/// Whether a device combines the members of an array one by one.
fn is_set(combine: Option<Combine>) -> bool {
    matches!(combine, Some(Combine::SetUnion | Combine::SetIntersection))
}

impl KeyTally {
    /// Adds the value of one declaration.
    fn add(&mut self, key: &Key, value: &Value, who: usize) {
        self.setters.push(who);
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

    fn combine(&self, schema: &Schema, id: KeyId, path: Vec<String>) -> (Value, Decision) {
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
            Some(Combine::SetIntersection) => is_everywhere(who),
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
            rule: key.combine.map_or("", Combine::name),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apple::{Apply, Family, NewKey, NewType, NewValue, Support};

    /// Returns a type with one key that has this combine rule, and values for the key.
    fn type_with_rule(rule: Combine) -> (Schema, TypeId, Vec<Value>) {
        let key = |name, value| NewKey {
            name: Text::Borrowed(name),
            value,
            is_required: false,
            default: None,
            combine: None,
            support: Support([None; 5]),
            assets: Vec::new(),
            media: Vec::new(),
        };
        let word = |word: &'static str| Value::string(word.to_owned());
        let array = |words: &[&'static str]| Value::Array(words.iter().map(|one| word(one)).collect());
        let (value, values) = match rule {
            Combine::BooleanAnd | Combine::BooleanOr => (NewValue::Boolean, vec![Value::Boolean(false), Value::Boolean(true)]),
            Combine::NumberMin | Combine::NumberMax => {
                let values = [-1, 0, 3].map(Value::Integer).to_vec();
                (NewValue::Integer { min: i64::MIN, max: i64::MAX }, values)
            }
            Combine::EnumFirst | Combine::EnumLast => {
                // Not in alphabetical order.
                let words = ["Low", "High", "Always"];
                (NewValue::Enum(words.map(Text::Borrowed).to_vec()), words.map(word).to_vec())
            }
            Combine::First => (NewValue::String, ["a", "b", "c"].map(word).to_vec()),
            Combine::ArrayAppend | Combine::SetUnion | Combine::SetIntersection => {
                let item = Box::new(key("item", NewValue::String));
                let values = vec![array(&[]), array(&["b"]), array(&["a", "b"]), array(&["c", "a"])];
                (NewValue::Array { item, min: 0, max: u32::MAX }, values)
            }
        };
        let mut schema = Schema::empty("1.0");
        let kind = NewType {
            name: Text::Borrowed("com.example.combined"),
            family: Family::Configuration,
            apply: Some(Apply::Combined),
            support: Support([None; 5]),
            keys: vec![NewKey { combine: Some(rule), ..key("Key", value) }],
            file: Text::Borrowed("combined"),
        };
        let id = schema.add(kind);
        (schema, id, values)
    }

    /// Combines the values in this order.
    fn combined(schema: &Schema, id: TypeId, values: &[&Value]) -> Value {
        let mut tally = Tally::default();
        for (who, value) in values.iter().enumerate() {
            let mut payload = Value::EMPTY;
            payload.set(&["Key"], (*value).clone());
            tally.add(schema, id, &payload, who);
        }
        let (Value::Object(members), decisions) = tally.combine(schema) else { panic!("a payload is an object") };
        assert_eq!(decisions.len(), 1);
        members.into_iter().map(|(_, value)| value).next().expect("the key is set")
    }

    /// The result that Apple documents for two values. `one` was read first.
    fn expected(rule: Combine, domain: &[Value], one: &Value, other: &Value) -> Value {
        let texts =
            |value: &Value| value.items().iter().map(|item| item.as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>();
        let array = |texts: Vec<String>| Value::Array(texts.into_iter().map(Value::string).collect());
        let set = |texts: Vec<String>| array(texts.into_iter().collect::<std::collections::BTreeSet<_>>().into_iter().collect());
        let at = |value: &Value| domain.iter().position(|known| known == value);
        let pick = |is_other: bool| if is_other { other.clone() } else { one.clone() };
        match rule {
            Combine::BooleanAnd => Value::Boolean(*one == Value::Boolean(true) && *other == Value::Boolean(true)),
            Combine::BooleanOr => Value::Boolean(*one == Value::Boolean(true) || *other == Value::Boolean(true)),
            // The domain is in ascending order, or in the order of the enum.
            Combine::NumberMin | Combine::EnumFirst => pick(at(other) < at(one)),
            Combine::NumberMax | Combine::EnumLast => pick(at(other) > at(one)),
            Combine::First => one.clone(),
            Combine::ArrayAppend => array([texts(one), texts(other)].concat()),
            Combine::SetUnion => set([texts(one), texts(other)].concat()),
            Combine::SetIntersection => set(texts(one).into_iter().filter(|text| texts(other).contains(text)).collect()),
        }
    }

    #[test]
    fn all_ten_rules_obey_their_laws() {
        for rule in Combine::ALL {
            let (schema, id, values) = type_with_rule(rule);
            let join = |values: &[&Value]| combined(&schema, id, values);
            let is_ordered = matches!(rule, Combine::First | Combine::ArrayAppend);
            for one in &values {
                if rule != Combine::ArrayAppend {
                    assert_eq!(join(&[one, one]), join(&[one]), "{rule:?} of {one:?} twice");
                }
                for other in &values {
                    let both = join(&[one, other]);
                    assert_eq!(both, expected(rule, &values, one, other), "{rule:?} of {one:?} and {other:?}");
                    if !is_ordered {
                        assert_eq!(both, join(&[other, one]), "{rule:?} of {other:?} and {one:?}");
                    }
                    for third in &values {
                        let all = join(&[one, other, third]);
                        assert_eq!(join(&[&both, third]), all, "{rule:?} of {one:?}, {other:?} and {third:?}, from the left");
                        assert_eq!(join(&[one, &join(&[other, third])]), all, "{rule:?}, from the right");
                    }
                }
            }
        }
    }
}

//! How a device combines the values that several declarations give to one key.
//!
//! Values are tallied: for each distinct value it is kept who sets it. That is all that is needed to combine any selection of the
//! declarations, to say who decided and who was overruled, and it grows with the distinct values and not with the documents.

use std::collections::BTreeMap;
use std::hash::Hash;

use super::{AnyKey, Key, Value};
use crate::hash::Map;
use crate::model::{Choice, DeferralDays};

/// A combine rule for values of type `T`. Being typed, `NUMBER_MAX` for a boolean does not compile.
///
/// Every rule is associative and idempotent, and all but `FIRST` are commutative; a key that nobody sets stays unset.
pub(crate) struct Combine<T> {
    /// The rule's name in Apple's schema (`combinetype`).
    pub(crate) rule: &'static str,
    /// Which value counts, as a sentence.
    pub(crate) effect: &'static str,
    /// The value that two declarations have together; the first comes from the one that was read first.
    fold: fn(T, T) -> T,
    /// An empty tally of such values.
    tally: fn() -> Box<dyn Distinct<T>>,
    /// Whether every part is in the result, rather than one that beats the others.
    is_union: bool,
}

impl<T: Ord + Hash + Clone + Send + Sync + 'static> Combine<T> {
    const fn one_of(rule: &'static str, effect: &'static str, fold: fn(T, T) -> T) -> Self {
        Self { rule, effect, fold, tally: || Box::new(Values(Map::default())), is_union: false }
    }

    /// The value that the device processes first. Apple defines no order; the order of reading is taken.
    pub(crate) const FIRST: Self =
        Self::one_of("first", "the first one that the device processes counts, and Apple defines no order", |one, _| one);
}

impl Combine<bool> {
    /// `true` only where every declaration says so.
    pub(crate) const BOOLEAN_AND: Self =
        Self::one_of("boolean-and", "false counts, if any declaration says it", |one, other| one && other);
}

impl Combine<DeferralDays> {
    /// The largest number.
    pub(crate) const NUMBER_MAX: Self = Self::one_of("number-max", "the largest number counts", Ord::max);
}

impl<T: Choice + Hash + Send + Sync> Combine<T> {
    /// The value that stands last in Apple's list, whatever the order of the declarations.
    pub(crate) const ENUM_LAST: Self =
        Self::one_of("enum-last", "the value counts that stands last in the list of values", Ord::max);
}

impl<T: Ord + Hash + Clone + Send + Sync + 'static> Combine<Vec<T>> {
    /// Every distinct member once, in ascending order.
    pub(crate) const SET_UNION: Self = Self {
        rule: "set-union",
        effect: "every distinct member counts, once",
        fold: |mut one, mut other| {
            one.append(&mut other);
            one.sort();
            one.dedup();
            one
        },
        tally: || Box::new(Members { members: Map::default(), empty: Vec::new() }),
        is_union: true,
    };
}

/// The parts of the values that declarations give to a key, and for each the numbers of those who set it, in ascending order.
trait Distinct<T>: Send + Sync {
    /// Notes the value of one more declaration.
    fn add(&mut self, value: &T, who: usize);

    /// Notes a part, as another tally of the kind has it.
    fn put(&mut self, part: T, who: Vec<usize>);

    /// The parts in ascending order.
    fn entries(&self) -> Vec<(T, &[usize])>;
}

/// Values that are told apart as a whole.
struct Values<T>(Map<T, Vec<usize>>);

impl<T: Ord + Hash + Clone + Send + Sync> Distinct<T> for Values<T> {
    fn add(&mut self, value: &T, who: usize) {
        match self.0.get_mut(value) {
            Some(all) => all.push(who),
            None => self.put(value.clone(), vec![who]),
        }
    }

    fn put(&mut self, part: T, who: Vec<usize>) {
        self.0.insert(part, who);
    }

    fn entries(&self) -> Vec<(T, &[usize])> {
        let mut entries: Vec<(T, &[usize])> = self.0.iter().map(|(value, who)| (value.clone(), who.as_slice())).collect();
        entries.sort();
        entries
    }
}

/// Sets, whose members are told apart. A part is a set with one member, or the empty set, which has none and is set all the same.
struct Members<T> {
    members: Map<T, Vec<usize>>,
    empty: Vec<usize>,
}

impl<T: Ord + Hash + Clone + Send + Sync> Distinct<Vec<T>> for Members<T> {
    fn add(&mut self, value: &Vec<T>, who: usize) {
        if value.is_empty() {
            self.empty.push(who);
        }
        for member in value {
            match self.members.get_mut(member) {
                // A set may name a member twice.
                Some(all) if all.last() == Some(&who) => {}
                Some(all) => all.push(who),
                None => {
                    self.members.insert(member.clone(), vec![who]);
                }
            }
        }
    }

    fn put(&mut self, part: Vec<T>, who: Vec<usize>) {
        match part.into_iter().next() {
            Some(member) => {
                self.members.insert(member, who);
            }
            None => self.empty = who,
        }
    }

    fn entries(&self) -> Vec<(Vec<T>, &[usize])> {
        let empty = (!self.empty.is_empty()).then(|| (Vec::new(), self.empty.as_slice()));
        let members = self.members.iter().map(|(member, who)| (vec![member.clone()], who.as_slice()));
        let mut entries: Vec<(Vec<T>, &[usize])> = empty.into_iter().chain(members).collect();
        entries.sort();
        entries
    }
}

/// The tally of one key of the document `D`.
pub(crate) trait Tally<D>: Send + Sync {
    /// Notes what a document says of the key. Numbers come in ascending order, which is the order of reading.
    fn add(&mut self, document: &D, who: usize);

    /// Deals the tally out to several: `sets` says for each number in which of the `count` it belongs.
    fn deal(&self, sets: &[Vec<usize>], count: usize) -> Vec<Box<dyn Tally<D>>>;

    /// Sets the key to the combined value and says how that came about; nothing if nobody sets it.
    fn combine(&self, into: &mut D) -> Option<Decision>;
}

/// How the combined value of one key came about.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Decision {
    /// The way to the key, from the payload on.
    pub path: &'static [&'static str],
    /// The name of Apple's combine rule.
    pub rule: &'static str,
    /// The combined value, as a report may show it.
    pub shown: serde_json::Value,
    /// Whether every part is in the value, rather than one that beats the others.
    pub is_union: bool,
    /// The distinct values, or the members of a set, in the order in which they were first read.
    pub parts: Vec<Part>,
}

/// A value, or a member of a set, and who set it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Part {
    /// The value, secrets included: to compare, never to print.
    pub(crate) value: serde_json::Value,
    /// The value as a report may show it.
    pub shown: serde_json::Value,
    /// The numbers of those who set it: see [`Declarations::source`](crate::Declarations::source).
    pub who: Vec<usize>,
    /// Whether it is in the combined value.
    pub decides: bool,
}

impl Decision {
    /// Those who gave the value, in ascending order.
    pub fn deciders(&self) -> Vec<usize> {
        let mut all: Vec<usize> =
            self.parts.iter().filter(|part| part.decides).flat_map(|part| part.who.iter().copied()).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The values that lost.
    pub fn overruled(&self) -> impl Iterator<Item = &Part> {
        self.parts.iter().filter(|part| !part.decides)
    }
}

struct KeyTally<D: 'static, T: 'static> {
    key: &'static Key<D, T>,
    combine: &'static Combine<T>,
    parts: Box<dyn Distinct<T>>,
}

/// A tally for a key that has a combine rule.
pub(super) fn tally<D, T: Value + Clone + PartialEq>(key: &'static Key<D, T>) -> Option<Box<dyn Tally<D>>> {
    let combine = key.combine.as_ref()?;
    Some(Box::new(KeyTally { key, combine, parts: (combine.tally)() }))
}

impl<D, T: Value + Clone + PartialEq> Tally<D> for KeyTally<D, T> {
    fn add(&mut self, document: &D, who: usize) {
        if let Some(value) = (self.key.field.get)(document) {
            self.parts.add(value, who);
        }
    }

    fn deal(&self, sets: &[Vec<usize>], count: usize) -> Vec<Box<dyn Tally<D>>> {
        let mut dealt: Vec<Self> =
            (0..count).map(|_| Self { key: self.key, combine: self.combine, parts: (self.combine.tally)() }).collect();
        for (part, all) in self.parts.entries() {
            let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
            for who in all {
                for set in &sets[*who] {
                    members.entry(*set).or_default().push(*who);
                }
            }
            for (set, who) in members {
                dealt[set].parts.put(part.clone(), who);
            }
        }
        dealt.into_iter().map(|tally| Box::new(tally) as Box<dyn Tally<D>>).collect()
    }

    fn combine(&self, into: &mut D) -> Option<Decision> {
        let mut entries = self.parts.entries();
        entries.sort_by_key(|(_, who)| who.first().copied());
        let result = reduce(entries.iter().map(|(value, _)| value.clone()).collect(), self.combine.fold)?;
        let decision = Decision {
            path: self.key.path(),
            rule: self.combine.rule,
            shown: result.to_shown_json(),
            is_union: self.combine.is_union,
            parts: entries
                .into_iter()
                .map(|(value, who)| Part {
                    value: value.to_json(),
                    shown: value.to_shown_json(),
                    who: who.to_vec(),
                    decides: self.combine.is_union || value == result,
                })
                .collect(),
        };
        (self.key.field.set)(into, result);
        Some(decision)
    }
}

/// Folds neighbours together until one is left. The rules are associative, and sets of like size are united faster.
fn reduce<T>(mut values: Vec<T>, fold: fn(T, T) -> T) -> Option<T> {
    while values.len() > 1 {
        let mut halved = Vec::with_capacity(values.len().div_ceil(2));
        let mut all = values.into_iter();
        while let Some(one) = all.next() {
            halved.push(match all.next() {
                Some(other) => fold(one, other),
                None => one,
            });
        }
        values = halved;
    }
    values.pop()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Cadence, Control, Program};

    /// Proves the laws of a rule by trying everything, up to three values of its domain.
    fn laws<T: Clone + PartialEq + std::fmt::Debug>(combine: &Combine<T>, domain: &[T], is_commutative: bool) {
        let fold = |one: &T, other: &T| (combine.fold)(one.clone(), other.clone());
        for a in domain {
            assert_eq!(fold(a, a), *a, "{}: idempotent", combine.rule);
            for b in domain {
                if is_commutative {
                    assert_eq!(fold(a, b), fold(b, a), "{}: commutative", combine.rule);
                }
                for c in domain {
                    assert_eq!(fold(&fold(a, b), c), fold(a, &fold(b, c)), "{}: associative", combine.rule);
                }
            }
        }
    }

    #[test]
    fn every_rule_keeps_its_laws_on_its_whole_domain() {
        laws(&Combine::BOOLEAN_AND, &[false, true], true);
        let days: Vec<DeferralDays> = (1..=90).filter_map(|days| DeferralDays::try_from(days).ok()).collect();
        assert_eq!(days.len(), 90);
        laws(&Combine::NUMBER_MAX, &days, true);
        laws(&Combine::ENUM_LAST, &[Control::Allowed, Control::AlwaysOn, Control::AlwaysOff], true);
        laws(&Combine::ENUM_LAST, &[Cadence::All, Cadence::Oldest, Cadence::Newest], true);
        let program = |name: &str| Program { description: name.to_owned(), token: name.to_owned() };
        laws(&Combine::FIRST, &["a", "b", "c"].map(program), false);
        let sets: Vec<Vec<Program>> = (0..8)
            .map(|bits| {
                ["a", "b", "c"]
                    .iter()
                    .enumerate()
                    .filter(|(at, _)| bits & (1 << at) != 0)
                    .map(|(_, name)| program(name))
                    .collect()
            })
            .collect();
        laws(&Combine::SET_UNION, &sets, true);
    }

    #[test]
    fn the_value_last_in_apples_list_wins() {
        let fold = Combine::<Control>::ENUM_LAST.fold;
        assert_eq!(fold(Control::AlwaysOff, Control::AlwaysOn), Control::AlwaysOff);
        assert_eq!(fold(Control::Allowed, Control::AlwaysOn), Control::AlwaysOn);
        assert_eq!((Combine::<Cadence>::ENUM_LAST.fold)(Cadence::Newest, Cadence::Oldest), Cadence::Newest);
    }

    #[test]
    fn defaults_are_neutral_for_their_rule() {
        assert!((Combine::BOOLEAN_AND.fold)(true, true) && !(Combine::BOOLEAN_AND.fold)(true, false));
        for control in [Control::Allowed, Control::AlwaysOn, Control::AlwaysOff] {
            assert_eq!((Combine::ENUM_LAST.fold)(Control::Allowed, control), control);
        }
    }
}

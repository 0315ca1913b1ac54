//! The combined values of settings: what changes on devices, and what another declaration overrules.

use std::collections::BTreeMap;

use super::contexts::{Context, Reason};
use super::enforcements::Effect;
use super::words::{self, Values};
use super::{Comparison, Draft, Kind, MOST_CHANGES, NEW, OLD, Subject};
use crate::apple::{Platform, TypeId, Value};
use crate::hash::{Map, Set};
use crate::set::{Combination, Decision, Where};
use crate::words::{MASK, count, list, shown};

/// A key of a type: its path in declarations.
type Key = (TypeId, Vec<String>);

/// A context, and an item if the value is a set.
type Place = (usize, Option<Value>);

/// The values of a key in both sets, with the declarations that they are to be attributed to.
type Both = [Option<(Value, usize)>; 2];

/// The payload of a declaration that is not there.
static NOTHING: Value = Value::EMPTY;

/// The most items of a set that are told apart. More are one difference.
const MOST_ITEMS: usize = 20;

/// A combined value that changes, and the contexts in which it does.
struct Outcome {
    shown: [Option<serde_json::Value>; 2],
    contexts: Vec<usize>,
}

/// A difference between two combined values.
struct Found<'d> {
    path: Vec<String>,
    item: Option<Value>,
    decisions: [Option<&'d Decision>; 2],
    values: [Option<Value>; 2],
    shown: [Option<serde_json::Value>; 2],
}

/// The combined values of the types in all changed contexts.
pub(super) struct Combined<'g> {
    /// By context: the old and the new values.
    by_context: Vec<BTreeMap<TypeId, [Combination<'g>; 2]>>,
    /// The values of each declaration that has no equal counterpart.
    own: [Map<usize, Combination<'g>>; 2],
    /// The contexts of each declaration of each set.
    of: [Map<usize, Vec<usize>>; 2],
    /// The keys that change, with the contexts in which they do.
    covered: Map<Key, Set<Place>>,
}

impl<'g> Combined<'g> {
    /// Combines what is active together. Leaves out declarations with values that are unknown in one of the sets.
    pub(super) fn new(comparison: &Comparison<'g>) -> Self {
        let contexts = &comparison.contexts.changed;
        let by_context = contexts.iter().map(|_| BTreeMap::new()).collect();
        let mut combined = Self { by_context, own: Default::default(), of: Default::default(), covered: Map::default() };
        for (at, context) in contexts.iter().enumerate() {
            for side in [OLD, NEW] {
                for who in &context.members[side] {
                    combined.of[side].entry(*who).or_default().push(at);
                }
            }
        }
        let mut kinds: Vec<TypeId> = comparison.sides.iter().flat_map(|side| side.set.combined_types()).collect();
        kinds.sort_unstable();
        kinds.dedup();
        for kind in kinds {
            let is_of_kind = |side: usize, who: usize| {
                comparison.member(side, who).type_id() == Some(kind) && comparison.is_combined(side, who)
            };
            for side in [OLD, NEW] {
                let set = comparison.sides[side].set;
                let is_own = |who: &usize| !comparison.is_unchanged(side, *who) && is_of_kind(side, *who);
                let own: Vec<usize> = (0..set.members.len()).filter(is_own).collect();
                let alone: Vec<Vec<usize>> = own.iter().map(|who| vec![*who]).collect();
                combined.own[side].extend(own.into_iter().zip(set.combine(kind, &alone)));
            }
            // Only contexts with some of the type matter.
            let sets: Vec<(usize, [Vec<usize>; 2])> = contexts
                .iter()
                .enumerate()
                .map(|(at, context)| {
                    let of_kind = |side: usize| context.members[side].iter().copied().filter(move |who| is_of_kind(side, *who));
                    (at, [OLD, NEW].map(|side| of_kind(side).collect()))
                })
                .filter(|(_, sets): &(usize, [Vec<usize>; 2])| sets.iter().any(|set| !set.is_empty()))
                .collect();
            let [old, new] = [OLD, NEW].map(|side| {
                let sets: Vec<Vec<usize>> = sets.iter().map(|(_, sets)| sets[side].clone()).collect();
                comparison.sides[side].set.combine(kind, &sets)
            });
            for ((at, _), (old, new)) in sets.iter().zip(old.into_iter().zip(new)) {
                combined.by_context[*at].insert(kind, [old, new]);
            }
        }
        combined
    }

    /// Adds what changes.
    pub(super) fn effects(&mut self, comparison: &mut Comparison<'g>) {
        let mut outcomes: BTreeMap<(TypeId, Vec<String>, Option<Value>, Both), Outcome> = BTreeMap::new();
        for (at, kinds) in self.by_context.iter().enumerate() {
            for (kind, combinations) in kinds {
                for found in differences(combinations.each_ref().map(Some)) {
                    let attributed = |side: usize| {
                        let value = found.values[side].clone()?;
                        let members = &comparison.contexts.changed[at].members[side];
                        let of_kind =
                            || members.iter().copied().filter(|who| comparison.member(side, *who).type_id() == Some(*kind));
                        let deciders = match (found.decisions[side], &found.item) {
                            (Some(decision), Some(_)) => decision.parts.iter().find(|part| part.value == value)?.who.clone(),
                            (Some(decision), None) => decision.deciders(),
                            (None, _) => of_kind().collect(),
                        };
                        let changed = deciders.iter().find(|who| !comparison.is_unchanged(side, **who));
                        Some((value, *changed.or(deciders.first())?))
                    };
                    self.covered.entry((*kind, found.path.clone())).or_default().insert((at, found.item.clone()));
                    let values: Both = [attributed(OLD), attributed(NEW)];
                    // That an activation references a declaration, or no longer, is a change of the activation.
                    let is_said = |side: usize| {
                        let only = values[side].as_ref().filter(|_| values[1 - side].is_none());
                        only.and_then(|(_, who)| comparison.pairs.other(side, *who))
                            .is_some_and(|other| !comparison.contexts.changed[at].members[1 - side].contains(&other))
                    };
                    if is_said(OLD) || is_said(NEW) {
                        continue;
                    }
                    let outcome = outcomes
                        .entry((*kind, found.path, found.item, values))
                        .or_insert_with(|| Outcome { shown: found.shown, contexts: Vec::new() });
                    outcome.contexts.push(at);
                }
            }
        }
        for ((kind, path, item, values), outcome) in outcomes {
            let [old, new] = &values;
            let Some((side, who)) = new.as_ref().map(|(_, who)| (NEW, *who)).or_else(|| old.as_ref().map(|(_, who)| (OLD, *who)))
            else {
                continue;
            };
            let contexts: Vec<&Context> = outcome.contexts.iter().map(|at| &comparison.contexts.changed[*at]).collect();
            let mut platforms: Vec<Option<Platform>> = contexts.iter().map(|context| context.platform).collect();
            platforms.dedup();
            let key = comparison.key(kind, &path);
            let reach = comparison.reach(side, who, Some(kind), key, &platforms);
            let mut message = words::setting(
                &comparison.schema(),
                &path,
                key,
                &Values { old: outcome.shown[OLD].as_ref(), new: outcome.shown[NEW].as_ref(), is_item: item.is_some() },
                &reach,
            );
            let everywhere = self.of[side].get(&who).map_or(0, Vec::len);
            if outcome.contexts.len() < everywhere {
                message += &in_contexts(comparison, &contexts);
            }
            if comparison.is_unchanged(side, who) && old.is_some() && new.is_some() {
                message.push_str(&["; ", &comparison.name(side, who), " decides now"].concat());
            }
            let effect = Effect { reason: reach.refused(), targets: Vec::new() };
            let place = item.map_or_else(|| Where::key(who, &path), |item| Where::item(who, &path, item));
            comparison.push(Draft {
                kind: Kind::of(old.is_some(), new.is_some()),
                subject: Subject::Setting,
                side,
                place,
                pointer: None,
                values: outcome.shown,
                is_effective: effect.reason.is_none(),
                targets: reach.names(),
                message: message + &effect.words(),
            });
        }
    }

    /// Adds the changes of a declaration that have no effect, because another one decides or nothing activates it. Returns
    /// whether the values that it sets change.
    pub(super) fn without_effect(&self, comparison: &mut Comparison<'g>, whos: [Option<usize>; 2]) -> bool {
        let own = [OLD, NEW].map(|side| whos[side].and_then(|who| self.own[side].get(&who)));
        let Some(kind) = own.iter().flatten().next().map(|combination| combination.kind) else { return false };
        let all = differences(own);
        let sets_something = !all.is_empty();
        let is_long = all.len() > MOST_CHANGES;
        for found in all {
            let covered = self.covered.get(&(kind, found.path.clone()));
            let contexts = |side: usize| whos[side].and_then(|who| self.of[side].get(&who)).into_iter().flatten();
            let is_covered = |at: &usize| {
                covered.is_some_and(|covered| match &found.item {
                    Some(_) => covered.contains(&(*at, found.item.clone())) || covered.contains(&(*at, None)),
                    None => covered.iter().any(|(other, _)| other == at),
                })
            };
            if contexts(OLD).chain(contexts(NEW)).any(is_covered) {
                continue;
            }
            let side = if found.shown[NEW].is_some() { NEW } else { OLD };
            let Some(who) = whos[side].or(whos[1 - side]) else { continue };
            let side = if whos[side].is_some() { side } else { 1 - side };
            let id = comparison.key(kind, &found.path);
            let values = Values { old: found.shown[OLD].as_ref(), new: found.shown[NEW].as_ref(), is_item: found.item.is_some() };
            let what = words::plain(&comparison.schema(), &found.path, id, &values);
            let mut contexts = contexts(NEW).chain(contexts(OLD)).filter(|_| !is_long);
            let deciders = contexts.find_map(|at| self.deciders(comparison, *at, kind, &found, whos));
            let is_active = |side: usize| whos[side].is_some_and(|who| comparison.contexts.is_active[side][who]);
            let why = match deciders {
                _ if !is_active(side) => "no activation references it".to_owned(),
                Some(deciders) => deciders,
                None => "the combined value stays the same".to_owned(),
            };
            let place = found.item.map_or_else(|| Where::key(who, &found.path), |item| Where::item(who, &found.path, item));
            comparison.push(Draft {
                kind: Kind::of(found.shown[OLD].is_some(), found.shown[NEW].is_some()),
                subject: Subject::Setting,
                side,
                place,
                pointer: None,
                values: found.shown,
                is_effective: false,
                targets: comparison.reach(side, who, Some(kind), id, &[None]).names(),
                message: format!("{what} in {}, without effect: {why}", comparison.name(side, who)),
            });
        }
        sets_something
    }

    /// Which other declarations decide about a key in a context, and with which value.
    fn deciders(
        &self,
        comparison: &Comparison<'_>,
        at: usize,
        kind: TypeId,
        found: &Found<'_>,
        whos: [Option<usize>; 2],
    ) -> Option<String> {
        let combinations = self.by_context[at].get(&kind)?;
        [NEW, OLD].into_iter().find_map(|side| {
            let decision = combinations[side].decisions.iter().find(|decision| decision.source == found.path)?;
            let own = whos[side];
            let deciding: Vec<usize> = match &found.item {
                Some(item) => decision.parts.iter().find(|part| part.value == *item)?.who.clone(),
                None => decision.deciders(),
            };
            let mut names: Vec<String> = Vec::new();
            for who in deciding.into_iter().filter(|who| Some(*who) != own) {
                names.push(comparison.name(side, who));
            }
            let all = names.len();
            names.truncate(2);
            if all > names.len() {
                names.push(format!("{} more", all - names.len()));
            }
            let verb = if all == 1 { "decides" } else { "decide" };
            let value = if found.item.is_some() { String::new() } else { format!(" with {}", words::value(&decision.shown)) };
            (all > 0).then(|| format!("{} {verb}{value}", list(&names, "and")))
        })
    }
}

/// Where a change holds if not everywhere: ` in the set ios`.
fn in_contexts(comparison: &Comparison<'_>, contexts: &[&Context]) -> String {
    let mut names: Vec<String> = contexts
        .iter()
        .filter_map(|context| match &context.reason {
            Reason::Set(name, _) => Some(format!("the set {}", shown(name))),
            Reason::Activation(id) => Some(comparison.name_of(*id)),
            Reason::All(_) | Reason::Alone(_) => None,
        })
        .collect();
    names.dedup();
    match names.len() {
        0 => String::new(),
        1..=3 => format!(", in {}", list(&names, "and")),
        all => format!(", in {} and {}", names[..2].join(", "), count(all - 2, "more set")),
    }
}

/// The differences between two combinations, by key, and by item for sets.
fn differences<'d>(combinations: [Option<&'d Combination<'_>>; 2]) -> Vec<Found<'d>> {
    let by_path = combinations.map(|combination| {
        let decisions = combination.into_iter().flat_map(|combination| &combination.decisions);
        decisions.map(|decision| (&decision.source, decision)).collect::<BTreeMap<_, _>>()
    });
    let [old, new] = &by_path;
    let mut paths: Vec<&Vec<String>> = new.keys().copied().collect();
    paths.extend(old.keys().copied().filter(|path| !new.contains_key(*path)));
    let mut found = Vec::new();
    for path in paths {
        let decisions = [old.get(path).copied(), new.get(path).copied()];
        let values = decisions.map(|decision| decision.map(|decision| &decision.value));
        if values[OLD] == values[NEW] {
            continue;
        }
        let items =
            if decisions.iter().flatten().all(|decision| decision.combines_items()) { items(path, decisions) } else { None };
        match items {
            Some(items) => found.extend(items),
            None => found.push(Found {
                path: path.clone(),
                item: None,
                decisions,
                values: values.map(Option::<&Value>::cloned),
                shown: decisions.map(|decision| decision.map(|decision| decision.shown.clone())),
            }),
        }
    }
    let mut rest = Vec::new();
    let [old, new] = combinations.map(|combination| combination.map_or(&NOTHING, |combination| &combination.payload));
    residue(old, new, &mut Vec::new(), &mut rest);
    // The order of groups, and objects without members.
    let shown = |path: &[String], value: &Value| {
        let key = combinations.iter().flatten().next().and_then(|combination| {
            let schema = &combination.gathered.schema;
            let key = schema.at_path(schema.kind(combination.kind).keys, path.iter().map(String::as_str));
            key.map(|key| value.to_shown_json(schema, key))
        });
        key.unwrap_or_else(|| MASK.into())
    };
    rest.retain(|(path, _)| !found.iter().any(|found| found.path.starts_with(path) || path.starts_with(&found.path)));
    found.extend(rest.into_iter().map(|(path, values)| Found {
        item: None,
        decisions: [None, None],
        shown: values.map(|value| value.map(|value| shown(&path, value))),
        values: values.map(Option::<&Value>::cloned),
        path,
    }));
    found
}

/// The items that only one of two sets has. `None` if there are too many, or none.
fn items<'d>(path: &[String], decisions: [Option<&'d Decision>; 2]) -> Option<Vec<Found<'d>>> {
    let members = decisions.map(|decision| {
        let parts = decision.into_iter().flat_map(|decision| &decision.parts);
        parts
            .filter(|part| part.decides && !part.is_empty_set())
            .map(|part| (&part.value, &part.shown))
            .collect::<BTreeMap<_, _>>()
    });
    let mut found: Vec<Found<'d>> = Vec::new();
    // An item that is shown as one of the other set differs in what is hidden.
    let mut olds: Map<String, usize> = Map::default();
    for side in [OLD, NEW] {
        let only = members[side].iter().filter(|(value, _)| !members[1 - side].contains_key(*value));
        for (value, shown) in only {
            let mut one =
                Found { path: path.to_vec(), item: Some((*value).clone()), decisions, values: [None, None], shown: [None, None] };
            one.values[side] = Some((*value).clone());
            one.shown[side] = Some((*shown).clone());
            let text = shown.to_string();
            if side == OLD {
                olds.insert(text, found.len());
            } else if let Some(at) = olds.remove(&text) {
                let old = &mut found[at];
                (old.item, old.values[NEW], old.shown[NEW]) = (one.item, one.values[NEW].take(), one.shown[NEW].take());
                continue;
            }
            found.push(one);
        }
    }
    (!found.is_empty() && found.len() <= MOST_ITEMS).then_some(found)
}

/// The narrowest values that differ between two payloads.
type Residue<'v> = (Vec<String>, [Option<&'v Value>; 2]);

fn residue<'v>(old: &'v Value, new: &'v Value, path: &mut Vec<String>, rest: &mut Vec<Residue<'v>>) {
    if old == new {
        return;
    }
    let (Value::Object(ours), Value::Object(theirs)) = (old, new) else {
        rest.push((path.clone(), [Some(old), Some(new)]));
        return;
    };
    let names = ours.iter().chain(theirs.iter().filter(|(name, _)| old.member(name).is_none())).map(|(name, _)| name);
    for name in names {
        path.push(name.to_string());
        match [old.member(name), new.member(name)] {
            [Some(old), Some(new)] => residue(old, new, path, rest),
            values => rest.push((path.clone(), values)),
        }
        path.pop();
    }
}

//! What changes for devices between two sets of declarations.
//!
//! The comparison is pure: it knows neither files nor clocks, and takes what it compares as two [gathered](crate::set)
//! sets.
mod contexts;
mod declarations;
mod enforcements;
mod pairs;
mod raw;
mod reach;
mod settings;
#[cfg(test)]
mod tests;
mod words;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value;

use contexts::Contexts;
use declarations::Uses;
use enforcements::Acting;
use pairs::Pairs;
use settings::Combined;

use crate::apple::{Channel, KeyId, Schema, Target, TypeId};
use crate::catalog::Platforms;
use crate::diagnostic::Place;
use crate::hash::Map;
use crate::locate;
use crate::set::{Gathered, Member, Together, Where};
use crate::words::shown;

/// The index of what belongs to the old set.
const OLD: usize = 0;

/// The index of what belongs to the new set.
const NEW: usize = 1;

/// The most changes of one declaration. More are one change.
const MOST_CHANGES: usize = 200;

/// One of the sets that are compared.
pub(crate) struct Side<'s> {
    pub(crate) set: &'s Gathered,
    pub(crate) together: Together,
    /// Reads the text of a file again.
    pub(crate) text: &'s dyn Fn(&str) -> Option<Vec<u8>>,
    /// The targets of a file; none if they are not known.
    pub(crate) targets: &'s dyn Fn(&str) -> Vec<Target>,
    /// The path of a file from the folder of its set.
    pub(crate) relative: &'s dyn Fn(&str) -> String,
    /// The names of the sets that members belong to, by index.
    pub(crate) sets: Vec<String>,
}

/// What changes between two sets.
#[derive(Debug)]
pub(crate) struct Changes {
    /// In the order of subjects, then of files.
    pub(crate) changes: Vec<Change>,
    /// The declarations whose text changes, and nothing for devices.
    pub(crate) rewritten: Vec<Rewritten>,
}

/// A difference, at its narrowest subject.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    pub(crate) kind: Kind,
    pub(crate) subject: Subject,
    /// The type of the declaration; `None` if it could not be read.
    pub(crate) declaration_type: Option<String>,
    /// The identifier of the declaration.
    pub(crate) identifier: Option<String>,
    /// The old and the new value, without secrets. `None` if there is none.
    pub(crate) old: Option<Value>,
    pub(crate) new: Option<Value>,
    /// Whether it changes what devices do.
    pub(crate) is_effective: bool,
    /// The targets that it concerns, in the form of `--target`; empty if none are known.
    pub(crate) targets: Vec<String>,
    /// The effect in words, in one line.
    pub(crate) message: String,
    /// The place in the new set, or in the old one if the new one has none.
    pub(crate) place: Place,
}

/// What happens to the subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Added,
    Removed,
    Changed,
}

/// What a change is about. The order is that of reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Subject {
    /// The enforcement of an update.
    Enforcement,
    /// A value of a key.
    Setting,
    /// A declaration as a whole.
    Declaration,
    /// An activation, its predicate or what it references.
    Activation,
    /// An asset.
    Asset,
}

/// A declaration of which only the text changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rewritten {
    pub(crate) identifier: Option<String>,
    /// The files of the old and of the new declaration.
    pub(crate) files: [Arc<str>; 2],
    /// Whether the file has another name.
    pub(crate) is_moved: bool,
}

impl Changes {
    /// Whether anything changes for devices.
    pub(crate) fn has_effect(&self) -> bool {
        self.changes.iter().any(|change| change.is_effective)
    }
}

/// A change whose place is not located yet.
struct Draft {
    kind: Kind,
    subject: Subject,
    /// The set that the place is in.
    side: usize,
    place: Where,
    /// The pointer, if it is not that of the place.
    pointer: Option<String>,
    values: [Option<Value>; 2],
    is_effective: bool,
    targets: Vec<String>,
    message: String,
}

/// The conditions under which each configuration is activated, by the devices that get the activation: the platforms of its
/// file, and its sets. The condition is a predicate; `None` always holds.
type Conditions<'c> = Map<(Channel, &'c str), BTreeSet<(Platforms, Vec<&'c str>, Option<&'c str>)>>;

/// What is known of two sets, and what was found so far.
struct Comparison<'c> {
    sides: &'c [Side<'c>; 2],
    pairs: Pairs,
    contexts: Contexts,
    /// Whether each declaration has no equal counterpart.
    is_changed: [Vec<bool>; 2],
    names: [Map<&'c str, Vec<usize>>; 2],
    uses: [Uses<'c>; 2],
    /// For each configuration that activations reference, their predicates.
    conditions: [Conditions<'c>; 2],
    drafts: Vec<Draft>,
}

/// Compares an old and a new set.
pub(crate) fn compare(sides: &[Side<'_>; 2]) -> Changes {
    let mut comparison = Comparison::new(sides);
    let mut combined = Combined::new(&comparison);
    combined.effects(&mut comparison);
    let acting = Acting::new(&comparison);
    let pairs: Vec<[usize; 2]> = comparison.pairs.all().collect();
    let changed: Vec<[usize; 2]> = pairs.iter().copied().filter(|pair| comparison.is_changed[NEW][pair[NEW]]).collect();
    let mut differences = declarations::differences(&comparison, &changed);
    let mut rewritten = Vec::new();
    for pair in pairs {
        let [old, new] = [OLD, NEW].map(|side| comparison.member(side, pair[side]));
        let files = [OLD, NEW].map(|side| (sides[side].relative)(&comparison.member(side, pair[side]).file));
        let before = comparison.drafts.len();
        let mut is_said = false;
        if old.identifier != new.identifier {
            comparison.renamed(pair);
        }
        if comparison.contexts.is_active[OLD][pair[OLD]] != comparison.contexts.is_active[NEW][pair[NEW]] {
            comparison.activity(pair);
        }
        if !old.sets.is_empty() || !new.sets.is_empty() || files[OLD] != files[NEW] {
            comparison.moved(pair);
        }
        if !comparison.is_changed[NEW][pair[NEW]] {
            acting.same(&mut comparison, pair);
        } else if let Some(differences) = differences.remove(&pair[NEW]) {
            is_said = comparison.changed(pair, differences, &combined, &acting);
        } else {
            comparison.unreadable(pair);
        }
        let is_same_text = old.written == new.written && files[OLD] == files[NEW];
        if comparison.drafts.len() == before && !is_said && !is_same_text {
            let identifier = comparison.identifier(NEW, pair[NEW]);
            let is_moved = files[OLD] != files[NEW];
            rewritten.push(Rewritten { identifier, files: [old.file.clone(), new.file.clone()], is_moved });
        }
    }
    for side in [OLD, NEW] {
        for who in comparison.pairs.alone(side).collect::<Vec<_>>() {
            let mut whos = [None, None];
            whos[side] = Some(who);
            if comparison.is_combined(side, who) {
                if !combined.without_effect(&mut comparison, whos) {
                    comparison.empty(side, who);
                }
            } else if sides[side].set.enforcements.contains_key(&who) {
                acting.alone(&mut comparison, side, who);
            } else {
                comparison.alone(side, who);
            }
        }
    }
    Changes { changes: comparison.located(), rewritten }
}

impl<'c> Comparison<'c> {
    fn new(sides: &'c [Side<'c>; 2]) -> Self {
        let pairs = Pairs::new(sides);
        let mut is_changed = [OLD, NEW].map(|side| vec![true; sides[side].set.members.len()]);
        for pair in pairs.all() {
            let [old, new] = [OLD, NEW].map(|side| &sides[side].set.members[pair[side]]);
            let differ = pairs::differ(old, new);
            is_changed[OLD][pair[OLD]] = differ;
            is_changed[NEW][pair[NEW]] = differ;
        }
        let contexts = Contexts::new(sides, &pairs, &is_changed);
        // Only references, of either set, need a lookup by identifier.
        let has_references = sides.iter().any(|side| !side.set.activations.is_empty() || !side.set.references.is_empty());
        let names = [OLD, NEW].map(|side| if has_references { sides[side].set.by_identifier() } else { Map::default() });
        // Without lists, all declarations are one set.
        let are_listed = sides.iter().all(|side| !side.sets.is_empty());
        let conditions = [OLD, NEW].map(|side| {
            let set = sides[side].set;
            let mut conditions: Conditions<'_> = Map::default();
            for (who, activated) in set.activations.iter().filter_map(|(who, activated)| Some((*who, activated.as_ref()?))) {
                let predicate = activated.predicate.as_ref().map(|premise| premise.text.as_str());
                let Member { channel, platforms, sets: own, .. } = &set.members[who];
                let own: Vec<&str> = own.iter().filter(|_| are_listed).map(|at| sides[side].sets[*at].as_str()).collect();
                for reference in &activated.references {
                    let known = conditions.entry((*channel, reference.name.as_str())).or_default();
                    // Beside no condition, others do not matter.
                    if !known.contains(&(*platforms, own.clone(), None)) {
                        if predicate.is_none() {
                            known.retain(|(others, sets, _)| (others, sets) != (platforms, &own));
                        }
                        known.insert((*platforms, own.clone(), predicate));
                    }
                }
            }
            conditions
        });
        let uses = [OLD, NEW].map(|side| Uses::of(&sides[side]));
        Self { sides, pairs, contexts, is_changed, names, uses, conditions, drafts: Vec::new() }
    }

    fn schema(&self) -> Arc<Schema> {
        self.sides[NEW].set.schema.clone()
    }

    fn member(&self, side: usize, who: usize) -> &'c Member {
        &self.sides[side].set.members[who]
    }

    /// Whether a declaration has an equal counterpart.
    fn is_unchanged(&self, side: usize, who: usize) -> bool {
        !self.is_changed[side][who]
    }

    /// Whether the values of a declaration are known in both sets, and combined with those of others.
    fn is_combined(&self, side: usize, who: usize) -> bool {
        let is_known = |side: usize, who: usize| {
            let member = self.member(side, who);
            self.sides[side].set.is_combined(who) && member.is_complete && !member.is_broken
        };
        is_known(side, who) && self.pairs.other(side, who).is_none_or(|other| is_known(1 - side, other))
    }

    /// The name of the declaration with a number that counterparts share.
    fn name_of(&self, id: usize) -> String {
        let news = self.sides[NEW].set.members.len();
        if id < news { self.name(NEW, id) } else { self.name(OLD, id - news) }
    }

    /// The name of a declaration in messages.
    fn name(&self, side: usize, who: usize) -> String {
        let name = self.identifier(side, who);
        name.map_or_else(|| "a declaration without a readable identifier".to_owned(), |name| shown(&name))
    }

    /// The identifier of a declaration. `None` if it has none, or a secret may stand in its place.
    fn identifier(&self, side: usize, who: usize) -> Option<String> {
        let member = self.member(side, who);
        member.identifier.as_deref().filter(|name| is_printable(member, name)).map(str::to_owned)
    }

    /// The type of a declaration. `None` if it has none, or a secret may stand in its place.
    fn type_name(&self, side: usize, who: usize) -> Option<String> {
        let member = self.member(side, who);
        let name = member.kind.as_ref()?.name(&self.sides[side].set.schema);
        Some(name.to_owned()).filter(|name| is_printable(member, name))
    }

    /// The key at a path, if the schema has it. What stands in a group of an array has none.
    fn key(&self, kind: TypeId, path: &[String]) -> Option<KeyId> {
        let schema = &self.sides[NEW].set.schema;
        schema.at_path(schema.kind(kind).keys, path.iter().map(String::as_str))
    }

    fn push(&mut self, mut draft: Draft) {
        if draft.is_effective && self.member(draft.side, draft.place.who).channel == Channel::User {
            draft.message += ", in the user channel";
        }
        self.drafts.push(draft);
    }

    /// Adds what changes about a pair that differs. Returns whether that was said before, as combined values.
    fn changed(
        &mut self,
        pair: [usize; 2],
        mut differences: Vec<raw::Difference>,
        combined: &Combined<'c>,
        acting: &Acting,
    ) -> bool {
        let mut is_said = false;
        if self.is_activation(NEW, pair[NEW]) {
            self.activation(pair, differences);
        } else if self.is_combined(NEW, pair[NEW]) {
            is_said = combined.without_effect(self, pair.map(Some));
            // The combined values have no keys that the schema lacks.
            differences.retain(|difference| difference.key.is_none() && !difference.path.is_empty());
            self.keys(pair, differences);
        } else if self.sides[NEW].set.enforcements.contains_key(&pair[NEW]) {
            acting.changed(self, pair, differences);
        } else {
            self.keys(pair, differences);
        }
        is_said
    }

    /// Finds the places of the changes, and sorts them.
    fn located(mut self) -> Vec<Change> {
        let mut drafts = std::mem::take(&mut self.drafts);
        let sides = self.sides;
        let mut counts: Map<(usize, usize), usize> = Map::default();
        for draft in &drafts {
            *counts.entry((draft.side, draft.place.who)).or_default() += 1;
        }
        let mut seen: Map<(usize, usize), usize> = Map::default();
        let mut kept: Vec<Draft> = Vec::new();
        for draft in drafts.drain(..) {
            let key = (draft.side, draft.place.who);
            let count = counts.get(&key).copied().unwrap_or_default();
            if count <= MOST_CHANGES {
                kept.push(draft);
            } else if let Some(at) = seen.get(&key) {
                kept[*at].is_effective |= draft.is_effective;
            } else {
                seen.insert(key, kept.len());
                kept.push(Draft {
                    kind: Kind::Changed,
                    place: Where::identifier(draft.place.who),
                    pointer: Some("/Payload".to_owned()),
                    values: [None, None],
                    message: format!("{count} values change"),
                    ..draft
                });
            }
        }
        let places = [OLD, NEW].map(|side| {
            let wanted = kept.iter().filter(|draft| draft.side == side).map(|draft| draft.place.clone());
            locate::places(wanted, sides[side].set, |file| (sides[side].text)(file).map(Cow::Owned))
        });
        let change = |draft: Draft| {
            let [declaration_type, identifier] =
                [self.type_name(draft.side, draft.place.who), self.identifier(draft.side, draft.place.who)];
            let mut place = places[draft.side].get(&draft.place)?.clone();
            if let Some(pointer) = draft.pointer {
                place.pointer = pointer;
            }
            let [old, new] = draft.values;
            Some(Change {
                kind: draft.kind,
                subject: draft.subject,
                declaration_type,
                identifier,
                old,
                new,
                is_effective: draft.is_effective,
                targets: draft.targets,
                message: draft.message,
                place,
            })
        };
        let change = |draft: Draft| {
            Some(((sides[draft.side].relative)(&sides[draft.side].set.members[draft.place.who].file), change(draft)?))
        };
        let mut changes: Vec<(String, Change)> = kept.into_iter().filter_map(change).collect();
        changes.sort_by(|one, other| {
            let key = |(file, change): &(String, Change)| (change.subject, file.clone(), change.place.start, change.kind);
            key(one).cmp(&key(other)).then_with(|| one.1.message.cmp(&other.1.message))
        });
        changes.into_iter().map(|(_, change)| change).collect()
    }
}

/// Whether a text of a declaration may be shown: a string of a broken one may continue into the next ones, up to a secret.
fn is_printable(member: &Member, text: &str) -> bool {
    !member.is_broken || text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

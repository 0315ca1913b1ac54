//! Which declaration of the new set is which of the old one.

use std::hash::{BuildHasher, Hash};

use foldhash::quality::RandomState;

use super::raw::Raw;
use super::{NEW, OLD, Side};
use crate::apple::Channel;
use crate::hash::Map;
use crate::set::{Member, TypeName};

/// The declarations of two sets that stand for each other.
pub(super) struct Pairs {
    /// For each declaration of each set, its counterpart in the other one.
    others: [Vec<Option<usize>>; 2],
}

/// What declarations are matched by.
type Key<'k> = (Channel, Option<&'k TypeName>, Option<&'k str>);

/// The declarations of each set that have no counterpart yet.
type Left = [Vec<usize>; 2];

impl Pairs {
    /// Matches declarations by channel, type and identifier, and the rest by what they contain: those have been renamed.
    pub(super) fn new(sides: &[Side<'_>; 2]) -> Self {
        let mut pairs = Self { others: [OLD, NEW].map(|side| vec![None; sides[side].set.members.len()]) };
        let mut groups: Map<Key<'_>, Left> = Map::default();
        let mut order = Vec::new();
        for side in [OLD, NEW] {
            for (who, member) in sides[side].set.members.iter().enumerate() {
                let key = (member.channel, member.kind.as_ref(), member.identifier.as_deref());
                let group = groups.entry(key).or_insert_with(|| {
                    order.push(key);
                    Left::default()
                });
                group[side].push(who);
            }
        }
        let member = |side: usize, who: usize| &sides[side].set.members[who];
        let file = |side: usize, who: usize| (sides[side].relative)(&member(side, who).file);
        let mut left = Left::default();
        for key in order {
            let Some(group) = groups.get_mut(&key) else { continue };
            // An identifier may stand for several declarations, in different sets of a repository.
            if group[OLD].len() > 1 || group[NEW].len() > 1 {
                pairs.by(group, |side, who| (member(side, who).content, member(side, who).written, file(side, who)));
                pairs.by(group, |side, who| (member(side, who).content, member(side, who).written));
                pairs.by(group, |side, who| member(side, who).content);
                pairs.by(group, file);
            }
            pairs.by(group, |_, _| ());
            for side in [OLD, NEW] {
                left[side].append(&mut group[side]);
            }
        }
        pairs.renamed(&mut left, sides);
        pairs
    }

    /// Matches the rest by type and payload, those of the same file first.
    fn renamed(&mut self, left: &mut Left, sides: &[Side<'_>; 2]) {
        let kinds = |side: usize, who: usize| (sides[side].set.members[who].channel, &sides[side].set.members[who].kind);
        for side in [OLD, NEW] {
            left[side].sort_unstable();
        }
        // Only types with declarations on both sides matter, and only these are read again.
        let known = [OLD, NEW]
            .map(|side| left[side].iter().map(|who| kinds(side, *who)).collect::<std::collections::HashSet<_, RandomState>>());
        for side in [OLD, NEW] {
            left[side].retain(|who| known[1 - side].contains(&kinds(side, *who)));
        }
        let state = RandomState::default();
        let hashes = [OLD, NEW].map(|side| {
            let mut hashes: Map<usize, u64> = Map::default();
            Raw::read(&sides[side], &left[side], |who, raw| {
                hashes.insert(who, state.hash_one(raw.payload().0));
            });
            hashes
        });
        for side in [OLD, NEW] {
            left[side].retain(|who| hashes[side].contains_key(who));
        }
        let payload = |side: usize, who: usize| (kinds(side, who), hashes[side].get(&who));
        self.by(left, |side, who| (payload(side, who), (sides[side].relative)(&sides[side].set.members[who].file)));
        self.by(left, payload);
    }

    /// Pairs declarations with equal keys, in order.
    fn by<K: Eq + Hash>(&mut self, left: &mut Left, key: impl Fn(usize, usize) -> K) {
        if left.iter().any(Vec::is_empty) {
            return;
        }
        let mut olds: Map<K, std::collections::VecDeque<usize>> = Map::default();
        for who in &left[OLD] {
            olds.entry(key(OLD, *who)).or_default().push_back(*who);
        }
        for new in &left[NEW] {
            if let Some(old) = olds.get_mut(&key(NEW, *new)).and_then(std::collections::VecDeque::pop_front) {
                self.others[OLD][old] = Some(*new);
                self.others[NEW][*new] = Some(old);
            }
        }
        for side in [OLD, NEW] {
            left[side].retain(|who| self.others[side][*who].is_none());
        }
    }

    /// The counterpart of a declaration in the other set.
    pub(super) fn other(&self, side: usize, who: usize) -> Option<usize> {
        self.others[side][who]
    }

    /// A number that counterparts share.
    pub(super) fn id(&self, side: usize, who: usize) -> usize {
        if side == NEW { who } else { self.others[OLD][who].unwrap_or(self.others[NEW].len() + who) }
    }

    /// The old and the new declaration of each pair, in the order of the new set.
    pub(super) fn all(&self) -> impl Iterator<Item = [usize; 2]> {
        self.others[NEW].iter().enumerate().filter_map(|(new, old)| Some([(*old)?, new]))
    }

    /// The declarations of a set without a counterpart.
    pub(super) fn alone(&self, side: usize) -> impl Iterator<Item = usize> {
        self.others[side].iter().enumerate().filter(|(_, other)| other.is_none()).map(|(who, _)| who)
    }
}

/// Whether two declarations differ in what they contain.
pub(super) fn differ(old: &Member, new: &Member) -> bool {
    // Without an identifier, no hash of the contents is kept.
    if old.identifier.is_none() || new.identifier.is_none() { old.written != new.written } else { old.content != new.content }
}

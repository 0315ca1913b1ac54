//! Which declarations are active together, in both sets.

use std::collections::BTreeMap;

use super::pairs::Pairs;
use super::{NEW, OLD, Side};
use crate::apple::{Channel, Family, Platform};
use crate::catalog::Platforms;
use crate::hash::{Map, Set};
use crate::set::{Activations, Gathered, Together};

/// Why declarations are active together. The same in both sets.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Reason {
    /// The whole input is one set.
    All(Channel),
    /// An activation references them; its number, which counterparts share.
    Activation(usize),
    /// A set of this name holds them.
    Set(String, Channel),
    /// Nothing tells with which others it is active.
    Alone(usize),
}

/// Declarations that are active together.
#[derive(Debug)]
pub(super) struct Context {
    pub(super) reason: Reason,
    /// The platform, if not all declarations are for the same ones.
    pub(super) platform: Option<Platform>,
    /// The declarations of each set, in the order of reading, without copies.
    pub(super) members: [Vec<usize>; 2],
}

/// What is active in both sets, and why.
pub(super) struct Contexts {
    /// Those that differ.
    pub(super) changed: Vec<Context>,
    /// For each declaration of each set, whether a device applies it.
    pub(super) is_active: [Vec<bool>; 2],
    /// For each declaration of each set, the platforms of the devices on which it may be active in one of the sets.
    reach: [Vec<Platforms>; 2],
}

impl Contexts {
    /// Finds the declarations that are active together, where something differs. `is_changed` tells whether a declaration has
    /// no equal counterpart.
    pub(super) fn new(sides: &[Side<'_>; 2], pairs: &Pairs, is_changed: &[Vec<bool>; 2]) -> Self {
        let own = [OLD, NEW].map(|side| sides[side].set.reach());
        // A change of a predicate is one of the activation, not of the values on each platform.
        let reach = [OLD, NEW].map(|side| {
            let with_other = |(who, reach): (usize, &Platforms)| {
                pairs.other(side, who).map_or(*reach, |other| reach.union(own[1 - side][other]))
            };
            own[side].iter().enumerate().map(with_other).collect::<Vec<_>>()
        });
        let names = [OLD, NEW].map(|side| {
            let set = sides[side].set;
            // Most runs have no activations, and need no lookup by identifier.
            if set.activations.is_empty() { Map::default() } else { set.by_identifier() }
        });
        let is_active = [OLD, NEW].map(|side| active(&sides[side], &names[side]));
        let mut all: BTreeMap<Reason, [Vec<usize>; 2]> = BTreeMap::new();
        for side in [OLD, NEW] {
            let groups = reasons(&sides[side], side, pairs, &names[side], &is_active[side]);
            for (reason, members) in groups {
                all.entry(reason).or_default()[side] = members;
            }
        }
        let mut contexts = Self { changed: Vec::new(), is_active, reach };
        for (reason, mut members) in all {
            let is_there = members.each_ref().map(|members| !members.is_empty());
            let mut is_elsewhere = false;
            for side in [OLD, NEW].into_iter().filter(|side| !is_there[*side]) {
                // The declarations of a context that only one set has are compared with the same ones in the other set.
                let others = members[1 - side].iter().filter_map(|who| pairs.other(1 - side, *who));
                let mut others: Vec<usize> = others.filter(|who| contexts.is_active[side][*who]).collect();
                others.sort_unstable();
                // A declaration that was alone is compared where it is not.
                is_elsewhere |= matches!(reason, Reason::Alone(_)) && !others.is_empty();
                members[side] = others;
            }
            if is_elsewhere {
                continue;
            }
            contexts.push(&reason, &members, sides, pairs, is_changed);
        }
        contexts
    }

    /// Adds a context if it differs, for each platform if that matters.
    fn push(
        &mut self,
        reason: &Reason,
        members: &[Vec<usize>; 2],
        sides: &[Side<'_>; 2],
        pairs: &Pairs,
        is_changed: &[Vec<bool>; 2],
    ) {
        let is_same_member = |(old, new): (&usize, &usize)| pairs.other(NEW, *new) == Some(*old) && !is_changed[NEW][*new];
        let is_everywhere = |side: usize| members[side].iter().all(|who| self.reach[side][*who] == Platforms::ALL);
        let [old, new] = members;
        if is_everywhere(OLD) && is_everywhere(NEW) {
            let is_same = old.len() == new.len() && old.iter().zip(new).all(is_same_member);
            if !is_same {
                let members = [OLD, NEW].map(|side| without_copies(sides[side].set, members[side].iter().copied()));
                self.changed.push(Context { reason: reason.clone(), platform: None, members });
            }
            return;
        }
        for platform in Platform::ALL {
            let on = [OLD, NEW].map(|side| {
                let here = members[side].iter().copied().filter(|who| self.reach[side][*who].contains(platform));
                without_copies(sides[side].set, here)
            });
            let is_same = on[OLD].len() == on[NEW].len() && on[OLD].iter().zip(&on[NEW]).all(is_same_member);
            if !is_same {
                self.changed.push(Context { reason: reason.clone(), platform: Some(platform), members: on });
            }
        }
    }

    /// The platforms of the devices on which a declaration may be active in one of the sets.
    pub(super) fn reach(&self, side: usize, who: usize) -> Platforms {
        self.reach[side][who]
    }
}

/// The declarations without copies, which count once.
fn without_copies(set: &Gathered, members: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut seen = Set::default();
    members
        .filter(|who| {
            let member = &set.members[*who];
            member.identifier.is_none() || seen.insert((&member.identifier, member.content))
        })
        .collect()
}

/// Whether a device applies each declaration: all but the configurations that no activation of their set references, if the
/// set declares its activations.
fn active(side: &Side<'_>, names: &Map<&str, Vec<usize>>) -> Vec<bool> {
    let Side { set, .. } = side;
    if set.activations.is_empty() || set.activated_by == Activations::Server {
        return vec![true; set.members.len()];
    }
    let mut is_referenced = vec![false; set.members.len()];
    // An unknown reference may be to any declaration of its channel.
    let mut open: Set<Channel> = Set::default();
    // The channels, and the sets in the configuration, that have activations.
    let mut channels: Set<Channel> = Set::default();
    let mut declaring: Set<usize> = Set::default();
    for (who, activated) in &set.activations {
        let member = &set.members[*who];
        channels.insert(member.channel);
        declaring.extend(&member.sets);
        let Some(activated) = activated.as_ref().filter(|activated| activated.references.iter().all(|one| !one.is_template))
        else {
            open.insert(member.channel);
            continue;
        };
        let referenced = activated.references.iter().filter_map(|reference| names.get(reference.name.as_str())).flatten();
        referenced.filter(|who| set.members[**who].channel == member.channel).for_each(|who| is_referenced[*who] = true);
    }
    let is_active = |(who, member): (usize, &crate::set::Member)| {
        let is_declared = if side.together == Together::All || member.sets.is_empty() {
            channels.contains(&member.channel)
        } else {
            member.sets.iter().all(|set| declaring.contains(set))
        };
        let is_configuration = member.family(&set.schema) == Some(Family::Configuration);
        !is_configuration || !is_declared || is_referenced[who] || open.contains(&member.channel)
    };
    set.members.iter().enumerate().map(is_active).collect()
}

/// The active declarations of a set, by why they are active together, in the order of reading.
fn reasons(
    side: &Side<'_>,
    at: usize,
    pairs: &Pairs,
    names: &Map<&str, Vec<usize>>,
    is_active: &[bool],
) -> Vec<(Reason, Vec<usize>)> {
    let Side { set, .. } = side;
    let all = (0..set.members.len()).filter(|who| is_active[*who]);
    let by_channel = |members: Vec<usize>| {
        let parts = set.by_channel(members).into_iter();
        parts.filter_map(|part| Some((set.members[*part.first()?].channel, part))).collect::<Vec<_>>()
    };
    if side.together == Together::All {
        return by_channel(all.collect()).into_iter().map(|(channel, part)| (Reason::All(channel), part)).collect();
    }
    let mut groups = Vec::new();
    for (who, activated) in set.activations.iter().filter_map(|(who, activated)| Some((*who, activated.as_ref()?))) {
        let referenced = activated.references.iter().filter_map(|reference| names.get(reference.name.as_str())).flatten();
        let mut members: Vec<usize> =
            referenced.copied().filter(|one| set.members[*one].channel == set.members[who].channel).collect();
        members.sort_unstable();
        members.dedup();
        groups.push((Reason::Activation(pairs.id(at, who)), members));
    }
    let mut by_set: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for who in all.clone() {
        for index in &set.members[who].sets {
            by_set.entry(*index).or_default().push(who);
        }
    }
    for (index, members) in by_set {
        let name = side.sets.get(index).cloned().unwrap_or_else(|| index.to_string());
        groups.extend(by_channel(members).into_iter().map(|(channel, part)| (Reason::Set(name.clone(), channel), part)));
    }
    let mut is_grouped = vec![false; set.members.len()];
    groups.iter().flat_map(|(_, members)| members).for_each(|who| is_grouped[*who] = true);
    groups.extend(all.filter(|who| !is_grouped[*who]).map(|who| (Reason::Alone(pairs.id(at, who)), vec![who])));
    groups
}

//! Enforcements of updates: which act, and what changes about them.

use std::collections::BTreeMap;

use super::raw::Difference;
use super::words::{self, Values};
use super::{Comparison, Draft, Kind, NEW, OLD, Subject};
use crate::apple::enforcement::{TARGET_BUILD_VERSION, TARGET_LOCAL_DATE_TIME, TARGET_OS_VERSION};
use crate::apple::{Device, ENFORCEMENT, Enforcement, OsVersion, Platform, Target, Verdict};
use crate::hash::Map;
use crate::plan;
use crate::set::Where;
use crate::words::shown;

/// What enforcements do in the changed contexts.
pub(super) struct Acting {
    /// For each enforcement of each set: the contexts and devices on which it acts, or why it does not.
    of: [Map<usize, Acts>; 2],
}

/// Where an enforcement acts.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Acts {
    /// By context and device: `None` if it acts, else why not.
    on: BTreeMap<(usize, String), Option<String>>,
}

impl Acts {
    fn is_acting(&self) -> bool {
        self.on.values().any(Option::is_none)
    }

    fn reason(&self) -> Option<&str> {
        self.on.values().flatten().next().map(String::as_str)
    }
}

impl Acting {
    /// Plans the enforcements in the changed contexts.
    pub(super) fn new(comparison: &Comparison<'_>) -> Self {
        let mut acting = Self { of: Default::default() };
        for (at, context) in comparison.contexts.changed.iter().enumerate() {
            for side in [OLD, NEW] {
                let set = comparison.sides[side].set;
                let mut enforcements = context.members[side].clone();
                enforcements.retain(|who| set.enforcements.contains_key(who));
                if enforcements.is_empty() {
                    continue;
                }
                for device in devices(comparison, at) {
                    let platform = device.target.platform;
                    let here: Vec<usize> = enforcements
                        .iter()
                        .copied()
                        .filter(|who| comparison.contexts.reach(side, *who).contains(platform))
                        .collect();
                    let (updates, ignored) = plan::updates(set, &device, &here);
                    let key = || (at, device.target.to_flag());
                    for update in updates {
                        acting.of[side].entry(update.who).or_default().on.insert(key(), None);
                    }
                    for ignored in ignored {
                        acting.of[side].entry(ignored.who).or_default().on.insert(key(), Some(ignored.reason));
                    }
                }
            }
        }
        acting
    }

    fn acts(&self, side: usize, who: usize) -> Acts {
        self.of[side].get(&who).cloned().unwrap_or_default()
    }

    /// Adds the changes of a pair of enforcements that differ.
    pub(super) fn changed(&self, comparison: &mut Comparison<'_>, pair: [usize; 2], differences: Vec<Difference>) {
        let [old, new] = [OLD, NEW].map(|side| enforcement(comparison, side, pair[side]));
        let effect = self.effect(comparison, Some(pair[OLD]), Some(pair[NEW]));
        let mut verdict = self.verdict(pair);
        for difference in differences {
            let path: Vec<&str> = difference.path.iter().map(String::as_str).collect();
            let message = match (&old, &new) {
                (Some(old), Some(new)) if path == TARGET_LOCAL_DATE_TIME => {
                    let (before, after) = (old.target_local_date_time, new.target_local_date_time);
                    let (shift, before, after) = (words::shift(before, after), words::time(before), words::time(after));
                    Some(format!("{} is enforced {shift}: {after} instead of {before}", release(new)))
                }
                (Some(old), Some(new)) if path == TARGET_OS_VERSION => {
                    let due = words::time(new.target_local_date_time);
                    Some(format!("{} is enforced instead of {}, by {due}", release(new), release(old)))
                }
                (Some(old), Some(new)) if path == TARGET_BUILD_VERSION && old.target_os_version == new.target_os_version => {
                    Some(format!("{} is enforced instead of {}", release(new), release(old)))
                }
                // The version says it.
                (Some(_), Some(_)) if path == TARGET_BUILD_VERSION => Some(build(&difference)),
                _ => None,
            };
            let values = Values { old: difference.values[OLD].as_ref(), new: difference.values[NEW].as_ref(), is_item: false };
            let schema = comparison.schema();
            let mut message = message.unwrap_or_else(|| words::plain(&schema, &difference.path, difference.key, &values));
            message.push_str(&verdict.take().unwrap_or_default());
            comparison.push_difference(pair, difference, Subject::Enforcement, message, &effect);
        }
    }

    /// What to say of an enforcement that acted somewhere and no longer acts anywhere, or the other way round.
    fn verdict(&self, pair: [usize; 2]) -> Option<String> {
        let [old, new] = [OLD, NEW].map(|side| self.acts(side, pair[side]));
        match (old.is_acting(), new.is_acting()) {
            (true, false) => Some(format!("; it no longer acts: {}", shown(new.reason()?))),
            (false, true) => Some(format!("; before, it did not act: {}", shown(old.reason()?))),
            _ => None,
        }
    }

    /// Adds an enforcement that only one set has.
    pub(super) fn alone(&self, comparison: &mut Comparison<'_>, side: usize, who: usize) {
        let name = comparison.name(side, who);
        let message = match (enforcement(comparison, side, who), side) {
            (Some(own), NEW) => format!("{} is enforced by {}", release(&own), words::time(own.target_local_date_time)),
            (Some(own), _) => {
                format!("{} is no longer enforced (it was by {})", release(&own), words::time(own.target_local_date_time))
            }
            (None, NEW) => format!("{name} enforces an update that is not known"),
            (None, _) => format!("{name} no longer enforces an update"),
        };
        let effect = self.effect(comparison, (side == OLD).then_some(who), (side == NEW).then_some(who));
        let version = comparison.sides[side].set.enforcements.get(&who).and_then(|wanted| wanted.version.as_ref());
        let mut values = [None, None];
        values[side] = version.map(|version| version.as_str().into());
        comparison.push(Draft {
            kind: if side == NEW { Kind::Added } else { Kind::Removed },
            subject: Subject::Enforcement,
            side,
            place: Where::identifier(who),
            pointer: Some(String::new()),
            values,
            is_effective: effect.reason.is_none(),
            targets: effect.targets.clone(),
            message: message + &effect.words(),
        });
    }

    /// Adds what changes for an enforcement that is the same, because others come before it.
    pub(super) fn same(&self, comparison: &mut Comparison<'_>, pair: [usize; 2]) {
        let acts = [OLD, NEW].map(|side| self.acts(side, pair[side]));
        // Only devices on which it may act in both sets tell what others do to it.
        let flips = |from: usize, to: usize| {
            let is_lost = |(at, reason): (&(usize, String), &Option<String>)| {
                reason.is_none() && acts[to].on.get(at).is_some_and(Option::is_some)
            };
            acts[from].on.iter().filter(|entry| is_lost(*entry)).map(|((_, target), _)| target.clone()).collect::<Vec<_>>()
        };
        for (side, from, to) in [(NEW, OLD, NEW), (OLD, NEW, OLD)] {
            let targets = flips(from, to);
            let Some(own) = enforcement(comparison, NEW, pair[NEW]).filter(|_| !targets.is_empty()) else { continue };
            let (lost, shadow) = (side == NEW, if side == NEW { &acts[NEW] } else { &acts[OLD] });
            let reason = shadow.reason().map(shown).unwrap_or_default();
            let message = if lost {
                format!("{} is no longer enforced: {reason}", release(&own))
            } else {
                format!("{} is enforced by {} (before: {reason})", release(&own), words::time(own.target_local_date_time))
            };
            let known = comparison.reach(NEW, pair[NEW], None, None, &[None]).names();
            let version = || Some(own.target_os_version.as_str().into());
            comparison.push(Draft {
                kind: Kind::Changed,
                subject: Subject::Enforcement,
                side: NEW,
                place: Where::key(pair[NEW], TARGET_OS_VERSION),
                pointer: None,
                values: if lost { [version(), None] } else { [None, version()] },
                is_effective: true,
                targets: known.into_iter().filter(|target| targets.contains(target)).collect(),
                message,
            });
        }
    }

    /// Whether and where a change of an enforcement has an effect.
    fn effect(&self, comparison: &Comparison<'_>, old: Option<usize>, new: Option<usize>) -> Effect {
        let acts = [old, new].into_iter().enumerate().map(|(side, who)| who.map(|who| self.acts(side, who)));
        let acts: Vec<Acts> = acts.flatten().collect();
        let (side, who) = new.map_or((OLD, old.unwrap_or_default()), |who| (NEW, who));
        let is_active =
            [old, new].into_iter().enumerate().any(|(side, who)| who.is_some_and(|who| comparison.contexts.is_active[side][who]));
        let known = comparison.reach(side, who, None, None, &[None]).names();
        let acting: Vec<&String> =
            acts.iter().flat_map(|acts| &acts.on).filter(|(_, reason)| reason.is_none()).map(|((_, target), _)| target).collect();
        let targets: Vec<String> = known.into_iter().filter(|target| acting.contains(&target)).collect();
        // What could not be read may act.
        let is_unknown = [old, new]
            .into_iter()
            .enumerate()
            .any(|(side, who)| who.is_some_and(|who| enforcement(comparison, side, who).is_none()));
        let reason = if !is_active {
            Some("no activation references it".to_owned())
        } else if is_unknown || acts.iter().any(Acts::is_acting) {
            None
        } else {
            let reason = acts.iter().rev().find_map(Acts::reason);
            Some(reason.map_or_else(|| "no device supports it".to_owned(), shown))
        };
        Effect { reason, targets }
    }
}

/// Whether a change has an effect.
pub(super) struct Effect {
    /// Why it has none.
    pub(super) reason: Option<String>,
    pub(super) targets: Vec<String>,
}

impl Effect {
    /// The reason, to append to a message.
    pub(super) fn words(&self) -> String {
        self.reason.as_ref().map_or_else(String::new, |reason| format!(", without effect: {reason}"))
    }
}

/// The contents of an enforcement that could be read.
fn enforcement(comparison: &Comparison<'_>, side: usize, who: usize) -> Option<Enforcement> {
    comparison.sides[side].set.enforcements.get(&who)?.enforcement.clone()
}

/// The release that an enforcement names.
fn release(own: &Enforcement) -> String {
    let version = shown(own.target_os_version.as_str());
    own.target_build_version.as_ref().map_or(version.clone(), |build| format!("{version} ({})", shown(build.as_str())))
}

fn build(difference: &Difference) -> String {
    let value = |side: usize| difference.values[side].as_ref().map_or_else(|| "none".to_owned(), words::value);
    format!("the build is {} instead of {}", value(NEW), value(OLD))
}

/// The devices that stand for those of a context: the targets of its files, or one of each platform that supports
/// enforcements. Without a version they have an older one than any enforcement names.
fn devices(comparison: &Comparison<'_>, at: usize) -> Vec<Device> {
    let context = &comparison.contexts.changed[at];
    let mut targets: Vec<Target> = Vec::new();
    let mut oldest: Option<OsVersion> = None;
    for side in [OLD, NEW] {
        for who in context.members[side].iter().copied() {
            let set = comparison.sides[side].set;
            let Some(wanted) = set.enforcements.get(&who) else { continue };
            let version = wanted.version.as_ref();
            oldest = oldest.into_iter().chain(version.cloned()).min();
            let member = comparison.member(side, who);
            for target in (comparison.sides[side].targets)(&member.file) {
                let target = Target { channel: member.channel, ..target };
                if !targets.contains(&target) {
                    targets.push(target);
                }
            }
        }
    }
    if targets.is_empty() {
        let schema = comparison.schema();
        let support = schema.support_of(ENFORCEMENT);
        let all = Platform::ALL.into_iter().map(Target::new);
        targets = all.filter(|target| support.verdict(target) == Verdict::Available).collect();
    }
    targets.retain(|target| context.platform.is_none_or(|platform| platform == target.platform));
    let device = |target: Target| {
        let version = target.version.clone().or_else(|| before(target.platform, oldest.as_ref()).parse().ok())?;
        // The name of the device must be that of the target, which may have no version.
        Some(Device { target, version, build: None, status: BTreeMap::new(), properties: BTreeMap::new() })
    };
    targets.into_iter().filter_map(device).collect()
}

/// A version before the oldest one that enforcements name. Only devices with an old one install a Background Security
/// Improvement in two steps.
fn before(platform: Platform, oldest: Option<&OsVersion>) -> String {
    let usual = platform.last_before_26();
    let is_older = oldest.is_none_or(|oldest| oldest.major().parse::<u8>().is_ok_and(|major| major > usual));
    if is_older { format!("{usual}.0") } else { "1.0".to_owned() }
}

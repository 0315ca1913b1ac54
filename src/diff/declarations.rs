//! Declarations that devices do not combine, declarations as a whole, activations and assets.

use super::enforcements::Effect;
use super::raw::{Difference, Raw};
use super::words::{self, Values};
use super::{Comparison, Draft, Kind, NEW, OLD, Subject};
use crate::apple::activation::{PREDICATE, STANDARD_CONFIGURATIONS};
use crate::apple::{ACTIVATION, Channel, Family, Value};
use crate::catalog::Platforms;
use crate::hash::{Map, Set};
use crate::set::{Activated, Activations, Where};
use crate::words::{list, shown};

impl Comparison<'_> {
    /// Adds the differences of a pair of declarations key by key. Returns how many there are.
    pub(super) fn keys(&mut self, pair: [usize; 2], differences: Vec<Difference>) -> usize {
        let before = self.drafts.len();
        let kind = self.member(NEW, pair[NEW]).type_id();
        for difference in differences {
            let is_renamed = || {
                let [Some(old), Some(new)] = &difference.texts else { return false };
                self.names_same(old, new, pair)
            };
            let schema = self.schema();
            // The new name of an asset is said once.
            if difference.key.is_some_and(|key| !schema.key(key).assets.is_empty()) && is_renamed() {
                continue;
            }
            let reach = self.reach(NEW, pair[NEW], kind, difference.key, &[None]);
            let values = Values { old: difference.values[OLD].as_ref(), new: difference.values[NEW].as_ref(), is_item: false };
            let mut message = words::setting(&schema, &difference.path, difference.key, &values, &reach);
            if difference.key.is_none() && kind.is_some() && difference.is_in_payload && !difference.path.is_empty() {
                message += ", which Apple's schema does not have";
            }
            let subject = self.subject_of_key(pair[NEW]);
            let reason = self.inactive([Some(pair[OLD]), Some(pair[NEW])]).or_else(|| reach.refused());
            let effect = Effect { reason, targets: reach.names() };
            self.push_difference(pair, difference, subject, message, &effect);
        }
        self.drafts.len() - before
    }

    /// Adds a difference at its place.
    pub(super) fn push_difference(
        &mut self,
        pair: [usize; 2],
        difference: Difference,
        subject: Subject,
        message: String,
        effect: &Effect,
    ) {
        let is_there = [OLD, NEW].map(|side| difference.values[side].is_some());
        let side = if is_there[NEW] { NEW } else { OLD };
        let steps = difference.path.iter().map(|step| step.replace('~', "~0").replace('/', "~1"));
        let pointer = steps.fold(String::new(), |pointer, step| pointer + "/" + &step);
        let place =
            if difference.is_in_payload { Where::key(pair[side], &difference.source) } else { Where::identifier(pair[side]) };
        // What is written may be hidden.
        let is_hidden = difference.path != difference.source;
        let top = if difference.is_in_payload { "/Payload" } else { "" };
        self.push(Draft {
            kind: Kind::of(is_there[OLD], is_there[NEW]),
            subject,
            side,
            place,
            pointer: (is_hidden || !difference.is_in_payload).then(|| format!("{top}{pointer}")),
            values: difference.values,
            is_effective: effect.reason.is_none(),
            targets: effect.targets.clone(),
            message: message + &effect.words(),
        });
    }

    /// Adds a declaration that only one set has.
    pub(super) fn alone(&mut self, side: usize, who: usize) {
        let schema = self.schema();
        let member = self.member(side, who);
        let subject = self.subject(side, who);
        let type_name = self.type_name(side, who).unwrap_or_else(|| "a declaration".to_owned());
        let title = words::title(&schema, member.type_id(), &type_name);
        let verb = if side == NEW { "is added" } else { "is removed" };
        let mut message = format!("{} {verb} ({title})", self.name(side, who));
        let activated = self.sides[side].set.activations.get(&who).filter(|_| !member.is_broken);
        if let Some(Some(Activated { references, predicate })) = activated {
            let names: Vec<String> = references.iter().map(|reference| reference.name.clone()).collect();
            let verbs = if side == NEW { ["is added", "activates"] } else { ["is removed", "activated"] };
            let condition = predicate.as_ref().map(|premise| format!(" if {}", shown(&premise.text))).unwrap_or_default();
            let names = if names.is_empty() { "nothing".to_owned() } else { words::names(&names) };
            message = format!("{} {}: it {} {names}{condition}", self.name(side, who), verbs[0], verbs[1]);
        }
        let reach = self.reach(side, who, member.type_id(), None, &[None]);
        let mut whos = [None, None];
        whos[side] = Some(who);
        let reason = self.inactive(whos).or_else(|| reach.refused()).or_else(|| self.is_replaced(side, who));
        let effect = Effect { reason, targets: reach.names() };
        self.push(Draft {
            kind: if side == NEW { Kind::Added } else { Kind::Removed },
            subject,
            side,
            place: Where::identifier(who),
            pointer: Some(String::new()),
            values: [None, None],
            is_effective: effect.reason.is_none(),
            targets: effect.targets.clone(),
            message: message + &effect.words(),
        });
    }

    /// Adds settings that set nothing, so that no key tells of them.
    pub(super) fn empty(&mut self, side: usize, who: usize) {
        let name = self.name(side, who);
        let verb = if side == NEW { "is added" } else { "is removed" };
        self.whole(
            [Some(who).filter(|_| side == OLD), Some(who).filter(|_| side == NEW)],
            &format!("{name} {verb}, without effect: it sets nothing"),
            false,
        );
    }

    /// Adds a declaration with another identifier.
    pub(super) fn renamed(&mut self, pair: [usize; 2]) {
        let [old, new] = [OLD, NEW].map(|side| self.name(side, pair[side]));
        let message = format!("{old} is now called {new}: devices remove the one and add the other");
        let reason = self.inactive([Some(pair[OLD]), Some(pair[NEW])]);
        let targets = self.reach(NEW, pair[NEW], None, None, &[None]).names();
        let effect = Effect { reason, targets };
        self.push(Draft {
            kind: Kind::Changed,
            subject: self.subject(NEW, pair[NEW]),
            side: NEW,
            place: Where::identifier(pair[NEW]),
            pointer: None,
            values: [OLD, NEW].map(|side| self.identifier(side, pair[side]).map(Into::into)),
            is_effective: effect.reason.is_none(),
            targets: effect.targets.clone(),
            message: message + &effect.words(),
        });
    }

    /// Adds that other devices get a declaration: those of other targets, or of other sets.
    pub(super) fn moved(&mut self, pair: [usize; 2]) {
        let names = [OLD, NEW].map(|side| {
            let member = self.member(side, pair[side]);
            let mut targets: Vec<String> = (self.sides[side].targets)(&member.file).iter().map(ToString::to_string).collect();
            targets.dedup();
            let sets = member.sets.iter().filter_map(|set| self.sides[side].sets.get(*set).cloned()).collect::<Vec<_>>();
            (targets, sets)
        });
        let [(old_targets, old_sets), (new_targets, new_sets)] = names;
        let name = self.name(NEW, pair[NEW]);
        if old_targets != new_targets {
            let devices = |targets: &[String]| if targets.is_empty() { "all devices".to_owned() } else { words::names(targets) };
            let message = format!("{name} is now for {} instead of {}", devices(&new_targets), devices(&old_targets));
            self.whole([Some(pair[OLD]), Some(pair[NEW])], &message, true);
        }
        let only = |one: &[String], other: &[String]| one.iter().filter(|set| !other.contains(set)).cloned().collect::<Vec<_>>();
        let (gained, lost) = (only(&new_sets, &old_sets), only(&old_sets, &new_sets));
        let plural = |sets: &[String]| if sets.len() == 1 { "set" } else { "sets" };
        let mut parts = Vec::new();
        if !gained.is_empty() {
            parts.push(format!("is now in the {} {}", plural(&gained), words::names(&gained)));
        }
        if !lost.is_empty() {
            parts.push(format!("is no longer in the {} {}", plural(&lost), words::names(&lost)));
        }
        // What no list names is one set.
        let are_listed = self.sides.iter().all(|side| !side.sets.is_empty());
        if !parts.is_empty() && are_listed {
            self.whole([Some(pair[OLD]), Some(pair[NEW])], &format!("{name} {}", list(&parts, "and")), true);
        }
    }

    /// Adds that a declaration is active in one of the sets alone, if no change of an activation says so: a set without any
    /// leaves it to the server.
    pub(super) fn activity(&mut self, pair: [usize; 2]) {
        let side = if self.contexts.is_active[NEW][pair[NEW]] { NEW } else { OLD };
        let member = self.member(side, pair[side]);
        if self.conditions[side].contains_key(&member.in_channel()) {
            return;
        }
        let name = self.name(NEW, pair[NEW]);
        let message = if side == NEW {
            format!("{name} is activated, since no activation is declared any more")
        } else {
            format!("{name} is no longer activated, since there are activations and none references it")
        };
        self.whole(pair.map(Some), &message, true);
    }

    /// Adds a declaration that changes, but could not be read again.
    pub(super) fn unreadable(&mut self, pair: [usize; 2]) {
        let name = self.name(NEW, pair[NEW]);
        self.whole(pair.map(Some), &format!("{name} changes, but could not be read again"), true);
    }

    fn whole(&mut self, whos: [Option<usize>; 2], message: &str, is_effective: bool) {
        let Some((side, who)) = whos[NEW].map(|who| (NEW, who)).or(whos[OLD].map(|who| (OLD, who))) else { return };
        self.push(Draft {
            kind: Kind::of(whos[OLD].is_some(), whos[NEW].is_some()),
            subject: self.subject(side, who),
            side,
            place: Where::identifier(who),
            pointer: Some(String::new()),
            values: [None, None],
            is_effective,
            targets: self.reach(side, who, None, None, &[None]).names(),
            message: message.to_owned(),
        });
    }

    /// Adds what changes about an activation.
    pub(super) fn activation(&mut self, pair: [usize; 2], differences: Vec<Difference>) {
        let contents = [OLD, NEW].map(|side| {
            let contents = self.sides[side].set.activations.get(&pair[side]).and_then(Option::as_ref);
            contents.filter(|_| !self.member(side, pair[side]).is_broken)
        });
        let [Some(old), Some(new)] = contents else {
            self.keys(pair, differences);
            return;
        };
        let is_of_key = |difference: &Difference, key: &[&str]| {
            difference.is_in_payload && difference.path.first().map(String::as_str) == key.first().copied()
        };
        let name = self.name(NEW, pair[NEW]);
        let sides = [old, new];
        for (side, other) in [(OLD, NEW), (NEW, OLD)] {
            let theirs: Set<usize> =
                sides[other].references.iter().filter_map(|one| self.referenced(other, pair[other], &one.name)).collect();
            let their_names: Set<&str> = sides[other].references.iter().map(|one| one.name.as_str()).collect();
            let mut seen: Set<&str> = Set::default();
            let lost = sides[side].references.iter().filter(|one| {
                let is_same = match self.referenced(side, pair[side], &one.name) {
                    Some(id) => theirs.contains(&id) || their_names.contains(one.name.as_str()),
                    None => their_names.contains(one.name.as_str()),
                };
                !is_same && seen.insert(one.name.as_str())
            });
            for reference in lost.map(|one| one.name.clone()).collect::<Vec<_>>() {
                self.reference(side, pair, &reference, &name);
            }
        }
        let predicates = sides.map(|activated| activated.predicate.as_ref());
        let printed = predicates.map(|premise| {
            premise.map(|premise| premise.predicate().map_or_else(|| premise.text.clone(), |known| known.to_string()))
        });
        let rest = differences.into_iter().filter(|difference| {
            !is_of_key(difference, STANDARD_CONFIGURATIONS) && (!is_of_key(difference, PREDICATE) || printed[OLD] != printed[NEW])
        });
        for difference in rest.collect::<Vec<_>>() {
            let text = |side: usize| predicates[side].map(|premise| shown(&premise.text)).unwrap_or_default();
            let values = Values { old: difference.values[OLD].as_ref(), new: difference.values[NEW].as_ref(), is_item: false };
            let message = match (is_of_key(&difference, PREDICATE), &difference.values) {
                (true, [None, Some(_)]) => format!("{name} now applies only if {}", text(NEW)),
                (true, [Some(_), None]) => format!("{name} now always applies, not only if {}", text(OLD)),
                (true, _) => format!("{name} now applies if {} instead of {}", text(NEW), text(OLD)),
                (false, _) => words::plain(&self.schema(), &difference.path, difference.key, &values),
            };
            let targets = self.reach(NEW, pair[NEW], None, None, &[None]).names();
            self.push_difference(pair, difference, Subject::Activation, message, &Effect { reason: None, targets });
        }
    }

    /// Adds a configuration that an activation of one set references, and that of the other does not.
    fn reference(&mut self, side: usize, pair: [usize; 2], reference: &str, activation: &str) {
        let is_same = self.is_active_alike(self.member(side, pair[side]).channel, reference);
        let what = shown(reference);
        let is_known = self.referenced(side, pair[side], reference).is_some();
        let message = if side == NEW {
            format!("{what} is now activated by {activation}{}", if is_known { "" } else { ", but is not in the input" })
        } else {
            format!("{what} is no longer activated by {activation}")
        };
        let reason =
            is_same.then(|| if side == NEW { "it was active already" } else { "another activation references it" }.to_owned());
        let effect = Effect { reason, targets: self.reach(side, pair[side], None, None, &[None]).names() };
        let mut values = [None, None];
        values[side] = Some(reference.into());
        // What is gone is missing in the array. Its old place is that of something else now.
        let place = if side == NEW {
            Where::item(pair[NEW], STANDARD_CONFIGURATIONS, Value::string(reference.to_owned()))
        } else {
            Where::key(pair[NEW], STANDARD_CONFIGURATIONS)
        };
        self.push(Draft {
            kind: if side == NEW { Kind::Added } else { Kind::Removed },
            subject: Subject::Activation,
            side: NEW,
            place,
            pointer: None,
            values,
            is_effective: effect.reason.is_none(),
            targets: effect.targets.clone(),
            message: message + &effect.words(),
        });
    }

    /// Whether the activations of both sets let a configuration be active under the same conditions.
    fn is_active_alike(&self, channel: Channel, name: &str) -> bool {
        let [old, new] = [OLD, NEW].map(|side| self.conditions[side].get(&(channel, name)));
        // The server activates what nothing references, and everything if there are no activations.
        let is_activated = |side: usize| {
            let set = self.sides[side].set;
            set.activated_by == Activations::Server || set.activations.is_empty()
        };
        // Whether an activation of one side lets it be active wherever it is.
        let is_everywhere = |side: usize| {
            let own = self.names[side].get(name).into_iter().flatten().map(|who| self.member(side, *who).platforms);
            let own: Vec<Platforms> = own.collect();
            let all = self.conditions[side].get(&(channel, name)).into_iter().flatten();
            let mut always = all.filter(|(_, sets, predicate)| sets.is_empty() && predicate.is_none());
            always.any(|(platforms, ..)| own.iter().all(|own| own.intersection(*platforms) == *own))
        };
        match (old, new) {
            (Some(old), Some(new)) => old == new,
            (None, None) => is_activated(OLD) == is_activated(NEW),
            (None, Some(_)) => is_activated(OLD) && is_everywhere(NEW),
            (Some(_), None) => is_activated(NEW) && is_everywhere(OLD),
        }
    }

    /// Why an activation that only one set has makes no difference.
    fn is_replaced(&self, side: usize, who: usize) -> Option<String> {
        let channel = self.member(side, who).channel;
        let Activated { references, .. } = self.sides[side].set.activations.get(&who)?.as_ref()?;
        let is_in = |side: usize, name: &str| {
            self.names[side].get(name).is_some_and(|all| all.iter().any(|who| self.member(side, *who).channel == channel))
        };
        let is_alike = |name: &str| is_in(OLD, name) && is_in(NEW, name) && self.is_active_alike(channel, name);
        let verb = if side == NEW { "was active already" } else { "stays active" };
        references
            .iter()
            .all(|reference| !reference.is_template && is_alike(&reference.name))
            .then(|| format!("what it references {verb}"))
    }

    /// The number of the declaration that a name stands for, seen from a declaration.
    fn referenced(&self, side: usize, from: usize, name: &str) -> Option<usize> {
        let channel = self.member(side, from).channel;
        let all = self.names[side].get(name)?;
        let who = all.iter().copied().find(|who| self.member(side, *who).channel == channel)?;
        Some(self.pairs.id(side, who))
    }

    /// Whether two names stand for the same declaration of the two sets.
    fn names_same(&self, old: &str, new: &str, pair: [usize; 2]) -> bool {
        let old = self.referenced(OLD, pair[OLD], old);
        old.is_some() && old == self.referenced(NEW, pair[NEW], new)
    }

    /// Why devices do not apply a declaration, in neither set.
    fn inactive(&self, whos: [Option<usize>; 2]) -> Option<String> {
        let mut whos = [OLD, NEW].into_iter().filter_map(|side| Some((side, whos[side]?)));
        let all: Vec<(usize, usize)> = whos.by_ref().collect();
        if all.iter().all(|(side, who)| !self.contexts.is_active[*side][*who]) {
            return Some("no activation references it".to_owned());
        }
        let is_unused = |(side, who): &(usize, usize)| {
            self.member(*side, *who).family(&self.schema()) == Some(Family::Asset)
                && !self.uses[*side].is_used(self.member(*side, *who).name())
        };
        all.iter().all(is_unused).then(|| "no configuration references it".to_owned())
    }

    /// What a key of a declaration is.
    fn subject_of_key(&self, new: usize) -> Subject {
        match self.member(NEW, new).family(&self.schema()) {
            Some(Family::Asset) => Subject::Asset,
            Some(Family::Activation) => Subject::Activation,
            _ => Subject::Setting,
        }
    }

    /// What a declaration is as a whole.
    fn subject(&self, side: usize, who: usize) -> Subject {
        if self.sides[side].set.enforcements.contains_key(&who) {
            return Subject::Enforcement;
        }
        match self.member(side, who).family(&self.schema()) {
            Some(Family::Asset) => Subject::Asset,
            Some(Family::Activation) => Subject::Activation,
            _ => Subject::Declaration,
        }
    }

    /// Whether a declaration is an activation.
    pub(super) fn is_activation(&self, side: usize, who: usize) -> bool {
        self.member(side, who).is(ACTIVATION, &self.schema())
    }
}

/// The assets that the configurations of a set reference.
#[derive(Default)]
pub(super) struct Uses<'s> {
    names: Set<&'s str>,
    /// Whether some references are unknown, or no configuration is there to have any.
    is_open: bool,
}

impl<'s> Uses<'s> {
    pub(super) fn of(side: &super::Side<'s>) -> Self {
        let set = side.set;
        let mut uses = Self::default();
        for references in set.references.values() {
            match references {
                Some(all) => {
                    uses.is_open |= all.iter().any(|one| one.is_template);
                    uses.names.extend(all.iter().map(|one| one.name.as_str()));
                }
                None => uses.is_open = true,
            }
        }
        uses.is_open |= !set.members.iter().any(|member| member.family(&set.schema) == Some(Family::Configuration));
        uses
    }

    fn is_used(&self, name: &str) -> bool {
        self.is_open || self.names.contains(name)
    }
}

/// Reads pairs of declarations again and passes the differences of each to `take`.
pub(super) fn differences(comparison: &Comparison<'_>, wanted: &[[usize; 2]]) -> Map<usize, Vec<Difference>> {
    let mut olds: Map<usize, Raw> = Map::default();
    let mut old: Vec<usize> = wanted.iter().map(|pair| pair[OLD]).collect();
    old.sort_unstable();
    Raw::read(&comparison.sides[OLD], &old, |who, raw| {
        olds.insert(who, raw);
    });
    let by_new: Map<usize, usize> = wanted.iter().map(|[old, new]| (*new, *old)).collect();
    let news: Vec<usize> = wanted.iter().map(|pair| pair[NEW]).collect();
    let schema = comparison.schema();
    let mut found = Map::default();
    Raw::read(&comparison.sides[NEW], &news, |who, raw| {
        let Some(old) = by_new.get(&who).and_then(|old| olds.remove(old)) else { return };
        let kind = comparison.member(NEW, who).type_id();
        found.insert(who, Raw::differences(&old, &raw, &schema, kind));
    });
    found
}

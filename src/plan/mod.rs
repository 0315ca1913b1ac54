//! Plans what a device does with a set of declarations: its effective settings, and the updates that it installs.
//!
//! A plan is a pure function of the set, the device, the time and the catalogue. It follows Apple's documentation,
//! and lists its assumptions about state that only the device knows.

mod premises;
mod releases;
mod state;

use std::collections::{BTreeMap, HashMap, HashSet};

pub use premises::When;
pub(crate) use premises::{Decided, Premises, properties};
use releases::Releases;
pub(crate) use releases::{DEVICE_ID, MODEL};
use state::{Obstacle, State};

use crate::apple::settings::{COMBINED_PERIOD, MAJOR_PERIOD, MINOR_PERIOD};
use crate::apple::{Apply, ENFORCEMENT, KeyId, KeyPath, SETTINGS, Support, TypeId, Verdict};
use crate::apple::{BuildVersion, Device, LocalDateTime, OsVersion, Platform, Target};
use crate::catalog::Catalog;
use crate::diagnostic::Drafts;
use crate::rules;
use crate::set::{Activated, Activations, Decision, Enforcements, Gathered, Member, Order, Premise, SetDraft, Wanted};
use crate::validate::is_group;
use crate::words::{count, list, shown};

/// What a device does.
#[derive(Debug)]
#[non_exhaustive]
pub struct Plan {
    /// What the plan assumes about predicates that cannot be decided for the device.
    pub when: Vec<When>,
    /// The activations whose predicates are false on the device.
    pub not_activated: Vec<usize>,
    /// The effective settings, in Apple's order.
    pub settings: Vec<Setting>,
    /// The settings and declarations with no effect.
    pub inactive: Vec<Inactive>,
    /// The updates, in the order of installation.
    pub updates: Vec<Update>,
    /// The enforcements with no effect.
    pub ignored: Vec<Ignored>,
    /// The effective settings that exclude each other. Apple does not say which of them a device then applies, so the
    /// plan shows all.
    pub conflicts: Vec<String>,
    /// How settings and updates relate, where that may surprise.
    pub notes: Vec<String>,
    /// Assumptions about state that only the device knows.
    pub assumptions: Vec<String>,
}

/// An effective setting.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Setting {
    /// The type of the declarations.
    pub kind: String,
    /// The path of the key within the payload.
    pub path: Vec<String>,
    /// The value, without secrets.
    pub shown: serde_json::Value,
    /// The declarations that decided it; empty for a default.
    pub decided_by: Vec<usize>,
}

/// A key with no effect on the device, or, with an empty path, a declaration with no effect.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Inactive {
    /// The path of the key within the payload.
    pub path: Vec<String>,
    /// The number of the declaration: see [`Declarations::source`](crate::Declarations::source).
    pub who: usize,
    /// The reason, without a capital letter or full stop.
    pub reason: String,
}

/// An update that the device installs.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Update {
    /// The number of the declaration: see [`Declarations::source`](crate::Declarations::source).
    pub who: usize,
    /// The version that it installs.
    pub version: OsVersion,
    /// The build, if the enforcement names one.
    pub build: Option<BuildVersion>,
    /// When the device forces the installation, in local time: at the deadline, or in about an hour if that has passed.
    pub enforced_at: LocalDateTime,
    /// The deadline of the enforcement.
    pub deadline: LocalDateTime,
    /// Whether the deadline has passed when the device processes the enforcement.
    pub is_overdue: bool,
}

/// An enforcement with no effect.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ignored {
    /// The number of the declaration: see [`Declarations::source`](crate::Declarations::source).
    pub who: usize,
    /// The version that it names, if known.
    pub version: Option<OsVersion>,
    /// The build that it names.
    pub build: Option<BuildVersion>,
    /// The reason, without a capital letter or full stop.
    pub reason: String,
    /// Whether this device can never follow it, so that it misses the deadline: it does not support enforcements, or the
    /// release does not run on it.
    pub is_impossible: bool,
}

/// Plans what a device does with the declarations of a run, starting at `now`: one plan, or several if predicates cannot
/// be decided for the device. The first assumes that all of these hold.
pub(crate) fn plans(set: &Gathered, device: &Device, now: LocalDateTime, catalog: Option<&Catalog>) -> Vec<Plan> {
    let premises = Premises::new(set);
    plans_if(&premises, &premises.decide(device), device, now, catalog)
}

/// Plans for a device as [`plans`] does, with predicates that are decided already.
pub(crate) fn plans_if(
    premises: &Premises<'_>,
    decided: &Decided,
    device: &Device,
    now: LocalDateTime,
    catalog: Option<&Catalog>,
) -> Vec<Plan> {
    let plan = |when: Vec<When>| {
        let mut holds = premises.holds(decided);
        holds.extend(when.iter().map(|when| (when.who, when.holds)));
        let mut planner = Planner { set: premises.set, device, holds, plan: Plan::empty() };
        let active = planner.active();
        planner.settings(&active);
        planner.updates(&active, now, catalog);
        planner.deferrals();
        planner.reevaluated(&when);
        Plan { when, ..planner.plan }
    };
    premises.alternatives(decided).into_iter().map(plan).collect()
}

/// The updates that a device installs because of these declarations, and the enforcements with no effect. No deadline has
/// passed.
#[cfg(feature = "cli")]
pub(crate) fn updates(set: &Gathered, device: &Device, active: &[usize]) -> (Vec<Update>, Vec<Ignored>) {
    let mut planner = Planner { set, device, holds: BTreeMap::new(), plan: Plan::empty() };
    planner.updates(active, LocalDateTime::default(), None);
    (planner.plan.updates, planner.plan.ignored)
}

impl Plan {
    /// Leaves out the updates after a time.
    pub fn end(&mut self, until: LocalDateTime) {
        let all = self.updates.len();
        self.updates.retain(|update| update.enforced_at <= until);
        let later = all - self.updates.len();
        if later > 0 {
            let verb = if later == 1 { "is" } else { "are" };
            self.assumptions.push(format!("{} after {until} {verb} left out", count(later, "update")));
        }
    }

    /// Whether so many plans are one for each alternative, and not only those that assume the same of all predicates.
    pub(crate) fn has_all_alternatives(&self, plans: usize) -> bool {
        let different: HashSet<&str> = self.when.iter().map(|when| when.predicate.as_str()).collect();
        different.len() < 20 && plans == 1 << different.len()
    }

    fn empty() -> Self {
        Self {
            when: Vec::new(),
            not_activated: Vec::new(),
            settings: Vec::new(),
            inactive: Vec::new(),
            updates: Vec::new(),
            ignored: Vec::new(),
            conflicts: Vec::new(),
            notes: Vec::new(),
            assumptions: Vec::new(),
        }
    }
}

struct Planner<'s> {
    set: &'s Gathered,
    device: &'s Device,
    /// Whether the predicates of activations hold.
    holds: BTreeMap<usize, bool>,
    plan: Plan,
}

impl<'s> Planner<'s> {
    fn member(&self, who: usize) -> &'s Member {
        &self.set.members[who]
    }

    /// The active declarations: those that an activation references, or all of them if there are no activations. The
    /// server may activate those that no activation references.
    fn active(&mut self) -> Vec<usize> {
        let set = self.set;
        let mut referenced: Option<HashSet<&str>> = None;
        // Why an activation does not apply, by the configurations that it names: its predicate is false, or the device
        // does not get it.
        let (mut unapplied, mut elsewhere): (HashMap<&str, String>, HashMap<&str, String>) = Default::default();
        let Target { channel, platform, .. } = self.device.target;
        for (who, activated) in set.activations.iter().filter(|(who, _)| set.members[**who].channel == channel) {
            let is_false = self.holds.get(who) == Some(&false);
            // The device gets an activation with a false predicate too, but not one that the targets of its file leave out.
            let name = shown(set.members[*who].name());
            if !self.member(*who).platforms.contains(platform) && !is_false {
                let reason = format!("the targets of the file of {name}, which references it, are other platforms");
                elsewhere.extend(activated.iter().flat_map(Activated::known).map(|reference| (reference, reason.clone())));
                continue;
            }
            let referenced = referenced.get_or_insert_default();
            let Some(activated) = activated else {
                self.plan.assumptions.push(format!("{name} activates nothing, because its references are unknown"));
                continue;
            };
            let names = activated.references.iter().map(|reference| reference.name.as_str());
            if is_false {
                self.plan.not_activated.push(*who);
                let reason = format!("the predicate of {name} is false");
                unapplied.extend(names.map(|reference| (reference, reason.clone())));
            } else {
                referenced.extend(names);
            }
        }
        self.missing(referenced.as_ref());
        let is_activated_by_server =
            |member: &Member| set.activated_by == Activations::Server && !unapplied.contains_key(member.name());
        let mut seen = HashSet::new();
        let mut active = Vec::new();
        for (who, member) in set.members.iter().enumerate() {
            if member.channel != channel {
                self.leave_out(who, &format!("it is for the {}", member.channel));
                continue;
            }
            if !member.platforms.contains(platform) && !set.activations.contains_key(&who) {
                self.leave_out(who, "the targets of its file are other platforms");
                continue;
            }
            let is_referenced = referenced.as_ref().is_none_or(|referenced| referenced.contains(member.name()));
            if is_referenced || is_activated_by_server(member) {
                // A copy of a declaration counts once.
                if seen.insert((&member.identifier, member.content)) {
                    active.push(who);
                }
            } else {
                let known = unapplied.get(member.name()).or_else(|| elsewhere.get(member.name()));
                self.leave_out(who, known.map_or("no activation references it", String::as_str));
            }
        }
        active
    }

    /// Adds an assumption for each referenced declaration that is missing.
    fn missing(&mut self, referenced: Option<&HashSet<&str>>) {
        let in_channel = self.set.members.iter().filter(|member| member.channel == self.device.target.channel);
        let known: HashSet<&str> = in_channel.filter_map(|member| member.identifier.as_deref()).collect();
        let mut missing: Vec<&str> = referenced.into_iter().flatten().copied().filter(|name| !known.contains(name)).collect();
        missing.sort_unstable();
        let note = |name: &str| format!("{}, which an activation references, is not in the input and has no effect", shown(name));
        self.plan.assumptions.extend(missing.into_iter().map(note));
    }

    /// Adds an assumption if updates change what predicates depend on.
    fn reevaluated(&mut self, when: &[When]) {
        let open: HashSet<usize> = when.iter().map(|when| when.who).collect();
        let depends = |who: &usize| {
            let activated = self.set.activations.get(who).and_then(Option::as_ref);
            let premise = activated.and_then(|activated| activated.predicate.as_ref()).filter(|_| !open.contains(who));
            premise.is_some_and(|premise| premise.text.contains("device.operating-system."))
                && premise.and_then(Premise::predicate).is_some_and(|predicate| {
                    predicate.references().iter().any(|reference| {
                        reference.name.starts_with("device.operating-system.") && !reference.name.ends_with(".family")
                    })
                })
        };
        let all: Vec<String> =
            self.holds.keys().filter(|who| depends(who)).map(|who| shown(self.set.members[*who].name())).collect();
        if let (Some(first), false) = (all.first(), self.plan.updates.is_empty()) {
            let more = if all.len() > 1 { format!(" and {} more", all.len() - 1) } else { String::new() };
            let note =
                format!("no update changes whether the predicate of {first}{more} holds; it depends on the installed release");
            self.plan.assumptions.push(note);
        }
    }

    /// Records that a declaration has no effect.
    fn leave_out(&mut self, who: usize, reason: &str) {
        let reason = reason.to_owned();
        if let Some(Wanted { version, build, .. }) = self.set.enforcements.get(&who) {
            let (version, build) = (version.clone(), build.clone());
            self.plan.ignored.push(Ignored { who, version, build, reason, is_impossible: false });
        } else if self.set.is_combined(who) {
            self.plan.inactive.push(Inactive { path: Vec::new(), who, reason });
        }
    }

    /// Finds the effective settings and the keys with no effect.
    fn settings(&mut self, active: &[usize]) {
        let schema = &self.set.schema;
        let is_there = |id: TypeId| active.iter().any(|who| self.member(*who).type_id() == Some(id));
        let combined = schema.types().filter(|(_, kind)| kind.apply == Some(Apply::Combined));
        let kinds: Vec<TypeId> = combined.filter(|(id, kind)| kind.name == SETTINGS || is_there(*id)).map(|(id, _)| id).collect();
        for kind in kinds {
            let applied = self.applied(kind, active);
            self.effective(kind, &applied);
        }
        let mut singles = rules::sets::drafts();
        rules::judge_active(self.set, active, &mut singles);
        let message = |found: SetDraft| format!("{}: {}", shown(self.set.members[found.place.who].name()), found.message);
        self.plan.conflicts.extend(singles.into_iter().map(message));
        self.plan.inactive.sort_by_key(|inactive| inactive.who);
    }

    /// Returns the declarations of a type that the device applies.
    fn applied(&mut self, kind: TypeId, active: &[usize]) -> Vec<usize> {
        let (set, target) = (self.set, &self.device.target);
        let schema = &set.schema;
        let support = schema.support(schema.kind(kind).support);
        let mut applied = Vec::new();
        for who in active.iter().copied().filter(|who| set.members[*who].type_id() == Some(kind)) {
            if !set.members[who].is_complete {
                self.leave_out(who, "it contains placeholders, so its settings are unknown");
            } else if let Some(reason) = refusal(support, target) {
                self.leave_out(who, &reason);
            } else {
                applied.push(who);
            }
        }
        let alone: Vec<Vec<usize>> = applied.iter().map(|who| vec![*who]).collect();
        let mut refusing = HashSet::new();
        for (who, settings) in applied.iter().copied().zip(set.combine(kind, &alone)) {
            let supports: Vec<(&Decision, &Support)> =
                settings.decisions.iter().filter_map(|decision| Some((decision, self.support_of(kind, decision)?))).collect();
            let refused =
                supports.iter().find(|(_, support)| is_ios(target.platform) && support.verdict(target) == Verdict::Enrolment);
            if let Some((decision, _)) = refused {
                let key = decision.path.join(".");
                let reason = format!("{} rejects the whole declaration because {key} needs supervision", target.platform);
                refusing.insert(who);
                self.leave_out(who, &reason);
                continue;
            }
            for (decision, support) in supports {
                if let Some(reason) = refusal(support, target) {
                    self.plan.inactive.push(Inactive { path: decision.path.clone(), who, reason });
                }
            }
        }
        applied.retain(|who| !refusing.contains(who));
        applied
    }

    /// Returns which platforms support the key of a decision.
    fn support_of(&self, kind: TypeId, decision: &Decision) -> Option<&'s Support> {
        let schema = &self.set.schema;
        let key = schema.at_path(schema.kind(kind).keys, decision.path.iter().map(String::as_str))?;
        Some(schema.support(schema.key(key).support))
    }

    /// Adds the combined values that the device supports, and the defaults of its other keys.
    fn effective(&mut self, kind: TypeId, applied: &[usize]) {
        let (set, target) = (self.set, &self.device.target);
        let schema = &set.schema;
        let combination = set.combine(kind, &[applied.to_vec()]).remove(0);
        let mut conflicts = Drafts::default();
        if combination.is(SETTINGS) {
            combination.with_payload(|settings| rules::judge_settings(settings, &mut conflicts));
        }
        if schema.support(schema.kind(kind).support).verdict(target) != Verdict::Available {
            return;
        }
        let settings = &mut self.plan.settings;
        let kind_name = schema.kind(kind).name.to_string();
        let mut known: HashSet<Vec<String>> = HashSet::new();
        let mut take = |path: &[&str], id: KeyId| {
            let key = schema.key(id);
            if is_group(key) || schema.support(key.support).verdict(target) != Verdict::Available {
                return;
            }
            let merged = combination.decision(path).map(|decision| (decision.shown.clone(), decision.deciders()));
            let default = || Some((key.default.as_ref()?.to_json(), Vec::new()));
            if let Some((shown, decided_by)) = merged.or_else(default) {
                let path: Vec<String> = path.iter().map(|step| (*step).to_owned()).collect();
                known.insert(path.clone());
                settings.push(Setting { kind: kind_name.clone(), path, shown, decided_by });
            }
        };
        schema.walk(schema.kind(kind).keys, &mut |path, id, _| take(path, id));
        // The schema does not list what stands under any name, or in a group of an array.
        for decision in combination.decisions.iter().filter(|decision| !known.contains(&decision.path)) {
            let key = schema.at_path(schema.kind(kind).keys, decision.source.iter().map(String::as_str));
            if key.is_none_or(|id| schema.support(schema.key(id).support).verdict(target) == Verdict::Available) {
                let (kind, path, decided_by) = (kind_name.clone(), decision.path.clone(), decision.deciders());
                settings.push(Setting { kind, path, shown: decision.shown.clone(), decided_by });
            }
        }
        self.plan.conflicts.extend(conflicts.into_iter().map(|conflict| conflict.message));
        let undefined = combination.decisions.iter().filter(|decision| decision.is_undefined()).map(|decision| {
            let who = decision.parts.iter().filter_map(|part| part.who.first());
            let mut names: Vec<String> = who.map(|who| shown(set.members[*who].name())).collect();
            names.dedup();
            let key = shown(&decision.path.join("."));
            format!("{key} differs in {}, and Apple documents no rule for combining it", list(&names, "and"))
        });
        self.plan.conflicts.extend(undefined);
    }

    /// Simulates the device: installs the first enforcement that can take effect, then checks the others again.
    fn updates(&mut self, active: &[usize], now: LocalDateTime, catalog: Option<&Catalog>) {
        for who in active.iter().copied() {
            if self.set.enforcements.get(&who).is_some_and(|wanted| wanted.enforcement.is_none()) {
                self.leave_out(who, "it contains placeholders, so its effect is unknown");
            }
        }
        let support = self.set.schema.support_of(ENFORCEMENT);
        let mut state = State { support, device: self.device.clone(), is_updated: false, has_improvements: false, now };
        let releases =
            catalog.map(|catalog| Releases { catalog, platform: self.device.target.platform, today: now.naive().date() });
        let mut orders = Enforcements::new(self.set, active).orders.into_iter();
        let mut waiting = Vec::new();
        while let Some(order) = self.next(&state, releases.as_ref(), &mut waiting, &mut orders) {
            if state.device.build.is_none() && order.version == &state.device.version {
                let build = order.build.map(ToString::to_string).unwrap_or_default();
                self.plan.assumptions.push(format!("the device does not have {build} yet: its build is unknown"));
            }
            let update = state.install(&order);
            self.plan.assumptions.extend(releases.as_ref().and_then(|releases| releases.doubt(&order, &update)));
            self.plan.updates.push(update);
        }
        for (order, reason) in waiting {
            self.ignore(&order, reason, false);
        }
        self.plan.ignored.sort_by_key(|ignored| ignored.who);
    }

    /// Returns the first enforcement that takes effect in this state: a waiting one, or else the next in order.
    fn next(
        &mut self,
        state: &State<'_>,
        releases: Option<&Releases<'_>>,
        waiting: &mut Vec<(Order<'s>, String)>,
        orders: &mut impl Iterator<Item = Order<'s>>,
    ) -> Option<Order<'s>> {
        let obstacle = |order: &Order<'s>| state.obstacle(order).or_else(|| releases?.obstacle(order, &state.device));
        let mut at = 0;
        while at < waiting.len() {
            match obstacle(&waiting[at].0) {
                None => return Some(waiting.remove(at).0),
                Some(Obstacle::Temporary(_)) => at += 1,
                Some(Obstacle::Impossible(_) | Obstacle::Permanent(_)) => {
                    // The reason why it had to wait is more useful than that it is too late now.
                    let (order, reason) = waiting.remove(at);
                    self.ignore(&order, reason, false);
                }
            }
        }
        for order in orders {
            match obstacle(&order) {
                None => return Some(order),
                Some(Obstacle::Temporary(reason)) => waiting.push((order, reason)),
                Some(Obstacle::Permanent(reason)) => self.ignore(&order, reason, false),
                Some(Obstacle::Impossible(reason)) => self.ignore(&order, reason, true),
            }
        }
        None
    }

    /// Adds a note for each deferral that would hold back an update if it were not enforced.
    fn deferrals(&mut self) {
        let Self { device, plan, .. } = self;
        let mut version = &device.version;
        let mut enforced: BTreeMap<KeyPath, Vec<String>> = BTreeMap::new();
        for update in &plan.updates {
            let is_major = update.version.major() != version.major();
            let key = match device.target.platform {
                Platform::MacOs if is_major => MAJOR_PERIOD,
                Platform::MacOs => MINOR_PERIOD,
                _ => COMBINED_PERIOD,
            };
            enforced.entry(key).or_default().push(shown(update.version.as_str()));
            version = &update.version;
        }
        let deferrals = plan.settings.iter().filter(|setting| !setting.decided_by.is_empty());
        plan.notes = deferrals
            .filter_map(|setting| {
                let (key, versions) = enforced.iter().find(|(key, _)| setting.path.iter().eq(key.iter()))?;
                Some(format!("{} does not hold back {}: an enforcement acts regardless", key.join("."), list(versions, "and")))
            })
            .collect();
    }

    fn ignore(&mut self, order: &Order<'_>, reason: String, is_impossible: bool) {
        let (version, build) = (Some(order.version.clone()), order.build.cloned());
        self.plan.ignored.push(Ignored { who: order.who, version, build, reason, is_impossible });
    }
}

fn is_ios(platform: Platform) -> bool {
    matches!(platform, Platform::Ios | Platform::IpadOs)
}

/// Returns why devices do not support something. `None` if they do.
pub(crate) fn refusal(support: &Support, target: &Target) -> Option<String> {
    match support.verdict(target) {
        Verdict::Available => None,
        Verdict::Never => Some(format!("it does not exist on {}", target.platform)),
        Verdict::Later(version) => Some(format!("it needs {} {version}", target.platform)),
        Verdict::Removed => Some(format!("it no longer exists on {}", target.platform)),
        Verdict::Enrolment => {
            let enrolments = support.on(target.platform).map(|since| since.enrolments.describe());
            Some(format!("it needs {}", enrolments.unwrap_or_default()))
        }
        Verdict::Channel => Some(format!("it does not exist in the {}", target.channel)),
    }
}

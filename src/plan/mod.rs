//! What one device does with a set of declarations: the settings in force, and the updates that it installs, in order.
//!
//! A plan is a pure function of the set, the device, the time and the catalogue. It is made of what Apple documents; where a device
//! cannot be known from outside, the plan says what it assumes.

mod releases;
mod state;

use std::collections::HashSet;

use releases::Releases;
use state::{Obstacle, State};

use crate::apple::{Apply, ENFORCEMENT, KeyId, SETTINGS, Support, TypeId, Verdict};
use crate::apple::{BuildVersion, Device, LocalDateTime, OsVersion, Platform, Target};
use crate::catalog::Catalog;
use crate::diagnostic::Draft;
use crate::rules;
use crate::set::{Decision, Enforcements, Gathered, Member, Order, Wanted};
use crate::validate::is_group;
use crate::words::{list, shown, visible};

/// What a device does.
#[derive(Debug)]
#[non_exhaustive]
pub struct Plan {
    /// The settings in force, in Apple's order.
    pub settings: Vec<Setting>,
    /// What declarations say, and the device does not do.
    pub inactive: Vec<Inactive>,
    /// The updates, in the order in which they are installed.
    pub updates: Vec<Update>,
    /// The enforcements that never act.
    pub ignored: Vec<Ignored>,
    /// What cannot be known from outside the device, and was taken to be so.
    pub assumptions: Vec<String>,
}

/// A setting in force.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Setting {
    /// The way to the key, from the payload on.
    pub path: Vec<String>,
    /// The value as a report may show it: without secrets.
    pub shown: serde_json::Value,
    /// The declarations that decided it; none where it is the default.
    pub decided_by: Vec<usize>,
}

/// A key of a declaration that does not act on the device, or, with an empty path, the declaration as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Inactive {
    /// The way to the key, from the payload on.
    pub path: Vec<String>,
    /// The number of the declaration: see [`Declarations::source`](crate::Declarations::source).
    pub who: usize,
    /// Why, as a sentence without its capital and its full stop.
    pub reason: String,
}

/// An update that the device installs.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Update {
    /// The number of the declaration: see [`Declarations::source`](crate::Declarations::source).
    pub who: usize,
    /// The version that is then installed.
    pub version: OsVersion,
    /// The build, where the enforcement names one.
    pub build: Option<BuildVersion>,
    /// When the device installs it by force, in its own local time: the deadline, or about an hour from now where that has passed.
    pub enforced_at: LocalDateTime,
    /// What the enforcement says.
    pub deadline: LocalDateTime,
    /// Whether the deadline has passed when the device comes to it.
    pub is_overdue: bool,
}

/// An enforcement that never acts.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ignored {
    /// The number of the declaration: see [`Declarations::source`](crate::Declarations::source).
    pub who: usize,
    /// The version that it names, where that is known.
    pub version: Option<OsVersion>,
    /// The build that it names.
    pub build: Option<BuildVersion>,
    /// Why, as a sentence without its capital and its full stop.
    pub reason: String,
}

/// Plans what a device does with the declarations of a run from a time on.
pub(crate) fn plan(set: &Gathered, device: &Device, now: LocalDateTime, catalog: Option<&Catalog>) -> Plan {
    let mut planner = Planner { set, device, plan: Plan::empty() };
    let active = planner.active();
    planner.settings(&active);
    planner.updates(&active, now, catalog);
    planner.plan
}

impl Plan {
    fn empty() -> Self {
        Self { settings: Vec::new(), inactive: Vec::new(), updates: Vec::new(), ignored: Vec::new(), assumptions: Vec::new() }
    }
}

struct Planner<'s> {
    set: &'s Gathered,
    device: &'s Device,
    plan: Plan,
}

impl<'s> Planner<'s> {
    fn member(&self, who: usize) -> &'s Member {
        &self.set.members[who]
    }

    /// The declarations that act at all: where there are activations, those that one of them references.
    fn active(&mut self) -> Vec<usize> {
        let set = self.set;
        let mut referenced: Option<HashSet<&str>> = None;
        for (who, activated) in &set.activations {
            let name = shown(set.members[*who].name());
            let referenced = referenced.get_or_insert_default();
            let Some(activated) = activated else {
                self.plan.assumptions.push(format!("{name} references nothing, as its references are not known"));
                continue;
            };
            referenced.extend(activated.references.iter().map(|reference| reference.name.as_str()));
            if let Some(predicate) = &activated.predicate {
                self.plan.assumptions.push(format!("the predicate of {name} is true: {}", visible(predicate)));
            }
        }
        self.missing(referenced.as_ref());
        let mut seen = HashSet::new();
        let mut active = Vec::new();
        for (who, member) in set.members.iter().enumerate() {
            if referenced.as_ref().is_none_or(|referenced| referenced.contains(member.name())) {
                // A copy of a declaration is the same declaration.
                if seen.insert((&member.identifier, member.content)) {
                    active.push(who);
                }
            } else {
                self.leave_out(who, "no activation references it");
            }
        }
        active
    }

    /// Notes what is referenced and not there.
    fn missing(&mut self, referenced: Option<&HashSet<&str>>) {
        let known: HashSet<&str> = self.set.members.iter().filter_map(|member| member.identifier.as_deref()).collect();
        let mut missing: Vec<&str> = referenced.into_iter().flatten().copied().filter(|name| !known.contains(name)).collect();
        missing.sort_unstable();
        let note = |name: &str| format!("an activation references {}, which is not here, and does nothing", shown(name));
        self.plan.assumptions.extend(missing.into_iter().map(note));
    }

    /// Notes that a declaration does nothing.
    fn leave_out(&mut self, who: usize, reason: &str) {
        let reason = reason.to_owned();
        if let Some(Wanted { version, build, .. }) = self.set.enforcements.get(&who) {
            let (version, build) = (version.clone(), build.clone());
            self.plan.ignored.push(Ignored { who, version, build, reason });
        } else if self.set.is_combined(who) {
            self.plan.inactive.push(Inactive { path: Vec::new(), who, reason });
        }
    }

    /// The settings in force, and the keys that do nothing.
    fn settings(&mut self, active: &[usize]) {
        let schema = &self.set.schema;
        let is_there = |id: TypeId| active.iter().any(|who| self.member(*who).type_id() == Some(id));
        let combined = schema.types().filter(|(_, kind)| kind.apply == Some(Apply::Combined));
        let kinds: Vec<TypeId> = combined.filter(|(id, kind)| kind.name == SETTINGS || is_there(*id)).map(|(id, _)| id).collect();
        for kind in kinds {
            let applied = self.applied(kind, active);
            self.in_force(kind, &applied);
        }
        self.plan.inactive.sort_by_key(|inactive| inactive.who);
    }

    /// The declarations of a type that the device takes.
    fn applied(&mut self, kind: TypeId, active: &[usize]) -> Vec<usize> {
        let (set, target) = (self.set, &self.device.target);
        let schema = &set.schema;
        let support = schema.support(schema.kind(kind).support);
        let mut applied = Vec::new();
        for who in active.iter().copied().filter(|who| set.members[*who].type_id() == Some(kind)) {
            if !set.members[who].is_complete {
                self.leave_out(who, "it holds placeholders, so what it sets is unknown");
            } else if let Some(reason) = refusal(support, target) {
                self.leave_out(who, &reason);
            } else {
                applied.push(who);
            }
        }
        let alone: Vec<Vec<usize>> = applied.iter().map(|who| vec![*who]).collect();
        let mut refusing = HashSet::new();
        for (who, said) in applied.iter().copied().zip(set.combine(kind, &alone)) {
            let supports: Vec<(&Decision, &Support)> =
                said.decisions.iter().filter_map(|decision| Some((decision, self.support_of(kind, decision)?))).collect();
            let refused =
                supports.iter().find(|(_, support)| is_ios(target.platform) && support.verdict(target) == Verdict::Enrolment);
            if let Some((decision, _)) = refused {
                let key = decision.path.join(".");
                let reason = format!("{} refuses it as a whole, because {key} needs supervision", target.platform);
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

    /// Where the key of a decision exists.
    fn support_of(&self, kind: TypeId, decision: &Decision) -> Option<&'s Support> {
        let schema = &self.set.schema;
        let key = schema.at_path(schema.kind(kind).keys, decision.path.iter().map(String::as_str))?;
        Some(schema.support(schema.key(key).support))
    }

    /// The combined values that the device takes, and the defaults of the other keys that it has.
    fn in_force(&mut self, kind: TypeId, applied: &[usize]) {
        let (set, target) = (self.set, &self.device.target);
        let schema = &set.schema;
        let combination = set.combine(kind, &[applied.to_vec()]).remove(0);
        let mut broken: Vec<Draft> = Vec::new();
        if combination.is(SETTINGS) {
            combination.with_payload(|settings| rules::judge_settings(settings, &mut broken));
        }
        if schema.support(schema.kind(kind).support).verdict(target) != Verdict::Available {
            return;
        }
        let settings = &mut self.plan.settings;
        let mut take = |path: &[&str], id: KeyId| {
            let key = schema.key(id);
            if is_group(key) || schema.support(key.support).verdict(target) != Verdict::Available {
                return;
            }
            let merged = combination.decision(path).map(|decision| (decision.shown.clone(), decision.deciders()));
            let default = || Some((key.default.as_ref()?.to_json(), Vec::new()));
            if let Some((shown, decided_by)) = merged.or_else(default) {
                settings.push(Setting { path: path.iter().map(|step| (*step).to_owned()).collect(), shown, decided_by });
            }
        };
        schema.walk(schema.kind(kind).keys, &mut |path, id, _| take(path, id));
        let note =
            |broken: Draft| format!("the device takes these settings although they break a rule together: {}", broken.message);
        self.plan.assumptions.extend(broken.into_iter().map(note));
    }

    /// Steps the device forward: of all that can act the first in the order of the device; then the rest is judged again.
    fn updates(&mut self, active: &[usize], now: LocalDateTime, catalog: Option<&Catalog>) {
        for who in active.iter().copied() {
            if self.set.enforcements.get(&who).is_some_and(|wanted| wanted.enforcement.is_none()) {
                self.leave_out(who, "it holds placeholders, so what it does is unknown");
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
                self.plan.assumptions.push(format!("the device does not have {build} yet, as its build is not known"));
            }
            let update = state.install(&order);
            self.plan.assumptions.extend(releases.as_ref().and_then(|releases| releases.doubt(&order, &update)));
            self.plan.updates.push(update);
        }
        for (order, reason) in waiting {
            self.ignore(&order, reason);
        }
        self.plan.ignored.sort_by_key(|ignored| ignored.who);
    }

    /// The first enforcement that acts on the device as it is: one of those that wait, or else of those whose turn has not come.
    fn next(
        &mut self,
        state: &State<'_>,
        releases: Option<&Releases<'_>>,
        waiting: &mut Vec<(Order<'s>, String)>,
        orders: &mut impl Iterator<Item = Order<'s>>,
    ) -> Option<Order<'s>> {
        let obstacle = |order: &Order<'s>| {
            state.obstacle(order).or_else(|| releases?.obstacle(order, &state.device.version).map(Obstacle::ForNow))
        };
        let mut at = 0;
        while at < waiting.len() {
            match obstacle(&waiting[at].0) {
                None => return Some(waiting.remove(at).0),
                Some(Obstacle::ForNow(_)) => at += 1,
                Some(Obstacle::ForGood(_)) => {
                    // What kept it from acting when its turn came tells more than that it is too late now.
                    let (order, reason) = waiting.remove(at);
                    self.ignore(&order, reason);
                }
            }
        }
        for order in orders {
            match obstacle(&order) {
                None => return Some(order),
                Some(Obstacle::ForNow(reason)) => waiting.push((order, reason)),
                Some(Obstacle::ForGood(reason)) => self.ignore(&order, reason),
            }
        }
        None
    }

    fn ignore(&mut self, order: &Order<'_>, reason: String) {
        let (version, build) = (Some(order.version.clone()), order.build.cloned());
        self.plan.ignored.push(Ignored { who: order.who, version, build, reason });
    }
}

fn is_ios(platform: Platform) -> bool {
    matches!(platform, Platform::Ios | Platform::IpadOs)
}

/// Why devices do not take something, if they do not.
fn refusal(support: &Support, target: &Target) -> Option<String> {
    match support.verdict(target) {
        Verdict::Available => None,
        Verdict::Never => Some(format!("it does not exist on {}", target.platform)),
        Verdict::Later(version) => Some(format!("it needs {} {version}", target.platform)),
        Verdict::Removed => Some("it no longer exists there".to_owned()),
        Verdict::Enrolment => {
            let mut needs = vec!["supervision"];
            if support.takes_unsupervised(target.platform) {
                needs.push("device enrolment");
            }
            Some(format!("it needs {}", list(&needs, "or")))
        }
    }
}

//! What the devices of a kind do, in short: plans are too large to keep thousands of them.

use std::collections::BTreeMap;

use crate::apple::{BuildVersion, Device, LocalDateTime, MODEL_FAMILY, OsVersion, Platform};
use crate::plan::Plan;
use crate::predicate::{Reference, Word};
use crate::set::Gathered;
use crate::words::{count, list, shown};

/// An update of some devices.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Step {
    pub(crate) platform: Platform,
    pub(crate) version: OsVersion,
    pub(crate) build: Option<BuildVersion>,
    pub(crate) enforced_at: LocalDateTime,
    pub(crate) is_overdue: bool,
    /// The number of the declaration.
    pub(crate) who: usize,
}

/// An enforcement that some devices can never follow.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Miss {
    pub(crate) platform: Platform,
    pub(crate) version: Option<OsVersion>,
    pub(crate) build: Option<BuildVersion>,
    pub(crate) who: usize,
    pub(crate) reason: String,
}

/// Why nothing acts on some devices.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Idle {
    pub(crate) platform: Platform,
    pub(crate) reason: String,
}

/// What the devices of a kind do, by the numbers of what [`Kinds`](super::Kinds) keeps.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// The updates, in order.
    pub(crate) steps: Vec<usize>,
    pub(crate) misses: Vec<usize>,
    /// Why nothing acts, if there are no updates.
    pub(crate) idle: Option<usize>,
}

/// What a plan says about updates.
pub(super) struct Summary {
    pub(super) steps: Vec<Step>,
    pub(super) misses: Vec<Miss>,
    pub(super) idle: Option<Idle>,
}

/// The most reasons to name why nothing acts.
const MOST_REASONS: usize = 3;

impl Summary {
    pub(super) fn of(plan: &Plan, device: &Device, set: &Gathered) -> Self {
        let platform = device.target.platform;
        let step = |update: &crate::plan::Update| Step {
            platform,
            version: update.version.clone(),
            build: update.build.clone(),
            enforced_at: update.enforced_at,
            is_overdue: update.is_overdue,
            who: update.who,
        };
        let misses = plan.ignored.iter().filter(|ignored| ignored.is_impossible).map(|ignored| Miss {
            platform,
            version: ignored.version.clone(),
            build: ignored.build.clone(),
            who: ignored.who,
            reason: ignored.reason.clone(),
        });
        let steps: Vec<Step> = plan.updates.iter().map(step).collect();
        let idle = steps.is_empty().then(|| Idle { platform, reason: idle(plan, set) });
        Self { steps, misses: misses.collect(), idle }
    }
}

/// Why nothing acts on a device.
fn idle(plan: &Plan, set: &Gathered) -> String {
    let mut reasons: Vec<String> = plan
        .ignored
        .iter()
        .take(MOST_REASONS)
        .map(|ignored| format!("{}: {}", shown(set.members[ignored.who].name()), ignored.reason))
        .collect();
    match plan.ignored.len().saturating_sub(MOST_REASONS) {
        _ if reasons.is_empty() && set.enforcements.is_empty() => return "the declarations enforce no update".to_owned(),
        _ if reasons.is_empty() => return "no enforcement is active until then".to_owned(),
        0 => {}
        more => reasons.push(count(more, "more enforcement")),
    }
    reasons.join("; ")
}

/// The plan, if all alternatives let the device do the same: its updates and its settings. Else the activations whose
/// predicates are open.
pub(crate) fn agreed(mut plans: Vec<Plan>) -> Result<Plan, Vec<usize>> {
    let open = |plan: &Plan| plan.when.iter().map(|when| when.who).collect();
    let is_same = |one: &Plan, other: &Plan| {
        one.updates == other.updates
            && one.settings.len() == other.settings.len()
            && one
                .settings
                .iter()
                .zip(&other.settings)
                .all(|(one, other)| (&one.kind, &one.path, &one.shown) == (&other.kind, &other.path, &other.shown))
    };
    let [first, rest @ ..] = plans.as_slice() else { return Err(Vec::new()) };
    // With too many open predicates, not all alternatives were planned.
    if !rest.iter().all(|plan| is_same(first, plan)) || !first.has_all_alternatives(plans.len()) {
        return Err(open(first));
    }
    Ok(plans.swap_remove(0))
}

/// The column that would tell what a predicate asks for, if the device has no value of it.
fn missing(reference: &Reference, device: &Device) -> Option<String> {
    let Reference { word, name, .. } = reference;
    let is_stated = |values: &BTreeMap<String, String>| {
        values.keys().any(|known| name.strip_prefix(known.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')))
    };
    match word {
        Word::Status if KNOWN.contains(&name.as_str()) || is_stated(&device.status) => None,
        Word::Status => Some(format!("status.{name}")),
        Word::Property if is_stated(&device.properties) => None,
        Word::Property => Some(format!("property.{name}")),
        Word::Key => None,
    }
}

/// The status items that the columns with a fixed name tell, as far as Apple documents it.
const KNOWN: [&str; 3] = [MODEL_FAMILY, "device.operating-system.family", "device.operating-system.version"];

/// What is not known of a device, although open predicates ask for it.
pub(super) fn open_reason(set: &Gathered, device: &Device, open: &[usize]) -> String {
    let premise = |who: &usize| set.activations.get(who)?.as_ref()?.predicate.as_ref()?.predicate();
    let mut names: Vec<String> = open
        .iter()
        .filter_map(premise)
        .flat_map(|predicate| predicate.references().into_iter().cloned().collect::<Vec<_>>())
        .filter_map(|reference| missing(&reference, device))
        .collect();
    names.sort_unstable();
    names.dedup();
    let whose: Vec<String> = open.iter().take(MOST_REASONS).map(|who| shown(set.members[*who].name())).collect();
    let more = open.len().saturating_sub(MOST_REASONS);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let plural = if open.len() == 1 { "the predicate" } else { "the predicates" };
    let unknown = match names.as_slice() {
        [] => String::new(),
        [one] => format!(", as {} has no value", shown(one)),
        some => format!(
            ", as {} have no values",
            list(&some.iter().take(MOST_REASONS).map(|name| shown(name)).collect::<Vec<_>>(), "and")
        ),
    };
    format!("{plural} of {}{more} cannot be decided{unknown}, and the plan depends on it", whose.join(", "))
}

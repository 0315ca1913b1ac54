//! Declarations that belong together: which are active on the same device, and what they say in combination.
//!
//! This layer does no input or output. It knows declarations by number, in the order of reading, and keeps of each only what it
//! needs: settings go into tallies, whose size does not depend on how many declarations say the same.

mod enforcements;
mod fault;
mod member;
mod scope;

use std::collections::BTreeMap;
use std::sync::Arc;

pub(crate) use enforcements::{Enforcements, Order};
pub(crate) use fault::{SetFault, SetSpot, Where};
pub(crate) use member::{Member, Role};
pub(crate) use scope::Scope;

use crate::finding::Severity;
use crate::hash::{Map, Set};
use crate::keys::{Decision, Tally, settings};
use crate::lint::{Activated, Body, Declared, Said};
use crate::model::Settings;
use crate::read::Object;
use crate::rules;

/// All declarations of a run.
pub(crate) struct Gathered {
    pub(crate) members: Vec<Member>,
    tallies: Vec<Box<dyn Tally<Settings>>>,
}

impl Default for Gathered {
    fn default() -> Self {
        Self::new()
    }
}

/// Which declarations are known to be active together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Together {
    /// Those that one activation references, and those of a set that the configuration names.
    Activated,
    /// All of them: the user says so.
    All,
}

impl Gathered {
    pub(crate) fn new() -> Self {
        Self { members: Vec::new(), tallies: settings::KEYS.iter().filter_map(|row| row.tally()).collect() }
    }

    /// Takes declarations of a file, which is active in some sets that the user names.
    pub(crate) fn add(&mut self, file: &Arc<str>, sets: &[usize], declarations: Vec<Declared>) {
        declarations.into_iter().for_each(|declared| self.add_one(file, sets, declared));
    }

    fn add_one(&mut self, file: &Arc<str>, sets: &[usize], declared: Declared) {
        let Declared { identifier, is_named: _, is_template, kind, content, span: _, index, start, end, said } = declared;
        let unsaid = Said { server_token: None, body: Body::Other, text: None };
        let Said { server_token, body, text } = said.map_or(unsaid, |said| *said);
        let role = match body {
            Body::Settings(Some(settings)) => {
                let who = self.members.len();
                for tally in &mut self.tallies {
                    tally.add(&settings, who);
                }
                Role::Settings
            }
            Body::Settings(None) => Role::TemplateSettings,
            Body::Enforcement(enforcement) => Role::Enforcement(enforcement),
            Body::TemplateEnforcement(version, build) => Role::TemplateEnforcement(version, build),
            Body::Activation(Some(activated)) => Role::Activation(activated),
            Body::Activation(None) => Role::UnknownActivation,
            Body::Command => Role::Command,
            Body::Other => Role::Other,
        };
        let (file, sets) = (file.clone(), sets.to_vec());
        self.members.push(Member {
            file,
            index,
            identifier,
            is_template,
            kind,
            start,
            end,
            server_token,
            content: content.unwrap_or_default(),
            role,
            sets,
            text,
        });
    }

    /// The declarations that have each identifier.
    pub(crate) fn by_identifier(&self) -> Map<&str, Vec<usize>> {
        let mut all: Map<&str, Vec<usize>> = Map::default();
        for (who, member) in self.members.iter().enumerate() {
            if let Some(identifier) = &member.identifier {
                all.entry(identifier).or_default().push(who);
            }
        }
        all
    }

    /// The sets of declarations that are known to be active together.
    pub(crate) fn sets(&self, together: Together) -> Vec<Vec<usize>> {
        if together == Together::All {
            return vec![(0..self.members.len()).collect()];
        }
        // Most runs have no activations, and need not know who is called what.
        let has_activations = self.members.iter().any(|member| matches!(member.role, Role::Activation(_)));
        let known = if has_activations { self.by_identifier() } else { Map::default() };
        let activated = self.members.iter().filter_map(|member| match &member.role {
            Role::Activation(Activated { references, .. }) => {
                let distinct: Set<&str> = references.iter().map(|reference| reference.name.as_str()).collect();
                let mut set: Vec<usize> = distinct.iter().filter_map(|name| known.get(name)).flatten().copied().collect();
                set.sort_unstable();
                Some(set)
            }
            _ => None,
        });
        activated.chain(self.named()).collect()
    }

    /// The sets that the user names.
    fn named(&self) -> Vec<Vec<usize>> {
        let mut named: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (who, member) in self.members.iter().enumerate() {
            for set in &member.sets {
                named.entry(*set).or_default().push(who);
            }
        }
        named.into_values().collect()
    }

    /// What the settings of each set say together.
    pub(crate) fn combine(&self, sets: &[Vec<usize>]) -> Vec<Combination<'_>> {
        let mut sets_of = vec![Vec::new(); self.members.len()];
        for (at, set) in sets.iter().enumerate() {
            for who in set {
                sets_of[*who].push(at);
            }
        }
        let mut combinations: Vec<(Settings, Vec<Decision>)> = sets.iter().map(|_| (Settings::default(), Vec::new())).collect();
        for tally in &self.tallies {
            for ((settings, decisions), dealt) in combinations.iter_mut().zip(tally.deal(&sets_of, sets.len())) {
                decisions.extend(dealt.combine(settings));
            }
        }
        combinations
            .into_iter()
            .map(|(settings, decisions)| Combination {
                members: &self.members,
                settings: Object::whole(settings, settings::KEYS),
                decisions,
            })
            .collect()
    }

    /// Everything that is wrong between the declarations.
    pub(crate) fn judge(&self, together: Together) -> Vec<SetFault> {
        let sets = self.sets(together);
        let mut faults = self.judge_sets(&sets, Severity::Note);
        let mut known = Set::default();
        for set in &sets {
            let mut found = Vec::new();
            rules::judge_enforcements(&Enforcements::new(&self.members, set), &mut found);
            faults.extend(found.into_iter().filter(|fault| known.insert(fault.identity())));
        }
        let mut references = Vec::new();
        if together == Together::Activated {
            for set in self.named() {
                rules::judge_references(&Scope::set(&self.members, set), &mut references);
            }
        }
        rules::judge_references(&Scope::run(&self.members, together), &mut references);
        // What is known of a set is known better than what is known of the run.
        let mut known = Set::default();
        faults.extend(references.into_iter().filter(|fault| known.insert((fault.rule.id, fault.at.clone()))));
        faults
    }

    /// What is wrong in the combinations of some sets, by the rules of at least this severity; each fault once, however many sets
    /// have it.
    pub(crate) fn judge_sets(&self, sets: &[Vec<usize>], least: Severity) -> Vec<SetFault> {
        let mut faults: Vec<SetFault> = Vec::new();
        let mut known = Set::default();
        for combination in self.combine(sets) {
            let mut found = Vec::new();
            rules::judge_combination(&combination, least, &mut found);
            faults.extend(found.into_iter().filter(|fault| known.insert(fault.identity())));
        }
        faults
    }
}

/// Combines settings as a device combines all that are active on it, key by key with Apple's rule for each: what nobody sets stays
/// unset, of numbers the largest counts, of booleans `false`, of choices the last in Apple's list, of beta programs to offer every
/// distinct one, in ascending order, and of programs to require the first.
///
/// Rules across keys are not judged: two settings that are each right may break one another.
///
/// ```
/// use ddmc::model::{DeferralDays, Deferrals, Settings};
///
/// let defers = |days| -> Result<Settings, ddmc::model::Unfit> {
///     let major = Some(DeferralDays::try_from(days)?);
///     Ok(Settings { deferrals: Some(Deferrals { major_period_in_days: major, ..Deferrals::default() }), ..Settings::default() })
/// };
/// assert_eq!(ddmc::combine([defers(30)?, defers(60)?, Settings::default()]), defers(60)?);
/// # Ok::<(), ddmc::model::Unfit>(())
/// ```
pub fn combine(all: impl IntoIterator<Item = Settings>) -> Settings {
    let mut tallies: Vec<_> = settings::KEYS.iter().filter_map(|row| row.tally()).collect();
    for (who, settings) in all.into_iter().enumerate() {
        for tally in &mut tallies {
            tally.add(&settings, who);
        }
    }
    let mut combined = Settings::default();
    for tally in tallies {
        tally.combine(&mut combined);
    }
    combined
}

/// Settings that are active together.
pub(crate) struct Combination<'g> {
    pub(crate) members: &'g [Member],
    pub(crate) settings: Object<Settings>,
    pub(crate) decisions: Vec<Decision>,
}

impl Combination<'_> {
    /// How the value of a key came about.
    pub(crate) fn decision(&self, path: &[&str]) -> Option<&Decision> {
        self.decisions.iter().find(|decision| decision.path == path)
    }
}

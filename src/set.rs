//! Declarations that belong together: which are active on the same device, and what they say in combination.
//!
//! This layer does no input or output. It knows declarations by number, in the order of reading, and keeps of each only what it
//! needs: settings go into tallies, whose size does not depend on how many declarations say the same.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use crate::catalog::Platforms;
use crate::document::Position;
use crate::finding::Severity;
use crate::keys::{self, Decision, Tally, settings};
use crate::lint::{Activated, Body, Declared};
use crate::model::{
    BuildVersion, DeclarationType, Enforcement, LocalDateTime, OsVersion, Platform, ServerToken, Settings, compare_versions,
};
use crate::read::Object;
use crate::rules::{self, Rule};
use crate::words::shown;

/// A declaration of the run.
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) file: Arc<str>,
    pub(crate) index: usize,
    pub(crate) identifier: Option<Box<str>>,
    /// Whether a template makes the identifier.
    pub(crate) is_template: bool,
    pub(crate) kind: Option<DeclarationType>,
    /// Where the identifier stands.
    pub(crate) start: Position,
    pub(crate) end: Position,
    pub(crate) server_token: Option<ServerToken>,
    pub(crate) content: u64,
    pub(crate) role: Role,
    /// The sets that the user names, by their numbers, in which it is active.
    pub(crate) sets: Vec<usize>,
    /// The declaration in its published form, where that is wanted.
    pub(crate) text: Option<Box<str>>,
}

/// What a declaration does in a set.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Settings, which were added to the tallies.
    Settings,
    /// Settings that hold placeholders, so that nobody knows what they combine to.
    TemplateSettings,
    /// An enforcement.
    Enforcement(Box<Enforcement>),
    /// An enforcement that holds placeholders, with what is known of its release.
    TemplateEnforcement(Option<OsVersion>, Option<BuildVersion>),
    /// An activation of these configurations.
    Activation(Activated),
    /// An activation of nobody knows what.
    UnknownActivation,
    /// No declaration, but a command that schedules updates.
    Command,
    /// Anything else.
    Other,
}

impl Member {
    /// The name that people call it by.
    pub(crate) fn name(&self) -> &str {
        self.identifier.as_deref().unwrap_or("a declaration without an identifier")
    }

    /// Whether an activation could reference it.
    pub(crate) fn is_configuration(&self) -> bool {
        self.kind.as_ref().is_some_and(|kind| kind.as_str().starts_with("com.apple.configuration."))
    }
}

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

/// Declarations among which references are followed: those of a run, or of one set.
pub(crate) struct Scope<'g> {
    all: &'g [Member],
    /// Those that count, by their numbers; `None` if all do.
    who: Option<Vec<usize>>,
    /// Whether they are said to be active together, so that nothing else will join them.
    pub(crate) is_set: bool,
}

impl<'g> Scope<'g> {
    /// Everything that the run has.
    pub(crate) fn run(all: &'g [Member], together: Together) -> Self {
        Self { all, who: None, is_set: together == Together::All }
    }

    /// One set that the user names.
    fn set(all: &'g [Member], who: Vec<usize>) -> Self {
        Self { all, who: Some(who), is_set: true }
    }

    /// The declarations with their numbers.
    pub(crate) fn members(&self) -> impl Iterator<Item = (usize, &'g Member)> {
        let all = self.all;
        let whole = self.who.is_none().then(|| all.iter().enumerate());
        let some = self.who.iter().flatten().map(move |who| (*who, &all[*who]));
        whole.into_iter().flatten().chain(some)
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

    /// Takes a declaration, which is active in some sets that the user names. Those of a file come in order.
    pub(crate) fn add(&mut self, file: &Arc<str>, sets: &[usize], declared: Declared) {
        let Declared {
            identifier,
            is_named: _,
            is_template,
            kind,
            server_token,
            content,
            span: _,
            index,
            start,
            end,
            body,
            text,
        } = declared;
        let role = match body {
            Some(Body::Settings(Some(settings))) => {
                let who = self.members.len();
                for tally in &mut self.tallies {
                    tally.add(&settings, who);
                }
                Role::Settings
            }
            Some(Body::Settings(None)) => Role::TemplateSettings,
            Some(Body::Enforcement(enforcement)) => Role::Enforcement(enforcement),
            Some(Body::TemplateEnforcement(version, build)) => Role::TemplateEnforcement(version, build),
            Some(Body::Activation(Some(activated))) => Role::Activation(activated),
            Some(Body::Activation(None)) => Role::UnknownActivation,
            Some(Body::Command) => Role::Command,
            Some(Body::Other) | None => Role::Other,
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
    pub(crate) fn by_identifier(&self) -> HashMap<&str, Vec<usize>> {
        let mut all: HashMap<&str, Vec<usize>> = HashMap::new();
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
        let known = self.by_identifier();
        let activated = self.members.iter().filter_map(|member| match &member.role {
            Role::Activation(Activated { references, .. }) => {
                let distinct: HashSet<&str> = references.iter().map(|reference| reference.name.as_str()).collect();
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
        let mut known = HashSet::new();
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
        let mut known = HashSet::new();
        faults.extend(references.into_iter().filter(|fault| known.insert((fault.rule.id, fault.at.clone()))));
        faults
    }

    /// What is wrong in the combinations of some sets, by the rules of at least this severity; each fault once, however many sets
    /// have it.
    pub(crate) fn judge_sets(&self, sets: &[Vec<usize>], least: Severity) -> Vec<SetFault> {
        let mut faults: Vec<SetFault> = Vec::new();
        let mut known = HashSet::new();
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

/// Enforcements that are active together.
pub(crate) struct Enforcements<'g> {
    pub(crate) members: &'g [Member],
    /// The numbers of the commands that schedule updates too.
    pub(crate) commands: Vec<usize>,
    /// In the order in which a device takes them: by deadline, and of equal deadlines the lower version, then the lower build.
    pub(crate) orders: Vec<Order<'g>>,
}

/// With how many others an enforcement is compared.
const MOST_COMPARED: usize = 500;

/// An enforcement in its set.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Order<'g> {
    /// The number of the declaration.
    pub(crate) who: usize,
    pub(crate) version: &'g OsVersion,
    pub(crate) build: Option<&'g BuildVersion>,
    pub(crate) deadline: LocalDateTime,
    /// The platforms that it may be meant for.
    platforms: Platforms,
}

impl<'g> Enforcements<'g> {
    /// The enforcements of a set. An exact copy of one, of the same name, is the same.
    pub(crate) fn new(members: &'g [Member], set: &[usize]) -> Self {
        let mut seen = HashSet::new();
        let order = |who: &usize| match &members[*who].role {
            Role::Enforcement(enforcement) => Some(Order {
                who: *who,
                version: &enforcement.target_os_version,
                build: enforcement.target_build_version.as_ref(),
                deadline: enforcement.target_local_date_time,
                platforms: platforms(enforcement),
            }),
            _ => None,
        };
        let is_first = |order: &Order<'_>| seen.insert((&members[order.who].identifier, members[order.who].content));
        let mut orders: Vec<Order<'g>> = set.iter().filter_map(order).filter(is_first).collect();
        orders.sort_by(|one, other| one.rank().cmp(&other.rank()));
        let commands = set.iter().copied().filter(|who| members[*who].role == Role::Command).collect();
        Self { members, commands, orders }
    }

    /// The orders before one that it is compared with: all of them in any set that people make, and not all in a hostile one.
    pub(crate) fn before(&self, at: usize) -> &[Order<'g>] {
        &self.orders[..at.min(MOST_COMPARED)]
    }

    /// The orders whose release an earlier one has, each with that one.
    pub(crate) fn repeated(&self) -> impl Iterator<Item = (&Order<'g>, &Order<'g>)> {
        let mut first: HashMap<(&OsVersion, Option<&BuildVersion>), &Order<'g>> = HashMap::new();
        self.orders.iter().filter_map(move |order| match first.entry((order.version, order.build)) {
            Entry::Occupied(entry) => Some((order, *entry.get())),
            Entry::Vacant(entry) => {
                entry.insert(order);
                None
            }
        })
    }

    /// The name of an enforcement.
    pub(crate) fn name(&self, order: &Order<'_>) -> String {
        shown(self.members[order.who].name())
    }
}

impl Order<'_> {
    /// What a device orders by; of equal ones the first by name, so that the order of the files does not matter.
    fn rank(&self) -> (LocalDateTime, &OsVersion, Option<&BuildVersion>, usize) {
        (self.deadline, self.version, self.build, self.who)
    }

    /// Whether one device may come to both: builds and versions of different systems never meet.
    pub(crate) fn may_meet(&self, other: &Self) -> bool {
        self.platforms.meets(other.platforms)
    }

    /// Whether both name the same release.
    pub(crate) fn has_target_of(&self, other: &Self) -> bool {
        self.version == other.version && self.build == other.build
    }

    /// The release, as a sentence names it.
    pub(crate) fn target(&self) -> String {
        match self.build {
            Some(build) => format!("{} ({build})", self.version),
            None => self.version.to_string(),
        }
    }
}

/// The platforms that an enforcement may be meant for: those that take it, have such a version, and may have its build.
fn platforms(enforcement: &Enforcement) -> Platforms {
    let (version, build) = (&enforcement.target_os_version, enforcement.target_build_version.as_ref());
    let is_meant = |platform: &Platform| {
        let first = keys::enforcement::DECLARATION.on(*platform).map(|since| since.version);
        first.is_some_and(|first| compare_versions(version.as_str(), first).is_ge())
            && platform.has_major(version)
            && build.is_none_or(|build| build.fits(*platform, version) && build.has_letter_of(*platform))
    };
    Platforms::of(&Platform::ALL.into_iter().filter(is_meant).collect::<Vec<_>>())
}

/// A fault between declarations, before anybody knows where in their files it is.
#[derive(Debug)]
pub(crate) struct SetFault {
    pub(crate) rule: &'static Rule,
    pub(crate) severity: Severity,
    pub(crate) message: String,
    pub(crate) help: String,
    pub(crate) at: Where,
    pub(crate) related: Vec<(String, Where)>,
}

impl SetFault {
    fn identity(&self) -> (&'static str, Where, Vec<Where>) {
        (self.rule.id, self.at.clone(), self.related.iter().map(|(_, place)| place.clone()).collect())
    }
}

/// A place in one of the declarations.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Where {
    /// The number of the declaration.
    pub(crate) who: usize,
    pub(crate) spot: SetSpot,
}

/// A place in a declaration that is not at hand.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum SetSpot {
    /// The identifier.
    Identifier,
    /// What tells which command it is.
    RequestType,
    /// The value of a key of the payload, or in an array the item that has this value.
    Key(&'static [&'static str], Option<serde_json::Value>),
}

impl Where {
    pub(crate) fn identifier(who: usize) -> Self {
        Self { who, spot: SetSpot::Identifier }
    }

    pub(crate) fn key(who: usize, path: &'static [&'static str]) -> Self {
        Self { who, spot: SetSpot::Key(path, None) }
    }

    pub(crate) fn item(who: usize, path: &'static [&'static str], value: serde_json::Value) -> Self {
        Self { who, spot: SetSpot::Key(path, Some(value)) }
    }
}

//! What holds for a file: the configuration, and what the command line says against it.

use std::collections::HashMap;
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::{Config, Files, Index, RuleId, Top};
use crate::apple::{LocalDateTime, Target};
use crate::catalog::Catalog;
use crate::conditions::Conditions;
use crate::diagnostic::{Place, RuleRef, Severity};
use crate::policy::{On, Policy};
use crate::rules::{RULES, Rule};
use crate::run::Severities;
use crate::syntax::Placeholders;

/// What the command line says. It wins over the configuration.
#[derive(Debug, Clone, Default)]
pub(crate) struct Flags {
    pub(crate) targets: Vec<Target>,
    pub(crate) as_of: Option<LocalDateTime>,
    pub(crate) fail_on: Option<Severity>,
    pub(crate) catalog: Option<PathBuf>,
    /// Files with rules of an organisation's own.
    pub(crate) policies: Vec<PathBuf>,
    /// Severities of rules in the order of the flags; the last one of a rule counts.
    pub(crate) levels: Vec<(RuleId, Option<Severity>)>,
}

/// Everything that a run goes by.
#[derive(Debug)]
pub(crate) struct InForce {
    config: Option<Config>,
    flags: Flags,
    /// The folder that the command runs in.
    here: PathBuf,
    now: LocalDateTime,
    catalog: Option<Arc<Catalog>>,
    /// The policies that were read, and for each the number of the `[[policies]]` entry that names it, if one does.
    policies: Vec<(Option<usize>, Arc<Policy>)>,
    /// Whether nothing is said about the time.
    is_timeless: bool,
    /// What holds for files, by the `[[files]]` and the `[[policies]]` entries that match them.
    known: Mutex<HashMap<Matching, Arc<Terms>>>,
    /// What holds for every file where there is no configuration.
    shared: OnceLock<Terms>,
}

/// The numbers of the `[[files]]` and of the `[[policies]]` entries that are about a file.
type Matching = (Vec<usize>, Vec<usize>);

/// What holds for a file.
#[derive(Debug)]
pub(crate) struct Terms {
    pub(crate) conditions: Conditions,
    pub(crate) severities: Severities,
}

/// The terms of a file, which it shares with others.
pub(crate) enum TermsOf<'f> {
    /// With every file.
    Every(&'f Terms),
    /// With those that the same entries are about.
    These(Arc<Terms>),
}

impl Deref for TermsOf<'_> {
    type Target = Terms;

    fn deref(&self) -> &Terms {
        match self {
            Self::Every(terms) => terms,
            Self::These(terms) => terms,
        }
    }
}

/// A file of policies that is to be read.
#[derive(Debug)]
pub(crate) struct PolicySource {
    pub(crate) path: PathBuf,
    /// The file as it was named.
    pub(crate) name: String,
    /// The number of the `[[policies]]` entry that names it, if one does.
    pub(crate) entry: Option<usize>,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Origin {
    /// Nobody said anything.
    Default,
    CommandLine,
    /// This place of the configuration file.
    File(Place),
}

impl InForce {
    pub(crate) fn new(config: Option<Config>, flags: Flags, here: PathBuf, now: LocalDateTime) -> Self {
        let (known, shared) = (Mutex::default(), OnceLock::new());
        Self { config, flags, here, now, catalog: None, policies: Vec::new(), is_timeless: false, known, shared }
    }

    /// The same, less everything but what counts as a placeholder, and the policies that the command line names: no severities, no devices, no
    /// time.
    pub(crate) fn only_placeholders(mut self) -> Self {
        if let Some(config) = &mut self.config {
            let top = Top { placeholders: config.top.placeholders.take(), ..Top::default() };
            *config = Config::new(config.file.clone(), config.folder.clone(), top);
        }
        let flags = Flags { policies: std::mem::take(&mut self.flags.policies), ..Flags::default() };
        Self { flags, catalog: None, is_timeless: true, ..self }
    }

    pub(crate) fn config(&self) -> Option<&Config> {
        self.config.as_ref()
    }

    pub(crate) fn here(&self) -> &PathBuf {
        &self.here
    }

    /// Goes by a list of releases from now on.
    pub(crate) fn with_catalog(self, catalog: Option<Catalog>) -> Self {
        Self { catalog: catalog.map(Arc::new), ..self }
    }

    /// The list of releases.
    pub(crate) fn catalog(&self) -> Option<Arc<Catalog>> {
        self.catalog.clone()
    }

    /// The file with the list of releases, as it was named: the configuration names it from its own folder on.
    pub(crate) fn catalog_file(&self) -> (Option<(PathBuf, String)>, Origin) {
        let file = self.config.as_ref().and_then(|config| Some((config, config.top.catalog.as_ref()?)));
        match (&self.flags.catalog, file) {
            (Some(path), _) => (Some((path.clone(), path.to_string_lossy().into_owned())), Origin::CommandLine),
            (None, Some((config, file))) => {
                let name = file.value.0.clone();
                (Some((config.folder.join(&name), name)), Origin::File(file.place.clone()))
            }
            (None, None) => (None, Origin::Default),
        }
    }

    /// The files of policies, in the order in which they are named: those of the configuration, from its own folder on, then those of the
    /// command line.
    pub(crate) fn policy_sources(&self) -> Vec<PolicySource> {
        let entries =
            self.config.iter().flat_map(|config| config.top.policies.iter().enumerate().map(move |entry| (config, entry)));
        let named = entries.filter_map(|(config, (at, entry))| {
            let name = entry.value.file.as_ref()?.value.0.clone();
            Some(PolicySource { path: config.folder.join(&name), name, entry: Some(at) })
        });
        let given = self.flags.policies.iter().map(|path| PolicySource {
            path: path.clone(),
            name: path.to_string_lossy().into_owned(),
            entry: None,
        });
        named.chain(given).collect()
    }

    /// Goes by these policies from now on, each with the number of the entry that names it.
    pub(crate) fn with_policies(self, policies: Vec<(Option<usize>, Arc<Policy>)>) -> Self {
        Self { policies, ..self }
    }

    /// The rules of all policies, in the order in which they were read.
    pub(crate) fn policy_rules(&self) -> impl Iterator<Item = &RuleRef> {
        self.policies.iter().map(|(_, policy)| &policy.rule)
    }

    /// Every rule: those of the program, and those of the policies.
    pub(crate) fn rules(&self) -> impl Iterator<Item = &Rule> {
        RULES.iter().copied().chain(self.policy_rules().map(|rule| &**rule))
    }

    /// The policies about what settings say together, and whether the command line names them.
    pub(crate) fn policies_on_merged(&self) -> impl Iterator<Item = (&Policy, bool)> {
        let all = self.policies.iter().map(|(entry, policy)| (&**policy, entry.is_none()));
        all.filter(|(policy, _)| policy.on == On::Merged)
    }

    /// The policies of a `[[policies]]` entry, or those of the command line.
    pub(crate) fn policies_of(&self, entry: Option<usize>) -> impl Iterator<Item = &Policy> {
        self.policies.iter().filter(move |(of, _)| *of == entry).map(|(_, policy)| &**policy)
    }

    /// The names of policies that are spoken of and that no file has: the id, and the place in the configuration, or none for a flag.
    pub(crate) fn unknown_policies(&self) -> Vec<(&RuleId, Option<&Place>)> {
        let mut named: Vec<(&RuleId, Option<&Place>)> = self.flags.levels.iter().map(|(rule, _)| (rule, None)).collect();
        for top in self.config.iter().map(|config| &config.top) {
            let levels = top.files.iter().map(|files| &files.value.rules).chain([&top.rules]).flat_map(|levels| &levels.0);
            named.extend(levels.map(|level| (&level.value.0, Some(&level.place))));
            let ignored = top.ignore.iter().filter_map(|ignore| ignore.value.rule.as_ref());
            named.extend(ignored.map(|rule| (&rule.value, Some(&rule.place))));
        }
        named.retain(|(rule, _)| Rule::find(rule).is_none() && !self.policy_rules().any(|known| *known.id == ***rule));
        named
    }

    /// The path of a file as the patterns of the configuration see it.
    pub(crate) fn relative(&self, file: &str) -> Option<String> {
        self.config.as_ref()?.relative(&self.here, file)
    }

    /// What holds for a file, by its name.
    pub(crate) fn terms(&self, file: &str) -> TermsOf<'_> {
        if self.config.is_none() {
            // All files share them, and the threads would fall over one another if they counted who has them.
            return TermsOf::Every(self.shared.get_or_init(|| self.make_terms(&[], &[])));
        }
        let entries = (self.entries(file), self.policy_entries(file));
        // What another thread left in a panic is still good.
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(terms) = known.get(&entries) {
            return TermsOf::These(terms.clone());
        }
        let terms = Arc::new(self.make_terms(&entries.0, &entries.1));
        known.insert(entries, terms.clone());
        TermsOf::These(terms)
    }

    /// The numbers of the `[[files]]` entries that match a file.
    pub(crate) fn entries(&self, file: &str) -> Vec<usize> {
        self.matching(file, |config| &config.files)
    }

    /// The numbers of the `[[sets]]` entries that match a file.
    pub(crate) fn sets(&self, file: &str) -> Vec<usize> {
        self.matching(file, |config| &config.sets)
    }

    /// The numbers of the `[[policies]]` entries that are about a file: those that match it, and those without patterns.
    pub(crate) fn policy_entries(&self, file: &str) -> Vec<usize> {
        let Some(config) = self.config.as_ref().filter(|config| !config.top.policies.is_empty()) else { return Vec::new() };
        let mut entries = self.matching(file, |config| &config.policies);
        let all = config.top.policies.iter().enumerate();
        entries.extend(all.filter(|(_, entry)| entry.value.paths.is_none()).map(|(at, _)| at));
        entries.sort_unstable();
        entries
    }

    fn matching(&self, file: &str, index: impl Fn(&Config) -> &Index) -> Vec<usize> {
        let path = self.config.as_ref().and_then(|config| Some((index(config), config.relative(&self.here, file)?)));
        path.map(|(index, path)| index.matching(&path)).unwrap_or_default()
    }

    fn make_terms(&self, entries: &[usize], policies: &[usize]) -> Terms {
        let mut severities = Severities::default();
        for rule in self.rules() {
            let (level, origin) = self.level(rule, entries);
            if origin != Origin::Default {
                severities.set(rule, level);
            }
        }
        let placeholders = self.placeholders().0.to_vec();
        Terms {
            conditions: Conditions {
                schema: crate::apple::Schema::built_in().clone(),
                targets: self.targets(entries).0.iter().fold(Vec::new(), |mut distinct, target| {
                    if !distinct.contains(target) {
                        distinct.push(target.clone());
                    }
                    distinct
                }),
                placeholders: Placeholders::with(placeholders),
                as_of: (!self.is_timeless).then(|| self.as_of(entries).0),
                catalog: self.catalog.clone(),
                policies: self
                    .policies
                    .iter()
                    .filter(|(entry, _)| entry.is_none_or(|entry| policies.contains(&entry)))
                    .map(|(_, policy)| policy.clone())
                    .collect(),
                runs_optional: severities.has_optional(),
            },
            severities,
        }
    }

    fn files<'c, 'e: 'c>(&'c self, entries: &'e [usize]) -> impl Iterator<Item = &'c Files> + use<'c, 'e> {
        let all = self.config.as_ref().map_or(&[] as &[_], |config| config.top.files.as_slice());
        entries.iter().rev().filter_map(|at| Some(&all.get(*at)?.value))
    }

    /// The devices that files with these entries are meant for.
    pub(crate) fn targets<'c>(&'c self, entries: &'c [usize]) -> (&'c [Target], Origin) {
        if !self.flags.targets.is_empty() {
            return (&self.flags.targets, Origin::CommandLine);
        }
        let top = self.config.as_ref().and_then(|config| config.top.targets.as_ref());
        match self.files(entries).find_map(|files| files.targets.as_ref()).or(top) {
            Some(targets) => (&targets.value, Origin::File(targets.place.clone())),
            None => (&[], Origin::Default),
        }
    }

    /// The time that deadlines in files with these entries are judged by.
    pub(crate) fn as_of(&self, entries: &[usize]) -> (LocalDateTime, Origin) {
        if let Some(as_of) = self.flags.as_of {
            return (as_of, Origin::CommandLine);
        }
        let top = self.config.as_ref().and_then(|config| config.top.as_of.as_ref());
        match self.files(entries).find_map(|files| files.as_of.as_ref()).or(top) {
            Some(as_of) => (as_of.value, Origin::File(as_of.place.clone())),
            None => (self.now, Origin::Default),
        }
    }

    /// The severity of a rule in files with these entries; `None` is off.
    pub(crate) fn level(&self, rule: &Rule, entries: &[usize]) -> (Option<Severity>, Origin) {
        if let Some((_, level)) = self.flags.levels.iter().rev().find(|(other, _)| **other == *rule.id) {
            return (*level, Origin::CommandLine);
        }
        let top = self.config.as_ref().map(|config| &config.top.rules);
        let mut levels = self.files(entries).map(|files| &files.rules).chain(top);
        match levels.find_map(|levels| levels.0.iter().find(|level| *level.value.0 == *rule.id)) {
            Some(level) => (level.value.1, Origin::File(level.place.clone())),
            None => ((!rule.is_optional).then_some(rule.severity), Origin::Default),
        }
    }

    /// The severity that makes the command fail.
    pub(crate) fn fail_on(&self) -> (Severity, Origin) {
        let file = self.config.as_ref().and_then(|config| config.top.fail_on.as_ref());
        match (self.flags.fail_on, file) {
            (Some(severity), _) => (severity, Origin::CommandLine),
            (None, Some(severity)) => (severity.value, Origin::File(severity.place.clone())),
            (None, None) => (Severity::Error, Origin::Default),
        }
    }

    /// The patterns of further placeholders.
    pub(crate) fn placeholders(&self) -> (&[regex::Regex], Origin) {
        match self.config.as_ref().and_then(|config| config.top.placeholders.as_ref()) {
            Some(patterns) => (&patterns.value, Origin::File(patterns.place.clone())),
            None => (&[], Origin::Default),
        }
    }

    /// Whether the configuration names sets of declarations that are active together.
    pub(crate) fn has_sets(&self) -> bool {
        self.config.as_ref().is_some_and(|config| !config.top.sets.is_empty())
    }

    /// Whether a rule is on somewhere that is off unless somebody asks for it.
    pub(crate) fn has_optional(&self) -> bool {
        let all: Vec<usize> = (0..self.config.as_ref().map_or(0, |config| config.top.files.len())).collect();
        RULES.iter().any(|rule| rule.is_optional && self.level(rule, &all).0.is_some())
    }

    /// Whether the command line names the devices, against what the configuration says.
    pub(crate) fn has_own_targets(&self) -> bool {
        !self.flags.targets.is_empty()
    }

    /// Whether any file is judged for particular devices.
    pub(crate) fn has_targets(&self) -> bool {
        let is_aimed =
            |config: &Config| config.top.targets.is_some() || config.top.files.iter().any(|files| files.value.targets.is_some());
        !self.flags.targets.is_empty() || self.config.as_ref().is_some_and(is_aimed)
    }
}

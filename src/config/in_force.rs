//! What holds for a file: the configuration, and what the command line says against it.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use super::{Config, Exclude, Files, Globs, Index, Located, RuleId, Top};
use crate::apple::{LocalDateTime, Schema, Target};
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
    pub(crate) exclude: Globs,
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
    /// What Apple publishes.
    schema: Arc<Schema>,
    config: Option<Config>,
    exclude: Arc<Exclude>,
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
}

/// The numbers of the `[[files]]` and of the `[[policies]]` entries that are about a file.
type Matching = (Vec<usize>, Vec<usize>);

/// What holds for a file.
#[derive(Debug)]
pub(crate) struct Terms {
    pub(crate) conditions: Conditions,
    pub(crate) severities: Severities,
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
    /// Neither the command line nor the file says anything.
    Default,
    CommandLine,
    /// This place of the configuration file.
    File(Place),
}

impl InForce {
    pub(crate) fn new(config: Option<Config>, flags: Flags, here: PathBuf, now: LocalDateTime) -> Self {
        let exclude = Arc::new(Exclude::new(config.as_ref(), &flags.exclude, &here));
        let schema = Conditions::default().schema;
        let known = Mutex::default();
        Self { schema, config, exclude, flags, here, now, catalog: None, policies: Vec::new(), is_timeless: false, known }
    }

    /// The same, less everything but what is excluded, what counts as a placeholder, and the policies that the command line names: no
    /// severities, no devices, no time.
    pub(crate) fn only_placeholders(mut self) -> Self {
        if let Some(config) = &mut self.config {
            let top = Top { placeholders: config.top.placeholders.take(), ..Top::default() };
            *config = Config::new(config.file.clone(), config.folder.clone(), top);
        }
        let flags = Flags { policies: std::mem::take(&mut self.flags.policies), ..Flags::default() };
        Self { flags, catalog: None, is_timeless: true, ..self }
    }

    /// What Apple publishes.
    pub(crate) fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }

    pub(crate) fn config(&self) -> Option<&Config> {
        self.config.as_ref()
    }

    /// The files and folders that are not read.
    pub(crate) fn exclude(&self) -> &Arc<Exclude> {
        &self.exclude
    }

    /// The patterns of what is not read: those of the configuration, and those that the command line adds.
    pub(crate) fn excluded(&self) -> [(Option<&Globs>, Origin); 2] {
        let flags = Some(&self.flags.exclude).filter(|flags| !flags.0.is_empty());
        [winner(None, self.top().and_then(|top| top.exclude.as_ref())), winner(flags, None)]
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

    /// The file with the list of releases, and its name: the configuration names it from its own folder on.
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
        if let Some(top) = self.top() {
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
    pub(crate) fn terms(&self, file: &str) -> Arc<Terms> {
        let entries = (self.entries(file), self.policy_entries(file));
        // The map is whole even after a panic of another thread.
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.entry(entries).or_insert_with_key(|(files, policies)| Arc::new(self.make_terms(files, policies))).clone()
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
                schema: self.schema.clone(),
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

    /// The top of the configuration.
    fn top(&self) -> Option<&Top> {
        self.config.as_ref().map(|config| &config.top)
    }

    /// The `[[files]]` entries with these numbers; the last one comes first, as it wins.
    fn files<'c>(&'c self, entries: &'c [usize]) -> impl Iterator<Item = &'c Files> {
        entries.iter().rev().filter_map(|at| Some(&self.top()?.files.get(*at)?.value))
    }

    /// The devices that files with these entries are meant for.
    pub(crate) fn targets<'c>(&'c self, entries: &'c [usize]) -> (&'c [Target], Origin) {
        let flag = Some(&self.flags.targets).filter(|targets| !targets.is_empty());
        let top = self.top().and_then(|top| top.targets.as_ref());
        let (targets, origin) = winner(flag, self.files(entries).find_map(|files| files.targets.as_ref()).or(top));
        (targets.map_or(&[], Vec::as_slice), origin)
    }

    /// The time that deadlines in files with these entries are judged by.
    pub(crate) fn as_of(&self, entries: &[usize]) -> (LocalDateTime, Origin) {
        let top = self.top().and_then(|top| top.as_of.as_ref());
        let file = self.files(entries).find_map(|files| files.as_of.as_ref()).or(top);
        let (as_of, origin) = winner(self.flags.as_of.as_ref(), file);
        (as_of.copied().unwrap_or(self.now), origin)
    }

    /// The severity of a rule in files with these entries; `None` is off.
    pub(crate) fn level(&self, rule: &Rule, entries: &[usize]) -> (Option<Severity>, Origin) {
        let flag = self.flags.levels.iter().rev().find(|(other, _)| **other == *rule.id);
        let mut levels = self.files(entries).map(|files| &files.rules).chain(self.top().map(|top| &top.rules));
        let file = levels.find_map(|levels| levels.0.iter().find(|level| *level.value.0 == *rule.id));
        let (level, origin) = winner(flag, file);
        (level.map_or((!rule.is_optional).then_some(rule.severity), |(_, level)| *level), origin)
    }

    /// The severity that makes the command fail.
    pub(crate) fn fail_on(&self) -> (Severity, Origin) {
        let (severity, origin) = winner(self.flags.fail_on.as_ref(), self.top().and_then(|top| top.fail_on.as_ref()));
        (severity.copied().unwrap_or(Severity::Error), origin)
    }

    /// The patterns of further placeholders.
    pub(crate) fn placeholders(&self) -> (&[regex::Regex], Origin) {
        let (patterns, origin) = winner(None, self.top().and_then(|top| top.placeholders.as_ref()));
        (patterns.map_or(&[], Vec::as_slice), origin)
    }

    /// Whether the configuration names sets of declarations that are active together.
    pub(crate) fn has_sets(&self) -> bool {
        self.top().is_some_and(|top| !top.sets.is_empty())
    }

    /// Whether a rule is on for some file that is off by default.
    pub(crate) fn has_optional(&self) -> bool {
        let all: Vec<usize> = (0..self.top().map_or(0, |top| top.files.len())).collect();
        RULES.iter().any(|rule| rule.is_optional && self.level(rule, &all).0.is_some())
    }

    /// Whether the command line names the devices, against what the configuration says.
    pub(crate) fn has_own_targets(&self) -> bool {
        !self.flags.targets.is_empty()
    }

    /// Whether any file is judged for particular devices.
    pub(crate) fn has_targets(&self) -> bool {
        let is_aimed = |top: &Top| top.targets.is_some() || top.files.iter().any(|files| files.value.targets.is_some());
        self.has_own_targets() || self.top().is_some_and(is_aimed)
    }
}

/// The value that counts: the flag's, or else the file's.
fn winner<'v, T>(flag: Option<&'v T>, file: Option<&'v Located<T>>) -> (Option<&'v T>, Origin) {
    match (flag, file) {
        (Some(value), _) => (Some(value), Origin::CommandLine),
        (None, Some(file)) => (Some(&file.value), Origin::File(file.place.clone())),
        (None, None) => (None, Origin::Default),
    }
}

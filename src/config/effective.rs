//! The effective config: the configuration file, overridden by the flags.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use super::table::{AllowedKey, Keys, Set};
use super::{Config, Exclude, Files, Globs, Index, Located, RuleId, Top};
use crate::apple::{Channel, Identifier, LocalDateTime, Schema, Target};
use crate::catalog::{Catalog, Platforms};
use crate::conditions::Conditions;
use crate::diagnostic::{Place, RuleRef, Severity};
use crate::policy::{On, Policy};
use crate::rules::{RULES, Rule};
use crate::run::Severities;
use crate::set::Activations;
use crate::syntax::Placeholders;

/// The flags, which override the configuration file.
#[derive(Debug, Clone, Default)]
pub(crate) struct Flags {
    pub(crate) exclude: Globs,
    pub(crate) targets: Vec<Target>,
    pub(crate) as_of: Option<LocalDateTime>,
    pub(crate) fail_on: Option<Severity>,
    pub(crate) catalog: Option<PathBuf>,
    pub(crate) activations: Option<Activations>,
    /// A checkout of Apple's schema.
    pub(crate) apple_schema: Option<PathBuf>,
    /// Files with an organisation's own rules.
    pub(crate) policies: Vec<PathBuf>,
    /// Levels of rules in the order of the flags; the last one for a rule wins.
    pub(crate) levels: Vec<(RuleId, Option<Severity>)>,
}

/// The effective config of a run.
#[derive(Debug)]
pub(crate) struct EffectiveConfig {
    /// Apple's schema.
    schema: Arc<Schema>,
    config: Option<Config>,
    exclude: Arc<Exclude>,
    flags: Flags,
    /// The current folder.
    here: PathBuf,
    now: LocalDateTime,
    catalog: Option<Arc<Catalog>>,
    /// The loaded policies, each with the index of its `[[policies]]` entry; `None` for `--policy`.
    policies: Vec<(Option<usize>, Arc<Policy>)>,
    /// Whether deadlines are not judged.
    ignores_time: bool,
    /// Whether targets only say which devices get a declaration, and availability is not checked.
    ignores_targets: bool,
    /// Whether `[[sets]]` entries only name what is merged.
    ignores_sets: bool,
    /// The config of files, by the `[[files]]` and `[[policies]]` entries that match them.
    cache: Mutex<HashMap<Matching, Arc<FileConfig>>>,
}

/// The indices of the `[[files]]` and `[[policies]]` entries that apply to a file, and of the `[[sets]]` entries with a channel.
type Matching = (Vec<usize>, Vec<usize>, Vec<usize>);

/// The effective config of one file.
#[derive(Debug)]
pub(crate) struct FileConfig {
    pub(crate) conditions: Conditions,
    pub(crate) severities: Severities,
}

/// A policy file to load.
#[derive(Debug)]
pub(crate) struct PolicySource {
    pub(crate) path: PathBuf,
    /// The path as written.
    pub(crate) name: String,
    /// The index of its `[[policies]]` entry; `None` for `--policy`.
    pub(crate) entry: Option<usize>,
}

/// The source of a value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Origin {
    /// Set neither on the command line nor in the file.
    Default,
    CommandLine,
    /// The place in the configuration file.
    File(Place),
}

impl EffectiveConfig {
    pub(crate) fn new(config: Option<Config>, flags: Flags, here: PathBuf, now: LocalDateTime) -> Self {
        let exclude = Arc::new(Exclude::new(config.as_ref(), &flags.exclude, &here));
        let schema = Conditions::default().schema;
        let cache = Mutex::default();
        Self {
            schema,
            config,
            exclude,
            flags,
            here,
            now,
            catalog: None,
            policies: Vec::new(),
            ignores_time: false,
            ignores_targets: false,
            ignores_sets: false,
            cache,
        }
    }

    /// Keeps what concerns the effect of declarations: the exclude patterns, the placeholders, the allowed keys, who
    /// activates, the channels and platforms of files, the identifiers of sets and the `--policy` files. No severities, no
    /// availability, no time.
    pub(crate) fn only_placeholders(mut self) -> Self {
        if let Some(config) = &mut self.config {
            let keys = Keys { allow: config.top.keys.allow.take() };
            let sets = std::mem::take(&mut config.top.sets);
            let (placeholders, activations) = (config.top.placeholders.take(), config.top.activations.take());
            let targets = config.top.targets.take();
            let mut files = std::mem::take(&mut config.top.files);
            for Located { value, .. } in &mut files {
                let (paths, targets, channel) = (value.paths.take(), value.targets.take(), value.channel.take());
                *value = Files { paths, targets, channel, ..Files::default() };
            }
            let top = Top { targets, placeholders, activations, keys, files, sets, ..Top::default() };
            *config = Config { is_found: config.is_found, ..Config::new(config.file.clone(), config.folder.clone(), top) };
        }
        let (activations, policies) = (self.flags.activations, std::mem::take(&mut self.flags.policies));
        let flags = Flags { activations, policies, ..Flags::default() };
        Self { flags, catalog: None, ignores_time: true, ignores_sets: true, ignores_targets: true, ..self }
    }

    /// Uses another release of Apple's schema.
    pub(crate) fn with_schema(self, schema: Schema) -> Self {
        Self { schema: Arc::new(schema), ..self }
    }

    /// The folder with Apple's schema, and the path as written; in the configuration it is relative to its folder.
    pub(crate) fn schema_folder(&self) -> (Option<(PathBuf, String)>, Origin) {
        let in_file = self.top().and_then(|top| top.apple_schema.as_ref()).map(|folder| (&*folder.value.0, &folder.place));
        self.named_path(self.flags.apple_schema.as_ref(), in_file)
    }

    /// Apple's schema.
    pub(crate) fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }

    pub(crate) fn config(&self) -> Option<&Config> {
        self.config.as_ref()
    }

    /// The files and folders to skip.
    pub(crate) fn exclude(&self) -> &Arc<Exclude> {
        &self.exclude
    }

    /// The exclude patterns: those of the configuration, then those of the flags.
    pub(crate) fn excluded(&self) -> [(Option<&Globs>, Origin); 2] {
        let flags = Some(&self.flags.exclude).filter(|flags| !flags.0.is_empty());
        [effective(None, self.top().and_then(|top| top.exclude.as_ref())), effective(flags, None)]
    }

    pub(crate) fn here(&self) -> &PathBuf {
        &self.here
    }

    /// Sets the time by which deadlines are judged, to the minute.
    pub(crate) fn set_now(&mut self, now: LocalDateTime) {
        let minutes = |time: LocalDateTime| time.naive().and_utc().timestamp().div_euclid(60);
        if minutes(self.now) != minutes(now) {
            self.now = now;
            self.cache = Mutex::default();
        }
    }

    /// Sets the catalogue of releases.
    pub(crate) fn with_catalog(self, catalog: Option<Catalog>) -> Self {
        Self { catalog: catalog.map(Arc::new), ..self }
    }

    /// The catalogue of releases.
    pub(crate) fn catalog(&self) -> Option<Arc<Catalog>> {
        self.catalog.clone()
    }

    /// The path of the catalogue, and the path as written; in the configuration it is relative to its folder.
    pub(crate) fn catalog_file(&self) -> (Option<(PathBuf, String)>, Origin) {
        let in_file = self.top().and_then(|top| top.catalog.as_ref()).map(|file| (&*file.value.0, &file.place));
        self.named_path(self.flags.catalog.as_ref(), in_file)
    }

    /// The path in a flag or, relative to the folder of the configuration, in the configuration.
    fn named_path(&self, flag: Option<&PathBuf>, in_file: Option<(&str, &Place)>) -> (Option<(PathBuf, String)>, Origin) {
        match (flag, &self.config, in_file) {
            (Some(path), ..) => (Some((path.clone(), path.to_string_lossy().into_owned())), Origin::CommandLine),
            (None, Some(config), Some((name, place))) => {
                (Some((config.folder.join(name), name.to_owned())), Origin::File(place.clone()))
            }
            _ => (None, Origin::Default),
        }
    }

    /// The policy files in order: those of the configuration, relative to its folder, then those of the flags.
    pub(crate) fn policy_sources(&self) -> Vec<PolicySource> {
        let entries =
            self.config.iter().flat_map(|config| config.top.policies.iter().enumerate().map(move |entry| (config, entry)));
        let named = entries.filter_map(|(config, (at, entry))| {
            let name = entry.value.file.as_ref()?.value.0.clone();
            Some(PolicySource { path: config.folder.join(&name), name, entry: Some(at) })
        });
        let from_flags = self.flags.policies.iter().map(|path| PolicySource {
            path: path.clone(),
            name: path.to_string_lossy().into_owned(),
            entry: None,
        });
        named.chain(from_flags).collect()
    }

    /// Sets the policies, each with the index of its `[[policies]]` entry.
    pub(crate) fn with_policies(self, policies: Vec<(Option<usize>, Arc<Policy>)>) -> Self {
        Self { policies, ..self }
    }

    /// The rules of all policies, in the order of loading.
    pub(crate) fn policy_rules(&self) -> impl Iterator<Item = &RuleRef> {
        self.policies.iter().map(|(_, policy)| &policy.rule)
    }

    /// The built-in rules, then those of the policies.
    pub(crate) fn rules(&self) -> impl Iterator<Item = &Rule> {
        RULES.iter().copied().chain(self.policy_rules().map(|rule| &**rule))
    }

    /// The policies on merged settings, and whether `--policy` names them.
    pub(crate) fn policies_on_merged(&self) -> impl Iterator<Item = (&Policy, bool)> {
        let all = self.policies.iter().map(|(entry, policy)| (&**policy, entry.is_none()));
        all.filter(|(policy, _)| policy.on == On::Merged)
    }

    /// The policies of a `[[policies]]` entry; `None` for those of `--policy`.
    pub(crate) fn policies_of(&self, entry: Option<usize>) -> impl Iterator<Item = &Policy> {
        self.policies.iter().filter(move |(of, _)| *of == entry).map(|(_, policy)| &**policy)
    }

    /// The policy ids that are used but defined nowhere, with the place in the configuration; `None` for a flag.
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

    /// The path of a file relative to the folder of the configuration.
    pub(crate) fn relative(&self, file: &str) -> Option<String> {
        self.config.as_ref()?.relative(&self.here, file)
    }

    /// The effective config of a file.
    pub(crate) fn for_file(&self, file: &str) -> Arc<FileConfig> {
        let entries = (self.entries(file), self.policy_entries(file), self.channel_entries(file));
        // The map is valid even after another thread has panicked.
        let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        cache.entry(entries).or_insert_with_key(|matching| Arc::new(self.file_config(matching))).clone()
    }

    /// The indices of the `[[files]]` entries that match a file.
    pub(crate) fn entries(&self, file: &str) -> Vec<usize> {
        self.matching(file, |config| &config.files)
    }

    /// The indices of the `[[sets]]` entries that match a file.
    pub(crate) fn sets(&self, file: &str) -> Vec<usize> {
        if self.ignores_sets { Vec::new() } else { self.matching(file, |config| &config.sets) }
    }

    /// The identifiers of the `[[sets]]` entries that match a file.
    pub(crate) fn set_identifiers(&self, file: &str) -> Vec<Identifier> {
        let sets = self.top().map_or(&[][..], |top| &top.sets);
        // Most configurations have none, and a run may have very many files.
        if sets.iter().all(|set| set.value.identifier.is_none()) {
            return Vec::new();
        }
        let identifier = |at: usize| sets.get(at)?.value.identifier.as_ref().map(|identifier| identifier.value.0.clone());
        self.matching(file, |config| &config.sets).into_iter().filter_map(identifier).collect()
    }

    /// The names of the `[[sets]]` entries: the identifier, else the number.
    pub(crate) fn set_names(&self) -> Vec<String> {
        let sets = self.top().map_or(&[][..], |top| &top.sets).iter().enumerate();
        let name = |(at, set): (usize, &Located<Set>)| match &set.value.identifier {
            Some(identifier) => identifier.value.0.as_str().to_owned(),
            None => (at + 1).to_string(),
        };
        sets.map(name).collect()
    }

    /// The indices of the `[[policies]]` entries that apply to a file: those that match it, and those without patterns.
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

    /// The indices of the `[[sets]]` entries that match a file and have a channel.
    fn channel_entries(&self, file: &str) -> Vec<usize> {
        let sets = self.top().map_or(&[][..], |top| &top.sets);
        let has_channel = |at: usize| sets.get(at).is_some_and(|set| set.value.channel.is_some());
        // Most configurations have none.
        if !(0..sets.len()).any(has_channel) {
            return Vec::new();
        }
        self.matching(file, |config| &config.sets).into_iter().filter(|at| has_channel(*at)).collect()
    }

    /// The channel of the declarations of a file that do not name theirs.
    fn channel(&self, files: &[usize], sets: &[usize]) -> Option<Channel> {
        let of_set = |at: &usize| self.top()?.sets.get(*at)?.value.channel.as_ref();
        let in_files = self.files(files).find_map(|files| files.channel.as_ref());
        in_files.or_else(|| sets.iter().rev().find_map(of_set)).map(|channel| channel.value)
    }

    fn file_config(&self, (entries, policies, sets): &Matching) -> FileConfig {
        let mut severities = Severities::default();
        for rule in self.rules() {
            let (level, origin) = self.level(rule, entries);
            if origin != Origin::Default {
                severities.set(rule, level);
            }
        }
        let placeholders = self.placeholders().0.to_vec();
        let mut targets: Vec<Target> = Vec::new();
        for target in self.targets(entries).0 {
            if !targets.contains(target) {
                targets.push(target.clone());
            }
        }
        let platforms = Platforms::of_targets(&targets);
        if self.ignores_targets {
            targets.clear();
        }
        FileConfig {
            conditions: Conditions {
                schema: self.schema.clone(),
                targets,
                platforms,
                channel: self.channel(entries, sets),
                allowed_keys: self.allowed_keys().0.iter().map(|key| key.0.clone()).collect(),
                placeholders: Placeholders::with(placeholders),
                as_of: (!self.ignores_time).then(|| self.as_of(entries).0),
                catalog: self.catalog.clone(),
                policies: self
                    .policies
                    .iter()
                    .filter(|(entry, _)| entry.is_none_or(|entry| policies.contains(&entry)))
                    .map(|(_, policy)| policy.clone())
                    .collect(),
                runs_optional: severities.has_optional(),
                is_configured: !entries.is_empty(),
            },
            severities,
        }
    }

    /// The top level of the configuration.
    fn top(&self) -> Option<&Top> {
        self.config.as_ref().map(|config| &config.top)
    }

    /// The `[[files]]` entries with these indices, last first, as the last one wins.
    fn files<'c>(&'c self, entries: &'c [usize]) -> impl Iterator<Item = &'c Files> {
        entries.iter().rev().filter_map(|at| Some(&self.top()?.files.get(*at)?.value))
    }

    /// The target devices of files with these entries.
    pub(crate) fn targets<'c>(&'c self, entries: &'c [usize]) -> (&'c [Target], Origin) {
        let flag = Some(&self.flags.targets).filter(|targets| !targets.is_empty());
        let top = self.top().and_then(|top| top.targets.as_ref());
        let (targets, origin) = effective(flag, self.files(entries).find_map(|files| files.targets.as_ref()).or(top));
        (targets.map_or(&[], Vec::as_slice), origin)
    }

    /// The time by which deadlines in files with these entries are judged.
    pub(crate) fn as_of(&self, entries: &[usize]) -> (LocalDateTime, Origin) {
        let top = self.top().and_then(|top| top.as_of.as_ref());
        let file = self.files(entries).find_map(|files| files.as_of.as_ref()).or(top);
        let (as_of, origin) = effective(self.flags.as_of.as_ref(), file);
        (as_of.copied().unwrap_or(self.now), origin)
    }

    /// The level of a rule in files with these entries; `None` is off.
    pub(crate) fn level(&self, rule: &Rule, entries: &[usize]) -> (Option<Severity>, Origin) {
        let flag = self.flags.levels.iter().rev().find(|(other, _)| **other == *rule.id);
        let mut levels = self.files(entries).map(|files| &files.rules).chain(self.top().map(|top| &top.rules));
        let file = levels.find_map(|levels| levels.0.iter().find(|level| *level.value.0 == *rule.id));
        let (level, origin) = effective(flag, file);
        (level.map_or((!rule.is_optional).then_some(rule.severity), |(_, level)| *level), origin)
    }

    /// The lowest severity that makes the command fail.
    pub(crate) fn fail_on(&self) -> (Severity, Origin) {
        let (severity, origin) = effective(self.flags.fail_on.as_ref(), self.top().and_then(|top| top.fail_on.as_ref()));
        (severity.copied().unwrap_or(Severity::Error), origin)
    }

    /// Who activates the configurations that no activation references.
    pub(crate) fn activations(&self) -> (Activations, Origin) {
        let in_file = self.top().and_then(|top| top.activations.as_ref());
        let (activations, origin) = effective(self.flags.activations.as_ref(), in_file);
        (activations.copied().unwrap_or_default(), origin)
    }

    /// The patterns of further placeholders.
    pub(crate) fn placeholders(&self) -> (&[regex::Regex], Origin) {
        let (patterns, origin) = effective(None, self.top().and_then(|top| top.placeholders.as_ref()));
        (patterns.map_or(&[], Vec::as_slice), origin)
    }

    /// The keys that are accepted although Apple's schema lacks them.
    pub(crate) fn allowed_keys(&self) -> (&[AllowedKey], Origin) {
        let (keys, origin) = effective(None, self.top().and_then(|top| top.keys.allow.as_ref()));
        (keys.map_or(&[], Vec::as_slice), origin)
    }

    /// Whether the configuration has `[[sets]]` entries.
    pub(crate) fn has_sets(&self) -> bool {
        !self.ignores_sets && self.top().is_some_and(|top| !top.sets.is_empty())
    }

    /// Whether any file enables a rule that is off by default.
    pub(crate) fn has_optional(&self) -> bool {
        let all: Vec<usize> = (0..self.top().map_or(0, |top| top.files.len())).collect();
        RULES.iter().any(|rule| rule.is_optional && self.level(rule, &all).0.is_some())
    }

    /// Whether `--target` overrides the configuration.
    pub(crate) fn has_target_flags(&self) -> bool {
        !self.flags.targets.is_empty()
    }

    /// Whether any file has target devices.
    pub(crate) fn has_targets(&self) -> bool {
        let has_targets = |top: &Top| top.targets.is_some() || top.files.iter().any(|files| files.value.targets.is_some());
        self.has_target_flags() || self.top().is_some_and(has_targets)
    }
}

/// The effective value: the flag's, else the file's.
fn effective<'v, T>(flag: Option<&'v T>, file: Option<&'v Located<T>>) -> (Option<&'v T>, Origin) {
    match (flag, file) {
        (Some(value), _) => (Some(value), Origin::CommandLine),
        (None, Some(file)) => (Some(&file.value), Origin::File(file.place.clone())),
        (None, None) => (None, Origin::Default),
    }
}

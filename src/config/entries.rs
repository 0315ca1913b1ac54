//! The entries of a configuration in a run: the findings that they accept, and which of them are good for nothing.

use std::path::{Path, PathBuf};

use super::{Config, Globs, Ignore, InForce, Located, absolute};
use crate::finding::{Finding, Place};
use crate::rules::{Check, Rule, unmatched_paths, unused_ignore};
use crate::set::Together;
use crate::words::{list, shown};

/// The entries of the configuration, and which of them were used so far.
pub(crate) struct Entries<'c> {
    in_force: &'c InForce,
    ignores: Vec<Entry<'c, Ignore>>,
    /// What holds for some files: `[[files]]`, `[[sets]]` and `[[policies]]`.
    others: Vec<Entry<'c, ()>>,
}

/// An entry, and what became of it.
struct Entry<'c, E> {
    value: &'c E,
    paths: Option<&'c Located<Globs>>,
    has_files: bool,
    is_used: bool,
}

impl<'c, E> Entry<'c, E> {
    fn new(value: &'c E, paths: Option<&'c Located<Globs>>) -> Self {
        Self { value, paths, has_files: false, is_used: false }
    }
}

/// What a run looked at, which tells whether it could have found what an entry is about.
pub(crate) struct Coverage<'r> {
    /// The files and folders that the command was given.
    pub(crate) inputs: &'r [PathBuf],
    pub(crate) together: Together,
    pub(crate) has_sets: bool,
}

impl<'c> Entries<'c> {
    pub(crate) fn new(in_force: &'c InForce) -> Self {
        let top = in_force.config().map(|config| &config.top);
        let ignores = top.iter().flat_map(|top| &top.ignore);
        let files = top.iter().flat_map(|top| &top.files).map(|files| files.value.paths.as_ref());
        let sets = top.iter().flat_map(|top| &top.sets).map(|set| set.value.paths.as_ref());
        let policies = top.iter().flat_map(|top| &top.policies).map(|policies| policies.value.paths.as_ref());
        Self {
            in_force,
            ignores: ignores.map(|ignore| Entry::new(&ignore.value, ignore.value.paths.as_ref())).collect(),
            others: files.chain(sets).chain(policies).map(|paths| Entry::new(&(), paths)).collect(),
        }
    }

    /// Notes that the run looks at a file.
    pub(crate) fn see(&mut self, file: &str) {
        let (Some(config), Some(path)) = (self.in_force.config(), self.in_force.relative(file)) else { return };
        for entry in config.ignores.matching(&path) {
            self.ignores[entry].has_files = true;
        }
        let sets = config.sets.matching(&path).into_iter().map(|entry| config.top.files.len() + entry);
        let before = config.top.files.len() + config.top.sets.len();
        let policies = config.policies.matching(&path).into_iter().map(|entry| before + entry);
        for entry in config.files.matching(&path).into_iter().chain(sets).chain(policies) {
            self.others[entry].has_files = true;
        }
    }

    /// Drops the findings of a file that an entry accepts.
    pub(crate) fn silence(&mut self, file: &str, findings: &mut Vec<Finding>) {
        let (Some(config), Some(path)) = (self.in_force.config(), self.in_force.relative(file)) else { return };
        let matching = config.ignores.matching(&path);
        if matching.is_empty() {
            return;
        }
        findings.retain(|finding| {
            let mut is_accepted = false;
            for entry in &matching {
                if accepts(self.ignores[*entry].value, self.in_force, finding) {
                    is_accepted = true;
                    self.ignores[*entry].is_used = true;
                }
            }
            !is_accepted
        });
    }

    /// The entries that were good for nothing, though the run looked everywhere where they might have been.
    pub(crate) fn unused(&self, coverage: &Coverage<'_>) -> Vec<Finding> {
        let Some(config) = self.in_force.config() else { return Vec::new() };
        let mut findings: Vec<Finding> =
            self.ignores.iter().filter_map(|entry| unused(entry, coverage, config, self.in_force)).collect();
        for entry in self.others.iter().filter(|entry| !entry.has_files) {
            let Some(paths) = entry.paths.filter(|paths| coverage.includes(&paths.value, config, self.in_force)) else {
                continue;
            };
            let message = format!("no file here matches {}", texts(&paths.value));
            let help = "mend the paths, which begin in the folder of this file, or remove the entry";
            findings.push(finding(&unmatched_paths::RULE, message, help, paths.place.clone()));
        }
        findings.sort_by_key(|finding| finding.place.start.offset);
        findings
    }
}

/// What is to be said of an entry that accepts nothing.
fn unused(entry: &Entry<'_, Ignore>, coverage: &Coverage<'_>, config: &Config, in_force: &InForce) -> Option<Finding> {
    let (rule, paths) = (entry.value.rule.as_ref()?, entry.paths?);
    let name = rule.value.id;
    let unused = |message, help, place: &Place| Some(finding(&unused_ignore::RULE, message, help, place.clone()));
    if let Some(until) = entry.value.until.as_ref().filter(|_| is_over(entry.value, in_force)) {
        let help = "remove it, or give it a later date if its reason still holds";
        return unused(format!("this ignore of {name} ended on {}", until.value), help, &until.place);
    }
    if entry.is_used || !coverage.includes(&paths.value, config, in_force) {
        return None;
    }
    if !entry.has_files {
        let help = "mend the paths, which begin in the folder of this file, or remove the entry";
        return unused(format!("this ignore silences nothing: no file here matches {}", texts(&paths.value)), help, &paths.place);
    }
    let message = format!("this ignore silences nothing: {name} finds nothing there");
    if coverage.has_judged(rule.value, config, in_force) { unused(message, "remove it", &rule.place) } else { None }
}

fn texts(globs: &Globs) -> String {
    list(&globs.texts().map(shown).collect::<Vec<_>>(), "or")
}

fn finding(rule: &'static Rule, message: String, help: &str, place: Place) -> Finding {
    Finding {
        rule,
        severity: rule.severity,
        message,
        help: Some(help.to_owned()),
        identifier: None,
        declaration_type: None,
        place,
        related: Vec::new(),
        fix: None,
    }
}

/// Whether the last day of an entry has passed.
fn is_over(entry: &Ignore, in_force: &InForce) -> bool {
    let today = in_force.as_of(&[]).0.naive().date();
    entry.until.as_ref().is_some_and(|until| until.value < today)
}

/// Whether an entry accepts a finding of a file that its patterns match.
fn accepts(entry: &Ignore, in_force: &InForce, finding: &Finding) -> bool {
    let is_rule = entry.rule.as_ref().is_some_and(|rule| rule.value.id == finding.rule.id);
    let is_place = entry.pointer.as_ref().is_none_or(|pointer| {
        finding.place.pointer.strip_prefix(pointer.value.0.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    });
    is_rule && is_place && !is_over(entry, in_force)
}

impl Coverage<'_> {
    /// Whether the run looked at everything that some patterns can match.
    fn includes(&self, globs: &Globs, config: &Config, in_force: &InForce) -> bool {
        globs.bases().all(|base| self.has(&config.folder.join(base), in_force))
    }

    /// Whether a file or folder is one of the inputs, or in one and not excluded.
    fn has(&self, path: &Path, in_force: &InForce) -> bool {
        let is_below = |input: &&PathBuf| path.starts_with(absolute(in_force.here(), input));
        self.inputs.iter().filter(is_below).any(|input| !in_force.exclude().clone().below(input)(path))
    }

    /// Whether the run judged by a rule as the configuration has it: some rules need targets, some all of the declarations.
    fn has_judged(&self, rule: &Rule, config: &Config, in_force: &InForce) -> bool {
        match rule.check {
            Check::Placement(_) if rule.is_optional => in_force.has_optional(),
            Check::Placement(_) => in_force.has_targets() && !in_force.has_own_targets(),
            Check::Combination(_) | Check::Enforcements(_) | Check::References(_)
                if self.together != Together::All && !self.has_sets =>
            {
                false
            }
            _ => !rule.compares_declarations() || self.has(&config.folder, in_force),
        }
    }
}

//! The entries of a configuration in a run: the findings that they accept, and which of them are good for nothing.

use std::path::{Path, PathBuf};

use super::{Config, Globs, Ignore, InForce, Index, Located, RuleId, absolute};
use crate::diagnostic::{Diagnostic, Place};
use crate::rules::{Check, Rule, unmatched_paths, unused_ignore};
use crate::set::Together;
use crate::words::{list, shown};

/// The entries of the configuration, and which of them were used so far.
pub(crate) struct Entries<'c> {
    in_force: &'c InForce,
    /// `[[ignore]]`, `[[files]]`, `[[sets]]` and `[[policies]]`, with the patterns of each.
    kinds: Vec<(&'c Index, Vec<Entry<'c>>)>,
}

/// An entry, and what became of it.
#[derive(Default)]
struct Entry<'c> {
    paths: Option<&'c Located<Globs>>,
    ignore: Option<&'c Ignore>,
    has_files: bool,
    is_used: bool,
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
        let Some(config) = in_force.config() else { return Self { in_force, kinds: Vec::new() } };
        let top = &config.top;
        let entry = |paths: &'c Option<Located<Globs>>| Entry { paths: paths.as_ref(), ..Entry::default() };
        let ignore = |ignore: &'c Located<Ignore>| Entry { ignore: Some(&ignore.value), ..entry(&ignore.value.paths) };
        let kinds = vec![
            (&config.ignores, top.ignore.iter().map(ignore).collect()),
            (&config.files, top.files.iter().map(|files| entry(&files.value.paths)).collect()),
            (&config.sets, top.sets.iter().map(|set| entry(&set.value.paths)).collect()),
            (&config.policies, top.policies.iter().map(|policies| entry(&policies.value.paths)).collect()),
        ];
        Self { in_force, kinds }
    }

    /// Notes that the run looks at a file.
    pub(crate) fn see(&mut self, file: &str) {
        let Some(path) = self.in_force.relative(file) else { return };
        for (index, entries) in &mut self.kinds {
            for at in index.matching(&path) {
                entries[at].has_files = true;
            }
        }
    }

    /// Drops the findings of a file that an entry accepts.
    pub(crate) fn silence(&mut self, file: &str, findings: &mut Vec<Diagnostic>) {
        let (Some(path), Some((index, ignores))) = (self.in_force.relative(file), self.kinds.first_mut()) else { return };
        let matching = index.matching(&path);
        findings.retain(|finding| {
            let mut is_accepted = false;
            for at in &matching {
                let entry = &mut ignores[*at];
                if entry.ignore.is_some_and(|ignore| accepts(ignore, self.in_force, finding)) {
                    is_accepted = true;
                    entry.is_used = true;
                }
            }
            !is_accepted
        });
    }

    /// The entries that were good for nothing, though the run looked everywhere where they might have been.
    pub(crate) fn unused(&self, coverage: &Coverage<'_>) -> Vec<Diagnostic> {
        let Some(config) = self.in_force.config() else { return Vec::new() };
        let all = self.kinds.iter().flat_map(|(_, entries)| entries);
        let mut findings: Vec<Diagnostic> = all.filter_map(|entry| unused(entry, coverage, config, self.in_force)).collect();
        findings.sort_by_key(|finding| finding.place.start.offset);
        findings
    }
}

/// What is to be said of an entry that matches no file, or that accepts nothing.
fn unused(entry: &Entry<'_>, coverage: &Coverage<'_>, config: &Config, in_force: &InForce) -> Option<Diagnostic> {
    let paths = entry.paths?;
    let is_covered = || coverage.includes(&paths.value, config, in_force);
    let unmatched = || format!("no file here matches {}", texts(&paths.value));
    let mend = "mend the paths, which begin in the folder of this file, or remove the entry";
    let Some(ignore) = entry.ignore else {
        let is_unmatched = !entry.has_files && is_covered();
        return is_unmatched.then(|| unmatched_paths::RULE.at(paths.place.clone(), unmatched()).help(mend));
    };
    let rule = ignore.rule.as_ref()?;
    let name = &*rule.value;
    let unused = |message: String, help: &str, place: &Place| Some(unused_ignore::RULE.at(place.clone(), message).help(help));
    if let Some(until) = ignore.until.as_ref().filter(|_| is_over(ignore, in_force)) {
        let help = "remove it, or give it a later date if its reason still holds";
        return unused(format!("this ignore of {name} ended on {}", until.value), help, &until.place);
    }
    if entry.is_used || !is_covered() {
        return None;
    }
    if !entry.has_files {
        return unused(format!("this ignore silences nothing: {}", unmatched()), mend, &paths.place);
    }
    let message = format!("this ignore silences nothing: {name} finds nothing there");
    if coverage.has_judged(&rule.value, config, in_force) { unused(message, "remove it", &rule.place) } else { None }
}

fn texts(globs: &Globs) -> String {
    list(&globs.texts().map(shown).collect::<Vec<_>>(), "or")
}

/// Whether the last day of an entry has passed.
fn is_over(entry: &Ignore, in_force: &InForce) -> bool {
    let today = in_force.as_of(&[]).0.naive().date();
    entry.until.as_ref().is_some_and(|until| until.value < today)
}

/// Whether an entry accepts a finding of a file that its patterns match.
fn accepts(entry: &Ignore, in_force: &InForce, finding: &Diagnostic) -> bool {
    let is_rule = entry.rule.as_ref().is_some_and(|rule| *rule.value == *finding.rule.id);
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

    /// Whether the run judged by a rule as the configuration has it. Policies are, some rules need targets, some all of the
    /// declarations.
    fn has_judged(&self, rule: &RuleId, config: &Config, in_force: &InForce) -> bool {
        let Some(rule) = Rule::find(rule) else { return true };
        match rule.check() {
            Some(Check::Placement(_)) if rule.is_optional => in_force.has_optional(),
            Some(Check::Placement(_)) => in_force.has_targets() && !in_force.has_own_targets(),
            Some(Check::Combination(_) | Check::Enforcements(_) | Check::References(_))
                if self.together != Together::All && !self.has_sets =>
            {
                false
            }
            _ => !rule.compares_declarations() || self.has(&config.folder, in_force),
        }
    }
}

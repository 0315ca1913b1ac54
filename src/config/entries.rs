//! The entries of a configuration during a run: drops the findings that they accept, and reports the entries with no
//! effect.

use std::path::{Path, PathBuf};

use super::{Config, EffectiveConfig, Globs, Ignore, Index, Located, RuleId, absolute};
use crate::diagnostic::{Diagnostic, Place, Suppressed};
use crate::rules::{Check, Rule, unmatched_paths, unused_ignore};
use crate::set::Together;
use crate::words::{list, shown};

/// The entries of the configuration, and which have been used so far.
pub(crate) struct Entries<'c> {
    effective: &'c EffectiveConfig,
    /// The `[[ignore]]`, `[[files]]`, `[[sets]]` and `[[policies]]` entries, with the patterns of each kind.
    kinds: Vec<(&'c Index, Vec<Entry<'c>>)>,
}

/// An entry, and whether it has been used.
#[derive(Default)]
struct Entry<'c> {
    paths: Option<&'c Located<Globs>>,
    ignore: Option<&'c Ignore>,
    has_files: bool,
    is_used: bool,
}

/// The extent of a run: tells whether it could have used an entry.
pub(crate) struct Coverage<'r> {
    /// The paths on the command line.
    pub(crate) inputs: &'r [PathBuf],
    pub(crate) together: Together,
    pub(crate) has_sets: bool,
}

impl<'c> Entries<'c> {
    pub(crate) fn new(effective: &'c EffectiveConfig) -> Self {
        let Some(config) = effective.config() else { return Self { effective, kinds: Vec::new() } };
        let top = &config.top;
        let entry = |paths: &'c Option<Located<Globs>>| Entry { paths: paths.as_ref(), ..Entry::default() };
        let ignore = |ignore: &'c Located<Ignore>| Entry { ignore: Some(&ignore.value), ..entry(&ignore.value.paths) };
        let kinds = vec![
            (&config.ignores, top.ignore.iter().map(ignore).collect()),
            (&config.files, top.files.iter().map(|files| entry(&files.value.paths)).collect()),
            (&config.sets, top.sets.iter().map(|set| entry(&set.value.paths)).collect()),
            (&config.policies, top.policies.iter().map(|policies| entry(&policies.value.paths)).collect()),
        ];
        Self { effective, kinds }
    }

    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.kinds.iter().all(|(_, entries)| entries.is_empty())
    }

    /// Records that the run reads a file.
    pub(crate) fn mark_seen(&mut self, file: &str) {
        let Some(path) = self.effective.relative(file) else { return };
        for (index, entries) in &mut self.kinds {
            for at in index.matching(&path) {
                entries[at].has_files = true;
            }
        }
    }

    /// Drops the findings of a file that an `[[ignore]]` entry accepts, and returns them with the reason of the first such
    /// entry.
    pub(crate) fn drop_ignored(&mut self, file: &str, findings: &mut Vec<Diagnostic>) -> Vec<Suppressed<'c>> {
        let mut dropped = Vec::new();
        let (Some(path), Some((index, ignores))) = (self.effective.relative(file), self.kinds.first_mut()) else {
            return dropped;
        };
        let matching = index.matching(&path);
        if matching.is_empty() {
            return dropped;
        }
        for finding in std::mem::take(findings) {
            let mut reason = None;
            for at in &matching {
                let entry = &mut ignores[*at];
                if let Some(ignore) = entry.ignore.filter(|ignore| accepts(ignore, self.effective, &finding)) {
                    entry.is_used = true;
                    reason = reason.or(ignore.reason.as_ref().map(|reason| reason.value.0.as_str()));
                }
            }
            match reason {
                Some(reason) => dropped.push(Suppressed { finding, reason }),
                None => findings.push(finding),
            }
        }
        dropped
    }

    /// Findings for the entries that had no effect although the run covered all their paths.
    pub(crate) fn unused(&self, coverage: &Coverage<'_>) -> Vec<Diagnostic> {
        let Some(config) = self.effective.config() else { return Vec::new() };
        let all = self.kinds.iter().flat_map(|(_, entries)| entries);
        let mut findings: Vec<Diagnostic> = all.filter_map(|entry| unused(entry, coverage, config, self.effective)).collect();
        findings.sort_by_key(|finding| finding.place.start.offset);
        findings
    }
}

/// The finding for an entry that matches no file or accepts nothing.
fn unused(entry: &Entry<'_>, coverage: &Coverage<'_>, config: &Config, effective: &EffectiveConfig) -> Option<Diagnostic> {
    let paths = entry.paths?;
    let is_covered = || coverage.covers_all(&paths.value, config, effective);
    let unmatched = || format!("no file matches {}", texts(&paths.value));
    let fix = "fix the paths, which are relative to the folder of this file, or remove the entry";
    let Some(ignore) = entry.ignore else {
        let is_unmatched = !entry.has_files && is_covered();
        return is_unmatched.then(|| unmatched_paths::RULE.at(paths.place.clone(), unmatched()).help(fix));
    };
    let rule = ignore.rule.as_ref()?;
    let name = &*rule.value;
    let unused = |message: String, help: &str, place: &Place| Some(unused_ignore::RULE.at(place.clone(), message).help(help));
    if let Some(until) = ignore.until.as_ref().filter(|_| is_expired(ignore, effective)) {
        let help = "remove the entry, or set a later date if its reason still applies";
        return unused(format!("this ignore of {name} expired on {}", until.value), help, &until.place);
    }
    if entry.is_used || !is_covered() {
        return None;
    }
    if !entry.has_files {
        return unused(format!("this ignore has no effect: {}", unmatched()), fix, &paths.place);
    }
    let message = format!("this ignore has no effect: {name} reports nothing there");
    if coverage.has_checked(&rule.value, config, effective) { unused(message, "remove the entry", &rule.place) } else { None }
}

fn texts(globs: &Globs) -> String {
    list(&globs.texts().map(shown).collect::<Vec<_>>(), "or")
}

/// Whether the last day of an entry has passed.
fn is_expired(entry: &Ignore, effective: &EffectiveConfig) -> bool {
    let today = effective.as_of(&[]).0.naive().date();
    entry.until.as_ref().is_some_and(|until| until.value < today)
}

/// Whether an entry accepts a finding of a file that its patterns match.
fn accepts(entry: &Ignore, effective: &EffectiveConfig, finding: &Diagnostic) -> bool {
    let is_rule = entry.rule.as_ref().is_some_and(|rule| *rule.value == *finding.rule.id);
    let is_place = entry.pointer.as_ref().is_none_or(|pointer| {
        finding.place.pointer.strip_prefix(pointer.value.0.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    });
    is_rule && is_place && !is_expired(entry, effective)
}

impl Coverage<'_> {
    /// Whether the run read everything that the patterns can match.
    fn covers_all(&self, globs: &Globs, config: &Config, effective: &EffectiveConfig) -> bool {
        globs.bases().all(|base| self.covers(&config.folder.join(base), effective))
    }

    /// Whether a path is an input, or below one and not excluded.
    fn covers(&self, path: &Path, effective: &EffectiveConfig) -> bool {
        let is_below = |input: &&PathBuf| path.starts_with(absolute(effective.here(), input));
        self.inputs.iter().filter(is_below).any(|input| !effective.exclude().clone().excludes_below(input)(path))
    }

    /// Whether the run applied a rule as configured. Some rules need targets, some need all declarations; policies
    /// always run.
    fn has_checked(&self, rule: &RuleId, config: &Config, effective: &EffectiveConfig) -> bool {
        let Some(rule) = Rule::find(rule) else { return true };
        match rule.check() {
            Some(Check::Placement(_)) if rule.is_optional => effective.has_optional(),
            Some(Check::Placement(_)) => effective.has_targets() && !effective.has_target_flags(),
            Some(Check::Combination(_) | Check::Enforcements(_) | Check::References(_))
                if self.together != Together::All && !self.has_sets =>
            {
                false
            }
            _ => !rule.compares_declarations() || self.covers(&config.folder, effective),
        }
    }
}

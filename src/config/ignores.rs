//! The findings that a repository accepts, and the entries that accept nothing.

use std::path::{Path, PathBuf};

use super::{Config, Ignore, InForce, Located, absolute};
use crate::finding::{Finding, Place};
use crate::rules::{Check, Rule, unused_ignore};
use crate::set::Together;
use crate::words::shown;

/// The `[[ignore]]` entries of a run, and which of them were used.
pub(crate) struct Ignores<'c> {
    in_force: &'c InForce,
    entries: &'c [Located<Ignore>],
    is_used: Vec<bool>,
}

/// What a run looked at, which tells whether it could have found what an entry is about.
pub(crate) struct Coverage<'r> {
    /// The files and folders that the command was given.
    pub(crate) inputs: &'r [PathBuf],
    pub(crate) together: Together,
    pub(crate) has_sets: bool,
}

impl<'c> Ignores<'c> {
    pub(crate) fn new(in_force: &'c InForce) -> Self {
        let entries = in_force.config().map_or(&[] as &[_], |config| config.top.ignore.as_slice());
        Self { in_force, entries, is_used: vec![false; entries.len()] }
    }

    /// Drops the findings that an entry accepts.
    pub(crate) fn silence(&mut self, findings: &mut Vec<Finding>) {
        if self.entries.is_empty() {
            return;
        }
        let Some(config) = self.in_force.config() else { return };
        findings.retain(|finding| {
            let path = config.relative(self.in_force.here(), &finding.place.file);
            let mut is_accepted = false;
            for (entry, is_used) in self.entries.iter().zip(&mut self.is_used) {
                if path.as_ref().is_some_and(|path| accepts(&entry.value, self.in_force, finding, path)) {
                    is_accepted = true;
                    *is_used = true;
                }
            }
            !is_accepted
        });
    }

    /// The entries that accepted nothing, though the run looked everywhere where they might have, and those whose time is over.
    pub(crate) fn unused(&self, coverage: &Coverage<'_>) -> Vec<Finding> {
        let Some(config) = self.in_force.config() else { return Vec::new() };
        let mut findings = Vec::new();
        for (entry, is_used) in self.entries.iter().zip(&self.is_used) {
            let Some(rule) = entry.value.rule.as_ref() else { continue };
            let name = rule.value.id;
            if let Some(until) = entry.value.until.as_ref().filter(|_| is_over(&entry.value, self.in_force)) {
                let message = format!("this ignore of {name} ended on {}", until.value);
                let help = "remove it, or give it a later date if its reason still holds";
                findings.push(finding(message, help, until.place.clone()));
            } else if !is_used && coverage.includes(&entry.value, config, self.in_force, rule.value) {
                let message = format!("this ignore silences nothing: {name} finds nothing there");
                let mut help = "remove it".to_owned();
                if let Some(paths) = &entry.value.paths {
                    let texts: Vec<String> = paths.value.texts().map(shown).collect();
                    help = format!("remove it, or mend its paths: {}", texts.join(", "));
                }
                findings.push(finding(message, &help, rule.place.clone()));
            }
        }
        findings
    }
}

fn finding(message: String, help: &str, place: Place) -> Finding {
    Finding {
        rule: &unused_ignore::RULE,
        severity: unused_ignore::RULE.severity,
        message,
        help: Some(help.to_owned()),
        identifier: None,
        declaration_type: None,
        place,
        related: Vec::new(),
    }
}

/// Whether the last day of an entry has passed.
fn is_over(entry: &Ignore, in_force: &InForce) -> bool {
    let today = in_force.as_of(&[]).0.naive().date();
    entry.until.as_ref().is_some_and(|until| until.value < today)
}

fn accepts(entry: &Ignore, in_force: &InForce, finding: &Finding, path: &str) -> bool {
    let is_rule = entry.rule.as_ref().is_some_and(|rule| rule.value.id == finding.rule.id);
    let is_place = entry.pointer.as_ref().is_none_or(|pointer| {
        finding.place.pointer.strip_prefix(pointer.value.0.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    });
    is_rule && is_place && entry.paths.as_ref().is_some_and(|paths| paths.value.match_path(path)) && !is_over(entry, in_force)
}

impl Coverage<'_> {
    /// Whether the run looked at everything that an entry may be about, and in the way that its rule needs.
    fn includes(&self, entry: &Ignore, config: &Config, in_force: &InForce, rule: &Rule) -> bool {
        let is_run = match rule.check {
            Check::Placement(_) if rule.is_optional => in_force.has_optional(),
            Check::Placement(_) => in_force.has_targets(),
            Check::Combination(_) | Check::References(_) => self.together == Together::All || self.has_sets,
            _ => true,
        };
        let looks_at = |base: &Path| {
            let base = config.folder.join(base);
            self.inputs.iter().any(|input| base.starts_with(absolute(in_force.here(), input)))
        };
        is_run && entry.paths.as_ref().is_some_and(|paths| paths.value.bases().all(|base| looks_at(&base)))
    }
}

//! Leaves out the fixes that add errors.
//!
//! An error is known by its rule and its place. Places move with the edits, so those of the old errors are mapped to the
//! new text.

use std::collections::HashSet;
use std::ops::Range;

use super::apply::{apply_edits, non_overlapping};
use crate::diagnostic::{Diagnostic, Edit, Fix, Severity};

/// The maximum number of rounds that leave out the fixes at the places of new errors.
const MAX_ROUNDS: usize = 8;

/// The maximum number of attempts with the fixes that no place tells apart. Each lints the text.
const MAX_ATTEMPTS: usize = 64;

/// The errors of a text before it is fixed.
pub(super) struct Guard<'t> {
    text: &'t [u8],
    errors: Vec<Error>,
}

struct Error {
    rule: String,
    span: Range<usize>,
}

/// Fixes, and the text with them.
struct Outcome<'f> {
    fixes: Vec<&'f Fix>,
    /// The errors that the text did not have before.
    new: Vec<Error>,
}

impl<'t> Guard<'t> {
    pub(super) fn new(text: &'t [u8], findings: &[Diagnostic]) -> Self {
        Self { text, errors: errors(findings) }
    }

    /// Returns fixes that do not overlap and add no errors. If it refuses a fix, another one at the same place gets its turn.
    pub(super) fn choose<'f>(&self, mut fixes: Vec<&'f Fix>, lint: &impl Fn(&[u8]) -> Vec<Diagnostic>) -> Vec<&'f Fix> {
        for _ in 0..MAX_ROUNDS {
            let tried = non_overlapping(&fixes);
            let chosen = self.settle(tried.clone(), lint);
            if !chosen.is_empty() || tried.is_empty() {
                return chosen;
            }
            fixes.retain(|fix| !tried.iter().any(|tried| std::ptr::eq(*tried, *fix)));
        }
        Vec::new()
    }

    /// Returns those of the fixes that add no errors.
    fn settle<'f>(&self, fixes: Vec<&'f Fix>, lint: &impl Fn(&[u8]) -> Vec<Diagnostic>) -> Vec<&'f Fix> {
        let mut kept = fixes;
        let mut doubtful: Vec<&Fix> = Vec::new();
        for round in 0.. {
            let outcome = self.outcome(&kept, lint);
            if outcome.new.is_empty() {
                break;
            }
            let blamed = outcome.blamed();
            if blamed.is_empty() || round == MAX_ROUNDS {
                doubtful.append(&mut kept);
                break;
            }
            let is_blamed = |fix: &&Fix| blamed.contains(&std::ptr::from_ref(*fix));
            doubtful.extend(kept.iter().copied().filter(is_blamed));
            kept.retain(|fix| !is_blamed(fix));
        }
        // Half of them at a time, then half of that.
        let mut groups = vec![doubtful];
        for _ in 0..MAX_ATTEMPTS {
            let Some(group) = groups.pop() else { break };
            let both: Vec<&Fix> = kept.iter().chain(&group).copied().collect();
            if group.is_empty() || self.outcome(&both, lint).new.is_empty() {
                kept = both;
            } else if group.len() > 1 {
                let (first, second) = group.split_at(group.len() / 2);
                groups.extend([second.to_vec(), first.to_vec()]);
            }
        }
        kept
    }

    fn outcome<'f>(&self, fixes: &[&'f Fix], lint: &impl Fn(&[u8]) -> Vec<Diagnostic>) -> Outcome<'f> {
        let known = self.moved(fixes);
        let is_new = |error: &Error| !known.contains(&(error.rule.as_str(), error.span.start));
        let found = if fixes.is_empty() { Vec::new() } else { errors(&lint(&apply_edits(self.text, fixes))) };
        Outcome { fixes: fixes.to_vec(), new: found.into_iter().filter(is_new).collect() }
    }

    /// The rules and places of the old errors in the text with these fixes.
    fn moved(&self, fixes: &[&Fix]) -> HashSet<(&str, usize)> {
        let places = Places::of(fixes);
        let mut moved = HashSet::new();
        for error in &self.errors {
            moved.insert((error.rule.as_str(), places.map(error.span.start)));
            let copies = places.copies(self.text, &error.span);
            moved.extend(copies.into_iter().map(|copy| (error.rule.as_str(), copy)));
        }
        moved
    }
}

impl Outcome<'_> {
    /// The fixes with edits at the places of the new errors.
    fn blamed(&self) -> HashSet<*const Fix> {
        let places = Places::of(&self.fixes);
        let touches = |error: &Error, range: &Range<usize>| range.start <= error.span.end && error.span.start <= range.end;
        let edited = |error: &Error| places.edits.iter().filter(|edit| touches(error, &edit.new)).map(|edit| edit.fix).collect();
        // The errors at one edit are due to it. Others may be due to any of several.
        let (certain, others): (Vec<HashSet<_>>, Vec<HashSet<_>>) =
            self.new.iter().map(edited).partition(|fixes: &HashSet<_>| fixes.len() == 1);
        if certain.is_empty() { others.into_iter().flatten().collect() } else { certain.into_iter().flatten().collect() }
    }
}

/// The edits of fixes, in text order, with their places in the new text.
struct Places<'f> {
    edits: Vec<Placed<'f>>,
}

struct Placed<'f> {
    fix: *const Fix,
    siblings: &'f [Edit],
    edit: &'f Edit,
    new: Range<usize>,
}

impl<'f> Places<'f> {
    fn of(fixes: &[&'f Fix]) -> Self {
        let all = fixes.iter().flat_map(|fix| fix.edits.iter().map(|edit| (std::ptr::from_ref(*fix), &*fix.edits, edit)));
        let mut all: Vec<_> = all.collect();
        all.sort_by_key(|(_, _, edit)| (edit.start, edit.end));
        let (mut added, mut removed) = (0, 0);
        let placed = all.into_iter().map(|(fix, siblings, edit)| {
            let start = edit.start + added - removed;
            added += edit.text.len();
            removed += edit.end - edit.start;
            Placed { fix, siblings, edit, new: start..start + edit.text.len() }
        });
        Self { edits: placed.collect() }
    }

    /// The new place of an offset of the old text; the start of the edit that replaces it.
    fn map(&self, offset: usize) -> usize {
        let before = self.edits.partition_point(|placed| placed.edit.start <= offset);
        match before.checked_sub(1).map(|last| &self.edits[last]) {
            None => offset,
            Some(placed) if offset < placed.edit.end => placed.new.start,
            Some(placed) => placed.new.end + (offset - placed.edit.end),
        }
    }

    /// The places of a removed text in what the same fix inserts elsewhere: the text was moved.
    fn copies(&self, text: &[u8], span: &Range<usize>) -> Vec<usize> {
        let at = self.edits.partition_point(|placed| placed.edit.start <= span.start);
        let Some(home) = at.checked_sub(1).map(|last| &self.edits[last]).filter(|home| span.end <= home.edit.end) else {
            return Vec::new();
        };
        let text = text.get(span.clone()).unwrap_or_default();
        let inserted = self.edits.iter().filter(|placed| placed.fix == home.fix && home.siblings.len() > 1);
        let found = inserted.filter_map(|placed| {
            Some(placed.new.start + memchr::memmem::rfind(placed.edit.text.as_bytes(), text)?).filter(|_| !text.is_empty())
        });
        found.collect()
    }
}

fn errors(findings: &[Diagnostic]) -> Vec<Error> {
    let is_error = |finding: &&Diagnostic| finding.rule.severity == Severity::Error && finding.severity == Severity::Error;
    let error = |finding: &Diagnostic| Error {
        rule: finding.rule.id.to_string(),
        span: finding.place.start.offset..finding.place.end.offset,
    };
    findings.iter().filter(is_error).map(error).collect()
}

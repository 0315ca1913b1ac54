//! Leaves out the fixes that add errors.
//!
//! An error is known by its rule and its place. Places move with the edits, so those of the old errors are mapped to the
//! new text.

use std::collections::HashSet;
use std::ops::Range;

use super::apply::{apply_edits, non_overlapping};
use crate::diagnostic::{Diagnostic, Edit, Fix, Severity};
use crate::rules::too_many_findings;

/// The maximum number of rounds that leave out the fixes at the places of new errors.
const MAX_ROUNDS: usize = 8;

/// The maximum number of times that the fixes at the places of refused ones get their turn.
const MAX_TURNS: usize = 8;

/// The maximum number of times that a text is linted, so that the time is linear.
const MAX_LINTS: usize = 200;

/// The maximum number of bytes that are linted, after the first few times.
const MAX_LINTED_BYTES: usize = 1 << 26;

/// How many times a text of any size is linted.
const FREE_LINTS: usize = 4;

/// A text and its findings.
pub(super) struct State {
    pub(super) text: Vec<u8>,
    pub(super) findings: Vec<Diagnostic>,
}

/// Lints texts with fixes, and compares their errors.
pub(super) struct Guard<L> {
    lint: L,
    /// How often it linted, and how many bytes.
    lints: usize,
    bytes: usize,
    is_exhausted: bool,
}

struct Error {
    rule: String,
    span: Range<usize>,
}

/// A text with some fixes.
struct Outcome<'f> {
    fixes: Vec<&'f Fix>,
    state: State,
    /// The errors that the text did not have before.
    new: Vec<Error>,
}

impl<L: Fn(&[u8]) -> Vec<Diagnostic>> Guard<L> {
    pub(super) fn new(lint: L) -> Self {
        Self { lint, lints: 0, bytes: 0, is_exhausted: false }
    }

    /// The findings of a text; `None` if it may not lint again.
    pub(super) fn lint(&mut self, text: &[u8]) -> Option<Vec<Diagnostic>> {
        self.is_exhausted = self.lints >= MAX_LINTS || self.lints >= FREE_LINTS && self.bytes > MAX_LINTED_BYTES;
        if self.is_exhausted {
            return None;
        }
        self.lints += 1;
        self.bytes += text.len();
        Some((self.lint)(text))
    }

    pub(super) fn is_exhausted(&self) -> bool {
        self.is_exhausted
    }

    /// Applies fixes that do not overlap and add no errors, and returns the result with their number. If it refuses a fix,
    /// another one at the same place gets its turn.
    pub(super) fn choose(&mut self, state: &State, mut fixes: Vec<&Fix>) -> Option<(State, usize)> {
        for _ in 0..MAX_TURNS {
            let tried = non_overlapping(&fixes);
            if tried.is_empty() {
                return None;
            }
            if let Some(Outcome { fixes, state, .. }) = self.settle(state, tried.clone()) {
                return Some((state, fixes.len()));
            }
            fixes.retain(|fix| !tried.iter().any(|tried| std::ptr::eq(*tried, *fix)));
        }
        None
    }

    /// Applies those of the fixes that add no errors.
    fn settle<'f>(&mut self, state: &State, fixes: Vec<&'f Fix>) -> Option<Outcome<'f>> {
        let mut kept = fixes;
        let mut doubtful: Vec<&Fix> = Vec::new();
        let mut best = None;
        for round in 1.. {
            let Some(outcome) = self.outcome(state, &kept) else { break };
            if outcome.new.is_empty() {
                best = Some(outcome);
                break;
            }
            let blamed = outcome.blamed();
            if blamed.is_empty() || round >= MAX_ROUNDS {
                doubtful.append(&mut kept);
                break;
            }
            let is_blamed = |fix: &&Fix| blamed.contains(&std::ptr::from_ref(*fix));
            doubtful.extend(kept.iter().copied().filter(is_blamed));
            kept.retain(|fix| !is_blamed(fix));
        }
        // Half of them at a time, then half of that.
        let mut groups = if doubtful.is_empty() { Vec::new() } else { vec![doubtful] };
        while let Some(group) = groups.pop() {
            let both: Vec<&Fix> = kept.iter().chain(&group).copied().collect();
            match self.outcome(state, &both) {
                None => break,
                Some(outcome) if outcome.new.is_empty() => {
                    kept = both;
                    best = Some(outcome);
                }
                Some(_) if group.len() > 1 => {
                    let (first, second) = group.split_at(group.len() / 2);
                    groups.extend([second.to_vec(), first.to_vec()]);
                }
                Some(_) => {}
            }
        }
        best
    }

    /// The text with these fixes; `None` without any, and if it may not be linted.
    fn outcome<'f>(&mut self, state: &State, fixes: &[&'f Fix]) -> Option<Outcome<'f>> {
        if fixes.is_empty() {
            return None;
        }
        let text = apply_edits(&state.text, fixes);
        let findings = self.lint(&text)?;
        let places = Places::of(fixes);
        let old = errors(&state.findings);
        let known = places.moved(&state.text, &old);
        // If there were too many findings, an error far from the edits may be an old one that was left out.
        let is_partial = state.findings.iter().any(|finding| finding.rule.id == too_many_findings::RULE.id);
        let is_new = |error: &Error| {
            !known.contains(&(error.rule.as_str(), error.span.start)) && (!is_partial || places.touched(error).next().is_some())
        };
        let new = errors(&findings).into_iter().filter(is_new).collect();
        Some(Outcome { fixes: fixes.to_vec(), state: State { text, findings }, new })
    }
}

impl Outcome<'_> {
    /// The fixes with edits at the places of the new errors.
    fn blamed(&self) -> HashSet<*const Fix> {
        let places = Places::of(&self.fixes);
        let edited = |error: &Error| places.touched(error).map(|edit| edit.fix).collect();
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

    /// The edits at the place of an error in the new text.
    fn touched(&self, error: &Error) -> impl Iterator<Item = &Placed<'f>> {
        let (start, end) = (error.span.start, error.span.end);
        let from = self.edits.partition_point(|edit| edit.new.end < start);
        self.edits[from..].iter().take_while(move |edit| edit.new.start <= end)
    }

    /// The rules and places of the old errors in the new text.
    fn moved<'e>(&self, text: &[u8], old: &'e [Error]) -> HashSet<(&'e str, usize)> {
        let mut moved = HashSet::new();
        for error in old {
            moved.insert((error.rule.as_str(), self.map(error.span.start)));
            let copies = self.copies(text, &error.span);
            moved.extend(copies.into_iter().map(|copy| (error.rule.as_str(), copy)));
        }
        moved
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

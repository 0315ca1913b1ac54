//! Applies non-overlapping fixes to a text, lints the result, and repeats until no fix is left that adds no error.

use super::guard::{Guard, State};
use crate::diagnostic::{Diagnostic, Fix};

/// A fixed text.
pub(crate) struct Fixed {
    pub(crate) text: Vec<u8>,
    /// The number of fixed findings among those of the original text.
    pub(crate) count: usize,
    /// The number of fixed findings that came to light while fixing, such as the value of a renamed key.
    pub(crate) uncovered: usize,
    /// Whether the limit of a run was reached, so that another run may fix more.
    pub(crate) has_more: bool,
}

/// The maximum number of passes. One fix can enable another, for example in the value of a moved key, but no document
/// nests many of them.
const MAX_PASSES: usize = 50;

/// Fixes a text. `lint` returns the findings of a text; `select` removes those not to fix. Returns `None` if the text
/// does not change.
///
/// Each fix stands alone: one that adds an error is left out, and keeps no other one back.
pub(crate) fn apply(
    text: &[u8],
    lint: impl Fn(&[u8]) -> Vec<Diagnostic>,
    mut select: impl FnMut(&mut Vec<Diagnostic>),
    takes_unsafe: bool,
) -> Option<Fixed> {
    let mut guard = Guard::new(lint);
    let mut state = State { text: text.to_vec(), findings: guard.lint(text)? };
    let (mut fixable, mut applied, mut count, mut has_more) = (None, 0, 0, true);
    for _ in 0..MAX_PASSES {
        let mut wanted = state.findings.clone();
        select(&mut wanted);
        let fixes: Vec<&Fix> = wanted.iter().filter_map(|finding| finding.fix.as_ref()).collect();
        let fixes: Vec<&Fix> = fixes.into_iter().filter(|fix| fix.is_safe || takes_unsafe).collect();
        let first = *fixable.get_or_insert(fixes.len());
        count = first.saturating_sub(fixes.len());
        let Some((next, number)) = guard.choose(&state, fixes) else {
            has_more = guard.is_exhausted();
            break;
        };
        applied += number;
        state = next;
    }
    let uncovered = applied.saturating_sub(count);
    (state.text != text).then_some(Fixed { text: state.text, count, uncovered, has_more })
}

/// Selects fixes that do not overlap, in text order. If two overlap, the earlier one wins.
pub(super) fn non_overlapping<'f>(fixes: &[&'f Fix]) -> Vec<&'f Fix> {
    let mut taken: Vec<(usize, usize)> = Vec::new();
    let mut chosen = Vec::new();
    let mut sorted = fixes.to_vec();
    sorted.sort_by_key(|fix| fix.edits.first().map_or(0, |edit| edit.start));
    for fix in sorted {
        // Two insertions at the same offset conflict too.
        let is_free = |start: usize, end: usize| {
            let before = taken.partition_point(|(other, _)| *other <= end);
            taken[..before].iter().rev().take(NEIGHBOURS).all(|(_, other)| *other < start)
        };
        if fix.edits.iter().all(|edit| is_free(edit.start, edit.end)) {
            for edit in &fix.edits {
                let at = taken.partition_point(|(other, _)| *other < edit.start);
                taken.insert(at, (edit.start, edit.end));
            }
            chosen.push(fix);
        }
    }
    chosen
}

/// How many preceding edits to compare with. Taken ranges do not overlap, so only the nearest ones can conflict.
const NEIGHBOURS: usize = 4;

pub(super) fn apply_edits(text: &[u8], fixes: &[&Fix]) -> Vec<u8> {
    let mut edits: Vec<_> = fixes.iter().flat_map(|fix| &fix.edits).collect();
    edits.sort_by_key(|edit| (edit.start, edit.end));
    let mut new = Vec::with_capacity(text.len());
    let mut from = 0;
    for edit in edits {
        new.extend_from_slice(&text[from..edit.start]);
        new.extend_from_slice(edit.text.as_bytes());
        from = edit.end;
    }
    new.extend_from_slice(&text[from..]);
    new
}

//! Mends a text: applies fixes that do not get into each other's way, reads the result, and begins again until nothing is left to do.

use crate::diagnostic::{Diagnostic, Fix, Severity};

/// A text that was mended.
pub(crate) struct Fixed {
    pub(crate) text: Vec<u8>,
    /// How many fixes were applied.
    pub(crate) count: usize,
    /// Whether nothing is left to do.
    pub(crate) is_done: bool,
}

/// How often a text is read again: a moved key may have a misspelled value, and no document has many layers of that.
const MOST_PASSES: usize = 50;

/// How many fixes are tried one by one where together they do harm.
const MOST_TRIED: usize = 200;

/// Mends a text. `lint` finds what is wrong with a text, `is_wanted` says which findings are to be mended. `None` if nothing was done.
///
/// No fix is taken after which the text has more errors than before.
pub(crate) fn mend(
    text: &[u8],
    lint: impl Fn(&[u8]) -> Vec<Diagnostic>,
    mut is_wanted: impl FnMut(&mut Vec<Diagnostic>),
    takes_unsafe: bool,
) -> Option<Fixed> {
    let mut result = Fixed { text: text.to_vec(), count: 0, is_done: false };
    for _ in 0..MOST_PASSES {
        let mut findings = lint(&result.text);
        let errors = errors(&findings);
        is_wanted(&mut findings);
        let fixes: Vec<&Fix> = findings.iter().filter_map(|finding| finding.fix.as_ref()).collect();
        let fixes: Vec<&Fix> = fixes.into_iter().filter(|fix| fix.is_safe || takes_unsafe).collect();
        let chosen = apart(&fixes);
        if chosen.is_empty() {
            result.is_done = true;
            break;
        }
        let together = applied(&result.text, &chosen);
        if self::errors(&lint(&together)) <= errors {
            result.text = together;
            result.count += chosen.len();
            continue;
        }
        let alone = chosen.iter().take(MOST_TRIED).find_map(|fix| {
            let text = applied(&result.text, &[fix]);
            (self::errors(&lint(&text)) <= errors).then_some(text)
        });
        let Some(text) = alone else {
            result.is_done = true;
            break;
        };
        result.text = text;
        result.count += 1;
    }
    (result.count > 0 && result.text != text).then_some(result)
}

fn errors(findings: &[Diagnostic]) -> usize {
    findings.iter().filter(|finding| finding.rule.severity == Severity::Error && finding.severity == Severity::Error).count()
}

/// Fixes of which no two touch the same bytes, the first ones first.
fn apart<'f>(fixes: &[&'f Fix]) -> Vec<&'f Fix> {
    let mut taken: Vec<(usize, usize)> = Vec::new();
    let mut chosen = Vec::new();
    let mut sorted = fixes.to_vec();
    sorted.sort_by_key(|fix| fix.edits.first().map_or(0, |edit| edit.start));
    for fix in sorted {
        // Two insertions at one place are in each other's way too.
        let is_free = |start: usize, end: usize| {
            let before = taken.partition_point(|(other, _)| *other <= end);
            taken[..before].iter().rev().take(MOST_EDITS).all(|(_, other)| *other < start)
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

/// Ranges that are taken do not overlap, so only the last ones before a place can reach it.
const MOST_EDITS: usize = 4;

fn applied(text: &[u8], fixes: &[&Fix]) -> Vec<u8> {
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

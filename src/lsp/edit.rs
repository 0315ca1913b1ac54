//! Edits of a text, one after the other.
//!
//! The text has a gap where the last edit was, so an edit takes time for its distance from the one before, not for the size of
//! the text: an editor that replaces a word everywhere sends thousands of edits in order.

use std::ops::Range;

use super::text::{Change, Encoding, Point, column};
use crate::limits::MAX_EDITED_BYTES;

/// A step to the next line takes as long as looking at some bytes.
const STEP: usize = 32;

/// A text with a gap at the start of a line.
struct Gapped {
    /// What is in the gap means nothing.
    bytes: Vec<u8>,
    gap: Range<usize>,
    /// The number of the line after the gap.
    line: usize,
    /// How many bytes were looked at.
    passed: usize,
    encoding: Encoding,
}

/// Applies changes to a text, one after the other. `None` if that takes too long.
pub(super) fn apply(text: String, mut changes: Vec<Change>, encoding: Encoding) -> Option<String> {
    // A new text replaces what was done before.
    let first = changes.iter().rposition(|change| change.range.is_none());
    let rest = first.map_or(0, |first| first + 1);
    let text = first.map_or(text, |first| std::mem::take(&mut changes[first].text));
    let changes = &changes[rest..];
    if changes.is_empty() {
        return Some(text);
    }
    let room = changes.iter().map(|change| change.text.len()).sum();
    let mut bytes = vec![0; room];
    bytes.extend(text.into_bytes());
    let mut text = Gapped { bytes, gap: 0..room, line: 0, passed: 0, encoding };
    for Change { range, text: new } in changes {
        let Some(range) = range else { continue };
        text.replace(range.start.min(range.end), range.start.max(range.end), new.as_bytes());
        if text.passed > MAX_EDITED_BYTES {
            return None;
        }
    }
    text.bytes.drain(text.gap);
    String::from_utf8(text.bytes).ok()
}

impl Gapped {
    fn before(&self) -> &[u8] {
        &self.bytes[..self.gap.start]
    }

    fn after(&self) -> &[u8] {
        &self.bytes[self.gap.end..]
    }

    fn replace(&mut self, start: Point, end: Point, new: &[u8]) {
        self.seek(start.line);
        let line = self.gap.start;
        let (start, end) = (self.offset(start), self.offset(end));
        self.move_to(line + start);
        self.gap.end += end - start;
        self.bytes[self.gap.start..][..new.len()].copy_from_slice(new);
        self.gap.start += new.len();
        self.move_to(line);
        if self.before().ends_with(b"\r") && self.after().starts_with(b"\n") {
            // The two are one line break now.
            self.line -= 1;
            self.move_to(start_of_line(&self.before()[..line - 1]));
        }
    }

    /// Moves the gap to the start of a line; to that of the last one if there are fewer.
    fn seek(&mut self, line: usize) {
        while self.line > line {
            let ending = if self.before().ends_with(b"\r\n") { 2 } else { 1 };
            self.move_to(start_of_line(&self.before()[..self.gap.start - ending]));
            self.line -= 1;
        }
        while self.line < line {
            let Some(length) = length_of_line(self.after()) else { return };
            self.move_to(self.gap.start + length);
            self.line += 1;
        }
    }

    /// Where a position is after the gap. It must not be before the gap.
    fn offset(&mut self, point: Point) -> usize {
        let (after, mut at, mut steps) = (self.after(), 0, 0);
        for _ in self.line..point.line {
            let length = length_of_line(&after[at..]);
            at += length.unwrap_or(after.len() - at);
            steps += STEP;
            if length.is_none() {
                break;
            }
        }
        let line = &after[at..];
        let line = &line[..length_of_line(line).unwrap_or(line.len())];
        let column = str::from_utf8(line).map_or(0, |line| column(line, point.character, self.encoding));
        self.passed += at + line.len() + steps;
        at + column
    }

    /// Moves the gap to a place in the text.
    fn move_to(&mut self, at: usize) {
        let Range { start, end } = self.gap;
        let distance = start.abs_diff(at);
        if at < start {
            self.bytes.copy_within(at..start, end - distance);
            self.gap = at..end - distance;
        } else {
            self.bytes.copy_within(end..end + distance, start);
            self.gap = at..end + distance;
        }
        self.passed += distance + STEP;
    }
}

/// The length of the first line with its line break. `None` if it is the last one.
fn length_of_line(text: &[u8]) -> Option<usize> {
    let end = memchr::memchr2(b'\n', b'\r', text)?;
    Some(if text[end..].starts_with(b"\r\n") { end + 2 } else { end + 1 })
}

/// Where the last line begins.
fn start_of_line(text: &[u8]) -> usize {
    memchr::memrchr2(b'\n', b'\r', text).map_or(0, |end| end + 1)
}

#[cfg(test)]
mod tests {
    use super::super::text::{Lines, Span};
    use super::*;

    /// The same, with a new text for each edit.
    fn slowly(mut text: String, changes: &[Change], encoding: Encoding) -> String {
        for Change { range, text: new } in changes {
            let Some(range) = range else {
                text.clone_from(new);
                continue;
            };
            let lines = Lines::of(&text, encoding);
            let (start, end) = (lines.offset(range.start), lines.offset(range.end));
            text.replace_range(start.min(end)..start.max(end), new);
        }
        text
    }

    fn change([a, b, c, d]: [usize; 4], text: &str) -> Change {
        let range = Span { start: Point { line: a, character: b }, end: Point { line: c, character: d } };
        Change { range: Some(range), text: text.to_owned() }
    }

    fn whole(text: &str) -> Change {
        Change { range: None, text: text.to_owned() }
    }

    #[test]
    fn changes_follow_one_another() {
        let all = || vec![change([0, 3, 1, 0], ""), change([0, 3, 0, 3], " "), change([0, 7, 0, 4], "2")];
        assert_eq!(apply("one\r\ntwo".to_owned(), all(), Encoding::Utf16).as_deref(), Some("one 2"));
        let all = vec![change([0, 0, 0, 0], "lost"), whole("x"), change([0, 1, 0, 1], "y"), change([9, 9, usize::MAX, 0], "z")];
        assert_eq!(apply("one".to_owned(), all, Encoding::Utf8).as_deref(), Some("xyz"));
        assert_eq!(apply("one".to_owned(), vec![whole("x")], Encoding::Utf8).as_deref(), Some("x"));
        assert_eq!(apply("one".to_owned(), Vec::new(), Encoding::Utf8).as_deref(), Some("one"));
    }

    #[test]
    fn the_gap_changes_nothing() {
        let parts = ["", "", "\r", "\n", "\r\n", "\n\r", "a", "\u{e9}", "\u{1f600}b", "c\rd\ne\r\n"];
        for seed in 0..2000 {
            let mut random = fastrand::Rng::with_seed(seed);
            let mut part = || parts[random.usize(..parts.len())];
            let text: String = (0..12).map(|_| part()).collect();
            let mut random = fastrand::Rng::with_seed(!seed);
            let mut number = |most| random.usize(..most);
            let changes = (0..8).map(|_| {
                let range = [number(8), number(4), number(8), number(4)];
                if number(12) == 0 { whole(parts[number(parts.len())]) } else { change(range, parts[number(parts.len())]) }
            });
            let changes: Vec<Change> = changes.collect();
            for encoding in [Encoding::Utf8, Encoding::Utf16] {
                let expected = slowly(text.clone(), &changes, encoding);
                let again = changes.iter().map(|change| Change { range: change.range, text: change.text.clone() }).collect();
                assert_eq!(apply(text.clone(), again, encoding), Some(expected), "{seed}: {text:?} {changes:?}");
            }
        }
    }

    #[test]
    fn many_edits_of_a_long_text_are_applied_or_refused() {
        let text = "x\n".repeat(1 << 18);
        let upwards = |line| change([line, 0, line, 1], "yy");
        let sorted = (0..1 << 18).rev().map(upwards).collect();
        assert_eq!(apply(text.clone(), sorted, Encoding::Utf16), Some("yy\n".repeat(1 << 18)));
        let apart = (0..100_000).map(|at| upwards(if at % 2 == 0 { 0 } else { (1 << 18) - 1 })).collect();
        assert_eq!(apply(text, apart, Encoding::Utf16), None);
    }
}

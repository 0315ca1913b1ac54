//! Where something stands in a file, for people and for editors.

use std::ops::Range;

use serde::Serialize;

/// A place in a file.
///
/// Lines and columns count from 1, columns in Unicode characters; the offset counts bytes from 0, a byte-order mark included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct Position {
    /// The line, from 1. Lines end with a line feed.
    pub line: usize,
    /// The column, from 1, in Unicode characters.
    pub column: usize,
    /// The distance from the start of the file, in bytes.
    pub offset: usize,
}

impl Position {
    /// The start of a file.
    pub const START: Self = Self { line: 1, column: 1, offset: 0 };

    /// The place right after `text`, when `text` begins at this place and has no line feed.
    pub(crate) fn along(self, text: &[u8]) -> Self {
        Self { line: self.line, column: self.column + characters(text), offset: self.offset + text.len() }
    }

    /// The place right after `text`, when `text` begins at this place.
    fn after(self, text: &[u8]) -> Self {
        let offset = self.offset + text.len();
        match memchr::memrchr(b'\n', text) {
            None => self.along(text),
            Some(last) => Self {
                line: self.line + memchr::memchr_iter(b'\n', text).count(),
                column: 1 + characters(&text[last + 1..]),
                offset,
            },
        }
    }
}

/// Counts characters without decoding them: every byte that does not continue one begins one.
fn characters(text: &[u8]) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    let begins = |byte: &u8| u8::from((*byte & 0xC0) != 0x80);
    // The compiler adds up many bytes at once, as long as the sum is a byte too.
    text.chunks(usize::from(u8::MAX)).map(|part| usize::from(part.iter().map(begins).sum::<u8>())).sum()
}

/// Turns byte offsets of one text into positions.
///
/// It remembers where it has been, so that the text is read about once, however many findings a document of a single line has and
/// in whatever order they are asked for.
pub(crate) struct Locator<'t> {
    text: &'t [u8],
    origin: Position,
    last: Position,
    /// The last line that was told, and where it ends.
    line: Position,
    line_end: usize,
    /// Some of the positions passed so far, in ascending order.
    passed: Vec<Position>,
}

/// How far apart the remembered positions are, in bytes.
const STRIDE: usize = 1 << 12;

impl<'t> Locator<'t> {
    /// `text` begins at `origin` of its file.
    pub(crate) fn new(text: &'t [u8], origin: Position) -> Self {
        Self { text, origin, last: origin, line: origin, line_end: origin.offset, passed: Vec::new() }
    }

    /// Tells where a line stands, which need not be counted then: it comes this many lines after the text, which begins with a line.
    pub(crate) fn tell_line(&mut self, number: usize, line: &Range<usize>) {
        self.line = Position { line: self.origin.line + number, column: 1, offset: self.origin.offset + line.start };
        self.line_end = self.origin.offset + line.end;
        self.last = self.line;
    }

    /// The position of the byte `offset` of the text; an offset beyond the end is its end.
    pub(crate) fn position(&mut self, offset: usize) -> Position {
        let target = self.origin.offset + offset.min(self.text.len());
        // The nearest place before the target that is known: the last one, the line that was told, or one that was passed.
        let mut at = if self.last.offset <= target { self.last } else { self.line };
        if target < at.offset || target > at.offset + STRIDE {
            let before = self.passed.partition_point(|passed| passed.offset <= target);
            let passed = before.checked_sub(1).map_or(self.origin, |before| self.passed[before]);
            at = if at.offset <= target { at.max(passed) } else { passed };
        }
        while at.offset < target {
            let step = target.min(at.offset + STRIDE);
            let passed = &self.text[at.offset - self.origin.offset..step - self.origin.offset];
            at = if at >= self.line && step <= self.line_end { at.along(passed) } else { at.after(passed) };
            if self.passed.last().map_or(self.origin.offset, |passed| passed.offset) + STRIDE <= at.offset {
                self.passed.push(at);
            }
        }
        self.last = at;
        at
    }
}

/// How many bytes of byte-order mark `bytes` begins with: 0 or 3.
pub(crate) fn strip_byte_order_mark(bytes: &[u8]) -> usize {
    if bytes.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_offsets_count_bytes() {
        let text = "ä\r\n日x".as_bytes();
        let mut locator = Locator::new(text, Position::START);
        let at = |line, column, offset| Position { line, column, offset };
        assert_eq!(locator.position(2), at(1, 2, 2));
        assert_eq!(locator.position(7), at(2, 2, 7));
        assert_eq!(locator.position(4), at(2, 1, 4), "going back is allowed");
        assert_eq!(locator.position(99), at(2, 3, 8), "beyond the end is the end");
    }

    #[test]
    fn a_text_that_begins_inside_a_file_keeps_the_positions_of_the_file() {
        let origin = Position { line: 3, column: 1, offset: 40 };
        let position = Locator::new(b"{\"a\": 1}", origin).position(6);
        assert_eq!((position.line, position.column, position.offset), (3, 7, 46));
    }
}

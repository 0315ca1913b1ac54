//! Converts byte offsets to positions.

use std::ops::Range;

use crate::diagnostic::Position;

/// Converts byte offsets of one text to positions.
///
/// It caches positions, so that the text is read about once, whatever the number and order of the requests.
pub(crate) struct Locator<'t> {
    text: &'t [u8],
    origin: Position,
    last: Position,
    /// The start of the line given by [`tell_line`](Self::tell_line), and the offset of its end.
    line: Position,
    line_end: usize,
    /// Whether a carriage return ends a line.
    has_returns: bool,
    /// The cached positions, in ascending order.
    passed: Vec<Position>,
}

/// The distance between cached positions, in bytes.
const STRIDE: usize = 1 << 12;

impl<'t> Locator<'t> {
    /// Creates a locator for `text`, which begins at `origin` of its file.
    pub(crate) fn new(text: &'t [u8], origin: Position) -> Self {
        Self { text, origin, last: origin, line: origin, line_end: origin.offset, has_returns: true, passed: Vec::new() }
    }

    /// Lets only line feeds end lines, as in files with one declaration per line.
    pub(crate) fn end_lines_at_feeds(&mut self) {
        self.has_returns = false;
    }

    /// Sets the span of the line `number`, counted from 0 at the start of the text, so that lines before it need not be
    /// counted.
    pub(crate) fn tell_line(&mut self, number: usize, line: &Range<usize>) {
        self.line = Position { line: self.origin.line + number, column: 1, offset: self.origin.offset + line.start };
        self.line_end = self.origin.offset + line.end;
        self.last = self.line;
    }

    /// The position of a byte offset in the text. An offset beyond the end means the end.
    pub(crate) fn position(&mut self, offset: usize) -> Position {
        let target = self.origin.offset + offset.min(self.text.len());
        // Start from the nearest known position before the target: the last one, the given line, or a cached one.
        let mut at = if self.last.offset <= target { self.last } else { self.line };
        if target < at.offset || target > at.offset + STRIDE {
            let before = self.passed.partition_point(|passed| passed.offset <= target);
            let passed = before.checked_sub(1).map_or(self.origin, |before| self.passed[before]);
            at = if at.offset <= target { at.max(passed) } else { passed };
        }
        while at.offset < target {
            let step = target.min(at.offset + STRIDE);
            let passed = &self.text[at.offset - self.origin.offset..step - self.origin.offset];
            at = match passed {
                _ if at >= self.line && step <= self.line_end => at.along(passed),
                _ if !self.has_returns => at.after_feeds(passed),
                // `\r\n` is split here: the line ends after the line feed.
                [before @ .., b'\r'] if self.text.get(step - self.origin.offset) == Some(&b'\n') => at.after(before).along(b"\r"),
                _ => at.after(passed),
            };
            if self.passed.last().map_or(self.origin.offset, |passed| passed.offset) + STRIDE <= at.offset {
                self.passed.push(at);
            }
        }
        self.last = at;
        at
    }
}

/// The length of the UTF-8 byte-order mark at the start of `bytes`: 0 or 3.
pub(crate) fn strip_byte_order_mark(bytes: &[u8]) -> usize {
    if bytes.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_columns_in_characters_and_offsets_in_bytes() {
        let text = "ä\r\n日x".as_bytes();
        let mut locator = Locator::new(text, Position::START);
        let at = |line, column, offset| Position { line, column, offset };
        assert_eq!(locator.position(2), at(1, 2, 2));
        assert_eq!(locator.position(7), at(2, 2, 7));
        assert_eq!(locator.position(4), at(2, 1, 4), "goes back");
        assert_eq!(locator.position(99), at(2, 3, 8), "beyond the end is the end");
    }

    #[test]
    fn carriage_returns_end_lines() {
        let text = b"a\rb\r\nc\n\rd";
        let lines = [1, 1, 2, 2, 2, 3, 3, 4, 5, 5];
        let columns = [1, 2, 1, 2, 3, 1, 2, 1, 1, 2];
        let mut one = Locator::new(text, Position::START);
        for offset in 0..10 {
            let at = Position { line: lines[offset], column: columns[offset], offset };
            assert_eq!((one.position(offset), Locator::new(text, Position::START).position(offset)), (at, at));
        }
    }

    #[test]
    fn positions_are_relative_to_the_file() {
        let origin = Position { line: 3, column: 1, offset: 40 };
        let position = Locator::new(b"{\"a\": 1}", origin).position(6);
        assert_eq!((position.line, position.column, position.offset), (3, 7, 46));
    }
}

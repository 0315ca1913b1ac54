//! From byte offsets to positions.

use std::ops::Range;

use crate::diagnostic::Position;

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
    /// Whether a carriage return ends a line too.
    has_returns: bool,
    /// Some of the positions passed so far, in ascending order.
    passed: Vec<Position>,
}

/// How far apart the remembered positions are, in bytes.
const STRIDE: usize = 1 << 12;

impl<'t> Locator<'t> {
    /// `text` begins at `origin` of its file.
    pub(crate) fn new(text: &'t [u8], origin: Position) -> Self {
        Self { text, origin, last: origin, line: origin, line_end: origin.offset, has_returns: true, passed: Vec::new() }
    }

    /// Only line feeds end lines, as in a file with a declaration on each line.
    pub(crate) fn end_lines_at_feeds(&mut self) {
        self.has_returns = false;
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
            at = match passed {
                _ if at >= self.line && step <= self.line_end => at.along(passed),
                _ if !self.has_returns => at.after_feeds(passed),
                // The line does not end before the line feed that belongs to the carriage return.
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
    fn carriage_returns_end_lines_too() {
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
    fn a_text_that_begins_inside_a_file_keeps_the_positions_of_the_file() {
        let origin = Position { line: 3, column: 1, offset: 40 };
        let position = Locator::new(b"{\"a\": 1}", origin).position(6);
        assert_eq!((position.line, position.column, position.offset), (3, 7, 46));
    }
}

//! Positions in the text of a document, as the client counts them.

use serde::{Deserialize, Serialize};

/// What the characters of a position count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Encoding {
    /// Bytes.
    Utf8,
    /// Code units of UTF-16.
    #[default]
    Utf16,
}

impl Encoding {
    /// The name in the protocol.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf16 => "utf-16",
        }
    }

    fn width(self, character: char) -> usize {
        match self {
            Self::Utf8 => character.len_utf8(),
            Self::Utf16 => character.len_utf16(),
        }
    }
}

/// A position of the protocol: both numbers count from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Point {
    pub(super) line: usize,
    pub(super) character: usize,
}

/// A range of the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Span {
    pub(super) start: Point,
    pub(super) end: Point,
}

/// A change of a document: of a part, or of all of it.
#[derive(Debug, Deserialize)]
pub(super) struct Change {
    #[serde(default)]
    pub(super) range: Option<Span>,
    pub(super) text: String,
}

/// A text, and where its lines begin.
pub(super) struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
    encoding: Encoding,
}

impl<'t> Lines<'t> {
    /// The lines of a text. A line feed, a carriage return, or both end one.
    pub(super) fn of(text: &'t str, encoding: Encoding) -> Self {
        let bytes = text.as_bytes();
        let is_end = |at: &usize| bytes[*at] == b'\n' || bytes.get(at + 1) != Some(&b'\n');
        let ends = memchr::memchr2_iter(b'\n', b'\r', bytes).filter(is_end);
        let starts = std::iter::once(0).chain(ends.map(|at| at + 1)).collect();
        Self { text, starts, encoding }
    }

    /// The position of a byte offset. An offset within a character means its start.
    pub(super) fn point(&self, offset: usize) -> Point {
        let offset = self.text.floor_char_boundary(offset);
        let line = self.starts.partition_point(|start| *start <= offset) - 1;
        // Between the two characters of a line break there is no position.
        let before = self.text[self.starts[line]..offset].trim_end_matches('\r');
        let character = if before.is_ascii() { before.len() } else { before.chars().map(|c| self.encoding.width(c)).sum() };
        Point { line, character }
    }

    /// The range of some bytes, with all of each character.
    pub(super) fn span(&self, range: &std::ops::Range<usize>) -> Span {
        Span { start: self.point(range.start), end: self.point(self.text.ceil_char_boundary(range.end)) }
    }

    /// The byte offset of a position. Beyond the end of a line means its end, before the line break.
    pub(super) fn offset(&self, point: Point) -> usize {
        let Some(start) = self.starts.get(point.line).copied() else { return self.text.len() };
        let end = self.starts.get(point.line + 1).copied().unwrap_or(self.text.len());
        start + column(&self.text[start..end], point.character, self.encoding)
    }
}

/// Where a character is in a line. Beyond the end means the end, before the line break; within a character, its start.
pub(super) fn column(line: &str, character: usize, encoding: Encoding) -> usize {
    let line = line.trim_end_matches(['\n', '\r']);
    let mut left = character;
    for (at, character) in line.char_indices() {
        let width = encoding.width(character);
        if left < width {
            return at;
        }
        left -= width;
    }
    line.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_bytes_or_code_units() {
        let text = "a\u{e9}\u{1f600}b\r\n\rc\n";
        for (offset, line, bytes, units) in
            [(0, 0, 0, 0), (1, 0, 1, 1), (3, 0, 3, 2), (7, 0, 7, 4), (8, 0, 8, 5), (10, 1, 0, 0), (11, 2, 0, 0), (13, 3, 0, 0)]
        {
            for (encoding, character) in [(Encoding::Utf8, bytes), (Encoding::Utf16, units)] {
                let lines = Lines::of(text, encoding);
                let point = Point { line, character };
                assert_eq!((lines.point(offset), lines.offset(point)), (point, offset), "{offset} {encoding:?}");
            }
        }
        let lines = Lines::of(text, Encoding::Utf16);
        let at = |line, character| lines.offset(Point { line, character });
        assert_eq!([at(0, 3), at(0, 99), at(1, 1), at(9, 9), at(usize::MAX, 0)], [3, 8, 10, 13, 13]);
        assert_eq!(lines.point(99), Point { line: 3, character: 0 });
    }
}

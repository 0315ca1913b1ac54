//! Positions in a file.

use serde::Serialize;

/// A position in a file.
///
/// Lines and columns count from 1, columns in Unicode characters. The offset counts bytes from 0 and includes a
/// byte-order mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct Position {
    /// The line, from 1. Lines end with a line feed, a carriage return, or both.
    pub line: usize,
    /// The column, from 1, in Unicode characters.
    pub column: usize,
    /// The byte offset from the start of the file.
    pub offset: usize,
}

impl Position {
    /// The start of a file.
    pub const START: Self = Self { line: 1, column: 1, offset: 0 };

    /// The position after `text`, which begins here and has no line break.
    pub(crate) fn along(self, text: &[u8]) -> Self {
        Self { line: self.line, column: self.column + characters(text), offset: self.offset + text.len() }
    }

    /// The position after `text`, which begins here.
    pub(crate) fn after(self, text: &[u8]) -> Self {
        if memchr::memchr(b'\r', text).is_some() {
            return self.after_returns(text);
        }
        self.after_feeds(text)
    }

    /// Like [`after`](Self::after), but only line feeds end lines, as in files with one declaration per line.
    pub(crate) fn after_feeds(self, text: &[u8]) -> Self {
        match memchr::memrchr(b'\n', text) {
            None => self.along(text),
            Some(last) => Self {
                line: self.line + memchr::memchr_iter(b'\n', text).count(),
                column: 1 + characters(&text[last + 1..]),
                offset: self.offset + text.len(),
            },
        }
    }

    /// Like [`after`](Self::after), for a text with carriage returns. `\r\n` is one line break.
    fn after_returns(self, text: &[u8]) -> Self {
        let is_break = |at: &usize| text[*at] == b'\n' || text.get(at + 1) != Some(&b'\n');
        let (mut line, mut begins) = (self.line, None);
        for at in memchr::memchr2_iter(b'\n', b'\r', text).filter(is_break) {
            (line, begins) = (line + 1, Some(at + 1));
        }
        let Some(begins) = begins else { return self.along(text) };
        Self { line, column: 1 + characters(&text[begins..]), offset: self.offset + text.len() }
    }
}

/// Counts characters without decoding them: counts all bytes except UTF-8 continuation bytes.
fn characters(text: &[u8]) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    let begins = |byte: &u8| u8::from((*byte & 0xC0) != 0x80);
    // The compiler vectorises the sum because it is a `u8`; chunks of 255 bytes cannot overflow it.
    text.chunks(usize::from(u8::MAX)).map(|part| usize::from(part.iter().map(begins).sum::<u8>())).sum()
}

//! Skips unreadable text.

use std::ops::Range;

use crate::syntax::language;
use crate::syntax::lexer::{self, is_blank, is_word};
use crate::syntax::parser::{Parser, Step};

/// The maximum lookahead for the end of a line or word, in bytes.
const REACH: usize = 1 << 12;

impl Parser<'_> {
    /// Skips unreadable text and continues after it.
    pub(super) fn skip(&mut self, at: usize) -> Step {
        self.excused = self.junk(at);
        Step::After(self.excused)
    }

    /// The end of unreadable text: before the next comma, closing bracket, line break or key outside strings and
    /// brackets.
    pub(super) fn junk(&mut self, start: usize) -> usize {
        let mut at = start;
        while let Some(byte) = self.bytes.get(at) {
            match byte {
                b',' | b'}' | b']' | b'\n' | b'\r' => break,
                b'"' if self.is_object && self.is_key(at) => break,
                b'"' if self.is_end(at + 1, b",}]") => at += 1,
                b'"' => at = self.short_string(at).unwrap_or(at + 1),
                b'{' | b'[' | b'(' => at = self.balanced(at, true),
                b'/' if lexer::comment_end(self.bytes, at).is_some() => break,
                _ => at += 1,
            }
        }
        let last = self.bytes[start..at].iter().rposition(|byte| !is_blank(*byte));
        last.map_or(start, |last| start + last + 1)
    }

    /// The end of the bracketed text at `at`; if it is not closed, the end of the line or of the text.
    pub(super) fn balanced(&mut self, mut at: usize, ends_with_line: bool) -> usize {
        let mut depth = 0_usize;
        while let Some(byte) = self.bytes.get(at) {
            match byte {
                b'"' => {
                    let in_line = || self.short_string(at).unwrap_or(at + 1);
                    at = if ends_with_line { in_line() } else { lexer::string_end(self.bytes, at) };
                    continue;
                }
                b'{' | b'[' | b'(' => depth += 1,
                b'}' | b']' | b')' if depth == 1 => return at + 1,
                b'}' | b']' | b')' => depth -= 1,
                b'\n' | b'\r' if ends_with_line => break,
                _ => {}
            }
            at += 1;
        }
        self.lost_brackets = true;
        at
    }

    /// Whether a span has no line break.
    pub(super) fn is_line(&self, span: Range<usize>) -> bool {
        memchr::memchr2(b'\n', b'\r', &self.bytes[span]).is_none()
    }

    /// The rest of the line, up to `REACH` bytes.
    pub(super) fn line(&self, at: usize) -> &str {
        let limit = self.text.floor_char_boundary(at + REACH).max(at);
        &self.text[at..lexer::line_end(&self.bytes[..limit], at)]
    }

    /// The end of the word at `at`.
    pub(super) fn word_end(&self, at: usize) -> usize {
        at + self.bytes[at..].iter().take(REACH).take_while(|byte| is_word(**byte)).count()
    }

    /// The span of the word or character at `at`.
    pub(super) fn token(&self, at: usize) -> Range<usize> {
        at..at + language::next_token(&self.text[at..]).len()
    }
}

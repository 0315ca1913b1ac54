//! Recovery from missing, mismatched and extra brackets.

use crate::syntax::kind::Kind;
use crate::syntax::language;
use crate::syntax::lexer;
use crate::syntax::parser::{Parser, Step};

/// The maximum lookahead to interpret a bracket, in bytes.
const MAX_LOOKAHEAD: usize = 1 << 16;

/// The maximum number of such lookaheads per text.
const MAX_LOOKAHEADS: usize = 10;

impl Parser<'_> {
    /// Recovers from a colon after a string in an array: the array was not closed, or should be an object.
    pub(super) fn key_in_array(&mut self, colon: usize) -> Step {
        let (Some(array), name) = (self.innermost, self.entries.len() - 1) else { return Step::End(colon) };
        let (opening, start) = (self.entries[array].start as usize, self.entries[name].start as usize);
        let outer = self.entries[array].next as usize;
        self.entries.truncate(name);
        if name == array + 1 || self.entries[outer].kind != Kind::Object {
            self.report(
                "an array cannot have keys",
                "write keys and their values in { and }, not directly in [ and ]",
                colon..colon + 1,
            );
            self.skipped();
            let end = self.junk(colon + 1);
            return self.unreadable(start..end);
        }
        // A missing comma before the key is part of the same error.
        self.faults.pop_if(|fault| fault.place.start == start);
        // A key may begin with another quotation mark, which has several bytes.
        let mark = self.text[start..].chars().next().map_or(0, char::len_utf8);
        self.fault(language::open_before(self.text, opening, start..start + mark, "key"));
        self.close(start, false);
        Step::Begin(start)
    }

    /// Recovers from a bracket that does not match the innermost open one: another bracket is missing before it, or it
    /// is of the wrong kind or an extra one.
    pub(super) fn wrong_bracket(&mut self, at: usize) -> Step {
        let Some(innermost) = self.innermost else { return Step::End(at) };
        let opening = self.entries[innermost].start as usize;
        let bracket = char::from(self.bytes[at]);
        let is_reported = self.faults.last().is_some_and(|fault| fault.place.start == at);
        let closing = self.closing(at);
        let is_wanted = self.is_wanted(innermost, self.bytes[at]);
        if is_wanted && closing.is_some_and(|closing| closing < self.depth) {
            if !is_reported {
                self.fault(language::open_before(self.text, opening, at..at + 1, &bracket.to_string()));
            }
            self.close(at, false);
            return Step::After(at);
        }
        if closing.is_some_and(|closing| closing > self.depth) {
            self.fault(language::extra(bracket, at));
            self.excused = at + 1;
        } else {
            self.fault(language::wrong_kind(self.text, at, opening));
            self.close(at + 1, false);
        }
        Step::After(at + 1)
    }

    /// Whether the bracket matches an array or object around `innermost`.
    pub(super) fn is_wanted(&self, innermost: usize, bracket: u8) -> bool {
        let kind = if bracket == b'}' { Kind::Object } else { Kind::Array };
        let mut at = innermost;
        loop {
            let outer = self.entries[at].next as usize;
            if outer == at {
                return false;
            }
            if self.entries[outer].kind == kind {
                return true;
            }
            at = outer;
        }
    }

    /// The number of closing minus opening brackets up to the end of the text. `None` if it gets negative or a
    /// lookahead limit is exceeded.
    pub(super) fn closing(&mut self, at: usize) -> Option<usize> {
        self.lookaheads += 1;
        if self.lookaheads > MAX_LOOKAHEADS || self.bytes.len() - at > MAX_LOOKAHEAD {
            return None;
        }
        let (mut closing, mut at) = (0_usize, at);
        while let Some(byte) = self.bytes.get(at) {
            match byte {
                b'"' => {
                    at = lexer::string_end(self.bytes, at);
                    continue;
                }
                b'{' | b'[' => closing = closing.checked_sub(1)?,
                b'}' | b']' => closing += 1,
                _ => {}
            }
            at += 1;
        }
        Some(closing)
    }

    pub(super) fn trailing_comma(&mut self, bracket: u8, from: usize) {
        if self.bytes[from - 1] == b',' {
            self.fault(language::trailing_comma(bracket, from - 1));
        }
    }
}

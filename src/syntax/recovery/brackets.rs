//! Brackets that are missing, of the wrong kind, or one too many.

use crate::syntax::kind::Kind;
use crate::syntax::language;
use crate::syntax::lexer;
use crate::syntax::parser::{Parser, Step};

/// How much of the rest of a text is looked at to understand a bracket, in bytes, and how often.
const MOST_COMPARED: usize = 1 << 16;
const MOST_COMPARISONS: usize = 10;

impl Parser<'_> {
    /// A colon follows a string in an array: the array was not closed, or should be an object.
    pub(super) fn key_in_array(&mut self, colon: usize) -> Step {
        let (Some(array), name) = (self.innermost, self.entries.len() - 1) else { return Step::End(colon) };
        let (opening, start) = (self.entries[array].start as usize, self.entries[name].start as usize);
        let outer = self.entries[array].next as usize;
        self.entries.truncate(name);
        if name == array + 1 || self.entries[outer].kind != Kind::Object {
            self.report("an array has no keys", "write { and } around keys and their values", colon..colon + 1);
            self.skipped();
            let end = self.junk(colon + 1);
            return self.unread(start..end);
        }
        // The comma that is missing before the key is part of the mistake.
        self.faults.pop_if(|fault| fault.place.start == start);
        // A key may begin with a quotation mark of another kind, which takes several bytes.
        let mark = self.text[start..].chars().next().map_or(0, char::len_utf8);
        self.fault(language::open_before(self.text, opening, start..start + mark, "key"));
        self.close(start, false);
        Step::Begin(start)
    }

    /// A bracket that does not close the innermost array or object: one was forgotten before it, it is of the wrong kind, or one too many.
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
        self.fault(language::closes_nothing(bracket, at, opening));
        if closing.is_some_and(|closing| closing > self.depth) {
            self.excused = at + 1;
        } else {
            self.close(at + 1, false);
        }
        Step::After(at + 1)
    }

    /// Whether an array or object around the innermost is closed by such a bracket.
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

    /// How many more brackets close than open from here to the end, unless that is far.
    pub(super) fn closing(&mut self, at: usize) -> Option<usize> {
        self.comparisons += 1;
        if self.comparisons > MOST_COMPARISONS || self.bytes.len() - at > MOST_COMPARED {
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

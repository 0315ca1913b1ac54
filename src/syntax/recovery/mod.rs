//! Error recovery of the parser: reports each error once, at its place, and decides where to continue.
//!
//! Valid JSON never gets here. An unreadable value becomes an incomplete null, which rules skip. An array or object
//! with skipped content becomes incomplete too, so that rules do not report missing keys.

mod brackets;
mod skip;
mod strings;

use crate::diagnostic::SyntaxDiagnostic;
use crate::limits::MAX_FINDINGS;
use crate::syntax::rules::{invalid_json, oversized_document};
use std::ops::Range;

use super::kind::Kind;
use super::language;
use super::lexer::{self, is_word, next};
use super::parser::{Parser, Step};

impl Parser<'_> {
    fn fault(&mut self, fault: SyntaxDiagnostic) {
        if self.faults.len() >= MAX_FINDINGS {
            return;
        }
        if let Some(first) = self.faults.iter_mut().find(|first| language::is_repeated(first, &fault)) {
            language::repeat(first, fault.place);
        } else {
            self.faults.push(fault);
        }
    }

    fn report(&mut self, message: &str, help: &str, span: Range<usize>) {
        self.fault(invalid_json::diagnostic(message, help, span));
    }

    /// Marks the innermost array or object as incomplete.
    fn skipped(&mut self) {
        if let Some(innermost) = self.innermost {
            self.entries[innermost].is_complete = false;
        }
    }

    /// Adds an unreadable value and continues after it.
    fn unreadable(&mut self, span: Range<usize>) -> Step {
        self.excused = self.push(span, Kind::Null, false, false);
        Step::After(self.excused)
    }

    /// Skips white space and comments, and reports the comments.
    fn blank(&mut self, mut at: usize) -> usize {
        loop {
            let Some((byte, start)) = next(self.bytes, at) else { return self.bytes.len() };
            let rest = &self.bytes[start..];
            if byte == b'#' && !rest.starts_with(b"#{") {
                at = lexer::line_end(self.bytes, start);
                self.lost_brackets = true;
                self.report("a comment is not JSON", "remove the comment", start..at);
                continue;
            }
            let Some(end) = lexer::comment_end(self.bytes, start) else { return start };
            if rest.starts_with(b"/*") && !(end - start >= 4 && self.bytes[..end].ends_with(b"*/")) {
                self.lost_brackets = true;
                self.report("this comment is never closed", "write */ at its end, or remove it", start..start + 2);
            } else {
                self.comments.push(start..end);
            }
            at = end;
        }
    }

    /// Recovers where a key was expected.
    #[cold]
    pub(in crate::syntax) fn recover_name(&mut self, from: usize) -> Step {
        let at = self.blank(from);
        match self.bytes.get(at) {
            None => Step::End(at),
            Some(b'"') => Step::Begin(at),
            Some(b'}') => {
                self.trailing_comma(b'}', from);
                self.close(at + 1, true);
                Step::After(at + 1)
            }
            Some(b']') => self.wrong_bracket(at),
            Some(b',') => {
                self.report("a comma with nothing before it", "remove the comma, or write what is missing", at..at + 1);
                Step::Begin(at + 1)
            }
            Some(b':') => {
                self.report("a key is missing before the colon", "write the key, in double quotes", at..at + 1);
                self.unnamed.push((self.depth, self.entries.len()));
                self.push(at..at, Kind::String, true, false);
                Step::Value(at + 1)
            }
            Some(_) => {
                if let Some(end) = self.other_quotes(at) {
                    return self.recover_colon(end);
                }
                let end = self.word_end(at);
                let is_key = end > at && matches!(next(self.bytes, end), Some((b':' | b'=', _)));
                self.fault(language::stray(self.text, at, true));
                if is_key {
                    self.push(at..end, Kind::String, true, true);
                    return self.recover_colon(end);
                }
                self.skipped();
                self.skip(at)
            }
        }
    }

    /// Recovers after a key that ends here: it is invalid, or the colon is missing.
    #[cold]
    pub(in crate::syntax) fn recover_colon(&mut self, end: usize) -> Step {
        let name = self.entries.len() - 1;
        if !self.entries[name].is_complete && self.unnamed.last() != Some(&(self.depth, name)) {
            self.unnamed.push((self.depth, name));
        }
        let is_excused = end == self.excused;
        let at = self.blank(end);
        let Some(&first) = self.bytes.get(at) else {
            self.entries.truncate(name);
            return Step::End(at);
        };
        let is_valueless = matches!(first, b',' | b'}' | b']') || first == b'"' && at > end && self.is_key(at);
        if first == b':' {
            return Step::Value(at + 1);
        }
        if is_valueless {
            if !is_excused {
                let span = self.entries[name].start as usize..end;
                self.report("a value is missing after this key", "write a colon and the value, or remove the key", span);
            }
            // It may be a value whose key is missing, and a secret: no rule may name it.
            self.unnamed.push((self.depth, name));
            return self.unreadable(end..end);
        }
        if is_excused {
            return Step::Value(at);
        }
        if first == b'=' {
            self.fault(language::stray(self.text, at, false));
            return Step::Value(at + 1 + usize::from(self.bytes.get(at + 1) == Some(&b'>')));
        }
        if self.bytes[end - 1] == b'"'
            && (first == b'"' && at == end || is_word(first) && lexer::word(self.bytes, at, first).is_none())
        {
            let end = self.ended_early(at, true);
            return self.recover_colon(end);
        }
        if matches!(first, b'"' | b'{' | b'[') || is_word(first) {
            self.report("a colon is missing before this", "write a colon between the key and its value", self.token(at));
            return Step::Value(at);
        }
        self.fault(language::stray(self.text, at, false));
        let after = self.token(at).end;
        let after = self.blank(after);
        match self.bytes.get(after) {
            Some(b':') => Step::Value(after + 1),
            Some(b',' | b'}' | b']') | None => self.unreadable(at..at),
            Some(_) => Step::Value(after),
        }
    }

    /// Recovers where a value was expected.
    #[cold]
    pub(in crate::syntax) fn recover_value(&mut self, from: usize) -> Step {
        let at = self.blank(from);
        let is_array = self.innermost.is_some() && !self.is_object;
        let Some(&first) = self.bytes.get(at) else {
            if self.is_object {
                self.push(at..at, Kind::Null, false, false);
            }
            return Step::End(at);
        };
        if matches!(first, b'"' | b'{' | b'[') || lexer::word(self.bytes, at, first).is_some() {
            return Step::Value(at);
        }
        match first {
            b']' if is_array => {
                self.trailing_comma(b']', from);
                self.close(at + 1, true);
                Step::After(at + 1)
            }
            b'}' if is_array => self.wrong_bracket(at),
            b',' if is_array => {
                self.report("a comma with nothing before it", "remove the comma, or write what is missing", at..at + 1);
                Step::Begin(at + 1)
            }
            b',' | b'}' | b']' if self.is_object => {
                self.report("a value is missing after the colon", "write the value, or remove the key", at..at + 1);
                self.unreadable(at..at)
            }
            b':' if self.innermost.is_some() => {
                self.report("a colon with nothing before it", "remove the colon", at..at + 1);
                Step::Value(at + 1)
            }
            _ => {
                if let Some(end) = self.other_quotes(at) {
                    return Step::After(end);
                }
                if self.innermost.is_some() && self.word_end(at) == self.bytes.len() {
                    // The text is truncated inside a word; the unclosed bracket is reported at the end.
                    return self.unreadable(at..self.bytes.len());
                }
                self.fault(language::stray(self.text, at, false));
                if self.innermost.is_none() {
                    return self.before_document(at);
                }
                let end = self.junk(at);
                self.unreadable(at..end)
            }
        }
    }

    /// Recovers after a value: neither a comma nor the right closing bracket follows.
    #[cold]
    pub(in crate::syntax) fn recover_after(&mut self, from: usize) -> Step {
        let is_excused = from == self.excused;
        let at = self.blank(from);
        let Some(&first) = self.bytes.get(at) else { return Step::End(at) };
        // A member without a key was already removed with its value.
        let is_last = self.entries.last().is_some_and(|last| last.kind == Kind::String && last.end as usize == from);
        let is_after_string = is_last && self.bytes[from - 1] == b'"' && !is_excused;
        let begins = match first {
            b',' => return Step::Begin(at + 1),
            b'}' | b']' if self.is_object == (first == b'}') => {
                self.close(at + 1, true);
                return Step::After(at + 1);
            }
            b'}' | b']' => return self.wrong_bracket(at),
            b':' if !self.is_object && is_after_string => return self.key_in_array(at),
            b'"' if is_after_string && at == from => return Step::After(self.ended_early(at, false)),
            b'"' => true,
            b'{' | b'[' => !self.is_object,
            _ if self.is_object => at > from && is_word(first) && matches!(next(self.bytes, self.word_end(at)), Some((b':', _))),
            _ => lexer::word(self.bytes, at, first).is_some(),
        };
        if begins || matches!(first, b'{' | b'[') {
            if !is_excused {
                self.report("a comma is missing before this", "write a comma after the previous value", self.token(at));
            }
            if begins {
                return Step::Begin(at);
            }
            // A member cannot begin with a bracket.
            self.skipped();
            let end = self.balanced(at, false);
            self.excused = end;
            return Step::After(end);
        }
        if is_after_string && is_word(first) && self.text[at..].starts_with(char::is_alphanumeric) {
            return Step::After(self.ended_early(at, false));
        }
        if !is_excused {
            self.fault(language::stray(self.text, at, false));
        }
        if matches!(first, b';' | b'|' | b'.' | b'&' | b'*' | b'!' | b'?' | b')' | b'>' | b'\\' | b'/') {
            self.excused = at + 1;
            return Step::After(at + 1);
        }
        self.skipped();
        self.skip(at)
    }

    /// Handles the end of parsing: open brackets, or trailing text. Returns a step if parsing can continue.
    #[cold]
    pub(in crate::syntax) fn finish(&mut self, at: usize) -> Option<Step> {
        if self.innermost.is_none() && at == self.bytes.len() && !self.entries.is_empty() {
            return None;
        }
        let at = self.blank(at);
        if self.entries.is_empty() {
            if self.faults.is_empty() {
                self.report("the document is empty", "write a declaration, or remove the file", 0..0);
            }
            return None;
        }
        if let Some(innermost) = self.innermost {
            if !self.lost_brackets {
                self.fault(language::unclosed(self.text, self.entries[innermost].start as usize));
            }
            let end = self.text.trim_end_matches([' ', '\t', '\n', '\r']).len();
            while self.innermost.is_some() {
                self.drop_unnamed();
                self.close(end, false);
            }
            return None;
        }
        if at == self.bytes.len() {
            return None;
        }
        self.fault(language::trailing(self.text, at));
        let is_reopened = self.bytes[at] == b',' && next(self.bytes, at + 1).is_some_and(|(_, name)| self.is_key(name));
        let root = &mut self.entries[0];
        if is_reopened && root.kind == Kind::Object {
            // The root object was closed too early; more members follow.
            root.next = 0;
            (self.innermost, self.is_object, self.depth, self.lost_brackets) = (Some(0), true, 1, true);
            return Some(Step::Begin(at + 1));
        }
        root.is_complete &= !matches!(self.bytes[at], b':' | b',' | b'"');
        None
    }

    /// Recovers from text before the document: continues at the next brace on the same line, if any.
    fn before_document(&mut self, at: usize) -> Step {
        let line = self.line(at).as_bytes();
        let is_other_language = line.starts_with(b"<") || line.starts_with(b"bplist");
        let brace = memchr::memchr(b'{', line).filter(|brace| !is_other_language && line.get(brace + 1) != Some(&b'{'));
        brace.map_or(Step::End(self.bytes.len()), |brace| Step::Value(at + brace))
    }

    #[cold]
    pub(in crate::syntax) fn too_deep(&mut self, at: usize) -> Step {
        self.report(
            "nested more than 128 levels deep",
            "no declaration needs more than 7 levels; this is not a declaration",
            at..at + 1,
        );
        if self.is_object {
            self.push(at..at, Kind::Null, false, false);
        }
        self.lost_brackets = true;
        Step::End(self.bytes.len())
    }

    #[cold]
    pub(in crate::syntax) fn too_many(&mut self, at: usize) -> Step {
        self.faults.push(oversized_document::values(at..at + 1));
        self.lost_brackets = true;
        Step::End(self.bytes.len())
    }

    /// Skips a placeholder `{{ … }}`, or the rest of the line if it does not end there.
    #[cold]
    pub(in crate::syntax) fn placeholder(&mut self, at: usize) -> Step {
        self.fault(language::stray(self.text, at + 1, false));
        let line = self.line(at).as_bytes();
        let end = memchr::memmem::find(line, b"}}").map_or(at + line.len(), |length| at + length + 2);
        self.lost_brackets |= end == at + line.len();
        if self.innermost.is_none() { self.before_document(end) } else { self.unreadable(at..end) }
    }

    /// Removes the last member if its key is unknown.
    #[cold]
    pub(in crate::syntax) fn drop_unnamed(&mut self) {
        while let Some((_, name)) = self.unnamed.pop_if(|(depth, _)| *depth >= self.depth) {
            self.entries.truncate(name);
            self.skipped();
        }
    }
}

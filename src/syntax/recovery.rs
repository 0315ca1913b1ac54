//! What the parser does where a text is not JSON: it reports the mistake once, at its place, and goes on where it can.
//!
//! Nothing here runs for a text that is right. A value that cannot be read becomes null that is not complete, so no rule judges it; an array
//! or object of which something was skipped is not complete either, so nothing is missing there.

use std::ops::Range;

use super::kind::Kind;
use super::language::{self, SyntaxFault};
use super::lexer::{self, is_blank, is_word, next};
use super::parser::{Parser, Step, narrow};

/// More mistakes than this are not listed, and a hostile document could have a million.
const MOST_FAULTS: usize = 1000;

/// How much of the rest of a text is looked at to understand a bracket, in bytes, and how often.
const MOST_COMPARED: usize = 1 << 16;
const MOST_COMPARISONS: usize = 10;

/// How far the end of something is looked for in its line, in bytes.
const REACH: usize = 1 << 12;

/// A name that is longer is not looked for where a text is broken, in bytes.
const LONGEST_NAME: usize = 1 << 7;

impl Parser<'_> {
    fn fault(&mut self, fault: SyntaxFault) {
        if self.faults.len() >= MOST_FAULTS {
            return;
        }
        if let Some(first) = self.faults.iter_mut().find(|first| first.is_repeated(&fault)) {
            first.repeat(fault.span);
        } else {
            self.faults.push(fault);
        }
    }

    fn report(&mut self, message: &str, help: &str, span: Range<usize>) {
        self.fault(SyntaxFault::new(message, help, span));
    }

    /// Says that something of the innermost array or object was skipped.
    fn skipped(&mut self) {
        if let Some(innermost) = self.innermost {
            self.entries[innermost].is_complete = false;
        }
    }

    /// Lists a value that cannot be read, and goes on after it.
    fn unread(&mut self, span: Range<usize>) -> Step {
        self.excused = self.push(span, Kind::Null, false, false);
        Step::After(self.excused)
    }

    /// Skips blanks and comments.
    fn blank(&mut self, mut at: usize) -> usize {
        loop {
            let Some((byte, start)) = next(self.bytes, at) else { return self.bytes.len() };
            let rest = &self.bytes[start..];
            if byte == b'#' && !rest.starts_with(b"#{") {
                at = lexer::line_end(self.bytes, start);
                self.has_lost = true;
                self.report("a comment is not JSON", "remove the comment", start..at);
                continue;
            }
            let Some(end) = lexer::comment_end(self.bytes, start) else { return start };
            if rest.starts_with(b"/*") && !(end - start >= 4 && self.bytes[..end].ends_with(b"*/")) {
                self.has_lost = true;
                self.report("this comment never ends", "write */ at its end, or remove it", start..start + 2);
            } else {
                self.comments.push(start..end);
            }
            at = end;
        }
    }

    /// Where a name should stand, something else does.
    #[cold]
    pub(super) fn odd_name(&mut self, from: usize) -> Step {
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
                    return self.odd_colon(end);
                }
                let end = self.word_end(at);
                let is_key = end > at && matches!(next(self.bytes, end), Some((b':' | b'=', _)));
                self.fault(language::stray(self.text, at, true));
                if is_key {
                    self.push(at..end, Kind::String, true, true);
                    return self.odd_colon(end);
                }
                self.skipped();
                self.skip(at)
            }
        }
    }

    /// After a name that ends here, there is no colon, or the name is not quite right.
    #[cold]
    pub(super) fn odd_colon(&mut self, end: usize) -> Step {
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
            return self.unread(end..end);
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
            return self.odd_colon(end);
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
            Some(b',' | b'}' | b']') | None => self.unread(at..at),
            Some(_) => Step::Value(after),
        }
    }

    /// Where a value should stand, something else does.
    #[cold]
    pub(super) fn odd_value(&mut self, from: usize) -> Step {
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
                self.unread(at..at)
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
                    // The text was cut off in a word, which is reported as its end.
                    return self.unread(at..self.bytes.len());
                }
                self.fault(language::stray(self.text, at, false));
                if self.innermost.is_none() {
                    return self.before_document(at);
                }
                let end = self.junk(at);
                self.unread(at..end)
            }
        }
    }

    /// After a value, there is neither a comma nor the right bracket.
    #[cold]
    pub(super) fn odd_after(&mut self, from: usize) -> Step {
        let is_excused = from == self.excused;
        let at = self.blank(from);
        let Some(&first) = self.bytes.get(at) else { return Step::End(at) };
        // A member without a name is already gone, and its value with it.
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
                self.report("a comma is missing before this", "write a comma after the value before", self.token(at));
            }
            if begins {
                return Step::Begin(at);
            }
            // An object has no member that begins with a bracket.
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

    /// What is left when the parser has come to an end: brackets that are open, or a text that goes on. Returns what to do if that can be read.
    #[cold]
    pub(super) fn finish(&mut self, at: usize) -> Option<Step> {
        if self.innermost.is_none() && at == self.bytes.len() && !self.entries.is_empty() {
            return None;
        }
        let at = self.blank(at);
        if self.entries.is_empty() {
            if self.faults.is_empty() {
                self.report("there is nothing here", "write a declaration, or remove the file", 0..0);
            }
            return None;
        }
        if let Some(innermost) = self.innermost {
            if !self.has_lost {
                self.fault(language::unclosed(self.text, self.entries[innermost].start as usize));
            }
            let end = self.text.trim_end_matches([' ', '\t', '\n', '\r']).len();
            while self.innermost.is_some() {
                self.forget_unnamed();
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
            // The object was closed too early: what follows are more of its members.
            root.next = 0;
            (self.innermost, self.is_object, self.depth, self.has_lost) = (Some(0), true, 1, true);
            return Some(Step::Begin(at + 1));
        }
        root.is_complete &= !matches!(self.bytes[at], b':' | b',' | b'"');
        None
    }

    /// Something stands before the document: it begins with the next brace of the same line, if there is one.
    fn before_document(&mut self, at: usize) -> Step {
        let line = self.line(at).as_bytes();
        let is_other_language = line.starts_with(b"<") || line.starts_with(b"bplist");
        let brace = memchr::memchr(b'{', line).filter(|brace| !is_other_language && line.get(brace + 1) != Some(&b'{'));
        brace.map_or(Step::End(self.bytes.len()), |brace| Step::Value(at + brace))
    }

    #[cold]
    pub(super) fn too_deep(&mut self, at: usize) -> Step {
        self.report(
            "nested more than 128 levels deep",
            "no declaration needs more than 7 levels; this is not a declaration",
            at..at + 1,
        );
        if self.is_object {
            self.push(at..at, Kind::Null, false, false);
        }
        self.has_lost = true;
        Step::End(self.bytes.len())
    }

    /// Two braces open a placeholder, if two braces close it in the same line.
    #[cold]
    pub(super) fn placeholder(&mut self, at: usize) -> Step {
        self.fault(language::stray(self.text, at + 1, false));
        let line = self.line(at).as_bytes();
        let end = memchr::memmem::find(line, b"}}").map_or(at + line.len(), |length| at + length + 2);
        self.has_lost |= end == at + line.len();
        if self.innermost.is_none() { self.before_document(end) } else { self.unread(at..end) }
    }

    /// Reads a string from its first byte on that is not plain, and returns where it ends. One mistake is reported for each string.
    #[cold]
    pub(super) fn odd_string(&mut self, start: usize, mut at: usize) -> usize {
        let (mut is_complete, mut fault) = (true, None);
        // Line breaks before this belong to the string.
        let mut goes_on_to = start;
        loop {
            match self.bytes.get(at) {
                Some(b'"') => {
                    at += 1;
                    break;
                }
                Some(b'\\') if self.bytes.get(at + 1).is_some_and(|byte| !matches!(byte, b'\n' | b'\r')) => {
                    let length = lexer::escape(&self.bytes[at..]);
                    if length.is_none() {
                        is_complete = false;
                        fault.get_or_insert_with(|| language::bad_escape(self.text, at));
                    }
                    at = lexer::plain(self.bytes, at + length.unwrap_or(1));
                }
                Some(b'\\') => at += 1,
                Some(b'\n' | b'\r') => {
                    is_complete = false;
                    fault.get_or_insert_with(|| language::line_break(start..at));
                    if at >= goes_on_to {
                        let Some(end) = self.goes_on(at) else {
                            (self.has_lost, self.excused) = (true, at);
                            break;
                        };
                        goes_on_to = end;
                    }
                    at = lexer::plain(self.bytes, at + 1);
                }
                Some(control) => {
                    is_complete = false;
                    fault.get_or_insert_with(|| language::control(*control, at));
                    at = lexer::plain(self.bytes, at + 1);
                }
                None => {
                    (is_complete, self.has_lost, self.excused) = (false, true, at);
                    let span = start..lexer::line_end(self.bytes, start);
                    fault.get_or_insert_with(|| SyntaxFault::new("this string never ends", "write \" at its end", span));
                    break;
                }
            }
        }
        if let Some(fault) = fault {
            self.fault(fault);
        }
        self.push(start..at, Kind::String, true, is_complete)
    }

    /// Where a string ends that goes on after a line break; `None` if it rather lacks its closing quote.
    fn goes_on(&self, line_break: usize) -> Option<usize> {
        let begins_anew = next(self.bytes, line_break).is_none_or(|(byte, _)| matches!(byte, b'"' | b'}' | b']' | b','));
        let end = lexer::string_end(self.bytes, line_break);
        let is_closed = self.bytes[end - 1] == b'"' && matches!(next(self.bytes, end), None | Some((b',' | b'}' | b']', _)));
        (!begins_anew && is_closed).then_some(end)
    }

    /// Reads a string in quotation marks that are not those of JSON, if one begins here and ends in the same line.
    fn other_quotes(&mut self, at: usize) -> Option<usize> {
        let opening = self.text[at..].chars().next().filter(|first| language::is_other_quote(*first))?;
        let start = at + opening.len_utf8();
        let end = self.line(start).char_indices().find_map(|(place, quote)| {
            let is_like = quote == '"' || (quote == '\'') == (opening == '\'') && language::is_other_quote(quote);
            let end = start + place + quote.len_utf8();
            (is_like && self.is_end(end, b":,}]")).then_some(end)
        })?;
        self.fault(language::stray(self.text, at, false));
        Some(self.push(at..end, Kind::String, true, true))
    }

    /// The string that was read last has a quotation mark in it: it ends at a later one of the same line. Returns where.
    fn ended_early(&mut self, at: usize, is_name: bool) -> usize {
        if let Some(end) = self.before_next_key() {
            return end;
        }
        let span = self.token(at);
        self.report("the string before this ended too early", "write \\\" for a quotation mark inside a string", span);
        let line = self.line(at).as_bytes();
        let signs: &[u8] = if is_name { b":,}]" } else { b",}]" };
        let quote = memchr::memchr_iter(b'"', line).map(|quote| at + quote + 1).find(|end| self.is_end(*end, signs));
        let end = quote.unwrap_or_else(|| self.junk(at));
        if let Some(string) = self.entries.last_mut() {
            (string.end, string.is_escaped, string.is_complete) = (narrow(end), true, false);
        }
        self.excused = end;
        end
    }

    /// The string that was read last lacks its closing quote, if it ends with a comma and the opening quote of a name. Returns where it should
    /// have ended.
    fn before_next_key(&mut self) -> Option<usize> {
        let string = self.entries.last().filter(|_| self.is_object)?;
        let (start, end) = (string.start as usize, string.end as usize);
        let comma = start + self.text.get(start..end - 1)?.trim_end_matches([' ', '\t']).strip_suffix(',')?.len();
        (comma > start && self.is_key(end - 1)).then_some(())?;
        self.report("this string never ends", "write \" at its end", start..comma);
        if let Some(string) = self.entries.last_mut() {
            (string.end, string.is_escaped, string.is_complete) = (narrow(comma), true, false);
        }
        self.excused = comma;
        Some(comma)
    }

    /// Whether one of the signs follows, or the line or the text ends.
    fn is_end(&self, at: usize, signs: &[u8]) -> bool {
        let rest = self.bytes[at..].iter().find(|byte| !matches!(byte, b' ' | b'\t'));
        rest.is_none_or(|byte| signs.contains(byte) || matches!(byte, b'\n' | b'\r'))
    }

    /// Whether a name and a colon stand here.
    fn is_key(&self, at: usize) -> bool {
        let end = self.short_string(at).filter(|_| self.bytes[at] == b'"');
        end.is_some_and(|end| matches!(next(self.bytes, end), Some((b':', _))))
    }

    /// Where the string ends that begins here, if it is short and ends in its line: a hostile text may have a quote everywhere.
    fn short_string(&self, at: usize) -> Option<usize> {
        let near = &self.bytes[..self.bytes.len().min(at + LONGEST_NAME)];
        let end = lexer::string_end(near, at);
        (end > at + 1 && near[end - 1] == b'"' && self.is_line(at..end)).then_some(end)
    }

    /// A colon follows a string in an array: the array was not closed, or should be an object.
    fn key_in_array(&mut self, colon: usize) -> Step {
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
        self.faults.pop_if(|fault| fault.span.start == start);
        // A key may begin with a quotation mark of another kind, which takes several bytes.
        let mark = self.text[start..].chars().next().map_or(0, char::len_utf8);
        self.fault(language::open_before(self.text, opening, start..start + mark, "key"));
        self.close(start, false);
        Step::Begin(start)
    }

    /// A bracket that does not close the innermost array or object: one was forgotten before it, it is of the wrong kind, or one too many.
    fn wrong_bracket(&mut self, at: usize) -> Step {
        let Some(innermost) = self.innermost else { return Step::End(at) };
        let opening = self.entries[innermost].start as usize;
        let bracket = char::from(self.bytes[at]);
        let is_reported = self.faults.last().is_some_and(|fault| fault.span.start == at);
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
    fn is_wanted(&self, innermost: usize, bracket: u8) -> bool {
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
    fn closing(&mut self, at: usize) -> Option<usize> {
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

    fn trailing_comma(&mut self, bracket: u8, from: usize) {
        if self.bytes[from - 1] == b',' {
            self.fault(language::trailing_comma(bracket, from - 1));
        }
    }

    /// Skips what cannot be read, and goes on after it.
    fn skip(&mut self, at: usize) -> Step {
        self.excused = self.junk(at);
        Step::After(self.excused)
    }

    /// The end of what cannot be read: before the next comma, closing bracket, line break or name, outside strings and brackets.
    fn junk(&mut self, mut at: usize) -> usize {
        let mut end = at;
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
            if !is_blank(self.bytes[at - 1]) {
                end = at;
            }
        }
        end
    }

    /// The end of what begins with a bracket; if there is none, that of the line or of the text.
    fn balanced(&mut self, mut at: usize, ends_with_line: bool) -> usize {
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
        self.has_lost = true;
        at
    }

    /// Whether there is no line break.
    fn is_line(&self, span: Range<usize>) -> bool {
        memchr::memchr2(b'\n', b'\r', &self.bytes[span]).is_none()
    }

    /// The rest of the line, or some of it.
    fn line(&self, at: usize) -> &str {
        let most = self.text.floor_char_boundary(at + REACH).max(at);
        &self.text[at..lexer::line_end(&self.bytes[..most], at)]
    }

    /// The end of the word that begins here.
    fn word_end(&self, at: usize) -> usize {
        at + self.bytes[at..].iter().take(REACH).take_while(|byte| is_word(**byte)).count()
    }

    /// A word, or one character.
    fn token(&self, at: usize) -> Range<usize> {
        at..at + language::next_token(&self.text[at..]).len()
    }

    /// Removes the member that was read last, if its name is not known.
    #[cold]
    pub(super) fn forget_unnamed(&mut self) {
        while let Some((_, name)) = self.unnamed.pop_if(|(depth, _)| *depth >= self.depth) {
            self.entries.truncate(name);
            self.skipped();
        }
    }
}

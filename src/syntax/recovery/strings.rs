//! Strings that are not plain: escapes, line breaks, other quotation marks, ends that come too early or never.

use crate::syntax::kind::Kind;
use crate::syntax::language;
use crate::syntax::lexer::{self, next};
use crate::syntax::parser::{Parser, narrow};
use crate::syntax::rules::invalid_json;

/// A name that is longer is not looked for where a text is broken, in bytes.
const LONGEST_NAME: usize = 1 << 7;

impl Parser<'_> {
    /// Reads a string from its first byte on that is not plain, and returns where it ends. One mistake is reported for each string.
    #[cold]
    pub(in crate::syntax) fn odd_string(&mut self, start: usize, mut at: usize) -> usize {
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
                    fault.get_or_insert_with(|| invalid_json::diagnostic("this string never ends", "write \" at its end", span));
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
    pub(super) fn goes_on(&self, line_break: usize) -> Option<usize> {
        let begins_anew = next(self.bytes, line_break).is_none_or(|(byte, _)| matches!(byte, b'"' | b'}' | b']' | b','));
        let end = lexer::string_end(self.bytes, line_break);
        let is_closed = self.bytes[end - 1] == b'"' && matches!(next(self.bytes, end), None | Some((b',' | b'}' | b']', _)));
        (!begins_anew && is_closed).then_some(end)
    }

    /// Reads a string in quotation marks that are not those of JSON, if one begins here and ends in the same line.
    pub(super) fn other_quotes(&mut self, at: usize) -> Option<usize> {
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
    pub(super) fn ended_early(&mut self, at: usize, is_name: bool) -> usize {
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
    pub(super) fn before_next_key(&mut self) -> Option<usize> {
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
    pub(super) fn is_end(&self, at: usize, signs: &[u8]) -> bool {
        let rest = self.bytes[at..].iter().find(|byte| !matches!(byte, b' ' | b'\t'));
        rest.is_none_or(|byte| signs.contains(byte) || matches!(byte, b'\n' | b'\r'))
    }

    /// Whether a name and a colon stand here.
    pub(super) fn is_key(&self, at: usize) -> bool {
        let end = self.short_string(at).filter(|_| self.bytes[at] == b'"');
        end.is_some_and(|end| matches!(next(self.bytes, end), Some((b':', _))))
    }

    /// Where the string ends that begins here, if it is short and ends in its line: a hostile text may have a quote everywhere.
    pub(super) fn short_string(&self, at: usize) -> Option<usize> {
        let near = &self.bytes[..self.bytes.len().min(at + LONGEST_NAME)];
        let end = lexer::string_end(near, at);
        (end > at + 1 && near[end - 1] == b'"' && self.is_line(at..end)).then_some(end)
    }
}

//! Strings with escapes, and recovery from line breaks, other quotation marks, and missing or extra quotes.

use crate::syntax::kind::Kind;
use crate::syntax::language;
use crate::syntax::lexer::{self, next};
use crate::syntax::parser::{Parser, narrow};
use crate::syntax::rules::invalid_json;

/// The maximum length of a key that recovery looks for, in bytes.
const MAX_KEY: usize = 1 << 7;

const UNCLOSED: &str = "this string is never closed";

impl Parser<'_> {
    /// Parses the rest of a string from `at`, its first special byte. Returns its end. Reports one error per string.
    #[cold]
    pub(in crate::syntax) fn recover_string(&mut self, start: usize, mut at: usize) -> usize {
        let (mut is_complete, mut fault) = (true, None);
        // Line breaks before this offset belong to the string.
        let mut continues_to = start;
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
                    if at >= continues_to {
                        let Some(end) = self.continuation(at) else {
                            (self.lost_brackets, self.excused) = (true, at);
                            break;
                        };
                        continues_to = end;
                    }
                    at = lexer::plain(self.bytes, at + 1);
                }
                Some(control) => {
                    is_complete = false;
                    fault.get_or_insert_with(|| language::control(*control, at));
                    at = lexer::plain(self.bytes, at + 1);
                }
                None => {
                    (is_complete, self.lost_brackets, self.excused) = (false, true, at);
                    let span = start..lexer::line_end(self.bytes, start);
                    fault.get_or_insert_with(|| invalid_json::diagnostic(UNCLOSED, "write \" at its end", span));
                    break;
                }
            }
        }
        if let Some(fault) = fault {
            self.fault(fault);
        }
        self.push(start..at, Kind::String, true, is_complete)
    }

    /// The end of a string that continues after a line break; `None` if its closing quote is more likely missing.
    pub(super) fn continuation(&self, line_break: usize) -> Option<usize> {
        let begins_anew = next(self.bytes, line_break).is_none_or(|(byte, _)| matches!(byte, b'"' | b'}' | b']' | b','));
        let end = lexer::string_end(self.bytes, line_break);
        let is_closed = self.bytes[end - 1] == b'"' && matches!(next(self.bytes, end), None | Some((b',' | b'}' | b']', _)));
        (!begins_anew && is_closed).then_some(end)
    }

    /// Parses a string in other quotation marks, if one begins at `at` and ends on the same line. Returns its end.
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

    /// Recovers from an unescaped quote inside the last string: extends it to a later quote on the same line. Returns
    /// its new end.
    pub(super) fn ended_early(&mut self, at: usize, is_name: bool) -> usize {
        if let Some(end) = self.before_next_key() {
            return end;
        }
        let span = self.token(at);
        self.report("the string before this ends too early", "write \\\" for a quotation mark inside a string", span);
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

    /// Recovers from a missing closing quote if the last string ends with a comma and the opening quote of a key.
    /// Returns where the string should have ended.
    pub(super) fn before_next_key(&mut self) -> Option<usize> {
        let string = self.entries.last().filter(|_| self.is_object)?;
        let (start, end) = (string.start as usize, string.end as usize);
        let comma = start + self.text.get(start..end - 1)?.trim_end_matches([' ', '\t']).strip_suffix(',')?.len();
        (comma > start && self.is_key(end - 1)).then_some(())?;
        self.report(UNCLOSED, "write \" at its end", start..comma);
        if let Some(string) = self.entries.last_mut() {
            (string.end, string.is_escaped, string.is_complete) = (narrow(comma), true, false);
        }
        self.excused = comma;
        Some(comma)
    }

    /// Whether one of the `signs` follows, or the line or text ends.
    pub(super) fn is_end(&self, at: usize, signs: &[u8]) -> bool {
        let rest = self.bytes[at..].iter().find(|byte| !matches!(byte, b' ' | b'\t'));
        rest.is_none_or(|byte| signs.contains(byte) || matches!(byte, b'\n' | b'\r'))
    }

    /// Whether a key and a colon begin at `at`.
    pub(super) fn is_key(&self, at: usize) -> bool {
        let end = self.short_string(at).filter(|_| self.bytes[at] == b'"');
        end.is_some_and(|end| matches!(next(self.bytes, end), Some((b':', _))))
    }

    /// The end of the string at `at`, if it is short and ends on its line. The limit bounds the work for a hostile text
    /// full of quotes.
    pub(super) fn short_string(&self, at: usize) -> Option<usize> {
        let near = &self.bytes[..self.bytes.len().min(at + MAX_KEY)];
        let end = lexer::string_end(near, at);
        (end > at + 1 && near[end - 1] == b'"' && self.is_line(at..end)).then_some(end)
    }
}

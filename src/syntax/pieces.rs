//! Splits a file into its documents: one, the elements of an array, or lines.
//!
//! An array is split before its elements are parsed. So a syntax error in one element does not affect the others, and
//! memory is needed only for the largest element.

use crate::diagnostic::SyntaxDiagnostic;
use crate::limits::MAX_FINDINGS;
use crate::syntax::rules::invalid_json;
use std::ops::Range;

use super::language::{self, Comments};
use super::lexer;
use super::position::strip_byte_order_mark;

/// The layout of a file.
pub(crate) enum Layout {
    /// One document: everything after the byte-order mark.
    One(Range<usize>),
    /// An array of documents, whose `[` is at this offset.
    Array(usize),
}

/// Detects the layout by the first character after white space and comments.
pub(crate) fn layout(bytes: &[u8]) -> Layout {
    let start = strip_byte_order_mark(bytes);
    let first = skip_blank(bytes, start, &mut Comments::default());
    if bytes.get(first) == Some(&b'[') { Layout::Array(first) } else { Layout::One(start..bytes.len()) }
}

/// Iterates over the spans of an array's elements, and collects the errors between them.
pub(crate) struct Pieces<'t> {
    bytes: &'t [u8],
    opening: usize,
    at: usize,
    comma: Option<usize>,
    done: bool,
    comments: Comments,
    faults: Vec<SyntaxDiagnostic>,
}

impl<'t> Pieces<'t> {
    /// Splits the array whose `[` is at `opening`.
    pub(crate) fn new(bytes: &'t [u8], opening: usize) -> Self {
        let mut comments = Comments::default();
        skip_blank(bytes, strip_byte_order_mark(bytes), &mut comments);
        Self { bytes, opening, at: opening + 1, comma: None, done: false, comments, faults: Vec::new() }
    }

    /// The errors outside the elements. Complete only after the iterator is exhausted.
    pub(crate) fn faults(mut self) -> Vec<SyntaxDiagnostic> {
        self.faults.extend(self.comments.fault());
        self.faults
    }

    /// Moves to the next element and reports errors before it. Returns whether there is one.
    fn begins(&mut self) -> bool {
        self.at = skip_blank(self.bytes, self.at, &mut self.comments);
        loop {
            match self.bytes.get(self.at) {
                Some(b',') => {
                    let span = self.at..self.at + 1;
                    if self.faults.len() < MAX_FINDINGS {
                        self.faults.push(invalid_json::diagnostic("a comma with nothing before it", "remove the comma", span));
                    }
                    self.at = skip_blank(self.bytes, self.at + 1, &mut self.comments);
                }
                Some(b']') => {
                    if let Some(comma) = self.comma {
                        self.faults.push(language::trailing_comma(b']', comma));
                    }
                    self.end();
                    return false;
                }
                Some(_) => return true,
                None => {
                    let fault = invalid_json::diagnostic(
                        "the array of declarations is never closed",
                        "write ] at the end",
                        self.bytes.len()..self.bytes.len(),
                    );
                    let opening = self.opening..self.opening + 1;
                    self.faults.push(fault.related("this [ is never closed", opening));
                    self.done = true;
                    return false;
                }
            }
        }
    }

    fn end(&mut self) {
        self.done = true;
        let rest = skip_blank(self.bytes, self.at + 1, &mut self.comments);
        if rest < self.bytes.len() {
            let span = rest..rest + 1;
            self.faults.push(invalid_json::diagnostic("unexpected text after the end of the array", "remove it", span));
        }
    }
}

impl Iterator for Pieces<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        if self.done || !self.begins() {
            return None;
        }
        let start = self.at;
        let (end, stopped_at) = element(self.bytes, start);
        let is_followed = self.bytes.get(stopped_at) == Some(&b',');
        if self.bytes.get(stopped_at) == Some(&b'{') && self.faults.len() < MAX_FINDINGS {
            let help = "write a comma after the declaration before it";
            self.faults.push(invalid_json::diagnostic(
                "a comma is missing before this declaration",
                help,
                stopped_at..stopped_at + 1,
            ));
        }
        self.comma = is_followed.then_some(stopped_at);
        self.at = stopped_at + usize::from(is_followed);
        Some(start..end)
    }
}

/// The index of a line, from 0, and its span without the line feed.
pub(crate) type Line = (usize, Range<usize>);

/// Iterates over the lines that are not blank.
pub(crate) struct Lines<'t> {
    bytes: &'t [u8],
    start: usize,
    /// The number of lines read so far, including blank ones.
    pub(crate) number: usize,
}

/// Splits a text into lines. `is_start` says whether it is the start of a file, which may have a byte-order mark.
pub(crate) fn lines(bytes: &[u8], is_start: bool) -> Lines<'_> {
    Lines { bytes, start: if is_start { strip_byte_order_mark(bytes) } else { 0 }, number: 0 }
}

impl Iterator for Lines<'_> {
    type Item = Line;

    fn next(&mut self) -> Option<Line> {
        let Self { bytes, start, number } = self;
        while *start < bytes.len() {
            let end = memchr::memchr(b'\n', &bytes[*start..]).map_or(bytes.len(), |length| *start + length);
            let line = (*number, *start..end);
            *start = end + 1;
            *number += 1;
            if !is_blank(&bytes[line.1.clone()]) {
                return Some(line);
            }
        }
        None
    }
}

/// Whether a line is only white space.
fn is_blank(line: &[u8]) -> bool {
    line.iter().all(u8::is_ascii_whitespace)
}

/// The end of the element at `start`, and the offset of the comma, the bracket or the next element after it.
fn element(bytes: &[u8], start: usize) -> (usize, usize) {
    let mut depth = 0_usize;
    let mut end = start;
    while let Some((byte, at)) = lexer::next(bytes, end) {
        match byte {
            // The next element begins, although there is no comma.
            b'{' if depth == 0 && end > start => return (end, at),
            b'{' | b'[' => depth += 1,
            b',' | b']' if depth == 0 => return (end, at),
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        end = match byte {
            b'"' => lexer::string_end(bytes, at),
            b'/' => lexer::comment_end(bytes, at).unwrap_or(at + 1),
            _ => at + 1,
        };
    }
    (end, bytes.len())
}

/// Skips white space and comments.
fn skip_blank(bytes: &[u8], mut at: usize, comments: &mut Comments) -> usize {
    while let Some((_, start)) = lexer::next(bytes, at) {
        let Some(end) = lexer::comment_end(bytes, start) else { return start };
        comments.push(start..end);
        at = end;
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> (Vec<&str>, Vec<String>) {
        let Layout::Array(opening) = layout(text.as_bytes()) else {
            return (Vec::new(), Vec::new());
        };
        let mut pieces = Pieces::new(text.as_bytes(), opening);
        let elements = pieces.by_ref().map(|span| &text[span]).collect();
        (elements, pieces.faults().into_iter().map(|fault| fault.message).collect())
    }

    #[test]
    fn splits_at_commas_between_elements() {
        assert_eq!(split(r#" [ {"a": [1, 2]} , "x,]" ,3 ] "#), (vec![r#"{"a": [1, 2]}"#, r#""x,]""#, "3"], vec![]));
        assert_eq!(split("[]"), (vec![], vec![]));
        assert_eq!(split("\u{FEFF}[1]").0, ["1"]);
    }

    #[test]
    fn reports_errors_between_elements() {
        for (text, elements, fault) in [
            ("[1,]", vec!["1"], "a comma before ] is not JSON"),
            ("[,1]", vec!["1"], "a comma with nothing before it"),
            (r#"[{"a": [{}]} {"b": 1}]"#, vec![r#"{"a": [{}]}"#, r#"{"b": 1}"#], "a comma is missing before this declaration"),
            ("[1", vec!["1"], "the array of declarations is never closed"),
            ("[1] 2", vec!["1"], "unexpected text after the end of the array"),
            ("[1, // one\n]", vec!["1"], "a comma before ] is not JSON"),
            ("// all\n[1]", vec!["1"], "a comment is not JSON"),
        ] {
            let (found, faults) = split(text);
            assert_eq!(found, elements, "{text}");
            assert!(faults.iter().any(|message| message == fault), "{text}: {faults:?}");
        }
    }

    #[test]
    fn a_stray_brace_does_not_affect_the_next_element() {
        assert_eq!(split(r#"[{"a": 1}}, {"b": 2}]"#).0, [r#"{"a": 1}}"#, r#"{"b": 2}"#]);
    }
}

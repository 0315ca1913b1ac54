//! Cuts a file into the documents it holds: one, or the elements of an array.
//!
//! The elements of an array are cut apart before they are parsed. So a syntax error in one of them hides no other, and the memory
//! that an array takes is that of its largest element.

use crate::diagnostic::SyntaxDiagnostic;
use crate::syntax::rules::invalid_json;
use std::ops::Range;

use super::language;
use super::lexer;
use super::position::strip_byte_order_mark;
use super::recovery::MOST_FAULTS;

/// What a file holds.
pub(crate) enum Layout {
    /// One document: everything after the byte-order mark.
    One(Range<usize>),
    /// An array of documents, which begins at this byte.
    Array(usize),
}

/// Looks at the first character that counts.
pub(crate) fn layout(bytes: &[u8]) -> Layout {
    let start = strip_byte_order_mark(bytes);
    let first = skip_blank(bytes, start, &mut Vec::new());
    if bytes.get(first) == Some(&b'[') { Layout::Array(first) } else { Layout::One(start..bytes.len()) }
}

/// The elements of an array, one after the other, and what is wrong between them.
pub(crate) struct Pieces<'t> {
    bytes: &'t [u8],
    opening: usize,
    at: usize,
    comma: Option<usize>,
    done: bool,
    comments: Vec<Range<usize>>,
    faults: Vec<SyntaxDiagnostic>,
}

impl<'t> Pieces<'t> {
    /// The array that begins at `opening`.
    pub(crate) fn new(bytes: &'t [u8], opening: usize) -> Self {
        let mut comments = Vec::new();
        skip_blank(bytes, strip_byte_order_mark(bytes), &mut comments);
        Self { bytes, opening, at: opening + 1, comma: None, done: false, comments, faults: Vec::new() }
    }

    /// What was wrong outside the elements; complete once the last of them was taken.
    pub(crate) fn faults(mut self) -> Vec<SyntaxDiagnostic> {
        self.faults.extend(language::comments(&self.comments));
        self.faults
    }

    /// Judges what stands where an element should begin. Returns whether an element does.
    fn begins(&mut self) -> bool {
        self.at = skip_blank(self.bytes, self.at, &mut self.comments);
        loop {
            match self.bytes.get(self.at) {
                Some(b',') => {
                    let span = self.at..self.at + 1;
                    if self.faults.len() < MOST_FAULTS {
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
            self.faults.push(invalid_json::diagnostic("something follows after the end of the array", "remove it", span));
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
        self.comma = is_followed.then_some(stopped_at);
        self.at = stopped_at + usize::from(is_followed);
        Some(start..end)
    }
}

/// A line without its line feed, and the number of those before it.
pub(crate) type Line = (usize, Range<usize>);

/// The lines of a text that are not blank.
pub(crate) struct Lines<'t> {
    bytes: &'t [u8],
    start: usize,
    /// How many were passed, blank ones too.
    pub(crate) number: usize,
}

/// The lines of a text. `is_start` says whether the text begins its file, and so may begin with a byte-order mark.
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

/// Whether a line holds nothing.
fn is_blank(line: &[u8]) -> bool {
    line.iter().all(u8::is_ascii_whitespace)
}

/// The end of the element that begins at `start`, and where the comma or bracket after it stands.
fn element(bytes: &[u8], start: usize) -> (usize, usize) {
    let mut depth = 0_usize;
    let mut end = start;
    while let Some((byte, at)) = lexer::next(bytes, end) {
        match byte {
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

/// The first byte from `at` on that is neither white space nor part of a comment.
fn skip_blank(bytes: &[u8], mut at: usize, comments: &mut Vec<Range<usize>>) -> usize {
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

    fn cut(text: &str) -> (Vec<&str>, Vec<String>) {
        let Layout::Array(opening) = layout(text.as_bytes()) else {
            return (Vec::new(), Vec::new());
        };
        let mut pieces = Pieces::new(text.as_bytes(), opening);
        let elements = pieces.by_ref().map(|span| &text[span]).collect();
        (elements, pieces.faults().into_iter().map(|fault| fault.message).collect())
    }

    #[test]
    fn elements_are_cut_at_the_commas_between_them() {
        assert_eq!(cut(r#" [ {"a": [1, 2]} , "x,]" ,3 ] "#), (vec![r#"{"a": [1, 2]}"#, r#""x,]""#, "3"], vec![]));
        assert_eq!(cut("[]"), (vec![], vec![]));
        assert_eq!(cut("\u{FEFF}[1]").0, ["1"]);
    }

    #[test]
    fn what_is_wrong_between_the_elements_is_said() {
        for (text, elements, fault) in [
            ("[1,]", vec!["1"], "a comma before ] is not JSON"),
            ("[,1]", vec!["1"], "a comma with nothing before it"),
            ("[1", vec!["1"], "the array of declarations is never closed"),
            ("[1] 2", vec!["1"], "something follows after the end of the array"),
            ("[1, // one\n]", vec!["1"], "a comma before ] is not JSON"),
            ("// all\n[1]", vec!["1"], "a comment is not JSON"),
        ] {
            let (found, faults) = cut(text);
            assert_eq!(found, elements, "{text}");
            assert!(faults.iter().any(|message| message == fault), "{text}: {faults:?}");
        }
    }

    #[test]
    fn an_element_that_is_not_json_stands_alone() {
        assert_eq!(cut(r#"[{"a": 1}}, {"b": 2}]"#).0, [r#"{"a": 1}}"#, r#"{"b": 2}"#]);
    }
}

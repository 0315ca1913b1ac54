//! The part of a document that is being written, by the text around the cursor.

use std::ops::Range;

use crate::locate;
use crate::syntax::{Container, Grammar};

/// What stands in the place of the cursor. No document has such a name.
pub(super) const MARK: &str = "\u{f8ff}ddmc\u{f8ff}";

/// How the document is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Notation {
    Json,
    Yaml,
    /// An XML property list.
    Plist,
}

/// The part that is being written, and what is around it.
pub(super) struct Token {
    pub(super) notation: Notation,
    /// Where the document begins.
    pub(super) base: usize,
    /// What is replaced.
    pub(super) range: Range<usize>,
    /// Whether it is in quotation marks.
    pub(super) is_quoted: bool,
    /// Whether a colon follows, so that only the key is to be written.
    pub(super) has_colon: bool,
    /// Whether another member follows.
    pub(super) is_followed: bool,
    /// Where a comma is missing before it.
    pub(super) comma: Option<usize>,
}

impl Token {
    /// The part at an offset. `None` where nothing is to be completed.
    pub(super) fn at(name: &str, text: &str, offset: usize) -> Option<Self> {
        let grammar = Grammar::of_file(name);
        let span = locate::documents(name, text.as_bytes()).take_while(|span| span.start < offset).last();
        let base = match span {
            // After a line or an element of an array.
            Some(span) if span.end < offset && text[..span.end].ends_with('}') => return None,
            Some(span) => span.start,
            None => 0,
        };
        let is_plist = grammar == Grammar::Detected && Container::of(&text.as_bytes()[base..]).is_some();
        match grammar {
            _ if is_plist => Self::in_plist(text, base, offset),
            Grammar::Yaml => Some(Self::in_line(text, base, offset, Notation::Yaml)),
            Grammar::Detected | Grammar::Json => Some(Self::in_line(text, base, offset, Notation::Json)),
        }
    }

    fn in_line(text: &str, base: usize, offset: usize, notation: Notation) -> Self {
        let line = text[base..offset].rfind(['\n', '\r']).map_or(base, |at| base + at + 1);
        let end_of_line = text[offset..].find(['\n', '\r']).map_or(text.len(), |at| offset + at);
        let quote = open_quote(&text[line..offset]).map(|at| line + at);
        let range = match quote {
            Some(start) => {
                // The quotation mark that closes it, unless it opens another string.
                let close = text[offset..end_of_line].find('"').map(|at| offset + at);
                let close = close.filter(|close| !text[offset..*close].contains(['{', '}', '[', ']', ':', ',']));
                start..close.map_or(offset, |close| close + 1)
            }
            None => word(text, offset),
        };
        let rest = text[range.end..].trim_start();
        let before = text[base..range.start].trim_end();
        let is_json = notation == Notation::Json;
        let comma = (is_json && !before.is_empty() && !before.ends_with(['{', '[', ',', ':'])).then(|| base + before.len());
        Self {
            notation,
            base,
            is_quoted: quote.is_some(),
            has_colon: rest.starts_with(':'),
            is_followed: is_json && rest.starts_with('"'),
            comma,
            range,
        }
    }

    /// The text of a `key` or `string` element.
    fn in_plist(text: &str, base: usize, offset: usize) -> Option<Self> {
        let start = text[base..offset].rfind('>').map(|at| base + at + 1)?;
        let tag = &text[text[base..start].rfind('<').map(|at| base + at)?..start];
        let is_text = ["<key>", "<string>"].contains(&tag) && !text[start..offset].contains('<');
        let end = text[offset..].find(['<', '\n', '\r']).map_or(text.len(), |at| offset + at);
        is_text.then_some(Self {
            notation: Notation::Plist,
            base,
            range: start..end,
            is_quoted: false,
            has_colon: false,
            is_followed: false,
            comma: None,
        })
    }

    /// The document before the cursor with a mark at its end, and whether the mark is a key: the ways in which the rest can
    /// be read.
    pub(super) fn marked(&self, text: &str) -> Vec<(String, bool)> {
        let before = &text[self.base..self.range.start];
        match self.notation {
            Notation::Json => vec![(format!("{before}\"{MARK}\""), false), (format!("{before}\"{MARK}\": null"), true)],
            Notation::Yaml => {
                let line = before.rsplit(['\n', '\r']).next().unwrap_or_default();
                let begins_line = line.chars().all(|c| c == ' ' || c == '-');
                let flow = line.trim_end().ends_with(['{', ',']);
                let ways = [(format!("{before}{MARK}: null"), true), (format!("{before}{MARK}"), false)];
                if begins_line || flow { ways.to_vec() } else { ways.into_iter().rev().collect() }
            }
            Notation::Plist if before.ends_with("<key>") => vec![(format!("{before}{MARK}</key><true/>"), true)],
            Notation::Plist => vec![(format!("{before}{MARK}</string>"), false)],
        }
    }
}

/// The last quotation mark of a line that opens a string and does not close one.
fn open_quote(line: &str) -> Option<usize> {
    let (mut open, mut is_escaped) = (None, false);
    for (at, byte) in line.bytes().enumerate() {
        match byte {
            b'"' if !is_escaped => open = if open.is_some() { None } else { Some(at) },
            b'\\' if open.is_some() => {
                is_escaped = !is_escaped;
                continue;
            }
            _ => {}
        }
        is_escaped = false;
    }
    open
}

/// The word around an offset.
pub(super) fn word(text: &str, offset: usize) -> Range<usize> {
    let is_part = |c: char| c.is_alphanumeric() || "._-".contains(c);
    let start = text[..offset].trim_end_matches(is_part).len();
    let end = text.len() - text[offset..].trim_start_matches(is_part).len();
    start..end
}

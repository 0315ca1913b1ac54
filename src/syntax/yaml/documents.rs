//! Splits a YAML text into its documents and, where one is a sequence, into the items.
//!
//! Lines are enough for that: `---` at the start of a line begins a document even inside a string, and what is inside
//! an item of a block sequence is indented further than its dash. So a mistake in one declaration hides nothing in the
//! others.

use std::ops::Range;
use std::vec;

use super::tree::Tree;
use crate::limits::MAX_YAML_BYTES;
use crate::syntax::position::strip_byte_order_mark;

/// The spans of the documents and items of a text, in order. A text without any is one empty document.
pub(crate) struct Documents<'t> {
    bytes: &'t [u8],
    at: usize,
    items: Items,
    is_empty: bool,
}

/// The items of the current document.
enum Items {
    None,
    /// Those from here to the end, each at a dash after so many spaces.
    Block(Range<usize>, usize),
    Flow(vec::IntoIter<Range<usize>>),
}

impl<'t> Documents<'t> {
    pub(crate) fn new(bytes: &'t [u8]) -> Self {
        Self { bytes, at: strip_byte_order_mark(bytes), items: Items::None, is_empty: true }
    }

    /// The end of the line at `start`, after its line break.
    fn line_end(&self, start: usize) -> usize {
        let rest = &self.bytes[start..];
        match memchr::memchr2(b'\n', b'\r', rest) {
            Some(at) if rest[at..].starts_with(b"\r\n") => start + at + 2,
            Some(at) => start + at + 1,
            None => self.bytes.len(),
        }
    }

    /// The next document, and the line with its first value, if any.
    fn document(&mut self) -> (Range<usize>, Option<Range<usize>>) {
        let (start, mut first, mut has_mark) = (self.at, None, false);
        while self.at < self.bytes.len() {
            let line = self.at..self.line_end(self.at);
            let text = &self.bytes[line.clone()];
            if is_mark(text, b"---") {
                if has_mark || first.is_some() {
                    break;
                }
                has_mark = true;
                if !is_blank(&text[3..]) {
                    first = Some(line.clone());
                }
            } else if is_mark(text, b"...") {
                self.at = line.end;
                break;
            } else if first.is_none() && !is_blank(text) && (has_mark || text[0] != b'%') {
                first = Some(line.clone());
            }
            self.at = line.end;
        }
        (start..self.at, first)
    }

    fn item(&mut self) -> Option<Range<usize>> {
        match &mut self.items {
            Items::None => None,
            Items::Flow(spans) => spans.next(),
            Items::Block(rest, indent) => {
                let (start, stop, indent) = (rest.start, rest.end, *indent);
                let mut end = start;
                while end < stop && (end == start || !is_item(&self.bytes[end..stop], indent)) {
                    end = self.line_end(end).min(stop);
                }
                self.items = Items::Block(end..stop, indent);
                (start < end).then_some(start..end)
            }
        }
    }

    /// The items of a document, if it is a sequence. `first` is the line with its first value.
    fn items_of(&self, document: &Range<usize>, first: &Range<usize>) -> Option<Items> {
        let line = &self.bytes[first.clone()];
        let indent = line.iter().take_while(|byte| **byte == b' ').count();
        if is_item(line, indent) {
            return Some(Items::Block(first.start..document.end, indent));
        }
        if line.strip_prefix(b"---").unwrap_or(line).trim_ascii_start().first() != Some(&b'[') || document.len() > MAX_YAML_BYTES
        {
            return None;
        }
        let tree = Tree::read(str::from_utf8(&self.bytes[document.clone()]).ok()?);
        let spans = tree.items(tree.root().filter(|_| tree.errors.is_empty())?)?.iter().map(|id| {
            let span = &tree.node(*id).span;
            document.start + span.start..document.start + span.end
        });
        Some(Items::Flow(spans.collect::<Vec<_>>().into_iter()))
    }
}

impl Iterator for Documents<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        loop {
            if let Some(item) = self.item() {
                return Some(item);
            }
            self.items = Items::None;
            if self.at >= self.bytes.len() {
                let whole = strip_byte_order_mark(self.bytes)..self.bytes.len();
                return std::mem::take(&mut self.is_empty).then_some(whole);
            }
            let (document, first) = self.document();
            let Some(first) = first else { continue };
            self.is_empty = false;
            match self.items_of(&document, &first) {
                Some(items) => self.items = items,
                None => return Some(document),
            }
        }
    }
}

/// Whether a line is the mark of a document.
fn is_mark(line: &[u8], mark: &[u8]) -> bool {
    line.strip_prefix(mark).is_some_and(|rest| rest.first().is_none_or(u8::is_ascii_whitespace))
}

/// Whether a line has only white space or a comment.
fn is_blank(line: &[u8]) -> bool {
    line.trim_ascii_start().first().is_none_or(|first| *first == b'#')
}

/// Whether a line begins an item of a sequence whose dashes stand after so many spaces.
fn is_item(line: &[u8], indent: usize) -> bool {
    let rest = line.get(indent..).and_then(|rest| rest.strip_prefix(b"-"));
    line.iter().take(indent).all(|byte| *byte == b' ')
        && rest.is_some_and(|rest| rest.first().is_none_or(u8::is_ascii_whitespace))
}

//! Builds the tree of a property list or a YAML document: adds an entry for each value and writes scalars in JSON.

use std::ops::Range;

use crate::syntax::json::Buffers;
use crate::syntax::kind::Kind;
use crate::syntax::parser::narrow;
use crate::syntax::tree::Entry;

/// Builds the tree in the parser's buffers.
pub(super) struct Builder<'s>(&'s mut Buffers);

/// The entry index of an open array or dictionary.
#[derive(Clone, Copy)]
pub(super) struct Opened(usize);

/// A state to which a builder can return.
#[derive(Clone, Copy)]
pub(super) struct Mark {
    entries: usize,
    text: usize,
}

impl<'s> Builder<'s> {
    pub(super) fn new(buffers: &'s mut Buffers) -> Self {
        buffers.text.clear();
        buffers.entries.clear();
        buffers.written.clear();
        Self(buffers)
    }

    /// Opens an array or dictionary at an offset of the source.
    pub(super) fn open(&mut self, kind: Kind, start: usize) -> Opened {
        self.push("", kind, start..start, true);
        Opened(self.0.entries.len() - 1)
    }

    /// Closes an array or dictionary: sets its end and whether it is complete.
    pub(super) fn close(&mut self, opened: Opened, end: usize, is_complete: bool) {
        let next = narrow(self.0.entries.len());
        let entry = &mut self.0.entries[opened.0];
        (entry.end, entry.next, entry.is_complete) = (narrow(end).max(entry.start), next, is_complete);
    }

    /// Adds a number or boolean, given in JSON.
    pub(super) fn plain(&mut self, json: &str, kind: Kind, span: Range<usize>) {
        self.push(json, kind, span, true);
    }

    /// Adds a string, date or data.
    pub(super) fn string(&mut self, text: &str, kind: Kind, span: Range<usize>) {
        let json = serde_json::to_string(text).expect("a string can be written as JSON");
        self.push(&json, kind, span, true);
        if let Some(entry) = self.0.entries.last_mut() {
            entry.is_escaped = json.len() != text.len() + 2;
        }
    }

    /// Adds an unreadable value.
    pub(super) fn unreadable(&mut self, span: Range<usize>) {
        self.push("null", Kind::Null, span, false);
    }

    pub(super) fn mark(&self) -> Mark {
        Mark { entries: self.0.entries.len(), text: self.0.text.len() }
    }

    /// Removes the entries added since `mark`.
    pub(super) fn back_to(&mut self, mark: Mark) {
        self.0.entries.truncate(mark.entries);
        self.0.written.truncate(mark.entries);
        self.0.text.truncate(mark.text);
    }

    /// The number of keys and values.
    pub(super) fn values(&self) -> usize {
        self.0.entries.len()
    }

    /// The number of bytes written.
    pub(super) fn len(&self) -> usize {
        self.0.text.len()
    }

    fn push(&mut self, json: &str, kind: Kind, span: Range<usize>, is_complete: bool) {
        let Buffers { text, entries, written } = &mut *self.0;
        written.push(narrow(text.len())..narrow(text.len() + json.len()));
        text.push_str(json);
        let next = narrow(entries.len()) + 1;
        let end = span.end.max(span.start);
        entries.push(Entry { start: narrow(span.start), end: narrow(end), next, kind, is_escaped: false, is_complete });
    }
}

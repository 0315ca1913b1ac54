//! Lists the values of a property list, and writes each as JSON writes it.

use std::ops::Range;

use crate::syntax::json::Spare;
use crate::syntax::kind::Kind;
use crate::syntax::parser::narrow;
use crate::syntax::tree::Entry;

/// How deep values may be nested.
pub(super) const DEEPEST: usize = crate::syntax::parser::DEEPEST;

/// A tree in the making.
pub(super) struct Builder<'s>(&'s mut Spare);

/// An array or dictionary that was opened: the number of its entry.
#[derive(Clone, Copy)]
pub(super) struct Opened(usize);

/// A point to which a builder can go back.
#[derive(Clone, Copy)]
pub(super) struct Mark {
    entries: usize,
    text: usize,
}

impl<'s> Builder<'s> {
    pub(super) fn new(spare: &'s mut Spare) -> Self {
        spare.text.clear();
        spare.entries.clear();
        spare.written.clear();
        Self(spare)
    }

    /// Opens an array or dictionary at this byte of the source.
    pub(super) fn open(&mut self, kind: Kind, start: usize) -> Opened {
        self.push("", kind, start..start, true);
        Opened(self.0.entries.len() - 1)
    }

    /// Says where an array or dictionary ends, and whether all of it was read.
    pub(super) fn close(&mut self, opened: Opened, end: usize, is_complete: bool) {
        let next = narrow(self.0.entries.len());
        let entry = &mut self.0.entries[opened.0];
        (entry.end, entry.next, entry.is_complete) = (narrow(end).max(entry.start), next, is_complete);
    }

    /// Adds a number or boolean, which is JSON as it stands.
    pub(super) fn plain(&mut self, json: &str, kind: Kind, span: Range<usize>) {
        self.push(json, kind, span, true);
    }

    /// Adds a string, or a value that JSON has only strings for.
    pub(super) fn string(&mut self, text: &str, kind: Kind, span: Range<usize>) {
        let json = serde_json::Value::from(text).to_string();
        self.push(&json, kind, span, true);
        if let Some(entry) = self.0.entries.last_mut() {
            entry.is_escaped = json.len() != text.len() + 2;
        }
    }

    /// Adds a value that could not be read.
    pub(super) fn unread(&mut self, span: Range<usize>) {
        self.push("null", Kind::Null, span, false);
    }

    pub(super) fn mark(&self) -> Mark {
        Mark { entries: self.0.entries.len(), text: self.0.text.len() }
    }

    /// Removes what was added since.
    pub(super) fn back_to(&mut self, mark: Mark) {
        self.0.entries.truncate(mark.entries);
        self.0.written.truncate(mark.entries);
        self.0.text.truncate(mark.text);
    }

    /// How many bytes were written.
    pub(super) fn len(&self) -> usize {
        self.0.text.len()
    }

    fn push(&mut self, json: &str, kind: Kind, span: Range<usize>, is_complete: bool) {
        let Spare { text, entries, written } = &mut *self.0;
        written.push(narrow(text.len())..narrow(text.len() + json.len()));
        text.push_str(json);
        let next = narrow(entries.len()) + 1;
        let end = span.end.max(span.start);
        entries.push(Entry { start: narrow(span.start), end: narrow(end), next, kind, is_escaped: false, is_complete });
    }
}

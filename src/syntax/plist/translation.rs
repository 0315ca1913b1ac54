//! Writes the JSON of a property list, and notes where everything stands in the source.

use std::ops::Range;

use crate::syntax::Kind;
use crate::syntax::origin::{Place, Places};

/// How deep the parser of the translation goes.
pub(super) const DEEPEST: usize = crate::syntax::parser::DEEPEST;

/// A translation in the making.
pub(super) struct Translation<'j> {
    json: &'j mut String,
    places: Vec<Place>,
}

/// A point to which a translation can be taken back.
#[derive(Clone, Copy)]
pub(super) struct Mark(usize, usize);

/// A value that was begun.
#[derive(Clone, Copy)]
pub(super) struct Begun(usize);

impl<'j> Translation<'j> {
    pub(super) fn new(json: &'j mut String) -> Self {
        Self { json, places: Vec::new() }
    }

    /// Begins a value at this byte of the source.
    pub(super) fn begin(&mut self, start: usize) -> Begun {
        self.places.push(Place { at: self.json.len(), span: start..start, kind: None, is_complete: true });
        Begun(self.places.len() - 1)
    }

    /// Says where a value ends, and whether all of it was read.
    pub(super) fn end(&mut self, begun: Begun, end: usize, is_complete: bool) {
        let place = &mut self.places[begun.0];
        place.span.end = end.max(place.span.start);
        place.is_complete = is_complete;
    }

    /// Writes a whole value that is JSON as it stands.
    pub(super) fn plain(&mut self, json: &str, span: Range<usize>) {
        let begun = self.begin(span.start);
        self.json.push_str(json);
        self.end(begun, span.end, true);
    }

    /// Writes a string, or what JSON has only strings for.
    pub(super) fn string(&mut self, text: &str, kind: Option<Kind>, span: Range<usize>) {
        let begun = self.begin(span.start);
        self.quote(text);
        self.places[begun.0].kind = kind;
        self.end(begun, span.end, true);
    }

    /// Writes a value that could not be read.
    pub(super) fn unread(&mut self, span: Range<usize>) {
        let begun = self.begin(span.start);
        self.json.push_str("null");
        self.end(begun, span.end, false);
    }

    /// Writes a bracket, a comma or a colon.
    pub(super) fn sign(&mut self, sign: char) {
        self.json.push(sign);
    }

    pub(super) fn mark(&self) -> Mark {
        Mark(self.json.len(), self.places.len())
    }

    /// Forgets what was written since.
    pub(super) fn back_to(&mut self, mark: Mark) {
        self.json.truncate(mark.0);
        self.places.truncate(mark.1);
    }

    /// How many bytes were written.
    pub(super) fn len(&self) -> usize {
        self.json.len()
    }

    pub(super) fn finish(self) -> Places {
        Places::new(self.places)
    }

    fn quote(&mut self, text: &str) {
        // Most strings need no escape; for the others serde_json knows which.
        if text.bytes().any(|byte| byte < 0x20 || matches!(byte, b'"' | b'\\')) {
            self.json.push_str(&serde_json::Value::from(text).to_string());
        } else {
            self.json.push('"');
            self.json.push_str(text);
            self.json.push('"');
        }
    }
}

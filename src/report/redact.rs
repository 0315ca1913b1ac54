//! Hides text that no output may show: secrets, and text outside of the documents that were parsed.

use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use super::Source;
use crate::diagnostic::Place;
use crate::hash::Map;
use crate::locate;
use crate::secrets::secrets;
use crate::syntax::{Grammar, lists_set, strip_byte_order_mark};
use crate::words::MASK;

/// The hidden ranges of a document. `None` hides all of it.
type Hidden = Option<Arc<[Range<usize>]>>;

/// Hides parts of one text. Caches the hidden ranges of each document.
#[derive(Debug)]
pub(super) struct Redaction {
    grammar: Grammar,
    known: Mutex<Map<Range<usize>, Hidden>>,
}

impl Redaction {
    /// For the text of a file.
    pub(super) fn of(file: &str) -> Self {
        Self { grammar: Grammar::of_file(file), known: Mutex::default() }
    }

    /// Whether the text around a place may be shown.
    pub(super) fn shows(&self, source: Source<'_>, place: &Place) -> bool {
        document(source, place).is_none_or(|document| self.hidden(source, &document).is_some())
    }

    /// Returns the hidden ranges of a line that shows these places, in ascending order.
    pub(super) fn of_line<'p>(
        &self,
        source: Source<'_>,
        line: &Range<usize>,
        places: impl Iterator<Item = &'p Place>,
    ) -> Vec<Range<usize>> {
        let mut all = Vec::new();
        for Part { span, document } in parts(source, line, places).unwrap_or_default() {
            let Some((document, hidden)) = document.and_then(|document| Some((document.start, self.hidden(source, &document)?)))
            else {
                all.extend(words(source.bytes, span));
                continue;
            };
            let after = hidden.partition_point(|secret| document + secret.end <= span.start);
            let secrets = hidden[after..].iter().map(|secret| document + secret.start..document + secret.end);
            all.extend(secrets.take_while(|secret| secret.start < span.end));
        }
        all
    }

    fn hidden(&self, source: Source<'_>, document: &Range<usize>) -> Hidden {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        // A finding between documents is in none: only the signs around it are shown.
        let find = || {
            if document.is_empty() {
                return Some(Arc::default());
            }
            secrets(source.bytes, document, self.grammar).map(Arc::from)
        };
        known.entry(document.clone()).or_insert_with(find).clone()
    }
}

/// Replaces each hidden part of a text with [`MASK`]. `None` if the whole text must be hidden.
pub(crate) fn redacted(file: &str, text: &[u8]) -> Option<String> {
    if text.is_empty() {
        return Some(String::new());
    }
    if lists_set(Path::new(file)) {
        // Identifiers alone.
        return Some(String::from_utf8_lossy(text).into_owned());
    }
    let mut hidden = Vec::new();
    let grammar = Grammar::of_file(file);
    let mut at = strip_byte_order_mark(text);
    for document in locate::documents(file, text) {
        hidden.extend(words(text, at..document.start));
        let secrets = secrets(text, &document, grammar)?.into_iter();
        hidden.extend(secrets.map(|part| document.start + part.start..document.start + part.end));
        at = document.end;
    }
    hidden.extend(words(text, at..text.len()));
    let mut shown = String::with_capacity(text.len());
    let mut from = 0;
    for part in hidden {
        shown.push_str(&String::from_utf8_lossy(&text[from..part.start]));
        shown.push_str(MASK);
        from = part.end;
    }
    shown.push_str(&String::from_utf8_lossy(&text[from..]));
    Some(shown)
}

/// A part of a line, and the document that contains it.
struct Part {
    span: Range<usize>,
    document: Option<Range<usize>>,
}

/// Splits a line into the parts in the documents of these places, and the words outside of them. `None` if a place
/// has no document: then the file is not an Apple document, and has no secrets.
fn parts<'p>(source: Source<'_>, line: &Range<usize>, places: impl Iterator<Item = &'p Place>) -> Option<Vec<Part>> {
    let mut documents = places.map(|place| document(source, place)).collect::<Option<Vec<_>>>()?;
    documents.sort_by_key(|document| document.start);
    documents.dedup();
    let outer = |span: Range<usize>| words(source.bytes, span).map(|span| Part { span, document: None });
    let mut parts = Vec::new();
    let mut at = line.start;
    for document in documents {
        let span = document.start.clamp(at, line.end)..document.end.clamp(at, line.end);
        parts.extend(outer(at..span.start));
        at = span.end;
        parts.push(Part { span, document: Some(document) });
    }
    parts.extend(outer(at..line.end));
    Some(parts)
}

/// Whether a line has no words outside of the documents of these places.
pub(super) fn covers<'p>(source: Source<'_>, line: &Range<usize>, places: impl Iterator<Item = &'p Place>) -> bool {
    parts(source, line, places).is_none_or(|parts| parts.iter().all(|part| part.document.is_some()))
}

/// Returns the range of the document that contains a place. Clamps it, since the file may have changed.
fn document(source: Source<'_>, place: &Place) -> Option<Range<usize>> {
    let within = |offset: usize| offset.saturating_sub(source.origin.offset).min(source.bytes.len());
    place.document.as_ref().map(|document| within(document.start)..within(document.end))
}

/// Trims white space, and the punctuation of JSON and of YAML's marks, from a range. `None` if nothing is left.
fn words(bytes: &[u8], range: Range<usize>) -> Option<Range<usize>> {
    let is_word = |byte: &u8| !byte.is_ascii_whitespace() && !b"{}[]:,-".contains(byte);
    let part = &bytes[range.clone()];
    let (first, last) = (part.iter().position(is_word)?, part.iter().rposition(is_word)?);
    Some(range.start + first..range.start + last + 1)
}

//! What a report shows of a finding: the lines around its places, in its own file and in others.

use std::sync::{Arc, Mutex, PoisonError};

use super::excerpt::{Excerpt, Label};
use super::redact::Redaction;
use super::{Source, Texts};
use crate::diagnostic::{Diagnostic, Place, Position, Related};
use crate::syntax::Container;
use crate::words::visible;

/// The most related places to show.
const MOST_RELATED: usize = 4;

/// Makes excerpts.
pub(super) struct Excerpts {
    /// The width of their lines, in columns.
    width: usize,
    /// The other file that was read last.
    last: Mutex<Option<Arc<Other>>>,
}

/// A file other than that of the finding, with a related place.
struct Other {
    file: Arc<str>,
    text: Vec<u8>,
    redaction: Redaction,
}

/// A finding with the lines around it.
pub(super) struct View<'f> {
    pub(super) finding: &'f Diagnostic,
    /// The place of the finding, and the related places to show in the same text.
    places: Vec<&'f Place>,
    /// `None` if the text may not be shown.
    pub(super) excerpt: Option<Excerpt>,
}

impl Excerpts {
    pub(super) fn new(width: usize) -> Self {
        Self { width, last: Mutex::new(None) }
    }

    pub(super) fn view<'f>(&self, finding: &'f Diagnostic, texts: Texts<'_>, redaction: &Redaction) -> View<'f> {
        let source = texts.source.filter(|source| is_shown(source.bytes) && redaction.shows(*source, &finding.place));
        let places = places(finding, source, redaction);
        let excerpt = source.map(|source| self.excerpt(&finding.place.file, source, redaction, &places));
        View { finding, places, excerpt }
    }

    /// The lines around a related place in a file other than that of the finding.
    pub(super) fn other(&self, related: &Related, finding: &Diagnostic, texts: Texts<'_>) -> Option<Excerpt> {
        let file = &related.place.file;
        if *file == finding.place.file {
            return None;
        }
        let other = self.read(file, texts)?;
        let source = Source { bytes: &other.text, origin: Position::START };
        let shows = other.redaction.shows(source, &related.place);
        shows.then(|| self.excerpt(file, source, &other.redaction, &[&related.place]))
    }

    fn excerpt(&self, file: &str, source: Source<'_>, redaction: &Redaction, places: &[&Place]) -> Excerpt {
        Excerpt::new(visible(file), source, redaction, places, self.width)
    }

    /// Reads another file. Caches the last one, since consecutive findings mostly refer to the same file.
    fn read(&self, file: &Arc<str>, texts: Texts<'_>) -> Option<Arc<Other>> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if last.as_ref().is_none_or(|last| last.file != *file) {
            let text = (texts.others)(file).filter(|text| is_shown(text));
            *last = text.map(|text| Arc::new(Other { file: file.clone(), text, redaction: Redaction::of(file) }));
        }
        last.clone()
    }
}

impl View<'_> {
    /// The label of a place, if the excerpt shows it.
    pub(super) fn label(&self, place: &Place) -> Option<&Label> {
        let labels = self.excerpt.as_ref()?.labels();
        labels.iter().find(|label| std::ptr::eq(self.places[label.place], place))
    }

    /// The related places to show.
    pub(super) fn related(&self) -> &[Related] {
        related(self.finding)
    }
}

/// Whether the lines of a file are readable. Those of a binary or signed property list are not.
fn is_shown(text: &[u8]) -> bool {
    Container::of(text).is_none_or(Container::is_text)
}

fn related(finding: &Diagnostic) -> &[Related] {
    &finding.related[..finding.related.len().min(MOST_RELATED)]
}

/// The place of a finding, and the related places to show in the same text.
fn places<'f>(finding: &'f Diagnostic, source: Option<Source<'_>>, redaction: &Redaction) -> Vec<&'f Place> {
    let is_shown =
        |place: &&Place| source.is_some_and(|source| is_in(place, &finding.place, source) && redaction.shows(source, place));
    let related = related(finding).iter().map(|related| &related.place);
    std::iter::once(&finding.place).chain(related.filter(is_shown)).collect()
}

/// Whether a place is in the same text as another.
fn is_in(place: &Place, other: &Place, source: Source<'_>) -> bool {
    let end = source.origin.offset + source.bytes.len();
    place.file == other.file && (source.origin.offset..=end).contains(&place.start.offset)
}

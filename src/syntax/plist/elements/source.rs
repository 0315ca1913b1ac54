//! The XML reader, which can restart at any offset of the text.

use std::ops::Range;

use quick_xml::Reader;
use quick_xml::errors::Error;
use quick_xml::events::Event;

/// The maximum number of restarts, one for each `<` that does not begin a valid tag. Each may scan the rest of the text
/// again.
const MAX_RESTARTS: usize = 100;

/// A reader with offsets in the whole text.
pub(super) struct Source<'t> {
    text: &'t str,
    reader: Reader<&'t [u8]>,
    /// The offset at which the reader started.
    base: usize,
    restarts: usize,
}

impl<'t> Source<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let (reader, base) = reader(text, 0);
        Self { text, reader, base, restarts: 0 }
    }

    /// The next event and its span.
    pub(super) fn next(&mut self) -> (Result<Event<'t>, Error>, Range<usize>) {
        let start = self.position();
        let event = self.reader.read_event();
        (event, start..self.position())
    }

    /// Restarts at an offset, unless the limit is reached. Returns whether it restarted.
    pub(super) fn restart(&mut self, at: usize) -> bool {
        self.restarts += 1;
        let may_restart = self.restarts <= MAX_RESTARTS;
        if may_restart {
            (self.reader, self.base) = reader(self.text, at);
        }
        may_restart
    }

    /// The offset of the last error.
    pub(super) fn error_position(&self) -> usize {
        self.base + usize::try_from(self.reader.error_position()).unwrap_or_default()
    }

    fn position(&self) -> usize {
        self.base + usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX)
    }
}

/// Creates a reader for the text from `at` on. Also returns its start, which is after a byte-order mark: the reader
/// would skip the mark without counting it.
fn reader(text: &str, at: usize) -> (Reader<&[u8]>, usize) {
    let rest = text[at..].trim_start_matches('\u{FEFF}');
    let mut reader = Reader::from_str(rest);
    let config = reader.config_mut();
    config.check_comments = true;
    config.allow_dangling_amp = true;
    // `Elements` matches end tags itself and reports better errors.
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    (reader, text.len() - rest.len())
}

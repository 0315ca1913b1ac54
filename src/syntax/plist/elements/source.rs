//! The text as the parser sees it, which can begin anew anywhere.

use std::ops::Range;

use quick_xml::Reader;
use quick_xml::errors::Error;
use quick_xml::events::Event;

/// How often reading begins anew after a `<` that begins no tag. Each time the rest may be looked at once more.
const MOST_RESTARTS: usize = 100;

/// A parser, and where in the text it is.
pub(super) struct Source<'t> {
    text: &'t str,
    reader: Reader<&'t [u8]>,
    /// Where the reader began.
    base: usize,
    restarts: usize,
}

impl<'t> Source<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let (reader, base) = reader(text, 0);
        Self { text, reader, base, restarts: 0 }
    }

    /// The next event, and where it stands.
    pub(super) fn next(&mut self) -> (Result<Event<'t>, Error>, Range<usize>) {
        let start = self.position();
        let event = self.reader.read_event();
        (event, start..self.position())
    }

    /// Begins to read anew, but for once too often. Returns whether it does.
    pub(super) fn restart(&mut self, at: usize) -> bool {
        self.restarts += 1;
        let may_restart = self.restarts <= MOST_RESTARTS;
        if may_restart {
            (self.reader, self.base) = reader(self.text, at);
        }
        may_restart
    }

    /// Where the last error is.
    pub(super) fn error_position(&self) -> usize {
        self.base + usize::try_from(self.reader.error_position()).unwrap_or_default()
    }

    fn position(&self) -> usize {
        self.base + usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX)
    }
}

/// A reader of the text from `at` on, and where it begins: after the byte-order mark that it would pass over without counting it.
fn reader(text: &str, at: usize) -> (Reader<&[u8]>, usize) {
    let rest = text[at..].trim_start_matches('\u{FEFF}');
    let mut reader = Reader::from_str(rest);
    let config = reader.config_mut();
    config.check_comments = true;
    config.allow_dangling_amp = true;
    // Which end tag belongs to what is told by the elements, in better words.
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    (reader, text.len() - rest.len())
}

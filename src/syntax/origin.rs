//! Where the values of a document stand in its source, and what they are there.

use std::ops::Range;

use super::kind::Kind;

/// How the text that was parsed relates to the source.
#[derive(Default)]
pub(super) struct Origin {
    /// The places of a document that was translated into JSON.
    pub(super) translated: Option<Places>,
}

/// Where the values and keys of a translated document stand in its source, in ascending order of their places in the translation.
#[derive(Debug, Default)]
pub(super) struct Places(Vec<Place>);

/// The source of one value or key.
#[derive(Debug)]
pub(super) struct Place {
    /// Where it begins in the translation.
    pub(super) at: usize,
    /// Where it stands in the source.
    pub(super) span: Range<usize>,
    /// What it is, if JSON has no such kind.
    pub(super) kind: Option<Kind>,
    /// Whether all of it was read.
    pub(super) is_complete: bool,
}

impl Places {
    pub(super) fn new(places: Vec<Place>) -> Self {
        Self(places)
    }

    /// The source of what begins at this byte of the translation.
    pub(super) fn of(&self, at: usize) -> Option<&Place> {
        self.0.binary_search_by_key(&at, |place| place.at).ok().map(|found| &self.0[found])
    }
}

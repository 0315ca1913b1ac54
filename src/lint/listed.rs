//! Reads lists of the declarations of a set: KMFDDM's, and those in files for Fleet.

use std::ops::Range;

use super::{Linted, Linter, Text};
use crate::diagnostic::Place;
use crate::limits::MAX_REFERENCES;
use crate::set::{Items, Listed, ListedPath};
use crate::validate::FleetPath;

/// The set that a file lists: one identifier per line, `#` before a comment, `-` before an identifier that is dropped.
pub(super) fn set(text: &Text<'_>) -> Linted {
    let whole = String::from_utf8_lossy(&text.bytes);
    let names = whole.lines().map(str::trim).filter(|name| !name.is_empty() && !name.starts_with(['#', '-']));
    let identifiers = names.take(MAX_REFERENCES).map(Box::from).collect();
    let listed = vec![Listed { file: text.file.clone(), items: Items::Identifiers(identifiers) }];
    Linted { listed, ..Linted::default() }
}

impl Linter<'_, '_> {
    /// A path in a file for Fleet, in this document of the text.
    pub(super) fn listed(&mut self, path: FleetPath<'_>, document: &Range<usize>) -> ListedPath {
        let (span, base, origin) = (path.node.span(), document.start, self.text.origin.offset);
        let place = Place {
            file: self.text.file.clone(),
            index: self.index,
            pointer: path.pointer,
            start: self.locator.position(base + span.start),
            end: self.locator.position(base + span.end),
            document: Some(origin + document.start..origin + document.end),
        };
        let text = path.node.as_str().unwrap_or_default();
        ListedPath { path: text.into(), is_pattern: path.is_pattern, is_for_all: path.is_for_all, place }
    }
}

//! Places of diagnostics: in a file, in a document, or in the terms of a rule.

use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::Position;

/// A place in a declaration of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The name of the file.
    pub file: Arc<str>,
    /// The index of the declaration in the file, from 0.
    pub index: usize,
    /// The JSON pointer (RFC 6901) from the root of the declaration.
    pub pointer: String,
    /// The start.
    pub start: Position,
    /// The end: the position after the last character.
    pub end: Position,
    /// The byte range of the declaration in the file. `None` in files without declarations, such as `ddmc.toml`.
    pub(crate) document: Option<Range<usize>>,
}

/// A byte range of one document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct Region {
    /// The JSON pointer from the root of the document.
    pub(crate) pointer: String,
    pub(crate) span: Range<usize>,
}

/// A place in a document, in the terms of a rule.
#[derive(Debug, Clone)]
pub(crate) enum Spot {
    /// A byte range.
    At(Region),
    /// The path of a key in the payload, as in Apple's schema.
    Key(&'static [&'static str]),
    /// The type of the declaration, or the whole document if it has none.
    Type,
    /// The payload.
    Payload,
}

impl Spot {
    pub(crate) fn at(pointer: impl Into<String>, span: Range<usize>) -> Self {
        Self::At(Region { pointer: pointer.into(), span })
    }
}

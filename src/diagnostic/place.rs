//! Where a diagnostic is: in a file, in a document, or in the terms of a rule.

use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::Position;

/// A place in a declaration in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file, as it was named.
    pub file: Arc<str>,
    /// Which declaration of the file, from 0.
    pub index: usize,
    /// The JSON pointer (RFC 6901) from the top of the declaration.
    pub pointer: String,
    /// Where it begins.
    pub start: Position,
    /// Where it ends: the position after its last character.
    pub end: Position,
    /// The bytes of the file that the declaration takes. `None` in a file that holds no declarations, such as `ddmc.toml`.
    pub(crate) document: Option<Range<usize>>,
}

/// A place in the bytes of one document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Region {
    /// The JSON pointer from the top of the document.
    pub(crate) pointer: String,
    pub(crate) span: Range<usize>,
}

/// A place in a document, in the terms of a rule.
#[derive(Debug, Clone)]
pub(crate) enum Spot {
    /// Known bytes of the document.
    At(Region),
    /// A key of the payload, as in the table. Rules on what a document says know no other.
    Key(&'static [&'static str]),
    /// The type of the declaration, or the document where it has none.
    Type,
    /// The payload.
    Payload,
}

impl Spot {
    pub(crate) fn at(pointer: impl Into<String>, span: Range<usize>) -> Self {
        Self::At(Region { pointer: pointer.into(), span })
    }
}

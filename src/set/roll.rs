//! The declarations of a text, one after the other.

use super::Declared;

/// Declarations in their order, with their identifiers.
///
/// There are hundreds in a block of lines. A text for each identifier would be made by one thread and given back by another, which takes
/// longer than to read it, so they share one.
#[derive(Debug, Default)]
pub(crate) struct Roll {
    pub(crate) declarations: Vec<Declared>,
    /// The identifiers, one after the other.
    identifiers: String,
}

impl Roll {
    /// Makes room for so many declarations, unless there is some.
    pub(crate) fn reserve(&mut self, declarations: usize) {
        if self.declarations.capacity() == 0 {
            self.declarations.reserve_exact(declarations);
        }
    }

    /// Adds a declaration, and its identifier as it is written, right or wrong.
    pub(crate) fn push(&mut self, mut declared: Declared, identifier: Option<&str>) {
        let start = self.identifiers.len();
        declared.identifier = identifier.map(|identifier| {
            self.identifiers.push_str(identifier);
            start..self.identifiers.len()
        });
        self.declarations.push(declared);
    }

    /// The identifier of one of the declarations.
    pub(crate) fn identifier(&self, declared: &Declared) -> Option<&str> {
        self.identifiers.get(declared.identifier.clone()?)
    }
}

//! Declarations that a file of a server lists as active together: Fleet's GitOps by path, KMFDDM by identifier.

use std::sync::Arc;

use crate::diagnostic::Place;

/// A set that a file lists.
#[derive(Debug, Clone)]
pub(crate) struct Listed {
    /// The file with the list.
    pub(crate) file: Arc<str>,
    pub(crate) items: Items,
}

impl Listed {
    /// The number of items.
    pub(crate) fn len(&self) -> usize {
        match &self.items {
            Items::Paths(paths) => paths.len(),
            Items::Identifiers(identifiers) => identifiers.len(),
        }
    }
}

/// The items of a set.
#[derive(Debug, Clone)]
pub(crate) enum Items {
    /// The files of declarations.
    Paths(Vec<ListedPath>),
    /// The identifiers of declarations in the folder of the list.
    Identifiers(Vec<Box<str>>),
}

/// A path, relative to the folder of the list.
#[derive(Debug, Clone)]
pub(crate) struct ListedPath {
    pub(crate) path: Box<str>,
    pub(crate) is_pattern: bool,
    /// Whether all devices get the file, so that it belongs to the set.
    pub(crate) is_for_all: bool,
    pub(crate) place: Place,
}

//! Places in declarations whose text is no longer in memory.

use crate::apple::Value;
use crate::diagnostic::{Diagnostic, Drafts, Fix};

/// A diagnostic about several declarations, before its places are located in their files.
pub(crate) type SetDraft = Diagnostic<Where>;

/// The findings about several declarations while they are collected.
pub(crate) type SetDrafts = Drafts<Where, Fix>;

/// A place in one of the declarations.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Where {
    /// The number of the declaration.
    pub(crate) who: usize,
    pub(crate) spot: SetSpot,
}

/// A place within a declaration.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum SetSpot {
    Identifier,
    RequestType,
    /// The value at a path in the payload, or the item with this value in the array at the path.
    Key(Vec<String>, Option<Value>),
    /// A byte range of the decoded string at a path in the payload.
    Text(Vec<String>, std::ops::Range<usize>),
}

impl Where {
    pub(crate) fn identifier(who: usize) -> Self {
        Self { who, spot: SetSpot::Identifier }
    }

    pub(crate) fn key(who: usize, path: &[impl AsRef<str>]) -> Self {
        Self { who, spot: SetSpot::Key(owned(path), None) }
    }

    pub(crate) fn text(who: usize, path: &[impl AsRef<str>], range: std::ops::Range<usize>) -> Self {
        Self { who, spot: SetSpot::Text(owned(path), range) }
    }

    pub(crate) fn item(who: usize, path: &[impl AsRef<str>], value: Value) -> Self {
        Self { who, spot: SetSpot::Key(owned(path), Some(value)) }
    }
}

fn owned(path: &[impl AsRef<str>]) -> Vec<String> {
    path.iter().map(|step| step.as_ref().to_owned()).collect()
}

//! A place in a declaration that is not at hand.

use crate::apple::Value;
use crate::diagnostic::Diagnostic;

/// A diagnostic between declarations, before its place in their files is looked up.
pub(crate) type SetDraft = Diagnostic<Where>;

/// A place in one of the declarations.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Where {
    /// The number of the declaration.
    pub(crate) who: usize,
    pub(crate) spot: SetSpot,
}

/// What is there.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum SetSpot {
    /// The identifier.
    Identifier,
    /// What tells which command it is.
    RequestType,
    /// The value of a key of the payload, or in an array the item that has this value.
    Key(Vec<String>, Option<Value>),
}

impl Where {
    pub(crate) fn identifier(who: usize) -> Self {
        Self { who, spot: SetSpot::Identifier }
    }

    pub(crate) fn key(who: usize, path: &[impl AsRef<str>]) -> Self {
        Self { who, spot: SetSpot::Key(owned(path), None) }
    }

    pub(crate) fn item(who: usize, path: &[impl AsRef<str>], value: Value) -> Self {
        Self { who, spot: SetSpot::Key(owned(path), Some(value)) }
    }
}

fn owned(path: &[impl AsRef<str>]) -> Vec<String> {
    path.iter().map(|step| step.as_ref().to_owned()).collect()
}

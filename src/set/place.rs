//! A place in a declaration that is not at hand.

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
    Key(&'static [&'static str], Option<serde_json::Value>),
}

impl Where {
    pub(crate) fn identifier(who: usize) -> Self {
        Self { who, spot: SetSpot::Identifier }
    }

    pub(crate) fn key(who: usize, path: &'static [&'static str]) -> Self {
        Self { who, spot: SetSpot::Key(path, None) }
    }

    pub(crate) fn item(who: usize, path: &'static [&'static str], value: serde_json::Value) -> Self {
        Self { who, spot: SetSpot::Key(path, Some(value)) }
    }
}

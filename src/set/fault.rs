//! A fault between declarations.

use crate::finding::Severity;
use crate::rules::Rule;

/// A fault between declarations, before anybody knows where in their files it is.
#[derive(Debug)]
pub(crate) struct SetFault {
    pub(crate) rule: &'static Rule,
    pub(crate) severity: Severity,
    pub(crate) message: String,
    pub(crate) help: String,
    pub(crate) at: Where,
    pub(crate) related: Vec<(String, Where)>,
}

impl SetFault {
    pub(super) fn identity(&self) -> (&'static str, Where, Vec<Where>) {
        (self.rule.id, self.at.clone(), self.related.iter().map(|(_, place)| place.clone()).collect())
    }
}

/// A place in one of the declarations.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Where {
    /// The number of the declaration.
    pub(crate) who: usize,
    pub(crate) spot: SetSpot,
}

/// A place in a declaration that is not at hand.
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

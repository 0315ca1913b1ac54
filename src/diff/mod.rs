//! What changes for devices between two sets of declarations.
//!
//! The comparison is pure: it knows neither files nor clocks, and takes what it compares as two [gathered](crate::set)
//! sets.
#![allow(dead_code, reason = "the command follows")]

use serde_json::Value;

use crate::diagnostic::Place;

/// What changes between two sets.
#[derive(Debug)]
pub(crate) struct Changes {
    /// In the order of subjects, then of files.
    pub(crate) changes: Vec<Change>,
    /// The declarations whose text changes, and nothing for devices.
    pub(crate) rewritten: Vec<Rewritten>,
}

/// A difference, at its narrowest subject.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    pub(crate) kind: Kind,
    pub(crate) subject: Subject,
    /// The type of the declaration; `None` if it could not be read.
    pub(crate) declaration_type: Option<String>,
    /// The identifier of the declaration.
    pub(crate) identifier: Option<String>,
    /// The old and the new value, without secrets. `None` if there is none.
    pub(crate) old: Option<Value>,
    pub(crate) new: Option<Value>,
    /// Whether it changes what devices do.
    pub(crate) is_effective: bool,
    /// The targets that it concerns, in the form of `--target`; empty if none are known.
    pub(crate) targets: Vec<String>,
    /// The effect in words, in one line.
    pub(crate) message: String,
    /// The place in the new set, or in the old one if the new one has none.
    pub(crate) place: Place,
}

/// What happens to the subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Added,
    Removed,
    Changed,
}

/// What a change is about. The order is that of reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Subject {
    /// The enforcement of an update.
    Enforcement,
    /// A value of a key.
    Setting,
    /// A declaration as a whole.
    Declaration,
    /// An activation, its predicate or what it references.
    Activation,
    /// An asset.
    Asset,
}

/// A declaration of which only the text changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rewritten {
    pub(crate) identifier: Option<String>,
    /// The files of the old and of the new declaration.
    pub(crate) files: [std::sync::Arc<str>; 2],
}

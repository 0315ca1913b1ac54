//! Fixes of a diagnostic: the proposal of a rule, and the resulting edits of the file.

use std::ops::Range;

/// A fix as a rule proposes it.
#[derive(Debug, Clone)]
pub(crate) struct Proposal {
    pub(crate) remedy: Remedy,
    pub(crate) is_safe: bool,
    pub(crate) description: String,
    /// The pointer of the key that it makes, if any. If two fixes would make the same key, neither is offered.
    pub(crate) makes: Option<String>,
}

/// The change that a fix makes, in terms of the document.
#[derive(Debug, Clone)]
pub(crate) enum Remedy {
    /// Replaces the place of the finding with this text.
    Replace(String),
    /// Deletes these byte ranges of the document.
    Delete(Vec<Range<usize>>),
    /// Removes the member whose key is the place of the finding.
    RemoveMember,
    /// Moves that member to the object at the path `home` from the root, and renames its key to `name`.
    MoveMember { home: Vec<String>, name: String },
    /// Sets these members, as JSON, in the object that holds the place of the finding.
    SetMembers(Vec<(String, String)>),
    /// Replaces that member with the members of its value, an object.
    Unwrap,
    /// Removes the item at this index of the array that is the place of the finding.
    RemoveItem(usize),
}

impl Proposal {
    pub(crate) fn safe(remedy: Remedy, description: impl Into<String>) -> Self {
        Self { remedy, is_safe: true, description: description.into(), makes: None }
    }

    pub(crate) fn unsafe_(remedy: Remedy, description: impl Into<String>) -> Self {
        Self { is_safe: false, ..Self::safe(remedy, description) }
    }

    /// Sets the pointer of the key that it makes.
    pub(crate) fn making(mut self, pointer: String) -> Self {
        self.makes = Some(pointer);
        self
    }

    /// Makes it unsafe unless a condition holds.
    pub(crate) fn safe_if(mut self, is_safe: bool) -> Self {
        self.is_safe &= is_safe;
        self
    }
}

/// A fix of a diagnostic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// Whether it certainly does what the author meant. An unsafe fix changes or drops something, so the author should
    /// review it.
    pub is_safe: bool,
    /// What it does, in one line.
    pub description: String,
    /// The edits of the file, in ascending order and without overlaps.
    pub edits: Vec<Edit>,
    /// Whether the edits copy text of the document that may be a secret. Reports do not show such edits.
    pub(crate) is_private: bool,
}

/// An edit of a file: replaces the bytes from `start` to `end` with `text`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The start, in bytes from the start of the file.
    pub start: usize,
    /// The end (exclusive), in bytes from the start of the file.
    pub end: usize,
    /// The replacement.
    pub text: String,
}

impl Fix {
    /// Shifts all edits by a number of bytes.
    pub(crate) fn shifted(mut self, by: usize) -> Self {
        for edit in &mut self.edits {
            edit.start += by;
            edit.end += by;
        }
        self
    }
}

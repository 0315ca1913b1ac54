//! What would fix a diagnostic: as a rule proposes it, and as edits of the file.

use std::ops::Range;

/// What a rule proposes.
#[derive(Debug, Clone)]
pub(crate) struct Proposal {
    pub(crate) remedy: Remedy,
    pub(crate) is_safe: bool,
    pub(crate) description: String,
}

/// How a fault goes away.
#[derive(Debug, Clone)]
pub(crate) enum Remedy {
    /// This text takes the place of what the finding points at.
    Replace(String),
    /// These bytes of the document go.
    Delete(Vec<Range<usize>>),
    /// The member goes whose key the finding points at.
    RemoveMember,
    /// The member goes to the object at these steps from the top of the declaration, under this name.
    MoveMember { home: Vec<&'static str>, name: &'static str },
    /// What is in the object goes into the place of the member whose key the finding points at.
    Unwrap,
    /// This item of the array goes that the finding points at.
    RemoveItem(usize),
}

impl Proposal {
    pub(crate) fn safe(remedy: Remedy, description: impl Into<String>) -> Self {
        Self { remedy, is_safe: true, description: description.into() }
    }

    pub(crate) fn unsafe_(remedy: Remedy, description: impl Into<String>) -> Self {
        Self { remedy, is_safe: false, description: description.into() }
    }
}

/// What would fix a diagnostic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// Whether it certainly does what the author meant. Others drop or change something that an author should look at.
    pub is_safe: bool,
    /// What it does, in one line.
    pub description: String,
    /// The changes of the file, in ascending order; they do not overlap.
    pub edits: Vec<Edit>,
    /// Whether the edits repeat text of the document that may hold a secret, so that no report shows them.
    pub(crate) is_private: bool,
}

/// One change of a file: `text` takes the place of the bytes from `start` to `end`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// Where the change begins, in bytes from the start of the file.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// What stands there then.
    pub text: String,
}

impl Fix {
    /// The same fix in a text that begins `by` bytes later.
    pub(crate) fn shifted(mut self, by: usize) -> Self {
        for edit in &mut self.edits {
            edit.start += by;
            edit.end += by;
        }
        self
    }
}

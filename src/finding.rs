//! What the program has to say about a place in a document.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use serde::Serialize;

use crate::document::Position;
use crate::fix::{Fix, Proposal};
use crate::rules::Rule;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; never fails unless asked to.
    Note,
    /// A device takes it, but very probably does not do what the author meant.
    Warning,
    /// Apple's schema or documentation rules it out, or a device refuses it.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// A finding, with its place in a file.
///
/// Its texts are safe to print: what comes from a document is escaped, and no token of a beta program is in them. `identifier` and
/// `pointer` are as in the document, and are escaped by whoever prints them.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The rule that found it.
    pub rule: &'static Rule,
    /// How much it matters.
    pub severity: Severity,
    /// What is wrong, in one line.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
    /// The identifier of the declaration, if it could be read.
    pub identifier: Option<Arc<str>>,
    /// The type of the declaration, if it could be read.
    pub declaration_type: Option<Arc<str>>,
    /// Where it is.
    pub place: Place,
    /// Other places that belong to it.
    pub related: Vec<Related>,
    /// What would mend it.
    pub fix: Option<Fix>,
}

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
}

/// Another place that belongs to a finding, and what it has to do with it.
#[derive(Debug, Clone)]
pub struct Related {
    /// What is there.
    pub message: String,
    /// Where it is.
    pub place: Place,
}

/// What a rule says, before anybody knows in which file.
#[derive(Debug)]
pub(crate) struct Fault {
    /// The severity, where it differs from the rule's.
    pub(crate) severity: Option<Severity>,
    pub(crate) message: String,
    pub(crate) help: Option<String>,
    pub(crate) spot: Spot,
    pub(crate) related: Vec<(String, Spot)>,
    pub(crate) fix: Option<Proposal>,
}

/// The place of a fault.
#[derive(Debug, Clone)]
pub(crate) enum Spot {
    /// Where reading found it.
    Problem,
    /// Bytes of the document.
    Bytes(Range<usize>),
    /// A key of the payload, as in the table. Rules on what a document says know no other.
    Key(&'static [&'static str]),
    /// The type of the declaration, or the document where it has none.
    Type,
    /// The payload.
    Payload,
}

impl Fault {
    /// A fault where the problem is that it tells of.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { severity: None, message: message.into(), help: None, spot: Spot::Problem, related: Vec::new(), fix: None }
    }

    /// A fault of the value of a key of the payload.
    pub(crate) fn at(path: &'static [&'static str], message: impl Into<String>) -> Self {
        Self::new(message).at_spot(Spot::Key(path))
    }

    pub(crate) fn at_spot(mut self, spot: Spot) -> Self {
        self.spot = spot;
        self
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Proposes what mends it.
    pub(crate) fn fix(mut self, fix: Option<Proposal>) -> Self {
        self.fix = fix;
        self
    }

    pub(crate) fn severity(mut self, severity: Severity) -> Self {
        self.severity = Some(severity);
        self
    }

    pub(crate) fn related(mut self, message: impl Into<String>, spot: Spot) -> Self {
        self.related.push((message.into(), spot));
        self
    }
}

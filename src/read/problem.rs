//! What can be wrong with a document, as data.

use std::ops::Range;

use super::{Dialect, Suggestion};
use crate::document::{Kind, Path, Placeholders, SyntaxFault};
use crate::keys::{Owner, Shape};
use crate::model::{DeclarationType, Form, Unfit};

/// One thing that is wrong, and where.
#[derive(Debug)]
pub(crate) struct Problem {
    pub(crate) kind: ProblemKind,
    /// The JSON pointer of the place.
    pub(crate) pointer: String,
    /// What a sentence calls the place.
    pub(crate) name: String,
    /// The bytes of the document that are wrong.
    pub(crate) span: Range<usize>,
}

impl Problem {
    pub(crate) fn new(kind: ProblemKind, path: &Path<'_>, span: Range<usize>) -> Self {
        Self { kind, pointer: path.pointer(), name: path.name(), span }
    }
}

/// Everything that reading can find.
#[derive(Debug)]
pub(crate) enum ProblemKind {
    Syntax(SyntaxFault),
    /// A mistake in a property list.
    PropertyList(SyntaxFault),
    ByteOrderMark,
    /// A document larger than any declaration.
    TooLarge {
        bytes: usize,
    },
    NotADeclaration {
        found: Kind,
        /// What it is instead, if that is known.
        other: Option<String>,
    },
    /// A payload of a profile that Apple does not have.
    UnknownPayload {
        name: String,
        /// The one that was meant, if that can be told.
        meant: Option<&'static str>,
        /// Whether it is the type of a declaration.
        is_declaration: bool,
    },
    PayloadOnly {
        kind: DeclarationType,
    },
    DuplicateKey {
        key: String,
        first: Range<usize>,
    },
    MissingKeys {
        keys: Vec<MissingKey>,
        /// Keys that were probably meant to be the missing ones: what stands there, what to do with it, and where.
        meant: Vec<(String, Suggestion, Range<usize>)>,
    },
    UnknownKey {
        key: String,
        suggestion: Suggestion,
    },
    WrongType {
        expected: &'static Shape,
        found: Kind,
        /// The value as it is written.
        text: String,
    },
    OutOfRange {
        value: String,
        min: i64,
        max: i64,
    },
    UnknownValue {
        value: String,
        values: &'static [&'static str],
    },
    /// An item of an array that is there already.
    RepeatedItem {
        index: usize,
        /// What people call it.
        name: String,
    },
    /// A string that has not the form of its key, or, if it is not `refused`, has it and is doubtful all the same.
    Unfit {
        form: Form,
        unfit: Unfit,
        refused: bool,
    },
}

/// A required key that is not there.
#[derive(Debug)]
pub(crate) struct MissingKey {
    pub(crate) name: &'static str,
    pub(crate) meaning: &'static str,
    /// How its value could look.
    pub(crate) example: String,
}

/// What reading a document gathers.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    pub(crate) list: Vec<Problem>,
    /// What the document is, if it is known: what a key of another one is called depends on it.
    pub(crate) of: Option<Owner>,
    /// The steps from the top of a whole document to this one, where it stands alone: a command, a payload.
    pub(crate) lead: &'static [&'static str],
    /// How the keys are written.
    pub(crate) dialect: Dialect,
    /// What a template fills in later.
    pub(crate) templates: Placeholders,
    /// How many values could not be judged, because a template fills them in later.
    pub(crate) placeholders: usize,
}

impl Problems {
    pub(crate) fn new(templates: &Placeholders) -> Self {
        Self { templates: templates.clone(), ..Self::default() }
    }

    pub(crate) fn push(&mut self, problem: Problem) {
        self.list.push(problem);
    }
}

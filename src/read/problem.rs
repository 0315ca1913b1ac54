//! What can be wrong with a document, as data.

use std::ops::Range;

use super::Suggestion;
use crate::document::{Kind, Path, Placeholders, SyntaxFault};
use crate::keys::Shape;
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
        Self { kind, pointer: path.to_string(), name: path.name(), span }
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
    /// The type of the declaration, if it is known: what a key of another type is called depends on it.
    pub(crate) of: Option<DeclarationType>,
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

//! What is wrong with a legacy document, in the words of the rules.

use crate::read::{Dialect, ProblemKind, Problems};
use crate::rules;

/// Everything that is wrong with a document.
pub(super) struct Faults {
    pub(super) all: Vec<Fault>,
}

/// One thing that is wrong.
pub(super) struct Fault {
    /// Where it is.
    pub(super) pointer: String,
    pub(super) flaw: Flaw,
    pub(super) message: String,
}

/// Of which kind it is, as far as that matters to a migration.
#[derive(Clone, Copy)]
pub(super) enum Flaw {
    /// The key means nothing, or not there.
    Unknown,
    /// The key stands there twice.
    Twice,
    /// Keys are missing that every payload has.
    MissingOfPayload,
    /// The payload is none of Apple's.
    Payload,
    /// The value is wrong, or a key is missing.
    Value,
}

impl Faults {
    pub(super) fn new(problems: &Problems, dialect: Dialect) -> Self {
        let fault = |problem| {
            let (_, mut fault) = rules::word(problem).next()?;
            dialect.translate(&mut fault);
            let flaw = match &problem.kind {
                ProblemKind::UnknownKey { .. } => Flaw::Unknown,
                ProblemKind::DuplicateKey { .. } => Flaw::Twice,
                ProblemKind::UnknownPayload { .. } => Flaw::Payload,
                ProblemKind::MissingKeys { keys, .. } if keys.iter().all(|key| key.name.starts_with("Payload")) => {
                    Flaw::MissingOfPayload
                }
                _ => Flaw::Value,
            };
            Some(Fault { pointer: problem.pointer.clone(), flaw, message: fault.message })
        };
        Self { all: problems.list.iter().filter_map(fault).collect() }
    }

    /// Why a value could not be read.
    pub(super) fn why(&self, pointer: &str) -> String {
        let fault = self.all.iter().find(|fault| fault.pointer == pointer);
        fault.map_or_else(|| "a template fills it in later".to_owned(), |fault| fault.message.clone())
    }

    /// Why devices ignore a payload as a whole, if they do.
    pub(super) fn of_payload(&self, pointer: &str) -> Option<&str> {
        let kind = format!("{pointer}/PayloadType");
        let is_payload = |fault: &&Fault| matches!(fault.flaw, Flaw::Payload) && fault.pointer == kind;
        self.all.iter().find(is_payload).map(|fault| fault.message.as_str())
    }
}

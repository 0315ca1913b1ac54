//! What is wrong with a legacy document, in the words of the rules.

use crate::diagnostic::{Diagnostic, Proposal, Rule};
use crate::read::{Dialect, Problem, ProblemKind, Problems};
use crate::rules::{self, unknown_type};

/// Everything that is wrong with the settings of a document, with JSON pointers.
pub(super) struct Faults {
    pub(super) all: Vec<Diagnostic<String, Proposal>>,
}

impl Faults {
    pub(super) fn new(problems: &Problems, dialect: Dialect) -> Self {
        let diagnostic = |problem: &Problem| {
            let mut diagnostic = rules::word(problem).locate(|_| problem.pointer.clone());
            dialect.translate(&mut diagnostic);
            diagnostic
        };
        // What every payload has is not a setting.
        let is_setting = |problem: &&Problem| match &problem.kind {
            ProblemKind::MissingKeys { keys, .. } => !keys.iter().all(|key| key.name.starts_with("Payload")),
            _ => true,
        };
        Self { all: problems.list.iter().filter(is_setting).map(diagnostic).collect() }
    }

    /// What a rule says about a place.
    pub(super) fn at(&self, pointer: &str, rule: &Rule) -> Option<&str> {
        let fault = self.all.iter().find(|fault| fault.place == pointer && fault.rule.id == rule.id);
        fault.map(|fault| fault.message.as_str())
    }

    /// Why a value could not be read.
    pub(super) fn why(&self, pointer: &str) -> String {
        let fault = self.all.iter().find(|fault| fault.place == pointer);
        fault.map_or_else(|| "a template fills it in later".to_owned(), |fault| fault.message.clone())
    }

    /// Why devices ignore a payload as a whole, if they do.
    pub(super) fn of_payload(&self, pointer: &str) -> Option<&str> {
        self.at(&format!("{pointer}/PayloadType"), &unknown_type::RULE)
    }
}

//! Findings while they are collected, in bounded memory.

use super::{Diagnostic, Draft, Proposal, Severity, Spot};
use crate::limits::MAX_FINDINGS;

/// How many findings are kept, and what is known of the others.
#[derive(Debug)]
pub(crate) struct Budget {
    left: usize,
    more: usize,
    worst: Severity,
}

impl Budget {
    pub(crate) const fn new(most: usize) -> Self {
        Self { left: most, more: 0, worst: Severity::Note }
    }

    /// Whether another finding is kept.
    pub(crate) fn admits(&mut self, severity: Severity) -> bool {
        if self.left > 0 {
            self.left -= 1;
            return true;
        }
        self.count(1, severity);
        false
    }

    /// Counts findings that are not kept.
    fn count(&mut self, more: usize, severity: Severity) {
        if more > 0 {
            self.more += more;
            self.worst = self.worst.max(severity);
        }
    }

    /// The number of findings that are not kept, and the highest of their severities.
    pub(crate) fn rest(&self) -> Option<(usize, Severity)> {
        (self.more > 0).then_some((self.more, self.worst))
    }
}

/// Findings while they are collected, of which only the first are kept.
#[derive(Debug)]
pub(crate) struct Drafts<P = Spot, F = Proposal> {
    kept: Vec<Diagnostic<P, F>>,
    budget: Budget,
}

/// For the findings about a document.
impl Default for Drafts {
    fn default() -> Self {
        Self::with(MAX_FINDINGS)
    }
}

impl<P, F> Drafts<P, F> {
    /// Keeps this many.
    pub(crate) fn with(most: usize) -> Self {
        Self { kept: Vec::new(), budget: Budget::new(most) }
    }

    pub(crate) fn push(&mut self, draft: Diagnostic<P, F>) {
        if self.budget.admits(draft.severity) {
            self.kept.push(draft);
        }
    }

    /// Counts findings that are not made.
    pub(crate) fn count(&mut self, more: usize, severity: Severity) {
        self.budget.count(more, severity);
    }

    /// Those kept so far.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Diagnostic<P, F>> {
        self.kept.iter()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// Adds those of another collection that are new.
    pub(crate) fn absorb(&mut self, mut other: Self, is_new: impl FnMut(&Diagnostic<P, F>) -> bool) {
        self.budget.count(other.budget.more, other.budget.worst);
        self.extend(other.take().into_iter().filter(is_new));
    }

    /// Whether one of them is an error.
    pub(crate) fn has_errors(&self) -> bool {
        self.kept.iter().any(|draft| draft.severity == Severity::Error)
    }

    /// Takes those collected so far. They still count.
    pub(crate) fn take(&mut self) -> Vec<Diagnostic<P, F>> {
        std::mem::take(&mut self.kept)
    }

    /// The number of findings that were not kept, and the highest of their severities.
    pub(crate) fn rest(&self) -> Option<(usize, Severity)> {
        self.budget.rest()
    }
}

impl From<Draft> for Drafts {
    fn from(draft: Draft) -> Self {
        let mut drafts = Self::default();
        drafts.push(draft);
        drafts
    }
}

impl<P, F> Extend<Diagnostic<P, F>> for Drafts<P, F> {
    fn extend<I: IntoIterator<Item = Diagnostic<P, F>>>(&mut self, drafts: I) {
        drafts.into_iter().for_each(|draft| self.push(draft));
    }
}

impl<P, F> IntoIterator for Drafts<P, F> {
    type Item = Diagnostic<P, F>;
    type IntoIter = std::vec::IntoIter<Diagnostic<P, F>>;

    fn into_iter(self) -> Self::IntoIter {
        self.kept.into_iter()
    }
}

//! What the program has to say about a place in a document: one type from the parser to the report.
//!
//! A diagnostic is made by its rule, which stands in it from the start, at a kind of place that the maker knows: a key, bytes of the document,
//! another declaration. It moves to lines and columns later, and its words stay as they were made.

mod fix;
mod place;
mod position;
mod rule;

use std::ops::Range;
use std::sync::Arc;

pub use fix::{Edit, Fix};
pub(crate) use fix::{Proposal, Remedy};
pub use place::Place;
pub(crate) use place::{Region, Spot};
pub use position::Position;
pub use rule::{Example, Rule, RuleRef, Severity};

/// Something that is wrong, or worth knowing, at a place.
///
/// Its texts are safe to print: what comes from a document is escaped, and no token of a beta program is in them. `identifier` and
/// `pointer` are as in the document, and are escaped when they are printed.
#[derive(Debug, Clone)]
pub struct Diagnostic<P = Place, F = Fix> {
    /// The rule that found it.
    pub rule: RuleRef,
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
    pub place: P,
    /// Other places that belong to it.
    pub related: Vec<Related<P>>,
    /// What would fix it.
    pub fix: Option<F>,
}

/// Another place that belongs to a diagnostic, and what it has to do with it.
#[derive(Debug, Clone)]
pub struct Related<P = Place> {
    /// What is there.
    pub message: String,
    /// Where it is.
    pub place: P,
}

/// A diagnostic on the syntax of one document, at bytes of its text.
pub(crate) type SyntaxDiagnostic = Diagnostic<Range<usize>, Proposal>;

/// A diagnostic on one document, before its place is looked up.
pub(crate) type Draft = Diagnostic<Spot, Proposal>;

impl<P, F> Diagnostic<P, F> {
    /// Adds what to write instead.
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds another place that belongs to it.
    pub(crate) fn related(mut self, message: impl Into<String>, place: P) -> Self {
        self.related.push(Related { message: message.into(), place });
        self
    }

    /// Proposes what would fix it, if that is known.
    pub(crate) fn fix(mut self, fix: impl Into<Option<F>>) -> Self {
        self.fix = fix.into();
        self
    }

    /// Sets a severity other than that of the rule.
    pub(crate) fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// Names the declaration that it is about.
    pub(crate) fn about(mut self, identifier: Option<Arc<str>>, declaration_type: Option<Arc<str>>) -> Self {
        self.identifier = identifier;
        self.declaration_type = declaration_type;
        self
    }

    /// Moves it, and all that is related, to another kind of place.
    pub(crate) fn locate<Q>(self, mut locate: impl FnMut(P) -> Q) -> Diagnostic<Q, F> {
        let Self { rule, severity, message, help, identifier, declaration_type, place, related, fix } = self;
        let place = locate(place);
        let related = related.into_iter().map(|Related { message, place }| Related { message, place: locate(place) }).collect();
        Diagnostic { rule, severity, message, help, identifier, declaration_type, place, related, fix }
    }

    /// Turns its fix into another kind of fix, which may depend on the place.
    pub(crate) fn map_fix<G>(self, map: impl FnOnce(F, &P) -> Option<G>) -> Diagnostic<P, G> {
        let Self { rule, severity, message, help, identifier, declaration_type, place, related, fix } = self;
        let fix = fix.and_then(|fix| map(fix, &place));
        Diagnostic { rule, severity, message, help, identifier, declaration_type, place, related, fix }
    }
}

//! The `Diagnostic` type, used from the parser to the report.
//!
//! A rule creates a diagnostic with a place in its own terms: a key, bytes of the document, another declaration. Later
//! stages convert the place to lines and columns.

mod drafts;
mod example;
mod fix;
mod place;
mod position;
mod rule;

use std::collections::HashSet;
use std::hash::Hash;
use std::ops::Range;
use std::sync::Arc;

use crate::limits::MAX_NAME_BYTES;
pub(crate) use drafts::{Budget, Drafts};
pub use example::Example;
pub(crate) use example::{
    activation, array, asset_line, beta, configuration_line, declaration, declaration_line, enforcement, enforcement_line,
    enforcement_set, google_line, profile, schedule_update, settings, settings_line, settings_set,
};
pub use fix::{Edit, Fix};
pub(crate) use fix::{Proposal, Remedy};
pub use place::Place;
pub(crate) use place::{Region, Spot};
pub use position::Position;
pub use rule::{Rule, RuleRef, Severity};

/// A finding at a place.
///
/// `message` and `help` are safe to print: text from a document is escaped, and tokens of beta programs are left out.
/// `identifier` and `pointer` are not escaped until they are printed.
#[derive(Debug, Clone)]
pub struct Diagnostic<P = Place, F = Fix> {
    /// The rule that produced it.
    pub rule: RuleRef,
    /// The severity.
    pub severity: Severity,
    /// What is wrong, in one line.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
    /// The identifier of the declaration, if known.
    pub identifier: Option<Arc<str>>,
    /// The type of the declaration, if known.
    pub declaration_type: Option<Arc<str>>,
    /// The place of the finding.
    pub place: P,
    /// Related places.
    pub related: Vec<Related<P>>,
    /// A fix, if there is one.
    pub fix: Option<F>,
}

/// A place related to a diagnostic.
#[derive(Debug, Clone)]
pub struct Related<P = Place> {
    /// How it is related.
    pub message: String,
    /// The place.
    pub place: P,
}

/// Drops each finding that has the rule and the place of an earlier one.
pub(crate) fn drop_repeated<P: Clone + Eq + Hash, F>(diagnostics: &mut Vec<Diagnostic<P, F>>) {
    let mut seen = HashSet::new();
    diagnostics.retain(|diagnostic| seen.insert((diagnostic.rule.id.clone(), diagnostic.place.clone())));
}

/// A finding that is not reported since the configuration or a baseline accepts it.
#[derive(Debug)]
pub(crate) struct Suppressed<'r> {
    pub(crate) finding: Diagnostic,
    /// Why it is accepted.
    pub(crate) reason: &'r str,
}

/// The name of a declaration or a type in findings, each of which may keep it; `None` if it is too long for one.
pub(crate) fn named(name: &str) -> Option<Arc<str>> {
    (name.len() <= MAX_NAME_BYTES).then(|| name.into())
}

/// A syntax error of one document, at a byte range of its text.
pub(crate) type SyntaxDiagnostic = Diagnostic<Range<usize>, Proposal>;

/// A diagnostic on one document, before its place is resolved.
pub(crate) type Draft = Diagnostic<Spot, Proposal>;

impl Diagnostic {
    /// Whether `--fix` fixes it.
    pub(crate) fn is_fixable(&self) -> bool {
        self.fix.as_ref().is_some_and(|fix| fix.is_safe)
    }
}

impl<P, F> Diagnostic<P, F> {
    /// Sets the help.
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds a related place.
    pub(crate) fn related(mut self, message: impl Into<String>, place: P) -> Self {
        self.related.push(Related { message: message.into(), place });
        self
    }

    /// Sets the fix.
    pub(crate) fn fix(mut self, fix: impl Into<Option<F>>) -> Self {
        self.fix = fix.into();
        self
    }

    /// Overrides the severity of the rule, which names this one as another of its severities.
    pub(crate) fn severity(mut self, severity: Severity) -> Self {
        debug_assert!(severity == self.rule.severity || self.rule.also.contains(&severity), "{}: {severity}", self.rule.id);
        self.severity = severity;
        self
    }

    /// Sets the identifier and type of the declaration.
    pub(crate) fn about(mut self, identifier: Option<&str>, declaration_type: Option<&str>) -> Self {
        self.identifier = identifier.and_then(named);
        self.declaration_type = declaration_type.and_then(named);
        self
    }

    /// Converts its place and the related places to another type.
    pub(crate) fn locate<Q>(self, mut locate: impl FnMut(P) -> Q) -> Diagnostic<Q, F> {
        let Self { rule, severity, message, help, identifier, declaration_type, place, related, fix } = self;
        let place = locate(place);
        let related = related.into_iter().map(|Related { message, place }| Related { message, place: locate(place) }).collect();
        Diagnostic { rule, severity, message, help, identifier, declaration_type, place, related, fix }
    }

    /// Converts its fix to another type; `None` drops the fix.
    pub(crate) fn map_fix<G>(self, map: impl FnOnce(F, &P) -> Option<G>) -> Diagnostic<P, G> {
        let Self { rule, severity, message, help, identifier, declaration_type, place, related, fix } = self;
        let fix = fix.and_then(|fix| map(fix, &place));
        Diagnostic { rule, severity, message, help, identifier, declaration_type, place, related, fix }
    }
}

//! Findings become text. Only this layer knows miette, colours and output formats.

mod concise;
mod excerpt;
mod fingerprint;
mod github;
mod gitlab;
mod human;
mod job_summary;
mod json;
mod junit;
mod redact;
mod sarif;
mod secrets;
mod uri;

use std::io;

use crate::diagnostic::Position;
use crate::diagnostic::{Diagnostic, Severity};

pub(crate) use concise::Concise;
pub(crate) use github::Github;
pub(crate) use gitlab::Gitlab;
pub(crate) use human::Human;
pub(crate) use job_summary::JobSummary;
pub(crate) use json::{EscapedJson, Json, JsonReport};
pub(crate) use junit::Junit;
pub(crate) use redact::redacted;
pub(crate) use sarif::Sarif;

/// The text that findings were made from, for excerpts of it.
#[derive(Clone, Copy)]
pub(crate) struct Source<'t> {
    pub(crate) bytes: &'t [u8],
    /// Where the text begins in its file.
    pub(crate) origin: Position,
}

/// The texts that a report may show.
#[derive(Clone, Copy)]
pub(crate) struct Texts<'t> {
    /// That of the file that the findings are in.
    pub(crate) source: Option<Source<'t>>,
    /// Those of other files, by their names.
    pub(crate) others: &'t dyn Fn(&str) -> Option<Vec<u8>>,
}

impl<'t> Texts<'t> {
    /// The text of one file and no other.
    pub(crate) fn only(source: Option<Source<'t>>) -> Self {
        Self { source, others: &|_| None }
    }
}

/// What a run did, in numbers.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Summary {
    pub(crate) files: usize,
    pub(crate) declarations: usize,
    /// Documents of the kinds that declarations replace.
    pub(crate) legacy: usize,
    pub(crate) skipped: usize,
    pub(crate) unexamined: usize,
    pub(crate) placeholders: usize,
    pub(crate) errors: usize,
    pub(crate) warnings: usize,
    pub(crate) notes: usize,
    /// Findings that --fix would mend.
    pub(crate) fixable: usize,
    /// Findings that were not reported, because a baseline has them.
    pub(crate) known: usize,
    /// Findings of a baseline that are gone.
    pub(crate) stale: u64,
}

impl Summary {
    pub(crate) fn count(&mut self, findings: &[Diagnostic]) {
        for finding in findings {
            self.fixable += usize::from(finding.fix.as_ref().is_some_and(|fix| fix.is_safe));
            match finding.severity {
                Severity::Error => self.errors += 1,
                Severity::Warning => self.warnings += 1,
                Severity::Note => self.notes += 1,
            }
        }
    }

    /// Whether there was a finding of this severity or a higher one.
    pub(crate) fn reaches(&self, severity: Severity) -> bool {
        self.errors > 0 || (severity <= Severity::Warning && self.warnings > 0) || (severity == Severity::Note && self.notes > 0)
    }
}

/// A format of output. Findings come in the order in which they are printed, a few at a time.
pub(crate) trait Report: Send + Sync {
    /// Prints findings of one file. `texts` are its text and perhaps those of other files, if the format needs them.
    fn findings(&mut self, findings: &[Diagnostic], texts: Texts<'_>, out: &mut dyn io::Write) -> io::Result<()>;

    /// Prints what comes last.
    fn finish(&mut self, summary: &Summary, out: &mut dyn io::Write) -> io::Result<()>;

    /// Whether the format shows excerpts.
    fn needs_source(&self) -> bool {
        false
    }

    /// What [`Self::findings`] would print, if that does not depend on the findings before: any thread may draw it.
    fn draw(&self, _: &[Diagnostic], _: Texts<'_>) -> Option<Vec<u8>> {
        None
    }
}

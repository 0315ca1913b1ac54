//! The output formats. Only this module depends on miette and knows about colours.

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
mod uri;

use std::io;

use crate::apple::Schema;
use crate::diagnostic::{Diagnostic, Position, RuleRef, Severity};

pub(crate) use concise::Concise;
pub(crate) use github::Github;
pub(crate) use gitlab::Gitlab;
pub(crate) use human::Human;
pub(crate) use job_summary::JobSummary;
pub(crate) use json::{EscapedJson, Json, JsonReport};
pub(crate) use junit::Junit;
pub(crate) use redact::redacted;
pub(crate) use sarif::Sarif;

/// The text that findings refer to, for excerpts.
#[derive(Clone, Copy)]
pub(crate) struct Source<'t> {
    pub(crate) bytes: &'t [u8],
    /// The position in the file at which the text begins.
    pub(crate) origin: Position,
}

/// The texts that a report may show.
#[derive(Clone, Copy)]
pub(crate) struct Texts<'t> {
    /// The file that the findings are in.
    pub(crate) source: Option<Source<'t>>,
    /// Reads another file by its name.
    pub(crate) others: &'t dyn Fn(&str) -> Option<Vec<u8>>,
}

impl<'t> Texts<'t> {
    /// Texts with a single file.
    pub(crate) fn only(source: Option<Source<'t>>) -> Self {
        Self { source, others: &|_| None }
    }
}

/// What a report says about the run before its findings.
pub(crate) struct About<'r> {
    /// The release of Apple's schema.
    pub(crate) schema: &'r str,
    /// The lowest severity that counts as a failure.
    pub(crate) fail_on: Severity,
    /// The rules of the policies.
    pub(crate) policies: &'r [RuleRef],
}

impl Default for About<'_> {
    fn default() -> Self {
        Self { schema: &Schema::built_in().release, fail_on: Severity::Error, policies: &[] }
    }
}

/// The totals of a run.
#[derive(Debug, Default, Clone)]
pub(crate) struct Summary {
    pub(crate) files: usize,
    pub(crate) declarations: usize,
    /// Documents of the kinds that declarations replace.
    pub(crate) legacy: usize,
    pub(crate) skipped: usize,
    /// How many of the skipped files look like declarations.
    pub(crate) near: usize,
    /// The names of the first three of these.
    pub(crate) skipped_files: Vec<String>,
    pub(crate) unexamined: usize,
    pub(crate) placeholders: usize,
    pub(crate) errors: usize,
    pub(crate) warnings: usize,
    pub(crate) notes: usize,
    /// Findings that --fix would fix.
    pub(crate) fixable: usize,
    /// Findings that are hidden because a baseline lists them.
    pub(crate) known: usize,
    /// Findings in the baseline that no longer occur.
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

    /// Whether there was a finding of at least this severity.
    pub(crate) fn reaches(&self, severity: Severity) -> bool {
        self.errors > 0 || (severity <= Severity::Warning && self.warnings > 0) || (severity == Severity::Note && self.notes > 0)
    }
}

/// An output format. It receives the findings in batches, in the order of printing.
pub(crate) trait Report: Send + Sync {
    /// Prints findings of one file. `texts` holds its text, and other texts, if [`Self::needs_source`].
    fn findings(&mut self, findings: &[Diagnostic], texts: Texts<'_>, out: &mut dyn io::Write) -> io::Result<()>;

    /// Prints the end of the report.
    fn finish(&mut self, summary: &Summary, out: &mut dyn io::Write) -> io::Result<()>;

    /// Whether the format shows excerpts.
    fn needs_source(&self) -> bool {
        false
    }

    /// Renders what [`Self::findings`] would print, on any thread. `None` if that depends on earlier findings.
    fn draw(&self, _: &[Diagnostic], _: Texts<'_>) -> Option<Vec<u8>> {
        None
    }
}

//! The output formats. Only this module depends on miette and knows about colours.

#[cfg(feature = "cli")]
mod concise;
#[cfg(feature = "cli")]
mod excerpt;
#[cfg(feature = "cli")]
mod fingerprint;
#[cfg(feature = "cli")]
mod github;
#[cfg(feature = "cli")]
mod gitlab;
#[cfg(feature = "cli")]
mod html;
#[cfg(feature = "cli")]
mod human;
mod json;
#[cfg(feature = "cli")]
mod junit;
#[cfg(feature = "cli")]
mod markdown;
#[cfg(feature = "cli")]
mod overview;
pub(crate) mod provenance;
#[cfg(feature = "cli")]
mod redact;
#[cfg(feature = "cli")]
mod sarif;
#[cfg(feature = "cli")]
mod statistics;
mod summary;
#[cfg(feature = "cli")]
mod uri;
#[cfg(feature = "cli")]
mod view;

use std::io;

use crate::apple::Schema;
use crate::diagnostic::{Diagnostic, Position, Severity, Suppressed};

#[cfg(feature = "cli")]
pub(crate) use concise::Concise;
#[cfg(feature = "cli")]
pub(crate) use github::Github;
#[cfg(feature = "cli")]
pub(crate) use gitlab::Gitlab;
#[cfg(feature = "cli")]
pub(crate) use html::Html;
#[cfg(feature = "cli")]
pub(crate) use human::Human;
pub(crate) use json::{EscapedJson, Json, JsonFinding, write_json};
#[cfg(feature = "cli")]
pub(crate) use json::{JsonReport, docs};
#[cfg(feature = "cli")]
pub(crate) use junit::Junit;
#[cfg(feature = "cli")]
pub(crate) use markdown::Markdown;
#[cfg(feature = "cli")]
pub(crate) use redact::redacted;
#[cfg(feature = "cli")]
pub(crate) use sarif::Sarif;
pub(crate) use summary::Summary;
#[cfg(feature = "cli")]
pub(crate) use uri::of as uri;

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
    /// Whether the human report shows only findings or, with statistics, only these and the summary.
    pub(crate) is_quiet: bool,
    /// Whether the human report shows statistics.
    pub(crate) has_statistics: bool,
}

impl Default for About<'_> {
    fn default() -> Self {
        Self { schema: &Schema::built_in().release, fail_on: Severity::Error, is_quiet: false, has_statistics: false }
    }
}

/// An output format. It receives the findings in batches, in the order of printing.
pub(crate) trait Report: Send + Sync {
    /// Prints findings of one file. `texts` holds its text, and other texts, if [`Self::needs_source`].
    fn findings(&mut self, findings: &[Diagnostic], texts: Texts<'_>, out: &mut dyn io::Write) -> io::Result<()>;

    /// Prints findings of one file that are accepted. Most formats omit them.
    fn suppressed(&mut self, _: &[Suppressed<'_>], _: &mut dyn io::Write) -> io::Result<()> {
        Ok(())
    }

    /// Prints the end of the report.
    fn finish(&mut self, summary: &Summary, out: &mut dyn io::Write) -> io::Result<()>;

    /// Whether the format shows excerpts.
    fn needs_source(&self) -> bool {
        false
    }

    /// Renders the findings of one file for [`Self::print`], on any thread: one text each, or `None` if it is certainly not
    /// shown. Returns an empty list if the format renders in order.
    fn draw(&self, _: &[Diagnostic], _: Texts<'_>) -> Vec<Option<Vec<u8>>> {
        Vec::new()
    }

    /// Prints findings of one file that [`Self::draw`] has rendered.
    fn print(
        &mut self,
        findings: &[Diagnostic],
        texts: Texts<'_>,
        _: Vec<Option<Vec<u8>>>,
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        self.findings(findings, texts, out)
    }
}

//! Reads declarations for commands that need valid ones, and prints findings to standard error.

use std::io;
use std::ops::ControlFlow;
use std::sync::Arc;

use super::Status;
use super::terminal::{Color, remark, width};
use super::work::{Checked, Done, Kept, Work};
use crate::diagnostic::{Diagnostic, Severity};
use crate::report::{Human, Report, Texts};
use crate::run::Severities;
use crate::session::Session;
use crate::set::Together;
use crate::words::count;

/// Collects declarations, and prints findings to standard error.
pub(super) struct Reader<'w> {
    work: &'w Work,
    report: Human,
    severities: Severities,
    pub(super) session: Session,
    /// The number of documents so far in the current file.
    documents: usize,
    /// The number of files without a declaration.
    pub(super) skipped: usize,
    /// The number of legacy documents: commands and profiles.
    legacy: usize,
    /// The files with some.
    pub(super) legacy_files: Vec<Arc<str>>,
    pub(super) has_errors: bool,
    has_failures: bool,
    /// Whether findings are printed.
    is_loud: bool,
}

impl<'w> Reader<'w> {
    pub(super) fn new(work: &'w Work, severities: Severities, color: Color) -> Self {
        Self {
            work,
            report: Human::new(color.is_on_for(&io::stderr()), width()),
            severities,
            session: work.session(Together::All),
            documents: 0,
            skipped: 0,
            legacy: 0,
            legacy_files: Vec::new(),
            has_errors: false,
            has_failures: false,
            is_loud: true,
        }
    }

    /// Only tells whether there are errors.
    pub(super) fn quiet(self) -> Self {
        Self { is_loud: false, ..self }
    }

    /// Says which declarations are known to be active together.
    pub(super) fn with_together(self, together: Together) -> Self {
        Self { session: self.work.session(together), ..self }
    }

    /// Reads all inputs. A file that cannot be read is a failure.
    pub(super) fn read(mut self) -> Result<Self, Status> {
        self.work.run(|results| self.take(results));
        if self.has_failures { Err(Status::Failure) } else { Ok(self) }
    }

    /// Takes the next results. Never breaks.
    fn take(&mut self, results: Vec<Done>) -> ControlFlow<()> {
        for done in results {
            self.take_one(done);
        }
        ControlFlow::Continue(())
    }

    fn take_one(&mut self, done: Done) {
        match done {
            Done::Excluded(_) => {}
            Done::Failed(error) => {
                self.has_failures = true;
                remark(&format!("ddmc: {error}"));
            }
            Done::Checked(Checked { file, mut linted, source, is_last, .. }) => {
                self.documents += linted.documents;
                self.legacy += linted.legacy;
                if linted.legacy > 0 && self.legacy_files.last() != Some(&file) {
                    self.legacy_files.push(file.clone());
                }
                if is_last && std::mem::take(&mut self.documents) == 0 {
                    self.skipped += 1;
                }
                // Findings in a command or a profile must not block publishing.
                linted.declarations.retain(|declared| !declared.is_command(self.session.schema()));
                if linted.legacy > 0 && linted.declarations.is_empty() {
                    linted.findings.clear();
                }
                let findings = self.session.take(self.work, &file, linted);
                if !findings.is_empty() {
                    let shown = self.work.shown(&file, source);
                    self.show(findings, Texts::only(shown.as_ref().map(Kept::source)));
                }
            }
        }
    }

    /// Prints how many legacy documents were left out.
    pub(super) fn remark_left_out(&self) {
        if self.legacy > 0 {
            let what = count(self.legacy, "legacy document");
            remark(&format!("ddmc: {what} left out; `ddmc migrate` turns commands and profiles into declarations"));
        }
    }

    /// Prints errors and warnings; notes do not matter for publishing.
    pub(super) fn show(&mut self, mut findings: Vec<Diagnostic>, texts: Texts<'_>) {
        self.severities.apply(&mut findings);
        findings.retain(|finding| finding.severity > Severity::Note);
        self.has_errors |= findings.iter().any(|finding| finding.severity == Severity::Error);
        if !self.is_loud {
            return;
        }
        // If standard error is closed, the exit status still reports the errors.
        let _ = self.report.findings(&findings, texts, &mut io::stderr());
    }
}

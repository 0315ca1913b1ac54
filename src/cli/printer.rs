//! Prints the reports of a run.

use std::io;
use std::ops::ControlFlow;

use rayon::prelude::*;

use super::collector::FileFindings;
use super::progress::Progress;
use super::sinks::{Drawn, Sinks};
use crate::report::{Summary, Texts};

/// Writes the reports of a run. Stops at the first write error.
pub(super) struct Printer<'w> {
    sinks: Sinks,
    progress: &'w Progress,
    /// The error that stopped printing.
    error: Option<io::Error>,
}

impl<'w> Printer<'w> {
    pub(super) fn new(sinks: Sinks, progress: &'w Progress) -> Self {
        Self { sinks, progress, error: None }
    }

    /// Prints the findings of some files, rendered in parallel, and flushes standard output.
    pub(super) fn print_all(&mut self, files: &[FileFindings<'_>]) -> ControlFlow<()> {
        if files.is_empty() {
            return ControlFlow::Continue(());
        }
        let drawn: Vec<Drawn> = files.par_iter().map(|file| self.sinks.draw(&file.findings, file.texts())).collect();
        self.print(|sinks| files.iter().zip(drawn).try_for_each(|(file, drawn)| sinks.print(file, file.texts(), drawn)))
    }

    /// Prints the findings of one file.
    pub(super) fn findings(&mut self, file: &FileFindings<'_>, texts: Texts<'_>) -> ControlFlow<()> {
        self.print(|sinks| {
            let drawn = sinks.draw(&file.findings, texts);
            sinks.print(file, texts, drawn)
        })
    }

    fn print(&mut self, print: impl FnOnce(&mut Sinks) -> io::Result<()>) -> ControlFlow<()> {
        let Self { sinks, progress, error } = self;
        if error.is_none() {
            *error = progress.suspend(|| print(sinks).and_then(|()| sinks.flush())).err();
        }
        if self.has_failed() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    pub(super) fn has_failed(&self) -> bool {
        self.error.is_some()
    }

    /// Whether standard output gets the summary line.
    pub(super) fn prints_summary(&self) -> bool {
        self.sinks.prints_summary()
    }

    /// Finishes the reports.
    pub(super) fn finish(self, summary: &Summary) -> io::Result<()> {
        self.error.map_or_else(|| self.sinks.finish(summary), Err)
    }
}

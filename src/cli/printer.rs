//! Prints what is to be reported.

use std::io;
use std::ops::ControlFlow;

use super::judge::Page;
use super::progress::Progress;
use super::sinks::{Drawn, Pens, Sinks};
use super::work::Kept;
use crate::diagnostic::Diagnostic;
use crate::report::{Summary, Texts};

/// The reports of a run, until they are finished or cannot be written.
pub(super) struct Printer<'w> {
    sinks: Sinks,
    progress: &'w Progress,
    /// Why printing stopped.
    broken: Option<io::Error>,
}

impl<'w> Printer<'w> {
    pub(super) fn new(sinks: Sinks, progress: &'w Progress) -> Self {
        Self { sinks, progress, broken: None }
    }

    /// Prints some pages; what is on standard output is seen at once.
    pub(super) fn pages(&mut self, pages: &[Page]) -> ControlFlow<()> {
        if pages.is_empty() {
            return ControlFlow::Continue(());
        }
        self.print(|sinks| {
            pages.iter().try_for_each(|Page { findings, shown, drawn }| {
                sinks.findings(findings, Texts::only(shown.as_ref().map(Kept::source)), drawn)
            })
        })
    }

    /// Prints findings of one file.
    pub(super) fn findings(&mut self, findings: &[Diagnostic], texts: Texts<'_>) -> ControlFlow<()> {
        self.print(|sinks| sinks.findings(findings, texts, &Drawn::default()))
    }

    fn print(&mut self, print: impl FnOnce(&mut Sinks) -> io::Result<()>) -> ControlFlow<()> {
        let Self { sinks, progress, broken } = self;
        if broken.is_none() {
            *broken = progress.aside(|| print(sinks).and_then(|()| sinks.flush())).err();
        }
        if self.is_broken() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    /// What draws findings before they are printed.
    pub(super) fn pens(&self) -> Pens {
        self.sinks.pens()
    }

    pub(super) fn is_broken(&self) -> bool {
        self.broken.is_some()
    }

    /// Writes what comes last.
    pub(super) fn finish(self, summary: &Summary) -> io::Result<()> {
        self.broken.map_or_else(|| self.sinks.finish(summary), Err)
    }
}

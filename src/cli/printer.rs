//! Prints what is to be reported.

use std::io;
use std::ops::ControlFlow;

use rayon::prelude::*;

use super::judge::Page;
use super::progress::Progress;
use super::sinks::{Drawn, Sinks};
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

    /// Prints some pages, which all threads of the run draw; what is on standard output is seen at once.
    pub(super) fn pages(&mut self, pages: &[Page]) -> ControlFlow<()> {
        if pages.is_empty() {
            return ControlFlow::Continue(());
        }
        let drawn: Vec<Drawn> = pages.par_iter().map(|page| self.sinks.draw(&page.findings, page.texts())).collect();
        self.print(|sinks| pages.iter().zip(drawn).try_for_each(|(page, drawn)| sinks.print(&page.findings, page.texts(), drawn)))
    }

    /// Prints findings of one file.
    pub(super) fn findings(&mut self, findings: &[Diagnostic], texts: Texts<'_>) -> ControlFlow<()> {
        self.print(|sinks| sinks.findings(findings, texts))
    }

    fn print(&mut self, print: impl FnOnce(&mut Sinks) -> io::Result<()>) -> ControlFlow<()> {
        let Self { sinks, progress, broken } = self;
        if broken.is_none() {
            *broken = progress.aside(|| print(sinks).and_then(|()| sinks.flush())).err();
        }
        if self.is_broken() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    pub(super) fn is_broken(&self) -> bool {
        self.broken.is_some()
    }

    /// Writes what comes last.
    pub(super) fn finish(self, summary: &Summary) -> io::Result<()> {
        self.broken.map_or_else(|| self.sinks.finish(summary), Err)
    }
}

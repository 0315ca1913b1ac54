//! Runs `ddmc check`: collects the results, prints the findings, and writes the summary line.

use std::ops::ControlFlow;
use std::path::Path;

use super::Status;
use super::baseline::{self, BaselineMode};
use super::collector::{Collector, FileFindings};
use super::printer::Printer;
use super::progress::Progress;
use super::sinks::Sinks;
use super::terminal::remark;
use super::work::{Checked, Done, Kept, Work};
use crate::config::Coverage;
use crate::diagnostic::Diagnostic;
use crate::lint::Gather;
use crate::listed::ListedSets;
use crate::report::Texts;
use crate::set::Together;

/// Collects and prints the results of a run.
pub(super) struct Checker<'w> {
    work: &'w Work,
    collector: Collector<'w>,
    printer: Printer<'w>,
    is_quiet: bool,
}

impl<'w> Checker<'w> {
    pub(super) fn new(
        work: &'w Work,
        sinks: Sinks,
        progress: &'w Progress,
        baseline: BaselineMode,
        together: Together,
        (is_quiet, is_verbose): (bool, bool),
    ) -> Self {
        let collector = Collector::new(work, progress, baseline, together, is_verbose);
        Self { work, collector, printer: Printer::new(sinks, progress), is_quiet }
    }

    /// Lints all inputs and prints findings as they come; findings that depend on other declarations come last.
    /// `has_failures` tells whether an earlier step failed.
    pub(super) fn run(&mut self, has_failures: bool) {
        self.collector.has_failures = has_failures;
        self.check_files();
        self.check_sets();
        self.check_entries();
    }

    fn check_files(&mut self) {
        let Self { work, collector, printer, .. } = self;
        work.run(|results| {
            let files: Vec<FileFindings<'_>> = results.into_iter().filter_map(|done| collector.take(done)).collect();
            printer.print_all(&files)
        });
    }

    /// Checks declarations that are active together against one another. The first pass keeps only names unless sets
    /// are known up front; if it found activations, the payloads are read in a second pass.
    fn check_sets(&mut self) {
        let Self { work, collector, printer, .. } = self;
        if printer.has_failed() {
            return;
        }
        if collector.session.lacks_bodies() {
            Work { gather: Gather::Bodies, keeps_source: false, ..work.clone() }.run(|results| {
                for done in results {
                    if let Done::Checked(Checked { file, linted, .. }) = done {
                        collector.session.gather(*work, &file, linted.declarations);
                    }
                }
                ControlFlow::Continue(())
            });
        }
        let Collector { session, .. } = collector;
        let listed = session.take_listed();
        let exists = |path: &Path, is_folder: bool| work.exists(path, is_folder);
        let sets = ListedSets::find(&listed, work.effective.here(), &exists);
        if !listed.is_empty() {
            let _ = session.add_sets(|member| sets.of(member));
        }
        if collector.settings > 0 && !self.is_quiet && !collector.session.has_sets() {
            // A policy named by --policy was asked for in this run, so say that it did not apply.
            let wanted = work.effective.policies_on_merged().filter(|(_, is_named)| *is_named || collector.is_verbose);
            for (policy, _) in wanted {
                let name = &policy.rule.id;
                remark(&format!(
                    "ddmc: {name} was not applied: no declarations are known to be active together; --set treats the inputs as one set"
                ));
            }
        }
        let mut findings = sets.findings;
        findings.extend(collector.session.judge(*work));
        for findings in findings.chunk_by(|one, other| one.place.file == other.place.file) {
            if self.show(findings.to_vec()).is_break() {
                return;
            }
        }
    }

    /// Reports the entries of the configuration that had no effect.
    fn check_entries(&mut self) {
        let session = &self.collector.session;
        let has_sets = self.work.effective.has_sets() || session.has_activations();
        let coverage = Coverage { inputs: &self.work.paths, together: session.together(), has_sets };
        let findings = self.collector.entries.unused(&coverage);
        if !self.printer.has_failed() && !self.collector.has_failures {
            let _ = self.show(findings);
        }
    }

    /// Shows the findings of one file with their related places in other files.
    fn show(&mut self, findings: Vec<Diagnostic>) -> ControlFlow<()> {
        let Some(file) = self.collector.filter(findings, None) else { return ControlFlow::Continue(()) };
        let source = file.shown.as_ref().map(Kept::source);
        self.printer.findings(&file, Texts { source, others: &|file| self.work.text(file) })
    }

    /// Finishes the reports and prints the summary line.
    pub(super) fn finish(self, allow_empty: bool) -> Status {
        let Self { work, mut collector, printer, is_quiet } = self;
        match &collector.baseline {
            BaselineMode::Off => {}
            BaselineMode::Filter { baseline, .. } => collector.summary.stale = baseline.stale(&work.paths),
            BaselineMode::Record(baseline, _) => collector.summary.recorded = Some(baseline.len()),
        }
        let mut status = if collector.summary.reaches(work.effective.fail_on().0) { Status::Findings } else { Status::Success };
        let prints_summary = printer.prints_summary();
        if let Err(error) = printer.finish(&collector.summary) {
            remark(&format!("ddmc: cannot write the report: {error}"));
            return Status::Failure;
        }
        let line = collector.summary.line();
        let is_empty = line.is_none() && !collector.has_failures;
        if is_empty && !is_quiet {
            let skipped = collector.summary.skipped_line().map(|line| format!(" ({line})")).unwrap_or_default();
            remark(&format!("ddmc: nothing to check: no declaration found{skipped}"));
        }
        if let Some(line) = line.filter(|_| !is_quiet && !prints_summary) {
            remark(&line);
        }
        if collector.has_failures || (is_empty && !allow_empty) {
            status = status.max(Status::Failure);
        }
        match collector.baseline {
            // Write only a complete baseline: findings missed now would count as new later.
            BaselineMode::Record(baseline, path) if status == Status::Success => baseline::write(&baseline, &path, is_quiet),
            // What a failed run did not find may still be there.
            BaselineMode::Filter { mut baseline, prune: Some(path) }
                if status < Status::Failure && collector.summary.stale > 0 =>
            {
                baseline.prune(&work.paths);
                status.max(baseline::rewrite(&baseline, &path, collector.summary.stale, is_quiet))
            }
            _ => status,
        }
    }
}

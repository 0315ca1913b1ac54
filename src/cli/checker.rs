//! Runs `ddmc check`: collects the results, prints the findings, and writes the summary line.

use std::ops::ControlFlow;
use std::sync::Arc;

use super::Status;
use super::baseline::{self, BaselineMode};
use super::collector::{Collector, FileFindings};
use super::listed::ListedSets;
use super::printer::Printer;
use super::progress::Progress;
use super::sinks::Sinks;
use super::terminal::remark;
use super::work::{Checked, Done, Kept, Work};
use crate::apple::Schema;
use crate::config::Coverage;
use crate::diagnostic::Diagnostic;
use crate::lint::Gather;
use crate::report::{Summary, Texts};
use crate::set::Together;
use crate::words::{count, list, visible};

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
            let files: Vec<FileFindings> = results.into_iter().filter_map(|done| collector.take(done)).collect();
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
        let sets = ListedSets::find(&listed, work.effective.here());
        if !listed.is_empty() {
            session.add_sets(|member| sets.of(member));
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
        self.printer.findings(&file.findings, Texts { source, others: &|file| self.work.text(file) })
    }

    /// Finishes the reports and prints the summary line.
    pub(super) fn finish(self, allow_empty: bool) -> Status {
        let Self { work, mut collector, printer, is_quiet } = self;
        if let BaselineMode::Filter(baseline) = &collector.baseline {
            collector.summary.stale = baseline.stale(&work.paths);
        }
        let mut status = if collector.summary.reaches(work.effective.fail_on().0) { Status::Findings } else { Status::Success };
        if let Err(error) = printer.finish(&collector.summary) {
            remark(&format!("ddmc: cannot write the report: {error}"));
            return Status::Failure;
        }
        let is_empty = collector.checked == 0 && !collector.has_failures;
        // If every input failed to read, the read errors say enough.
        let has_read = collector.checked > 0 || !collector.has_failures;
        if has_read && !is_quiet {
            remark(&collector.summary_line(is_empty));
        }
        if collector.has_failures || (is_empty && !allow_empty) {
            status = status.max(Status::Failure);
        }
        // Write only a complete baseline: findings missed now would count as new later.
        if let BaselineMode::Record(baseline, path) = &collector.baseline
            && status == Status::Success
        {
            return baseline::write(baseline, path, is_quiet);
        }
        status
    }
}

impl Collector<'_> {
    /// What was checked, and what was found.
    fn summary_line(&self, is_empty: bool) -> String {
        let Summary {
            files,
            declarations,
            legacy,
            skipped,
            near,
            ref skipped_files,
            unexamined,
            placeholders,
            errors,
            warnings,
            notes,
            fixable,
            known,
            stale,
        } = self.summary;
        if is_empty {
            let skipped =
                if skipped > 0 { format!(" ({} skipped; -v names them)", count(skipped, "file")) } else { String::new() };
            return format!("ddmc: nothing to check: no declaration found{skipped}");
        }
        let new = if matches!(self.baseline, BaselineMode::Filter(_)) { "new " } else { "" };
        let found: Vec<String> = [(errors, "error"), (warnings, "warning"), (notes, "note")]
            .into_iter()
            .filter(|(number, _)| *number > 0)
            .map(|(number, noun)| count(number, &format!("{new}{noun}")))
            .collect();
        let found = match &self.baseline {
            BaselineMode::Record(baseline, _) => {
                format!("{} recorded", count(usize::try_from(baseline.len()).unwrap_or(usize::MAX), "finding"))
            }
            _ if found.is_empty() => format!("nothing {new}found"),
            _ => found.join(", "),
        };
        let mut what = Vec::new();
        if declarations > 0 || legacy == 0 {
            what.push(count(declarations, "declaration"));
        }
        if legacy > 0 {
            what.push(count(legacy, "legacy document"));
        }
        let mut line = format!("Checked {} in {}: {found}", what.join(" and "), count(files, "file"));
        let mut also = Vec::new();
        if fixable > 0 {
            also.push(format!("{fixable} fixable with --fix"));
        }
        if known > 0 {
            also.push(format!("{known} in the baseline"));
        }
        if stale > 0 {
            also.push(format!("{stale} recorded in the baseline but gone"));
        }
        if unexamined > 0 {
            also.push(format!("{} of unknown types, payload not checked", count(unexamined, "declaration")));
        }
        if skipped > 0 {
            let mut names: Vec<String> = skipped_files.iter().map(|file| visible(file)).collect();
            if near > names.len() {
                names.push(format!("{} more", near - names.len()));
            }
            let verb = if near == 1 { "looks" } else { "look" };
            let but = if near > 0 { format!(", but {} {verb} like declarations", list(&names, "and")) } else { String::new() };
            let but = if near == 1 { but.replace("like declarations", "like one") } else { but };
            also.push(format!("{} without a declaration skipped{but}", count(skipped, "file")));
        }
        let schema = self.work.effective.schema();
        if !Arc::ptr_eq(schema, Schema::built_in()) {
            also.push(format!("Apple's schema {}", visible(&schema.release)));
        }
        if placeholders > 0 && self.is_verbose {
            also.push(format!("{} with placeholders not checked", count(placeholders, "value")));
        }
        if !also.is_empty() {
            line = format!("{line} ({})", also.join("; "));
        }
        line
    }
}

//! What `ddmc check` does with the results: it has them judged, drawn and printed, and says what came out.

use std::io;
use std::ops::ControlFlow;

use super::Status;
use super::judge::{Judge, Page};
use super::known::{self, Known};
use super::printer::Printer;
use super::progress::Progress;
use super::sinks::Sinks;
use super::terminal::remark;
use super::work::{Checked, Done, Kept, Work};
use crate::config::Coverage;
use crate::diagnostic::Diagnostic;
use crate::lint::Gather;
use crate::report::{Summary, Texts};
use crate::set::Together;
use crate::words::count;

/// Has the results of a run judged and printed.
pub(super) struct Checker<'w> {
    work: &'w Work,
    judge: Judge<'w>,
    printer: Printer<'w>,
    is_quiet: bool,
}

impl<'w> Checker<'w> {
    pub(super) fn new(
        work: &'w Work,
        sinks: Sinks,
        progress: &'w Progress,
        known: Known,
        together: Together,
        (is_quiet, is_verbose): (bool, bool),
    ) -> Self {
        let judge = Judge::new(work, progress, known, together, is_verbose);
        Self { work, judge, printer: Printer::new(sinks, progress), is_quiet }
    }

    /// Lints everything, and prints what is found as it comes; what depends on other declarations comes last. `has_trouble` says whether
    /// something went wrong before.
    pub(super) fn run(&mut self, has_trouble: bool) {
        self.judge.has_trouble = has_trouble;
        self.take_all();
        self.take_sets();
        self.take_configuration();
    }

    fn take_all(&mut self) {
        let Self { work, judge, printer, .. } = self;
        work.run(|results| {
            let pages: Vec<Page> = results.into_iter().filter_map(|done| judge.take(done)).collect();
            printer.pages(&pages)
        });
    }

    /// Judges declarations against one another where they are known to be active together. Most runs have no activations and are done
    /// after one reading; where there are some, what the declarations say is read once more.
    fn take_sets(&mut self) {
        let Self { work, judge, printer, .. } = self;
        if printer.is_broken() {
            return;
        }
        if judge.session.lacks_bodies() {
            Work { gather: Gather::Bodies, keeps_source: false, ..work.clone() }.run(|results| {
                for done in results {
                    if let Done::Checked(Checked { file, linted, .. }) = done {
                        judge.session.gather(*work, &file, linted.declarations);
                    }
                }
                ControlFlow::Continue(())
            });
        }
        if judge.settings > 0 && !self.is_quiet && !judge.session.has_sets() {
            // Who asks for one in this run expects something of it.
            let wanted = work.in_force.policies_on_merged().filter(|(_, is_asked)| *is_asked || judge.is_verbose);
            for (policy, _) in wanted {
                let name = &policy.rule.id;
                remark(&format!("ddmc: {name} was not applied: nothing here is known to be active together (--set says so)"));
            }
        }
        let findings = judge.session.judge(*work);
        for findings in findings.chunk_by(|one, other| one.place.file == other.place.file) {
            if self.show(findings.to_vec()).is_break() {
                return;
            }
        }
    }

    /// Says which entries of the configuration accept nothing.
    fn take_configuration(&mut self) {
        let session = &self.judge.session;
        let has_sets = self.work.in_force.has_sets() || session.has_activations();
        let coverage = Coverage { inputs: &self.work.paths, together: session.together(), has_sets };
        let findings = self.judge.entries.unused(&coverage);
        if !self.printer.is_broken() && !self.judge.has_trouble {
            let _ = self.show(findings);
        }
    }

    /// Shows findings of one file, and the places in other files that belong to them.
    fn show(&mut self, findings: Vec<Diagnostic>) -> ControlFlow<()> {
        let Some(page) = self.judge.page(findings, None) else { return ControlFlow::Continue(()) };
        let source = page.shown.as_ref().map(Kept::source);
        self.printer.findings(&page.findings, Texts { source, others: &|file| self.work.text(file) })
    }

    /// Ends the reports, and says in one line what came out.
    pub(super) fn finish(self, allow_empty: bool) -> Status {
        let Self { work, mut judge, printer, is_quiet } = self;
        if let Known::Baseline(baseline) = &judge.known {
            judge.summary.stale = baseline.stale(&work.paths);
        }
        let mut status = if judge.summary.reaches(work.in_force.fail_on().0) { Status::Findings } else { Status::Success };
        if let Err(error) = printer.finish(&judge.summary) {
            if error.kind() == io::ErrorKind::BrokenPipe {
                return status;
            }
            remark(&format!("ddmc: cannot write the report: {error}"));
            return Status::Failure;
        }
        let is_empty = judge.checked == 0 && !judge.has_trouble;
        // What could not be read at all was said.
        let has_read = judge.checked > 0 || !judge.has_trouble;
        if has_read && !is_quiet {
            remark(&judge.closing(is_empty));
        }
        if judge.has_trouble || (is_empty && !allow_empty) {
            status = status.max(Status::Failure);
        }
        // What is recorded must be whole: findings that could not be made would count as new ones later.
        if let Known::Record(baseline, path) = &judge.known
            && status == Status::Success
        {
            return known::write(baseline, path, is_quiet);
        }
        status
    }
}

impl Judge<'_> {
    /// The last line: what was checked, and what was found.
    fn closing(&self, is_empty: bool) -> String {
        let Summary {
            files,
            declarations,
            legacy,
            skipped,
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
            let skipped = if skipped > 0 {
                format!(" ({} without one skipped; -v names them)", count(skipped, "file"))
            } else {
                String::new()
            };
            return format!("ddmc: nothing to check: no declaration found{skipped}");
        }
        let new = if matches!(self.known, Known::Baseline(_)) { "new " } else { "" };
        let found: Vec<String> = [(errors, "error"), (warnings, "warning"), (notes, "note")]
            .into_iter()
            .filter(|(number, _)| *number > 0)
            .map(|(number, noun)| count(number, &format!("{new}{noun}")))
            .collect();
        let found = match &self.known {
            Known::Record(baseline, _) => {
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
            also.push(format!("--fix mends {fixable}"));
        }
        if known > 0 {
            also.push(format!("{known} known"));
        }
        if stale > 0 {
            also.push(format!("{stale} of the baseline gone"));
        }
        if unexamined > 0 {
            also.push(format!("{} of other types, payload not checked", count(unexamined, "declaration")));
        }
        if skipped > 0 {
            also.push(format!("{} without a declaration skipped", count(skipped, "file")));
        }
        if placeholders > 0 && self.is_verbose {
            also.push(format!("{} with placeholders not judged", count(placeholders, "value")));
        }
        if !also.is_empty() {
            line = format!("{line} ({})", also.join("; "));
        }
        line
    }
}

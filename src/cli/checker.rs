//! What `ddmc check` does with the results as they come: it counts, compares, filters and reports them.

use std::io;
use std::ops::ControlFlow;

use super::Status;
use super::known::{self, Known};
use super::progress::Progress;
use super::sinks::Sinks;
use super::terminal::remark;
use super::work::{Checked, Done, Kept, Work};
use crate::config::{Coverage, Entries};
use crate::finding::Finding;
use crate::lint::{Body, Declared, Gather, Linted};
use crate::locate;
use crate::model::DeclarationType;
use crate::policy;
use crate::read::Strictness;
use crate::report::{Summary, Texts};
use crate::run::Seen;
use crate::set::{Gathered, Together};
use crate::words::{count, visible};

/// Takes the results in order: counts, compares, and prints.
pub(super) struct Checker<'w> {
    work: &'w Work,
    /// The reports, until they are finished.
    sinks: Option<Sinks>,
    /// The entries of the configuration, some of which accept findings.
    entries: Entries<'w>,
    known: Known,
    progress: Progress,
    seen: Seen,
    together: Together,
    /// The declarations, where they are judged against one another.
    gathered: Option<Gathered>,
    has_activations: bool,
    /// How many declarations are settings, which may be active together.
    settings: usize,
    summary: Summary,
    /// How many documents the file that is being read has had so far.
    documents: usize,
    /// How many documents there were at all.
    checked: usize,
    is_verbose: bool,
    pub(super) has_trouble: bool,
    /// Why printing stopped.
    broken: Option<io::Error>,
}

impl<'w> Checker<'w> {
    pub(super) fn new(
        work: &'w Work,
        sinks: Sinks,
        known: Known,
        together: Together,
        (is_quiet, is_verbose): (bool, bool),
    ) -> Self {
        Self {
            work,
            sinks: Some(sinks),
            entries: Entries::new(&work.in_force),
            known,
            progress: Progress::new(is_quiet),
            // What stands in standard input cannot be read again, and what is gathered takes more memory than what is seen.
            seen: if work.gather == Gather::Names { Seen::bounded() } else { Seen::default() },
            together,
            gathered: (work.gather >= Gather::Bodies).then(Gathered::new),
            has_activations: false,
            settings: 0,
            summary: Summary::default(),
            documents: 0,
            checked: 0,
            is_verbose,
            has_trouble: false,
            broken: None,
        }
    }

    pub(super) fn take(&mut self, done: Done) -> ControlFlow<()> {
        let checked = match done {
            Done::Checked(checked) => checked,
            Done::Trouble(trouble) => {
                self.has_trouble = true;
                remark(&format!("ddmc: {trouble}"));
                return ControlFlow::Continue(());
            }
        };
        match self.print(checked) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                self.broken = Some(error);
                ControlFlow::Break(())
            }
        }
    }

    fn print(&mut self, checked: Checked) -> io::Result<()> {
        let Checked { file, strictness, linted, source, is_last } = checked;
        self.count(&file, strictness, &linted, is_last);
        let Linted { mut findings, declarations, .. } = linted;
        let before = findings.len();
        self.entries.see(&file);
        let sets = self.work.in_force.sets(&file);
        self.seen.note(&file, &sets, &declarations, self.together, |file, span| self.work.content(file, span), &mut findings);
        if let Some(gathered) = &mut self.gathered {
            for declared in declarations {
                gathered.add(&file, &sets, declared);
            }
        }
        if findings.len() > before {
            findings.sort_by_key(|finding| finding.place.start.offset);
        }
        if findings.is_empty() {
            return Ok(());
        }
        let shown = self.work.shown(&file, source);
        self.show(findings, Texts::only(shown.as_ref().map(Kept::source)))
    }

    fn show(&mut self, mut findings: Vec<Finding>, texts: Texts<'_>) -> io::Result<()> {
        let Some(file) = findings.first().map(|finding| finding.place.file.clone()) else { return Ok(()) };
        self.entries.silence(&file, &mut findings);
        self.work.in_force.terms(&file).severities.apply(&mut findings);
        match &mut self.known {
            Known::Nothing => {}
            Known::Baseline(baseline) => self.summary.known += baseline.drop_known(&mut findings),
            Known::Record(baseline, _) => {
                baseline.record(&findings);
                return Ok(());
            }
        }
        if findings.is_empty() {
            return Ok(());
        }
        self.summary.count(&findings);
        let Self { sinks, progress, .. } = self;
        progress.aside(|| sinks.as_mut().map_or(Ok(()), |sinks| sinks.findings(&findings, texts)))
    }

    /// Looks once more for identifiers that were perhaps seen twice: of very many declarations not every name can be kept.
    pub(super) fn take_suspects(&mut self) {
        let Some(mut seen) = std::mem::take(&mut self.seen).suspects().filter(|_| self.broken.is_none()) else { return };
        let (work, together) = (self.work, self.together);
        work.run(|done| {
            let Done::Checked(Checked { file, linted, source, .. }) = done else { return ControlFlow::Continue(()) };
            let mut findings = Vec::new();
            seen.note(&file, &[], &linted.declarations, together, |file, span| work.content(file, span), &mut findings);
            if findings.is_empty() {
                return ControlFlow::Continue(());
            }
            let shown = work.shown(&file, source);
            match self.show(findings, Texts::only(shown.as_ref().map(Kept::source))) {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => {
                    self.broken = Some(error);
                    ControlFlow::Break(())
                }
            }
        });
    }

    /// Judges declarations against one another where they are known to be active together. Most runs have no activations and are done
    /// after one reading; where there are some, what the declarations say is read once more.
    pub(super) fn take_sets(&mut self, is_quiet: bool) {
        let work = self.work;
        if self.broken.is_some() {
            return;
        }
        if self.gathered.is_none() && self.has_activations {
            let mut gathered = Gathered::new();
            Work { gather: Gather::Bodies, keeps_source: false, ..work.clone() }.run(|done| {
                if let Done::Checked(Checked { file, linted, .. }) = done {
                    for declared in linted.declarations {
                        gathered.add(&file, &[], declared);
                    }
                }
                ControlFlow::Continue(())
            });
            self.gathered = Some(gathered);
        }
        let sets = self.gathered.as_ref().map(|gathered| gathered.sets(self.together)).unwrap_or_default();
        if sets.is_empty() && self.settings > 0 && !is_quiet {
            // Who asks for one in this run expects something of it.
            let wanted = work.in_force.policies_on_merged().filter(|(_, is_asked)| *is_asked || self.is_verbose);
            for (policy, _) in wanted {
                let name = policy.rule.id;
                remark(&format!("ddmc: {name} was not applied: nothing here is known to be active together (--set says so)"));
            }
        }
        let Some(gathered) = self.gathered.take() else { return };
        let mut faults = gathered.judge(self.together);
        faults.extend(policy::judge_combinations(&gathered, &sets, |file| work.in_force.terms(file).conditions.policies.clone()));
        let findings = locate::findings(faults, &gathered.members, |file| work.text(file));
        for findings in findings.chunk_by(|one, other| one.place.file == other.place.file) {
            let shown = work.shown(&findings[0].place.file, None);
            let source = shown.as_ref().map(Kept::source);
            if let Err(error) = self.show(findings.to_vec(), Texts { source, others: &|file| work.text(file) }) {
                self.broken = Some(error);
                return;
            }
        }
    }

    /// Says which entries of the configuration accept nothing.
    pub(super) fn take_configuration(&mut self) {
        let has_sets = self.work.in_force.has_sets() || self.has_activations;
        let coverage = Coverage { inputs: &self.work.paths, together: self.together, has_sets };
        let findings = self.entries.unused(&coverage);
        let Some(file) = findings.first().map(|finding| finding.place.file.clone()) else { return };
        if self.broken.is_some() || self.has_trouble {
            return;
        }
        let shown = self.work.shown(&file, None);
        if let Err(error) = self.show(findings, Texts::only(shown.as_ref().map(Kept::source))) {
            self.broken = Some(error);
        }
    }

    fn count(&mut self, file: &str, strictness: Strictness, linted: &Linted, is_last: bool) {
        self.documents += linted.documents;
        let is_command = |declared: &&Declared| matches!(declared.body, Some(Body::Command));
        self.summary.declarations += linted.declarations.iter().filter(|declared| !is_command(declared)).count();
        self.summary.legacy += linted.legacy;
        self.has_activations |= linted.activations > 0;
        let is_settings = |declared: &&Declared| declared.kind == Some(DeclarationType::Settings);
        self.settings += linted.declarations.iter().filter(is_settings).count();
        self.summary.unexamined += linted.unexamined;
        self.summary.placeholders += linted.placeholders;
        if !is_last {
            return;
        }
        self.progress.advance();
        let documents = std::mem::take(&mut self.documents);
        self.checked += documents;
        if documents > 0 || strictness == Strictness::Named {
            self.summary.files += 1;
        } else {
            self.summary.skipped += 1;
            if linted.is_near || self.is_verbose {
                remark(&skipped(file, linted));
            }
        }
    }

    pub(super) fn finish(mut self, is_quiet: bool, allow_empty: bool) -> Status {
        if let Known::Baseline(baseline) = &self.known {
            self.summary.stale = baseline.stale(&self.work.paths);
        }
        let mut status = if self.summary.reaches(self.work.in_force.fail_on().0) { Status::Findings } else { Status::Success };
        let printed = match self.broken.take() {
            Some(error) => Err(error),
            None => self.sinks.take().map_or(Ok(()), |sinks| sinks.finish(&self.summary)),
        };
        if let Err(error) = printed {
            if error.kind() == io::ErrorKind::BrokenPipe {
                return status;
            }
            remark(&format!("ddmc: cannot write the report: {error}"));
            return Status::Failure;
        }
        let is_empty = self.checked == 0 && !self.has_trouble;
        // What could not be read at all was said.
        let has_read = self.checked > 0 || !self.has_trouble;
        if has_read && !is_quiet {
            remark(&self.closing(is_empty));
        }
        if self.has_trouble || (is_empty && !allow_empty) {
            status = status.max(Status::Failure);
        }
        // What is recorded must be whole: findings that could not be made would count as new ones later.
        if let Known::Record(baseline, path) = &self.known
            && status == Status::Success
        {
            return known::write(baseline, path, is_quiet);
        }
        status
    }

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

/// Why a file of a folder was passed over.
pub(super) fn skipped(file: &str, linted: &Linted) -> String {
    let why = if linted.is_near {
        "although it has an Identifier and a Payload: it has no Type that begins with com.apple."
    } else {
        "no declaration"
    };
    format!("ddmc: {}: skipped, {why}", visible(file))
}

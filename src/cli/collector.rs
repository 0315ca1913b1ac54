//! Collects the results of `ddmc check`: counts and filters the findings.

use std::sync::Arc;

use super::baseline::BaselineMode;
use super::progress::Progress;
use super::terminal::remark;
use super::work::{Checked, Done, Kept, Work};
use crate::apple::{SETTINGS, Schema};
use crate::config::Entries;
use crate::diagnostic::{Diagnostic, Position, Suppressed};
use crate::lint::Linted;
use crate::report::{Summary, Texts};
use crate::session::Session;
use crate::set::{Declared, Together};
use crate::validate::Strictness;
use crate::words::visible;

/// The findings of one file.
pub(super) struct FileFindings<'w> {
    /// Those to report.
    pub(super) findings: Vec<Diagnostic>,
    /// Those that the configuration or the baseline accepts.
    pub(super) suppressed: Vec<Suppressed<'w>>,
    /// The text of the file, if the reports show excerpts.
    pub(super) shown: Option<Kept>,
}

impl FileFindings<'_> {
    /// The text of this file only.
    pub(super) fn texts(&self) -> Texts<'_> {
        Texts::only(self.shown.as_ref().map(Kept::source))
    }
}

/// Takes the results in order, and returns the findings to report.
pub(super) struct Collector<'w> {
    pub(super) work: &'w Work,
    progress: &'w Progress,
    /// The entries of the configuration, such as `[[ignore]]`.
    pub(super) entries: Entries<'w>,
    pub(super) baseline: BaselineMode,
    pub(super) session: Session,
    /// The number of settings declarations.
    pub(super) settings: usize,
    pub(super) summary: Summary,
    /// The number of documents so far in the current file.
    documents: usize,
    /// Whether the current file has a document that looks like a declaration.
    is_near: bool,
    pub(super) is_verbose: bool,
    pub(super) has_failures: bool,
}

impl<'w> Collector<'w> {
    pub(super) fn new(
        work: &'w Work,
        progress: &'w Progress,
        baseline: BaselineMode,
        together: Together,
        is_verbose: bool,
    ) -> Self {
        let schema = work.effective.schema();
        let summary = Summary {
            has_baseline: matches!(baseline, BaselineMode::Filter { .. }),
            schema: (!Arc::ptr_eq(schema, Schema::built_in())).then(|| schema.release.to_string()),
            ..Summary::default()
        };
        Self {
            work,
            progress,
            entries: Entries::new(&work.effective),
            baseline,
            session: work.session(together),
            settings: 0,
            summary,
            documents: 0,
            is_near: false,
            is_verbose,
            has_failures: false,
        }
    }

    /// Takes the next result.
    pub(super) fn take(&mut self, done: Done) -> Option<FileFindings<'w>> {
        let Checked { file, strictness, linted, source, is_last } = match done {
            Done::Checked(checked) => checked,
            Done::Excluded(file) => {
                if self.is_verbose {
                    remark(&format!("ddmc: {}: excluded by a pattern", visible(&file)));
                }
                return None;
            }
            Done::Failed(error) => {
                self.has_failures = true;
                remark(&format!("ddmc: {error}"));
                return None;
            }
        };
        self.count(&file, strictness, &linted, is_last);
        self.entries.mark_seen(&file);
        let findings = self.session.take(self.work, &file, linted);
        self.filter(findings, source)
    }

    /// Filters the findings of one file. Returns `None` if there are none for a report.
    pub(super) fn filter(&mut self, mut findings: Vec<Diagnostic>, source: Option<Kept>) -> Option<FileFindings<'w>> {
        let file = findings.first()?.place.file.clone();
        let mut suppressed = self.entries.drop_ignored(&file, &mut findings);
        let config = self.work.effective.for_file(&file);
        config.severities.apply(&mut findings);
        suppressed.retain_mut(|Suppressed { finding, .. }| config.severities.wants(finding));
        self.summary.ignored += suppressed.len();
        match &mut self.baseline {
            BaselineMode::Off => {}
            BaselineMode::Filter { baseline, .. } => {
                let known = baseline.drop_known(&mut findings);
                self.summary.known += known.len();
                suppressed.extend(known);
            }
            BaselineMode::Record(baseline, _) => {
                baseline.record(&findings);
                return None;
            }
        }
        if findings.is_empty() && suppressed.is_empty() {
            return None;
        }
        self.summary.count(&findings);
        let shown = if findings.is_empty() { None } else { self.work.shown(&file, source) };
        Some(FileFindings { findings, suppressed, shown })
    }

    fn count(&mut self, file: &str, strictness: Strictness, linted: &Linted, is_last: bool) {
        self.documents += linted.documents;
        self.is_near |= linted.is_near;
        let schema = self.session.schema();
        self.summary.count_linted(linted, schema);
        let is_settings = |declared: &&Declared| declared.kind.as_ref().is_some_and(|kind| kind.name(schema) == SETTINGS);
        self.settings += linted.declarations.iter().filter(is_settings).count();
        if self.is_verbose {
            self.summary.placeholders += linted.placeholders;
            for Position { line, column, .. } in &linted.unexamined {
                remark(&format!("ddmc: {}:{line}:{column}: payload not checked, since its type is unknown", visible(file)));
            }
        }
        if !is_last {
            return;
        }
        self.progress.advance();
        let lists_set = !linted.listed.is_empty();
        let (documents, is_near) = (std::mem::take(&mut self.documents), std::mem::take(&mut self.is_near));
        if documents > 0 || lists_set || strictness == Strictness::Named {
            self.summary.files += 1;
        } else {
            self.summary.skip(file, is_near);
            if self.is_verbose {
                remark(&format!("ddmc: {}: skipped, it holds no declaration", visible(file)));
            }
        }
    }
}

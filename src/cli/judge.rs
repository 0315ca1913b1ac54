//! What `ddmc check` makes of the results as they come: it counts, compares and filters them.

use super::known::Known;
use super::progress::Progress;
use super::terminal::remark;
use super::work::{Checked, Done, Kept, Work};
use crate::apple::SETTINGS;
use crate::config::Entries;
use crate::diagnostic::Diagnostic;
use crate::lint::Linted;
use crate::report::{Summary, Texts};
use crate::session::Session;
use crate::set::Together;
use crate::validate::Strictness;
use crate::words::visible;

/// Findings of one file that are to be reported.
pub(super) struct Page {
    pub(super) findings: Vec<Diagnostic>,
    /// The text, if the reports show excerpts.
    pub(super) shown: Option<Kept>,
}

impl Page {
    /// The text of the file, and no other.
    pub(super) fn texts(&self) -> Texts<'_> {
        Texts::only(self.shown.as_ref().map(Kept::source))
    }
}

/// Takes the results in order, and says what is to be reported of them.
pub(super) struct Judge<'w> {
    work: &'w Work,
    progress: &'w Progress,
    /// The entries of the configuration, some of which accept findings.
    pub(super) entries: Entries<'w>,
    pub(super) known: Known,
    pub(super) session: Session,
    /// How many declarations are settings, which may be active together.
    pub(super) settings: usize,
    pub(super) summary: Summary,
    /// How many documents the file that is being read has had so far.
    documents: usize,
    /// How many documents there were at all.
    pub(super) checked: usize,
    pub(super) is_verbose: bool,
    pub(super) has_trouble: bool,
}

impl<'w> Judge<'w> {
    pub(super) fn new(work: &'w Work, progress: &'w Progress, known: Known, together: Together, is_verbose: bool) -> Self {
        Self {
            work,
            progress,
            entries: Entries::new(&work.in_force),
            known,
            session: work.session(together),
            settings: 0,
            summary: Summary::default(),
            documents: 0,
            checked: 0,
            is_verbose,
            has_trouble: false,
        }
    }

    /// Takes the next result.
    pub(super) fn take(&mut self, done: Done) -> Option<Page> {
        let Checked { file, strictness, linted, source, is_last } = match done {
            Done::Checked(checked) => checked,
            Done::Trouble(trouble) => {
                self.has_trouble = true;
                remark(&format!("ddmc: {trouble}"));
                return None;
            }
        };
        self.count(&file, strictness, &linted, is_last);
        let before = linted.findings.len();
        self.entries.see(&file);
        let mut findings = self.session.take(self.work, &file, linted);
        if findings.len() > before {
            findings.sort_by_key(|finding| finding.place.start.offset);
        }
        self.page(findings, source)
    }

    /// What is to be reported of some findings of one file.
    pub(super) fn page(&mut self, mut findings: Vec<Diagnostic>, source: Option<Kept>) -> Option<Page> {
        let file = findings.first()?.place.file.clone();
        self.entries.silence(&file, &mut findings);
        self.work.in_force.terms(&file).severities.apply(&mut findings);
        match &mut self.known {
            Known::Nothing => {}
            Known::Baseline(baseline) => self.summary.known += baseline.drop_known(&mut findings),
            Known::Record(baseline, _) => {
                baseline.record(&findings);
                return None;
            }
        }
        if findings.is_empty() {
            return None;
        }
        self.summary.count(&findings);
        let shown = self.work.shown(&file, source);
        Some(Page { findings, shown })
    }

    fn count(&mut self, file: &str, strictness: Strictness, linted: &Linted, is_last: bool) {
        self.documents += linted.documents;
        let schema = self.session.schema();
        for declared in &linted.declarations {
            self.summary.declarations += usize::from(!declared.is_command(schema));
            self.settings += usize::from(declared.kind.as_ref().is_some_and(|kind| kind.name(schema) == SETTINGS));
        }
        self.summary.legacy += linted.legacy;
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

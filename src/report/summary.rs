//! The totals of a run.

use crate::diagnostic::{Diagnostic, Severity};
use crate::words::{count, list, visible};

/// The number of skipped files to name.
const MAX_NAMED: usize = 3;

/// The totals of a run.
#[derive(Debug, Default, Clone)]
pub(crate) struct Summary {
    /// The number of checked documents. If there are none, there is no summary line.
    pub(crate) documents: usize,
    pub(crate) files: usize,
    pub(crate) declarations: usize,
    /// Documents of the kinds that declarations replace.
    pub(crate) legacy: usize,
    pub(crate) skipped: usize,
    /// The names of the first skipped files that look like declarations, and of the first others.
    pub(crate) named: [Vec<String>; 2],
    pub(crate) unexamined: usize,
    /// Values with placeholders, if the summary line names their number.
    pub(crate) placeholders: usize,
    pub(crate) errors: usize,
    pub(crate) warnings: usize,
    pub(crate) notes: usize,
    /// Findings that --fix would fix.
    pub(crate) fixable: usize,
    /// Findings that the configuration accepts.
    pub(crate) ignored: usize,
    /// Findings that are hidden because a baseline lists them.
    pub(crate) known: usize,
    /// Findings in the baseline that no longer occur.
    pub(crate) stale: u64,
    /// Whether only findings that a baseline does not list are reported.
    pub(crate) has_baseline: bool,
    /// The number of findings that were recorded instead of reported.
    pub(crate) recorded: Option<u64>,
    /// The release of Apple's schema, unless it is the one built in.
    pub(crate) schema: Option<String>,
}

impl Summary {
    /// Counts findings that are reported.
    pub(crate) fn count(&mut self, findings: &[Diagnostic]) {
        for finding in findings {
            self.fixable += usize::from(finding.is_fixable());
            match finding.severity {
                Severity::Error => self.errors += 1,
                Severity::Warning => self.warnings += 1,
                Severity::Note => self.notes += 1,
            }
        }
    }

    /// Counts a file without a declaration; `is_near` tells whether it looks like one.
    pub(crate) fn skip(&mut self, file: &str, is_near: bool) {
        self.skipped += 1;
        let named = &mut self.named[usize::from(!is_near)];
        if named.len() < MAX_NAMED {
            named.push(file.to_owned());
        }
    }

    /// The names of the first three skipped files, those that look like declarations first.
    pub(crate) fn skipped_files(&self) -> Vec<&str> {
        self.named.iter().flatten().take(MAX_NAMED).map(String::as_str).collect()
    }

    /// Whether there was a finding of at least this severity.
    pub(crate) fn reaches(&self, severity: Severity) -> bool {
        self.errors > 0 || (severity <= Severity::Warning && self.warnings > 0) || (severity == Severity::Note && self.notes > 0)
    }

    /// What was checked, what was found, and what else there is to know. `None` if there was nothing to check.
    pub(crate) fn line(&self) -> Option<String> {
        let (checked, also) = (self.checked()?, self.also());
        Some(if also.is_empty() { checked } else { format!("{checked} ({also})") })
    }

    /// What was checked, and what was found. `None` if there was nothing to check.
    pub(crate) fn checked(&self) -> Option<String> {
        if self.documents == 0 {
            return None;
        }
        let Self { files, declarations, legacy, .. } = *self;
        let mut what = Vec::new();
        if declarations > 0 || legacy == 0 {
            what.push(count(declarations, "declaration"));
        }
        if legacy > 0 {
            what.push(count(legacy, "legacy document"));
        }
        Some(format!("Checked {} in {}: {}", what.join(" and "), count(files, "file"), self.found()))
    }

    /// Says which files were skipped: how many, and the first of them.
    pub(crate) fn skipped_line(&self) -> Option<String> {
        let names: Vec<String> = self.skipped_files().into_iter().map(visible).collect();
        let (such_as, all) = if self.skipped > names.len() { (", such as", "; -v names all") } else { (":", "") };
        let files = count(self.skipped, "file");
        (self.skipped > 0).then(|| format!("{files} without a declaration skipped{such_as} {}{all}", list(&names, "and")))
    }

    /// The findings by severity.
    fn found(&self) -> String {
        if let Some(recorded) = self.recorded {
            return format!("{} recorded", count(usize::try_from(recorded).unwrap_or(usize::MAX), "finding"));
        }
        let new = if self.has_baseline { "new " } else { "" };
        let found: Vec<String> = [(self.errors, "error"), (self.warnings, "warning"), (self.notes, "note")]
            .into_iter()
            .filter(|(number, _)| *number > 0)
            .map(|(number, noun)| count(number, &format!("{new}{noun}")))
            .collect();
        if found.is_empty() { format!("nothing {new}found") } else { found.join(", ") }
    }

    /// What else there is to know.
    pub(crate) fn also(&self) -> String {
        let mut also = Vec::new();
        let mut add = |is_known: bool, text: &dyn Fn() -> String| also.extend(is_known.then(text));
        add(self.fixable > 0, &|| format!("{} fixable with --fix", self.fixable));
        add(self.ignored > 0, &|| format!("{} ignored by ddmc.toml", self.ignored));
        add(self.known > 0, &|| format!("{} in the baseline", self.known));
        add(self.stale > 0, &|| format!("{} recorded in the baseline but gone", self.stale));
        let unexamined = || format!("{} of unknown types, payload not checked", count(self.unexamined, "declaration"));
        add(self.unexamined > 0, &unexamined);
        also.extend(self.skipped_line());
        also.extend(self.schema.as_ref().map(|release| format!("Apple's schema {}", visible(release))));
        if self.placeholders > 0 {
            also.push(format!("{} with placeholders not checked", count(self.placeholders, "value")));
        }
        also.join("; ")
    }
}

//! The table of `--statistics`: for each rule and severity, how many findings there are.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Severity};

/// The findings so far, by severity and rule, the most severe first.
#[derive(Default)]
pub(crate) struct Statistics(BTreeMap<(Reverse<Severity>, Cow<'static, str>), Row>);

#[derive(Default)]
struct Row {
    findings: usize,
    files: usize,
    fixable: usize,
    /// The file of the last finding. Findings of a rule come file by file.
    last: Option<Arc<str>>,
}

impl Statistics {
    pub(crate) fn add(&mut self, finding: &Diagnostic) {
        let row = self.0.entry((Reverse(finding.severity), finding.rule.id.clone())).or_default();
        row.findings += 1;
        row.fixable += usize::from(finding.is_fixable());
        let file = &finding.place.file;
        if row.last.as_ref().is_none_or(|last| last != file) {
            row.files += 1;
            row.last = Some(file.clone());
        }
    }

    /// Each severity, rule, and numbers of findings, files and fixable findings: for each severity, the rules with the most
    /// findings first.
    pub(crate) fn rows(&self) -> Vec<(Severity, &str, [usize; 3])> {
        let rows = self.0.iter().map(|((Reverse(severity), rule), row)| {
            let Row { findings, files, fixable, .. } = *row;
            (*severity, &**rule, [findings, files, fixable])
        });
        let mut rows: Vec<_> = rows.collect();
        rows.sort_by_key(|(severity, _, [findings, ..])| (Reverse(*severity), Reverse(*findings)));
        rows
    }

    /// Prints the table.
    pub(crate) fn print(&self, out: &mut dyn io::Write) -> io::Result<()> {
        if self.0.is_empty() {
            return Ok(());
        }
        let width = self.0.keys().map(|(_, rule)| rule.len()).max().unwrap_or_default();
        writeln!(out, "{:width$}  severity  findings  files  fixable", "rule")?;
        for (severity, rule, [findings, files, fixable]) in self.rows() {
            // The width applies only to strings.
            let severity = severity.to_string();
            writeln!(out, "{rule:width$}  {severity:8}  {findings:8}  {files:5}  {fixable:7}")?;
        }
        writeln!(out)
    }
}

//! Markdown, for a comment on a change, and for the job summary of GitHub Actions.

use std::io;

use super::{Report, Summary, Texts};
use crate::diagnostic::{Diagnostic, Severity};
use crate::words::{count, markdown};

/// The most findings to list: a comment holds 64 KiB, and a longer table is unreadable.
const MOST: usize = 100;

/// Prints the counts and a table of the first findings.
#[derive(Default)]
pub(crate) struct Markdown {
    rows: Vec<String>,
    total: usize,
}

impl Report for Markdown {
    fn findings(&mut self, findings: &[Diagnostic], _: Texts<'_>, _: &mut dyn io::Write) -> io::Result<()> {
        self.total += findings.len();
        for finding in findings.iter().take(MOST.saturating_sub(self.rows.len())) {
            let icon = match finding.severity {
                Severity::Error => "❌",
                Severity::Warning => "⚠️",
                Severity::Note => "ℹ️",
            };
            let place = format!("{}:{}:{}", finding.place.file, finding.place.start.line, finding.place.start.column);
            self.rows.push(format!("| {icon} {} | {} | {} |", finding.rule.id, markdown(&place), markdown(&finding.message)));
        }
        Ok(())
    }

    fn finish(&mut self, summary: &Summary, out: &mut dyn io::Write) -> io::Result<()> {
        let counts = [(summary.errors, "error"), (summary.warnings, "warning"), (summary.notes, "note")]
            .map(|(number, noun)| count(number, noun));
        writeln!(out, "### ddmc: {} in {}\n", counts.join(", "), count(summary.declarations, "declaration"))?;
        let also = summary.also();
        if !also.is_empty() {
            writeln!(out, "{}\n", markdown(&also))?;
        }
        if self.rows.is_empty() {
            return Ok(());
        }
        writeln!(out, "| rule | place | finding |\n| --- | --- | --- |\n{}", self.rows.join("\n"))?;
        let more = self.total - self.rows.len();
        if more > 0 { writeln!(out, "\n… and {more} more") } else { writeln!(out) }
    }
}

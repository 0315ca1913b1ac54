//! GitLab's code quality report: an array of issues in the Code Climate format.

use std::io;

use serde_json::json;

use super::fingerprint::Fingerprints;
use super::json::write_json;
use super::{Report, Summary, Texts};
use crate::diagnostic::{Diagnostic, Severity};

/// A JSON array, written as the findings arrive.
#[derive(Default)]
pub(crate) struct Gitlab {
    has_issues: bool,
    fingerprints: Fingerprints,
}

impl Report for Gitlab {
    fn findings(&mut self, findings: &[Diagnostic], _: Texts<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        for finding in findings {
            out.write_all(if std::mem::replace(&mut self.has_issues, true) { b",\n  " } else { b"[\n  " })?;
            let severity = match finding.severity {
                Severity::Error => "major",
                Severity::Warning => "minor",
                Severity::Note => "info",
            };
            let description = match &finding.help {
                Some(help) => format!("{} ({help})", finding.message),
                None => finding.message.clone(),
            };
            let place = &finding.place;
            let issue = json!({
                "description": description,
                "check_name": finding.rule.id,
                "fingerprint": self.fingerprints.of(finding),
                "severity": severity,
                "location": { "path": &*place.file, "lines": { "begin": place.start.line, "end": place.end.line } },
            });
            write_json(&issue, out)?;
        }
        Ok(())
    }

    fn finish(&mut self, _: &Summary, out: &mut dyn io::Write) -> io::Result<()> {
        out.write_all(if self.has_issues { b"\n]\n" } else { b"[]\n" })
    }
}

//! One line per finding, for editors and `grep`.

use std::io;

use super::{Report, Summary, Texts};
use crate::diagnostic::Diagnostic;
use crate::source::STDIN;
use crate::words::visible;

/// `file:line:column: severity[rule]: message`
pub(crate) struct Concise;

impl Report for Concise {
    fn findings(&mut self, findings: &[Diagnostic], _: Texts<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        for finding in findings {
            let place = &finding.place;
            let (file, start) = (leading(&place.file), place.start);
            let (severity, rule, message) = (finding.severity, &finding.rule.id, &finding.message);
            writeln!(out, "{file}:{}:{}: {severity}[{rule}]: {message}", start.line, start.column)?;
        }
        Ok(())
    }

    fn finish(&mut self, _: &Summary, _: &mut dyn io::Write) -> io::Result<()> {
        Ok(())
    }
}

/// Escapes the path of a file for the start of a line. No command of a CI runner begins with a letter, a digit, `.` or
/// `/`; any other relative path gets a `./`.
fn leading(path: &str) -> String {
    let is_harmless = path == STDIN || path.starts_with(|c: char| c.is_alphanumeric() || c == '.' || c == '/');
    format!("{}{}", if is_harmless { "" } else { "./" }, visible(path))
}

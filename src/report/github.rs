//! Workflow commands of GitHub Actions, which show as annotations on a pull request.

use std::io;

use super::{Report, Summary, Texts};
use crate::diagnostic::{Diagnostic, Severity};
use crate::words::visible;

/// `::error file=F,line=L,col=C,title=T::message`
pub(crate) struct Github;

impl Report for Github {
    fn findings(&mut self, findings: &[Diagnostic], _: Texts<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        for finding in findings {
            let command = match finding.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Note => "notice",
            };
            let place = &finding.place;
            let (start, end) = (place.start, place.end);
            write!(out, "::{command} file={},line={},endLine={}", property(&place.file), start.line, end.line)?;
            // GitHub accepts columns only within one line.
            if start.line == end.line {
                write!(out, ",col={},endColumn={}", start.column, end.column)?;
            }
            let help = finding.help.as_deref().map(|help| format!("\n{help}")).unwrap_or_default();
            let message = data(&format!("{}{help}", finding.message));
            writeln!(out, ",title={}::{message}", property(&format!("ddmc {}", finding.rule.id)))?;
        }
        Ok(())
    }

    fn finish(&mut self, _: &Summary, _: &mut dyn io::Write) -> io::Result<()> {
        Ok(())
    }
}

/// Escapes the message of a command, so that no part of it ends the line.
fn data(text: &str) -> String {
    // Only the line feed before the help is real; messages have theirs escaped.
    text.lines().map(|line| visible(line).replace('%', "%25")).collect::<Vec<_>>().join("%0A")
}

/// Escapes a property of a command, so that no part of it ends the property or the line.
fn property(text: &str) -> String {
    visible(text).replace('%', "%25").replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_inject_a_command() {
        assert_eq!(data("100 %\n::error::x\r"), "100 %25%0A\\u{3a}:error\\u{3a}:x\\u{d}");
        assert_eq!(property("a,b:c\n::warning::%0A"), "a%2Cb%3Ac\\u{a}\\u{3a}%3Awarning%3A%3A%250A");
    }
}

//! JUnit XML for CI servers: one test case per finding.

use std::fmt::Write as _;
use std::io;

use super::{About, Report, Summary, Texts};
use crate::diagnostic::{Diagnostic, Severity};
use crate::words::{markup, markup_lines};

/// An XML document. Its root has the counts, so the cases are kept until the end.
pub(crate) struct Junit {
    /// The lowest severity that counts as a failure.
    fail_on: Severity,
    schema: String,
    cases: String,
    tests: usize,
    failures: usize,
}

impl Junit {
    pub(crate) fn new(about: &About<'_>) -> Self {
        Self { fail_on: about.fail_on, schema: about.schema.to_owned(), cases: String::new(), tests: 0, failures: 0 }
    }

    fn case(&mut self, finding: &Diagnostic) {
        let (place, rule) = (&finding.place, &finding.rule.id);
        let is_failure = finding.severity >= self.fail_on;
        self.tests += 1;
        self.failures += usize::from(is_failure);
        let at = format!("{}:{}:{}", place.file, place.start.line, place.start.column);
        let help = finding.help.as_deref().map(|help| format!("\nhelp: {help}")).unwrap_or_default();
        let text = format!("at {at}\nfinding: {}{help}", finding.message);
        let tag = if is_failure {
            let (kind, message) = (finding.severity, markup(&finding.message));
            format!("<failure type=\"{kind}\" message=\"{message}\">{}</failure>", markup_lines(&text))
        } else {
            format!("<system-out>{}: {}</system-out>", finding.severity, markup_lines(&text))
        };
        let name = format!("{rule} at {}:{}", place.start.line, place.start.column);
        // Writing to a string cannot fail.
        let _ = writeln!(
            self.cases,
            "    <testcase classname=\"{}\" name=\"{}\" file=\"{}\" line=\"{}\">{tag}</testcase>",
            markup(&place.file),
            markup(&name),
            markup(&place.file),
            place.start.line
        );
    }
}

impl Report for Junit {
    fn findings(&mut self, findings: &[Diagnostic], _: Texts<'_>, _: &mut dyn io::Write) -> io::Result<()> {
        for finding in findings {
            self.case(finding);
        }
        Ok(())
    }

    fn finish(&mut self, summary: &Summary, out: &mut dyn io::Write) -> io::Result<()> {
        if self.tests == 0 {
            // Servers treat a report without test cases as broken.
            let _ = writeln!(self.cases, "    <testcase classname=\"ddmc\" name=\"{} declarations\"/>", summary.declarations);
            self.tests = 1;
        }
        let counts = format!("tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"0\" time=\"0\"", self.tests, self.failures);
        write!(
            out,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"ddmc\" {counts}>\n  <testsuite name=\"ddmc\" {counts}>\n    \
             <properties><property name=\"apple-schema\" value=\"{}\"/><property name=\"summary\" value=\"{}\"/></properties>\n",
            markup(&self.schema),
            markup(&summary.line().unwrap_or_default())
        )?;
        out.write_all(self.cases.as_bytes())?;
        out.write_all(b"  </testsuite>\n</testsuites>\n")
    }
}

//! The report for a terminal.

use std::fmt;
use std::io;

use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode};

use super::excerpt::Excerpt;
use super::json::docs;
use super::overview::Overview;
use super::redact::Redaction;
use super::view::{Excerpts, View};
use super::{About, Report, Summary, Texts};
use crate::diagnostic::{Diagnostic, Place, Related, Severity};
use crate::words::{folded, visible, wrap};

/// Columns free at the right margin, and columns that miette uses before a message, before help, and beside a label.
const MARGIN: usize = 2;
const BEFORE_MESSAGE: usize = 4;
const BEFORE_HELP: usize = 8;
const BEFORE_LABEL: usize = 11;

/// Columns beside the lines of an excerpt: a line number of up to five digits, and the signs where a line is cut.
const BESIDE_EXCERPT: usize = 10;

/// The minimum width to wrap a label to, in columns.
const LEAST_LABEL: usize = 12;

/// Prints excerpts with labels, with miette.
pub(crate) struct Human {
    handler: GraphicalReportHandler,
    /// The width of the report without its right margin, in columns.
    width: usize,
    /// Whether to print colours and links (a rule id links to its page).
    is_coloured: bool,
    excerpts: Excerpts,
    /// `None` if all findings are shown, and nothing else.
    overview: Option<Overview>,
}

impl Human {
    /// `width` is the width of the terminal, in columns.
    pub(crate) fn new(is_coloured: bool, width: usize) -> Self {
        let theme = if is_coloured { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
        let width = width.clamp(40, 120);
        let handler = GraphicalReportHandler::new_themed(theme)
            .with_width(width)
            .with_links(is_coloured)
            // The texts are wrapped already.
            .with_wrap_lines(false);
        let width = width - MARGIN;
        Self { handler, width, is_coloured, excerpts: Excerpts::new(width - BESIDE_EXCERPT), overview: None }
    }

    /// Adds the overview of a run.
    pub(crate) fn with_overview(self, about: &About<'_>) -> Self {
        Self { overview: Some(Overview::new(about)), ..self }
    }

    /// Renders a finding.
    fn text(&self, finding: &Diagnostic, texts: Texts<'_>, redaction: &Redaction) -> io::Result<Vec<u8>> {
        let mut text = Vec::new();
        self.finding(finding, texts, redaction, &mut text).map(|()| text)
    }

    fn finding(&self, finding: &Diagnostic, texts: Texts<'_>, redaction: &Redaction, out: &mut dyn io::Write) -> io::Result<()> {
        let view = self.excerpts.view(finding, texts, redaction);
        self.render(&Shown { view: &view, report: self }, out)?;
        if view.label(&finding.place).is_none() {
            // The heading of an excerpt has the place.
            let Place { file, start, .. } = &finding.place;
            writeln!(out, "  at: {}:{}:{}", visible(file), start.line, start.column)?;
        }
        for related in view.related().iter().filter(|related| view.label(&related.place).is_none()) {
            self.related(related, finding, texts, out)?;
        }
        writeln!(out)
    }

    /// Prints a related place that is not in the excerpt of its finding.
    fn related(&self, related: &Related, finding: &Diagnostic, texts: Texts<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        if let Some(excerpt) = self.excerpts.other(related, finding, texts) {
            return self.render(&OtherFile { related, excerpt, width: self.width }, out);
        }
        let Place { file, start, .. } = &related.place;
        let note = format!("{}: {}:{}:{}", related.message, visible(file), start.line, start.column);
        wrap(&note, self.width, "  note: ", &" ".repeat(BEFORE_HELP)).iter().try_for_each(|line| writeln!(out, "{line}"))
    }

    fn render(&self, shown: &dyn miette::Diagnostic, out: &mut dyn io::Write) -> io::Result<()> {
        let mut text = String::with_capacity(1 << 10);
        self.handler.render_report(&mut text, shown).map_err(io::Error::other)?;
        let mut lines = String::with_capacity(text.len());
        for line in text.trim_end().lines() {
            lines.push_str(line.trim_end());
            lines.push('\n');
        }
        out.write_all(lines.as_bytes())
    }
}

impl Report for Human {
    fn findings(&mut self, findings: &[Diagnostic], texts: Texts<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let drawn = self.draw(findings, texts);
        self.print(findings, texts, drawn, out)
    }

    fn draw(&self, findings: &[Diagnostic], texts: Texts<'_>) -> Vec<Option<Vec<u8>>> {
        let redaction = Redaction::of(findings.first().map_or("", |first| &first.place.file));
        let wanted = self.overview.as_ref().map_or_else(|| vec![true; findings.len()], |overview| overview.wanted(findings));
        let text = |(finding, is_wanted)| if is_wanted { self.text(finding, texts, &redaction).ok() } else { None };
        findings.iter().zip(wanted).map(text).collect()
    }

    fn print(
        &mut self,
        findings: &[Diagnostic],
        texts: Texts<'_>,
        drawn: Vec<Option<Vec<u8>>>,
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        // Rendering borrows the report while the overview changes.
        let mut overview = self.overview.take();
        let printed = findings.iter().zip(drawn).try_for_each(|(finding, drawn)| {
            let text = || drawn.map_or_else(|| self.text(finding, texts, &Redaction::of(&finding.place.file)), Ok);
            match &mut overview {
                Some(overview) => overview.take(finding, text, out),
                None => out.write_all(&text()?),
            }
        });
        self.overview = overview;
        printed
    }

    fn finish(&mut self, summary: &Summary, out: &mut dyn io::Write) -> io::Result<()> {
        let width = self.width;
        self.overview.as_mut().map_or(Ok(()), |overview| overview.finish(summary, width, out))
    }

    fn needs_source(&self) -> bool {
        true
    }
}

/// Adapts a finding to miette.
struct Shown<'f> {
    view: &'f View<'f>,
    report: &'f Human,
}

impl fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.view.finding.fmt(f)
    }
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&folded(&self.view.finding.message, self.report.width - BEFORE_MESSAGE))
    }
}

impl std::error::Error for Shown<'_> {}

impl miette::Diagnostic for Shown<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(format!("{}[{}]", self.view.finding.severity, self.view.finding.rule.id)))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.view.finding.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Note => miette::Severity::Advice,
        })
    }

    fn url<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let docs = self.report.is_coloured.then(|| docs(&self.view.finding.rule)).flatten()?;
        Some(Box::new(docs))
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let help = self.view.finding.help.as_ref()?;
        Some(Box::new(folded(help, self.report.width - BEFORE_HELP)))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.view.excerpt.as_ref().map(|excerpt| excerpt as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let primary = self.view.label(&self.view.finding.place).map(|label| LabeledSpan::new_primary_with_span(None, label.span));
        let related = self.view.finding.related.iter().filter_map(|related| {
            let label = self.view.label(&related.place)?;
            let room = self.report.width.saturating_sub(BEFORE_LABEL + self.view.excerpt.as_ref()?.column(label));
            Some(LabeledSpan::new_with_span(Some(folded(&related.message, room.max(LEAST_LABEL))), label.span))
        });
        Some(Box::new(primary.into_iter().chain(related)))
    }
}

/// Adapts a related place in another file to miette.
#[derive(Debug)]
struct OtherFile<'f> {
    related: &'f Related,
    excerpt: Excerpt,
    width: usize,
}

impl fmt::Display for OtherFile<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&folded(&self.related.message, self.width - BEFORE_MESSAGE))
    }
}

impl std::error::Error for OtherFile<'_> {}

impl miette::Diagnostic for OtherFile<'_> {
    fn severity(&self) -> Option<miette::Severity> {
        Some(miette::Severity::Advice)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.excerpt)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let labels = self.excerpt.labels().iter();
        Some(Box::new(labels.map(|label| LabeledSpan::new_primary_with_span(None, label.span))))
    }
}

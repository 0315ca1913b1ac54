//! The report for a terminal.

use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode};

use super::excerpt::{Excerpt, Label};
use super::json::docs;
use super::overview::Overview;
use super::redact::Redaction;
use super::{About, Report, Source, Summary, Texts};
use crate::diagnostic::Position;
use crate::diagnostic::{Diagnostic, Place, Related, Severity};
use crate::syntax::Container;
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

/// The most related places to show.
const MOST_RELATED: usize = 4;

/// Prints excerpts with labels, with miette.
pub(crate) struct Human {
    handler: GraphicalReportHandler,
    /// The width of the report without its right margin, in columns.
    width: usize,
    /// Whether to print colours and links (a rule id links to its page).
    is_coloured: bool,
    /// The other file that was read last.
    last: Mutex<Option<Arc<Other>>>,
    /// `None` if all findings are shown, and nothing else.
    overview: Option<Overview>,
}

/// A file other than that of the finding, with a related place.
struct Other {
    file: Arc<str>,
    text: Vec<u8>,
    redaction: Redaction,
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
        Self { handler, width: width - MARGIN, is_coloured, last: Mutex::new(None), overview: None }
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
        let source = texts.source.filter(|source| is_shown(source.bytes) && redaction.shows(*source, &finding.place));
        let places = places(finding, source, redaction);
        let excerpt = source.map(|source| self.excerpt(visible(&finding.place.file), source, redaction, &places));
        let shown = Shown { finding, places: &places, excerpt, report: self };
        self.render(&shown, out)?;
        if shown.label(&finding.place).is_none() {
            // The heading of an excerpt has the place.
            let Place { file, start, .. } = &finding.place;
            writeln!(out, "  at: {}:{}:{}", visible(file), start.line, start.column)?;
        }
        for related in shown_related(finding).iter().filter(|related| shown.label(&related.place).is_none()) {
            self.related(related, finding, texts, out)?;
        }
        writeln!(out)
    }

    fn excerpt(&self, name: String, source: Source<'_>, redaction: &Redaction, places: &[&Place]) -> Excerpt {
        Excerpt::new(name, source, redaction, places, self.width - BESIDE_EXCERPT)
    }

    /// Prints a related place that is not in the excerpt of its finding.
    fn related(&self, related: &Related, finding: &Diagnostic, texts: Texts<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let Place { file, start, .. } = &related.place;
        let name = visible(file);
        if *file != finding.place.file
            && let Some(other) = self.read(file, texts)
        {
            let source = Source { bytes: &other.text, origin: Position::START };
            if other.redaction.shows(source, &related.place) {
                let excerpt = self.excerpt(name, source, &other.redaction, &[&related.place]);
                return self.render(&OtherFile { related, excerpt, width: self.width }, out);
            }
        }
        let note = format!("{}: {name}:{}:{}", related.message, start.line, start.column);
        wrap(&note, self.width, "  note: ", &" ".repeat(BEFORE_HELP)).iter().try_for_each(|line| writeln!(out, "{line}"))
    }

    /// Reads another file. Caches the last one, since consecutive findings mostly refer to the same file.
    fn read(&self, file: &Arc<str>, texts: Texts<'_>) -> Option<Arc<Other>> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if last.as_ref().is_none_or(|last| last.file != *file) {
            let text = (texts.others)(file).filter(|text| is_shown(text));
            *last = text.map(|text| Arc::new(Other { file: file.clone(), text, redaction: Redaction::of(file) }));
        }
        last.clone()
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

/// Whether the lines of a file are readable. Those of a binary or signed property list are not.
fn is_shown(text: &[u8]) -> bool {
    Container::of(text).is_none_or(Container::is_text)
}

/// The related places to show.
fn shown_related(finding: &Diagnostic) -> &[Related] {
    &finding.related[..finding.related.len().min(MOST_RELATED)]
}

/// The place of a finding, and the related places to show in the same text.
fn places<'f>(finding: &'f Diagnostic, source: Option<Source<'_>>, redaction: &Redaction) -> Vec<&'f Place> {
    let is_shown =
        |place: &&Place| source.is_some_and(|source| is_in(place, &finding.place, source) && redaction.shows(source, place));
    let related = shown_related(finding).iter().map(|related| &related.place);
    std::iter::once(&finding.place).chain(related.filter(is_shown)).collect()
}

/// Whether a place is in the same text as another.
fn is_in(place: &Place, other: &Place, source: Source<'_>) -> bool {
    let end = source.origin.offset + source.bytes.len();
    place.file == other.file && (source.origin.offset..=end).contains(&place.start.offset)
}

/// Adapts a finding to miette.
struct Shown<'f> {
    finding: &'f Diagnostic,
    /// The place of the finding, and the related places to show in the same text.
    places: &'f [&'f Place],
    excerpt: Option<Excerpt>,
    report: &'f Human,
}

impl Shown<'_> {
    /// The label of a place, if the excerpt shows it.
    fn label(&self, place: &Place) -> Option<&Label> {
        let labels = self.excerpt.as_ref()?.labels();
        labels.iter().find(|label| std::ptr::eq(self.places[label.place], place))
    }
}

impl fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.finding.fmt(f)
    }
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&folded(&self.finding.message, self.report.width - BEFORE_MESSAGE))
    }
}

impl std::error::Error for Shown<'_> {}

impl miette::Diagnostic for Shown<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(format!("{}[{}]", self.finding.severity, self.finding.rule.id)))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.finding.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Note => miette::Severity::Advice,
        })
    }

    fn url<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let docs = self.report.is_coloured.then(|| docs(&self.finding.rule)).flatten()?;
        Some(Box::new(docs))
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let help = self.finding.help.as_ref()?;
        Some(Box::new(folded(help, self.report.width - BEFORE_HELP)))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.excerpt.as_ref().map(|excerpt| excerpt as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let primary = self.label(&self.finding.place).map(|label| LabeledSpan::new_primary_with_span(None, label.span));
        let related = self.finding.related.iter().filter_map(|related| {
            let label = self.label(&related.place)?;
            let room = self.report.width.saturating_sub(BEFORE_LABEL + self.excerpt.as_ref()?.column(label));
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

//! Destinations of reports: standard output, and files, which are written atomically.

use std::fs::OpenOptions;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

use clap::ValueEnum;

use super::collector::FileFindings;
use super::overlap::InputFiles;
use super::terminal::{self, Color, Deferred};
use super::write::{self, Batch, Pending};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Position;
use crate::limits::MAX_DOCUMENT_BYTES;
use crate::lint;
use crate::report::{About, Concise, Github, Gitlab, Html, Human, Json, Junit, Markdown, Report, Sarif, Source, Summary, Texts};
use crate::source;

// The values have no help texts, to keep --help within one screen.
/// The format of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    Human,
    Concise,
    Json,
    Sarif,
    Github,
    Gitlab,
    Junit,
    Markdown,
    Html,
}

impl Format {
    /// The default: annotations in GitHub Actions, else the human format.
    pub(super) fn default_here() -> Self {
        if is_github() { Self::Github } else { Self::Human }
    }

    fn report(self, is_coloured: bool, about: &About<'_>) -> Box<dyn Report> {
        match self {
            Self::Human => Box::new(Human::new(is_coloured, terminal::width()).with_overview(about)),
            Self::Concise => Box::new(Concise),
            Self::Json => Box::new(Json::new(about)),
            Self::Sarif => Box::new(Sarif::new(about)),
            Self::Github => Box::new(Github),
            Self::Gitlab => Box::new(Gitlab::default()),
            Self::Junit => Box::new(Junit::new(about)),
            Self::Markdown => Box::new(Markdown::default()),
            Self::Html => Box::new(Html::new(about)),
        }
    }
}

fn is_github() -> bool {
    std::env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true")
}

/// `--output FILE` or `--output FORMAT=FILE`
#[derive(Debug, Clone)]
pub(super) struct Output {
    /// The format, for an additional report; `None` is the main report.
    format: Option<Format>,
    path: PathBuf,
}

impl FromStr for Output {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let named = text.split_once('=').and_then(|(format, path)| Some((Format::from_str(format, true).ok()?, path)));
        let (format, path) = named.map_or((None, text), |(format, path)| (Some(format), path));
        if let Some((name, _)) = text.split_once('=').filter(|_| named.is_none())
            && name.chars().all(|c| c.is_ascii_alphabetic())
        {
            return Err(format!("there is no format {name}; for a file of this name write ./{text}"));
        }
        if path.is_empty() || path == "-" {
            return Err("write FILE or FORMAT=FILE; without it the main report goes to standard output".to_owned());
        }
        Ok(Self { format, path: PathBuf::from(path) })
    }
}

/// Whether a report has the human format.
pub(super) fn has_human(format: Format, outputs: &[Output]) -> bool {
    let has_main = outputs.iter().all(|output| output.format.is_some());
    let formats = outputs.iter().map(|output| output.format.unwrap_or(format));
    formats.chain(has_main.then_some(format)).any(|format| format == Format::Human)
}

/// A report and its destination.
struct Sink {
    report: Box<dyn Report>,
    out: Out,
}

enum Out {
    Standard(BufWriter<Deferred<io::Stdout>>),
    File(Pending),
    /// A file that other processes append to as well.
    Append(BufWriter<std::fs::File>),
}

impl Out {
    fn writer(&mut self) -> &mut dyn Write {
        match self {
            Self::Standard(out) => out,
            Self::File(file) => file,
            Self::Append(file) => file,
        }
    }
}

/// The findings of one file as rendered by each report.
pub(super) type Drawn = Vec<Vec<Option<Vec<u8>>>>;

/// All reports of a run.
pub(super) struct Sinks {
    sinks: Vec<Sink>,
    /// Whether standard output gets the summary line.
    prints_summary: bool,
}

impl Sinks {
    /// Opens the reports. The main report goes to standard output, unless an output without a format takes it.
    pub(super) fn open(
        format: Format,
        outputs: &[Output],
        color: Color,
        about: &About<'_>,
        inputs: &InputFiles,
    ) -> Result<Self, (PathBuf, io::Error)> {
        let (mut batch, mut sinks, mut prints_summary) = (Batch::default(), Vec::new(), false);
        for (at, output) in outputs.iter().enumerate() {
            let refuse = |reason: &str| Err((output.path.clone(), io::Error::other(reason.to_owned())));
            let is_same = |other: &Output| std::path::absolute(&other.path).ok() == std::path::absolute(&output.path).ok();
            if outputs[..at].iter().any(is_same) {
                return refuse("another report is written to the same file");
            }
            if inputs.names(&output.path) {
                return refuse("it is also an input and would be replaced");
            }
            if holds_declarations(&output.path) {
                return refuse("it holds declarations, so it was not overwritten");
            }
            let report = output.format.unwrap_or(format).report(false, about);
            let file = batch.open(&output.path).map_err(|error| (output.path.clone(), error))?;
            sinks.push(Sink { report, out: Out::File(file) });
        }
        if outputs.iter().all(|output| output.format.is_some()) {
            let is_coloured = color.is_on_for(&io::stdout());
            let out = Out::Standard(BufWriter::with_capacity(1 << 16, Deferred::new(io::stdout())));
            sinks.insert(0, Sink { report: format.report(is_coloured, about), out });
            prints_summary = format == Format::Human;
        }
        let summary = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|path| is_github() && !path.is_empty());
        match summary.map(|path| OpenOptions::new().append(true).create(true).open(path)) {
            None => {}
            Some(Ok(file)) => {
                sinks.push(Sink { report: Box::new(Markdown::default()), out: Out::Append(BufWriter::new(file)) });
            }
            // Continue: the findings matter more than the summary.
            Some(Err(error)) => terminal::remark(&format!("ddmc: cannot write the job summary: {error}")),
        }
        Ok(Self { sinks, prints_summary })
    }

    /// No reports.
    pub(super) fn none() -> Self {
        Self { sinks: Vec::new(), prints_summary: false }
    }

    pub(super) fn needs_source(&self) -> bool {
        self.sinks.iter().any(|sink| sink.report.needs_source())
    }

    /// Renders the findings of one file for each report that can do so on any thread.
    pub(super) fn draw(&self, findings: &[Diagnostic], texts: Texts<'_>) -> Drawn {
        self.sinks.iter().map(|sink| sink.report.draw(findings, texts)).collect()
    }

    /// Writes the findings of one file. Accepted ones come first, so that they keep their fingerprints beside new ones.
    pub(super) fn print(&mut self, file: &FileFindings<'_>, texts: Texts<'_>, drawn: Drawn) -> io::Result<()> {
        self.sinks.iter_mut().zip(drawn).try_for_each(|(Sink { report, out }, drawn)| {
            report.suppressed(&file.suppressed, out.writer())?;
            report.print(&file.findings, texts, drawn, out.writer())
        })
    }

    /// Whether standard output gets the summary line.
    pub(super) fn prints_summary(&self) -> bool {
        self.prints_summary
    }

    /// Flushes standard output.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.sinks.iter_mut().try_for_each(|sink| if let Out::Standard(out) = &mut sink.out { out.flush() } else { Ok(()) })
    }

    /// Finishes the reports: the files first, so that a closed standard output does not prevent them.
    pub(super) fn finish(self, summary: &Summary) -> io::Result<()> {
        let (files, others): (Vec<_>, Vec<_>) = self.sinks.into_iter().partition(|sink| matches!(sink.out, Out::File(_)));
        let mut staged = Vec::new();
        for Sink { mut report, mut out } in files {
            report.finish(summary, out.writer())?;
            if let Out::File(file) = out {
                staged.push(file.stage()?);
            }
        }
        write::commit(staged)?;
        for Sink { mut report, mut out } in others {
            report.finish(summary, out.writer())?;
            match out {
                Out::Standard(out) => Deferred::finish(out)?,
                mut other => other.writer().flush()?,
            }
        }
        Ok(())
    }
}

/// Renders the findings of one text.
pub(super) fn report(format: &str, findings: &[Diagnostic], text: &[u8]) -> io::Result<Vec<u8>> {
    let mut report = Format::from_str(format, true).map_err(io::Error::other)?.report(false, &About::default());
    let mut out = Vec::new();
    report.findings(findings, Texts::only(Some(Source { bytes: text, origin: Position::START })), &mut out)?;
    report.finish(&Summary::default(), &mut out)?;
    Ok(out)
}

/// The name of a file in messages.
pub(super) fn name(path: &Path) -> String {
    crate::words::visible(&path.to_string_lossy())
}

/// Whether the file at a path holds declarations, which a report must not overwrite.
fn holds_declarations(path: &Path) -> bool {
    let Ok(bytes) = source::read_small(path, MAX_DOCUMENT_BYTES) else { return false };
    // A long text is cut off, so that its last document looks like a broken declaration, also in a report.
    let is_cut_off = bytes.len() > MAX_DOCUMENT_BYTES;
    lint::documents(&Arc::from(path.to_string_lossy()), &bytes) > usize::from(is_cut_off)
}

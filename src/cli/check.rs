//! `ddmc check`

use std::io::{self, BufWriter, Write};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;

use clap::{Args, ValueEnum};

use super::levels::Levels;
use super::terminal::{self, Color, remark};
use super::{Status, ordered};
use crate::document::Position;
use crate::finding::Severity;
use crate::lint::{self, Hashes, Linted, Text};
use crate::model::LocalDateTime;
use crate::read::Strictness;
use crate::report::{Concise, Human, Json, Report, Source, Summary};
use crate::run::{Seen, Severities};
use crate::source::{Document, Inputs, Lines, Trouble, Unit};
use crate::words::{count, visible};

/// Check declarations and say what is wrong with them
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  ddmc check                       check every declaration below this folder
  ddmc check settings.json         check one file
  ddmc check --format json .       for another program
  jq .decl x | ddmc check -        check standard input

Exit status: 0 nothing found at or above --fail-on, 1 something found,
2 the command could not do all of its work.")]
pub(super) struct Arguments {
    /// Files and folders; - is standard input [default: the current folder]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// The form of the report
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,

    /// The lowest severity that makes the command fail
    #[arg(long, value_name = "SEVERITY", default_value = "error")]
    fail_on: Level,

    #[command(flatten)]
    levels: Levels,

    /// The local time that deadlines are judged by [default: now]
    #[arg(long, value_name = "YYYY-MM-DDTHH:MM:SS")]
    as_of: Option<LocalDateTime>,

    /// The name that standard input goes by; its ending tells the form
    #[arg(long, value_name = "NAME")]
    stdin_filename: Option<String>,

    /// How many threads to use [default: one per processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    jobs: Option<u16>,

    /// Print findings and nothing else
    #[arg(short, long, conflicts_with = "verbose")]
    quiet: bool,

    /// Say which files were skipped, and what was not judged
    #[arg(short, long)]
    verbose: bool,

    /// Succeed even if there is nothing to check
    #[arg(long)]
    allow_empty: bool,

    /// Read no configuration file
    #[arg(long)]
    no_config: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// Excerpts with explanations
    Human,
    /// file:line:column: severity[rule]: message
    Concise,
    /// One JSON object
    Json,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Level {
    Error,
    Warning,
    Note,
}

impl From<Level> for Severity {
    fn from(level: Level) -> Self {
        match level {
            Level::Error => Self::Error,
            Level::Warning => Self::Warning,
            Level::Note => Self::Note,
        }
    }
}

/// How many files make a chunk: enough to make the turns cheap, few enough to show the first findings early.
const CHUNK: usize = 32;

pub(super) fn run(arguments: Arguments, color: Color) -> Status {
    let report: Box<dyn Report> = match arguments.format {
        Format::Human => Box::new(Human::new(color.is_on(), terminal::width())),
        Format::Concise => Box::new(Concise),
        Format::Json => Box::new(Json::default()),
    };
    let keeps_source = report.needs_source();
    let paths = if arguments.paths.is_empty() { vec![PathBuf::from(".")] } else { arguments.paths };
    let mut inputs = Inputs::new(paths, arguments.stdin_filename);
    let mut checker = Checker::new(report, arguments.levels.severities(), arguments.verbose);
    let hashes = Hashes::default();

    let mut first = Some(chunk(&mut inputs));
    let is_small = first
        .as_ref()
        .is_some_and(|units| units.len() < CHUNK && !matches!(units.last(), Some(Unit::Lines(lines)) if !lines.is_last));
    let processors = || thread::available_parallelism().map_or(1, usize::from);
    let threads = if is_small { 1 } else { arguments.jobs.map_or_else(processors, usize::from) };
    ordered::run(
        threads,
        || first.take().or_else(|| Some(chunk(&mut inputs))).filter(|units| !units.is_empty()),
        |units, hand_on| {
            let mut buffer = Vec::new();
            for unit in units {
                check(unit, &hashes, keeps_source, &mut buffer, hand_on);
            }
        },
        |done| checker.take(done),
    );
    checker.finish(arguments.fail_on.into(), arguments.quiet, arguments.allow_empty)
}

/// The next units: some files, or one block of lines, which is large.
fn chunk(inputs: &mut Inputs) -> Vec<Unit> {
    let mut units = Vec::new();
    while units.len() < CHUNK {
        let Some(unit) = inputs.next() else { break };
        let is_large = matches!(unit, Unit::Lines(_));
        units.push(unit);
        if is_large {
            break;
        }
    }
    units
}

/// A unit that was worked on.
enum Done {
    Checked(Checked),
    Trouble(Trouble),
}

struct Checked {
    file: Arc<str>,
    strictness: Strictness,
    linted: Linted,
    /// The text, if the report shows excerpts, and where in the file it begins.
    source: Option<(Arc<Vec<u8>>, Position)>,
    /// Whether the file ends here.
    is_last: bool,
}

fn check(unit: Unit, hashes: &Hashes, keeps_source: bool, buffer: &mut Vec<u8>, hand_on: &mut dyn FnMut(Done)) {
    match unit {
        Unit::Trouble(trouble) => hand_on(Done::Trouble(trouble)),
        Unit::File(document) => match document.read(buffer) {
            Err(trouble) => hand_on(Done::Trouble(trouble)),
            Ok(()) => {
                let bytes = Arc::new(std::mem::take(buffer));
                check_document(&document, &bytes, hashes, keeps_source, hand_on);
                *buffer = Arc::try_unwrap(bytes).unwrap_or_default();
            }
        },
        Unit::Lines(lines) => {
            let Lines { file, strictness, bytes, origin, first_index, is_last } = lines;
            let bytes = Arc::new(bytes);
            let text = Text { file: &file, bytes: &bytes, origin, first_index, strictness };
            let linted = lint::lint_lines(&text, hashes);
            let source = (keeps_source && has_finding(&linted)).then(|| (bytes.clone(), origin));
            hand_on(Done::Checked(Checked { file, strictness, linted, source, is_last }));
        }
    }
}

fn check_document(document: &Document, bytes: &Arc<Vec<u8>>, hashes: &Hashes, keeps_source: bool, hand_on: &mut dyn FnMut(Done)) {
    let strictness = document.strictness;
    let text = Text { file: &document.file, bytes, origin: Position::START, first_index: 0, strictness };
    let checked = |linted: Linted, is_last| {
        let source = (keeps_source && has_finding(&linted)).then(|| (bytes.clone(), Position::START));
        Done::Checked(Checked { file: document.file.clone(), strictness, linted, source, is_last })
    };
    let linted = lint::lint_json(&text, hashes, |early| hand_on(checked(early, false)));
    hand_on(checked(linted, true));
}

/// Whether a text may be shown: it has findings, or declarations that may turn out to be duplicates.
fn has_finding(linted: &Linted) -> bool {
    !linted.findings.is_empty() || !linted.declarations.is_empty()
}

/// Takes the results in order: counts, compares, and prints.
struct Checker {
    report: Box<dyn Report>,
    out: BufWriter<io::Stdout>,
    severities: Severities,
    seen: Seen,
    summary: Summary,
    /// How many documents the file that is being read has had so far.
    documents: usize,
    /// How many documents there were at all.
    checked: usize,
    is_verbose: bool,
    has_trouble: bool,
    /// Why printing stopped.
    broken: Option<io::Error>,
}

impl Checker {
    fn new(report: Box<dyn Report>, severities: Severities, is_verbose: bool) -> Self {
        Self {
            report,
            out: BufWriter::with_capacity(1 << 16, io::stdout()),
            severities,
            seen: Seen::default(),
            summary: Summary::default(),
            documents: 0,
            checked: 0,
            is_verbose,
            has_trouble: false,
            broken: None,
        }
    }

    fn take(&mut self, done: Done) -> ControlFlow<()> {
        let checked = match done {
            Done::Checked(checked) => checked,
            Done::Trouble(trouble) => {
                self.has_trouble = true;
                remark(&format!("ddmc: {trouble}"));
                return ControlFlow::Continue(());
            }
        };
        match self.print(checked) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                self.broken = Some(error);
                ControlFlow::Break(())
            }
        }
    }

    fn print(&mut self, checked: Checked) -> io::Result<()> {
        let Checked { file, strictness, linted, source, is_last } = checked;
        self.count(&file, strictness, &linted, is_last);
        let Linted { mut findings, declarations, .. } = linted;
        let before = findings.len();
        self.seen.note(&file, declarations, &mut findings);
        if findings.len() > before {
            findings.sort_by_key(|finding| finding.place.start.offset);
        }
        self.severities.apply(&mut findings);
        if findings.is_empty() {
            return Ok(());
        }
        self.summary.count(&findings);
        let source = source.as_ref().map(|(bytes, origin)| Source { bytes, origin: *origin });
        self.report.findings(&findings, source, &mut self.out)?;
        self.out.flush()
    }

    fn count(&mut self, file: &str, strictness: Strictness, linted: &Linted, is_last: bool) {
        self.documents += linted.documents;
        self.summary.declarations += linted.declarations.len();
        self.summary.unexamined += linted.unexamined;
        self.summary.placeholders += linted.placeholders;
        if !is_last {
            return;
        }
        let documents = std::mem::take(&mut self.documents);
        self.checked += documents;
        if documents > 0 || strictness == Strictness::Named {
            self.summary.files += 1;
        } else {
            self.summary.skipped += 1;
            if self.is_verbose {
                remark(&format!("ddmc: {}: skipped, no declaration", visible(file)));
            }
        }
    }

    fn finish(mut self, fail_on: Severity, is_quiet: bool, allow_empty: bool) -> Status {
        let mut status = if self.summary.reaches(fail_on) { Status::Findings } else { Status::Success };
        let printed = match self.broken.take() {
            Some(error) => Err(error),
            None => self.report.finish(&self.summary, &mut self.out).and_then(|()| self.out.flush()),
        };
        if let Err(error) = printed {
            if error.kind() == io::ErrorKind::BrokenPipe {
                return status;
            }
            remark(&format!("ddmc: cannot write the report: {error}"));
            return Status::Failure;
        }
        let is_empty = self.checked == 0 && !self.has_trouble;
        if !is_quiet {
            remark(&self.closing(is_empty));
        }
        if self.has_trouble || (is_empty && !allow_empty) {
            status = status.max(Status::Failure);
        }
        status
    }

    /// The last line: what was checked, and what was found.
    fn closing(&self, is_empty: bool) -> String {
        let Summary { files, declarations, skipped, unexamined, placeholders, errors, warnings, notes } = self.summary;
        if is_empty {
            let skipped =
                if skipped > 0 { format!(" ({} of other kinds skipped)", count(skipped, "file")) } else { String::new() };
            return format!("ddmc: nothing to check: no declaration found{skipped}");
        }
        let found: Vec<String> = [(errors, "error"), (warnings, "warning"), (notes, "note")]
            .into_iter()
            .filter(|(number, _)| *number > 0)
            .map(|(number, noun)| count(number, noun))
            .collect();
        let found = if found.is_empty() { "nothing found".to_owned() } else { found.join(", ") };
        let mut line = format!("Checked {} in {}: {found}", count(declarations, "declaration"), count(files, "file"));
        let mut also = Vec::new();
        if unexamined > 0 {
            also.push(format!("{} of other types: only the envelope", count(unexamined, "declaration")));
        }
        if skipped > 0 {
            also.push(format!("{} of other kinds skipped", count(skipped, "file")));
        }
        if placeholders > 0 && self.is_verbose {
            also.push(format!("{} with placeholders not judged", count(placeholders, "value")));
        }
        if !also.is_empty() {
            line.push_str(&format!(" ({})", also.join("; ")));
        }
        line
    }
}

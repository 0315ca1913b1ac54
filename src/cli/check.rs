//! `ddmc check`

use std::io;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, ValueEnum};

use super::Status;
use super::fix::{self, Fixing};
use super::known::{self, Known};
use super::levels::Levels;
use super::progress::Progress;
use super::sinks::{self, Format, Output, Sinks};
use super::terminal::{Color, remark};
use super::work::{Checked, Done, Kept, Work};
use super::{catalogue, configure, print_config};
use crate::config::{Coverage, Entries, Flags};
use crate::finding::{Finding, Severity};
use crate::lint::{Gather, Linted};
use crate::locate;
use crate::model::{LocalDateTime, Target, Unfit};
use crate::read::Strictness;
use crate::report::{Summary, Texts};
use crate::run::Seen;
use crate::set::{Gathered, Together};
use crate::source::StandardInput;
use crate::words::{count, visible};

/// Check declarations and say what is wrong with them
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command")]
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  ddmc check                       check every declaration below this folder
  ddmc check settings.json         check one file
  ddmc check --fix                 mend what is safe to mend
  ddmc check -o sarif=out.sarif    write another report beside this one
  jq .decl x | ddmc check -        check standard input

Exit status: 0 nothing found at or above --fail-on, 1 something found,
2 the command could not do all of its work.")]
pub(super) struct Arguments {
    /// Files and folders; - is standard input [default: the current folder]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// The form of the report [default: human; in GitHub Actions github]
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,

    /// Write the report to a file, or with FORMAT=FILE another one beside it; repeatable
    #[arg(short, long, value_name = "FILE")]
    output: Vec<Output>,

    /// The devices that the declarations are meant for, such as macOS=15.4 or iOS=18.1,unsupervised; repeatable
    #[arg(long, value_name = "PLATFORM[=VERSION]", value_parser = target)]
    target: Vec<Target>,

    /// The lowest severity that makes the command fail [default: error]
    #[arg(long, value_name = "SEVERITY")]
    fail_on: Option<Level>,

    #[command(flatten)]
    levels: Levels,

    /// A file with the releases that Apple offers (GDMF or SOFA), to judge targets by
    #[arg(long, value_name = "FILE")]
    catalog: Option<PathBuf>,

    /// The local time that deadlines are judged by [default: now]
    #[arg(long, value_name = "YYYY-MM-DDTHH:MM:SS")]
    as_of: Option<LocalDateTime>,

    /// The name that standard input goes by; its ending tells the form
    #[arg(long, value_name = "NAME")]
    stdin_filename: Option<String>,

    /// How many threads to use [default: one per processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    jobs: Option<u16>,

    /// Judge the inputs as one set, all active together on a device
    #[arg(long)]
    set: bool,

    /// Print findings and nothing else
    #[arg(short, long, conflicts_with = "verbose")]
    quiet: bool,

    /// Say which files were skipped, and what was not judged
    #[arg(short, long)]
    verbose: bool,

    /// Succeed even if there is nothing to check
    #[arg(long)]
    allow_empty: bool,

    /// Report only findings that are not recorded in this file
    #[arg(long, value_name = "FILE", conflicts_with = "write_baseline")]
    baseline: Option<PathBuf>,

    /// Record the findings of today in this file, and report nothing
    #[arg(long, value_name = "FILE")]
    write_baseline: Option<PathBuf>,

    #[command(flatten)]
    fixing: Fixing,

    #[command(flatten)]
    config: configure::Choice,

    /// Print what is in force for the paths, and where each value comes from
    #[arg(long)]
    print_config: bool,
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

pub(super) fn run(arguments: Arguments, color: Color) -> Status {
    let format = arguments.format.unwrap_or_else(Format::default_here);
    let flags = Flags {
        targets: arguments.target,
        as_of: arguments.as_of,
        fail_on: arguments.fail_on.map(Severity::from),
        catalog: arguments.catalog,
        levels: arguments.levels.in_order(),
    };
    let in_force = match configure::in_force(&arguments.config, flags) {
        Ok(in_force) => in_force,
        Err(broken) => {
            return configure::refuse(broken, |findings, texts, summary| {
                let mut sinks = Sinks::open(format, &arguments.output, color, Severity::Error).map_err(|(_, error)| error)?;
                sinks.findings(findings, texts)?;
                sinks.finish(summary)
            });
        }
    };
    if arguments.print_config {
        return super::finish(print_config::print(&in_force, &arguments.paths, &mut io::stdout().lock()));
    }
    let in_force = match catalogue::load(in_force, arguments.quiet) {
        Ok(in_force) => Arc::new(in_force),
        Err(reason) => {
            remark(&format!("ddmc: {reason}"));
            return Status::Failure;
        }
    };
    if let Some(config) = in_force.config().filter(|_| arguments.verbose) {
        remark(&format!("ddmc: configuration: {}", visible(&config.file)));
    }
    if arguments.stdin_filename.is_some() && !arguments.paths.iter().any(|path| path.as_os_str() == "-") {
        remark("ddmc: --stdin-filename is for standard input, which is - among the paths");
    }
    let known = match Known::new(&in_force, arguments.baseline, arguments.write_baseline) {
        Ok(known) => known,
        Err(reason) => {
            remark(&format!("ddmc: {reason}"));
            return Status::Failure;
        }
    };
    let opened = match &known {
        Known::Record(..) => Ok(Sinks::none()),
        _ => Sinks::open(format, &arguments.output, color, in_force.fail_on().0),
    };
    let sinks = match opened {
        Ok(sinks) => sinks,
        Err((path, error)) => {
            remark(&format!("ddmc: cannot write {}: {error}", sinks::name(&path)));
            return Status::Failure;
        }
    };
    let work = Work {
        paths: if arguments.paths.is_empty() { vec![PathBuf::from(".")] } else { arguments.paths },
        stdin_name: arguments.stdin_filename,
        stdin: StandardInput::default(),
        jobs: arguments.jobs,
        gather: if arguments.set || in_force.has_sets() { Gather::Bodies } else { Gather::Names },
        keeps_source: sinks.needs_source(),
        in_force: in_force.clone(),
    };
    let mut has_trouble = false;
    if arguments.fixing.is_wanted() {
        let outcome = match fix::run(&work, arguments.fixing, &mut io::stdout().lock()) {
            Ok(outcome) => outcome,
            Err(error) => return super::finish(Err(error)),
        };
        has_trouble = outcome.has_trouble;
        if !arguments.quiet && (outcome.files > 0 || arguments.fixing.diff) {
            remark(&outcome.line(arguments.fixing.diff));
        }
        if arguments.fixing.diff {
            let status = if outcome.files > 0 { Status::Findings } else { Status::Success };
            return if has_trouble { Status::Failure } else { status };
        }
    }
    let together = if arguments.set { Together::All } else { Together::Activated };
    let mut checker = Checker::new(&work, sinks, known, together, (arguments.quiet, arguments.verbose));
    checker.has_trouble = has_trouble;
    work.run(|done| checker.take(done));
    checker.take_sets();
    checker.take_configuration();
    checker.finish(arguments.quiet, arguments.allow_empty)
}

fn target(text: &str) -> Result<Target, String> {
    text.parse().map_err(|unfit: Unfit| unfit.without_value())
}

/// Takes the results in order: counts, compares, and prints.
struct Checker<'w> {
    work: &'w Work,
    /// The reports, until they are finished.
    sinks: Option<Sinks>,
    /// The entries of the configuration, some of which accept findings.
    entries: Entries<'w>,
    known: Known,
    progress: Progress,
    seen: Seen,
    together: Together,
    /// The declarations, where they are judged against one another.
    gathered: Option<Gathered>,
    has_activations: bool,
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

impl<'w> Checker<'w> {
    fn new(work: &'w Work, sinks: Sinks, known: Known, together: Together, (is_quiet, is_verbose): (bool, bool)) -> Self {
        Self {
            work,
            sinks: Some(sinks),
            entries: Entries::new(&work.in_force),
            known,
            progress: Progress::new(is_quiet),
            seen: Seen::default(),
            together,
            gathered: (work.gather >= Gather::Bodies).then(Gathered::new),
            has_activations: false,
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
        self.entries.see(&file);
        let sets = self.work.in_force.sets(&file);
        self.seen.note(&file, &sets, &declarations, self.together, &mut findings);
        if let Some(gathered) = &mut self.gathered {
            for declared in declarations {
                gathered.add(&file, &sets, declared);
            }
        }
        if findings.len() > before {
            findings.sort_by_key(|finding| finding.place.start.offset);
        }
        if findings.is_empty() {
            return Ok(());
        }
        let shown = self.work.shown(&file, source);
        self.show(findings, Texts::only(shown.as_ref().map(Kept::source)))
    }

    fn show(&mut self, mut findings: Vec<Finding>, texts: Texts<'_>) -> io::Result<()> {
        let Some(file) = findings.first().map(|finding| finding.place.file.clone()) else { return Ok(()) };
        self.entries.silence(&file, &mut findings);
        self.work.in_force.terms(&file).severities.apply(&mut findings);
        match &mut self.known {
            Known::Nothing => {}
            Known::Baseline(baseline) => self.summary.known += baseline.drop_known(&mut findings),
            Known::Record(baseline, _) => {
                baseline.record(&findings);
                return Ok(());
            }
        }
        if findings.is_empty() {
            return Ok(());
        }
        self.summary.count(&findings);
        let Self { sinks, progress, .. } = self;
        progress.aside(|| sinks.as_mut().map_or(Ok(()), |sinks| sinks.findings(&findings, texts)))
    }

    /// Judges declarations against one another where they are known to be active together. Most runs have no activations and are done
    /// after one reading; where there are some, what the declarations say is read once more.
    fn take_sets(&mut self) {
        let work = self.work;
        if self.broken.is_some() {
            return;
        }
        if self.gathered.is_none() && self.has_activations {
            let mut gathered = Gathered::new();
            Work { gather: Gather::Bodies, keeps_source: false, ..work.clone() }.run(|done| {
                if let Done::Checked(Checked { file, linted, .. }) = done {
                    for declared in linted.declarations {
                        gathered.add(&file, &[], declared);
                    }
                }
                ControlFlow::Continue(())
            });
            self.gathered = Some(gathered);
        }
        let Some(gathered) = self.gathered.take() else { return };
        let findings = locate::findings(gathered.judge(self.together), &gathered.members, |file| work.text(file));
        for findings in findings.chunk_by(|one, other| one.place.file == other.place.file) {
            let shown = work.shown(&findings[0].place.file, None);
            let source = shown.as_ref().map(Kept::source);
            if let Err(error) = self.show(findings.to_vec(), Texts { source, others: &|file| work.text(file) }) {
                self.broken = Some(error);
                return;
            }
        }
    }

    /// Says which entries of the configuration accept nothing.
    fn take_configuration(&mut self) {
        let has_sets = self.work.in_force.has_sets() || self.has_activations;
        let coverage = Coverage { inputs: &self.work.paths, together: self.together, has_sets };
        let findings = self.entries.unused(&coverage);
        let Some(file) = findings.first().map(|finding| finding.place.file.clone()) else { return };
        if self.broken.is_some() || self.has_trouble {
            return;
        }
        let shown = self.work.shown(&file, None);
        if let Err(error) = self.show(findings, Texts::only(shown.as_ref().map(Kept::source))) {
            self.broken = Some(error);
        }
    }

    fn count(&mut self, file: &str, strictness: Strictness, linted: &Linted, is_last: bool) {
        self.documents += linted.documents;
        self.summary.declarations += linted.declarations.len();
        self.has_activations |= linted.activations > 0;
        self.summary.unexamined += linted.unexamined;
        self.summary.placeholders += linted.placeholders;
        if !is_last {
            return;
        }
        self.progress.advance();
        let documents = std::mem::take(&mut self.documents);
        self.checked += documents;
        if documents > 0 || strictness == Strictness::Named {
            self.summary.files += 1;
        } else {
            self.summary.skipped += 1;
            if linted.is_near || self.is_verbose {
                remark(&skipped(file, linted));
            }
        }
    }

    fn finish(mut self, is_quiet: bool, allow_empty: bool) -> Status {
        if let Known::Baseline(baseline) = &self.known {
            self.summary.stale = baseline.stale(&self.work.paths);
        }
        let mut status = if self.summary.reaches(self.work.in_force.fail_on().0) { Status::Findings } else { Status::Success };
        let printed = match self.broken.take() {
            Some(error) => Err(error),
            None => self.sinks.take().map_or(Ok(()), |sinks| sinks.finish(&self.summary)),
        };
        if let Err(error) = printed {
            if error.kind() == io::ErrorKind::BrokenPipe {
                return status;
            }
            remark(&format!("ddmc: cannot write the report: {error}"));
            return Status::Failure;
        }
        let is_empty = self.checked == 0 && !self.has_trouble;
        // What could not be read at all was said.
        let has_read = self.checked > 0 || !self.has_trouble;
        if has_read && !is_quiet {
            remark(&self.closing(is_empty));
        }
        if self.has_trouble || (is_empty && !allow_empty) {
            status = status.max(Status::Failure);
        }
        // What is recorded must be whole: findings that could not be made would count as new ones later.
        if let Known::Record(baseline, path) = &self.known
            && status == Status::Success
        {
            return known::write(baseline, path, is_quiet);
        }
        status
    }

    /// The last line: what was checked, and what was found.
    fn closing(&self, is_empty: bool) -> String {
        let Summary { files, declarations, skipped, unexamined, placeholders, errors, warnings, notes, fixable, known, stale } =
            self.summary;
        if is_empty {
            let skipped = if skipped > 0 {
                format!(" ({} without one skipped; -v names them)", count(skipped, "file"))
            } else {
                String::new()
            };
            return format!("ddmc: nothing to check: no declaration found{skipped}");
        }
        let new = if matches!(self.known, Known::Baseline(_)) { "new " } else { "" };
        let found: Vec<String> = [(errors, "error"), (warnings, "warning"), (notes, "note")]
            .into_iter()
            .filter(|(number, _)| *number > 0)
            .map(|(number, noun)| count(number, &format!("{new}{noun}")))
            .collect();
        let found = match &self.known {
            Known::Record(baseline, _) => {
                format!("{} recorded", count(usize::try_from(baseline.len()).unwrap_or(usize::MAX), "finding"))
            }
            _ if found.is_empty() => format!("nothing {new}found"),
            _ => found.join(", "),
        };
        let mut line = format!("Checked {} in {}: {found}", count(declarations, "declaration"), count(files, "file"));
        let mut also = Vec::new();
        if fixable > 0 {
            also.push(format!("--fix mends {fixable}"));
        }
        if known > 0 {
            also.push(format!("{known} known"));
        }
        if stale > 0 {
            also.push(format!("{stale} of the baseline gone"));
        }
        if unexamined > 0 {
            also.push(format!("{} of other types, payload not checked", count(unexamined, "declaration")));
        }
        if skipped > 0 {
            also.push(format!("{} without a declaration skipped", count(skipped, "file")));
        }
        if placeholders > 0 && self.is_verbose {
            also.push(format!("{} with placeholders not judged", count(placeholders, "value")));
        }
        if !also.is_empty() {
            line = format!("{line} ({})", also.join("; "));
        }
        line
    }
}

/// Why a file of a folder was passed over.
pub(super) fn skipped(file: &str, linted: &Linted) -> String {
    let why = if linted.is_near {
        "although it has an Identifier and a Payload: it has no Type that begins with com.apple."
    } else {
        "no declaration"
    };
    format!("ddmc: {}: skipped, {why}", visible(file))
}

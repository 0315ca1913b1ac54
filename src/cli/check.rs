//! `ddmc check`

use std::io::{self, BufWriter};
use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, ValueEnum};

use super::Status;
use super::baseline::{BaselineFlags, BaselineMode};
use super::checker::Checker;
use super::collector::FileFindings;
use super::fix::{self, FixFlags};
use super::flags::{ActivationFlags, InputFlags, ReleaseFlags};
use super::levels::Levels;
use super::overlap::InputFiles;
use super::progress::Progress;
use super::sinks::{self, Format, Output, Sinks};
use super::terminal::{Color, Deferred, remark};
use super::work::{Threads, Work};
use super::{catalogue, configure, policies, print_config};
use crate::apple::Target;
use crate::config::Flags;
use crate::diagnostic::Severity;
use crate::lint::Gather;
use crate::report::About;
use crate::set::Together;
use crate::words::visible;

/// Check declarations and report what is wrong
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command")]
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  ddmc check                       check every declaration in this folder
  ddmc check settings.json         check one file
  ddmc check --fix                 fix what is safe to fix
  ddmc check -o sarif=out.sarif    also write a SARIF report
  jq .decl x | ddmc check -        check standard input

Exit status: 0 no findings at or above --fail-on, 1 findings,
2 the command could not do all of its work.")]
pub(super) struct Arguments {
    /// Files and folders; - is standard input [default: the current folder]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// The target devices, such as macOS=15.4 or iOS=18.1,unsupervised; repeatable
    #[arg(long, value_name = "PLATFORM[=VERSION]", value_parser = super::parse::<Target>)]
    target: Vec<Target>,

    /// Treat the inputs as one set, all active together on a device
    #[arg(long)]
    set: bool,

    #[command(flatten)]
    activations: ActivationFlags,

    /// The lowest severity that makes the command fail [default: error]
    #[arg(long, value_name = "SEVERITY")]
    fail_on: Option<Level>,

    #[command(flatten)]
    levels: Levels,

    /// A file with your organisation's own rules, written as JSON Schema; repeatable
    #[arg(long, value_name = "FILE")]
    policy: Vec<PathBuf>,

    #[command(flatten)]
    fixes: FixFlags,

    #[command(flatten)]
    baseline: BaselineFlags,

    /// The format of the report [default: human; github in GitHub Actions]
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,

    /// Write the report to a file; FORMAT=FILE writes an additional report; repeatable
    #[arg(short, long, value_name = "FILE")]
    output: Vec<Output>,

    /// Print a table of the rules with their numbers of findings, files and fixes (--format human)
    #[arg(long)]
    statistics: bool,

    /// Print only findings; with --statistics, only the table and the summary
    #[arg(short, long, conflicts_with = "verbose")]
    quiet: bool,

    /// Also print which files were skipped or excluded, and what was not checked
    #[arg(short, long)]
    verbose: bool,

    /// Succeed even if there is nothing to check
    #[arg(long)]
    allow_empty: bool,

    #[command(flatten)]
    input: InputFlags,

    #[command(flatten)]
    release: ReleaseFlags,

    #[command(flatten)]
    config: configure::ConfigFlags,

    /// Print the effective config for the paths, and the source of each value
    #[arg(long)]
    print_config: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Level {
    Error,
    Warning,
    Note,
}

impl Arguments {
    /// The flags that override the configuration file.
    fn flags(&self) -> Flags {
        Flags {
            targets: self.target.clone(),
            fail_on: self.fail_on.map(Severity::from),
            policies: self.policy.clone(),
            levels: self.levels.0.clone(),
            activations: self.activations.get(),
            ..self.release.clone().into()
        }
    }
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
    let effective = match configure::effective(&arguments.config, arguments.flags()).and_then(policies::load) {
        Ok(effective) => effective,
        Err(error) => {
            return configure::report(error, |findings, texts, summary| {
                // The report must not replace the file with the mistakes.
                let mistaken = findings.iter().map(|finding| PathBuf::from(&*finding.place.file));
                let input_files = InputFiles::only(arguments.paths.iter().cloned().chain(mistaken).collect());
                let opened = Sinks::open(format, &arguments.output, color, &About::default(), &input_files);
                let mut sinks = opened.map_err(|(_, error)| error)?;
                let drawn = sinks.draw(&findings, texts);
                sinks.print(&FileFindings { findings, suppressed: Vec::new(), shown: None }, texts, drawn)?;
                sinks.finish(summary)
            });
        }
    };
    if arguments.print_config {
        return super::finish(print_config::print(&effective, &arguments.paths, &mut io::stdout().lock()));
    }
    let effective = match catalogue::load(effective, arguments.quiet) {
        Ok(effective) => Arc::new(effective),
        Err(reason) => {
            remark(&format!("ddmc: {reason}"));
            return Status::Failure;
        }
    };
    if let Some(config) = effective.config().filter(|_| arguments.verbose) {
        remark(&format!("ddmc: configuration: {}", visible(&config.file)));
    }
    if arguments.input.stdin_filename.is_some() && !arguments.paths.iter().any(|path| path.as_os_str() == "-") {
        remark("ddmc: --stdin-filename has no effect: no path is - (standard input)");
    }
    if arguments.statistics && !sinks::has_human(format, &arguments.output) {
        remark("ddmc: --statistics has no effect: only --format human has the table");
    }
    let input_files = InputFiles::new(&arguments.paths, &effective).and(arguments.baseline.baseline.clone());
    let baseline = match BaselineMode::new(&effective, arguments.baseline, &input_files) {
        Ok(baseline) => baseline,
        Err(reason) => {
            remark(&format!("ddmc: {reason}"));
            return Status::Failure;
        }
    };
    let opened = match &baseline {
        BaselineMode::Record(..) => Ok(Sinks::none()),
        // Only the diff is printed; the check that follows determines the exit status.
        _ if arguments.fixes.diff => Ok(Sinks::none()),
        _ => {
            let about = About {
                schema: &effective.schema().release,
                fail_on: effective.fail_on().0,
                is_quiet: arguments.quiet,
                has_statistics: arguments.statistics,
            };
            Sinks::open(format, &arguments.output, color, &about, &input_files)
        }
    };
    let sinks = match opened {
        Ok(sinks) => sinks,
        Err((path, error)) => {
            remark(&format!("ddmc: cannot write {}: {error}", sinks::name(&path)));
            return Status::Failure;
        }
    };
    // Payloads are needed only for declarations that are active together. If all inputs can be read again, keep only
    // names at first.
    let is_repeatable = |path: &PathBuf| path.as_os_str() != "-" && (path.is_file() || path.is_dir());
    let keeps_bodies = arguments.set || effective.has_sets() || !arguments.paths.iter().all(is_repeatable);
    let paths = if arguments.paths.is_empty() { vec![PathBuf::from(".")] } else { arguments.paths };
    let InputFlags { stdin_filename, jobs } = arguments.input;
    let gather = if keeps_bodies { Gather::Bodies } else { Gather::Names };
    let work = Work {
        keeps_source: sinks.needs_source(),
        ..Work::new(paths, stdin_filename, Threads::new(jobs), gather, effective.clone())
    };
    let mut has_failures = false;
    if arguments.fixes.is_wanted() {
        if fix::refuses(&work.paths) {
            return Status::Failure;
        }
        let mut out = BufWriter::new(Deferred::new(io::stdout()));
        let outcome = match fix::run(&work, arguments.fixes, &mut out).and_then(|outcome| Deferred::finish(out).map(|()| outcome))
        {
            Ok(outcome) => outcome,
            Err(error) => return super::finish(Err(error)),
        };
        has_failures = outcome.has_failures;
        if !arguments.quiet && (outcome.files > 0 || arguments.fixes.diff) {
            remark(&outcome.line(arguments.fixes.diff));
        }
    } else if arguments.fixes.has_no_effect() {
        remark("ddmc: --unsafe-fixes has no effect without --fix or --diff: nothing is changed");
    }
    let together = if arguments.set { Together::All } else { Together::Activated };
    let is_quiet = arguments.quiet || arguments.fixes.diff;
    let progress = Progress::new(is_quiet);
    let mut checker = Checker::new(&work, sinks, &progress, baseline, together, (is_quiet, arguments.verbose));
    checker.run(has_failures);
    checker.finish(arguments.allow_empty)
}

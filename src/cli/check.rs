//! `ddmc check`

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, ValueEnum};

use super::Status;
use super::checker::Checker;
use super::fix::{self, Fixing};
use super::known::Known;
use super::levels::Levels;
use super::progress::Progress;
use super::sinks::{self, Format, Output, Sinks};
use super::terminal::{Color, remark};
use super::work::{Threads, Work};
use super::{catalogue, configure, policies, print_config};
use crate::apple::{LocalDateTime, Target};
use crate::config::Flags;
use crate::content::Hashes;
use crate::diagnostic::Severity;
use crate::lint::Gather;
use crate::set::Together;
use crate::source::StandardInput;
use crate::words::visible;

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
    #[arg(long, value_name = "PLATFORM[=VERSION]", value_parser = super::parse::<Target>)]
    target: Vec<Target>,

    /// The lowest severity that makes the command fail [default: error]
    #[arg(long, value_name = "SEVERITY")]
    fail_on: Option<Level>,

    #[command(flatten)]
    levels: Levels,

    /// A file with the releases that Apple offers (GDMF or SOFA), to judge targets by
    #[arg(long, value_name = "FILE")]
    catalog: Option<PathBuf>,

    /// A file with rules of your organisation's own, in the words of JSON Schema; repeatable
    #[arg(long, value_name = "FILE")]
    policy: Vec<PathBuf>,

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
        policies: arguments.policy,
        levels: arguments.levels.0,
        ..Flags::default()
    };
    let in_force = match configure::in_force(&arguments.config, flags).and_then(policies::load) {
        Ok(in_force) => in_force,
        Err(broken) => {
            return configure::refuse(broken, |findings, texts, summary| {
                let mut sinks =
                    Sinks::open(format, &arguments.output, color, Severity::Error, &[]).map_err(|(_, error)| error)?;
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
        _ => Sinks::open(
            format,
            &arguments.output,
            color,
            in_force.fail_on().0,
            &in_force.policy_rules().cloned().collect::<Vec<_>>(),
        ),
    };
    let sinks = match opened {
        Ok(sinks) => sinks,
        Err((path, error)) => {
            remark(&format!("ddmc: cannot write {}: {error}", sinks::name(&path)));
            return Status::Failure;
        }
    };
    // What declarations say matters only where they are known to be active together. Inputs that can be read again are first read
    // for their names alone.
    let is_repeatable = |path: &PathBuf| path.as_os_str() != "-" && (path.is_file() || path.is_dir());
    let gathers = arguments.set || in_force.has_sets() || !arguments.paths.iter().all(is_repeatable);
    let work = Work {
        paths: if arguments.paths.is_empty() { vec![PathBuf::from(".")] } else { arguments.paths },
        stdin_name: arguments.stdin_filename,
        stdin: StandardInput::default(),
        threads: Threads::new(arguments.jobs),
        gather: if gathers { Gather::Bodies } else { Gather::Names },
        keeps_source: sinks.needs_source(),
        in_force: in_force.clone(),
        hashes: Hashes::default(),
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
    let progress = Progress::new(arguments.quiet);
    let mut checker = Checker::new(&work, sinks, &progress, known, together, (arguments.quiet, arguments.verbose));
    checker.run(has_trouble);
    checker.finish(arguments.allow_empty)
}

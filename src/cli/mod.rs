//! The command line: one file per command. Only this module reads arguments and the environment.

mod answer;
mod baseline;
mod catalogue;
mod check;
mod checker;
mod collector;
mod completions;
mod configure;
mod diff;
mod diff_json;
mod diff_page;
mod explain;
mod fix;
mod flags;
mod folder;
mod headings;
mod init;
mod inventory;
mod inventory_csv;
mod inventory_json;
mod inventory_page;
mod leftovers;
mod levels;
mod listed;
mod merge;
mod merged;
mod migrate;
mod migration;
mod migration_json;
pub(crate) mod outputs;
mod overlap;
mod pages;
mod plan;
mod plan_json;
mod plan_profiles;
mod policies;
mod print_config;
mod printer;
mod progress;
mod publish;
mod reader;
mod record;
mod rules;
mod schema;
mod sinks;
mod status;
mod status_input;
mod status_json;
mod status_page;
mod terminal;
mod tips;
mod work;
mod write;

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;
use std::str::FromStr;

use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use configure::BaseFlags;
use terminal::Color;

use crate::apple::{Formatted, InvalidValue, LocalDateTime, Schema};
use crate::config::Flags;
use crate::diagnostic::Diagnostic;
use crate::words::{visible, visible_lines};

/// The compiler and linter for Apple's device-management declarations: software updates and all other types.
#[derive(Debug, Parser)]
#[command(name = "ddmc", version, about, max_term_width = 100, propagate_version = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,

    /// When to use colours
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", display_order = 100)]
    color: Color,
}

#[derive(Debug, Subcommand)]
enum Command {
    Check(Box<check::Arguments>),
    Merge(merge::Arguments),
    Publish(publish::Arguments),
    Plan(plan::Arguments),
    Diff(Box<diff::Arguments>),
    Status(status::Arguments),
    Migrate(migrate::Arguments),
    Init(init::Arguments),
    Explain(explain::Arguments),
    Rules(rules::Arguments),
    Schema(schema::Arguments),
    Completions(completions::Arguments),
    /// Print the manual page
    Man,
}

/// The exit status of a command. Ordered by precedence: a failure wins over findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Status {
    /// No findings at or above the failing severity.
    Success = 0,
    /// Findings at or above the failing severity.
    Findings = 1,
    /// The command could not do all of its work.
    Failure = 2,
}

/// Runs the program. The first argument is its name. Returns the exit status: 0 for success, 1 for findings, 2 if the
/// command could not do all of its work.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let status = match parsed(&arguments) {
        Ok(arguments) => match arguments.command {
            Command::Check(check) => check::run(*check, arguments.color),
            Command::Merge(merge) => either(merge::run(merge, arguments.color)),
            Command::Publish(publish) => either(publish::run(publish, arguments.color)),
            Command::Plan(plan) => either(plan::run(plan, arguments.color)),
            Command::Diff(diff) => either(diff::run(&diff, arguments.color)),
            Command::Status(status) => either(status::run(&status, arguments.color)),
            Command::Migrate(migrate) => either(migrate::run(migrate, arguments.color)),
            Command::Init(init) => init::run(&init),
            Command::Explain(explain) => explain::run(&explain, arguments.color),
            Command::Rules(rules) => finish(rules::run(&rules)),
            Command::Schema(schema) => schema::run(&schema, arguments.color),
            Command::Completions(shell) => finish(completions::completions(&shell, command())),
            Command::Man => finish(completions::man(command())),
        },
        Err(error) => {
            // Help and version go to standard output. Anything else is a usage error, which quotes untrusted arguments,
            // so escape it.
            if error.kind() == ErrorKind::DisplayVersion {
                return ExitCode::from(version() as u8);
            }
            if error.use_stderr() {
                terminal::remark(&usage_error(&error, &arguments));
                Status::Failure
            } else {
                let _ = error.print();
                Status::Success
            }
        }
    };
    ExitCode::from(status as u8)
}

/// The command line, with its options under headings.
fn command() -> clap::Command {
    headings::apply(Arguments::command())
}

/// Parses the command line. The first argument is the name of the program.
fn parsed<A: AsRef<std::ffi::OsStr>>(arguments: &[A]) -> Result<Arguments, clap::Error> {
    let mut matches = command().try_get_matches_from(arguments.iter().map(A::as_ref))?;
    Arguments::from_arg_matches_mut(&mut matches).map_err(|error| error.format(&mut command()))
}

/// The text of a usage error. It quotes arguments, in which a line feed would begin a line, so the error is made again from
/// escaped arguments.
fn usage_error(error: &clap::Error, arguments: &[OsString]) -> String {
    let escaped: Vec<String> = arguments.iter().map(|argument| visible(&argument.to_string_lossy())).collect();
    let mut again = parsed(&escaped).err().filter(clap::Error::use_stderr);
    if let Some(again) = &mut again {
        tips::add(again, &command(), escaped.get(1..).unwrap_or_default());
    }
    let text = again.as_ref().unwrap_or(error).render().to_string();
    // If the escaped arguments are valid, all that is left is the kind of the error.
    let text = if again.is_some() { text } else { format!("error: {}", error.kind()) };
    visible_lines(text.trim_end())
}

/// The commit that a release was built from. The release workflow sets it, as a build script may not.
const COMMIT: Option<&str> = option_env!("DDMC_COMMIT");

/// Prints the versions of the program and of Apple's schema, built in or of this folder's configuration.
fn version() -> Status {
    let about = configure::base(&BaseFlags::default(), Flags::default());
    let release = about.map_or_else(|_| Schema::built_in().release.clone(), |about| about.schema().release.clone());
    let commit = COMMIT.map(|commit| format!(", commit {}", commit.get(..12).unwrap_or(commit))).unwrap_or_default();
    finish(writeln!(io::stdout(), "ddmc {} (Apple's schema {release}{commit})", env!("CARGO_PKG_VERSION")))
}

/// Renders the findings of one text in a format. For the benches only.
#[doc(hidden)]
pub fn report(format: &str, findings: &[Diagnostic], text: &[u8]) -> io::Result<Vec<u8>> {
    sinks::report(format, findings, text)
}

/// Parses the value of an argument.
fn parse<T: FromStr<Err = InvalidValue>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|invalid: InvalidValue| invalid.without_value())
}

/// Parses a local time. The message names the form, which the errors about a document take for known.
fn parse_time(text: &str) -> Result<LocalDateTime, String> {
    text.parse().map_err(|invalid: InvalidValue| {
        let problem = invalid.problem.split_once("\", ").map_or("which is empty", |(_, problem)| problem);
        let problem = problem.strip_prefix("but ").map_or_else(|| problem.replacen("which", "it", 1), str::to_owned);
        format!("{problem}; write YYYY-MM-DDTHH:MM:SS, such as {}", LocalDateTime::EXAMPLE)
    })
}

/// The status of a command that may stop early.
fn either(status: Result<Status, Status>) -> Status {
    status.unwrap_or_else(|early| early)
}

/// The status of a command that only prints. A closed pipe is not a failure.
fn finish(printed: io::Result<()>) -> Status {
    match printed {
        Ok(()) => Status::Success,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Status::Success,
        Err(error) => {
            terminal::remark(&format!("ddmc: cannot write the output: {error}"));
            Status::Failure
        }
    }
}

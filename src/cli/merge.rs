//! `ddmc merge`

use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, ValueEnum};

use super::reader::Reader;
use super::terminal::{Color, remark};
use super::work::{Kept, Threads, Work};
use super::{Status, configure, policies, provenance, write};
use crate::apple::Identifier;
use crate::conditions::Conditions;
use crate::config::{Flags, InForce};
use crate::content::Hashes;
use crate::diagnostic::Position;
use crate::diagnostic::Severity;
use crate::hash::Set;
use crate::lint::{self, Gather};
use crate::merge::{Merged, Options, Published};
use crate::report::{Source, Texts};
use crate::rules::payload_without_envelope;
use crate::run::Severities;
use crate::session::Host;
use crate::source::StandardInput;
use crate::validate::Strictness;
use crate::words::{count, visible};

/// Combine declarations into the set to publish, as a device combines them
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  ddmc merge macos/ -o published/        write one file for each declaration
  ddmc merge a.json b.json               print the set
  ddmc merge a.json b.json --explain     where does each value come from?

Exit status: 0 merged, 1 the inputs or their combination have errors,
2 the command could not do all of its work.")]
pub(super) struct Arguments {
    /// Files and folders; - is standard input
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,

    /// The identifier of the merged settings [default: the smallest of the inputs, with .merged]
    #[arg(long, value_name = "ID")]
    identifier: Option<Identifier>,

    /// Write a ServerToken for every declaration, derived from its content
    #[arg(long)]
    server_token: bool,

    /// Write to a file, or to a folder (which ends in /), all or nothing
    #[arg(short, long, value_name = "PATH", conflicts_with = "explain")]
    output: Option<PathBuf>,

    /// Print where each value comes from, and not the declarations
    #[arg(long)]
    explain: bool,

    /// The form of --explain; declarations are always JSON
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,

    /// The name that standard input goes by; its ending tells the form
    #[arg(long, value_name = "NAME")]
    stdin_filename: Option<String>,

    /// A file with rules of your organisation's own, which the inputs and the result must keep; repeatable
    #[arg(long, value_name = "FILE")]
    policy: Vec<PathBuf>,

    #[command(flatten)]
    config: configure::Choice,

    /// How many threads to use [default: one per processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    jobs: Option<u16>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    Human,
    Json,
}

pub(super) fn run(arguments: Arguments, color: Color) -> Status {
    // What is merged is judged by Apple's rules alone: a finding that a repository accepts may still change what is published. Only
    // what counts as a placeholder is the repository's to say.
    let flags = Flags { policies: arguments.policy, ..Flags::default() };
    let in_force = configure::in_force(&arguments.config, flags).map(InForce::only_placeholders).and_then(policies::load);
    let in_force = match in_force {
        Ok(in_force) => in_force,
        Err(broken) => return configure::refuse_aside(broken, color),
    };
    let work = Work {
        paths: arguments.paths,
        stdin_name: arguments.stdin_filename,
        stdin: StandardInput::default(),
        threads: Threads::new(arguments.jobs),
        gather: Gather::Texts,
        keeps_source: true,
        in_force: Arc::new(in_force),
        hashes: Hashes::default(),
    };
    // Publishing needs a name for each declaration.
    let mut severities = Severities::default();
    severities.set(&payload_without_envelope::RULE, Some(Severity::Error));
    let mut reader = Reader::new(&work, severities, color);
    work.run(|results| reader.take(results));
    if reader.has_trouble {
        return Status::Failure;
    }
    reader.remark_left_out();
    if reader.session.gathered().members.is_empty() && !reader.has_errors {
        remark("ddmc: nothing to merge: no declaration found");
        return Status::Failure;
    }
    // Declarations that are wrong by themselves say nothing reliable about their combination.
    if !reader.has_errors {
        let findings = reader.session.judge_merge(&work);
        for findings in findings.chunk_by(|one, other| one.place.file == other.place.file) {
            let shown = work.shown(&findings[0].place.file, None);
            let source = shown.as_ref().map(Kept::source);
            reader.show(findings.to_vec(), Texts { source, others: &|file| work.text(file) });
        }
    }
    if reader.has_errors {
        remark("ddmc: nothing was merged, because of the errors above");
        return Status::Findings;
    }
    let options = Options { identifier: arguments.identifier, has_server_tokens: arguments.server_token };
    let merged = match reader.session.merge(&work, &options) {
        Ok(merged) => merged,
        Err(reason) => {
            remark(&format!("ddmc: {reason}"));
            return Status::Failure;
        }
    };
    if violates(&merged, &work, &mut reader) {
        remark("ddmc: nothing was merged, because of the errors above");
        return Status::Findings;
    }
    if reader.skipped > 0 {
        remark(&format!("ddmc: {} without a declaration skipped", count(reader.skipped, "file")));
    }
    if arguments.explain {
        let mut out = io::stdout().lock();
        return super::finish(match arguments.format {
            Format::Human => provenance::print(&merged, reader.session.gathered(), &mut out),
            Format::Json => provenance::print_json(&merged, reader.session.gathered(), &mut out),
        });
    }
    // As everywhere, - is the standard stream.
    match arguments.output.filter(|path| path.as_os_str() != "-") {
        None => super::finish(print(&merged, &mut io::stdout().lock())),
        Some(path) => match write::output(&merged, &path) {
            Ok(left) => {
                let number = merged.declarations.len();
                remark(&format!("Wrote {} to {}", count(number, "declaration"), visible(&path.to_string_lossy())));
                if left > 0 {
                    remark(&format!("ddmc: the folder also holds {} that this merge did not write", count(left, "file")));
                }
                Status::Success
            }
            Err(error) => {
                remark(&format!("ddmc: nothing was written to {}: {error}", visible(&path.to_string_lossy())));
                Status::Failure
            }
        },
    }
}

/// Whether a declaration that the merge made and named violates a policy. Those that pass through were judged as inputs.
fn violates(merged: &Merged, work: &Work, reader: &mut Reader<'_>) -> bool {
    // Most users have none, and the names of all declarations take a while.
    if work.in_force.policy_rules().next().is_none() {
        return reader.has_errors;
    }
    let known: Set<&str> = reader.session.gathered().members.iter().filter_map(|member| member.identifier.as_deref()).collect();
    let made: Vec<&Published> = merged.declarations.iter().filter(|one| !known.contains(one.identifier.as_str())).collect();
    for declaration in made {
        let file: Arc<str> = Arc::from(format!("{}.json", declaration.identifier));
        let (schema, policies) = (work.in_force.schema().clone(), work.policies(&file));
        let conditions = Conditions { schema, policies, ..Conditions::default() };
        let text = declaration.text.as_bytes();
        let mut findings = lint::alone(&file, Strictness::Named, text, &conditions);
        findings.retain(|finding| finding.rule.id.starts_with("policy/"));
        reader.show(findings, Texts::only(Some(Source { bytes: text, origin: Position::START })));
    }
    reader.has_errors
}

/// Prints the set as a JSON array.
pub(super) fn print(merged: &Merged, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(b"[")?;
    for (at, declaration) in merged.declarations.iter().enumerate() {
        out.write_all(if at == 0 { b"\n" } else { b",\n" })?;
        for (at, line) in declaration.text.lines().enumerate() {
            write!(out, "{}  {line}", if at == 0 { "" } else { "\n" })?;
        }
    }
    out.write_all(if merged.declarations.is_empty() { b"]\n" } else { b"\n]\n" })?;
    out.flush()
}

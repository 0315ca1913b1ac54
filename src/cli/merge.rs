//! `ddmc merge`

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use super::flags::{ActivationFlags, InputFlags};
use super::overlap::InputFiles;
use super::pages::PageFormat;
use super::reader::Reader;
use super::terminal::{Color, remark};
use super::work::{Kept, Threads, Work};
use super::write::{Earlier, Rest};
use super::{Status, configure, policies, write};
use crate::apple::Identifier;
use crate::conditions::Conditions;
use crate::config::{EffectiveConfig, Flags};
use crate::diagnostic::Position;
use crate::diagnostic::Severity;
use crate::hash::Set;
use crate::lint::{self, Gather};
use crate::merge::{Merged, Options, Published};
use crate::report::{Source, Texts, provenance};
use crate::rules::{payload_without_envelope, undefined_merge};
use crate::run::Severities;
use crate::session::Host;
use crate::validate::Strictness;
use crate::words::{count, visible};

/// Combine declarations into the set to publish, as a device combines them
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  ddmc merge macos/ -o published/        write one file per declaration
  ddmc merge a.json b.json               print the set
  ddmc merge a.json b.json --explain     print where each value comes from

Exit status: 0 merged, 1 the inputs or their combination have errors,
2 the command could not do all of its work.")]
pub(super) struct Arguments {
    /// Files and folders; - is standard input
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,

    /// The beginning of the identifiers of merged declarations, before their type [default: that of the set in ddmc.toml, else merged]
    #[arg(long, value_name = "ID")]
    identifier: Option<Identifier>,

    /// Write a ServerToken for each declaration, derived from its content
    #[arg(long)]
    server_token: bool,

    /// Write to a file, or to a folder (ending in /), atomically
    #[arg(short, long, value_name = "PATH", conflicts_with = "explain")]
    output: Option<PathBuf>,

    /// Remove the files that earlier runs wrote to the folder and this one did not
    #[arg(long, requires = "output")]
    prune: bool,

    /// Print where each value comes from instead of the declarations
    #[arg(long)]
    explain: bool,

    /// The format of --explain; declarations are always JSON
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: PageFormat,

    /// A file with your organisation's own rules, applied to the inputs and the result; repeatable
    #[arg(long, value_name = "FILE")]
    policy: Vec<PathBuf>,

    #[command(flatten)]
    activations: ActivationFlags,

    #[command(flatten)]
    config: configure::ConfigFlags,

    #[command(flatten)]
    input: InputFlags,
}

/// The maximum number of files or declarations to name; the rest are counted.
const MAX_NAMED: usize = 8;

pub(super) fn run(arguments: Arguments, color: Color) -> Result<Status, Status> {
    // Apply default severities and no [[ignore]] entries: an accepted finding may still change what is published. Keep
    // the placeholders.
    let flags = Flags { policies: arguments.policy, activations: arguments.activations.get(), ..Flags::default() };
    let effective =
        configure::effective(&arguments.config, flags).map(EffectiveConfig::only_placeholders).and_then(policies::load);
    let effective = match effective {
        Ok(effective) => effective,
        Err(error) => return Err(configure::report_on_stderr(error, color)),
    };
    let input_files = InputFiles::new(&arguments.paths, &effective);
    // `-` is standard output.
    let output = arguments.output.filter(|path| path.as_os_str() != "-");
    if let Some(path) = &output
        && let Err(reason) = refuse_inputs(path, &input_files)
    {
        remark(&format!("ddmc: nothing was merged: {}{reason}", visible(&path.to_string_lossy())));
        return Err(Status::Failure);
    }
    if arguments.prune && !output.as_deref().is_some_and(write::is_folder) {
        remark("ddmc: nothing was merged: --prune needs -o FOLDER/");
        return Err(Status::Failure);
    }
    let InputFlags { stdin_filename, jobs } = arguments.input;
    let work = Work::new(arguments.paths, stdin_filename, Threads::new(jobs), Gather::Texts, Arc::new(effective));
    // A published declaration needs an identifier.
    let mut severities = Severities::default();
    severities.set(&payload_without_envelope::RULE, Some(Severity::Error));
    // An undefined result is not published.
    severities.set(&undefined_merge::RULE, Some(Severity::Error));
    let mut reader = Reader::new(&work, severities, color).read()?;
    reader.remark_left_out();
    if reader.session.gathered().members.is_empty() && !reader.has_errors {
        remark("ddmc: nothing to merge: no declaration found");
        return Err(Status::Failure);
    }
    // Check the combination only if each declaration is valid.
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
        return Ok(Status::Findings);
    }
    let options = Options { identifier: arguments.identifier, has_server_tokens: arguments.server_token };
    let merged = match reader.session.merge(&work, &options) {
        Ok(merged) => merged,
        Err(reason) => {
            remark(&format!("ddmc: {reason}"));
            return Err(Status::Failure);
        }
    };
    if violates(&merged, &work, &mut reader) {
        remark("ddmc: nothing was merged, because of the errors above");
        return Ok(Status::Findings);
    }
    if reader.skipped > 0 {
        remark(&format!("ddmc: {} without a declaration skipped", count(reader.skipped, "file")));
    }
    if arguments.explain {
        let gathered = reader.session.gathered();
        return Ok(match arguments.format {
            // Names and values are too long for a table in a terminal.
            PageFormat::Human => super::finish(provenance::print(&merged, gathered, &mut io::stdout().lock())),
            other => {
                let json = |out: &mut dyn Write| provenance::print_json(&merged, gathered, out);
                other.print("merge", |_| provenance::page(&merged, gathered), json)
            }
        });
    }
    remark_unjoined(&merged.unjoined);
    let earlier = if arguments.prune { Earlier::Remove } else { Earlier::Find };
    Ok(match output {
        None => super::finish(merged.write(&mut io::stdout().lock())),
        Some(path) => publish(&merged, &path, &input_files, earlier),
    })
}

/// Writes the set to a file or a folder, and says what was removed or is left there.
fn publish(merged: &Merged, path: &Path, inputs: &InputFiles, earlier: Earlier) -> Status {
    let place = visible(&path.to_string_lossy());
    let Rest { left, removed } = match write::output(merged, path, inputs, earlier) {
        Ok(rest) => rest,
        Err(error) => {
            remark(&format!("ddmc: nothing was written to {place}: {error}"));
            return Status::Failure;
        }
    };
    remark(&format!("Wrote {} to {place}", count(merged.declarations.len(), "declaration")));
    if !removed.is_empty() {
        remark(&format!("Removed {} of earlier runs: {}", count(removed.len(), "file"), names(&removed)));
    }
    if !left.ours.is_empty() {
        let files = count(left.ours.len(), "file");
        remark(&format!("ddmc: the folder also holds {files} of earlier runs; --prune removes: {}", names(&left.ours)));
    }
    if !left.others.is_empty() {
        let (files, names) = (count(left.others.len(), "JSON file"), names(&left.others));
        remark(&format!("ddmc: the folder also holds {files} that ddmc did not write, or that changed: {names}"));
    }
    Status::Success
}

/// Remarks that some names would change if other declarations joined.
fn remark_unjoined(unjoined: &[String]) {
    let what = match unjoined {
        [] => return,
        [_] => "1 declaration keeps its identifier, because there is no other to merge it with".to_owned(),
        all => format!("{} declarations keep their identifiers, because there are no others to merge them with", all.len()),
    };
    remark(&format!("ddmc: {what}; --identifier fixes the names: {}", names(unjoined)));
}

/// The first of some file names.
fn names(all: &[String]) -> String {
    let shown: Vec<String> = all.iter().take(MAX_NAMED).map(|name| visible(name)).collect();
    let more = if all.len() > MAX_NAMED { format!(" and {} more", all.len() - MAX_NAMED) } else { String::new() };
    shown.join(", ") + &more
}

/// Refuses to write the set where this run or the next one reads its inputs. The next run would merge it with what it
/// was made from. Refuses a name that may be meant as a folder or as a file.
fn refuse_inputs(output: &Path, inputs: &InputFiles) -> Result<(), &'static str> {
    if !write::is_folder(output) && output.extension().is_none() && fs::symlink_metadata(output).is_err() {
        return Err(
            " is neither a folder nor a file yet; write a / at the end for a folder, or an ending such as .json for a file",
        );
    }
    if inputs.names(output) {
        return Err(" is also an input and would be replaced");
    }
    let file = if write::is_folder(output) { output.join("merged.json") } else { output.to_owned() };
    if inputs.finds(&file) {
        return Err(
            " is in an input folder, so the next run would merge the result again; write to another folder, or exclude it with \
                    --exclude or in ddmc.toml",
        );
    }
    Ok(())
}

/// Whether a declaration made by the merge violates a policy. Declarations that pass through were checked as inputs.
fn violates(merged: &Merged, work: &Work, reader: &mut Reader<'_>) -> bool {
    // Skip collecting all identifiers if there are no policies.
    if work.effective.policy_rules().next().is_none() {
        return reader.has_errors;
    }
    let known: Set<&str> = reader.session.gathered().members.iter().filter_map(|member| member.identifier.as_deref()).collect();
    let made: Vec<&Published> = merged.declarations.iter().filter(|one| !known.contains(one.identifier.as_str())).collect();
    for declaration in made {
        let file: Arc<str> = Arc::from(format!("{}.json", declaration.identifier));
        let (schema, policies) = (work.effective.schema().clone(), work.policies(&file));
        let conditions = Conditions { schema, policies, ..Conditions::default() };
        let text = declaration.text.as_bytes();
        let mut findings = lint::alone(&file, Strictness::Named, text, &conditions);
        findings.retain(|finding| finding.rule.id.starts_with("policy/"));
        reader.show(findings, Texts::only(Some(Source { bytes: text, origin: Position::START })));
    }
    reader.has_errors
}

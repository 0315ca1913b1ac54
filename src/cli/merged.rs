//! Reads, checks and merges declarations for `ddmc merge` and `ddmc publish`, and says what was written.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use super::flags::{ActivationFlags, InputFlags};
use super::folder::Rest;
use super::overlap::InputFiles;
use super::reader::Reader;
use super::terminal::{Color, remark};
use super::work::{Kept, Threads, Work};
use super::{Status, configure, policies, write};
use crate::apple::Identifier;
use crate::conditions::Conditions;
use crate::config::{EffectiveConfig, Flags};
use crate::diagnostic::{Position, Severity};
use crate::hash::Set;
use crate::lint::{self, Gather};
use crate::merge::{Envelope, Merged, Options, Published};
use crate::report::{Source, Texts};
use crate::rules::{payload_without_envelope, undefined_merge};
use crate::run::Severities;
use crate::session::Host;
use crate::set::Gathered;
use crate::validate::Strictness;
use crate::words::{count, visible};

/// The declarations to merge.
#[derive(Debug, Args)]
pub(super) struct SetFlags {
    /// Files and folders; - is standard input
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,

    /// The beginning of the identifiers of merged declarations, before their type [default: that of the set in ddmc.toml, else merged]
    #[arg(long, value_name = "ID")]
    identifier: Option<Identifier>,

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

/// What is to be done with the set.
pub(super) struct Task<'t> {
    pub(super) envelope: Envelope,
    pub(super) adds_activations: bool,
    /// Where it is written.
    pub(super) output: Option<&'t Path>,
    /// `merged` or `published`.
    pub(super) verb: &'static str,
    pub(super) color: Color,
}

/// The maximum number of files or declarations to name; the rest are counted.
const MAX_NAMED: usize = 8;

/// Reads the declarations, checks them and their combination, and passes the set to `take`.
///
/// # Errors
/// Returns the status of a run that could not do its work.
pub(super) fn with(
    set: SetFlags,
    task: &Task<'_>,
    take: impl FnOnce(&Merged, &Gathered, &InputFiles) -> Status,
) -> Result<Status, Status> {
    let verb = task.verb;
    // Apply default severities and no [[ignore]] entries: an accepted finding may still change what is published. Keep
    // the placeholders.
    let flags = Flags { policies: set.policy, activations: set.activations.get(), ..Flags::default() };
    let effective = configure::effective(&set.config, flags).map(EffectiveConfig::only_placeholders).and_then(policies::load);
    let effective = match effective {
        Ok(effective) => effective,
        Err(error) => return Err(configure::report_on_stderr(error, task.color)),
    };
    let input_files = InputFiles::new(&set.paths, &effective);
    if let Some(path) = task.output
        && let Err(reason) = refuse_inputs(path, &input_files)
    {
        remark(&format!("ddmc: nothing was {verb}: {}{reason}", visible(&path.to_string_lossy())));
        return Err(Status::Failure);
    }
    let InputFlags { stdin_filename, jobs } = set.input;
    let work = Work::new(set.paths, stdin_filename, Threads::new(jobs), Gather::Texts, Arc::new(effective));
    // A published declaration needs an identifier.
    let mut severities = Severities::default();
    severities.set(&payload_without_envelope::RULE, Some(Severity::Error));
    // An undefined result is not published.
    severities.set(&undefined_merge::RULE, Some(Severity::Error));
    let mut reader = Reader::new(&work, severities, task.color).read()?;
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
    let refused = || {
        remark(&format!("ddmc: nothing was {verb}, because of the errors above"));
        Ok(Status::Findings)
    };
    if reader.has_errors {
        return refused();
    }
    let options = Options { identifier: set.identifier, envelope: task.envelope, adds_activations: task.adds_activations };
    let merged = match reader.session.merge(&work, &options) {
        Ok(merged) => merged,
        Err(reason) => {
            remark(&format!("ddmc: {reason}"));
            return Err(Status::Failure);
        }
    };
    if violates(&merged, &work, &mut reader) {
        return refused();
    }
    if reader.skipped > 0 {
        remark(&format!("ddmc: {} without a declaration skipped", count(reader.skipped, "file")));
    }
    Ok(take(&merged, reader.session.gathered(), &input_files))
}

/// Says that declarations were written to a file or a folder, and what was removed or is left there.
pub(super) fn report(number: usize, path: &Path, written: io::Result<Rest>) -> Status {
    let place = visible(&path.to_string_lossy());
    let Rest { left, removed, .. } = match written {
        Ok(rest) => rest,
        Err(error) => {
            remark(&format!("ddmc: nothing was written to {place}: {error}"));
            return Status::Failure;
        }
    };
    remark(&format!("Wrote {} to {place}", count(number, "declaration")));
    if !removed.is_empty() {
        remark(&format!("Removed {} of earlier runs: {}", count(removed.len(), "file"), names(&removed)));
    }
    if !left.ours.is_empty() {
        let files = count(left.ours.len(), "file");
        remark(&format!("ddmc: the folder also holds {files} of earlier runs; --prune removes: {}", names(&left.ours)));
    }
    if !left.others.is_empty() {
        let (files, names) = (count(left.others.len(), "file"), names(&left.others));
        remark(&format!("ddmc: the folder also holds {files} that ddmc did not write, or that changed: {names}"));
    }
    Status::Success
}

/// Remarks that some names would change if other declarations joined.
pub(super) fn remark_unjoined(unjoined: &[String]) {
    let what = match unjoined {
        [] => return,
        [_] => "1 declaration keeps its identifier, because there is no other to merge it with".to_owned(),
        all => format!("{} declarations keep their identifiers, because there are no others to merge them with", all.len()),
    };
    remark(&format!("ddmc: {what}; --identifier sets the names: {}", names(unjoined)));
}

/// The first of some file names.
pub(super) fn names(all: &[String]) -> String {
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

//! Finds and reads the configuration file.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use super::Status;
use super::terminal::{Color, remark, width};
use crate::apple::LocalDateTime;
use crate::config::{self, Config, FILE_NAME, Flags, Glob, Globs, InForce};
use crate::diagnostic::{Diagnostic, Position};
use crate::report::{Human, Report, Source, Summary, Texts};
use crate::source;
use crate::words::{count, visible};

/// Which configuration file a command reads.
#[derive(Debug, Clone, Args)]
pub(super) struct Choice {
    /// The configuration file [default: ddmc.toml, here or in a folder above]
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    config: Option<PathBuf>,

    /// Read no configuration file
    #[arg(long)]
    no_config: bool,

    /// Do not read files and folders that match, such as drafts/**; repeatable
    #[arg(long, value_name = "GLOB", value_parser = Glob::of_flag)]
    exclude: Vec<Glob>,
}

/// Why there is no configuration to go by.
pub(super) enum Broken {
    /// The file could not be read.
    Unreadable(String),
    /// The file has mistakes.
    Wrong { findings: Vec<Diagnostic>, text: Vec<u8> },
}

/// What a run goes by: the configuration that is chosen or found, and the flags.
pub(super) fn in_force(choice: &Choice, flags: Flags) -> Result<InForce, Broken> {
    let here = std::env::current_dir().map_err(|error| Broken::Unreadable(format!("cannot tell the current folder: {error}")))?;
    let config = load(choice, &here)?;
    let flags = Flags { exclude: Globs(choice.exclude.clone()), ..flags };
    let now = LocalDateTime::from(chrono::Local::now().naive_local());
    Ok(InForce::new(config, flags, here, now))
}

/// Says what is wrong with a configuration, with the help of `show`: nothing can be done before it is right.
pub(super) fn refuse(broken: Broken, show: impl FnOnce(&[Diagnostic], Texts<'_>, &Summary) -> io::Result<()>) -> Status {
    let (findings, text) = match broken {
        Broken::Unreadable(reason) => {
            remark(&format!("ddmc: {reason}"));
            return Status::Failure;
        }
        Broken::Wrong { findings, text } => (findings, text),
    };
    let file = findings.first().map_or_else(String::new, |finding| visible(&finding.place.file));
    let source = Source { bytes: &text, origin: Position::START };
    let mut summary = Summary::default();
    summary.count(&findings);
    // If standard error is closed, the exit status still tells.
    let _ = show(&findings, Texts::only(Some(source)), &summary);
    remark(&format!("ddmc: nothing was done: {} in {file}", count(findings.len(), "mistake")));
    Status::Failure
}

/// The same for commands whose findings go to standard error.
pub(super) fn refuse_aside(broken: Broken, color: Color) -> Status {
    let mut report = Human::new(color.is_on_for(&io::stderr()), width());
    refuse(broken, |findings, texts, _| report.findings(findings, texts, &mut io::stderr()))
}

fn load(choice: &Choice, here: &Path) -> Result<Option<Config>, Broken> {
    let (path, name) = match &choice.config {
        Some(path) => (path.clone(), path.to_string_lossy().into_owned()),
        None if choice.no_config => return Ok(None),
        None => match find(here) {
            Some(found) => found,
            None => return Ok(None),
        },
    };
    let unreadable = |reason: &str| Broken::Unreadable(format!("{}: {reason}", visible(&name)));
    if choice.config.is_none() && leads_away(&path) {
        return Err(unreadable("is a link that leads out of its folder; --config follows it"));
    }
    let text = source::read_small(&path, config::MOST_BYTES).map_err(|reason| unreadable(&reason))?;
    let mut folder = config::absolute(here, &path);
    folder.pop();
    match config::read(&Arc::from(name), folder, &text) {
        Ok(config) => Ok(Some(config)),
        Err(findings) => Err(Broken::Wrong { findings, text }),
    }
}

/// Whether a link leads to something that is not below its folder, or among git's own files: what was found and not chosen could
/// otherwise show the content of any file in its excerpts.
fn leads_away(path: &Path) -> bool {
    let (Ok(target), Some(Ok(folder))) = (fs::canonicalize(path), path.parent().map(fs::canonicalize)) else { return false };
    !target.starts_with(&folder) || target.strip_prefix(&folder).is_ok_and(|rest| rest.iter().any(|step| step == ".git"))
}

/// Looks for the file here and in the folders above, up to the root of the repository, and names it from here.
fn find(here: &Path) -> Option<(PathBuf, String)> {
    for (depth, folder) in here.ancestors().enumerate() {
        let path = folder.join(FILE_NAME);
        // A link that leads nowhere is a mistake, and not the lack of a file.
        if path.symlink_metadata().is_ok() {
            return Some((path, "../".repeat(depth) + FILE_NAME));
        }
        if folder.join(".git").exists() {
            return None;
        }
    }
    None
}

//! Finds and loads the configuration file.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use super::Status;
use super::terminal::{Color, remark, width};
use crate::apple::{LocalDateTime, Schema, load_schema};
use crate::config::{self, Config, EffectiveConfig, FILE_NAME, Flags, Glob, Globs, Origin};
use crate::diagnostic::{Diagnostic, Position};
use crate::limits::MAX_CONFIGURATION_BYTES;
use crate::report::{Human, Report, Source, Summary, Texts};
use crate::source;
use crate::words::{count, visible};

/// The flags that select the configuration and the files.
#[derive(Debug, Clone, Args)]
pub(super) struct ConfigFlags {
    #[command(flatten)]
    base: BaseFlags,

    /// Skip files and folders that match a pattern, such as drafts/**; repeatable
    #[arg(long, value_name = "GLOB", value_parser = Glob::from_flag)]
    exclude: Vec<Glob>,
}

/// The flags that select the configuration.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct BaseFlags {
    /// The configuration file [default: ddmc.toml in this folder or, in a repository, a parent folder]
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    config: Option<PathBuf>,

    /// Do not read a configuration file
    #[arg(long)]
    no_config: bool,

    /// A checkout of Apple's device-management repository, whose schema is used instead of the built-in one
    #[arg(long, value_name = "FOLDER")]
    apple_schema: Option<PathBuf>,
}

/// Why the configuration could not be loaded.
pub(super) enum ConfigError {
    /// A file could not be read.
    Unreadable(String),
    /// A file has errors.
    Invalid { findings: Vec<Diagnostic>, text: Vec<u8> },
}

/// The effective config of a run, from the configuration file and the flags.
pub(super) fn effective(selection: &ConfigFlags, flags: Flags) -> Result<EffectiveConfig, ConfigError> {
    base(&selection.base, Flags { exclude: Globs(selection.exclude.clone()), ..flags })
}

/// The effective config of a command that reads no documents.
pub(super) fn base(selection: &BaseFlags, flags: Flags) -> Result<EffectiveConfig, ConfigError> {
    let here = std::env::current_dir()
        .map_err(|error| ConfigError::Unreadable(format!("cannot determine the current folder: {error}")))?;
    let config = load(selection, &here)?;
    let flags = Flags { apple_schema: selection.apple_schema.clone(), ..flags };
    let now = LocalDateTime::from(chrono::Local::now().naive_local());
    with_schema(EffectiveConfig::new(config, flags, here, now)).map_err(ConfigError::Unreadable)
}

/// Apple's schema, for a command that needs nothing else. Reports on standard error if it cannot be loaded.
pub(super) fn schema(selection: &BaseFlags, color: Color) -> Result<Arc<Schema>, Status> {
    let effective = base(selection, Flags::default());
    effective.map(|effective| effective.schema().clone()).map_err(|error| report_on_stderr(error, color))
}

/// The maximum number of complaints about a schema that are shown.
const MAX_COMPLAINTS: usize = 3;

/// Loads the schema named on the command line or in the configuration. What could not be understood is a remark, so
/// that a newer release is usable.
fn with_schema(effective: EffectiveConfig) -> Result<EffectiveConfig, String> {
    let (Some((folder, name)), origin) = effective.schema_folder() else { return Ok(effective) };
    // A part of the checkout may be a link too.
    for part in ["", "declarative", "declarative/declarations"] {
        refuse_outside(&effective, &folder.join(part), &name, &origin, "--apple-schema")?;
    }
    let (schema, complaints) = load_schema(&folder).map_err(|reason| visible(&reason))?;
    for complaint in complaints.iter().take(MAX_COMPLAINTS) {
        remark(&format!("ddmc: {}: {}", visible(&name), visible(&complaint.to_string())));
    }
    if complaints.len() > MAX_COMPLAINTS {
        remark(&format!("ddmc: {}: {} more", visible(&name), complaints.len() - MAX_COMPLAINTS));
    }
    Ok(effective.with_schema(schema))
}

/// Reports an invalid configuration; `show` prints its findings.
pub(super) fn report(error: ConfigError, show: impl FnOnce(Vec<Diagnostic>, Texts<'_>, &Summary) -> io::Result<()>) -> Status {
    let (findings, text) = match error {
        ConfigError::Unreadable(reason) => {
            remark(&format!("ddmc: {reason}"));
            return Status::Failure;
        }
        ConfigError::Invalid { findings, text } => (findings, text),
    };
    let file = findings.first().map_or_else(String::new, |finding| visible(&finding.place.file));
    let source = Source { bytes: &text, origin: Position::START };
    let mut summary = Summary::default();
    summary.count(&findings);
    let errors = count(findings.len(), "error");
    // If the stream is closed, the exit status still reports the errors.
    let _ = show(findings, Texts::only(Some(source)), &summary);
    remark(&format!("ddmc: nothing was done: {errors} in {file}"));
    Status::Failure
}

/// Reports an invalid configuration on standard error.
pub(super) fn report_on_stderr(error: ConfigError, color: Color) -> Status {
    let mut human = Human::new(color.is_on_for(&io::stderr()), width());
    report(error, |findings, texts, _| human.findings(&findings, texts, &mut io::stderr()))
}

fn load(selection: &BaseFlags, here: &Path) -> Result<Option<Config>, ConfigError> {
    let (path, name) = match &selection.config {
        Some(path) => (path.clone(), path.to_string_lossy().into_owned()),
        None if selection.no_config => return Ok(None),
        None => match find(here) {
            Some(found) => found,
            None => return Ok(None),
        },
    };
    let is_found = selection.config.is_none();
    let text = text(&path, &name, is_found)?;
    let mut folder = config::absolute(here, &path);
    folder.pop();
    read(name, folder, text, is_found).map(Some)
}

/// Reads a configuration file.
fn text(path: &Path, name: &str, is_found: bool) -> Result<Vec<u8>, ConfigError> {
    let unreadable = |reason: &str| ConfigError::Unreadable(format!("{}: {reason}", visible(name)));
    if is_found && points_outside(path) {
        return Err(unreadable("is a link that leads out of its folder; name the file with --config"));
    }
    source::read_small(path, MAX_CONFIGURATION_BYTES).map_err(|reason| unreadable(&reason))
}

/// Reads the text of a configuration.
fn read(name: String, folder: PathBuf, text: Vec<u8>, is_found: bool) -> Result<Config, ConfigError> {
    match config::read(&Arc::from(name), folder, &text) {
        Ok(config) => Ok(Config { is_found, ..config }),
        Err(findings) => Err(ConfigError::Invalid { findings, text }),
    }
}

/// The effective config of a folder in an editor, which may have another text of its configuration. Reads nothing outside
/// of the folder.
pub(super) fn of_folder(folder: &Path, open: Option<&[u8]>) -> Result<EffectiveConfig, ConfigError> {
    let path = folder.join(FILE_NAME);
    let name = path.to_string_lossy().into_owned();
    let text = match open {
        Some(open) => Some(open.to_vec()),
        None if path.symlink_metadata().is_ok() => Some(text(&path, &name, true)?),
        None => None,
    };
    let config = text.map(|text| read(name, folder.to_owned(), text, true)).transpose()?;
    let now = LocalDateTime::from(chrono::Local::now().naive_local());
    let effective = EffectiveConfig::new(config, Flags::default(), folder.to_owned(), now);
    let root = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    let named = effective.policy_sources().into_iter().map(|policy| (policy.path, policy.name));
    let named = named.chain(effective.catalog_file().0).chain(effective.schema_folder().0);
    for (path, name) in named {
        if leaves(folder, &root, &path) {
            let reason = format!("{}: is outside the folder that the editor has open", visible(&name));
            return Err(ConfigError::Unreadable(reason));
        }
    }
    with_schema(effective).map_err(ConfigError::Unreadable)
}

/// Whether a link leads out of its folder or into `.git`. An excerpt of a configuration file that the user did not name
/// could otherwise show the contents of any file.
fn points_outside(path: &Path) -> bool {
    let (Ok(target), Some(Ok(folder))) = (fs::canonicalize(path), path.parent().map(fs::canonicalize)) else { return false };
    !target.starts_with(&folder) || target.strip_prefix(&folder).is_ok_and(|rest| rest.iter().any(|step| step == ".git"))
}

/// Whether a file that the configuration names is outside of its repository, or in `.git`. Without a repository, it
/// must be in the folder of the configuration. Otherwise a pull request could change the configuration and make
/// the program show any file.
pub(super) fn leaves_repository(config: &Config, path: &Path) -> bool {
    let folder = fs::canonicalize(&config.folder).unwrap_or_else(|_| config.folder.clone());
    let root = source::repository::root(&folder).unwrap_or(folder);
    leaves(&config.folder, &root, path)
}

/// Whether a path, which may be relative to `folder`, leads out of `root` or into `.git`.
fn leaves(folder: &Path, root: &Path, path: &Path) -> bool {
    // Without links, a path that leads out tells nothing about which files exist there.
    let is_inside = |path: &Path, root: &Path| path.strip_prefix(root).is_ok_and(|rest| rest.iter().all(|step| step != ".git"));
    let written = config::absolute(folder, path);
    let root_as_written = folder.ancestors().find(|folder| fs::canonicalize(folder).is_ok_and(|folder| folder == root));
    !is_inside(&written, root_as_written.unwrap_or(root)) || fs::canonicalize(path).is_ok_and(|path| !is_inside(&path, root))
}

/// An error if a configuration that was found names a file outside of its repository.
pub(super) fn refuse_outside(
    effective: &EffectiveConfig,
    path: &Path,
    name: &str,
    origin: &Origin,
    flag: &str,
) -> Result<(), String> {
    let is_from_file = matches!(origin, Origin::File(_));
    match effective.config().filter(|config| is_from_file && config.is_found && leaves_repository(config, path)) {
        Some(_) => Err(format!("{}: is outside the repository; name it with {flag}", visible(name))),
        None => Ok(()),
    }
}

/// The name of the configuration file that applies to the current folder, which need not be readable.
pub(super) fn existing() -> io::Result<Option<String>> {
    Ok(find(&std::env::current_dir()?).map(|(_, name)| name))
}

/// Looks for the file in this folder and its parents, up to the root of the repository, else only in this folder.
/// Returns its path, and its path relative to `here`.
fn find(here: &Path) -> Option<(PathBuf, String)> {
    let root = source::repository::root(here).unwrap_or_else(|| here.to_owned());
    let folders = here.ancestors().take_while(|folder| folder.starts_with(&root));
    // A dangling link is an error, not a missing file.
    let mut paths = folders.map(|folder| folder.join(FILE_NAME)).enumerate().filter(|(_, path)| path.symlink_metadata().is_ok());
    paths.next().map(|(depth, path)| (path, "../".repeat(depth) + FILE_NAME))
}

//! `ddmc.toml`, the configuration of a repository.
//!
//! Each key is a row of a table in `table.rs`; the reader, the JSON Schema and the documentation are derived from it.
//! This layer does no I/O and has no clock: texts, paths and the time are arguments.

mod effective;
mod entries;
mod exclude;
mod globs;
mod levels;
mod read;
mod rule_id;
mod schema;
pub(crate) mod starter;
mod table;
mod toml_value;
mod values;

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

pub(crate) use effective::{EffectiveConfig, FileConfig, Flags, Origin, PolicySource};
pub(crate) use entries::{Coverage, Entries};
pub(crate) use exclude::Exclude;
pub(crate) use globs::{Glob, Globs, Index};
pub(crate) use read::{Located, read};
pub(crate) use rule_id::RuleId;
pub(crate) use schema::{is_key, schema, tables};
pub(crate) use starter::Found;
pub(crate) use table::{Files, Ignore, Top};

/// The file name of the configuration.
pub(crate) const FILE_NAME: &str = "ddmc.toml";

/// A valid configuration file.
#[derive(Debug)]
pub(crate) struct Config {
    /// The name of the file in findings.
    pub(crate) file: Arc<str>,
    /// The folder that globs are relative to; absolute.
    pub(crate) folder: PathBuf,
    /// Whether the user did not name the file, so that anyone who may change the repository decides about it.
    pub(crate) is_found: bool,
    pub(crate) top: Top,
    /// The patterns of the `[[files]]`, `[[ignore]]` and `[[sets]]` entries.
    pub(crate) files: Index,
    pub(crate) ignores: Index,
    pub(crate) sets: Index,
    /// The patterns of the `[[policies]]` entries; an entry without patterns applies to every file.
    pub(crate) policies: Index,
}

impl Config {
    fn new(file: Arc<str>, folder: PathBuf, top: Top) -> Self {
        fn paths(paths: Option<&Located<Globs>>) -> Option<&Globs> {
            paths.map(|paths| &paths.value)
        }
        let files = Index::new(top.files.iter().map(|entry| paths(entry.value.paths.as_ref())));
        let ignores = Index::new(top.ignore.iter().map(|entry| paths(entry.value.paths.as_ref())));
        let sets = Index::new(top.sets.iter().map(|entry| paths(entry.value.paths.as_ref())));
        let policies = Index::new(top.policies.iter().map(|entry| paths(entry.value.paths.as_ref())));
        Self { file, folder, is_found: false, top, files, ignores, sets, policies }
    }

    /// The path of a file relative to the folder of the configuration, with `/` as the separator. `None` if the file is
    /// outside it.
    pub(crate) fn relative(&self, here: &Path, file: &str) -> Option<String> {
        relative(&self.folder, here, Path::new(file))
    }
}

/// A path relative to a folder that contains it, with `/` as the separator.
fn relative(folder: &Path, here: &Path, path: &Path) -> Option<String> {
    let path = absolute(here, path);
    let path = path.strip_prefix(folder).ok()?;
    Some(path.components().map(|step| step.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/"))
}

/// Whether a top-level key, which may be misspelled, is an array of tables, such as `[[ignore]]`.
fn is_array_of_tables(name: &str) -> bool {
    let row = toml_value::row::<Top>(name).or_else(|| toml_value::near(name));
    row.is_some_and(|row| row.usage().starts_with("[["))
}

/// An absolute path without `.` and `..`. Links are not resolved.
pub(crate) fn absolute(here: &Path, path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for step in here.join(path).components() {
        match step {
            Component::CurDir => {}
            Component::ParentDir => {
                normal.pop();
            }
            step => normal.push(step),
        }
    }
    normal
}

//! `ddmc.toml`: what a repository says about the checking of its documents.
//!
//! Each key of the file is a row of a table in `table.rs`, from which the reader, the JSON Schema and the documentation are made. This
//! layer reads no files and knows no clock: texts, paths and the time come in as values.

mod entries;
mod exclude;
mod form;
mod globs;
mod in_force;
mod read;
mod rule_id;
mod schema;
mod table;
mod values;

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

pub(crate) use entries::{Coverage, Entries};
pub(crate) use exclude::Exclude;
pub(crate) use globs::{Glob, Globs, Index};
pub(crate) use in_force::{Flags, InForce, Origin, PolicySource};
pub(crate) use read::{Located, MOST_BYTES, read};
pub(crate) use rule_id::RuleId;
pub(crate) use schema::{is_key, schema, tables};
pub(crate) use table::{Files, Ignore, Top};

/// The name of the file that is looked for.
pub(crate) const FILE_NAME: &str = "ddmc.toml";

/// A configuration file that was read without a fault.
#[derive(Debug)]
pub(crate) struct Config {
    /// The file, as findings name it.
    pub(crate) file: Arc<str>,
    /// The folder that globs begin in; absolute.
    pub(crate) folder: PathBuf,
    pub(crate) top: Top,
    /// The patterns of the `[[files]]`, `[[ignore]]` and `[[sets]]` entries.
    pub(crate) files: Index,
    pub(crate) ignores: Index,
    pub(crate) sets: Index,
    /// Those of the `[[policies]]` entries; one without any is about every file.
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
        Self { file, folder, top, files, ignores, sets, policies }
    }

    /// The path of a file as globs see it: from the folder of the configuration on, with `/` between the steps. `None` if the file
    /// is elsewhere.
    pub(crate) fn relative(&self, here: &Path, file: &str) -> Option<String> {
        relative(&self.folder, here, Path::new(file))
    }
}

/// A path as seen from a folder that it is in, with `/` between the steps.
fn relative(folder: &Path, here: &Path, path: &Path) -> Option<String> {
    let path = absolute(here, path);
    let path = path.strip_prefix(folder).ok()?;
    Some(path.components().map(|step| step.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/"))
}

/// Whether a key stands above the first table of the file.
fn is_top(name: &str) -> bool {
    <Top as table::Section>::ROWS.iter().any(|row| row.name() == name)
}

/// A path without `.` and `..`, from the root on. Links are not looked at: the path is taken as it is written.
pub(crate) fn absolute(here: &Path, path: &Path) -> PathBuf {
    let mut whole = PathBuf::new();
    for step in here.join(path).components() {
        match step {
            Component::CurDir => {}
            Component::ParentDir => {
                whole.pop();
            }
            step => whole.push(step),
        }
    }
    whole
}

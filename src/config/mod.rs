//! `ddmc.toml`: what a repository says about the checking of its documents.
//!
//! Each key of the file is a row of a table in `table.rs`, from which the reader, the JSON Schema and the documentation are made. This
//! layer reads no files and knows no clock: texts, paths and the time come in as values.

mod form;
mod globs;
mod ignores;
mod in_force;
mod located;
mod read;
mod reader;
mod schema;
mod table;
mod values;

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

pub(crate) use globs::Globs;
pub(crate) use ignores::{Coverage, Ignores};
pub(crate) use in_force::{Flags, InForce, Origin};
pub(crate) use located::Located;
pub(crate) use read::read;
pub(crate) use schema::{schema, tables};
pub(crate) use table::{Files, Ignore, Set, Top};

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
}

impl Config {
    /// The path of a file as globs see it: from the folder of the configuration on, with `/` between the steps. `None` if the file
    /// is elsewhere.
    pub(crate) fn relative(&self, here: &Path, file: &str) -> Option<String> {
        let path = absolute(here, Path::new(file));
        let path = path.strip_prefix(&self.folder).ok()?;
        Some(path.components().map(|step| step.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/"))
    }
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

//! Whether an output is one of the inputs.

use std::cell::OnceCell;
use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::config::{EffectiveConfig, Exclude};
use crate::source;

/// The files that a run reads.
pub(super) struct InputFiles {
    /// The inputs as named, and the configuration and what it names.
    named: Vec<PathBuf>,
    /// `None` if the configuration is not known, so that folders are not searched.
    exclude: Option<Arc<Exclude>>,
    /// The named files, once they are needed.
    ids: OnceCell<HashSet<FileId>>,
}

impl InputFiles {
    pub(super) fn new(paths: &[PathBuf], effective: &EffectiveConfig) -> Self {
        let config = effective.config().map(|config| effective.here().join(&*config.file));
        let catalog = effective.catalog_file().0.map(|(path, _)| path);
        let policies = effective.policy_sources().into_iter().map(|policy| policy.path);
        let named = paths.iter().filter(|path| path.as_os_str() != "-").cloned();
        Self {
            named: named.chain(config).chain(catalog).chain(policies).collect(),
            exclude: Some(effective.exclude().clone()),
            ids: OnceCell::new(),
        }
    }

    /// Adds files that are read.
    pub(super) fn and(mut self, files: impl IntoIterator<Item = PathBuf>) -> Self {
        self.named.extend(files);
        self.ids = OnceCell::new();
        self
    }

    /// Only these files.
    pub(super) fn only(named: Vec<PathBuf>) -> Self {
        Self { named, exclude: None, ids: OnceCell::new() }
    }

    /// Whether a file was named as an input, perhaps with another path to the same file.
    pub(super) fn names(&self, file: &Path) -> bool {
        let ids = || self.named.iter().filter_map(|path| file_id(path)).collect();
        file_id(file).is_some_and(|id| self.ids.get_or_init(ids).contains(&id))
    }

    /// Whether a run with these inputs finds a file in one of the folders, if it exists then.
    pub(super) fn finds(&self, file: &Path) -> bool {
        let Some(exclude) = &self.exclude else { return false };
        let mut folders = self.named.iter().filter(|named| named.is_dir() && !exclude.excludes_input(named));
        folders.any(|folder| source::finds(folder, exclude.clone(), file))
    }

    /// Refuses to replace a file that was named as an input.
    pub(super) fn refuse(&self, file: &Path) -> io::Result<()> {
        if self.names(file) { Err(io::Error::other("it is also an input and would be replaced")) } else { Ok(()) }
    }
}

/// What tells whether two paths lead to the same file. Hard links count, where the system tells.
#[cfg(unix)]
type FileId = (u64, u64);

#[cfg(not(unix))]
type FileId = PathBuf;

/// `None` if it is not a file or does not exist.
#[cfg(unix)]
fn file_id(path: &Path) -> Option<FileId> {
    use std::os::unix::fs::MetadataExt;

    fs::metadata(path).ok().filter(fs::Metadata::is_file).map(|file| (file.dev(), file.ino()))
}

#[cfg(not(unix))]
fn file_id(path: &Path) -> Option<FileId> {
    path.is_file().then(|| fs::canonicalize(path).ok()).flatten()
}

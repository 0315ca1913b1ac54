//! The root of a repository. Files above it may belong to another user and have no effect on a run.

use std::path::{Path, PathBuf};

/// The root of the Git working tree that contains an absolute path.
pub(crate) fn root(path: &Path) -> Option<PathBuf> {
    path.ancestors().find(|folder| is_root(folder)).map(Path::to_path_buf)
}

/// Whether a folder is the root of a Git working tree. In a linked working tree and in a submodule, `.git` is a file.
pub(super) fn is_root(folder: &Path) -> bool {
    folder.join(".git").exists()
}

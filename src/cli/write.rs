//! Writes files atomically: to temporary files in the same folder, renamed when all are complete.

use std::collections::HashMap;
use std::fs::{self, File, Metadata};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use tempfile::{NamedTempFile, TempPath};

use super::folder::{self, Earlier, Rest};
use super::leftovers::{self, Folder};
use super::overlap::InputFiles;
use crate::layout;
use crate::merge::Merged;
use crate::words::visible;

/// Writes the set to one file, or one file per declaration to a folder if `path` is a folder or ends in a separator.
/// Replaces no input.
pub(super) fn output(merged: &Merged, path: &Path, inputs: &InputFiles, earlier: Earlier) -> io::Result<Rest> {
    if !is_folder(path) {
        inputs.refuse(path)?;
        return file(path, |out| merged.write(out)).map(|()| Rest::default());
    }
    folder::write(&layout::one_each(&merged.declarations), path, inputs, earlier)
}

/// Whether an output path is a folder: it exists as one, or ends in a separator.
pub(super) fn is_folder(path: &Path) -> bool {
    path.is_dir() || path.as_os_str().to_string_lossy().ends_with(std::path::is_separator)
}

/// Creates a folder, unless it exists.
pub(super) fn create_folder(path: &Path) -> io::Result<()> {
    refuse_links(path)?;
    fs::create_dir_all(path)
}

/// Writes one file.
pub(super) fn file(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    Batch::default().stage(path, write)?.commit()
}

/// Moves files into place. Each is replaced by one rename.
pub(super) fn commit(staged: Vec<Staged>) -> io::Result<()> {
    staged.into_iter().try_for_each(Staged::commit)
}

/// Files that are written together. It remembers the folders of the temporary files, each of which stays marked as in use
/// until the last of these is in place or given up.
#[derive(Default)]
pub(super) struct Batch {
    folders: HashMap<PathBuf, Arc<Folder>>,
    /// The folder of all temporary files, if it is not that of each file.
    within: Option<PathBuf>,
    /// The time of the last change that the files get, if it is not that of writing.
    modified: Option<SystemTime>,
}

impl Batch {
    /// Files below one folder, which have one time of the last change.
    pub(super) fn within(folder: &Path, modified: SystemTime) -> Self {
        Self { within: Some(folder.to_owned()), modified: Some(modified), ..Self::default() }
    }

    /// The most folders that a batch should have: each takes a file descriptor, and some systems allow only 256.
    pub(super) const MAX_FOLDERS: usize = 64;

    /// Starts a file.
    pub(super) fn open(&mut self, path: &Path) -> io::Result<Pending> {
        refuse_links(path)?;
        let before = fs::metadata(path).ok();
        if let Some(before) = &before {
            if before.is_dir() {
                return Err(io::Error::from(io::ErrorKind::IsADirectory));
            }
            if !before.is_file() {
                return stream(path, before);
            }
        } else if path.is_symlink() {
            return Err(io::Error::new(io::ErrorKind::NotFound, "it is a dangling link"));
        }
        // Keep a link outside working trees, and replace the file it points to.
        let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if !folder.is_dir() {
            return Err(io::Error::new(io::ErrorKind::NotFound, "its folder does not exist"));
        }
        let folder = self.within.as_deref().unwrap_or(folder);
        let guard = self.folders.entry(folder.to_owned()).or_insert_with(|| Arc::new(Folder::enter(folder))).clone();
        let file = leftovers::temporary(folder)?;
        if let Some(before) = &before {
            keep_owner_and_mode(file.as_file(), before)?;
        }
        Ok(Pending { out: Out::File(BufWriter::new(file), target, guard), modified: self.modified })
    }

    /// Writes a file; `commit` moves it into place.
    pub(super) fn stage(&mut self, path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<Staged> {
        let mut file = self.open(path)?;
        write(&mut file)?;
        file.stage()
    }

    /// The number of folders.
    pub(super) fn folders(&self) -> usize {
        self.folders.len()
    }
}

/// A file that is being written. It is removed unless it is committed.
pub(super) struct Pending {
    out: Out,
    modified: Option<SystemTime>,
}

enum Out {
    /// A temporary file and its target.
    File(BufWriter<NamedTempFile>, PathBuf, Arc<Folder>),
    /// Standard output or the like, by its name: it cannot be replaced and is written directly.
    Stream(BufWriter<File>),
}

impl Pending {
    /// Flushes and closes the file.
    pub(super) fn stage(self) -> io::Result<Staged> {
        match self.out {
            Out::Stream(mut out) => out.flush().map(|()| Staged(None)),
            Out::File(out, target, guard) => {
                let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
                self.modified.map_or(Ok(()), |time| file.as_file().set_modified(time))?;
                file.as_file().sync_all()?;
                Ok(Staged(Some((file.into_temp_path(), target, guard))))
            }
        }
    }

    fn out(&mut self) -> &mut dyn Write {
        match &mut self.out {
            Out::File(out, ..) => out,
            Out::Stream(out) => out,
        }
    }
}

impl Write for Pending {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out().flush()
    }
}

/// A complete and closed file, not yet in place; `None` for a stream.
pub(super) struct Staged(Option<(TempPath, PathBuf, Arc<Folder>)>);

impl Staged {
    /// Moves the file into place.
    pub(super) fn commit(self) -> io::Result<()> {
        self.0.map_or(Ok(()), |(file, target, _guard)| file.persist(target).map_err(|error| error.error))
    }
}

/// Opens a stream that the system names, such as `/dev/stdout`, `/dev/null` or the pipe of `>(command)`. Opening any
/// other pipe could wait for ever, and writing to a device would destroy what it holds.
fn stream(path: &Path, kind: &Metadata) -> io::Result<Pending> {
    let folder = std::path::absolute(path).ok().and_then(|path| path.parent().map(Path::to_path_buf));
    let is_named_by_system =
        folder.is_some_and(|folder| ["/dev", "/dev/fd", "/dev/pts", "/proc/self/fd"].map(Path::new).contains(&&*folder));
    if !is_named_by_system || is_block_device(kind) {
        return Err(io::Error::other("it is a pipe or a device, which cannot be replaced; write to standard output instead"));
    }
    let file = File::options().write(true).open(path)?;
    Ok(Pending { out: Out::Stream(BufWriter::new(file)), modified: None })
}

#[cfg(unix)]
fn is_block_device(kind: &Metadata) -> bool {
    std::os::unix::fs::FileTypeExt::is_block_device(&kind.file_type())
}

#[cfg(not(unix))]
fn is_block_device(_: &Metadata) -> bool {
    false
}

/// Gives a new file the owner, the group and the mode of the file that it replaces. Only a superuser may keep the owner,
/// and only members the group; without the group, its members get no more rights than everyone.
#[cfg(unix)]
fn keep_owner_and_mode(file: &File, before: &Metadata) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};

    let now = file.metadata()?;
    let mut mode = before.mode() & 0o7777;
    if (now.uid(), now.gid()) != (before.uid(), before.gid()) && fchown(file, Some(before.uid()), Some(before.gid())).is_err() {
        // The file now belongs to another user, so it must not run with their rights.
        mode &= 0o1777;
        if now.gid() != before.gid() && fchown(file, None, Some(before.gid())).is_err() {
            mode = mode & !0o070 | (mode & 0o007) << 3;
        }
    }
    file.set_permissions(fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn keep_owner_and_mode(file: &File, before: &Metadata) -> io::Result<()> {
    file.set_permissions(before.permissions())
}

/// Refuses a path that goes through a symbolic link in the current folder or in a git working tree: a pull request
/// could add a link that redirects the write anywhere.
pub(super) fn refuse_links(path: &Path) -> io::Result<()> {
    let here = std::env::current_dir()?.canonicalize()?;
    let is_untrusted = |folder: &Path| folder.starts_with(&here) || folder.ancestors().any(|above| above.join(".git").exists());
    for step in here.join(path).ancestors().filter(|step| step.is_symlink()) {
        if step.parent().and_then(|folder| folder.canonicalize().ok()).is_none_or(|folder| is_untrusted(&folder)) {
            let name = visible(&step.strip_prefix(&here).unwrap_or(step).to_string_lossy());
            return Err(io::Error::other(format!(
                "{name} is a symbolic link; ddmc does not write through links in a working tree"
            )));
        }
    }
    Ok(())
}

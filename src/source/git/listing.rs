//! The list of the files of a tree.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use super::process::{Process, git, spawn};
use super::{Entry, Hash, MAX_RECORD};
use crate::limits::MAX_TREE_FILES;
use crate::source::{describe, has_known_extension};

/// What a path of a revision is.
#[derive(Clone, Copy)]
pub(super) enum Found {
    Folder,
    File,
    /// A link or a submodule.
    Other,
}

/// What is kept of the list of all files.
pub(super) struct Listing<'l> {
    pub(super) root: &'l Path,
    pub(super) found: Option<Found>,
    pub(super) files: Vec<Entry>,
    /// The ignore files, by their paths.
    pub(super) ignores: HashMap<PathBuf, Hash>,
}

impl Listing<'_> {
    /// Lists a tree.
    pub(super) fn read(&mut self, here: &Path, tree: &str) -> Result<(), String> {
        let mut command = git(here);
        command.args(["ls-tree", "-r", "-z", "--full-tree", tree]).stderr(Stdio::null());
        let mut child = Process(spawn(&mut command)?);
        let mut reader = BufReader::new(child.0.stdout.take().ok_or("cannot be read")?);
        let mut record = Vec::new();
        loop {
            record.clear();
            let read = reader.by_ref().take(MAX_RECORD).read_until(0, &mut record);
            if read.map_err(|error| describe(&error))? == 0 {
                break;
            }
            if record.pop() != Some(0) {
                return Err("cannot be read: git did not list all files".to_owned());
            }
            self.take(&record)?;
        }
        let status = child.0.wait().map_err(|error| describe(&error))?;
        if status.success() { Ok(()) } else { Err("cannot be read: git did not list all files".to_owned()) }
    }

    /// Takes a record: mode, type and hash, then a tab and the path.
    fn take(&mut self, record: &[u8]) -> Result<(), String> {
        let Some(tab) = memchr::memchr(b'\t', record) else { return Ok(()) };
        let path = Path::new("/").join(path(&record[tab + 1..]));
        let mut words = record[..tab].split(|byte| *byte == b' ');
        let (mode, hash) = (words.next().unwrap_or_default(), words.nth(1).unwrap_or_default());
        let is_file = mode.starts_with(b"100");
        let is_below = path.starts_with(self.root);
        if is_below {
            self.found = Some(match path == self.root {
                true if is_file => Found::File,
                true => Found::Other,
                false => Found::Folder,
            });
        }
        if !is_file {
            return Ok(());
        }
        let content = || Hash::from(String::from_utf8_lossy(hash));
        let is_named = path == self.root;
        if is_below && (is_named || has_known_extension(&path)) {
            self.files.push(Entry { path, content: content() });
        } else if path.file_name().is_some_and(|name| name == ".gitignore" || name == ".ignore")
            && (is_below || path.parent().is_some_and(|folder| self.root.starts_with(folder)))
        {
            self.ignores.insert(path, content());
        }
        if self.files.len() + self.ignores.len() > MAX_TREE_FILES {
            return Err(format!("has more than {MAX_TREE_FILES} files; name a folder with git:REVISION:PATH"));
        }
        Ok(())
    }
}

#[cfg(unix)]
fn path(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(std::ffi::OsStr::from_bytes(bytes))
}

#[cfg(not(unix))]
fn path(bytes: &[u8]) -> PathBuf {
    PathBuf::from(&*String::from_utf8_lossy(bytes))
}

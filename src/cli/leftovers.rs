//! Temporary files, and those that a killed run left behind.
//!
//! A run that writes to a folder holds a shared lock on it, which the system releases however the run ends. So a run
//! that gets an exclusive lock knows that no other run writes there, and that all temporary files are leftovers.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::Path;
use std::thread;
use std::time::Duration;

use tempfile::NamedTempFile;

use super::terminal::remark;
use crate::source::describe;
use crate::words::{count, visible};

/// A temporary file is called `.ddmc-`, twelve random letters and digits, `.tmp`.
const PREFIX: &str = ".ddmc-";
const RANDOM: usize = 12;
const SUFFIX: &str = ".tmp";

/// Where a folder cannot be locked, temporary files of this age are leftovers: no run takes that long.
const OLD: Duration = Duration::from_hours(24);

/// How often to try for a lock, ten milliseconds apart: another run holds it only while it removes leftovers.
const TRIES: usize = 100;

/// Creates a temporary file with default permissions. Errors do not show its name: the user knows the target only.
pub(super) fn temporary(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX).rand_bytes(RANDOM).suffix(SUFFIX);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder).map_err(|error| io::Error::new(error.kind(), describe(&error)))
}

/// A folder that this run writes to. Other runs leave its temporary files alone while this value exists.
pub(super) struct Folder(#[expect(dead_code, reason = "it holds the lock")] Option<File>);

impl Folder {
    /// Removes the leftovers in a folder, and marks it as in use. Neither is needed for writing, so failures are ignored.
    pub(super) fn enter(folder: &Path) -> Self {
        // Windows cannot lock a folder, and some network file systems cannot lock anything.
        let lock = File::open(folder).ok();
        match lock.as_ref().map(File::try_lock) {
            Some(Ok(())) => remove(folder, Duration::ZERO),
            Some(Err(TryLockError::WouldBlock)) => {}
            Some(Err(TryLockError::Error(_))) | None => remove(folder, OLD),
        }
        Self(lock.filter(share))
    }
}

/// Takes a shared lock, or changes an exclusive lock to a shared one.
fn share(folder: &File) -> bool {
    (0..TRIES).any(|_| match folder.try_lock_shared() {
        Ok(()) => true,
        Err(TryLockError::WouldBlock) => {
            thread::sleep(Duration::from_millis(10));
            false
        }
        Err(TryLockError::Error(_)) => false,
    })
}

/// Removes the temporary files in a folder that are at least this old.
fn remove(folder: &Path, age: Duration) {
    let is_leftover = |entry: &fs::DirEntry| {
        // The type and the age are those of the entry itself, even if it is a link.
        let is_old =
            |file: fs::Metadata| age.is_zero() || file.modified().is_ok_and(|at| at.elapsed().is_ok_and(|past| past >= age));
        is_ours(&entry.file_name().to_string_lossy())
            && entry.metadata().is_ok_and(|file| file.file_type().is_file() && is_old(file))
    };
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let removed = entries.filter(is_leftover).filter(|entry| fs::remove_file(entry.path()).is_ok()).count();
    if removed > 0 {
        let (what, place) = (count(removed, "temporary file"), visible(&folder.to_string_lossy()));
        remark(&format!("ddmc: removed {what} that an interrupted run left in {place}"));
    }
}

/// Whether this is the name of a temporary file of this program.
fn is_ours(name: &str) -> bool {
    name.strip_prefix(PREFIX)
        .and_then(|rest| rest.strip_suffix(SUFFIX))
        .is_some_and(|random| random.len() == RANDOM && random.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recognises_the_names_of_temporary_files() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let file = temporary(folder.path()).expect("a file can be made");
        let name = file.path().file_name().expect("a file has a name").to_string_lossy();
        assert!(is_ours(&name), "{name}");
        for other in [".ddmc-", ".ddmc-notes.tmp", ".ddmc-abcdefghijk.tmp", ".ddmc-abcdefghijkl.json", "ddmc-abcdefghijkl.tmp"] {
            assert!(!is_ours(other), "{other}");
        }
    }
}

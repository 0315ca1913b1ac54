//! The record of the files that `ddmc` wrote to a folder: a file `.ddmc` with their hashes and names.
//!
//! It tells leftovers of earlier runs from other files. A record may come from outside, so it is trusted with nothing but
//! names that a layout writes to its own folder, and only a file that still has the recorded contents counts as ours.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::layout;
use crate::limits::MAX_FILE_BYTES;

/// The name of the record.
pub(super) const NAME: &str = ".ddmc";

const HEADER: &str =
    "# Files that ddmc wrote to this folder, with their SHA-256 hashes. --prune removes those of earlier runs.\n";

/// The largest record or recorded file that is read.
const MAX_BYTES: u64 = MAX_FILE_BYTES as u64;

/// The hashes that each file had. A file that is being replaced has two.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Record(BTreeMap<String, BTreeSet<String>>);

/// The files in a folder that a run did not write.
#[derive(Debug, Default)]
pub(super) struct Leftovers {
    /// Written by an earlier run, and unchanged since.
    pub(super) ours: Vec<String>,
    /// Others that look like declarations.
    pub(super) others: Vec<String>,
}

impl Record {
    /// Reads the record of a folder; empty if there is none. A link, or a file that is too large, is not a record.
    pub(super) fn read(folder: &Path) -> io::Result<Self> {
        let path = folder.join(NAME);
        match fs::symlink_metadata(&path) {
            Ok(file) if file.is_file() && file.len() <= MAX_BYTES => {}
            Ok(_) => return Err(io::Error::other(format!("{NAME} is not a record of ddmc"))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(error),
        }
        let mut text = Vec::new();
        File::open(&path)?.take(MAX_BYTES).read_to_end(&mut text)?;
        let mut record = Self::default();
        for line in String::from_utf8_lossy(&text).lines() {
            if let Some((hash, name)) = line.split_once("  ")
                && is_hash(hash)
                && layout::may_write(name)
            {
                record.add(name, hash.to_owned());
            }
        }
        Ok(record)
    }

    pub(super) fn add(&mut self, name: &str, hash: String) {
        self.0.entry(name.to_owned()).or_default().insert(hash);
    }

    /// Adds the entries of another record.
    pub(super) fn and(mut self, other: &Self) -> Self {
        for (name, hashes) in &other.0 {
            self.0.entry(name.clone()).or_default().extend(hashes.iter().cloned());
        }
        self
    }

    /// Adds the entries of another record for some names.
    pub(super) fn keep(mut self, other: &Self, names: &[String]) -> Self {
        for name in names {
            if let Some(hashes) = other.0.get(name) {
                self.0.entry(name.clone()).or_default().extend(hashes.iter().cloned());
            }
        }
        self
    }

    pub(super) fn text(&self) -> String {
        let mut text = HEADER.to_owned();
        for (name, hashes) in &self.0 {
            for hash in hashes {
                // Writing to a string cannot fail.
                let _ = writeln!(text, "{hash}  {name}");
            }
        }
        text
    }

    /// Finds the files in a folder other than `written`.
    pub(super) fn leftovers(&self, folder: &Path, written: &BTreeSet<&str>) -> io::Result<Leftovers> {
        let of_record = self.0.iter().filter(|(name, _)| !written.contains(name.as_str()));
        let ours: BTreeSet<&str> =
            of_record.filter(|(name, hashes)| has_hash(folder, name, hashes)).map(|(name, _)| name.as_str()).collect();
        // The file system may ignore case.
        let known: BTreeSet<String> = written.iter().chain(&ours).map(|name| name.to_lowercase()).collect();
        let mut others = declarations(folder, written.iter().any(|name| name.starts_with(layout::DECLARATION)))?;
        others.retain(|name| !known.contains(&name.to_lowercase()));
        others.sort();
        Ok(Leftovers { ours: ours.into_iter().map(str::to_owned).collect(), others })
    }

    /// Removes files that an earlier run wrote, and the folders that they leave empty. Each is compared once more, as it may
    /// have changed since.
    pub(super) fn remove(&self, folder: &Path, names: &[String]) -> io::Result<()> {
        for name in names {
            if self.0.get(name).is_some_and(|hashes| has_hash(folder, name, hashes)) {
                fs::remove_file(folder.join(name))?;
                let folders = name.match_indices('/').rev().map(|(end, _)| folder.join(&name[..end]));
                // Fails where something is left.
                let _ = folders.into_iter().try_for_each(fs::remove_dir);
            }
        }
        Ok(())
    }
}

/// The names of the JSON files in a folder or, of an endpoint, the files below the folder of its declarations.
fn declarations(folder: &Path, is_endpoint: bool) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    let mut folders = vec![if is_endpoint { layout::DECLARATION.to_owned() } else { String::new() }];
    while let Some(prefix) = folders.pop() {
        let entries = match fs::read_dir(folder.join(&prefix)) {
            Err(error) if is_endpoint && error.kind() == io::ErrorKind::NotFound => continue,
            entries => entries?,
        };
        for entry in entries.flatten() {
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if is_endpoint && entry.file_type()?.is_dir() {
                folders.push(name + "/");
            } else if is_endpoint || Path::new(&name).extension().is_some_and(|extension| extension == "json") {
                names.push(name);
            }
        }
    }
    Ok(names)
}

/// The path of a regular file below a folder that is not too large to be ours, if no part of its name is a link.
pub(super) fn regular(folder: &Path, name: &str) -> Option<PathBuf> {
    let is_folder = |(end, _)| fs::symlink_metadata(folder.join(&name[..end])).is_ok_and(|found| found.is_dir());
    let path = folder.join(name);
    let is_file = |path: &Path| fs::symlink_metadata(path).is_ok_and(|file| file.is_file() && file.len() <= MAX_BYTES);
    (name.match_indices('/').all(is_folder) && is_file(&path)).then_some(path)
}

/// Whether a name is that of a regular file, not of a link to one, with one of these hashes.
fn has_hash(folder: &Path, name: &str, hashes: &BTreeSet<String>) -> bool {
    regular(folder, name).and_then(|path| fs::read(path).ok()).is_some_and(|text| hashes.contains(&hash(&text)))
}

/// The SHA-256 hash of a text, in hexadecimal.
pub(super) fn hash(text: &[u8]) -> String {
    Sha256::digest(text).iter().fold(String::with_capacity(64), |mut hash, byte| {
        let _ = write!(hash, "{byte:02x}");
        hash
    })
}

fn is_hash(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes_and_nothing_else() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let mut record = Record::default();
        record.add("a.json", hash(b"a"));
        record.add("a.json", hash(b"b"));
        let lines = ["../x.json", "/x.json", ".x.json", "x.toml", ".json", "a\\b.json", "a/b.json", "declaration/asset/../x"]
            .map(|name| format!("{}  {name}\n", hash(b"x")))
            .concat();
        fs::write(folder.path().join(NAME), record.text() + &lines + "0  b.json\n\n\u{fffd}").expect("it can be written");
        assert_eq!(Record::read(folder.path()).expect("it can be read"), record);
    }

    #[test]
    fn only_unchanged_regular_files_are_leftovers() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let path = |name: &str| folder.path().join(name);
        let mut record = Record::default();
        for name in ["changed.json", "same.json", "written.json", "gone.json", "folder.json", "link.json"] {
            record.add(name, hash(b"text"));
        }
        fs::write(path("changed.json"), "other").expect("it can be written");
        fs::write(path("same.json"), "text").expect("it can be written");
        fs::write(path("written.json"), "text").expect("it can be written");
        fs::create_dir(path("folder.json")).expect("it can be made");
        #[cfg(unix)]
        std::os::unix::fs::symlink("same.json", path("link.json")).expect("a link can be made");
        let left = record.leftovers(folder.path(), &BTreeSet::from(["written.json"])).expect("it can be read");
        assert_eq!(left.ours, ["same.json"]);
        assert!(left.others.starts_with(&["changed.json".to_owned(), "folder.json".to_owned()]), "{left:?}");
        record.remove(folder.path(), &["same.json".to_owned(), "changed.json".to_owned()]).expect("they can be removed");
        assert!(!path("same.json").exists() && path("changed.json").exists());
    }
}

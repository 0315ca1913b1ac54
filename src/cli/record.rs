//! The record of the files that `ddmc` wrote to a folder: a file `.ddmc` with their hashes and names.
//!
//! It tells leftovers of earlier runs from other files. A record may come from outside, so it is trusted with nothing but
//! plain names of JSON files in its own folder, and only a file that still has the recorded contents counts as ours.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use sha2::{Digest, Sha256};

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

/// The JSON files in a folder that a run did not write.
#[derive(Debug, Default)]
pub(super) struct Leftovers {
    /// Written by an earlier run, and unchanged since.
    pub(super) ours: Vec<String>,
    /// All others.
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
                && is_plain(name)
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

    /// Finds the JSON files in a folder other than `written`, which holds names in lower case.
    pub(super) fn leftovers(&self, folder: &Path, written: &HashSet<String>) -> io::Result<Leftovers> {
        let mut left = Leftovers::default();
        for entry in fs::read_dir(folder)?.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let is_json = Path::new(&name).extension().is_some_and(|extension| extension == "json");
            if is_json && !written.contains(&name.to_ascii_lowercase()) {
                let is_ours = self.0.get(&name).is_some_and(|hashes| has_hash(&entry.path(), hashes));
                (if is_ours { &mut left.ours } else { &mut left.others }).push(name);
            }
        }
        left.ours.sort();
        left.others.sort();
        Ok(left)
    }

    /// Removes files that an earlier run wrote. Each is compared once more, as it may have changed since.
    pub(super) fn remove(&self, folder: &Path, names: &[String]) -> io::Result<()> {
        for name in names {
            let path = folder.join(name);
            if self.0.get(name).is_some_and(|hashes| has_hash(&path, hashes)) {
                fs::remove_file(path)?;
            }
        }
        Ok(())
    }
}

/// Whether a path is a regular file, not a link to one, with one of these hashes.
fn has_hash(path: &Path, hashes: &BTreeSet<String>) -> bool {
    let is_small = |file: &fs::Metadata| file.is_file() && file.len() <= MAX_BYTES;
    fs::symlink_metadata(path).is_ok_and(|file| is_small(&file)) && fs::read(path).is_ok_and(|text| hashes.contains(&hash(&text)))
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

/// Whether this may be the name of a file that `ddmc` wrote: it is in the folder itself, and not hidden.
fn is_plain(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    name.bytes().all(is_plain) && !name.starts_with('.') && name.strip_suffix(".json").is_some_and(|stem| !stem.is_empty())
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
        let lines = ["../x.json", "/x.json", ".x.json", "x.toml", ".json", "a\\b.json", "a/b.json"]
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
        let left = record.leftovers(folder.path(), &HashSet::from(["written.json".to_owned()])).expect("it can be read");
        assert_eq!(left.ours, ["same.json"]);
        assert!(left.others.starts_with(&["changed.json".to_owned(), "folder.json".to_owned()]), "{left:?}");
        record.remove(folder.path(), &["same.json".to_owned(), "changed.json".to_owned()]).expect("they can be removed");
        assert!(!path("same.json").exists() && path("changed.json").exists());
    }
}

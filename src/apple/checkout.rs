//! Reads a checkout of Apple's `device-management` repository.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use super::import::{self, Complaint, DECLARATIONS};
use super::schema::Schema;
use crate::limits::{MAX_CHECKOUT_BYTES, MAX_CHECKOUT_ENTRIES, MAX_SCHEMA_FILE_BYTES};

/// Reads the schema in a checkout. Returns it, and what could not be understood.
///
/// # Errors
///
/// The folder is not such a checkout, or a file or folder in it cannot be read.
pub(crate) fn read(folder: &Path) -> Result<(Schema, Vec<Complaint>), String> {
    let lacks = |what: &str| {
        let shown = folder.display();
        Err(format!("{shown} is not a checkout of Apple's device-management repository: it has no {what}"))
    };
    if !folder.join(DECLARATIONS).is_dir() {
        return lacks(&format!("folder {DECLARATIONS}"));
    }
    for file in ["declarationbase.yaml", "configurations"] {
        if !folder.join(DECLARATIONS).join(file).exists() {
            return lacks(&format!("{DECLARATIONS}{file}"));
        }
    }
    let mut files = Files::default();
    files.folder(&folder.join(DECLARATIONS), DECLARATIONS)?;
    files.texts.sort();
    Ok(import::read(files.texts.iter().map(|(path, text)| (&**path, &**text))).into_schema())
}

/// Like [`read`], but the release names the commit, if there is one.
pub(crate) fn load(folder: &Path) -> Result<(Schema, Vec<Complaint>), String> {
    let (mut schema, complaints) = read(folder)?;
    if let Some(commit) = commit(&folder.join(".git")) {
        schema.release = format!("{} (commit {commit})", schema.release).into();
    }
    Ok((schema, complaints))
}

/// The YAML files of a checkout: pairs of path in the checkout and text.
#[derive(Default)]
struct Files {
    texts: Vec<(String, String)>,
    entries: usize,
    bytes: usize,
}

impl Files {
    /// Reads the files below a folder, without following links. `path` is its path in the checkout, with a trailing
    /// slash.
    fn folder(&mut self, folder: &Path, path: &str) -> Result<(), String> {
        let failed = |error: io::Error| format!("{}: {error}", folder.display());
        for entry in fs::read_dir(folder).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            self.entries += 1;
            if self.entries > MAX_CHECKOUT_ENTRIES {
                return Err(format!("{path} has more than {MAX_CHECKOUT_ENTRIES} files"));
            }
            let (name, kind) = (entry.file_name(), entry.file_type().map_err(failed)?);
            let Some(name) = name.to_str() else { continue };
            if kind.is_dir() {
                self.folder(&entry.path(), &format!("{path}{name}/"))?;
            } else if kind.is_file() && Path::new(name).extension().is_some_and(|extension| extension == "yaml") {
                let text = small(&entry.path()).map_err(|error| format!("{}: {error}", entry.path().display()))?;
                self.bytes += text.len();
                if self.bytes > MAX_CHECKOUT_BYTES {
                    return Err(format!("{path} has more than {} MiB of files", MAX_CHECKOUT_BYTES >> 20));
                }
                self.texts.push((format!("{path}{name}"), text));
            }
        }
        Ok(())
    }
}

/// Reads a small text file.
fn small(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    fs::File::open(path)?.take(MAX_SCHEMA_FILE_BYTES + 1).read_to_string(&mut text)?;
    if text.len() as u64 > MAX_SCHEMA_FILE_BYTES {
        Err(io::Error::other(format!("has more than {} MiB", MAX_SCHEMA_FILE_BYTES >> 20)))
    } else {
        Ok(text)
    }
}

/// The short hash of the commit that is checked out.
fn commit(git: &Path) -> Option<String> {
    let read = |name: &str| {
        let path = git.join(name);
        let is_file = fs::symlink_metadata(&path).is_ok_and(|file| file.is_file());
        small(&path).ok().filter(|_| is_file)
    };
    let head = read("HEAD")?;
    let hash = match head.trim().strip_prefix("ref: ") {
        None => head,
        Some(branch) if branch.split('/').any(|step| step == "..") => return None,
        Some(branch) => read(branch).or_else(|| {
            let packed = read("packed-refs")?;
            packed.lines().find_map(|line| Some(line.strip_suffix(branch)?.strip_suffix(' ')?.to_owned()))
        })?,
    };
    let hash = hash.trim().get(..8)?;
    hash.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| hash.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_a_folder_lacks() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let lacks = |path: &Path| read(path).expect_err("it is no checkout");
        assert!(lacks(folder.path()).ends_with("it has no folder declarative/declarations/"));
        fs::create_dir_all(folder.path().join(DECLARATIONS)).expect("a folder can be made");
        assert!(lacks(folder.path()).ends_with("it has no declarative/declarations/declarationbase.yaml"));
    }

    #[test]
    fn names_the_commit() {
        let git = tempfile::tempdir().expect("a temporary folder can be made");
        let write = |name: &str, text: &str| fs::write(git.path().join(name), text).expect("it can be written");
        assert_eq!(commit(git.path()), None);
        write("HEAD", "255d4a2dcafe0000000000000000000000000000\n");
        assert_eq!(commit(git.path()).as_deref(), Some("255d4a2d"));
        write("HEAD", "ref: refs/heads/release\n");
        write("packed-refs", "# pack-refs with: peeled\nabcdef0123456789 refs/heads/release\n");
        assert_eq!(commit(git.path()).as_deref(), Some("abcdef01"));
        write("HEAD", "ref: ../../secret\n");
        assert_eq!(commit(git.path()), None);
    }
}

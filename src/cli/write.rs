//! Writes files atomically: to temporary files in the same folder, renamed when all are complete.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, TempPath};

use crate::merge::Merged;
use crate::source::describe;
use crate::words::visible;

use super::merge::print;

/// Writes the set to one file, or one file per declaration to a folder if `path` is a folder or ends in a separator.
/// Returns the number of other JSON files in the folder, perhaps from an earlier merge.
pub(super) fn output(merged: &Merged, path: &Path) -> io::Result<usize> {
    let ends_in_separator = path.as_os_str().to_string_lossy().ends_with(std::path::is_separator);
    if !ends_in_separator && !path.is_dir() {
        return file(path, |out| print(merged, out)).map(|()| 0);
    }
    let is_new = !path.exists();
    create_folder(path)?;
    let result = folder(merged, path);
    if result.is_err() && is_new {
        // Fails unless the folder is empty.
        let _ = fs::remove_dir(path);
    }
    result
}

/// Creates a folder, unless it exists.
pub(super) fn create_folder(path: &Path) -> io::Result<()> {
    refuse_links(path)?;
    fs::create_dir_all(path)
}

/// Writes one file.
pub(super) fn file(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    stage(path, write)?.commit()
}

/// Writes one file; `commit` moves it into place.
pub(super) fn stage(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<Staged> {
    let mut file = Pending::new(path)?;
    write(&mut file)?;
    file.stage()
}

/// Moves files into place.
pub(super) fn commit(staged: Vec<Staged>) -> io::Result<()> {
    staged.into_iter().try_for_each(Staged::commit)
}

/// A file that is being written. It is removed unless it is committed.
pub(super) enum Pending {
    /// A temporary file and its target.
    File(BufWriter<NamedTempFile>, PathBuf),
    /// A pipe or a device, which cannot be replaced and is written directly.
    Stream(BufWriter<File>),
}

impl Pending {
    pub(super) fn new(path: &Path) -> io::Result<Self> {
        refuse_links(path)?;
        let before = fs::metadata(path).map(|before| (before.file_type(), before.permissions()));
        if let Ok((kind, _)) = &before {
            if kind.is_dir() {
                return Err(io::Error::from(io::ErrorKind::IsADirectory));
            }
            if !kind.is_file() {
                return Ok(Self::Stream(BufWriter::new(File::create(path)?)));
            }
        } else if path.is_symlink() {
            return Err(io::Error::new(io::ErrorKind::NotFound, "it is a dangling link"));
        }
        // Keep a link outside working trees, and replace the file it points to.
        let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let file = temporary(folder)?;
        if let Ok((_, permissions)) = before {
            file.as_file().set_permissions(permissions)?;
        }
        Ok(Self::File(BufWriter::new(file), target))
    }

    /// Flushes and closes the file.
    pub(super) fn stage(self) -> io::Result<Staged> {
        match self {
            Self::Stream(mut out) => out.flush().map(|()| Staged(None)),
            Self::File(out, target) => {
                let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
                file.as_file().sync_all()?;
                Ok(Staged(Some((file.into_temp_path(), target))))
            }
        }
    }

    fn out(&mut self) -> &mut dyn Write {
        match self {
            Self::File(out, _) => out,
            Self::Stream(out) => out,
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

/// Creates a temporary file with a random name and default permissions. Errors do not show that name: the user knows the
/// target only.
fn temporary(folder: &Path) -> io::Result<NamedTempFile> {
    if !folder.is_dir() {
        return Err(io::Error::new(io::ErrorKind::NotFound, "its folder does not exist"));
    }
    let mut builder = tempfile::Builder::new();
    builder.prefix(".ddmc-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder).map_err(|error| io::Error::new(error.kind(), describe(&error)))
}

/// A complete and closed file, not yet in place; `None` for a stream.
pub(super) struct Staged(Option<(TempPath, PathBuf)>);

impl Staged {
    /// Moves the file into place.
    pub(super) fn commit(self) -> io::Result<()> {
        self.0.map_or(Ok(()), |(file, target)| file.persist(target).map_err(|error| error.error))
    }
}

/// Refuses a path that goes through a symbolic link in the current folder or in a git working tree: a pull request
/// could add a link that redirects the write anywhere.
fn refuse_links(path: &Path) -> io::Result<()> {
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

fn folder(merged: &Merged, folder: &Path) -> io::Result<usize> {
    let mut staged = Vec::new();
    let mut taken = HashSet::new();
    for declaration in &merged.declarations {
        let name = file_name(&declaration.identifier, &mut taken);
        staged.push(stage(&folder.join(name), |out| writeln!(out, "{}", declaration.text))?);
    }
    commit(staged)?;
    let is_other = |path: &Path| {
        let name = path.file_name().map(|name| name.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
        path.extension().is_some_and(|extension| extension == "json") && !taken.contains(&name)
    };
    Ok(fs::read_dir(folder)?.flatten().filter(|entry| is_other(&entry.path())).count())
}

/// A file name for an identifier: valid on every file system, and unique even if case is ignored.
fn file_name(identifier: &str, taken: &mut HashSet<String>) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let plain: String = identifier.chars().map(|c| if is_plain(c) { c } else { '_' }).collect();
    let plain = plain.trim_end_matches('.');
    let stem = plain.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let is_device = ["con", "prn", "aux", "nul"].contains(&stem.as_str())
        || (stem.len() == 4
            && (stem.starts_with("com") || stem.starts_with("lpt"))
            && stem.ends_with(|c: char| c.is_ascii_digit()));
    let prefix = if plain.is_empty() || plain.starts_with('.') || is_device { "_" } else { "" };
    let mut name = format!("{prefix}{plain}.json");
    let mut number = 1;
    while !taken.insert(name.to_ascii_lowercase()) {
        number += 1;
        name = format!("{prefix}{plain}-{number}.json");
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe_on_every_file_system() {
        let mut taken = HashSet::new();
        let names: Vec<String> =
            ["com.example.a", "COM.example.A", "../etc", "a/b:c", "", "nul", "com1.x", ".hidden", "ä", "dots.."]
                .into_iter()
                .map(|identifier| file_name(identifier, &mut taken))
                .collect();
        let expected = [
            "com.example.a.json",
            "COM.example.A-2.json",
            "_.._etc.json",
            "a_b_c.json",
            "_.json",
            "_nul.json",
            "_com1.x.json",
            "_.hidden.json",
            "_-2.json",
            "dots.json",
        ];
        assert_eq!(names, expected);
    }
}

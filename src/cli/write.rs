//! Writes files, all or nothing: each is written under a random name in its folder first, and renamed when all are whole.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, TempPath};

use crate::merge::Merged;
use crate::words::visible;

use super::merge::print;

/// Writes the set to a file, or one file for each declaration to a folder: one that exists, or whose name ends in a separator. Returns
/// how many other JSON files the folder holds, perhaps from an earlier merge.
pub(super) fn output(merged: &Merged, path: &Path) -> io::Result<usize> {
    let ends_in_separator = path.as_os_str().to_string_lossy().ends_with(std::path::is_separator);
    if !ends_in_separator && !path.is_dir() {
        return file(path, |out| print(merged, out)).map(|()| 0);
    }
    let is_new = !path.exists();
    create_folder(path)?;
    let result = folder(merged, path);
    if result.is_err() && is_new {
        // Only if it is empty, as it then is.
        let _ = fs::remove_dir(path);
    }
    result
}

/// Makes a folder, unless it exists.
pub(super) fn create_folder(path: &Path) -> io::Result<()> {
    refuse_links(path)?;
    fs::create_dir_all(path)
}

/// Writes one file.
pub(super) fn file(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    stage(path, write)?.commit()
}

/// Writes one file, which takes its place later.
pub(super) fn stage(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<Staged> {
    let mut file = Pending::new(path)?;
    write(&mut file)?;
    file.stage()
}

/// Puts files into their places.
pub(super) fn commit(staged: Vec<Staged>) -> io::Result<()> {
    staged.into_iter().try_for_each(Staged::commit)
}

/// A file that is being written. It is removed unless it gets to its place.
pub(super) enum Pending {
    /// A file with a temporary name, and its place.
    File(BufWriter<NamedTempFile>, PathBuf),
    /// A pipe or a device, which cannot be replaced and is written to.
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
            return Err(io::Error::new(io::ErrorKind::NotFound, "it is a link that leads nowhere"));
        }
        // A link outside of working trees stays a link: the file it points at is replaced.
        let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let file = temporary(folder)?;
        if let Ok((_, permissions)) = before {
            file.as_file().set_permissions(permissions)?;
        }
        Ok(Self::File(BufWriter::new(file), target))
    }

    /// Writes the rest, and closes the file.
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

/// A new file with a random name and, until it replaces another, the permissions of any new file.
fn temporary(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".ddmc-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}

/// A file that is whole and closed, and not yet in its place; `None` for a stream, which has no place to take.
pub(super) struct Staged(Option<(TempPath, PathBuf)>);

impl Staged {
    /// Puts the file into its place.
    pub(super) fn commit(self) -> io::Result<()> {
        self.0.map_or(Ok(()), |(file, target)| file.persist(target).map_err(|error| error.error))
    }
}

/// Refuses a path with a symbolic link that lies in the current folder or in a working tree of git: a pull request can bring one, which
/// would lead the write anywhere.
fn refuse_links(path: &Path) -> io::Result<()> {
    let here = std::env::current_dir()?.canonicalize()?;
    let is_tree = |folder: &Path| folder.starts_with(&here) || folder.ancestors().any(|above| above.join(".git").exists());
    for step in here.join(path).ancestors().filter(|step| step.is_symlink()) {
        if step.parent().and_then(|folder| folder.canonicalize().ok()).is_none_or(|folder| is_tree(&folder)) {
            let name = visible(&step.strip_prefix(&here).unwrap_or(step).to_string_lossy());
            return Err(io::Error::other(format!(
                "{name} is a symbolic link, and ddmc does not write through links in a working tree"
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

/// A file name that every file system takes, made from an identifier, and unlike all others even where case does not count.
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

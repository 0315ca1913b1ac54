//! Writes the set to publish, all or nothing.
//!
//! Everything is written beside its place first and takes it with a rename. What was there before is moved aside until all is done,
//! and moved back if anything fails.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::merge::Merged;

use super::merge::print;

/// Writes the set to a file, or one file for each declaration to a folder: one that exists, or whose name ends in a separator. Returns
/// how many other JSON files the folder holds, perhaps from an earlier merge.
pub(super) fn output(merged: &Merged, path: &Path) -> io::Result<usize> {
    let ends_in_separator = path.as_os_str().to_string_lossy().ends_with(std::path::is_separator);
    if !ends_in_separator && !path.is_dir() {
        return file(path, |out| print(merged, out)).map(|()| 0);
    }
    let is_new = !path.exists();
    if is_new {
        fs::create_dir_all(path)?;
    }
    let result = folder(merged, path);
    if result.is_err() && is_new {
        // Only if it is empty, as it then is.
        let _ = fs::remove_dir(path);
    }
    result
}

/// Writes one file, all or nothing.
pub(super) fn file(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut file = Pending::new(path)?;
    write(&mut file)?;
    file.commit()
}

/// A file that is being written beside its place, and takes it in the end.
pub(super) struct Pending {
    out: BufWriter<File>,
    /// Where it is written, and its place; none for a pipe or a device, which cannot be replaced and is written to.
    paths: Option<(PathBuf, PathBuf)>,
}

impl Pending {
    pub(super) fn new(path: &Path) -> io::Result<Self> {
        let before = fs::metadata(path);
        if before.as_ref().is_ok_and(fs::Metadata::is_dir) {
            return Err(io::Error::from(io::ErrorKind::IsADirectory));
        }
        if before.as_ref().is_ok_and(|target| !target.is_file()) {
            return Ok(Self { out: BufWriter::new(File::create(path)?), paths: None });
        }
        if before.is_err() && fs::symlink_metadata(path).is_ok() {
            return Err(io::Error::new(io::ErrorKind::NotFound, "it is a link that leads nowhere"));
        }
        // A link stays a link, and what it points at is replaced.
        let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let (new, file) = spare(folder)?;
        if let Ok(before) = before {
            file.set_permissions(before.permissions())?;
        }
        Ok(Self { out: BufWriter::new(file), paths: Some((new, target)) })
    }

    /// Puts the file into its place.
    pub(super) fn commit(mut self) -> io::Result<()> {
        self.out.flush()?;
        let Some((new, target)) = &self.paths else { return Ok(()) };
        self.out.get_ref().sync_all()?;
        fs::rename(new, target)?;
        self.paths = None;
        Ok(())
    }
}

/// A new file in a folder, under a name that nothing has.
fn spare(folder: &Path) -> io::Result<(PathBuf, File)> {
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let path = folder.join(format!(".ddmc-{}-{number}.new", std::process::id()));
    let file = File::create_new(&path)?;
    Ok((path, file))
}

impl Write for Pending {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl Drop for Pending {
    /// What did not get to its place goes.
    fn drop(&mut self) {
        if let Some((new, _)) = &self.paths {
            let _ = fs::remove_file(new);
        }
    }
}

fn folder(merged: &Merged, folder: &Path) -> io::Result<usize> {
    let mut staged = Staged::new(folder);
    let mut taken = HashSet::new();
    for declaration in &merged.declarations {
        let name = file_name(&declaration.identifier, &mut taken);
        staged.add(&folder.join(name), |out| writeln!(out, "{}", declaration.text))?;
    }
    staged.commit()?;
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

/// Files that are written and not yet in their places.
struct Staged {
    folder: PathBuf,
    files: Vec<(PathBuf, PathBuf)>,
}

impl Staged {
    fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), files: Vec::new() }
    }

    fn add(&mut self, target: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
        let (new, file) = spare(&self.folder)?;
        let mut out = BufWriter::new(file);
        self.files.push((new.clone(), target.to_owned()));
        write(&mut out)?;
        let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
        if let Ok(before) = fs::metadata(target) {
            if before.is_dir() {
                return Err(io::Error::from(io::ErrorKind::IsADirectory));
            }
            file.set_permissions(before.permissions())?;
        }
        file.sync_all()
    }

    /// Moves all files to their places.
    fn commit(mut self) -> io::Result<()> {
        let files = std::mem::take(&mut self.files);
        // One rename replaces a file by itself; several need a way back.
        if let [(new, target)] = files.as_slice() {
            let renamed = fs::rename(new, target);
            if renamed.is_err() {
                self.files = files;
            }
            return renamed;
        }
        let mut undo: Vec<(PathBuf, Option<PathBuf>)> = Vec::new();
        for (at, (new, target)) in files.iter().enumerate() {
            let old = new.with_extension("old");
            let had_before = fs::symlink_metadata(target).is_ok();
            let moved = if had_before { fs::rename(target, &old) } else { Ok(()) };
            let done = moved.and_then(|()| {
                undo.push((target.clone(), had_before.then(|| old.clone())));
                fs::rename(new, target)
            });
            if let Err(error) = done {
                self.files = files[at..].to_vec();
                for (target, old) in undo.into_iter().rev() {
                    let _ = old.map_or_else(|| fs::remove_file(&target), |old| fs::rename(old, &target));
                }
                return Err(error);
            }
        }
        for old in undo.into_iter().filter_map(|(_, old)| old) {
            let _ = fs::remove_file(old);
        }
        Ok(())
    }
}

impl Drop for Staged {
    /// What is not in its place in the end goes.
    fn drop(&mut self) {
        for (new, _) in &self.files {
            let _ = fs::remove_file(new);
        }
    }
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

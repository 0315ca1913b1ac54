//! Writes the files of a set to a folder, and tells what that changes.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::fix::print_diff;
use super::overlap::InputFiles;
use super::record::{self, Leftovers, Record};
use super::write::{Batch, commit, create_folder, refuse_links};
use crate::layout::NamedFile;
use crate::words::visible;

/// How to treat the files that earlier runs wrote to a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Earlier {
    /// Write no record of this run, and ask for none.
    Ignore,
    Find,
    Remove,
}

/// What is left in a folder from earlier runs, and what was changed there.
#[derive(Debug, Default)]
pub(super) struct Rest {
    pub(super) left: Leftovers,
    pub(super) removed: Vec<String>,
    pub(super) added: usize,
    pub(super) changed: usize,
}

/// Writes files to a folder in their order: all or, if one cannot be written, none. Files that have the same text already
/// stay as they are. Replaces no input.
pub(super) fn write(files: &[NamedFile<'_>], folder: &Path, inputs: &InputFiles, earlier: Earlier) -> io::Result<Rest> {
    let mut created = Created::default();
    create_folder_in(folder, &mut created)?;
    let result = changes(files, folder, inputs, earlier).and_then(|changes| changes.write(folder, &mut created));
    if result.is_err() {
        created.remove();
    }
    result
}

/// Prints what [`write()`] would change, as a diff without secrets.
pub(super) fn diff(
    files: &[NamedFile<'_>],
    folder: &Path,
    inputs: &InputFiles,
    earlier: Earlier,
    out: &mut dyn Write,
) -> io::Result<Rest> {
    let Changes { files, rest, .. } = changes(files, folder, inputs, earlier)?;
    let shown = |name: &str| format!("{}/{name}", folder.to_string_lossy().trim_end_matches('/'));
    for file in files {
        let before = text(folder, &file.name).unwrap_or_default();
        print_diff(&shown(&file.name), grammar(&file.name), &before, &bytes(file), out)?;
    }
    for name in &rest.removed {
        let before = text(folder, name).unwrap_or_default();
        print_diff(&shown(name), grammar(name), &before, b"", out)?;
    }
    Ok(rest)
}

/// The bytes of a file.
fn bytes(file: &NamedFile<'_>) -> Vec<u8> {
    [file.text.as_bytes(), b"\n"].concat()
}

/// What a file of a set is read as: an identifier that is the name of a file says nothing about its text.
fn grammar(name: &str) -> &str {
    if name.contains('/') { "declaration.json" } else { name }
}

/// Reads a regular file that an earlier run may have written.
pub(super) fn earlier(folder: &Path, name: &str) -> Option<String> {
    text(folder, name).map(|text| String::from_utf8_lossy(&text).into_owned())
}

fn text(folder: &Path, name: &str) -> Option<Vec<u8>> {
    fs::read(record::regular(folder, name)?).ok()
}

/// What a run changes in a folder.
struct Changes<'f> {
    /// The files that are new or get another text.
    files: Vec<&'f NamedFile<'f>>,
    /// `rest.removed` are still there.
    rest: Rest,
    /// The record of earlier runs, and that of this run; `None` if none is kept.
    records: Option<(Record, Record)>,
    /// A time after the last change of all files that get another text.
    modified: SystemTime,
}

fn changes<'f>(files: &'f [NamedFile<'f>], folder: &Path, inputs: &InputFiles, earlier: Earlier) -> io::Result<Changes<'f>> {
    let mut changes = Changes { files: Vec::new(), rest: Rest::default(), records: None, modified: SystemTime::now() };
    let mut written = Record::default();
    for file in files {
        let path = folder.join(&file.name);
        inputs.refuse(&path).map_err(|error| about(&file.name, &error))?;
        let new = bytes(file);
        written.add(&file.name, record::hash(&new));
        let before = fs::metadata(&path).ok();
        if before.as_ref().is_some_and(|before| before.is_file() && before.len() == new.len() as u64)
            && fs::read(&path).is_ok_and(|text| text == new)
        {
            continue;
        }
        // Web servers compare whole seconds.
        let later = before.as_ref().and_then(|before| before.modified().ok()?.checked_add(Duration::from_secs(1)));
        changes.modified = changes.modified.max(later.unwrap_or(SystemTime::UNIX_EPOCH));
        *(if before.is_some() { &mut changes.rest.changed } else { &mut changes.rest.added }) += 1;
        changes.files.push(file);
    }
    if earlier == Earlier::Ignore {
        return Ok(changes);
    }
    let before = Record::read(folder)?;
    if folder.is_dir() {
        let names: BTreeSet<&str> = files.iter().map(|file| file.name.as_str()).collect();
        let mut left = before.leftovers(folder, &names)?;
        // An input is never removed.
        let (kept, ours) = left.ours.into_iter().partition(|name| inputs.names(&folder.join(name)));
        left.ours = ours;
        left.others.extend(kept);
        if earlier == Earlier::Remove {
            changes.rest.removed = std::mem::take(&mut left.ours);
        }
        changes.rest.left = left;
    }
    changes.records = Some((before, written));
    Ok(changes)
}

impl Changes<'_> {
    fn write(self, folder: &Path, created: &mut Created) -> io::Result<Rest> {
        let Changes { files, rest, records, modified } = self;
        // Temporary files in the folder itself are found by the next run, whatever it writes.
        let mut batch = Batch::within(folder, modified);
        let mut staged = Vec::with_capacity(files.len());
        for file in files {
            let mut stage = |batch: &mut Batch| {
                create_parents(folder, &file.name, created)?;
                batch.stage(&folder.join(&file.name), |out| out.write_all(&bytes(file)))
            };
            staged.push(stage(&mut batch).map_err(|error| about(&file.name, &error))?);
        }
        let Some((before, written)) = records else { return commit(staged).map(|()| rest) };
        let mut write_record = |record: &Record| {
            let path = folder.join(record::NAME);
            batch.stage(&path, |out| out.write_all(record.text().as_bytes()))?.commit()
        };
        // The record is a superset of what is in the folder at any time, so a run that is killed leaves nothing unknown.
        let during = written.clone().and(&before);
        if during != before {
            write_record(&during)?;
        }
        commit(staged)?;
        before.remove(folder, &rest.removed)?;
        let after = written.keep(&before, &rest.left.ours);
        if after != during {
            write_record(&after)?;
        }
        Ok(rest)
    }
}

/// The folders that a run has made, each after the one that holds it.
#[derive(Default)]
struct Created(Vec<PathBuf>);

impl Created {
    /// Removes those that are empty.
    fn remove(self) {
        for folder in self.0.into_iter().rev() {
            let _ = fs::remove_dir(folder);
        }
    }
}

/// Creates the output folder and those that hold it.
fn create_folder_in(folder: &Path, created: &mut Created) -> io::Result<()> {
    let missing: Vec<PathBuf> = folder.ancestors().take_while(|path| !path.exists()).map(Path::to_path_buf).collect();
    create_folder(folder)?;
    created.0.extend(missing.into_iter().filter(|path| !path.as_os_str().is_empty()).rev());
    Ok(())
}

/// Creates the folders between the output folder and a file.
fn create_parents(folder: &Path, name: &str, created: &mut Created) -> io::Result<()> {
    for (end, _) in name.match_indices('/') {
        let path = folder.join(&name[..end]);
        if path.is_dir() {
            continue;
        }
        refuse_links(&path)?;
        match fs::create_dir(&path) {
            Ok(()) => created.0.push(path),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                let place = visible(&name[..end]);
                return Err(io::Error::other(format!("{place} is a file, not a folder; remove it, or write to another folder")));
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

fn about(name: &str, error: &io::Error) -> io::Error {
    io::Error::other(format!("{}: {}", visible(name), crate::source::describe(error)))
}

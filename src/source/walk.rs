//! Walks folders in a fixed order, past what ignore files and patterns exclude.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use super::ignores::Ignores;
use super::read::describe;
use super::{ReadError, Unit};
use crate::config::{Exclude, Globs};
use crate::syntax::{YAML, has_extension, is_of_endpoint, lists_set};

/// What the filter of a walk passes by: excluded files and folders, and ignore files that could not be read. The walk
/// hands its filter to another owner, so they share it.
#[derive(Clone, Default)]
pub(super) struct Passed(Arc<Mutex<VecDeque<Unit>>>);

impl Passed {
    fn push(&self, unit: Unit) {
        if let Ok(mut units) = self.0.lock() {
            units.push_back(unit);
        }
    }

    pub(super) fn next(&self) -> Option<Unit> {
        self.0.lock().ok()?.pop_front()
    }
}

/// A path without the `./` of paths in the current folder.
pub(super) fn plain(path: PathBuf) -> PathBuf {
    let is_here = path.as_os_str().as_encoded_bytes().starts_with(b".");
    if is_here { path.strip_prefix(".").map(Path::to_path_buf).unwrap_or(path) } else { path }
}

/// The name of a file in findings.
pub(super) fn name(path: &Path) -> Arc<str> {
    path.to_str().map_or_else(|| Arc::from(path.to_string_lossy()), Arc::from)
}

/// Walks a folder, sorted by name. Only ignore files in the repository apply, not the user's git settings. Links are
/// not followed, so there are no loops.
pub(super) fn walk(folder: &Path, ignores: Ignores, exclude: Arc<Exclude>, passed: Passed) -> ignore::Walk {
    let is_excluded = exclude.excludes_below(folder);
    let ignores = Mutex::new(ignores);
    let is_ignored = move |path: &Path, is_folder: bool, passed: &Passed| {
        let Ok(mut ignores) = ignores.lock() else { return false };
        let is_ignored = ignores.excludes(path, is_folder);
        ignores.failures.drain(..).for_each(|error| passed.push(Unit::Failed(error)));
        is_ignored
    };
    ignore::WalkBuilder::new(folder)
        .filter_entry(move |entry| {
            let (path, is_folder) = (entry.path(), entry.file_type().is_some_and(|kind| kind.is_dir()));
            if entry.depth() == 0 {
                return true;
            }
            if is_ignored(path, is_folder, &passed) {
                return false;
            }
            let is_kept = !is_excluded(path);
            if !is_kept && (is_folder || has_known_extension(path)) {
                passed.push(Unit::Excluded(name(&plain(path.to_owned()))));
            }
            is_kept
        })
        // `Ignores` is stricter: it reads only regular files, of limited size, and none above the repository.
        .standard_filters(false)
        .follow_links(false)
        // Entries are sorted within one folder, so comparing the full paths equals comparing the names.
        .sort_by_file_path(|one, other| one.as_os_str().cmp(other.as_os_str()))
        .build()
}

/// The files and folders in a folder that ignore files do not hide, each with whether it is a file that a run would read.
pub(crate) fn entries(folder: &Path) -> impl Iterator<Item = (PathBuf, bool)> {
    let exclude = Arc::new(Exclude::new(None, &Globs::default(), folder));
    walk(folder, Ignores::new(folder), exclude, Passed::default()).filter_map(Result::ok).filter(|entry| entry.depth() > 0).map(
        |entry| {
            let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
            let path = plain(entry.into_path());
            let is_document = is_file && has_known_extension(&path);
            (path, is_document)
        },
    )
}

/// The files of a workspace that a run would read, in order, and the paths that cannot be read. Reads nothing outside the
/// folder.
pub(crate) fn workspace(folder: &Path, exclude: Arc<Exclude>) -> impl Iterator<Item = Result<PathBuf, ReadError>> {
    let passed = Passed::default();
    let entries = walk(folder, Ignores::inside(folder), exclude, passed.clone()).filter_map(|entry| match entry {
        Ok(entry) => {
            let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
            (is_file && has_known_extension(entry.path())).then(|| Ok(entry.into_path()))
        }
        Err(error) => {
            let (file, reason) = walk_error(&error);
            Some(Err(ReadError { file: Arc::from(file), reason }))
        }
    });
    // The walk adds units while it is iterated.
    let failures = std::iter::from_fn(move || passed.next()).filter_map(|unit| match unit {
        Unit::Failed(error) => Some(Err(error)),
        _ => None,
    });
    entries.chain(failures)
}

/// Whether [`workspace`] yields a file, which need not exist.
pub(crate) fn is_in_workspace(folder: &Path, exclude: Arc<Exclude>, file: &Path) -> bool {
    yields(folder, Ignores::inside(folder), exclude, file)
}

/// Whether a walk of a folder yields a file, which need not exist.
pub(crate) fn finds(folder: &Path, exclude: Arc<Exclude>, file: &Path) -> bool {
    yields(folder, Ignores::new(folder), exclude, file)
}

fn yields(folder: &Path, mut ignores: Ignores, exclude: Arc<Exclude>, file: &Path) -> bool {
    let (Ok(root), Some(file)) = (std::fs::canonicalize(folder), resolve(file)) else { return false };
    let Some(rest) = file.strip_prefix(root).ok().filter(|rest| has_known_extension(rest)) else { return false };
    let is_excluded = exclude.excludes_below(folder);
    let mut path = folder.to_owned();
    let mut steps = rest.components().peekable();
    while let Some(step) = steps.next() {
        path.push(step);
        if ignores.excludes(&path, steps.peek().is_some()) || is_excluded(&path) {
            return false;
        }
    }
    true
}

/// The absolute path of a file or a folder, without links. It and some of the folders above need not exist.
fn resolve(path: &Path) -> Option<PathBuf> {
    let absolute = std::path::absolute(path).ok()?;
    let mut above = absolute.ancestors();
    let known = above.find_map(|folder| Some((folder, std::fs::canonicalize(folder).ok()?)));
    known.and_then(|(folder, real)| Some(real.join(absolute.strip_prefix(folder).ok()?)))
}

/// The path and the text of a walk error.
pub(super) fn walk_error(error: &ignore::Error) -> (String, String) {
    match error {
        ignore::Error::WithPath { path, err } => (path.to_string_lossy().into_owned(), walk_error(err).1),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => walk_error(err),
        ignore::Error::Io(error) => (".".to_owned(), describe(error)),
        other => (".".to_owned(), other.to_string()),
    }
}

/// Whether a file name found in a folder has an extension of declarations, commands or profiles, or of files that may hold
/// declarations that are not read.
pub(super) fn has_known_extension(path: &Path) -> bool {
    has_extension(path, &["json", "ndjson", "jsonl", "plist", "mobileconfig", "xml", "tf"])
        || has_extension(path, &YAML)
        || lists_set(path)
        || is_of_endpoint(path)
}

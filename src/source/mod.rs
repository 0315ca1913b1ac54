//! Turns files, folders and standard input into an ordered stream of units to read.
//!
//! Folders are walked lazily and in a fixed order, so that the first findings appear before the walk ends. Nothing here
//! knows what a declaration is.

mod blocks;
mod git;
mod ignores;
mod line_reader;
mod read;
pub(crate) mod records;
pub(crate) mod repository;
mod walk;

use std::collections::HashSet;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::vec;

pub(crate) use blocks::{Block, Blocks, Cut};
pub(crate) use git::{Tree, is_revision};
use ignores::Ignores;
use line_reader::LineReader;
use read::Origin;
pub(crate) use read::{Document, StandardInput, describe, read_small, read_span};
use walk::{Passed, has_known_extension, name, plain, walk, walk_error};
pub(crate) use walk::{entries, finds, is_in_workspace, workspace};

use crate::config::Exclude;
use crate::diagnostic::Position;
use crate::syntax::{Line, has_lines};
use crate::validate::Strictness;

/// The default name of standard input.
pub(crate) const STDIN: &str = "<stdin>";

/// A path that could not be read, and the reason.
#[derive(Debug, Clone)]
pub(crate) struct ReadError {
    pub(crate) file: Arc<str>,
    pub(crate) reason: String,
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", crate::words::visible(&self.file), crate::words::visible(&self.reason))
    }
}

/// A unit of work.
pub(crate) enum Unit {
    /// A file with one declaration or an array of them, not read yet.
    File(Document),
    /// Some lines of a file with one declaration per line.
    Lines(Lines),
    /// A file or folder that a pattern excludes.
    Excluded(Arc<str>),
    /// A path that could not be read.
    Failed(ReadError),
}

/// What is read at a time.
pub(crate) trait Weigh {
    /// The number of bytes of text in memory.
    fn bytes(&self) -> usize;
}

impl Weigh for Unit {
    fn bytes(&self) -> usize {
        match self {
            Self::Lines(lines) => lines.bytes.len(),
            Self::File(_) | Self::Excluded(_) | Self::Failed(_) => 0,
        }
    }
}

/// Lines of a file with one declaration per line.
pub(crate) struct Lines {
    /// The path, which differs from the name in findings if it is not UTF-8. `None` for standard input.
    pub(crate) path: Option<Arc<Path>>,
    pub(crate) file: Arc<str>,
    pub(crate) strictness: Strictness,
    pub(crate) bytes: Vec<u8>,
    /// The lines that are not blank.
    pub(crate) spans: Vec<Line>,
    pub(crate) origin: Position,
    pub(crate) first_index: usize,
    /// Whether the file ends with these lines.
    pub(crate) is_last: bool,
}

/// The inputs of a command, in order.
pub(crate) struct Inputs {
    paths: vec::IntoIter<PathBuf>,
    /// The files of a git revision, and whether each is named or found.
    blobs: Option<(Box<dyn Iterator<Item = git::File> + Send>, Strictness)>,
    stdin_name: Option<String>,
    stdin: StandardInput,
    exclude: Arc<Exclude>,
    walk: Option<ignore::Walk>,
    lines: Option<LineReader>,
    /// What the walk has passed by and was not returned yet.
    passed: Passed,
    /// The files read so far, to read each once; `None` if there is only one path.
    seen: Option<HashSet<PathBuf>>,
}

impl Inputs {
    /// The files and folders at `paths`, except excluded ones; `-` is standard input, called `stdin_name`.
    pub(crate) fn new(paths: Vec<PathBuf>, stdin_name: Option<String>, stdin: StandardInput, exclude: Arc<Exclude>) -> Self {
        let seen = (paths.len() > 1).then(HashSet::new);
        let (paths, passed) = (paths.into_iter(), Passed::default());
        Self { paths, blobs: None, stdin_name, stdin, exclude, walk: None, lines: None, passed, seen }
    }

    /// Also the files of a git revision.
    pub(crate) fn with_tree(self, tree: &Arc<Tree>) -> Self {
        let strictness = if tree.is_file() { Strictness::Named } else { Strictness::Found };
        Self { blobs: Some((Box::new(tree.files()), strictness)), ..self }
    }

    fn blob(&mut self, (file, strictness): (git::File, Strictness)) -> Option<Unit> {
        match file {
            Ok((name, blob)) => self.file(Origin::Blob(blob), name, strictness),
            Err(error) => Some(Unit::Failed(error)),
        }
    }

    fn open(&mut self, path: PathBuf) -> Option<Unit> {
        if path.as_os_str() == "-" {
            let name = self.stdin_name.clone().unwrap_or_else(|| STDIN.to_owned());
            return self.file(Origin::StandardInput(self.stdin.clone()), Arc::from(name), Strictness::Named);
        }
        if self.exclude.excludes_input(&path) {
            return Some(Unit::Excluded(name(&path)));
        }
        if path.is_dir() {
            self.walk = Some(walk(&path, Ignores::new(&path), self.exclude.clone(), self.passed.clone()));
            return None;
        }
        let name = name(&path);
        self.file(Origin::Path(path), name, Strictness::Named)
    }

    /// Returns the unit of a file; for a file of lines, starts a line reader that yields the next units.
    fn file(&mut self, path: Origin, file: Arc<str>, strictness: Strictness) -> Option<Unit> {
        if let (Some(seen), Origin::Path(path)) = (&mut self.seen, &path)
            && !seen.insert(std::fs::canonicalize(path).unwrap_or_else(|_| path.clone()))
        {
            return None;
        }
        if !has_lines(Path::new(&*file)) {
            return Some(Unit::File(Document { path, file, strictness }));
        }
        match path.open() {
            Ok(reader) => {
                self.lines = Some(LineReader::new(reader, path.path().map(Arc::from), file, strictness));
                None
            }
            Err(error) => Some(Unit::Failed(ReadError { file, reason: describe(&error) })),
        }
    }

    fn walk_entry(&mut self, entry: Result<ignore::DirEntry, ignore::Error>) -> Option<Unit> {
        match entry {
            Ok(entry) => {
                let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
                if !is_file || !has_known_extension(entry.path()) {
                    return None;
                }
                let path = plain(entry.into_path());
                let name = name(&path);
                self.file(Origin::Path(path), name, Strictness::Found)
            }
            Err(error) => {
                let (file, reason) = walk_error(&error);
                Some(Unit::Failed(ReadError { file: Arc::from(file), reason }))
            }
        }
    }
}

impl Iterator for Inputs {
    type Item = Unit;

    fn next(&mut self) -> Option<Unit> {
        loop {
            if let Some(lines) = &mut self.lines {
                match lines.next() {
                    Some(unit) => return Some(unit),
                    None => self.lines = None,
                }
            }
            if let Some(unit) = self.passed.next() {
                return Some(unit);
            }
            let unit = match self.walk.as_mut().map(Iterator::next) {
                Some(Some(entry)) => self.walk_entry(entry),
                Some(None) => {
                    self.walk = None;
                    None
                }
                None => {
                    let blob = self.blobs.as_mut().and_then(|(files, strictness)| Some((files.next()?, *strictness)));
                    if let Some(file) = blob { self.blob(file) } else { self.paths.next().map(|path| self.open(path))? }
                }
            };
            if unit.is_some() {
                return unit;
            }
        }
    }
}

//! Turns files, folders and standard input into an ordered stream of units to read.
//!
//! Folders are walked lazily and in a fixed order, so that the first findings appear before the walk ends. Nothing here
//! knows what a declaration is.

mod blocks;
mod git;
mod ignores;
mod line_reader;
pub(crate) mod records;
pub(crate) mod repository;

use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};
use std::vec;

pub(crate) use blocks::{Block, Blocks, Cut};
use git::Blob;
pub(crate) use git::{Tree, is_revision};
use ignores::Ignores;
use line_reader::LineReader;

use crate::config::{Exclude, Globs};
use crate::diagnostic::Position;
use crate::limits::{MAX_DOCUMENT_BYTES, MAX_FILE_BYTES, MAX_SHARED_BYTES};
use crate::syntax::{self, Layout, Line, YAML, has_extension, has_lines, is_of_endpoint, lists_set};
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

/// A file that is read into memory at once.
pub(crate) struct Document {
    path: Origin,
    pub(crate) file: Arc<str>,
    pub(crate) strictness: Strictness,
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

enum Origin {
    StandardInput(StandardInput),
    Path(PathBuf),
    /// A file of a git revision.
    Blob(Blob),
}

/// The text of standard input, kept because it can be read only once.
#[derive(Debug, Clone, Default)]
pub(crate) struct StandardInput(Arc<OnceLock<Vec<u8>>>);

impl StandardInput {
    fn read(&self, buffer: &mut Vec<u8>) -> io::Result<usize> {
        if let Some(text) = self.text() {
            buffer.extend_from_slice(text);
            return Ok(text.len());
        }
        read_text(io::stdin().lock(), buffer, || ())?;
        let _ = self.0.set(buffer.clone());
        Ok(buffer.len())
    }

    /// The text, once read; lines are not kept.
    pub(crate) fn text(&self) -> Option<&[u8]> {
        self.0.get().map(Vec::as_slice)
    }
}

impl Origin {
    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        Ok(match self {
            Self::StandardInput(_) => Box::new(io::stdin()),
            Self::Path(path) => Box::new(File::open(path)?),
            Self::Blob(blob) => Box::new(blob.open()?),
        })
    }

    fn path(&self) -> Option<&Path> {
        match self {
            Self::StandardInput(_) | Self::Blob(_) => None,
            Self::Path(path) => Some(path),
        }
    }
}

impl Document {
    /// The path, which differs from the name in findings if it is not UTF-8. `None` if it is not a path of a file.
    pub(crate) fn path(&self) -> Option<&Path> {
        self.path.path()
    }

    /// Reads the file into an empty `buffer`. Calls `wait` before it reads more than [`MAX_SHARED_BYTES`].
    pub(crate) fn read(&self, buffer: &mut Vec<u8>, wait: impl FnOnce()) -> Result<(), ReadError> {
        let failed = |error: &dyn fmt::Display| ReadError { file: self.file.clone(), reason: error.to_string() };
        let read = match &self.path {
            Origin::StandardInput(input) => input.read(buffer),
            Origin::Path(path) => File::open(path).and_then(|file| read_text(file, buffer, wait)),
            Origin::Blob(blob) => blob.with(|reader| read_text(reader, buffer, wait)),
        };
        let length = read.map_err(|error| failed(&describe(&error)))?;
        if length > MAX_FILE_BYTES {
            let most = MAX_FILE_BYTES >> 20;
            return Err(failed(&format!("the file is larger than {most} MiB; put one declaration per line in a .ndjson file")));
        }
        Ok(())
    }
}

/// Reads a text into an empty buffer and returns its length. Stops after one byte more than an array of declarations, or
/// than a single declaration, may have.
fn read_text(mut reader: impl Read, buffer: &mut Vec<u8>, wait: impl FnOnce()) -> io::Result<usize> {
    reader.by_ref().take(MAX_SHARED_BYTES as u64).read_to_end(buffer)?;
    if buffer.len() < MAX_SHARED_BYTES {
        return Ok(buffer.len());
    }
    wait();
    buffer.reserve_exact(MAX_DOCUMENT_BYTES + 1 - MAX_SHARED_BYTES);
    reader.by_ref().take((MAX_DOCUMENT_BYTES + 1 - MAX_SHARED_BYTES) as u64).read_to_end(buffer)?;
    if buffer.len() > MAX_DOCUMENT_BYTES && matches!(syntax::layout(buffer), Layout::Array(_)) {
        buffer.reserve_exact(MAX_FILE_BYTES - MAX_DOCUMENT_BYTES);
        reader.take((MAX_FILE_BYTES - MAX_DOCUMENT_BYTES) as u64).read_to_end(buffer)?;
    }
    Ok(buffer.len())
}

/// Reads at most `most + 1` bytes of a regular file, so that the caller can tell whether it is larger than `most`.
/// Refuses pipes, which may block, and devices, which may not end.
pub(crate) fn read_small(path: &Path, most: usize) -> Result<Vec<u8>, String> {
    let words = |error: io::Error| describe(&error);
    if !std::fs::metadata(path).map_err(words)?.is_file() {
        return Err("is not a file".to_owned());
    }
    let mut text = Vec::new();
    File::open(path).map_err(words)?.take(most as u64 + 1).read_to_end(&mut text).map_err(words)?;
    Ok(text)
}

/// Reads a span of a regular file.
pub(crate) fn read_span(path: &Path, span: Range<usize>) -> io::Result<Vec<u8>> {
    // The file may have been replaced by a pipe, which could block.
    if !std::fs::metadata(path)?.is_file() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(span.start as u64))?;
    let mut bytes = Vec::with_capacity(span.len());
    file.take(span.len() as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The text of an operating-system error, without its number.
pub(crate) fn describe(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file or folder".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::IsADirectory => "is a folder".to_owned(),
        _ => {
            let text = error.to_string();
            text.split(" (os error").next().unwrap_or(&text).to_owned()
        }
    }
}

/// What the filter of a walk passes by: excluded files and folders, and ignore files that could not be read. The walk
/// hands its filter to another owner, so they share it.
#[derive(Clone, Default)]
struct Passed(Arc<Mutex<VecDeque<Unit>>>);

impl Passed {
    fn push(&self, unit: Unit) {
        if let Ok(mut units) = self.0.lock() {
            units.push_back(unit);
        }
    }

    fn next(&self) -> Option<Unit> {
        self.0.lock().ok()?.pop_front()
    }
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

/// A path without the `./` of paths in the current folder.
fn plain(path: PathBuf) -> PathBuf {
    let is_here = path.as_os_str().as_encoded_bytes().starts_with(b".");
    if is_here { path.strip_prefix(".").map(Path::to_path_buf).unwrap_or(path) } else { path }
}

/// The name of a file in findings.
fn name(path: &Path) -> Arc<str> {
    path.to_str().map_or_else(|| Arc::from(path.to_string_lossy()), Arc::from)
}

/// Walks a folder, sorted by name. Only ignore files in the repository apply, not the user's git settings. Links are
/// not followed, so there are no loops.
fn walk(folder: &Path, ignores: Ignores, exclude: Arc<Exclude>, passed: Passed) -> ignore::Walk {
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
fn walk_error(error: &ignore::Error) -> (String, String) {
    match error {
        ignore::Error::WithPath { path, err } => (path.to_string_lossy().into_owned(), walk_error(err).1),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => walk_error(err),
        ignore::Error::Io(error) => (".".to_owned(), describe(error)),
        other => (".".to_owned(), other.to_string()),
    }
}

/// Whether a file name found in a folder has an extension of declarations, commands or profiles, or of files that may hold
/// declarations that are not read.
fn has_known_extension(path: &Path) -> bool {
    has_extension(path, &["json", "ndjson", "jsonl", "plist", "mobileconfig", "xml", "tf"])
        || has_extension(path, &YAML)
        || lists_set(path)
        || is_of_endpoint(path)
}

//! Files, folders and standard input, as an ordered stream of things to read.
//!
//! Paths are walked lazily and in a fixed order, so that the first findings appear before the last file is found. Nothing here knows
//! what a declaration is.

use std::collections::HashSet;
use std::fmt;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::vec;

use crate::check::has_lines;
use crate::document::{Position, lines};
use crate::read::Strictness;

/// How many bytes a file may have that is read as a whole: far more than any array of declarations, and less than memory.
const MOST_BYTES: u64 = 1 << 30;

/// About how many bytes of lines are read at a time.
const BLOCK_BYTES: usize = 1 << 18;

/// How many bytes are read at a time where a block has no end yet.
const PIECE_BYTES: usize = 1 << 16;

/// The longest line that is kept; what is beyond is cut off, and the line is then too large to be a declaration.
const LONGEST_LINE: usize = 32 << 20;

/// The name of standard input, where it was given no other.
pub(crate) const STDIN: &str = "<stdin>";

/// Something that could not be read, and why.
#[derive(Debug)]
pub(crate) struct Trouble {
    pub(crate) file: Arc<str>,
    pub(crate) reason: String,
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", crate::words::visible(&self.file), crate::words::visible(&self.reason))
    }
}

/// A piece of work.
pub(crate) enum Unit {
    /// A file with one declaration or an array of them, still to be read.
    File(Document),
    /// Some lines of a file with one declaration per line.
    Lines(Lines),
    /// Something that could not be read.
    Trouble(Trouble),
}

/// A file that is read as a whole.
pub(crate) struct Document {
    path: Origin,
    pub(crate) file: Arc<str>,
    pub(crate) strictness: Strictness,
}

/// Lines of a file with one declaration per line.
pub(crate) struct Lines {
    pub(crate) file: Arc<str>,
    pub(crate) strictness: Strictness,
    pub(crate) bytes: Vec<u8>,
    pub(crate) origin: Position,
    pub(crate) first_index: usize,
    /// Whether the file ends with these lines.
    pub(crate) is_last: bool,
}

enum Origin {
    StandardInput(StandardInput),
    Path(PathBuf),
}

/// Standard input, which can be read only once, and may be needed again.
#[derive(Debug, Clone, Default)]
pub(crate) struct StandardInput(Arc<OnceLock<Vec<u8>>>);

impl StandardInput {
    fn read(&self, buffer: &mut Vec<u8>) -> io::Result<usize> {
        if let Some(text) = self.text() {
            buffer.extend_from_slice(text);
            return Ok(text.len());
        }
        let length = io::stdin().lock().take(MOST_BYTES + 1).read_to_end(buffer)?;
        let _ = self.0.set(buffer.clone());
        Ok(length)
    }

    /// What was read, unless it was lines, which are not kept.
    pub(crate) fn text(&self) -> Option<&[u8]> {
        self.0.get().map(Vec::as_slice)
    }
}

impl Origin {
    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        Ok(match self {
            Self::StandardInput(_) => Box::new(io::stdin()),
            Self::Path(path) => Box::new(File::open(path)?),
        })
    }
}

impl Document {
    /// The file itself: its name in findings is not always its path, which may be no UTF-8. `None` for standard input.
    pub(crate) fn path(&self) -> Option<&Path> {
        match &self.path {
            Origin::StandardInput(_) => None,
            Origin::Path(path) => Some(path),
        }
    }

    /// Reads the file into `buffer`, whose former content goes.
    pub(crate) fn read(&self, buffer: &mut Vec<u8>) -> Result<(), Trouble> {
        buffer.clear();
        let trouble = |error: &dyn fmt::Display| Trouble { file: self.file.clone(), reason: error.to_string() };
        let read = match &self.path {
            Origin::StandardInput(input) => input.read(buffer),
            Origin::Path(path) => File::open(path).and_then(|file| read_all(file, buffer)),
        };
        read.map_err(|error| trouble(&explain(&error)))?;
        if buffer.len() as u64 > MOST_BYTES {
            return Err(trouble(
                &"the file is larger than 1 GiB; put one declaration on each line of a file that ends in .ndjson",
            ));
        }
        Ok(())
    }
}

/// Reads a file without asking for its size first: most fit into the buffer as it is.
fn read_all(file: File, buffer: &mut Vec<u8>) -> io::Result<usize> {
    file.take(MOST_BYTES + 1).read_to_end(buffer)
}

/// Reads a regular file that has at most some bytes, and of a larger one the beginning, which is then one byte longer. A pipe would
/// wait for ever, and a device never end.
pub(crate) fn read_small(path: &Path, most: usize) -> Result<Vec<u8>, String> {
    let words = |error: io::Error| explain(&error);
    if !std::fs::metadata(path).map_err(words)?.is_file() {
        return Err("is no file".to_owned());
    }
    let mut text = Vec::new();
    File::open(path).map_err(words)?.take(most as u64 + 1).read_to_end(&mut text).map_err(words)?;
    Ok(text)
}

/// Reads a part of a regular file.
pub(crate) fn part(path: &Path, span: Range<usize>) -> io::Result<Vec<u8>> {
    // By now something else may stand there, that waits for ever.
    if !std::fs::metadata(path)?.is_file() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(span.start as u64))?;
    let mut part = Vec::with_capacity(span.len());
    file.take(span.len() as u64).read_to_end(&mut part)?;
    Ok(part)
}

/// The words of an error of the operating system, without its number.
pub(crate) fn explain(error: &io::Error) -> String {
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

/// The inputs of a command, in order.
pub(crate) struct Inputs {
    paths: vec::IntoIter<PathBuf>,
    stdin_name: Option<String>,
    stdin: StandardInput,
    walk: Option<ignore::Walk>,
    lines: Option<LineReader>,
    /// The files that were read, where there are several paths, which may name a file twice.
    seen: Option<HashSet<PathBuf>>,
}

impl Inputs {
    /// The files and folders at `paths`; `-` is standard input, which goes by `stdin_name`.
    pub(crate) fn new(paths: Vec<PathBuf>, stdin_name: Option<String>, stdin: StandardInput) -> Self {
        let seen = (paths.len() > 1).then(HashSet::new);
        Self { paths: paths.into_iter(), stdin_name, stdin, walk: None, lines: None, seen }
    }

    fn open(&mut self, path: PathBuf) -> Option<Unit> {
        if path.as_os_str() == "-" {
            let name = self.stdin_name.clone().unwrap_or_else(|| STDIN.to_owned());
            return self.file(Origin::StandardInput(self.stdin.clone()), Arc::from(name), Strictness::Named);
        }
        if path.is_dir() {
            self.walk = Some(walk(&path));
            return None;
        }
        let name: Arc<str> = Arc::from(path.to_string_lossy());
        self.file(Origin::Path(path), name, Strictness::Named)
    }

    /// A file becomes one unit, or a reader of lines that makes the next units.
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
                self.lines = Some(LineReader::new(reader, file, strictness));
                None
            }
            Err(error) => Some(Unit::Trouble(Trouble { file, reason: explain(&error) })),
        }
    }

    fn walked(&mut self, entry: Result<ignore::DirEntry, ignore::Error>) -> Option<Unit> {
        match entry {
            Ok(entry) => {
                let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
                if !is_file || !is_ours(entry.path()) {
                    return None;
                }
                let path = entry.into_path();
                let path =
                    if path.starts_with(".") { path.strip_prefix(".").map(Path::to_path_buf).unwrap_or(path) } else { path };
                let name: Arc<str> = Arc::from(path.to_string_lossy());
                self.file(Origin::Path(path), name, Strictness::Found)
            }
            Err(error) => {
                let (file, reason) = walk_error(&error);
                Some(Unit::Trouble(Trouble { file: Arc::from(file), reason }))
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
            let unit = match self.walk.as_mut().map(Iterator::next) {
                Some(Some(entry)) => self.walked(entry),
                Some(None) => {
                    self.walk = None;
                    None
                }
                None => {
                    let path = self.paths.next()?;
                    self.open(path)
                }
            };
            if unit.is_some() {
                return unit;
            }
        }
    }
}

/// Walks a folder in the order of its names. Only what the repository itself says decides what is ignored, not the settings of
/// whoever runs the program. Links are not followed, so that there are no loops.
fn walk(folder: &Path) -> ignore::Walk {
    ignore::WalkBuilder::new(folder)
        .git_global(false)
        .git_exclude(false)
        .require_git(false)
        .follow_links(false)
        // What is sorted lies in one folder, so the whole paths have the order of the names, and need not be taken apart.
        .sort_by_file_path(|one, other| one.as_os_str().cmp(other.as_os_str()))
        .build()
}

/// The path of an error of the walk, and its words.
fn walk_error(error: &ignore::Error) -> (String, String) {
    match error {
        ignore::Error::WithPath { path, err } => (path.to_string_lossy().into_owned(), walk_error(err).1),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => walk_error(err),
        ignore::Error::Io(error) => (".".to_owned(), explain(error)),
        other => (".".to_owned(), other.to_string()),
    }
}

/// Whether a file of a folder can hold declarations, commands or profiles, by its name.
fn is_ours(path: &Path) -> bool {
    let is_one = |known: &&str| path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case(known));
    has_lines(path) || ["json", "plist", "mobileconfig", "xml"].iter().any(is_one)
}

/// Reads a file in blocks of whole lines.
struct LineReader {
    reader: Box<dyn Read + Send>,
    file: Arc<str>,
    strictness: Strictness,
    /// Where the next block begins.
    origin: Position,
    index: usize,
    /// What was read of the next block already.
    begun: Vec<u8>,
    done: bool,
}

impl LineReader {
    fn new(reader: Box<dyn Read + Send>, file: Arc<str>, strictness: Strictness) -> Self {
        Self { reader, file, strictness, origin: Position::START, index: 0, begun: Vec::new(), done: false }
    }

    fn next(&mut self) -> Option<Unit> {
        if self.done {
            return None;
        }
        match self.block() {
            Ok(lines) => Some(Unit::Lines(lines)),
            Err(error) => {
                self.done = true;
                Some(Unit::Trouble(Trouble { file: self.file.clone(), reason: explain(&error) }))
            }
        }
    }

    fn block(&mut self) -> io::Result<Lines> {
        let (origin, first_index) = (self.origin, self.index);
        let (bytes, dropped) = self.read()?;
        // The rest of a line that was not kept ends the block: offsets after it would not hold for the file.
        self.origin.offset += bytes.len() + dropped;
        self.origin.line += memchr::memchr_iter(b'\n', &bytes).count() + usize::from(dropped > 0);
        self.index += lines(&bytes, origin == Position::START).count();
        Ok(Lines { file: self.file.clone(), strictness: self.strictness, bytes, origin, first_index, is_last: self.done })
    }

    /// Reads some whole lines, or one that is cut off. Returns them, and how many bytes of the last one were dropped.
    fn read(&mut self) -> io::Result<(Vec<u8>, usize)> {
        let mut bytes = Vec::with_capacity(BLOCK_BYTES.max(self.begun.len() + PIECE_BYTES));
        bytes.append(&mut self.begun);
        let mut searched = 0;
        loop {
            let wanted = BLOCK_BYTES.saturating_sub(bytes.len()).max(PIECE_BYTES).min(LONGEST_LINE - bytes.len());
            if !self.more(&mut bytes, wanted)? {
                return Ok((bytes, 0));
            }
            if let Some(feed) = memchr::memrchr(b'\n', &bytes[searched..]) {
                self.begun.extend_from_slice(&bytes[searched + feed + 1..]);
                bytes.truncate(searched + feed + 1);
                return Ok((bytes, 0));
            }
            if bytes.len() == LONGEST_LINE {
                let dropped = self.skip_line()?;
                return Ok((bytes, dropped));
            }
            searched = bytes.len();
        }
    }

    /// Appends so many bytes, or what is left, and returns whether there may be more.
    fn more(&mut self, bytes: &mut Vec<u8>, wanted: usize) -> io::Result<bool> {
        let length = self.reader.by_ref().take(wanted as u64).read_to_end(bytes)?;
        self.done = length < wanted;
        Ok(!self.done)
    }

    /// Passes over the rest of a line, its line feed included, and returns how long it was.
    fn skip_line(&mut self) -> io::Result<usize> {
        let mut skipped = 0;
        loop {
            let may_go_on = self.more_begun()?;
            let feed = memchr::memchr(b'\n', &self.begun);
            let length = feed.map_or(self.begun.len(), |feed| feed + 1);
            self.begun.drain(..length);
            skipped += length;
            if feed.is_some() || !may_go_on {
                // What was read beyond the line is a block of its own, even if the file ends with it.
                self.done = self.done && self.begun.is_empty();
                return Ok(skipped);
            }
        }
    }

    fn more_begun(&mut self) -> io::Result<bool> {
        let mut begun = std::mem::take(&mut self.begun);
        let may_go_on = self.more(&mut begun, PIECE_BYTES);
        self.begun = begun;
        may_go_on
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives its text in pieces, as a pipe does.
    struct Pipe(io::Cursor<Vec<u8>>);

    impl Read for Pipe {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let most = buffer.len().min(50_000);
            self.0.read(&mut buffer[..most])
        }
    }

    fn blocks(text: Vec<u8>) -> Vec<Lines> {
        let mut reader = LineReader::new(Box::new(Pipe(io::Cursor::new(text))), Arc::from("x.ndjson"), Strictness::Named);
        std::iter::from_fn(|| reader.next())
            .map(|unit| match unit {
                Unit::Lines(lines) => lines,
                _ => panic!("memory can be read"),
            })
            .collect()
    }

    #[test]
    fn blocks_are_whole_lines_and_know_where_they_begin() {
        for (line, count, end) in
            [("x".repeat(700), 2000, "\n"), ("{}\n\r\n \n[]".to_owned(), 50_000, ""), (String::new(), 3, "\n")]
        {
            let text = vec![line.as_str(); count].join("\n") + end;
            let blocks = blocks(text.clone().into_bytes());
            let (mut whole, mut index) = (Vec::new(), 0);
            for (at, block) in blocks.iter().enumerate() {
                assert_eq!(block.is_last, at + 1 == blocks.len());
                assert_eq!((block.origin.offset, block.first_index), (whole.len(), index));
                assert_eq!(block.origin.line, 1 + memchr::memchr_iter(b'\n', &whole).count());
                assert!(block.is_last || block.bytes.ends_with(b"\n"));
                whole.extend_from_slice(&block.bytes);
                index += lines(&block.bytes, false).count();
            }
            assert!(whole == text.as_bytes() && !blocks.is_empty());
        }
    }

    #[test]
    fn a_line_without_end_is_cut_and_hides_no_other() {
        for rest in ["", "\n", "\nnext", "\n\nnext\nlast\n"] {
            let long = LONGEST_LINE + 3 * PIECE_BYTES + 7;
            let blocks = blocks([b"first\n".to_vec(), vec![b'x'; long], rest.as_bytes().to_vec()].concat());
            assert_eq!(blocks[0].bytes, b"first\n");
            assert_eq!(blocks[1].bytes.len(), LONGEST_LINE);
            assert_eq!((blocks[1].origin.line, blocks[1].first_index), (2, 1));
            let after: Vec<u8> = blocks[2..].iter().flat_map(|block| block.bytes.clone()).collect();
            assert_eq!(after, rest.strip_prefix('\n').unwrap_or_default().as_bytes(), "{rest:?}");
            assert!(blocks.last().is_some_and(|block| block.is_last));
            if let Some(next) = blocks.get(2) {
                assert_eq!((next.origin.line, next.origin.offset, next.first_index), (3, 6 + long + 1, 2));
            }
        }
    }
}

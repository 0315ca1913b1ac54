//! Reads and lints the inputs of a command on several threads, with the results in order.

use std::borrow::Cow;
use std::fs;
use std::ops::{ControlFlow, Range};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread;

use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::apple::Identifier;
use crate::config::{EffectiveConfig, FileConfig};
use crate::content::Hashes;
use crate::diagnostic::Position;
use crate::limits::MAX_SHARED_BYTES;
use crate::lint::{self, Buffers, Gather, Linted, Text};
use crate::policy::Policies;
use crate::report::Source;
use crate::session::{Host, Session};
use crate::set::Together;
use crate::source::{self, Document, Inputs, Lines, ReadError, STDIN, StandardInput, Tree, Unit, Weigh};
use crate::syntax;
use crate::validate::Strictness;

/// The number of files in the first chunk: small, to show the first findings early and to lint short runs on one
/// thread.
const FIRST_CHUNK: usize = 32;

/// The number of files per thread in later chunks.
const CHUNK_FILES: usize = 128;

/// The number of bytes of lines per thread after which a chunk ends. Two chunks are in memory at a time.
const CHUNK_BYTES: usize = 1 << 18;

/// The maximum size in bytes of a text to keep for excerpts, for files found in folders. Longer files are read again, as
/// are large files that were named.
const MAX_KEPT_BYTES: usize = 1 << 14;

/// The inputs of a run, and how to lint them.
#[derive(Debug, Clone)]
pub(super) struct Work {
    pub(super) paths: Vec<PathBuf>,
    /// The git revision to read instead of paths.
    pub(super) tree: Option<Arc<Tree>>,
    /// The file or folder that is read, and the one that stands for it in the configuration.
    pub(super) roots: Option<[PathBuf; 2]>,
    pub(super) stdin_name: Option<String>,
    pub(super) stdin: StandardInput,
    pub(super) threads: Threads,
    pub(super) gather: Gather,
    /// Whether to keep the texts for excerpts.
    pub(super) keeps_source: bool,
    /// The effective config of the run.
    pub(super) effective: Arc<EffectiveConfig>,
    /// Hashes the contents of declarations.
    pub(super) hashes: Hashes,
    pub(super) large: Arc<Large>,
}

/// What the threads of a run share for large files.
#[derive(Debug, Default)]
pub(super) struct Large {
    /// The turn to read and lint one.
    turn: Mutex<()>,
    /// The last one that was read again for excerpts: its name and text.
    shown: Mutex<Option<(Arc<str>, Kept)>>,
}

impl Work {
    /// The inputs at some paths.
    pub(super) fn new(
        paths: Vec<PathBuf>,
        stdin_name: Option<String>,
        threads: Threads,
        gather: Gather,
        effective: Arc<EffectiveConfig>,
    ) -> Self {
        Self {
            paths,
            tree: None,
            roots: None,
            stdin_name,
            stdin: StandardInput::default(),
            threads,
            gather,
            keeps_source: true,
            effective,
            hashes: Hashes::default(),
            large: Arc::default(),
        }
    }

    /// Lints all inputs, one chunk at a time on all threads. Passes the results of each chunk to `take`, in order,
    /// until it breaks.
    pub(super) fn run(&self, take: impl FnMut(Vec<Done>) -> ControlFlow<()> + Send) {
        let exclude = self.effective.exclude().clone();
        let mut inputs = Inputs::new(self.paths.clone(), self.stdin_name.clone(), self.stdin.clone(), exclude);
        if let Some(tree) = &self.tree {
            inputs = inputs.with_tree(tree);
        }
        in_chunks(inputs, &self.threads, |buffers, unit| self.lint(unit, buffers), take);
    }

    /// The text of a file for excerpts: the kept text, else the file read again. Keeps the last one, since the findings
    /// about a large file come in several batches.
    pub(super) fn shown(&self, file: &str, kept: Option<Kept>) -> Option<Kept> {
        if kept.is_some() || !self.keeps_source {
            return kept;
        }
        let mut last = self.large.shown.lock().unwrap_or_else(PoisonError::into_inner);
        if last.as_ref().is_none_or(|(name, _)| **name != *file) {
            // Free the other text first.
            *last = None;
            *last = self.text(file).map(|bytes| (Arc::from(file), Kept { bytes: Arc::new(bytes), origin: Position::START }));
        }
        last.as_ref().map(|(_, kept)| kept.clone())
    }

    /// A new session for this run.
    pub(super) fn session(&self, together: Together) -> Session {
        let mut session = Session::new(self.effective.schema(), self.hashes.clone(), together, self.gather);
        session.activated_by(self.effective.activations().0);
        session
    }

    /// Reads the text of a file again, in UTF-8.
    pub(super) fn text(&self, file: &str) -> Option<Vec<u8>> {
        if let Some(tree) = &self.tree {
            return tree.text(file).map(syntax::into_decoded);
        }
        // Lines from standard input are not kept, and a file of that name is another text.
        if self.is_stdin(file) {
            return self.stdin.text().map(|text| syntax::decoded(text).0.into_owned());
        }
        // A pipe could block.
        fs::metadata(file).is_ok_and(|file| file.is_file()).then(|| fs::read(file).ok()).flatten().map(syntax::into_decoded)
    }

    /// The name of a file in the configuration.
    fn known_as<'f>(&self, file: &'f str) -> Cow<'f, str> {
        let Some([from, to]) = &self.roots else { return Cow::Borrowed(file) };
        let from = if from == Path::new(".") { Path::new("") } else { from };
        let rest = Path::new(file).strip_prefix(from);
        rest.map_or(Cow::Borrowed(file), |rest| {
            let name = if rest.as_os_str().is_empty() { to.clone() } else { to.join(rest) };
            Cow::Owned(name.to_string_lossy().into_owned())
        })
    }

    /// The effective config of a file.
    pub(super) fn config_of(&self, file: &str) -> Arc<FileConfig> {
        self.effective.for_file(&self.known_as(file))
    }

    /// Whether a file or folder exists among those to read. Links are not followed.
    pub(super) fn exists(&self, path: &Path, is_folder: bool) -> bool {
        match &self.tree {
            Some(tree) => tree.has(path, is_folder),
            None => path.symlink_metadata().is_ok_and(|found| found.is_dir() == is_folder),
        }
    }

    /// Whether this is the name of standard input in this run.
    fn is_stdin(&self, file: &str) -> bool {
        file == self.stdin_name.as_deref().unwrap_or(STDIN) && self.paths.iter().any(|path| path.as_os_str() == "-")
    }

    /// What to keep of the declarations of a file. `path` is `None` for standard input.
    fn gather(&self, file: &str, path: Option<&Path>, strictness: Strictness) -> Gather {
        // The name in findings must lead to the same file. Only files are found in folders; a pipe may be named.
        let is_file = |path: &Path| strictness == Strictness::Found || path.is_file();
        let is_readable_again = path.is_some_and(|path| path.to_str() == Some(file) && is_file(path)) && !self.is_stdin(file);
        if is_readable_again { self.gather } else { self.gather.for_one_reading() }
    }

    fn lint(&self, unit: Unit, buffers: &mut WorkerBuffers) -> Vec<Done> {
        match unit {
            Unit::Failed(error) => vec![Done::Failed(error)],
            Unit::Excluded(file) => vec![Done::Excluded(file)],
            Unit::File(document) => self.lint_file(&document, buffers).unwrap_or_else(|error| vec![Done::Failed(error)]),
            Unit::Lines(lines) => self.lint_lines(lines, &mut buffers.parser),
        }
    }

    fn lint_file(
        &self,
        document: &Document,
        WorkerBuffers { text: bytes, parser }: &mut WorkerBuffers,
    ) -> Result<Vec<Done>, ReadError> {
        let mut turn = None;
        // A panic of the thread that held it ends the program.
        document.read(bytes, || turn = self.large.turn.lock().ok())?;
        let (file, strictness) = (&document.file, document.strictness);
        let conditions = &self.config_of(file).conditions;
        let gather = self.gather(file, document.path(), strictness);
        let text = Text::whole(file, bytes, strictness, gather, conditions);
        let mut linted = Vec::new();
        let last = lint::lint_whole(&text, &self.hashes, parser, |early| linted.push(early));
        linted.push(last);
        let most = if strictness == Strictness::Named { MAX_SHARED_BYTES } else { MAX_KEPT_BYTES };
        let is_kept = self.keeps_source && bytes.len() <= most;
        let is_shown = is_kept && linted.iter().any(|linted| !linted.findings.is_empty());
        let source = is_shown.then(|| Kept { bytes: Arc::new(text.bytes.to_vec()), origin: Position::START });
        bytes.clear();
        bytes.shrink_to(MAX_SHARED_BYTES);
        Ok(checked(file, strictness, linted, source.as_ref(), true))
    }

    fn lint_lines(&self, lines: Lines, buffers: &mut Buffers) -> Vec<Done> {
        let Lines { path, file, strictness, bytes, spans, origin, first_index, is_last } = lines;
        let conditions = &self.config_of(&file).conditions;
        let gather = self.gather(&file, path.as_deref(), strictness);
        let bytes_of_lines = Cow::Borrowed(&*bytes);
        let text =
            Text { file: &file, bytes: bytes_of_lines, encoding: None, origin, first_index, strictness, gather, conditions };
        let mut linted = Vec::new();
        let last = lint::lint_lines(&text, spans.into_iter(), &self.hashes, buffers, |early| linted.push(early));
        linted.push(last);
        // Findings between declarations come later, and the file may be too large to read again.
        let source = self.keeps_source.then(|| Kept { bytes: Arc::new(bytes), origin });
        checked(&file, strictness, linted, source.as_ref(), is_last)
    }
}

impl Host for Work {
    fn text(&self, file: &str) -> Option<Cow<'_, [u8]>> {
        self.text(file).map(Cow::Owned)
    }

    fn part(&self, file: &str, span: Range<usize>) -> Option<Vec<u8>> {
        match &self.tree {
            Some(tree) => tree.text(file)?.get(span).map(<[u8]>::to_vec),
            None => source::read_span(Path::new(file), span).ok(),
        }
    }

    fn sets(&self, file: &str) -> Vec<usize> {
        self.effective.sets(&self.known_as(file))
    }

    fn bases(&self, file: &str) -> Vec<Identifier> {
        self.effective.set_identifiers(&self.known_as(file))
    }

    fn policies(&self, file: &str) -> Policies {
        self.config_of(file).conditions.policies.clone()
    }
}

/// The thread pool of a command, started on first use.
#[derive(Debug, Clone)]
pub(super) struct Threads {
    jobs: Option<u16>,
    pool: OnceLock<Arc<ThreadPool>>,
}

impl Threads {
    /// `jobs` threads, by default one per processor.
    pub(super) fn new(jobs: Option<u16>) -> Self {
        Self { jobs, pool: OnceLock::new() }
    }

    /// Starts all threads, also if the first inputs are few.
    pub(super) fn start(&self) {
        self.pool(false);
    }

    /// Runs something on the threads.
    pub(super) fn install<T: Send>(&self, run: impl FnOnce() -> T + Send) -> T {
        self.pool(false).install(run)
    }

    fn pool(&self, is_small: bool) -> &ThreadPool {
        self.pool.get_or_init(|| {
            let processors = || thread::available_parallelism().map_or(1, usize::from);
            Arc::new(pool(if is_small { 1 } else { self.jobs.map_or_else(processors, usize::from) }))
        })
    }
}

/// A pool of up to `threads` threads, fewer if they cannot start. A pool of one is the current thread.
fn pool(threads: usize) -> ThreadPool {
    let builder = ThreadPoolBuilder::new().num_threads(threads);
    if threads == 1 {
        return builder.use_current_thread().build().expect("the current thread is in no other pool, and no thread has to start");
    }
    builder.build().unwrap_or_else(|_| pool(threads / 2))
}

/// Buffers that a thread reuses for each file.
#[derive(Default)]
pub(super) struct WorkerBuffers {
    pub(super) text: Vec<u8>,
    pub(super) parser: Buffers,
}

/// Works on all inputs, one chunk at a time on all threads. Passes the results of each chunk to `take`, in order, until it
/// breaks.
pub(super) fn in_chunks<U: Weigh + Send, R: Send>(
    inputs: impl Iterator<Item = U> + Send,
    threads: &Threads,
    work: impl Fn(&mut WorkerBuffers, U) -> Vec<R> + Sync,
    mut take: impl FnMut(Vec<R>) -> ControlFlow<()> + Send,
) {
    let mut inputs = inputs.peekable();
    let mut units = chunk(&mut inputs, FIRST_CHUNK, CHUNK_BYTES);
    // Starting threads costs more than working on a single chunk.
    let pool = threads.pool(inputs.peek().is_none());
    let threads = pool.current_num_threads();
    let mut results = Vec::new();
    pool.install(|| {
        while !units.is_empty() || !results.is_empty() {
            // Work on a chunk while taking the results of the previous one and collecting the next one.
            let (done, (flow, next)) = rayon::join(
                || units.into_par_iter().map_init(WorkerBuffers::default, &work).flatten_iter().collect(),
                || (take(results), chunk(&mut inputs, threads * CHUNK_FILES, threads * CHUNK_BYTES)),
            );
            (results, units) = (done, next);
            if flow.is_break() {
                break;
            }
        }
    });
}

/// The next units: at most `most`, and none after they reach `most_bytes` bytes.
fn chunk<U: Weigh>(inputs: &mut impl Iterator<Item = U>, most: usize, most_bytes: usize) -> Vec<U> {
    let (mut units, mut bytes) = (Vec::new(), 0);
    while units.len() < most && bytes < most_bytes {
        let Some(unit) = inputs.next() else { break };
        bytes += unit.bytes();
        units.push(unit);
    }
    units
}

/// The results of a text, one for each part.
fn checked(file: &Arc<str>, strictness: Strictness, linted: Vec<Linted>, source: Option<&Kept>, is_last: bool) -> Vec<Done> {
    let parts = linted.len();
    let part = |(at, linted)| {
        let is_last = is_last && at + 1 == parts;
        Done::Checked(Checked { file: file.clone(), strictness, linted, source: source.cloned(), is_last })
    };
    linted.into_iter().enumerate().map(part).collect()
}

/// The result of a unit.
pub(super) enum Done {
    Checked(Checked),
    /// A file or folder that a pattern excludes.
    Excluded(Arc<str>),
    Failed(ReadError),
}

/// A text kept for excerpts, and its position in the file.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    bytes: Arc<Vec<u8>>,
    origin: Position,
}

impl Kept {
    pub(super) fn source(&self) -> Source<'_> {
        Source { bytes: &self.bytes, origin: self.origin }
    }
}

/// The result of linting a file or a part of it.
pub(super) struct Checked {
    pub(super) file: Arc<str>,
    pub(super) strictness: Strictness,
    pub(super) linted: Linted,
    /// The text, if the report shows excerpts.
    pub(super) source: Option<Kept>,
    /// Whether this is the last part of the file.
    pub(super) is_last: bool,
}

//! Reads and lints the inputs of a command, on several threads, with the results in order.

use std::borrow::Cow;
use std::fs;
use std::ops::{ControlFlow, Range};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::thread;

use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::config::InForce;
use crate::content::Hashes;
use crate::diagnostic::Position;
use crate::lint::{self, Gather, Linted, Spare, Text};
use crate::policy::Policies;
use crate::report::Source;
use crate::session::{Host, Session};
use crate::set::Together;
use crate::source::{self, Document, Inputs, Lines, STDIN, StandardInput, Trouble, Unit};
use crate::validate::Strictness;

/// How many files the first chunk has: few enough to show the first findings early, and to be done by one thread if there are no more.
const FIRST_CHUNK: usize = 32;

/// How many files any other chunk has for each thread.
const CHUNK_FILES: usize = 128;

/// After how many bytes of lines for each thread a chunk ends: two chunks are in memory at a time.
const CHUNK_BYTES: usize = 1 << 19;

/// The longest text of a file found in a folder that is kept to be shown. A longer one is read again.
const LONGEST_KEPT: usize = 1 << 14;

/// What to read, and what to keep of it.
#[derive(Debug, Clone)]
pub(super) struct Work {
    pub(super) paths: Vec<PathBuf>,
    pub(super) stdin_name: Option<String>,
    pub(super) stdin: StandardInput,
    pub(super) threads: Threads,
    pub(super) gather: Gather,
    /// Whether the texts are kept, for excerpts.
    pub(super) keeps_source: bool,
    /// What the files are judged by.
    pub(super) in_force: Arc<InForce>,
    /// How contents are compared.
    pub(super) hashes: Hashes,
}

impl Work {
    /// Lints everything, a chunk at a time on all threads, and hands on the results of each chunk in order until `take` has enough of them.
    pub(super) fn run(&self, mut take: impl FnMut(Vec<Done>) -> ControlFlow<()> + Send) {
        let mut inputs =
            Inputs::new(self.paths.clone(), self.stdin_name.clone(), self.stdin.clone(), self.in_force.exclude().clone())
                .peekable();
        let mut units = chunk(&mut inputs, FIRST_CHUNK, CHUNK_BYTES);
        // Threads cost more than one chunk does.
        let pool = self.threads.pool(inputs.peek().is_none());
        let threads = pool.current_num_threads();
        let mut results = Vec::new();
        pool.install(|| {
            while !units.is_empty() || !results.is_empty() {
                let lint = |buffers: &mut Buffers, unit| self.lint(unit, buffers);
                // While a chunk is linted, the one before it is reported and the one after it is found.
                let (linted, (flow, next)) = rayon::join(
                    || units.into_par_iter().map_init(Buffers::default, lint).flatten_iter().collect(),
                    || (take(results), chunk(&mut inputs, threads * CHUNK_FILES, threads * CHUNK_BYTES)),
                );
                (results, units) = (linted, next);
                if flow.is_break() {
                    break;
                }
            }
        });
    }

    /// The text of a file to show findings in: what was kept of it, or else what it holds when it is read again.
    pub(super) fn shown(&self, file: &str, kept: Option<Kept>) -> Option<Kept> {
        let again = || Some(Kept { bytes: Arc::new(self.text(file)?), origin: Position::START });
        kept.or_else(|| self.keeps_source.then(again).flatten())
    }

    /// A session over what is read, as far as it is kept.
    pub(super) fn session(&self, together: Together) -> Session {
        Session::new(self.in_force.schema(), self.hashes.clone(), together, self.gather)
    }

    /// The text of a file once more.
    pub(super) fn text(&self, file: &str) -> Option<Vec<u8>> {
        if file == self.stdin_name.as_deref().unwrap_or(STDIN)
            && let Some(text) = self.stdin.text()
        {
            return Some(text.to_vec());
        }
        // A pipe would wait for ever.
        fs::metadata(file).is_ok_and(|file| file.is_file()).then(|| fs::read(file).ok()).flatten()
    }

    fn lint(&self, unit: Unit, buffers: &mut Buffers) -> Vec<Done> {
        match unit {
            Unit::Trouble(trouble) => vec![Done::Trouble(trouble)],
            Unit::File(document) => self.lint_file(&document, buffers).unwrap_or_else(|trouble| vec![Done::Trouble(trouble)]),
            Unit::Lines(lines) => self.lint_lines(lines, &mut buffers.spare),
        }
    }

    fn lint_file(&self, document: &Document, Buffers { text: bytes, spare }: &mut Buffers) -> Result<Vec<Done>, Trouble> {
        bytes.clear();
        document.read(bytes)?;
        let (file, strictness) = (&document.file, document.strictness);
        let conditions = &self.in_force.terms(file).conditions;
        // What cannot be found again by its name cannot be compared later.
        let is_nameable = document.path().is_some_and(|path| path.to_str() == Some(file));
        let gather = if is_nameable { self.gather } else { self.gather.max(Gather::Contents) };
        let text = Text::whole(file, bytes, strictness, gather, conditions);
        let mut linted = Vec::new();
        let last = lint::lint_json(&text, &self.hashes, spare, |early| linted.push(early));
        linted.push(last);
        let is_kept = self.keeps_source && (strictness == Strictness::Named || bytes.len() <= LONGEST_KEPT);
        let is_shown = is_kept && linted.iter().any(|linted| !linted.findings.is_empty());
        let source = is_shown.then(|| Kept { bytes: Arc::new(bytes.clone()), origin: Position::START });
        Ok(checked(file, strictness, linted, source.as_ref(), true))
    }

    fn lint_lines(&self, lines: Lines, spare: &mut Spare) -> Vec<Done> {
        let Lines { file, strictness, bytes, spans, origin, first_index, is_last } = lines;
        let conditions = &self.in_force.terms(&file).conditions;
        let text = Text { file: &file, bytes: &bytes, origin, first_index, strictness, gather: self.gather, conditions };
        let mut linted = Vec::new();
        let last = lint::lint_lines(&text, spans.into_iter(), &self.hashes, spare, |early| linted.push(early));
        linted.push(last);
        // What is wrong between declarations is found later, and the whole file may be too large to be read again.
        let source = self.keeps_source.then(|| Kept { bytes: Arc::new(bytes), origin });
        checked(&file, strictness, linted, source.as_ref(), is_last)
    }
}

impl Host for Work {
    fn text(&self, file: &str) -> Option<Cow<'_, [u8]>> {
        self.text(file).map(Cow::Owned)
    }

    fn part(&self, file: &str, span: Range<usize>) -> Option<Vec<u8>> {
        source::part(Path::new(file), span).ok()
    }

    fn sets(&self, file: &str) -> Vec<usize> {
        self.in_force.sets(file)
    }

    fn policies(&self, file: &str) -> Policies {
        self.in_force.terms(file).conditions.policies.clone()
    }
}

/// The threads of a command, which start when there is work for them.
#[derive(Debug, Clone)]
pub(super) struct Threads {
    jobs: Option<u16>,
    pool: OnceLock<Arc<ThreadPool>>,
}

impl Threads {
    /// As many as the user wants, or one for each processor.
    pub(super) fn new(jobs: Option<u16>) -> Self {
        Self { jobs, pool: OnceLock::new() }
    }

    fn pool(&self, is_small: bool) -> &ThreadPool {
        self.pool.get_or_init(|| {
            let processors = || thread::available_parallelism().map_or(1, usize::from);
            Arc::new(pool(if is_small { 1 } else { self.jobs.map_or_else(processors, usize::from) }))
        })
    }
}

/// A pool of so many threads, or of as many as can start: one is the thread that asks.
fn pool(threads: usize) -> ThreadPool {
    let builder = ThreadPoolBuilder::new().num_threads(threads);
    if threads == 1 {
        return builder.use_current_thread().build().expect("a command has one pool, and no thread starts for this one");
    }
    builder.build().unwrap_or_else(|_| pool(threads / 2))
}

/// What a thread reuses for each of its files.
#[derive(Default)]
struct Buffers {
    text: Vec<u8>,
    spare: Spare,
}

/// The next units: at most so many, and no more once they have so many bytes.
fn chunk(inputs: &mut impl Iterator<Item = Unit>, most: usize, most_bytes: usize) -> Vec<Unit> {
    let (mut units, mut bytes) = (Vec::new(), 0);
    while units.len() < most && bytes < most_bytes {
        let Some(unit) = inputs.next() else { break };
        bytes += unit.bytes();
        units.push(unit);
    }
    units
}

/// The results of a text, which may come in parts.
fn checked(file: &Arc<str>, strictness: Strictness, linted: Vec<Linted>, source: Option<&Kept>, is_last: bool) -> Vec<Done> {
    let parts = linted.len();
    let part = |(at, linted)| {
        let is_last = is_last && at + 1 == parts;
        Done::Checked(Checked { file: file.clone(), strictness, linted, source: source.cloned(), is_last })
    };
    linted.into_iter().enumerate().map(part).collect()
}

/// A unit that was worked on.
pub(super) enum Done {
    Checked(Checked),
    Trouble(Trouble),
}

/// A text that is kept to be shown, and where in its file it begins.
#[derive(Clone)]
pub(super) struct Kept {
    bytes: Arc<Vec<u8>>,
    origin: Position,
}

impl Kept {
    pub(super) fn source(&self) -> Source<'_> {
        Source { bytes: &self.bytes, origin: self.origin }
    }
}

/// A file, or a part of it, that was linted.
pub(super) struct Checked {
    pub(super) file: Arc<str>,
    pub(super) strictness: Strictness,
    pub(super) linted: Linted,
    /// The text, if the report shows excerpts, and where in the file it begins.
    pub(super) source: Option<Kept>,
    /// Whether the file ends here.
    pub(super) is_last: bool,
}

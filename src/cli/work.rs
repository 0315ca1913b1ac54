//! Reads and lints the inputs of a command, on several threads, with the results in order.

use std::fs;
use std::ops::{ControlFlow, Range};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread;

use super::ordered::{self, lock};
use crate::config::InForce;
use crate::content::Hashes;
use crate::document::Position;
use crate::lint::{self, Gather, Linted, Spare, Text};
use crate::read::Strictness;
use crate::report::Source;
use crate::source::{self, Document, Inputs, Lines, STDIN, StandardInput, Trouble, Unit};

/// How many files make the first chunk: few enough to show the first findings early, and to be done by one thread if there are no more.
const FIRST_CHUNK: usize = 32;

/// How many files make any other chunk: enough to make the turns cheap, since to wait for another thread takes as long as some files.
const CHUNK: usize = 128;

/// How many bytes of files are read before they are linted. To read and to lint in turns takes longer, as the code of the operating system
/// and ours push one another out of the caches of the processor.
const MOST_READ: usize = 1 << 16;

/// What to read, and what to keep of it.
#[derive(Debug, Clone)]
pub(super) struct Work {
    pub(super) paths: Vec<PathBuf>,
    pub(super) stdin_name: Option<String>,
    pub(super) stdin: StandardInput,
    pub(super) jobs: Option<u16>,
    pub(super) gather: Gather,
    /// Whether the texts are kept, for excerpts.
    pub(super) keeps_source: bool,
    /// What the files are judged by.
    pub(super) in_force: Arc<InForce>,
    /// How contents are compared.
    pub(super) hashes: Hashes,
}

impl Work {
    /// Lints everything, and hands on the results in order until somebody has enough of them.
    pub(super) fn run(&self, mut take: impl FnMut(Done) -> ControlFlow<()> + Send) {
        self.run_drawn(|results| results, |_| {}, |results| results.into_iter().try_for_each(&mut take));
    }

    /// Lints everything, and hands on the results in order to `judge`; what that makes of them to `draw`, on any thread, and in order to
    /// `print`, until that has enough of them.
    pub(super) fn run_drawn<P: Send>(
        &self,
        judge: impl FnMut(Vec<Done>) -> Vec<P> + Send,
        draw: impl Fn(&mut P) + Sync,
        print: impl FnMut(Vec<P>) -> ControlFlow<()> + Send,
    ) {
        let mut inputs =
            Inputs::new(self.paths.clone(), self.stdin_name.clone(), self.stdin.clone(), self.in_force.exclude().clone());
        let mut first = Some(chunk(&mut inputs, FIRST_CHUNK));
        // Threads cost more than a few files do.
        let is_small = first.as_ref().is_some_and(|units| {
            let has_more = matches!(units.last(), Some(Unit::Lines(lines)) if !lines.is_last);
            units.len() < FIRST_CHUNK && !has_more
        });
        let processors = || thread::available_parallelism().map_or(1, usize::from);
        let threads = if is_small { 1 } else { self.jobs.map_or_else(processors, usize::from) };
        // Each worker has one, which has grown to the size of its files.
        let rooms: Mutex<Vec<Room>> = Mutex::default();
        ordered::run(
            threads,
            || first.take().or_else(|| Some(chunk(&mut inputs, CHUNK))).filter(|units| !units.is_empty()),
            |units, hand_on| {
                let mut room = lock(&rooms).pop().unwrap_or_default();
                for unit in units {
                    self.take(unit, &mut room, hand_on);
                }
                self.lint_read(&mut room, hand_on);
                lock(&rooms).push(room);
            },
            Done::weight,
            judge,
            draw,
            print,
        );
    }

    /// The text of a file to show findings in: what was kept of it, or else what it holds when it is read again.
    pub(super) fn shown(&self, file: &str, kept: Option<Kept>) -> Option<Kept> {
        let again = || Some(Kept { bytes: Arc::new(self.text(file)?), origin: Position::START });
        kept.or_else(|| self.keeps_source.then(again).flatten())
    }

    /// What a part of a file says that holds a declaration.
    pub(super) fn content(&self, file: &str, span: Range<usize>) -> Option<u64> {
        self.hashes.of_text(&source::part(Path::new(file), span).ok()?)
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

    /// Reads a file, and lints what is read by then if that is enough; lints lines.
    fn take(&self, unit: Unit, room: &mut Room, hand_on: &mut dyn FnMut(Done)) {
        match unit {
            Unit::Trouble(trouble) => {
                self.lint_read(room, hand_on);
                hand_on(Done::Trouble(trouble));
            }
            Unit::File(document) => {
                let span = document.read(&mut room.buffer);
                room.files.push((document, span));
                if room.buffer.len() > MOST_READ {
                    self.lint_read(room, hand_on);
                }
            }
            Unit::Lines(lines) => {
                self.lint_read(room, hand_on);
                let Lines { file, strictness, bytes, spans, origin, first_index, is_last } = lines;
                let bytes = Arc::new(bytes);
                let conditions = &self.in_force.terms(&file).conditions;
                let text = Text { file: &file, bytes: &bytes, origin, first_index, strictness, gather: self.gather, conditions };
                let checked = |linted, is_last| {
                    // What is wrong between declarations is found later, and the whole file may be too large to be read again.
                    let source = self.keeps_source.then(|| Kept { bytes: bytes.clone(), origin });
                    Done::Checked(Checked { file: file.clone(), strictness, linted, source, is_last })
                };
                let early = |early| hand_on(checked(early, false));
                let linted = lint::lint_lines(&text, spans.into_iter(), &self.hashes, &mut room.spare, early);
                hand_on(checked(linted, is_last));
            }
        }
    }

    /// Lints the files that were read and wait for it.
    fn lint_read(&self, room: &mut Room, hand_on: &mut dyn FnMut(Done)) {
        let Room { buffer, files, spare } = room;
        for (document, span) in files.drain(..) {
            match span {
                Err(trouble) => hand_on(Done::Trouble(trouble)),
                // A large file is the last one in the buffer, and that is kept where the text is, not a copy.
                Ok(span) if span.len() > MOST_READ => {
                    buffer.drain(..span.start);
                    let bytes = Arc::new(std::mem::take(buffer));
                    self.lint_document(&document, (&bytes, || bytes.clone()), spare, hand_on);
                    *buffer = Arc::try_unwrap(bytes).unwrap_or_default();
                }
                Ok(span) => {
                    let bytes = &buffer[span];
                    self.lint_document(&document, (bytes, || Arc::new(bytes.to_vec())), spare, hand_on);
                }
            }
        }
        buffer.clear();
    }

    /// Lints one file; `keep` gives its text to whoever shows it later.
    fn lint_document(
        &self,
        document: &Document,
        (bytes, keep): (&[u8], impl Fn() -> Arc<Vec<u8>>),
        spare: &mut Spare,
        hand_on: &mut dyn FnMut(Done),
    ) {
        let (file, strictness) = (&document.file, document.strictness);
        let conditions = &self.in_force.terms(file).conditions;
        // What cannot be found again by its name cannot be compared later.
        let is_nameable = document.path().is_some_and(|path| path.to_str() == Some(file));
        let gather = if is_nameable { self.gather } else { self.gather.max(Gather::Contents) };
        let text = Text { file, bytes, origin: Position::START, first_index: 0, strictness, gather, conditions };
        let checked = |linted: Linted, is_last| {
            let source = self.keeps(&linted).then(|| Kept { bytes: keep(), origin: Position::START });
            Done::Checked(Checked { file: file.clone(), strictness, linted, source, is_last })
        };
        let linted = lint::lint_json(&text, &self.hashes, spare, |early| hand_on(checked(early, false)));
        hand_on(checked(linted, true));
    }

    /// Whether a text will be shown.
    fn keeps(&self, linted: &Linted) -> bool {
        self.keeps_source && !linted.findings.is_empty()
    }
}

/// What a worker reuses for each of its files.
#[derive(Default)]
struct Room {
    buffer: Vec<u8>,
    /// The files that were read and are not linted yet, and where they stand in the buffer.
    files: Vec<(Document, Result<Range<usize>, Trouble>)>,
    spare: Spare,
}

/// The next units: some files, or one block of lines, which is large.
fn chunk(inputs: &mut Inputs, most: usize) -> Vec<Unit> {
    let mut units = Vec::with_capacity(most);
    while units.len() < most {
        let Some(unit) = inputs.next() else { break };
        let is_large = matches!(unit, Unit::Lines(_));
        units.push(unit);
        if is_large {
            break;
        }
    }
    units
}

/// A unit that was worked on.
pub(super) enum Done {
    Checked(Checked),
    Trouble(Trouble),
}

impl Done {
    /// About how many bytes it keeps.
    fn weight(&self) -> usize {
        match self {
            Self::Checked(Checked { linted, source, .. }) => {
                let kept = source.as_ref().map_or(0, |kept| kept.bytes.len());
                kept + BYTES_EACH * (linted.findings.len() + linted.roll.declarations.len())
            }
            Self::Trouble(_) => BYTES_EACH,
        }
    }
}

/// About how many bytes a finding takes, or what is known of a declaration.
const BYTES_EACH: usize = 512;

/// A text that is kept to be shown, and where in its file it begins.
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

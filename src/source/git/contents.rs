//! The contents of files, which one process of git reads.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, ChildStdout, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use super::MAX_RECORD;
use super::process::{Process, git, spawn};

/// The hash of a content, in hexadecimal digits.
pub(super) type Hash = Arc<str>;

/// The content of a file.
#[derive(Debug)]
pub(in crate::source) struct Blob {
    pub(super) content: Hash,
    pub(super) contents: Contents,
}

impl Blob {
    /// Passes the content to `read`.
    pub(in crate::source) fn with<R>(&self, read: impl FnOnce(&mut dyn Read) -> io::Result<R>) -> io::Result<R> {
        self.contents.with(&self.content, read)
    }

    /// A stream of the content, for files that are too large for memory.
    pub(in crate::source) fn open(&self) -> io::Result<impl Read + Send + use<>> {
        let mut command = git(&self.contents.here);
        command.args(["cat-file", "blob", &self.content]).stderr(Stdio::null());
        let mut child = spawn(&mut command).map_err(io::Error::other)?;
        let stdout = child.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
        Ok(Stream { stdout, child: Process(child), is_at_end: false })
    }
}

/// The output of a process that must succeed.
struct Stream {
    stdout: ChildStdout,
    child: Process,
    is_at_end: bool,
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.stdout.read(buffer)?;
        if count == 0 && !buffer.is_empty() && !std::mem::replace(&mut self.is_at_end, true) && !self.child.0.wait()?.success() {
            return Err(io::Error::other(ABSENT));
        }
        Ok(count)
    }
}

/// Why a content cannot be read.
const ABSENT: &str = "its content is not in this clone, and nothing is fetched";

/// Reads contents, one at a time, with one process.
#[derive(Debug, Clone)]
pub(super) struct Contents {
    here: PathBuf,
    batch: Arc<Mutex<Option<Batch>>>,
}

/// A running `git cat-file --batch`.
#[derive(Debug)]
struct Batch {
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
    _child: Process,
}

impl Contents {
    /// The contents of the repository of a folder.
    pub(super) fn new(here: PathBuf) -> Self {
        Self { here, batch: Arc::default() }
    }

    /// Passes a content to `read`.
    pub(super) fn with<R>(&self, hash: &str, read: impl FnOnce(&mut dyn Read) -> io::Result<R>) -> io::Result<R> {
        // A panic of the thread that held it ends the program.
        let mut running = self.batch.lock().unwrap_or_else(PoisonError::into_inner);
        // After an error, or if the content was not read to its end, the next one is read by another process.
        let mut batch = running.take().map_or_else(|| Batch::start(&self.here), Ok)?;
        let size = batch.request(hash)?;
        let mut content = (&mut batch.stdout).take(size);
        let result = read(&mut content)?;
        let mut end = [0];
        if content.limit() == 0 && batch.stdout.read_exact(&mut end).is_ok() {
            *running = Some(batch);
        }
        Ok(result)
    }
}

impl Batch {
    fn start(here: &Path) -> io::Result<Self> {
        let mut command = git(here);
        command.args(["cat-file", "--batch"]).stdin(Stdio::piped()).stderr(Stdio::null());
        let mut child = spawn(&mut command).map_err(io::Error::other)?;
        let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
        let (stdin, stdout) = stdin.zip(stdout).ok_or(io::ErrorKind::BrokenPipe)?;
        Ok(Self { stdin, stdout: BufReader::new(stdout), _child: Process(child) })
    }

    /// Asks for a content, and returns its size in bytes. The content follows.
    fn request(&mut self, hash: &str) -> io::Result<u64> {
        writeln!(self.stdin, "{hash}")?;
        self.stdin.flush()?;
        let mut head = Vec::new();
        self.stdout.by_ref().take(MAX_RECORD).read_until(b'\n', &mut head)?;
        let head = String::from_utf8_lossy(&head);
        let mut words = head.split_ascii_whitespace().skip(1);
        let size = words.next().filter(|kind| *kind == "blob").and_then(|_| words.next()?.parse().ok());
        size.ok_or_else(|| io::Error::other(ABSENT))
    }
}

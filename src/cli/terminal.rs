//! Colours, width and output of the terminal.

use std::io::{self, BufWriter, IsTerminal, Write};

use clap::ValueEnum;

use crate::words::{without_commands, wrap};

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    // On a terminal. NO_COLOR turns colours off, CLICOLOR_FORCE turns them on.
    Auto,
    Always,
    Never,
}

impl Color {
    /// Whether to use colours on a stream.
    pub(super) fn is_on_for(self, stream: &impl IsTerminal) -> bool {
        let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto if is_set("NO_COLOR") => false,
            Self::Auto if std::env::var_os("CLICOLOR_FORCE").is_some_and(|value| !value.is_empty() && value != "0") => true,
            Self::Auto => stream.is_terminal(),
        }
    }
}

/// The width of the report: `COLUMNS`, else 80.
pub(super) fn width() -> usize {
    std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok()).unwrap_or(80)
}

/// Prints a line to standard error. Ignores a closed stream.
pub(super) fn remark(text: &str) {
    let _ = writeln!(io::stderr(), "{}", without_commands(text));
}

/// A stream whose errors wait until the end: what else a command does and writes, and its exit status, must not depend on
/// who reads the stream.
pub(super) struct Deferred<W> {
    out: W,
    error: Option<io::Error>,
}

impl<W: Write> Deferred<W> {
    pub(super) fn new(out: W) -> Self {
        Self { out, error: None }
    }

    /// Flushes the stream, and returns its first error, if any. A closed pipe is not an error.
    pub(super) fn finish(mut out: BufWriter<Self>) -> io::Result<()> {
        out.flush()?;
        out.get_mut().error.take().filter(|error| error.kind() != io::ErrorKind::BrokenPipe).map_or(Ok(()), Err)
    }

    /// Does nothing after an error.
    fn attempt(&mut self, write: impl FnOnce(&mut W) -> io::Result<()>) {
        if self.error.is_none() {
            self.error = write(&mut self.out).err();
        }
    }
}

impl<W: Write> Write for Deferred<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.attempt(|out| out.write_all(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.attempt(Write::flush);
        Ok(())
    }
}

/// Appends words wrapped at `width`, with the prefix `first` on the first line and `others` on the rest. Does not break
/// names or paths.
pub(super) fn push_lines(text: &mut String, words: &str, first: &str, others: &str, width: usize) {
    for line in wrap(&without_commands(&words.replace('`', "")), width, first, others) {
        text.push_str(&line);
        text.push('\n');
    }
}

//! `ddmc check --fix`, `--unsafe-fixes` and `--diff`

use std::collections::HashSet;
use std::fs::{self, Metadata};
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use similar::TextDiff;

use super::terminal::remark;
use super::work::Work;
use super::write::{Batch, Staged};
use crate::config::Entries;
use crate::diagnostic::Diagnostic;
use crate::fix::{self, Fixed};
use crate::lint;
use crate::report::redacted;
use crate::source::{Inputs, Unit};
use crate::validate::Strictness;
use crate::words::{count, has_command, is_unsafe, visible};

/// The time after which a diff need not be minimal. For texts without a common line, it grows with the square of their
/// length.
const MAX_DIFF_TIME: Duration = Duration::from_secs(2);

/// The flags for fixes.
#[derive(Debug, Clone, Copy, Args)]
pub(super) struct FixFlags {
    /// Fix what is safe to fix, in place
    #[arg(long)]
    fix: bool,

    /// With --fix or --diff: also apply fixes that change a value, or drop a key or a comment
    #[arg(long)]
    unsafe_fixes: bool,

    /// Show what would be fixed without changing files; the exit status is that of the check
    #[arg(long, conflicts_with = "write_baseline")]
    pub(super) diff: bool,
}

impl FixFlags {
    /// Whether files are to be fixed, or a diff shown.
    pub(super) fn is_wanted(self) -> bool {
        self.fix || self.diff
    }

    /// Whether the flags only modify others, which are missing.
    pub(super) fn has_no_effect(self) -> bool {
        self.unsafe_fixes && !self.is_wanted()
    }
}

/// The outcome for all files.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// The number of fixed findings that the text had, and of those that came to light while fixing.
    pub(super) fixes: (usize, usize),
    pub(super) files: usize,
    /// Whether fixes remain: the limit per run was reached.
    pub(super) has_more: bool,
    /// Whether a file could not be read or written.
    pub(super) has_failures: bool,
}

/// Whether a path is a pipe or a device. It cannot be replaced, and reading it could wait for ever.
pub(super) fn refuses(paths: &[PathBuf]) -> bool {
    let is_stream =
        |path: &&PathBuf| path.as_os_str() != "-" && fs::metadata(path).is_ok_and(|path| !path.is_file() && !path.is_dir());
    let streams: Vec<&PathBuf> = paths.iter().filter(is_stream).collect();
    for path in &streams {
        remark(&format!("ddmc: {} is a pipe or a device, which cannot be fixed", visible(&path.to_string_lossy())));
    }
    !streams.is_empty()
}

/// Fixes the inputs, or writes the diff to `out`.
pub(super) fn run(work: &Work, flags: FixFlags, out: &mut dyn Write) -> io::Result<Outcome> {
    let mut outcome = Outcome::default();
    let mut seen = HashSet::new();
    let (mut batch, mut staged) = (Batch::default(), Vec::new());
    if work.paths.iter().any(|path| path.as_os_str() == "-") {
        remark("ddmc: standard input cannot be fixed; name a file");
        outcome.has_failures = true;
    }
    let paths = work.paths.iter().filter(|path| path.as_os_str() != "-").cloned().collect();
    for unit in Inputs::new(paths, work.stdin_name.clone(), work.stdin.clone(), work.effective.exclude().clone()) {
        let (file, strictness, path) = match &unit {
            // The check that follows reports read errors.
            Unit::Failed(_) | Unit::Excluded(_) => continue,
            Unit::File(document) => (document.file.clone(), document.strictness, document.path()),
            Unit::Lines(lines) => (lines.file.clone(), lines.strictness, lines.path.as_deref()),
        };
        let Some(path) = path.filter(|path| seen.insert(path.to_path_buf())) else { continue };
        let Some(before) = fs::metadata(path).ok().filter(Metadata::is_file) else { continue };
        let Ok(text) = fs::read(path) else { continue };
        let Some(fixed) = fix_text(work, &file, strictness, &text, flags.unsafe_fixes) else { continue };
        if flags.diff {
            print_diff(&file, &file, &text, &fixed.text, out)?;
        } else if before.permissions().readonly() {
            remark(&format!("ddmc: {} is read-only and was not fixed", visible(&file)));
            outcome.has_failures = true;
            continue;
        } else {
            match batch.stage(path, |out| out.write_all(&fixed.text)) {
                Ok(new) => {
                    let (path, before) = (path.to_owned(), work.hashes.bytes(&text));
                    staged.push(FixedFile { file, path, before, new, fixed: Fixed { text: Vec::new(), ..fixed } });
                }
                Err(error) => outcome.fail(&file, &error),
            }
            if batch.folders() == Batch::MAX_FOLDERS {
                outcome.commit(work, std::mem::take(&mut staged));
                batch = Batch::default();
            }
            continue;
        }
        outcome.add(&fixed);
    }
    outcome.commit(work, staged);
    out.flush()?;
    Ok(outcome)
}

/// A fixed file that is not in place yet.
struct FixedFile {
    file: Arc<str>,
    path: PathBuf,
    /// The hash of the text that was fixed.
    before: u64,
    new: Staged,
    fixed: Fixed,
}

impl Outcome {
    fn commit(&mut self, work: &Work, staged: Vec<FixedFile>) {
        for FixedFile { file, path, before, new, fixed } in staged {
            // An editor may have saved the file meanwhile. No system replaces a file only if it has a given content, so
            // a change between these two steps is still lost.
            if fs::read(path).ok().is_none_or(|now| work.hashes.bytes(&now) != before) {
                remark(&format!("ddmc: {} changed while it was read; it was not fixed", visible(&file)));
                self.has_failures = true;
                continue;
            }
            match new.commit() {
                Ok(()) => self.add(&fixed),
                Err(error) => self.fail(&file, &error),
            }
        }
    }

    /// Counts the fixes of a file.
    fn add(&mut self, fixed: &Fixed) {
        self.fixes.0 += fixed.count;
        self.fixes.1 += fixed.uncovered;
        self.has_more |= fixed.has_more;
        self.files += 1;
    }

    fn fail(&mut self, file: &str, error: &io::Error) {
        remark(&format!("ddmc: cannot write {}: {error}", visible(file)));
        self.has_failures = true;
    }

    /// The summary line.
    pub(super) fn line(&self, is_diff: bool) -> String {
        let verb = if is_diff { "Would fix" } else { "Fixed" };
        let more = if self.has_more { "; more can be fixed: run the command again" } else { "" };
        let (fixed, uncovered) = self.fixes;
        let also = match uncovered {
            0 => String::new(),
            1 => ", and 1 that came to light while fixing".to_owned(),
            _ => format!(", and {uncovered} that came to light while fixing"),
        };
        format!("{verb} {} in {}{also}{more}", count(fixed, "finding"), count(self.files, "file"))
    }
}

fn fix_text(work: &Work, file: &Arc<str>, strictness: Strictness, text: &[u8], takes_unsafe: bool) -> Option<Fixed> {
    let config = work.effective.for_file(file);
    let lint = |bytes: &[u8]| lint::alone(file, strictness, bytes, &config.conditions);
    // Do not fix ignored findings or findings of rules that are off.
    let mut entries = Entries::new(&work.effective);
    let is_wanted = |findings: &mut Vec<Diagnostic>| {
        let _ = entries.drop_ignored(file, findings);
        config.severities.apply(findings);
    };
    fix::apply(text, lint, is_wanted, takes_unsafe)
}

/// Prints a unified diff, escaped for a terminal and without secrets. The texts are read as those of a file called
/// `read_as`.
pub(super) fn print_diff(file: &str, read_as: &str, before: &[u8], after: &[u8], out: &mut dyn Write) -> io::Result<()> {
    let name = visible(file);
    let (Some(before), Some(after)) = (redacted(read_as, before), redacted(read_as, after)) else {
        return writeln!(out, "{name}: diff not shown: the file contains a secret and its JSON is invalid");
    };
    let diff = TextDiff::configure().timeout(MAX_DIFF_TIME).diff_lines(&before, &after);
    let text = diff.unified_diff().context_radius(2).header(&format!("a/{name}"), &format!("b/{name}")).to_string();
    for line in text.lines() {
        let is_safe = !line.contains(|c| is_unsafe(c) && c != '\t') && !has_command(line.as_bytes());
        if is_safe { writeln!(out, "{line}")? } else { writeln!(out, "{}", visible(line))? }
    }
    Ok(())
}

//! `ddmc check --fix`, `--unsafe-fixes` and `--diff`

use std::collections::HashSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use similar::TextDiff;

use super::terminal::remark;
use super::work::Work;
use super::write;
use crate::config::Entries;
use crate::diagnostic::Diagnostic;
use crate::fix::{self, Fixed};
use crate::lint;
use crate::report::redacted;
use crate::source::{Inputs, STDIN, Unit};
use crate::validate::Strictness;
use crate::words::{count, is_unsafe, visible};

/// Whether to mend files.
#[derive(Debug, Clone, Copy, Args)]
pub(super) struct Fixing {
    /// Mend what can be mended without a doubt, in the files themselves
    #[arg(long)]
    fix: bool,

    /// Mend also where a value is changed or a key dropped
    #[arg(long)]
    unsafe_fixes: bool,

    /// Show what would be mended, and change nothing; the exit status is 1 if there is something
    #[arg(long)]
    pub(super) diff: bool,
}

impl Fixing {
    /// Whether files are mended, or it is shown how.
    pub(super) fn is_wanted(self) -> bool {
        self.fix || self.unsafe_fixes || self.diff
    }
}

/// What became of the files.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    pub(super) fixes: usize,
    pub(super) files: usize,
    /// Whether so much was mended that there is more to do.
    pub(super) has_more: bool,
    /// Whether something could not be read or written.
    pub(super) has_trouble: bool,
}

/// Mends the inputs, or shows on `out` how they would be mended.
pub(super) fn run(work: &Work, fixing: Fixing, out: &mut dyn Write) -> io::Result<Outcome> {
    let mut outcome = Outcome::default();
    let mut seen = HashSet::new();
    let mut staged = Vec::new();
    for unit in Inputs::new(work.paths.clone(), work.stdin_name.clone(), work.stdin.clone(), work.in_force.exclude().clone()) {
        let (file, strictness, path) = match &unit {
            // The check that follows says what could not be read.
            Unit::Trouble(_) => continue,
            Unit::File(document) => (document.file.clone(), document.strictness, document.path()),
            Unit::Lines(lines) => (lines.file.clone(), lines.strictness, None),
        };
        if *file == *STDIN || work.stdin_name.as_deref() == Some(&*file) {
            remark("ddmc: standard input is not mended: name a file");
            outcome.has_trouble = true;
            continue;
        }
        if !seen.insert(path.map_or_else(|| PathBuf::from(&*file), Path::to_path_buf)) {
            continue;
        }
        let path = path.unwrap_or(Path::new(&*file));
        // A pipe could be read only once.
        let Ok(before) = fs::metadata(path) else { continue };
        if !before.is_file() {
            remark(&format!("ddmc: {} is not a file, and is not mended", visible(&file)));
            outcome.has_trouble = true;
            continue;
        }
        let Ok(text) = fs::read(path) else { continue };
        let Some(fixed) = mended(work, &file, strictness, &text, fixing.unsafe_fixes) else { continue };
        if fixing.diff {
            show(&file, &text, &fixed.text, out)?;
        } else if before.permissions().readonly() {
            remark(&format!("ddmc: {} is read-only, and is not mended", visible(&file)));
            outcome.has_trouble = true;
            continue;
        } else {
            match write::stage(path, |out| out.write_all(&fixed.text)) {
                Ok(whole) => staged.push((file, whole)),
                Err(error) => {
                    outcome.refuse(&file, &error);
                    continue;
                }
            }
        }
        outcome.fixes += fixed.count;
        outcome.has_more |= !fixed.is_done;
        outcome.files += 1;
    }
    for (file, whole) in staged {
        if let Err(error) = whole.commit() {
            outcome.refuse(&file, &error);
        }
    }
    out.flush()?;
    Ok(outcome)
}

impl Outcome {
    fn refuse(&mut self, file: &str, error: &io::Error) {
        remark(&format!("ddmc: cannot write {}: {error}", visible(file)));
        self.has_trouble = true;
    }

    /// What was done, in one line.
    pub(super) fn line(&self, is_diff: bool) -> String {
        let verb = if is_diff { "Would mend" } else { "Mended" };
        let more = if self.has_more { "; there is more to mend: run it again" } else { "" };
        format!("{verb} {} in {}{more}", count(self.fixes, "finding"), count(self.files, "file"))
    }
}

fn mended(work: &Work, file: &Arc<str>, strictness: Strictness, text: &[u8], takes_unsafe: bool) -> Option<Fixed> {
    let terms = work.in_force.terms(file);
    let lint = |bytes: &[u8]| lint::alone(file, strictness, bytes, &terms.conditions);
    // Accepted findings stay, and so do those of rules that are off.
    let mut entries = Entries::new(&work.in_force);
    let is_wanted = |findings: &mut Vec<Diagnostic>| {
        entries.silence(file, findings);
        terms.severities.apply(findings);
    };
    fix::mend(text, lint, is_wanted, takes_unsafe)
}

/// Shows the difference in the unified form, safe for a terminal, and without secrets.
fn show(file: &str, before: &[u8], after: &[u8], out: &mut dyn Write) -> io::Result<()> {
    let name = visible(file);
    let (Some(before), Some(after)) = (redacted(file, before), redacted(file, after)) else {
        return writeln!(out, "{name}: the changes are not shown, as the file names a secret and its JSON is broken");
    };
    let diff = TextDiff::from_lines(&before, &after);
    let text = diff.unified_diff().context_radius(2).header(&format!("a/{name}"), &format!("b/{name}")).to_string();
    for line in text.lines() {
        let is_plain = !line.contains(|c| is_unsafe(c) && c != '\t');
        if is_plain { writeln!(out, "{line}")? } else { writeln!(out, "{}", visible(line))? }
    }
    Ok(())
}

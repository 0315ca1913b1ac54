//! `--baseline` and `--write-baseline`

use std::io;
use std::path::{Path, PathBuf};

use clap::Args;

use super::overlap::InputFiles;
use super::terminal::remark;
use super::{Status, write};
use crate::baseline::Baseline;
use crate::config::EffectiveConfig;
use crate::limits::MAX_BASELINE_BYTES;
use crate::source;
use crate::words::visible;

/// The flags for recorded findings.
#[derive(Debug, Clone, Args)]
pub(super) struct BaselineFlags {
    /// Report only findings that this file does not record
    #[arg(long, value_name = "FILE", conflicts_with = "write_baseline")]
    pub(super) baseline: Option<PathBuf>,

    /// Record the current findings in this file and report nothing
    #[arg(long, value_name = "FILE")]
    write_baseline: Option<PathBuf>,

    /// With --baseline: remove what is recorded but gone from the file
    // With these, a run does not find all that is still there.
    #[arg(long, requires = "baseline", conflicts_with_all = ["diff", "exclude", "allow"])]
    prune_baseline: bool,
}

/// What to do with recorded findings.
pub(super) enum BaselineMode {
    /// Report all findings.
    Off,
    /// Report only findings that this baseline does not hold. `prune` is its path if the entries of findings that are gone
    /// are to be removed from it.
    Filter { baseline: Baseline, prune: Option<PathBuf> },
    /// Record all findings, to write to this path.
    Record(Baseline, PathBuf),
}

impl BaselineMode {
    pub(super) fn new(effective: &EffectiveConfig, flags: BaselineFlags, inputs: &InputFiles) -> Result<Self, String> {
        let here = effective.here();
        if let Some(path) = flags.write_baseline {
            if inputs.names(&path) {
                return Err(error(&path, "is also an input and would be replaced"));
            }
            // Never overwrite a file that is not a baseline.
            if path.as_os_str() != "-" && path.symlink_metadata().is_ok() {
                let text = source::read_small(&path, MAX_BASELINE_BYTES).map_err(|reason| error(&path, &reason))?;
                if !text.is_empty() && Baseline::read(here, &path, &text).is_err() {
                    return Err(error(&path, "is not a baseline, so it was not overwritten"));
                }
            }
            return Ok(Self::Record(Baseline::new(here, &path), path));
        }
        let Some(path) = flags.baseline else { return Ok(Self::Off) };
        let text = source::read_small(&path, MAX_BASELINE_BYTES).map_err(|reason| error(&path, &reason))?;
        let baseline = Baseline::read(here, &path, &text).map_err(|reason| error(&path, &reason))?;
        Ok(Self::Filter { baseline, prune: flags.prune_baseline.then_some(path) })
    }
}

fn error(path: &Path, reason: &str) -> String {
    format!("{}: {}", visible(&path.to_string_lossy()), visible(reason))
}

/// Writes the recorded findings.
pub(super) fn write(baseline: &Baseline, path: &Path, is_quiet: bool) -> Status {
    if path.as_os_str() == "-" {
        return super::finish(baseline.write(&mut io::stdout().lock()));
    }
    replace(baseline, path, is_quiet, |name| format!("Wrote {name}; ddmc check --baseline {name} reports only new findings"))
}

/// Writes the findings that are left after the removal of `stale` ones.
pub(super) fn rewrite(baseline: &Baseline, path: &Path, stale: u64, is_quiet: bool) -> Status {
    replace(baseline, path, is_quiet, |name| {
        format!("Removed {stale} recorded in {name} but gone; it records {} now", baseline.len())
    })
}

fn replace(baseline: &Baseline, path: &Path, is_quiet: bool, says: impl FnOnce(&str) -> String) -> Status {
    let name = visible(&path.to_string_lossy());
    match write::file(path, |out| baseline.write(out)) {
        Ok(()) => {
            if !is_quiet {
                remark(&says(&name));
            }
            Status::Success
        }
        Err(error) => {
            remark(&format!("ddmc: cannot write {name}: {error}"));
            Status::Failure
        }
    }
}

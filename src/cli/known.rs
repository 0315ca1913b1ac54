//! `--baseline` and `--write-baseline`

use std::io;
use std::path::{Path, PathBuf};

use super::terminal::remark;
use super::{Status, write};
use crate::baseline::Baseline;
use crate::config::InForce;
use crate::source;
use crate::words::visible;

/// The most bytes that a baseline may have.
const MOST_BYTES: usize = 256 << 20;

/// What to do with findings that are known.
pub(super) enum Known {
    /// Report them all.
    Nothing,
    /// Report only what is not in here.
    Baseline(Baseline),
    /// Record them, for a file at this path.
    Record(Baseline, PathBuf),
}

impl Known {
    pub(super) fn new(in_force: &InForce, baseline: Option<PathBuf>, record: Option<PathBuf>) -> Result<Self, String> {
        let here = in_force.here();
        if let Some(path) = record {
            // Only what is a baseline is replaced by one.
            if path.as_os_str() != "-" && path.symlink_metadata().is_ok() {
                let text = source::read_small(&path, MOST_BYTES).map_err(|reason| fault(&path, &reason))?;
                if !text.is_empty() && Baseline::read(here, &path, &text).is_err() {
                    return Err(fault(&path, "is something else than a baseline, and is not overwritten"));
                }
            }
            return Ok(Self::Record(Baseline::new(here, &path), path));
        }
        let Some(path) = baseline else { return Ok(Self::Nothing) };
        let text = source::read_small(&path, MOST_BYTES).map_err(|reason| fault(&path, &reason))?;
        Baseline::read(here, &path, &text).map(Self::Baseline).map_err(|reason| fault(&path, &reason))
    }
}

fn fault(path: &Path, reason: &str) -> String {
    format!("{}: {}", visible(&path.to_string_lossy()), visible(reason))
}

/// Writes the findings that were recorded.
pub(super) fn write(baseline: &Baseline, path: &Path, is_quiet: bool) -> Status {
    let name = visible(&path.to_string_lossy());
    if path.as_os_str() == "-" {
        return super::finish(baseline.write(&mut io::stdout().lock()));
    }
    match write::file(path, |out| baseline.write(out)) {
        Ok(()) => {
            if !is_quiet {
                remark(&format!("Wrote {name}; ddmc check --baseline {name} reports what is new"));
            }
            Status::Success
        }
        Err(error) => {
            remark(&format!("ddmc: cannot write {name}: {error}"));
            Status::Failure
        }
    }
}

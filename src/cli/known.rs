//! `--baseline` and `--write-baseline`

use std::fs;
use std::path::{Path, PathBuf};

use super::terminal::remark;
use super::{Status, write};
use crate::baseline::Baseline;
use crate::config::InForce;
use crate::source;
use crate::words::visible;

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
            return Ok(Self::Record(Baseline::new(here, &path), path));
        }
        let Some(path) = baseline else { return Ok(Self::Nothing) };
        let fault =
            |reason: &dyn std::fmt::Display| format!("{}: {}", visible(&path.to_string_lossy()), visible(&reason.to_string()));
        let text = fs::read(&path).map_err(|error| fault(&source::explain(&error)))?;
        Baseline::read(here, &path, &text).map(Self::Baseline).map_err(|reason| fault(&reason))
    }
}

/// Writes the findings that were recorded.
pub(super) fn write(baseline: &Baseline, path: &Path, is_quiet: bool) -> Status {
    let name = visible(&path.to_string_lossy());
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

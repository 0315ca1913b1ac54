//! `--baseline` and `--write-baseline`

use std::io;
use std::path::{Path, PathBuf};

use super::overlap::InputFiles;
use super::terminal::remark;
use super::{Status, write};
use crate::baseline::Baseline;
use crate::config::EffectiveConfig;
use crate::limits::MAX_BASELINE_BYTES;
use crate::source;
use crate::words::visible;

/// What to do with recorded findings.
pub(super) enum BaselineMode {
    /// Report all findings.
    Off,
    /// Report only findings that this baseline does not hold.
    Filter(Baseline),
    /// Record all findings, to write to this path.
    Record(Baseline, PathBuf),
}

impl BaselineMode {
    pub(super) fn new(
        effective: &EffectiveConfig,
        baseline: Option<PathBuf>,
        record: Option<PathBuf>,
        inputs: &InputFiles,
    ) -> Result<Self, String> {
        let here = effective.here();
        if let Some(path) = record {
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
        let Some(path) = baseline else { return Ok(Self::Off) };
        let text = source::read_small(&path, MAX_BASELINE_BYTES).map_err(|reason| error(&path, &reason))?;
        Baseline::read(here, &path, &text).map(Self::Filter).map_err(|reason| error(&path, &reason))
    }
}

fn error(path: &Path, reason: &str) -> String {
    format!("{}: {}", visible(&path.to_string_lossy()), visible(reason))
}

/// Writes the recorded findings.
pub(super) fn write(baseline: &Baseline, path: &Path, is_quiet: bool) -> Status {
    let name = visible(&path.to_string_lossy());
    if path.as_os_str() == "-" {
        return super::finish(baseline.write(&mut io::stdout().lock()));
    }
    match write::file(path, |out| baseline.write(out)) {
        Ok(()) => {
            if !is_quiet {
                remark(&format!("Wrote {name}; ddmc check --baseline {name} reports only new findings"));
            }
            Status::Success
        }
        Err(error) => {
            remark(&format!("ddmc: cannot write {name}: {error}"));
            Status::Failure
        }
    }
}

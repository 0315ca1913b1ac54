//! `--catalog`, and `catalog` in `ddmc.toml`

use chrono::Days;

use super::configure::ConfigFlags;
use super::terminal::{Color, remark};
use super::{Status, configure};
use crate::catalog::Catalog;
use crate::config::{EffectiveConfig, Flags};
use crate::limits::MAX_CATALOGUE_BYTES;
use crate::source;
use crate::words::{count, visible};

/// A catalogue is old if its newest release is older than this; Apple releases more often.
const OLD: Days = Days::new(30);

/// The effective config of a run, with its catalogue. Reports on standard error what prevents the run.
pub(super) fn effective(selection: &ConfigFlags, flags: Flags, color: Color) -> Result<EffectiveConfig, Status> {
    let effective = configure::effective(selection, flags).map_err(|error| configure::report_on_stderr(error, color))?;
    load(effective, false).map_err(|reason| {
        remark(&format!("ddmc: {reason}"));
        Status::Failure
    })
}

/// Reads the catalogue named on the command line or in the configuration.
pub(super) fn load(effective: EffectiveConfig, is_quiet: bool) -> Result<EffectiveConfig, String> {
    let (Some((path, name)), origin) = effective.catalog_file() else { return Ok(effective) };
    configure::refuse_outside(&effective, &path, &name, &origin, "--catalog")?;
    let name = visible(&name);
    let text = source::read_small(&path, MAX_CATALOGUE_BYTES).map_err(|reason| format!("{name}: {reason}"))?;
    let catalog = Catalog::read(&text).map_err(|reason| format!("{name}: {}", visible(&reason)))?;
    let today = effective.as_of(&[]).0.naive().date();
    if let Some(newest) = catalog.newest().filter(|newest| newest.checked_add_days(OLD).is_some_and(|end| end < today))
        && !is_quiet
    {
        remark(&format!("ddmc: {name} is old: its newest release is dated {newest}"));
    }
    if catalog.strange > 0 && !is_quiet {
        remark(&format!("ddmc: {name}: left out {} that could not be read", count(catalog.strange, "release")));
    }
    Ok(effective.with_catalog(Some(catalog)))
}

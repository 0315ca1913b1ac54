//! `--catalog`, and `catalog` in `ddmc.toml`

use chrono::Days;

use super::terminal::remark;
use crate::catalog::{Catalog, MOST_BYTES};
use crate::config::InForce;
use crate::source;
use crate::words::{count, visible};

/// A catalogue is called old when nothing in it was posted for so many days: Apple posts more often.
const OLD: Days = Days::new(30);

/// Reads the catalogue that the command line or the configuration names.
pub(super) fn load(in_force: InForce, is_quiet: bool) -> Result<InForce, String> {
    let (Some((path, name)), _) = in_force.catalog_file() else { return Ok(in_force) };
    let name = visible(&name);
    let text = source::read_small(&path, MOST_BYTES).map_err(|reason| format!("{name}: {reason}"))?;
    let catalog = Catalog::read(&text).map_err(|reason| format!("{name}: {}", visible(&reason)))?;
    let today = in_force.as_of(&[]).0.naive().date();
    if let Some(newest) = catalog.newest().filter(|newest| newest.checked_add_days(OLD).is_some_and(|end| end < today))
        && !is_quiet
    {
        remark(&format!("ddmc: {name} is old: nothing in it was posted after {newest}"));
    }
    if catalog.strange > 0 && !is_quiet {
        remark(&format!("ddmc: {name}: {} left out, as they could not be understood", count(catalog.strange, "release")));
    }
    Ok(in_force.with_catalog(Some(catalog)))
}

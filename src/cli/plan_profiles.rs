//! The legacy profiles beside a set: which of their keys lose against its declarations.

use std::sync::Arc;

use super::work::Work;
use crate::apple::{Device, KeyPath, SETTINGS};
use crate::migrate::{Entry, Home, Migration, Options, Outcome, column};
use crate::plan::{Plan, Setting};

/// A key of a profile that a declaration sets too. The declaration wins.
pub(super) struct Lost<'p> {
    pub(super) entry: &'p Entry,
    /// The path of the key within the payload of the declarations.
    pub(super) path: KeyPath,
    pub(super) setting: &'p Setting,
}

/// The keys of the profiles in these files, with their successors.
pub(super) fn entries(work: &Work, files: &[Arc<str>]) -> Vec<Entry> {
    let options = Options::default();
    let mut migration = Migration::new(work.effective.schema(), &options);
    for file in files {
        if let Some(text) = work.text(file) {
            migration.read(file, &text, &work.effective.for_file(file).conditions);
        }
    }
    migration.finish().entries
}

/// The keys of profiles that lose against the settings of a plan.
pub(super) fn lost<'p>(entries: &'p [Entry], device: &Device, plan: &'p Plan) -> Vec<Lost<'p>> {
    let home = Home::Settings(column(device.target.platform));
    let mut lost = Vec::new();
    for entry in entries {
        let Outcome::Carried(all) = &entry.outcome else { continue };
        for carried in all.iter().filter(|carried| carried.home == home) {
            let setting = plan.settings.iter().find(|setting| {
                setting.kind == SETTINGS && setting.path.iter().eq(carried.path) && !setting.decided_by.is_empty()
            });
            lost.extend(setting.map(|setting| Lost { entry, path: carried.path, setting }));
        }
    }
    lost
}

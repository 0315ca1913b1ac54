//! What the rules about legacy documents share.

use crate::keys::{Support, Verdict};
use crate::model::legacy::ScheduledUpdate;
use crate::model::{Platform, Target};
use crate::read::{Content, Object, Part};

/// A part of a legacy document, and the devices that it is meant for.
pub(crate) struct LegacyPart<'d> {
    pub(crate) part: &'d Part<'d>,
    pub(crate) targets: &'d [Target],
}

impl LegacyPart<'_> {
    /// The update, if it is one of a command.
    pub(super) fn update(&self) -> Option<&Object<ScheduledUpdate>> {
        match &self.part.content {
            Content::Update(update) => Some(update),
            _ => None,
        }
    }

    /// Whether it may reach one of these platforms.
    pub(super) fn may_reach(&self, platforms: &[Platform]) -> bool {
        self.targets.is_empty() || self.targets.iter().any(|target| platforms.contains(&target.platform))
    }
}

/// What becomes of something that Apple takes away, on the devices that it is meant for.
pub(super) enum Fate<'t> {
    /// It does not exist on these.
    Gone(Vec<&'t Target>),
    /// It still works on these.
    Deprecated(Vec<&'t Target>),
    /// The versions of the devices are not known.
    Unknown,
    /// Nothing, for now.
    Well,
}

/// What becomes of something with this support.
pub(super) fn fate<'t>(support: &Support, targets: &'t [Target]) -> Fate<'t> {
    let gone: Vec<&Target> = targets.iter().filter(|target| support.verdict(target) == Verdict::Removed).collect();
    if !gone.is_empty() {
        return Fate::Gone(gone);
    }
    let deprecated: Vec<&Target> = targets.iter().filter(|target| support.is_deprecated(target)).collect();
    if !deprecated.is_empty() {
        return Fate::Deprecated(deprecated);
    }
    let is_open = |target: &Target| target.version.is_none() && support.on(target.platform).is_some();
    if targets.is_empty() || targets.iter().any(is_open) { Fate::Unknown } else { Fate::Well }
}

//! What the rules about legacy documents share.

use super::availability::names;
use crate::apple::{Platform, Target};
use crate::apple::{SCHEDULE_OS_UPDATE, Support, Type, Verdict, update};
use crate::diagnostic::Severity;
use crate::validate::{Object, Part, Reading};

/// A part of a legacy document, and the devices that it is meant for.
pub(crate) struct LegacyPart<'d> {
    pub(crate) reading: &'d Reading<'d>,
    pub(crate) part: &'d Part<'d>,
    pub(crate) targets: &'d [Target],
}

impl<'d> LegacyPart<'d> {
    pub(super) fn kind(&self) -> &'d Type {
        self.reading.schema.kind(self.part.kind)
    }

    pub(super) fn support(&self) -> &'d Support {
        self.reading.schema.support(self.kind().support)
    }

    pub(super) fn object(&self) -> Object<'d, 'd> {
        self.reading.part(self.part)
    }

    /// Whether it is the whole of its type, and not one of the updates in it.
    pub(super) fn is_head(&self) -> bool {
        self.reading.is_head(self.part)
    }

    /// The update, if it is one of `ScheduleOSUpdate`.
    pub(super) fn update(&self) -> Option<Object<'d, 'd>> {
        (self.kind().name == SCHEDULE_OS_UPDATE && !self.is_head()).then(|| self.object())
    }

    /// Whether it is an update with this `InstallAction`.
    pub(super) fn does(&self, action: &str) -> bool {
        self.update().and_then(|update| update.text(update::INSTALL_ACTION)).is_some_and(|text| text == action)
    }

    /// Whether it may reach one of these platforms.
    pub(super) fn may_reach(&self, platforms: &[Platform]) -> bool {
        self.targets.is_empty() || self.targets.iter().any(|target| platforms.contains(&target.platform))
    }
}

/// How severe it is that Apple removes something, and what to say: `end` is what becomes of it, such as "does not exist".
pub(super) fn removal(name: &str, end: &str, support: &Support, targets: &[Target]) -> Option<(Severity, String)> {
    let (deprecated, removed) = support.retirement()?;
    let gone: Vec<&Target> = targets.iter().filter(|target| support.verdict(target) == Verdict::Removed).collect();
    if !gone.is_empty() {
        return Some((Severity::Error, format!("{name} {end} on {} any more", names(&gone, "or"))));
    }
    let warned: Vec<&Target> = targets.iter().filter(|target| support.is_deprecated(target)).collect();
    if !warned.is_empty() {
        let message = format!("{name} is deprecated on {}, and gone in {removed}", names(&warned, "and"));
        return Some((Severity::Warning, message));
    }
    let is_open = |target: &Target| target.version.is_none() && support.on(target.platform).is_some();
    (targets.is_empty() || targets.iter().any(is_open))
        .then(|| (Severity::Note, format!("{name} is deprecated since {deprecated}, and gone in {removed}")))
}

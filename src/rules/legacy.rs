//! What the rules about legacy documents share.

use super::availability::names;
use crate::apple::{Platform, SCHEDULE_OS_UPDATE, Support, Target, Type, Verdict, update};
use crate::diagnostic::Severity;
use crate::validate::{Object, Part, Reading};

/// A part of a legacy document, and its target devices.
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

    /// Whether the part is the top of its type rather than an update in it.
    pub(super) fn is_head(&self) -> bool {
        self.reading.is_head(self.part)
    }

    /// The object of the part, if it is an update of `ScheduleOSUpdate`.
    pub(super) fn update(&self) -> Option<Object<'d, 'd>> {
        (self.kind().name == SCHEDULE_OS_UPDATE && !self.is_head()).then(|| self.object())
    }

    /// Whether it is an update with this `InstallAction`.
    pub(super) fn does(&self, action: &str) -> bool {
        self.update().and_then(|update| update.text(update::INSTALL_ACTION)).is_some_and(|text| text == action)
    }

    /// Whether a target has one of these platforms; true without targets.
    pub(super) fn may_reach(&self, platforms: &[Platform]) -> bool {
        self.targets.is_empty() || self.targets.iter().any(|target| platforms.contains(&target.platform))
    }
}

/// The severity and message for something that Apple removes; `end` is its final state, such as "no longer exists".
pub(super) fn removal(name: &str, end: &str, support: &Support, targets: &[Target]) -> Option<(Severity, String)> {
    let (deprecated, removed) = support.retirement()?;
    let gone: Vec<&Target> = targets.iter().filter(|target| support.verdict(target) == Verdict::Removed).collect();
    if !gone.is_empty() {
        return Some((Severity::Error, format!("{name} {end} on {}", names(&gone, "or"))));
    }
    let warned: Vec<&Target> = targets.iter().filter(|target| support.is_deprecated(target)).collect();
    if !warned.is_empty() {
        let message = format!("{name} is deprecated on {} and was removed in {removed}", names(&warned, "and"));
        return Some((Severity::Warning, message));
    }
    let may_apply = |target: &Target| target.version.is_none() && support.on(target.platform).is_some();
    (targets.is_empty() || targets.iter().any(may_apply))
        .then(|| (Severity::Note, format!("{name} has been deprecated since {deprecated} and was removed in {removed}")))
}

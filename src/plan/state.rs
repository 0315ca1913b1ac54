//! The state of the device during a plan.

use chrono::{Datelike, TimeDelta};

use super::{Update, refusal};
use crate::apple::Support;
use crate::apple::{BuildKind, BuildVersion, Device, LocalDateTime, OsVersion, Platform, compare_versions};
use crate::set::Order;

/// The state of the device at a step of the plan.
pub(super) struct State<'s> {
    /// The platforms that support enforcements.
    pub(super) support: &'s Support,
    pub(super) device: Device,
    /// Whether the plan has installed an update.
    pub(super) is_updated: bool,
    /// Whether the last update named no build, so that it includes Background Security Improvements.
    pub(super) has_improvements: bool,
    pub(super) now: LocalDateTime,
}

impl State<'_> {
    /// Returns what prevents an enforcement from taking effect in this state.
    pub(super) fn obstacle(&self, order: &Order<'_>) -> Option<Obstacle> {
        let Device { target, version, build, .. } = &self.device;
        if let Some(reason) = refusal(self.support, target) {
            return Some(Obstacle::Impossible(reason));
        }
        if let Some(build) = order.build.filter(|build| !build.fits(target.platform, order.version)) {
            return Some(Obstacle::Permanent(format!("{build} is not a build of {} {}", target.platform, order.version)));
        }
        if !self.is_newer(order) {
            let installed = match build {
                Some(build) => format!("{version} ({build})"),
                None => version.to_string(),
            };
            if self.has_improvements && order.version == version && is_improvement(order) {
                return Some(Obstacle::Permanent(format!(
                    "{version} was enforced without a build, so the device installed its improvements too"
                )));
            }
            let relation = if order.version == version { "not newer" } else { "older" };
            let holder = if self.is_updated { "the device has by then" } else { "the device has" };
            return Some(Obstacle::Permanent(format!("it is {relation} than {installed}, which {holder}")));
        }
        // Before iOS 18 and macOS 15 a device installs an improvement in two steps.
        let needs_base = is_improvement(order) && order.version != version && needs_two_steps(target.platform, version);
        needs_base.then(|| Obstacle::Temporary(format!("{} {version} must install {} first", target.platform, order.version)))
    }

    /// Whether the target is newer than the installed release. For equal versions the build decides, if both are
    /// known. An improvement is newer than the release that it improves.
    fn is_newer(&self, order: &Order<'_>) -> bool {
        let Device { version, build, .. } = &self.device;
        if order.version != version {
            return order.version > version;
        }
        let is_improvement = |build: &BuildVersion| build.kind() == BuildKind::Supplemental;
        match (order.build, build) {
            (None, _) => false,
            (Some(target), Some(installed)) if is_improvement(target) == is_improvement(installed) => target > installed,
            (Some(target), _) => is_improvement(target) && !self.has_improvements,
        }
    }

    /// Installs the target of an enforcement.
    pub(super) fn install(&mut self, order: &Order<'_>) -> Update {
        let is_overdue = order.deadline < self.now;
        let enforced_at = if is_overdue { in_an_hour(self.now) } else { order.deadline };
        let update = Update {
            who: order.who,
            version: order.version.clone(),
            build: order.build.cloned(),
            enforced_at,
            deadline: order.deadline,
            is_overdue,
        };
        self.now = enforced_at;
        self.device.version = update.version.clone();
        self.device.target.version = Some(update.version.clone());
        self.device.build.clone_from(&update.build);
        self.is_updated = true;
        self.has_improvements = order.build.is_none();
        update
    }
}

/// Whether an enforcement installs a Background Security Improvement.
fn is_improvement(order: &Order<'_>) -> bool {
    order.build.is_some_and(|build| build.kind() == BuildKind::Supplemental)
}

/// The reason why an enforcement has no effect.
pub(super) enum Obstacle {
    /// Nothing that this device does could change it.
    Impossible(String),
    /// The version of a device only increases, so this never changes.
    Permanent(String),
    /// An update may change this.
    Temporary(String),
}

/// Whether devices of a version must install the base release before its Background Security Improvement.
fn needs_two_steps(platform: Platform, version: &OsVersion) -> bool {
    let first = match platform {
        Platform::Ios | Platform::IpadOs => "18.0",
        Platform::MacOs => "15.0",
        Platform::TvOs | Platform::VisionOs | Platform::WatchOs => return false,
    };
    compare_versions(version.as_str(), first).is_lt()
}

/// When a device installs an overdue update.
fn in_an_hour(now: LocalDateTime) -> LocalDateTime {
    let later = now.naive().checked_add_signed(TimeDelta::hours(1));
    // The format of local times has four digits for the year.
    later.filter(|later| later.year() <= 9999).map_or(now, LocalDateTime::from)
}

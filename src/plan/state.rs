//! The device at some point of a plan.

use chrono::{Datelike, TimeDelta};

use super::{Update, refusal};
use crate::apple::Support;
use crate::apple::{BuildKind, BuildVersion, Device, LocalDateTime, OsVersion, Platform, compare_versions};
use crate::set::Order;

/// The device as it is at some point of the plan.
pub(super) struct State<'s> {
    /// Where enforcements exist.
    pub(super) support: &'s Support,
    pub(super) device: Device,
    /// Whether an update of the plan brought it there.
    pub(super) is_updated: bool,
    /// Whether that update named no build, so that the improvements of its version came with it.
    pub(super) has_improvements: bool,
    pub(super) now: LocalDateTime,
}

impl State<'_> {
    /// What keeps an enforcement from acting on the device as it is; `None` if nothing does.
    pub(super) fn obstacle(&self, order: &Order<'_>) -> Option<Obstacle> {
        let Device { target, version, build } = &self.device;
        if let Some(reason) = refusal(self.support, target) {
            return Some(Obstacle::ForGood(reason));
        }
        if let Some(build) = order.build.filter(|build| !build.fits(target.platform, order.version)) {
            return Some(Obstacle::ForGood(format!("{build} is not a build of {} {}", target.platform, order.version)));
        }
        if !self.is_newer(order) {
            let installed = match build {
                Some(build) => format!("{version} ({build})"),
                None => version.to_string(),
            };
            if self.has_improvements && order.version == version && is_improvement(order) {
                return Some(Obstacle::ForGood(format!(
                    "{version} was enforced without a build, so its improvements came with it"
                )));
            }
            let relation = if order.version == version { "not newer" } else { "older" };
            let verb = if self.is_updated { "the device then has" } else { "the device has" };
            return Some(Obstacle::ForGood(format!("it is {relation} than {installed}, which {verb}")));
        }
        // Before iOS 18 and macOS 15 a device comes to an improvement in two steps.
        let needs_base = is_improvement(order) && order.version != version && needs_two_steps(target.platform, version);
        needs_base
            .then(|| Obstacle::ForNow(format!("{} {version} cannot take it before {} itself", target.platform, order.version)))
    }

    /// Whether the target is newer than what is installed. The build decides between equal versions, where both are known; an improvement is newer
    /// than the release that it improves.
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

/// Whether an enforcement is of a Background Security Improvement.
fn is_improvement(order: &Order<'_>) -> bool {
    order.build.is_some_and(|build| build.kind() == BuildKind::Supplemental)
}

/// What keeps an enforcement from acting.
pub(super) enum Obstacle {
    /// Versions only rise, so this will never change.
    ForGood(String),
    /// An update may change it.
    ForNow(String),
}

/// Whether devices of a version come to a Background Security Improvement only from the release that it improves.
fn needs_two_steps(platform: Platform, version: &OsVersion) -> bool {
    let first = match platform {
        Platform::Ios | Platform::IpadOs => "18.0",
        Platform::MacOs => "15.0",
        Platform::TvOs | Platform::VisionOs | Platform::WatchOs => return false,
    };
    compare_versions(version.as_str(), first).is_lt()
}

/// When a device installs what is overdue.
fn in_an_hour(now: LocalDateTime) -> LocalDateTime {
    let later = now.naive().checked_add_signed(TimeDelta::hours(1));
    // The form of a local time has four digits for the year.
    later.filter(|later| later.year() <= 9999).map_or(now, LocalDateTime::from)
}

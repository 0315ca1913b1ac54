//! The releases that Apple offers on a day.

use chrono::NaiveDate;

use super::Update;
use super::state::Obstacle;
use crate::apple::{BuildVersion, Device, Platform, compare_versions};
use crate::catalog::{Catalog, Known, Origin, Release};
use crate::set::Order;
use crate::words::shown;

/// The status item with the name that a device has in Apple's catalogue.
pub(crate) const DEVICE_ID: &str = "softwareupdate.device-id";
/// The status item with the model. It is the same name, except on Macs.
pub(crate) const MODEL: &str = "device.model.identifier";

/// The releases that Apple offers for a platform on a day.
pub(super) struct Releases<'c> {
    pub(super) catalog: &'c Catalog,
    pub(super) platform: Platform,
    pub(super) today: NaiveDate,
}

impl Releases<'_> {
    /// Returns why Apple does not offer a release to a device. Such an enforcement waits, and blocks no others.
    pub(super) fn obstacle(&self, order: &Order<'_>, device: &Device) -> Option<Obstacle> {
        let (Self { catalog, platform, today }, installed) = (self, &device.version);
        let waits = |reason: String| Some(Obstacle::Temporary(reason));
        if catalog.knows(*platform, order.version, order.build) == Known::No {
            return waits(format!("waits until Apple offers it for {platform}"));
        }
        if let Some(name) = self.unsupported(order, device) {
            let name = shown(name);
            return Some(Obstacle::Impossible(format!(
                "it does not run on {name}, for which Apple's catalogue does not list it"
            )));
        }
        if let Some(last) = self.last_day(order).filter(|last| last < today) {
            return waits(format!("waits, because Apple offered it for {platform} only until {last}"));
        }
        let knows_only_public = *platform == Platform::MacOs && compare_versions(installed.as_str(), "15.0").is_lt();
        let is_managed_only = catalog.origin == Origin::Gdmf && !self.offers(order).any(|release| release.is_public);
        if knows_only_public && is_managed_only && self.offers(order).next().is_some() {
            return waits(format!(
                "waits, because only Apple's list for managed devices has it, which macOS {installed} does not use"
            ));
        }
        None
    }

    /// The name by which the device is missing from the devices of a release. `None` if it is there, or if the catalogue
    /// has no devices with names of that kind.
    fn unsupported<'d>(&self, order: &Order<'_>, device: &'d Device) -> Option<&'d str> {
        let names = [DEVICE_ID, MODEL].into_iter().filter_map(|item| device.status.get(item)).map(String::as_str);
        let mut missing = None;
        for name in names {
            let is_listed: Option<Vec<bool>> =
                self.offers(order).map(|release| release.devices.contains(name, self.platform)).collect();
            match is_listed {
                Some(listed) if listed.contains(&true) => return None,
                Some(listed) if !listed.is_empty() => missing = missing.or(Some(name)),
                _ => {}
            }
        }
        missing
    }

    /// The catalogue entries of a release.
    fn offers<'o>(&'o self, order: &'o Order<'_>) -> impl Iterator<Item = &'o Release> {
        let is_this = |build: Option<&BuildVersion>| order.build.is_none() || build == order.build;
        self.catalog.of_version(self.platform, order.version).filter(move |release| is_this(release.build.as_ref()))
    }

    /// Returns the assumption that Apple still offers a release when it is due, unless the catalogue confirms that.
    pub(super) fn doubt(&self, order: &Order<'_>, update: &Update) -> Option<String> {
        let last = self.last_day(order).filter(|last| *last < update.enforced_at.naive().date())?;
        Some(format!("Apple still offers {} when it is due, although the catalogue lists it until {last}", order.target()))
    }

    /// The last day on which Apple offers a release, if the catalogue has one.
    fn last_day(&self, order: &Order<'_>) -> Option<NaiveDate> {
        let days: Option<Vec<NaiveDate>> = self.offers(order).map(|release| release.expires).collect();
        days?.into_iter().max()
    }
}

//! The releases that Apple offers on a day.

use chrono::NaiveDate;

use super::Update;
use crate::apple::{BuildVersion, OsVersion, Platform, compare_versions};
use crate::catalog::{Catalog, Known, Origin, Release};
use crate::set::Order;

/// The releases that Apple offers for a platform on a day.
pub(super) struct Releases<'c> {
    pub(super) catalog: &'c Catalog,
    pub(super) platform: Platform,
    pub(super) today: NaiveDate,
}

impl Releases<'_> {
    /// Returns why Apple does not offer a release to a device. Such an enforcement waits, and blocks no others.
    pub(super) fn obstacle(&self, order: &Order<'_>, installed: &OsVersion) -> Option<String> {
        let Self { catalog, platform, today } = self;
        if catalog.knows(*platform, order.version, order.build) == Known::No {
            return Some(format!("waits until Apple offers it for {platform}"));
        }
        if let Some(last) = self.last_day(order).filter(|last| last < today) {
            return Some(format!("waits, because Apple offered it for {platform} only until {last}"));
        }
        let knows_only_public = *platform == Platform::MacOs && compare_versions(installed.as_str(), "15.0").is_lt();
        let is_managed_only = catalog.origin == Origin::Gdmf && !self.offers(order).any(|release| release.is_public);
        (knows_only_public && is_managed_only && self.offers(order).next().is_some())
            .then(|| format!("waits, because only Apple's list for managed devices has it, which macOS {installed} does not use"))
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

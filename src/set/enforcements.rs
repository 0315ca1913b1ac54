//! Enforcements that are active together, in the order in which a device processes them.

use std::collections::hash_map::Entry;

use super::Gathered;
use crate::apple::{BuildVersion, Enforcement, LocalDateTime, OsVersion, Platform};
use crate::apple::{ENFORCEMENT, SCHEDULE_OS_UPDATE, Support};
use crate::catalog::Platforms;
use crate::hash::{Map, Set};
use crate::words::shown;

/// Enforcements that are active together.
pub(crate) struct Enforcements<'g> {
    gathered: &'g Gathered,
    /// The numbers of the `ScheduleOSUpdate` commands.
    pub(crate) commands: Vec<usize>,
    /// In the order in which a device processes them: by deadline, version and build, ascending.
    pub(crate) orders: Vec<Order<'g>>,
}

/// The most other enforcements to compare one with.
const MOST_COMPARED: usize = 500;

/// An enforcement in a set.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Order<'g> {
    /// The number of the declaration.
    pub(crate) who: usize,
    pub(crate) version: &'g OsVersion,
    pub(crate) build: Option<&'g BuildVersion>,
    pub(crate) deadline: LocalDateTime,
    /// The platforms that it may target.
    platforms: Platforms,
}

impl<'g> Enforcements<'g> {
    /// Collects the enforcements of a set. An exact copy with the same identifier counts once.
    pub(crate) fn new(gathered: &'g Gathered, set: &[usize]) -> Self {
        let (schema, members) = (&gathered.schema, &gathered.members);
        let support = schema.support_of(ENFORCEMENT);
        let mut seen = Set::default();
        let order = |who: &usize| {
            let enforcement = gathered.enforcements.get(who)?.enforcement.as_ref()?;
            Some(Order {
                who: *who,
                version: &enforcement.target_os_version,
                build: enforcement.target_build_version.as_ref(),
                deadline: enforcement.target_local_date_time,
                platforms: platforms(support, enforcement),
            })
        };
        let is_first = |order: &Order<'_>| seen.insert((&members[order.who].identifier, members[order.who].content));
        let mut orders: Vec<Order<'g>> = set.iter().filter_map(order).filter(is_first).collect();
        orders.sort_by(|one, other| one.rank().cmp(&other.rank()));
        let commands = set.iter().copied().filter(|who| members[*who].is(SCHEDULE_OS_UPDATE, schema)).collect();
        Self { gathered, commands, orders }
    }

    /// The earlier orders to compare an order with. The limit bounds the work for hostile input.
    pub(crate) fn before(&self, at: usize) -> &[Order<'g>] {
        &self.orders[..at.min(MOST_COMPARED)]
    }

    /// The orders that name the same release as an earlier order, each with the earlier one.
    pub(crate) fn repeated(&self) -> impl Iterator<Item = (&Order<'g>, &Order<'g>)> {
        let mut first: Map<(&OsVersion, Option<&BuildVersion>), &Order<'g>> = Map::default();
        self.orders.iter().filter_map(move |order| match first.entry((order.version, order.build)) {
            Entry::Occupied(entry) => Some((order, *entry.get())),
            Entry::Vacant(entry) => {
                entry.insert(order);
                None
            }
        })
    }

    /// The identifier of an enforcement, to print.
    pub(crate) fn name(&self, order: &Order<'_>) -> String {
        shown(self.gathered.members[order.who].name())
    }
}

impl Order<'_> {
    /// The sort key of a device, then the number of the declaration.
    fn rank(&self) -> (LocalDateTime, &OsVersion, Option<&BuildVersion>, usize) {
        (self.deadline, self.version, self.build, self.who)
    }

    /// Whether one device may process both: versions and builds of different platforms never conflict.
    pub(crate) fn may_meet(&self, other: &Self) -> bool {
        self.platforms.meets(other.platforms)
    }

    /// Whether both name the same release.
    pub(crate) fn has_target_of(&self, other: &Self) -> bool {
        self.version == other.version && self.build == other.build
    }

    /// The release, as messages show it.
    pub(crate) fn target(&self) -> String {
        match self.build {
            Some(build) => format!("{} ({build})", self.version),
            None => self.version.to_string(),
        }
    }
}

/// The platforms that an enforcement may target: those that support enforcements and have such a version and build.
fn platforms(support: &Support, enforcement: &Enforcement) -> Platforms {
    let (version, build) = (&enforcement.target_os_version, enforcement.target_build_version.as_ref());
    let may_target = |platform: &Platform| {
        support.on(*platform).is_some_and(|since| since.introduced.compared_to(version).is_le())
            && platform.has_major(version)
            && build.is_none_or(|build| build.fits(*platform, version) && build.has_letter_of(*platform))
    };
    Platforms::of(&Platform::ALL.into_iter().filter(may_target).collect::<Vec<_>>())
}

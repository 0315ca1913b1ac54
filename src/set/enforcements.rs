//! Enforcements that are active together, in the order in which a device takes them.

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
    /// The numbers of the commands that schedule updates too.
    pub(crate) commands: Vec<usize>,
    /// In the order in which a device takes them: by deadline, and of equal deadlines the lower version, then the lower build.
    pub(crate) orders: Vec<Order<'g>>,
}

/// With how many others an enforcement is compared.
const MOST_COMPARED: usize = 500;

/// An enforcement in its set.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Order<'g> {
    /// The number of the declaration.
    pub(crate) who: usize,
    pub(crate) version: &'g OsVersion,
    pub(crate) build: Option<&'g BuildVersion>,
    pub(crate) deadline: LocalDateTime,
    /// The platforms that it may be meant for.
    platforms: Platforms,
}

impl<'g> Enforcements<'g> {
    /// The enforcements of a set. An exact copy of one, of the same name, is the same.
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

    /// The orders before one that it is compared with: all of them in any set that people make, and not all in a hostile one.
    pub(crate) fn before(&self, at: usize) -> &[Order<'g>] {
        &self.orders[..at.min(MOST_COMPARED)]
    }

    /// The orders whose release an earlier one has, each with that one.
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

    /// The name of an enforcement.
    pub(crate) fn name(&self, order: &Order<'_>) -> String {
        shown(self.gathered.members[order.who].name())
    }
}

impl Order<'_> {
    /// What a device orders by; of equal ones the first by name, so that the order of the files does not matter.
    fn rank(&self) -> (LocalDateTime, &OsVersion, Option<&BuildVersion>, usize) {
        (self.deadline, self.version, self.build, self.who)
    }

    /// Whether one device may come to both: builds and versions of different systems never meet.
    pub(crate) fn may_meet(&self, other: &Self) -> bool {
        self.platforms.meets(other.platforms)
    }

    /// Whether both name the same release.
    pub(crate) fn has_target_of(&self, other: &Self) -> bool {
        self.version == other.version && self.build == other.build
    }

    /// The release, as a sentence names it.
    pub(crate) fn target(&self) -> String {
        match self.build {
            Some(build) => format!("{} ({build})", self.version),
            None => self.version.to_string(),
        }
    }
}

/// The platforms that an enforcement may be meant for: those that take it, have such a version, and may have its build.
fn platforms(support: &Support, enforcement: &Enforcement) -> Platforms {
    let (version, build) = (&enforcement.target_os_version, enforcement.target_build_version.as_ref());
    let is_meant = |platform: &Platform| {
        support.on(*platform).is_some_and(|since| since.introduced.compared_to(version).is_le())
            && platform.has_major(version)
            && build.is_none_or(|build| build.fits(*platform, version) && build.has_letter_of(*platform))
    };
    Platforms::of(&Platform::ALL.into_iter().filter(is_meant).collect::<Vec<_>>())
}

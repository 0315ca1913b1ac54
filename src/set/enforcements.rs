//! Enforcements that are active together, in the order in which a device processes them.

use std::collections::hash_map::Entry;

use super::{DEFERRALS, Gathered};
use crate::apple::settings::MAJOR_PERIOD;
use crate::apple::{BuildVersion, Enforcement, LocalDateTime, OsVersion, Platform};
use crate::apple::{ENFORCEMENT, KeyPath, SCHEDULE_OS_UPDATE, SETTINGS, Support};
use crate::catalog::Platforms;
use crate::hash::{Map, Set};
use crate::words::shown;

/// Enforcements that are active together.
pub(crate) struct Enforcements<'g> {
    gathered: &'g Gathered,
    /// The settings that defer updates, without copies, if there are enforcements.
    deferring: Vec<usize>,
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
        let mut deferring = Vec::new();
        if !orders.is_empty() && !gathered.deferrals.is_empty() {
            let mut seen = Set::default();
            let is_first = |who: &usize| seen.insert((&members[*who].identifier, members[*who].content));
            deferring = set.iter().copied().filter(|who| gathered.deferrals.contains_key(who)).filter(is_first).collect();
        }
        let commands = set.iter().copied().filter(|who| members[*who].is(SCHEDULE_OS_UPDATE, schema)).collect();
        Self { gathered, deferring, commands, orders }
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

    /// The deferrals of updates that a device may be made to install: the number of the settings, the key, and an
    /// enforcement that it does not hold back. Names each enforcement once for each settings.
    pub(crate) fn deferred(&self) -> Vec<(usize, KeyPath, &Order<'g>)> {
        let Gathered { members, schema, deferrals, .. } = self.gathered;
        if self.deferring.is_empty() {
            return Vec::new();
        }
        let bounds = Platform::ALL.map(|platform| {
            let reaches = |order: &&Order<'_>| order.platforms.intersection(members[order.who].platforms).contains(platform);
            let on = || self.orders.iter().filter(reaches);
            (platform, on().min_by_key(|order| order.version), on().max_by_key(|order| order.version))
        });
        let support = DEFERRALS.map(|key| schema.support_at(SETTINGS, key));
        let enforced = |who: usize, at: usize| {
            let is_there = |platform: Platform| support[at].on(platform).is_some() && members[who].platforms.contains(platform);
            let there = bounds.iter().filter(|(platform, ..)| is_there(*platform));
            // The newest release is the one that is most likely a major update.
            if DEFERRALS[at] == MAJOR_PERIOD {
                there.filter_map(|(.., newest)| *newest).max_by_key(|order| order.version)
            } else {
                there.filter_map(|(_, oldest, _)| *oldest).min_by_key(|order| order.version)
            }
        };
        let mut deferred: Vec<(usize, KeyPath, &Order<'g>)> = Vec::new();
        for who in self.deferring.iter().copied() {
            let bits = deferrals.get(&who).copied().unwrap_or_default();
            for (at, key) in DEFERRALS.into_iter().enumerate().filter(|(at, _)| bits >> at & 1 == 1) {
                let mut own = deferred.iter().rev().take_while(|(other, ..)| *other == who);
                if let Some(order) = enforced(who, at).filter(|order| own.all(|(.., named)| named.who != order.who)) {
                    deferred.push((who, key, order));
                }
            }
        }
        deferred
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

//! The kinds of devices of an inventory: how many there are of each, and what they do.

use std::collections::BTreeMap;
use std::hash::Hash;

use hashbrown::HashTable;
use rayon::prelude::*;

use super::columns::Columns;
use super::device::{self, Fault};
use super::outcome::{Idle, Miss, Outcome, Step, Summary, agreed, open_reason};
use super::rows::Rows;
use crate::apple::{Device, LocalDateTime};
use crate::catalog::Catalog;
use crate::hash::Map;
use crate::limits::{MAX_INVENTORY_BYTES, MAX_UNPLANNED};
use crate::plan::{self, DEVICE_ID, Decided, MODEL, Plan, Premises};
use crate::set::Gathered;

/// Plans for the devices of an inventory.
pub(crate) struct Planner<'p> {
    pub(crate) set: &'p Gathered,
    pub(crate) premises: Premises<'p>,
    pub(crate) columns: Columns,
    pub(crate) now: LocalDateTime,
    pub(crate) until: Option<LocalDateTime>,
    pub(crate) catalog: Option<&'p Catalog>,
}

/// What a plan depends on: all devices of a class have the same one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Class {
    /// The device, without what only predicates ask for.
    device: Device,
    decided: Decided,
}

impl Planner<'_> {
    /// The device of a kind, and its plan.
    ///
    /// # Errors
    /// The device cannot be read, or alternatives for open predicates differ.
    pub(crate) fn plan(&self, key: &[u8]) -> Result<(Device, Plan), Fault> {
        let device = self.device(key)?;
        let decided = self.premises.decide(&device);
        let plan = self.agreed(&device, &decided).map_err(|open| self.open(&device, &open))?;
        Ok((device, plan))
    }

    /// The device of a kind.
    pub(crate) fn device(&self, key: &[u8]) -> Result<Device, Fault> {
        device::device(&self.columns, key)
    }

    fn agreed(&self, device: &Device, decided: &Decided) -> Result<Plan, Vec<usize>> {
        let mut plans = plan::plans_if(&self.premises, decided, device, self.now, self.catalog);
        if let Some(until) = self.until {
            plans.iter_mut().for_each(|plan| plan.end(until));
        }
        agreed(plans)
    }

    fn open(&self, device: &Device, open: &[usize]) -> Fault {
        Fault::new(open_reason(self.set, device, open))
    }

    fn class(&self, device: &Device) -> Class {
        let of_catalog = |name: &&str| self.catalog.is_some() && device.status.contains_key(*name);
        let names = [DEVICE_ID, MODEL].into_iter().filter(of_catalog);
        let status = names.map(|name| (name.to_owned(), device.status[name].clone())).collect();
        let (target, version, build) = (device.target.clone(), device.version.clone(), device.build.clone());
        Class {
            device: Device { target, version, build, status, properties: BTreeMap::new() },
            decided: self.premises.decide(device),
        }
    }
}

/// What becomes of the devices of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// They have a plan: the number of the outcome.
    Planned(usize),
    /// The number of the fault.
    Unplanned(usize),
}

/// Devices that are alike.
#[derive(Debug)]
pub(crate) struct Group {
    pub(crate) key: Box<[u8]>,
    hash: u64,
    pub(crate) fate: Fate,
    pub(crate) count: u64,
    /// The line of the first, from 1, and its identifier.
    pub(crate) line: u64,
    pub(crate) id: Box<[u8]>,
}

/// How many devices an inventory has.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Totals {
    pub(crate) devices: u64,
    pub(crate) unplanned: u64,
    /// Those that were counted with a group whose devices have other values, but the same plan.
    pub(crate) joined: u64,
}

/// All kinds of devices.
#[derive(Debug, Default)]
pub(crate) struct Kinds {
    pub(crate) groups: Vec<Group>,
    by_key: HashTable<usize>,
    /// The outcome of each class, and its first group; else what is open.
    classes: Map<Class, Result<(usize, Option<usize>), Vec<usize>>>,
    pub(crate) outcomes: Vec<Outcome>,
    pub(crate) steps: Interned<Step>,
    pub(crate) misses: Interned<Miss>,
    pub(crate) idle: Interned<Idle>,
    /// Why devices have no plan, with the first line and the number of devices.
    pub(crate) faults: Interned<Fault>,
    pub(crate) fault_counts: Vec<(u64, u64)>,
    /// The first devices without a plan: the line and the number of the fault.
    pub(crate) unplanned: Vec<(u64, usize)>,
    pub(crate) totals: Totals,
    /// The number of lines so far.
    lines: u64,
    /// The bytes that are kept.
    bytes: usize,
}

/// Values, each of which is kept once.
#[derive(Debug)]
pub(crate) struct Interned<T> {
    pub(crate) all: Vec<T>,
    numbers: Map<T, usize>,
}

impl<T> Default for Interned<T> {
    fn default() -> Self {
        Self { all: Vec::new(), numbers: Map::default() }
    }
}

impl<T: Hash + Eq + Clone> Interned<T> {
    fn number(&mut self, value: T) -> usize {
        let next = self.all.len();
        *self.numbers.entry(value).or_insert_with_key(|value| {
            self.all.push(value.clone());
            next
        })
    }
}

/// A rough size of what a kind, a class and what they name take besides their texts.
const OVERHEAD: usize = 150;

/// A kind of a chunk that is not known yet.
struct Fresh<'r> {
    hash: u64,
    key: &'r [u8],
}

/// The group and the fate of a kind.
#[derive(Clone, Copy)]
struct Place {
    group: Option<usize>,
    fate: Fate,
    /// Whether the group is of other devices of the class.
    is_joined: bool,
}

impl Place {
    fn own(group: Option<usize>, fate: Fate) -> Self {
        Self { group, fate, is_joined: false }
    }
}

/// Where the rows of a kind are counted.
#[derive(Clone, Copy)]
enum Slot {
    Group(usize),
    Fresh(usize),
}

impl Kinds {
    pub(crate) fn new(first_line: u64) -> Self {
        Self { lines: first_line - 1, ..Self::default() }
    }

    /// The number of lines that were read.
    pub(crate) fn line(&self) -> u64 {
        self.lines
    }

    /// Counts the rows of the next blocks, and plans for those that are of a new kind. Calls `each` for each row in order:
    /// its line, its identifier and its fate.
    pub(crate) fn take<E>(
        &mut self,
        planner: &Planner<'_>,
        blocks: &[Rows],
        mut each: impl FnMut(&Self, u64, &[u8], Fate) -> Result<(), E>,
    ) -> Result<(), E> {
        let (slots, fresh) = self.slots(blocks);
        let places = self.place(planner, &fresh);
        for (rows, slots) in blocks.iter().zip(&slots) {
            for (row, id) in rows.iter() {
                let line = self.lines + 1 + row.line as u64;
                let place = match slots[row.kind] {
                    Slot::Group(at) => Place::own(Some(at), self.groups[at].fate),
                    Slot::Fresh(at) => places[at],
                };
                self.count(place, line, id);
                each(self, line, id, place.fate)?;
            }
            self.lines += rows.lines as u64;
        }
        Ok(())
    }

    /// Where the kinds of each block are counted, and those that are new.
    fn slots<'r>(&self, blocks: &'r [Rows]) -> (Vec<Vec<Slot>>, Vec<Fresh<'r>>) {
        let mut fresh: Vec<Fresh<'r>> = Vec::new();
        let mut known: HashTable<usize> = HashTable::new();
        let mut slots = Vec::with_capacity(blocks.len());
        for rows in blocks {
            let slot = |kind: &super::rows::Kind| {
                let (hash, key) = (kind.hash, rows.key(kind));
                let is_group = |at: &usize| {
                    let group = &self.groups[*at];
                    group.hash == hash && *group.key == *key
                };
                if let Some(at) = self.by_key.find(hash, is_group) {
                    return Slot::Group(*at);
                }
                let is_same = |at: &usize| fresh[*at].hash == hash && fresh[*at].key == key;
                if let Some(at) = known.find(hash, is_same) {
                    return Slot::Fresh(*at);
                }
                let at = fresh.len();
                fresh.push(Fresh { hash, key });
                known.insert_unique(hash, at, |at| fresh[*at].hash);
                Slot::Fresh(at)
            };
            slots.push(rows.kinds.iter().map(slot).collect());
        }
        (slots, fresh)
    }

    /// Finds out what becomes of new kinds, and makes groups of them while there is room.
    fn place(&mut self, planner: &Planner<'_>, fresh: &[Fresh<'_>]) -> Vec<Place> {
        let devices: Vec<Result<(Device, Class), Fault>> = fresh
            .par_iter()
            .map(|fresh| {
                let device = device::device(&planner.columns, fresh.key)?;
                let class = planner.class(&device);
                Ok((device, class))
            })
            .collect();
        // The first device of each class that is not known.
        let mut new: Map<&Class, usize> = Map::default();
        for (at, (_, class)) in devices.iter().enumerate().filter_map(|(at, device)| Some((at, device.as_ref().ok()?))) {
            if !self.classes.contains_key(class) {
                new.entry(class).or_insert(at);
            }
        }
        let mut new: Vec<usize> = new.into_values().collect();
        new.sort_unstable();
        let room = self.bytes < 2 * MAX_INVENTORY_BYTES;
        new.truncate(if room { new.len() } else { 0 });
        let planned: Vec<Result<Summary, Vec<usize>>> = new
            .par_iter()
            .map(|at| {
                let Ok((device, class)) = &devices[*at] else { return Err(Vec::new()) };
                planner.agreed(device, &class.decided).map(|plan| Summary::of(&plan, device, planner.set))
            })
            .collect();
        let mut planned = new.into_iter().zip(planned).peekable();
        let mut places = Vec::with_capacity(fresh.len());
        for (at, (fresh, device)) in fresh.iter().zip(&devices).enumerate() {
            let place = match device {
                Err(fault) => {
                    let fate = Fate::Unplanned(self.fault(fault.clone()));
                    Place::own(self.group(fresh, fate), fate)
                }
                Ok((device, class)) => {
                    if let Some((_, result)) = planned.next_if(|(first, _)| *first == at) {
                        self.class(class, result);
                    }
                    self.joined(planner, fresh, device, class)
                }
            };
            places.push(place);
        }
        places
    }

    /// Keeps what becomes of a class.
    fn class(&mut self, class: &Class, result: Result<Summary, Vec<usize>>) {
        let outcome = result.map(|summary| {
            let before = self.steps.all.len() + self.misses.all.len() + self.idle.all.len();
            let outcome = Outcome {
                steps: summary.steps.into_iter().map(|step| self.steps.number(step)).collect(),
                misses: summary.misses.into_iter().map(|miss| self.misses.number(miss)).collect(),
                idle: summary.idle.map(|idle| self.idle.number(idle)),
            };
            let names = self.steps.all.len() + self.misses.all.len() + self.idle.all.len() - before;
            self.bytes += 4 * (outcome.steps.len() + outcome.misses.len()) + (1 + 2 * names) * OVERHEAD;
            self.outcomes.push(outcome);
            (self.outcomes.len() - 1, None)
        });
        self.bytes += 2 * OVERHEAD;
        self.classes.insert(class.clone(), outcome);
    }

    /// The group of a new kind whose class is known: its own, or if there is no room the first one of the class.
    fn joined(&mut self, planner: &Planner<'_>, fresh: &Fresh<'_>, device: &Device, class: &Class) -> Place {
        match self.classes.get(class).cloned() {
            Some(Ok((outcome, Some(first)))) => {
                let fate = Fate::Planned(outcome);
                let own = self.group(fresh, fate);
                Place { group: own.or(Some(first)), fate, is_joined: own.is_none() }
            }
            Some(Ok((outcome, None))) => {
                let fate = Fate::Planned(outcome);
                let group = Some(self.add_group(fresh, fate));
                self.classes.insert(class.clone(), Ok((outcome, group)));
                Place::own(group, fate)
            }
            Some(Err(open)) => {
                let fate = Fate::Unplanned(self.fault(planner.open(device, &open)));
                Place::own(self.group(fresh, fate), fate)
            }
            None => Place::own(None, Fate::Unplanned(self.fault(Fault::new("the inventory has too many different devices")))),
        }
    }

    /// A group of its own for a kind, while there is room.
    fn group(&mut self, fresh: &Fresh<'_>, fate: Fate) -> Option<usize> {
        (self.bytes < MAX_INVENTORY_BYTES).then(|| self.add_group(fresh, fate))
    }

    fn add_group(&mut self, fresh: &Fresh<'_>, fate: Fate) -> usize {
        let at = self.groups.len();
        let group = Group { key: fresh.key.into(), hash: fresh.hash, fate, count: 0, line: 0, id: Box::default() };
        self.bytes += fresh.key.len() + OVERHEAD;
        self.groups.push(group);
        let groups = &self.groups;
        self.by_key.insert_unique(fresh.hash, at, |at| groups[*at].hash);
        at
    }

    /// The number of a fault. Without room, faults that differ in the value alone count as one.
    fn fault(&mut self, mut fault: Fault) -> usize {
        if self.bytes >= MAX_INVENTORY_BYTES {
            fault.value = None;
        }
        let before = self.faults.all.len();
        let number = self.faults.number(fault);
        if self.faults.all.len() > before {
            self.fault_counts.push((0, 0));
            self.bytes += 2 * OVERHEAD;
        }
        number
    }

    fn count(&mut self, Place { group, fate, is_joined }: Place, line: u64, id: &[u8]) {
        self.totals.devices += 1;
        self.totals.joined += u64::from(is_joined);
        if let Some(group) = group.map(|at| &mut self.groups[at]) {
            if group.count == 0 {
                (group.line, group.id) = (line, id.get(..MAX_ID_BYTES).unwrap_or(id).into());
                self.bytes += group.id.len();
            }
            group.count += 1;
        }
        if let Fate::Unplanned(fault) = fate {
            self.totals.unplanned += 1;
            let (first, count) = &mut self.fault_counts[fault];
            if *count == 0 {
                *first = line;
            }
            *count += 1;
            if self.unplanned.len() < MAX_UNPLANNED {
                self.unplanned.push((line, fault));
            }
        }
    }
}

/// The longest identifier that is kept for a group. Serial numbers and UUIDs have less.
const MAX_ID_BYTES: usize = 200;

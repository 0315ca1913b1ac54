//! The reports of several devices: how many report each reason for each declaration.
//!
//! Reports are taken one by one. The state of a device is kept until others need the room; then its reasons are counted,
//! and the rest is dropped.

use std::collections::VecDeque;

use super::hidden::Hidden;
use super::report::{Given, Report};
use super::state;
use crate::apple::{Family, Origin, Reason};
use crate::hash::Map;
use crate::limits::{MAX_REASONS, MAX_REPORT_BYTES};

/// The most devices whose state is kept at a time. Reports of one device are rarely further apart.
const MOST_DEVICES: usize = 1000;
/// The most examples of a row.
const MOST_EXAMPLES: usize = 3;

/// The devices so far.
#[derive(Debug, Default)]
pub(crate) struct Fleet {
    /// The devices that are kept, by a number for each.
    kept: Map<usize, Kept>,
    /// The numbers of the devices with a name.
    numbers: Map<Box<str>, usize>,
    /// The order of arrival.
    order: VecDeque<usize>,
    /// The device of the last report.
    last: Option<usize>,
    next: usize,
    bytes: usize,
    table: Table,
    /// Whether personal values are shown.
    shows_all: bool,
}

#[derive(Debug)]
struct Kept {
    report: Report,
    /// The line or index of its first report.
    line: usize,
}

/// What several devices report.
#[derive(Debug, Default)]
pub(crate) struct Table {
    pub(crate) reports: usize,
    pub(crate) devices: usize,
    /// The devices on which something is invalid or failed.
    pub(crate) failed: usize,
    /// Whether some reports do not name their device.
    pub(crate) has_nameless: bool,
    rows: Map<Key, (usize, Vec<Example>)>,
    /// The number of reasons without a row, because there are too many rows.
    pub(crate) left_out: usize,
}

/// The origin of a reason, its code, and the family and identifier of the declaration.
type Key = (Origin, Box<str>, Option<Family>, Box<str>);

/// A device as an example.
#[derive(Debug, Clone)]
pub(crate) struct Example {
    pub(crate) device: Option<Box<str>>,
    pub(crate) line: usize,
}

/// A row: a reason for a declaration, and how many devices report it.
pub(crate) struct Row<'t> {
    pub(crate) origin: Origin,
    pub(crate) code: &'t str,
    pub(crate) family: Option<Family>,
    pub(crate) identifier: &'t str,
    pub(crate) count: usize,
    pub(crate) examples: &'t [Example],
}

impl Fleet {
    pub(crate) fn new(shows_all: bool) -> Self {
        Self { shows_all, ..Self::default() }
    }

    /// Takes the next report. Reports that do not name their device belong to the last one, unless they are complete.
    pub(crate) fn take(&mut self, report: Report, line: usize) {
        self.table.reports += 1;
        let known = if let Some(name) = &report.device {
            self.numbers.get(name).copied()
        } else {
            self.table.has_nameless |= report.lists_all() && self.next > 0;
            self.last.filter(|_| !report.lists_all())
        };
        let number = known.unwrap_or(self.next);
        if let Some(kept) = self.kept.get_mut(&number) {
            self.bytes -= kept.report.bytes;
            kept.report.update(report);
            self.bytes += kept.report.bytes;
        } else {
            let report = report.settled();
            if let Some(name) = &report.device {
                self.numbers.insert(name.clone(), number);
            }
            self.bytes += report.bytes;
            self.kept.insert(number, Kept { report, line });
            self.order.push_back(number);
            self.next += 1;
        }
        self.last = Some(number);
        while self.order.len() > 1 && (self.order.len() > MOST_DEVICES || self.bytes > MAX_REPORT_BYTES) {
            self.count_first();
        }
    }

    /// The number of devices so far.
    pub(crate) fn devices(&self) -> usize {
        self.next
    }

    /// The only device, if there is one; else the table of all.
    pub(crate) fn finish(mut self) -> Result<Report, Table> {
        if self.next == 1
            && let Some(kept) = self.order.pop_front().and_then(|number| self.kept.remove(&number))
        {
            return Ok(kept.report);
        }
        while !self.order.is_empty() {
            self.count_first();
        }
        Err(self.table)
    }

    fn count_first(&mut self) {
        let Some(number) = self.order.pop_front() else { return };
        let Some(Kept { report, line }) = self.kept.remove(&number) else { return };
        if let Some(name) = &report.device {
            self.numbers.remove(name);
        }
        self.bytes -= report.bytes;
        if self.last == Some(number) {
            self.last = None;
        }
        self.table.count(&report, line, self.shows_all);
    }
}

impl Table {
    fn count(&mut self, report: &Report, line: usize, shows_all: bool) {
        self.devices += 1;
        let mut has_failed = false;
        // Some servers put the name of the device in those of its declarations.
        let hidden = Hidden::of(report, shows_all);
        for ((family, identifier), all) in &report.declarations {
            for reported in all {
                has_failed |= state::of(report, *family, reported).0 == state::Level::Failed;
                for given in &reported.reasons {
                    self.add(Origin::Declaration, given, (*family, &hidden.text(identifier)), report, line);
                }
            }
        }
        for (item, origin) in [("app.managed.list", Origin::App), ("package.list", Origin::Package)] {
            for element in report.items.get(item).map(super::report::Item::elements).unwrap_or_default() {
                let name = element.get("declaration-identifier").or_else(|| element.get("identifier"));
                let name = name.and_then(serde_json::Value::as_str).unwrap_or_default();
                for given in super::causes::given(element.get("reasons")) {
                    has_failed |= Reason::is_failure(&given.code);
                    self.add(origin, &given, (Some(Family::Configuration), &hidden.text(name)), report, line);
                }
            }
        }
        if let Some(update) = super::update::update(report, None, &hidden).filter(|update| update.has_failed) {
            has_failed = true;
            let given = Given { code: UPDATE_FAILED.to_owned(), ..Given::default() };
            self.add(Origin::Observed, &given, (None, update.enforced_by.as_deref().unwrap_or_default()), report, line);
        }
        self.failed += usize::from(has_failed);
    }

    fn add(&mut self, origin: Origin, given: &Given, (family, name): (Option<Family>, &str), report: &Report, line: usize) {
        let key = (origin, given.code.as_str().into(), family, name.into());
        if self.rows.len() >= MAX_REASONS && !self.rows.contains_key(&key) {
            self.left_out += 1;
            return;
        }
        let (count, examples) = self.rows.entry(key).or_default();
        *count += 1;
        if examples.len() < MOST_EXAMPLES {
            examples.push(Example { device: report.device.clone(), line });
        }
    }

    /// The rows, the most frequent first.
    pub(crate) fn rows(&self) -> Vec<Row<'_>> {
        let rows = self.rows.iter().map(|((origin, code, family, identifier), (count, examples))| Row {
            origin: *origin,
            code,
            family: *family,
            identifier,
            count: *count,
            examples,
        });
        let mut rows: Vec<Row<'_>> = rows.collect();
        let order = |row: &Row<'_>| (row.origin, row.family);
        rows.sort_by(|one, other| {
            let names = (one.code, one.identifier).cmp(&(other.code, other.identifier));
            other.count.cmp(&one.count).then(names).then_with(|| order(one).cmp(&order(other)))
        });
        rows
    }
}

/// Stands for a reason where a software update failed.
pub(crate) const UPDATE_FAILED: &str = "softwareupdate.failure-reason";

//! What `ddmc plan --inventory` tells people.

use std::collections::BTreeMap;

use super::plan::{Basis, day_and_time, release};
use crate::apple::Platform;
use crate::docs::{Block, Event, Fate, Lane, Page, Timeline};
use crate::inventory::{self, Group, Kinds, Planner, Step, tells_enrolment};
use crate::words::{count, shown, visible};

/// The most rows of a table.
const MOST_ROWS: usize = 50;
/// The most kinds to show.
const MOST_KINDS: usize = 10;

/// How many devices get what and when, those for which nothing acts, and those without a plan.
pub(super) fn page(kinds: &Kinds, planner: &Planner<'_>, basis: &Basis<'_>) -> Page {
    let totals = kinds.totals;
    let mut page = Page::new(format!("{}, from {} on", many(totals.devices, "device"), day_and_time(basis.now)));
    let mut devices = vec![0; kinds.outcomes.len()];
    for group in &kinds.groups {
        if let inventory::Fate::Planned(outcome) = group.fate {
            devices[outcome] += group.count;
        }
    }
    let name = |who: usize| visible(basis.set.members[who].name());
    page.push(Block::Section("Updates".to_owned()));
    let mut steps = counted(kinds, &devices, kinds.steps.all.len(), |outcome| &outcome.steps);
    let order = |step: &Step| (step.enforced_at, step.platform, step.version.clone(), step.who);
    steps.sort_by_key(|(at, _)| order(&kinds.steps.all[*at]));
    let more = steps.len().saturating_sub(MOST_ROWS);
    let mut lanes: BTreeMap<Platform, Vec<Event>> = BTreeMap::new();
    for (at, devices) in steps.into_iter().take(MOST_ROWS) {
        let Step { platform, version, build, enforced_at, is_overdue, who } = &kinds.steps.all[at];
        lanes.entry(*platform).or_default().push(Event {
            number: devices.to_string(),
            at: *enforced_at,
            fate: if *is_overdue { Fate::Overdue } else { Fate::Acts },
            when: if *is_overdue { "overdue".to_owned() } else { day_and_time(*enforced_at) },
            to: format!("{platform} {}", release(Some(version), build.as_ref())),
            why: name(*who),
        });
    }
    let lanes = lanes.into_iter().map(|(platform, events)| Lane { name: platform.to_string(), events }).collect();
    page.push(Block::Timeline(Timeline { start: basis.now, lanes, counts_devices: true }));
    more_rows(&mut page, more);
    let misses = largest(counted(kinds, &devices, kinds.misses.all.len(), |outcome| &outcome.misses));
    if !misses.is_empty() {
        page.push(Block::Section("Devices that miss a deadline, because they cannot follow it".to_owned()));
        let rows = misses.into_iter().map(|(at, devices)| {
            let miss = &kinds.misses.all[at];
            let to = format!("{} {}", miss.platform, release(miss.version.as_ref(), miss.build.as_ref()));
            vec![devices.to_string(), to, format!("{}: {}", name(miss.who), miss.reason)]
        });
        table(&mut page, &["devices", "to", "why"], rows.collect());
    }
    let idle = largest(counted(kinds, &devices, kinds.idle.all.len(), |outcome| outcome.idle.as_slice()));
    if !idle.is_empty() {
        page.push(Block::Section("Devices for which nothing acts".to_owned()));
        let rows = idle.into_iter().map(|(at, devices)| {
            let idle = &kinds.idle.all[at];
            vec![devices.to_string(), idle.platform.to_string(), idle.reason.clone()]
        });
        table(&mut page, &["devices", "platform", "why"], rows.collect());
    }
    largest_kinds(&mut page, kinds, planner);
    unplanned(&mut page, kinds);
    if planned(kinds).iter().any(|(_, group)| !tells_enrolment(&group.key)) {
        let note = "Devices without a value of enrollment and of supervised count as supervised.";
        page.push(Block::Section("Assumptions".to_owned()));
        page.push(Block::List(vec![note.to_owned()]));
    }
    page
}

/// The number of devices for each number that outcomes have, without those that no device has.
fn counted<'k>(
    kinds: &'k Kinds,
    devices: &[u64],
    length: usize,
    numbers: impl Fn(&'k crate::inventory::Outcome) -> &'k [usize],
) -> Vec<(usize, u64)> {
    let mut all = vec![0; length];
    for (outcome, devices) in kinds.outcomes.iter().zip(devices) {
        for number in numbers(outcome) {
            all[*number] += devices;
        }
    }
    all.into_iter().enumerate().filter(|(_, devices)| *devices > 0).collect()
}

/// The largest first.
fn largest(mut counted: Vec<(usize, u64)>) -> Vec<(usize, u64)> {
    counted.sort_by_key(|(at, devices)| (std::cmp::Reverse(*devices), *at));
    counted
}

/// The kinds with the most devices.
fn largest_kinds(page: &mut Page, kinds: &Kinds, planner: &Planner<'_>) {
    let groups = planned(kinds);
    if groups.is_empty() {
        return;
    }
    let title = if groups.len() > MOST_KINDS { format!("The largest of {} kinds", groups.len()) } else { "Kinds".to_owned() };
    page.push(Block::Section(title));
    let rows = groups.iter().take(MOST_KINDS).filter_map(|(outcome, group)| {
        let device = planner.device(&group.key).ok()?;
        let last = kinds.outcomes[*outcome].steps.last().map(|step| &kinds.steps.all[*step]);
        let last = last.map_or("nothing".to_owned(), |step| release(Some(&step.version), step.build.as_ref()));
        Some(vec![group.count.to_string(), example(group), last, device.to_string()])
    });
    table(page, &["devices", "such as", "to", "device"], rows.collect());
}

/// The groups with a plan and the number of their outcomes, the largest first.
pub(super) fn planned(kinds: &Kinds) -> Vec<(usize, &Group)> {
    let of = |group| match group {
        &Group { fate: inventory::Fate::Planned(outcome), .. } => Some((outcome, group)),
        _ => None,
    };
    let mut groups: Vec<(usize, &Group)> = kinds.groups.iter().filter_map(of).collect();
    groups.sort_by_key(|(_, group)| (std::cmp::Reverse(group.count), group.line));
    groups
}

/// The first device of a group.
fn example(group: &Group) -> String {
    if group.id.is_empty() { format!("line {}", group.line) } else { shown(&String::from_utf8_lossy(&group.id)) }
}

/// The devices without a plan, by what is wrong.
fn unplanned(page: &mut Page, kinds: &Kinds) {
    let mut by_fault: BTreeMap<&str, (u64, u64, Option<&str>)> = BTreeMap::new();
    for (fault, (line, devices)) in kinds.faults.all.iter().zip(&kinds.fault_counts) {
        let entry = by_fault.entry(&fault.what).or_insert((0, u64::MAX, None));
        entry.0 += devices;
        if *line < entry.1 {
            (entry.1, entry.2) = (*line, fault.value.as_deref());
        }
    }
    if by_fault.is_empty() {
        return;
    }
    let mut rows: Vec<(u64, u64, Vec<String>)> = Vec::new();
    for (what, (devices, line, value)) in by_fault {
        let value = value.map_or(String::new(), |value| format!(": \"{}\"", visible(value)));
        rows.push((devices, line, vec![devices.to_string(), line.to_string(), format!("{}{value}", visible(what))]));
    }
    rows.sort_by_key(|(devices, line, _)| (std::cmp::Reverse(*devices), *line));
    page.push(Block::Section(format!("{} without a plan", many(kinds.totals.unplanned, "device"))));
    table(page, &["devices", "first line", "why"], rows.into_iter().map(|(_, _, row)| row).collect());
}

fn table(page: &mut Page, head: &[&str], mut rows: Vec<Vec<String>>) {
    let more = rows.len().saturating_sub(MOST_ROWS);
    rows.truncate(MOST_ROWS);
    if rows.is_empty() {
        page.push(Block::Text("  none".to_owned()));
        return;
    }
    page.push(Block::table(head, rows));
    more_rows(page, more);
}

/// Says how many rows are left out.
fn more_rows(page: &mut Page, more: usize) {
    if more > 0 {
        page.push(Block::Text(format!("  and {}: --format json lists all", count(more, "more row"))));
    }
}

/// `1 device`, `2 devices`.
fn many(number: u64, noun: &str) -> String {
    count(usize::try_from(number).unwrap_or(usize::MAX), noun)
}

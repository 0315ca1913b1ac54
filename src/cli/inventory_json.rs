//! `ddmc plan --inventory --format json`

use std::io::{self, Write};

use rayon::prelude::*;
use schemars::JsonSchema;
use serde::ser::{Error, SerializeSeq};
use serde::{Serialize, Serializer};

use super::inventory_page::planned;
use super::plan::Basis;
use super::plan_json::{JsonDevice, JsonPlan, device, json};
use super::work::Threads;
use crate::inventory::{Fault, Group, Kinds, Planner};
use crate::report::EscapedJson;

/// The number of plans to make at a time, for each thread: they can be large.
const PLANS_AT_A_TIME: usize = 16;

/// Prints the groups with their plans, which are made again: keeping all of them would take much memory.
pub(super) fn print(
    kinds: &Kinds,
    planner: &Planner<'_>,
    basis: &Basis<'_>,
    threads: &Threads,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut serializer = serde_json::Serializer::with_formatter(&mut *out, EscapedJson);
    let mut faults: Vec<(&Fault, u64, u64)> =
        kinds.faults.all.iter().zip(&kinds.fault_counts).map(|(fault, (line, count))| (fault, *line, *count)).collect();
    faults.sort_by_key(|(_, line, count)| (std::cmp::Reverse(*count), *line));
    let printed = JsonInventory {
        format: 1,
        devices: kinds.totals.devices,
        groups: Groups { kinds, planner, basis, threads },
        unplanned: kinds
            .unplanned
            .iter()
            .map(|(line, fault)| JsonUnplanned { line: *line, reason: kinds.faults.all[*fault].to_string() })
            .collect(),
        unplanned_devices: kinds.totals.unplanned,
        reasons: faults.into_iter().map(|(fault, line, count)| JsonReason { reason: fault.to_string(), count, line }).collect(),
    };
    printed.serialize(&mut serializer)?;
    writeln!(out)
}

/// What the devices of an inventory do.
#[derive(Serialize, JsonSchema)]
pub(super) struct JsonInventory<G> {
    format: u32,
    /// The number of devices, those without a plan too.
    devices: u64,
    /// Devices that are alike, the largest group first.
    groups: G,
    /// The first devices without a plan.
    unplanned: Vec<JsonUnplanned>,
    /// The number of devices without a plan.
    unplanned_devices: u64,
    /// Why devices have no plan, the most frequent reason first.
    reasons: Vec<JsonReason>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct JsonGroup<'p> {
    count: u64,
    /// The identifier of the first device.
    example: Option<String>,
    /// The line of the first device.
    line: u64,
    device: JsonDevice<'p>,
    plan: JsonPlan<'p>,
}

#[derive(Serialize, JsonSchema)]
struct JsonUnplanned {
    line: u64,
    reason: String,
}

#[derive(Serialize, JsonSchema)]
struct JsonReason {
    reason: String,
    count: u64,
    /// The first line.
    line: u64,
}

/// The groups, whose plans are made as they are printed.
struct Groups<'g> {
    kinds: &'g Kinds,
    planner: &'g Planner<'g>,
    basis: &'g Basis<'g>,
    threads: &'g Threads,
}

impl Serialize for Groups<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let groups: Vec<&Group> = planned(self.kinds).into_iter().map(|(_, group)| group).collect();
        let mut all = serializer.serialize_seq(None)?;
        for some in groups.chunks(PLANS_AT_A_TIME) {
            let plans: Vec<_> = self.threads.install(|| some.par_iter().map(|group| self.planner.plan(&group.key)).collect());
            for (group, plan) in some.iter().zip(plans) {
                // It had one when it was read.
                let (of, plan) = plan.map_err(S::Error::custom)?;
                let example = String::from_utf8_lossy(&group.id).into_owned();
                all.serialize_element(&JsonGroup {
                    count: group.count,
                    example: Some(example).filter(|id| !id.is_empty()),
                    line: group.line,
                    device: device(&of),
                    plan: json(&plan, self.basis, &of, None).without_device(),
                })?;
            }
        }
        all.end()
    }
}

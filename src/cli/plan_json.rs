//! `ddmc plan --format json`

use std::collections::BTreeMap;
use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::inventory_json::{JsonGroup, JsonInventory};
use super::plan::{Basis, Planned};
use super::plan_profiles;
use crate::apple::{BuildVersion, Channel, Device, Enrolment, LocalDateTime, OsVersion};
use crate::plan::Plan;
use crate::report::EscapedJson;

/// Prints plans as one JSON object: a plan, or the plans of several devices and the alternatives if predicates cannot be
/// decided.
pub(super) fn print(planned: &[Planned<'_>], basis: &Basis<'_>, out: &mut dyn Write) -> io::Result<()> {
    let all: Vec<(&Device, &Plan)> =
        planned.iter().flat_map(|(device, plans)| plans.iter().map(move |plan| (*device, plan))).collect();
    let printed = if let [(device, plan)] = all.as_slice() {
        JsonPlans::One(Box::new(json(plan, basis, device, Some(1))))
    } else {
        let plans = all.into_iter().map(|(device, plan)| json(plan, basis, device, None)).collect();
        JsonPlans::Several { format: 1, plans }
    };
    printed.serialize(&mut serde_json::Serializer::with_formatter(&mut *out, EscapedJson))?;
    writeln!(out)
}

/// The JSON of a plan.
pub(super) fn json<'p>(plan: &'p Plan, basis: &Basis<'p>, device: &'p Device, format: Option<u32>) -> JsonPlan<'p> {
    let Basis { set, profiles, now } = *basis;
    let identifier = |who: usize| set.members[who].identifier.as_deref();
    let source = |who: &usize| {
        let member = &set.members[*who];
        JsonSource { identifier: member.identifier.as_deref(), file: &member.file, index: member.index }
    };
    let pointer = |path: &[String]| if path.is_empty() { String::new() } else { format!("/Payload/{}", path.join("/")) };
    let not_activated = plan.not_activated.iter().map(|who| {
        let JsonSource { identifier, file, index } = source(who);
        JsonInactive { pointer: String::new(), identifier, file, index, reason: "its predicate is false on this device" }
    });
    JsonPlan {
        format,
        device: Some(self::device(device)),
        when: plan
            .when
            .iter()
            .map(|when| {
                let JsonSource { identifier, file, index } = source(&when.who);
                JsonWhen { identifier, file, index, predicate: &when.predicate, holds: when.holds }
            })
            .collect(),
        as_of: now,
        settings: plan
            .settings
            .iter()
            .map(|setting| JsonSetting {
                r#type: &setting.kind,
                pointer: pointer(&setting.path),
                value: &setting.shown,
                origin: if setting.decided_by.is_empty() { "default" } else { "merged" },
                decided_by: setting.decided_by.iter().map(source).collect(),
            })
            .collect(),
        inactive: not_activated
            .chain(plan.inactive.iter().map(|inactive| {
                let JsonSource { identifier, file, index } = source(&inactive.who);
                JsonInactive { pointer: pointer(&inactive.path), identifier, file, index, reason: &inactive.reason }
            }))
            .collect(),
        updates: plan
            .updates
            .iter()
            .enumerate()
            .map(|(at, update)| JsonUpdate {
                step: at + 1,
                identifier: identifier(update.who),
                version: update.version.as_str(),
                build: update.build.as_ref().map(BuildVersion::as_str),
                enforced_at: update.enforced_at,
                overdue: update.is_overdue,
            })
            .collect(),
        ignored: plan
            .ignored
            .iter()
            .map(|ignored| JsonIgnored {
                identifier: identifier(ignored.who),
                file: &set.members[ignored.who].file,
                index: set.members[ignored.who].index,
                version: ignored.version.as_ref().map(OsVersion::as_str),
                build: ignored.build.as_ref().map(BuildVersion::as_str),
                reason: &ignored.reason,
                impossible: ignored.is_impossible,
            })
            .collect(),
        profiles: plan_profiles::lost(profiles, device, plan)
            .into_iter()
            .map(|lost| JsonLost {
                file: &lost.entry.file,
                pointer: &lost.entry.pointer,
                key: &lost.entry.key,
                setting: format!("/Payload/{}", lost.path.join("/")),
                decided_by: lost.setting.decided_by.iter().map(source).collect(),
            })
            .collect(),
        conflicts: &plan.conflicts,
        notes: &plan.notes,
        assumptions: &plan.assumptions,
    }
}

/// The JSON of a device.
pub(super) fn device(device: &Device) -> JsonDevice<'_> {
    JsonDevice {
        platform: device.target.platform.name(),
        version: device.version.as_str(),
        build: device.build.as_ref().map(BuildVersion::as_str),
        enrollment: match device.target.enrolment {
            Enrolment::Supervised => "supervised",
            Enrolment::Device => "device",
            Enrolment::User => "user",
            Enrolment::Local => "local",
        },
        shared: device.target.is_shared,
        channel: if device.target.channel == Channel::User { "user" } else { "device" },
        status: &device.status,
        properties: &device.properties,
    }
}

/// One plan, those of several devices and the alternatives if predicates cannot be decided, or those of an inventory.
#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
pub(super) enum JsonPlans<'p> {
    One(Box<JsonPlan<'p>>),
    Several {
        format: u32,
        plans: Vec<JsonPlan<'p>>,
    },
    #[expect(dead_code, reason = "for the schema; an inventory is printed in parts")]
    Inventory(JsonInventory<Vec<JsonGroup<'p>>>),
}

#[derive(Serialize, JsonSchema)]
pub(super) struct JsonPlan<'p> {
    /// Absent in a list of plans.
    #[serde(skip_serializing_if = "Option::is_none")]
    format: Option<u32>,
    /// Absent in a group, which has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    device: Option<JsonDevice<'p>>,
    /// What the plan assumes about the predicates that cannot be decided.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    when: Vec<JsonWhen<'p>>,
    #[schemars(with = "String")]
    as_of: LocalDateTime,
    settings: Vec<JsonSetting<'p>>,
    inactive: Vec<JsonInactive<'p>>,
    updates: Vec<JsonUpdate<'p>>,
    ignored: Vec<JsonIgnored<'p>>,
    /// The keys of legacy profiles that lose against declarations.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    profiles: Vec<JsonLost<'p>>,
    conflicts: &'p [String],
    /// How settings and updates relate, where that may surprise: a deferral does not hold back an enforced update.
    notes: &'p [String],
    assumptions: &'p [String],
}

impl JsonPlan<'_> {
    /// The plan beside its device.
    pub(super) fn without_device(self) -> Self {
        Self { device: None, ..self }
    }
}

#[derive(Serialize, JsonSchema)]
pub(super) struct JsonDevice<'p> {
    platform: &'p str,
    version: &'p str,
    build: Option<&'p str>,
    enrollment: &'p str,
    shared: bool,
    /// `device` or `user`.
    channel: &'p str,
    /// The values of status items that `--device` states, by name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    status: &'p BTreeMap<String, String>,
    /// The values of properties that `--device` states, by name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    properties: &'p BTreeMap<String, String>,
}

#[derive(Serialize, JsonSchema)]
struct JsonWhen<'p> {
    identifier: Option<&'p str>,
    file: &'p str,
    index: usize,
    predicate: &'p str,
    holds: bool,
}

#[derive(Serialize, JsonSchema)]
struct JsonSetting<'p> {
    r#type: &'p str,
    pointer: String,
    value: &'p Value,
    origin: &'p str,
    decided_by: Vec<JsonSource<'p>>,
}

#[derive(Serialize, JsonSchema)]
struct JsonLost<'p> {
    file: &'p str,
    pointer: &'p str,
    key: &'p str,
    /// The pointer of the key in declarations.
    setting: String,
    decided_by: Vec<JsonSource<'p>>,
}

#[derive(Serialize, JsonSchema)]
struct JsonSource<'p> {
    identifier: Option<&'p str>,
    file: &'p str,
    index: usize,
}

#[derive(Serialize, JsonSchema)]
struct JsonInactive<'p> {
    pointer: String,
    identifier: Option<&'p str>,
    file: &'p str,
    index: usize,
    reason: &'p str,
}

#[derive(Serialize, JsonSchema)]
struct JsonUpdate<'p> {
    step: usize,
    identifier: Option<&'p str>,
    version: &'p str,
    build: Option<&'p str>,
    #[schemars(with = "String")]
    enforced_at: LocalDateTime,
    overdue: bool,
}

#[derive(Serialize, JsonSchema)]
struct JsonIgnored<'p> {
    identifier: Option<&'p str>,
    file: &'p str,
    index: usize,
    version: Option<&'p str>,
    build: Option<&'p str>,
    reason: &'p str,
    /// Whether this device can never follow it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    impossible: bool,
}

//! `ddmc status --format json`

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;

use super::status_page::Basis;
use crate::apple::{Family, Reason};
use crate::diagnostic::Position;
use crate::report::EscapedJson;
use crate::set::Gathered;
use crate::status::{Explained, Explanation, LISTS, Level, Table};

/// Prints the explanation of the report of a device.
pub(super) fn print(explained: &Explained, basis: &Basis<'_>, out: &mut dyn Write) -> io::Result<()> {
    write(&JsonStatus::One(Box::new(one(explained, basis))), out)
}

/// Prints the table of several devices.
pub(super) fn print_fleet(table: &Table, set: Option<&Gathered>, shows_all: bool, out: &mut dyn Write) -> io::Result<()> {
    let files = set.map(Gathered::by_identifier);
    let rows = table.rows();
    let reasons = rows.iter().map(|row| {
        let who = files.as_ref().and_then(|files| files.get(row.identifier)?.first().copied());
        let known = Reason::find(row.code, row.origin);
        JsonRow {
            code: row.code,
            meaning: known.map(|reason| reason.meaning),
            next: known.map(|reason| reason.next),
            kind: kind(row.family),
            identifier: Some(row.identifier).filter(|name| !name.is_empty()),
            file: who.zip(set).map(|(who, set)| &*set.members[who].file),
            count: row.count,
            examples: row
                .examples
                .iter()
                .map(|example| JsonExample { report: example.line, device: example.device.as_deref().filter(|_| shows_all) })
                .collect(),
        }
    });
    let fleet = JsonFleet {
        format: 1,
        devices: table.devices,
        reports: table.reports,
        failed: table.failed,
        reasons: reasons.collect(),
        left_out: table.left_out,
    };
    write(&JsonStatus::Several(fleet), out)
}

fn write(status: &JsonStatus<'_>, out: &mut dyn Write) -> io::Result<()> {
    status.serialize(&mut serde_json::Serializer::with_formatter(&mut *out, EscapedJson))?;
    writeln!(out)
}

fn kind(family: Option<Family>) -> Option<&'static str> {
    match family? {
        Family::Activation => Some("activation"),
        Family::Configuration => Some("configuration"),
        Family::Asset => Some("asset"),
        family => LISTS.into_iter().find(|(_, of)| *of == family).map(|(name, _)| name),
    }
}

fn one<'s>(explained: &'s Explained, basis: &Basis<'s>) -> JsonReport<'s> {
    let member = |who: usize| basis.set.map(|set| &set.members[who]);
    let text = |name: &str| basis.report.text(name).map(|text| basis.hidden.text(text));
    JsonReport {
        format: 1,
        full: basis.report.is_full,
        device: JsonDevice {
            name: basis.report.device.as_deref().filter(|_| basis.hidden.shows_all),
            model: text("device.model.identifier").or_else(|| text("device.model.family")),
            system: text("device.operating-system.family"),
            version: text("device.operating-system.version"),
            build: text("device.operating-system.supplemental.build-version")
                .or_else(|| text("device.operating-system.build-version")),
        },
        declarations: explained
            .entries
            .iter()
            .map(|entry| {
                let member = entry.who.and_then(member);
                JsonDeclaration {
                    identifier: &entry.identifier,
                    kind: kind(entry.family),
                    active: entry.active,
                    valid: &entry.valid,
                    current: entry.current,
                    server_token: entry.token.as_deref(),
                    state: entry.state,
                    level: match entry.level {
                        Level::Good => "good",
                        Level::Waiting => "waiting",
                        Level::Failed => "failed",
                    },
                    file: member.map(|member| &*member.file),
                    index: member.map(|member| member.index),
                    start: member.map(|member| member.start),
                    reasons: entry.reasons.iter().map(reason).collect(),
                    notes: &entry.notes,
                }
            })
            .collect(),
        missing: explained
            .missing
            .iter()
            .filter_map(|missing| {
                let member = member(missing.who)?;
                let (identifier, file, index) = (member.identifier.as_deref(), &*member.file, member.index);
                Some(JsonMissing { identifier, file, index, reason: &missing.reason, certain: missing.is_certain })
            })
            .collect(),
        software_update: explained.update.as_ref().map(|update| JsonUpdate {
            state: update.state.as_deref(),
            meaning: update.meaning,
            causes: &update.causes,
            pending: update.version.as_deref(),
            build: update.build.as_deref(),
            deadline: update.deadline.as_deref(),
            enforced_by: update.enforced_by.as_deref(),
            failure: update.failure.as_ref().map(|failure| JsonFailure {
                count: failure.count,
                reason: failure.reason.as_deref(),
                timestamp: failure.timestamp.as_deref(),
                observed: failure.observed,
            }),
            notes: &update.notes,
        }),
        items: explained
            .items
            .iter()
            .map(|item| JsonItem {
                item: item.item,
                name: &item.name,
                declaration: item.declaration.as_deref(),
                state: item.state.as_deref(),
                reasons: item.reasons.iter().map(reason).collect(),
            })
            .collect(),
        errors: explained
            .errors
            .iter()
            .map(|(item, reasons)| JsonError { item, reasons: reasons.iter().map(reason).collect() })
            .collect(),
        unknown_types: match basis.set {
            Some(_) => explained.unknown.of_set.iter().map(|(name, _)| name.as_str()).collect(),
            None => explained.unknown.of_schema.iter().map(String::as_str).collect(),
        },
        remarks: &explained.remarks,
    }
}

fn reason(explanation: &Explanation) -> JsonReason<'_> {
    JsonReason {
        code: &explanation.code,
        meaning: explanation.reason.map(|reason| reason.meaning),
        next: &explanation.next,
        description: explanation.description.as_deref(),
        details: explanation.details.iter().map(|(name, texts)| JsonDetail { name, texts }).collect(),
        pointers: explanation.places.iter().map(|finding| finding.place.pointer.as_str()).collect(),
        places: explanation
            .places
            .iter()
            .map(|finding| JsonPlace {
                rule: &finding.rule.id,
                message: &finding.message,
                help: finding.help.as_deref(),
                file: &finding.place.file,
                index: finding.place.index,
                pointer: &finding.place.pointer,
                start: finding.place.start,
                end: finding.place.end,
            })
            .collect(),
        notes: &explanation.notes,
    }
}

/// The report of a device, or a table of the reasons that several devices report.
#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
pub(super) enum JsonStatus<'s> {
    One(Box<JsonReport<'s>>),
    Several(JsonFleet<'s>),
}

#[derive(Serialize, JsonSchema)]
pub(super) struct JsonReport<'s> {
    format: u32,
    /// Whether the device says that the report holds all that it has to report.
    full: bool,
    device: JsonDevice<'s>,
    declarations: Vec<JsonDeclaration<'s>>,
    /// The declarations of the set that the report does not have.
    missing: Vec<JsonMissing<'s>>,
    software_update: Option<JsonUpdate<'s>>,
    /// Apps and packages that failed or have reasons.
    items: Vec<JsonItem<'s>>,
    /// The status items that the device could not report.
    errors: Vec<JsonError<'s>>,
    /// The types of the set, or without one those of Apple's schema, that the device does not know.
    unknown_types: Vec<&'s str>,
    remarks: &'s [String],
}

#[derive(Serialize, JsonSchema)]
struct JsonDevice<'s> {
    /// Null unless `--show-values` is given.
    name: Option<&'s str>,
    model: Option<String>,
    system: Option<String>,
    version: Option<String>,
    build: Option<String>,
}

#[derive(Serialize, JsonSchema)]
struct JsonDeclaration<'s> {
    identifier: &'s str,
    /// `activation`, `configuration`, `asset` or `management`; null if the report does not tell.
    kind: Option<&'s str>,
    active: Option<bool>,
    valid: &'s str,
    /// Whether the device has the revision of the set; null if that is unknown.
    current: Option<bool>,
    /// Null unless `--show-values` is given.
    server_token: Option<&'s str>,
    state: &'s str,
    /// `good`, `waiting` or `failed`.
    level: &'s str,
    file: Option<&'s str>,
    index: Option<usize>,
    /// The position of the identifier in the file.
    start: Option<Position>,
    reasons: Vec<JsonReason<'s>>,
    notes: &'s [String],
}

#[derive(Serialize, JsonSchema)]
struct JsonReason<'s> {
    code: &'s str,
    /// Null if the code is not known.
    meaning: Option<&'s str>,
    next: &'s str,
    description: Option<&'s str>,
    details: Vec<JsonDetail<'s>>,
    /// The pointers of `places`.
    pointers: Vec<&'s str>,
    places: Vec<JsonPlace<'s>>,
    notes: &'s [String],
}

#[derive(Serialize, JsonSchema)]
struct JsonDetail<'s> {
    name: &'s str,
    texts: &'s [String],
}

#[derive(Serialize, JsonSchema)]
struct JsonPlace<'s> {
    rule: &'s str,
    message: &'s str,
    help: Option<&'s str>,
    file: &'s str,
    index: usize,
    pointer: &'s str,
    start: Position,
    end: Position,
}

#[derive(Serialize, JsonSchema)]
struct JsonMissing<'s> {
    identifier: Option<&'s str>,
    file: &'s str,
    index: usize,
    reason: &'s str,
    /// Whether the report would have it if the device had it.
    certain: bool,
}

#[derive(Serialize, JsonSchema)]
struct JsonUpdate<'s> {
    state: Option<&'s str>,
    meaning: Option<&'s str>,
    causes: &'s [String],
    /// The version that is pending.
    pending: Option<&'s str>,
    build: Option<&'s str>,
    /// In the local time of the device.
    deadline: Option<&'s str>,
    /// The identifier of the declaration that enforces the pending update.
    enforced_by: Option<&'s str>,
    failure: Option<JsonFailure<'s>>,
    notes: &'s [String],
}

#[derive(Serialize, JsonSchema)]
struct JsonFailure<'s> {
    count: u64,
    reason: Option<&'s str>,
    timestamp: Option<&'s str>,
    /// What the reason means, as far as it was seen on devices. Apple does not document it.
    observed: Option<&'s str>,
}

#[derive(Serialize, JsonSchema)]
struct JsonItem<'s> {
    item: &'s str,
    name: &'s str,
    declaration: Option<&'s str>,
    state: Option<&'s str>,
    reasons: Vec<JsonReason<'s>>,
}

#[derive(Serialize, JsonSchema)]
struct JsonError<'s> {
    item: &'s str,
    reasons: Vec<JsonReason<'s>>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct JsonFleet<'s> {
    format: u32,
    devices: usize,
    reports: usize,
    /// The devices on which something is invalid or failed.
    failed: usize,
    reasons: Vec<JsonRow<'s>>,
    /// The reasons without a row, because there would be too many.
    left_out: usize,
}

#[derive(Serialize, JsonSchema)]
struct JsonRow<'s> {
    code: &'s str,
    meaning: Option<&'s str>,
    next: Option<&'s str>,
    kind: Option<&'s str>,
    identifier: Option<&'s str>,
    file: Option<&'s str>,
    /// The number of devices.
    count: usize,
    examples: Vec<JsonExample<'s>>,
}

#[derive(Serialize, JsonSchema)]
struct JsonExample<'s> {
    /// The line of the report, or its place in an array, from 1.
    report: usize,
    /// Null unless `--show-values` is given.
    device: Option<&'s str>,
}

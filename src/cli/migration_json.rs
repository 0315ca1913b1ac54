//! `ddmc migrate --format json`

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::migrate::{Carried, Entry, Home, Migrated, Outcome};
use crate::report::EscapedJson;

/// Prints the outcome of each key as one JSON object, with the declarations if they are `right`.
pub(super) fn print(migrated: &Migrated, documents: usize, are_right: bool, out: &mut dyn Write) -> io::Result<()> {
    let made = migrated.declarations.iter().filter(|_| are_right);
    let declarations: Vec<Value> = made.map(|made| serde_json::from_str(&made.text)).collect::<Result<_, _>>()?;
    let number = |name: &str| migrated.entries.iter().filter(|entry| outcome(&entry.outcome).0 == name).count();
    let report = JsonMigration {
        format: 1,
        summary: JsonSummary {
            documents,
            declarations: declarations.len(),
            carried: number(CARRIED),
            inactive: number(INACTIVE),
            no_equivalent: number(NO_EQUIVALENT),
            unsupported: number(UNSUPPORTED),
            failed: number(FAILED),
        },
        keys: migrated.entries.iter().map(|entry| key(entry, migrated)).collect(),
        remarks: migrated.remarks.iter().map(|(file, message)| JsonRemark { file, message }).collect(),
        declarations,
    };
    report.serialize(&mut serde_json::Serializer::with_formatter(&mut *out, EscapedJson))?;
    writeln!(out)
}

const CARRIED: &str = "carried";
const INACTIVE: &str = "inactive";
const NO_EQUIVALENT: &str = "no-equivalent";
const UNSUPPORTED: &str = "unsupported";
const FAILED: &str = "failed";

/// The name of an outcome, and the reason for it.
fn outcome(outcome: &Outcome) -> (&'static str, Option<&str>) {
    match outcome {
        Outcome::Carried(_) => (CARRIED, None),
        Outcome::Inactive(why) => (INACTIVE, Some(why)),
        Outcome::NoEquivalent(why) => (NO_EQUIVALENT, Some(why)),
        Outcome::Unsupported(why) => (UNSUPPORTED, Some(why)),
        Outcome::Failed(why) => (FAILED, Some(why)),
    }
}

fn key<'m>(entry: &'m Entry, migrated: &'m Migrated) -> JsonKey<'m> {
    let (name, reason) = outcome(&entry.outcome);
    let carried: &[Carried] = if let Outcome::Carried(all) = &entry.outcome { all } else { &[] };
    let became = carried.iter().map(|carried| JsonValue {
        identifier: migrated.name(&carried.home),
        platform: if let Home::Settings(platform) = carried.home { Some(platform.name()) } else { None },
        pointer: format!("/Payload/{}", carried.path.join("/")),
        value: carried.value.to_json(),
        note: carried.note.as_deref(),
    });
    JsonKey {
        file: &entry.file,
        pointer: &entry.pointer,
        key: &entry.key,
        value: entry.value.as_ref().map(crate::apple::Value::to_json),
        outcome: name,
        reason,
        became: became.collect(),
        except: &entry.except,
    }
}

#[derive(Serialize, JsonSchema)]
pub(super) struct JsonMigration<'m> {
    format: u32,
    summary: JsonSummary,
    keys: Vec<JsonKey<'m>>,
    /// What concerns whole files.
    remarks: Vec<JsonRemark<'m>>,
    /// The declarations; empty if devices would refuse one of them, or if a key that they need was not carried over.
    declarations: Vec<Value>,
}

#[derive(Serialize, JsonSchema)]
struct JsonSummary {
    documents: usize,
    declarations: usize,
    carried: usize,
    inactive: usize,
    no_equivalent: usize,
    unsupported: usize,
    failed: usize,
}

#[derive(Serialize, JsonSchema)]
struct JsonKey<'m> {
    file: &'m str,
    /// The JSON pointer of the key in its document.
    pointer: &'m str,
    key: &'m str,
    /// Null if it could not be read, or is not shown.
    value: Option<Value>,
    /// `carried`, `inactive`, `no-equivalent`, `unsupported` or `failed`.
    outcome: &'m str,
    /// Null if the key was carried over.
    reason: Option<&'m str>,
    /// The values that the key became.
    became: Vec<JsonValue<'m>>,
    /// The platforms that the key was not carried over for, and why.
    except: &'m [String],
}

#[derive(Serialize, JsonSchema)]
struct JsonValue<'m> {
    /// The identifier of the declaration.
    identifier: &'m str,
    /// Null in an enforcement.
    platform: Option<&'m str>,
    pointer: String,
    value: Value,
    /// How the behaviour differs, if it does.
    note: Option<&'m str>,
}

#[derive(Serialize, JsonSchema)]
struct JsonRemark<'m> {
    file: &'m str,
    message: &'m str,
}

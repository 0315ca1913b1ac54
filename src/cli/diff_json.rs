//! `ddmc diff --format json`

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::diagnostic::Position;
use crate::diff::{Change, Changes, Kind, Subject};
use crate::report::EscapedJson;

/// Prints the changes between two states as one JSON object.
pub(super) fn print(changes: &Changes, [old, new]: [&str; 2], out: &mut dyn Write) -> io::Result<()> {
    let printed = JsonDiff {
        format: 1,
        old,
        new,
        changes: changes.changes.iter().map(JsonChange::of).collect(),
        unchanged_for_devices: changes.rewritten.len(),
    };
    printed.serialize(&mut serde_json::Serializer::with_formatter(&mut *out, EscapedJson))?;
    writeln!(out)
}

#[derive(Serialize, JsonSchema)]
pub(super) struct JsonDiff<'c> {
    format: u32,
    /// The states as they were named.
    old: &'c str,
    new: &'c str,
    changes: Vec<JsonChange<'c>>,
    /// How many declarations change in their text alone.
    unchanged_for_devices: usize,
}

#[derive(Serialize, JsonSchema)]
struct JsonChange<'c> {
    change: JsonKind,
    subject: JsonSubject,
    r#type: Option<&'c str>,
    identifier: Option<&'c str>,
    /// Empty for a whole declaration.
    pointer: &'c str,
    /// The old value; null if there is none.
    old: Option<&'c Value>,
    new: Option<&'c Value>,
    /// Whether it changes what devices do.
    effective: bool,
    /// The targets that it concerns; empty if none are known.
    targets: &'c [String],
    message: &'c str,
    /// The file of the new declaration, or of the old one if there is no new one.
    file: &'c str,
    index: usize,
    start: Position,
    end: Position,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum JsonKind {
    Added,
    Removed,
    Changed,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum JsonSubject {
    Setting,
    Enforcement,
    Declaration,
    Activation,
    Asset,
}

impl<'c> JsonChange<'c> {
    fn of(change: &'c Change) -> Self {
        Self {
            change: match change.kind {
                Kind::Added => JsonKind::Added,
                Kind::Removed => JsonKind::Removed,
                Kind::Changed => JsonKind::Changed,
            },
            subject: match change.subject {
                Subject::Setting => JsonSubject::Setting,
                Subject::Enforcement => JsonSubject::Enforcement,
                Subject::Declaration => JsonSubject::Declaration,
                Subject::Activation => JsonSubject::Activation,
                Subject::Asset => JsonSubject::Asset,
            },
            r#type: change.declaration_type.as_deref(),
            identifier: change.identifier.as_deref(),
            pointer: &change.place.pointer,
            old: change.old.as_ref(),
            new: change.new.as_ref(),
            effective: change.is_effective,
            targets: &change.targets,
            message: &change.message,
            file: &change.place.file,
            index: change.place.index,
            start: change.place.start,
            end: change.place.end,
        }
    }
}

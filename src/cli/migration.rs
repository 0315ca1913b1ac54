//! The report of `ddmc migrate` on each key.

use std::fmt::Write;

use super::terminal::{push_lines, remark};
use crate::migrate::{Carried, Entry, Home, Migrated, Outcome, plain_value};
use crate::words::{count, shown, visible};

/// Prints the outcome of each key to standard error, file by file.
pub(super) fn report(migrated: &Migrated, width: usize) {
    let text = text(migrated, width);
    if !text.is_empty() {
        remark(text.trim_end());
    }
}

/// The outcome of each key, file by file.
pub(super) fn text(migrated: &Migrated, width: usize) -> String {
    let width = width.clamp(40, 100);
    let mut text = String::new();
    for (file, remark) in &migrated.remarks {
        push_lines(&mut text, &format!("file {}: {remark}", visible(file)), "", "", width);
    }
    for entries in migrated.entries.chunk_by(|one, other| one.file == other.file) {
        let mut homes: Vec<&Home> = entries.iter().flat_map(homes).collect();
        homes.sort();
        homes.dedup();
        let gap = if text.is_empty() { "" } else { "\n" };
        let _ = writeln!(text, "{gap}file {}", visible(&entries[0].file));
        for home in &homes {
            push_lines(&mut text, &format!("-> {}", visible(migrated.name(home))), "  ", "  ", width);
        }
        for entry in entries {
            push_entry(&mut text, entry, homes.len() > 1, width);
        }
    }
    let number = |is_meant: fn(&Outcome) -> bool| migrated.entries.iter().filter(|entry| is_meant(&entry.outcome)).count();
    let parts: Vec<String> = [
        (number(|outcome| matches!(outcome, Outcome::Carried(_))), "carried over"),
        (number(|outcome| matches!(outcome, Outcome::Inactive(_))), "without effect"),
        (number(|outcome| matches!(outcome, Outcome::NoEquivalent(_))), "without equivalent"),
        (number(|outcome| matches!(outcome, Outcome::Unsupported(_))), "left out"),
        (number(|outcome| matches!(outcome, Outcome::Failed(_))), "not carried over"),
    ]
    .into_iter()
    .filter(|(number, _)| *number > 0)
    .map(|(number, what)| format!("{number} {what}"))
    .collect();
    if !migrated.entries.is_empty() {
        let _ = write!(text, "\n{}: {}", count(migrated.entries.len(), "key"), parts.join(", "));
    }
    text
}

/// The declarations that a key is carried over to.
fn homes(entry: &Entry) -> impl Iterator<Item = &Home> {
    let carried = if let Outcome::Carried(all) = &entry.outcome { all.as_slice() } else { &[] };
    carried.iter().map(|carried| &carried.home)
}

fn push_entry(text: &mut String, entry: &Entry, has_several: bool, width: usize) {
    let value = match &entry.value {
        Some(value) => format!(": {}", shown(&plain_value(value))),
        None => String::new(),
    };
    let _ = writeln!(text, "  - {}{value}", shown(&entry.key));
    match &entry.outcome {
        Outcome::Carried(all) => {
            for carried in all {
                push_detail(text, &describe(carried, has_several), width);
            }
        }
        Outcome::Inactive(why) => push_detail(text, &format!("had no effect: {why}"), width),
        Outcome::NoEquivalent(why) => push_detail(text, &format!("has no equivalent: {why}"), width),
        Outcome::Unsupported(why) => push_detail(text, &format!("is left out: {why}"), width),
        Outcome::Failed(why) => push_detail(text, &format!("not carried over: {why}"), width),
    }
    for words in &entry.except {
        push_detail(text, words, width);
    }
}

fn describe(carried: &Carried, has_several: bool) -> String {
    let note = carried.note.as_ref().map(|note| format!(" ({note})")).unwrap_or_default();
    let home = match &carried.home {
        Home::Settings(platform) if has_several => format!(" on {platform}"),
        Home::Settings(_) | Home::Enforcement(..) => String::new(),
    };
    format!("becomes {}: {}{home}{note}", carried.path.join("."), plain_value(&carried.value))
}

/// Appends an indented line below a key.
fn push_detail(text: &mut String, words: &str, width: usize) {
    push_lines(text, words, "      ", "      ", width);
}

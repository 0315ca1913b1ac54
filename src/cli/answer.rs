//! `ddmc explain --response`

use std::fmt::Write as _;
use std::io::{self, Write};
use std::path::Path;

use super::Status;
use super::terminal::{push_lines, remark, width};
use crate::answer::{self, Asked, Paragraph};
use crate::apple::Family;
use crate::conditions::Conditions;
use crate::limits::MAX_DOCUMENT_BYTES;
use crate::locate;
use crate::source::{STDIN, read_small};
use crate::syntax::{self, Grammar};
use crate::validate::{self, Legacy, Reading, Strictness, Validator};
use crate::words::visible;

/// Explains the answer of a device, together with the command if it is known.
pub(super) fn run(response: &Path, command: Option<&Path>) -> Status {
    let mut asked = Vec::new();
    if let Some(path) = command {
        match map_legacy(path, Family::is_command, answer::asked) {
            Ok(all) => asked = all.into_iter().flatten().collect(),
            Err(reason) => return refuse(path, &reason, "not a software-update command"),
        }
        if asked.is_empty() {
            return refuse(path, "", "not a ScheduleOSUpdate command");
        }
    }
    let is_response = |family| family == Family::Response;
    let take = |reading: &Reading<'_>, response: &Legacy<'_>| text(reading, response, &asked, width());
    match map_legacy(response, is_response, take) {
        Ok(texts) if !texts.is_empty() => super::finish(io::stdout().lock().write_all(texts.join("\n").as_bytes())),
        Ok(_) => refuse(response, "", "not a device's answer to a software-update command"),
        Err(reason) => refuse(response, &reason, "not a device's answer"),
    }
}

fn refuse(path: &Path, reason: &str, what: &str) -> Status {
    let path = visible(&path.to_string_lossy());
    remark(&if reason.is_empty() { format!("ddmc: {path}: is {what}") } else { format!("ddmc: {path}: {reason}") });
    Status::Failure
}

/// Explains the answers in a text, without the commands. `None` if it has none.
pub(super) fn explained(name: &str, bytes: &[u8], width: usize) -> Option<String> {
    let take = |reading: &Reading<'_>, response: &Legacy<'_>| text(reading, response, &[], width);
    map_documents(name, bytes, |family| family == Family::Response, take).ok().map(|texts| texts.join("\n"))
}

/// Calls `take` for each legacy document in a file whose family passes `is_meant`.
fn map_legacy<T>(
    path: &Path,
    is_meant: impl Fn(Family) -> bool,
    take: impl Fn(&Reading<'_>, &Legacy<'_>) -> T,
) -> Result<Vec<T>, String> {
    let bytes = if path.as_os_str() == "-" {
        let mut bytes = Vec::new();
        let limit = MAX_DOCUMENT_BYTES as u64 + 1;
        io::Read::read_to_end(&mut io::Read::take(io::stdin().lock(), limit), &mut bytes).map_err(|error| error.to_string())?;
        bytes
    } else {
        read_small(path, MAX_DOCUMENT_BYTES)?
    };
    if bytes.len() > MAX_DOCUMENT_BYTES {
        return Err("is larger than 16 MiB".to_owned());
    }
    let name = if path.as_os_str() == "-" { STDIN.into() } else { path.to_string_lossy() };
    map_documents(&name, &bytes, is_meant, take)
}

fn map_documents<T>(
    name: &str,
    bytes: &[u8],
    is_meant: impl Fn(Family) -> bool,
    take: impl Fn(&Reading<'_>, &Legacy<'_>) -> T,
) -> Result<Vec<T>, String> {
    let Conditions { schema, placeholders, .. } = &Conditions::default();
    let mut all = Vec::new();
    for span in locate::documents(name, bytes) {
        let mut buffers = syntax::Buffers::default();
        let parsed = syntax::parse_as(Grammar::of_file(name), &bytes[span], &mut buffers);
        if let Some(finding) = parsed.mistakes().next() {
            return Err(format!("cannot be read: {}; `ddmc check` shows where", finding.message));
        }
        let Some(document) = parsed.document else { continue };
        let mut validator = Validator::new(schema, placeholders);
        let Some(reading) = validate::read(document.root(), Strictness::Named, &mut validator) else { continue };
        if let Some(legacy) = reading.legacy.as_ref().filter(|legacy| is_meant(schema.kind(legacy.kind).family)) {
            all.push(take(&reading, legacy));
        }
    }
    Ok(all)
}

fn text(reading: &Reading<'_>, response: &Legacy<'_>, asked: &[Asked], width: usize) -> String {
    let width = width.clamp(40, 100);
    let mut text = String::new();
    for paragraph in answer::explain(reading, response, asked) {
        push(&mut text, &paragraph, width);
    }
    for key in answer::unread(reading, response) {
        push_lines(&mut text, &format!("key {key} could not be read; `ddmc check` shows why"), "", "", width);
    }
    text
}

fn push(text: &mut String, paragraph: &Paragraph, width: usize) {
    if !text.is_empty() {
        text.push('\n');
    }
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{}", paragraph.title);
    paragraph.means.iter().for_each(|sentence| push_lines(text, sentence, "  ", "    ", width));
    if let Some(next) = &paragraph.next {
        push_lines(text, &format!("next: {next}"), "  ", "    ", width);
    }
}

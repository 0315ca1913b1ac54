//! Checking as a library: a text goes in, findings come out.

use std::path::Path;
use std::sync::Arc;

use crate::conditions::Conditions;
use crate::content::Hashes;
use crate::document::Position;
use crate::finding::Finding;
use crate::fix;
use crate::lint::{self, Gather, Text};
use crate::locate;
use crate::read::Strictness;
use crate::run::Seen;
use crate::set::{Gathered, Together};
use crate::source;

/// Checks a text that holds one declaration, a JSON array of declarations, or, if the name ends in `.ndjson` or `.jsonl`, one
/// declaration per line. The findings name the file by `name` and stand in the order of the text.
///
/// Nothing is read from disk: the name is only a name.
///
/// ```
/// let text = br#"{
///   "Type": "com.apple.configuration.softwareupdate.settings",
///   "Identifier": "com.example.settings",
///   "Payload": { "Deferrals": { "MajorPeriodInDays": 120 } }
/// }"#;
/// let findings = ddmc::check("settings.json", text);
/// assert_eq!(findings.len(), 1);
/// assert_eq!(findings[0].rule.id, "out-of-range");
/// assert_eq!(findings[0].place.pointer, "/Payload/Deferrals/MajorPeriodInDays");
/// assert_eq!((findings[0].place.start.line, findings[0].place.start.column), (4, 52));
/// ```
pub fn check(name: &str, text: &[u8]) -> Vec<Finding> {
    let file: Arc<str> = Arc::from(name);
    let conditions = Conditions::default();
    let text = Text {
        file: &file,
        bytes: text,
        origin: Position::START,
        first_index: 0,
        strictness: Strictness::Named,
        gather: Gather::Bodies,
        conditions: &conditions,
    };
    let hashes = Hashes::default();
    let mut all = Vec::new();
    let mut seen = Seen::default();
    let mut gathered = Gathered::new();
    let mut take = |linted: lint::Linted| {
        all.extend(linted.findings);
        seen.note(&file, &[], &linted.declarations, Together::Activated, &mut all);
        linted.declarations.into_iter().for_each(|declared| gathered.add(&file, &[], declared));
    };
    let last =
        if has_lines(Path::new(name)) { lint::lint_lines(&text, &hashes) } else { lint::lint_json(&text, &hashes, &mut take) };
    take(last);
    let faults = gathered.judge(Together::Activated);
    all.extend(locate::findings(faults, &gathered.members, |_| Some(text.bytes.to_vec())));
    all.sort_by_key(|finding| finding.place.start.offset);
    all
}

/// Mends a text of the kind that [`check`] takes, as far as that can be done: spelling, case and places of keys, numbers and booleans in
/// quotes, times with a zone or a fraction, what is not JSON. With `takes_unsafe` also where a value is changed or a key dropped. Returns
/// `None` if there is nothing to mend.
///
/// All that no fix is about stays byte for byte, and the result has no more errors than the text had.
///
/// ```
/// let text = br#"{ "Deferrals": { "majorPeriodInDays": "30" } }"#;
/// assert_eq!(ddmc::mend("settings.json", text, false).as_deref(), Some(&br#"{ "Deferrals": { "MajorPeriodInDays": 30 } }"#[..]));
/// assert_eq!(ddmc::mend("settings.json", br#"{ "Deferrals": {} }"#, false), None);
/// ```
pub fn mend(name: &str, text: &[u8], takes_unsafe: bool) -> Option<Vec<u8>> {
    let file: Arc<str> = Arc::from(name);
    let conditions = Conditions::default();
    let lint = |bytes: &[u8]| alone(&file, Strictness::Named, bytes, &conditions);
    fix::mend(text, lint, |_| {}, takes_unsafe).map(|fixed| fixed.text)
}

/// Everything that is wrong with the text of a file by itself.
pub(crate) fn alone(file: &Arc<str>, strictness: Strictness, bytes: &[u8], conditions: &Conditions) -> Vec<Finding> {
    let text = Text { file, bytes, origin: Position::START, first_index: 0, strictness, gather: Gather::Names, conditions };
    let hashes = Hashes::default();
    let mut all = Vec::new();
    let last = if has_lines(Path::new(&**file)) {
        lint::lint_lines(&text, &hashes)
    } else {
        lint::lint_json(&text, &hashes, |early| all.extend(early.findings))
    };
    all.extend(last.findings);
    all
}

/// Whether there is a file at a path that holds declarations: no report may take its place.
pub(crate) fn holds_declarations(path: &Path) -> bool {
    let Ok(bytes) = source::read_small(path, MOST_LOOKED_AT) else { return false };
    let file: Arc<str> = Arc::from(path.to_string_lossy());
    let conditions = Conditions::default();
    let strictness = Strictness::Found;
    let text = Text {
        file: &file,
        bytes: &bytes,
        origin: Position::START,
        first_index: 0,
        strictness,
        gather: Gather::Names,
        conditions: &conditions,
    };
    let hashes = Hashes::default();
    let linted = if has_lines(path) { lint::lint_lines(&text, &hashes) } else { lint::lint_json(&text, &hashes, |_| {}) };
    linted.documents > 0
}

/// How much of a file is read to see what it is.
const MOST_LOOKED_AT: usize = 16 << 20;

/// Whether a file of this name holds one declaration per line.
pub(crate) fn has_lines(name: &Path) -> bool {
    name.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("ndjson") || extension.eq_ignore_ascii_case("jsonl"))
}

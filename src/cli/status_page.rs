//! What `ddmc status` prints for people.

use super::status::Texts;
use crate::apple::{Family, Origin, Reason, StatusItem};
use crate::diagnostic::{Diagnostic, Position};
use crate::docs::{Block, Page};
use crate::report::{Human, Report as _, Source, Texts as Shown};
use crate::set::Gathered;
use crate::status::{Entry, Explained, Explanation, Hidden, Level, Report, Row, Table, UPDATE_FAILED, levels, title};
use crate::words::{capital, count, shown, visible};

/// What an explanation is about.
pub(super) struct Basis<'b> {
    pub(super) report: &'b Report,
    pub(super) set: Option<&'b Gathered>,
    pub(super) hidden: &'b Hidden,
    pub(super) source: Option<&'b Texts<'b>>,
}

/// The most excerpts of files.
const MOST_EXCERPTS: usize = 200;

/// The most declarations that are named where a number is enough.
const MOST_NAMED: usize = 10;

/// The explanation of the report of a device.
pub(super) fn page(explained: &Explained, basis: &Basis<'_>, width: usize) -> Page {
    let hidden = basis.hidden;
    let name = title(basis.report).map_or_else(|| "a device".to_owned(), |title| hidden.shown(&title));
    let mut page = Page::new(format!("Status report of {name}"));
    page.push(Block::Text(summary(explained, basis.report)));
    if !explained.remarks.is_empty() {
        page.push(Block::List(explained.remarks.clone()));
    }
    if !explained.entries.is_empty() {
        page.push(Block::Section("Declarations".to_owned()));
        let rows =
            explained.entries.iter().map(|entry| vec![kind(entry.family).to_owned(), visible(&entry.identifier), state(entry)]);
        page.push(Block::table(&["kind", "declaration", "state"], rows.collect()));
    }
    let mut excerpts = 0;
    let mut entries: Vec<&Entry> =
        explained.entries.iter().filter(|entry| !entry.reasons.is_empty() || !entry.notes.is_empty()).collect();
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.level));
    for entry in entries {
        declaration(&mut page, entry, basis, width, &mut excerpts);
    }
    update(&mut page, explained);
    items(&mut page, explained, basis, width);
    missing(&mut page, explained, basis);
    unknown(&mut page, explained, basis);
    values(&mut page, basis);
    page
}

fn summary(explained: &Explained, report: &Report) -> String {
    let what = if report.is_full {
        "a full report"
    } else if report.has_rows {
        "what a server keeps of the reports of a device"
    } else if report.lists_all() {
        "the first report, or one with all declarations"
    } else {
        "an incremental report, which has only what changed"
    };
    let levels = levels(&explained.entries);
    let words = [(Level::Failed, "failed"), (Level::Waiting, "not in force"), (Level::Good, "all right")];
    let parts = words.into_iter().filter_map(|(level, word)| Some(format!("{} {word}", levels.get(&level)?)));
    let parts: Vec<String> = parts.collect();
    let all = count(explained.entries.len(), "declaration");
    if parts.is_empty() {
        format!("It is {what}. It has no declarations.")
    } else {
        format!("It is {what}. {all}: {}.", parts.join(", "))
    }
}

fn kind(family: Option<Family>) -> &'static str {
    match family {
        Some(Family::Activation) => "activation",
        Some(Family::Configuration) => "configuration",
        Some(Family::Asset) => "asset",
        Some(Family::Management) => "management",
        _ => "declaration",
    }
}

fn state(entry: &Entry) -> String {
    let level = match entry.level {
        Level::Failed => "failed: ",
        Level::Waiting | Level::Good => "",
    };
    let old = if entry.current == Some(false) { "; an old revision" } else { "" };
    format!("{level}{}{old}", entry.state)
}

/// A declaration with its reasons.
fn declaration(page: &mut Page, entry: &Entry, basis: &Basis<'_>, width: usize, excerpts: &mut usize) {
    page.push(Block::Section(format!("{} {}", capital(kind(entry.family)), visible(&entry.identifier))));
    let active = entry.active.map_or("unknown", |active| if active { "true" } else { "false" });
    let mut facts = vec![("state", format!("{} (active: {active}, valid: {})", state(entry), shown(&entry.valid)))];
    facts.extend(entry.token.as_deref().map(|token| ("server token", shown(token))));
    if let (Some(set), Some(who)) = (basis.set, entry.who) {
        let member = &set.members[who];
        facts.push(("declared in", format!("{}:{}", visible(&member.file), member.start.line)));
    }
    page.push(Block::Facts(facts));
    if !entry.notes.is_empty() {
        page.push(Block::List(entry.notes.clone()));
    }
    for explanation in &entry.reasons {
        reason(page, explanation, basis, width, excerpts);
    }
}

fn reason(page: &mut Page, explanation: &Explanation, basis: &Basis<'_>, width: usize, excerpts: &mut usize) {
    let meaning = explanation.reason.map_or("Apple does not document this code", |reason| reason.meaning);
    let mut facts = vec![("reason", shown(&explanation.code)), ("meaning", meaning.to_owned())];
    facts.extend(explanation.description.as_deref().map(|text| ("device says", visible(text))));
    for (name, texts) in &explanation.details {
        facts.push(("details", visible(&format!("{name}: {}", texts.join(", ")))));
    }
    facts.push(("next", explanation.next.clone()));
    page.push(Block::Facts(facts));
    if !explanation.notes.is_empty() {
        page.push(Block::List(explanation.notes.clone()));
    }
    for finding in &explanation.places {
        *excerpts += 1;
        let text = if *excerpts <= MOST_EXCERPTS { excerpt(finding, basis, width) } else { None };
        page.push(text.map_or_else(|| Block::List(vec![place(finding)]), |text| Block::Code("text", text)));
    }
}

fn place(finding: &Diagnostic) -> String {
    let place = &finding.place;
    format!("{} ({}:{}:{})", finding.message, visible(&place.file), place.start.line, place.start.column)
}

/// A finding with the lines around it, as `check` prints it.
fn excerpt(finding: &Diagnostic, basis: &Basis<'_>, width: usize) -> Option<String> {
    let bytes = basis.source?.text(&finding.place.file)?;
    let source = Source { bytes: &bytes, origin: Position::START };
    let mut text = Vec::new();
    // The page indents it.
    Human::new(false, width.saturating_sub(4))
        .findings(std::slice::from_ref(finding), Shown::only(Some(source)), &mut text)
        .ok()?;
    String::from_utf8(text).ok()
}

fn update(page: &mut Page, explained: &Explained) {
    let Some(update) = &explained.update else { return };
    page.push(Block::Section("Software update".to_owned()));
    let mut facts = Vec::new();
    if let Some(state) = &update.state {
        let meaning = update.meaning.unwrap_or("Apple does not document this state");
        facts.push(("state", format!("{}: {meaning}", shown(state))));
    }
    let build = update.build.as_deref().map(|build| format!(" ({})", shown(build))).unwrap_or_default();
    facts.extend(update.version.as_deref().map(|version| ("pending", shown(version) + &build)));
    facts.extend(update.deadline.as_deref().map(|deadline| ("deadline", format!("{}, local time", shown(deadline)))));
    if !update.causes.is_empty() {
        let causes: Vec<String> = update.causes.iter().map(|cause| shown(cause)).collect();
        facts.push(("because", causes.join("; ")));
    }
    facts.extend(update.enforced_by.as_deref().map(|name| ("enforced by", visible(name))));
    if let Some(failure) = &update.failure {
        let reason = failure.reason.as_deref().map(|reason| format!(": {}", visible(reason))).unwrap_or_default();
        let time = failure.timestamp.as_deref().map(|time| format!(", last at {}", shown(time))).unwrap_or_default();
        facts.push(("failed", format!("{}{time}{reason}", count(usize::try_from(failure.count).unwrap_or(usize::MAX), "time"))));
        facts.extend(failure.observed.map(|meaning| ("seen elsewhere", format!("{meaning} (not documented by Apple)"))));
    }
    facts.extend(update.beta.as_deref().map(|beta| ("beta program", shown(beta))));
    if !facts.is_empty() {
        page.push(Block::Facts(facts));
    }
    if !update.notes.is_empty() {
        page.push(Block::List(update.notes.clone()));
    }
}

/// Apps, packages, and status items that the device could not report.
fn items(page: &mut Page, explained: &Explained, basis: &Basis<'_>, width: usize) {
    for item in &explained.items {
        let what = if item.item == "package.list" { "Package" } else { "App" };
        page.push(Block::Section(format!("{what} {}", visible(&item.name))));
        let mut facts = Vec::new();
        facts.extend(item.state.as_deref().map(|state| ("state", shown(state))));
        facts.extend(item.declaration.as_deref().map(|name| ("declaration", visible(name))));
        if !facts.is_empty() {
            page.push(Block::Facts(facts));
        }
        item.reasons.iter().for_each(|explanation| reason(page, explanation, basis, width, &mut MOST_EXCERPTS.clone()));
    }
    if explained.errors.is_empty() {
        return;
    }
    page.push(Block::Section("Status items that the device could not report".to_owned()));
    let items = explained.errors.iter().flat_map(|(name, all)| {
        let item = move |explanation: &Explanation| {
            let says = explanation.description.as_deref().map(|text| visible(text) + "; ").unwrap_or_default();
            format!("{}: {}: {says}next: {}", visible(name), shown(&explanation.code), explanation.next)
        };
        let none = || vec![format!("{}: the device gives no reason", visible(name))];
        if all.is_empty() { none() } else { all.iter().map(item).collect() }
    });
    page.push(Block::List(items.collect()));
}

fn missing(page: &mut Page, explained: &Explained, basis: &Basis<'_>) {
    let Some(set) = basis.set else { return };
    let (certain, open): (Vec<_>, Vec<_>) = explained.missing.iter().partition(|missing| missing.is_certain);
    if !certain.is_empty() {
        page.push(Block::Section("Declarations of the set that the device does not have".to_owned()));
        let items = certain.iter().map(|missing| {
            let member = &set.members[missing.who];
            format!("{} ({}): {}", visible(member.name()), visible(&member.file), missing.reason)
        });
        page.push(Block::List(items.collect()));
    }
    if !open.is_empty() {
        let names = open.iter().take(MOST_NAMED);
        let mut names: Vec<String> =
            names.map(|missing| visible(set.members[missing.who].name()) + ": " + &missing.reason).collect();
        if open.len() > MOST_NAMED {
            names.push(format!("{} more", open.len() - MOST_NAMED));
        }
        page.push(Block::Section("Declarations of the set that the report does not tell about".to_owned()));
        page.push(Block::List(names));
    }
}

fn unknown(page: &mut Page, explained: &Explained, basis: &Basis<'_>) {
    let unknown = &explained.unknown;
    if !unknown.of_set.is_empty() {
        page.push(Block::Section("Types of the set that the device does not know".to_owned()));
        let rows = unknown.of_set.iter().map(|(name, all)| {
            let names =
                basis.set.map(|set| all.iter().take(MOST_NAMED).map(|who| visible(set.members[*who].name())).collect::<Vec<_>>());
            format!("{}: {}", visible(name), names.unwrap_or_default().join(", "))
        });
        page.push(Block::List(rows.collect()));
    } else if basis.set.is_none() && !unknown.of_schema.is_empty() {
        let short = |name: &String| visible(name.strip_prefix("com.apple.").unwrap_or(name));
        let names: Vec<String> = unknown.of_schema.iter().map(short).collect();
        page.push(Block::Section("Types of Apple's that the device does not know".to_owned()));
        page.push(Block::Text(format!("{}: {}.", count(names.len(), "type"), names.join(", "))));
    }
}

/// The status items with their values.
fn values(page: &mut Page, basis: &Basis<'_>) {
    let rows: Vec<Vec<String>> = basis
        .report
        .items
        .iter()
        .filter(|(name, _)| !name.starts_with("softwareupdate."))
        .map(|(name, item)| {
            let item_name = visible(name);
            // No line begins with text from outside.
            let (meaning, item_name) = match StatusItem::find(name) {
                Some(item) => (item.meaning, item_name),
                None => ("not documented by Apple", format!("other: {item_name}")),
            };
            vec![item_name, shown(&basis.hidden.item(name, &item.json())), meaning.to_owned()]
        })
        .collect();
    if rows.is_empty() {
        return;
    }
    page.push(Block::Section("Status items".to_owned()));
    let has_hidden = rows.iter().any(|row| row[1] == crate::words::MASK);
    page.push(Block::table(&["item", "value", "meaning"], rows));
    if has_hidden {
        page.push(Block::Text(format!(
            "{} is a value that tells who has the device; --show-values shows it.",
            crate::words::MASK
        )));
    }
}

/// The table of several devices.
pub(super) fn fleet(table: &Table, set: Option<&Gathered>, shows_all: bool) -> Page {
    let mut page = Page::new(format!("Status reports of {}", count(table.devices, "device"))).filtered_by(&["reason"]);
    page.push(Block::Text(format!(
        "{}; something is invalid or failed on {}.",
        count(table.reports, "report"),
        count(table.failed, "device")
    )));
    if table.has_nameless {
        let text = "Some reports do not name their device. Each of these with all declarations counts as another device, and an \
                    incremental one belongs to the device before it.";
        page.push(Block::Text(text.to_owned()));
    }
    let rows = table.rows();
    if rows.is_empty() {
        page.push(Block::Text("No device reports a reason.".to_owned()));
        return page;
    }
    let files = set.map(Gathered::by_identifier);
    page.push(Block::Section("Reasons".to_owned()));
    let row = |row: &Row<'_>| {
        let file = files.as_ref().zip(set).map(|(files, set)| match files.get(row.identifier).and_then(|all| all.first()) {
            Some(who) => format!(" ({})", visible(&set.members[*who].file)),
            None => " (not in the set)".to_owned(),
        });
        let name = if row.identifier.is_empty() { "-".to_owned() } else { visible(row.identifier) + &file.unwrap_or_default() };
        vec![count(row.count, "device"), shown(row.code), name, examples(row, shows_all)]
    };
    page.push(Block::table(&["on", "reason", "declaration", "for example"], rows.iter().map(row).collect()));
    if table.left_out > 0 {
        page.push(Block::Text(format!(
            "{} are left out, because there are too many rows.",
            count(table.left_out, "other reason")
        )));
    }
    page.push(Block::Section("What the reasons mean".to_owned()));
    let mut seen = crate::hash::Set::default();
    let known = rows.iter().filter(|row| seen.insert((row.origin, row.code)));
    page.push(Block::List(known.map(|row| format!("{}: {}", shown(row.code), meaning(row.code, row.origin))).collect()));
    page
}

/// Devices of a row: the lines or elements of their reports, and their names if they are to be shown.
fn examples(row: &Row<'_>, shows_all: bool) -> String {
    let example = |example: &crate::status::Example| match example.device.as_deref().filter(|_| shows_all) {
        Some(name) => shown(name),
        None => format!("report {}", example.line),
    };
    row.examples.iter().map(example).collect::<Vec<_>>().join(", ")
}

fn meaning(code: &str, origin: Origin) -> String {
    match Reason::find(code, origin) {
        Some(reason) => format!("{}. Next: {}", reason.meaning, reason.next),
        None if code == UPDATE_FAILED => {
            "the last software update failed. Next: explain the report of one of the devices".to_owned()
        }
        None => "Apple does not document this code".to_owned(),
    }
}

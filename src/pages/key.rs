//! The pages of keys and of declaration types.

use super::page::{Block, Page};
use crate::keys::{AnyKey, COLUMNS, Enrolments, Owner, Presence, Shape, Support, Table, tables};
use crate::words::sentence;

/// A key, and the table that it stands in.
#[derive(Clone, Copy)]
pub(crate) struct Entry {
    pub(crate) table: &'static Table,
    pub(crate) key: &'static dyn AnyKey,
}

impl Entry {
    /// Every key there is.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        tables().flat_map(|table| (table.keys)().into_iter().map(move |key| Self { table, key }))
    }

    /// The steps from the top of a declaration to the key.
    pub(crate) fn steps(self) -> Vec<&'static str> {
        self.table.top.iter().chain(self.key.path()).copied().collect()
    }

    /// The name that people call it by: without the steps to the payload, with dots.
    pub(crate) fn name(self) -> String {
        let steps = self.steps();
        let frames: [&[&str]; 3] = [&["Payload"], &["Command"], &["PayloadContent", "*"]];
        let steps =
            frames.iter().find_map(|frame| steps.strip_prefix(*frame)).filter(|steps| !steps.is_empty()).unwrap_or(&steps);
        steps.join(".").replace(".*", "[]")
    }

    fn pointer(self) -> String {
        format!("/{}", self.steps().join("/"))
    }
}

pub(crate) fn page(entry: Entry) -> Page {
    let Entry { table, key } = entry;
    let mut page = Page::new(entry.name());
    page.push(Block::Text(sentence(key.meaning())));
    let mut facts = vec![document(table), ("pointer", format!("`{}`", entry.pointer())), ("value", key.shape().expected())];
    if let Shape::Text(Some(_)) = key.shape() {
        facts.push(("example", format!("`{}`", key.example())));
    }
    facts.push(("presence", if key.presence() == Presence::Required { "required" } else { "optional" }.to_owned()));
    if let Some(default) = key.default_json() {
        facts.push(("default", format!("`{default}`")));
    }
    let combined = match (key.combine_rule(), key.combine_effect()) {
        (Some(rule), Some(effect)) => format!("`{rule}`: of several declarations on a device, {effect}"),
        _ if matches!(key.shape(), Shape::Group) => "key by key".to_owned(),
        _ => "no: each declaration stands for itself".to_owned(),
    };
    if key.path().len() + table.top.len() > 1 && !matches!(table.owner, Owner::Legacy(_)) {
        facts.push(("combined", combined));
    }
    facts.extend(source(table));
    page.push(Block::Facts(facts));
    if let Shape::Choice(names) = key.shape() {
        let rows =
            names.iter().zip(key.value_meanings()).map(|(name, meaning)| vec![format!("`{name}`"), meaning.trim().to_owned()]);
        page.push(Block::Table(vec!["value", "meaning"], rows.collect()));
    }
    page.push(availability(key.support()));
    page
}

/// The documents that a key belongs to.
fn document(table: &Table) -> (&'static str, String) {
    match &table.owner {
        Owner::Declarations => ("declaration", "every one".to_owned()),
        Owner::Declaration(kind) => ("declaration", format!("`{kind}`")),
        Owner::Legacy(_) => ("document", table.owner.one()),
    }
}

/// The page of a declaration type, or of a legacy document.
pub(crate) fn type_page(table: &'static Table) -> Page {
    let mut page = Page::new(table.owner.as_str());
    page.push(Block::Facts(source(table).to_vec()));
    page.push(availability(table.support));
    let parts = tables().filter(|part| part.owner == table.owner);
    // The programs of a declaration have pages of their own.
    let parts = parts.filter(|part| matches!(part.owner, Owner::Legacy(_)) || std::ptr::eq(*part, table));
    let rows = parts.flat_map(|table| (table.keys)().into_iter().map(move |key| (table, key))).map(|(table, key)| {
        let required = if key.presence() == Presence::Required { " (required)" } else { "" };
        vec![format!("`{}`{required}", Entry { table, key }.name()), key.meaning().to_owned()]
    });
    page.push(Block::Table(vec!["key", "meaning"], rows.collect()));
    page
}

/// Where something exists, a line a platform.
fn availability(support: &Support) -> Block {
    let rows = COLUMNS.iter().map(|(platform, name)| {
        let (since, devices) = match support.on(*platform) {
            None => ("never".to_owned(), "–"),
            Some(since) => (
                match since.until {
                    Some(until) => format!("{}, until {}", since.version, until.removed),
                    None => since.version.to_owned(),
                },
                match since.enrolments {
                    Enrolments::Every => "all",
                    Enrolments::Device => "supervised, or under device enrolment",
                    Enrolments::Supervised => "supervised",
                },
            ),
        };
        vec![(*name).to_owned(), since, devices.to_owned()]
    });
    Block::Table(vec!["platform", "since", "devices"], rows.collect())
}

fn source(table: &Table) -> [(&'static str, String); 2] {
    [
        ("source", format!("Apple's schema {}, `{}`", table.source.release, table.source.schema)),
        ("page", table.source.page.to_owned()),
    ]
}

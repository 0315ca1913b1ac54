//! The pages of keys and of declaration types.

use super::page::{Block, Page};
use crate::keys::{AnyKey, COLUMNS, Enrolments, Presence, SCHEMA, Shape, Support, TABLES, Table};
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
        TABLES.iter().flat_map(|table| (table.keys)().into_iter().map(move |key| Self { table, key }))
    }

    /// The steps from the top of a declaration to the key.
    pub(crate) fn steps(self) -> Vec<&'static str> {
        self.table.top.iter().chain(self.key.path()).copied().collect()
    }

    /// The name that people call it by: without `Payload`, with dots.
    pub(crate) fn name(self) -> String {
        let steps = self.steps();
        let steps = steps.strip_prefix(&["Payload"]).filter(|steps| !steps.is_empty()).unwrap_or(&steps);
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
    let mut facts = vec![
        ("declaration", table.kind.as_ref().map_or("every one".to_owned(), |kind| format!("`{kind}`"))),
        ("pointer", format!("`{}`", entry.pointer())),
        ("value", key.shape().expected()),
    ];
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
    if key.path().len() + table.top.len() > 1 {
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

/// The page of a declaration type.
pub(crate) fn type_page(table: &'static Table) -> Page {
    let mut page = Page::new(table.kind.as_ref().map_or("every declaration", |kind| kind.as_str()));
    page.push(Block::Facts(source(table).to_vec()));
    page.push(availability(table.support));
    let rows = (table.keys)().into_iter().map(|key| {
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
                since.version.to_owned(),
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
    [("source", format!("Apple's schema {SCHEMA}, `{}`", table.source.schema)), ("page", table.source.page.to_owned())]
}

//! The pages of status items and reason codes.

use super::index::link;
use super::key::availability;
use super::page::{Block, Page};
use crate::apple::{ITEM_KEYS, Origin, Reason, StatusItem, StatusKey, StatusValue};
use crate::words::{list, sentence};

/// The page of a status item.
pub(crate) fn item(item: &StatusItem) -> Page {
    let mut page = Page::new(item.name);
    page.push(Block::Text(sentence(item.meaning)));
    let mut facts = vec![("status item", format!("`@status({})` in predicates", item.name)), ("value", item.value.to_string())];
    facts.extend(values(item.values).map(|values| ("known values", values)));
    page.push(Block::Facts(facts));
    let own = if item.value == StatusValue::Array { ITEM_KEYS } else { &[] };
    let mut rows = Vec::new();
    push_keys(&mut rows, "", own.iter().chain(item.keys));
    if item.has_other_keys {
        rows.push(vec!["…".to_owned(), "and others".to_owned()]);
    }
    if !rows.is_empty() {
        page.push(Block::table(&["key", "value"], rows));
    }
    page.push(availability(false, &item.support));
    page
}

/// Adds a row for each key and the keys below it.
fn push_keys<'k>(rows: &mut Vec<Vec<String>>, path: &str, keys: impl Iterator<Item = &'k StatusKey>) {
    for key in keys {
        let name = format!("{path}{}", key.name);
        let value = match values(key.values) {
            Some(values) => format!("{}: {values}", key.value),
            None => key.value.to_string(),
        };
        rows.push(vec![format!("`{name}`"), value]);
        let step = if key.value == StatusValue::Array { "[]." } else { "." };
        push_keys(rows, &format!("{name}{step}"), key.keys.iter());
    }
}

fn values(values: &[&str]) -> Option<String> {
    let quoted: Vec<String> = values.iter().map(|value| format!("`{value}`")).collect();
    (!quoted.is_empty()).then(|| list(&quoted, "or"))
}

/// The page of a reason code.
pub(super) fn reason(reason: &Reason) -> Page {
    let mut page = Page::new(reason.code);
    page.push(Block::Text(sentence(reason.meaning)));
    let mut facts = vec![("reason of", reason.origin.describe().to_owned()), ("what to do", reason.next.to_owned())];
    if !reason.details.is_empty() {
        facts.push(("details", list(reason.details, "and")));
    }
    page.push(Block::Facts(facts));
    page
}

/// The names and meanings of all status items and reason codes, for the list of pages.
pub(super) fn names() -> [Block; 4] {
    let items = StatusItem::all().map(|item| vec![item.name.to_owned(), item.meaning.to_owned()]);
    let reasons = Reason::all().map(|reason| {
        let has_page = matches!(reason.origin, Origin::Declaration | Origin::Observed);
        let code = if has_page { link(reason.code, &format!("{}.md", reason.code)) } else { reason.code.to_owned() };
        vec![code, reason.meaning.to_owned()]
    });
    [
        Block::Section("Status items".to_owned()),
        Block::table(&["name", "meaning"], items.collect()),
        Block::Section("Reason codes".to_owned()),
        Block::table(&["code", "meaning"], reasons.collect()),
    ]
}

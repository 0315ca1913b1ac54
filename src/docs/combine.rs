//! The page of a combine rule.

use super::key::Entry;
use super::page::{Block, Page};
use crate::apple::{Combine, Schema};
use crate::words::sentence;

pub(crate) fn page(apple: &Schema, combine: Combine) -> Page {
    let mut page = Page::new(combine.name());
    page.push(Block::Text(sentence(&format!(
        "A rule of Apple's for combining declarations: if several declarations on a device set the key, {}",
        combine.effect()
    ))));
    let keys = Entry::all(apple).filter(|entry| entry.key.combine == Some(combine));
    let rows = keys.map(|entry| vec![format!("`{}`", entry.name()), format!("`{}`", entry.kind.short())]);
    page.push(Block::table(&["key", "in"], rows.collect()));
    page
}

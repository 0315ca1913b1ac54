//! The whole documentation, for `docs/`, and the list of what there is.

use super::key::{self, Entry};
use super::page::{Block, Page};
use super::rule;
use super::topic::{configuration, rules};
use crate::keys::tables;

/// Everything in Markdown.
pub(crate) fn reference() -> String {
    let mut text = String::from(
        "<!-- Written by `ddmc explain --markdown`; do not edit. -->\n\n# Reference\n\n\
         Everything here comes from the tables that `ddmc` checks with: [declarations](#declarations) the \
         [documents that they replace](#legacy-documents), the [keys](#keys) of both, \
         [rules](#rules), and the [configuration file](#configuration).\n\n## Declarations\n",
    );
    let add = |text: &mut String, page: &Page| {
        text.push('\n');
        text.push_str(&page.to_markdown(3));
    };
    for table in tables().filter(|table| table.declaration().is_some()) {
        add(&mut text, &key::type_page(table));
    }
    text.push_str("\n## Legacy documents\n");
    for table in tables().filter(|table| table.declaration().is_none() && table.is_head()) {
        add(&mut text, &key::type_page(table));
    }
    text.push_str("\n## Keys\n");
    Entry::all().for_each(|entry| add(&mut text, &key::page(entry)));
    text.push_str("\n## Rules\n");
    rules().for_each(|found| add(&mut text, &rule::page(found)));
    text.push_str("\n## Configuration\n");
    add(&mut text, &configuration());
    text
}

/// The names of all pages.
pub(crate) fn names() -> Page {
    let mut page = Page::new("ddmc explain NAME, with one of these names:");
    let names = |is_legacy| {
        let heads = tables().filter(move |table| table.is_head() && table.declaration().is_none() == is_legacy);
        Block::List(heads.map(|table| table.owner.as_str().to_owned()).collect())
    };
    page.push(Block::Section("Declarations".to_owned()));
    page.push(names(false));
    page.push(Block::Section("Legacy documents".to_owned()));
    page.push(names(true));
    page.push(Block::Section("Keys".to_owned()));
    page.push(Block::Table(
        vec!["name", "meaning"],
        Entry::all().map(|entry| vec![entry.name(), entry.key.meaning().to_owned()]).collect(),
    ));
    page.push(Block::Section("Rules".to_owned()));
    page.push(Block::Table(
        vec!["name", "finds"],
        rules().map(|rule| vec![rule.id.to_string(), rule.summary.to_string()]).collect(),
    ));
    page.push(Block::Section("Configuration".to_owned()));
    page.push(Block::List(vec![crate::config::FILE_NAME.to_owned()]));
    page
}

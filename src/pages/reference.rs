//! The whole documentation, for `docs/`, and the list of what there is.

use super::key::{self, Entry};
use super::page::{Block, Page};
use super::rule;
use super::topic::{configuration, rules};
use crate::apple::{Family, Schema, Type};

/// Everything in Markdown.
pub(crate) fn reference(apple: &Schema) -> String {
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
    types(apple, false).for_each(|kind| add(&mut text, &key::type_page(apple, kind)));
    text.push_str("\n## Legacy documents\n");
    types(apple, true).for_each(|kind| add(&mut text, &key::type_page(apple, kind)));
    text.push_str("\n## Keys\n");
    Entry::all(apple).for_each(|entry| add(&mut text, &key::page(&entry)));
    text.push_str("\n## Rules\n");
    rules().for_each(|found| add(&mut text, &rule::page(found)));
    text.push_str("\n## Configuration\n");
    add(&mut text, &configuration());
    text
}

/// The names of all pages.
pub(crate) fn names(apple: &Schema) -> Page {
    let mut page = Page::new("ddmc explain NAME, with one of these names:");
    let names = |is_legacy| Block::List(types(apple, is_legacy).map(|kind| kind.name.to_string()).collect());
    page.push(Block::Section("Declarations".to_owned()));
    page.push(names(false));
    page.push(Block::Section("Legacy documents".to_owned()));
    page.push(names(true));
    page.push(Block::Section("Keys".to_owned()));
    page.push(Block::Table(
        vec!["name", "meaning"],
        Entry::all(apple).map(|entry| vec![entry.name(), entry.meaning().to_owned()]).collect(),
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

/// The types that have a page of their own: all but the envelope, whose keys have theirs.
fn types(apple: &Schema, is_legacy: bool) -> impl Iterator<Item = &Type> {
    let has_page = move |kind: &&Type| kind.family != Family::Envelope && kind.family.is_legacy() == is_legacy;
    apple.types().map(|(_, kind)| kind).filter(has_page)
}

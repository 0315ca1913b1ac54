//! The list of everything that has a page.

use super::page::{Block, Page};
use super::status;
use crate::apple::{Combine, Family, Schema, Type};
#[cfg(feature = "cli")]
use crate::config;
use crate::rules::RULES;

/// A title, and whether a type belongs to the section.
type Section = (&'static str, fn(&Type) -> bool);

/// The list, with links between the files in `docs/`.
pub(crate) fn index(apple: &Schema) -> Page {
    let mut page = Page::new("Reference");
    page.push(Block::Text(format!(
        "What `ddmc` knows, from the tables that it uses: the declarations of Apple's schema {}, the older documents that declarations \
         for software updates replace, the rules that devices combine declarations by, the status items and reason codes of devices, and its own rules and configuration. \
         `ddmc explain` followed by a name, or by a few words of it, prints the page of any of these, or of a key.",
        apple.release
    )));
    let sections: [Section; 7] = [
        ("Software updates", is_about_updates),
        ("Configurations", |kind| kind.family == Family::Configuration && !is_about_updates(kind)),
        ("Activations", |kind| kind.family == Family::Activation),
        ("Assets", |kind| kind.family == Family::Asset),
        ("Credentials, which assets refer to", |kind| kind.family == Family::Credential),
        ("Management", |kind| kind.family == Family::Management),
        ("Commands, answers and profiles", |kind| kind.family.is_legacy()),
    ];
    for (title, is_in) in sections {
        let kinds = apple.types().map(|(_, kind)| kind).filter(|kind| is_in(kind));
        let rows = kinds.map(|kind| vec![link(kind.short(), &format!("{}.md", kind.short())), kind.title().into_owned()]);
        page.push(Block::Section(title.to_owned()));
        page.push(Block::table(&["type", "describes"], rows.collect()));
    }
    page.push(Block::Section("Combine rules".to_owned()));
    let rows =
        Combine::ALL.map(|combine| vec![link(combine.name(), &format!("{}.md", combine.name())), combine.effect().to_owned()]);
    page.push(Block::table(&["rule", "if several declarations on a device set the key"], rows.to_vec()));
    page.push(Block::Section("Rules".to_owned()));
    let rows = RULES.iter().map(|rule| vec![link(&rule.id, &format!("../rules/{}.md", rule.id)), rule.summary.to_string()]);
    page.push(Block::table(&["rule", "finds"], rows.collect()));
    page.blocks.extend(status::names());
    #[cfg(feature = "cli")]
    add_configuration(&mut page);
    page
}

#[cfg(feature = "cli")]
fn add_configuration(page: &mut Page) {
    page.push(Block::Section("Configuration".to_owned()));
    let file = link(config::FILE_NAME, &format!("{}.md", config::FILE_NAME));
    page.push(Block::table(&["file", "holds"], vec![vec![file, "the configuration of a repository".to_owned()]]));
}

fn is_about_updates(kind: &Type) -> bool {
    kind.short().starts_with("softwareupdate.")
}

pub(super) fn link(name: &str, file: &str) -> String {
    format!("[`{name}`]({file})")
}

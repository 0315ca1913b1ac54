//! The page of the configuration file.

use super::page::{Block, Page};
use crate::config;

pub(super) fn page() -> Page {
    let mut page = Page::new(config::FILE_NAME);
    page.push(Block::Text(
        "The configuration of a repository. `ddmc` searches the current folder and its parents, up to the root of the repository. \
         Path patterns are relative to the folder of the file; one that matches a folder covers everything in it. Command-line options \
         take precedence."
            .to_owned(),
    ));
    for (title, rows) in config::tables() {
        page.push(Block::Section(title.to_owned()));
        page.push(Block::table(&["key", "meaning"], rows));
    }
    page
}

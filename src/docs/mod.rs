//! The built-in documentation: a page for each rule, key, declaration type and combine rule, generated from the tables.

mod combine;
mod configuration;
mod index;
mod key;
mod page;
mod rule;
mod search;
mod status;

pub(crate) use index::index;
pub(crate) use key::{brief, of_key as key, of_type as kind};
pub(crate) use page::{Block, Page};
pub(crate) use rule::page as rule;
pub(crate) use search::{find, names};
pub(crate) use status::item as status_item;

use configuration::page as configuration;

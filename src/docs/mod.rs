//! The built-in documentation: a page for each rule, key, declaration type and combine rule, generated from the tables.

mod combine;
#[cfg(feature = "cli")]
mod configuration;
mod html;
mod index;
mod key;
mod matrix;
mod page;
mod rule;
mod search;
mod status;
mod timeline;

pub(crate) use index::index;
pub(crate) use key::{brief, of_key as key, of_type as kind};
pub(crate) use matrix::{Key, Matrix, Vote};
pub(crate) use page::{Block, Page};
pub(crate) use rule::page as rule;
pub(crate) use search::{find, names, not_found};
pub(crate) use status::item as status_item;
pub(crate) use timeline::{Event, Fate, Lane, Timeline};

#[cfg(feature = "cli")]
use configuration::page as configuration;

//! The built-in documentation: a page for each rule, key, declaration type and combine rule, generated from the tables.

mod combine;
#[cfg(feature = "cli")]
mod configuration;
mod index;
mod key;
mod page;
mod rule;
mod search;
mod status;

pub(crate) use index::index;
pub(crate) use page::{Block, Page};
pub(crate) use rule::page as rule;
pub(crate) use search::{find, names, not_found};

#[cfg(feature = "cli")]
use configuration::page as configuration;

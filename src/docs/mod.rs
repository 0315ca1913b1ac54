//! The built-in documentation: a page for each rule, key and declaration type, generated from the tables.

mod key;
mod page;
mod reference;
mod rule;
mod status;
mod topic;

pub(crate) use page::{Block, Page};
pub(crate) use reference::{names, reference};
pub(crate) use rule::page as rule;
pub(crate) use topic::find;

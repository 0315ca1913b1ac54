//! The rules about the syntax of a document: one file each, with its words.

pub(crate) mod byte_order_mark;
pub(crate) mod invalid_json;
pub(crate) mod invalid_plist;
pub(crate) mod oversized_document;

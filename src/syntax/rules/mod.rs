//! The rules on syntax, one per file.

pub(crate) mod ambiguous_integer;
pub(crate) mod ambiguous_yaml;
pub(crate) mod byte_order_mark;
pub(crate) mod fractional_integer;
pub(crate) mod invalid_encoding;
pub(crate) mod invalid_json;
pub(crate) mod invalid_plist;
pub(crate) mod invalid_yaml;
pub(crate) mod oversized_document;

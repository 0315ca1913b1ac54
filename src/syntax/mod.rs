//! Parses text into nodes with byte spans.
//!
//! This layer knows only syntax: it must not name Apple's keys or rules outside `syntax::rules`. It returns the values
//! it could read *and* the errors, so that one missing comma does not hide the other errors of a document.

mod builder;
mod encoding;
mod file_name;
mod grammar;
mod inside;
mod json;
mod kind;
mod language;
mod lexer;
mod node;
mod notation;
mod parser;
#[cfg(test)]
mod parser_tests;
mod pieces;
mod plist;
mod pointer;
mod position;
mod recovery;
pub(crate) mod rules;
mod template;
mod tree;
pub(crate) mod yaml;

pub(crate) use encoding::{Encoding, decoded, into_decoded};
pub(crate) use file_name::{has_extension, has_lines, is_of_endpoint, lists_set};
pub(crate) use grammar::{Grammar, Syntax, YAML};
pub(crate) use json::{Buffers, Document, parse, parse_as, parse_json};
pub(crate) use kind::Kind;
pub(crate) use node::{Integer, Node};
pub(crate) use notation::{Notation, element};
pub(crate) use pieces::{Layout, Line, Pieces, layout, lines};
pub(crate) use plist::Container;
pub(crate) use pointer::{Path, escaped};
pub(crate) use position::{Locator, strip_byte_order_mark};
#[cfg(feature = "cli")]
pub(crate) use template::PLACEHOLDER;
pub(crate) use template::Placeholders;
pub(crate) use yaml::Trap;

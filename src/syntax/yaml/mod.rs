//! Reads YAML: declarations that people keep as YAML, and Apple's schema.
//!
//! A document goes into the same tree as JSON: each value has its span in the source and its text in JSON. Values are
//! those of the core schema of YAML 1.2; a value that YAML 1.1 reads differently is a [`Trap`].

mod documents;
mod scalar;
#[cfg(test)]
mod tests;
mod tree;
mod unfold;

pub(crate) use documents::Documents;
pub(crate) use scalar::Trap;
#[cfg(feature = "cli")]
pub(crate) use tree::NodeId;
pub(crate) use tree::Tree;

use std::ops::Range;

use super::builder::Builder;
use super::json::Buffers;
use super::language;
use super::position::strip_byte_order_mark;
use crate::diagnostic::SyntaxDiagnostic;
use crate::limits::MAX_YAML_BYTES;
use crate::syntax::rules::{invalid_yaml, oversized_document};
use unfold::Unfolder;

/// The result of reading a YAML document: whether there is a value, the errors, and the traps by the index of their
/// entry. Without a value there is an error.
pub(super) struct Read {
    pub(super) has_value: bool,
    pub(super) faults: Vec<SyntaxDiagnostic>,
    pub(super) traps: Vec<(usize, Trap)>,
}

impl Read {
    /// The result without a value.
    fn refused(fault: SyntaxDiagnostic) -> Self {
        Self { has_value: false, faults: vec![fault], traps: Vec::new() }
    }
}

/// Reads one of the [`Documents`] of a text into `buffers`.
pub(super) fn read(bytes: &[u8], buffers: &mut Buffers) -> Read {
    if bytes.len() > MAX_YAML_BYTES {
        return Read::refused(oversized_document::yaml());
    }
    if let Ok(text) = str::from_utf8(bytes) {
        return read_text(text, buffers);
    }
    let (text, fault) = language::not_utf8(bytes, &invalid_yaml::RULE);
    let mut read = read_text(&text, buffers);
    read.faults.insert(0, fault);
    read
}

fn read_text(text: &str, buffers: &mut Buffers) -> Read {
    let mut tree = Tree::read(text);
    let faults: Vec<_> = std::mem::take(&mut tree.errors)
        .into_iter()
        .map(|error| invalid_yaml::syntax(text, &error.message, error.span))
        .collect();
    // An item of a sequence of declarations is read with its dash.
    let root = tree.root().map(|root| match tree.items(root) {
        Some([only]) if text[tree.node(root).span.start..].starts_with('-') => *only,
        _ => root,
    });
    let Some(root) = root.filter(|root| !tree.is_empty(*root)) else {
        return Read::refused(faults.into_iter().next().unwrap_or_else(invalid_yaml::empty));
    };
    Unfolder::new(&tree, text, Builder::new(buffers), faults).read(root)
}

/// The comments of a document, which are not in the tree. `None` if it cannot be read.
pub(crate) fn comments(bytes: &[u8]) -> Option<Vec<Range<usize>>> {
    let text = str::from_utf8(bytes).ok().filter(|text| text.len() <= MAX_YAML_BYTES)?;
    let tree = Tree::read(text);
    if !tree.errors.is_empty() {
        return None;
    }
    let mut comments = Vec::new();
    let mut at = strip_byte_order_mark(bytes);
    for leaf in tree.leaves().chain(std::iter::once(text.len()..text.len())) {
        // An anchor or a tag may contain the sign; a comment has a blank before it.
        while let Some(start) = text.get(at..leaf.start).and_then(|between| between.find('#')).map(|length| at + length) {
            let is_comment = text[..start].bytes().next_back().is_none_or(|byte| byte.is_ascii_whitespace());
            at = start + 1;
            if is_comment {
                at = text[start..].find(['\n', '\r']).map_or(text.len(), |length| start + length);
                comments.push(start..at);
            }
        }
        at = at.max(leaf.end);
    }
    Some(comments)
}

//! Finds declarations that another object wraps, as the answers and exports of servers do:
//! `{ "declarations": [ { "Type": …, "Identifier": …, "Payload": … } ] }`.

use std::ops::Range;

use super::recognise::names_a_family;
use crate::syntax::{Kind, Node, Syntax};

/// How deep declarations can be.
const MAX_WRAPPERS: usize = 4;

/// The spans of the declarations that an object wraps, in text order. Empty for a declaration and for an object without
/// any.
pub(crate) fn wrapped(root: Node<'_>) -> Vec<Range<usize>> {
    let mut spans = Vec::new();
    // Declarations are JSON, and an envelope holds no others.
    if root.kind() == Kind::Object && root.syntax() == Syntax::Json && !is_declaration(root) {
        search(root, MAX_WRAPPERS, &mut spans);
    }
    spans
}

fn search(node: Node<'_>, depth: usize, spans: &mut Vec<Range<usize>>) {
    for child in node.members().map(|(_, value)| value).chain(node.elements()) {
        if child.kind() == Kind::Object && is_declaration(child) {
            spans.push(child.span());
        } else if depth > 0 {
            search(child, depth - 1, spans);
        }
    }
}

fn is_declaration(object: Node<'_>) -> bool {
    ["Type", "type"].into_iter().any(|key| object.member(key).is_some_and(names_a_family))
}

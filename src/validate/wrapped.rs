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
    // Declarations are JSON, and an envelope holds no others, even if its Type stands in its Payload.
    let is_envelope = is_declaration(root) || ["Payload", "Identifier"].into_iter().any(|key| root.member(key).is_some());
    if root.kind() == Kind::Object && root.syntax() == Syntax::Json && !is_envelope {
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

/// Other objects have a `type` in lower case too, such as the findings of a report.
fn is_declaration(object: Node<'_>) -> bool {
    let names = |key| object.member(key).is_some_and(names_a_family);
    names("Type") || names("type") && object.member("payload").is_some()
}

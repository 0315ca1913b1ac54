//! The declarations of a document, and the keys of their payloads.

use std::ops::Range;
use std::path::Path;

use serde_json::{Value as Json, json};

use super::state::State;
use super::text::Lines;
use super::tree;
use crate::syntax::{Kind, Node};
use crate::words::visible;

/// How many declarations are listed.
const MAX_SYMBOLS: usize = 10_000;

/// How many declarations are listed with their keys.
const MAX_WITH_KEYS: usize = 200;

/// The kinds of symbols in the protocol.
const OBJECT: u8 = 19;
const PROPERTY: u8 = 7;

/// Answers `textDocument/documentSymbol`.
pub(super) fn answer(state: &State, path: &Path) -> Option<Json> {
    let document = state.documents.get(path)?;
    let workspace = state.workspace(path);
    let (file, effective) = (workspace.file(path)?, workspace.effective()?);
    let lines = Lines::of(&document.text, state.client.encoding);
    let has_keys = file.declarations.len() <= MAX_WITH_KEYS && state.client.has_hierarchy;
    let symbols = file.declarations.iter().take(MAX_SYMBOLS).map(|declared| {
        let kind = declared.kind.as_ref().map_or("", |kind| kind.name(effective.schema()));
        // A string that is not closed may continue into a secret.
        let identifier = declared.identifier.as_deref().filter(|name| !name.is_empty() && !name.contains(['"', '{', '}']));
        let name = identifier.unwrap_or(kind);
        let name = visible(if name.is_empty() { "declaration" } else { name });
        let span = clamp(declared.span.clone(), &document.text);
        let own = clamp(declared.start.offset..declared.end.offset, &document.text);
        if !state.client.has_hierarchy {
            let location = json!({ "uri": document.uri, "range": lines.span(&span) });
            return json!({ "name": name, "kind": OBJECT, "location": location });
        }
        let is_within = span.start <= own.start && own.end <= span.end;
        let selection = if is_within { own } else { span.start..span.start };
        let children = if has_keys { keys(state, path, &span, &lines) } else { Vec::new() };
        json!({
            "name": name,
            "detail": visible(crate::apple::short(kind)),
            "kind": OBJECT,
            "range": lines.span(&span),
            "selectionRange": lines.span(&selection),
            "children": children,
        })
    });
    Some(symbols.collect())
}

/// The keys of the payload of a declaration.
fn keys(state: &State, path: &Path, span: &Range<usize>, lines: &Lines<'_>) -> Vec<Json> {
    let (Some(document), Some(effective)) = (state.documents.get(path), state.workspace(path).effective()) else {
        return Vec::new();
    };
    let source = (&document.text.as_bytes()[span.clone()], span.start);
    let keys = tree::with(effective.schema(), document.grammar(), source, None, |tree| {
        let payload = tree.root.member("Payload").filter(|payload| payload.kind() == Kind::Object)?;
        // Another key may be a secret.
        let rows = tree.spot_of(payload).rows()?;
        let is_known = |key: Node<'_>| key.as_str().is_some_and(|key| tree.schema.find_key(rows, &key).is_some());
        let members = payload.members().filter(|(key, _)| is_known(*key));
        let symbols = members.map(|(key, value)| {
            let whole = tree.range(key.span().start..value.span().end.max(key.span().end));
            let name = visible(&key.as_str().unwrap_or_default());
            json!({ "name": name, "kind": PROPERTY, "range": lines.span(&whole), "selectionRange": lines.span(&tree.range(key.span())) })
        });
        Some(symbols.collect())
    });
    keys.flatten().unwrap_or_default()
}

/// A range within the text, also if it was linted in another form.
fn clamp(range: Range<usize>, text: &str) -> Range<usize> {
    let end = text.floor_char_boundary(range.end);
    text.floor_char_boundary(range.start).min(end)..end
}

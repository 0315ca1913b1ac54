//! Identifiers: where they are declared and named, and how they are renamed.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};

use super::state::State;
use super::text::{Lines, Point};
use super::tree;
use super::wire::Failure;
use crate::apple::{Formatted, Identifier};
use crate::locate;
use crate::syntax::{Container, Grammar, Placeholders, lists_set};
use crate::words::shown;

/// A place where an identifier is written.
struct Found {
    path: PathBuf,
    range: Range<usize>,
    /// Whether it is the identifier of the declaration.
    is_own: bool,
    /// The bytes as they are written.
    written: String,
}

/// The identifier at a position, and its bytes.
fn at(state: &State, path: &Path, point: Point) -> Option<(String, Range<usize>)> {
    let document = state.documents.get(path)?;
    let lines = Lines::of(&document.text, state.client.encoding);
    let offset = lines.offset(point);
    if lists_set(path) {
        return listed(&document.text).find(|(_, range)| range.start <= offset && offset <= range.end);
    }
    let effective = state.workspace(path).effective()?;
    let span = tree::document_at(&document.name, &document.text, offset)?;
    let source = (&document.text.as_bytes()[span.clone()], span.start);
    tree::with(effective.schema(), document.grammar(), source, None, |tree| {
        let names = tree::names(tree).into_iter();
        let mut found = names.map(|name| (name.text, tree.range(name.node.span())));
        found.find(|(_, range)| range.start <= offset && offset <= range.end)
    })?
}

/// The identifiers in the list of a set, which has one per line.
fn listed(text: &str) -> impl Iterator<Item = (String, Range<usize>)> {
    let mut at = 0;
    let lines = text.split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        (start, line)
    });
    lines.filter_map(|(start, line)| {
        let name = line.trim();
        let start = start + line.len() - line.trim_start().len();
        let is_name = !name.is_empty() && !name.starts_with(['#', '-']);
        is_name.then(|| (name.to_owned(), start..start + name.len()))
    })
}

/// Every place in the folder where an identifier is written.
fn all(state: &State, path: &Path, identifier: &str) -> Vec<Found> {
    let workspace = state.workspace(path);
    let Some(effective) = workspace.effective() else { return Vec::new() };
    let mut found = Vec::new();
    for (path, file) in workspace.files() {
        let Some(text) = workspace.text(&state.documents, path) else { continue };
        // Most files do not name it. Escapes may hide it.
        if !text.contains(identifier) && !text.contains(['\\', '&']) {
            continue;
        }
        let mut push = |range: Range<usize>, is_own| {
            let written = text.get(range.clone()).unwrap_or_default().to_owned();
            found.push(Found { path: path.clone(), range, is_own, written });
        };
        if lists_set(path) {
            listed(&text).filter(|(name, _)| name == identifier).for_each(|(_, range)| push(range, false));
            continue;
        }
        for span in locate::documents(&file.name, text.as_bytes()) {
            let source = &text.as_bytes()[span.clone()];
            let may_name =
                memchr::memmem::find(source, identifier.as_bytes()).is_some() || memchr::memchr2(b'\\', b'&', source).is_some();
            if !may_name || Container::of(source).is_some() {
                continue;
            }
            tree::with(effective.schema(), Grammar::of_file(&file.name), (source, span.start), None, |tree| {
                for name in tree::names(tree).into_iter().filter(|name| name.text == identifier) {
                    push(tree.range(name.node.span()), name.reference.is_none());
                }
            });
        }
    }
    found
}

/// Answers `textDocument/definition`.
pub(super) fn definition(state: &State, path: &Path, point: Point) -> Option<Json> {
    let (identifier, _) = at(state, path, point)?;
    Some(locations(state, all(state, path, &identifier).iter().filter(|found| found.is_own)))
}

/// Answers `textDocument/references`.
pub(super) fn references(state: &State, path: &Path, point: Point, with_own: bool) -> Option<Json> {
    let (identifier, _) = at(state, path, point)?;
    Some(locations(state, all(state, path, &identifier).iter().filter(|found| with_own || !found.is_own)))
}

fn locations<'f>(state: &State, found: impl Iterator<Item = &'f Found>) -> Json {
    let mut by_file: BTreeMap<&Path, Vec<&Range<usize>>> = BTreeMap::new();
    found.for_each(|found| by_file.entry(&found.path).or_default().push(&found.range));
    let locations = by_file.into_iter().flat_map(|(path, ranges)| {
        let text = state.workspace(path).text(&state.documents, path).unwrap_or_default();
        let lines = Lines::of(&text, state.client.encoding);
        let uri = state.uri(path);
        ranges.into_iter().map(|range| json!({ "uri": uri, "range": lines.span(range) })).collect::<Vec<_>>()
    });
    locations.collect()
}

/// Answers `textDocument/prepareRename`.
pub(super) fn prepare(state: &State, path: &Path, point: Point) -> Result<Json, Failure> {
    let (identifier, range) = renamed(state, path, point)?;
    let document = state.documents.get(path).ok_or_else(nothing)?;
    let lines = Lines::of(&document.text, state.client.encoding);
    let written = &document.text[range.clone()];
    let is_quoted = written.len() > 1 && written.starts_with(['"', '\'']);
    let range = if is_quoted { range.start + 1..range.end - 1 } else { range };
    Ok(json!({ "range": lines.span(&range), "placeholder": identifier }))
}

fn nothing() -> Failure {
    Failure::refused(
        "this is not the identifier of a declaration; put the cursor on an Identifier, or where another declaration names one",
    )
}

/// The identifier to rename, if it can be.
fn renamed(state: &State, path: &Path, point: Point) -> Result<(String, Range<usize>), Failure> {
    let (identifier, range) = at(state, path, point).ok_or_else(nothing)?;
    if Placeholders::default().are_in(&identifier) {
        return Err(Failure::refused("the identifier has a placeholder, so that the other places that name it are not known"));
    }
    Ok((identifier, range))
}

/// Answers `textDocument/rename`.
pub(super) fn rename(state: &State, path: &Path, point: Point, new: &str) -> Result<Json, Failure> {
    let (identifier, _) = renamed(state, path, point)?;
    if let Err(invalid) = Identifier::check(new) {
        return Err(Failure::refused(format!("the new identifier {}: {}", invalid.problem, invalid.help)));
    }
    if Placeholders::default().are_in(new) || new.contains(['\n', '\r']) {
        return Err(Failure::refused("the new identifier has a placeholder or a line break"));
    }
    let is_taken = |declarations: &[crate::set::Declared]| declarations.iter().any(|one| one.identifier.as_deref() == Some(new));
    if new != identifier
        && let Some((other, _)) = state.workspace(path).files().find(|(_, file)| is_taken(&file.declarations))
    {
        let file = other.file_name().map(|name| shown(&name.to_string_lossy())).unwrap_or_default();
        return Err(Failure::refused(format!("a declaration in {file} already has the identifier {}", shown(new))));
    }
    let mut by_file: BTreeMap<PathBuf, Vec<(Range<usize>, String)>> = BTreeMap::new();
    for found in all(state, path, &identifier) {
        let text = written(new, &found.written, lists_set(&found.path))
            .ok_or_else(|| Failure::refused(format!("{} cannot be written in a list of identifiers", shown(new))))?;
        by_file.entry(found.path).or_default().push((found.range, text));
    }
    Ok(edit(state, by_file))
}

/// The new identifier, written as the old one was.
fn written(new: &str, old: &str, is_list: bool) -> Option<String> {
    let json = || json!(new).to_string();
    match old.bytes().next() {
        _ if is_list => (new.trim() == new && !new.starts_with(['#', '-'])).then(|| new.to_owned()),
        Some(b'"') => Some(json()),
        Some(b'\'') => Some(format!("'{}'", new.replace('\'', "''"))),
        _ if new.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte)) && !new.starts_with('-') => {
            Some(new.to_owned())
        }
        _ => Some(json()),
    }
}

/// A workspace edit.
pub(super) fn edit(state: &State, by_file: BTreeMap<PathBuf, Vec<(Range<usize>, String)>>) -> Json {
    let mut changes = serde_json::Map::new();
    let mut ordered = Vec::new();
    for (path, edits) in by_file {
        let text = state.workspace(&path).text(&state.documents, &path).unwrap_or_default();
        let lines = Lines::of(&text, state.client.encoding);
        let edits: Vec<Json> = edits.iter().map(|(range, text)| json!({ "range": lines.span(range), "newText": text })).collect();
        let uri = state.uri(&path);
        let version = state.documents.get(&path).map(|document| document.version);
        ordered.push(json!({ "textDocument": { "uri": uri, "version": version }, "edits": edits }));
        changes.insert(uri, edits.into());
    }
    if state.client.has_document_changes { json!({ "documentChanges": ordered }) } else { json!({ "changes": changes }) }
}

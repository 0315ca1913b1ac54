//! What is known about the word under the cursor: the pages of `ddmc explain`, the help of findings, and the merged value.

use std::path::Path;

use serde_json::{Value as Json, json};

use super::state::State;
use super::text::{Lines, Point};
use super::tree::{self, Spot, Tree};
use crate::apple::{Combine, PROPERTIES, StatusItem, TypeId, ValueType};
use crate::docs::{self, Block, Page};
use crate::rules::Rule;
use crate::set::Gathered;
use crate::syntax::Kind;
use crate::words::{markdown, sentence, shown, visible};

/// How many setters of a merged value are named.
const MAX_NAMED: usize = 5;

/// Answers `textDocument/hover`.
pub(super) fn answer(state: &State, path: &Path, point: Point) -> Option<Json> {
    let document = state.documents.get(path)?;
    let lines = Lines::of(&document.text, state.client.encoding);
    let offset = lines.offset(point);
    let (page, range) = if document.is_config() {
        super::toml::hover(&document.text, offset)?
    } else {
        let effective = state.workspace(path).effective()?;
        let span = tree::document_at(&document.name, &document.text, offset)?;
        let source = &document.text.as_bytes()[span.clone()];
        tree::with(effective.schema(), document.grammar(), (source, span.start), None, |tree| {
            let spot = tree.spot(offset - span.start);
            let page = page(state, path, tree, &spot, source, offset - span.start)?;
            let node = spot.key.filter(|_| spot.is_on_key).unwrap_or(spot.node);
            Some((page, tree.range(node.span())))
        })??
    };
    let value = if state.client.has_markdown { page.to_markdown() } else { page.to_text(80) };
    let kind = if state.client.has_markdown { "markdown" } else { "plaintext" };
    Some(json!({ "contents": { "kind": kind, "value": value }, "range": lines.span(&range) }))
}

fn page(state: &State, path: &Path, tree: &Tree<'_>, spot: &Spot<'_>, source: &[u8], offset: usize) -> Option<Page> {
    let schema = tree.schema;
    let mut page = topic(state, path, tree, spot, source, offset)
        .or_else(|| docs::key(schema, spot.kind?, spot.id?))
        .unwrap_or_else(|| Page::new(""));
    if let Some((combine, block)) = merged(state, path, tree, spot) {
        page.push(Block::Section("Merged value".to_owned()));
        page.push(Block::Text(sentence(&format!("`{}`: {}", combine.name(), combine.effect()))));
        page.push(block);
    }
    // Editors show the message of a finding, but not what to do.
    let at = tree.base + offset;
    let findings = state.findings(path).into_iter().filter(|finding| {
        let place = &finding.place;
        let is_small = place.start.line == place.end.line;
        is_small && place.start.offset <= at && at <= place.end.offset
    });
    let help: Vec<String> = findings
        .filter_map(|finding| Some(format!("{}: {}", finding.rule.id, markdown(&finding.help?))))
        .take(MAX_NAMED)
        .collect();
    if !help.is_empty() {
        page.push(Block::Section("What to do".to_owned()));
        page.push(Block::List(help));
    }
    (!page.blocks.is_empty()).then_some(page)
}

/// The page of a value that has its own.
fn topic(state: &State, path: &Path, tree: &Tree<'_>, spot: &Spot<'_>, source: &[u8], offset: usize) -> Option<Page> {
    let schema = tree.schema;
    let text = spot.node.as_str().filter(|_| !spot.is_on_key && spot.node.kind() == Kind::String)?;
    if let ["Type"] = *spot.path.iter().map(String::as_str).collect::<Vec<_>>() {
        return schema.find(&text).map(|kind| docs::kind(schema, kind));
    }
    if spot.reference(tree).is_some() {
        return declared(state, path, &text);
    }
    match spot.path.last().map(String::as_str) {
        Some("Predicate") => word(&text, spot, source, offset).and_then(|word| status_item(&word)),
        Some("Name") if spot.path.iter().any(|step| step == "StatusItems") => status_item(&text),
        _ => {
            let id = spot.id?;
            let meaning = schema.meaning(id, &text).filter(|_| matches!(schema.key(id).value, ValueType::Enum(_)))?;
            let mut page = Page::new(text.as_ref());
            page.push(Block::Text(sentence(meaning)));
            if let Some(key) = docs::key(schema, spot.kind?, id) {
                page.push(Block::Section(key.title.clone()));
                page.blocks.extend(key.blocks);
            }
            Some(page)
        }
    }
}

/// The name around an offset in a predicate.
fn word(text: &str, spot: &Spot<'_>, source: &[u8], offset: usize) -> Option<String> {
    let is_part = |c: char| c.is_alphanumeric() || ".-_".contains(c);
    let mut at = 0;
    for part in text.split_inclusive(|c| !is_part(c)) {
        let word = part.trim_end_matches(|c| !is_part(c));
        let span = spot.node.inside(source, &(at..at + word.len()));
        if !word.is_empty() && span.start <= offset && offset <= span.end {
            return Some(word.to_owned());
        }
        at += part.len();
    }
    None
}

/// The page of the status item that a name names, or below which it names a key.
fn status_item(name: &str) -> Option<Page> {
    let mut prefixes = [name].into_iter().chain(name.rmatch_indices('.').map(|(at, _)| &name[..at]));
    prefixes.find_map(StatusItem::find).map(docs::status_item)
}

/// The declarations with an identifier.
fn declared(state: &State, path: &Path, identifier: &str) -> Option<Page> {
    // A string that is not closed may continue into a secret.
    if identifier.contains(['"', '{', '}']) {
        return None;
    }
    let workspace = state.workspace(path);
    let schema = workspace.effective()?.schema().clone();
    let mut page = Page::new(markdown(&shown(identifier)));
    let all = workspace.files().flat_map(|(path, file)| file.declarations.iter().map(move |declared| (path, declared)));
    let found = all.filter(|(_, declared)| declared.identifier.as_deref() == Some(identifier)).take(MAX_NAMED);
    let found: Vec<String> = found
        .map(|(path, declared)| {
            let kind = declared.kind.as_ref().map_or("", |kind| kind.name(&schema));
            let path = workspace.root.as_ref().and_then(|root| path.strip_prefix(root).ok()).unwrap_or(path);
            format!("{} in {}, line {}", markdown(&shown(kind)), markdown(&path.to_string_lossy()), declared.start.line)
        })
        .collect();
    let text = if found.is_empty() { "No declaration here has this identifier." } else { "The identifier of:" };
    page.push(Block::Text(text.to_owned()));
    page.push(Block::List(found));
    Some(page)
}

/// What devices make of the key if they combine the declaration with others, and who decides.
fn merged(state: &State, path: &Path, tree: &Tree<'_>, spot: &Spot<'_>) -> Option<(Combine, Block)> {
    let kind: TypeId = tree.kind.filter(|kind| tree.schema.kind(*kind).name != PROPERTIES)?;
    let steps: Vec<&str> = spot.path.iter().skip(1).map(String::as_str).collect();
    let session = state.workspace(path).across.session.as_ref()?;
    let gathered = session.gathered();
    let who = gathered.members.iter().position(|member| Path::new(&*member.file) == path && member.span.start == tree.base)?;
    let sets = gathered.sets(session.together());
    let own: Vec<Vec<usize>> = sets.into_iter().filter(|set| set.contains(&who)).collect();
    let combinations = gathered.combine(kind, &own);
    let mut combine = None;
    let mut rows: Vec<Vec<String>> = Vec::new();
    for combination in &combinations {
        // An item of an array is part of the value of its key.
        let decision = (1..=steps.len()).rev().find_map(|length| combination.decision(&steps[..length]));
        let Some((decision, rule)) = decision.and_then(|decision| Some((decision, decision.combine?))) else { continue };
        combine = Some(rule);
        let overruled = decision.overruled().map(|part| format!("{} in {}", value(&part.shown), named(&part.who, gathered)));
        let overruled: Vec<String> = overruled.take(MAX_NAMED).collect();
        let row = vec![value(&decision.shown), named(&decision.deciders(), gathered), overruled.join("; ")];
        if !rows.contains(&row) {
            rows.push(row);
        }
    }
    Some((combine?, Block::table(&["value", "decided by", "overruled"], rows)))
}

/// A value without secrets, for Markdown.
fn value(value: &Json) -> String {
    markdown(&shown(&value.to_string()))
}

fn named(who: &[usize], gathered: &Gathered) -> String {
    let mut names: Vec<String> =
        who.iter().take(MAX_NAMED).map(|who| markdown(&visible(&shown(gathered.members[*who].name())))).collect();
    if who.len() > MAX_NAMED {
        names.push(format!("{} more", who.len() - MAX_NAMED));
    }
    names.join(", ")
}

/// The page of a rule of the program.
pub(super) fn rule(id: &str) -> Option<Page> {
    Rule::find(id).map(docs::rule)
}

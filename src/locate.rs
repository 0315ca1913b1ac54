//! From diagnostics between declarations to findings with places.
//!
//! A set keeps no texts. So the files of the few declarations that have one are read once more.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use crate::check::has_lines;
use crate::diagnostic::{Diagnostic, Place};
use crate::document::{self, Layout, Locator, Node, Pieces, Position};
use crate::model::{DeclarationType, LegacyType};
use crate::publish;
use crate::read::{self, Payload, Problems, Strictness};
use crate::set::{Member, Role, SetDraft, SetSpot, Where};

/// Turns diagnostics into findings, in the order of the files. `texts` gives the text of a file once more, if it can; without it a finding
/// stands at the identifier of its declaration.
pub(crate) fn findings(
    diagnostics: Vec<SetDraft>,
    members: &[Member],
    mut texts: impl FnMut(&Arc<str>) -> Option<Vec<u8>>,
) -> Vec<Diagnostic> {
    let mut wanted: BTreeMap<usize, Vec<Where>> = BTreeMap::new();
    for place in diagnostics
        .iter()
        .flat_map(|diagnostic| diagnostic.related.iter().map(|related| &related.place).chain([&diagnostic.place]))
    {
        wanted.entry(place.who).or_default().push(place.clone());
    }
    let mut found: HashMap<Where, Place> = HashMap::new();
    // Members come file by file, so each file is read once.
    let wanted: Vec<(usize, Vec<Where>)> = wanted.into_iter().collect();
    for file in wanted.chunk_by(|one, other| members[one.0].file == members[other.0].file) {
        let name = &members[file[0].0].file;
        let text = texts(name);
        for (who, places) in file {
            let member = &members[*who];
            for place in places {
                found.insert(place.clone(), fallback(member, &place.spot));
            }
        }
        if let Some(text) = text {
            let spots = file.iter().map(|(who, places)| (members[*who].index, places.as_slice()));
            in_file(name, &text, spots, |place, at| {
                found.insert(place.clone(), at);
            });
        }
    }
    let located = diagnostics.into_iter().map(|diagnostic| {
        let who = diagnostic.place.who;
        let member = &members[who];
        let declaration_type = match &member.role {
            Role::Command => Some(Arc::from(LegacyType::ScheduleOsUpdate.as_str())),
            _ => member.kind.as_ref().map(|kind| Arc::from(kind.as_str())),
        };
        let diagnostic = diagnostic.about(member.identifier.as_deref().map(Arc::from), declaration_type);
        (who, diagnostic.locate(|place| found[&place].clone()))
    });
    let mut findings: Vec<(usize, Diagnostic)> = located.collect();
    findings.sort_by_key(|(who, finding)| (*who, finding.place.start.offset));
    findings.into_iter().map(|(_, finding)| finding).collect()
}

/// The place of the identifier, with the pointer of what is really meant.
fn fallback(member: &Member, spot: &SetSpot) -> Place {
    let pointer = match spot {
        SetSpot::Identifier => "/Identifier".to_owned(),
        SetSpot::RequestType => String::new(),
        SetSpot::Key(path, _) => format!("/Payload/{}", path.join("/")),
    };
    Place { file: member.file.clone(), index: member.index, pointer, start: member.start, end: member.end }
}

/// Finds places in the declarations of a file: for each of some declarations, in ascending order of their indexes, some spots.
fn in_file<'w>(
    file: &Arc<str>,
    bytes: &[u8],
    wanted: impl Iterator<Item = (usize, &'w [Where])>,
    mut found: impl FnMut(&Where, Place),
) {
    let mut wanted = wanted.peekable();
    let mut locator = Locator::new(bytes, Position::START);
    for (at, document) in documents(file, bytes).enumerate() {
        let Some((index, places)) = wanted.next_if(|(index, _)| *index == at) else {
            if wanted.peek().is_none() {
                return;
            }
            continue;
        };
        let mut spare = document::Spare::default();
        let Some(parsed) = document::parse(&bytes[document.clone()], &mut spare).document else { continue };
        let mut items = Items::default();
        for place in places {
            if let Some((pointer, span)) = spot(parsed.root(), &place.spot, &mut items) {
                let start = locator.position(document.start + span.start);
                let end = locator.position(document.start + span.end);
                found(place, Place { file: file.clone(), index, pointer, start, end });
            }
        }
    }
}

/// Where the items of the arrays of a declaration stand, by their values: the number of each, and its bytes.
type Items = HashMap<&'static [&'static str], HashMap<String, (usize, Range<usize>)>>;

/// The documents of a file, in order.
pub(crate) fn documents<'t>(file: &str, bytes: &'t [u8]) -> Box<dyn Iterator<Item = Range<usize>> + 't> {
    if has_lines(Path::new(file)) {
        return Box::new(document::lines(bytes, true).map(|(_, line)| line));
    }
    match document::layout(bytes) {
        Layout::One(span) => Box::new(std::iter::once(span)),
        Layout::Array(opening) => Box::new(Pieces::new(bytes, opening)),
    }
}

/// The pointer and the bytes of a spot of a declaration.
fn spot(root: Node<'_>, spot: &SetSpot, items: &mut Items) -> Option<(String, Range<usize>)> {
    let (path, item) = match spot {
        SetSpot::Identifier => return Some(("/Identifier".to_owned(), root.member("Identifier")?.span())),
        SetSpot::RequestType => return request_type(root),
        SetSpot::Key(path, item) => (*path, item),
    };
    let (top, payload) = root.member("Payload").map_or(("", root), |payload| ("/Payload", payload));
    let node = path.iter().try_fold(payload, |node, key| node.member(key))?;
    let pointer = format!("{top}/{}", path.join("/"));
    let Some(item) = item else { return Some((pointer, node.span())) };
    let value = |node: Node<'_>| serde_json::from_str::<serde_json::Value>(node.text()).ok().map(|value| value.to_string());
    let known = items.entry(path).or_insert_with(|| {
        let all: Vec<Node<'_>> = node.elements().collect();
        // The first of equal items counts, so it is put in last.
        all.iter().enumerate().rev().filter_map(|(at, node)| Some((value(*node)?, (at, node.span())))).collect()
    });
    let wanted = item.to_string();
    match known.get(&wanted) {
        Some((at, span)) => Some((format!("{pointer}/{at}"), span.clone())),
        None => (value(node)? == wanted).then(|| (pointer, node.span())),
    }
}

/// Where a command says what it is.
fn request_type(root: Node<'_>) -> Option<(String, Range<usize>)> {
    let reading = read::read(root, Strictness::Named, &mut Problems::default())?;
    let Payload::Legacy(legacy) = reading.payload else { return None };
    let part = legacy.parts.first()?;
    let (name, node) = part.member("RequestType")?;
    Some((format!("{}/{name}", part.pointer), node.span()))
}

/// The published forms of some settings of a file, whose indexes ascend.
pub(crate) fn texts(file: &str, bytes: &[u8], indexes: &[usize]) -> Vec<Option<String>> {
    let mut all = documents(file, bytes).enumerate();
    let publish = |index: &usize| {
        let (_, document) = all.find(|(at, _)| at == index)?;
        let mut spare = document::Spare::default();
        let parsed = document::parse(&bytes[document], &mut spare).document?;
        Some(publish::declaration(parsed.root(), Some(&DeclarationType::Settings)))
    };
    indexes.iter().map(publish).collect()
}

//! Resolves the places of diagnostics about several declarations.
//!
//! A set does not keep texts, so the files of the few affected declarations are read again.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::Arc;

use crate::apple::{Schema, TypeId, Value, ValueType};
use crate::content::Hashes;
use crate::diagnostic::Position;
use crate::diagnostic::{Diagnostic, Place};
use crate::set::{Gathered, Member, SetDraft, SetSpot, Where, publish};
use crate::syntax::yaml;
use crate::syntax::{self, Grammar, Kind, Layout, Locator, Node, Path, Pieces, Placeholders};
use crate::validate::{self, Strictness, Validator};

/// Resolves the places of diagnostics and sorts them by file. `texts` returns the text of a file; if it returns `None`,
/// the place is the identifier of the declaration.
pub(crate) fn findings<'t>(
    diagnostics: Vec<SetDraft>,
    gathered: &Gathered,
    texts: impl Fn(&str) -> Option<Cow<'t, [u8]>>,
) -> Vec<Diagnostic> {
    let (schema, members) = (&gathered.schema, &gathered.members);
    let related = |diagnostic: &SetDraft| diagnostic.related.iter().map(|related| related.place.clone()).collect::<Vec<_>>();
    let wanted = diagnostics.iter().flat_map(|diagnostic| [vec![diagnostic.place.clone()], related(diagnostic)].concat());
    let found = places(wanted, gathered, texts);
    let located = diagnostics.into_iter().map(|diagnostic| {
        let who = diagnostic.place.who;
        let member = &members[who];
        let declaration_type = member.kind.as_ref().map(|kind| kind.name(schema));
        let diagnostic = diagnostic.about(member.identifier.as_deref(), declaration_type);
        (who, diagnostic.locate(|place| found[&place].clone()))
    });
    let mut findings: Vec<(usize, Diagnostic)> = located.collect();
    findings.sort_by_key(|(who, finding)| (*who, finding.place.start.offset));
    findings.into_iter().map(|(_, finding)| finding).collect()
}

/// Resolves places. `texts` returns the text of a file; if it returns `None`, the place is the identifier of the
/// declaration.
pub(crate) fn places<'t>(
    all: impl Iterator<Item = Where>,
    gathered: &Gathered,
    texts: impl Fn(&str) -> Option<Cow<'t, [u8]>>,
) -> HashMap<Where, Place> {
    let (schema, members) = (&gathered.schema, &gathered.members);
    let mut wanted: BTreeMap<usize, Vec<Where>> = BTreeMap::new();
    for place in all {
        wanted.entry(place.who).or_default().push(place);
    }
    let mut found: HashMap<Where, Place> = HashMap::new();
    // Members are grouped by file, so each file is read once.
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
            let spots = file.iter().map(|(who, places)| (&members[*who], places.as_slice()));
            in_file(name, &text, spots, schema, |place, at| {
                found.insert(place.clone(), at);
            });
        }
    }
    found
}

/// The position of the identifier, with the pointer of the actual place.
fn fallback(member: &Member, spot: &SetSpot) -> Place {
    let pointer = match spot {
        SetSpot::Identifier => "/Identifier".to_owned(),
        SetSpot::RequestType => String::new(),
        SetSpot::Key(path, _) | SetSpot::Text(path, _) => pointer("/Payload", path),
    };
    Place {
        file: member.file.clone(),
        index: member.index,
        pointer,
        start: member.start,
        end: member.end,
        document: Some(member.span.clone()),
    }
}

/// Finds places in a file and passes them to `found`.
fn in_file<'w>(
    file: &Arc<str>,
    bytes: &[u8],
    wanted: impl Iterator<Item = (&'w Member, &'w [Where])>,
    schema: &Schema,
    mut found: impl FnMut(&Where, Place),
) {
    let mut locator = Locator::new(bytes, Position::START);
    let grammar = Grammar::of_file(file);
    for (member, places) in wanted {
        let document = member.span.clone();
        let Some(source) = bytes.get(document.clone()) else { continue };
        let mut buffers = syntax::Buffers::default();
        let Some(parsed) = syntax::parse_as(grammar, source, &mut buffers).document else { continue };
        let mut items = Items::default();
        for place in places {
            if let Some((pointer, span)) = spot(parsed.root(), source, member.type_id(), &place.spot, schema, &mut items) {
                let start = locator.position(document.start + span.start);
                let end = locator.position(document.start + span.end);
                found(
                    place,
                    Place { file: file.clone(), index: member.index, pointer, start, end, document: Some(document.clone()) },
                );
            }
        }
    }
}

/// The items of a declaration's arrays, by the path of the array and the item's value: index and span.
type Items<'p> = HashMap<&'p [String], HashMap<Value, (usize, Range<usize>)>>;

/// The spans of the documents of a file, in order.
pub(crate) fn documents<'t>(file: &str, bytes: &'t [u8]) -> Box<dyn Iterator<Item = Range<usize>> + 't> {
    match Grammar::of_file(file) {
        Grammar::Json => Box::new(syntax::lines(bytes, true).map(|(_, line)| line)),
        Grammar::Yaml => Box::new(yaml::Documents::new(bytes)),
        Grammar::Detected => match syntax::layout(bytes) {
            Layout::One(span) => Box::new(std::iter::once(span)),
            Layout::Array(opening) => Box::new(Pieces::new(bytes, opening)),
        },
    }
}

/// The pointer and span of a spot in a declaration.
fn spot<'p>(
    root: Node<'_>,
    source: &[u8],
    kind: Option<TypeId>,
    spot: &'p SetSpot,
    schema: &Schema,
    items: &mut Items<'p>,
) -> Option<(String, Range<usize>)> {
    let mut range = None;
    let (path, item) = match spot {
        SetSpot::Identifier => return of_envelope(root, ["Identifier", "identifier"]).map(|(at, node)| (at, node.span())),
        SetSpot::RequestType => return request_type(root, schema),
        SetSpot::Key(path, item) => (path, item),
        SetSpot::Text(path, text) => {
            range = Some(text);
            (path, &None)
        }
    };
    let (top, payload) = of_envelope(root, ["Payload", "payload"]).unwrap_or((String::new(), root));
    let mut value = kind.map(|kind| schema.payload(schema.kind(kind)));
    let mut identity: &[&str] = &[];
    let (mut node, mut pointer) = (payload, top);
    for step in path {
        let step = if node.kind() == Kind::Array {
            // A step into an array is an index, or the identity of a group.
            let is_group = |element: &Node<'_>| {
                let name = identity.first().and_then(|key| element.member(key));
                name.and_then(Node::as_str).is_some_and(|name| name == step.as_str())
            };
            let index = node.elements().position(|element| is_group(&element)).or_else(|| step.parse().ok())?;
            node = node.elements().nth(index)?;
            Cow::Owned(index.to_string())
        } else {
            node = node.member(step)?;
            Cow::Borrowed(step.as_str())
        };
        pointer += &Path::Key(&Path::Root, &step).pointer();
        let id = match value {
            Some(ValueType::Array { item, .. }) => Some(item),
            _ => value.and_then(|value| schema.step(value, &step)),
        };
        identity = id.map_or(&[], |id| schema.note(id).identity);
        value = id.map(|id| schema.key(id).value);
    }
    if let Some(range) = range {
        return Some((pointer, node.inside(source, range)));
    }
    let Some(item) = item else { return Some((pointer, node.span())) };
    let key = schema.at_path(schema.kind(kind?).keys, path.iter().map(String::as_str))?;
    let value = schema.key(key).value;
    let of_item = if let ValueType::Array { item, .. } = value { schema.key(item).value } else { value };
    let known = items.entry(path).or_insert_with(|| {
        // Insert in reverse, so that the first of several equal items wins.
        let all: Vec<(usize, Node<'_>)> = node.elements().enumerate().collect();
        all.into_iter().rev().map(|(at, node)| (Value::of(node, schema, of_item), (at, node.span()))).collect()
    });
    match known.get(item) {
        Some((at, span)) => Some((format!("{pointer}/{at}"), span.clone())),
        None => (Value::of(node, schema, value) == *item).then(|| (pointer, node.span())),
    }
}

/// The pointer and value of a key of the envelope, which may be in lower case.
fn of_envelope<'d>(root: Node<'d>, names: [&str; 2]) -> Option<(String, Node<'d>)> {
    names.into_iter().find_map(|name| Some((format!("/{name}"), root.member(name)?)))
}

/// The pointer to a path from `top`.
fn pointer(top: &str, path: &[String]) -> String {
    path.iter().fold(top.to_owned(), |pointer, step| pointer + &Path::Key(&Path::Root, step).pointer())
}

/// The place of the key in the payload of a declaration that a device calls `name`: by its path, or by its name alone.
#[cfg(feature = "cli")]
pub(crate) fn key(bytes: &[u8], member: &Member, name: &str) -> Option<Place> {
    let source = bytes.get(member.span.clone())?;
    let mut buffers = syntax::Buffers::default();
    let parsed = syntax::parse_as(Grammar::of_file(&member.file), source, &mut buffers).document?;
    let (top, payload) = of_envelope(parsed.root(), ["Payload", "payload"])?;
    let name = name.trim_start_matches('$').trim_start_matches(['.', '/']);
    let name = name.strip_prefix("Payload.").or_else(|| name.strip_prefix("Payload/")).unwrap_or(name);
    let mut search =
        KeySearch { steps: name.split(['.', '/', '[', ']']).filter(|step| !is_index(step)).collect(), name, best: None };
    search.object(payload, &top, 0);
    let (_, pointer, span) = search.best?;
    let mut locator = Locator::new(bytes, Position::START);
    let [start, end] = [span.start, span.end].map(|at| locator.position(member.span.start + at));
    let (file, index, document) = (member.file.clone(), member.index, Some(member.span.clone()));
    Some(Place { file, index, pointer, start, end, document })
}

/// Whether a step of a path is an index of an array, which devices may leave out.
#[cfg(feature = "cli")]
fn is_index(step: &str) -> bool {
    step.bytes().all(|byte| byte.is_ascii_digit())
}

/// The search for a key that a device names. The more of the steps a key has, the better; the first of equal ones counts.
#[cfg(feature = "cli")]
struct KeySearch<'n> {
    name: &'n str,
    steps: Vec<&'n str>,
    /// How many steps are right, and the pointer and span of the key.
    best: Option<(usize, String, Range<usize>)>,
}

#[cfg(feature = "cli")]
impl KeySearch<'_> {
    /// Searches an object or array. `right` is the number of steps that lead to it.
    fn object(&mut self, node: Node<'_>, pointer: &str, right: usize) {
        for (at, element) in node.elements().enumerate() {
            if !matches!(element.kind(), Kind::Object | Kind::Array) {
                continue;
            }
            self.object(element, &format!("{pointer}/{at}"), right);
        }
        for (key, value) in node.members() {
            let Some(own) = key.as_str() else { continue };
            let own_right = if self.steps.get(right) == Some(&&*own) { right + 1 } else { 0 };
            let is_last = self.steps.last() == Some(&&*own) || self.name == own;
            let score = if own_right == self.steps.len() || self.name == own { usize::MAX } else { own_right };
            let is_better = || self.best.as_ref().is_none_or(|(best, ..)| score > *best);
            let is_container = matches!(value.kind(), Kind::Object | Kind::Array);
            if !(is_last && is_better() || is_container) {
                continue;
            }
            let pointer = pointer.to_owned() + &Path::Key(&Path::Root, &own).pointer();
            if is_last && is_better() {
                self.best = Some((score, pointer.clone(), key.span()));
            }
            self.object(value, &pointer, own_right);
        }
    }
}

/// The pointer and span of a command's `RequestType`.
fn request_type(root: Node<'_>, schema: &Schema) -> Option<(String, Range<usize>)> {
    let placeholders = Placeholders::default();
    let reading = validate::read(root, Strictness::Named, &mut Validator::new(schema, &placeholders))?;
    let part = reading.legacy.as_ref()?.parts.first()?;
    let node = reading.part(part).find(&["RequestType"])?;
    Some((format!("{}/{}", part.pointer, reading.notation.key("RequestType")), node.span()))
}

/// The published texts of members of a file. `None` for a member
/// whose content is no longer the one that was checked.
pub(crate) fn texts(
    file: &str,
    bytes: &[u8],
    members: &[&Member],
    schema: &Schema,
    hashes: &Hashes,
) -> Vec<Option<publish::Text>> {
    let grammar = Grammar::of_file(file);
    let publish = |member: &&Member| {
        let mut buffers = syntax::Buffers::default();
        let parsed = syntax::parse_as(grammar, bytes.get(member.span.clone())?, &mut buffers).document?;
        // Without an identifier, no hash was kept.
        if member.identifier.is_none() || hashes.content(parsed.root()) != member.content {
            return None;
        }
        let placeholders = Placeholders::default();
        let reading = validate::read(parsed.root(), Strictness::Named, &mut Validator::new(schema, &placeholders))?;
        Some(publish::declaration(&reading))
    };
    members.iter().map(publish).collect()
}

//! What can be written at the cursor, also in a document that is not complete.
//!
//! The document before the cursor is read with a mark at its end. Where the mark is in the tree tells what can be written.

use std::ops::Range;
use std::path::Path;

use serde_json::{Value as Json, json};

use super::state::State;
use super::text::{Lines, Point};
use super::token::{MARK, Notation, Token, word};
use super::tree::{self, Reference, Spot, Tree};
use crate::apple::{ANY, Family, Key, KeyId, Schema, StatusItem, ValueType};
use crate::docs;
use crate::locate;
use crate::syntax::Node;
use crate::words::{sentence, visible};

/// How many identifiers are offered.
const MAX_IDENTIFIERS: usize = 1000;

/// The kinds of items in the protocol.
pub(super) const PROPERTY: u8 = 10;
pub(super) const VALUE: u8 = 12;
const TYPE: u8 = 7;
const REFERENCE: u8 = 18;
const SNIPPET: u8 = 15;

/// Something that can be written.
#[derive(Default)]
pub(super) struct Item {
    pub(super) label: String,
    pub(super) kind: u8,
    pub(super) detail: String,
    pub(super) documentation: String,
    /// What is written.
    pub(super) text: String,
    /// The same with places to fill in, if there are some.
    pub(super) snippet: Option<String>,
    /// Whether it must be there, so that it comes first.
    pub(super) is_required: bool,
}

/// Answers `textDocument/completion`.
pub(super) fn answer(state: &State, path: &Path, point: Point) -> Option<Json> {
    let document = state.documents.get(path)?;
    let text = &*document.text;
    let lines = Lines::of(text, state.client.encoding);
    let offset = lines.offset(point);
    if document.is_config() {
        let (items, range) = super::toml::complete(text, offset);
        return Some(render(&items, &range, None, false, &lines, state.client.has_snippets));
    }
    let schema = state.workspace(path).effective()?.schema().clone();
    let token = Token::at(&document.name, text, offset)?;
    let whole = locate::documents(&document.name, text.as_bytes()).find(|span| span.start == token.base);
    let whole = whole.unwrap_or(token.base..text.len());
    let rest = Rest { text: &text[whole], grammar: document.grammar(), base: token.base, schema: &schema };
    // The type may stand after the cursor.
    let kind = rest.with(|tree| tree.kind).flatten();
    let found = token.marked(text).into_iter().find_map(|(marked, is_key)| {
        let items = tree::with(&schema, document.grammar(), (marked.as_bytes(), token.base), kind, |tree| {
            let mark = (0..tree.root.len()).map(|at| tree.root.at(at)).find(|node| node.is_str(MARK))?;
            let spot = tree.spot_of(mark);
            if spot.is_on_key != is_key {
                return None;
            }
            let writer = Writer { state, path, tree, spot: &spot, token: &token };
            if is_key { writer.keys(&rest) } else { Some(writer.values(text, offset)) }
        });
        items.flatten()
    });
    let (items, range) = found?;
    let is_part = range.is_some();
    let (range, comma) = (range.unwrap_or(token.range.clone()), token.comma.filter(|_| !is_part));
    Some(render(&items, &range, comma, token.is_quoted && !is_part, &lines, state.client.has_snippets))
}

/// Items, and what they replace if it is not the token.
type Offer = (Vec<Item>, Option<Range<usize>>);

/// The whole document, with what stands after the cursor.
struct Rest<'t> {
    text: &'t str,
    grammar: crate::syntax::Grammar,
    base: usize,
    schema: &'t Schema,
}

impl Rest<'_> {
    fn with<R>(&self, take: impl FnOnce(&Tree<'_>) -> R) -> Option<R> {
        tree::with(self.schema, self.grammar, (self.text.as_bytes(), self.base), None, take)
    }

    /// The keys of the object at a path, as written.
    fn keys(&self, path: &[String]) -> Vec<String> {
        let keys = self.with(|tree| {
            let step = |node: Node<'_>, step: &String| {
                let element = || node.elements().nth(step.parse().ok()?);
                node.member(step).or_else(element).map(Node::index)
            };
            let object = path.iter().try_fold(tree.root.index(), |at, name| step(tree.root.at(at), name))?;
            let members = tree.root.at(object).members();
            Some(members.filter_map(|(key, _)| Some(key.as_str()?.into_owned())).collect())
        });
        keys.flatten().unwrap_or_default()
    }
}

/// Makes the items for a place.
struct Writer<'w> {
    state: &'w State,
    path: &'w Path,
    tree: &'w Tree<'w>,
    spot: &'w Spot<'w>,
    token: &'w Token,
}

impl Writer<'_> {
    /// The keys that the object around the mark does not have yet. `None` if no object with known keys belongs there.
    fn keys(&self, rest: &Rest<'_>) -> Option<Offer> {
        let (schema, spot) = (self.tree.schema, self.spot);
        let object = spot.around.last()?;
        let rows = self.tree.spot_of(*object).rows()?;
        let mut set: Vec<String> = object.members().filter_map(|(key, _)| Some(key.as_str()?.into_owned())).collect();
        let outer = &spot.path[..spot.path.len().saturating_sub(1)];
        set.extend(rest.keys(outer));
        let keys = schema.keys(rows).filter(|(_, key)| key.name != ANY && !set.iter().any(|name| *name == key.name));
        Some((keys.map(|(id, key)| self.key(id, key)).collect(), None))
    }

    fn key(&self, id: KeyId, key: &Key) -> Item {
        let schema = self.tree.schema;
        let (detail, meaning) = docs::brief(schema, id);
        let item = |text: String, snippet| Item {
            label: key.name.to_string(),
            kind: PROPERTY,
            detail: detail.clone(),
            documentation: if meaning.is_empty() { String::new() } else { sentence(meaning) },
            text,
            snippet,
            is_required: schema.is_required(id),
        };
        let name = &key.name;
        let comma = if self.token.is_followed { "," } else { "" };
        match self.token.notation {
            Notation::Plist => item(name.to_string(), None),
            Notation::Json if self.token.has_colon => item(format!("\"{name}\""), None),
            Notation::Yaml if self.token.has_colon => item(name.to_string(), None),
            Notation::Json => {
                let (plain, snippet) = json_value(schema, id);
                item(format!("\"{name}\": {plain}{comma}"), Some(format!("\"{name}\": {snippet}{comma}")))
            }
            Notation::Yaml => {
                let (plain, snippet) = yaml_value(schema, id);
                item(format!("{name}:{plain}"), Some(format!("{name}:{snippet}")))
            }
        }
    }

    fn values(&self, text: &str, offset: usize) -> Offer {
        let (schema, spot) = (self.tree.schema, self.spot);
        let last = spot.path.last().map(String::as_str);
        let is_in_declaration = !spot.path.is_empty();
        if !is_in_declaration && self.token.notation == Notation::Json {
            return (vec![skeleton()], None);
        }
        if spot.path.len() == 1 && last == Some("Type") {
            let kinds = schema.declarations().map(|(_, kind)| self.string(&kind.name, TYPE, &kind.title(), ""));
            return (kinds.collect(), None);
        }
        if last == Some("Predicate") {
            return Self::predicate(text, offset);
        }
        if let Some(reference) = spot.reference(self.tree) {
            return (self.identifiers(reference), None);
        }
        if last == Some("Name") && spot.path.iter().any(|step| step == "StatusItems") {
            let items =
                StatusItem::all().map(|item| self.string(item.name, VALUE, &item.value.to_string(), &sentence(item.meaning)));
            return (items.collect(), None);
        }
        let Some(id) = spot.id else { return (Vec::new(), None) };
        let key = schema.key(id);
        let plain = |text: String| Item { label: text.clone(), kind: VALUE, text, ..Item::default() };
        let items = match key.value {
            ValueType::Boolean => ["true", "false"].map(|word| plain(word.to_owned())).into(),
            ValueType::Integers(numbers) => schema.numbers(numbers).iter().map(|number| plain(number.to_string())).collect(),
            ValueType::Enum(words) => {
                let item = |word: &crate::apple::Text| {
                    let meaning = schema.meaning(id, word).map(sentence).unwrap_or_default();
                    self.string(word, VALUE, "", &meaning)
                };
                schema.words(words).iter().map(item).collect()
            }
            ValueType::Integer { .. } | ValueType::Real => key
                .default
                .iter()
                .map(|default| Item { detail: "default".to_owned(), ..plain(default.to_json().to_string()) })
                .collect(),
            _ => Vec::new(),
        };
        (items, None)
    }

    /// A string, as the document writes it.
    fn string(&self, text: &str, kind: u8, detail: &str, documentation: &str) -> Item {
        let written = match self.token.notation {
            Notation::Json => json!(text).to_string(),
            Notation::Yaml if self.token.is_quoted || !is_plain(text) => json!(text).to_string(),
            Notation::Yaml => text.to_owned(),
            Notation::Plist => quick_xml::escape::escape(text).into_owned(),
        };
        let (detail, documentation) = (detail.to_owned(), documentation.to_owned());
        Item { label: visible(text), kind, detail, documentation, text: written, ..Item::default() }
    }

    /// The status items, with or without what is around them.
    fn predicate(text: &str, offset: usize) -> Offer {
        let word = word(text, offset);
        let before = &text[..word.start];
        let is_in_string = before.matches('\'').count() % 2 == 1;
        if is_in_string || ["@property(", "@key("].iter().any(|other| before.ends_with(other)) {
            return (Vec::new(), None);
        }
        let is_inside = before.ends_with("@status(");
        let range = if before.ends_with('@') { word.start - 1..word.end } else { word };
        let is_closed = text[range.end..].starts_with(')');
        let item = |item: &'static StatusItem| Item {
            label: item.name.to_owned(),
            kind: VALUE,
            detail: item.value.to_string(),
            documentation: sentence(item.meaning),
            text: match (is_inside, is_closed) {
                (true, true) => item.name.to_owned(),
                (true, false) => format!("{})", item.name),
                (false, _) => format!("@status({})", item.name),
            },
            ..Item::default()
        };
        (StatusItem::all().map(item).collect(), Some(range))
    }

    /// The identifiers of the declarations that may be meant.
    fn identifiers(&self, reference: Reference) -> Vec<Item> {
        let schema = self.tree.schema;
        let is_meant = |name: &str| match reference {
            Reference::Configurations => Family::of(name) == Some(Family::Configuration),
            Reference::Assets(key) => schema.words(schema.key(key).assets).iter().any(|kind| kind == name),
        };
        let workspace = self.state.workspace(self.path);
        let all = workspace.files().flat_map(|(_, file)| &file.declarations);
        let mut found: Vec<(&str, &str)> = all
            .filter(|declared| declared.is_named)
            .filter_map(|declared| Some((declared.identifier.as_deref()?, declared.kind.as_ref()?.name(schema))))
            .filter(|(_, kind)| is_meant(kind))
            .collect();
        found.sort_unstable();
        found.dedup();
        // What the array has already is not offered again.
        let siblings: Vec<String> = self
            .spot
            .around
            .last()
            .copied()
            .into_iter()
            .flat_map(Node::elements)
            .filter_map(|one| Some(one.as_str()?.into_owned()))
            .collect();
        found.retain(|(identifier, _)| !siblings.iter().any(|sibling| sibling == identifier));
        found.truncate(MAX_IDENTIFIERS);
        found.into_iter().map(|(identifier, kind)| self.string(identifier, REFERENCE, crate::apple::short(kind), "")).collect()
    }
}

/// A declaration without content.
fn skeleton() -> Item {
    let text = |kind: &str, identifier: &str, payload: &str| {
        format!("{{\n  \"Type\": \"{kind}\",\n  \"Identifier\": \"{identifier}\",\n  \"Payload\": {{{payload}}}\n}}")
    };
    Item {
        label: "declaration".to_owned(),
        kind: SNIPPET,
        detail: "Type, Identifier and Payload".to_owned(),
        text: text("", "", ""),
        snippet: Some(text("$1", "${2:com.example.name}", "\n    $0\n  ")),
        ..Item::default()
    }
}

/// A value of the right type, and the same with places to fill in.
fn json_value(schema: &Schema, id: KeyId) -> (String, String) {
    let key = schema.key(id);
    let default = key.default.as_ref().map(|default| default.to_json().to_string());
    let choice = |words: Vec<String>| format!("${{1|{}|}}", words.join(","));
    match key.value {
        ValueType::Boolean => {
            let first = default.unwrap_or_else(|| "true".to_owned());
            let second = if first == "true" { "false" } else { "true" };
            (first.clone(), choice(vec![first, second.to_owned()]))
        }
        ValueType::Integer { .. } | ValueType::Integers(_) | ValueType::Real => {
            let number = default.unwrap_or_else(|| schema.example(id));
            (number.clone(), format!("${{1:{number}}}"))
        }
        ValueType::Enum(words) => {
            let words: Vec<String> = schema.words(words).iter().map(|word| escaped(word)).collect();
            let first = default.unwrap_or_else(|| format!("\"{}\"", words.first().map_or("", String::as_str)));
            (first, format!("\"{}\"", choice(words)))
        }
        ValueType::String | ValueType::Date | ValueType::Data => ("\"\"".to_owned(), "\"$1\"".to_owned()),
        ValueType::Array { item, .. } => match schema.key(item).value {
            ValueType::Object(_) | ValueType::Map(_) => ("[]".to_owned(), "[\n  {\n    $1\n  }\n]".to_owned()),
            ValueType::String | ValueType::Enum(_) => ("[]".to_owned(), "[\"$1\"]".to_owned()),
            _ => ("[]".to_owned(), "[$1]".to_owned()),
        },
        ValueType::Object(_) | ValueType::Map(_) => ("{}".to_owned(), "{\n  $1\n}".to_owned()),
        ValueType::Any => ("null".to_owned(), "$1".to_owned()),
    }
}

/// The same after the colon of YAML.
fn yaml_value(schema: &Schema, id: KeyId) -> (String, String) {
    match schema.key(id).value {
        ValueType::Object(_) | ValueType::Map(_) => (String::new(), "\n  $1".to_owned()),
        ValueType::Array { .. } => (" []".to_owned(), "\n  - $1".to_owned()),
        ValueType::String | ValueType::Date | ValueType::Data | ValueType::Any => (" ".to_owned(), " $1".to_owned()),
        ValueType::Enum(_) => {
            let (plain, snippet) = json_value(schema, id);
            (format!(" {}", plain.trim_matches('"')), format!(" {}", snippet.trim_matches('"')))
        }
        _ => {
            let (plain, snippet) = json_value(schema, id);
            (format!(" {plain}"), format!(" {snippet}"))
        }
    }
}

/// A word in a choice of a snippet.
fn escaped(word: &str) -> String {
    let escape = |c: char| if "\\$},|".contains(c) { format!("\\{c}") } else { c.to_string() };
    word.chars().map(escape).collect()
}

/// Whether YAML reads a text as a string without quotation marks.
fn is_plain(text: &str) -> bool {
    let is_word = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
    let reads_otherwise = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"].contains(&&*text.to_ascii_lowercase());
    is_word && text.starts_with(|c: char| c.is_ascii_alphabetic()) && !reads_otherwise
}

fn render(
    items: &[Item],
    range: &Range<usize>,
    comma: Option<usize>,
    is_quoted: bool,
    lines: &Lines<'_>,
    has_snippets: bool,
) -> Json {
    let span = lines.span(range);
    let convert = |(at, item): (usize, &Item)| {
        let snippet = item.snippet.as_ref().filter(|_| has_snippets);
        let mut json = json!({
            "label": item.label,
            "kind": item.kind,
            "sortText": format!("{}{at:04}", u8::from(!item.is_required)),
            "filterText": if is_quoted { format!("\"{}\"", item.label) } else { item.label.clone() },
            "insertTextFormat": if snippet.is_some() { 2 } else { 1 },
            "textEdit": { "range": span, "newText": snippet.unwrap_or(&item.text) },
        });
        if !item.detail.is_empty() {
            json["detail"] = item.detail.as_str().into();
        }
        if !item.documentation.is_empty() {
            json["documentation"] = item.documentation.as_str().into();
        }
        if let Some(comma) = comma {
            json["additionalTextEdits"] = json!([{ "range": lines.span(&(comma..comma)), "newText": "," }]);
        }
        json
    };
    json!({ "isIncomplete": false, "items": items.iter().enumerate().map(convert).collect::<Vec<_>>() })
}

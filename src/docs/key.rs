//! The pages of keys and types.

use super::page::{Block, Page};
use crate::apple::{ANY, Apply, COLUMNS, Family, Key, KeyId, Schema, Support, Type, TypeId, ValueType};
use crate::syntax::Notation;
use crate::validate::rules::wrong_type::expected;
use crate::words::{list, sentence};

/// A key and its path.
#[derive(Clone)]
pub(crate) struct Entry<'s> {
    apple: &'s Schema,
    pub(crate) kind: &'s Type,
    id: KeyId,
    pub(crate) key: &'s Key,
    /// The path from the keys of its type. `*` is an array item.
    pub(crate) path: Vec<&'s str>,
}

impl<'s> Entry<'s> {
    /// Every key of the schema.
    pub(crate) fn all(apple: &'s Schema) -> impl Iterator<Item = Self> {
        apple.types().flat_map(|(_, kind)| Self::of(apple, kind))
    }

    /// Every key of a type, except `ANY` keys without a fixed value type.
    fn of(apple: &'s Schema, kind: &'s Type) -> Vec<Self> {
        let mut all = Vec::new();
        apple.walk(kind.keys, &mut |path, id, key| {
            if key.name != ANY || key.value != ValueType::Any {
                all.push(Self { apple, kind, id, key, path: path.to_vec() });
            }
        });
        all
    }

    /// The steps from the top of a document to the key.
    pub(crate) fn steps(&self) -> Vec<&'s str> {
        self.kind.family.top().iter().chain(&self.path).copied().collect()
    }

    /// The name for users: the path without the steps to the payload, with dots.
    pub(crate) fn name(&self) -> String {
        name(&self.path)
    }

    /// What the key does. Empty if the overlay has no note.
    pub(crate) fn meaning(&self) -> &'static str {
        self.apple.note(self.id).meaning
    }

    /// The availability of the type or key around the key.
    fn around(&self) -> &'s Support {
        let mut path = &self.path[..self.path.len() - 1];
        while let [outer @ .., "*"] = path {
            path = outer;
        }
        let around = self.apple.at_path(self.kind.keys, path.iter().copied());
        self.apple.support(around.map_or(self.kind.support, |id| self.apple.key(id).support))
    }

    /// What a value must be and how values combine, in a few words.
    fn value(&self) -> String {
        let mut words = vec![self.expected()];
        if self.is_required() {
            words.push("required".to_owned());
        }
        words.extend(self.key.default.as_ref().map(|default| format!("default `{}`", default.to_json())));
        words.extend(self.key.combine.map(|combine| format!("`{}`", combine.name())));
        words.join("; ")
    }

    /// The expected value, with the documents that it can refer to.
    fn expected(&self) -> String {
        let assets = self.apple.words(self.key.assets);
        if assets.is_empty() {
            return expected(self.apple, self.id, Notation::default());
        }
        let mut media = self.apple.words(self.key.media).iter().map(|media| format!("`{media}`")).collect::<Vec<_>>();
        media.sort();
        let media = if media.is_empty() { String::new() } else { format!(" ({})", list(&media, "or")) };
        let assets: Vec<String> = assets.iter().map(|asset| format!("`{asset}`")).collect();
        format!("the identifier of a declaration of type {}{media}", list(&assets, "or"))
    }

    fn is_required(&self) -> bool {
        self.apple.is_required(self.id)
    }

    /// How a device combines the values of several declarations.
    fn combined(&self) -> String {
        if let Some(combine) = self.key.combine {
            return format!("`{}`: if several declarations on a device set the key, {}", combine.name(), combine.effect());
        }
        let is_combined = |path: &&[&str]| {
            let enclosing = self.apple.at_path(self.kind.keys, path.iter().copied());
            enclosing.is_some_and(|id| self.apple.key(id).combine.is_some())
        };
        let mut enclosing = (1..self.path.len()).map(|length| &self.path[..length]);
        match (enclosing.find(is_combined), self.kind.apply, self.key.value) {
            (Some(path), ..) => format!("as part of `{}`", name(path)),
            (None, Some(Apply::Combined), ValueType::Object(_)) => "key by key".to_owned(),
            (None, Some(Apply::Single), _) => "no: a device applies one declaration of the type".to_owned(),
            _ => "no: a device applies each declaration separately".to_owned(),
        }
    }
}

/// The page of a key of a type. `None` if the type does not have it.
pub(crate) fn of_key(apple: &Schema, kind: TypeId, id: KeyId) -> Option<Page> {
    let entry = Entry::of(apple, apple.kind(kind)).into_iter().find(|entry| entry.id == id)?;
    Some(page(&entry))
}

/// The page of a type.
pub(crate) fn of_type(apple: &Schema, kind: TypeId) -> Page {
    type_page(apple, apple.kind(kind))
}

/// What the value of a key must be, and what the key does, in a few words.
pub(crate) fn brief(apple: &Schema, id: KeyId) -> (String, &'static str) {
    (expected(apple, id, Notation::default()), apple.note(id).meaning)
}

fn name(path: &[&str]) -> String {
    path.join(".").replace(".*", "[]")
}

pub(crate) fn page(entry: &Entry<'_>) -> Page {
    let Entry { apple, kind, id, key, .. } = *entry;
    let note = apple.note(id);
    let mut page = Page::new(entry.name());
    if !note.meaning.is_empty() {
        page.push(Block::Text(sentence(note.meaning)));
    }
    let mut facts = vec![document(kind), ("pointer", format!("`/{}`", entry.steps().join("/"))), ("value", entry.expected())];
    if key.value == ValueType::String && note.format.is_some() {
        facts.push(("example", format!("`{}`", apple.example(id))));
    }
    facts.push(("presence", if entry.is_required() { "required" } else { "optional" }.to_owned()));
    if let Some(default) = &key.default {
        facts.push(("default", format!("`{}`", default.to_json())));
    }
    if kind.family.is_declaration() {
        facts.push(("combined", entry.combined()));
    }
    facts.extend(source(apple, kind));
    page.push(Block::Facts(facts));
    if let ValueType::Enum(words) = key.value
        && !note.values.is_empty()
    {
        let rows = apple.words(words).iter().zip(note.values);
        let rows = rows.map(|(name, meaning)| vec![format!("`{name}`"), (*meaning).to_owned()]);
        page.push(Block::table(&["value", "meaning"], rows.collect()));
    }
    page.push(availability(!kind.family.is_legacy(), apple.support(key.support)));
    page
}

/// The label and the name of the documents that have a key.
fn document(kind: &Type) -> (&'static str, String) {
    match kind.family {
        Family::Envelope => ("declaration", "all".to_owned()),
        family if family.is_declaration() => ("declaration", format!("`{}`", kind.name)),
        _ => ("document", kind.one()),
    }
}

/// The page of a type: everything about its keys, in a row each.
pub(crate) fn type_page(apple: &Schema, kind: &Type) -> Page {
    let mut page = Page::new(&*kind.name);
    page.push(Block::Text(sentence(&kind.title())));
    let combined = match kind.apply {
        Some(Apply::Combined) => Some("a device combines all declarations of the type, key by key"),
        Some(Apply::Multiple) => Some("a device applies each declaration of the type separately"),
        Some(Apply::Single) => Some("a device applies one declaration of the type"),
        None => None,
    };
    let combined = combined.map(|combined| ("combined", combined.to_owned()));
    page.push(Block::Facts(combined.into_iter().chain(source(apple, kind)).collect()));
    page.push(availability(!kind.family.is_legacy(), apple.support(kind.support)));
    let rows: Vec<_> = Entry::of(apple, kind).into_iter().map(|entry| row(&entry)).collect();
    if !rows.is_empty() {
        page.push(Block::table(&["key", "value", "meaning and availability"], rows));
    }
    page
}

/// The row of a key on the page of its type. Its availability is in it if it is not that of the type or key around it.
fn row(entry: &Entry<'_>) -> Vec<String> {
    let Entry { apple, id, key, .. } = *entry;
    let note = apple.note(id);
    let mut meaning: Vec<String> = Vec::new();
    if !note.meaning.is_empty() {
        meaning.push(sentence(note.meaning));
    }
    if let ValueType::Enum(words) = key.value {
        let values = apple.words(words).iter().zip(note.values);
        meaning.extend(values.map(|(name, meaning)| format!("`{name}`: {meaning}")));
    }
    let support = apple.support(key.support);
    if support != entry.around() {
        meaning.push(support.sentence());
    }
    vec![format!("`{}`", entry.name()), entry.value(), meaning.join(" ")]
}

/// The availability, one row per platform. Apple documents no channels for the older documents.
pub(super) fn availability(has_channels: bool, support: &Support) -> Block {
    let rows = COLUMNS.iter().filter_map(|(platform, name)| {
        let since = support.on(*platform)?;
        let mut row = vec![(*name).to_owned(), since.versions(), since.enrolments.describe()];
        if has_channels {
            let shared = since.shared.map(|scopes| format!("; on Shared iPad: {}", scopes.describe()));
            row.push(format!("{}{}", since.scopes.describe(), shared.unwrap_or_default()));
        }
        Some(row)
    });
    let rows: Vec<_> = rows.collect();
    if rows.is_empty() {
        return Block::Text("No platform has it.".to_owned());
    }
    let mut head = vec!["platform", "since", "devices", "channels"];
    head.truncate(if has_channels { 4 } else { 3 });
    Block::table(&head, rows)
}

fn source(apple: &Schema, kind: &Type) -> [(&'static str, String); 2] {
    [("source", format!("Apple's schema {}, `{}`", kind.release(apple), kind.file)), ("page", kind.page())]
}

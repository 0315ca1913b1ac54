//! The pages of keys and types.

use super::page::{Block, Page};
use crate::apple::{ANY, Apply, COLUMNS, Family, Key, KeyId, Schema, Support, Type, ValueType};
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
    let mut facts = vec![
        document(kind),
        ("pointer", format!("`/{}`", entry.steps().join("/"))),
        ("value", expected(apple, id, Notation::default())),
    ];
    if key.value == ValueType::String && note.format.is_some() {
        facts.push(("example", format!("`{}`", apple.example(id))));
    }
    if !key.assets.is_empty() {
        facts.push(("asset", format!("the identifier of a {}", list(apple.words(key.assets), "or"))));
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
        page.push(Block::Table(vec!["value", "meaning"], rows.collect()));
    }
    page.push(availability(apple.support(key.support)));
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

/// The page of a type.
pub(crate) fn type_page(apple: &Schema, kind: &Type) -> Page {
    let mut page = Page::new(&*kind.name);
    page.push(Block::Facts(source(apple, kind).to_vec()));
    page.push(availability(apple.support(kind.support)));
    let rows = Entry::of(apple, kind).into_iter().map(|entry| {
        let required = if entry.is_required() { " (required)" } else { "" };
        vec![format!("`{}`{required}", entry.name()), entry.meaning().to_owned()]
    });
    page.push(Block::Table(vec!["key", "meaning"], rows.collect()));
    page
}

/// The availability, one row per platform.
pub(super) fn availability(support: &Support) -> Block {
    let rows = COLUMNS.iter().map(|(platform, name)| {
        let (since, devices) = match support.on(*platform) {
            None => ("not available".to_owned(), "–".to_owned()),
            Some(since) => {
                let until = match (since.deprecated, since.removed) {
                    (_, Some(removed)) => format!(", until {removed}"),
                    (Some(deprecated), None) => format!(", deprecated in {deprecated}"),
                    (None, None) => String::new(),
                };
                (format!("{}{until}", since.introduced), since.enrolments.describe())
            }
        };
        vec![(*name).to_owned(), since, devices]
    });
    Block::Table(vec!["platform", "since", "devices"], rows.collect())
}

fn source(apple: &Schema, kind: &Type) -> [(&'static str, String); 2] {
    [("source", format!("Apple's schema {}, `{}`", kind.release(apple), kind.file)), ("page", kind.page())]
}

//! Random documents, valid and broken, generated from a description of their keys without code of the program.

#![allow(dead_code, reason = "each test uses only a part")]

mod shared;

use std::fmt;

use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::RngSeed;
use serde::Deserialize;

pub(crate) use shared::shared;

/// A configuration with a fixed seed, so that failures are reproducible.
pub(crate) fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, rng_seed: RngSeed::Fixed(27), ..ProptestConfig::default() }
}

// ---- Apple's schema ----

/// The parts of a schema file that these tests use.
#[derive(Deserialize)]
pub(crate) struct Page {
    pub(crate) payload: Head,
    pub(crate) payloadkeys: Vec<Key>,
}

#[derive(Deserialize)]
pub(crate) struct Head {
    pub(crate) declarationtype: String,
}

#[derive(Deserialize)]
pub(crate) struct Key {
    #[serde(rename = "key")]
    pub(crate) name: String,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) presence: Option<String>,
    pub(crate) range: Option<Range>,
    #[serde(default)]
    pub(crate) rangelist: Vec<String>,
    #[serde(default)]
    pub(crate) subkeys: Vec<Key>,
    /// Valid values, if the type alone does not determine them.
    #[serde(default)]
    pub(crate) examples: Vec<String>,
}

#[derive(Deserialize)]
pub(crate) struct Range {
    pub(crate) min: i32,
    pub(crate) max: i32,
}

impl Key {
    pub(crate) fn is_required(&self) -> bool {
        self.presence.as_deref() == Some("required")
    }

    /// The item of this array. Apple writes it as the only subkey, whose name does not occur in documents.
    pub(crate) fn item(&self) -> &Self {
        assert_eq!(self.subkeys.len(), 1, "{}: all items of an array have one type", self.name);
        &self.subkeys[0]
    }
}

pub(crate) struct Schema {
    pub(crate) envelope: Vec<Key>,
    pub(crate) types: Vec<Page>,
}

impl Schema {
    pub(crate) fn find(&self, declaration_type: &str) -> Option<&Page> {
        self.types.iter().find(|page| page.payload.declarationtype == declaration_type)
    }

    /// The names of all keys at all levels.
    pub(crate) fn names(&self) -> Vec<String> {
        let mut names = Vec::new();
        let mut left: Vec<&Key> = self.envelope.iter().chain(self.types.iter().flat_map(|page| &page.payloadkeys)).collect();
        while let Some(key) = left.pop() {
            names.push(key.name.clone());
            left.extend(&key.subkeys);
        }
        names
    }
}

// ---- Documents ----

/// A JSON value. Numbers keep their notation and objects their order, since both may matter to a parser.
#[derive(Clone, PartialEq)]
pub(crate) enum Json {
    Null,
    Boolean(bool),
    Number(String),
    Text(String),
    Array(Vec<Json>),
    Object(Members),
}

pub(crate) type Members = Vec<(String, Json)>;

impl Json {
    pub(crate) fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }

    pub(crate) fn object<const N: usize>(members: [(&str, Self); N]) -> Self {
        Self::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    pub(crate) fn member(&self, name: &str) -> Option<&Self> {
        let Self::Object(members) = self else { return None };
        members.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    pub(crate) fn children_mut(&mut self) -> Vec<&mut Self> {
        match self {
            Self::Array(items) => items.iter_mut().collect(),
            Self::Object(members) => members.iter_mut().map(|(_, value)| value).collect(),
            _ => Vec::new(),
        }
    }

    /// Returns the paths of all values that match, as child indexes.
    pub(crate) fn places(&mut self, is_match: fn(&Self) -> bool) -> Vec<Vec<usize>> {
        let mut found = if is_match(self) { vec![Vec::new()] } else { Vec::new() };
        for (at, child) in self.children_mut().into_iter().enumerate() {
            found.extend(child.places(is_match).into_iter().map(|path| [vec![at], path].concat()));
        }
        found
    }

    pub(crate) fn at(&mut self, path: &[usize]) -> &mut Self {
        path.iter().fold(self, |value, child| value.children_mut().swap_remove(*child))
    }
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quoted = |text: &str| serde_json::to_string(text).expect("a string can be written");
        let between = |at: usize| if at == 0 { "" } else { ", " };
        match self {
            Self::Null => f.write_str("null"),
            Self::Boolean(value) => write!(f, "{value}"),
            Self::Number(text) => f.write_str(text),
            Self::Text(text) => f.write_str(&quoted(text)),
            Self::Array(items) => {
                f.write_str("[")?;
                items.iter().enumerate().try_for_each(|(at, item)| write!(f, "{}{item}", between(at)))?;
                f.write_str("]")
            }
            Self::Object(members) => {
                f.write_str("{")?;
                let mut members = members.iter().enumerate();
                members.try_for_each(|(at, (name, value))| write!(f, "{}{}: {value}", between(at), quoted(name)))?;
                f.write_str("}")
            }
        }
    }
}

/// Failures show the document as JSON, ready to paste into a file.
impl fmt::Debug for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

// ---- Random documents ----

/// The random numbers of a case, drawn in advance so that proptest can shrink them. 0 always selects the simplest choice.
pub(crate) struct Dice(std::vec::IntoIter<u16>);

impl Dice {
    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::from(self.0.next().unwrap_or(0)) % end
    }

    pub(crate) fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }
}

/// Strings of many kinds. None contains a placeholder, since the program does not check such values.
pub(crate) const WORDS: &[&str] = &[
    "x",
    "",
    " ",
    "true",
    "30",
    "null",
    "Allowed",
    "AlwaysOn",
    "AlwaysOff",
    "Always On",
    "AlwaysOn ",
    "Newest",
    "Latest",
    "26.1",
    "ä\u{1F600}\"\\/\u{1}",
    "{\"Token\": \"x\"}",
    "[]",
];

/// Numbers in many notations, whole and fractional, inside and outside Apple's ranges. None is close enough to an
/// integer for a parser to round it.
pub(crate) const NUMBERS: &str = "0 1 90 91 -1 -0 0.0 30.0 3e1 3E+1 300e-1 0.3e2 30.5 0.5 89.9999 90.0001 9e1 9.1e1 1e-1 -30 1e400 -1e400 \
                       1e-400 4294967297 18446744073709551617 0e0 100e-2 1.00e2";

/// Names that are not keys of Apple's. Some need escapes in a pointer or in JSON.
pub(crate) const STRANGE: &[&str] =
    &["Unknown", "", "a/b", "m~n", "~1", "ä\u{1F600}", "say \"x\"\\", "0", "_comment", "$schema", "Program"];

/// A type of Apple's whose payload can have any keys.
pub(crate) const OTHER_TYPE: &str = "com.apple.management.properties";

pub(crate) const WRONG_TYPES: &[&str] = &[
    "com.apple.configuration.softwareupdate",
    "com.apple.configuration.softwareupdate.setting",
    "com.apple.configuration.SoftwareUpdate.settings",
    "com.apple.configuration.softwareupdate.enforcement",
    "com.apple.activation.simpel",
    "com.apple.activation.simple ",
    "settings",
    "",
];

pub(crate) fn documents(schema: &Schema) -> impl Strategy<Value = Json> + '_ {
    let names = schema.names();
    prop::collection::vec(any::<u16>(), 200).prop_map(move |rolls| {
        let mut dice = Dice(rolls.into_iter());
        let breaks = dice.below(7);
        let mut document = valid_document(schema, &mut dice);
        for _ in 0..breaks {
            break_somewhere(&mut document, schema, &names, &mut dice);
        }
        document
    })
}

pub(crate) fn valid_document(schema: &Schema, dice: &mut Dice) -> Json {
    // Half of the documents are settings, the first type, since it has by far the most keys.
    let page = &schema.types[dice.below(2 * schema.types.len() - 1).saturating_sub(schema.types.len() - 1)];
    let mut document = valid_members(&schema.envelope, dice);
    for (name, value) in &mut document {
        match name.as_str() {
            "Type" => *value = Json::text(&page.payload.declarationtype),
            "Payload" => *value = Json::Object(valid_members(&page.payloadkeys, dice)),
            _ => {}
        }
    }
    Json::Object(document)
}

pub(crate) fn valid_members(keys: &[Key], dice: &mut Dice) -> Members {
    let mut members = Members::new();
    for key in keys {
        if key.is_required() || dice.below(3) > 0 {
            let value = valid_value(key, dice);
            members.insert(dice.below(members.len() + 1), (key.name.clone(), value));
        }
    }
    members
}

pub(crate) fn valid_value(key: &Key, dice: &mut Dice) -> Json {
    match key.kind.as_str() {
        "<boolean>" => Json::Boolean(dice.below(2) == 1),
        "<integer>" => {
            let range = key.range.as_ref().expect("Apple's integers have a range");
            let span = usize::try_from(range.max - range.min + 1).expect("a range is not empty");
            let number = range.min + i32::try_from(dice.below(span)).expect("it is less than the range");
            Json::Number(format!("{number}{}", dice.pick(&["", ".0", "e0", ".00E+00", "0e-1"])))
        }
        "<string>" if !key.examples.is_empty() => Json::text(&key.examples[dice.below(key.examples.len())]),
        "<string>" if key.rangelist.is_empty() => Json::text(dice.pick(WORDS)),
        "<string>" => Json::Text(key.rangelist[dice.below(key.rangelist.len())].clone()),
        "<dictionary>" => Json::Object(valid_members(&key.subkeys, dice)),
        "<array>" => Json::Array((0..dice.below(4)).map(|_| valid_value(key.item(), dice)).collect()),
        other => panic!("{}: this test does not know the type {other}", key.name),
    }
}

/// Changes a document in one place. The result may still be valid: the oracle judges only the result.
pub(crate) fn break_somewhere(document: &mut Json, schema: &Schema, names: &[String], dice: &mut Dice) {
    match dice.below(11) {
        0 => {
            take_member(document, dice);
        }
        1 => {
            if let Some((name, value)) = take_member(document, dice) {
                put_member(document, (misspelled(&name, dice), value), dice);
            }
        }
        2 => {
            if let Some(member) = take_member(document, dice) {
                put_member(document, member, dice);
            }
        }
        3 => put_member(document, (dice.pick(STRANGE).to_owned(), any_value(dice)), dice),
        4 => put_member(document, (names[dice.below(names.len())].clone(), any_value(dice)), dice),
        5 => {
            let path = place(document, |_| true, dice).filter(|path| !path.is_empty());
            if let Some(path) = path {
                *document.at(&path) = any_value(dice);
            }
        }
        6 => {
            if let Some(path) = place(document, |value| matches!(value, Json::Array(_)), dice)
                && let Json::Array(items) = document.at(&path)
            {
                items.insert(dice.below(items.len() + 1), any_value(dice));
            }
        }
        7 => retype(document, schema, dice),
        _ => revalue(document, dice),
    }
}

pub(crate) fn place(document: &mut Json, is_match: fn(&Json) -> bool, dice: &mut Dice) -> Option<Vec<usize>> {
    let mut places = document.places(is_match);
    let at = dice.below(places.len().max(1));
    (at < places.len()).then(|| places.swap_remove(at))
}

pub(crate) fn some_object<'d>(document: &'d mut Json, dice: &mut Dice) -> &'d mut Members {
    let path = place(document, |value| matches!(value, Json::Object(_)), dice).expect("the document itself is an object");
    let Json::Object(members) = document.at(&path) else { unreachable!("only objects match") };
    members
}

pub(crate) fn take_member(document: &mut Json, dice: &mut Dice) -> Option<(String, Json)> {
    let members = some_object(document, dice);
    let at = dice.below(members.len().max(1));
    (at < members.len()).then(|| members.remove(at))
}

/// Inserts a member into a random object, unless that has the key already: this test does not cover duplicate keys.
pub(crate) fn put_member(document: &mut Json, member: (String, Json), dice: &mut Dice) {
    let members = some_object(document, dice);
    if members.iter().all(|(name, _)| *name != member.0) {
        members.insert(dice.below(members.len() + 1), member);
    }
}

pub(crate) fn misspelled(name: &str, dice: &mut Dice) -> String {
    match dice.below(6) {
        0 => format!("{name}s"),
        1 => name.chars().skip(1).collect(),
        2 => name.to_lowercase(),
        3 => name.to_uppercase(),
        4 => format!(" {name}"),
        _ => name.chars().rev().collect(),
    }
}

/// Replaces one scalar of the document with another of the same type. Prefers numbers, since they are rare.
pub(crate) fn revalue(document: &mut Json, dice: &mut Dice) {
    let kinds: [fn(&Json) -> bool; 2] = [|value| matches!(value, Json::Number(_)), |value| matches!(value, Json::Text(_))];
    let first = dice.below(2);
    let path = kinds[first..].iter().find_map(|is_match| place(document, *is_match, dice));
    match path.map(|path| document.at(&path)) {
        Some(Json::Number(text)) => *text = any_number(dice),
        Some(Json::Text(text)) => *text = if dice.below(2) == 0 { misspelled(text, dice) } else { dice.pick(WORDS).to_owned() },
        _ => {}
    }
}

pub(crate) fn any_number(dice: &mut Dice) -> String {
    dice.pick(&NUMBERS.split(' ').collect::<Vec<_>>()).to_owned()
}

/// Gives the document another type, known or unknown, and keeps its payload.
pub(crate) fn retype(document: &mut Json, schema: &Schema, dice: &mut Dice) {
    let Json::Object(members) = document else { return };
    let Some((_, value)) = members.iter_mut().find(|(name, _)| name == "Type") else { return };
    let mut types: Vec<&str> = schema.types.iter().map(|page| page.payload.declarationtype.as_str()).collect();
    types.push(OTHER_TYPE);
    types.extend(WRONG_TYPES);
    *value = Json::text(dice.pick(&types));
}

pub(crate) fn any_value(dice: &mut Dice) -> Json {
    match dice.below(9) {
        0 => Json::Null,
        1 => Json::Boolean(true),
        2 => Json::Boolean(false),
        3 | 4 => Json::Number(any_number(dice)),
        5 | 6 => Json::text(dice.pick(WORDS)),
        7 => Json::Array((0..dice.below(3)).map(|_| any_value(dice)).collect()),
        _ => {
            let names = ["Description", "Token", "Program", "Enable", "Type"];
            Json::Object(names[..dice.below(names.len() + 1)].iter().map(|name| ((*name).to_owned(), any_value(dice))).collect())
        }
    }
}

// ---- String formats ----

/// Characters of the string formats and of common mistakes. None starts a placeholder.
pub(crate) const NEAR: &str = "0123569.-:TtZAEav+/() \u{663}Éé";

/// A text with up to two random edits.
pub(crate) fn edited(texts: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    let edit = (0..3_u8, any::<prop::sample::Index>(), select(NEAR.chars().collect::<Vec<_>>()));
    let edits = prop_oneof![3 => Just(0_usize), 2 => Just(1), 1 => Just(2)]
        .prop_flat_map(move |count| prop::collection::vec(edit.clone(), count));
    (texts, edits).prop_map(|(text, edits)| {
        let mut letters: Vec<char> = text.chars().collect();
        for (how, at, letter) in edits {
            match (how, at.index(letters.len() + 1)) {
                (1, at) if at < letters.len() => letters[at] = letter,
                (2, at) if at < letters.len() => drop(letters.remove(at)),
                (_, at) => letters.insert(at, letter),
            }
        }
        letters.into_iter().collect()
    })
}

pub(crate) fn os_versions() -> impl Strategy<Value = String> {
    let part = select(vec!["0", "1", "26", "15", "7", "10", "100"]);
    edited(prop::collection::vec(part, 1..5).prop_map(|parts| parts.join(".")))
}

pub(crate) fn build_versions() -> impl Strategy<Value = String> {
    edited(select(vec!["21E219", "25D771280a", "24A5418b", "23G6083", "9A1", "26.1", ""]).prop_map(str::to_owned))
}

pub(crate) fn local_date_times() -> impl Strategy<Value = String> {
    let year = select(vec![1900, 2000, 2024, 2025, 2026, 2028, 2100]);
    // February is the error-prone month.
    let month = prop_oneof![4 => 0..14_u32, 1 => Just(2)];
    let day = prop_oneof![2 => 1..29_u32, 1 => 28..33_u32, 1 => Just(0)];
    let time = (0..26_u32, 0..62_u32, 0..62_u32);
    let texts = (year, month, day, time).prop_map(|(year, month, day, (hour, minute, second))| {
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")
    });
    edited(texts)
}

/// Texts of about 64 bytes, with characters of one to four bytes.
pub(crate) fn identifiers() -> impl Strategy<Value = String> {
    let letters = || select(vec!["a", "ü", "€", "\u{1F600}"]);
    prop_oneof![
        (letters(), 0..66_usize, 0..4_usize).prop_map(|(letter, count, more)| letter.repeat(count) + &"x".repeat(more)),
        (letters(), 60..70_usize)
            .prop_map(|(letter, length)| letter.repeat(length / letter.len()) + &"x".repeat(length % letter.len())),
    ]
}

/// URLs of web pages, and common mistakes.
pub(crate) fn urls() -> impl Strategy<Value = String> {
    let texts = [
        "https://www.example.com/updates",
        "http://a",
        "HTTPS://A/b",
        "https:",
        "https://",
        "https:///x",
        "https://:80/",
        "https:example.com",
        "https:8080",
        "httpss://x",
        "http+x://y",
        "mailto:it@example.com",
        "localhost:8080/x",
        "tel:",
        "x:/",
        "1x:y",
        "example.com",
        "",
    ];
    edited(select(texts.map(str::to_owned).to_vec()))
}

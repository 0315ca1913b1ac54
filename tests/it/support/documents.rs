//! Random documents, valid and broken, generated from a description of their keys.

use super::apple::{Key, Schema, wildcard};
use super::json::{Json, Members};

/// The nesting after which a document has only what is required. Recursive keys would have no end.
const MAX_DEPTH: usize = 9;

/// Strings of many kinds. None contains a placeholder, since the program does not check such values.
const WORDS: &[&str] = &[
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

/// Base64, with and without padding, and white space as encoders wrap lines.
const DATA: &[&str] = &["QUJD", "QUI=", "QQ==", "QUJDREVG", "QUJD\nREVG\n", " QU JD\tRA= =\r\n", "+/+/", "AAAAAA=="];

/// Near misses of base64.
const WRONG_DATA: &[&str] =
    &["Q", "QQ", "QQ=", "QUI", "QUJD=", "QUJD==", "Q===", "====", "=", "Q=Q=", "QU-_", "QUJDQ", "QQ==QQ==", "QÜ=="];

/// Numbers in many notations, whole and fractional, inside and outside Apple's ranges. None is close enough to an
/// integer for a parser to round it.
const NUMBERS: &str = "0 1 90 91 -1 -0 0.0 30.0 3e1 3E+1 300e-1 0.3e2 30.5 0.5 89.9999 90.0001 9e1 9.1e1 1e-1 -30 1e400 -1e400 \
                       1e-400 4294967297 18446744073709551617 0e0 100e-2 1.00e2";

/// Names that are not keys of Apple's. Some need escapes in a pointer or in JSON.
const STRANGE: &[&str] =
    &["Unknown", "", "a/b", "m~n", "~1", "ä\u{1F600}", "say \"x\"\\", "0", "_comment", "$schema", "Program", "ANY"];

const WRONG_TYPES: &[&str] = &[
    "com.apple.configuration.softwareupdate",
    "com.apple.configuration.softwareupdate.setting",
    "com.apple.configuration.SoftwareUpdate.settings",
    "com.apple.configuration.softwareupdate.enforcement",
    "com.apple.configuration.passcode",
    "com.apple.configuration.network.vpn",
    "com.apple.asset.credential",
    // The data of an asset, not a declaration.
    "com.apple.credential.acme",
    "com.apple.activation.simpel",
    "com.apple.activation.simple ",
    "com.apple.management.properties.",
    "declarationbase",
    "any",
    "settings",
    "",
];

/// The random numbers of a document.
struct Dice(fastrand::Rng);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0.usize(..end)
    }

    fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }
}

/// A document of a random type, broken in up to six places.
pub(crate) fn document(schema: &Schema, seed: u64) -> Json {
    let mut dice = Dice(fastrand::Rng::with_seed(seed));
    let mut document = valid_document(schema, &mut dice);
    for _ in 0..dice.below(7) {
        break_somewhere(&mut document, schema, &mut dice);
    }
    document
}

/// Removes what it can from a document that fails, as long as it fails.
pub(crate) fn smallest(mut document: Json, fails: impl Fn(&Json) -> bool) -> Json {
    while let Some(smaller) = document.without_one().into_iter().find(&fails) {
        document = smaller;
    }
    document
}

fn valid_document(schema: &Schema, dice: &mut Dice) -> Json {
    // The settings of software updates are a bit more frequent, since most rules are about them.
    let settings = schema.types.iter().position(|page| page.payload.declarationtype.ends_with(".softwareupdate.settings"));
    let types = schema.types.len();
    let at = Some(dice.below(types + types.div_ceil(12))).filter(|at| *at < types).or(settings).unwrap_or_default();
    let page = &schema.types[at];
    let mut valid = Valid { keeps: 1 + dice.below(4), dice };
    let mut document = valid.members(&schema.envelope, 0);
    for (name, value) in &mut document {
        match name.as_str() {
            "Type" => *value = Json::text(&page.payload.declarationtype),
            "Payload" => *value = Json::Object(valid.members(&page.payloadkeys, 1)),
            _ => {}
        }
    }
    Json::Object(document)
}

/// Generates valid values.
struct Valid<'d> {
    dice: &'d mut Dice,
    /// How many of four optional keys a document has.
    keeps: usize,
}

impl Valid<'_> {
    fn members(&mut self, keys: &[Key], depth: usize) -> Members {
        let mut members = Members::new();
        if let Some(any) = wildcard(keys) {
            for _ in 0..self.below(4, depth) {
                let name = self.dice.pick(STRANGE);
                if members.iter().all(|(other, _)| other != name) {
                    members.push((name.to_owned(), self.value(any, depth + 1)));
                }
            }
            return members;
        }
        for key in keys {
            if key.is_required() || (self.dice.below(4) < self.keeps && depth < MAX_DEPTH) {
                let value = self.value(key, depth + 1);
                members.insert(self.dice.below(members.len() + 1), (key.name.clone(), value));
            }
        }
        members
    }

    /// A number of items or members.
    fn below(&mut self, end: usize, depth: usize) -> usize {
        if depth < MAX_DEPTH { self.dice.below(end) } else { 0 }
    }

    fn value(&mut self, key: &Key, depth: usize) -> Json {
        match key.kind.as_str() {
            "<boolean>" => Json::Boolean(self.dice.below(2) == 1),
            "<integer>" => {
                let number = self.integer(key);
                let suffix = self.dice.pick(&["", ".0", "e0", ".00E+00", "0e-1"]);
                // JSON has no `00e-1`.
                Json::Number(if number == 0 { "0".to_owned() } else { format!("{number}{suffix}") })
            }
            "<real>" => Json::Number(any_number(self.dice)),
            "<data>" => Json::text(self.dice.pick(DATA)),
            "<date>" => Json::text("2026-01-31T18:00:00Z"),
            "<any>" => any_value(self.dice),
            "<string>" if !key.examples.is_empty() => Json::text(&key.examples[self.dice.below(key.examples.len())]),
            "<string>" if key.rangelist.is_empty() => Json::text(self.dice.pick(WORDS)),
            "<string>" => Json::Text(key.rangelist[self.dice.below(key.rangelist.len())].clone()),
            "<dictionary>" => Json::Object(self.members(&key.subkeys, depth)),
            "<array>" => {
                let bounds = key.item().and_then(|item| item.repetition).unwrap_or_default();
                let min = bounds.min.map_or(0, |min| usize::try_from(min).expect("an array does not have less than no items"));
                let most = bounds.max.map_or(min + 3, |max| usize::try_from(max).expect("an array can have items"));
                let count = min + self.below(most - min + 1, depth);
                let item = key.item();
                let items = (0..count).map(|_| match item {
                    Some(item) => self.value(item, depth + 1),
                    None => any_value(self.dice),
                });
                Json::Array(items.collect())
            }
            other => panic!("{}: this test does not know the type {other}", key.name),
        }
    }

    /// An integer of a key, often at a bound of its range.
    fn integer(&mut self, key: &Key) -> i64 {
        if !key.rangelist.is_empty() {
            return key.rangelist[self.dice.below(key.rangelist.len())].parse().expect("the values of an integer are integers");
        }
        let range = key.range.unwrap_or_default();
        let (min, max) = match (range.min, range.max) {
            (Some(min), Some(max)) => (min, max),
            (Some(min), None) => (min, min + 1000),
            (None, Some(max)) => (max - 1000, max),
            (None, None) => (-1000, 100_000),
        };
        match self.dice.below(4) {
            0 => min,
            1 => max,
            _ => self.dice.0.i64(min..=max),
        }
    }
}

/// Changes a document in one place. The result may still be valid: the oracle judges only the result.
fn break_somewhere(document: &mut Json, schema: &Schema, dice: &mut Dice) {
    match dice.below(14) {
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
        4 => put_member(document, (dice.pick(&schema.names()).to_owned(), any_value(dice)), dice),
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
                let again = (!items.is_empty()).then(|| items[dice.below(items.len())].clone());
                let item = again.filter(|_| dice.below(2) == 0).unwrap_or_else(|| any_value(dice));
                items.insert(dice.below(items.len() + 1), item);
            }
        }
        7 => retype(document, schema, dice),
        8 => repeat(document, dice),
        9 => {
            let is_data = |value: &Json| matches!(value, Json::Text(text) if DATA.contains(&text.as_str()));
            if let Some(path) = place(document, is_data, dice) {
                *document.at(&path) = Json::text(dice.pick(WRONG_DATA));
            }
        }
        _ => revalue(document, dice),
    }
}

fn place(document: &mut Json, is_match: fn(&Json) -> bool, dice: &mut Dice) -> Option<Vec<usize>> {
    let mut places = document.places(is_match);
    let at = dice.below(places.len().max(1));
    (at < places.len()).then(|| places.swap_remove(at))
}

fn some_object<'d>(document: &'d mut Json, dice: &mut Dice) -> &'d mut Members {
    let path = place(document, |value| matches!(value, Json::Object(_)), dice).expect("the document itself is an object");
    let Json::Object(members) = document.at(&path) else { unreachable!("only objects match") };
    members
}

fn take_member(document: &mut Json, dice: &mut Dice) -> Option<(String, Json)> {
    let members = some_object(document, dice);
    let at = dice.below(members.len().max(1));
    (at < members.len()).then(|| members.remove(at))
}

/// Inserts a member into a random object, even if it has the key already.
fn put_member(document: &mut Json, member: (String, Json), dice: &mut Dice) {
    let members = some_object(document, dice);
    members.insert(dice.below(members.len() + 1), member);
}

/// Writes a member of a random object again, with the same or another value.
fn repeat(document: &mut Json, dice: &mut Dice) {
    let members = some_object(document, dice);
    if !members.is_empty() {
        let (name, value) = members[dice.below(members.len())].clone();
        let value = if dice.below(2) == 0 { value } else { any_value(dice) };
        members.insert(dice.below(members.len() + 1), (name, value));
    }
}

fn misspelled(name: &str, dice: &mut Dice) -> String {
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
fn revalue(document: &mut Json, dice: &mut Dice) {
    let kinds: [fn(&Json) -> bool; 2] = [|value| matches!(value, Json::Number(_)), |value| matches!(value, Json::Text(_))];
    let first = dice.below(2);
    let path = kinds[first..].iter().find_map(|is_match| place(document, *is_match, dice));
    match path.map(|path| document.at(&path)) {
        Some(Json::Number(text)) => {
            // The next integers are the ones outside a range.
            let next = text.parse::<i64>().ok().map(|number| number + [-1, 1][dice.below(2)]);
            *text = next.filter(|_| dice.below(2) == 0).map_or_else(|| any_number(dice), |number| number.to_string());
        }
        Some(Json::Text(text)) => {
            *text = if dice.below(2) == 0 { misspelled(text, dice) } else { dice.pick(WORDS).to_owned() };
        }
        _ => {}
    }
}

fn any_number(dice: &mut Dice) -> String {
    dice.pick(&NUMBERS.split(' ').collect::<Vec<_>>()).to_owned()
}

/// Gives the document another type, known or unknown, and keeps its payload.
fn retype(document: &mut Json, schema: &Schema, dice: &mut Dice) {
    let Json::Object(members) = document else { return };
    let Some((_, value)) = members.iter_mut().find(|(name, _)| name == "Type") else { return };
    let types: Vec<&str> = schema.types.iter().map(|page| page.payload.declarationtype.as_str()).collect();
    *value = Json::text(if dice.below(2) == 0 { dice.pick(&types) } else { dice.pick(WRONG_TYPES) });
}

fn any_value(dice: &mut Dice) -> Json {
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

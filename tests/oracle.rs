//! Proves that `ddmc::check` says exactly what Apple's schema says, by reading the schema a second time.
//!
//! The program has the schema as tables in its source. These tests read Apple's YAML itself, write random documents from it,
//! break them in random places, work out from the YAML alone which errors there must be and where, and want the same set from the
//! program: none missing, none invented. What the YAML does not hold (the rules across the keys of `Beta`, the forms of versions,
//! builds, times and identifiers) is worked out a second time by hand, from Apple's prose.
//!
//! No code is shared with the program, not even the reading of JSON: documents are written, never read.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs;
use std::path::Path;

use ddmc::{Severity, check};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{RngSeed, TestRunner};
use serde::Deserialize;

/// The errors of a document: rule and JSON pointer.
type Errors = BTreeSet<(String, String)>;

/// A fixed seed, so that a failure is the fault of the change at hand and not of chance.
fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, rng_seed: RngSeed::Fixed(27), ..ProptestConfig::default() }
}

// ---- Apple's schema ----

/// A file of the schema, as far as it matters here.
#[derive(Deserialize)]
struct Page {
    payload: Head,
    payloadkeys: Vec<Key>,
}

#[derive(Deserialize)]
struct Head {
    declarationtype: String,
}

#[derive(Deserialize)]
struct Key {
    #[serde(rename = "key")]
    name: String,
    #[serde(rename = "type")]
    kind: String,
    presence: Option<String>,
    range: Option<Range>,
    #[serde(default)]
    rangelist: Vec<String>,
    #[serde(default)]
    subkeys: Vec<Key>,
}

#[derive(Deserialize)]
struct Range {
    min: i32,
    max: i32,
}

impl Key {
    fn is_required(&self) -> bool {
        self.presence.as_deref() == Some("required")
    }

    /// What an item of this array is. Apple writes it as the only subkey, whose name stands nowhere in a document.
    fn item(&self) -> &Self {
        assert_eq!(self.subkeys.len(), 1, "{}: all items of an array are alike", self.name);
        &self.subkeys[0]
    }
}

struct Schema {
    envelope: Vec<Key>,
    types: Vec<Page>,
}

impl Schema {
    /// Reads the schema, or returns `None` where it is not at hand: it lies beside the repository, not in it.
    fn load() -> Option<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/apple-schema/27.0-seed1/declarative/declarations");
        if !folder.is_dir() {
            return None;
        }
        let mut envelope = read_page(&folder.join("declarationbase.yaml")).payloadkeys;
        for key in envelope.iter_mut().filter(|key| key.name == "ServerToken") {
            // Required on the wire alone: in source files the server adds it.
            key.presence = None;
        }
        let types = [
            "configurations/softwareupdate.settings.yaml",
            "configurations/softwareupdate.enforcement.specific.yaml",
            "activations/simple.yaml",
        ];
        Some(Self { envelope, types: types.map(|name| read_page(&folder.join(name))).into() })
    }

    fn find(&self, declaration_type: &str) -> Option<&Page> {
        self.types.iter().find(|page| page.payload.declarationtype == declaration_type)
    }

    /// The name of every key in any place.
    fn names(&self) -> Vec<String> {
        let mut names = Vec::new();
        let mut left: Vec<&Key> = self.envelope.iter().chain(self.types.iter().flat_map(|page| &page.payloadkeys)).collect();
        while let Some(key) = left.pop() {
            names.push(key.name.clone());
            left.extend(&key.subkeys);
        }
        names
    }
}

fn read_page(path: &Path) -> Page {
    let text = fs::read_to_string(path).expect("a file of the schema can be read");
    serde_saphyr::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

// ---- Documents ----

/// A JSON value. Numbers keep their spelling and objects their order, for both may matter to a reader.
#[derive(Clone, PartialEq)]
enum Json {
    Null,
    Boolean(bool),
    Number(String),
    Text(String),
    Array(Vec<Json>),
    Object(Members),
}

type Members = Vec<(String, Json)>;

impl Json {
    fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }

    fn object<const N: usize>(members: [(&str, Self); N]) -> Self {
        Self::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    fn member(&self, name: &str) -> Option<&Self> {
        let Self::Object(members) = self else { return None };
        members.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    fn children_mut(&mut self) -> Vec<&mut Self> {
        match self {
            Self::Array(items) => items.iter_mut().collect(),
            Self::Object(members) => members.iter_mut().map(|(_, value)| value).collect(),
            _ => Vec::new(),
        }
    }

    /// The places of all values in here that are such, as the numbers of the children on the way to them.
    fn places(&mut self, is_such: fn(&Self) -> bool) -> Vec<Vec<usize>> {
        let mut found = if is_such(self) { vec![Vec::new()] } else { Vec::new() };
        for (at, child) in self.children_mut().into_iter().enumerate() {
            found.extend(child.places(is_such).into_iter().map(|way| [vec![at], way].concat()));
        }
        found
    }

    fn at(&mut self, way: &[usize]) -> &mut Self {
        way.iter().fold(self, |value, child| value.children_mut().swap_remove(*child))
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

/// So that a failure shows the document as one can paste it into a file.
impl fmt::Debug for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

// ---- Random documents ----

/// The chance of a case, drawn beforehand so that proptest can shrink it: towards 0, which always means the plainest choice.
struct Dice(std::vec::IntoIter<u16>);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        usize::from(self.0.next().unwrap_or(0)) % end
    }

    fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }
}

/// Strings of every sort. None holds a placeholder, which would hide the value from the program's judgement.
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

/// Numbers of every spelling, whole and not, in and out of Apple's ranges. None is so close to a whole number that a reader may
/// round it to one.
const NUMBERS: &str = "0 1 90 91 -1 -0 0.0 30.0 3e1 3E+1 300e-1 0.3e2 30.5 0.5 89.9999 90.0001 9e1 9.1e1 1e-1 -30 1e400 -1e400 \
                       1e-400 4294967297 18446744073709551617 0e0 100e-2 1.00e2";

/// Names that are no key of Apple's. Some must be escaped in a pointer or in JSON.
const STRANGE: &[&str] = &["Unknown", "", "a/b", "m~n", "~1", "ä\u{1F600}", "say \"x\"\\", "0", "_comment", "$schema", "Program"];

/// A type of Apple's that has nothing to do with software updates.
const OTHER_TYPE: &str = "com.apple.configuration.passcode.settings";

const WRONG_TYPES: &[&str] = &[
    "com.apple.configuration.softwareupdate",
    "com.apple.configuration.softwareupdate.setting",
    "com.apple.configuration.SoftwareUpdate.settings",
    "com.apple.configuration.softwareupdate.enforcement",
    "com.apple.activation.simpel",
    "com.apple.activation.simple ",
    "settings",
    "",
];

fn documents(schema: &Schema) -> impl Strategy<Value = Json> + '_ {
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

fn valid_document(schema: &Schema, dice: &mut Dice) -> Json {
    // Half of them are of the first type: settings have by far the most keys.
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

fn valid_members(keys: &[Key], dice: &mut Dice) -> Members {
    let mut members = Members::new();
    for key in keys {
        if key.is_required() || dice.below(3) > 0 {
            let value = valid_value(key, dice);
            members.insert(dice.below(members.len() + 1), (key.name.clone(), value));
        }
    }
    members
}

fn valid_value(key: &Key, dice: &mut Dice) -> Json {
    match key.kind.as_str() {
        "<boolean>" => Json::Boolean(dice.below(2) == 1),
        "<integer>" => {
            let range = key.range.as_ref().expect("Apple's integers have a range");
            let span = usize::try_from(range.max - range.min + 1).expect("a range is not empty");
            let number = range.min + i32::try_from(dice.below(span)).expect("it is less than the range");
            Json::Number(format!("{number}{}", dice.pick(&["", ".0", "e0", ".00E+00", "0e-1"])))
        }
        "<string>" if key.rangelist.is_empty() => Json::text(dice.pick(WORDS)),
        "<string>" => Json::Text(key.rangelist[dice.below(key.rangelist.len())].clone()),
        "<dictionary>" => Json::Object(valid_members(&key.subkeys, dice)),
        "<array>" => Json::Array((0..dice.below(4)).map(|_| valid_value(key.item(), dice)).collect()),
        other => panic!("{}: this test does not know the type {other}", key.name),
    }
}

/// Breaks a document in one place. It may do no harm: the oracle judges what came out, not what was done.
fn break_somewhere(document: &mut Json, schema: &Schema, names: &[String], dice: &mut Dice) {
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
            let way = place(document, |_| true, dice).filter(|way| !way.is_empty());
            if let Some(way) = way {
                *document.at(&way) = any_value(dice);
            }
        }
        6 => {
            if let Some(way) = place(document, |value| matches!(value, Json::Array(_)), dice)
                && let Json::Array(items) = document.at(&way)
            {
                items.insert(dice.below(items.len() + 1), any_value(dice));
            }
        }
        7 => retype(document, schema, dice),
        _ => revalue(document, dice),
    }
}

fn place(document: &mut Json, is_such: fn(&Json) -> bool, dice: &mut Dice) -> Option<Vec<usize>> {
    let mut places = document.places(is_such);
    let at = dice.below(places.len().max(1));
    (at < places.len()).then(|| places.swap_remove(at))
}

fn some_object<'d>(document: &'d mut Json, dice: &mut Dice) -> &'d mut Members {
    let way = place(document, |value| matches!(value, Json::Object(_)), dice).expect("the document itself is an object");
    let Json::Object(members) = document.at(&way) else { unreachable!("only objects were looked for") };
    members
}

fn take_member(document: &mut Json, dice: &mut Dice) -> Option<(String, Json)> {
    let members = some_object(document, dice);
    let at = dice.below(members.len().max(1));
    (at < members.len()).then(|| members.remove(at))
}

/// Puts a member into some object, unless that has the key already: the same key twice is not for this test.
fn put_member(document: &mut Json, member: (String, Json), dice: &mut Dice) {
    let members = some_object(document, dice);
    if members.iter().all(|(name, _)| *name != member.0) {
        members.insert(dice.below(members.len() + 1), member);
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

/// Gives a single value of the document another value of its own type. Numbers are looked for first, for they are rare.
fn revalue(document: &mut Json, dice: &mut Dice) {
    let sorts: [fn(&Json) -> bool; 2] = [|value| matches!(value, Json::Number(_)), |value| matches!(value, Json::Text(_))];
    let first = dice.below(2);
    let way = sorts[first..].iter().find_map(|is_such| place(document, *is_such, dice));
    match way.map(|way| document.at(&way)) {
        Some(Json::Number(text)) => *text = any_number(dice),
        Some(Json::Text(text)) => *text = if dice.below(2) == 0 { misspelled(text, dice) } else { dice.pick(WORDS).to_owned() },
        _ => {}
    }
}

fn any_number(dice: &mut Dice) -> String {
    dice.pick(&NUMBERS.split(' ').collect::<Vec<_>>()).to_owned()
}

/// Gives the document another type, known or not. Its payload stays what it was.
fn retype(document: &mut Json, schema: &Schema, dice: &mut Dice) {
    let Json::Object(members) = document else { return };
    let Some((_, value)) = members.iter_mut().find(|(name, _)| name == "Type") else { return };
    let mut types: Vec<&str> = schema.types.iter().map(|page| page.payload.declarationtype.as_str()).collect();
    types.push(OTHER_TYPE);
    types.extend(WRONG_TYPES);
    *value = Json::text(dice.pick(&types));
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

// ---- What the schema says about them ----

/// Works out the errors of a document, or returns `None` where the schema is not what decides: an object that has no key of the
/// envelope may be a payload alone, one with a key such as `payload` is read as what was meant, and a type that resembles Apple's
/// may be one.
fn judge(document: &Json, schema: &Schema) -> Option<Errors> {
    let Json::Object(members) = document else { return None };
    let is_envelope = |name: &str| schema.envelope.iter().any(|key| key.name == name);
    let resembles = |name: &str| schema.envelope.iter().any(|key| key.name.eq_ignore_ascii_case(name));
    if !members.iter().any(|(name, _)| is_envelope(name)) || members.iter().any(|(name, _)| resembles(name) && !is_envelope(name))
    {
        return None;
    }
    let mut errors = Errors::new();
    judge_members(members, &schema.envelope, "", &mut errors);
    if let Some(Json::Text(name)) = document.member("Type") {
        match (schema.find(name), document.member("Payload")) {
            (Some(page), Some(Json::Object(payload))) => judge_members(payload, &page.payloadkeys, "/Payload", &mut errors),
            (Some(_), _) => {}
            (None, _) if name == OTHER_TYPE => {}
            (None, _) if WRONG_TYPES.contains(&name.as_str()) || !name.starts_with("com.apple.") => {
                note(&mut errors, "unknown-type", "/Type");
            }
            // Apple has many more types than those at hand, and this may be one.
            (None, _) => return None,
        }
    }
    Some(errors)
}

fn note(errors: &mut Errors, rule: &str, pointer: &str) {
    errors.insert((rule.to_owned(), pointer.to_owned()));
}

fn judge_members(members: &Members, keys: &[Key], pointer: &str, errors: &mut Errors) {
    for (name, value) in members {
        let at = format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"));
        match keys.iter().find(|key| key.name == *name) {
            Some(key) => judge_value(value, key, &at, errors),
            None => note(errors, "unknown-key", &at),
        }
    }
    let has = |key: &Key| members.iter().any(|(name, _)| *name == key.name);
    if keys.iter().any(|key| key.is_required() && !has(key)) {
        note(errors, "missing-key", pointer);
    }
}

fn judge_value(value: &Json, key: &Key, pointer: &str, errors: &mut Errors) {
    match (key.kind.as_str(), value) {
        ("<boolean>", Json::Boolean(_)) => {}
        ("<integer>", Json::Number(text)) => judge_number(text, key, pointer, errors),
        ("<string>", Json::Text(text)) => {
            if !key.rangelist.is_empty() && !key.rangelist.contains(text) {
                note(errors, "unknown-value", pointer);
            }
        }
        // The schema of the envelope leaves open what is in `Payload`: that is a matter of its type.
        ("<dictionary>", Json::Object(_)) if key.subkeys.is_empty() => {}
        ("<dictionary>", Json::Object(members)) => judge_members(members, &key.subkeys, pointer, errors),
        ("<array>", Json::Array(items)) => {
            for (at, item) in items.iter().enumerate() {
                judge_value(item, key.item(), &format!("{pointer}/{at}"), errors);
            }
        }
        _ => note(errors, "wrong-type", pointer),
    }
}

fn judge_number(text: &str, key: &Key, pointer: &str, errors: &mut Errors) {
    if !is_whole(text) {
        return note(errors, "wrong-type", pointer);
    }
    // Numbers that a float cannot hold exactly are so far outside that it does not matter.
    let number: f64 = text.parse().expect("a JSON number is a number of Rust");
    if key.range.as_ref().is_some_and(|range| number < f64::from(range.min) || number > f64::from(range.max)) {
        note(errors, "out-of-range", pointer);
    }
}

/// Whether a JSON number has no fraction: after shifting the point by the exponent, only zeros stand behind it.
fn is_whole(text: &str) -> bool {
    let lower = text.to_lowercase();
    let (mantissa, exponent) = lower.split_once('e').unwrap_or((&lower, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let exponent: i32 = exponent.parse().expect("the exponents here are small");
    let digits = format!("{}{fraction}", whole.trim_start_matches('-'));
    let significant = digits.trim_end_matches('0').len();
    let before_point = whole.trim_start_matches('-').len();
    let is_zero = digits.trim_matches('0').is_empty();
    is_zero || i32::try_from(significant).expect("it is short") <= i32::try_from(before_point).expect("it is short") + exponent
}

// ---- What the program says ----

fn found(document: &str) -> Errors {
    let findings = check("oracle.json", document.as_bytes());
    let errors = findings.into_iter().filter(|finding| finding.severity == Severity::Error);
    errors.map(|finding| (finding.rule.id.to_owned(), finding.place.pointer)).collect()
}

/// Rules about which the YAML says nothing: they have tests of their own below.
const NOT_IN_THE_SCHEMA: &[&str] = &[
    "beta-offer-beside-require",
    "beta-offer-while-off",
    "beta-require-without-always-on",
    "build-version-mismatch",
    "invalid-build-version",
    "invalid-details-url",
    "invalid-identifier",
    "invalid-local-date-time",
    "invalid-os-version",
    "invalid-server-token",
];

#[test]
fn documents_have_the_errors_that_the_schema_gives_them() {
    let Some(schema) = Schema::load() else { return };
    let seen = RefCell::new(BTreeMap::<String, usize>::new());
    let note_seen = |what: &str| *seen.borrow_mut().entry(what.to_owned()).or_default() += 1;
    let result = TestRunner::new(config(6000)).run(&documents(&schema), |document| {
        let Some(expected) = judge(&document, &schema) else { return Ok(()) };
        let mut found = found(&document.to_string());
        found.retain(|(rule, _)| !NOT_IN_THE_SCHEMA.contains(&rule.as_str()));
        for (rule, _) in &expected {
            note_seen(rule);
        }
        if expected.is_empty() {
            note_seen("nothing");
        }
        prop_assert_eq!(&expected, &found, "expected left, found right");
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
    // Otherwise the test would prove nothing about the rule that is missing here.
    for rule in ["nothing", "unknown-key", "missing-key", "wrong-type", "unknown-value", "out-of-range", "unknown-type"] {
        let times = seen.borrow().get(rule).copied().unwrap_or(0);
        assert!(times >= 100, "{rule} came about only {times} times");
    }
}

// ---- Rules across keys ----

/// A value of a key, if it has one, and whether a reader can tell what it means.
struct Choice {
    value: Option<Json>,
    is_read: bool,
}

impl Choice {
    fn absent() -> Self {
        Self { value: None, is_read: true }
    }

    fn right(value: Json) -> Self {
        Self { value: Some(value), is_read: true }
    }

    fn wrong(value: Json) -> Self {
        Self { value: Some(value), is_read: false }
    }

    /// Whether there is a value. `null` is an error by itself, and says neither that something is set nor that it is not.
    fn is_present(&self) -> bool {
        self.value.as_ref().is_some_and(|value| *value != Json::Null)
    }

    /// Whether this is certainly one of these texts; absent counts as `Allowed`.
    fn is(&self, texts: &[&str]) -> bool {
        let allowed = Json::text("Allowed");
        let value = self.value.as_ref().unwrap_or(&allowed);
        self.is_read && texts.iter().any(|text| *value == Json::text(text))
    }
}

fn program() -> Json {
    Json::object([("Description", Json::text("beta")), ("Token", Json::text("x"))])
}

/// The errors across the keys of `Beta`. A value that is wrong by itself has its own error, and tells nothing here but that its
/// key is present.
fn judge_beta(enrollment: &Choice, offer: &Choice, require: &Choice) -> Errors {
    let mut errors = Errors::new();
    if offer.is_present() && enrollment.is(&["AlwaysOff"]) {
        note(&mut errors, "beta-offer-while-off", "/Payload/Beta/OfferPrograms");
    }
    if offer.is_present() && require.is_present() {
        note(&mut errors, "beta-offer-beside-require", "/Payload/Beta/OfferPrograms");
    }
    if require.is_present() && enrollment.is(&["Allowed", "AlwaysOff"]) {
        note(&mut errors, "beta-require-without-always-on", "/Payload/Beta/RequireProgram");
    }
    errors
}

/// There are few enough combinations to try all of them, in every order of the keys.
#[test]
fn the_keys_of_beta_agree_with_one_another() {
    let enrollments = [
        Choice::absent(),
        Choice::right(Json::text("Allowed")),
        Choice::right(Json::text("AlwaysOn")),
        Choice::right(Json::text("AlwaysOff")),
        Choice::wrong(Json::text("alwaysOff")),
        Choice::wrong(Json::text("")),
        Choice::wrong(Json::Boolean(true)),
        Choice::wrong(Json::Null),
    ];
    let offers = [
        Choice::absent(),
        Choice::right(Json::Array(Vec::new())),
        Choice::right(Json::Array(vec![program()])),
        Choice::right(Json::Array(vec![program(), program()])),
        Choice::wrong(Json::Array(vec![Json::text("x")])),
        Choice::wrong(program()),
        Choice::wrong(Json::Null),
    ];
    let requires = [
        Choice::absent(),
        Choice::right(program()),
        Choice::wrong(Json::object([])),
        Choice::wrong(Json::text("x")),
        Choice::wrong(Json::Null),
    ];
    for enrollment in &enrollments {
        for offer in &offers {
            for require in &requires {
                let expected = judge_beta(enrollment, offer, require);
                let keys = [("ProgramEnrollment", enrollment), ("OfferPrograms", offer), ("RequireProgram", require)];
                for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
                    let members = order.map(|at| keys[at]).into_iter();
                    let members = members.filter_map(|(name, choice)| Some((name.to_owned(), choice.value.clone()?)));
                    let beta = Json::Object(members.collect());
                    let text = declaration("settings", "x", Json::object([("Beta", beta)])).to_string();
                    let mut found = found(&text);
                    found.retain(|(rule, _)| rule.starts_with("beta-"));
                    assert_eq!(expected, found, "expected left, found right: {text}");
                }
            }
        }
    }
}

fn declaration(kind: &str, identifier: &str, payload: Json) -> Json {
    let kind = format!("com.apple.configuration.softwareupdate.{kind}");
    Json::object([("Type", Json::Text(kind)), ("Identifier", Json::text(identifier)), ("Payload", payload)])
}

// ---- Forms ----

/// Two or three numbers with dots between them.
fn is_os_version(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    (2..=3).contains(&parts.len()) && parts.iter().all(|part| is_digits(part))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Digits, one capital letter, digits, at most one lower-case letter.
fn is_build_version(text: &str) -> bool {
    let Some(capital) = text.find(|letter: char| !letter.is_ascii_digit()) else { return false };
    let (train, rest) = text.split_at(capital);
    let Some(rest) = rest.strip_prefix(|letter: char| letter.is_ascii_uppercase()) else { return false };
    is_digits(train) && is_digits(rest.strip_suffix(|letter: char| letter.is_ascii_lowercase()).unwrap_or(rest))
}

/// `YYYY-MM-DDTHH:MM:SS`, a day of the calendar and a time of day.
fn is_local_date_time(text: &str) -> bool {
    let shape = "dddd-dd-ddTdd:dd:dd";
    let fits = |(letter, wanted): (char, char)| if wanted == 'd' { letter.is_ascii_digit() } else { letter == wanted };
    if text.chars().count() != shape.len() || !text.chars().zip(shape.chars()).all(fits) {
        return false;
    }
    let number = |at: usize, length: usize| text[at..at + length].parse::<u32>().expect("these are digits");
    let (year, month, day) = (number(0, 4), number(5, 2), number(8, 2));
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap => 29,
        2 => 28,
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day) && number(11, 2) < 24 && number(14, 2) < 60 && number(17, 2) < 60
}

fn is_identifier(text: &str) -> bool {
    (1..=64).contains(&text.len())
}

/// Characters of the forms, and of what people write instead. None begins a placeholder.
const NEAR: &str = "0123569.-:TtZAEav+/() \u{663}Éé";

/// A text that has been edited in up to two places.
fn edited(texts: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
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

fn os_versions() -> impl Strategy<Value = String> {
    let part = select(vec!["0", "1", "26", "15", "7", "10", "100"]);
    edited(prop::collection::vec(part, 1..5).prop_map(|parts| parts.join(".")))
}

fn build_versions() -> impl Strategy<Value = String> {
    edited(select(vec!["21E219", "25D771280a", "24A5418b", "23G6083", "9A1", "26.1", ""]).prop_map(str::to_owned))
}

fn local_date_times() -> impl Strategy<Value = String> {
    let year = select(vec![1900, 2000, 2024, 2025, 2026, 2028, 2100]);
    // February is where calendars go wrong.
    let month = prop_oneof![4 => 0..14_u32, 1 => Just(2)];
    let day = prop_oneof![2 => 1..29_u32, 1 => 28..33_u32, 1 => Just(0)];
    let time = (0..26_u32, 0..62_u32, 0..62_u32);
    let texts = (year, month, day, time).prop_map(|(year, month, day, (hour, minute, second))| {
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")
    });
    edited(texts)
}

/// Whether some platform has a release of this version with this build, as far as the train tells. Of texts that are no version and build
/// nothing is said.
fn is_pair(version: &str, build: &str) -> bool {
    if !is_os_version(version) || !is_build_version(build) {
        return true;
    }
    let major: i64 = version.split('.').next().and_then(|major| major.parse().ok()).expect("a version begins with a number");
    let digits: String = build.chars().take_while(char::is_ascii_digit).collect();
    let Ok(train) = digits.parse::<i64>() else { return true };
    // iOS, iPadOS and tvOS; visionOS; watchOS; macOS, whose versions before 11 were all called 10.
    let majors = match train {
        23.. => [train + 3, train + 3, train + 3, if train <= 24 { train - 9 } else { train + 1 }],
        20..23 => [train - 4, train - 20, train - 11, train - 9],
        _ => [train - 4, -1, train - 11, 10],
    };
    majors.contains(&major)
}

/// Texts around 64 octets, of characters with one to four octets each.
fn identifiers() -> impl Strategy<Value = String> {
    let letters = || select(vec!["a", "ü", "€", "\u{1F600}"]);
    prop_oneof![
        (letters(), 0..66_usize, 0..4_usize).prop_map(|(letter, count, more)| letter.repeat(count) + &"x".repeat(more)),
        (letters(), 60..70_usize)
            .prop_map(|(letter, length)| letter.repeat(length / letter.len()) + &"x".repeat(length % letter.len())),
    ]
}

proptest! {
    #![proptest_config(config(3000))]

    #[test]
    fn strings_have_the_forms_that_apple_describes(
        version in os_versions(),
        build in build_versions(),
        time in local_date_times(),
        identifier in identifiers(),
        token in identifiers(),
    ) {
        let payload = Json::object([
            ("TargetOSVersion", Json::text(&version)),
            ("TargetBuildVersion", Json::text(&build)),
            ("TargetLocalDateTime", Json::text(&time)),
        ]);
        let mut document = declaration("enforcement.specific", &identifier, payload);
        if let Json::Object(members) = &mut document {
            members.push(("ServerToken".to_owned(), Json::text(&token)));
        }
        let mut expected = Errors::new();
        for (is_right, rule, pointer) in [
            (is_os_version(&version), "invalid-os-version", "/Payload/TargetOSVersion"),
            (is_build_version(&build), "invalid-build-version", "/Payload/TargetBuildVersion"),
            (is_local_date_time(&time), "invalid-local-date-time", "/Payload/TargetLocalDateTime"),
            (is_identifier(&identifier), "invalid-identifier", "/Identifier"),
            (is_identifier(&token), "invalid-server-token", "/ServerToken"),
            (is_pair(&version, &build), "build-version-mismatch", "/Payload/TargetBuildVersion"),
        ] {
            if !is_right {
                note(&mut expected, rule, pointer);
            }
        }
        prop_assert_eq!(&expected, &found(&document.to_string()), "expected left, found right: {}", document);
    }
}

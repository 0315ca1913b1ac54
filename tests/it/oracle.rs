//! Checks `ddmc::check` against an independent reading of Apple's schema.
//!
//! The program has the schema as tables in its source. These tests read Apple's YAML, generate random documents from
//! it, break them in random places, derive the expected errors and their places from the YAML alone, and require
//! exactly the same errors from the program. Rules that are not in the YAML (across the keys of `Beta`; the formats
//! of versions, builds, times and identifiers) are implemented again from Apple's prose.
//!
//! The tests share no code with the program, not even a JSON parser.

use std::collections::{BTreeMap, BTreeSet};

use ddmc::{Severity, check};
use proptest::prelude::*;

use crate::support::{
    Json, Key, Members, Schema, build_versions, config, document, identifiers, local_date_times, os_versions, shared, smallest,
    thorough, wildcard,
};

/// The errors of a document: rule and JSON pointer.
pub(crate) type Errors = BTreeSet<(String, String)>;

// ---- Expected errors ----

/// Derives the errors of a document. Returns `None` if the schema does not decide: an object without envelope keys, or
/// whose keys are all in the payload of one type, may be a payload, and a misspelled envelope key such as `payload` is
/// read as the intended one.
pub(crate) fn judge(document: &Json, schema: &Schema) -> Option<Errors> {
    let Json::Object(members) = document else { return None };
    let is_envelope = |name: &str| schema.envelope.iter().any(|key| key.name == name);
    let resembles = |name: &str| schema.envelope.iter().any(|key| key.name.eq_ignore_ascii_case(name));
    if !members.iter().any(|(name, _)| is_envelope(name)) || members.iter().any(|(name, _)| resembles(name) && !is_envelope(name))
    {
        return None;
    }
    let name = document.member("Type");
    let is_apple = matches!(name, Some(Json::Text(name)) if name.starts_with("com.apple."));
    let has = |keys: &[Key], name: &str| keys.iter().any(|key| key.name == name);
    if !is_apple && schema.types.iter().any(|page| members.iter().all(|(name, _)| has(&page.payloadkeys, name))) {
        return None;
    }
    let mut errors = Errors::new();
    judge_members(members, &schema.envelope, "", &mut errors);
    for (_, value) in members.iter().filter(|(name, _)| name == "Type") {
        if matches!(value, Json::Text(name) if schema.find(name).is_none()) {
            note(&mut errors, "unknown-type", "/Type");
        }
    }
    if let Some(Json::Text(name)) = name
        && let Some(page) = schema.find(name)
        && let Some(Json::Object(payload)) = document.member("Payload")
    {
        judge_members(payload, &page.payloadkeys, "/Payload", &mut errors);
    }
    Some(errors)
}

fn note(errors: &mut Errors, rule: &str, pointer: &str) {
    errors.insert((rule.to_owned(), pointer.to_owned()));
}

fn judge_members(members: &Members, keys: &[Key], pointer: &str, errors: &mut Errors) {
    for (at, (name, value)) in members.iter().enumerate() {
        let place = format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"));
        if members[..at].iter().any(|(other, _)| other == name) {
            note(errors, "duplicate-key", &place);
        }
        match wildcard(keys).or_else(|| keys.iter().find(|key| key.name == *name)) {
            Some(key) => judge_value(value, key, &place, errors),
            None => note(errors, "unknown-key", &place),
        }
    }
    let has = |key: &Key| members.iter().any(|(name, _)| *name == key.name);
    if wildcard(keys).is_none() && keys.iter().any(|key| key.is_required() && !has(key)) {
        note(errors, "missing-key", pointer);
    }
}

fn judge_value(value: &Json, key: &Key, pointer: &str, errors: &mut Errors) {
    match (key.kind.as_str(), value) {
        ("<boolean>", Json::Boolean(_)) | ("<real>", Json::Number(_)) | ("<date>", Json::Text(_)) => {}
        ("<integer>", Json::Number(text)) => judge_number(text, key, pointer, errors),
        ("<string>", Json::Text(text)) => {
            if !key.rangelist.is_empty() && !key.rangelist.contains(text) {
                note(errors, "unknown-value", pointer);
            }
        }
        ("<data>", Json::Text(text)) => {
            if !is_base64(text) {
                note(errors, "invalid-data", pointer);
            }
        }
        ("<any>", _) => judge_free(value, pointer, errors),
        // The type determines the contents of `Payload`.
        ("<dictionary>", Json::Object(_)) if pointer == "/Payload" => {}
        ("<dictionary>", Json::Object(_)) if key.subkeys.is_empty() => judge_free(value, pointer, errors),
        ("<dictionary>", Json::Object(members)) => judge_members(members, &key.subkeys, pointer, errors),
        ("<array>", Json::Array(items)) => {
            let Some(item) = key.item() else { return judge_free(value, pointer, errors) };
            let count = i128::try_from(items.len()).expect("it is small");
            if item.repetition.is_some_and(|bounds| !bounds.contains(count)) {
                note(errors, "out-of-range", pointer);
            }
            for (at, value) in items.iter().enumerate() {
                judge_value(value, item, &format!("{pointer}/{at}"), errors);
            }
        }
        _ => note(errors, "wrong-type", pointer),
    }
}

/// Judges a value that can be anything.
fn judge_free(value: &Json, pointer: &str, errors: &mut Errors) {
    let anything = Key { kind: "<any>".to_owned(), ..Key::default() };
    match value {
        Json::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                judge_free(item, &format!("{pointer}/{at}"), errors);
            }
        }
        Json::Object(members) => {
            let keys = [Key { name: "ANY".to_owned(), ..anything }];
            judge_members(members, &keys, pointer, errors);
        }
        _ => {}
    }
}

fn judge_number(text: &str, key: &Key, pointer: &str, errors: &mut Errors) {
    if !is_whole(text) {
        return note(errors, "wrong-type", pointer);
    }
    // A float is inexact only for numbers far out of range.
    #[expect(clippy::cast_possible_truncation, reason = "the number is whole")]
    let number = text.parse::<f64>().expect("Rust parses JSON numbers") as i128;
    let is_listed = |value: &String| value.parse() == Ok(number);
    // A device reads an integer into 64 bits.
    let is_right = i64::try_from(number).is_ok()
        && key.range.is_none_or(|range| range.contains(number))
        && (key.rangelist.is_empty() || key.rangelist.iter().any(is_listed));
    if !is_right {
        note(errors, "out-of-range", pointer);
    }
}

/// Whether a JSON number is an integer: after shifting the point by the exponent, only zeros follow it.
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

/// Groups of four characters of base64, the last one padded. White space does not count.
fn is_base64(text: &str) -> bool {
    let text: String = text.chars().filter(|letter| !letter.is_ascii_whitespace()).collect();
    let digits = text.strip_suffix("==").or_else(|| text.strip_suffix('=')).unwrap_or(&text);
    text.len().is_multiple_of(4) && digits.chars().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '+' | '/'))
}

// ---- Findings of the program ----

fn found(document: &str) -> Errors {
    let findings = check("oracle.json", document.as_bytes());
    let errors = findings.into_iter().filter(|finding| finding.severity == Severity::Error);
    errors.map(|finding| (finding.rule.id.to_string(), finding.place.pointer)).collect()
}

/// Rules that are not in the YAML. They have their own tests below.
pub(crate) const NOT_IN_THE_SCHEMA: &[&str] = &[
    "beta-offer-beside-require",
    "beta-offer-while-off",
    "beta-require-without-always-on",
    "build-version-mismatch",
    "conflicting-keys",
    "invalid-build-version",
    "invalid-details-url",
    "invalid-identifier",
    "invalid-local-date-time",
    "invalid-os-version",
    "invalid-predicate",
    "invalid-server-token",
    "missing-alternative",
];

/// The expected and the found errors of a document, if the schema decides.
fn compare(document: &Json, schema: &Schema) -> Option<(Errors, Errors)> {
    let expected = judge(document, schema)?;
    let mut found = found(&document.to_string());
    found.retain(|(rule, _)| !NOT_IN_THE_SCHEMA.contains(&rule.as_str()));
    let mut expected = masked(expected, &found);
    forget_what_was_meant(&mut expected, &mut found);
    Some((expected, found))
}

/// Removes what the program says because it judges misspelled names as those that were meant: errors in their values, and
/// no errors about the missing keys. Which name was meant is not in the schema.
pub(crate) fn forget_what_was_meant(expected: &mut Errors, found: &mut Errors) {
    let unknown: Vec<String> = expected.iter().filter(|(rule, _)| rule == "unknown-key").map(|(_, at)| at.clone()).collect();
    let is_of_envelope = |key: &String| key.matches('/').count() == 1;
    let is_misspelled = expected.contains(&("unknown-type".to_owned(), "/Type".to_owned())) || unknown.iter().any(is_of_envelope);
    found.retain(|(rule, at)| {
        let is_judged = unknown
            .iter()
            .any(|key| at == key && rule != "unknown-key" && rule != "duplicate-key" || at.starts_with(&format!("{key}/")));
        let is_of_type = is_misspelled && at.starts_with("/Payload");
        expected.contains(&(rule.clone(), at.clone())) || !(is_judged || is_of_type)
    });
    let has_unknown = |object: &str| unknown.iter().any(|key| key.rsplit_once('/').is_some_and(|(home, _)| home == object));
    expected.retain(|error| found.contains(error) || !(error.0 == "missing-key" && has_unknown(&error.1)));
}

/// The expected errors, with `•••` for each long key that the program hides because a secret may stand in its place.
pub(crate) fn masked(expected: Errors, found: &Errors) -> Errors {
    let is_step = |(wanted, step): (&str, &str)| wanted == step || step == "•••" && wanted.len() >= 12;
    let is_same = |wanted: &str, pointer: &str| {
        wanted.split('/').count() == pointer.split('/').count() && wanted.split('/').zip(pointer.split('/')).all(is_step)
    };
    let mask = |error: (String, String)| {
        let other = found.iter().find(|(rule, pointer)| *rule == error.0 && is_same(&error.1, pointer));
        if found.contains(&error) { error } else { other.cloned().unwrap_or(error) }
    };
    expected.into_iter().map(mask).collect()
}

#[test]
fn documents_have_the_errors_that_the_schema_implies() {
    let Some(release) = shared("oracle") else { return };
    let schema = Schema::read(&release);
    assert_eq!(schema.types.len(), 60);
    let mut seen = BTreeMap::<String, usize>::new();
    for seed in 0..5000 * thorough() {
        let document = document(&schema, seed);
        let Some((expected, found)) = compare(&document, &schema) else { continue };
        let differs = |document: &Json| compare(document, &schema).is_some_and(|(expected, found)| expected != found);
        if expected != found {
            let document = smallest(document, differs);
            let (expected, found) = compare(&document, &schema).expect("it differs");
            panic!("seed {seed}: {document}\nexpected: {expected:?}\nfound: {found:?}");
        }
        let Some(Json::Text(name)) = document.member("Type") else { continue };
        if expected.is_empty() {
            *seen.entry(format!("valid {name}")).or_default() += 1;
        }
        for (rule, pointer) in &expected {
            *seen.entry(rule.clone()).or_default() += 1;
            if pointer.starts_with("/Payload") {
                *seen.entry(format!("broken {name}")).or_default() += 1;
            }
        }
    }
    // What hardly occurred would be untested.
    let times = |what: &str| seen.get(what).copied().unwrap_or(0);
    for rule in ["duplicate-key", "missing-key", "out-of-range", "unknown-key", "unknown-type", "unknown-value", "wrong-type"] {
        assert!(times(rule) >= 50, "{rule} occurred only {} times", times(rule));
    }
    // Three keys hold data.
    assert!(times("invalid-data") >= 10, "invalid-data occurred only {} times", times("invalid-data"));
    for page in &schema.types {
        let name = &page.payload.declarationtype;
        let (valid, broken) = (times(&format!("valid {name}")), times(&format!("broken {name}")));
        let is_free = wildcard(&page.payloadkeys).is_some();
        assert!(valid >= 5 && (broken >= 5 || is_free), "{name}: {valid} valid documents, {broken} errors");
    }
}

// ---- Rules across keys ----

/// A value of a key, or its absence, and whether the value is valid.
struct Choice {
    value: Option<Json>,
    is_valid: bool,
}

impl Choice {
    fn absent() -> Self {
        Self { value: None, is_valid: true }
    }

    fn valid(value: Json) -> Self {
        Self { value: Some(value), is_valid: true }
    }

    fn invalid(value: Json) -> Self {
        Self { value: Some(value), is_valid: false }
    }

    /// Whether the key has a value other than `null`, which is an error by itself.
    fn is_present(&self) -> bool {
        self.value.as_ref().is_some_and(|value| *value != Json::Null)
    }

    /// Whether the value is valid and one of these texts. An absent value counts as `Allowed`.
    fn is(&self, texts: &[&str]) -> bool {
        let allowed = Json::text("Allowed");
        let value = self.value.as_ref().unwrap_or(&allowed);
        self.is_valid && texts.iter().any(|text| *value == Json::text(text))
    }
}

fn program() -> Json {
    Json::object([("Description", Json::text("beta")), ("Token", Json::text("x"))])
}

/// The errors across the keys of `Beta`. An invalid value has its own error; here it only counts as present.
fn judge_beta(enrollment: &Choice, offer: &Choice, require: &Choice) -> Errors {
    let mut errors = Errors::new();
    if offer.is_present() && enrollment.is(&["AlwaysOff"]) {
        note(&mut errors, "beta-offer-while-off", "/Payload/Beta/OfferPrograms");
    }
    // If both have a wrong type, neither is known to be meant.
    let is_meant = matches!(offer.value, Some(Json::Array(_))) || matches!(require.value, Some(Json::Object(_)));
    if is_meant && offer.is_present() && require.is_present() {
        note(&mut errors, "beta-offer-beside-require", "/Payload/Beta/OfferPrograms");
    }
    if require.is_present() && enrollment.is(&["Allowed", "AlwaysOff"]) {
        note(&mut errors, "beta-require-without-always-on", "/Payload/Beta/RequireProgram");
    }
    errors
}

/// Tries all combinations, in every order of the keys.
#[test]
fn beta_keys_are_checked_in_every_combination() {
    let enrollments = [
        Choice::absent(),
        Choice::valid(Json::text("Allowed")),
        Choice::valid(Json::text("AlwaysOn")),
        Choice::valid(Json::text("AlwaysOff")),
        Choice::invalid(Json::text("alwaysOff")),
        Choice::invalid(Json::text("")),
        Choice::invalid(Json::Boolean(true)),
        Choice::invalid(Json::Null),
    ];
    let offers = [
        Choice::absent(),
        Choice::valid(Json::Array(Vec::new())),
        Choice::valid(Json::Array(vec![program()])),
        Choice::valid(Json::Array(vec![program(), program()])),
        Choice::invalid(Json::Array(vec![Json::text("x")])),
        Choice::invalid(program()),
        Choice::invalid(Json::Null),
    ];
    let requires = [
        Choice::absent(),
        Choice::valid(program()),
        Choice::invalid(Json::object([])),
        Choice::invalid(Json::text("x")),
        Choice::invalid(Json::Null),
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

// ---- String formats ----

/// Two or three numbers, separated by dots.
fn is_os_version(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    (2..=3).contains(&parts.len()) && parts.iter().all(|part| is_digits(part))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Digits, one upper-case letter, digits, and at most one lower-case letter.
fn is_build_version(text: &str) -> bool {
    let Some(capital) = text.find(|letter: char| !letter.is_ascii_digit()) else { return false };
    let (train, rest) = text.split_at(capital);
    let Some(rest) = rest.strip_prefix(|letter: char| letter.is_ascii_uppercase()) else { return false };
    is_digits(train) && is_digits(rest.strip_suffix(|letter: char| letter.is_ascii_lowercase()).unwrap_or(rest))
}

/// `YYYY-MM-DDTHH:MM:SS`, with a valid date and time.
fn is_local_date_time(text: &str) -> bool {
    let format = "dddd-dd-ddTdd:dd:dd";
    let fits = |(letter, wanted): (char, char)| if wanted == 'd' { letter.is_ascii_digit() } else { letter == wanted };
    if text.chars().count() != format.len() || !text.chars().zip(format.chars()).all(fits) {
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

/// Whether some platform has this train of builds for this version. True if either text is invalid.
fn is_pair(version: &str, build: &str) -> bool {
    if !is_os_version(version) || !is_build_version(build) {
        return true;
    }
    let major: i64 = version.split('.').next().and_then(|major| major.parse().ok()).expect("a version begins with a number");
    let digits: String = build.chars().take_while(char::is_ascii_digit).collect();
    let Ok(train) = digits.parse::<i64>() else { return true };
    // iOS, iPadOS and tvOS; visionOS; watchOS; macOS, whose versions before 11 all have the major version 10.
    let majors = match train {
        23.. => [train + 3, train + 3, train + 3, if train <= 24 { train - 9 } else { train + 1 }],
        20..23 => [train - 4, train - 20, train - 11, train - 9],
        _ => [train - 4, -1, train - 11, 10],
    };
    majors.contains(&major)
}

/// Whether some device that takes enforcements, with a build, may install this version. True if the text is invalid.
fn is_possible(version: &str) -> bool {
    if !is_os_version(version) {
        return true;
    }
    let mut numbers: Vec<u64> = version.split('.').map(|number| number.parse().unwrap_or(u64::MAX)).collect();
    numbers.resize(3, 0);
    // The first version with enforcements, and the last major version before 26: iOS, macOS, tvOS, visionOS.
    let platforms = [([17, 0, 0], 18), ([14, 0, 0], 15), ([18, 4, 0], 18), ([26, 0, 0], 2)];
    platforms.iter().any(|(first, last)| numbers.as_slice() >= first.as_slice() && (numbers[0] <= *last || numbers[0] >= 26))
}

proptest! {
    #![proptest_config(config(3000))]

    #[test]
    fn strings_are_checked_against_apples_formats(
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
        // If they are swapped, the finding about the version says so.
        let are_swapped = is_build_version(&version) && is_os_version(&build);
        for (is_right, rule, pointer) in [
            (is_os_version(&version), "invalid-os-version", "/Payload/TargetOSVersion"),
            (is_build_version(&build) || are_swapped, "invalid-build-version", "/Payload/TargetBuildVersion"),
            (is_local_date_time(&time), "invalid-local-date-time", "/Payload/TargetLocalDateTime"),
            (is_identifier(&identifier), "invalid-identifier", "/Identifier"),
            (is_identifier(&token), "invalid-server-token", "/ServerToken"),
            (is_possible(&version), "impossible-release", "/Payload/TargetOSVersion"),
            (!is_possible(&version) || is_pair(&version, &build), "build-version-mismatch", "/Payload/TargetBuildVersion"),
        ] {
            if !is_right {
                note(&mut expected, rule, pointer);
            }
        }
        prop_assert_eq!(&expected, &found(&document.to_string()), "expected left, found right: {}", document);
    }
}

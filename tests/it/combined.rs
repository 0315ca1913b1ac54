//! Checks the merge of every combined type against an independent reading of Apple's combine rules.
//!
//! These tests read Apple's YAML, generate random sets of declarations from it, and combine them from the YAML alone.
//! They share no code with the program.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use ddmc::{Declarations, MergeOptions, Refused};
use serde_json::{Map, Value, json};

use crate::support::{Key, Page, Schema, shared, thorough, wildcard};

/// The sets of each type that the library merges, and those that the command merges.
const SETS: u64 = 60;
const COMMANDS: u64 = 3;

fn combined_types(schema: &Schema) -> Vec<&Page> {
    schema.types.iter().filter(|page| page.payload.apply == "combined").collect()
}

// ---- Random declarations without errors ----

struct Random<'t> {
    dice: fastrand::Rng,
    /// The type without `com.apple.configuration.`.
    kind: &'t str,
    /// Whether keys without a rule always have the same value.
    agrees: bool,
}

impl Random<'_> {
    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.dice.usize(..from.len())]
    }

    /// A value of a key without a rule.
    fn disputed<'a>(&mut self, from: &[&'a str; 2]) -> &'a str {
        if self.agrees { from[0] } else { self.pick(from) }
    }

    fn members(&mut self, keys: &[Key], path: &[&str]) -> Map<String, Value> {
        if let Some(any) = wildcard(keys) {
            let count = self.dice.usize(..3);
            return (0..count).map(|_| (self.name(path), self.value(any, &[path, &["ANY"]].concat()))).collect();
        }
        let mut members = Map::new();
        for key in keys {
            if key.is_required() || self.dice.u8(..10) < 6 {
                members.insert(key.name.clone(), self.value(key, &[path, &[key.name.as_str()]].concat()));
            }
        }
        self.repair(&mut members, path);
        members
    }

    /// The name of a member of a map.
    fn name(&mut self, path: &[&str]) -> String {
        let names = match path.last().copied() {
            Some("Description") => ["de", "fr"],
            Some("ManagedExtensions") => ["com.example.a (ABCDEFGHIJ)", "com.example.b (ABCDEFGHIJ)"],
            _ => ["a.example.com", "b.example.com"],
        };
        self.pick(&names).to_owned()
    }

    /// Makes the members obey what Apple says in prose.
    fn repair(&mut self, members: &mut Map<String, Value>, path: &[&str]) {
        let has = |members: &Map<String, Value>, key| members.contains_key(key);
        match path.last().copied() {
            Some("BinaryIdentifier") if !has(members, "CDHash") && !has(members, "TeamID") => {
                members.insert("TeamID".to_owned(), json!("AAAAAAAAAA"));
            }
            Some("NewTabStartPage") => {
                let kind = members["PageType"].as_str().unwrap_or_default().to_owned();
                members.retain(|key, _| key == "PageType");
                match kind.as_str() {
                    "Home" => members
                        .insert("HomepageURL".to_owned(), json!(self.disputed(&["https://a.example/", "https://b.example/"]))),
                    "Extension" => members.insert("ExtensionIdentifier".to_owned(), json!("com.example.a (ABCDEFGHIJ)")),
                    _ => None,
                };
            }
            Some("bookmarks-item" | "folder-item") if has(members, "URL") => {
                members.remove("Folder");
            }
            Some("bookmarks-item" | "folder-item") if !has(members, "Folder") => {
                members.insert("URL".to_owned(), json!("https://c.example/"));
            }
            Some("UnpairingTime") => {
                members.entry("Hour").or_insert_with(|| json!(3));
            }
            Some("TemporaryPairing") if members.get("Disabled") != Some(&json!(true)) => {
                members.entry("Configuration").or_insert_with(|| json!({ "UnpairingTime": { "Policy": "None" } }));
            }
            Some("Beta") => {
                // One program is required or several are offered, in all declarations alike.
                members.insert("ProgramEnrollment".to_owned(), json!("AlwaysOn"));
                members.remove(if self.agrees { "OfferPrograms" } else { "RequireProgram" });
            }
            // Devices refuse to install without downloading.
            Some("AutomaticActions") if members.get("Download") == Some(&json!("AlwaysOff")) => {
                members.remove("Download");
            }
            _ => {}
        }
    }

    fn value(&mut self, key: &Key, path: &[&str]) -> Value {
        match key.kind.as_str() {
            "<boolean>" => json!(self.dice.bool()),
            "<integer>" => {
                let range = key.range.unwrap_or_default();
                let min = range.min.unwrap_or(0);
                json!(self.dice.i64(min..=range.max.unwrap_or(min + 40)))
            }
            "<string>" if key.name == "PageType" => {
                let all: Vec<&str> = key.rangelist.iter().map(String::as_str).collect();
                json!(if self.agrees { all[1] } else { self.pick(&all) })
            }
            "<string>" if !key.rangelist.is_empty() => {
                let all: Vec<&str> = key.rangelist.iter().map(String::as_str).collect();
                json!(self.pick(&all))
            }
            "<string>" => json!(self.text(key, path)),
            "<dictionary>" => Value::Object(self.members(&key.subkeys, path)),
            "<array>" => {
                let item = key.item().expect("every array of a combined type has items");
                let most = if self.kind.starts_with("external-intelligence") { 2 } else { 4 };
                let count = if path.len() > 6 { 0 } else { self.dice.usize(..most) };
                (0..count).map(|_| self.value(item, &[path, &[item.name.as_str()]].concat())).collect()
            }
            other => panic!("{}: these tests do not know the type {other}", key.name),
        }
    }

    fn text(&mut self, key: &Key, path: &[&str]) -> String {
        let from: &[&str] = match key.name.as_str() {
            "CDHash" => &["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"],
            "TeamID" => &["AAAAAAAAAA", "BBBBBBBBBB"],
            "URL" => &["https://a.example/", "https://b.example/"],
            "_ExcludedPaths" | "_RequiredPaths" => &["~/a", "~/b", "~/c"],
            "Domain" => &["a.example", "b.example", "c.example"],
            "Name" => &["device.model.family", "passcode.is-present", "device.operating-system.version"],
            "Regex" => return self.disputed(&["[a-z]{4}", "[a-z]{6}"]).to_owned(),
            "OrganizationJustification" | "ANY" => return self.disputed(&["Because", "For work"]).to_owned(),
            "Title" if !path.contains(&"Bookmarks") => return self.disputed(&["Tools", "Our tools"]).to_owned(),
            _ => &["a", "b", "c"],
        };
        self.pick(from).to_owned()
    }
}

/// The payloads of two to six declarations.
fn payloads(page: &Page, seed: u64) -> Vec<Value> {
    let kind = page.payload.declarationtype.trim_start_matches("com.apple.configuration.");
    let dice = fastrand::Rng::with_seed(seed);
    let mut random = Random { dice, kind, agrees: !seed.is_multiple_of(3) };
    let count = 2 + random.dice.usize(..5);
    (0..count).map(|_| Value::Object(random.members(&page.payloadkeys, &[]))).collect()
}

// ---- Apple's rules ----

/// Different values of a key without a rule.
#[derive(Debug)]
struct Undefined;

fn combine_members(keys: &[Key], all: &[&Value]) -> Result<Value, Undefined> {
    let mut names: Vec<&String> = all.iter().filter_map(|one| one.as_object()).flat_map(Map::keys).collect();
    names.sort();
    names.dedup();
    let mut combined = Map::new();
    for name in names {
        let key = wildcard(keys).or_else(|| keys.iter().find(|key| key.name == *name)).expect("the YAML has the key");
        let values: Vec<&Value> = all.iter().filter_map(|one| one.get(name)).collect();
        combined.insert(name.clone(), combine_values(key, &values)?);
    }
    Ok(Value::Object(combined))
}

fn combine_values(key: &Key, values: &[&Value]) -> Result<Value, Undefined> {
    let numbers = || values.iter().map(|value| value.as_i64().expect("it is an integer"));
    let is_any = |wanted: bool| values.iter().any(|value| **value == json!(wanted));
    let ranks = || values.iter().map(|value| key.rangelist.iter().position(|word| *value == word).expect("it is in the list"));
    let items = || values.iter().flat_map(|value| value.as_array().expect("it is an array"));
    Ok(match key.combine.as_deref() {
        Some("boolean-and") => json!(!is_any(false)),
        Some("boolean-or") => json!(is_any(true)),
        Some("number-min") => json!(numbers().min()),
        Some("number-max") => json!(numbers().max()),
        Some("enum-first") => json!(key.rangelist[ranks().min().expect("there is a value")]),
        Some("enum-last") => json!(key.rangelist[ranks().max().expect("there is a value")]),
        Some("first") => values[0].clone(),
        Some("array-append") => items().cloned().collect(),
        Some("set-union") => set(items().cloned().collect()),
        Some("set-intersection") => {
            let is_common = |item: &&Value| values.iter().all(|value| value.as_array().is_some_and(|all| all.contains(item)));
            set(items().filter(is_common).cloned().collect())
        }
        Some(other) => panic!("{}: these tests do not know the rule {other}", key.name),
        // Apple says in prose how these combine.
        None if key.name == "ManagedBookmarks" => {
            let mut groups: Vec<(Value, Vec<&Value>)> = Vec::new();
            for group in items() {
                let name = group["GroupIdentifier"].clone();
                match groups.iter_mut().find(|(other, _)| *other == name) {
                    Some((_, all)) => all.push(group),
                    None => groups.push((name, vec![group])),
                }
            }
            let item = key.item().expect("the array has items");
            let groups: Result<Vec<Value>, Undefined> =
                groups.iter().map(|(_, groups)| combine_members(&item.subkeys, groups)).collect();
            Value::Array(groups?)
        }
        None if key.kind == "<dictionary>" => combine_members(&key.subkeys, values)?,
        None if values.iter().all(|value| *value == values[0]) => values[0].clone(),
        None => return Err(Undefined),
    })
}

/// Apple defines no order for the members of a set.
fn set(mut items: Vec<Value>) -> Value {
    items.sort_by_key(Value::to_string);
    items.dedup();
    Value::Array(items)
}

/// Sorts the sets in a payload.
fn sorted(keys: &[Key], payload: &Value) -> Value {
    let Value::Object(members) = payload else { return payload.clone() };
    let member = |(name, value): (&String, &Value)| {
        let key = wildcard(keys).or_else(|| keys.iter().find(|key| key.name == *name)).expect("the YAML has the key");
        let value = match (key.combine.as_deref(), value) {
            (Some("set-union" | "set-intersection"), Value::Array(items)) => {
                let mut sorted = items.clone();
                sorted.sort_by_key(Value::to_string);
                Value::Array(sorted)
            }
            (None, Value::Object(_)) => sorted(&key.subkeys, value),
            _ => value.clone(),
        };
        (name.clone(), value)
    };
    Value::Object(members.iter().map(member).collect())
}

// ---- The program ----

fn declarations(page: &Page, payloads: &[Value]) -> Vec<Value> {
    let declaration = |(at, payload): (usize, &Value)| json!({ "Type": page.payload.declarationtype, "Identifier": format!("com.example.{at}"), "Payload": payload });
    payloads.iter().enumerate().map(declaration).collect()
}

/// The merged payload; `None` if the result is undefined.
fn merged(page: &Page, payloads: &[Value]) -> Option<Value> {
    let mut all = Declarations::new();
    for (at, declaration) in declarations(page, payloads).iter().enumerate() {
        all.read(&format!("{at}.json"), declaration.to_string().as_bytes());
    }
    match all.merge(&MergeOptions::default()) {
        Ok(merged) => {
            assert_eq!(merged.declarations.len(), 1, "{payloads:?}");
            Some(payload_of(&serde_json::from_str(&merged.declarations[0].text).expect("it is JSON")))
        }
        Err(Refused::Findings(findings)) => {
            let rules: Vec<&str> = findings.iter().map(|finding| &*finding.rule.id).collect();
            assert!(rules.contains(&"undefined-merge"), "{rules:?}: {payloads:?}");
            None
        }
        Err(other) => panic!("{other}: {payloads:?}"),
    }
}

fn payload_of(declaration: &Value) -> Value {
    declaration["Payload"].clone()
}

#[test]
fn merging_follows_apples_rules_for_every_combined_type() {
    let Some(folder) = shared("combined") else { return };
    let schema = Schema::read(&folder);
    let types = combined_types(&schema);
    assert_eq!(types.len(), 17);
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for page in types {
        for seed in 0..SETS * thorough() {
            let payloads = payloads(page, seed);
            let expected = combine_members(&page.payloadkeys, &payloads.iter().collect::<Vec<_>>()).ok();
            let found = merged(page, &payloads).map(|payload| sorted(&page.payloadkeys, &payload));
            assert_eq!(found, expected.as_ref().map(|payload| sorted(&page.payloadkeys, payload)), "{seed}: {payloads:?}");
            let (defined, undefined) = counts.entry(&page.payload.declarationtype).or_default();
            *(if expected.is_some() { defined } else { undefined }) += 1;
        }
    }
    assert!(counts.values().all(|(defined, _)| *defined > 20), "{counts:?}");
    let undefined = counts.values().filter(|(_, undefined)| *undefined > 0).count();
    assert_eq!(undefined, 4, "four types have keys without a rule: {counts:?}");
}

#[test]
fn the_command_merges_like_the_library() {
    let Some(folder) = shared("combined") else { return };
    let schema = Schema::read(&folder);
    let work = tempfile::tempdir().expect("a temporary folder can be made");
    for page in combined_types(&schema) {
        for seed in 0..COMMANDS {
            let payloads = payloads(page, seed);
            let text = Value::Array(declarations(page, &payloads)).to_string();
            fs::write(work.path().join("in.json"), text).expect("it can be written");
            let mut command = Command::new(env!("CARGO_BIN_EXE_ddmc"));
            let output = command.args(["merge", "--no-config", "in.json"]).current_dir(work.path()).output().expect("it runs");
            let Some(expected) = merged(page, &payloads) else {
                assert_eq!(output.status.code(), Some(1), "{payloads:?}");
                assert!(output.stdout.is_empty());
                continue;
            };
            let set: Value = serde_json::from_slice(&output.stdout).expect("the output is JSON");
            assert_eq!(set.as_array().map(Vec::len), Some(1));
            assert_eq!(payload_of(&set[0]), expected, "{payloads:?}");
        }
    }
}

#[test]
fn whole_payloads_obey_the_laws() {
    let Some(folder) = shared("combined") else { return };
    let schema = Schema::read(&folder);
    let has_rule = |keys: &[Key], rule: &str| -> bool {
        fn has(keys: &[Key], rule: &str, depth: usize) -> bool {
            depth < 6 && keys.iter().any(|key| key.combine.as_deref() == Some(rule) || has(&key.subkeys, rule, depth + 1))
        }
        has(keys, rule, 0)
    };
    for page in combined_types(&schema) {
        let keys = &page.payloadkeys;
        let appends = has_rule(keys, "array-append");
        for seed in 0..SETS / 3 * thorough() {
            let payloads = payloads(page, seed);
            let Some(all) = merged(page, &payloads) else { continue };
            let sorted = |payload: Option<Value>| payload.map(|payload| sorted(keys, &payload));
            let join = |payloads: &[Value]| merged(page, payloads).expect("a part of a defined result is defined");
            let (left, right) = payloads.split_at(payloads.len() / 2);
            let grouped = [join(left), join(right)];
            assert_eq!(sorted(merged(page, &grouped)), sorted(Some(all.clone())), "associative: {payloads:?}");
            if !appends {
                let again: Vec<Value> = payloads.iter().cloned().chain([all.clone()]).collect();
                assert_eq!(sorted(merged(page, &again)), sorted(Some(all.clone())), "idempotent: {payloads:?}");
            }
            if !appends && !has_rule(keys, "first") {
                let backwards: Vec<Value> = payloads.iter().rev().cloned().collect();
                assert_eq!(merged(page, &backwards), Some(all), "commutative: {payloads:?}");
            }
        }
    }
}

//! For every key, platform, version, enrolment and channel, `ddmc::check` agrees with an independent reading of Apple's
//! schema.

use std::collections::{BTreeMap, BTreeSet};

use ddmc::Checker;

use crate::support::{Facts, Json, Key, Members, Page, Platforms, Schema, shared, thorough, wildcard};

/// The rules about availability. No key of Apple's is removed yet.
const RULES: &[&str] =
    &["deprecated-key", "needs-newer-os", "needs-supervision", "removed-key", "unsupported-declaration", "unsupported-key"];

/// The first words of targets, their names in Apple's schema, and whether they are Shared iPads.
const PLATFORMS: &[(&str, &str, bool)] = &[
    ("iOS", "iOS", false),
    ("iPadOS", "iOS", false),
    ("iPadOS", "iOS", true),
    ("macOS", "macOS", false),
    ("tvOS", "tvOS", false),
    ("visionOS", "visionOS", false),
    ("watchOS", "watchOS", false),
];

/// The enrolments of Apple's schema, and the words of targets.
const ENROLMENTS: &[(&str, &str)] =
    &[("supervised", ""), ("device", ",unsupervised"), ("user", ",user-enrollment"), ("local", ",local-enrollment")];

/// The channels, which Apple's schema calls scopes, and the words of targets.
const CHANNELS: &[(&str, &str)] = &[("system", ""), ("user", ",user-channel")];

/// Rules by JSON pointer.
type Findings = BTreeSet<(String, String)>;

/// A device, in the words of Apple's schema.
struct Device<'a> {
    platform: &'a str,
    is_shared: bool,
    /// `None` is any version.
    version: Option<&'a str>,
    enrolment: &'a str,
    channel: &'a str,
}

impl Device<'_> {
    /// The facts about this platform.
    fn facts(&self, supported: &Platforms, outer: &Facts) -> Facts {
        supported.get(self.platform).map_or_else(|| outer.clone(), |facts| facts.inside(outer))
    }

    fn is_from(&self, version: Option<&String>) -> bool {
        self.version.zip(version).is_some_and(|(own, first)| numbers(own) >= numbers(first))
    }

    /// The rule that reports a key on this device.
    fn verdict(&self, facts: &Facts) -> Option<&'static str> {
        let Some(introduced) = facts.introduced.as_ref().filter(|version| *version != "n/a") else {
            return Some("unsupported-key");
        };
        let allows = |list: Option<&Vec<String>>, word: &str| list.is_none_or(|list| list.iter().any(|other| other == word));
        let scopes = if self.is_shared { facts.shared.as_ref().or(facts.scopes.as_ref()) } else { facts.scopes.as_ref() };
        let needs_supervision = facts.enrollments.as_ref().is_some_and(|list| list == &["supervised"]);
        if self.version.is_some() && !self.is_from(Some(introduced)) {
            Some("needs-newer-os")
        } else if self.is_from(facts.removed.as_ref()) {
            Some("removed-key")
        } else if !allows(facts.enrollments.as_ref(), self.enrolment) {
            Some(if needs_supervision { "needs-supervision" } else { "unsupported-key" })
        } else if !allows(scopes, self.channel) {
            Some("unsupported-key")
        } else {
            self.is_from(facts.deprecated.as_ref()).then_some("deprecated-key")
        }
    }

    fn expected(&self, document: &Json, page: &Page) -> Findings {
        let mut findings = Findings::new();
        let facts = self.facts(&page.payload.supported, &Facts::default());
        if self.verdict(&facts).is_some() {
            findings.insert(("/Type".to_owned(), "unsupported-declaration".to_owned()));
        } else if let Some(Json::Object(payload)) = document.member("Payload") {
            self.expect_members(payload, &page.payloadkeys, &facts, "/Payload", &mut findings);
        }
        findings
    }

    fn expect_members(&self, members: &Members, keys: &[Key], outer: &Facts, pointer: &str, findings: &mut Findings) {
        for (name, value) in members {
            let key = wildcard(keys).or_else(|| keys.iter().find(|key| key.name == *name)).expect("the document has known keys");
            self.expect(value, key, outer, &format!("{pointer}/{name}"), findings);
        }
    }

    /// A group only holds other keys, which are judged instead of it. A list and a map are judged, and the keys in them
    /// unless these are missing with it.
    fn expect(&self, value: &Json, key: &Key, outer: &Facts, pointer: &str, findings: &mut Findings) {
        let facts = self.facts(&key.supported, outer);
        let is_group = key.kind == "<dictionary>" && key.combine.is_none() && wildcard(&key.subkeys).is_none();
        let has_members = matches!(value, Json::Object(members) if !members.is_empty());
        if !(is_group && has_members)
            && let Some(rule) = self.verdict(&facts)
        {
            findings.insert((pointer.to_owned(), rule.to_owned()));
            return;
        }
        match value {
            Json::Object(members) if !key.subkeys.is_empty() => {
                self.expect_members(members, &key.subkeys, &facts, pointer, findings);
            }
            Json::Array(items) => {
                for (at, item) in items.iter().enumerate() {
                    if let Some(key) = key.item() {
                        self.expect(item, key, &facts, &format!("{pointer}/{at}"), findings);
                    }
                }
            }
            _ => {}
        }
    }
}

fn numbers(version: &str) -> Vec<u32> {
    let mut numbers: Vec<u32> = version.split('.').map(|part| part.parse().expect("a version is numbers")).collect();
    numbers.resize(3, 0);
    numbers
}

/// Documents of a type with every key. Groups deeper than the level are empty, since a group is judged only then.
fn documents(page: &Page) -> Vec<Json> {
    let mut all: Vec<Json> = Vec::new();
    for levels in [0, 1, 2, 9] {
        let document = Json::object([
            ("Type", Json::text(&page.payload.declarationtype)),
            ("Identifier", Json::text("com.example.all")),
            ("Payload", Json::Object(full(&page.payloadkeys, levels))),
        ]);
        if all.last() != Some(&document) {
            all.push(document);
        }
    }
    all
}

fn full(keys: &[Key], levels: usize) -> Members {
    let name = |key: &Key| if key.name == "ANY" { "x".to_owned() } else { key.name.clone() };
    keys.iter().map(|key| (name(key), value(key, levels))).collect()
}

/// A value of a key. Whether strings have the right format does not matter here.
fn value(key: &Key, levels: usize) -> Json {
    match key.kind.as_str() {
        "<boolean>" => Json::Boolean(true),
        "<integer>" | "<real>" => {
            let bound = key.range.and_then(|range| range.min.or(range.max)).unwrap_or(7);
            Json::Number(key.rangelist.first().cloned().unwrap_or_else(|| bound.to_string()))
        }
        "<dictionary>" if levels == 0 => Json::Object(Members::new()),
        "<dictionary>" => Json::Object(full(&key.subkeys, levels - 1)),
        "<array>" => Json::Array(key.item().filter(|_| levels > 0).map(|item| value(item, levels)).into_iter().collect()),
        _ => Json::text(key.rangelist.first().map_or("QUJD", |text| text)),
    }
}

/// The versions in which something changes for a type, those just before them, and any version.
fn versions(page: &Page, platform: &str) -> Vec<Option<String>> {
    fn collect(keys: &[Key], platform: &str, open: &mut Vec<*const Key>, all: &mut BTreeSet<String>) {
        if open.contains(&keys.as_ptr()) {
            return;
        }
        open.push(keys.as_ptr());
        for key in keys {
            note(&key.supported, platform, all);
            collect(&key.subkeys, platform, open, all);
        }
    }
    fn note(supported: &Platforms, platform: &str, all: &mut BTreeSet<String>) {
        let facts = supported.get(platform).cloned().unwrap_or_default();
        all.extend([facts.introduced, facts.deprecated, facts.removed].into_iter().flatten().filter(|version| version != "n/a"));
    }
    let mut changes = BTreeSet::from(["27.0".to_owned()]);
    note(&page.payload.supported, platform, &mut changes);
    collect(&page.payloadkeys, platform, &mut Vec::new(), &mut changes);
    // Version 26 follows another one.
    let last = match platform {
        "macOS" => 15,
        "visionOS" => 2,
        "watchOS" => 11,
        _ => 18,
    };
    let before = |version: &String| match numbers(version)[..] {
        [26, 0, _] => format!("{last}.9"),
        [major, 0, _] => format!("{}.9", major - 1),
        [major, minor, _] => format!("{major}.{}.9", minor - 1),
        _ => unreachable!("a version has three numbers"),
    };
    let mut all: BTreeSet<String> = changes.iter().map(before).collect();
    all.extend(changes);
    std::iter::once(None).chain(all.into_iter().map(Some)).collect()
}

fn found(document: &Json, target: &str) -> Findings {
    let checker = Checker::new().target(target.parse().unwrap_or_else(|error| panic!("{target}: {error}")));
    let findings = checker.check("all.json", document.to_string().as_bytes()).into_iter();
    let findings = findings.filter(|finding| RULES.contains(&&*finding.rule.id));
    findings.map(|finding| (finding.place.pointer, finding.rule.id.to_string())).collect()
}

/// Judges all combinations if `DDMC_THOROUGH` is set, and every seventh otherwise.
#[test]
fn every_verdict_matches_apples_schema() {
    let Some(release) = shared("availability") else { return };
    let stride = if thorough() > 1 { 1 } else { 7 };
    let (mut combinations, mut seen) = (0, BTreeMap::<String, usize>::new());
    for page in &Schema::read(&release).types {
        let documents = documents(page);
        for (name, platform, is_shared) in PLATFORMS {
            for version in versions(page, platform) {
                for (enrolment, word) in ENROLMENTS {
                    for (channel, channel_word) in CHANNELS {
                        combinations += 1;
                        if combinations % stride > 0 {
                            continue;
                        }
                        let version = version.as_deref();
                        let device = Device { platform, is_shared: *is_shared, version, enrolment, channel };
                        let installed = version.map(|version| format!("={version}")).unwrap_or_default();
                        let shared = if *is_shared { ",shared" } else { "" };
                        let target = format!("{name}{installed}{shared}{word}{channel_word}");
                        for document in &documents {
                            let (expected, found) = (device.expected(document, page), found(document, &target));
                            assert_eq!(expected, found, "expected left, found right, on {target}: {document}");
                            for (_, rule) in expected {
                                *seen.entry(rule).or_default() += 1;
                            }
                        }
                    }
                }
            }
        }
    }
    for rule in RULES.iter().filter(|rule| **rule != "removed-key") {
        assert!(seen.contains_key(*rule), "{rule} did not occur: {seen:?}");
    }
}

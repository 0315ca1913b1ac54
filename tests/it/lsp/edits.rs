//! Random edits: after each, the server has the text of the client, and publishes what a fresh check finds.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Client, Folder, Found, activation, declaration, settings, uri};
use crate::support::thorough;

/// What edits insert: parts of documents, characters of one to four bytes, and all line breaks.
const PARTS: [&str; 28] = [
    "",
    "",
    "",
    "\"",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "1",
    "120",
    "\n",
    "\r\n",
    "\r",
    " ",
    "\u{e9}",
    "\u{20ac}",
    "\u{1f600}",
    "// x\n",
    "\"MajorPeriodInDays\": 120,",
    "\"Deferral\": {},",
    "com.example.b",
    "true",
    "# y\n",
    "<key>",
    "- ",
    "null",
];

/// The files of a workspace that depend on one another.
fn files() -> Vec<(&'static str, String)> {
    let lines = |text: String| text.lines().map(str::trim).collect::<String>() + "\n";
    vec![
        ("a.json", settings("com.example.a", "{ \"Deferrals\": { \"MajorPeriodInDays\": 30 } }")),
        ("array.json", format!("[{},{}]", settings("com.example.c", "{ }"), settings("com.example.d", "{ \"Deferral\": { } }"))),
        ("b.json", settings("com.example.b", "{ \"Deferrals\": { \"MajorPeriodInDays\": 60 } }").replace('\n', "\r\n")),
        ("activation.json", activation("com.example.active", &["com.example.a", "com.example.b", "com.example.missing"])),
        ("copy.json", settings("com.example.a", "{ \"Deferrals\": { \"MajorPeriodInDays\": 30 } }")),
        ("ddmc.toml", "as-of = 2026-01-01T00:00:00\n\n[[ignore]]\nrule = \"unknown-key\"\npaths = \"array.json\"\nreason = \"\u{e9}\"\n".to_owned()),
        ("lines.ndjson", lines(settings("com.example.l", "{ }")) + &lines(activation("com.example.l2", &["com.example.l"]))),
        ("profile.mobileconfig", include_str!("../../../fixtures/legacy/profile.mobileconfig").to_owned()),
        ("yaml.yaml", "Type: com.apple.configuration.softwareupdate.settings\nIdentifier: com.example.y\nPayload:\n  Deferrals:\n    MajorPeriodInDays: 300\n".to_owned()),
        ("z.json", declaration("configuration.softwareupdate.enforcement.specific", "com.example.z", "{ \"TargetOSVersion\": \"26.1\", \"TargetLocalDateTime\": \"2025-12-01T12:00:00\" }")),
    ]
}

/// The position of a byte offset, counted one character at a time.
fn position(text: &str, offset: usize, encoding: &str) -> Value {
    let (mut line, mut character, mut before) = (0, 0, '\0');
    for next in text[..offset].chars() {
        match next {
            '\n' if before == '\r' => {}
            '\n' | '\r' => (line, character) = (line + 1, 0),
            _ => character += if encoding == "utf-8" { next.len_utf8() } else { next.len_utf16() },
        }
        before = next;
    }
    json!({ "line": line, "character": character })
}

/// A random place between two characters that is not within a line break.
fn place(text: &str, random: &mut fastrand::Rng) -> usize {
    loop {
        let at = random.usize(0..=text.len());
        let is_within = text.is_char_boundary(at) && text[..at].ends_with('\r') && text[at..].starts_with('\n');
        if text.is_char_boundary(at) && !is_within {
            return at;
        }
    }
}

/// A finding cannot begin or end within a line break or a character in the protocol.
fn on_positions(mut found: Vec<Found>, texts: &BTreeMap<&str, String>) -> Vec<Found> {
    for one in &mut found {
        let text = &texts[one.file.as_str()];
        let is_within = |at: usize| text.get(..at).is_some_and(|before| before.ends_with('\r')) && text[at..].starts_with('\n');
        let moved = |at: usize| if is_within(at) { at - 1 } else { at };
        one.span = (moved(text.floor_char_boundary(one.span.0)), moved(text.ceil_char_boundary(one.span.1)));
    }
    found.sort();
    found
}

fn edit_at_random(encoding: &str, seed: u64, edits: usize) {
    let mut random = fastrand::Rng::with_seed(seed);
    let mut texts: BTreeMap<&str, String> = files().into_iter().collect();
    let all: Vec<(&str, &str)> = texts.iter().map(|(name, text)| (*name, &**text)).collect();
    let (folder, checked) = (Folder::new(&all), Folder::new(&all));
    let mut client = Client::start(&[&folder.path("")], encoding, json!({}));
    for (name, text) in &texts {
        client.open(&folder.path(name), text);
    }
    let names: Vec<&str> = texts.keys().copied().collect();
    // A configuration cannot be named.
    let inputs: Vec<&str> = names.iter().copied().filter(|name| *name != "ddmc.toml").collect();
    let mut history = Vec::new();
    for version in 2..edits + 2 {
        let name = names[random.usize(..names.len())];
        let text = texts.get_mut(name).expect("the file exists");
        // Most documents are nearly right, as in an editor.
        if random.u8(..6) == 0 {
            *text = files().into_iter().find(|(other, _)| *other == name).expect("the file exists").1;
            client.replace(&folder.path(name), i64::try_from(version).expect("a small number"), text);
        }
        let mut changes = Vec::new();
        for _ in 0..random.usize(1..4) {
            let start = place(text, &mut random);
            let end = if random.bool() { start } else { place(text, &mut random) };
            let end = if end < start || end - start > 12 { start } else { end };
            let new = PARTS[random.usize(..PARTS.len())];
            let range = json!({ "start": position(text, start, encoding), "end": position(text, end, encoding) });
            changes.push(json!({ "range": range, "text": new }));
            text.replace_range(start..end, new);
        }
        history.push(format!("{name} {changes:?}"));
        let document = json!({ "uri": uri(&folder.path(name)), "version": version });
        client.notify("textDocument/didChange", json!({ "textDocument": document, "contentChanges": changes }));
        checked.write(name, text);
        let published = client.settle();
        let published = folder.published(&published, encoding, |file| texts[file].clone());
        let expected = on_positions(checked.check(&inputs), &texts);
        assert_eq!(published, expected, "{encoding}, seed {seed}: {}\n{}", history.join("\n"), texts[name]);
    }
    let (status, said) = client.stop();
    assert!(status.success(), "{said}");
    assert!(!said.contains("internal error"), "{said}");
}

#[test]
fn random_edits_leave_what_a_fresh_check_finds() {
    for seed in 0..2 * thorough() {
        edit_at_random("utf-16", seed, 40);
        edit_at_random("utf-8", seed + 1000, 40);
    }
}

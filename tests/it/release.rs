//! A release of Apple's schema that the program has never seen, given with `--apple-schema`, is judged as the built-in one.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::oracle::{Errors, NOT_IN_THE_SCHEMA, forget_what_was_meant, judge, masked};
use crate::support::{Json, Schema, document, shared, thorough};

/// A type that Apple does not have, with everything that a key can be.
const LANTERN: &str = "\
title: Lantern
payload:
  declarationtype: com.apple.configuration.lantern.settings
  supportedOS:
    iOS:
      introduced: '28.0'
    macOS:
      introduced: '28.0'
    tvOS:
      introduced: n/a
    visionOS:
      introduced: n/a
    watchOS:
      introduced: n/a
  apply: combined
payloadkeys:
- {key: Brightness, type: <integer>, presence: required, range: {max: 100}}
- {key: Wick Length-mm, type: <integer>, presence: optional, range: {min: 5}}
- {key: Steps, type: <integer>, presence: optional, rangelist: [1, 2, 40], default: 2}
- {key: Flicker, type: <real>, presence: optional}
- {key: Since, type: <date>, presence: optional}
- {key: Glass, type: <data>, presence: optional}
- {key: Extra, type: <any>, presence: optional}
- {key: Loose, type: <dictionary>, presence: optional}
- {key: Free, type: <array>, presence: optional}
- key: Colours
  type: <array>
  presence: optional
  subkeys:
  - key: Pair
    type: <array>
    repetition: {min: 1, max: 3}
    subkeys:
    - {key: Colour, type: <string>, repetition: {min: 2, max: 2}, rangelist: [Red, Green]}
- key: Names
  type: <dictionary>
  presence: optional
  subkeys:
  - {key: ANY, type: <string>, presence: optional}
- key: Shades
  type: <array>
  presence: optional
  subkeys:
  - key: Shade
    type: <dictionary>
    subkeys: &shade
    - {key: Title, type: <string>, presence: required}
    - {key: Inner, type: <dictionary>, presence: optional, subkeys: *shade}
    - key: All
      type: <array>
      presence: optional
      subkeys:
      - {key: Shade, type: <dictionary>, subkeys: *shade}
";

/// A key that Apple does not have, in a type that it has.
const GLOW: &str = "\
payloadkeys:
- {key: GlowInMinutes, type: <integer>, presence: required, range: {min: 3, max: 8}}
";

/// Copies Apple's declarations and adds a type and a key.
fn release(apple: &Path, copy: &Path) {
    let below = Path::new("declarative/declarations");
    for part in ["", "activations", "assets", "assets/credentials", "configurations", "management"] {
        let (from, to) = (apple.join(below).join(part), copy.join(below).join(part));
        fs::create_dir_all(&to).expect("a folder can be made");
        for entry in fs::read_dir(&from).expect("the schema can be read") {
            let entry = entry.expect("the schema can be read");
            if entry.path().is_file() {
                fs::copy(entry.path(), to.join(entry.file_name())).expect("a file can be copied");
            }
        }
    }
    let configurations = copy.join(below).join("configurations");
    fs::write(configurations.join("lantern.settings.yaml"), LANTERN).expect("a file can be written");
    let passcode = configurations.join("passcode.settings.yaml");
    let text = fs::read_to_string(&passcode).expect("the schema can be read");
    let changed = text.replacen("payloadkeys:\n", GLOW, 1);
    assert_ne!(text, changed);
    fs::write(passcode, changed).expect("a file can be written");
}

#[test]
fn an_unknown_release_is_judged_by_its_files() {
    let Some(apple) = shared("release") else { return };
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    release(&apple, folder.path());
    let schema = Schema::read(folder.path());
    assert_eq!(schema.types.len(), 61);
    let is_new = |kind: &str| kind.ends_with(".lantern.settings") || kind.ends_with(".passcode.settings");
    let mut new = Schema::read(folder.path());
    new.types.retain(|page| is_new(&page.payload.declarationtype));

    let documents = (0..1500 * thorough()).map(|seed| document(&new, seed));
    let judged: Vec<(Json, Errors)> =
        documents.filter_map(|document| judge(&document, &schema).map(|errors| (document, errors))).collect();
    let lines: Vec<String> = judged.iter().map(|(document, _)| document.to_string()).collect();
    fs::write(folder.path().join("all.ndjson"), lines.join("\n")).expect("a file can be written");
    let output = Command::new(env!("CARGO_BIN_EXE_ddmc"))
        .args(["check", "--no-config", "--format", "json", "--apple-schema", ".", "all.ndjson"])
        .current_dir(folder.path())
        .output()
        .expect("the program runs");
    let report: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("the report is JSON: {error}: {}", String::from_utf8_lossy(&output.stderr)));

    let mut found = BTreeMap::<usize, Errors>::new();
    let text = |value: &Value| value.as_str().expect("it is a string").to_owned();
    for finding in report["findings"].as_array().expect("a list") {
        let (rule, line) = (text(&finding["rule"]), finding["start"]["line"].as_u64().expect("a line"));
        // All documents are of one run.
        let is_ours = !NOT_IN_THE_SCHEMA.contains(&&*rule) && rule != "duplicate-identifier";
        if is_ours && finding["severity"] == "error" {
            let line = usize::try_from(line).expect("it is small");
            found.entry(line - 1).or_default().insert((rule, text(&finding["pointer"])));
        }
    }
    let mut times = BTreeMap::<&str, usize>::new();
    for (at, (document, expected)) in judged.iter().enumerate() {
        let mut found = found.remove(&at).unwrap_or_default();
        let mut wanted = masked(expected.clone(), &found);
        forget_what_was_meant(&mut wanted, &mut found);
        assert_eq!(wanted, found, "expected left, found right: {document}");
        for (rule, _) in expected {
            *times.entry(rule).or_default() += 1;
        }
    }
    for rule in ["invalid-data", "missing-key", "out-of-range", "unknown-key", "unknown-value", "wrong-type"] {
        assert!(times.get(rule).is_some_and(|times| *times >= 20), "{rule} occurred too rarely: {times:?}");
    }
}

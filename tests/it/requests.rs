//! Requests of the WebAssembly build: the answers are those of the command.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// The time that deadlines are compared with.
const TIME: &str = "2026-01-01T00:00:00";

/// Runs the command in the folder of fixtures and returns what it prints.
fn ddmc(arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ddmc"));
    command.args(arguments).current_dir(fixtures()).env_remove("GITHUB_ACTIONS");
    String::from_utf8(command.output().expect("the program runs").stdout).expect("JSON is UTF-8")
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

/// The paths of the entries of a folder of fixtures, from the folder of fixtures.
fn entries(folder: &str) -> Vec<String> {
    let entries = fs::read_dir(fixtures().join(folder)).expect("the fixtures are part of the repository");
    let name = |entry: fs::DirEntry| entry.file_name().into_string().expect("fixtures have plain names");
    let mut names: Vec<String> =
        entries.map(|entry| format!("{folder}/{}", name(entry.expect("a folder can be read")))).collect();
    names.sort();
    names
}

/// The documents in folders of fixtures.
fn documents(folders: &[&str]) -> Vec<String> {
    let others = ["findings", "fixed", "unsafe"];
    let is_document = |name: &String| !others.iter().any(|ending| name.ends_with(&format!(".{ending}")));
    folders.iter().flat_map(|folder| entries(folder)).filter(is_document).collect()
}

/// A file as a request has it. What is not UTF-8 is sent as base64.
fn file(name: &str) -> Value {
    let bytes = fs::read(fixtures().join(name)).expect("the fixture can be read");
    match String::from_utf8(bytes) {
        Ok(text) => json!({ "name": name, "text": text }),
        Err(error) => json!({ "name": name, "base64": STANDARD.encode(error.as_bytes()) }),
    }
}

/// Answers a request with a JSON object.
fn answer(request: &Value) -> Value {
    let answer = ddmc::requests::answer(request.to_string().as_bytes());
    serde_json::from_slice(&answer).expect("an answer is JSON")
}

/// The message of a request that cannot be answered.
fn error(request: &Value) -> String {
    let answer = answer(request);
    answer["error"].as_str().unwrap_or_else(|| panic!("{request} is answered: {answer}")).to_owned()
}

#[test]
fn findings_are_those_of_the_command() {
    let names = documents(&["ok", "err", "fix", "legacy"]);
    assert!(names.len() >= 100, "{}", names.len());
    let options = ["--target", "macOS=15.4", "--target", "iOS=18.1,unsupervised", "--as-of", TIME];
    for name in &names {
        let arguments = [&["check", "--no-config", "--format", "json", name], &options[..]].concat();
        let request = json!({ "check": {
            "files": [file(name)], "targets": ["macOS=15.4", "iOS=18.1,unsupervised"], "as_of": TIME
        } });
        let answer = ddmc::requests::answer(request.to_string().as_bytes());
        assert_eq!(String::from_utf8_lossy(&answer), ddmc(&arguments), "{name}");
    }
}

#[test]
fn several_files_are_one_run() {
    let names = documents(&["ok"]);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let files: Vec<Value> = names.iter().map(|name| file(name)).collect();
    let mut findings = 0;
    for (options, fields) in [
        (vec![], json!({})),
        (vec!["--set"], json!({ "set": true })),
        (vec!["--set", "--activations", "server"], json!({ "set": true, "activations": "server" })),
    ] {
        let always = ["check", "--no-config", "--format", "json", "--as-of", TIME];
        let arguments = [&always[..], &options, &names].concat();
        let mut check = fields;
        check["files"] = json!(files);
        check["as_of"] = json!(TIME);
        let answer = answer(&json!({ "check": check }));
        let printed: Value = serde_json::from_str(&ddmc(&arguments)).expect("the report is JSON");
        findings += answer["findings"].as_array().expect("a report has findings").len();
        assert_eq!(answer, printed, "{options:?}");
    }
    assert!(findings > 0, "the documents were not compared with one another");
}

#[test]
fn fixes_are_those_of_the_command() {
    for name in documents(&["fix"]) {
        for (is_unsafe, ending) in [(false, "fixed"), (true, "unsafe")] {
            let answer = answer(&json!({ "fix": { "files": [file(&name)], "unsafe": is_unsafe } }));
            let original = fs::read_to_string(fixtures().join(&name)).expect("the fixture is text");
            let expected = fs::read_to_string(fixtures().join(&name).with_extension(ending)).unwrap_or(original.clone());
            let fixed = &answer["files"][0];
            assert_eq!(fixed["text"].as_str().unwrap_or(&original), expected, "{name}");
            assert_eq!(fixed["fixed"] == 0, fixed["text"].is_null(), "{name}");
        }
    }
}

#[test]
fn merged_sets_are_those_of_the_command() {
    let (mut merged, mut refused) = (0, 0);
    for scenario in entries("merge") {
        let names = entries(&format!("{scenario}/in"));
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let files: Vec<Value> = names.iter().map(|name| file(name)).collect();
        let answer = answer(&json!({ "merge": { "files": files, "identifier": "com.example.all", "server_token": true } }));
        let options = ["merge", "--no-config", "--identifier", "com.example.all", "--server-token"];
        let printed = ddmc(&[&options[..], &names].concat());
        let Some(text) = answer["text"].as_str() else {
            assert_eq!(printed, "", "{scenario}: {answer}");
            assert!(answer["error"].is_string() || answer["findings"][0]["severity"] == "error", "{scenario}: {answer}");
            refused += 1;
            continue;
        };
        assert_eq!(text, printed, "{scenario}");
        let explained: Value = serde_json::from_str(&ddmc(&[&options[..], &["--explain", "--format", "json"], &names].concat()))
            .expect("the explanation is JSON");
        assert_eq!(answer["merged"], explained["merged"], "{scenario}");
        merged += 1;
    }
    assert!(merged >= 15 && refused >= 3, "{merged} merged, {refused} refused");
}

#[test]
fn profiles_are_left_out_of_the_merged_set() {
    let names = ["legacy/profile.mobileconfig", "ok/settings-every-key.json"];
    let files: Vec<Value> = names.iter().map(|name| file(name)).collect();
    let answer = answer(&json!({ "merge": { "files": files } }));
    assert_eq!(answer["text"], ddmc(&["merge", "--no-config", names[0], names[1]]), "{answer}");
}

#[test]
fn pages_are_those_of_the_command() {
    let page = answer(&json!({ "explain": { "name": "out of range" } }));
    assert_eq!(page["title"], "out-of-range");
    assert!(ddmc(&["explain", "out of range"]).starts_with("out-of-range\n"));
    let blocks = page["blocks"].as_array().expect("a page has blocks");
    assert!(blocks.iter().any(|block| block["facts"][0] == json!(["severity", "error"])), "{page}");
    assert_eq!(answer(&json!({ "explain": {} }))["title"], "Reference");
}

#[test]
fn requests_that_cannot_be_answered_say_why() {
    let named = |name: &str| json!({ "name": name, "text": "{}" });
    for (request, message) in [
        (json!({ "check": {} }), "the request cannot be read: missing field `files`"),
        (json!({ "fly": {} }), "the request cannot be read: unknown variant `fly`"),
        (json!({ "check": { "files": [], "asOf": "" } }), "the request cannot be read: unknown field `asOf`"),
        (json!({ "check": { "files": [named("a"), named("a")] } }), "two files have the name a"),
        (json!({ "check": { "files": [{ "name": "a" }] } }), "a: write either text or base64"),
        (json!({ "check": { "files": [{ "name": "a", "base64": "?" }] } }), "a: base64: "),
        (json!({ "check": { "files": [], "as_of": "noon" } }), "as_of: "),
        (json!({ "check": { "files": [], "targets": ["BeOS"] } }), "targets: "),
        (json!({ "fix": { "files": [], "catalog": "[]" } }), "catalog: "),
        (json!({ "merge": { "files": [], "identifier": "" } }), "identifier: "),
        (json!({ "explain": { "name": "completely different" } }), "there is no rule, key, declaration or status item"),
        (json!({ "explain": { "name": "out-of-rannge\u{1b}" } }), "did you mean out-of-range?"),
    ] {
        let error = error(&request);
        assert!(error.contains(message) && !error.contains('\u{1b}'), "{request}: {error}");
    }
    for bytes in [&b""[..], b"{", b"\xff"] {
        let answer: Value = serde_json::from_slice(&ddmc::requests::answer(bytes)).expect("an answer is JSON");
        assert!(answer["error"].as_str().is_some_and(|error| error.starts_with("the request cannot be read: ")), "{answer}");
    }
}

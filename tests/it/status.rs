//! `ddmc status`: each reason code with a set that causes it, random reports joined independently, and hostile reports.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, RngSeed};
use serde_json::{Value, json};

fn ddmc(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ddmc"));
    command.args(arguments).current_dir(folder).stdin(Stdio::null()).env_remove("GITHUB_ACTIONS");
    let output = command.output().expect("the program runs");
    assert!(!String::from_utf8_lossy(&output.stderr).contains("panicked"), "{arguments:?}");
    output
}

/// Explains a report, and returns the explanation with the exit status.
fn explain(report: &Value, set: &Value) -> (Value, i32) {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    fs::write(folder.path().join("report.json"), report.to_string()).expect("a file can be written");
    fs::write(folder.path().join("set.json"), set.to_string()).expect("a file can be written");
    let output = ddmc(folder.path(), &["status", "report.json", "set.json", "--format", "json", "--no-config"]);
    let printed = serde_json::from_slice(&output.stdout);
    let remarks = String::from_utf8_lossy(&output.stderr);
    (printed.unwrap_or_else(|error| panic!("{error}: {remarks}")), output.status.code().expect("the program exits"))
}

const PASSCODE: &str = "com.apple.configuration.passcode.settings";
const ACTIVATION: &str = "com.apple.activation.simple";
const DATA: &str = "com.apple.asset.data";

fn declaration(kind: &str, identifier: &str, payload: &Value) -> Value {
    json!({ "Type": kind, "Identifier": identifier, "Payload": payload })
}

fn report(lists: &[(&str, Value)]) -> Value {
    let mut declarations = json!({ "activations": [], "configurations": [], "assets": [], "management": [] });
    for (list, reported) in lists {
        declarations[list].as_array_mut().expect("it is a list").push(reported.clone());
    }
    let device = json!({ "model": { "family": "iPhone" }, "operating-system": { "family": "iOS", "version": "26.0" } });
    let items = json!({ "management": { "declarations": declarations }, "device": device });
    json!({ "StatusItems": items, "Errors": [], "FullReport": true })
}

fn reported(identifier: &str, active: bool, valid: &str, reasons: &Value) -> Value {
    json!({ "identifier": identifier, "server-token": "1", "active": active, "valid": valid, "reasons": reasons })
}

/// A reason code, its details, the list and payload of the declaration that has it, and what the explanation says.
type Case = (&'static str, Value, &'static str, Value, &'static str);

/// Every documented code, with a declaration that causes it. The declaration is called `x`.
fn cases() -> Vec<Case> {
    let id = json!({ "Identifier": "x", "ServerToken": "1" });
    let error = json!({ "Error": "It failed." });
    let predicate = |text: &str| json!({ "Identifier": "x", "ServerToken": "1", "Predicate": text });
    let activation = |text: &str| json!({ "StandardConfigurations": ["other"], "Predicate": text });
    let passcode = json!({ "MinimumLength": 99 });
    let asset = json!({ "Reference": { "DataURL": "http://example.com/x" } });
    vec![
        ("Error.ActivationFailed", json!({ "Identifier": "blocked" }), "configurations", json!({}), "is not in the report"),
        ("Error.AssetCannotBeDeserialized", error.clone(), "assets", asset.clone(), "https"),
        ("Error.AssetCannotBeDownloaded", error.clone(), "assets", asset.clone(), "https"),
        ("Error.AssetCannotBeVerified", error.clone(), "assets", asset.clone(), "https"),
        ("Error.ConfigurationCannotBeApplied", error.clone(), "configurations", passcode.clone(), "MinimumLength is 99"),
        ("Error.ConfigurationCannotBeDeserialized", error.clone(), "configurations", passcode.clone(), "MinimumLength is 99"),
        ("Error.ConfigurationFailed", json!({ "Identifier": "other" }), "assets", asset.clone(), "other: in force"),
        ("Error.ConfigurationIsInvalid", error, "configurations", passcode.clone(), "MinimumLength is 99"),
        ("Error.ConfigurationNotSupported", id.clone(), "configurations", passcode.clone(), "MinimumLength is 99"),
        ("Error.InvalidPayload", id.clone(), "configurations", passcode, "MinimumLength is 99"),
        (
            "Error.MissingAssets",
            json!({ "AssetIdentifiers": "gone,othr.a" }),
            "configurations",
            json!({}),
            "gone is not in the set",
        ),
        (
            "Error.MissingConfigurations",
            json!({ "ConfigurationIdentifiers": ["othr"] }),
            "activations",
            json!({ "StandardConfigurations": ["othr"] }),
            "did you mean other?",
        ),
        ("Error.MissingState", id.clone(), "configurations", json!({}), "new ServerToken"),
        ("Error.PredicateFailed", predicate("TRUEPREDICATE"), "activations", activation("TRUEPREDICATE"), "it is true"),
        (
            "Error.UnableToEvaluatePredicate",
            predicate("@status(device.model.family) > 5"),
            "activations",
            activation("@status(device.model.family) > 5"),
            "device.model.family is \\\"iPhone\\\"",
        ),
        ("Error.UnableToParsePredicate", predicate("(a"), "activations", activation("(a"), "\"rule\":\"invalid-predicate\""),
        (
            "Error.UnableToParsePredicateWithCustomOperator",
            predicate("a custom b"),
            "activations",
            activation("a custom b"),
            "\"rule\":\"invalid-predicate\"",
        ),
        ("Error.Unknown", json!({ "Domain": "X", "Code": 5 }), "configurations", json!({}), "\"5\""),
        (
            "Error.UnknownDeclarationType",
            json!({ "UnknownDeclarationType": "com.apple.configuration.passcod.settings" }),
            "configurations",
            json!({}),
            "is not a type of Apple's schema",
        ),
        (
            "Error.UnknownPayloadKeys",
            json!({ "UnknownPayloadKeys": ["MinimumLenght"] }),
            "configurations",
            json!({ "MinimumLenght": 8 }),
            "rename it to MinimumLength",
        ),
        ("Info.NotReferencedByActivation", id.clone(), "configurations", json!({}), "the set does not reference it either"),
        ("Info.NotReferencedByConfiguration", id, "assets", asset, "the set does not reference it either"),
        (
            "Info.Predicate",
            predicate("@status(device.model.family) == 'Mac'"),
            "activations",
            activation("@status(device.model.family) == 'Mac'"),
            "by this report it is false",
        ),
        (
            "Info.UnsupportedSettings",
            json!({ "Settings": ["ChangeAtNextAuth"] }),
            "configurations",
            json!({ "ChangeAtNextAuth": true }),
            "does not exist on iOS 26.0",
        ),
    ]
}

#[test]
fn every_reason_code_is_explained_with_a_set_that_causes_it() {
    let cases = cases();
    assert_eq!(cases.iter().map(|case| case.0).collect::<BTreeSet<_>>().len(), 24);
    for (code, details, list, payload, expected) in cases {
        let reasons = json!([{ "code": code, "description": "…", "details": details }]);
        let kind = match list {
            "activations" => ACTIVATION,
            "assets" => DATA,
            _ => PASSCODE,
        };
        let other = reported("other", true, "valid", &json!([]));
        let report = report(&[(list, reported("x", false, "invalid", &reasons)), ("configurations", other)]);
        let set = json!([declaration(kind, "x", &payload), declaration(PASSCODE, "other", &json!({}))]);
        let (explained, status) = explain(&report, &set);
        let all = explained["declarations"].as_array().expect("there are declarations");
        let entry = all.iter().find(|entry| entry["identifier"] == "x").expect("it is reported");
        let reason = &entry["reasons"][0];
        assert_eq!((&reason["code"], &entry["file"], status), (&json!(code), &json!("set.json"), 1));
        assert!(reason["meaning"].is_string() && reason["next"].is_string(), "{code}");
        assert!(reason.to_string().contains(expected), "{code}: {expected}: {reason}");
        let without = explain(&report, &json!([declaration(PASSCODE, "stranger", &json!({}))])).0;
        assert!(without["declarations"].to_string().contains("the set does not have it"), "{code}");
        // The page of the code says the same.
        let page = ddmc(Path::new("."), &["explain", code]);
        let page = String::from_utf8(page.stdout).expect("the output is UTF-8").split_whitespace().collect::<Vec<_>>().join(" ");
        let next = reason["next"].as_str().expect("it is a text").replace('`', "");
        assert!(page.to_lowercase().contains(&next.to_lowercase()), "{code}: {next}: {page}");
    }
}

/// What a random report says about a declaration.
type Said = (bool, &'static str, &'static str, Option<&'static str>);

fn said() -> impl Strategy<Value = Said> {
    let codes = select(vec![None, Some("Error.Unknown"), Some("Info.Whatever"), Some("Error.Undocumented")]);
    (any::<bool>(), select(vec!["valid", "invalid", "unknown"]), select(vec!["1", "2"]), codes)
}

proptest! {
    #![proptest_config(Config { cases: 48, rng_seed: RngSeed::Fixed(28), failure_persistence: None, ..Config::default() })]

    /// A history of incremental reports, joined with a set by another implementation.
    #[test]
    fn random_reports_are_joined_like_independently(
        history in proptest::collection::vec((any::<bool>(), proptest::collection::btree_map(0..6_usize, proptest::option::of(said()), 0..6)), 1..5),
        set in proptest::collection::btree_map(0..6_usize, proptest::option::of(select(vec!["1", "2"])), 1..6),
    ) {
        let name = |at: &usize| format!("com.example.{at}");
        let mut state: BTreeMap<usize, Said> = BTreeMap::new();
        let mut lines = Vec::new();
        let mut is_complete = false;
        for (is_full, changes) in &history {
            if *is_full {
                state.clear();
            }
            is_complete |= *is_full;
            let mut list = Vec::new();
            for (who, said) in changes {
                if let Some(said) = said {
                    state.insert(*who, *said);
                    let (active, valid, token, code) = said;
                    let reasons: Vec<Value> = code.iter().map(|code| json!({ "code": code })).collect();
                    list.push(json!({ "identifier": name(who), "server-token": token, "active": active, "valid": valid, "reasons": reasons }));
                } else {
                    state.remove(who);
                    list.push(json!({ "identifier": name(who), "_removed": true }));
                }
            }
            let items = json!({ "management": { "declarations": { "configurations": list } }, "device": { "identifier": { "udid": "one" } } });
            lines.push(json!({ "StatusItems": items, "Errors": [], "FullReport": is_full }).to_string());
        }
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        fs::write(folder.path().join("reports.ndjson"), lines.join("\n")).expect("a file can be written");
        let declarations: Vec<Value> = set.iter().map(|(who, token)| {
            let mut declaration = declaration(PASSCODE, &name(who), &json!({}));
            if let Some(token) = token {
                declaration["ServerToken"] = (*token).into();
            }
            declaration
        }).collect();
        fs::write(folder.path().join("set.json"), json!(declarations).to_string()).expect("a file can be written");
        let output = ddmc(folder.path(), &["status", "reports.ndjson", "set.json", "--format", "json", "--no-config"]);
        let explained: Value = serde_json::from_slice(&output.stdout).expect("the output is JSON");
        let mut has_failed = false;
        let expected: Vec<Value> = state.iter().map(|(who, (active, valid, token, code))| {
            let failed = *valid == "invalid" || code.is_some_and(|code| code.starts_with("Error."));
            has_failed |= failed;
            let index = set.keys().position(|known| known == who);
            let current = set.get(who).copied().flatten().map(|own| own == *token);
            json!([name(who), active, valid, failed, index, current])
        }).collect();
        let entry = |entry: &Value| json!([
            entry["identifier"], entry["active"], entry["valid"], entry["level"] == "failed", entry["index"], entry["current"]
        ]);
        let printed: Vec<Value> = explained["declarations"].as_array().expect("a list").iter().map(entry).collect();
        prop_assert_eq!(printed, expected);
        let missing: Vec<Value> = set.keys().filter(|who| !state.contains_key(who)).map(|who| json!([name(who), is_complete])).collect();
        let printed: Vec<Value> =
            explained["missing"].as_array().expect("a list").iter().map(|one| json!([one["identifier"], one["certain"]])).collect();
        prop_assert_eq!(printed, missing);
        prop_assert_eq!(output.status.code(), Some(i32::from(has_failed)));
    }
}

/// Texts that a terminal, a CI runner or Markdown would act on.
const HOSTILE: [&str; 5] =
    ["\u{1b}[31mzqx", "::error::zqx", "##vso[zqx]", "zqx](https://zqx.example)<script>|`@zqx`", "zqx\n::warning::zqx\u{202e}"];

/// A report with a hostile text in every field.
fn hostile(text: &str) -> Value {
    let reasons = json!([{ "code": text, "description": text, "details": { text: text, "Error": [text, { text: text }] } }]);
    let one = json!({ "identifier": text, "server-token": text, "active": text, "valid": text, "reasons": reasons });
    let predicate = json!([{ "code": "Info.Predicate", "details": { "Predicate": text } },
        { "code": "Error.UnknownPayloadKeys", "details": { "UnknownPayloadKeys": [text] } },
        { "code": "Error.MissingAssets", "details": { "AssetIdentifiers": text } },
        { "code": "Error.ActivationFailed", "details": { "Identifier": text } }]);
    let two = json!({ "identifier": "com.example.x", "active": false, "valid": "invalid", "reasons": predicate });
    let app = json!({ "identifier": text, "name": text, "state": text, "declaration-identifier": text, "reasons": reasons });
    json!({
        "StatusItems": {
            "management": {
                "declarations": { "activations": [one, two], "configurations": [one, two], "assets": [one], "management": [one], text: [one] },
                "client-capabilities": {
                    "supported-versions": [text],
                    "supported-payloads": { "declarations": { "configurations": [text], "activations": [text] } }
                }
            },
            "device": {
                "model": { "family": text, "marketing-name": text, "identifier": text },
                "operating-system": { "family": text, "version": text, "build-version": text }
            },
            "softwareupdate": {
                "install-state": text, "install-reason": { "reason": [text], "declaration-id": text }, "beta-enrollment": text,
                "pending-version": { "os-version": text, "build-version": text, "target-local-date-time": text },
                "failure-reason": { "count": 3, "reason": text, "timestamp": text }
            },
            "app": { "managed": { "list": [app] } }, "package": { "list": [app] }, text: { text: text }
        },
        "Errors": [{ "StatusItem": text, "Reasons": [{ "Code": text, "Description": text, "Details": { text: text } }] }],
        "FullReport": true
    })
}

#[test]
fn hostile_values_are_escaped_in_every_field() {
    for text in HOSTILE {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let path = folder.path();
        let set = json!([
            declaration(PASSCODE, "com.example.x", &json!({ text: 1 })),
            declaration(PASSCODE, text, &json!({ text: 1 }))
        ]);
        fs::write(path.join("set.json"), set.to_string()).expect("a file can be written");
        fs::write(path.join("one.json"), hostile(text).to_string()).expect("a file can be written");
        let two =
            [json!({ "udid": "a", "r": hostile(text) }), json!({ "udid": text, "r": hostile(text) }), json!({ text: text })];
        fs::write(path.join("two.json"), json!(two).to_string()).expect("a file can be written");
        for file in ["one.json", "two.json"] {
            for rest in [&[][..], &["set.json"], &["set.json", "--show-values"]] {
                for format in ["human", "json", "markdown"] {
                    let arguments = [&["status", file][..], rest, &["--format", format, "--no-config"]].concat();
                    let output = ddmc(path, &arguments);
                    let printed = String::from_utf8([output.stdout, output.stderr].concat()).expect("the output is UTF-8");
                    assert!(printed.contains("zqx"), "{arguments:?}: {printed}");
                    let is_command = |line: &str| line.trim_start().starts_with("::") || line.contains("##vso[");
                    assert_eq!(printed.lines().find(|line| is_command(line)), None, "{arguments:?}");
                    assert!(
                        !printed.contains(['\u{1b}', '\u{202e}']) && !printed.contains("::error"),
                        "{arguments:?}: {printed}"
                    );
                    let is_markup = ["<script>", "](https"].iter().any(|markup| printed.contains(markup));
                    assert!(format != "markdown" || !is_markup || text.contains('@'), "{arguments:?}: {printed}");
                }
            }
        }
    }
}

#[test]
fn personal_values_and_tokens_are_hidden_unless_they_are_asked_for() {
    let secrets = ["SERIAL-0001", "UDID-00001", "jane.doe", "TOKEN-0001", "MAGIC-0001", "192.0.2.1"];
    let details = json!({ "Error": "jane.doe on SERIAL-0001", "ServerToken": "TOKEN-0001" });
    let reasons = json!([{ "code": "Error.Unknown", "description": "UDID-00001:TOKEN-0001", "details": details }]);
    let mut report = report(&[("configurations", reported("com.example.SERIAL-0001", true, "invalid", &reasons))]);
    report["StatusItems"]["management"]["declarations"]["configurations"][0]["server-token"] = "TOKEN-0001".into();
    report["StatusItems"]["device"]["identifier"] = json!({ "serial-number": "SERIAL-0001", "udid": "UDID-00001" });
    report["StatusItems"]["mdm"] = json!({ "push-magic": "MAGIC-0001" });
    report["StatusItems"]["content-cache"] = json!({ "peers": [{ "identifier": "1", "address": "192.0.2.1" }] });
    report["StatusItems"]["account"] = json!({ "list": { "caldav": [{ "identifier": "1", "username": "jane.doe" }] } });
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    fs::write(folder.path().join("one.json"), report.to_string()).expect("a file can be written");
    fs::write(folder.path().join("two.json"), json!([report, { "udid": "UDID-00001-2", "r": report }]).to_string())
        .expect("a file");
    let predicate = json!({ "StandardConfigurations": ["a"], "Predicate": "@status(device.identifier.udid) == 'x'" });
    let set = json!([declaration(ACTIVATION, "com.example.a", &predicate), declaration(PASSCODE, "a", &json!({}))]);
    fs::write(folder.path().join("set.json"), set.to_string()).expect("a file can be written");
    let printed = |arguments: &[&str]| {
        let output = ddmc(folder.path(), arguments);
        String::from_utf8([output.stdout, output.stderr].concat()).expect("the output is UTF-8")
    };
    for format in ["human", "json", "markdown"] {
        for file in ["one.json", "two.json"] {
            let text = printed(&["status", file, "--format", format]);
            let shown: Vec<&&str> = secrets.iter().filter(|secret| text.contains(**secret)).collect();
            assert!(shown.is_empty(), "{format} {file} {shown:?}: {text}");
        }
        let text = printed(&["status", "one.json", "--format", format, "--show-values"]);
        assert!(["UDID-00001", "SERIAL-0001", "TOKEN-0001"].iter().all(|secret| text.contains(secret)), "{format}: {text}");
        let plan = printed(&["plan", "set.json", "--status", "one.json", "--format", format]);
        assert!(plan.contains("iOS") && secrets.iter().all(|secret| !plan.contains(secret)), "{plan}");
    }
}

#[test]
fn a_plan_takes_the_device_from_the_report_of_one_device() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let write =
        |name: &str, value: &Value| fs::write(folder.path().join(name), value.to_string()).expect("a file can be written");
    let mut one = report(&[]);
    one["StatusItems"]["device"]["operating-system"] = json!({ "family": "iOS", "version": "26.0", "build-version": "23A341" });
    one["StatusItems"]["device"]["model"] = json!({ "family": "iPad", "identifier": "iPad16,1" });
    one["StatusItems"]["mdm"] = json!({ "enrollment-type": "device" });
    write("one.json", &one);
    write("none.json", &json!({ "StatusItems": { "mdm": { "enrollment-type": "device" } }, "Errors": [] }));
    write("two.json", &json!([{ "udid": "a", "r": one }, { "udid": "b", "r": one }]));
    let predicate = json!({ "StandardConfigurations": ["a"], "Predicate": "@status(device.model.identifier) == 'iPad16,1'" });
    write("set.json", &json!([declaration(ACTIVATION, "com.example.a", &predicate), declaration(PASSCODE, "a", &json!({}))]));
    let plan = |report: &str| ddmc(folder.path(), &["plan", "set.json", "--status", report, "--format", "json"]);
    let planned: Value = serde_json::from_slice(&plan("one.json").stdout).expect("one plan");
    let device = &planned["device"];
    let expected = json!({ "device.model.identifier": "iPad16,1" });
    assert_eq!(
        (&device["platform"], &device["build"], &device["enrollment"], &device["status"]),
        (&json!("iPadOS"), &json!("23A341"), &json!("device"), &expected)
    );
    for (report, reason) in [
        ("none.json", "does not tell the platform"),
        ("two.json", "the reports of 2 devices"),
        ("set.json", "this is a declaration"),
    ] {
        let output = plan(report);
        let remarks = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code() == Some(2) && remarks.contains(reason), "{report}: {remarks}");
    }
}

#[test]
fn check_leads_to_the_command_for_a_report() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    fs::write(folder.path().join("report.json"), report(&[]).to_string()).expect("a file can be written");
    let output = ddmc(folder.path(), &["check", "report.json", "--format", "concise"]);
    assert!(String::from_utf8_lossy(&output.stdout).contains("`ddmc status`"), "{output:?}");
}

/// Reports that repeat one thing: a name, what precedes, what is repeated (`@` is its number), and what follows.
const SHAPES: [(&str, &str, &str, &str); 9] = [
    (
        "declarations.json",
        r#"{"StatusItems":{"management":{"declarations":{"configurations":["#,
        r#"{"identifier":"c@","valid":"invalid"},"#,
        "]}}}}",
    ),
    ("items.json", r#"{"StatusItems":{"#, r#""i@":1,"#, r#""z":1},"Errors":[]}"#),
    (
        "reasons.json",
        r#"{"StatusItems":{"management":{"declarations":{"configurations":[{"identifier":"a","reasons":["#,
        r#"{"code":"Error.X@"},"#,
        "]}]}}}}",
    ),
    (
        "keys.json",
        r#"{"StatusItems":{"management":{"declarations":{"configurations":[{"identifier":"a","reasons":[{"code":"Error.UnknownPayloadKeys","details":{"UnknownPayloadKeys":["#,
        r#""K@","#,
        r#""K"]}}]}]}}}}"#,
    ),
    (
        "details.json",
        r#"{"StatusItems":{"management":{"declarations":{"configurations":[{"identifier":"a","reasons":[{"code":"Error.MissingAssets","details":{"AssetIdentifiers":""#,
        "a@,",
        r#""}}]}]}}}}"#,
    ),
    (
        "accounts.json",
        r#"{"StatusItems":{"account":{"list":{"caldav":["#,
        r#"{"identifier":"a@","username":"someone@"},"#,
        "]}}}}",
    ),
    ("wrapped.json", "", r#"{"r@":"#, "1"),
    ("rows.json", r#"{"A":["#, r#"{"path":".StatusItems.device.model.family","value":"x@"},"#, "]}"),
    (
        "fleet.ndjson",
        "",
        "{\"udid\":\"@\",\"r\":{\"StatusItems\":{\"management\":{\"declarations\":{\"configurations\":[{\"identifier\":\"c@\",\"reasons\":[{\"code\":\"Error.X@\"}]}]}}}}}\n",
        "",
    ),
];

/// The size of a hostile report in bytes, and what a run may take: address space in KiB, of which the program itself takes
/// some 100 MiB, and seconds of processor time, without optimisation.
const BYTES: usize = 1_500_000;
const KIBIBYTES: u32 = 230 << 10;
const SECONDS: u32 = 60;

#[cfg(target_os = "linux")]
#[test]
fn hostile_reports_end_in_bounded_time_and_memory() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let set: Vec<Value> = (0..2000).map(|at| declaration(PASSCODE, &format!("c{at}"), &json!({ "K": 1 }))).collect();
    fs::write(folder.path().join("set.json"), json!(set).to_string()).expect("a file can be written");
    for (name, before, unit, after) in SHAPES {
        let mut text = before.to_owned();
        for number in 0.. {
            let next = unit.replace('@', &number.to_string());
            if text.len() + next.len() > BYTES {
                break;
            }
            text.push_str(&next);
        }
        fs::write(folder.path().join(name), text + after).expect("a file can be written");
        let output = Command::new("bash")
            .args(["-c", &format!("ulimit -v {KIBIBYTES} -t {SECONDS} && exec \"$0\" \"$@\"")])
            .arg(env!("CARGO_BIN_EXE_ddmc"))
            .args(["status", "--jobs", "1", name, "set.json", "--format", "json"])
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .output()
            .expect("bash runs");
        let remarks = String::from_utf8_lossy(&output.stderr);
        assert!(
            matches!(output.status.code(), Some(0..=2)) && !remarks.contains("panicked"),
            "{name}: {}: {remarks:.300}",
            output.status
        );
    }
}

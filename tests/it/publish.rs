//! Published sets reach devices: a server of files and a device, through additions, changes and removals; and what is
//! published can be read again.

#![cfg(unix)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::thorough;
use crate::support::web::{Device, Server, times};

const TIME: &str = "2026-01-31T18:00:00";

fn ddmc(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ddmc"));
    command.args(arguments).current_dir(folder).env_remove("GITHUB_ACTIONS").env("COLUMNS", "80");
    command.output().expect("the program runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("the output is UTF-8")
}

/// Publishes `set.json`, which gets these declarations, to `out`. Fails unless the exit status is this one. Returns the
/// remarks.
fn publish(folder: &Path, declarations: &[Value], arguments: &[&str], status: i32) -> String {
    fs::write(folder.join("set.json"), Value::from(declarations).to_string()).expect("a file can be written");
    let output = ddmc(folder, &[&["publish", "set.json", "-o", "out", "--layout"], arguments].concat());
    let remarks = text(&output.stderr);
    assert_eq!(output.status.code(), Some(status), "{arguments:?}: {remarks}");
    remarks
}

fn declaration(kind: &str, identifier: &str, payload: &Value) -> Value {
    json!({ "Type": format!("com.apple.{kind}"), "Identifier": identifier, "Payload": payload })
}

/// A declaration that is published unchanged.
fn properties(identifier: &str, value: u64) -> Value {
    declaration("management.properties", identifier, &json!({ "Value": value }))
}

fn enforcement(identifier: &str, version: &str) -> Value {
    let payload = json!({ "TargetOSVersion": version, "TargetLocalDateTime": "2026-06-30T18:00:00" });
    declaration("configuration.softwareupdate.enforcement.specific", identifier, &payload)
}

fn activation(identifier: &str, references: &[&str]) -> Value {
    declaration("activation.simple", identifier, &json!({ "StandardConfigurations": references }))
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder can be made")
}

/// All files below a folder but the record, with their texts.
fn files(folder: &Path) -> BTreeMap<PathBuf, String> {
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).expect("it is UTF-8");
        (path.strip_prefix(folder).expect("it is below").to_owned(), text)
    };
    times(folder).into_keys().map(read).collect()
}

fn names(folder: &Path) -> Vec<String> {
    files(folder).into_keys().map(|path| path.to_string_lossy().into_owned()).collect()
}

/// The declarations of a device without the tokens, by identifier.
fn received(device: &Device) -> BTreeMap<String, Value> {
    let without_token = |declaration: &Value| {
        let mut declaration = declaration.clone();
        declaration.as_object_mut().expect("it is an object").remove("ServerToken");
        declaration
    };
    device.declarations.iter().map(|((_, name), declaration)| (name.clone(), without_token(declaration))).collect()
}

fn by_identifier(declarations: &[Value]) -> BTreeMap<String, Value> {
    let name = |declaration: &Value| declaration["Identifier"].as_str().expect("it has an identifier").to_owned();
    declarations.iter().map(|declaration| (name(declaration), declaration.clone())).collect()
}

#[test]
fn a_device_ends_with_the_set_in_the_least_number_of_requests() {
    let folder = folder();
    let server = Server::start(&folder.path().join("out"));
    let mut device = Device::new(server.address, "");
    let steps: &[(&[Value], &[&str])] = &[
        (&[properties("a", 1), properties("b", 1)], &["a", "b"]),
        // Nothing changes.
        (&[properties("b", 1), properties("a", 1)], &[]),
        // Another value of the same length.
        (&[properties("a", 2), properties("b", 1)], &["a"]),
        (&[properties("a", 2), properties("b", 1), properties("c d/%2e%2e/é?#", 1)], &["c d/%2e%2e/é?#"]),
        (&[properties("b", 1)], &[]),
        // It is back, with the value that it had first, and then with another.
        (&[properties("a", 1), properties("b", 1)], &["a"]),
        (&[properties("a", 3), properties("b", 3)], &["a", "b"]),
    ];
    let mut known = Vec::new();
    for (declarations, read) in steps {
        publish(folder.path(), declarations, &["ddm", "--prune"], 0);
        device.synchronize();
        let mut expected = vec!["GET /tokens 304".to_owned()];
        if known != by_identifier(declarations).into_iter().collect::<Vec<_>>() {
            expected = vec!["GET /tokens 200".to_owned(), "GET /declaration-items 200".to_owned()];
            expected.extend(read.iter().map(|name| format!("GET /declaration/management/{name} 200")));
        }
        assert_eq!(server.requests(), expected);
        assert_eq!(received(&device), by_identifier(declarations));
        known = by_identifier(declarations).into_iter().collect();
    }
    assert_eq!(
        names(&folder.path().join("out")),
        ["declaration/management/a", "declaration/management/b", "declaration-items", "tokens"]
    );
    // A file is missing: the device drops the declaration, and has it again after the next change.
    publish(folder.path(), &[properties("a", 4), properties("b", 4)], &["ddm"], 0);
    fs::remove_file(folder.path().join("out/declaration/management/a")).expect("it exists");
    device.synchronize();
    assert_eq!(server.requests()[2..], ["GET /declaration/management/a 404", "GET /declaration/management/b 200"]);
    assert_eq!(received(&device), by_identifier(&[properties("b", 4)]));
    publish(folder.path(), &[properties("a", 4), properties("b", 5)], &["ddm"], 0);
    device.synchronize();
    assert_eq!(received(&device), by_identifier(&[properties("a", 4), properties("b", 5)]));
}

/// A folder that a web server serves, the address of the server, and the path of the folder: a server of the tests, or that
/// of the variables `DDMC_SERVER` and `DDMC_SITE`, the folder of its root.
fn served() -> (TempDir, SocketAddr, String) {
    let variable = |name| std::env::var(name).ok();
    let (Some(address), Some(site)) = (variable("DDMC_SERVER"), variable("DDMC_SITE")) else {
        let folder = folder();
        let address = Server::start(folder.path()).address;
        return (folder, address, String::new());
    };
    // The server may run as another user.
    let readable = fs::Permissions::from_mode(0o755);
    let folder = tempfile::Builder::new().prefix("site").permissions(readable).tempdir_in(site).expect("a folder can be made");
    let path = format!("{}/", folder.path().file_name().expect("it has a name").to_string_lossy());
    (folder, address.parse().expect("DDMC_SERVER is an address"), path)
}

#[test]
fn a_device_follows_random_sets() {
    let mut dice = fastrand::Rng::with_seed(31);
    for _ in 0..3 * thorough() {
        let (folder, server, path) = served();
        let (out, base) = (folder.path().join("out"), format!("{path}out/"));
        let (mut device, mut always) = (Device::new(server, &base), Device::new(server, &base));
        let names =
            ["a", "a b", "%41", "x/y", "x/z/a", "é", "+", "a?b=c#d", "&", "\u{1f600}", "~", "x.json", "-", "a:@,;b", "[x]"];
        for round in 0..8 {
            let mut set = Vec::new();
            for name in names {
                if dice.bool() {
                    let version = ["26.1", "26.2"][dice.usize(0..2)];
                    set.push(if name.len() == 1 { properties(name, dice.u64(0..3)) } else { enforcement(name, version) });
                }
            }
            set.push(activation("activation", &["a b"]));
            set.push(enforcement("a b", "26.1"));
            let mut set: Vec<Value> = by_identifier(&set).into_values().collect();
            dice.shuffle(&mut set);
            let before = times(&out);
            let old = files(&out);
            let is_pruned = dice.bool() || round == 7;
            publish(folder.path(), &set, if is_pruned { &["ddm", "--prune"] } else { &["ddm"] }, 0);
            let (new, after) = (files(&out), times(&out));
            for (path, time) in &before {
                let name = path.strip_prefix(&out).expect("it is below");
                let Some(now) = after.get(path) else { continue };
                if old[name] == new[name] {
                    assert_eq!(now, time, "{} was written again", path.display());
                } else {
                    assert!(now > time, "{} is not newer", path.display());
                }
            }
            always.synchronize();
            if round % 3 != 1 {
                device.synchronize();
                assert_eq!(received(&device), by_identifier(&set));
            }
            assert_eq!(received(&always), by_identifier(&set));
        }
        // What is published is the same set when it is read again.
        let output = ddmc(folder.path(), &["merge", "out", "--no-config"]);
        let again: Vec<Value> = serde_json::from_slice(&output.stdout).expect("the output is JSON");
        assert_eq!(by_identifier(&again).into_values().collect::<Vec<_>>(), always.identified());
    }
}

/// What a device has is what was planned for it, and its report says so.
#[test]
fn a_device_receives_what_was_planned() {
    let settings = |name: &str, days: u64| {
        let payload = json!({ "Deferrals": { "MajorPeriodInDays": days }, "Notifications": days > 40 });
        declaration("configuration.softwareupdate.settings", name, &payload)
    };
    let set = [settings("one", 30), settings("two", 60), enforcement("update", "26.2"), properties("p", 1)];
    let folder = folder();
    publish(folder.path(), &set, &["ddm", "--activate"], 0);
    let server = Server::start(&folder.path().join("out"));
    let mut device = Device::new(server.address, "");
    device.synchronize();
    let merged = "merged.softwareupdate.settings";
    let expected = [
        activation(&format!("{merged}.activation"), &[merged]),
        activation("update.activation", &["update"]),
        declaration(
            "configuration.softwareupdate.settings",
            merged,
            &json!({ "Deferrals": { "MajorPeriodInDays": 60 }, "Notifications": false }),
        ),
        enforcement("update", "26.2"),
        properties("p", 1),
    ];
    assert_eq!(received(&device), by_identifier(&expected));
    let plan = |input: &str| -> (Value, Value) {
        let arguments = ["plan", input, "--device", "macOS=26.0", "--as-of", TIME, "--format", "json"];
        let output = ddmc(folder.path(), &arguments);
        let plan: Value = serde_json::from_slice(&output.stdout).expect("the output is JSON");
        let values = plan["settings"].as_array().expect("a list").iter().map(|one| json!([one["pointer"], one["value"]]));
        (values.collect(), plan["updates"].clone())
    };
    let all: Vec<&Value> = device.declarations.values().collect();
    fs::write(folder.path().join("received.json"), json!(all).to_string()).expect("a file can be written");
    assert_eq!(plan("set.json"), plan("received.json"));
    assert_eq!(plan("received.json").1[0]["version"], "26.2");
    // The report of the device is about these declarations.
    fs::write(folder.path().join("report.json"), device.report().to_string()).expect("a file can be written");
    let output = ddmc(folder.path(), &["status", "report.json", "out", "--format", "json"]);
    let status: Value = serde_json::from_slice(&output.stdout).expect("the output is JSON");
    assert_eq!((output.status.code(), &status["missing"]), (Some(0), &json!([])), "{status}");
    assert!(status["declarations"].as_array().expect("a list").iter().all(|one| one["current"] == true), "{status}");
}

/// The folders with right declarations.
fn fixtures() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let entries = |folder: &str| fs::read_dir(root.join(folder)).expect("the fixtures are part of the repository").flatten();
    let merged = entries("merge").map(|entry| entry.path()).filter(|path| path.join("merged.json").exists());
    let fine = entries("ok").map(|entry| entry.path());
    let mut all: Vec<PathBuf> = merged.map(|path| path.join("in")).chain(fine).collect();
    all.sort();
    all
}

#[test]
fn what_is_published_is_the_same_set_when_it_is_read_again() {
    let (mut counts, mut refused) = (BTreeMap::new(), BTreeSet::new());
    for fixture in fixtures() {
        let fixture = fixture.to_string_lossy().into_owned();
        for layout in ["ddm", "kmfddm", "fleet"] {
            let folder = folder();
            let publish = |from: &str, to: &str| {
                let arguments = ["publish", from, "-o", to, "--layout", layout, "--as-of", TIME, "--no-config"];
                ddmc(folder.path(), &[&arguments[..], &["--activations", "server"]].concat())
            };
            let first = publish(&fixture, "first");
            if first.status.code() != Some(0) {
                refused.insert(text(&first.stderr));
                continue;
            }
            *counts.entry(layout).or_insert(0) += 1;
            // What was left out of a set for Fleet says what is active together.
            if text(&first.stderr).contains("left out") {
                continue;
            }
            let again = publish("first", "again");
            assert_eq!(again.status.code(), Some(0), "{fixture} {layout}: {}", text(&again.stderr));
            assert_eq!(files(&folder.path().join("first")), files(&folder.path().join("again")), "{fixture} {layout}");
            // Nothing but the tokens, which Fleet does not take, and the activations.
            let merge = |input: &str| -> Vec<Value> {
                let output = ddmc(folder.path(), &["merge", input, "--server-token", "--no-config"]);
                let mut set: Vec<Value> = serde_json::from_slice(&output.stdout).expect("the output is JSON");
                set.retain(|one| layout != "fleet" || !one["Type"].as_str().expect("a type").contains(".activation."));
                set
            };
            assert_eq!(merge(&fixture), merge("first"), "{fixture} {layout}");
        }
    }
    assert!(counts.len() == 3 && counts.values().all(|count| *count > 30), "{counts:?} {refused:?}");
}

/// Activations, predicates, placeholders and odd identifiers go there and back: nothing changes for devices.
#[test]
fn a_published_folder_does_not_differ_from_its_source() {
    let conditional = json!({ "StandardConfigurations": ["e 1/ü"], "Predicate": "@status(device.model.family) == 'Mac'" });
    let set = [
        declaration("configuration.softwareupdate.settings", "one", &json!({ "Deferrals": { "MajorPeriodInDays": 30 } })),
        declaration("configuration.passcode.settings", "two", &json!({ "RequirePasscode": true })),
        enforcement("e 1/ü", "26.1"),
        enforcement("e:2 #?&", "26.2"),
        declaration("management.properties", "$FLEET_VAR_X", &json!({ "secret": "$FLEET_SECRET_X" })),
        properties("A", 1),
        properties("_", 1),
        activation("all", &["one", "two"]),
        activation("other", &["e:2 #?&"]),
        declaration("activation.simple", "e.activation", &conditional),
    ];
    let without: Vec<Value> =
        set.iter().filter(|one| !one["Type"].as_str().expect("a type").contains("activation")).cloned().collect();
    for (layout, more, set) in [
        ("ddm", &[][..], &set[..]),
        ("ddm", &["--activate"], &without),
        ("kmfddm", &[], &set),
        ("kmfddm", &["--activate", "--name", "macs"], &without),
        ("fleet", &["--activations", "server"], &set),
        ("fleet", &["--activations", "server"], &without),
    ] {
        let folder = folder();
        publish(folder.path(), set, &[&[layout][..], more].concat(), 0);
        let who = if layout == "fleet" { "server" } else { "declared" };
        let output = ddmc(folder.path(), &["diff", "set.json", "out", "--exit-code", "--activations", who]);
        assert_eq!(output.status.code(), Some(0), "{layout} {more:?}: {}", text(&output.stdout));
        // A change is still seen.
        let mut changed = set.to_vec();
        changed[0]["Payload"]["Deferrals"]["MajorPeriodInDays"] = 31.into();
        fs::write(folder.path().join("set.json"), Value::from(changed).to_string()).expect("a file can be written");
        let output = ddmc(folder.path(), &["diff", "set.json", "out", "--exit-code", "--activations", who]);
        assert_eq!(output.status.code(), Some(1), "{layout} {more:?}");
    }
}

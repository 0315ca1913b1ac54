//! Activations as devices treat them: all or nothing, and by the server where no other declaration activates.

use std::fs;
use std::path::Path;
use std::process::Command;

use ddmc::{Diagnostic, check};
use serde_json::{Value, json};

fn activation(identifier: &str, names: &[&str]) -> Value {
    json!({ "Type": "com.apple.activation.simple", "Identifier": identifier, "Payload": { "StandardConfigurations": names } })
}

fn settings(identifier: &str) -> Value {
    json!({ "Type": "com.apple.configuration.softwareupdate.settings", "Identifier": identifier, "Payload": {} })
}

/// The messages of `activation-blocked`, with the places that they relate to.
fn blocked(declarations: &[Value]) -> Vec<(String, Vec<String>)> {
    let findings = check("set.json", json!(declarations).to_string().as_bytes());
    let found = findings.iter().filter(|finding| finding.rule.id == "activation-blocked");
    let related = |finding: &Diagnostic| finding.related.iter().map(|related| related.message.clone()).collect();
    found.map(|finding| (finding.message.clone(), related(finding))).collect()
}

#[test]
fn an_activation_is_blocked_by_a_configuration_that_no_device_loads() {
    let enforcement = |payload| json!({ "Type": "com.apple.configuration.softwareupdate.enforcement.specific", "Identifier": "b", "Payload": payload });
    let certificate = json!({
        "Type": "com.apple.configuration.security.certificate", "Identifier": "b",
        "Payload": { "CredentialAssetReference": "absent" }
    });
    let asset = json!({
        "Type": "com.apple.asset.useridentity", "Identifier": "c", "Payload": { "FullName": "A" }
    });
    for (other, cause) in [
        (enforcement(json!({ "TargetOSVersion": "26.1" })), Some("b lacks a required key")),
        (
            enforcement(json!({ "TargetOSVersion": "26.1", "TargetLocalDateTime": 1 })),
            Some("b has a value of the wrong JSON type"),
        ),
        (
            json!({ "Type": "com.apple.configuration.softwareupdate.setings", "Identifier": "b", "Payload": {} }),
            Some("b has a type that Apple does not define"),
        ),
        (certificate, Some("b references the asset absent, which is absent")),
        (settings("x"), Some("b is absent")),
        (settings("b"), None),
        // Whether an unknown key blocks an activation is not known.
        (
            json!({ "Type": "com.apple.configuration.softwareupdate.settings", "Identifier": "b", "Payload": { "Unknown": 1 } }),
            None,
        ),
    ] {
        let found = blocked(&[activation("on", &["a", "b"]), settings("a"), other.clone(), asset.clone()]);
        let expected: Vec<String> = cause.iter().map(|cause| format!("devices do not apply on: {cause}")).collect();
        assert_eq!(found.iter().map(|(message, _)| message.clone()).collect::<Vec<_>>(), expected, "{other}");
        if let (Some(cause), [(_, related)]) = (cause, found.as_slice()) {
            let is_there = cause != "b is absent";
            assert_eq!(related.as_slice(), if is_there { vec![cause.to_owned()] } else { Vec::new() }, "{other}");
        }
    }
}

#[test]
fn other_errors_are_said_to_have_a_possible_effect() {
    let mut doubtful = settings("b");
    doubtful["Payload"] = json!({ "Unknown": 1 });
    let found = blocked(&[activation("on", &["a", "b", "c"]), settings("a"), doubtful]);
    assert_eq!(found[0].0, "devices do not apply on: c is absent");
    assert_eq!(found[0].1, ["b has another error, which may have the same effect"]);
}

#[test]
fn several_causes_are_one_finding() {
    let broken = |identifier: &str| json!({ "Type": "com.apple.configuration.softwareupdate.enforcement.specific", "Identifier": identifier, "Payload": {} });
    let found = blocked(&[activation("on", &["a", "b", "c", "a"]), settings("a"), broken("b"), broken("c")]);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].0, "devices do not apply on: b lacks a required key, and 1 more");
    assert_eq!(found[0].1, ["b lacks a required key", "c lacks a required key"]);
}

#[test]
fn one_misspelled_reference_is_one_finding() {
    for (configuration, expected) in [
        ("com.example.setting", &["missing-configuration"][..]),
        ("com.example.other", &["missing-configuration", "unreferenced-configuration"]),
    ] {
        let set = json!([activation("com.example.all", &["com.example.settings"]), settings(configuration)]);
        let mut rules: Vec<String> =
            check("set.json", set.to_string().as_bytes()).into_iter().map(|finding| finding.rule.id.to_string()).collect();
        rules.sort();
        assert_eq!(rules, expected, "{configuration}");
    }
}

#[test]
fn only_devices_of_the_activation_count() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let predicate = |family: &str| {
        let mut activation = activation("on", &["mac", "tv"]);
        activation["Payload"]["Predicate"] = json!(format!("@status(device.model.family) == '{family}'"));
        activation
    };
    // Disk management is for the Mac alone.
    let mac = json!({
        "Type": "com.apple.configuration.diskmanagement.settings", "Identifier": "mac",
        "Payload": { "Restrictions": { "ExternalStorage": "Allowed" } }
    });
    for (family, expected) in [("AppleTV", true), ("Mac", false)] {
        let set = json!([predicate(family), mac, settings("tv")]);
        fs::write(folder.path().join("set.json"), set.to_string()).expect("a file can be written");
        let output = Command::new(env!("CARGO_BIN_EXE_ddmc"))
            .args(["check", "--format", "concise", "--target", "macOS=26.1", "--target", "tvOS=26.1", "set.json"])
            .current_dir(folder.path())
            .output()
            .expect("the program starts");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(text.contains("devices do not apply on: mac has a type that is unknown on tvOS"), expected, "{text}");
    }
}

#[test]
fn the_server_activates_what_no_activation_references() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let mut other = settings("free");
    other["Payload"] = json!({ "Notifications": false });
    let mut unmet = activation("off", &["held"]);
    unmet["Payload"]["Predicate"] = json!("FALSEPREDICATE");
    let set = json!([activation("on", &["used"]), settings("used"), other, unmet, settings("held")]);
    fs::write(folder.path().join("set.json"), set.to_string()).expect("a file can be written");
    let run = |arguments: &[&str]| {
        let program = Command::new(env!("CARGO_BIN_EXE_ddmc")).args(arguments).current_dir(folder.path()).output();
        String::from_utf8_lossy(&program.expect("the program starts").stdout).into_owned()
    };
    let check = ["check", "--set", "--format", "concise", "set.json"];
    let plan = ["plan", "--device", "macOS=26.1", "--as-of", "2026-12-01T00:00:00", "set.json"];
    assert!(run(&check).contains("unreferenced-configuration"));
    assert!(run(&plan).contains("no activation references it"));
    let server = |arguments: &[&str]| run(&[arguments, &["--activations", "server"]].concat());
    assert!(!server(&check).contains("unreferenced-configuration"));
    let planned = server(&plan);
    assert!(!planned.contains("no activation references it"), "{planned}");
    assert!(planned.contains("the predicate of off is false"), "{planned}");
    fs::write(folder.path().join("ddmc.toml"), "activations = \"server\"\n").expect("a file can be written");
    assert!(!run(&check).contains("unreferenced-configuration"));
    assert_eq!(run(&plan), planned);
    let declared = run(&[check.as_slice(), &["--activations", "declared"]].concat());
    assert!(declared.contains("unreferenced-configuration"));
}

/// Runs the program in a folder.
fn run(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_ddmc")).args(arguments).current_dir(folder).output();
    let output = output.expect("the program starts");
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

fn in_user_channel(mut declaration: Value) -> Value {
    declaration["PayloadScope"] = json!("User");
    declaration
}

#[test]
fn channels_are_apart() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let write = |name: &str, set: Value| fs::write(folder.path().join(name), set.to_string()).expect("a file can be written");
    let with = |identifier: &str, notifications: bool| {
        let mut settings = settings(identifier);
        settings["Payload"] = json!({ "Notifications": notifications });
        settings
    };
    // The same identifier, and values of which one would overrule the other.
    write("set.json", json!([with("a", true), in_user_channel(with("a", false))]));
    let found = run(folder.path(), &["check", "--set", "--format", "concise", "set.json"]);
    assert!(!found.contains("duplicate-identifier") && !found.contains("overruled-setting"), "{found}");
    write("set.json", json!([with("a", true), with("a", false)]));
    let found = run(folder.path(), &["check", "--set", "--format", "concise", "set.json"]);
    assert!(found.contains("duplicate-identifier") && found.contains("overruled-setting"), "{found}");
    // An activation reaches its own channel alone.
    write("set.json", json!([activation("on", &["a", "b"]), settings("a"), in_user_channel(settings("b"))]));
    let found = run(folder.path(), &["check", "--set", "--format", "concise", "set.json"]);
    assert!(found.contains("missing-configuration") && found.contains("devices do not apply on: b is absent"), "{found}");
    let planned = run(folder.path(), &["plan", "--device", "macOS=26.1", "set.json"]);
    assert!(planned.contains("b, which an activation references, is not in the input"), "{planned}");
    let found = run(folder.path(), &["check", "--set", "--format", "json", "set.json"]);
    assert!(found.contains("an activation of the device channel cannot name it"), "{found}");
    // Each channel is merged alone, and the result names the channel if a declaration did.
    let user = |identifier: &str| in_user_channel(with(identifier, false));
    write("set.json", json!([with("a", true), with("b", true), user("c"), user("d")]));
    let merged: Value = serde_json::from_str(&run(folder.path(), &["merge", "set.json"])).expect("the output is JSON");
    let parts = |declaration: &Value| (declaration["PayloadScope"].clone(), declaration["Payload"]["Notifications"].clone());
    let merged: Vec<_> = merged.as_array().expect("it is an array").iter().map(parts).collect();
    assert_eq!(merged, [(Value::Null, json!(true)), (json!("User"), json!(false))]);
    // A plan is for one channel.
    let planned = |device: &str| run(folder.path(), &["plan", "--device", device, "set.json"]);
    let (system, user) = (planned("macOS=26.1"), planned("macOS=26.1,user-channel"));
    assert!(system.contains("it is for the user channel"), "{system}");
    assert!(user.contains("it is for the device channel"), "{user}");
}

#[test]
fn the_configuration_names_channels() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    for part in ["system", "users"] {
        fs::create_dir(folder.path().join(part)).expect("a folder can be made");
        let name = |name: &str| folder.path().join(part).join(name);
        fs::write(name("a.json"), settings("a").to_string()).expect("a file can be written");
        fs::write(name("b.json"), settings(part).to_string()).expect("a file can be written");
    }
    let check = ["check", "--set", "--format", "concise", "system", "users"];
    for (table, are_apart) in [
        ("[[files]]\npaths = [\"users\"]\nchannel = \"user\"\n", true),
        ("[[sets]]\npaths = [\"users\"]\nchannel = \"user\"\n", true),
        ("[[sets]]\npaths = [\"users\"]\nchannel = \"user\"\n[[files]]\npaths = [\"users\"]\nchannel = \"device\"\n", false),
    ] {
        fs::write(folder.path().join("ddmc.toml"), table).expect("a file can be written");
        let found = run(folder.path(), &check);
        assert_eq!(!found.contains("duplicate-identifier"), are_apart, "{table}{found}");
        // `merge` keeps them apart too.
        let merged = run(folder.path(), &["merge", "system", "users"]);
        assert_eq!(merged.contains("merged.softwareupdate.settings.2"), are_apart, "{table}{merged}");
    }
}

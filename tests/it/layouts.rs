//! The layouts of `ddmc publish`: what they refuse, what they write, and what they change in a folder.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};
use tempfile::TempDir;

fn ddmc(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ddmc"));
    command.args(arguments).current_dir(folder).env_remove("GITHUB_ACTIONS").env("COLUMNS", "80");
    command.output().expect("the program runs")
}

/// Publishes declarations to `out` in a folder. Returns the exit status, standard output and the remarks.
fn publish(folder: &TempDir, declarations: &[Value], arguments: &str) -> (i32, String, String) {
    fs::write(folder.path().join("set.json"), Value::from(declarations).to_string()).expect("a file can be written");
    let arguments: Vec<&str> = arguments.split(' ').collect();
    let output = ddmc(folder.path(), &[&["publish", "set.json", "-o", "out/", "--layout"], &arguments[..]].concat());
    let [stdout, stderr] = [output.stdout, output.stderr].map(|text| String::from_utf8(text).expect("it is UTF-8"));
    (output.status.code().expect("it ends"), stdout, stderr)
}

fn refused(declarations: &[Value], arguments: &str) -> String {
    let folder = folder();
    let (status, stdout, remarks) = publish(&folder, declarations, arguments);
    assert_eq!((status, stdout.as_str()), (2, ""), "{declarations:?}: {remarks}");
    assert!(remarks.ends_with("ddmc: nothing was published\n"), "{remarks}");
    assert!(!folder.path().join("out").exists(), "{declarations:?}");
    remarks
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder can be made")
}

fn declaration(kind: &str, identifier: &str, payload: &Value) -> Value {
    json!({ "Type": format!("com.apple.{kind}"), "Identifier": identifier, "Payload": payload })
}

fn properties(identifier: &str) -> Value {
    declaration("management.properties", identifier, &json!({}))
}

fn settings(identifier: &str) -> Value {
    declaration("configuration.passcode.settings", identifier, &json!({ "RequirePasscode": true }))
}

fn activation(identifier: &str, references: &[&str], predicate: Option<&str>) -> Value {
    let mut payload = json!({ "StandardConfigurations": references });
    if let Some(predicate) = predicate {
        payload["Predicate"] = predicate.into();
    }
    declaration("activation.simple", identifier, &payload)
}

fn with_scope(mut declaration: Value, scope: &str) -> Value {
    declaration["PayloadScope"] = scope.into();
    declaration
}

fn read(folder: &TempDir, name: &str) -> String {
    fs::read_to_string(folder.path().join("out").join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn names(folder: &TempDir) -> Vec<String> {
    let entries = fs::read_dir(folder.path().join("out")).expect("it exists").flatten();
    let mut names: Vec<String> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn identifiers_that_cannot_be_paths_are_refused() {
    for (identifier, reason) in [
        ("../x", "has the part .."),
        ("a/../b", "has the part .."),
        ("..", "has the part .."),
        (".", "has the part ."),
        ("/etc/passwd", "begins with /"),
        ("a//b", "has nothing before or after a /"),
        ("a/", "has nothing before or after a /"),
        ("a\u{7}b", "has a control character"),
        ("a\nb", "has a control character"),
        (".ddmc", "has a part that begins with .ddmc"),
        ("a/.ddmc-abcDEF123456.tmp", "has a part that begins with .ddmc"),
    ] {
        let remarks = refused(&[properties(identifier)], "ddm");
        assert!(remarks.contains(reason) && remarks.contains("give it another identifier"), "{identifier}: {remarks}");
    }
    for (one, other, reason) in [
        ("com.example.A", "com.example.a", "differ in case alone"),
        ("Ä/x", "ä/X", "differ in case alone"),
        ("a", "a/b", "would be a file in a folder called a"),
        ("A/b", "a/B/c", "would be a file in a folder called A/b"),
    ] {
        let remarks = refused(&[properties(one), properties(other)], "ddm");
        assert!(remarks.contains(reason), "{one} {other}: {remarks}");
    }
    // Each kind has a folder of its own, and the other layouts have plain names.
    let folder = folder();
    let set = [properties("a"), declaration("asset.data", "a/b", &json!({ "Reference": { "DataURL": "https://a.example/" } }))];
    assert_eq!(publish(&folder, &set, "ddm").0, 0);
    assert_eq!(publish(&folder, &[properties("../x"), properties("A"), properties("a")], "kmfddm --prune").0, 0);
    assert_eq!(names(&folder), [".ddmc", "A.json", "_.._x.json", "a-2.json", "set.default.txt"]);
}

#[test]
fn a_set_is_for_one_channel() {
    let both = [settings("a"), with_scope(settings("b"), "User")];
    for layout in ["ddm", "kmfddm"] {
        let remarks = refused(&both, layout);
        assert!(remarks.contains("is for the device channel, but") && remarks.contains("a folder for each channel"), "{remarks}");
    }
    // Fleet reads the scope of each declaration, and takes each identifier once.
    let folder = folder();
    assert_eq!(publish(&folder, &both, "fleet").0, 0);
    assert!(read(&folder, "b.json").contains("\"PayloadScope\": \"User\"") && !read(&folder, "a.json").contains("PayloadScope"));
    let remarks = refused(&[properties("a"), with_scope(properties("a"), "User")], "fleet");
    assert!(remarks.contains("a is the identifier of several declarations"), "{remarks}");
    // The scope of a folder in the configuration is written for Fleet, and never for a device.
    fs::write(folder.path().join("ddmc.toml"), "[[files]]\npaths = \"set.json\"\nchannel = \"user\"\n")
        .expect("it can be written");
    assert_eq!(publish(&folder, &[settings("c")], "fleet").0, 0);
    assert!(read(&folder, "c.json").contains("\"PayloadScope\": \"User\""));
    assert_eq!(publish(&folder, &[with_scope(settings("d"), "User")], "kmfddm --prune --activate").0, 0);
    assert!(!read(&folder, "d.json").contains("PayloadScope") && !read(&folder, "d.activation.json").contains("PayloadScope"));
}

#[test]
fn activations_are_added_where_they_are_missing() {
    let folder = folder();
    let long = "x".repeat(60);
    let set = [
        settings("a"),
        declaration("configuration.math.settings", &long, &json!({})),
        declaration("configuration.siri.settings", "used", &json!({})),
        activation("own", &["used"], None),
        properties("a.activation"),
    ];
    let (_, _, remarks) = publish(&folder, &set, "ddm");
    assert!(
        remarks.contains("2 configurations without an activation, which no device applies; --activate adds one"),
        "{remarks}"
    );
    let (_, _, remarks) = publish(&folder, &set, "ddm --activate");
    assert!(!remarks.contains("without an activation"), "{remarks}");
    let entries = fs::read_dir(folder.path().join("out/declaration/activation")).expect("it exists").flatten();
    let mut names: Vec<String> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    // What is too long or taken gets a part of a hash.
    assert_eq!(names, ["a.5f1aa0c8.activation", "own", &format!("{}.1659b9c0.activation", "x".repeat(44))]);
    assert_eq!(names[2].len(), 64);
    let made = read(&folder, &format!("declaration/activation/{}", names[0]));
    assert!(made.contains("\"StandardConfigurations\": [\n      \"a\"\n    ]"), "{made}");
    // The names stay the same.
    let before = read(&folder, "tokens");
    assert_eq!(publish(&folder, &set, "ddm --activate").0, 0);
    assert_eq!(read(&folder, "tokens"), before);
}

#[test]
fn fleet_gets_no_activations_and_loses_no_predicate() {
    let set = [
        settings("a"),
        activation("x", &["a"], Some("TRUEPREDICATE")),
        activation("y", &["a"], Some("@status(device.model.family) == 'Mac'")),
    ];
    let folder = folder();
    let (status, _, remarks) = publish(&folder, &set, "fleet");
    assert_eq!(status, 0, "{remarks}");
    assert!(remarks.contains("2 activations left out, as Fleet activates every configuration: x, y"), "{remarks}");
    assert!(remarks.contains("Wrote 1 declaration to out/"), "{remarks}");
    assert_eq!(names(&folder), [".ddmc", "a.json", "fleet.yml"]);
    assert!(read(&folder, "fleet.yml").ends_with("    configuration_profiles:\n      - path: ./a.json\n"));
    assert!(!read(&folder, "a.json").contains("ServerToken"));
    // Fleet's file is read as such: the check finds what it names.
    fs::remove_file(folder.path().join("out/a.json")).expect("it exists");
    let output = ddmc(folder.path(), &["check", "out/fleet.yml", "--format", "concise"]);
    assert!(String::from_utf8_lossy(&output.stdout).contains("missing-file"), "{output:?}");
    assert!(!remarks.contains("Premium"), "{remarks}");
    let other = declaration("configuration.math.settings", "b", &json!({}));
    let remarks = refused(&[settings("a"), set[1].clone(), other.clone()], "fleet");
    assert!(remarks.contains("b is not active") && remarks.contains("--activations server"), "{remarks}");
    assert_eq!(publish(&folder, &[settings("a"), set[1].clone(), other], "fleet --activations server").0, 0);
    let (status, _, remarks) = publish(&folder, &[settings("a")], "fleet --activate");
    assert!(status == 2 && remarks.contains("leave out --activate"), "{remarks}");
}

#[test]
fn fleet_gets_the_activation_that_is_the_condition_of_a_configuration() {
    let macs = "@status(device.model.family) == 'Mac'";
    let math = |name: &str| declaration("configuration.math.settings", name, &json!({}));
    let set = [settings("a"), activation("x", &["a"], None), math("b/c"), activation("y/z", &["b/c"], Some(macs))];
    let folder = folder();
    let (status, _, remarks) = publish(&folder, &set, "fleet");
    assert_eq!(status, 0, "{remarks}");
    let premium = "1 activation with a predicate, which only Fleet Premium with mdm.allow_custom_activations takes: y/z";
    assert!(remarks.contains(premium), "{remarks}");
    assert!(remarks.contains("1 activation left out, as Fleet activates every configuration: x"), "{remarks}");
    assert!(remarks.contains("Wrote 3 declarations to out/"), "{remarks}");
    assert_eq!(names(&folder), [".ddmc", "a.json", "b_c.json", "fleet.yml", "y_z.json"]);
    let list = read(&folder, "fleet.yml");
    let items = "      - path: ./b_c.json\n        activation: ./y_z.json\n      - path: ./a.json\n";
    assert!(list.ends_with(items), "{list}");
    let written: Value = serde_json::from_str(&read(&folder, "y_z.json")).expect("it is JSON");
    assert_eq!(written, set[3]);
    // What Fleet activates without an activation stays active, and what has one depends on its predicate.
    let output = ddmc(folder.path(), &["diff", "set.json", "out", "--activations", "server", "--exit-code"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
    // Fleet takes one activation for a configuration, which references nothing else.
    let two = [math("b"), activation("y", &["b"], Some(macs)), activation("z", &["b"], Some("@property(ring) == 1"))];
    let both = [settings("a"), math("b"), activation("y", &["a", "b"], Some(macs))];
    for set in [&two[..], &both] {
        let remarks = refused(set, "fleet");
        assert!(remarks.contains("b is only active where a predicate holds") && remarks.contains("labels"), "{remarks}");
        assert!(remarks.contains("give b an activation of its own"), "{remarks}");
    }
    let user = [with_scope(math("b"), "User"), with_scope(activation("y", &["b"], Some(macs)), "User")];
    let remarks = refused(&user, "fleet");
    assert!(remarks.contains("Fleet documents no activations for the user channel"), "{remarks}");
}

#[test]
fn placeholders_that_nothing_replaces_are_named() {
    let set = [
        declaration("management.properties", "a", &json!({ "x": ["$FLEET_VAR_HOST_UUID"] })),
        properties("$FLEET_SECRET_NAME"),
        declaration("management.properties", "c", &json!({ "x": "{}" })),
    ];
    for layout in ["ddm", "kmfddm"] {
        let folder = folder();
        let (status, _, remarks) = publish(&folder, &set, layout);
        let expected =
            "2 declarations with placeholders, which devices get as they are written; replace them before publishing: ";
        assert!(status == 0 && remarks.contains(&[expected, "$FLEET_SECRET_NAME, a\n"].concat()), "{remarks}");
    }
    let folder = folder();
    let (_, _, remarks) = publish(&folder, &set, "fleet");
    assert!(!remarks.contains("placeholders"), "{remarks}");
}

#[test]
fn a_set_for_kmfddm_says_what_left_it() {
    let folder = folder();
    assert_eq!(publish(&folder, &[properties("a"), properties("b"), properties("c")], "kmfddm --name macs").0, 0);
    let list = |text: &str| text.lines().skip(1).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(list(&read(&folder, "set.macs.txt")), ["a", "b", "c"]);
    assert_eq!(publish(&folder, &[properties("b"), properties("d")], "kmfddm --name macs --prune").0, 0);
    assert_eq!(list(&read(&folder, "set.macs.txt")), ["b", "d", "-a", "-c"]);
    assert_eq!(names(&folder), [".ddmc", "b.json", "d.json", "set.macs.txt"]);
    // Until it is in the set again.
    assert_eq!(publish(&folder, &[properties("c")], "kmfddm --name macs --prune").0, 0);
    assert_eq!(list(&read(&folder, "set.macs.txt")), ["c", "-a", "-b", "-d"]);
    for identifier in ["-a", "#a", " a", "a\u{2003}", "a\nb"] {
        let remarks = refused(&[properties(identifier)], "kmfddm");
        assert!(remarks.contains("cannot be a line of set.default.txt"), "{remarks}");
    }
    for name in ["a/b", "..", ".a", "", "a.txt.b", "ä"] {
        fs::write(folder.path().join("set.json"), properties("a").to_string()).expect("it can be written");
        let output = ddmc(folder.path(), &["publish", "set.json", "-o", "x/", "--layout", "kmfddm", "--name", name]);
        assert_eq!(output.status.code(), Some(2), "{name}");
    }
    // A list of another hand, with declarations that are elsewhere, is not replaced.
    fs::write(folder.path().join("out/set.other.txt"), "z\n").expect("it can be written");
    let (status, _, remarks) = publish(&folder, &[properties("a")], "kmfddm --name other");
    assert!(status == 2 && remarks.contains("set.other.txt is in the folder already, but ddmc did not write it"), "{remarks}");
    assert_eq!(read(&folder, "set.other.txt"), "z\n");
}

#[test]
fn a_diff_shows_what_would_change_and_no_secret() {
    let folder = folder();
    let program = |token: &str| {
        let payload =
            json!({ "Beta": { "ProgramEnrollment": "AlwaysOn", "RequireProgram": { "Description": "x", "Token": token } } });
        declaration("configuration.softwareupdate.settings", "beta", &payload)
    };
    let (status, diff, remarks) = publish(&folder, &[program("zqx1"), properties("a.yaml")], "ddm --diff");
    assert_eq!(status, 1);
    assert!(remarks.contains("Would add 4 files, change 0 and remove 0 in out/"), "{remarks}");
    assert!(
        diff.contains("+  \"Identifier\": \"a.yaml\"") && diff.contains("\"Token\": •••") && !diff.contains("zqx1"),
        "{diff}"
    );
    assert!(!folder.path().join("out").exists());
    assert_eq!(publish(&folder, &[program("zqx1"), properties("a.yaml")], "ddm").0, 0);
    let (status, diff, remarks) = publish(&folder, &[program("zqx1"), properties("a.yaml")], "ddm --diff");
    assert_eq!((status, diff.as_str()), (0, ""), "{remarks}");
    let tokens = read(&folder, "tokens");
    let (status, diff, remarks) = publish(&folder, &[program("zqx2")], "ddm --diff --prune --as-of 2030-01-31T18:00:00");
    assert_eq!(status, 1);
    assert!(remarks.contains("Would add 0 files, change 3 and remove 1 in out/"), "{remarks}");
    assert!(
        diff.contains("+    \"Timestamp\": \"2030-01-31T18:00:00Z\"") && diff.contains("-  \"Identifier\": \"a.yaml\""),
        "{diff}"
    );
    assert!(!diff.contains("zqx"), "{diff}");
    assert_eq!(read(&folder, "tokens"), tokens);
}

#[test]
fn other_files_stay_and_a_failure_changes_nothing() {
    let folder = folder();
    let out = folder.path().join("out");
    assert_eq!(publish(&folder, &[properties("a"), properties("b/c")], "ddm").0, 0);
    fs::write(out.join("declaration/management/notes"), "mine").expect("it can be written");
    fs::write(out.join("index.html"), "mine").expect("it can be written");
    let (_, _, remarks) = publish(&folder, &[properties("a")], "ddm");
    assert!(remarks.contains("1 file of earlier runs; --prune removes: declaration/management/b/c"), "{remarks}");
    assert!(remarks.contains("that ddmc did not write, or that changed: declaration/management/notes"), "{remarks}");
    // A file is where a folder has to be, and the other way round.
    let before = read(&folder, "tokens");
    for (identifier, reason) in
        [("a/x", "declaration/management/a is a file, not a folder"), ("b", "declaration/management/b: is a folder")]
    {
        let (status, _, remarks) = publish(&folder, &[properties("new/y"), properties(identifier)], "ddm");
        assert_eq!(status, 2, "{remarks}");
        assert!(remarks.contains(reason), "{remarks}");
        assert_eq!(read(&folder, "tokens"), before);
        assert!(!out.join("declaration/management/new").exists());
    }
    let (_, _, remarks) = publish(&folder, &[properties("a")], "ddm --prune");
    assert!(remarks.contains("Removed 1 file of earlier runs: declaration/management/b/c"), "{remarks}");
    assert!(!out.join("declaration/management/b").exists(), "an empty folder is left");
    assert_eq!(publish(&folder, &[properties("b")], "ddm --prune").0, 0);
    assert!(out.join("index.html").exists() && out.join("declaration/management/notes").exists());
    // The output is a file, or standard output.
    for output in ["set.json", "-"] {
        let output = ddmc(folder.path(), &["publish", "set.json", "--layout", "ddm", "-o", output]);
        assert_eq!(output.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&output.stderr).contains("is not a folder"), "{output:?}");
    }
}

#[cfg(unix)]
#[test]
fn pruning_leaves_the_folder_through_no_link() {
    let folder = folder();
    let out = folder.path().join("out");
    assert_eq!(publish(&folder, &[properties("a"), properties("b")], "ddm").0, 0);
    let elsewhere = folder.path().join("elsewhere");
    fs::rename(out.join("declaration/management"), &elsewhere).expect("it can be moved");
    std::os::unix::fs::symlink("../../elsewhere", out.join("declaration/management")).expect("a link can be made");
    let asset = declaration("asset.data", "c", &json!({ "Reference": { "DataURL": "https://a.example/" } }));
    assert_eq!(publish(&folder, &[asset], "ddm --prune").0, 0);
    assert!(elsewhere.join("a").exists() && elsewhere.join("b").exists());
}

//! `ddmc init` writes a configuration that fits the repository, and touches nothing that is there.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

const SETTINGS: &str = r#"{ "Type": "com.apple.configuration.softwareupdate.settings", "Identifier": "NAME", "Payload": {} }"#;

fn repository(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    fs::create_dir(folder.path().join(".git")).expect("a folder can be made");
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("a folder can be made");
        fs::write(path, text).expect("a file can be written");
    }
    folder
}

fn ddmc(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ddmc"));
    command.args(arguments).current_dir(folder).env_remove("GITHUB_ACTIONS").output().expect("the program runs")
}

/// The lines that `ddmc init` writes, without comments, and what it prints.
fn init(folder: &Path) -> (Vec<String>, String) {
    let output = ddmc(folder, &["init"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let text = fs::read_to_string(folder.join("ddmc.toml")).expect("it is written");
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(str::to_owned).collect();
    (lines, String::from_utf8(output.stdout).expect("the output is UTF-8"))
}

fn is_accepted(folder: &Path) {
    let output = ddmc(folder, &["check", "--allow-empty", "--format", "concise"]);
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(0), &b""[..]), "{output:?}");
}

#[test]
fn a_repository_for_fleet_is_recognised() {
    let named = |name: &str| SETTINGS.replace("NAME", name);
    let (mac, pad, phone) = (named("@@PREFIX@@.mac"), named("com.example.pad"), named("com.example.phone"));
    let folder = repository(&[
        ("default.yml", "controls:\n"),
        ("teams/all.yml", "name: all\n"),
        ("lib/macos/declaration-profiles/updates.json", &mac),
        ("lib/macos/declaration-profiles/second.json", &named("com.example.second")),
        ("lib/macos/apps/list.json", r#"{ "apps": [] }"#),
        (
            "lib/macos/configuration-profiles/wifi.mobileconfig",
            "<plist><dict><key>PayloadType</key><string>x</string></dict></plist>",
        ),
        ("lib/iPadOS/updates.json", &pad),
        ("lib/ios/updates.json", &phone),
        ("lib/macos/ios/updates.json", &named("com.example.inner")),
        ("lib/tvos/notes.json", "{}"),
        (".gitignore", "lib/watchos\n"),
        ("lib/watchos/updates.json", &named("com.example.watch")),
    ]);
    let (lines, printed) = init(folder.path());
    let expected = [
        "placeholders = ['@@[A-Za-z0-9_.:-]+@@']",
        "activations = \"server\"",
        "[[files]]",
        "paths = [\"lib/ios\"]",
        "targets = [\"iOS\"]",
        "[[files]]",
        "paths = [\"lib/iPadOS\"]",
        "targets = [\"iPadOS\"]",
        "[[files]]",
        "paths = [\"lib/macos/declaration-profiles\"]",
        "targets = [\"macOS\"]",
        "[[files]]",
        "paths = [\"lib/macos/ios\"]",
        "targets = [\"iOS\"]",
    ];
    assert_eq!(lines, expected);
    assert!(printed.contains("found 5 declarations and 0 legacy documents in 5 files"), "{printed}");
    assert!(printed.contains("Next: ") && printed.contains("`ddmc check`"), "{printed}");
    is_accepted(folder.path());
}

#[test]
fn declarations_are_found_in_every_form_that_check_reads() {
    let wrapped = format!(r#"{{ "declarations": [{}, {}] }}"#, SETTINGS.replace("NAME", "a"), SETTINGS.replace("NAME", "b"));
    let yaml = "Type: com.apple.configuration.passcode.settings\nIdentifier: c\nPayload: {}\n";
    let folder = repository(&[("macos/wrapped.json", &wrapped), ("ios/passcode.yaml", yaml)]);
    let (lines, printed) = init(folder.path());
    assert!(printed.contains("3 declarations"), "{printed}");
    assert!(["macos", "ios"].iter().all(|name| lines.iter().any(|line| line.contains(name))), "{lines:?}");
    is_accepted(folder.path());
}

#[test]
fn the_server_is_told_by_its_files() {
    for (files, expected) in [
        (&["default.yml", "teams/a.yml"][..], Some("activations = \"server\"")),
        (&["default.yml"], None),
        (&["jamf/notes.txt"], Some("activations = \"server\"")),
        (&["set.pilots.txt"], Some("activations = \"declared\"")),
        (&["set.pilots.txt", "jamf/notes.txt"], None),
        (&["simplemdm/a.txt", "zentral/b.txt"], Some("activations = \"server\"")),
        (&["set.json", "notes.txt"], None),
    ] {
        let files: Vec<(&str, &str)> = files.iter().map(|file| (*file, "com.example.a\n")).collect();
        let folder = repository(&files);
        let (lines, printed) = init(folder.path());
        assert_eq!(lines, expected.into_iter().collect::<Vec<_>>(), "{files:?}: {printed}");
        is_accepted(folder.path());
    }
}

#[test]
fn every_example_in_a_comment_can_be_used() {
    let folder = repository(&[("gdmf.json", r#"{ "PublicAssetSets": { "macOS": [] } }"#), ("macos/a.json", SETTINGS)]);
    fs::write(
        folder.path().join("policy.json"),
        r#"{ "name": "own", "message": "a sentence", "schema": { "required": ["Payload"] } }"#,
    )
    .expect("a file can be written");
    assert!(init(folder.path()).1.contains("targets of macos: macOS"));
    let path = folder.path().join("ddmc.toml");
    let text = fs::read_to_string(&path).expect("it is written");
    let is_key = |line: &str| {
        let name = line.split(['=', ' ']).next().unwrap_or_default();
        let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || b"-.".contains(&byte));
        line.starts_with('[') || (is_name && line[name.len()..].starts_with(" = "))
    };
    // A checkout of Apple's schema would be needed.
    let used =
        |line: &str| line.strip_prefix("# ").filter(|line| is_key(line) && !line.starts_with("apple-schema")).map(str::to_owned);
    let (mut number, mut lines) = (0, Vec::new());
    for line in text.lines() {
        number += usize::from(used(line).is_some());
        lines.push(used(line).unwrap_or_else(|| line.to_owned()));
    }
    assert!(number >= 15, "{number} examples in {text}");
    fs::write(&path, lines.join("\n")).expect("a file can be written");
    let output = ddmc(folder.path(), &["check", "--print-config"]);
    assert!(output.status.success(), "{}: {output:?}", lines.join("\n"));
}

#[test]
fn a_configuration_that_is_there_is_kept() {
    let folder = repository(&[("ddmc.toml", "broken"), ("macos/a.json", SETTINGS)]);
    for place in [folder.path().to_owned(), folder.path().join("macos")] {
        let output = ddmc(&place, &["init"]);
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("ddmc.toml is there already"), "{output:?}");
    }
    assert_eq!(fs::read_to_string(folder.path().join("ddmc.toml")).expect("it is there"), "broken");
    assert!(!folder.path().join("macos/ddmc.toml").exists());
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_a_link() {
    let (folder, other) = (repository(&[]), repository(&[]));
    let target = other.path().join("other.toml");
    std::os::unix::fs::symlink(&target, folder.path().join("ddmc.toml")).expect("a link can be made");
    let output = ddmc(folder.path(), &["init"]);
    assert_eq!((output.status.code(), target.exists()), (Some(2), false), "{output:?}");
}

#[cfg(unix)]
#[test]
fn names_of_folders_cannot_break_the_file() {
    let folder = repository(&[
        ("a\"]\nfail-on = 1\n[x/macos/a.json", SETTINGS),
        ("b*/ios/a.json", &SETTINGS.replace("NAME", "b")),
        ("jamf\n::error::x/c.json", "{}"),
        ("it's/tvos/a.json", &SETTINGS.replace("NAME", "c")),
        ("d/a.json", &SETTINGS.replace("NAME", "<<a'b>>")),
    ]);
    let (lines, printed) = init(folder.path());
    let expected = [
        "placeholders = ['<<[^<>]+>>']",
        "activations = \"server\"",
        "[[files]]",
        "paths = [\"it's/tvos\"]",
        "targets = [\"tvOS\"]",
    ];
    assert_eq!(lines, expected, "{printed}");
    assert!(!printed.contains("\n::error"), "{printed}");
    is_accepted(folder.path());
}

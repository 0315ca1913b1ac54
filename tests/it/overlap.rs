//! No command replaces one of its inputs, except with `--fix`.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

const SETTINGS: &str =
    r#"{"Type": "com.apple.configuration.softwareupdate.settings", "Identifier": "a", "Payload": {"Notifications": true}}"#;

const COMMAND: &str =
    r#"{"RequestType": "ScheduleOSUpdate", "Updates": [{"ProductVersion": "26.1", "InstallAction": "InstallASAP"}]}"#;

/// A repository in a folder of its own, with a folder beside it.
fn repository() -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    for (name, text) in [
        ("repo/.git/config", ""),
        ("repo/macos/a.json", SETTINGS),
        ("repo/macos/old.txt", "a note"),
        ("repo/commands/a.json", COMMAND),
        ("repo/commands/command.json", COMMAND),
        ("repo/catalog.json", r#"{"PublicAssetSets": {"macOS": [{"ProductVersion": "26.1", "Build": "25B78"}]}}"#),
        ("repo/policy.json", r#"{ "name": "own", "message": "not ours", "schema": {} }"#),
        ("repo/baseline.json", r#"{"format": 1, "tool": {"name": "ddmc", "version": "0.1.0"}, "findings": []}"#),
        ("repo/ddmc.toml", "catalog = \"catalog.json\"\nexclude = [\"published\"]\n[[policies]]\nfile = \"policy.json\"\n"),
        ("repo/.gitignore", "build/\n"),
        ("elsewhere/note", ""),
    ] {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("a folder can be made");
        fs::write(path, text).expect("a file can be written");
    }
    fs::hard_link(folder.path().join("repo/macos/a.json"), folder.path().join("elsewhere/hard.json"))
        .expect("a link can be made");
    symlink(folder.path().join("repo"), folder.path().join("elsewhere/repo")).expect("a link can be made");
    folder
}

fn ddmc(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ddmc"));
    command.args(arguments).current_dir(folder.join("repo")).stdin(Stdio::null()).env_remove("GITHUB_ACTIONS");
    command.output().expect("the program runs")
}

/// The files below a folder, with their contents.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder can be read").flatten() {
        let path = entry.path();
        if path.is_dir() && !path.is_symlink() {
            all.extend(files(&path));
        } else if path.is_file() {
            all.push((path.display().to_string(), fs::read(&path).expect("a file can be read")));
        }
    }
    all.sort();
    all
}

#[test]
fn an_output_never_replaces_an_input() {
    let (is_input, is_next) = ("is also an input and would be replaced", "so the next run would merge the result again");
    let folder = repository();
    let before = files(folder.path());
    for (arguments, reason) in [
        (&["merge", "macos/a.json", "-o", "macos/a.json"][..], is_input),
        (&["merge", "macos/a.json", "-o", "./macos/../macos/a.json"], is_input),
        (&["merge", "macos/a.json", "-o", "../elsewhere/hard.json"], is_input),
        (&["merge", "macos/a.json", "-o", "../elsewhere/repo/macos/a.json"], is_input),
        (&["merge", "../elsewhere/repo/macos/a.json", "-o", "macos/a.json"], is_input),
        (&["merge", "macos/a.json", "-o", "macos/"], "a.json: it is also an input and would be replaced"),
        (&["merge", "macos", "-o", "macos/a.json"], is_next),
        (&["merge", "macos", "-o", "macos/new.json"], is_next),
        (&["merge", "macos", "-o", "macos"], is_next),
        (&["merge", "macos", "-o", "macos/new/"], is_next),
        (&["merge", "macos", "-o", "../elsewhere/repo/macos/new/"], is_next),
        (&["merge", "../elsewhere/repo/macos", "-o", "macos/new/"], is_next),
        (&["merge", ".", "-o", "out/"], is_next),
        (&["merge", "macos/a.json", "-o", "ddmc.toml"], is_input),
        (&["migrate", "commands/a.json", "--deadline", "2030-01-01T12:00:00", "-o", "commands/a.json"], is_input),
        (&["migrate", "commands", "--deadline", "2030-01-01T12:00:00", "-o", "commands/a.json"], is_input),
        (&["check", "macos/old.txt", "--output", "json=macos/old.txt"], is_input),
        (&["check", "macos", "--output", "json=macos/a.json"], "it holds declarations"),
        (&["check", "macos", "--output", "json=ddmc.toml"], is_input),
        (&["check", "macos", "--output", "json=catalog.json"], is_input),
        (&["check", "macos", "--output", "json=policy.json"], is_input),
        (&["check", "macos", "--baseline", "baseline.json", "--output", "json=baseline.json"], is_input),
        (&["check", "macos", "--write-baseline", "macos/old.txt"], "is not a baseline"),
        (&["check", "baseline.json", "--write-baseline", "baseline.json"], is_input),
    ] {
        let output = ddmc(folder.path(), arguments);
        let remarks = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {remarks}");
        assert!(remarks.contains(reason), "{arguments:?}: {remarks}");
        assert_eq!(files(folder.path()), before, "{arguments:?}");
    }
}

#[test]
fn an_output_in_a_folder_that_is_not_read_is_written() {
    for arguments in [
        &["merge", "macos", "-o", "published/"][..],
        &["merge", "macos/a.json", "-o", "macos/new/"],
        &["merge", "macos/a.json", "-o", "macos/b.json"],
        // Excluded by ddmc.toml, a flag and .gitignore, and hidden.
        &["merge", ".", "-o", "published/"],
        &["merge", ".", "--exclude", "out", "-o", "out/"],
        &["merge", ".", "-o", "build/"],
        &["merge", ".", "-o", ".out/"],
        // This is not read either.
        &["merge", ".", "-o", "set.txt"],
        &["check", ".", "--output", "json=report.json", "--output", "sarif=ddmc.sarif"],
        &["check", ".", "--write-baseline", "baseline.json"],
        &["migrate", "commands", "--deadline", "2030-01-01T12:00:00", "-o", "commands/new/"],
    ] {
        let folder = repository();
        // A second run has the same result.
        for _ in 0..2 {
            let output = ddmc(folder.path(), arguments);
            assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        }
    }
}

#[test]
fn a_report_does_not_replace_a_configuration_with_mistakes() {
    let folder = repository();
    fs::write(folder.path().join("repo/ddmc.toml"), "targets = 1\n").expect("a file can be written");
    let before = files(folder.path());
    let output = ddmc(folder.path(), &["check", "macos", "--output", "json=ddmc.toml"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(files(folder.path()), before);
}

//! Every command that writes, killed at random moments: no file is absent or half written, and the next run completes
//! the work and leaves no temporary file.
//!
//! `DDMC_THOROUGH=10 cargo test --test it kills` kills a thousand times instead of a hundred.

#![cfg(unix)]

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use crate::support::thorough;

/// The number of documents in each folder.
const FILES: usize = 120;

/// The number of kills, for all commands together.
const KILLS: u64 = 100;

/// A command that writes, the exit status of a run that completes, and what it writes, as the name of a file or a folder.
const WRITERS: &[(&[&str], i32, &str)] = &[
    (&["check", "--fix", "wrong/"], 0, "wrong"),
    (&["check", "--write-baseline", "baseline.json", "kept/"], 0, "baseline.json"),
    (&["check", "-o", "json=report.json", "-o", "sarif=report.sarif", "kept/"], 1, ""),
    (&["merge", "fine/", "-o", "set.json"], 0, "set.json"),
    (&["merge", "fine/", "-o", "set/"], 0, "set"),
    (&["publish", "fine/", "-o", "site/", "--layout", "ddm", "--as-of", "2026-01-31T18:00:00"], 0, "site"),
    (&["publish", "fine/", "-o", "kmfddm/", "--layout", "kmfddm"], 0, "kmfddm"),
    (&["migrate", "profiles/", "-o", "migrated.json"], 0, "migrated.json"),
    (&["migrate", "profiles/", "-o", "migrated/"], 0, "migrated"),
    (&["schema", "--all", "-o", "schemas/"], 0, "schemas"),
];

type Files = BTreeMap<PathBuf, Vec<u8>>;

fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("a folder can be made");
    fs::write(path, text).expect("a file can be written");
}

fn settings(kind: &str, identifier: &str, payload: &str) -> String {
    format!("{{\"Type\": \"com.apple.{kind}\", \"Identifier\": \"{identifier}\", \"Payload\": {{{payload}}}}}\n")
}

/// Some hundred documents, and old outputs beside them.
fn inputs() -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let path = folder.path();
    let cadence = r#""RecommendedCadence": "newest""#;
    for at in 0..FILES {
        let wrong = settings("configuration.softwareupdate.settings", &format!("com.example.wrong.{at}"), cadence);
        write(path, &format!("wrong/{}/{at}.json", at % 5), &wrong);
        write(path, &format!("kept/{at}.json"), &wrong);
        let fine = settings("management.properties", &format!("com.example.{at}"), &format!("\"Number\": {at}"));
        write(path, &format!("fine/{at}.json"), &fine);
        write(path, &format!("set/com.example.{at}.json"), &fine.replace("Number", "Old"));
        write(path, &format!("site/declaration/management/com.example.{at}"), &fine.replace("Number", "Old"));
        let profile = format!(
            "<plist><dict><key>PayloadType</key><string>Configuration</string><key>PayloadIdentifier</key><string>com.example.{at}\
             </string><key>PayloadContent</key><array><dict><key>PayloadType</key><string>com.apple.SoftwareUpdate</string>\
             <key>AutomaticDownload</key><true/></dict></array></dict></plist>\n"
        );
        if at % 10 == 0 {
            write(path, &format!("profiles/{at}.mobileconfig"), &profile);
        }
    }
    write(path, "baseline.json", r#"{"format": 1, "tool": {"name": "ddmc", "version": "0.1.0"}, "findings": []}"#);
    for output in ["report.json", "report.sarif", "set.json", "migrated.json"] {
        write(path, output, "[\"the old output\"]\n");
    }
    folder
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ddmc"));
    command.args(arguments).current_dir(folder).env_remove("GITHUB_ACTIONS");
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// All files below a folder, with their contents.
fn files(folder: &Path) -> Files {
    let mut all = Files::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).expect("a folder can be read").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                all.insert(path.strip_prefix(folder).expect("it is below").to_owned(), fs::read(&path).expect("it can be read"));
            }
        }
    }
    all
}

fn is_temporary(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(".ddmc-"))
}

/// Puts the files of a folder back as they were.
fn restore(folder: &Path, before: &Files) {
    for path in files(folder).keys().filter(|path| !before.contains_key(*path)) {
        fs::remove_file(folder.join(path)).expect("it exists");
    }
    for (path, text) in before {
        if fs::read(folder.join(path)).ok().as_ref() != Some(text) {
            fs::write(folder.join(path), text).expect("it can be written");
        }
    }
}

#[test]
fn a_killed_run_leaves_every_file_old_or_new_and_the_next_run_completes_it() {
    let folder = inputs();
    let folder = folder.path();
    let before = files(folder);
    let mut random = fastrand::Rng::with_seed(27);
    let (mut kills, mut interrupted, mut leftovers) = (0, 0, 0);
    for (arguments, status, place) in WRITERS {
        let start = Instant::now();
        let done = command(folder, arguments).status().expect("the program runs");
        let duration = start.elapsed();
        assert_eq!(done.code(), Some(*status), "{arguments:?}");
        let after = files(folder);
        assert_ne!(before, after, "{arguments:?}: nothing was written");
        assert!(after.keys().all(|path| path.starts_with(place) || place.is_empty() || before.contains_key(path)));
        restore(folder, &before);
        let rounds = (KILLS * thorough()).div_ceil(WRITERS.len() as u64);
        for round in 0..rounds {
            let delay = duration.mul_f64(random.f64() * 1.1);
            let mut child = command(folder, arguments).spawn().expect("the program runs");
            thread::sleep(delay);
            child.kill().expect("it runs or has just ended");
            kills += 1;
            interrupted += u64::from(child.wait().expect("it ends").code().is_none());
            let killed = files(folder);
            leftovers += killed.keys().filter(|path| is_temporary(path)).count();
            for (path, text) in &before {
                let now = killed.get(path).unwrap_or_else(|| panic!("{arguments:?}: {} is absent", path.display()));
                let is_whole = now == text || Some(now) == after.get(path);
                // A SARIF report and a baseline may hold what differs between runs, but they are complete.
                assert!(is_whole || serde_json::from_slice::<Value>(now).is_ok(), "{arguments:?}: {}", path.display());
            }
            for (path, text) in killed.iter().filter(|(path, _)| !before.contains_key(*path) && !is_temporary(path)) {
                assert_eq!(Some(text), after.get(path), "{arguments:?}: {} is new, but not complete", path.display());
            }
            // The next run completes the work. Restoring every round would take longer than the rounds themselves.
            if round % 4 == 3 || round + 1 == rounds {
                let done = command(folder, arguments).status().expect("the program runs");
                assert_eq!(done.code(), Some(*status), "{arguments:?}");
                let completed = files(folder);
                let left: Vec<_> = completed.keys().filter(|path| is_temporary(path)).collect();
                assert!(left.is_empty(), "{arguments:?}: {left:?}");
                assert_eq!(completed.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>(), "{arguments:?}");
                let differs = completed.iter().find(|(path, text)| Some(*text) != after.get(*path));
                assert!(differs.is_none(), "{arguments:?}: {differs:?}");
                restore(folder, &before);
            }
        }
    }
    // Otherwise the kills come too early or too late to prove anything.
    assert!(kills >= KILLS && interrupted * 2 > kills, "{interrupted} of {kills} runs were interrupted");
    assert!(leftovers > 0, "no run was killed while it wrote");
}

#[test]
fn only_leftovers_of_runs_that_ended_are_removed() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let path = folder.path();
    write(path, "a.json", &settings("management.properties", "com.example.a", ""));
    for name in [".ddmc-abcDEF123456.tmp", ".ddmc-notes.tmp", ".ddmc-abcDEF123456.json", "out/.ddmc-abcDEF123456.tmp"] {
        write(path, name, "partial");
    }
    fs::create_dir(path.join(".ddmc-abcDEF123457.tmp")).expect("a folder can be made");
    std::os::unix::fs::symlink("a.json", path.join(".ddmc-abcDEF123458.tmp")).expect("a link can be made");
    let exists = |name: &str| path.join(name).symlink_metadata().is_ok();
    let merge = |output: &str| {
        let output = command(path, &["merge", "a.json", "-o", output]).stderr(Stdio::piped()).output().expect("the program runs");
        let remarks = String::from_utf8(output.stderr).expect("the remarks are UTF-8");
        assert_eq!(output.status.code(), Some(0), "{remarks}");
        remarks
    };
    // Another run is writing to the folder.
    let other = File::open(path).expect("a folder can be opened");
    other.lock_shared().expect("a folder can be locked");
    assert!(!merge("set.json").contains("interrupted"));
    assert!(exists(".ddmc-abcDEF123456.tmp"));
    drop(other);
    let remarks = merge("set.json");
    assert!(remarks.contains("removed 1 temporary file that an interrupted run left in "), "{remarks}");
    assert!(!exists(".ddmc-abcDEF123456.tmp"));
    // What only looks like one of ours stays, and so does every other folder.
    for name in [".ddmc-notes.tmp", ".ddmc-abcDEF123456.json", ".ddmc-abcDEF123457.tmp", ".ddmc-abcDEF123458.tmp"] {
        assert!(exists(name), "{name}");
    }
    assert!(exists("out/.ddmc-abcDEF123456.tmp"));
    assert!(merge("out/").contains("interrupted"));
    assert!(!exists("out/.ddmc-abcDEF123456.tmp"));
    // A run that waits for ever for the lock would be worse than one that leaves leftovers alone.
    let other = File::open(path).expect("a folder can be opened");
    other.lock().expect("a folder can be locked");
    let start = Instant::now();
    merge("set.json");
    assert!(start.elapsed() < Duration::from_secs(20));
}

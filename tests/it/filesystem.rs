//! Hostile file systems: full disks, read-only folders, concurrent changes, links and strange names. A file is never
//! lost or half written, even if the program is killed.

#![cfg(unix)]

use std::ffi::OsStr;
use std::fs;
use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

/// Settings with a fixable error.
fn wrong(name: &str) -> String {
    settings(name, r#""RecommendedCadence": "newest""#)
}

fn settings(name: &str, payload: &str) -> String {
    format!(
        "{{\"Type\": \"com.apple.configuration.softwareupdate.settings\", \"Identifier\": \"{name}\", \"Payload\": {{{payload}}}}}\n"
    )
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    for (name, text) in files {
        write(&folder.path().join(name), text);
    }
    folder
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("a folder can be made");
    fs::write(path, text).expect("a file can be written");
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ddmc"));
    command.args(arguments).current_dir(folder).stdin(Stdio::null()).env_remove("GITHUB_ACTIONS");
    command
}

/// Runs the program with resource limits.
fn limited(folder: &Path, limits: &str, arguments: &[&str]) -> Output {
    Command::new("bash")
        .args(["-c", &format!("{limits}; exec \"$0\" \"$@\""), env!("CARGO_BIN_EXE_ddmc")])
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .env_remove("GITHUB_ACTIONS")
        .output()
        .expect("bash runs")
}

fn ddmc(folder: &Path, arguments: &[&str]) -> Output {
    command(folder, arguments).output().expect("the program runs")
}

fn stderr(output: &Output) -> String {
    let text = String::from_utf8(output.stderr.clone()).expect("the remarks are UTF-8");
    assert!(!text.contains("panicked"), "{text}");
    text
}

/// Every file below a folder, with its content.
fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder can be read").flatten() {
        let path = entry.path();
        if path.is_dir() {
            all.extend(files(&path));
        } else {
            let text = fs::read(&path).expect("a file can be read");
            all.push((path, text));
        }
    }
    all.sort();
    all
}

/// A folder with several kilobytes of fixable settings, and commands that write files.
fn writers() -> (TempDir, Vec<Vec<&'static str>>) {
    let many: Vec<String> = (0..200).map(|at| wrong(&format!("com.example.{at}")).replace('\n', "")).collect();
    let mut fine: Vec<String> = (0..200)
        .map(|at| {
            settings(&format!("com.example.{at}"), "")
                .replace("configuration.softwareupdate.settings", "management.properties")
                .replace('\n', "")
        })
        .collect();
    // One declaration is larger than the file size limit.
    fine.push(
        settings("com.example.z", &format!("\"X\": \"{}\"", "x".repeat(20_000)))
            .replace("configuration.softwareupdate.settings", "management.properties"),
    );
    let folder = folder(&[
        ("many.json", &format!("[\n{}\n]\n", many.join(",\n"))),
        ("fine.json", &format!("[\n{}\n]\n", fine.join(",\n"))),
        ("set.json", "the old set"),
        ("report.json", "the old report"),
        ("baseline.json", "{\"format\": 1, \"tool\": {\"name\": \"ddmc\", \"version\": \"0.1.0\"}, \"findings\": []}"),
        ("out/com.example.0.json", "the old declaration"),
    ]);
    let commands = vec![
        vec!["check", "--fix", "many.json"],
        vec!["check", "--output", "json=report.json", "many.json"],
        vec!["check", "--write-baseline", "baseline.json", "many.json"],
        vec!["merge", "fine.json", "--output", "set.json"],
        vec!["merge", "fine.json", "--output", "out/"],
        vec!["publish", "fine.json", "--output", "out/", "--layout", "kmfddm"],
        vec!["publish", "fine.json", "--output", "site/", "--layout", "ddm"],
    ];
    (folder, commands)
}

#[test]
fn a_full_disk_keeps_existing_files() {
    let (folder, commands) = writers();
    let before = files(folder.path());
    for arguments in commands {
        // The unit of the limit is 1 KiB. With the signal ignored, the write fails as on a full disk.
        let output = limited(folder.path(), "trap '' XFSZ; ulimit -f 4", &arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", stderr(&output));
        assert!(stderr(&output).contains("ddmc: "), "{arguments:?}");
        assert_eq!(files(folder.path()), before, "{arguments:?}");
    }
}

#[test]
fn every_command_fails_if_its_output_device_is_full() {
    if !Path::new("/dev/full").exists() {
        return;
    }
    let folder = folder(&[("wrong.json", &wrong("com.example.wrong")), ("fine.json", &settings("com.example.fine", ""))]);
    for arguments in [
        &["check", "wrong.json"][..],
        &["check", "--format", "json", "wrong.json"],
        &["check", "--format", "sarif", "fine.json"],
        &["check", "--diff", "--format", "json", "wrong.json"],
        &["merge", "fine.json"],
        &["merge", "fine.json", "--output", "/dev/full"],
        &["merge", "fine.json", "--explain", "--format", "json"],
        &["plan", "fine.json", "--device", "macOS=26.0"],
        &["rules"],
        &["explain", "Deferrals.MajorPeriodInDays"],
        &["man"],
    ] {
        let full = fs::File::options().write(true).open("/dev/full").expect("the device exists");
        let output = command(folder.path(), arguments).stdout(full).output().expect("the program runs");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", stderr(&output));
        assert!(stderr(&output).contains("No space left"), "{arguments:?}: {}", stderr(&output));
    }
}

#[test]
fn a_killed_program_leaves_the_old_or_the_new_file() {
    // First the size limit kills the program in the middle of a write, then a timer kills it at various times.
    for limit in ["ulimit -f 4", "ulimit -f 8", "ulimit -f 16"] {
        let (folder, commands) = writers();
        let before = files(folder.path());
        for arguments in commands {
            let output = limited(folder.path(), limit, &arguments);
            let is_complete = output.status.signal().is_none();
            for (path, text) in &before {
                let after = fs::read(path).unwrap_or_else(|error| panic!("{arguments:?}: {}: {error}", path.display()));
                let is_new = || is_complete || serde_json::from_slice::<Value>(&after).is_ok();
                assert!(after == *text || is_new(), "{arguments:?}: {}", path.display());
            }
        }
    }
    for delay in 0..20_u64 {
        let (folder, commands) = writers();
        let before = files(folder.path());
        for arguments in commands {
            let mut child =
                command(folder.path(), &arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program runs");
            thread::sleep(Duration::from_micros(delay * 700));
            let _ = child.kill();
            child.wait().expect("the program ends");
            for (path, text) in &before {
                let after =
                    fs::read(path).unwrap_or_else(|error| panic!("{arguments:?} after {delay}: {}: {error}", path.display()));
                assert!(after == *text || serde_json::from_slice::<Value>(&after).is_ok(), "{arguments:?}: {}", path.display());
            }
        }
    }
}

#[test]
fn reports_places_that_are_not_writable() {
    let (folder, _) = writers();
    let locked = folder.path().join("locked");
    write(&locked.join("fix.json"), &wrong("com.example.fix"));
    fs::set_permissions(locked.join("fix.json"), fs::Permissions::from_mode(0o444)).expect("a mode can be set");
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o555)).expect("a mode can be set");
    let before = files(folder.path());
    // A superuser can write to a read-only folder, so only a file in place of a folder stops them.
    let is_locked = fs::write(locked.join("probe"), "").is_err();
    let _ = fs::remove_file(locked.join("probe"));
    let places = if is_locked { vec!["locked", "set.json"] } else { vec!["set.json"] };
    for place in places {
        let (file, new_folder) = (format!("{place}/new.json"), format!("{place}/new/"));
        for arguments in [
            &["merge", "fine.json", "--output", &file][..],
            &["merge", "fine.json", "--output", &new_folder],
            &["publish", "fine.json", "--output", &new_folder, "--layout", "ddm"],
            &["check", "fine.json", "--output", &format!("json={file}")],
            &["check", "fine.json", "--write-baseline", &file],
        ] {
            let output = ddmc(folder.path(), arguments);
            assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", stderr(&output));
            assert!(stderr(&output).contains("writ"), "{arguments:?}: {}", stderr(&output));
        }
    }
    let output = ddmc(folder.path(), &["check", "--fix", "locked/fix.json"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("read-only"), "{}", stderr(&output));
    assert_eq!(files(folder.path()), before);
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o755)).expect("a mode can be set");
}

#[test]
fn never_writes_through_a_link_in_the_working_tree() {
    let outside = folder(&[("victim.json", &wrong("com.example.victim")), ("folder/com.example.0.json", "the old declaration")]);
    write(
        &outside.path().join("baseline.json"),
        r#"{"format": 1, "tool": {"name": "ddmc", "version": "0.1.0"}, "findings": []}"#,
    );
    let before = files(outside.path());
    let (folder, _) = writers();
    let link =
        |target: &str, name: &str| symlink(outside.path().join(target), folder.path().join(name)).expect("a link can be made");
    link("victim.json", "link.json");
    link("folder", "linked");
    link("nowhere.json", "nowhere.json");
    link("ddmc.sarif", "ddmc.sarif");
    link("baseline.json", "old-baseline.json");
    link("folder/com.example.0.json", "out/com.example.1.json");
    fs::create_dir(folder.path().join("site")).expect("a folder can be made");
    link("folder", "site/declaration");
    write(
        &folder.path().join("old.mobileconfig"),
        "<plist><dict><key>PayloadType</key><string>Configuration</string><key>PayloadIdentifier</key><string>a</string>\
         <key>PayloadContent</key><array><dict><key>PayloadType</key><string>com.apple.SoftwareUpdate</string>\
         <key>AutomaticDownload</key><true/></dict></array></dict></plist>",
    );
    let names = || -> Vec<PathBuf> {
        let entries = ["", "out"].map(|name| fs::read_dir(folder.path().join(name)).expect("a folder can be read"));
        entries.into_iter().flatten().flatten().map(|entry| entry.path()).collect()
    };
    for (arguments, name) in [
        (&["check", "--fix", "link.json"][..], "link.json"),
        (&["check", "fine.json", "--output", "json=linked/new.json"], "linked"),
        (&["check", "fine.json", "--output", "json=nowhere.json"], "nowhere.json"),
        (&["check", "fine.json", "--output", "sarif=ddmc.sarif"], "ddmc.sarif"),
        (&["check", "fine.json", "--write-baseline", "old-baseline.json"], "old-baseline.json"),
        (&["migrate", "old.mobileconfig", "--output", "nowhere.json"], "nowhere.json"),
        (&["migrate", "old.mobileconfig", "--output", "linked/"], "linked"),
        (&["check", "fine.json", "--write-baseline", "linked/new.json"], "linked"),
        (&["merge", "fine.json", "--output", "nowhere.json"], "nowhere.json"),
        (&["merge", "fine.json", "--output", "linked"], "linked"),
        (&["merge", "fine.json", "--output", "linked/new/"], "linked"),
        (&["merge", "fine.json", "--output", "out"], "out/com.example.1.json"),
        (&["publish", "fine.json", "--layout", "ddm", "--output", "linked"], "linked"),
        (&["publish", "fine.json", "--layout", "ddm", "--output", "site"], "site/declaration"),
        (&["publish", "fine.json", "--layout", "kmfddm", "--output", "out"], "out/com.example.1.json"),
        (&["schema", "--output", "nowhere.json"], "nowhere.json"),
        (&["schema", "--all", "--output", "linked/new/"], "linked"),
    ] {
        let inside = names();
        let output = ddmc(folder.path(), arguments);
        let remarks = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {remarks}");
        assert!(remarks.contains(&format!("{name} is a symbolic link")), "{arguments:?}: {remarks}");
        assert_eq!(files(outside.path()), before, "{arguments:?}");
        assert_eq!(names(), inside, "{arguments:?}");
    }
    // The same from a subfolder of the working tree.
    fs::create_dir_all(folder.path().join(".git")).expect("a folder can be made");
    let output = ddmc(&folder.path().join("out"), &["merge", "../fine.json", "--output", "../nowhere.json"]);
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    // Links outside the working tree belong to the user and are followed.
    let elsewhere = tempfile::tempdir().expect("a temporary folder can be made");
    symlink(outside.path(), elsewhere.path().join("linked")).expect("a link can be made");
    let new = elsewhere.path().join("linked/new.json").display().to_string();
    assert_eq!(ddmc(folder.path(), &["merge", "fine.json", "--output", &new]).status.code(), Some(0));
    assert!(outside.path().join("new.json").is_file());
}

#[test]
fn new_files_have_default_permissions() {
    let (folder, _) = writers();
    let mode = |name: &str| fs::metadata(folder.path().join(name)).expect("it exists").permissions().mode();
    assert_eq!(ddmc(folder.path(), &["merge", "fine.json", "--output", "new.json"]).status.code(), Some(0));
    assert_eq!(mode("new.json"), mode("fine.json"));
    assert_eq!(ddmc(folder.path(), &["check", "fine.json", "--output", "json=report.json"]).status.code(), Some(0));
}

/// Makes a named pipe. False if the system has none.
fn pipe(folder: &Path, name: &str) -> bool {
    Command::new("mkfifo").arg(folder.join(name)).status().is_ok_and(|status| status.success())
}

#[test]
fn refuses_pipes_and_devices_that_would_be_replaced() {
    let (folder, _) = writers();
    if !pipe(folder.path(), "pipe.json") || !pipe(folder.path(), "pipe.ndjson") {
        return;
    }
    for (arguments, reason) in [
        (&["check", "--fix", "pipe.json"][..], "pipe.json is a pipe or a device, which cannot be fixed"),
        (&["check", "--fix", "many.json", "pipe.ndjson"], "pipe.ndjson is a pipe or a device"),
        (&["check", "--diff", "pipe.json"], "pipe.json is a pipe or a device"),
        (&["check", "--fix", "/dev/zero"], "/dev/zero is a pipe or a device"),
        (&["check", "fine.json", "-o", "json=pipe.json"], "it is a pipe or a device, which cannot be replaced"),
        (&["check", "fine.json", "--write-baseline", "pipe.json"], "is not a file"),
        (&["merge", "fine.json", "-o", "pipe.json"], "it is a pipe or a device"),
        (&["schema", "-o", "pipe.json"], "it is a pipe or a device"),
        (&["schema", "--all", "-o", "pipe.json"], "cannot write to pipe.json"),
    ] {
        let before = fs::read(folder.path().join("many.json")).expect("it exists");
        // Nobody opens the other end, so a run that waits for it is stopped after ten seconds.
        let mut command = Command::new("timeout");
        command.arg("10").arg(env!("CARGO_BIN_EXE_ddmc")).args(arguments).current_dir(folder.path());
        let output = command.stdin(Stdio::null()).env_remove("GITHUB_ACTIONS").output().expect("the program runs");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(reason), "{arguments:?}: {}", stderr(&output));
        assert_eq!(fs::read(folder.path().join("many.json")).expect("it exists"), before, "nothing was fixed");
    }
    // Standard output and the like have names too, and nothing is replaced.
    for name in ["/dev/stdout", "/dev/null", "/dev/fd/1"] {
        let output = ddmc(folder.path(), &["merge", "many.json", "-o", name]);
        assert_ne!(output.status.code(), Some(0), "many.json has errors");
        let output = ddmc(folder.path(), &["schema", "-o", name]);
        assert_eq!(output.status.code(), Some(0), "{name}: {}", stderr(&output));
    }
}

#[test]
fn a_new_version_of_a_file_keeps_its_mode_and_its_owner() {
    let (folder, commands) = writers();
    let path = |name: &str| folder.path().join(name);
    let targets = ["many.json", "report.json", "baseline.json", "set.json", "out/com.example.0.json"];
    // Only a superuser may give files away.
    let may_give = std::os::unix::fs::chown(path("set.json"), Some(12345), Some(54321)).is_ok();
    for target in targets {
        fs::set_permissions(path(target), fs::Permissions::from_mode(0o640)).expect("a mode can be set");
        assert!(!may_give || std::os::unix::fs::chown(path(target), Some(12345), Some(54321)).is_ok());
    }
    for (arguments, target) in commands.iter().zip(targets) {
        let before = fs::metadata(path(target)).expect("it exists");
        let output = ddmc(folder.path(), arguments);
        assert!(matches!(output.status.code(), Some(0 | 1)), "{arguments:?}: {}", stderr(&output));
        let after = fs::metadata(path(target)).expect("it exists");
        assert_ne!(before.ino(), after.ino(), "{target} was replaced");
        let kept = |file: &fs::Metadata| (file.mode(), file.uid(), file.gid());
        assert_eq!(kept(&before), kept(&after), "{target}");
    }
}

#[test]
fn tolerates_changes_while_walking_a_folder() {
    let folder = folder(&[("a/stays.json", &wrong("com.example.stays")), ("z/stays.json", &wrong("com.example.stays.too"))]);
    let root = folder.path().to_owned();
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut round = 0_u64;
            while !is_over.load(Ordering::Relaxed) {
                let moving = root.join(format!("m{}", round % 5));
                // Errors are expected here, since the program runs at the same time.
                for at in 0..20 {
                    let _ = fs::create_dir_all(moving.join("deep"));
                    let _ = fs::write(moving.join(format!("deep/{at}.json")), settings(&format!("com.example.{at}"), ""));
                }
                let _ = fs::rename(&moving, root.join("moved"));
                let _ = fs::remove_dir_all(root.join("moved"));
                let _ = fs::write(root.join("swap"), "");
                let _ = fs::remove_file(root.join("swap"));
                let _ = fs::create_dir(root.join("swap"));
                let _ = fs::remove_dir(root.join("swap"));
                round += 1;
            }
        });
        for _ in 0..25 {
            let output = ddmc(&root, &["check", "--format", "json", "--jobs", "2"]);
            assert!(matches!(output.status.code(), Some(1 | 2)), "{}", stderr(&output));
            let report: Value = serde_json::from_slice(&output.stdout).expect("the report is complete JSON");
            let found = report["findings"].as_array().expect("a list").iter();
            let stays = found.filter(|finding| finding["file"].as_str().is_some_and(|file| file.ends_with("stays.json")));
            assert_eq!(stays.count(), 2, "{report}");
            stderr(&output);
        }
        is_over.store(true, Ordering::Relaxed);
    });
}

#[test]
fn merging_a_changing_file_uses_one_version() {
    let versions = ["true", "false"].map(|value| settings("com.example.one", &format!("\"Notifications\": {value}")));
    let activation = r#"{"Type": "com.apple.activation.simple", "Identifier": "com.example.all", "Payload": {"StandardConfigurations": ["com.example.one"]}}"#;
    let folder = folder(&[("one.json", &versions[0]), ("activation.json", activation)]);
    let root = folder.path().to_owned();
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut round = 0;
            while !is_over.load(Ordering::Relaxed) {
                let _ = fs::write(root.join("new"), &versions[round % 2]);
                let _ = fs::rename(root.join("new"), root.join("one.json"));
                if round % 3 == 0 {
                    let _ = fs::remove_file(root.join("one.json"));
                }
                round += 1;
            }
        });
        for _ in 0..40 {
            let output = ddmc(&root, &["merge", "."]);
            if output.status.code() == Some(0) {
                let set: Value = serde_json::from_slice(&output.stdout).expect("a set is JSON");
                let settings =
                    set.as_array().expect("a set is an array").iter().find(|one| one["Identifier"] == "com.example.one");
                let value = settings.map(|one| one["Payload"]["Notifications"].is_boolean());
                assert!(matches!(value, None | Some(true)), "{set}");
            } else {
                assert!(output.stdout.is_empty());
                stderr(&output);
            }
        }
        is_over.store(true, Ordering::Relaxed);
    });
}

#[test]
fn merge_refuses_a_file_that_changes_between_its_readings() {
    let one = |value: &str| settings("com.example.one", &format!("\"Notifications\": {value}"));
    // Each has a warning. Together these are more than a pipe holds, so the program waits after the first reading.
    let activations: Vec<String> = (0..2000)
        .map(|at| {
            format!(
                r#"{{"Type": "com.apple.activation.simple", "Identifier": "com.example.{at}", "Payload": {{"StandardConfigurations": []}}}}"#
            )
        })
        .collect();
    let [checked, unchecked] = [one("true"), one("false")];
    let moved = format!("{{}}\n{checked}");
    let invalid = one("\"never checked\"");
    for (before, change, is_merged) in [
        (&checked, Some(&unchecked), false),
        (&checked, Some(&invalid), false),
        (&checked, Some(&moved), false),
        (&checked, None, false),
        (&checked, Some(&checked), true),
    ] {
        for name in ["one.json", "one.ndjson"] {
            let folder = folder(&[(name, before), ("activations.json", &format!("[{}]", activations.join(",")))]);
            let arguments = ["merge", name, "activations.json", "-o", "set.json"];
            let mut child = command(folder.path(), &arguments).stderr(Stdio::piped()).spawn().expect("the program runs");
            let mut remarks = child.stderr.take().expect("it is piped");
            let mut text = vec![0];
            remarks.read_exact(&mut text).expect("there are warnings");
            let path = folder.path().join(name);
            match change {
                Some(change) => write(&path, change),
                None => fs::remove_file(&path).expect("it exists"),
            }
            remarks.read_to_end(&mut text).expect("a pipe can be read");
            let text = String::from_utf8_lossy(&text);
            let code = child.wait().expect("the program ends").code();
            let refusal = format!("ddmc: {name} changed while it was read; nothing was merged\n");
            assert!(text.len() > 1 << 17, "the program did not have to wait");
            assert_eq!(
                (code, text.ends_with(&refusal)),
                if is_merged { (Some(0), false) } else { (Some(2), true) },
                "{change:?}"
            );
            assert_eq!(folder.path().join("set.json").exists(), is_merged, "{change:?}");
        }
    }
}

#[test]
fn a_file_that_changes_while_it_is_fixed_is_kept() {
    // Remarks about files that cannot be written are more than a pipe holds, so the program waits before it replaces
    // the first file.
    let folder = folder(&[("a.json", &wrong("com.example.a")), ("b.json", &wrong("com.example.b"))]);
    for at in 0..500 {
        let path = folder.path().join(format!("{}{at}.json", "z".repeat(200)));
        write(&path, &wrong(&format!("com.example.{at}")));
        fs::set_permissions(path, fs::Permissions::from_mode(0o444)).expect("a mode can be set");
    }
    let arguments = ["check", "--fix", "--format", "concise", "."];
    let mut child =
        command(folder.path(), &arguments).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the program runs");
    let mut remarks = child.stderr.take().expect("it is piped");
    let mut text = vec![0];
    remarks.read_exact(&mut text).expect("there are remarks");
    let saved = wrong("com.example.saved");
    write(&folder.path().join("a.json"), &saved);
    remarks.read_to_end(&mut text).expect("a pipe can be read");
    let text = String::from_utf8_lossy(&text);
    assert!(text.len() > 1 << 16, "the program did not have to wait");
    assert_eq!(child.wait().expect("the program ends").code(), Some(2));
    assert!(text.contains("ddmc: a.json changed while it was read; it was not fixed\n"), "{text}");
    assert!(text.contains("\nFixed 1 finding in 1 file\n"), "{text}");
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).expect("it exists");
    assert_eq!(read("a.json"), saved);
    assert!(read("b.json").contains("Newest"));
    assert!(
        fs::read_dir(folder.path())
            .expect("a folder can be read")
            .flatten()
            .all(|entry| { entry.path().extension().is_some_and(|extension| extension == "json") })
    );
}

#[test]
fn merge_publishes_what_cannot_be_read_again() {
    let text =
        settings("com.example.one", "\"Notifications\": true").replace("\"Payload\"", "\"PayloadScope\": \"User\", \"Payload\"");
    let folder = folder(&[("one.ndjson", &text)]);
    let has_scope = |output: &Output, number: usize| {
        let set: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", stderr(output)));
        let set = set.as_array().expect("a set is an array");
        assert_eq!(set.len(), number);
        assert!(set.iter().all(|one| one["PayloadScope"] == "User"), "{set:?}");
    };
    let stdin = |arguments: &[&str]| {
        let file = fs::File::open(folder.path().join("one.ndjson")).expect("it exists");
        command(folder.path(), arguments).stdin(file).output().expect("the program runs")
    };
    has_scope(&stdin(&["merge", "-"]), 1);
    has_scope(&stdin(&["merge", "-", "--stdin-filename", "x.ndjson"]), 1);
    if pipe(folder.path(), "pipe.ndjson") {
        let pipe = folder.path().join("pipe.ndjson");
        let writer = thread::spawn({
            let text = text.clone();
            move || fs::write(pipe, text)
        });
        has_scope(&ddmc(folder.path(), &["merge", "pipe.ndjson"]), 1);
        writer.join().expect("the thread ends").expect("the pipe was read");
    }
    let strange = folder.path().join(OsStr::from_bytes(b"\xFF.ndjson"));
    if fs::rename(folder.path().join("one.ndjson"), &strange).is_ok() {
        has_scope(&command(folder.path(), &["merge"]).arg(&strange).output().expect("the program runs"), 1);
    }
}

#[test]
fn supports_file_names_that_are_not_utf_8() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let name = |end: &str| folder.path().join(OsStr::from_bytes(&[b"\xFF\xFEs".as_slice(), end.as_bytes()].concat()));
    let (first, second) = (name("1.json"), name("2.json"));
    if fs::write(&first, wrong("com.example.first")).is_err() {
        // This file system does not support such names.
        return;
    }
    write(&second, &wrong("com.example.second"));
    for arguments in [&["check", "--format", "json", "."][..], &["check", "--format", "json", "--set", "."]] {
        let output = ddmc(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
        let report: Value = serde_json::from_slice(&output.stdout).expect("the report is JSON");
        assert_eq!(report["summary"]["errors"], 2);
    }
    let human = ddmc(folder.path(), &["check", "."]);
    assert!(String::from_utf8_lossy(&human.stdout).contains("\"newest\""), "the excerpt is shown");
    let output = ddmc(folder.path(), &["check", "--fix", "."]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(fs::read_to_string(&first).expect("it exists").contains("Newest"));
    let output = ddmc(folder.path(), &["merge", "."]);
    let set: Value = serde_json::from_slice(&output.stdout).expect("a set is JSON");
    assert_eq!(set[0]["Payload"]["RecommendedCadence"], "Newest");
    fs::remove_file(&second).expect("it exists");
    let output = ddmc(folder.path(), &["merge", "."]);
    let set: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", stderr(&output)));
    assert_eq!(set[0]["Payload"]["RecommendedCadence"], "Newest", "single settings are published");
}

#[test]
fn compares_copies_in_files_whose_names_are_not_utf_8() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    for (name, text) in [(&b"\xFF1"[..], settings("com.example.a", "")), (b"\xFF2", settings("com.example.a", ""))] {
        for end in [".json", ".ndjson"] {
            let path = folder.path().join(OsStr::from_bytes(&[name, end.as_bytes()].concat()));
            if fs::write(path, &text).is_err() {
                // This file system does not support such names.
                return;
            }
        }
    }
    let output = ddmc(folder.path(), &["check", "--format", "concise", "."]);
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(text.lines().filter(|line| line.contains("is an exact copy of an earlier one")).count(), 3, "{text}");
}

#[test]
fn escapes_control_characters_in_paths() {
    let name = "a\nb\u{1b}[31m\r::error::x.json";
    let folder = folder(&[(name, &wrong("com.example.wrong"))]);
    for (format, lines) in [("concise", 1), ("github", 1)] {
        let output = ddmc(folder.path(), &["check", "--format", format, "."]);
        let text = String::from_utf8(output.stdout).expect("a report is UTF-8");
        assert_eq!(text.lines().count(), lines, "{text}");
        assert!(!text.contains('\u{1b}') && !text.contains('\r'), "{text}");
    }
    let json = ddmc(folder.path(), &["check", "--format", "json", "."]);
    let report: Value = serde_json::from_slice(&json.stdout).expect("the report is JSON");
    assert_eq!(report["findings"][0]["file"], name);
    for format in ["human", "sarif", "gitlab", "junit"] {
        let output = ddmc(folder.path(), &["check", "--format", format, "."]);
        let text = String::from_utf8(output.stdout).expect("a report is UTF-8");
        assert!(!text.contains('\u{1b}') && !text.contains('\r') && !text.contains("\n::error"), "{format}: {text}");
    }
    let output = ddmc(folder.path(), &["check", "--fix", name]);
    assert!(!stderr(&output).contains('\u{1b}'));
    assert_eq!(output.status.code(), Some(0));
}

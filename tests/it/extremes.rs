//! Extreme values from outside: no thread can start, the terminal is narrow or huge, dates and versions are far away,
//! counts are zero or many. No command panics, and each says what is wrong.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

const SETTINGS: &str = r#"{"Type": "com.apple.configuration.softwareupdate.settings", "Identifier": "com.example.settings", "Payload": {"Deferrals": {"MajorPeriodInDays": 120}, "RecommendedCadence": "newest"}}"#;
const FINE: &str = r#"{"Type": "com.apple.configuration.softwareupdate.settings", "Identifier": "com.example.fine", "Payload": {"Deferrals": {"MajorPeriodInDays": 60}}}"#;

fn enforcement(version: &str, time: &str) -> String {
    format!(
        r#"{{"Type": "com.apple.configuration.softwareupdate.enforcement.specific", "Identifier": "com.example.{version}", "Payload": {{"TargetOSVersion": "{version}", "TargetLocalDateTime": "{time}"}}}}"#
    )
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    for (name, text) in files {
        fs::write(folder.path().join(name), text).expect("a file can be written");
    }
    folder
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ddmc"));
    command.args(arguments).current_dir(folder).stdin(Stdio::null()).env_remove("GITHUB_ACTIONS");
    command
}

/// Runs a command, which must end with a status of its own and without a panic.
fn run(command: &mut Command) -> Output {
    let output = command.output().expect("the program runs");
    let remarks = String::from_utf8_lossy(&output.stderr);
    assert!(matches!(output.status.code(), Some(0..=2)) && !remarks.contains("panicked"), "{:?}: {remarks}", output.status);
    output
}

fn ddmc(folder: &Path, arguments: &[&str]) -> Output {
    run(&mut command(folder, arguments))
}

#[cfg(unix)]
#[test]
fn goes_on_with_fewer_threads_if_they_cannot_start() {
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::CommandExt;

    // More files than one chunk, and than the progress bar needs to appear.
    let folder = folder(&[]);
    for at in 0..1500 {
        fs::write(folder.path().join(format!("{at}.json")), SETTINGS.replace("settings\"", &format!("{at}\"")))
            .expect("it is new");
    }
    for at in 0..40 {
        let one = FINE.replace("fine", &at.to_string());
        fs::create_dir_all(folder.path().join("fine")).expect("a folder can be made");
        fs::write(folder.path().join(format!("fine/{at}.json")), one).expect("it is new");
    }
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).expect("a mode can be set");
    // The limit does not apply to a superuser, so become another user: any has more than one process or is at the limit.
    let is_superuser = fs::metadata("/proc/self").is_ok_and(|file| std::os::unix::fs::MetadataExt::uid(&file) == 0);
    let limited = |arguments: &[&str]| {
        let mut command = Command::new("bash");
        command.args(["-c", "ulimit -u 1; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_ddmc")]).args(arguments);
        command.current_dir(folder.path()).stdin(Stdio::null()).env_remove("GITHUB_ACTIONS");
        if is_superuser {
            command.uid(65534).gid(65534);
        }
        command
    };
    if is_superuser && !limited(&["--version"]).output().is_ok_and(|output| output.status.success()) {
        // The other user may not read the folder of the build.
        return;
    }
    for (arguments, status) in [
        (&["check", "--format", "json", "--jobs", "64"][..], 1),
        (&["check", "--format", "human"], 1),
        (&["merge", "fine", "--jobs", "1024"], 0),
        (&["plan", "fine", "--device", "macOS=26.0", "--as-of", "2026-01-01T00:00:00", "--jobs", "3"], 0),
    ] {
        let output = run(&mut limited(arguments));
        assert_eq!(output.status.code(), Some(status), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(output.stdout, ddmc(folder.path(), arguments).stdout, "{arguments:?}");
    }
}

#[cfg(unix)]
#[test]
fn goes_on_with_fewer_threads_if_there_is_no_memory_for_them() {
    let folder = folder(&[]);
    for at in 0..200 {
        fs::write(folder.path().join(format!("{at}.json")), SETTINGS).expect("it is new");
    }
    // 1024 stacks take 2 GiB of address space.
    let mut command = Command::new("bash");
    command.args(["-c", "ulimit -v 1500000; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_ddmc")]);
    command.args(["check", "--format", "json", "--jobs", "1024"]).current_dir(folder.path()).env_remove("GITHUB_ACTIONS");
    let output = run(&mut command);
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(serde_json::from_slice::<Value>(&output.stdout).is_ok());
}

#[test]
fn counts_of_threads_have_bounds() {
    let folder = folder(&[("wrong.json", SETTINGS)]);
    for jobs in ["0", "1025", "99999999999999999999", "-1", ""] {
        let output = ddmc(folder.path(), &["check", &format!("--jobs={jobs}")]);
        assert_eq!(output.status.code(), Some(2), "{jobs}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("--jobs"), "{jobs}");
    }
    for jobs in ["1", "1024"] {
        assert_eq!(ddmc(folder.path(), &["check", "--jobs", jobs]).status.code(), Some(1), "{jobs}");
    }
}

#[test]
fn every_width_of_a_terminal_works() {
    let long = SETTINGS.replace("newest", &"x y ".repeat(40_000)).replace("MajorPeriodInDays", &"K".repeat(70_000));
    let set = format!("[{FINE}, {}]", enforcement("26.1", "2026-01-01T00:00:00"));
    let name = FINE.replace("com.example.fine", &"n".repeat(64)).replace("60", "30");
    let folder = folder(&[("long.json", &long), ("wrong.json", SETTINGS), ("set.json", &set), ("name.json", &name)]);
    for width in
        ["0", "1", "2", "39", "80", "65535", "65536", "4294967296", "18446744073709551615", "99999999999999999999", "-1", "x", ""]
    {
        for arguments in [
            &["check", "wrong.json", "long.json", "--color", "always"][..],
            &["plan", "set.json", "name.json", "--device", "macOS=15.0"],
            &["merge", "set.json", "name.json", "--explain"],
            &["explain", "MajorPeriodInDays"],
            &["explain"],
            &["rules"],
            &["check", "--help"],
            &["check", "--unknown"],
            &["--help"],
        ] {
            let output = run(command(folder.path(), arguments).env("COLUMNS", width));
            assert!(!output.stdout.is_empty() || !output.stderr.is_empty(), "{width}: {arguments:?}");
        }
    }
}

#[test]
fn dates_from_year_1_to_9999_work() {
    let times = [
        "0001-01-01T00:00:00",
        "0001-12-31T23:59:59",
        "1582-10-10T00:00:00",
        "1970-01-01T00:00:00",
        "2038-01-19T03:14:08",
        "9999-12-31T23:59:59",
    ];
    let catalog = |date: &str| {
        format!(
            r#"{{"PublicAssetSets": {{"macOS": [{{"ProductVersion": "26.1", "Build": "25B78", "PostingDate": "{date}", "ExpirationDate": "{date}", "SupportedDevices": ["Mac16,1"]}}]}}}}"#
        )
    };
    for time in times {
        let (enforced, day) = (enforcement("26.1", time), &time[..10]);
        let ignore = format!("[[ignore]]\npaths = [\"*\"]\nrule = \"past-deadline\"\nreason = \"x\"\nuntil = {day}\n");
        let folder = folder(&[
            ("e.json", &enforced),
            ("s.json", FINE),
            ("catalog.json", &catalog(day)),
            ("ddmc.toml", &ignore),
            ("p.plist", ""),
        ]);
        for as_of in times {
            for arguments in [
                &["check", "--as-of", as_of, "--catalog", "catalog.json", "--target", "macOS=15.0"][..],
                &["plan", "e.json", "s.json", "--device", "macOS=15.0", "--as-of", as_of, "--catalog", "catalog.json"],
                &["plan", "e.json", "--device", "macOS=15.0", "--as-of", as_of, "--format", "json"],
            ] {
                let output = ddmc(folder.path(), arguments);
                assert!(!output.stdout.is_empty() || !output.stderr.is_empty(), "{arguments:?}");
            }
        }
    }
    let folder = folder(&[("s.json", FINE)]);
    let other = "the year must have four digits, from 0001 to 9999";
    for (time, reason) in [
        ("0000-01-01T00:00:00", "there is no year 0000; the first is 0001"),
        ("10000-01-01T00:00:00", other),
        ("-0001-01-01T00:00:00", other),
        ("+262143-01-01T00:00:00", other),
    ] {
        for arguments in [
            &["check", "s.json", &format!("--as-of={time}")][..],
            &["plan", "s.json", "--device", "macOS=15.0", &format!("--as-of={time}")],
            &["migrate", "s.json", &format!("--deadline={time}")],
        ] {
            let output = ddmc(folder.path(), arguments);
            assert_eq!(output.status.code(), Some(2), "{arguments:?}");
            assert!(String::from_utf8_lossy(&output.stderr).contains(reason), "{arguments:?}");
        }
        fs::write(folder.path().join("e.json"), enforcement("26.1", time)).expect("a file can be written");
        let output = ddmc(folder.path(), &["check", "e.json", "--format", "concise"]);
        assert_eq!(output.status.code(), Some(1), "{time}");
        let found = String::from_utf8_lossy(&output.stdout);
        assert!(found.contains("error[invalid-local-date-time]") && found.contains(reason), "{found}");
        // TOML has no other years.
        if let Some(day) = time.get(..10).filter(|_| time.starts_with("0000")) {
            let ignore = format!("[[ignore]]\npaths = [\"*\"]\nrule = \"past-deadline\"\nreason = \"x\"\nuntil = {day}\n");
            fs::write(folder.path().join("ddmc.toml"), ignore).expect("a file can be written");
            let output = ddmc(folder.path(), &["check", "s.json", "--format", "concise"]);
            assert_eq!(output.status.code(), Some(2), "{time}");
            assert!(String::from_utf8_lossy(&output.stdout).contains(reason), "{time}");
            fs::remove_file(folder.path().join("ddmc.toml")).expect("it exists");
        }
        // A catalogue may say nothing about a date.
        fs::write(folder.path().join("catalog.json"), catalog(&time[..time.len() - 9])).expect("a file can be written");
        let output = ddmc(folder.path(), &["check", "s.json", "--catalog", "catalog.json"]);
        assert_eq!(output.status.code(), Some(0), "{time}: {}", String::from_utf8_lossy(&output.stderr));
        assert!(!String::from_utf8_lossy(&output.stderr).contains("0000"), "{time}");
    }
}

#[test]
fn versions_of_any_size_work() {
    let huge = "9".repeat(100_000);
    let many = "1.".repeat(50_000) + "1";
    let versions = [
        "999999999999.0",
        "0",
        "0.0.0",
        "4294967295.4294967295.4294967295",
        "18446744073709551616.1",
        huge.as_str(),
        many.as_str(),
    ];
    for version in versions {
        let folder = folder(&[("e.json", &enforcement(version, "2026-01-01T00:00:00")), ("s.json", FINE)]);
        let device = format!("macOS={version}");
        let build = format!("macOS=15.0,build={version}A1");
        for arguments in [
            &["check", "--target", &device][..],
            &["plan", "s.json", "--device", &device],
            &["plan", "e.json", "s.json", "--device", "macOS=15.0"],
            &["plan", "s.json", "--device", &build],
            &["migrate", "s.json", "--target", &device],
        ] {
            let output = ddmc(folder.path(), arguments);
            // The device is printed as it was named, but a value of a document is cut.
            let most = if arguments.contains(&"macOS=15.0") { 20_000 } else { 500_000 };
            assert!(output.stderr.len() < 500_000 && output.stdout.len() < most, "{arguments:?}: {} bytes", output.stdout.len());
        }
    }
}

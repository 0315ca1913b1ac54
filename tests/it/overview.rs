//! The overview of a run: groups of equal findings, statistics, the summary, and what was not reported.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

/// A declaration with a deferral of this many days.
fn settings(name: &str, days: &str) -> String {
    format!(
        r#"{{"Type": "com.apple.configuration.softwareupdate.settings", "Identifier": "com.example.{name}", "Payload": {{"Deferrals": {{"MajorPeriodInDays": {days}}}}}}}"#
    )
}

fn folder(files: &[(&str, String)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    for (name, text) in files {
        write(folder.path(), name, text);
    }
    folder
}

fn write(folder: &Path, name: &str, text: &str) {
    fs::write(folder.join(name), text).expect("a file can be written");
}

fn check(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ddmc"));
    command.arg("check").args(arguments).current_dir(folder).env("COLUMNS", "120");
    for name in ["NO_COLOR", "CLICOLOR_FORCE", "GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY"] {
        command.env_remove(name);
    }
    command.output().expect("the program runs")
}

fn report(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("the report is UTF-8")
}

fn remarks(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("the remarks are UTF-8")
}

/// The lines of the findings that a report shows in full.
fn shown(report: &str) -> Vec<usize> {
    let place = |line: &str| line.split_once("[a.ndjson:")?.1.split(':').next()?.parse().ok();
    report.lines().filter_map(place).collect()
}

fn lines(days: impl IntoIterator<Item = usize>) -> String {
    days.into_iter()
        .enumerate()
        .fold(String::new(), |text, (at, days)| text + &settings(&at.to_string(), &days.to_string()) + "\n")
}

#[test]
fn equal_findings_are_grouped_once_a_rule_has_more_than_ten() {
    let folder = folder(&[]);
    let run = |days: &[usize], arguments: &[&str]| {
        write(folder.path(), "a.ndjson", &lines(days.iter().copied()));
        report(&check(folder.path(), arguments))
    };
    // Ten are all shown, in their order.
    let ten = run(&[120; 10], &[]);
    assert_eq!(shown(&ten), (1..=10).collect::<Vec<_>>(), "{ten}");
    assert!(!ten.contains("more: "), "{ten}");
    let eleven = run(&[120; 11], &[]);
    assert_eq!(shown(&eleven), [1, 2, 3], "{eleven}");
    let group = "error[out-of-range]: MajorPeriodInDays is 120, but must be between 1 and 90\n  and 8 more: --format concise lists them\n";
    assert!(eleven.contains(group), "{eleven}");
    assert!(eleven.contains(": 11 errors"), "the summary counts all: {eleven}");
    assert!(run(&[120; 11], &["--quiet"]).contains(group), "the groups belong to the findings");
    // The rule has more than ten, but only one of its findings repeats.
    let mixed = run(&[120, 91, 92, 120, 120, 120, 93, 94, 95, 96, 97, 98, 120], &[]);
    assert_eq!(shown(&mixed), [1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12], "{mixed}");
    assert!(mixed.contains("  and 2 more: "), "{mixed}");
    // A saved report is the same.
    run(&[120; 11], &["-o", "human=report.txt", "--format", "concise"]);
    assert_eq!(fs::read_to_string(folder.path().join("report.txt")).expect("it was written"), eleven);
    assert_eq!(run(&[120; 11], &["--format", "concise"]).lines().count(), 11);
}

#[test]
fn a_long_run_shows_findings_while_it_finds_others() {
    // The fourth of four equal findings waits for more of its rule, which never come.
    let start = lines([120; 4]);
    let wrong = |at: usize| settings(&format!("w{at}"), "1").replace("\"Payload\"", &format!("\"Key{at}\": 1, \"Payload\""));
    let others: String = (0..1500).map(|at| wrong(at) + "\n").collect();
    let folder = folder(&[("a.ndjson", start + &others)]);
    let report = report(&check(folder.path(), &[]));
    assert!(report.len() > 1 << 19, "more than may wait");
    assert_eq!(shown(&report), (1..=1504).collect::<Vec<_>>(), "all are shown, in their order");
}

#[test]
fn statistics_count_findings_files_and_fixes_by_rule() {
    let folder = folder(&[
        ("a.ndjson", lines([120, 120, 5])),
        ("b.json", settings("b", "5").replace("MajorPeriodInDays", "MajorPeriodInDay")),
        ("c.json", settings("c", "120")),
    ]);
    let table = "rule          severity  findings  files  fixable\n\
                 out-of-range  error            3      2        0\n\
                 unknown-key   error            1      1        1\n";
    let all = report(&check(folder.path(), &["--statistics"]));
    assert!(all.contains("× MajorPeriodInDays is 120") && all.contains(table), "{all}");
    let only = check(folder.path(), &["--statistics", "--quiet"]);
    let expected = format!("{table}\nChecked 5 declarations in 3 files: 4 errors (1 fixable with --fix)\n");
    assert_eq!((report(&only), remarks(&only)), (expected, String::new()));
    // A machine-readable report is the same, and a remark says so.
    for format in ["concise", "json", "sarif", "github", "gitlab", "junit", "markdown", "html"] {
        let (with, without) =
            (check(folder.path(), &["--format", format, "--statistics"]), check(folder.path(), &["--format", format]));
        assert_eq!(report(&with), report(&without), "{format}");
        assert!(remarks(&with).contains("--statistics has no effect"), "{format}");
    }
    write(folder.path(), "fine.json", &settings("fine", "5"));
    let fine = report(&check(folder.path(), &["--statistics", "--quiet", "fine.json"]));
    assert_eq!(fine, "Checked 1 declaration in 1 file: nothing found\n");
}

#[test]
fn the_summary_counts_what_was_not_reported() {
    let ignore = "[[ignore]]\nrule = \"out-of-range\"\npaths = \"a.ndjson\"\nreason = \"they are old\"\n";
    let folder = folder(&[
        ("a.ndjson", lines([120, 130])),
        ("b.json", settings("b", "120")),
        ("one.json", "{}".to_owned()),
        ("two.json", "[]".to_owned()),
        ("three.json", "{}".to_owned()),
        ("zz-near.json", r#"{"Identifier": "x", "Payload": {}}"#.to_owned()),
        ("ddmc.toml", ignore.to_owned()),
    ]);
    let json = |arguments: &[&str]| -> Value {
        let report = report(&check(folder.path(), &[&["--format", "json"], arguments].concat()));
        serde_json::from_str::<Value>(&report).expect("the report is JSON")["summary"].clone()
    };
    let summary = json(&[]);
    assert_eq!((&summary["ignored"], &summary["errors"], &summary["skipped"]), (&2.into(), &1.into(), &4.into()), "{summary}");
    assert_eq!(summary["skipped_files"], serde_json::json!(["zz-near.json", "one.json", "three.json"]));
    let output = check(folder.path(), &[]);
    let printed = report(&output).replace("\n    ", " ");
    assert!(printed.contains("(2 ignored by ddmc.toml; 4 files without a declaration skipped, such as zz-near.json, one.json and three.json; -v names all)\n"), "{printed}");
    assert!(remarks(&output).is_empty(), "the summary is part of the report");
    // In a format without room for it, it is a remark.
    assert!(remarks(&check(folder.path(), &["--format", "concise"])).starts_with("Checked 3 declarations in 2 files: 1 error"));
    // The report in a file has it too.
    let output = check(folder.path(), &["-o", "report.txt"]);
    let saved = fs::read_to_string(folder.path().join("report.txt")).expect("it was written");
    assert!(saved.contains("\nChecked 3 declarations") && remarks(&output).starts_with("Checked 3 declarations"), "{saved}");
    // The job summary of GitHub Actions has it as well.
    let summary = folder.path().join("summary.md");
    let mut command = Command::new(env!("CARGO_BIN_EXE_ddmc"));
    command.arg("check").current_dir(&folder).env("GITHUB_ACTIONS", "true").env("GITHUB_STEP_SUMMARY", &summary);
    assert_eq!(command.status().expect("the program runs").code(), Some(1));
    let summary = fs::read_to_string(summary).expect("it was written");
    assert!(summary.contains("\n2 ignored by ddmc.toml; 4 files without a declaration skipped, such as "), "{summary}");
    let verbose = remarks(&check(folder.path(), &["-v"]));
    for name in ["zz-near.json", "one.json", "two.json", "three.json"] {
        assert!(verbose.contains(&format!("ddmc: {name}: skipped, it holds no declaration\n")), "{verbose}");
    }
}

#[test]
fn verbose_names_the_declarations_that_were_not_judged() {
    let unknown = settings("u", "5").replace("softwareupdate.settings", "no.such");
    let folder = folder(&[("a.json", format!("[\n{},\n{unknown}]", settings("a", "5")))]);
    let verbose = remarks(&check(folder.path(), &["-v"]));
    let expected = "ddmc: a.json:3:59: payload not checked, since its type is unknown\n";
    assert!(verbose.contains(expected), "{verbose}");
    assert!(remarks(&check(folder.path(), &[])).is_empty());
}

#[test]
fn a_baseline_is_pruned_of_what_is_gone() {
    let folder = folder(&[("a.json", settings("a", "120")), ("b.json", settings("b", "120")), ("c.json", settings("c", "120"))]);
    let check = |arguments: &[&str]| check(folder.path(), arguments);
    let recorded = || -> Vec<String> {
        let text = fs::read_to_string(folder.path().join("known.json")).expect("it was written");
        let baseline: Value = serde_json::from_str(&text).expect("it is JSON");
        let findings = baseline["findings"].as_array().expect("a list").iter();
        findings.map(|one| format!("{} {}", one["file"].as_str().expect("a name"), one["count"])).collect()
    };
    assert_eq!(check(&["--write-baseline", "known.json", "a.json", "b.json", "c.json"]).status.code(), Some(0));
    let prune = ["--baseline", "known.json", "--prune-baseline"];
    let before = fs::metadata(folder.path().join("known.json")).expect("it exists").modified().expect("it has a time");
    assert_eq!(check(&[&prune[..], &["a.json", "b.json", "c.json"]].concat()).status.code(), Some(0));
    let after = fs::metadata(folder.path().join("known.json")).expect("it exists").modified().expect("it has a time");
    assert_eq!(before, after, "nothing is gone, so nothing is written");

    write(folder.path(), "a.json", &settings("a", "5"));
    write(folder.path(), "b.json", &settings("b", "5"));
    // What this run cannot find stays.
    let output = check(&[&prune[..], &["a.json"]].concat());
    assert_eq!(output.status.code(), Some(0));
    assert!(remarks(&output).contains("Removed 1 recorded in known.json but gone; it records 2 now"), "{}", remarks(&output));
    assert_eq!(recorded(), ["b.json 1", "c.json 1"]);
    // A run that could not read everything changes nothing, nor does one that only shows a diff.
    assert_eq!(check(&[&prune[..], &["b.json", "missing.json"]].concat()).status.code(), Some(2));
    assert_eq!(check(&[&prune[..], &["--diff", "b.json"]].concat()).status.code(), Some(2));
    assert_eq!(check(&["--prune-baseline", "b.json"]).status.code(), Some(2), "it needs --baseline");
    assert_eq!(recorded(), ["b.json 1", "c.json 1"]);
    // New findings are reported as ever, and not recorded.
    write(folder.path(), "d.json", &settings("d", "120"));
    assert_eq!(check(&[&prune[..], &["b.json", "c.json", "d.json", "--quiet"]].concat()).status.code(), Some(1));
    assert_eq!(recorded(), ["c.json 1"]);
}

#[cfg(unix)]
#[test]
fn a_pruned_baseline_is_not_written_through_a_link_of_the_repository() {
    let folder = folder(&[("a.json", settings("a", "120")), (".git", String::new())]);
    let other = tempfile::tempdir().expect("a temporary folder can be made");
    let target = other.path().join("known.json");
    assert_eq!(check(folder.path(), &["--write-baseline", target.to_str().expect("a path"), "a.json"]).status.code(), Some(0));
    std::os::unix::fs::symlink(&target, folder.path().join("known.json")).expect("a link can be made");
    let before = fs::read(&target).expect("it exists");
    write(folder.path(), "a.json", &settings("a", "5"));
    assert_eq!(check(folder.path(), &["--baseline", "known.json", "--prune-baseline", "."]).status.code(), Some(2));
    assert_eq!(fs::read(&target).expect("it exists"), before);
}

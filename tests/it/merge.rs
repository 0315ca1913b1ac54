//! Merge scenarios. `in` holds the declarations, `merged.json` and `explain.json` the expected result and its
//! provenance, `remarks.txt` the warnings, if any. If the merge is refused, `refused.txt` holds the messages instead.
//!
//! `DDMC_BLESS=1` rewrites the expected files. Review the changes before committing them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use ddmc::{Severity, check};

fn scenarios() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/merge");
    let entries = fs::read_dir(folder).expect("the fixtures are part of the repository");
    let mut all: Vec<PathBuf> = entries.map(|entry| entry.expect("a folder can be read").path()).collect();
    all.sort();
    assert!(all.len() > 20);
    all
}

fn merge(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ddmc"));
    command.arg("merge").args(arguments).current_dir(folder).env_remove("CLICOLOR_FORCE").env("COLUMNS", "80");
    command.output().expect("the program runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("the output is UTF-8")
}

/// Compares with a file, or writes it. A missing file means that nothing is expected.
fn expect(path: &Path, found: &str) {
    if std::env::var_os("DDMC_BLESS").is_some() {
        if found.is_empty() {
            let _ = fs::remove_file(path);
        } else {
            fs::write(path, found).expect("the expectation can be written");
        }
    }
    let expected = fs::read_to_string(path).unwrap_or_default();
    assert_eq!(found, expected, "{}; DDMC_BLESS=1 accepts what is found", path.display());
}

#[test]
fn scenarios_match_the_expected_files() {
    for scenario in scenarios() {
        let is_refused = scenario.file_name().expect("it has a name").to_string_lossy().starts_with("refused");
        let output = merge(&scenario, &["in"]);
        let explained = merge(&scenario, &["in", "--explain", "--format", "json"]);
        assert_eq!(output.status.code(), Some(i32::from(is_refused)), "{}: {}", scenario.display(), text(&output.stderr));
        if is_refused {
            assert!(output.stdout.is_empty(), "{}", scenario.display());
            expect(&scenario.join("refused.txt"), &text(&output.stderr));
        } else {
            expect(&scenario.join("merged.json"), &text(&output.stdout));
            expect(&scenario.join("explain.json"), &text(&explained.stdout));
            expect(&scenario.join("remarks.txt"), &text(&output.stderr));
        }
    }
}

#[test]
fn merged_sets_are_valid_and_stable() {
    for scenario in scenarios().iter().filter(|scenario| scenario.join("merged.json").exists()) {
        let merged = fs::read(scenario.join("merged.json")).expect("it exists");
        let findings = check("merged.json", &merged);
        let errors: Vec<_> = findings.iter().filter(|finding| finding.severity == Severity::Error).collect();
        assert!(errors.is_empty(), "{}: {errors:?}", scenario.display());
        let again = merge(scenario, &["merged.json"]);
        assert_eq!(text(&again.stdout), text(&merged), "{}", scenario.display());
    }
}

#[test]
fn input_order_matters_only_for_first_and_array_append() {
    for scenario in scenarios().iter().filter(|scenario| scenario.join("merged.json").exists()) {
        let mut files: Vec<String> = fs::read_dir(scenario.join("in"))
            .expect("a scenario has declarations")
            .map(|entry| entry.expect("a folder can be read").path().to_string_lossy().into_owned())
            .collect();
        files.sort();
        files.reverse();
        let reversed = merge(scenario, &files.iter().map(String::as_str).collect::<Vec<_>>());
        let expected = fs::read_to_string(scenario.join("merged.json")).expect("it exists");
        let is_first = ["first", "bookmarks"].iter().any(|name| scenario.ends_with(name));
        assert_eq!(text(&reversed.stdout) == expected, !is_first, "{}", scenario.display());
    }
}

#[test]
fn merging_a_result_with_its_inputs_changes_nothing() {
    for name in ["boolean-and", "number-max", "enum-last", "set-union", "security-baselines"] {
        let scenario = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/merge").join(name);
        let again = merge(&scenario, &["merged.json", "in"]);
        let expected = fs::read_to_string(scenario.join("merged.json")).expect("it exists");
        assert_eq!(text(&again.stdout), expected, "{name}");
    }
}

#[test]
fn explain_shows_no_tokens() {
    for scenario in scenarios() {
        for format in ["human", "json"] {
            let output = merge(&scenario, &["in", "--explain", "--format", format]);
            assert!(!text(&output.stdout).contains("t-1") && !text(&output.stderr).contains("t-1"), "{}", scenario.display());
        }
    }
}

#[test]
fn server_tokens_depend_only_on_the_content() {
    let tokens = |declarations: &str| -> Vec<String> {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        fs::write(folder.path().join("x.json"), declarations).expect("it can be written");
        let output = merge(folder.path(), &["x.json", "--server-token"]);
        let set: serde_json::Value = serde_json::from_slice(&output.stdout).expect("the output is JSON");
        let all = set.as_array().expect("it is an array").iter();
        all.map(|declaration| declaration["ServerToken"].as_str().expect("it has a token").to_owned()).collect()
    };
    let one = r#"{"Type": "com.apple.management.properties", "Identifier": "x", "Payload": {"A": 1, "B": [2]}}"#;
    let same =
        r#"{"Payload": {"B": [2], "A": 1}, "ServerToken": "old", "Identifier": "x", "Type": "com.apple.management.properties"}"#;
    let other = r#"{"Type": "com.apple.management.properties", "Identifier": "x", "Payload": {"A": 1, "B": [3]}}"#;
    assert_eq!(tokens(one), tokens(same));
    assert_ne!(tokens(one), tokens(other));
    // Independent of the machine: the SHA-256 digest of the sorted declaration without its token.
    assert_eq!(tokens(one), ["f85aae1b5f9901b69b699e2110ea5e45bccf59709d4a99bd8615e0e87d98530e"]);
}

#[test]
fn a_folder_gets_exactly_one_file_per_declaration() {
    let scenario = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/merge/activations");
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let target = folder.path().join("out/");
    let target = format!("{}/", target.display());
    let output = merge(&scenario, &["in", "-o", &target]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let mut names: Vec<String> = fs::read_dir(&target)
        .expect("it was made")
        .map(|entry| entry.expect("it can be read").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert_eq!(
        names,
        [
            ".ddmc",
            "com.example.activation.all.json",
            "com.example.activation.some.json",
            "com.example.c.json",
            "merged.softwareupdate.settings.2.json",
            "merged.softwareupdate.settings.json"
        ]
    );
    let again = merge(&scenario, &["in", "-o", &target]);
    assert_eq!(again.status.code(), Some(0), "existing files are replaced");
    assert_eq!(fs::read_dir(&target).expect("it exists").count(), 6);
}

#[test]
fn a_refused_merge_keeps_existing_files() {
    let scenario = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/merge/refused-download-off");
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let file = folder.path().join("set.json");
    fs::write(&file, "before").expect("it can be written");
    let output = merge(&scenario, &["in", "-o", &file.display().to_string()]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(fs::read_to_string(&file).expect("it exists"), "before");
}

#[test]
fn a_failed_write_keeps_existing_files() {
    let scenario = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/merge/activations");
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    // A folder with the name of one of the files cannot be replaced.
    fs::write(folder.path().join("merged.softwareupdate.settings.json"), "before").expect("it can be written");
    fs::create_dir(folder.path().join("com.example.c.json")).expect("it can be made");
    let output = merge(&scenario, &["in", "-o", &folder.path().display().to_string()]);
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
    assert_eq!(fs::read_to_string(folder.path().join("merged.softwareupdate.settings.json")).expect("it exists"), "before");
    assert_eq!(fs::read_dir(folder.path()).expect("it exists").count(), 2, "no temporary file is left");
}

/// The identifiers in a set, in order.
fn identifiers(output: &Output) -> Vec<String> {
    let set: serde_json::Value = serde_json::from_slice(&output.stdout).expect("the output is JSON");
    let all = set.as_array().expect("it is an array").iter();
    all.map(|declaration| declaration["Identifier"].as_str().expect("it has an identifier").to_owned()).collect()
}

/// Settings in one line.
fn line(kind: &str, identifier: &str) -> String {
    format!(r#"{{"Type": "com.apple.configuration.{kind}.settings", "Identifier": "{identifier}", "Payload": {{}}}}"#)
}

fn activation(identifier: &str, references: &str) -> String {
    format!(
        r#"{{"Type": "com.apple.activation.simple", "Identifier": "{identifier}", "Payload": {{"StandardConfigurations": {references}}}}}"#
    )
}

fn array(declarations: &[String]) -> String {
    format!("[{}]", declarations.join(","))
}

#[test]
fn names_do_not_depend_on_the_declarations() {
    let kind = "softwareupdate";
    let two = merge_text(&array(&[line(kind, "b"), line(kind, "c")]), &[]);
    assert_eq!(identifiers(&two), ["merged.softwareupdate.settings"]);
    let three = merge_text(&array(&[line(kind, "a"), line(kind, "b"), line(kind, "c")]), &[]);
    assert_eq!(identifiers(&three), identifiers(&two));
    let types = merge_text(&array(&[line("siri", "a"), line("siri", "b"), line(kind, "c"), line(kind, "d")]), &[]);
    assert_eq!(identifiers(&types), ["merged.siri.settings", "merged.softwareupdate.settings"]);
    // A group that gets a second member does not rename the others.
    let names = ["a", "b", "c", "d"].map(|name| line(kind, name));
    let activations = [activation("x", r#"["b"]"#), activation("y", r#"["c", "d"]"#)];
    let one = merge_text(&array(&[&names[1..], &activations].concat()), &[]);
    assert_eq!(identifiers(&one), ["x", "y", "b", "merged.softwareupdate.settings.2"]);
    let activations = [activation("x", r#"["a", "b"]"#), activation("y", r#"["c", "d"]"#)];
    let both = merge_text(&array(&[&names[..], &activations].concat()), &[]);
    assert_eq!(identifiers(&both), ["x", "y", "merged.softwareupdate.settings", "merged.softwareupdate.settings.2"]);
    assert!(text(&both.stdout).contains(r#""merged.softwareupdate.settings.2""#));
}

#[test]
fn an_identifier_fixes_all_names() {
    let kind = "softwareupdate";
    let alone = merge_text(&array(&[line(kind, "a")]), &[]);
    assert_eq!(identifiers(&alone), ["a"]);
    assert!(text(&alone.stderr).contains("--identifier sets the names: a"), "{}", text(&alone.stderr));
    let arguments = ["--identifier", "com.example.macs"];
    let named = merge_text(&array(&[line(kind, "a")]), &arguments);
    assert_eq!(
        (identifiers(&named), text(&named.stderr).as_str()),
        (vec!["com.example.macs.softwareupdate.settings".to_owned()], "")
    );
    let two = merge_text(&array(&[line(kind, "a"), line(kind, "b")]), &arguments);
    assert_eq!(identifiers(&two), identifiers(&named));
    let none = merge_text(&activation("x", "[]"), &arguments);
    assert_eq!(none.status.code(), Some(2), "{}", text(&none.stderr));
}

#[test]
fn names_that_are_taken_or_too_long_are_refused() {
    let two = [line("siri", "a"), line("siri", "b")];
    let taken = activation("merged.siri.settings", r#"["a", "b"]"#);
    let output = merge_text(&array(&[&two[..], &[taken]].concat()), &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("is that of another declaration"), "{}", text(&output.stderr));
    for (length, status) in [(50, 0), (51, 2), (64, 2), (65, 2)] {
        let output = merge_text(&array(&two), &["--identifier", &"x".repeat(length)]);
        assert_eq!(output.status.code(), Some(status), "{length}: {}", text(&output.stderr));
        assert_eq!(output.stdout.is_empty(), status != 0);
    }
}

#[test]
fn a_set_in_the_configuration_names_its_declarations() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("it can be written");
    write(".git", "");
    write("ddmc.toml", "[[sets]]\npaths = [\"macs\"]\nidentifier = \"com.example.macs\"\n");
    fs::create_dir(folder.path().join("macs")).expect("it can be made");
    write("macs/a.json", &line("siri", "a"));
    assert_eq!(identifiers(&merge(folder.path(), &["macs"])), ["com.example.macs.siri.settings"]);
    write("macs/b.json", &line("siri", "b"));
    assert_eq!(identifiers(&merge(folder.path(), &["macs"])), ["com.example.macs.siri.settings"]);
    assert_eq!(identifiers(&merge(folder.path(), &["macs", "--identifier", "x"])), ["x.siri.settings"]);
    // This declaration is not in the set.
    write("c.json", &line("siri", "c"));
    assert_eq!(identifiers(&merge(folder.path(), &["macs", "c.json"])), ["merged.siri.settings"]);
}

/// The names of the files in a folder, without the record.
fn files(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("it can be read");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("it can be read").file_name().to_string_lossy().into_owned()).collect();
    names.retain(|name| name != ".ddmc");
    names.sort();
    names
}

#[test]
fn leftovers_are_named_and_pruned() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let out = folder.path().join("out");
    let run = |text: &str, arguments: &[&str]| {
        fs::write(folder.path().join("x.json"), text).expect("it can be written");
        merge(folder.path(), &[&["x.json", "-o", "out/"], arguments].concat())
    };
    let first = run(&array(&[line("siri", "a"), line("math", "b"), line("keyboard", "c"), line("passcode", "d")]), &[]);
    assert_eq!(first.status.code(), Some(0), "{}", text(&first.stderr));
    // One of them is changed, and one was never ours.
    fs::write(out.join("b.json"), "{}").expect("it can be written");
    fs::write(out.join("notes.json"), "{}").expect("it can be written");
    let second = run(&line("siri", "a"), &[]);
    assert!(
        text(&second.stderr).contains("2 files of earlier runs; --prune removes: c.json, d.json"),
        "{}",
        text(&second.stderr)
    );
    assert!(text(&second.stderr).contains("or that changed: b.json, notes.json"), "{}", text(&second.stderr));
    assert_eq!(files(&out), ["a.json", "b.json", "c.json", "d.json", "notes.json"]);
    let third = run(&line("siri", "a"), &["--prune"]);
    assert!(text(&third.stderr).contains("Removed 2 files of earlier runs: c.json, d.json"), "{}", text(&third.stderr));
    assert_eq!(files(&out), ["a.json", "b.json", "notes.json"]);
    let record = fs::read_to_string(out.join(".ddmc")).expect("there is a record");
    assert_eq!(record.lines().count(), 2, "{record}");
    // A refused merge removes nothing.
    let refused = run("{", &["--prune"]);
    assert_eq!(refused.status.code(), Some(1));
    assert_eq!(files(&out), ["a.json", "b.json", "notes.json"]);
    // Standard output and a file have no leftovers.
    assert_eq!(merge(folder.path(), &["x.json", "--prune"]).status.code(), Some(2));
    assert_eq!(merge(folder.path(), &["x.json", "--prune", "-o", "set.json"]).status.code(), Some(2));
}

#[cfg(unix)]
#[test]
fn pruning_follows_no_links() {
    use std::os::unix::fs::symlink;

    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let run = |kind: &str, identifier: &str, arguments: &[&str]| {
        fs::write(folder.path().join("x.json"), line(kind, identifier)).expect("it can be written");
        merge(folder.path(), &[&["x.json", "-o", "out/"], arguments].concat())
    };
    assert_eq!(run("siri", "a", &[]).status.code(), Some(0));
    let out = folder.path().join("out");
    // The file moves elsewhere, and a link takes its place.
    fs::rename(out.join("a.json"), folder.path().join("precious.json")).expect("it can be moved");
    symlink("../precious.json", out.join("a.json")).expect("a link can be made");
    let pruned = run("siri", "b", &["--prune"]);
    assert_eq!(pruned.status.code(), Some(0), "{}", text(&pruned.stderr));
    assert!(folder.path().join("precious.json").exists() && out.join("a.json").is_symlink());
    // A record that is a link is not read or replaced.
    fs::rename(out.join(".ddmc"), folder.path().join("record")).expect("it can be moved");
    symlink("../record", out.join(".ddmc")).expect("a link can be made");
    let refused = run("siri", "c", &["--prune"]);
    assert_eq!(refused.status.code(), Some(2), "{}", text(&refused.stderr));
    assert!(out.join("b.json").exists() && !out.join("c.json").exists());
}

#[test]
fn an_output_that_may_be_a_folder_or_a_file_is_refused() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    fs::write(folder.path().join("x.json"), line("siri", "a")).expect("it can be written");
    let run = |output: &str| merge(folder.path(), &["x.json", "-o", output]);
    let refused = run("published");
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("write a / at the end"), "{}", text(&refused.stderr));
    assert!(!folder.path().join("published").exists());
    assert_eq!(run("published/").status.code(), Some(0));
    assert_eq!(run("published").status.code(), Some(0), "it is a folder now");
    fs::write(folder.path().join("set"), "").expect("it can be written");
    assert_eq!(run("set").status.code(), Some(0), "it is a file already");
}

/// Merges one text and returns the output.
fn merge_text(declarations: &str, arguments: &[&str]) -> Output {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    fs::write(folder.path().join("x.json"), declarations).expect("it can be written");
    merge(folder.path(), &[&["x.json"], arguments].concat())
}

#[test]
fn keeps_an_identifier_with_a_placeholder() {
    let output = merge_text(
        r#"[{"Type": "com.apple.configuration.softwareupdate.settings", "Identifier": "$FLEET_VAR_X", "Payload": {}},
            {"Type": "com.apple.activation.simple", "Identifier": "a", "Payload": {"StandardConfigurations": ["$FLEET_VAR_X"]}}]"#,
        &[],
    );
    assert_eq!(text(&output.stdout).matches("$FLEET_VAR_X").count(), 2, "{}", text(&output.stdout));
}

#[test]
fn publishes_single_settings_unchanged() {
    for payload in [
        r#"{"Deferrals": {"MajorPeriodInDays": 9.0}}"#,
        r#"{"Beta": {}}"#,
        r#"{"Beta": {"OfferPrograms": [{"Description": "b", "Token": "2"}, {"Description": "a", "Token": "1"}]}}"#,
    ] {
        let one =
            format!(r#"{{"Type": "com.apple.configuration.softwareupdate.settings", "Identifier": "x", "Payload": {payload}}}"#);
        let output = merge_text(&one, &[]);
        let set: serde_json::Value = serde_json::from_slice(&output.stdout).expect("the output is JSON");
        assert_eq!(set[0], serde_json::from_str::<serde_json::Value>(&one).expect("it is JSON"));
        let merged = text(&output.stdout);
        let both = format!("[{one}, {}]", merged.trim().trim_start_matches('[').trim_end_matches(']'));
        assert_eq!(text(&merge_text(&both, &[]).stdout), merged);
    }
}

#[test]
fn escapes_control_characters_without_changing_the_meaning() {
    let one = "{\"Type\": \"com.apple.management.properties\", \"Identifier\": \"a\u{9b}b\u{202e}c\u{7f}\", \"Payload\": {\"\u{e0041}\": \"\u{2028}\"}}";
    let output = merge_text(one, &[]);
    assert!(!text(&output.stdout).contains(|c: char| (c.is_control() && c != '\n') || "\u{202e}\u{2028}\u{e0041}".contains(c)));
    let set: serde_json::Value = serde_json::from_slice(&output.stdout).expect("the output is JSON");
    assert_eq!(set[0], serde_json::from_str::<serde_json::Value>(one).expect("it is JSON"));
}

#[cfg(unix)]
#[test]
fn a_dangling_link_is_not_replaced() {
    let scenario = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/merge/number-max");
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let link = folder.path().join("set.json");
    std::os::unix::fs::symlink("nowhere.json", &link).expect("a link can be made");
    assert_eq!(merge(&scenario, &["in", "-o", &link.display().to_string()]).status.code(), Some(2));
    assert!(fs::symlink_metadata(&link).expect("it exists").is_symlink());
    fs::write(folder.path().join("nowhere.json"), "before").expect("it can be written");
    assert_eq!(merge(&scenario, &["in", "-o", &link.display().to_string()]).status.code(), Some(0));
    assert!(fs::symlink_metadata(&link).expect("it exists").is_symlink(), "a link stays a link");
    assert!(fs::read_to_string(folder.path().join("nowhere.json")).expect("it exists").starts_with('['));
}

#[test]
fn a_dash_means_standard_output() {
    let scenario = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/merge/number-max");
    assert_eq!(merge(&scenario, &["in", "-o", "-"]).stdout, merge(&scenario, &["in"]).stdout);
}

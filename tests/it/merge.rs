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
            "com.example.a.merged.json",
            "com.example.activation.all.json",
            "com.example.activation.some.json",
            "com.example.c.json",
            "com.example.d.merged.json"
        ]
    );
    let again = merge(&scenario, &["in", "-o", &target]);
    assert_eq!(again.status.code(), Some(0), "existing files are replaced");
    assert_eq!(fs::read_dir(&target).expect("it exists").count(), 5);
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
    fs::write(folder.path().join("com.example.a.merged.json"), "before").expect("it can be written");
    fs::create_dir(folder.path().join("com.example.c.json")).expect("it can be made");
    let output = merge(&scenario, &["in", "-o", &folder.path().display().to_string()]);
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
    assert_eq!(fs::read_to_string(folder.path().join("com.example.a.merged.json")).expect("it exists"), "before");
    assert_eq!(fs::read_dir(folder.path()).expect("it exists").count(), 2, "no temporary file is left");
}

#[test]
fn identifier_requires_exactly_one_merged_declaration() {
    let scenario = |name: &str| Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/merge").join(name);
    let named = merge(&scenario("number-max"), &["in", "--identifier", "com.example.new"]);
    assert!(text(&named.stdout).contains(r#""Identifier": "com.example.new""#));
    let several = merge(&scenario("activations"), &["in", "--identifier", "com.example.new"]);
    assert_eq!(several.status.code(), Some(2), "{}", text(&several.stdout));
    let long = merge(&scenario("number-max"), &["in", "--identifier", &"x".repeat(65)]);
    assert_eq!(long.status.code(), Some(2));
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

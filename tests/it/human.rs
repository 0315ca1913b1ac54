//! The human-readable report at 80 columns, without colour. `fixtures/human` holds documents and expected reports.
//!
//! `DDMC_BLESS=1` rewrites the reports. Read them as a user would before committing them.

use std::fs;
use std::path::Path;
use std::process::Command;

#[test]
fn reports_fit_the_terminal_and_match_the_expected_files() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/human");
    let mut documents: Vec<_> = fs::read_dir(&folder)
        .expect("the fixtures are part of the repository")
        .map(|entry| entry.expect("a folder can be read").path())
        .filter(|path| path.extension().is_some_and(|extension| extension != "txt"))
        .collect();
    documents.sort();
    assert!(documents.len() >= 7);
    for document in documents {
        let name = document.file_name().expect("a file has a name");
        let mut command = Command::new(env!("CARGO_BIN_EXE_ddmc"));
        command
            .arg("check")
            .arg(name)
            .current_dir(&folder)
            .env("COLUMNS", "80")
            .env_remove("CLICOLOR_FORCE")
            .env_remove("GITHUB_ACTIONS");
        let output = command.output().expect("the program runs");
        let report = String::from_utf8([output.stdout, output.stderr].concat()).expect("the report is UTF-8");
        for line in report.lines() {
            assert!(line.chars().count() <= 80, "{}: {line}", document.display());
            assert!(!line.contains(|c: char| c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c)), "{line:?}");
        }
        assert!(!report.contains("a-secret-token"), "{report}");
        let expectation = document.with_extension("txt");
        if std::env::var_os("DDMC_BLESS").is_some() {
            fs::write(&expectation, &report).expect("the expectation can be written");
        }
        let expected = fs::read_to_string(&expectation).unwrap_or_default();
        assert_eq!(report, expected, "{}; DDMC_BLESS=1 accepts what is found", document.display());
    }
}

/// The columns that a terminal gives a text, for the characters that this test uses.
fn columns(text: &str) -> usize {
    text.chars().map(|character| if ('\u{3000}'..='\u{9FFF}').contains(&character) { 2 } else { 1 }).sum()
}

#[test]
fn excerpts_fit_any_terminal_and_mark_the_right_columns() {
    let settings = |payload: &str| {
        format!(
            r#"{{"Type": "com.apple.configuration.softwareupdate.settings", "Identifier": "com.example.a", "Payload": {{{payload}}}}}"#
        )
    };
    let tabs = "\t".repeat(30);
    let documents = [
        ("tabs.json", settings(&format!("{tabs}\"Notifications\":{tabs}\"newest\",{tabs}\"X\": 1"))),
        ("long-tabs.json", format!("{tabs}{tabs}{}", settings("\"Notifications\": \"newest\""))),
        ("escapes.json", settings(&format!("\"{}\": 1, \"Notifications\": \"newest\"", "\u{1}".repeat(40)))),
        ("invisible.json", settings(&format!("\"Notifications\": \"newest\", \"{}\": 1", "\u{E0001}".repeat(20)))),
        ("wide.json", settings(&format!("\"{}\": 1, \"Notifications\": \"newest\"", "日本語".repeat(20)))),
        ("commands.json", settings(&format!("\"{}\": 1, \"Notifications\": \"newest\"", "::error::".repeat(9)))),
        // In a file of lines, a lone carriage return ends no line.
        ("returns.ndjson", format!("{}\r\n", settings("\r\"Notifications\": \r\"newest\"\r"))),
        ("returns.json", settings("\r\"Notifications\": \r\"newest\"\r")),
        ("short.json", settings("\"Notifications\":\t\"newest\"")),
    ];
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    for (name, text) in documents {
        fs::write(folder.path().join(name), text).expect("a file can be written");
        for width in [40, 41, 60, 79, 80, 81, 100, 120, 300] {
            let mut command = Command::new(env!("CARGO_BIN_EXE_ddmc"));
            command.args(["check", name]).current_dir(&folder).env("COLUMNS", width.to_string()).env_remove("GITHUB_ACTIONS");
            let output = command.output().expect("the program runs");
            let report = String::from_utf8(output.stdout).expect("the report is UTF-8");
            for line in report.lines() {
                assert!(columns(line) <= width, "{name}, {width} columns: {line}");
            }
            let finding = report.split("\n\n").find(|part| part.contains("Notifications is a string")).expect("it is found");
            let lines: Vec<&str> = finding.lines().collect();
            let marker = lines.iter().position(|line| line.contains("   · ")).expect("the place is marked");
            let (indent, underline) = lines[marker].split_at(lines[marker].find('─').expect("it has a line"));
            let start = columns(indent);
            let above = lines[marker - 1];
            let at = above.char_indices().map(|(at, _)| at).find(|at| columns(&above[..*at]) == start).expect("it is marked");
            assert!(above[at..].starts_with("\"newest\""), "{name}, {width} columns:\n{finding}");
            assert_eq!(columns(underline), "\"newest\"".len(), "{name}, {width} columns:\n{finding}");
        }
    }
}

#[test]
fn a_place_is_shown_in_the_same_line_whatever_ends_it() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let line = "{\"Type\": \"com.apple.configuration.softwareupdate.settings\", \"Identifier\": \"a\",\r\"Payload\": {\"X\": 1}}";
    fs::write(folder.path().join("a.ndjson"), format!("{{}}\r\n{line}\r\n{{}}\n")).expect("a file can be written");
    let mut command = Command::new(env!("CARGO_BIN_EXE_ddmc"));
    command.args(["check", "a.ndjson"]).current_dir(&folder).env("COLUMNS", "140").env_remove("GITHUB_ACTIONS");
    let report = String::from_utf8(command.output().expect("the program runs").stdout).expect("the report is UTF-8");
    assert!(report.contains(r#""a",\u{d}"Payload": {"X": 1}}"#), "{report}");
}

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

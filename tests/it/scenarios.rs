//! Repositories and what `ddmc` says in them: each folder of `fixtures/check`, `fixtures/migrate` and `fixtures/plan` has a `command` and, beside it, what is
//! printed.
//!
//! With `DDMC_BLESS=1` the expectations are written anew. Look at them as a user would before committing them.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

#[test]
fn checks_print_what_is_expected() {
    scenarios("check", 12);
}

#[test]
fn migrations_print_what_is_expected() {
    scenarios("migrate", 4);
}

#[test]
fn plans_print_what_is_expected() {
    scenarios("plan", 6);
}

fn scenarios(kind: &str, least: usize) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(kind);
    let entries = fs::read_dir(&root).expect("the fixtures are part of the repository");
    let mut folders: Vec<_> = entries.map(|entry| entry.expect("a folder can be read to its end").path()).collect();
    folders.sort();
    assert!(folders.len() >= least);
    for folder in folders {
        let commands = fs::read_to_string(folder.join("command")).expect("a scenario has a command");
        let mut printed = String::new();
        for line in commands.lines() {
            let mut command = Command::new(env!("CARGO_BIN_EXE_ddmc"));
            command.args(line.split(' ').skip(1)).current_dir(&folder).env("COLUMNS", "80");
            for name in ["NO_COLOR", "CLICOLOR_FORCE", "GITHUB_ACTIONS"] {
                command.env_remove(name);
            }
            let output = command.output().expect("the program runs");
            let [results, remarks] =
                [output.stdout, output.stderr].map(|text| String::from_utf8(text).expect("the output is UTF-8"));
            // Lines of other formats are as long as what they tell, and documents and addresses are not broken.
            let is_for_people =
                !line.starts_with("ddmc explain") && !line.contains("--format") && !line.contains("--print-config");
            assert!(!is_for_people || results.lines().all(|line| line.chars().count() <= 80), "{}: {results}", folder.display());
            let status = output.status.code().expect("the program ends by itself");
            writeln!(printed, "$ {line}\n{results}{remarks}[{status}]").expect("a string can be written to");
        }
        let expectation = folder.join("expected");
        if std::env::var_os("DDMC_BLESS").is_some() {
            fs::write(&expectation, &printed).expect("the expectation can be written");
        }
        let expected = fs::read_to_string(&expectation).unwrap_or_default();
        let differs = printed.lines().zip(expected.lines()).find(|(one, other)| one != other);
        assert!(printed == expected, "{}: {differs:?}; DDMC_BLESS=1 accepts what is printed", folder.display());
    }
}

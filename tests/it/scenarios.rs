//! Scenarios: folders in `fixtures/{check,diff,migrate,plan,plan-inventory,status}`, each with a `command` and its expected output.
//!
//! `DDMC_BLESS=1` rewrites the expected output. Read it as a user would before committing it.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

#[test]
fn checks_print_the_expected_output() {
    scenarios("check", 12);
}

#[test]
fn migrations_print_the_expected_output() {
    scenarios("migrate", 4);
}

#[test]
fn plans_print_the_expected_output() {
    scenarios("plan", 6);
}

#[test]
fn inventories_are_planned_as_expected() {
    scenarios("plan-inventory", 6);
}

#[test]
fn differences_are_said_as_expected() {
    scenarios("diff", 15);
}

#[test]
fn status_reports_are_explained_as_expected() {
    scenarios("status", 8);
}

fn scenarios(kind: &str, least: usize) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(kind);
    let entries = fs::read_dir(&root).expect("the fixtures are part of the repository");
    let mut folders: Vec<_> = entries.map(|entry| entry.expect("a folder can be read").path()).collect();
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
            // Only human-readable output is wrapped. `explain` prints documents and URLs, which are not.
            let is_for_people =
                !line.starts_with("ddmc explain") && !line.contains("--format") && !line.contains("--print-config");
            assert!(!is_for_people || results.lines().all(|line| line.chars().count() <= 80), "{}: {results}", folder.display());
            let status = output.status.code().expect("the program exits normally");
            writeln!(printed, "$ {line}\n{results}{remarks}[{status}]").expect("writing to a string cannot fail");
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

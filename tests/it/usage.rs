//! Wrong usage gets a tip, and the help is grouped.

use std::process::{Command, Output};

fn ddmc(arguments: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ddmc"));
    command.args(arguments.split(' ')).current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/ok"));
    command.output().expect("the program runs")
}

#[test]
fn what_other_programs_call_it_gets_a_tip() {
    for (wrong, right) in [
        ("lint", "write 'ddmc check'"),
        ("validate a.json", "write 'ddmc check'"),
        ("deploy macos", "write 'ddmc publish'"),
        ("rule out-of-range", "write 'ddmc explain'"),
        ("rules out-of-range", "write 'ddmc explain out-of-range'"),
        ("fmt", "write 'ddmc check --fix'"),
        ("settings.json", "to check a file or a folder, write 'ddmc check settings.json'"),
        ("--fix .", "'--fix' is an option of 'ddmc check'"),
        ("merge . --target macOS", "'--target' is an option of 'ddmc check'"),
        ("check --ignore unknown-key", "write '--allow RULE'"),
        ("check --ignore=unknown-key", "write '--allow RULE'"),
        ("check --select unknown-key", "write '--deny RULE'"),
        ("check --max-warnings 0", "write '--fail-on warning'"),
        ("check --output-format json", "is '--format FORMAT'"),
        ("check -f json", "is '--format FORMAT'"),
        ("check --json", "'--format json'"),
        ("check --dry-run", "write '--diff'"),
        ("check --platform macOS", "'--target macOS=15.4'"),
        ("plan --platform macOS .", "'--device macOS=15.4'"),
        ("plan --target macOS .", "'--device macOS=15.4'"),
        ("merge --threads 4 .", "'--jobs N'"),
        ("check --prune-suppressions", "'--baseline FILE --prune-baseline'"),
        // What is close to a name of ours gets a suggestion.
        ("chek", "'check'"),
        ("check --quite", "'--quiet'"),
    ] {
        let output = ddmc(wrong);
        let remarks = String::from_utf8(output.stderr).expect("the remarks are UTF-8");
        assert_eq!(output.status.code(), Some(2), "{wrong}");
        let tips: Vec<&str> = remarks.lines().filter(|line| line.starts_with("  tip: ")).collect();
        assert!(tips.len() == 1 && tips[0].contains(right), "ddmc {wrong}: {remarks}");
    }
}

#[test]
fn text_from_the_command_line_begins_no_line_of_a_tip() {
    for wrong in ["::error::x/y", "check\n::error::x/y"] {
        let output = Command::new(env!("CARGO_BIN_EXE_ddmc")).arg(wrong).output().expect("the program runs");
        let remarks = String::from_utf8(output.stderr).expect("the remarks are UTF-8");
        assert!(remarks.contains("  tip: to check a file or a folder") && !remarks.contains("::error::"), "{remarks}");
    }
}

#[test]
fn options_are_grouped_in_the_help() {
    let help = String::from_utf8(ddmc("check --help").stdout).expect("the help is UTF-8");
    let groups: Vec<&str> = help.lines().filter(|line| line.ends_with(':') && !line.starts_with(' ')).collect();
    let expected = [
        "Arguments:",
        "Options:",
        "Devices and time:",
        "Rules:",
        "Fixes:",
        "Baseline:",
        "Output:",
        "Input:",
        "Apple's data:",
        "Configuration:",
        "Examples:",
    ];
    assert_eq!(groups, expected);
}

#[test]
fn the_number_of_threads_has_a_short_option() {
    assert_eq!(ddmc("check -j 2 .").status.code(), Some(0));
    assert_eq!(ddmc("check -j 0 .").status.code(), Some(2));
}

//! `--fix` makes the intended changes, leaves everything else byte for byte, and never makes a document worse.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use ddmc::{Severity, check, fix};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, RngSeed};

/// `fixtures/fix` holds documents and their expected results: `x.json` or another document, `x.fixed`, and with unsafe fixes `x.unsafe`.
/// `DDMC_BLESS=1` rewrites the results.
#[test]
fn fixes_match_the_expected_files() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/fix");
    let mut documents: Vec<_> = fs::read_dir(&folder)
        .expect("the fixtures are part of the repository")
        .map(|entry| entry.expect("a folder can be read").path())
        .filter(|path| {
            path.extension().is_some_and(|extension| ["json", "ndjson", "mobileconfig"].iter().any(|known| extension == *known))
        })
        .collect();
    documents.sort();
    assert!(documents.len() >= 6);
    for path in documents {
        let name = path.file_name().and_then(|name| name.to_str()).expect("fixtures have plain names");
        let text = fs::read(&path).expect("the fixture can be read");
        for (extension, takes_unsafe) in [("fixed", false), ("unsafe", true)] {
            let fixed = fix(name, &text, takes_unsafe).unwrap_or_else(|| text.clone());
            let expectation = path.with_extension(extension);
            if std::env::var_os("DDMC_BLESS").is_some() {
                fs::write(&expectation, &fixed).expect("the expectation can be written");
            }
            let expected = fs::read(&expectation).unwrap_or_default();
            assert!(fixed == expected, "{name}: {}; DDMC_BLESS=1 accepts it", String::from_utf8_lossy(&fixed));
        }
    }
}

#[test]
fn an_integer_out_of_range_becomes_the_nearest_bound() {
    for (number, nearest) in [("1", "2"), ("-1", "2"), ("0e1", "2"), ("-1e400", "2"), ("12", "11"), ("1e400", "11")] {
        let text = |number: &str| {
            format!(
                r#"{{ "Type": "com.apple.configuration.passcode.settings", "Identifier": "a", "Payload": {{ "MaximumFailedAttempts": {number} }} }}"#
            )
        };
        let fixed = fix("x.json", text(number).as_bytes(), true).expect("there is a fix");
        assert_eq!(String::from_utf8_lossy(&fixed), text(nearest), "{number}");
    }
}

fn errors(text: &[u8]) -> usize {
    check("x.json", text).iter().filter(|finding| finding.severity == Severity::Error).count()
}

/// The number of errors of each rule.
fn errors_of_rules(text: &[u8]) -> BTreeMap<String, usize> {
    let mut errors = BTreeMap::new();
    for finding in check("x.json", text).iter().filter(|finding| finding.severity == Severity::Error) {
        *errors.entry(finding.rule.id.to_string()).or_default() += 1;
    }
    errors
}

/// A member of a payload, valid or invalid.
fn members() -> impl Strategy<Value = String> {
    let simple = select(vec![
        r#""Notifications": false"#,
        r#""notifications": "True""#,
        r#""Notifications": "maybe""#,
        r#""RecommendedCadence": "newest""#,
        r#""RecomendedCadence": "Oldest""#,
        r#""MajorPeriodInDays": "30""#,
        r#""InstallOSUpdates": "AlwaysOn""#,
        r#""Foo": { "Bar": [1, 2] }"#,
        r#""AllowStandardUserOSUpdates": 1"#,
        r#""Deferrals": { "MajorPeriodInDays": "500", "RecommendedCadence": "All", "minorPeriodInDays": 3 }"#,
        r#""Deferrals": {}"#,
        r#""AutomaticActions": { "Download": "alwaysoff", "InstallSecurityUpdates": "AlwaysOf" }"#,
        r#""RapidSecurityResponse": { "Enabled": true, "Enable": "false" }"#,
        r#""Beta": { "OfferPrograms": [{ "Program": { "Description": "a", "Token": "t" } }, { "Description": "a", "Token": "t" }] }"#,
        r#""Beta": { "OfferPrograms": [{ "Program": {} }], "Deferrals": { "MajorPeriodInDays": 7 } }"#,
        r#""Payload": { "Notifications": true }"#,
    ]);
    simple.prop_map(str::to_owned)
}

/// A document with random layout, comments and commas.
fn documents() -> impl Strategy<Value = String> {
    let space = select(vec!["", " ", "\n  ", "\r\n\t", " // a comment\n", " /* one */ "]);
    let head = select(vec![
        r#""Type": "com.apple.configuration.softwareupdate.settings""#,
        r#""type": "com.apple.configuration.softwareupdate.settings""#,
        r#""Type": "com.apple.configuration.softwareupdate.setings""#,
    ]);
    let name = select(vec![r#""Identifier": "a""#, r#""identifier": "a""#, r#""Identifier": """#]);
    let ending = select(vec!["", ",", "\n", "}", " ,\n"]);
    (head, name, prop::collection::vec((members(), space.clone()), 0..5), space, ending, any::<bool>()).prop_map(
        |(head, name, members, space, ending, has_mark)| {
            let members: Vec<String> = members.into_iter().map(|(member, space)| format!("{space}{member}")).collect();
            let mark = if has_mark { "\u{feff}" } else { "" };
            format!("{mark}{{{space}{head},{space}{name},{space}\"Payload\": {{{}{ending}}}{space}}}\n", members.join(","))
        },
    )
}

proptest! {
    #![proptest_config(Config { cases: 2000, failure_persistence: None, rng_seed: RngSeed::Fixed(7), ..Config::default() })]

    #[test]
    fn fixing_never_makes_a_document_worse(text in documents(), takes_unsafe in any::<bool>()) {
        let bytes = text.as_bytes();
        let Some(fixed) = fix("x.json", bytes, takes_unsafe) else {
            return Ok(());
        };
        let shown = String::from_utf8_lossy(&fixed).into_owned();
        prop_assert!(errors(&fixed) <= errors(bytes), "{}\n{}", text, shown);
        prop_assert_eq!(fix("x.json", &fixed, takes_unsafe), None, "one pass is enough: {}\n{}", text, shown);

        // Each line without a finding or an edit is unchanged, in the same order. Documents with comments are
        // excluded, since a comment can hide a finding until a fix removes it.
        let findings = check("x.json", bytes);
        let edits: Vec<_> = findings.iter().filter_map(|finding| finding.fix.as_ref()).flat_map(|fix| &fix.edits).collect();
        let mut after = shown.lines();
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            let (start, end) = (at, at + line.len());
            at = end;
            let has_finding = findings.iter().any(|finding| finding.place.start.offset <= end && finding.place.end.offset >= start);
            let is_touched = has_finding || edits.iter().any(|edit| edit.start <= end && edit.end >= start);
            if !is_touched && !text.contains(['/']) {
                prop_assert!(after.any(|other| other == line.trim_end_matches(['\n', '\r'])), "{:?} is gone:\n{}\n{}", line, text, shown);
            }
        }

        // No fix is left, except those that would add errors.
        for finding in check("x.json", &fixed) {
            if let Some(fix) = finding.fix.filter(|fix| fix.is_safe || takes_unsafe) {
                let mut worse = fixed.clone();
                for edit in fix.edits.iter().rev() {
                    worse.splice(edit.start..edit.end, edit.text.bytes());
                }
                let before = errors_of_rules(&fixed);
                let is_worse = errors_of_rules(&worse).iter().any(|(rule, count)| before.get(rule).is_none_or(|before| count > before));
                prop_assert!(is_worse, "{} could be fixed:\n{}", finding.message, shown);
            }
        }
    }
}

fn ddmc(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ddmc"));
    command.args(arguments).current_dir(folder).env_remove("GITHUB_ACTIONS").env_remove("CLICOLOR_FORCE");
    command.output().expect("the program runs")
}

const WRONG: &str = r#"{ "Type": "com.apple.configuration.softwareupdate.settings", "Identifier": "a",
  "Payload": { "notifications": "false", "Beta": { "OfferPrograms": [{ "Description": "d", "Token": "a-secret-token" }] } } }
"#;

#[test]
fn the_command_fixes_files_shows_diffs_and_respects_ignores() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("a file can be written");
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).expect("the file exists");
    write(".git", "");
    write("wrong.json", WRONG);
    write("other.json", "{ // settings of an editor\n}");

    let diff = ddmc(folder.path(), &["check", "--diff"]);
    let shown = String::from_utf8_lossy(&diff.stdout).into_owned();
    assert_eq!(diff.status.code(), Some(1));
    assert!(shown.contains("+  \"Payload\": { \"Notifications\": false,") && !shown.contains("a-secret-token"), "{shown}");
    assert_eq!(read("wrong.json"), WRONG, "nothing is changed");

    write("ddmc.toml", "[[ignore]]\nrule = \"wrong-type\"\npaths = [\"wrong.json\"]\nreason = \"the server wants it so\"\n");
    assert_eq!(ddmc(folder.path(), &["check", "--fix"]).status.code(), Some(0));
    assert_eq!(read("wrong.json"), WRONG.replace("notifications", "Notifications"));
    fs::remove_file(folder.path().join("ddmc.toml")).expect("it exists");
    assert_eq!(ddmc(folder.path(), &["check", "--fix"]).status.code(), Some(0));
    assert_eq!(read("wrong.json"), WRONG.replace("notifications", "Notifications").replace("\"false\"", "false"));
    assert_eq!(read("other.json"), "{ // settings of an editor\n}", "a file that is not a declaration is not changed");
    assert_eq!(ddmc(folder.path(), &["check", "--diff"]).status.code(), Some(0));
}

#[test]
fn no_report_shows_an_edit_that_contains_a_token() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    for payload in [
        r#"{ "Beta": { "Token": "S3CR3T", "RequireProgram": { "Description": "x" } } }"#,
        r#"{ "Token": "S3CR3T", "Beta": { "RequireProgram": { "Description": "x" } } }"#,
        r#"{ "RequireProgram": { "Description": "x", "Token": "S3CR3T" }, "Beta": {} }"#,
        "{ \"Beta\": { // it's\n\"requireProgram\": { \"Description\": \"x\", \"Token\": \"S3CR3T\" } } }",
    ] {
        let text =
            format!(r#"{{"Type": "com.apple.configuration.softwareupdate.settings", "Identifier": "a", "Payload": {payload}}}"#);
        fs::write(folder.path().join("wrong.json"), text).expect("a file can be written");
        for arguments in
            [&["--diff", "--unsafe-fixes"][..], &["--format", "json"], &["--format", "sarif"], &["--format", "human"]]
        {
            let output = ddmc(folder.path(), &[&["check", "--no-config", "wrong.json"], arguments].concat());
            assert!(!String::from_utf8_lossy(&output.stdout).contains("S3CR3T"), "{arguments:?}: {payload}");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_fixed_file_keeps_its_permissions() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let path = folder.path().join("wrong.json");
    fs::write(&path, WRONG).expect("a file can be written");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("the test owns the file");
    assert_eq!(ddmc(folder.path(), &["check", "--fix", "wrong.json", "--no-config"]).status.code(), Some(0));
    assert!(fs::read_to_string(&path).expect("it exists").contains("\"Notifications\": false"));
    assert_eq!(fs::metadata(&path).expect("it exists").permissions().mode() & 0o777, 0o640);
    assert_eq!(fs::read_dir(folder.path()).expect("it can be read").count(), 1);
    fs::write(&path, WRONG).expect("a file can be written");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o440)).expect("the test owns the file");
    assert_eq!(ddmc(folder.path(), &["check", "--fix", "wrong.json", "--no-config"]).status.code(), Some(2), "it is read-only");
    assert!(fs::read_to_string(&path).expect("it exists").contains("\"notifications\""));
}

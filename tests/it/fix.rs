//! Mending: what is mended is what was meant, everything else stays byte for byte, and nothing gets worse.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use ddmc::{Severity, check, mend};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, RngSeed};

/// In `fixtures/fix` stand documents, and beside each what it becomes: `x.json`, `x.fixed`, and with unsafe fixes `x.unsafe`. With
/// `DDMC_BLESS=1` these are written anew.
#[test]
fn documents_become_what_stands_beside_them() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/fix");
    let mut documents: Vec<_> = fs::read_dir(&folder)
        .expect("the fixtures are part of the repository")
        .map(|entry| entry.expect("a folder can be read to its end").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json" || extension == "ndjson"))
        .collect();
    documents.sort();
    assert!(documents.len() >= 6);
    for path in documents {
        let name = path.file_name().and_then(|name| name.to_str()).expect("fixtures have plain names");
        let text = fs::read(&path).expect("the fixture can be read");
        for (extension, takes_unsafe) in [("fixed", false), ("unsafe", true)] {
            let mended = mend(name, &text, takes_unsafe).unwrap_or_else(|| text.clone());
            let expectation = path.with_extension(extension);
            if std::env::var_os("DDMC_BLESS").is_some() {
                fs::write(&expectation, &mended).expect("the expectation can be written");
            }
            let expected = fs::read(&expectation).unwrap_or_default();
            assert!(mended == expected, "{name}: {}; DDMC_BLESS=1 accepts it", String::from_utf8_lossy(&mended));
        }
    }
}

fn errors(text: &[u8]) -> usize {
    check("x.json", text).iter().filter(|finding| finding.severity == Severity::Error).count()
}

/// A member of a payload, right or wrong in some way.
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

/// A document with some layout, comments and commas.
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
    fn mending_never_makes_anything_worse(text in documents(), takes_unsafe in any::<bool>()) {
        let bytes = text.as_bytes();
        let Some(mended) = mend("x.json", bytes, takes_unsafe) else {
            return Ok(());
        };
        let shown = String::from_utf8_lossy(&mended).into_owned();
        prop_assert!(errors(&mended) <= errors(bytes), "{}\n{}", text, shown);
        prop_assert_eq!(mend("x.json", &mended, takes_unsafe), None, "it is done at once: {}\n{}", text, shown);

        // Each line that nothing is said about is there still, in its order. Where a comment is in the way of a fix, that is found only
        // when the comment is gone.
        let findings = check("x.json", bytes);
        let edits: Vec<_> = findings.iter().filter_map(|finding| finding.fix.as_ref()).flat_map(|fix| &fix.edits).collect();
        let mut after = shown.lines();
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            let (start, end) = (at, at + line.len());
            at = end;
            let is_spoken_of = findings.iter().any(|finding| finding.place.start.offset <= end && finding.place.end.offset >= start);
            let is_touched = is_spoken_of || edits.iter().any(|edit| edit.start <= end && edit.end >= start);
            if !is_touched && !text.contains(['/']) {
                prop_assert!(after.any(|other| other == line.trim_end_matches(['\n', '\r'])), "{:?} is gone:\n{}\n{}", line, text, shown);
            }
        }

        // What is fixed is gone: no safe fix is left to do, unless it would do harm.
        for finding in check("x.json", &mended) {
            if let Some(fix) = finding.fix.filter(|fix| fix.is_safe || takes_unsafe) {
                let mut harmed = mended.clone();
                for edit in fix.edits.iter().rev() {
                    harmed.splice(edit.start..edit.end, edit.text.bytes());
                }
                prop_assert!(errors(&harmed) > errors(&mended), "{} could be mended:\n{}", finding.message, shown);
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
fn the_command_mends_files_shows_how_and_leaves_what_is_accepted() {
    let folder = tempfile::tempdir().expect("there is a place for temporary files");
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("a file can be written");
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).expect("the file is there");
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
    fs::remove_file(folder.path().join("ddmc.toml")).expect("it is there");
    assert_eq!(ddmc(folder.path(), &["check", "--fix"]).status.code(), Some(0));
    assert_eq!(read("wrong.json"), WRONG.replace("notifications", "Notifications").replace("\"false\"", "false"));
    assert_eq!(read("other.json"), "{ // settings of an editor\n}", "what is no declaration is somebody else's");
    assert_eq!(ddmc(folder.path(), &["check", "--diff"]).status.code(), Some(0));
}

#[test]
fn no_report_shows_an_edit_with_a_token() {
    let folder = tempfile::tempdir().expect("there is a place for temporary files");
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
fn a_mended_file_keeps_its_permissions_and_a_link_its_target() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("there is a place for temporary files");
    let path = folder.path().join("wrong.json");
    fs::write(&path, WRONG).expect("a file can be written");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("it is ours");
    std::os::unix::fs::symlink("wrong.json", folder.path().join("link.json")).expect("a link can be made");
    assert_eq!(ddmc(folder.path(), &["check", "--fix", "link.json", "--no-config"]).status.code(), Some(0));
    assert!(fs::read_to_string(&path).expect("it is there").contains("\"Notifications\": false"));
    assert_eq!(fs::metadata(&path).expect("it is there").permissions().mode() & 0o777, 0o640);
    assert!(fs::symlink_metadata(folder.path().join("link.json")).expect("it is there").is_symlink());
    assert_eq!(fs::read_dir(folder.path()).expect("it can be read").count(), 2);
    fs::write(&path, WRONG).expect("a file can be written");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o440)).expect("it is ours");
    assert_eq!(ddmc(folder.path(), &["check", "--fix", "wrong.json", "--no-config"]).status.code(), Some(2), "it is read-only");
    assert!(fs::read_to_string(&path).expect("it is there").contains("\"notifications\""));
}

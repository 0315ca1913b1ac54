//! The command as scripts see it: exit status, streams, and hostile input.

use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

const FINE: &str =
    r#"{"Type": "com.apple.configuration.softwareupdate.settings", "Identifier": "com.example.fine", "Payload": {}}"#;
const WRONG: &str =
    r#"{"Type": "com.apple.configuration.softwareupdate.settings", "Identifier": "com.example.wrong", "Payload": {"Beta": 1}}"#;
const NOTED: &str = r#"{"Deferrals": {"MajorPeriodInDays": 30}}"#;

fn ddmc(folder: &Path, arguments: &[&str]) -> Output {
    command(folder, arguments).stdin(Stdio::null()).output().expect("the program runs")
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ddmc"));
    command.args(arguments).current_dir(folder);
    for name in ["NO_COLOR", "CLICOLOR_FORCE", "GITHUB_ACTIONS", "COLUMNS"] {
        command.env_remove(name);
    }
    command
}

fn with_input(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = command(Path::new("."), arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let mut stdin = child.stdin.take().expect("it has an input");
    let input = input.to_vec();
    let writer = std::thread::spawn(move || {
        // The program may close its input early.
        let _ = stdin.write_all(&input);
    });
    let output = child.wait_with_output().expect("the program ends");
    writer.join().expect("the input was written");
    output
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("a folder can be made");
        fs::write(path, text).expect("a file can be written");
    }
    folder
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("the output is UTF-8")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("the remarks are UTF-8")
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).expect("the report is JSON")
}

fn status(output: &Output) -> Option<i32> {
    output.status.code()
}

#[test]
fn the_exit_status_reflects_the_findings_in_every_format() {
    let folder = folder(&[("fine.json", FINE), ("wrong.json", WRONG), ("noted.json", NOTED), ("other.txt", "")]);
    for format in ["human", "concise", "json"] {
        let run = |arguments: &[&str]| {
            let mut all = vec!["check", "--format", format];
            all.extend(arguments);
            status(&ddmc(folder.path(), &all))
        };
        assert_eq!(run(&["fine.json"]), Some(0));
        assert_eq!(run(&["wrong.json"]), Some(1));
        assert_eq!(run(&["noted.json"]), Some(0));
        assert_eq!(run(&["--fail-on", "note", "noted.json"]), Some(1));
        assert_eq!(run(&["-D", "payload-without-envelope", "noted.json"]), Some(1));
        assert_eq!(run(&["-W", "wrong-type", "wrong.json"]), Some(0));
        assert_eq!(run(&["-W", "wrong-type", "--fail-on", "warning", "wrong.json"]), Some(1));
        assert_eq!(run(&["-A", "wrong-type", "wrong.json"]), Some(0));
        assert_eq!(run(&["-A", "wrong-type", "-D", "wrong-type", "wrong.json"]), Some(1), "the last flag wins");
        assert_eq!(run(&["-D", "wrong-type", "-A", "wrong-type", "wrong.json"]), Some(0), "the last flag wins");
        assert_eq!(run(&["wrong.json", "missing.json"]), Some(2), "a failure takes precedence");
        assert_eq!(run(&["--no-such-flag"]), Some(2));
        assert_eq!(run(&["-D", "wrong-typ", "fine.json"]), Some(2));
        assert_eq!(run(&["--as-of", "2026-01-31T18:00:00", "fine.json"]), Some(0));
        assert_eq!(run(&["--as-of", "2026-01-31T18:00:00Z", "fine.json"]), Some(2));
    }
}

#[test]
fn nothing_to_check_is_an_error_unless_allowed() {
    let folder = folder(&[("package.json", "{\"name\": \"x\"}"), ("empty/readme.md", "")]);
    let output = ddmc(folder.path(), &["check"]);
    assert_eq!(status(&output), Some(2));
    assert!(
        stderr(&output).contains("nothing to check")
            && stderr(&output).contains("1 file without a declaration skipped: package.json")
    );
    assert_eq!(status(&ddmc(folder.path(), &["check", "empty"])), Some(2));
    assert_eq!(status(&ddmc(folder.path(), &["check", "--allow-empty"])), Some(0));
    assert_eq!(status(&ddmc(folder.path(), &["check", "no-such-folder", "--allow-empty"])), Some(2));
}

#[test]
fn skips_other_files_in_a_folder_but_not_named_files() {
    let folder = folder(&[
        ("a/fine.json", FINE),
        ("a/package.json", "{\"name\": \"x\"}"),
        ("a/broken.json", "{ // settings of an editor\n}"),
        ("a/broken-declaration.json", "{\"Type\": \"com.apple.activation.simple\","),
        ("a/lower.json", "{\"type\": \"com.apple.activation.simple\"}"),
        ("a/list.json", "[1, 2, 3]"),
        ("a/ignored.json", WRONG),
        ("a/.hidden.json", WRONG),
        ("a/deep/er/wrong.json", WRONG),
        ("a/log.ndjson", "{\"event\": 1}\n{\"event\": 2}\n"),
        (".gitignore", "ignored.json\n"),
    ]);
    let report = json(&ddmc(folder.path(), &["check", "--format", "json"]));
    let files: Vec<&str> =
        report["findings"].as_array().expect("a list").iter().map(|f| f["file"].as_str().expect("a name")).collect();
    assert_eq!(
        files,
        ["a/broken-declaration.json", "a/deep/er/wrong.json", "a/lower.json", "a/lower.json"]
            .map(|name| { if std::path::MAIN_SEPARATOR == '/' { name.to_owned() } else { name.replace('/', "\\") } })
    );
    assert_eq!(report["summary"]["skipped"], 4, "{report}");
    assert_eq!(report["summary"]["files"], 4);
    assert_eq!(status(&ddmc(folder.path(), &["check", "a/package.json"])), Some(1));
    let near = self::folder(&[("fine.json", FINE), ("near.json", "{\"Identifier\": \"x\", \"Payload\": {}}")]);
    let report = json(&ddmc(near.path(), &["check", "--format", "json"]));
    assert_eq!(report["findings"][0]["rule"], "not-a-declaration");
    assert_eq!(report["findings"][0]["severity"], "warning");
    assert_eq!(report["summary"]["skipped_files"][0], "near.json");
    let verbose = stderr(&ddmc(folder.path(), &["check", "-v"]));
    assert!(verbose.contains("package.json: skipped"), "{verbose}");
}

#[test]
fn the_json_report_has_the_documented_members() {
    let folder = folder(&[(
        "wrong.json",
        "{\n  \"Type\": \"com.apple.configuration.softwareupdate.settings\",\n  \"Identifier\": \"com.example.ä\",\n  \"Payload\": { \"Deferrals\": { \"MajorPeriodInDays\": 120 } }\n}\n",
    )]);
    let report = json(&ddmc(folder.path(), &["check", "--format", "json", "wrong.json"]));
    assert_eq!(report["format"], 1);
    assert_eq!(report["tool"]["name"], "ddmc");
    assert_eq!(report["tool"]["schema"], "27.2");
    for (name, number) in [("files", 1), ("declarations", 1), ("skipped", 0), ("errors", 1), ("warnings", 0), ("notes", 0)] {
        assert_eq!(report["summary"][name], number, "{name}");
    }
    let finding = &report["findings"][0];
    assert_eq!(finding["rule"], "out-of-range");
    assert_eq!(finding["severity"], "error");
    assert_eq!(finding["message"], "MajorPeriodInDays is 120, but must be between 1 and 90");
    assert_eq!(finding["file"], "wrong.json");
    assert_eq!(finding["index"], 0);
    assert_eq!(finding["identifier"], "com.example.ä");
    assert_eq!(finding["type"], "com.apple.configuration.softwareupdate.settings");
    assert_eq!(finding["pointer"], "/Payload/Deferrals/MajorPeriodInDays");
    assert_eq!(finding["start"], serde_json::json!({ "line": 4, "column": 52, "offset": 148 }));
    assert_eq!(finding["end"], serde_json::json!({ "line": 4, "column": 55, "offset": 151 }));
    assert_eq!(finding["related"], serde_json::json!([]));
    for name in ["help", "fix", "docs"] {
        assert!(finding.get(name).is_some(), "{name}");
    }
}

#[test]
fn standard_input_is_checked_like_a_file() {
    let output = with_input(&["check", "--format", "concise", "-"], WRONG.as_bytes());
    assert_eq!(status(&output), Some(1));
    assert!(stdout(&output).starts_with("<stdin>:1:"), "{}", stdout(&output));
    let lines = format!("{FINE}\n{WRONG}\n");
    let output = with_input(&["check", "--format", "concise", "--stdin-filename", "x.ndjson", "-"], lines.as_bytes());
    assert!(stdout(&output).starts_with("x.ndjson:2:"), "{}", stdout(&output));
    let yaml = b"---\nType: com.apple.activation.simple\n---\n{Deferrals: {MajorPeriodInDays: 300}}\n";
    let output = with_input(&["check", "--format", "concise", "--stdin-filename", "x.YML", "-"], yaml);
    assert!(stdout(&output).contains("x.YML:4:33: error[out-of-range]"), "{}", stdout(&output));
    let output = with_input(&["check", "-"], lines.as_bytes());
    assert!(stdout(&output).contains("--stdin-filename"), "the option is suggested: {}", stdout(&output));
}

#[test]
fn quiet_prints_only_findings() {
    let folder = folder(&[("fine.json", FINE), ("wrong.json", WRONG)]);
    let output = ddmc(folder.path(), &["check", "--quiet", "fine.json"]);
    assert!(output.stdout.is_empty() && output.stderr.is_empty());
    let output = ddmc(folder.path(), &["check", "--quiet", "--format", "concise", "."]);
    assert_eq!(stdout(&output).lines().count(), 1);
    assert!(output.stderr.is_empty());
}

#[test]
fn colours_are_used_only_on_request_or_on_terminals() {
    let folder = folder(&[("wrong.json", WRONG)]);
    let coloured = |arguments: &[&str], set: Option<(&str, &str)>| {
        let mut command = command(folder.path(), arguments);
        set.map(|(name, value)| command.env(name, value));
        stdout(&command.output().expect("the program runs")).contains('\u{1b}')
    };
    assert!(!coloured(&["check", "wrong.json"], None));
    assert!(coloured(&["check", "--color", "always", "wrong.json"], None));
    assert!(coloured(&["check", "wrong.json"], Some(("CLICOLOR_FORCE", "1"))));
    assert!(!coloured(&["check", "--color", "never", "wrong.json"], Some(("CLICOLOR_FORCE", "1"))));
}

#[test]
fn escapes_control_characters_from_documents() {
    let hostile = "{\"Type\": \"com.apple.configuration.softwareupdate.settings\", \"Identifier\": \"a\\u001b]0;x\\u0007\u{9b}31m\", \
                   \"Payload\": {\"\u{1b}[31m\": 1, \"x\u{202e}y\": 2, \"a\\u009bb\": {}}, \"k\\r\\n::error::\": \"\u{7f}\"}";
    for format in ["human", "concise", "json"] {
        let output = with_input(&["check", "--format", format, "-"], hostile.as_bytes());
        let text = stdout(&output);
        let raw = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(!text.contains(raw), "{format}: {text:?}");
        assert!(!text.contains("\n::error::"), "{format}");
    }
}

#[test]
fn a_beta_token_is_never_shown() {
    for document in [
        r#"{"Type": "com.apple.configuration.softwareupdate.settings", "Identifier": "x", "Payload": {"Beta": {"RequireProgram": {"Description": 1, "Token": "S3CRET"}, "OfferPrograms": [{"Token": "S3CRET", "Tokem": "S3CRET"}, "S3CRET"]}}}"#,
        r#"{"Type": "com.apple.configuration.softwareupdate.settings", "Payload": {"Beta": {"RequireProgram": "S3CRET", "OfferPrograms": "S3CRET"}}}"#,
        r#"{"Beta": {"RequireProgram": {"Description": "d", "Token": S3CRET}}}"#,
        r#"{"Beta": {"RequireProgram": {"Description": "d", "Token": "S3CRET"#,
        r#"{"Beta": {"RequireProgram": {"Description": "d" "Token": "S3CRET"}}}"#,
        r#"{"Beta": {"RequireProgram": {"Description": "d", "Token": "S3CRET", "Token": "S3CRET"}}}"#,
        r#"{"Beta": {"RequireProgram": {"Token" "S3CRET-TOKEN": 1}}}"#,
        r#"{"Beta": {"RequireProgram": {"Token", "S3CRET-TOKEN": }}}"#,
        r#"{"Beta": {"RequireProgram": {"Description": "d", "S3CRET-TOKEN" </plist> }}}"#,
        r#"{"Beta": {"RequireProgram": "S3CRET", "Tokem": "S3CRET"}, "Payload": {}, "Type": "com.apple.configuration.softwareupdate.settings"}"#,
        "<dict><key>PayloadType</key><string>com.apple.SoftwareUpdate</string><key>Password</key><key>S3CRET-PASSWORD</key><true/></dict>",
        "<dict><key>PayloadType</key><string>com.apple.SoftwareUpdate</string><key>Password</key>x<stringS3CRET</string></dict>",
    ] {
        for format in ["human", "concise", "json"] {
            let output = with_input(&["check", "--format", format, "-"], document.as_bytes());
            assert_eq!(status(&output), Some(1));
            assert!(!stdout(&output).contains("S3CRET"), "{format}: {}", stdout(&output));
            assert!(!stderr(&output).contains("S3CRET"));
        }
    }
}

#[test]
fn hostile_input_yields_a_finding() {
    let nested = "[".repeat(100_000);
    let nested_object = "{\"Type\":".repeat(100_000);
    let long_key = format!("{{\"Type\": \"com.apple.activation.simple\", \"{}\": 1}}", "k".repeat(1 << 20));
    let huge_number = format!("{{\"Deferrals\": {{\"MajorPeriodInDays\": {}}}}}", "9".repeat(1 << 20));
    let inputs: [&[u8]; 12] = [
        b"",
        b"null",
        b"42",
        b"\xFF\xFE{\x00}\x00",
        b"\xEF\xBB\xBFnull",
        b"{\"Type\": \"\xFF\"}",
        b"{\"Type\": \"\\ud800\"}",
        b"\x00\x00\x00",
        nested.as_bytes(),
        nested_object.as_bytes(),
        long_key.as_bytes(),
        huge_number.as_bytes(),
    ];
    for input in inputs {
        for format in ["human", "concise", "json"] {
            let output = with_input(&["check", "--format", format, "-"], input);
            let start = String::from_utf8_lossy(&input[..input.len().min(20)]).into_owned();
            assert_eq!(status(&output), Some(1), "{start}: {}", stderr(&output));
            assert!(!output.stdout.is_empty() && output.stdout.len() < 4_000_000, "{start}: {}", output.stdout.len());
        }
    }
}

#[test]
fn an_unreadable_file_does_not_hide_others() {
    let folder = folder(&[("wrong.json", WRONG), ("b/x.json", FINE)]);
    let output = ddmc(folder.path(), &["check", "--format", "concise", "no\u{1b}such.json", "wrong.json"]);
    assert_eq!(status(&output), Some(2));
    assert_eq!(stdout(&output).lines().count(), 1);
    assert!(stderr(&output).contains("no\\u{1b}such.json: no such file or folder"), "{}", stderr(&output));
}

#[cfg(unix)]
#[test]
fn link_loops_terminate() {
    let folder = folder(&[("a/fine.json", FINE)]);
    std::os::unix::fs::symlink("..", folder.path().join("a/loop")).expect("a link can be made");
    std::os::unix::fs::symlink("self.json", folder.path().join("self.json")).expect("a link can be made");
    assert_eq!(status(&ddmc(folder.path(), &["check", "."])), Some(0));
    assert_eq!(status(&ddmc(folder.path(), &["check", "self.json"])), Some(2));
}

#[test]
fn a_closed_output_pipe_is_not_an_error() {
    let many = format!("{WRONG}\n").repeat(20_000);
    let folder = folder(&[("many.ndjson", &many)]);
    let mut child = command(folder.path(), &["check", "--format", "concise", "many.ndjson"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let mut first = [0; 64];
    child.stdout.take().expect("it has an output").read_exact(&mut first).expect("it prints");
    let output = child.wait_with_output().expect("the program ends");
    assert_eq!(status(&output), Some(1));
    let remarks = stderr(&output);
    assert!(remarks.starts_with("Checked 20000 declarations in 1 file: ") && remarks.lines().count() == 1, "{remarks}");
}

/// Runs the program with a closed standard output.
fn unread(folder: &Path, arguments: &[&str]) -> Output {
    let mut child = command(folder, arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program runs");
    drop(child.stdout.take());
    child.wait_with_output().expect("the program ends")
}

#[test]
fn a_closed_output_pipe_changes_neither_the_status_nor_the_files() {
    // The error comes long after the output is closed.
    let many = format!("{}\n{WRONG}\n", format!("{FINE}\n").repeat(3_000));
    let folder = folder(&[("many.ndjson", &many), ("fine.json", FINE)]);
    for format in ["human", "concise", "json", "github"] {
        let arguments = [
            "check",
            "--format",
            format,
            "-o",
            "json=report.json",
            "-o",
            "sarif=ddmc.sarif",
            "many.ndjson",
            "-W",
            "duplicate-identifier",
        ];
        let read = ddmc(folder.path(), &arguments);
        let reports = || ["report.json", "ddmc.sarif"].map(|name| fs::read(folder.path().join(name)).expect("it was written"));
        let expected = reports();
        for name in ["report.json", "ddmc.sarif"] {
            fs::remove_file(folder.path().join(name)).expect("it exists");
        }
        let output = unread(folder.path(), &arguments);
        assert_eq!(status(&output), status(&read), "{format}: {}", stderr(&output));
        assert_eq!(stderr(&output), stderr(&read), "{format}");
        assert!(expected == reports(), "{format}");
    }
    let wrong = folder.path().join("wrong.json");
    fs::write(&wrong, WRONG).expect("a file can be written");
    for arguments in [&["check", "wrong.json"][..], &["check", "--diff", "wrong.json"], &["check", "fine.json", "missing.json"]] {
        let read = ddmc(folder.path(), arguments);
        let output = unread(folder.path(), arguments);
        assert_eq!((status(&output), stderr(&output)), (status(&read), stderr(&read)), "{arguments:?}");
    }
    // A full device is reported, but the reports in files are complete.
    if let Ok(full) = fs::File::options().write(true).open("/dev/full") {
        fs::remove_file(folder.path().join("report.json")).expect("it exists");
        let output = command(folder.path(), &["check", "-o", "json=report.json", "wrong.json"]).stdout(full).output();
        assert_eq!(status(&output.expect("the program runs")), Some(2));
        let report = fs::read(folder.path().join("report.json")).expect("it was written");
        assert!(serde_json::from_slice::<Value>(&report).is_ok());
    }
}

#[test]
fn output_does_not_depend_on_the_number_of_threads() {
    let files: Vec<(String, String)> = (0..300)
        .map(|at| {
            let text = match at % 3 {
                0 => WRONG.replace("wrong", &format!("wrong-{}", at % 50)),
                1 => FINE.to_owned(),
                _ => format!("[{FINE}, {WRONG}, null]"),
            };
            (format!("{}/{at}.json", at % 7), text)
        })
        .collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let folder = folder(&files);
    for format in ["human", "concise", "json"] {
        let run = |jobs| ddmc(folder.path(), &["check", "--format", format, "--jobs", jobs]).stdout;
        let one = run("1");
        assert!(one.len() > 10_000);
        assert_eq!(one, run("2"));
        assert_eq!(one, run("7"));
    }
}

#[test]
fn lists_the_rules() {
    let folder = folder(&[]);
    let text = stdout(&ddmc(folder.path(), &["rules"]));
    assert!(ddmc::rules::RULES.iter().all(|rule| text.lines().any(|line| line.split(' ').next() == Some(&*rule.id))));
    assert!(text.lines().all(|line| line.chars().count() <= 80));
    let heading = |name: &str| text.find(&format!("{name}:\n\n")).expect("the rules are grouped");
    let row = |id: &str| text.find(&format!("\n{id} ")).expect("the rule is listed");
    assert!(heading("Target devices") < row("needs-supervision") && row("needs-supervision") < heading("Enforced updates"));
    // A rule whose findings differ in severity has a mark.
    assert!(text.lines().any(|line| line.starts_with("missing-asset ") && line.contains(" warning*  ")), "{text}");
    assert!(text.lines().any(|line| line.starts_with("out-of-range ") && line.contains(" error     ")), "{text}");
    let rules = json(&ddmc(folder.path(), &["rules", "--format", "json"]));
    assert_eq!(rules["rules"][0]["id"], ddmc::rules::RULES[0].id.as_ref());
    let one =
        |id: &str| rules["rules"].as_array().expect("a list").iter().find(|rule| rule["id"] == id).expect("it is listed").clone();
    assert_eq!(one("missing-asset")["also"], serde_json::json!(["error"]));
    assert_eq!(one("needs-supervision")["subject"], "Target devices");
}

#[test]
fn draws_no_conclusions_from_identifiers_with_placeholders() {
    let activation = r#"{"Type": "com.apple.activation.simple", "Identifier": "a", "Payload": {"StandardConfigurations": ["com.example.one"]}}"#;
    let made = FINE.replace("com.example.fine", "com.example.$FLEET_VAR_NAME");
    let folder = folder(&[("a.json", activation), ("made.json", &made)]);
    for set in [&["check", "--format", "concise"][..], &["check", "--format", "concise", "--set"]] {
        let output = ddmc(folder.path(), set);
        assert_eq!((status(&output), stdout(&output).as_str()), (Some(0), ""));
    }
}

/// Two equal declarations, a different one with the same identifier, and an activation with a missing configuration.
fn namesakes() -> [String; 4] {
    let reordered = r#"{"Payload":{},"Identifier":"com.example.fine","Type":"com.apple.configuration.softwareupdate.settings"}"#;
    let other = FINE.replace("\"Payload\": {}", "\"Payload\": { \"Notifications\": true }");
    let activation = r#"{"Type": "com.apple.activation.simple", "Identifier": "a", "Payload": {"StandardConfigurations": ["com.example.fine", "com.example.gone"]}}"#;
    [FINE.to_owned(), reordered.to_owned(), other, activation.to_owned()]
}

/// The rules of findings with their severities and positions, and whether the message mentions an exact copy.
fn summaries(output: &Output) -> Vec<String> {
    let summary = |finding: &Value| {
        let is_copy = finding["message"].as_str().is_some_and(|message| message.contains("exact copy"));
        let place = (&finding["start"]["line"], &finding["start"]["column"]);
        format!("{} {} {}:{}{}", finding["rule"], finding["severity"], place.0, place.1, if is_copy { " copy" } else { "" })
    };
    json(output)["findings"].as_array().expect("findings").iter().map(summary).collect()
}

const NAMESAKES: [&str; 4] = [
    r#""duplicate-identifier" "note" 2:28 copy"#,
    r#""duplicate-identifier" "warning" 3:75"#,
    r#""activation-blocked" "warning" 4:55"#,
    r#""missing-configuration" "warning" 4:119"#,
];

#[test]
fn distinguishes_copies_from_duplicate_identifiers() {
    let all = namesakes();
    let (lines, padding) = (all.join("\n"), "\n".repeat(300_000));
    let folder = folder(&[
        ("lines.ndjson", &lines),
        ("array/all.json", &format!("[{}]", all.join(",\n"))),
        ("files/1.json", &all[0]),
        ("files/2.json", &all[1].replace(',', ",\n")),
        ("files/3.json", &all[2]),
        ("files/4.json", &all[3]),
        ("far/1.ndjson", &format!("{padding}{}\n{padding}", all[0])),
        ("far/2.ndjson", &format!("{}{padding}\n{}\n{padding}{}", all[1], all[2], all[3])),
    ]);
    assert_eq!(summaries(&ddmc(folder.path(), &["check", "--format", "json", "lines.ndjson"])), NAMESAKES);
    for input in ["array", "files", "far"] {
        for jobs in ["1", "2"] {
            let found = summaries(&ddmc(folder.path(), &["check", "--format", "json", "--jobs", jobs, input]));
            let rules = |all: &[String]| -> Vec<String> {
                let words = all.iter().map(|one| one.split(' ').filter(|word| !word.contains(':')).collect::<Vec<_>>().join(" "));
                words.collect()
            };
            assert_eq!(rules(&found), rules(&NAMESAKES.map(str::to_owned)), "{input}");
        }
    }
}

/// The same for input that can be read only once: the place is the activation instead of its reference.
fn single_read() -> [&'static str; 4] {
    [NAMESAKES[0], NAMESAKES[1], NAMESAKES[2], r#""missing-configuration" "warning" 4:55"#]
}

#[test]
fn standard_input_has_the_same_findings_about_duplicates() {
    let lines = namesakes().join("\n");
    let arguments = ["check", "--format", "json", "--stdin-filename", "x.ndjson", "-"];
    assert_eq!(summaries(&with_input(&arguments, lines.as_bytes())), single_read());
}

#[cfg(unix)]
#[test]
fn a_pipe_is_read_only_once() {
    let folder = folder(&[]);
    let pipe = folder.path().join("pipe.ndjson");
    assert!(Command::new("mkfifo").arg(&pipe).status().is_ok_and(|status| status.success()));
    let writer = std::thread::spawn(move || fs::write(pipe, namesakes().join("\n")));
    assert_eq!(summaries(&ddmc(folder.path(), &["check", "--format", "json", "pipe.ndjson"])), single_read());
    assert!(writer.join().is_ok_and(|written| written.is_ok()));
}

#[test]
fn a_finding_without_an_excerpt_shows_its_place() {
    let output = with_input(&["check", "--stdin-filename", "x.ndjson", "-"], namesakes().join("\n").as_bytes());
    assert!(
        stdout(&output)
            .contains("com.example.gone\n  help: add the configuration, or remove the reference\n  at: x.ndjson:4:55\n")
    );
}

#[test]
fn an_error_about_writing_names_the_target_and_no_temporary_file() {
    let folder = folder(&[("fine.json", FINE)]);
    for arguments in [
        &["merge", "fine.json", "-o", "missing/out.json"][..],
        &["check", "fine.json", "-o", "sarif=missing/out.json"],
        &["check", "fine.json", "--write-baseline", "missing/out.json"],
        &["schema", "-o", "missing/out.json"],
    ] {
        let output = ddmc(folder.path(), arguments);
        assert_eq!(status(&output), Some(2), "{arguments:?}");
        let remarks = stderr(&output);
        assert!(remarks.contains("its folder does not exist") && !remarks.contains(".ddmc-"), "{remarks}");
        assert!(arguments[0] == "schema" || remarks.contains("missing/out.json"), "{remarks}");
    }
}

#[test]
fn an_error_about_a_time_says_the_form() {
    for (time, says) in [
        ("2026-01-31", "it lacks a time"),
        ("2026-01-31T18:00:00Z", "it has a time zone (Z)"),
        ("2026-13-01T00:00:00", "there is no month 13"),
        ("today", "the format must be"),
        ("", "it is empty"),
    ] {
        let remarks = stderr(&ddmc(Path::new("."), &["check", "--as-of", time, "."]));
        assert!(remarks.contains(says) && remarks.contains("YYYY-MM-DDTHH:MM:SS, such as 2026-"), "{remarks}");
    }
}

#[test]
fn explain_finds_parts_of_names() {
    let explain = |name: &str| ddmc(Path::new("."), &["explain", name]);
    let output = explain("deadline");
    assert_eq!(status(&output), Some(0));
    for name in ["past-deadline", "deadline-collision"] {
        assert!(stdout(&output).contains(name), "{}", stdout(&output));
    }
    assert!(stdout(&explain("shadowed")).starts_with("shadowed-enforcement\n"));
    assert_eq!(status(&explain("nothing like it")), Some(2));
}

//! Reports for other programs: each follows its documented format, and hostile documents cannot inject anything.

use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use crate::support::shared;
use serde_json::Value;
use tempfile::TempDir;

const FORMATS: [&str; 9] = ["human", "concise", "json", "sarif", "github", "gitlab", "junit", "markdown", "html"];

const SETTINGS: &str = r#"{
  "Type": "com.apple.configuration.softwareupdate.settings",
  "Identifier": "com.example.ä",
  "Payload": { "Deferrals": { "MajorPeriodInDays": 120, "X": 1, "Y": { "Z": [] } }, "AutomaticActions": { "Download": "AlwaysOff", "InstallOSUpdates": "AlwaysOn" } }
}
"#;

/// A document with escape sequences, workflow commands, tags, line feeds and bidirectional controls in every string.
fn hostile() -> String {
    let mark = "\\u001b[31m\\n::error::x\\r\\n</script><b>]]>&amp;\u{202e}\\u2028%0A::warning::|`*@all\\u0000";
    format!(
        r#"{{ "Type": "com.apple.configuration.softwareupdate.settings{mark}", "Identifier": "{mark}", "{mark}": 1, "ServerToken": "{mark}",
          "Payload": {{ "{mark}": 2, "RecommendedCadence": "{mark}", "Beta": {{ "RequireProgram": {{ "Token": "a-secret-token", "{mark}": 3 }} }} }} }}"#
    )
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    fs::write(folder.path().join(".git"), "").expect("a file can be written");
    for (name, text) in files {
        fs::write(folder.path().join(name), text).expect("a file can be written");
    }
    folder
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ddmc"));
    command.args(arguments).current_dir(folder);
    for name in ["NO_COLOR", "CLICOLOR_FORCE", "GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "COLUMNS"] {
        command.env_remove(name);
    }
    command
}

fn check(folder: &Path, arguments: &[&str]) -> Output {
    command(folder, &[&["check"], arguments].concat()).output().expect("the program runs")
}

fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("the report is UTF-8")
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("the report is JSON")
}

#[test]
fn the_exit_status_is_the_same_in_every_format() {
    let folder = folder(&[
        ("wrong.json", SETTINGS),
        (
            "fine.json",
            r#"{"Type": "com.apple.activation.simple", "Identifier": "a", "Payload": {"StandardConfigurations": ["com.example.a"]}}"#,
        ),
    ]);
    for format in FORMATS {
        for (arguments, status) in [(&["wrong.json"][..], 1), (&["fine.json"], 0), (&["fine.json", "missing.json"], 2)] {
            let output = check(folder.path(), &[&["--format", format], arguments].concat());
            assert_eq!(output.status.code(), Some(status), "{format} {arguments:?}");
        }
    }
}

#[test]
fn sarif_matches_its_schema() {
    let folder = folder(&[
        ("wrong.json", SETTINGS),
        ("with space#.json", &hostile()),
        ("ddmc.toml", "[[ignore]]\nrule = \"wrong-type\"\npaths = [\".\"]\nreason = \"r\"\n"),
    ]);
    let report = json(&text(&check(folder.path(), &["--set", "--format", "sarif"])));
    if let Some(folder) = shared("reports") {
        let schema = fs::read_to_string(folder.join("sarif-schema-2.1.0.json")).expect("the schema can be read");
        let validator = jsonschema::validator_for(&json(&schema)).expect("the schema is valid");
        let errors: Vec<String> =
            validator.iter_errors(&report).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{errors:?}");
    }
    let run = &report["runs"][0];
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    let rules = run["tool"]["driver"]["rules"].as_array().expect("there are rules");
    let results = run["results"].as_array().expect("there are results");
    assert!(results.len() > 8);
    let ids = |list: &[Value], name: &str| list.iter().map(|one| one[name].to_string()).collect::<HashSet<_>>();
    assert_eq!(ids(rules, "id"), ids(results, "ruleId"), "the log has the rules of its results alone");
    assert_eq!(rules.len(), ids(rules, "id").len());
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().expect("a number")).expect("a small number");
        assert_eq!(rules[index]["id"], result["ruleId"]);
        let uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().expect("a URI");
        assert!(["wrong.json", "with%20space%23.json", "ddmc.toml"].contains(&uri), "{uri}");
    }
    let range = results.iter().find(|result| result["ruleId"] == "out-of-range").expect("the deferral is too long");
    let region = &range["locations"][0]["physicalLocation"]["region"];
    assert_eq!(
        (region["startLine"].as_u64(), region["startColumn"].as_u64(), region["endColumn"].as_u64()),
        (Some(4), Some(52), Some(55))
    );
    assert_eq!(region["byteLength"], 3);
    assert!(results.iter().any(|result| result["relatedLocations"][0]["message"]["text"].is_string()));
    // A report without findings is valid too.
    let empty = json(&text(&check(folder.path(), &["--no-config", "--format", "sarif", "--allow-empty", ".git"])));
    assert!(empty["runs"][0]["results"].is_array());
}

#[test]
fn sarif_has_accepted_findings_with_their_reasons() {
    let folder = folder(&[("wrong.json", SETTINGS)]);
    let sarif = |arguments: &[&str]| {
        let report = json(&text(&check(folder.path(), &[&["--format", "sarif"], arguments].concat())));
        let run = &report["runs"][0];
        let results = run["results"].as_array().expect("there are results").iter();
        let one = |result: &Value| {
            let suppressions = result["suppressions"].as_array().expect("all results have the member or none");
            assert!(suppressions.iter().all(|one| one["kind"] == "external"));
            let reasons = suppressions.iter().map(|one| one["justification"].as_str().expect("a reason").to_owned());
            (result["ruleId"].as_str().expect("an id").to_owned(), result["partialFingerprints"].to_string(), reasons.collect())
        };
        let results: Vec<(String, String, Vec<String>)> = results.map(one).collect();
        (results, run["properties"]["summary"].clone())
    };
    let fingerprints = |results: &[(String, String, Vec<String>)]| {
        let mut all: Vec<_> = results.iter().map(|(rule, print, _)| (rule.clone(), print.clone())).collect();
        all.sort();
        all
    };
    let (all, summary) = sarif(&["wrong.json"]);
    assert!(all.len() > 3 && all.iter().all(|(.., reasons)| reasons.is_empty()), "{all:?}");
    assert_eq!((&summary["ignored"], &summary["known"]), (&0.into(), &0.into()));

    let ignore =
        "[rules]\nunknown-key = \"off\"\n[[ignore]]\nrule = \"out-of-range\"\npaths = \"wrong.json\"\nreason = \"it is <old>\"\n";
    let ignore = format!("{ignore}[[ignore]]\nrule = \"unknown-key\"\npaths = \"wrong.json\"\nreason = \"its rule is off\"\n");
    fs::write(folder.path().join("ddmc.toml"), ignore).expect("a file can be written");
    let (ignored, summary) = sarif(&["wrong.json"]);
    assert_eq!(summary["ignored"], 1);
    for (rule, _, reasons) in &ignored {
        assert_eq!(reasons.first().map(String::as_str), (rule == "out-of-range").then_some("it is <old>"), "{rule}");
        assert_ne!(rule, "unknown-key", "findings of a rule that is off are not in the log");
    }
    fs::remove_file(folder.path().join("ddmc.toml")).expect("it exists");

    assert_eq!(check(folder.path(), &["--write-baseline", "baseline.json", "wrong.json"]).status.code(), Some(0));
    let (known, summary) = sarif(&["--baseline", "baseline.json", "wrong.json"]);
    assert!(known.iter().all(|(.., reasons)| *reasons == ["recorded in the baseline"]), "{known:?}");
    assert_eq!((summary["known"].as_u64(), summary["errors"].as_u64()), (Some(known.len() as u64), Some(0)));
    assert_eq!(fingerprints(&known), fingerprints(&all));
    // Only one of two equal findings is recorded: it keeps its fingerprint.
    let twice = SETTINGS.replace("\"X\": 1", "\"X\": 1, \"X\": 1");
    fs::write(folder.path().join("wrong.json"), twice).expect("a file can be written");
    let (known, _) = sarif(&["--baseline", "baseline.json", "wrong.json"]);
    let has_same = |(rule, print, _): &&(String, String, Vec<String>)| all.iter().any(|(r, p, _)| r == rule && p == print);
    assert!(known.iter().filter(|(.., reasons)| !reasons.is_empty()).all(|one| has_same(&one)), "{known:?}");
    assert_eq!(known.iter().filter(|(.., reasons)| !reasons.is_empty()).count(), all.len());
}

#[test]
fn fingerprints_survive_moved_lines_and_tell_findings_apart() {
    let moved = format!("\n\n{}", SETTINGS.replace(", \"X\"", ",\n\n  \"X\""));
    let (before, after) = (folder(&[("wrong.json", SETTINGS)]), folder(&[("wrong.json", &moved)]));
    let prints = |folder: &TempDir, format: &str| -> Vec<String> {
        let report = json(&text(&check(folder.path(), &["--format", format, "wrong.json"])));
        let list = if format == "sarif" { &report["runs"][0]["results"] } else { &report };
        let of = |one: &Value| {
            if format == "sarif" { one["partialFingerprints"]["ddmc/v1"].clone() } else { one["fingerprint"].clone() }
        };
        list.as_array().expect("a list").iter().map(|one| of(one).as_str().expect("a fingerprint").to_owned()).collect()
    };
    for format in ["sarif", "gitlab"] {
        let all = prints(&before, format);
        assert!(all.len() > 3);
        assert_eq!(all, prints(&after, format), "{format}");
        assert_eq!(all.iter().collect::<HashSet<_>>().len(), all.len(), "{format}");
    }
    // Several findings of one rule at one place.
    let twice = r#"{"Type": "com.apple.activation.simple", "Identifier": "a", "Payload": {"StandardConfigurations": ["com.example.a"], "x": 1, "x": 2, "x": 3}}"#;
    let all = prints(&folder(&[("wrong.json", twice)]), "gitlab");
    assert_eq!(all.iter().collect::<HashSet<_>>().len(), all.len());
}

#[test]
fn github_has_one_command_per_finding() {
    let folder = folder(&[("a,b:c%.json", SETTINGS)]);
    let report = text(&check(folder.path(), &["--format", "github", "a,b:c%.json"]));
    assert!(report.contains("::error file=a%2Cb%3Ac%25.json,line=4,endLine=4,col=52,endColumn=55,title=ddmc out-of-range::MajorPeriodInDays is 120, but must be between 1 and 90%0Ause 90, the largest value\n"), "{report}");
    for line in report.lines() {
        let kind = ["::error ", "::warning ", "::notice "].iter().find_map(|kind| line.strip_prefix(kind)).expect("a command");
        let (properties, message) = kind.split_once("::").expect("a message");
        assert_eq!(
            properties.split(',').filter(|property| property.split_once('=').is_some()).count(),
            properties.split(',').count()
        );
        assert!(!message.is_empty());
    }
}

#[test]
fn github_actions_get_annotations_and_a_job_summary() {
    let folder = folder(&[("wrong.json", SETTINGS), ("summary.md", "before\n"), ("hostile.json", &hostile())]);
    let summary = folder.path().join("summary.md");
    let mut command = command(folder.path(), &["check", "wrong.json", "hostile.json"]);
    let output = command.env("GITHUB_ACTIONS", "true").env("GITHUB_STEP_SUMMARY", &summary).output().expect("the program runs");
    assert!(text(&output).starts_with("::"));
    let written = fs::read_to_string(&summary).expect("the summary exists");
    assert!(
        written.starts_with("before\n### ddmc: ")
            && written.contains("| ❌ out-of-range | wrong.json&#58;4&#58;52 | MajorPeriodInDays is 120"),
        "{written}"
    );
    assert!(
        !written.contains("<script") && !written.contains("</script") && !written.contains("@all") && !written.contains('\u{1b}')
    );
    let rows = written.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| rule") && !line.starts_with("| ---"));
    assert!(rows.into_iter().all(|row| row.matches('|').count() == 4), "{written}");
}

#[test]
fn gitlab_matches_its_documentation() {
    let folder = folder(&[("wrong.json", SETTINGS)]);
    let report = json(&text(&check(folder.path(), &["--format", "gitlab", "wrong.json"])));
    for issue in report.as_array().expect("an array") {
        for member in ["description", "check_name", "fingerprint"] {
            assert!(issue[member].as_str().is_some_and(|text| !text.is_empty()), "{member}");
        }
        assert!(["info", "minor", "major", "critical", "blocker"].contains(&issue["severity"].as_str().expect("a severity")));
        assert_eq!(issue["location"]["path"], "wrong.json");
        assert!(issue["location"]["lines"]["begin"].as_u64() >= Some(1));
    }
    let fine =
        r#"{"Type": "com.apple.activation.simple", "Identifier": "a", "Payload": {"StandardConfigurations": ["com.example.a"]}}"#;
    fs::write(folder.path().join("fine.json"), fine).expect("a file can be written");
    assert_eq!(text(&check(folder.path(), &["--format", "gitlab", "fine.json"])), "[]\n");
}

#[test]
fn junit_is_xml_with_one_case_per_finding() {
    let folder = folder(&[("wrong.json", SETTINGS), ("hostile.json", &hostile())]);
    let report = text(&check(folder.path(), &["--format", "junit", "wrong.json", "hostile.json"]));
    let document = roxmltree::Document::parse(&report).expect("the report is XML");
    let suites = document.root_element();
    assert_eq!(suites.tag_name().name(), "testsuites");
    let suite = suites.children().find(|node| node.has_tag_name("testsuite")).expect("a suite");
    let cases: Vec<_> = suite.children().filter(|node| node.has_tag_name("testcase")).collect();
    let failures = cases.iter().filter(|case| case.children().any(|node| node.has_tag_name("failure"))).count();
    assert_eq!(suite.attribute("tests"), Some(cases.len().to_string().as_str()));
    assert_eq!(suite.attribute("failures"), Some(failures.to_string().as_str()));
    assert!(failures > 3 && failures < cases.len(), "warnings are not failures");
    let summary = suite.descendants().find(|node| node.attribute("name") == Some("summary")).expect("a summary");
    assert!(summary.attribute("value").is_some_and(|text| text.starts_with("Checked 2 declarations in 2 files: ")));
    assert!(cases.iter().all(|case| case.attribute("name").is_some() && case.attribute("classname").is_some()));
}

#[test]
fn markdown_is_the_job_summary() {
    let folder = folder(&[("wrong.json", SETTINGS), ("hostile.json", &hostile())]);
    let mut command = command(folder.path(), &["check", "--format", "markdown"]);
    let summary = folder.path().join("summary.md");
    let output = command.env("GITHUB_ACTIONS", "true").env("GITHUB_STEP_SUMMARY", &summary).output().expect("the program runs");
    assert!(text(&output).contains("| ❌ out-of-range | wrong.json"));
    assert_eq!(fs::read_to_string(&summary).expect("it was written"), text(&output));
}

#[test]
fn html_is_one_file_in_which_the_findings_are_grouped_by_file() {
    let other = SETTINGS.replace("com.example.ä", "com.example.b");
    let folder = folder(&[("a.json", SETTINGS), ("b/b.json", &other)]);
    let html = |jobs: &str| text(&check(folder.path(), &["--format", "html", "--jobs", jobs]));
    let report = html("1");
    assert_eq!(report, html("4"), "the number of threads does not matter");
    assert!(report.starts_with("<!doctype html>\n<html lang=\"en\">") && report.ends_with("</html>\n"));
    // Nothing is loaded, and only the pages of the rules are links.
    let policy = "default-src 'none'; style-src 'sha256-";
    assert!(report.contains(&format!("<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}")), "{report}");
    assert!(!report.contains(" src=") && !report.contains(" style=") && !report.contains("@import") && !report.contains("url("));
    assert!(report.split(" href=\"").skip(1).all(|link| link.starts_with("#content") || link.starts_with("https://github.com/")));
    assert_eq!(report.matches("<section class=\"file\"").count(), 2);
    let findings = json(&text(&check(folder.path(), &["--format", "json"])));
    let count = findings["findings"].as_array().map_or(0, Vec::len);
    assert_eq!(report.matches("<article data-item").count(), count);
    for expected in [
        "<h2 class=\"mono\">b/b.json</h2>",
        "<mark>120</mark>",
        "<b>Help:</b> use 90, the largest value",
        "/docs/rules/out-of-range.md\" rel=\"noreferrer\">out-of-range</a> · line 4, column 52 · com.example.b · /Payload/Deferrals/MajorPeriodInDays",
        "<p>Checked 2 declarations in 2 files: ",
    ] {
        assert!(report.contains(expected), "{expected}: {report}");
    }
}

#[test]
fn a_matrix_shows_who_decides_and_who_is_overruled() {
    let settings = |identifier: &str, days: u8| {
        SETTINGS
            .replace("com.example.ä", identifier)
            .replace("120, \"X\": 1, \"Y\": { \"Z\": [] }", &days.to_string())
            .replace("AlwaysOff", "AlwaysOn")
    };
    let folder = folder(&[("a.json", &settings("a", 30)), ("b.json", &settings("b", 60))]);
    let explain = |format: &str| {
        let output = command(folder.path(), &["merge", ".", "--explain", "--format", format]).output().expect("the program runs");
        text(&output)
    };
    let expected = "| Deferrals.MajorPeriodInDays | 60 | number-max&#58; the largest counts | 30 (overruled) | 60 (decides) |";
    assert!(explain("markdown").contains(expected), "{}", explain("markdown"));
    let expected =
        "<td><s>30</s> <span class=\"quiet\">overruled</span></td><td><b>60</b> <span class=\"tag good\">decides</span></td>";
    assert!(explain("html").contains(expected), "{}", explain("html"));
}

#[test]
fn a_hostile_document_injects_nothing_in_any_format() {
    let folder = folder(&[("hostile.json", &hostile())]);
    for format in FORMATS {
        let output = check(folder.path(), &["--format", format, "hostile.json"]);
        assert_eq!(output.status.code(), Some(1), "{format}");
        let report = text(&output);
        let is_raw = |c: char| (c.is_control() && c != '\n') || ('\u{2028}'..='\u{202e}').contains(&c);
        assert!(!report.contains(is_raw), "{format}: {report:?}");
        assert!(!report.contains("a-secret-token"), "{format}");
        // The other formats are plain text, so a tag is harmless there.
        if !["human", "concise", "github"].contains(&format) {
            assert_eq!(report.matches("</script>").count(), usize::from(format == "html"), "{format}");
        }
        // Only the `github` format has workflow commands, and each refers to the file.
        for line in report.lines().filter(|line| line.trim_start().starts_with("::")) {
            assert!(format == "github" && line.contains(" file=hostile.json,"), "{format}: {line}");
        }
    }
}

#[test]
fn one_run_writes_several_reports() {
    let folder = folder(&[("wrong.json", SETTINGS)]);
    let output =
        check(folder.path(), &["--format", "concise", "-o", "sarif=out.sarif", "--output", "junit=out.xml", "wrong.json"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output).starts_with("wrong.json:4:"), "the main report is printed");
    let alone = |format: &str| text(&check(folder.path(), &["--format", format, "wrong.json"]));
    assert_eq!(fs::read_to_string(folder.path().join("out.sarif")).expect("it was written"), alone("sarif"));
    assert_eq!(fs::read_to_string(folder.path().join("out.xml")).expect("it was written"), alone("junit"));
    let output = check(folder.path(), &["--format", "json", "-o", "report.json", "wrong.json"]);
    assert!(output.stdout.is_empty());
    assert_eq!(fs::read_to_string(folder.path().join("report.json")).expect("it was written"), alone("json"));
    let left: Vec<_> =
        fs::read_dir(folder.path()).expect("it can be read").map(|entry| entry.expect("an entry").file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().ends_with(".new")), "{left:?}");
    let failed = check(folder.path(), &["-o", "no/such/folder.json", "wrong.json"]);
    assert_eq!(failed.status.code(), Some(2));
    for refused in ["sarif=", "-", "foo=x", "json=wrong.json", "./wrong.json"] {
        assert_eq!(check(folder.path(), &["-o", refused, "wrong.json"]).status.code(), Some(2), "{refused}");
    }
    assert_eq!(check(folder.path(), &["-o", "json=x", "-o", "sarif=./x", "wrong.json"]).status.code(), Some(2));
    assert_eq!(fs::read_to_string(folder.path().join("wrong.json")).ok().as_deref(), Some(SETTINGS));
}

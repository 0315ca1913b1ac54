//! Text from outside the program in logs: no line that is printed holds a command of a CI runner, and no line begins with
//! such text.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// What CI runners take as commands, GitHub Actions at the start of a line, Azure Pipelines and TeamCity anywhere; and a
/// text that needs no escapes.
const TEXTS: [&str; 3] = ["::zqx::]::error::zqx", "##[zqx]##vso[zqx]##teamcity[zqx]", MARK];

/// The start of a text that only hostile inputs have.
const MARK: &str = "zqx";

/// Formats that are data, for programs: their strings are escaped, but a line may begin with anything.
const FORMATS: [&str; 9] = ["human", "concise", "json", "sarif", "github", "gitlab", "junit", "markdown", "html"];

fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("a folder can be made");
    fs::write(path, text).expect("a file can be written");
}

fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn xml(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// Documents of every kind, with a hostile text wherever one fits.
#[expect(clippy::too_many_lines, reason = "a list of documents")]
fn documents(evil: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let path = folder.path();
    let (text, markup) = (json(evil), xml(evil));
    // A file name has no slash, and no line feed here: that is another test's.
    let name = evil.replace('/', "_").replace('\n', " ");
    let declaration = |kind: &str, identifier: &str, payload: &str| {
        format!("{{\n\"Type\": {}, \"Identifier\": {}, \"Payload\": {payload}\n}}", json(kind), json(identifier))
    };
    let settings = "com.apple.configuration.softwareupdate.settings";
    let wrong = format!(
        "{{\n{text}: {text},\n\"Deferrals\": {{\n{text}: 1, \"MajorPeriodInDays\": {text} }},\n\"Beta\": {{ \"OfferPrograms\": [ {{ \"Description\": {text},\n\"Token\": 1 }} ] }},\n\"RecommendedCadence\":\n{text} }}"
    );
    write(path, &format!("wrong/{name}.json"), &declaration(settings, evil, &wrong));
    write(path, "wrong/type.json", &declaration(&format!("com.apple.configuration.{evil}"), evil, "{}"));
    write(
        path,
        "wrong/other.json",
        &format!(
            "{{ \"Type\": \"com.apple.configuration.passcode.settings\", \"Identifier\": \"a\", \"ServerToken\": {text}, \"Payload\": {{ \"MinimumLength\": {text}, \"CustomRegex\": {{ \"Regex\": {text} }} }} }}"
        ),
    );
    write(
        path,
        &format!("wrong/{name}.ndjson"),
        &format!("{}\n{evil}\n", declaration(settings, evil, &wrong).replace('\n', " ")),
    );
    write(path, "wrong/syntax.json", &format!("{{ \"Type\": \"{settings}\"\n{evil}\n, \"Payload\": {{ {evil} }}"));
    write(path, &format!("wrong/{name}.skipped.json"), "{}");
    write(path, "wrong/near.json", &format!("{{ \"Type\": {text}, \"Identifier\": {text}, \"Payload\": {{}} }}"));
    let activation = format!("{{ \"StandardConfigurations\": [{text}, \"com.example.none\"], \"Predicate\": {text} }}");
    write(path, "wrong/activation.json", &declaration("com.apple.activation.simple", &format!("{evil}.activation"), &activation));
    // Declarations that can be merged and planned.
    let program = |at: &str| format!("{{ \"Description\": {}, \"Token\": \"t{at}\" }}", json(&format!("{evil}{at}")));
    for at in ["1", "2"] {
        let payload = format!(
            "{{ \"Deferrals\": {{ \"MajorPeriodInDays\": {at} }}, \"Beta\": {{ \"ProgramEnrollment\": \"AlwaysOn\", \"OfferPrograms\": [ {} ] }} }}",
            program(at)
        );
        write(path, &format!("fine/{name}{at}.json"), &declaration(settings, &format!("{evil}{at}"), &payload));
        let enforcement = format!("{{ \"TargetOSVersion\": \"26.{at}\", \"TargetLocalDateTime\": \"2026-0{at}-10T12:00:00\" }}");
        let kind = "com.apple.configuration.softwareupdate.enforcement.specific";
        write(path, &format!("fine/enforce{at}.json"), &declaration(kind, &format!("{evil}.enforce{at}"), &enforcement));
    }
    write(
        path,
        "fine/properties.json",
        &declaration("com.apple.management.properties", &format!("{evil}.p"), &format!("{{ {text}: {text} }}")),
    );
    let profile = format!(
        "<plist><dict><key>PayloadType</key><string>Configuration</string><key>PayloadIdentifier</key><string>{markup}</string>\
         <key>PayloadContent</key><array><dict><key>PayloadType</key><string>com.apple.SoftwareUpdate</string>\
         <key>AutomaticDownload</key><true/><key>{markup}</key><string>{markup}</string><key>CatalogURL</key><string>{markup}</string>\
         </dict></array></dict></plist>"
    );
    write(path, &format!("old/{name}.mobileconfig"), &profile);
    let command = format!(
        "{{ \"Command\": {{ \"RequestType\": \"ScheduleOSUpdate\", \"Updates\": [ {{ \"ProductKey\": {text}, \"ProductVersion\": {text}, \"InstallAction\": {text}, {text}: 1 }} ] }}, \"CommandUUID\": {text} }}"
    );
    write(path, "old/command.json", &command);
    let answer = format!(
        "{{ \"Status\": \"Error\", \"UDID\": {text}, \"ErrorChain\": [ {{ \"ErrorDomain\": {text}, \"ErrorCode\": 1, \"USEnglishDescription\": {text} }} ],\n\
         \"UpdateResults\": [ {{ \"ProductKey\": {text}, \"Status\": {text}, \"InstallAction\": {text} }} ],\n\
         \"OSUpdateStatus\": [ {{ \"ProductKey\": {text}, \"Status\": {text} }} ],\n\
         \"AvailableOSUpdates\": [ {{ \"ProductKey\": {text}, \"HumanReadableName\": {text}, \"Version\": {text}, \"Build\": {text}, \"IsSecurityResponse\": true, \"DeferredUntil\": {text} }} ] }}"
    );
    write(path, &format!("{name}.answer"), &answer);
    let reason = format!("{{ \"code\": {text}, \"description\": {text}, \"details\": {{ {text}: {text} }} }}");
    let reported = format!("{{ \"identifier\": {text}, \"valid\": {text}, \"server-token\": {text}, \"reasons\": [{reason}] }}");
    let report = format!(
        "{{ \"StatusItems\": {{ \"management\": {{ \"declarations\": {{ \"configurations\": [{reported}], \"activations\": [{reported}] }} }}, \
         \"device\": {{ \"model\": {{ \"family\": {text} }} }}, \"softwareupdate\": {{ \"install-state\": {text}, \"failure-reason\": {{ \"count\": 1, \"reason\": {text} }} }}, \
         {text}: {text} }}, \"Errors\": [ {{ \"StatusItem\": {text}, \"Reasons\": [{reason}] }} ], \"FullReport\": true }}"
    );
    write(path, "report.json", &report);
    write(
        path,
        "reports.ndjson",
        &format!("{{ \"id\": \"1\", \"r\": {report} }}\n{{ \"id\": {text}, \"r\": {report} }}\n{{ {text}: 1 }}\n"),
    );
    let quoted = text.replace("\\\"", "\"\"");
    write(
        path,
        "devices.csv",
        &format!("{quoted},id,platform,version\n{quoted},{quoted},{quoted},{quoted}\n1,{quoted},macOS,26.0\n"),
    );
    write(
        path,
        "devices.ndjson",
        &format!(
            "{{ {text}: 1, \"id\": {text}, \"platform\": \"macOS\", \"version\": \"26.0\" }}\n{{ \"id\": {text}, \"platform\": {text} }}\n"
        ),
    );
    let policy = format!(
        "{{ \"name\": \"own\", \"message\": {text}, \"schema\": {{ \"properties\": {{ \"Payload\": {{ \"required\": [{text}] }} }} }} }}"
    );
    write(path, "policy.json", &policy);
    let schema = format!("{{ {text}: {text}, \"$ref\": {text}, \"pattern\": {text} }}");
    write(
        path,
        "policy-wrong.json",
        &format!("{{ {text}: {text}, \"name\": {text}, \"types\": [{text}], \"message\": {text}, \"schema\": {schema} }}"),
    );
    write(
        path,
        "catalog.json",
        &format!(
            "{{ \"PublicAssetSets\": {{ \"macOS\": [ {{ \"ProductVersion\": {text}, \"Build\": {text}, \"PostingDate\": {text}, \"SupportedDevices\": [{text}] }}, {{ \"ProductVersion\": \"26.1\", \"PostingDate\": \"2025-01-01\", \"ExpirationDate\": \"2025-05-01\", \"SupportedDevices\": [{text}] }} ] }} }}"
        ),
    );
    write(path, "catalog-wrong.json", &format!("{{ {text}: {text} }}"));
    write(
        path,
        "config.toml",
        &format!(
            "[[ignore]]\npaths = [{text}]\nreason = {text}\nrule = \"unknown-key\"\n[[ignore]]\npaths = \"wrong/other.json\"\nreason = {text}\nrule = \"wrong-type\"\n[[files]]\npaths = [{text}, \"wrong/**\"]\n[keys]\nallow = [{text}]\n"
        ),
    );
    write(
        path,
        "config-wrong.toml",
        &format!(
            "{text} = {text}\nfail-on = {text}\ntargets = [{text}]\ncatalog = {text}\n[rules]\n{text} = {text}\nunknown-key = {text}\n[[ignore]]\nrule = {text}\nuntil = {text}\n{text} = 1\n"
        ),
    );
    write(path, "config-syntax.toml", &format!("{evil}\n = {evil}\n"));
    write(
        path,
        "baseline.json",
        &format!("{{ \"format\": 1, \"tool\": {{ \"name\": {text}, \"version\": {text} }}, \"findings\": [{text}] }}"),
    );
    // A schema whose names are refused, in a type that is not. A name of letters is a name.
    let text = if evil == MARK { json("-zqx") } else { text };
    let head = "  supportedOS:\n    macOS:\n      introduced: '13.0'\npayloadkeys:\n- key: Type\n  type: <string>\n";
    let apple = "apple/declarative/declarations";
    write(path, &format!("{apple}/declarationbase.yaml"), &format!("title: x\npayload:\n  declarationtype: any\n{head}"));
    for (name, kind) in [("a", &text), ("b", &json("com.apple.configuration.words"))] {
        let keys = format!(
            "- key: {text}\n  type: <string>\n- key: Plain\n  type: {text}\n- key: Words\n  type: <string>\n  rangelist: [{text}, {text}]\n"
        );
        let document = format!("title: {text}\npayload:\n  declarationtype: {kind}\n  {text}: {text}\n{head}{keys}");
        write(path, &format!("{apple}/configurations/{name}.yaml"), &document);
    }
    folder
}

/// The commands to run; `{}` is the hostile text.
const RUNS: &[&[&str]] = &[
    &["check", "wrong"],
    &["check", "wrong", "-v", "--exclude", "{}", "--set"],
    &["check", "fine", "--set", "--policy", "policy.json", "--target", "macOS=26.0", "--catalog", "catalog.json", "-v"],
    &["check", "old", "--format", "human"],
    &["check", "wrong", "--config", "config.toml", "--print-config", "--target", "macOS"],
    &["check", "wrong", "--config", "config.toml", "-v"],
    &["check", "wrong", "--config", "config-wrong.toml"],
    &["check", "wrong", "--config", "config-syntax.toml"],
    &["check", "wrong", "--config", "{}"],
    &["check", "wrong", "--policy", "policy-wrong.json"],
    &["check", "wrong", "--policy", "{}"],
    &["check", "wrong", "--catalog", "catalog-wrong.json"],
    &["check", "wrong", "--catalog", "{}"],
    &["check", "wrong", "--baseline", "baseline.json"],
    &["check", "wrong", "--baseline", "{}"],
    &["check", "wrong", "--write-baseline", "wrong/{}"],
    &["check", "wrong", "--write-baseline", "-"],
    &["check", "wrong", "-D", "{}"],
    &["check", "wrong", "-A", "policy/{}"],
    &["check", "{}", "wrong/{}.json"],
    &["check", "wrong", "--{}"],
    &["check", "wrong", "--format", "{}"],
    &["check", "wrong", "--jobs", "{}"],
    &["check", "wrong", "--target", "{}"],
    &["check", "wrong", "--as-of", "{}"],
    &["check", "wrong", "-o", "{}=x"],
    &["check", "wrong", "-o", "none/{}"],
    &["check", "wrong", "--apple-schema", "{}"],
    &["check", "wrong", "--apple-schema", "apple"],
    &["check", "-", "--stdin-filename", "{}"],
    &["check", "-", "--stdin-filename", "{}.ndjson"],
    &["check", "wrong", "--diff", "--unsafe-fixes"],
    &["merge", "wrong"],
    &["merge", "fine", "--explain"],
    &["merge", "fine", "--explain", "--format", "json"],
    &["merge", "fine", "--explain", "--format", "markdown"],
    &["merge", "fine", "--explain", "--format", "html"],
    &["merge", "fine", "--identifier", "{}"],
    &["merge", "fine", "-o", "none/{}"],
    &["merge", "fine", "-o", "out/"],
    &["publish", "fine", "-o", "site", "--layout", "ddm"],
    &["publish", "fine", "-o", "site", "--layout", "kmfddm", "--activate", "--diff"],
    &["publish", "fine", "-o", "none/{}", "--layout", "fleet"],
    &["publish", "fine", "-o", "site", "--layout", "{}"],
    &["publish", "fine", "-o", "site", "--layout", "kmfddm", "--name", "{}"],
    &["plan", "fine", "--device", "macOS=15.6.1", "--catalog", "catalog.json", "--as-of", "2026-01-01T00:00:00"],
    &["plan", "fine", "--device", "macOS=26.0", "--as-of", "2026-05-01T00:00:00"],
    &["plan", "fine", "--device", "tvOS=26.0"],
    &["plan", "fine", "--device", "tvOS=26.0", "--device", "macOS=26.0", "--format", "html"],
    &["plan", "fine", "--device", "tvOS=26.0", "--device", "macOS=26.0", "--format", "markdown"],
    &["plan", "fine", "--device", "{}"],
    &["plan", "wrong", "--device", "macOS=26.0"],
    &["plan", "fine", "--inventory", "devices.csv", "--as-of", "2026-01-01T00:00:00"],
    &["plan", "fine", "--inventory", "devices.ndjson", "--as-of", "2026-01-01T00:00:00"],
    &["plan", "fine", "--inventory", "devices.csv", "--format", "markdown", "-o", "csv=/dev/stdout"],
    &["plan", "fine", "--inventory", "devices.csv", "--columns", "id={}"],
    &["plan", "fine", "--inventory", "devices.csv", "--columns", "{}=id"],
    &["plan", "fine", "--inventory", "{}"],
    &["plan", "fine", "--inventory", "devices.csv", "-o", "{}"],
    &["plan", "fine", "--inventory", "devices.csv", "-o", "csv=none/{}"],
    &["diff", "fine", "wrong"],
    &["diff", "wrong", "fine", "--set"],
    &["diff", "wrong", "fine", "--format", "markdown"],
    &["diff", "fine", "{}"],
    &["diff", "git:{}", "fine"],
    &["diff", "fine", "wrong", "--target", "{}"],
    &["status", "report.json"],
    &["status", "report.json", "fine", "--show-values"],
    &["status", "report.json", "wrong", "--format", "markdown"],
    &["status", "report.json", "wrong", "--format", "html"],
    &["status", "reports.ndjson", "wrong"],
    &["status", "reports.ndjson", "wrong", "--format", "html"],
    &["status", "{}"],
    &["status", "-", "--stdin-filename", "{}"],
    &["plan", "fine", "--status", "report.json"],
    &["migrate", "old", "-o", "migrated/"],
    &["migrate", "old/command.json", "--deadline", "2026-01-01T00:00:00"],
    &["migrate", "old", "--deadline", "{}"],
    &["migrate", "old", "--identifier-prefix", "{}", "-o", "migrated/"],
    &["explain", "{}"],
    &["explain", "{}", "--apple-schema", "apple"],
    &["explain", "--apple-schema", "apple"],
    &["explain", "com.apple.configuration.words", "--apple-schema", "apple"],
    &["explain", "Words", "--apple-schema", "apple", "--markdown"],
    &["explain", "--response", "{}.answer"],
    &["explain", "--response", "{}"],
    &["explain", "--response", "{}.answer", "--command", "old/command.json"],
    &["schema", "{}"],
    &["schema", "--list", "--apple-schema", "apple"],
    &["schema", "-o", "none/{}"],
    &["schema", "--all", "-o", "wrong/{}.json"],
    &["rules", "--format", "{}"],
    &["completions", "{}"],
    &["man", "{}"],
    &["{}"],
    &["{}/x"],
    &["--color", "{}", "rules"],
    &["migrate", "old", "--format", "json", "--deadline", "2026-01-01T00:00:00"],
    // It writes a configuration for the runs after it.
    &["init"],
];

fn run(folder: &Path, arguments: &[String], environment: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ddmc"));
    command.args(arguments).current_dir(folder).env_remove("GITHUB_ACTIONS").envs(environment.iter().copied());
    // Standard input is a hostile document.
    let input = fs::File::open(folder.join("wrong/other.json")).expect("it exists");
    command.stdin(Stdio::from(input)).output().expect("the program runs")
}

/// Whether a line holds what a runner may take as a command, other than those of the format `github`.
fn command_in<'l>(line: &'l str, format: Option<&str>) -> Option<&'l str> {
    let is_ours = format == Some("github")
        && ["::error file=", "::warning file=", "::notice file="].iter().any(|start| line.starts_with(start));
    if is_ours {
        // The rest of the line is the message, which GitHub does not search for commands, but other runners do.
        return line.find("##[").or_else(|| line.find("##vso[")).map(|at| &line[at..]);
    }
    let start = line.trim_start();
    let is_at_start = start.strip_prefix("::").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()));
    let is_inside = ["##[", "##vso[", "##teamcity["].iter().find_map(|marker| line.find(marker));
    if is_at_start { Some(start) } else { is_inside.map(|at| &line[at..]) }
}

/// Whether the format of a run is data.
fn is_data(arguments: &[String], format: Option<&str>) -> bool {
    let prints_text = arguments.iter().any(|argument| argument == "--explain" || argument == "--list");
    let is_baseline = arguments.windows(2).any(|pair| pair == ["--write-baseline", "-"]);
    let prints_declarations = matches!(arguments[0].as_str(), "merge" | "migrate" | "schema") && !prints_text;
    matches!(format, Some("json" | "sarif" | "gitlab"))
        || arguments.iter().any(|argument| argument == "json")
        || prints_declarations
        || is_baseline
}

fn judge(arguments: &[String], format: Option<&str>, output: &Output) {
    let code = output.status.code();
    assert!(matches!(code, Some(0..=2)), "{arguments:?} ends with {:?}", output.status);
    for (name, bytes) in [("stdout", &output.stdout), ("stderr", &output.stderr)] {
        let text = String::from_utf8(bytes.clone()).unwrap_or_else(|_| panic!("{arguments:?}: {name} is not UTF-8"));
        assert!(!text.contains("panicked"), "{arguments:?}: {text}");
        let is_data = name == "stdout" && is_data(arguments, format);
        for line in text.split(['\n', '\r']) {
            // A merged declaration is the text of its source.
            if !is_data || format.is_some() {
                assert_eq!(command_in(line, format), None, "{arguments:?} on {name}: {line}");
            }
            // A wrapped sentence may continue with such text, indented; a path in `concise` begins with a letter or a digit.
            let is_continued = line.starts_with("    ");
            let is_path = format == Some("concise") && name == "stdout" && !line.starts_with(' ');
            let begins = |text| line.trim_start().starts_with(text);
            assert!(is_data || is_continued || is_path || !begins(MARK), "{arguments:?} on {name}: {line}");
            // The same text, escaped.
            let is_escaped = begins("\\u{3a}") || begins("\\u{23}");
            assert!(is_data || is_continued || !is_escaped, "{arguments:?} on {name}: {line}");
            assert!(!line.contains('\u{1b}'), "{arguments:?} on {name}: {line:?}");
        }
    }
}

fn arguments(run: &[&str], evil: &str) -> Vec<String> {
    run.iter().map(|argument| argument.replace("{}", evil)).collect()
}

#[test]
fn no_command_of_a_ci_runner_reaches_a_log() {
    for evil in TEXTS {
        let folder = documents(evil);
        for each in RUNS {
            let arguments = arguments(each, evil);
            let takes_format = arguments[0] == "check" && !arguments.iter().any(|argument| argument == "--format");
            if !takes_format {
                judge(&arguments, None, &run(folder.path(), &arguments, &[]));
                continue;
            }
            for format in FORMATS {
                let arguments: Vec<String> =
                    arguments.iter().cloned().chain(["--format".to_owned(), format.to_owned()]).collect();
                judge(&arguments, Some(format), &run(folder.path(), &arguments, &[]));
                // A narrow and a wide terminal break lines at other places.
                if format == "human" {
                    judge(&arguments, Some(format), &run(folder.path(), &arguments, &[("COLUMNS", "20")]));
                }
            }
        }
    }
}

#[test]
fn the_inputs_reach_what_they_are_meant_for() {
    let folder = documents(TEXTS[0]);
    let printed = |line: &str| {
        let arguments: Vec<String> = line.split(' ').map(|argument| argument.replace("{}", TEXTS[0])).collect();
        let output = run(folder.path(), &arguments, &[]);
        String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned()
    };
    let escaped = "\\u{3a}:zqx";
    for (line, expected) in [
        ("check fine --set --policy policy.json --format concise", "policy/own"),
        ("check wrong --policy policy-wrong.json --format concise", "invalid-configuration"),
        ("check wrong --format concise", "unknown-key"),
        ("merge fine --explain", "decided by"),
        ("plan fine --device macOS=26.0 --as-of 2026-01-01T00:00:00", "enforce1"),
        ("migrate old --deadline 2026-01-01T00:00:00", "carried over"),
        ("status report.json", "Software update"),
        ("status reports.ndjson", "What the reasons mean"),
        ("explain --response {}.answer", "Update "),
        ("explain com.apple.configuration.words --apple-schema apple", "has characters that are not supported"),
        ("check wrong --config config-wrong.toml --format concise", "there is no rule"),
        ("check wrong --{}", "unexpected argument"),
        ("check wrong", "zqx.skipped.json"),
        ("check wrong --config config.toml --format sarif", "\"justification\":"),
        ("{}/x", "to check a file or a folder"),
    ] {
        let printed = printed(line);
        assert!(printed.contains(expected), "{line}: {printed}");
        assert!(printed.contains(escaped), "{line}: {printed}");
    }
}

#[test]
fn an_argument_with_line_feeds_stays_on_one_line() {
    for evil in ["x\n::error::zqx", "x\r\n##[error]zqx", "\n  zqx", "`:`:error::zqx"] {
        let folder = documents("zqx");
        for each in RUNS {
            let arguments = arguments(each, evil);
            let format = arguments.iter().any(|argument| argument == "--format").then_some("");
            judge(&arguments, format, &run(folder.path(), &arguments, &[]));
        }
    }
}

#[test]
fn the_environment_and_the_job_summary_hold_no_commands() {
    let evil = "::error::zqx";
    let folder = documents(evil);
    let summary = folder.path().join("none/::error::zqx");
    let environment = [
        ("GITHUB_ACTIONS", "true"),
        ("GITHUB_STEP_SUMMARY", summary.to_str().expect("it is UTF-8")),
        ("COLUMNS", evil),
        ("NO_COLOR", evil),
        ("CLICOLOR_FORCE", evil),
        ("DDMC_CONFIG", evil),
    ];
    let arguments = ["check", "wrong"].map(str::to_owned);
    judge(&arguments, Some("github"), &run(folder.path(), &arguments, &environment));
}

//! Predicates: which are right, and where the mistakes of the others are.

use std::collections::BTreeSet;
use std::process::Command;

use ddmc::{Checker, Diagnostic, check};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, RngSeed};
use serde_json::{Value, json};

/// An activation with a predicate.
fn activation(predicate: &str) -> String {
    let predicate = serde_json::to_string(predicate).expect("a string is JSON");
    format!(
        r#"{{ "Type": "com.apple.activation.simple", "Identifier": "a", "Payload": {{ "StandardConfigurations": ["b"], "Predicate": {predicate} }} }}"#
    )
}

/// The rule and the underlined source of each finding.
fn found(document: &str, findings: &[Diagnostic]) -> Vec<(String, String)> {
    let source = |finding: &Diagnostic| document[finding.place.start.offset..finding.place.end.offset].to_owned();
    findings.iter().map(|finding| (finding.rule.id.to_string(), source(finding))).collect()
}

fn of(predicate: &str) -> Vec<(String, String)> {
    let document = activation(predicate);
    found(&document, &check("a.json", document.as_bytes()))
}

#[test]
fn right_predicates_are_silent() {
    for predicate in [
        "@status(device.model.family) == 'AppleTV'",
        "(@status(device.model.family) == 'iPad')",
        "@status(device.model.family) =='iPad'",
        "@status(passcode.is-present)==true",
        "@status(device.operating-system.family)=='iPadOS'",
        "@status(device.operating-system.version)=='18.2'",
        "@status(device.operating-system.version)<'18.3'",
        "@status(diskmanagement.filevault.enabled)==true",
        "@property(userFirstName)=='test'",
        "@status(device.identifier.serial-number) == \"ABC-XYZ\"",
        "(@property(shard) <= 75)",
        "(@property(shard) <= 75) and @status(device.identifier.serial-number) beginswith 'XY'",
        "(@property(age) >= 18) AND (\"Grade12\" IN @property(roles))",
        "SUBQUERY(@status(mdm.app), $app, ($app.@key(identifier) == 'a') AND ($app.@key(state) == 'managed')).@count == 1",
        "SUBQUERY(@status(app.managed.list), $app, $app.@key(external-version-id) > 5).@count != 0",
        "SUBQUERY(@status(management.declarations.configurations), $d, ($d.@key(identifier) == 'a' AND $d.@key(active) == true)).@count == 1",
        "@status(softwareupdate.install-state) == 'prepared'",
        "@status(softwareupdate.install-state) == 'waiting'",
        "ANY @property(jamf.device.groups) IN {'UUID'} AND @status(device.model.family) == 'iPad'",
        "NONE @property(jamf.device.groups) IN {'a','b'}",
        "@status(management.client-capabilities.supported-features.x) == true",
        "@status(softwareupdate.pending-version.os-version) >= '26.1'",
        "ANY @status(softwareupdate.install-reason.reason) == 'declaration'",
        "@status(passcode.is-present) == 1 AND @status(device.model.family) ==[c] 'ipad'",
        "@status(device.power.battery-health) == NULL OR @status(device.power.battery-health) != 'normal'",
        "@status(device.model.family) == 'RealityDevice' AND @status(device.operating-system.version) >= '2.4'",
        "@status(device.operating-system.version) BETWEEN {'18.0', '18.9'}",
        "@status(mdm.app).@count > 0",
        // Placeholders may stand for anything.
        "$FLEET_VAR_PREDICATE",
        "{{ predicate }}",
        "@status(device.identifier.serial-number) == $FLEET_VAR_SERIAL",
        "@status(device.identifier.serial-number) IN { {{ serials }} }",
        "@status(softwareupdate.install-state) == '$STATE'",
        "@status({{ item }}) == 1 AND",
        "@status(device.model.family) == '%FAMILY%' %MORE%",
        "ACTION_PLACEHOLDER",
    ] {
        assert_eq!(of(predicate), [], "{predicate}");
    }
}

#[test]
fn wrong_predicates_are_underlined_at_the_mistake() {
    for (predicate, rule, place) in [
        ("", "invalid-predicate", r#""""#),
        ("@status(device.model.family) == \u{2018}iPad\u{2019}", "invalid-predicate", "\u{2018}"),
        ("(@status(device.model.family) == \"iPad\"", "invalid-predicate", "("),
        ("@status(device.model.family) === \"iPad\"", "invalid-predicate", "==="),
        ("@status(\"device.model.family\") == 'iPad'", "invalid-predicate", r#"\"device.model.family\""#),
        ("'\"' == @status( a )", "invalid-predicate", " a "),
        ("ANY @property(jamf.device.groups)", "invalid-predicate", "@property(jamf.device.groups)"),
        ("@key(identifier) == 'x'", "invalid-predicate", "identifier"),
        ("@status(mdm.app).@key(identifier) == 'x'", "invalid-predicate", "identifier"),
        ("$x == 1", "invalid-predicate", "$x"),
        ("SUBQUERY(@status(mdm.app), $a, $a.@key(stat) == 'managed').@count == 1", "invalid-predicate", "stat"),
        ("SUBQUERY(@status(mdm.app), $a, $b.@key(state) == 'managed').@count == 1", "invalid-predicate", "$b"),
        ("now() > 1", "invalid-predicate", "now"),
        ("@status(passcode-compliance.compliant) == false", "unknown-status-item", "passcode-compliance.compliant"),
        ("@status(os.version.major) >= 15", "unknown-status-item", "os.version.major"),
        ("@status(os.version) >= \"15.0\"", "unknown-status-item", "os.version"),
        (
            "@status(softwareupdate.pending-version.version) == '26.1'",
            "unknown-status-item",
            "softwareupdate.pending-version.version",
        ),
        ("device.model.family == 'iPad'", "suspicious-predicate", "device.model.family"),
        ("device.operating-system.family == 'iOS'", "suspicious-predicate", "device.operating-system.family"),
        ("@status(diskmanagement.filevault.enabled)==vrai", "suspicious-predicate", "vrai"),
        ("@status(device.operating-system.version) >= 15", "suspicious-predicate", "15"),
        ("@status(device.operating-system.version) >= '9.0'", "suspicious-predicate", "'9.0'"),
        ("@status(device.operating-system.version) < \"26.10\"", "suspicious-predicate", r#"\"26.10\""#),
        (
            "@status(device.operating-system.family) == 'visionOS' OR @status(device.operating-system.version) >= '15.0'",
            "suspicious-predicate",
            "'15.0'",
        ),
        ("@status(passcode.is-present) == 'true'", "suspicious-predicate", "'true'"),
        ("@status(softwareupdate.install-state) IN {'ready', 'prepared'}", "suspicious-predicate", "'ready'"),
        ("@status(device.model.family) == 'iphone'", "suspicious-predicate", "'iphone'"),
        ("'macOS' == @status(device.model.family)", "suspicious-predicate", "'macOS'"),
        ("@status(mdm.app) == 'x'", "suspicious-predicate", "@status(mdm.app)"),
        ("@status(softwareupdate.pending-version) == '26.1'", "suspicious-predicate", "@status(softwareupdate.pending-version)"),
        ("SUBQUERY(@status(mdm.app), $a, $a.@key(state) == 'installed').@count == 1", "suspicious-predicate", "'installed'"),
        ("SUBQUERY(@status(mdm.app), $a, @key(state) == 'managed').@count == 1", "suspicious-predicate", "@key(state)"),
        ("NONE @property(g) IN {'a'} OR NONE @property(g) IN {'b'}", "suspicious-predicate", "NONE @property(g) IN {'b'}"),
        ("@status(softwareupdate.device-id) == '$X1' AND @status(os.version) == '$VERSION'", "unknown-status-item", "os.version"),
    ] {
        assert_eq!(of(predicate), [(rule.to_owned(), place.to_owned())], "{predicate}");
    }
    let constant = of("1==0");
    assert_eq!(constant, [("constant-predicate".to_owned(), "\"1==0\"".to_owned())]);
}

#[test]
fn a_mistake_behind_escapes_has_its_column() {
    let document = r#"{ "Type": "com.apple.activation.simple", "Identifier": "a", "Payload": { "StandardConfigurations": ["b"],
  "Predicate": "\u0022a\u0022 == 'ä' AND @status(os.version) == '1'" } }"#;
    let findings = check("a.json", document.as_bytes());
    let unknown = findings.iter().find(|finding| finding.rule.id == "unknown-status-item").expect("a finding");
    assert_eq!((unknown.place.start.line, unknown.place.start.column, unknown.place.end.column), (2, 50, 60));
}

#[test]
fn targets_decide_whether_an_item_matters() {
    for (predicate, targets, expected) in [
        ("@status(passcode.is-present) == TRUE", &["macOS=15.4"][..], Some("always false there")),
        ("@status(passcode.is-present) != TRUE", &["macOS=15.4"], Some("always true there")),
        ("@status(passcode.is-present) == TRUE", &["iOS=18.0"], None),
        ("@status(passcode.is-present) == TRUE AND @status(device.model.family) == 'iPhone'", &["macOS", "iOS"], None),
        ("@status(device.operating-system.version) >= '15.0'", &["visionOS"], Some("compared as text")),
        ("@status(device.operating-system.version) >= '15.0'", &["macOS", "iOS", "visionOS=26.0"], None),
    ] {
        let document = activation(predicate);
        let checker = targets.iter().fold(Checker::new(), |checker, target| checker.target(target.parse().expect("a target")));
        let findings = checker.check("a.json", document.as_bytes());
        let messages: Vec<&str> = findings.iter().map(|finding| finding.message.as_str()).collect();
        match expected {
            None => assert!(messages.is_empty(), "{predicate}: {messages:?}"),
            Some(words) => assert!(messages.len() == 1 && messages[0].contains(words), "{predicate}: {messages:?}"),
        }
    }
}

/// Declarations as lines, and what `ddmc` prints about them.
struct Repository(tempfile::TempDir);

impl Repository {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        // The search for a configuration stops here.
        std::fs::create_dir(folder.path().join(".git")).expect("a folder can be made");
        for (name, text) in files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("a folder can be made");
            std::fs::write(path, text).expect("a file can be written");
        }
        Self(folder)
    }

    fn run(&self, arguments: &[&str]) -> Value {
        let output = Command::new(env!("CARGO_BIN_EXE_ddmc"))
            .args(arguments)
            .args(["--format", "json"])
            .current_dir(self.0.path())
            .env_remove("GITHUB_ACTIONS")
            .output()
            .expect("the program runs");
        serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{arguments:?}: {error}: {}", String::from_utf8_lossy(&output.stderr)))
    }

    /// The rules of the findings.
    fn rules(&self, arguments: &[&str]) -> Vec<String> {
        let report = self.run(arguments);
        let findings = report["findings"].as_array().expect("a list");
        findings.iter().map(|finding| finding["rule"].as_str().expect("a rule").to_owned()).collect()
    }
}

fn settings(identifier: &str, days: u32) -> Value {
    json!({ "Type": "com.apple.configuration.softwareupdate.settings", "Identifier": identifier,
        "Payload": { "Deferrals": { "MajorPeriodInDays": days } } })
}

fn conditional(identifier: &str, configurations: &[&str], predicate: Option<&str>) -> Value {
    let mut payload = json!({ "StandardConfigurations": configurations });
    if let Some(predicate) = predicate {
        payload["Predicate"] = predicate.into();
    }
    json!({ "Type": "com.apple.activation.simple", "Identifier": identifier, "Payload": payload })
}

fn lines(declarations: &[Value]) -> String {
    declarations.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

const MAC: &str = "@status(device.model.family) == 'Mac'";
const IPHONE: &str = "@status(device.model.family) == 'iPhone'";

#[test]
fn declarations_that_never_meet_are_not_compared() {
    let set = |one: Option<&str>, other: Option<&str>| {
        lines(&[conditional("x", &["a"], one), conditional("y", &["b"], other), settings("a", 30), settings("b", 60)])
    };
    for (one, other, options, is_compared) in [
        (None, None, &[][..], true),
        (Some(MAC), Some(IPHONE), &[], false),
        (Some(MAC), None, &[], true),
        (Some(MAC), Some("@property(a) == 1"), &[], true),
        (Some(MAC), Some("NOT @status(device.model.family) IN {'Mac'}"), &[], false),
        (Some(MAC), Some("@status(device.operating-system.family) == 'iOS' OR @property(a) == 1"), &[], true),
        (Some("1 == 0"), None, &[], false),
        (
            Some("@status(device.operating-system.version) < '26'"),
            Some("@status(device.operating-system.version) >= '26'"),
            &[],
            true,
        ),
        (
            Some("@status(device.operating-system.version) < '26'"),
            Some("@status(device.operating-system.version) >= '26'"),
            &["--target", "macOS=15.4", "--target", "macOS=14.7"],
            false,
        ),
    ] {
        let repository = Repository::new(&[("a.ndjson", &set(one, other))]);
        let rules = repository.rules(&[&["check", "--set", "-N", "unknown-property", "a.ndjson"], options].concat());
        assert_eq!(rules.contains(&"overruled-setting".to_owned()), is_compared, "{one:?} {other:?} {options:?}: {rules:?}");
    }
}

#[test]
fn names_repeat_on_different_platforms_and_in_different_sets() {
    let (mac, ios) = (settings("a", 30).to_string(), settings("a", 60).to_string());
    let files = [("lib/macos/a.json", mac.as_str()), ("lib/ios/a.json", &ios)];
    let has_duplicate = |configuration: &str, options: &[&str]| {
        let repository = Repository::new(&[&files[..], &[("ddmc.toml", configuration)]].concat());
        repository.rules(&[&["check", "lib"], options].concat()).contains(&"duplicate-identifier".to_owned())
    };
    assert!(has_duplicate("", &[]));
    let targets = |one: &str, other: &str| {
        format!(
            "[[files]]\npaths = [\"lib/macos/**\"]\ntargets = [\"{one}\"]\n[[files]]\npaths = [\"lib/ios/**\"]\ntargets = [\"{other}\"]\n"
        )
    };
    assert!(!has_duplicate(&targets("macOS", "iOS"), &[]));
    assert!(!has_duplicate(&targets("macOS", "iOS"), &["--set"]));
    assert!(has_duplicate(&targets("macOS", "macOS"), &[]));
    let sets = "[[sets]]\npaths = [\"lib/macos/**\"]\n[[sets]]\npaths = [\"lib/ios/**\"]\n";
    assert!(!has_duplicate(sets, &[]));
    assert!(has_duplicate(sets, &["--set"]));
}

#[test]
fn an_open_predicate_splits_the_plan_at_its_top() {
    let set = lines(&[
        conditional("x", &["a"], Some("@property(ring) == 'early'")),
        conditional("y", &["b"], Some(IPHONE)),
        settings("a", 30),
        settings("b", 60),
    ]);
    let repository = Repository::new(&[("a.ndjson", &set)]);
    let plan = |device: &str| repository.run(&["plan", "a.ndjson", "--device", device, "--as-of", "2026-01-01T00:00:00"]);
    let days = |plan: &Value| {
        let settings = plan["settings"].as_array().expect("a list");
        settings.iter().find(|one| one["pointer"] == "/Payload/Deferrals/MajorPeriodInDays").map(|one| one["value"].clone())
    };
    let split = plan("macOS=26.0");
    assert_eq!(split["format"], 1);
    let plans = split["plans"].as_array().expect("alternatives");
    assert_eq!(plans.len(), 2);
    assert_eq!(plans[0]["when"][0]["holds"], true);
    assert_eq!((days(&plans[0]), days(&plans[1])), (Some(json!(30)), None));
    assert_eq!(days(&plan("macOS=26.0,@property(ring)=early")), Some(json!(30)));
    let late = plan("macOS=26.0,@property(ring)=late");
    assert_eq!(days(&late), None);
    let reasons: Vec<&str> =
        late["inactive"].as_array().expect("a list").iter().map(|one| one["reason"].as_str().expect("a reason")).collect();
    assert_eq!(reasons[0], "its predicate is false on this device");
    assert!(reasons.contains(&"the predicate of y is false"), "{reasons:?}");
    // A property of the set is known.
    let with = format!(
        "{set}\n{}",
        json!({ "Type": "com.apple.management.properties", "Identifier": "p", "Payload": { "ring": "early" } })
    );
    let repository = Repository::new(&[("a.ndjson", &with)]);
    let planned = repository.run(&["plan", "a.ndjson", "--device", "macOS=26.0", "--as-of", "2026-01-01T00:00:00"]);
    assert_eq!(days(&planned), Some(json!(30)));
}

/// The model family, the family of the operating system and `--device` of some devices.
const DEVICES: [(&str, &str, &str); 3] =
    [("Mac", "macOS", "macOS=26.1"), ("iPhone", "iOS", "iOS=18.2"), ("AppleTV", "", "tvOS=26.0")];

/// A condition: its text, and whether it holds on each of the devices.
fn condition() -> impl Strategy<Value = (String, [Option<bool>; 3])> {
    let versions = ["26.1", "18.2", "26.0"];
    let equal = |item: &str, value: &str, values: [&str; 3], is_open: [bool; 3]| {
        let holds = std::array::from_fn(|at| if is_open[at] && value == "tvOS" { None } else { Some(values[at] == value) });
        (format!("@status({item}) == '{value}'"), holds)
    };
    let families = DEVICES.map(|(family, ..)| family);
    let systems = DEVICES.map(|(_, system, _)| system);
    let leaf = prop_oneof![
        select(vec!["Mac", "iPhone", "iPad", "AppleTV"]).prop_map(move |value| equal(
            "device.model.family",
            value,
            families,
            [false; 3]
        )),
        select(vec!["macOS", "iOS", "tvOS"]).prop_map(move |value| equal(
            "device.operating-system.family",
            value,
            systems,
            [false, false, true]
        )),
        (select(vec!["<", "<=", ">", ">="]), select(vec!["15.0", "18.2", "26.0", "26.1"])).prop_map(move |(sign, value)| {
            let holds = versions.map(|version| {
                Some(match sign {
                    "<" => version < value,
                    "<=" => version <= value,
                    ">" => version > value,
                    _ => version >= value,
                })
            });
            (format!("@status(device.operating-system.version) {sign} '{value}'"), holds)
        }),
        // Only Macs have FileVault.
        Just(("@status(diskmanagement.filevault.enabled) == TRUE".to_owned(), [None, Some(false), Some(false)])),
        select(vec!["1", "2"]).prop_map(|value| (format!("@property(given) == {value}"), [Some(value == "1"); 3])),
        Just(("@property(open) != NULL".to_owned(), [None; 3])),
        Just(("@property(list).@count IN {2, 3} AND 'b' IN @property(list)".to_owned(), [Some(true); 3])),
        Just(("ANY @property(list) BEGINSWITH[c] 'C'".to_owned(), [Some(false); 3])),
    ];
    leaf.prop_recursive(4, 16, 3, |inner| {
        let join = |all: Vec<(String, [Option<bool>; 3])>, word: &str, decisive: bool| {
            let holds = std::array::from_fn(|at| {
                let all: Vec<Option<bool>> = all.iter().map(|(_, holds)| holds[at]).collect();
                if all.contains(&Some(decisive)) {
                    Some(decisive)
                } else if all.contains(&None) {
                    None
                } else {
                    Some(!decisive)
                }
            });
            (all.iter().map(|(text, _)| format!("({text})")).collect::<Vec<_>>().join(word), holds)
        };
        prop_oneof![
            inner.clone().prop_map(|(text, holds)| (format!("NOT ({text})"), holds.map(|one| one.map(|one| !one)))),
            prop::collection::vec(inner.clone(), 2..4).prop_map(move |all| join(all, " AND ", false)),
            prop::collection::vec(inner, 2..4).prop_map(move |all| join(all, " || ", true)),
        ]
    })
}

fn config(cases: u32) -> Config {
    Config { cases, rng_seed: RngSeed::Fixed(26), failure_persistence: None, ..Config::default() }
}

#[test]
fn evaluation_agrees_with_another_one() {
    let properties = [("given", json!(1)), ("list", json!(["a", "b"]))];
    proptest!(config(2000), |((text, expected) in condition())| {
        for ((_, _, device), expected) in DEVICES.into_iter().zip(expected) {
            let holds = ddmc::fuzzing::holds(&text, device, &properties);
            prop_assert_eq!(holds, Ok(expected), "{} on {}", text, device);
        }
        ddmc::fuzzing::predicates(text.as_bytes());
    });
}

#[test]
fn a_repository_for_several_platforms_is_planned_for_each() {
    let strategy = prop::collection::vec(condition(), 1..5);
    proptest!(config(24), |(activations in strategy)| {
        let mut all = vec![json!({ "Type": "com.apple.management.properties", "Identifier": "p",
            "Payload": { "given": 1, "list": ["a", "b"] } })];
        for (at, (text, _)) in activations.iter().enumerate() {
            let name = format!("e{at}");
            all.push(conditional(&format!("a{at}"), &[&name], Some(text)));
            all.push(json!({ "Type": "com.apple.configuration.softwareupdate.enforcement.specific", "Identifier": name,
                "Payload": { "TargetOSVersion": format!("27.{at}"), "TargetLocalDateTime": format!("2026-02-0{}T12:00:00", at + 1) } }));
        }
        let repository = Repository::new(&[("a.ndjson", &lines(&all))]);
        for (at, (_, _, device)) in DEVICES.into_iter().enumerate() {
            let printed = repository.run(&["plan", "a.ndjson", "--device", device, "--as-of", "2026-01-01T00:00:00"]);
            let plans = printed["plans"].as_array().cloned().unwrap_or_else(|| vec![printed.clone()]);
            let open = activations.iter().filter(|(_, holds)| holds[at].is_none()).map(|(text, _)| text.as_str());
            let open: BTreeSet<&str> = open.collect();
            let alternatives = if open.len() > 3 { 2 } else { 1 << open.len() };
            prop_assert_eq!(plans.len(), alternatives);
            for plan in plans {
                let assumed = |name: &str| {
                    let when = plan["when"].as_array().into_iter().flatten().find(|when| when["identifier"] == name);
                    when.map(|when| when["holds"] == true)
                };
                let is_active = |number: usize, holds: &[Option<bool>; 3]| {
                    holds[at].or_else(|| assumed(&format!("a{number}"))).expect("decided or assumed")
                };
                // Later deadlines have newer versions, so each active enforcement acts.
                let active = activations.iter().enumerate().filter(|(number, (_, holds))| is_active(*number, holds));
                let expected: Vec<String> = active.map(|(number, _)| format!("e{number}")).collect();
                let updates = plan["updates"].as_array().expect("a list").iter();
                let found: Vec<&str> = updates.map(|update| update["identifier"].as_str().expect("a name")).collect();
                prop_assert_eq!(found, expected, "{} {}", device, &printed);
            }
        }
    });
}

#[test]
fn any_tokens_are_read_or_refused() {
    let tokens = [
        "(",
        ")",
        "{",
        "}",
        "[",
        "]",
        ",",
        ".",
        "==",
        "!",
        "<",
        "-",
        "+",
        "**",
        "AND",
        "or",
        "NOT",
        "ANY",
        "NONE",
        "IN",
        "BETWEEN",
        "LIKE",
        "[c]",
        "SUBQUERY(",
        "$x",
        "@status(mdm.app)",
        "@status(device.model.family)",
        "@property(a)",
        "@key(state)",
        ".@count",
        "'Mac'",
        "\"\\\"\"",
        "'it\\'s'",
        "1",
        "2.5",
        "0xF",
        "TRUE",
        "NULL",
        "SELF",
        "TRUEPREDICATE",
        "name",
        "#in",
        "FIRST",
        "\u{e4}",
        "'\u{e4}'",
        "%",
        "@",
        "#",
        "$",
        "'",
        "\\",
    ];
    let text = prop::collection::vec((select(tokens.to_vec()), select(vec![" ", ""])), 0..14);
    proptest!(config(20_000), |(parts in text)| {
        let text: String = parts.iter().flat_map(|(token, space)| [*token, *space]).collect();
        ddmc::fuzzing::predicates(text.as_bytes());
    });
}

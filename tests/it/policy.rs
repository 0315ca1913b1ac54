//! Policies: in every format, in baselines, with tokens hidden, and with hostile schemas.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};

const SETTINGS: &str = "com.apple.configuration.softwareupdate.settings";

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        let folder = Self(tempfile::tempdir().expect("a temporary folder can be made"));
        // The search for a configuration stops here.
        folder.write(".git", "");
        folder
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path().join(name), text).expect("a file can be written");
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ddmc"));
        command.args(arguments).current_dir(self.path()).env_remove("GITHUB_ACTIONS").env_remove("CLICOLOR_FORCE");
        command.output().expect("the program runs")
    }

    /// The rules and pointers of the findings with a policy.
    fn found(&self, document: &str, schema: &Value) -> Vec<(String, String)> {
        self.write("document.json", document);
        self.write("own.json", &json!({ "message": "not ours", "schema": schema }).to_string());
        let output = self.run(&["check", "document.json", "--policy", "own.json", "--format", "json"]);
        let report: Value = serde_json::from_slice(&output.stdout).expect("the report is JSON");
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let findings = report["findings"].as_array().expect("a list").iter();
        findings
            .filter(|finding| {
                finding["rule"].as_str().is_some_and(|rule| rule.starts_with("policy/") || rule == "invalid-configuration")
            })
            .map(|finding| (text(&finding["rule"]), text(&finding["pointer"])))
            .collect()
    }
}

fn document(payload: &Value) -> String {
    json!({ "Type": SETTINGS, "Identifier": "com.example.a", "Payload": payload }).to_string()
}

fn in_payload(schema: &Value) -> Value {
    json!({ "properties": { "Payload": schema } })
}

#[test]
fn violations_have_the_expected_places() {
    let folder = Folder::new();
    let deferrals = document(&json!({ "Deferrals": { "MajorPeriodInDays": 60, "MinorPeriodInDays": 10 } }));
    for (schema, pointers) in [
        (
            json!({ "properties": { "Deferrals": { "additionalProperties": { "maximum": 30 } } } }),
            &["/Deferrals/MajorPeriodInDays"][..],
        ),
        (json!({ "required": ["Beta"] }), &[""]),
        (json!({ "properties": { "Deferrals": { "required": ["SystemPeriodInDays"] } } }), &["/Deferrals"]),
        (
            json!({ "properties": { "Deferrals": { "additionalProperties": false } } }),
            &["/Deferrals/MajorPeriodInDays", "/Deferrals/MinorPeriodInDays"],
        ),
        (
            json!({ "properties": { "Deferrals": { "propertyNames": { "pattern": "^Major" } } } }),
            &["/Deferrals/MinorPeriodInDays"],
        ),
        (json!({ "properties": { "Deferrals": false } }), &["/Deferrals"]),
        (json!({ "$ref": "#/$defs/short" }), &["/Deferrals/MajorPeriodInDays"]),
        (json!({ "properties": { "Deferrals": { "minProperties": 1 } } }), &[]),
    ] {
        let mut schema = in_payload(&schema);
        schema["$defs"] =
            json!({ "short": { "properties": { "Deferrals": { "properties": { "MajorPeriodInDays": { "maximum": 30 } } } } } });
        let expected: Vec<_> = pointers.iter().map(|at| ("policy/own".to_owned(), format!("/Payload{at}"))).collect();
        assert_eq!(folder.found(&deferrals, &schema), expected, "{schema}");
    }
    // Findings about the missing envelope of a payload are dropped.
    let alone = r#"{ "Deferrals": { "MajorPeriodInDays": 60 } }"#;
    let schema = json!({ "required": ["ServerToken"], "properties": { "Payload": { "properties": { "Deferrals": false } } } });
    assert_eq!(folder.found(alone, &schema), [("policy/own".to_owned(), "/Deferrals".to_owned())]);
}

#[test]
fn placeholders_are_not_checked() {
    let folder = Folder::new();
    let payload = json!({ "RecommendedCadence": "$FLEET_VAR_CADENCE", "AutomaticActions": { "Download": "AlwaysOff" } });
    let template = document(&payload);
    for schema in [
        json!({ "properties": { "RecommendedCadence": { "const": "Newest" } } }),
        json!({ "not": { "properties": { "RecommendedCadence": { "pattern": "^\\$" } } } }),
        json!({ "anyOf": [{ "properties": { "RecommendedCadence": { "const": "Newest" } } }, { "required": ["Beta"] }] }),
        json!({ "if": { "properties": { "RecommendedCadence": { "const": "Newest" } } }, "else": { "required": ["Beta"] } }),
        json!({ "enum": [{}] }),
    ] {
        assert_eq!(folder.found(&template, &in_payload(&schema)), [], "{schema}");
    }
    let referring = json!({
        "if": { "properties": { "RecommendedCadence": { "const": "Newest" } } },
        "else": { "$ref": "#/$defs/beta" },
    });
    let mut schema = in_payload(&referring);
    schema["$defs"] = json!({ "beta": { "required": ["Beta"] } });
    assert_eq!(folder.found(&template, &schema), []);
    for schema in [
        json!({ "required": ["Beta"] }),
        json!({ "not": { "required": ["AutomaticActions"] } }),
        json!({ "properties": { "AutomaticActions": { "properties": { "Download": { "const": "AlwaysOn" } } } } }),
        json!({ "additionalProperties": false }),
    ] {
        assert!(!folder.found(&template, &in_payload(&schema)).is_empty(), "{schema}");
    }
    // The rest of a broken document is unknown.
    assert_eq!(folder.found(&template.replace("\"Type\"", ",\"Type\""), &in_payload(&json!({ "required": ["Beta"] }))), []);
}

#[test]
fn policies_never_reveal_tokens() {
    let folder = Folder::new();
    let program = json!({ "Description": "d", "Token": "S3CRET" });
    folder.write("document.json", &document(&json!({ "Beta": { "ProgramEnrollment": "AlwaysOn", "RequireProgram": program } })));
    let wanted = json!({ "Description": "d", "Token": "OTHER-S3CRET" });
    let schemas = [
        json!({ "properties": { "RequireProgram": { "const": wanted } } }),
        json!({ "properties": { "RequireProgram": { "properties": { "Token": { "enum": ["OTHER-S3CRET"] } } } } }),
        json!({ "properties": { "RequireProgram": { "properties": { "Token": { "pattern": "^OTHER-S3CRET" } } } } }),
        json!({ "const": { "RequireProgram": wanted } }),
        json!({ "enum": [{ "RequireProgram": wanted }] }),
        json!({ "anyOf": [{ "const": { "RequireProgram": wanted } }] }),
    ];
    for schema in schemas {
        let schema = in_payload(&json!({ "properties": { "Beta": schema } }));
        folder.write("own.json", &json!({ "message": "not ours", "schema": schema }).to_string());
        for format in ["human", "concise", "json", "sarif", "github", "gitlab", "junit", "markdown", "html"] {
            let output = folder.run(&["check", "document.json", "--policy", "own.json", "--format", format]);
            let printed = String::from_utf8([output.stdout, output.stderr].concat()).expect("the output is UTF-8");
            assert!(printed.contains("policy/own") && printed.contains("not ours"), "{format}: {printed}");
            assert!(!printed.contains("S3CRET"), "{format}: {printed}");
        }
    }
}

#[test]
fn reports_and_baselines_treat_policies_like_rules() {
    let folder = Folder::new();
    folder.write("document.json", &document(&json!({})));
    folder.write(
        "own.json",
        r#"{ "name": "has-beta", "message": "no Beta", "schema": { "properties": { "Payload": { "required": ["Beta"] } } } }"#,
    );
    let check = ["check", "document.json", "--policy", "own.json"];
    let output = folder.run(&[&check[..], &["--format", "sarif"]].concat());
    let report: Value = serde_json::from_slice(&output.stdout).expect("the report is JSON");
    let run = &report["runs"][0];
    let result = &run["results"][0];
    let index = usize::try_from(result["ruleIndex"].as_u64().expect("a result has a rule")).expect("a number");
    assert_eq!(run["tool"]["driver"]["rules"][index]["id"], "policy/has-beta");
    assert_eq!(result["ruleId"], "policy/has-beta");

    assert_eq!(folder.run(&[&check[..], &["-W", "policy/has-beta"]].concat()).status.code(), Some(0));
    assert_eq!(folder.run(&[&check[..], &["-A", "policy/has-beta", "--fail-on", "note"]].concat()).status.code(), Some(0));
    assert_eq!(folder.run(&[&check[..], &["--write-baseline", "known.json"]].concat()).status.code(), Some(0));
    let output = folder.run(&[&check[..], &["--baseline", "known.json"]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stdout).contains("1 in the baseline"));

    folder.write("again.json", r#"{ "name": "has-beta", "message": "m", "schema": true }"#);
    let output = folder.run(&[&check[..], &["--policy", "again.json"]].concat());
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("another policy in own.json is also called has-beta"));
}

#[test]
fn hostile_schemas_are_rejected_quickly() {
    let folder = Folder::new();
    let own = |definitions: Value, schema: Value| {
        let mut schema = schema;
        schema["$defs"] = definitions;
        schema
    };
    let twice = |name: String| json!({ "allOf": [{ "$ref": format!("#/$defs/{name}") }, { "$ref": format!("#/$defs/{name}") }] });
    let doubling: Value = (0..90)
        .map(|at| (format!("a{at}"), if at < 89 { twice(format!("a{}", at + 1)) } else { json!({}) }))
        .collect::<serde_json::Map<_, _>>()
        .into();
    let shallow: Value = (0..40)
        .map(|at| (format!("a{at}"), if at < 39 { twice(format!("a{}", at + 1)) } else { json!({}) }))
        .collect::<serde_json::Map<_, _>>()
        .into();
    let chain: Value = (0..1000)
        .map(|at| (format!("a{at}"), json!({ "$ref": format!("#/$defs/a{}", (at + 1) % 1000) })))
        .collect::<serde_json::Map<_, _>>()
        .into();
    for schema in [
        json!({ "$ref": "#" }),
        own(json!({ "a": { "$ref": "#/$defs/b" }, "b": { "$ref": "#/$defs/a" } }), json!({ "$ref": "#/$defs/a" })),
        own(json!({ "a": { "additionalProperties": { "$ref": "#/$defs/a" } } }), json!({ "$ref": "#/$defs/a" })),
        own(doubling, json!({ "$ref": "#/$defs/a0" })),
        own(shallow, json!({ "$ref": "#/$defs/a0" })),
        own(chain, json!({ "$ref": "#/$defs/a0" })),
        json!({ "$dynamicRef": "#a" }),
        json!({ "$ref": "https://example.com/schema.json" }),
        json!({ "$ref": "other.json" }),
        json!({ "properties": { "Identifier": { "$id": "https://example.com/x", "$ref": "#/x" } } }),
        json!({ "properties": { "Identifier": { "pattern": "((a{100}){100}){100}" } } }),
        json!({ "properties": { "Identifier": { "pattern": "(a+)+(?=b)" } } }),
        json!({ "properties": { "Identifier": { "pattern": "(a)\\1" } } }),
        json!({ "properties": { "Identifier": { "format": "emial" } } }),
        json!({ "properties": { "Identifier": { "type": "strin" } } }),
        json!({ "Properties": {} }),
    ] {
        let found = folder.found(&document(&json!({})), &schema);
        assert!(!found.is_empty() && found.iter().all(|(rule, _)| rule == "invalid-configuration"), "{schema}: {found:?}");
        assert!(found.iter().all(|(_, pointer)| pointer.starts_with("/schema")), "{found:?}");
    }
    // A pattern that takes exponential time in backtracking engines.
    let long = json!({ "Type": SETTINGS, "Identifier": "a".repeat(60) + "!", "Payload": {} }).to_string();
    let schema = json!({ "properties": { "Identifier": { "pattern": "^((a+)+)+$" } } });
    assert_eq!(folder.found(&long, &schema), [("policy/own".to_owned(), "/Identifier".to_owned())]);
}

#[test]
fn invalid_policies_are_rejected_with_a_place() {
    let folder = Folder::new();
    folder.write("document.json", &document(&json!({})));
    for (text, place) in [
        ("{ \"message\": \"m\",\n  \"schema\": { }", "own.json:2:15"),
        ("{\n  \"message\": \"m\"\n}", "own.json:1:1"),
        ("{ \"message\": \"m\", \"schema\": [] }", "own.json:1:29"),
        ("{ \"message\": \"\", \"schema\": {} }", "own.json:1:14"),
        ("{ \"message\": \"m\", \"schema\": {}, \"severity\": \"fatal\" }", "own.json:1:45"),
        ("{ \"message\": \"m\", \"schema\": {}, \"on\": \"merge\" }", "own.json:1:39"),
        ("{ \"message\": \"m\", \"schema\": {}, \"name\": \"No Name\" }", "own.json:1:41"),
        ("{ \"message\": \"m\", \"schema\": {}, \"type\": [] }", "own.json:1:41"),
        ("{ \"message\": \"m\", \"schema\": {}, \"type\": [\"com.apple.activation.simpel\"] }", "own.json:1:42"),
        (
            "{ \"message\": \"m\", \"schema\": {}, \"on\": \"merged\", \"type\": \"com.apple.activation.simple\" }",
            "own.json:1:39",
        ),
        ("{ \"message\": \"m\", \"message\": \"m\", \"schema\": {} }", "own.json:1:19"),
        ("{ \"message\": \"m\", \"schema\": {}, \"required\": [] }", "own.json:1:33"),
        ("[{ \"message\": \"m\", \"schema\": {} }]", "own.json:1:2"),
        ("7", "own.json:1:1"),
        ("", "own.json:1:1"),
    ] {
        folder.write("own.json", text);
        let output = folder.run(&["check", "document.json", "--policy", "own.json", "--format", "concise"]);
        let printed = String::from_utf8(output.stdout).expect("the output is UTF-8");
        assert_eq!(output.status.code(), Some(2), "{text}: {printed}");
        assert!(printed.lines().any(|line| line.starts_with(&format!("{place}: "))), "{text}: {printed}");
    }
}

/// Findings about a policy show an excerpt of its file, and a configuration is untrusted.
#[test]
fn a_configuration_can_only_name_policies_in_its_repository() {
    let folder = Folder::new();
    let inner = folder.path().join("repository");
    fs::create_dir_all(inner.join(".git")).expect("a folder can be made");
    fs::write(inner.join(".git/config"), "S3CRET").expect("a file can be written");
    fs::write(inner.join("document.json"), document(&json!({}))).expect("a file can be written");
    folder.write("outside.json", "S3CRET");
    for file in ["../outside.json", ".git/config", "sub/../../outside.json"] {
        fs::create_dir_all(inner.join("sub")).expect("a folder can be made");
        fs::write(inner.join("ddmc.toml"), format!("[[policies]]\nfile = \"{file}\"\n")).expect("a file can be written");
        let output = folder.run(&["check", "repository/document.json", "--config", "repository/ddmc.toml"]);
        let printed = String::from_utf8([output.stdout, output.stderr].concat()).expect("the output is UTF-8");
        assert_eq!(output.status.code(), Some(2), "{printed}");
        assert!(printed.contains("is outside the repository") && !printed.contains("S3CRET"), "{printed}");
    }
}

/// Reports policies that are not applied.
#[test]
fn a_policy_on_merged_settings_needs_a_set() {
    let folder = Folder::new();
    folder.write("document.json", &document(&json!({ "Deferrals": { "MajorPeriodInDays": 60 } })));
    let own =
        json!({ "on": "merged", "message": "not ours", "schema": in_payload(&json!({ "properties": { "Deferrals": false } })) });
    folder.write("own.json", &own.to_string());
    let check = ["check", "document.json", "--policy", "own.json"];
    let output = folder.run(&check);
    assert_eq!(output.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&output.stderr).contains("policy/own was not applied"));
    let output = folder.run(&[&check[..], &["--set"]].concat());
    assert_eq!(output.status.code(), Some(1));
    assert!(!String::from_utf8_lossy(&output.stderr).contains("was not applied"));
    // An activation also makes a set, and so does a merge.
    let activation = r#"{ "Type": "com.apple.activation.simple", "Identifier": "b", "Payload": { "StandardConfigurations": ["com.example.a"] } }"#;
    folder.write("activation.json", activation);
    assert_eq!(folder.run(&[&check[..], &["activation.json"]].concat()).status.code(), Some(1));
    assert_eq!(folder.run(&["merge", "document.json", "--policy", "own.json"]).status.code(), Some(1));
}

/// The published schema of policy files accepts the same files as the program.
#[test]
fn the_policy_schema_agrees_with_the_program() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read =
        |path: &Path| -> Value { serde_json::from_slice(&fs::read(path).expect("a file can be read")).expect("it is JSON") };
    let validator = jsonschema::validator_for(&read(&root.join("schemas/ddmc.policy.schema.json"))).expect("a schema");
    let folder = root.join("fixtures/check/policies/policies");
    for (name, is_right) in [("names.json", true), ("updates.json", true), ("broken.json", false), ("value.json", false)] {
        assert_eq!(validator.is_valid(&read(&folder.join(name))), is_right, "{name}");
    }
}

#[test]
fn a_policy_file_is_not_checked_as_a_declaration() {
    let folder = Folder::new();
    folder.write("a.json", &document(&json!({ "Notifications": true })));
    folder.write("own.json", &json!({ "type": SETTINGS, "message": "not ours", "schema": {} }).to_string());
    let output = folder.run(&["check", ".", "--policy", "own.json"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
}

#[test]
fn policies_do_not_apply_to_commands_and_profiles() {
    let folder = Folder::new();
    let schema = in_payload(&json!({ "propertyNames": { "enum": ["Notifications"] } }));
    let command = json!({ "Command": { "RequestType": "OSUpdateStatus" } });
    assert_eq!(folder.found(&command.to_string(), &schema), []);
}

#[test]
fn policies_apply_to_the_identifier_of_a_merge() {
    let folder = Folder::new();
    folder.write("a.json", &document(&json!({ "Notifications": true })));
    folder.write("b.json", &document(&json!({ "Notifications": false })).replace("com.example.a", "com.example.b"));
    let schema = json!({ "properties": { "Identifier": { "pattern": "^com\\.example\\." } } });
    folder.write("own.json", &json!({ "message": "not ours", "schema": schema }).to_string());
    let merge = |name: &str| folder.run(&["merge", "a.json", "b.json", "--policy", "own.json", "--identifier", name]);
    assert_eq!(merge("com.example.all").status.code(), Some(0));
    let refused = merge("org.other.all");
    assert_eq!(refused.status.code(), Some(1), "{refused:?}");
    assert!(refused.stdout.is_empty() && String::from_utf8_lossy(&refused.stderr).contains("policy/own"), "{refused:?}");
}

#[test]
fn percent_encoded_references_are_rejected() {
    let folder = Folder::new();
    let schema = json!({ "$ref": "#/$defs/a%25", "$defs": { "a%25": true, "a%": { "$ref": "#/$defs/a%25" } } });
    let found = folder.found(&document(&json!({})), &schema);
    assert_eq!(found.first().map(|(rule, _)| rule.as_str()), Some("invalid-configuration"), "{found:?}");
}

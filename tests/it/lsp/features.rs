//! Quick fixes, hover, completion, definitions, symbols and rename. A bar in a text marks the cursor.

use std::path::Path;

use ddmc::fuzzing::Planted;
use serde_json::{Value, json};

use super::editor::{Editor, able, apply, cursor};
use super::{Client, Folder, activation, declaration, settings, uri};
use crate::support::thorough;

/// The edits of a workspace edit for a file.
fn edits_of(edit: &Value, path: &Path) -> Vec<Value> {
    let changes = edit["documentChanges"].as_array().expect("changes");
    let own = changes.iter().find(|change| change["textDocument"]["uri"] == uri(path));
    own.map(|change| change["edits"].as_array().expect("edits").clone()).unwrap_or_default()
}

#[test]
fn completes_what_is_missing_in_half_written_documents() {
    let mut editor = Editor::new("a.json", &[]);
    let labels = editor.labels("{ | }");
    assert_eq!(labels, ["Type", "Identifier", "ServerToken", "Payload"].map(str::to_owned).to_vec(), "{labels:?}");
    assert_eq!(editor.labels("|"), ["declaration"]);
    assert!(editor.labels("{ \"Type\": | }").contains(&"com.apple.activation.simple".to_owned()));
    assert_eq!(
        editor.taken("{ \"Type\": \"com.apple.act|\" }", "com.apple.activation.simple"),
        "{ \"Type\": \"com.apple.activation.simple\" }"
    );
    let open = "{\n  \"Type\": \"com.apple.configuration.softwareupdate.settings\",\n  \"Payload\": {\n";
    for (rest, label, expected) in [
        ("    \"Def|", "Deferrals", "    \"Deferrals\": {\n  $1\n}"),
        ("    |", "AllowStandardUserOSUpdates", "    \"AllowStandardUserOSUpdates\": ${1|true,false|}"),
        (
            "    \"Deferrals\": { \"MinorPeriodInDays\": 3 |",
            "MajorPeriodInDays",
            "    \"Deferrals\": { \"MinorPeriodInDays\": 3, \"MajorPeriodInDays\": ${1:90}",
        ),
        ("    \"AutomaticActions\": { \"Download\": \"Al|", "AlwaysOn", "    \"AutomaticActions\": { \"Download\": \"AlwaysOn\""),
        ("    \"AutomaticActions\": { \"Download\": |", "Allowed", "    \"AutomaticActions\": { \"Download\": \"Allowed\""),
        ("    \"Notifications\": t|\n", "true", "    \"Notifications\": true\n"),
        (
            "    |\n    \"Notifications\": true\n  }\n}\n",
            "Beta",
            "    \"Beta\": {\n  $1\n},\n    \"Notifications\": true\n  }\n}\n",
        ),
        ("    \"Not|ifications\": true\n  }\n}\n", "RecommendedCadence", "    \"RecommendedCadence\": true\n  }\n}\n"),
    ] {
        assert_eq!(editor.taken(&format!("{open}{rest}"), label).strip_prefix(open), Some(expected), "{rest}");
    }
    // What is there already, before or after the cursor, is not offered.
    let labels = editor.labels(&format!("{open}    \"Beta\": {{}},\n    |\n    \"Notifications\": true\n  }}\n}}\n"));
    assert!(
        labels.contains(&"Deferrals".to_owned())
            && !labels.contains(&"Beta".to_owned())
            && !labels.contains(&"Notifications".to_owned()),
        "{labels:?}"
    );
    // The type may follow.
    assert!(
        editor
            .labels("{ \"Payload\": { | }, \"Type\": \"com.apple.configuration.passcode.settings\" }")
            .contains(&"MinimumLength".to_owned())
    );
    // Only keys of the right object.
    assert_eq!(editor.labels("{ \"Type\": \"com.apple.nonsense\", \"Payload\": { | } }"), [""; 0]);
}

#[test]
fn completes_in_arrays_lines_yaml_and_property_lists() {
    let settings = "\"Type\": \"com.apple.configuration.softwareupdate.settings\", \"Payload\": {";
    let mut editor = Editor::new("a.json", &[]);
    assert!(
        editor
            .labels(&format!("[\n  {{ {settings} }} }},\n  {{ {settings} \"Beta\": {{ |"))
            .contains(&"OfferPrograms".to_owned())
    );
    let mut editor = Editor::new("a.ndjson", &[]);
    assert!(editor.labels(&format!("{{ {settings} }} }}\n{{ {settings} \"|\n{{ }}\n")).contains(&"Deferrals".to_owned()));
    let mut editor = Editor::new("a.yaml", &[]);
    let open = "Type: com.apple.configuration.softwareupdate.settings\nIdentifier: a\nPayload:\n";
    for (rest, label, expected) in [
        ("  Def|", "Deferrals", "  Deferrals:\n  $1"),
        ("  Deferrals:\n    Maj|", "MajorPeriodInDays", "  Deferrals:\n    MajorPeriodInDays: ${1:90}"),
        ("  AutomaticActions:\n    Download: Al|", "AlwaysOff", "  AutomaticActions:\n    Download: AlwaysOff"),
        ("  RecommendedCadence: |\n", "All", "  RecommendedCadence: All\n"),
        ("  Beta:\n    OfferPrograms:\n      - |", "Token", "  Beta:\n    OfferPrograms:\n      - Token: $1"),
    ] {
        assert_eq!(editor.taken(&format!("{open}{rest}"), label).strip_prefix(open), Some(expected), "{rest}");
    }
    assert!(editor.labels("Type: |\n").contains(&"com.apple.activation.simple".to_owned()));
    let mut editor = Editor::new("a.mobileconfig", &[]);
    let open = "<plist version=\"1.0\"><dict><key>PayloadType</key><string>Configuration</string><key>PayloadContent</key><array>\n<dict>\n<key>PayloadType</key><string>com.apple.SoftwareUpdate</string>\n";
    assert_eq!(
        editor.taken(&format!("{open}<key>Allow|</key>\n"), "AllowPreReleaseInstallation").strip_prefix(open),
        Some("<key>AllowPreReleaseInstallation</key>\n")
    );
}

#[test]
fn completes_identifiers_and_status_items() {
    let asset = declaration("asset.credential.userpassword", "com.example.password", "{ }");
    let files = [("settings.json", &*settings("com.example.one", "{ }")), ("asset.json", &*asset)];
    let mut editor = Editor::new("a.json", &files);
    let active = "{ \"Type\": \"com.apple.activation.simple\", \"Payload\": { \"StandardConfigurations\": [";
    assert_eq!(editor.labels(&format!("{active}\"|\"] }} }}")), ["com.example.one"]);
    assert_eq!(editor.taken(&format!("{active}\"com.|"), "com.example.one"), format!("{active}\"com.example.one\""));
    assert_eq!(editor.labels(&format!("{active}\"com.example.one\", \"|\"] }} }}")), [""; 0]);
    let account = "{ \"Type\": \"com.apple.configuration.account.mail\", \"Payload\": { \"UserIdentityAssetReference\": \"|";
    assert_eq!(editor.labels(account), [""; 0], "the asset has another type");
    let calendar =
        "{ \"Type\": \"com.apple.configuration.account.caldav\", \"Payload\": { \"AuthenticationCredentialsAssetReference\": \"|";
    assert_eq!(editor.labels(calendar), ["com.example.password"]);
    let predicate = |text: &str| format!("{active}\"a\"], \"Predicate\": \"{text}\" }} }}");
    assert_eq!(
        editor.taken(&predicate("@status(device.op|) == 'x'"), "device.operating-system.version"),
        predicate("@status(device.operating-system.version) == 'x'")
    );
    assert_eq!(editor.taken(&predicate("@status(|"), "device.model.family"), predicate("@status(device.model.family)"));
    assert_eq!(
        editor.taken(&predicate("TRUEPREDICATE AND |"), "device.model.family"),
        predicate("TRUEPREDICATE AND @status(device.model.family)")
    );
    let subscription = "{ \"Type\": \"com.apple.configuration.management.status-subscriptions\", \"Payload\": { \"StatusItems\": [{ \"Name\": \"|";
    assert!(editor.labels(subscription).contains(&"mdm.app".to_owned()));
}

#[test]
fn a_client_without_snippets_gets_values() {
    let folder = Folder::new(&[]);
    let mut client = Client::start(&[&folder.path("")], "utf-16", json!({}));
    let path = folder.path("a.json");
    let (text, line, character) = cursor("{ \"Type\": \"com.apple.configuration.softwareupdate.settings\", \"Payload\": { | } }");
    client.open(&path, &text);
    let list = client.at("textDocument/completion", &path, line, character);
    for item in list["items"].as_array().expect("items") {
        assert_eq!(item["insertTextFormat"], 1);
        let written = apply(&text, std::slice::from_ref(&item["textEdit"]));
        serde_json::from_str::<Value>(&written).unwrap_or_else(|error| panic!("{error}: {written}"));
    }
}

#[test]
fn hover_shows_the_pages_of_explain() {
    let files = [
        ("b.json", &*settings("com.example.b", "{ \"Deferrals\": { \"MajorPeriodInDays\": 60 } }")),
        ("active.json", &*activation("com.example.active", &["com.example.a", "com.example.b"])),
    ];
    let mut editor = Editor::new("a.json", &files);
    let page = editor.hover(&settings("com.example.a", "{ \"Deferrals\": { \"Major|PeriodInDays\": 30 } }"));
    for part in [
        "# Deferrals.MajorPeriodInDays",
        "an integer from 1 to 90",
        "number-max",
        "Merged value",
        "| 60 | com.example.b | 30 in com.example.a |",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    for (marked, part) in [
        (settings("com.example.a", "{ \"Deferrals\": { \"MajorPeriodInDays\": 3|0 } }"), "# Deferrals.MajorPeriodInDays"),
        (settings("com.example.a", "{ \"Deferrals\": { \"MajorPeriodInDays\": 12|0 } }"), "What to do"),
        (settings("com.example.a", "{ \"AutomaticActions\": { \"Download\": \"Always|On\" } }"), "# AlwaysOn"),
        ("{ \"Type\": \"com.apple.activ|ation.simple\" }".to_owned(), "StandardConfigurations"),
        ("{ \"Ty|pe\": \"com.apple.activation.simple\" ".to_owned(), "# Type"),
        (activation("com.example.active", &["com.example.|b"]), "softwareupdate.settings in b.json, line 3"),
        (activation("com.example.active", &["com.example.|z"]), "No declaration here has this identifier."),
        ("{ \"Type\": \"com.apple.activation.simple\", \"Payload\": { \"Predicate\": \"@status(device.model.fam|ily) == 'Mac'\" } }".to_owned(), "# device.model.family"),
    ] {
        let page = editor.hover(&marked);
        assert!(page.contains(part), "{part}: {page}");
    }
    let mut editor = Editor::new("a.yaml", &[]);
    let page = editor.hover("Type: com.apple.configuration.passcode.settings\nIdentifier: a\nPayload:\n  Minimum|Length: 3\n");
    assert!(page.contains("# MinimumLength"), "{page}");
    let mut editor = Editor::new("a.mobileconfig", &[]);
    let page = editor.hover(&include_str!("../../../fixtures/legacy/profile.mobileconfig").replacen(
        "<key>AutomaticDownload",
        "<key>Automatic|Download",
        1,
    ));
    assert!(page.starts_with("# AutomaticDownload"), "{page}");
}

#[test]
fn the_configuration_has_hover_completion_and_findings() {
    let mut editor = Editor::new("ddmc.toml", &[]);
    assert!(editor.hover("[[ignore]]\nrea|son = \"x\"\n").starts_with("# reason"));
    assert!(editor.hover("[rules]\npast-dead|line = \"off\"\n").starts_with("# past-deadline"));
    assert!(editor.labels("|").contains(&"fail-on".to_owned()));
    assert_eq!(editor.taken("fail|", "fail-on"), "fail-on = ");
    assert_eq!(editor.labels("fail-on = \"|\""), ["error", "warning", "note"]);
    assert!(editor.labels("[[|").contains(&"policies".to_owned()));
    assert_eq!(editor.taken("[rules]\npast|", "past-deadline"), "[rules]\npast-deadline = ");
    assert_eq!(editor.taken("[rules]\npast-deadline = |", "off"), "[rules]\npast-deadline = \"off\"");
    assert_eq!(editor.taken("[[ignore]]\nrule = \"past|\"", "past-deadline"), "[[ignore]]\nrule = \"past-deadline\"");
    let keys = editor.labels("[[ignore]]\n|");
    assert!(keys.contains(&"until".to_owned()) && !keys.contains(&"fail-on".to_owned()), "{keys:?}");
}

#[test]
fn quick_fixes_are_those_of_check() {
    let mut editor = Editor::new("a.json", &[("ddmc.toml", "targets = [\"macOS=26.0\"]\n")]);
    let text = settings(
        "com.example.a",
        "{ \"deferrals\": { \"MajorPeriodInDays\": 120, \"MinorPeriodInDays\": \"7\" }, \"Nonsense\": 1 }",
    )
    .replace('\n', "\r\n");
    editor.set(&text);
    let path = editor.folder.path("a.json");
    let actions = editor.actions(None);
    let of = |rule: &str| -> Vec<Value> {
        actions
            .iter()
            .filter(|action| {
                action["diagnostics"][0]["code"] == rule
                    && action["title"].as_str().is_some_and(|title| !title.starts_with("Ignore"))
            })
            .cloned()
            .collect()
    };
    let (safe, doubtful) = (of("wrong-type"), of("out-of-range"));
    assert_eq!(safe[0]["isPreferred"], true, "{actions:#?}");
    assert!(apply(&text, &edits_of(&safe[0]["edit"], &path)).contains("\"MinorPeriodInDays\": 7 "));
    assert_eq!(doubtful[0]["isPreferred"], false);
    assert!(doubtful[0]["title"].as_str().is_some_and(|title| title.contains("review")), "{doubtful:?}");
    assert!(apply(&text, &edits_of(&doubtful[0]["edit"], &path)).contains("\"MajorPeriodInDays\": 90,"));
    // All safe ones, as --fix makes them.
    let all = editor.actions(Some("source.fixAll"));
    assert_eq!(all.len(), 1, "{all:?}");
    assert_eq!(all[0]["kind"], "source.fixAll.ddmc");
    let fixed = apply(&text, &edits_of(&all[0]["edit"], &path));
    editor.folder.write("a.json", &text);
    editor.folder.check(&["--fix", "a.json"]);
    assert_eq!(std::fs::read_to_string(&path).expect("a file"), fixed);
    assert_ne!(fixed, text);
    editor.set(&fixed);
    assert_eq!(editor.actions(Some("source.fixAll")).len(), 0);
    assert!(editor.actions(Some("quickfix")).iter().all(|action| action["kind"] == "quickfix"));
    assert_eq!(editor.actions(Some("refactor")).len(), 0);
}

#[test]
fn a_finding_can_be_ignored_with_a_reason() {
    for config in [None, Some("targets = [\"macOS=26.0\"]"), Some("[rules]\npast-deadline = \"off\"\n")] {
        let name = "macos [old]/a{1}.json";
        let files: Vec<(&str, &str)> = config.map(|text| ("ddmc.toml", text)).into_iter().collect();
        let mut editor = Editor::new("macos [old]/a{1}.json", &files);
        // The client escapes what the server does not.
        let text = settings("com.example.a", "{ \"Nonsense\": 1, \"Other\": 2 }");
        editor.set(&text);
        let actions = editor.actions(Some("quickfix"));
        let ignore = actions
            .iter()
            .find(|action| action["title"].as_str().is_some_and(|title| title.starts_with("Ignore")))
            .expect("an action");
        assert_eq!(ignore["isPreferred"], false);
        let path = editor.folder.path("ddmc.toml");
        let edits = edits_of(&ignore["edit"], &path);
        let old = config.unwrap_or_default();
        assert_eq!(ignore["edit"]["documentChanges"][0]["kind"] == "create", config.is_none());
        let new = apply(old, &edits);
        assert!(new.contains("reason = \"TODO: say why this is accepted\""), "{new}");
        editor.folder.write("ddmc.toml", &new);
        editor.folder.write(name, &text);
        let left = editor.folder.check(&[]);
        assert_eq!(left.iter().filter(|found| found.rule == "unknown-key").count(), 1, "{left:?}\n{new}");
        assert!(!left.iter().any(|found| found.file == "ddmc.toml"), "{left:?}\n{new}");
    }
}

#[test]
fn identifiers_are_found_and_renamed_in_all_files() {
    let files = [
        ("a.json", settings("com.example.a", "{ }")),
        ("array.json", format!("[{},\n{}]", activation("com.example.one", &["com.example.a"]), activation("com.example.two", &["x", "com.example.a"]))),
        ("yaml.yaml", "Type: com.apple.activation.simple\nIdentifier: com.example.y\nPayload:\n  StandardConfigurations:\n    - com.example.a\n    - 'com.example.a'\n".to_owned()),
        ("set.mac.txt", "# com.example.a\ncom.example.a\n".to_owned()),
        ("other.json", settings("com.example.ab", "{ \"Beta\": { \"OfferPrograms\": [{ \"Token\": \"t\", \"Description\": \"com.example.a\" }] } }")),
    ];
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, &**text)).collect();
    let mut editor = Editor::new("array.json", &files);
    let marked = files[1].1.replacen("com.example.a\"", "com.exam|ple.a\"", 1);
    let definition = editor.at("textDocument/definition", &marked);
    assert_eq!(definition[0]["uri"], uri(&editor.folder.path("a.json")));
    assert_eq!(definition[0]["range"]["start"], json!({ "line": 2, "character": 16 }));
    let references = editor.at("textDocument/references", &marked);
    let places: Vec<&str> = references
        .as_array()
        .expect("places")
        .iter()
        .map(|place| place["uri"].as_str().expect("a URI").rsplit('/').next().expect("a name"))
        .collect();
    assert_eq!(places, ["a.json", "array.json", "array.json", "set.mac.txt", "yaml.yaml", "yaml.yaml"]);
    let prepared = editor.at("textDocument/prepareRename", &marked);
    assert_eq!(prepared["placeholder"], "com.example.a");
    let (text, line, character) = cursor(&marked);
    let rename = |editor: &mut Editor, name: &str| {
        let params = json!({ "textDocument": { "uri": uri(&editor.folder.path("array.json")) }, "position": { "line": line, "character": character }, "newName": name });
        editor.client.request("textDocument/rename", params)
    };
    let edit = rename(&mut editor, "com.example.new").expect("an edit");
    for (name, old) in &files {
        let new = apply(old, &edits_of(&edit, &editor.folder.path(name)));
        let expected = match *name {
            "other.json" => (*old).to_owned(),
            "set.mac.txt" => "# com.example.a\ncom.example.new\n".to_owned(),
            _ => old
                .replace("com.example.a\"", "com.example.new\"")
                .replace("com.example.a'", "com.example.new'")
                .replace("com.example.a\n", "com.example.new\n"),
        };
        assert_eq!(new, expected, "{name}");
    }
    for refused in ["", "com.example.ab", &"x".repeat(65), "$VAR"] {
        assert_eq!(rename(&mut editor, refused), Err(-32803), "{refused}");
    }
    assert_eq!(text, files[1].1);
    editor.set("{ \"Type\": 7 }");
    let params =
        json!({ "textDocument": { "uri": uri(&editor.folder.path("array.json")) }, "position": { "line": 0, "character": 11 } });
    assert_eq!(editor.client.request("textDocument/prepareRename", params), Err(-32803));
}

#[test]
fn symbols_are_declarations_and_their_keys() {
    let mut editor = Editor::new("a.json", &[]);
    editor.set(&settings("com.example.a", "{ \"Beta\": { }, \"Notifications\": true }"));
    let document = json!({ "textDocument": { "uri": uri(&editor.folder.path("a.json")) } });
    let symbols = editor.client.request("textDocument/documentSymbol", document).expect("symbols");
    assert_eq!(symbols.as_array().map(Vec::len), Some(1));
    assert_eq!(
        (symbols[0]["name"].as_str(), symbols[0]["detail"].as_str()),
        (Some("com.example.a"), Some("softwareupdate.settings"))
    );
    let keys: Vec<&str> =
        symbols[0]["children"].as_array().expect("keys").iter().filter_map(|key| key["name"].as_str()).collect();
    assert_eq!(keys, ["Beta", "Notifications"]);
}

#[test]
fn nothing_that_the_server_says_holds_a_secret() {
    let secret = "b9d2d6f1-4a7c-e2c4";
    let program = format!(
        "{{ \"Beta\": {{ \"RequireProgram\": {{ \"Token\": \"{secret}\", \"Description\": \"d\" }}, \"Token\": \"{secret}\", \"Deferral\": {{ }} }} }}"
    );
    let text = settings("com.example.a", &program);
    let files = [
        ("b.json", &*settings("com.example.b", &program.replace("-e2c4", "-e2c4-b"))),
        ("active.json", &*activation("com.example.active", &["com.example.a", "com.example.b"])),
    ];
    let mut editor = Editor::new("a.json", &files);
    for text in [text.clone(), text.replacen('}', "", 1), text.replacen("\"Token\"", "Token", 1)] {
        editor.set(&text);
        let path = editor.folder.path("a.json");
        let (lines, about) = (text.lines().count(), json!({ "uri": uri(&path) }));
        editor.actions(None).iter().for_each(|action| assert!(!action.to_string().contains("b9d2d6f1"), "{action}"));
        for line in 0..lines {
            let width = text.lines().nth(line).expect("a line").len();
            for character in (0..width).step_by(3) {
                for method in ["hover", "completion", "definition", "references"] {
                    let answer = editor.client.at(&format!("textDocument/{method}"), &path, line, character);
                    assert!(!answer.to_string().contains("b9d2d6f1"), "{method} {line}:{character}: {answer}");
                }
            }
        }
        editor.client.request("textDocument/documentSymbol", json!({ "textDocument": about })).expect("symbols");
    }
    let (status, said) = editor.client.stop();
    assert!(status.success() && !said.contains("b9d2d6f1"), "{said}");
    assert!(!said.contains("internal error"), "{said}");
}

#[test]
fn nothing_about_a_damaged_document_holds_a_secret() {
    let folder = Folder::new(&[]);
    let mut client = Client::start(&[&folder.path("")], "utf-16", able());
    let mut tried = 0;
    for seed in 0..60 * thorough() {
        let mut dice = fastrand::Rng::with_seed(seed);
        let planted = Planted::new(&std::iter::repeat_with(|| dice.u8(..)).take(256).collect::<Vec<_>>());
        // An editor sends text.
        let Ok(text) = String::from_utf8(planted.text.clone()) else { continue };
        tried += 1;
        let path = folder.path(&format!("{seed}-{}", planted.name));
        client.open(&path, &text);
        client.settle();
        let about = json!({ "uri": uri(&path) });
        let lines: Vec<&str> = text.lines().collect();
        let range = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": lines.len(), "character": 0 } });
        let params = json!({ "textDocument": about, "range": range, "context": { "diagnostics": [] } });
        let mut answers = vec![client.request("textDocument/codeAction", params).expect("actions")];
        answers.push(client.request("textDocument/documentSymbol", json!({ "textDocument": about })).expect("symbols"));
        for _ in 0..12 {
            let line = dice.usize(..lines.len().max(1));
            let character = dice.usize(..=lines.get(line).map_or(0, |line| line.len()));
            answers.push(client.at("textDocument/hover", &path, line, character));
            answers.push(client.at("textDocument/completion", &path, line, character));
        }
        answers.append(&mut client.said);
        client.close(&path);
        for answer in answers {
            let answer = answer.to_string();
            let leak = planted.leak(&answer);
            assert!(leak.is_none(), "seed {seed}: {leak:?} of {}\n{text}\n{answer}", planted.name);
        }
    }
    assert!(tried > 20, "{tried}");
    assert!(client.stop().0.success());
}

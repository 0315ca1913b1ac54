//! The language server, spoken to as an editor does: its life, documents, folders and files.

mod client;
mod editor;
mod edits;
mod features;
mod legacy;
mod limits;
mod pull;

use serde_json::{Value, json};

pub(crate) use client::{Client, Folder, Found, offset, uri};

/// A declaration on several lines.
pub(crate) fn declaration(kind: &str, identifier: &str, payload: &str) -> String {
    format!("{{\n  \"Type\": \"com.apple.{kind}\",\n  \"Identifier\": \"{identifier}\",\n  \"Payload\": {payload}\n}}\n")
}

pub(crate) fn settings(identifier: &str, payload: &str) -> String {
    declaration("configuration.softwareupdate.settings", identifier, payload)
}

pub(crate) fn activation(identifier: &str, names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
    declaration("activation.simple", identifier, &format!("{{ \"StandardConfigurations\": [{}] }}", names.join(", ")))
}

#[test]
fn diagnostics_of_open_and_other_files_are_those_of_check() {
    let folder = Folder::new(&[
        ("macos/a.json", &settings("com.example.a", "{ \"Deferral\": { \"MajorPeriodInDays\": 300 } }")),
        ("macos/b.json", &settings("com.example.a", "{ }")),
        ("activation.json", &activation("com.example.active", &["com.example.a", "com.example.missing"])),
        ("package.json", "{ \"name\": \"x\" }"),
        (".gitignore", "ignored/\n"),
        ("ignored/c.json", &settings("com.example.c", "{ \"Deferral\": { } }")),
        (
            "ddmc.toml",
            "targets = [\"macOS=15.4\"]\n[[ignore]]\nrule = \"unknown-key\"\npaths = \"macos/b.json\"\nreason = \"x\"\n",
        ),
    ]);
    std::fs::create_dir(folder.path(".git")).expect("a folder");
    let read = |file: &str| std::fs::read_to_string(folder.path(file)).expect("a file");
    for encoding in ["utf-8", "utf-16"] {
        let mut client = Client::start(&[&folder.path("")], encoding, json!({}));
        let published = client.settle();
        let expected = folder.check(&[]);
        assert!(expected.len() >= 4, "{expected:?}");
        assert!(expected.iter().any(|found| found.rule == "unused-ignore"), "{expected:?}");
        assert_eq!(folder.published(&published, encoding, read), expected);
        // A document that is open counts as named.
        client.open(&folder.path("package.json"), &read("package.json"));
        let published = client.settle();
        let found = folder.published(&published, encoding, read);
        assert!(found.iter().any(|found| found.file == "package.json" && found.rule == "not-a-declaration"), "{found:?}");
        client.close(&folder.path("package.json"));
        let published = client.settle();
        assert_eq!(folder.published(&published, encoding, read), expected);
        assert!(client.stop().0.success());
    }
}

#[test]
fn unsaved_text_counts_and_the_file_counts_again_when_it_is_closed() {
    let folder = Folder::new(&[
        ("a.json", &settings("com.example.a", "{ }")),
        ("activation.json", &activation("com.example.active", &["com.example.a"])),
    ]);
    let (a, activation) = (folder.path("a.json"), folder.path("activation.json"));
    let mut client = Client::start(&[&folder.path("")], "utf-16", json!({}));
    client.open(&a, &settings("com.example.b", "{ }"));
    let rules = |client: &mut Client, path| -> Vec<String> {
        client.diagnostics(path).iter().map(|item| item["code"].as_str().expect("a code").to_owned()).collect()
    };
    assert_eq!(rules(&mut client, &activation), ["missing-configuration"]);
    client.close(&a);
    assert_eq!(rules(&mut client, &activation), [""; 0]);
    // Changes from outside.
    let changed = |client: &mut Client, path: &std::path::Path, kind: u8| {
        client.notify("workspace/didChangeWatchedFiles", json!({ "changes": [{ "uri": uri(path), "type": kind }] }));
    };
    folder.write("a.json", &settings("com.example.other", "{ }"));
    changed(&mut client, &a, 2);
    assert_eq!(rules(&mut client, &activation).len(), 1);
    folder.write("ddmc.toml", "[rules]\nmissing-configuration = \"off\"\n");
    changed(&mut client, &folder.path("ddmc.toml"), 1);
    assert_eq!(rules(&mut client, &activation), [""; 0]);
    std::fs::remove_file(folder.path("ddmc.toml")).expect("a file");
    changed(&mut client, &folder.path("ddmc.toml"), 3);
    assert_eq!(rules(&mut client, &activation).len(), 1);
    folder.write("new/c.json", &settings("com.example.a", "{ }"));
    changed(&mut client, &folder.path("new/c.json"), 1);
    assert_eq!(rules(&mut client, &activation), [""; 0]);
    // A folder that is renamed takes its files along.
    std::fs::rename(folder.path("new"), folder.path("newer")).expect("a folder");
    changed(&mut client, &folder.path("new"), 3);
    assert_eq!(rules(&mut client, &activation).len(), 1);
    changed(&mut client, &folder.path("newer"), 1);
    assert_eq!(rules(&mut client, &activation), [""; 0]);
    std::fs::remove_dir_all(folder.path("newer")).expect("a folder");
    changed(&mut client, &folder.path("newer"), 3);
    assert_eq!(rules(&mut client, &activation).len(), 1);
    // A client that does not watch files saves.
    folder.write("c.json", &settings("com.example.a", "{ }"));
    client.notify("textDocument/didSave", json!({ "textDocument": { "uri": uri(&a) } }));
    assert_eq!(rules(&mut client, &activation), [""; 0]);
    assert!(client.stop().0.success());
}

#[test]
fn a_broken_configuration_is_all_that_is_reported() {
    let folder = Folder::new(&[("a.json", &settings("com.example.a", "{ \"Deferral\": { } }")), ("ddmc.toml", "target = 1\n")]);
    let mut client = Client::start(&[&folder.path("")], "utf-16", json!({}));
    let read = |file: &str| std::fs::read_to_string(folder.path(file)).expect("a file");
    let published = client.settle();
    assert_eq!(folder.published(&published, "utf-16", read), folder.check(&[]));
    assert!(client.diagnostics(&folder.path("a.json")).is_empty());
    client.open(&folder.path("ddmc.toml"), "targets = []\n");
    assert!(client.diagnostics(&folder.path("ddmc.toml")).is_empty());
    assert_eq!(client.diagnostics(&folder.path("a.json")).len(), 1);
    client.replace(&folder.path("ddmc.toml"), 2, "targets = [\n");
    assert_eq!(client.diagnostics(&folder.path("ddmc.toml")).len(), 1);
    assert!(client.diagnostics(&folder.path("a.json")).is_empty());
    assert!(client.stop().0.success());
}

#[test]
fn nothing_outside_of_the_folder_is_read() {
    let folder = Folder::new(&[
        ("ddmc.toml", "[rules]\nunknown-key = \"off\"\n"),
        ("policy.json", "{}"),
        ("inner/a.json", &settings("com.example.a", "{ \"Deferral\": { } }")),
        ("other/ddmc.toml", "[[policies]]\nfile = \"../policy.json\"\n"),
        ("other/a.json", &settings("com.example.b", "{ \"Deferral\": { } }")),
    ]);
    std::fs::create_dir(folder.path(".git")).expect("a folder");
    let mut client = Client::start(&[&folder.path("inner"), &folder.path("other")], "utf-16", json!({}));
    assert_eq!(client.diagnostics(&folder.path("inner/a.json")).len(), 1);
    assert_eq!(client.diagnostics(&folder.path("other/a.json")).len(), 0);
    let (_, said) = client.stop();
    assert!(said.contains("is outside the folder that the editor has open"), "{said}");
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    let outside = Folder::new(&[("a.json", &settings("com.example.a", "{ \"Deferral\": { } }"))]);
    let folder = Folder::new(&[]);
    std::os::unix::fs::symlink(outside.path("a.json"), folder.path("a.json")).expect("a link");
    std::os::unix::fs::symlink(outside.path(""), folder.path("b")).expect("a link");
    let mut client = Client::start(&[&folder.path("")], "utf-16", json!({}));
    for name in ["a.json", "b/a.json"] {
        client.notify("workspace/didChangeWatchedFiles", json!({ "changes": [{ "uri": uri(&folder.path(name)), "type": 1 }] }));
    }
    assert_eq!(client.settle(), []);
    assert!(client.stop().0.success());
}

#[test]
fn folders_come_and_go() {
    let wrong = settings("com.example.a", "{ \"Deferral\": { } }");
    let (one, two) = (Folder::new(&[("a.json", &wrong)]), Folder::new(&[("a.json", &wrong)]));
    let mut client = Client::start(&[&one.path("")], "utf-16", json!({}));
    let folders = |added: &[&Folder], removed: &[&Folder]| {
        let names =
            |all: &[&Folder]| all.iter().map(|folder| json!({ "uri": uri(&folder.path("")), "name": "x" })).collect::<Vec<_>>();
        json!({ "event": { "added": names(added), "removed": names(removed) } })
    };
    client.notify("workspace/didChangeWorkspaceFolders", folders(&[&two], &[]));
    // The same identifier in two folders is not a duplicate.
    assert_eq!([client.diagnostics(&one.path("a.json")).len(), client.diagnostics(&two.path("a.json")).len()], [1, 1]);
    client.notify("workspace/didChangeWorkspaceFolders", folders(&[], &[&one]));
    assert_eq!([client.diagnostics(&one.path("a.json")).len(), client.diagnostics(&two.path("a.json")).len()], [0, 1]);
    assert!(client.stop().0.success());
}

#[test]
fn a_document_without_a_folder_is_checked_alone() {
    let folder = Folder::new(&[("b.json", "{}"), ("ddmc.toml", "x = 1\n")]);
    let mut client = Client::start(&[], "utf-16", json!({}));
    client.open(&folder.path("a.json"), &settings("com.example.a", "{ \"Deferral\": { } }"));
    assert_eq!(client.diagnostics(&folder.path("a.json")).len(), 1);
    let item = |uri: &str, language: &str, text: &str| json!({ "textDocument": { "uri": uri, "languageId": language, "version": 1, "text": text } });
    client.notify(
        "textDocument/didOpen",
        item(
            "untitled:Untitled-1",
            "yaml",
            "Type: com.apple.configuration.softwareupdate.settings\nIdentifier: a\nPayload:\n  Deferral: {}\n",
        ),
    );
    client.notify("textDocument/didOpen", item("git:/x/a.json?ref", "json", "{"));
    client.notify("textDocument/didOpen", item("file:///nowhere/ddmc.toml", "toml", "x = 1\n"));
    let all = client.settle();
    let of = |uri: &str| all.iter().find(|(other, _)| other == uri).map(|(_, params)| params["diagnostics"][0]["code"].clone());
    assert_eq!(of("untitled:Untitled-1"), Some(json!("unknown-key")));
    assert_eq!(of("git:/x/a.json?ref"), Some(json!("invalid-json")));
    assert_eq!(of("file:///nowhere/ddmc.toml"), Some(json!("invalid-configuration")));
    assert!(!all.iter().any(|(uri, _)| uri.ends_with("/b.json")), "{all:?}");
    assert!(client.stop().0.success());
}

#[test]
fn the_edited_document_comes_first() {
    let deferral = |name: &str, days: u8| {
        settings(&format!("com.example.{name}"), &format!("{{ \"Deferrals\": {{ \"MajorPeriodInDays\": {days} }} }}"))
    };
    let folder = Folder::new(&[
        ("a.json", &deferral("a", 30)),
        ("z.json", &deferral("z", 30)),
        ("active.json", &activation("com.example.active", &["com.example.a", "com.example.z"])),
    ]);
    let mut client = Client::start(&[&folder.path("")], "utf-16", json!({}));
    client.open(&folder.path("z.json"), &deferral("z", 30));
    client.settle();
    client.said.clear();
    client.replace(&folder.path("z.json"), 2, &deferral("z", 60));
    client.settle();
    let order: Vec<&Value> = client.said.iter().map(|message| &message["params"]["uri"]).collect();
    assert_eq!(order, [&json!(uri(&folder.path("z.json"))), &json!(uri(&folder.path("a.json")))]);
    assert!(client.stop().0.success());
}

#[test]
fn diagnostics_have_places_tags_and_links() {
    let folder = Folder::new(&[
        ("a.json", &settings("com.example.a", "{ }")),
        ("b.json", &settings("com.example.a", "{ \"AllowStandardUserOSUpdates\": true, \"AllowStandardUserOSUpdates\": false }")),
    ]);
    let mut client = Client::start(&[&folder.path("")], "utf-16", json!({}));
    let found = client.diagnostics(&folder.path("b.json"));
    let of = |rule: &str| found.iter().find(|item| item["code"] == rule).unwrap_or_else(|| panic!("{rule}: {found:?}"));
    let duplicate = of("duplicate-identifier");
    assert_eq!(duplicate["source"], "ddmc");
    assert_eq!(duplicate["range"], json!({ "start": { "line": 2, "character": 16 }, "end": { "line": 2, "character": 31 } }));
    let related = &duplicate["relatedInformation"][0];
    assert_eq!(related["location"]["uri"], uri(&folder.path("a.json")));
    assert_eq!(related["location"]["range"]["start"], json!({ "line": 2, "character": 16 }));
    let page = duplicate["codeDescription"]["href"].as_str().expect("a page");
    assert!(page.ends_with("/docs/rules/duplicate-identifier.md"), "{page}");
    assert_eq!(of("duplicate-key")["tags"], json!([1]));
    assert!(client.stop().0.success());
}

#[test]
fn the_server_lives_as_the_protocol_says() {
    let mut client = Client::spawn();
    assert_eq!(client.request("textDocument/hover", json!({})), Err(-32002));
    client.notify("textDocument/didOpen", json!({}));
    client.notify("initialized", json!({}));
    client.request("initialize", json!({ "capabilities": {} })).expect("a result");
    assert_eq!(client.request("initialize", json!({ "capabilities": {} })), Err(-32600));
    assert_eq!(client.request("no/such", Value::Null), Err(-32601));
    assert_eq!(client.request("textDocument/diagnostic", json!({ "textDocument": 7 })), Err(-32602));
    client.request("shutdown", Value::Null).expect("a result");
    assert_eq!(client.request("shutdown", Value::Null), Err(-32600));
    client.notify("exit", Value::Null);
    assert_eq!(client.wait().0.code(), Some(0));
    // Without a request to shut down, the exit status is 1.
    let mut client = Client::spawn();
    client.notify("exit", Value::Null);
    assert_eq!(client.wait().0.code(), Some(1));
    assert_eq!(Client::spawn().wait().0.code(), Some(1));
}

#[test]
fn cancelled_and_stale_requests_are_dropped() {
    let folder = Folder::new(&[]);
    let path = folder.path("a.json");
    let mut client = Client::start(&[&folder.path("")], "utf-16", json!({}));
    client.open(&path, &settings("com.example.a", "{ }"));
    client.settle();
    // The server reads messages while it works, and these come at once.
    let about = json!({ "textDocument": { "uri": uri(&path) }, "position": { "line": 0, "character": 0 } });
    let framed = |message: &Value| format!("Content-Length: {}\r\n\r\n{message}", message.to_string().len());
    let big = "x".repeat(8 << 20);
    let mut bytes = framed(&json!({ "jsonrpc": "2.0", "method": "textDocument/didChange", "params": {
        "textDocument": { "uri": uri(&path), "version": 2 }, "contentChanges": [{ "text": big }, { "text": "{}" }] } }));
    for id in [501, 502] {
        bytes += &framed(&json!({ "jsonrpc": "2.0", "id": id, "method": "textDocument/diagnostic", "params": about }));
    }
    bytes += &framed(&json!({ "jsonrpc": "2.0", "method": "$/cancelRequest", "params": { "id": 501 } }));
    bytes += &framed(&json!({ "jsonrpc": "2.0", "method": "$/cancelRequest", "params": { "id": 999 } }));
    client.raw(bytes.as_bytes());
    assert!(matches!(client.answer(501), Err(-32800) | Ok(_)));
    client.answer(502).expect("a report");
    assert!(client.stop().0.success());
}

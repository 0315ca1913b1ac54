//! What a client may send, and what a folder may hold.

use serde_json::{Value, json};

use super::{Client, Folder, settings, uri};

#[test]
fn hostile_messages_do_not_end_the_server() {
    let mut client = Client::start(&[], "utf-16", json!({}));
    client.raw(b"Content-Length: 5\r\n\r\n{\"id\"Content-Length: x\r\n\r\nContent-Length: 2\r\n\r\n[]");
    client.raw(b"Content-Length: 22\r\n\r\n{\"id\":[],\"method\":\"x\"}");
    client.raw(format!("Content-Length: {}\r\n\r\n", (64 << 20) + 1).as_bytes());
    client.raw(&vec![b' '; (64 << 20) + 1]);
    for uri in [
        "file:///%",
        "file:///%00",
        "file://x/y",
        "file:///c%3A/x.json",
        "c:\\x.json",
        "",
        "file:///../../etc/passwd",
        "http://x/a.json",
    ] {
        let item = json!({ "uri": uri, "languageId": "json", "version": -7, "text": "{" });
        client.notify("textDocument/didOpen", json!({ "textDocument": item }));
        let range = json!({ "start": { "line": 1e18, "character": 7 }, "end": { "line": 0, "character": 0 } });
        let document = json!({ "uri": uri, "version": null });
        client.notify(
            "textDocument/didChange",
            json!({ "textDocument": document, "contentChanges": [{ "range": range, "text": "[" }] }),
        );
        let range = json!({ "start": { "line": 99, "character": 7 }, "end": { "line": 0, "character": 0 } });
        client.notify(
            "textDocument/didChange",
            json!({ "textDocument": document, "contentChanges": [{ "range": range, "text": "[" }] }),
        );
        client.notify("workspace/didChangeWatchedFiles", json!({ "changes": [{ "uri": uri, "type": 1 }] }));
        client.notify("textDocument/didClose", json!({ "textDocument": { "uri": uri } }));
    }
    client.notify("textDocument/didChange", json!({ "textDocument": { "uri": "file:///never/opened" }, "contentChanges": [] }));
    client.settle();
    let refused = client.said.iter().filter(|message| message["error"]["code"].is_i64()).count();
    assert_eq!(refused, 5, "{:?}", client.said);
    assert!(client.stop().0.success());
}

#[test]
fn a_long_document_does_not_block_others() {
    let folder = Folder::new(&[]);
    let (long, short) = (folder.path("long.ndjson"), folder.path("short.json"));
    let line = settings("com.example.a", "{ }").replace('\n', " ");
    let text: String =
        (0..100_000).map(|number| line.replace("com.example.a", &format!("com.example.{number}")) + "\n").collect();
    let mut client = Client::start(&[&folder.path("")], "utf-16", json!({}));
    client.open(&long, &(text.clone() + "{"));
    client.open(&short, &settings("com.example.a", "{ \"Deferral\": { } }"));
    let pending = client.ask("textDocument/diagnostic", json!({ "textDocument": { "uri": uri(&long) } }));
    let is_about = |message: &Value, path: &std::path::Path| message["params"]["uri"] == uri(path).as_str();
    let first = loop {
        let message = client.receive();
        if message["method"] == "textDocument/publishDiagnostics" {
            break message;
        }
    };
    assert!(is_about(&first, &short), "{first}");
    let report = client.answer(pending).expect("a report");
    assert_eq!(report["items"].as_array().map(Vec::len), Some(1), "{report}");
    // The last text counts, also if it is a short one after a long one that is being checked.
    client.replace(&long, 2, "{");
    client.replace(&long, 3, &text);
    client.settle();
    client.replace(&long, 4, &text);
    client.replace(&long, 5, "{");
    let pending = client.ask("textDocument/diagnostic", json!({ "textDocument": { "uri": uri(&long) } }));
    assert_ne!(client.answer(pending).expect("a report")["items"], json!([]));
    client.replace(&long, 6, &text);
    let pending = client.ask("textDocument/diagnostic", json!({ "textDocument": { "uri": uri(&long) } }));
    assert_eq!(client.answer(pending).expect("a report")["items"], json!([]));
    assert!(client.stop().0.success());
}

#[test]
fn thousands_of_edits_of_a_long_document_are_made_in_any_order() {
    let folder = Folder::new(&[("a.json", &settings("com.example.a", "{ }"))]);
    let path = folder.path("a.json");
    let wrong = settings("com.example.a", "{ \"Deferral\": { } }");
    let lines = 1 << 17;
    let mut client = Client::start(&[&folder.path("")], "utf-16", json!({}));
    client.open(&path, &(wrong.clone() + &"\n".repeat(lines)));
    let edit = |line: usize| json!({ "range": { "start": { "line": line, "character": 0 }, "end": { "line": line, "character": 0 } }, "text": " " });
    let change = |client: &mut Client, version: u64, changes: Vec<Value>| {
        let document = json!({ "uri": uri(&path), "version": version });
        client.notify("textDocument/didChange", json!({ "textDocument": document, "contentChanges": changes }));
    };
    // An edit on each of many lines, in both orders.
    change(&mut client, 2, (0..lines / 8).map(|line| edit(8 * line)).collect());
    change(&mut client, 3, (0..lines / 8).rev().map(|line| edit(8 * line)).collect());
    assert_eq!(client.diagnostics(&path).len(), 1);
    change(&mut client, 4, (0..4000).map(|at| edit(at % 2 * lines)).collect());
    assert_eq!(client.diagnostics(&path).len(), 1);
    assert!(client.stop().0.success());
}

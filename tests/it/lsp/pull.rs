//! Diagnostics that the client asks for: of a document, and of all files.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Client, Folder, settings, uri};

#[test]
fn a_client_that_asks_for_diagnostics_gets_them_once() {
    let folder = Folder::new(&[
        ("a.json", &settings("com.example.a", "{ \"Deferral\": { } }")),
        ("b.json", &settings("com.example.b", "{ \"Deferral\": { } }")),
    ]);
    let pull = json!({ "textDocument": { "diagnostic": {} }, "workspace": { "diagnostics": { "refreshSupport": true } } });
    let mut client = Client::start(&[&folder.path("")], "utf-16", pull);
    assert_eq!(client.diagnostics(&folder.path("a.json")).len(), 1, "the file is not open");
    client.open(&folder.path("a.json"), &settings("com.example.a", "{ \"Deferral\": { } }"));
    assert_eq!(client.diagnostics(&folder.path("a.json")).len(), 0, "the client asks");
    let ask = |client: &mut Client| {
        client
            .request("textDocument/diagnostic", json!({ "textDocument": { "uri": uri(&folder.path("a.json")) } }))
            .expect("a report")
    };
    let report = ask(&mut client);
    assert_eq!((report["kind"].as_str(), report["items"][0]["code"].as_str()), (Some("full"), Some("unknown-key")));
    let params = json!({ "textDocument": { "uri": uri(&folder.path("a.json")) }, "previousResultId": report["resultId"] });
    let again = client.request("textDocument/diagnostic", params).expect("a report");
    assert_eq!(again, json!({ "kind": "unchanged", "resultId": report["resultId"] }));
    // A change of another document that changes this one.
    client.said.clear();
    client.open(&folder.path("b.json"), &settings("com.example.a", "{ }"));
    client.settle();
    assert!(
        !client.said.iter().any(
            |message| message["method"] == "textDocument/publishDiagnostics" && message["params"]["diagnostics"] != json!([])
        ),
        "{:?}",
        client.said
    );
    client.replace(&folder.path("a.json"), 2, &settings("com.example.z", "{ }"));
    client.settle();
    assert!(client.said.iter().any(|message| message["method"] == "workspace/diagnostic/refresh"), "{:?}", client.said);
    client.close(&folder.path("a.json"));
    assert_eq!(client.diagnostics(&folder.path("a.json")).len(), 1, "the file counts again");
    assert!(client.stop().0.success());
}

/// The reports about all files, by URI. `known` are those that the client has.
fn ask_for_all(client: &mut Client, known: &BTreeMap<String, Value>) -> BTreeMap<String, Value> {
    let known: Vec<Value> = known.iter().map(|(uri, report)| json!({ "uri": uri, "value": report["resultId"] })).collect();
    let reports = client.request("workspace/diagnostic", json!({ "previousResultIds": known })).expect("reports");
    let items = reports["items"].as_array().expect("reports").iter();
    items.map(|report| (report["uri"].as_str().expect("a URI").to_owned(), report.clone())).collect()
}

#[test]
fn a_client_that_asks_for_all_diagnostics_gets_them_once() {
    let wrong = settings("com.example.a", "{ \"Deferral\": { } }");
    let folder = Folder::new(&[("a.json", &wrong), ("b.json", &wrong), ("c.json", &settings("com.example.c", "{ }"))]);
    let (a, b) = (folder.path("a.json"), folder.path("b.json"));
    let pull = json!({ "textDocument": { "diagnostic": {} }, "workspace": { "diagnostics": { "refreshSupport": true } } });
    let mut client = Client::start(&[&folder.path("")], "utf-16", pull);
    assert_eq!([client.diagnostics(&a).len(), client.diagnostics(&b).len()], [1, 2], "the client may not ask");
    client.open(&a, &wrong);
    let first = ask_for_all(&mut client, &BTreeMap::new());
    assert_eq!(first.keys().collect::<Vec<_>>(), [&uri(&a), &uri(&b)]);
    assert_eq!([client.diagnostics(&a).len(), client.diagnostics(&b).len()], [0, 0], "what was said is taken back");
    let of = |reports: &BTreeMap<String, Value>, path| reports[&uri(path)].clone();
    assert_eq!((of(&first, &a)["version"].as_i64(), of(&first, &b)["version"].as_i64()), (Some(1), None));
    // They are what check reports.
    let published: Vec<(String, Value)> =
        first.iter().map(|(uri, report)| (uri.clone(), json!({ "diagnostics": report["items"] }))).collect();
    let read = |file: &str| std::fs::read_to_string(folder.path(file)).expect("a file");
    assert_eq!(folder.published(&published, "utf-16", read), folder.check(&[]));
    // Nothing has changed, then one file has no findings any more.
    let second = ask_for_all(&mut client, &first);
    assert!(second.values().all(|report| report["kind"] == "unchanged" && report.get("items").is_none()), "{second:?}");
    client.said.clear();
    client.replace(&a, 2, &settings("com.example.z", "{ }"));
    let third = ask_for_all(&mut client, &second);
    assert_eq!((of(&third, &a)["kind"].as_str(), of(&third, &a)["items"].clone()), (Some("full"), json!([])));
    assert_eq!(of(&third, &b)["items"].as_array().map(Vec::len), Some(1), "the identifier is no longer there twice");
    assert!(client.said.iter().any(|message| message["method"] == "workspace/diagnostic/refresh"), "{:?}", client.said);
    let fourth = ask_for_all(&mut client, &third);
    assert_eq!(of(&fourth, &a)["kind"], "unchanged");
    // A file that is gone, under the name that the client gave it.
    std::fs::remove_file(&b).expect("a file");
    client.notify("workspace/didChangeWatchedFiles", json!({ "changes": [{ "uri": uri(&b), "type": 3 }] }));
    let escaped = uri(&b).replace("b.json", "%62.json");
    let known = BTreeMap::from([(escaped.clone(), of(&third, &b)), ("untitled:x".to_owned(), of(&third, &b))]);
    let fifth = ask_for_all(&mut client, &known);
    assert_eq!(fifth.keys().collect::<Vec<_>>(), [&escaped, "untitled:x"]);
    assert!(fifth.values().all(|report| report["kind"] == "full" && report["items"] == json!([])), "{fifth:?}");
    client.close(&a);
    assert!(ask_for_all(&mut client, &fifth).contains_key(&uri(&a)), "the file counts again");
    let pushed = client.settle();
    assert!(pushed.iter().all(|(_, params)| params["diagnostics"] == json!([])), "{pushed:?}");
    assert!(client.stop().0.success());
}

#[test]
fn reports_come_in_parts_to_a_client_that_wants_them_so() {
    let folder = Folder::new(&[]);
    for number in 0..250 {
        folder.write(&format!("{number}.json"), &settings(&format!("com.example.n{number}"), "{ \"Deferral\": { } }"));
    }
    let mut client = Client::start(&[&folder.path("")], "utf-16", json!({ "textDocument": { "diagnostic": {} } }));
    let answer = client.request("workspace/diagnostic", json!({ "previousResultIds": [], "partialResultToken": "parts" }));
    assert_eq!(answer, Ok(json!({ "items": [] })));
    let parts = client.said.iter().filter(|message| message["method"] == "$/progress" && message["params"]["token"] == "parts");
    let lengths: Vec<_> = parts.map(|part| part["params"]["value"]["items"].as_array().map(Vec::len)).collect();
    assert_eq!(lengths, [Some(100), Some(100), Some(50)]);
    assert_eq!(client.request("workspace/diagnostic", json!({ "previousResultIds": 7 })), Err(-32602));
    assert!(client.stop().0.success());
}

#[test]
fn reports_about_all_files_wait_for_long_documents() {
    let folder = Folder::new(&[]);
    let long = folder.path("long.ndjson");
    let line = settings("com.example.a", "{ }").replace('\n', " ");
    let text: String = (0..5000).map(|at| line.replace("example.a", &format!("example.n{}", at % 4999)) + "\n").collect();
    let mut client = Client::start(&[&folder.path("")], "utf-16", json!({ "textDocument": { "diagnostic": {} } }));
    client.open(&long, &text);
    let cancelled = client.ask("workspace/diagnostic", json!({ "previousResultIds": [] }));
    client.notify("$/cancelRequest", json!({ "id": cancelled }));
    // Two declarations have the same identifier, which is found after the document is linted.
    let reports = ask_for_all(&mut client, &BTreeMap::new());
    assert_eq!(reports[&uri(&long)]["items"].as_array().map(Vec::len), Some(1), "{reports:?}");
    assert!(client.stop().0.success());
}

//! A client with an open document, in whose text a bar marks the cursor.

use serde_json::{Value, json};

use super::{Client, Folder, offset, uri};

/// Everything that the requests look at.
pub(super) fn able() -> Value {
    json!({
        "textDocument": {
            "completion": { "completionItem": { "snippetSupport": true } },
            "hover": { "contentFormat": ["markdown", "plaintext"] },
            "documentSymbol": { "hierarchicalDocumentSymbolSupport": true },
        },
        "workspace": { "workspaceEdit": { "documentChanges": true, "resourceOperations": ["create"] } },
    })
}

/// The text without the bar, and the position of the bar.
pub(super) fn cursor(marked: &str) -> (String, usize, usize) {
    let at = marked.find('|').expect("a bar marks the cursor");
    let before = &marked[..at];
    let line = before.matches('\n').count();
    let character = before.rsplit('\n').next().expect("a line").encode_utf16().count();
    (marked.replacen('|', "", 1), line, character)
}

/// A client with some files, of which one is open with a cursor.
pub(super) struct Editor {
    pub(super) folder: Folder,
    pub(super) client: Client,
    name: &'static str,
    version: i64,
}

impl Editor {
    pub(super) fn new(name: &'static str, files: &[(&str, &str)]) -> Self {
        let folder = Folder::new(files);
        let mut client = Client::start(&[&folder.path("")], "utf-16", able());
        client.open(&folder.path(name), "");
        Self { folder, client, name, version: 1 }
    }

    /// Sends a request about the bar in a text.
    pub(super) fn at(&mut self, method: &str, marked: &str) -> Value {
        let (text, line, character) = cursor(marked);
        self.set(&text);
        let path = self.folder.path(self.name);
        self.client.at(method, &path, line, character)
    }

    pub(super) fn set(&mut self, text: &str) {
        self.version += 1;
        self.client.replace(&self.folder.path(self.name), self.version, text);
    }

    pub(super) fn hover(&mut self, marked: &str) -> String {
        self.at("textDocument/hover", marked)["contents"]["value"].as_str().unwrap_or_default().to_owned()
    }

    /// The labels of the items, and the text after each of some is taken.
    pub(super) fn complete(&mut self, marked: &str) -> Vec<(String, String)> {
        let (text, ..) = cursor(marked);
        let list = self.at("textDocument/completion", marked);
        let items = list["items"].as_array().cloned().unwrap_or_default();
        let taken = |item: &Value| {
            let mut edits = vec![item["textEdit"].clone()];
            edits.extend(item["additionalTextEdits"].as_array().cloned().unwrap_or_default());
            apply(&text, &edits)
        };
        items.iter().map(|item| (item["label"].as_str().expect("a label").to_owned(), taken(item))).collect()
    }

    pub(super) fn labels(&mut self, marked: &str) -> Vec<String> {
        self.complete(marked).into_iter().map(|(label, _)| label).collect()
    }

    /// The text after an item is taken.
    pub(super) fn taken(&mut self, marked: &str, label: &str) -> String {
        let all = self.complete(marked);
        let found = all.iter().find(|(other, _)| other == label);
        found.unwrap_or_else(|| panic!("{label}: {:?}", all.iter().map(|(label, _)| label).collect::<Vec<_>>())).1.clone()
    }

    /// The actions for the whole text.
    pub(super) fn actions(&mut self, only: Option<&str>) -> Vec<Value> {
        let range = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 999, "character": 0 } });
        let document = json!({ "uri": uri(&self.folder.path(self.name)) });
        let mut context = json!({ "diagnostics": [] });
        if let Some(only) = only {
            context["only"] = json!([only]);
        }
        let params = json!({ "textDocument": document, "range": range, "context": context });
        let actions = self.client.request("textDocument/codeAction", params).expect("actions");
        actions.as_array().expect("actions").clone()
    }
}

/// Applies edits of the protocol.
pub(super) fn apply(text: &str, edits: &[Value]) -> String {
    let place = |edit: &Value, end: &str| offset(text, &edit["range"][end], "utf-16");
    let mut edits: Vec<(usize, usize, &str)> =
        edits.iter().map(|edit| (place(edit, "start"), place(edit, "end"), edit["newText"].as_str().expect("a text"))).collect();
    edits.sort_unstable();
    let mut text = text.to_owned();
    for (start, end, new) in edits.into_iter().rev() {
        text.replace_range(start..end, new);
    }
    text
}

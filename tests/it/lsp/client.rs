//! A small client of the language server.

#![expect(clippy::needless_pass_by_value, reason = "parameters are made for the call")]

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

/// How long an answer may take on a machine that is busy.
const PATIENCE: Duration = Duration::from_mins(1);

/// A running server, and what it said.
pub(crate) struct Client {
    process: Child,
    input: Option<ChildStdin>,
    messages: Receiver<Value>,
    /// The notifications and requests of the server that no one asked for yet.
    pub(crate) said: Vec<Value>,
    next: i64,
}

impl Client {
    /// Starts a server for some folders, with capabilities beside the encoding of positions.
    pub(crate) fn start(folders: &[&Path], encoding: &str, capabilities: Value) -> Self {
        let mut client = Self::spawn();
        let mut all = json!({
            "general": { "positionEncodings": [encoding, "utf-16"] },
            "textDocument": { "publishDiagnostics": {
                "relatedInformation": true, "codeDescriptionSupport": true, "tagSupport": { "valueSet": [1, 2] }
            } },
        });
        merge(&mut all, capabilities);
        let folders: Vec<Value> = folders.iter().map(|folder| json!({ "uri": uri(folder), "name": "folder" })).collect();
        let result = client.request("initialize", json!({ "capabilities": all, "workspaceFolders": folders })).expect("a result");
        assert_eq!(result["capabilities"]["positionEncoding"], encoding);
        client.notify("initialized", json!({}));
        client
    }

    /// Starts a server that is not initialized.
    pub(crate) fn spawn() -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_ddmc"))
            .arg("lsp")
            .current_dir(std::env::temp_dir())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let (sender, messages) = channel();
        let mut output = BufReader::new(process.stdout.take().expect("standard output is a pipe"));
        thread::spawn(move || {
            while let Some(message) = read(&mut output) {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        let input = process.stdin.take();
        Self { process, input, messages, said: Vec::new(), next: 0 }
    }

    /// Writes bytes as they are.
    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        let input = self.input.as_mut().expect("the stream is open");
        input.write_all(bytes).expect("the server reads");
        input.flush().expect("the server reads");
    }

    pub(crate) fn send(&mut self, message: &Value) {
        let text = message.to_string();
        self.raw(format!("Content-Length: {}\r\n\r\n{text}", text.len()).as_bytes());
    }

    pub(crate) fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// Sends a request and returns its id.
    pub(crate) fn ask(&mut self, method: &str, params: Value) -> i64 {
        self.next += 1;
        self.send(&json!({ "jsonrpc": "2.0", "id": self.next, "method": method, "params": params }));
        self.next
    }

    /// The next message of the server.
    pub(crate) fn receive(&mut self) -> Value {
        self.messages.recv_timeout(PATIENCE).unwrap_or_else(|error| {
            panic!("no answer: {error}; {:?} {}", self.process.try_wait(), self.errors());
        })
    }

    fn errors(&mut self) -> String {
        let _ = self.process.kill();
        let mut text = String::new();
        let _ = self.process.stderr.take().expect("standard error is a pipe").read_to_string(&mut text);
        text
    }

    /// The answer to a request: its result, or the code of its error.
    pub(crate) fn answer(&mut self, id: i64) -> Result<Value, i64> {
        loop {
            let message = self.receive();
            if message["id"] == id && message.get("method").is_none() {
                return match message.get("result") {
                    Some(result) => Ok(result.clone()),
                    None => Err(message["error"]["code"].as_i64().expect("an error has a code")),
                };
            }
            self.said.push(message);
        }
    }

    /// Sends a request and waits for its answer.
    pub(crate) fn request(&mut self, method: &str, params: Value) -> Result<Value, i64> {
        let id = self.ask(method, params);
        self.answer(id)
    }

    /// Waits until the server has said what follows from the messages so far. The last diagnostics of each file come with
    /// their version.
    pub(crate) fn settle(&mut self) -> Vec<(String, Value)> {
        // An unknown request is answered after what comes before it.
        assert_eq!(self.request("test/settle", Value::Null), Err(-32601));
        let published = self.said.iter().filter(|message| message["method"] == "textDocument/publishDiagnostics");
        let mut last: Vec<(String, Value)> = Vec::new();
        for message in published {
            let uri = message["params"]["uri"].as_str().expect("diagnostics have a URI").to_owned();
            last.retain(|(other, _)| *other != uri);
            last.push((uri, message["params"].clone()));
        }
        last
    }

    /// The last published diagnostics of a file.
    pub(crate) fn diagnostics(&mut self, path: &Path) -> Vec<Value> {
        let all = self.settle();
        let own = all.into_iter().find(|(other, _)| *other == uri(path));
        own.and_then(|(_, params)| params["diagnostics"].as_array().cloned()).unwrap_or_default()
    }

    pub(crate) fn open(&mut self, path: &Path, text: &str) {
        let item = json!({ "uri": uri(path), "languageId": "json", "version": 1, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": item }));
    }

    /// Replaces the whole text.
    pub(crate) fn replace(&mut self, path: &Path, version: i64, text: &str) {
        let document = json!({ "uri": uri(path), "version": version });
        self.notify("textDocument/didChange", json!({ "textDocument": document, "contentChanges": [{ "text": text }] }));
    }

    pub(crate) fn close(&mut self, path: &Path) {
        self.notify("textDocument/didClose", json!({ "textDocument": { "uri": uri(path) } }));
    }

    /// Sends a request about a position.
    pub(crate) fn at(&mut self, method: &str, path: &Path, line: usize, character: usize) -> Value {
        let position = json!({ "line": line, "character": character });
        let params = json!({ "textDocument": { "uri": uri(path) }, "position": position });
        self.request(method, params).expect("a result")
    }

    /// Shuts the server down, and returns everything that it said, with standard error.
    pub(crate) fn stop(mut self) -> (ExitStatus, String) {
        self.request("shutdown", Value::Null).expect("the server shuts down");
        self.notify("exit", Value::Null);
        self.wait()
    }

    /// Closes the stream, and waits for the server to end.
    pub(crate) fn wait(mut self) -> (ExitStatus, String) {
        self.input = None;
        let mut said: Vec<String> = self.said.iter().map(ToString::to_string).collect();
        while let Ok(message) = self.messages.recv_timeout(PATIENCE) {
            said.push(message.to_string());
        }
        let mut text = said.join("\n");
        let status = self.process.wait().expect("the server ends");
        text += &self.errors();
        (status, text)
    }
}

/// Adds the members of an object to another one.
fn merge(into: &mut Value, from: Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            for (key, value) in from {
                merge(into.entry(key).or_insert(Value::Null), value);
            }
        }
        (into, from) => *into = from,
    }
}

fn read(output: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if output.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end().split_once(": ") {
            Some(("Content-Length", number)) => length = number.parse().expect("a length is a number"),
            Some(_) => {}
            None => break,
        }
    }
    let mut text = vec![0; length];
    output.read_exact(&mut text).ok()?;
    Some(serde_json::from_slice(&text).expect("a message is JSON"))
}

/// The URI of a file whose path needs no escapes.
pub(crate) fn uri(path: &Path) -> String {
    format!("file://{}", path.display())
}

/// A folder with files.
pub(crate) struct Folder(tempfile::TempDir);

impl Folder {
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let folder = Self(tempfile::tempdir().expect("a folder"));
        for (name, text) in files {
            folder.write(name, text);
        }
        folder
    }

    /// The path of a file; of the folder if the name is empty.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        let folder = std::fs::canonicalize(self.0.path()).expect("the folder exists");
        if name.is_empty() { folder } else { folder.join(name) }
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }

    /// What `ddmc check` reports: file, rule, severity, message, and the offsets of the place.
    pub(crate) fn check(&self, arguments: &[&str]) -> Vec<Found> {
        let output = Command::new(env!("CARGO_BIN_EXE_ddmc"))
            .args(["check", "--format", "json", "--quiet", "--allow-empty"])
            .args(arguments)
            .current_dir(self.path(""))
            .output()
            .expect("the program runs");
        let report: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
        let text = |value: &Value| value.as_str().expect("a string").to_owned();
        let offset = |value: &Value| usize::try_from(value["offset"].as_u64().expect("an offset")).expect("an offset");
        let findings = report["findings"].as_array().expect("a report has findings");
        let mut found: Vec<Found> = findings
            .iter()
            .map(|finding| Found {
                file: text(&finding["file"]).trim_start_matches("./").to_owned(),
                rule: text(&finding["rule"]),
                severity: match finding["severity"].as_str() {
                    Some("error") => 1,
                    Some("warning") => 2,
                    _ => 3,
                },
                message: text(&finding["message"]),
                span: (offset(&finding["start"]), offset(&finding["end"])),
            })
            .collect();
        found.sort();
        found
    }

    /// What the server published about some files, in the form of [`check`](Self::check).
    pub(crate) fn published(&self, all: &[(String, Value)], encoding: &str, text: impl Fn(&str) -> String) -> Vec<Found> {
        let root = uri(&self.path("")) + "/";
        let mut found = Vec::new();
        for (uri, params) in all {
            let file = uri.strip_prefix(&root).unwrap_or_else(|| panic!("{uri} is not in {root}")).to_owned();
            let own = text(&file);
            for item in params["diagnostics"].as_array().expect("diagnostics") {
                found.push(Found {
                    file: file.clone(),
                    rule: item["code"].as_str().expect("a code").to_owned(),
                    severity: item["severity"].as_u64().expect("a severity"),
                    message: item["message"].as_str().expect("a message").to_owned(),
                    span: (offset(&own, &item["range"]["start"], encoding), offset(&own, &item["range"]["end"], encoding)),
                });
            }
        }
        found.sort();
        found
    }
}

/// A finding.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Found {
    pub(crate) file: String,
    pub(crate) span: (usize, usize),
    pub(crate) rule: String,
    pub(crate) severity: u64,
    pub(crate) message: String,
}

/// The byte offset of a position, counted one character at a time.
pub(crate) fn offset(text: &str, position: &Value, encoding: &str) -> usize {
    let number = |name: &str| usize::try_from(position[name].as_u64().expect("a number")).expect("a number");
    let (mut line, mut left) = (number("line"), number("character"));
    let mut before = '\0';
    for (at, character) in text.char_indices() {
        let ends_line = character == '\n' && before != '\r' || character == '\r';
        let is_second = character == '\n' && before == '\r';
        if line == 0 && !is_second {
            if left == 0 || ends_line {
                assert_eq!(left, 0, "the position is beyond its line");
                return at;
            }
            left -= if encoding == "utf-8" { character.len_utf8() } else { character.len_utf16() };
        }
        if ends_line {
            line = line.checked_sub(1).expect("the position is before this line");
        }
        before = character;
    }
    assert_eq!((line, left), (0, 0), "the position is in the text");
    text.len()
}

//! A web server and a device, as small as the protocol of declarations allows. Neither has code of the program.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::{Value, json};

/// A server of the files in a folder. It answers as nginx does, and takes the reports of devices as an MDM server does.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) log: Arc<Mutex<Vec<String>>>,
}

impl Server {
    pub(crate) fn start(folder: &Path) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let server = Self { address: listener.local_addr().expect("it listens"), log: Arc::default() };
        let (folder, log) = (folder.to_owned(), server.log.clone());
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                answer(stream, &folder, &log);
            }
        });
        server
    }

    /// The requests since the last call.
    pub(crate) fn requests(&self) -> Vec<String> {
        std::mem::take(&mut self.log.lock().expect("no thread has panicked"))
    }
}

fn answer(stream: TcpStream, folder: &Path, log: &Mutex<Vec<String>>) {
    let mut reader = BufReader::new(stream);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or_default() == 0 || line.trim().is_empty() {
            break;
        }
        lines.push(line.trim().to_owned());
    }
    let header = |name: &str| lines.iter().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    let mut request = lines.first().map(String::as_str).unwrap_or_default().split(' ');
    let (method, path) = (request.next().unwrap_or_default(), decoded(request.next().unwrap_or_default()));
    let mut body = vec![0; header("Content-Length").and_then(|length| length.parse().ok()).unwrap_or_default()];
    let _ = reader.read_exact(&mut body);
    let file = folder.join(path.trim_start_matches('/'));
    let (status, modified, text) = match fs::metadata(&file).ok().filter(fs::Metadata::is_file) {
        _ if method == "PUT" && path == "/status" => (200, String::new(), Vec::new()),
        _ if method != "GET" => (405, String::new(), Vec::new()),
        Some(found) => {
            let time: chrono::DateTime<chrono::Utc> = found.modified().expect("files have times").into();
            let modified = time.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
            match header("If-Modified-Since") {
                Some(since) if since == modified => (304, modified, Vec::new()),
                _ => (200, modified, fs::read(&file).expect("it can be read")),
            }
        }
        None => (404, String::new(), Vec::new()),
    };
    log.lock().expect("no thread has panicked").push(format!("{method} {path} {status}"));
    let head = format!(
        "HTTP/1.1 {status} X\r\nContent-Length: {}\r\nLast-Modified: {modified}\r\nConnection: close\r\n\r\n",
        text.len()
    );
    let _ = reader.get_mut().write_all(&[head.as_bytes(), &text].concat());
}

fn decoded(path: &str) -> String {
    let bytes = path.as_bytes();
    let (mut text, mut at) = (Vec::new(), 0);
    while let Some(byte) = bytes.get(at) {
        let code = || u8::from_str_radix(path.get(at + 1..at + 3)?, 16).ok();
        if let Some(code) = code().filter(|_| *byte == b'%') {
            text.push(code);
            at += 3;
        } else {
            text.push(*byte);
            at += 1;
        }
    }
    String::from_utf8(text).expect("paths are UTF-8")
}

fn encoded(path: &str) -> String {
    path.bytes().fold(String::new(), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            text.push(char::from(byte));
        } else {
            write!(text, "%{byte:02X}").expect("writing to a string cannot fail");
        }
        text
    })
}

/// A device that keeps declarations. It asks only for what it does not have, and never twice for what has not changed.
pub(crate) struct Device {
    server: SocketAddr,
    /// The path of the endpoint.
    base: String,
    token: Option<String>,
    /// By kind and identifier.
    pub(crate) declarations: BTreeMap<(String, String), Value>,
    /// Each file that it has read, also if it is gone: when it was changed, and its text.
    read: BTreeMap<String, (String, Vec<u8>)>,
}

impl Device {
    pub(crate) fn new(server: SocketAddr, base: &str) -> Self {
        Self { server, base: base.to_owned(), token: None, declarations: BTreeMap::new(), read: BTreeMap::new() }
    }

    /// Sends a request, and returns the status and the body.
    fn request(&mut self, method: &str, path: &str, body: &str) -> (u16, Vec<u8>) {
        let since = self.read.get(path).filter(|_| method == "GET");
        let since = since.map_or_else(String::new, |(since, _)| format!("If-Modified-Since: {since}\r\n"));
        let url = encoded(&format!("{}{path}", self.base));
        let length = body.len();
        let head =
            format!("{method} /{url} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{since}Content-Length: {length}\r\n\r\n{body}");
        let mut stream = TcpStream::connect(self.server).expect("the server listens");
        stream.write_all(head.as_bytes()).expect("the server reads");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("the server answers");
        let end = answer.windows(4).position(|window| window == b"\r\n\r\n").expect("an answer has a head");
        let head = String::from_utf8(answer[..end].to_vec()).expect("a head is UTF-8");
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("an answer has a status");
        if let Some(modified) = head.lines().find_map(|line| line.strip_prefix("Last-Modified: ")).filter(|_| status == 200) {
            self.read.insert(path.to_owned(), (modified.to_owned(), answer[end + 4..].to_vec()));
        }
        (status, answer[end + 4..].to_vec())
    }

    /// Reads a file, or takes what it has read before if that has not changed.
    fn get(&mut self, path: &str) -> (u16, Value) {
        let (status, mut body) = self.request("GET", path, "");
        if status == 304 {
            body.clone_from(&self.read[path].1);
        }
        (status, if status == 404 { Value::Null } else { serde_json::from_slice(&body).expect("the server sends JSON") })
    }

    /// Does what a device does when the server tells it to synchronise.
    pub(crate) fn synchronize(&mut self) {
        let (status, tokens) = self.get("tokens");
        let tokens = &tokens["SyncTokens"];
        if status == 304 || tokens["DeclarationsToken"].as_str() == self.token.as_deref() {
            return;
        }
        let time = tokens["Timestamp"].as_str().expect("a set has a time");
        assert!(chrono::NaiveDateTime::parse_from_str(time, "%Y-%m-%dT%H:%M:%SZ").is_ok() && time.len() == 20, "{time}");
        let (status, items) = self.get("declaration-items");
        assert_eq!(status, 200, "the token is new, but the list is not");
        assert_eq!(items["DeclarationsToken"], tokens["DeclarationsToken"]);
        let mut listed = BTreeMap::new();
        for (key, kind) in [
            ("Activations", "activation"),
            ("Assets", "asset"),
            ("Configurations", "configuration"),
            ("Management", "management"),
        ] {
            for item in items["Declarations"][key].as_array().expect("every kind has a list") {
                let name = item["Identifier"].as_str().expect("an item has an identifier").to_owned();
                listed.insert((kind.to_owned(), name), item["ServerToken"].clone());
            }
        }
        self.declarations.retain(|key, _| listed.contains_key(key));
        for ((kind, name), token) in listed {
            let key = (kind.clone(), name.clone());
            if self.declarations.get(&key).is_some_and(|known| known["ServerToken"] == token) {
                continue;
            }
            let (status, declaration) = self.get(&format!("declaration/{kind}/{name}"));
            if status == 404 {
                self.declarations.remove(&key);
                continue;
            }
            let keys: Vec<&String> = declaration.as_object().expect("a declaration is an object").keys().collect();
            assert_eq!(keys, ["Identifier", "Payload", "ServerToken", "Type"]);
            assert_eq!((declaration["Identifier"].as_str(), &declaration["ServerToken"]), (Some(&*name), &token));
            self.declarations.insert(key, declaration);
        }
        self.token = items["DeclarationsToken"].as_str().map(str::to_owned);
    }

    /// Sends a full status report, and returns it.
    pub(crate) fn report(&mut self) -> Value {
        let of_kind = |kind: &str| -> Value {
            let own = self.declarations.iter().filter(|((of, _), _)| of == kind);
            let entry = |declaration: &Value| {
                json!({
                    "identifier": declaration["Identifier"], "server-token": declaration["ServerToken"],
                    "active": true, "valid": "valid"
                })
            };
            own.map(|(_, declaration)| entry(declaration)).collect()
        };
        let declarations = json!({
            "activations": of_kind("activation"), "assets": of_kind("asset"),
            "configurations": of_kind("configuration"), "management": of_kind("management"),
        });
        let report = json!({
            "StatusItems": { "management": { "declarations": declarations } }, "Errors": [], "FullReport": true
        });
        assert_eq!(self.request("PUT", "status", &report.to_string()).0, 200);
        report
    }
}

/// The files below a folder that are not hidden, with the time of their last change in seconds.
pub(crate) fn times(folder: &Path) -> BTreeMap<PathBuf, u64> {
    let mut all = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).into_iter().flatten().flatten() {
            let (path, found) = (entry.path(), entry.metadata().expect("it can be read"));
            if found.is_dir() {
                folders.push(path);
            } else if !entry.file_name().to_string_lossy().starts_with(".ddmc") {
                let since = found.modified().expect("files have times").duration_since(std::time::UNIX_EPOCH);
                all.insert(path, since.expect("the time is after 1970").as_secs());
            }
        }
    }
    all
}

//! The loop: reads messages, answers requests in order, and tells the client what has changed.

use std::collections::{BTreeSet, VecDeque};
use std::io::{self, BufReader, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use serde_json::{Value as Json, json};

use super::client::Client;
use super::notifications;
use super::published::Published;
use super::pull::{About, MAX_REPORTS, Pull};
use super::requests;
use super::state::State;
use super::wire::{self, Failure, Id, Message, Params};
use super::worker::{Done, Job, Worker};
use super::workspace::Load;
use crate::limits::{MAX_MESSAGE_BYTES, MAX_QUEUED};

/// Something that happens.
enum Event {
    Message(Message),
    Done(Box<Done>),
    /// The client is gone.
    End,
}

/// What the client has asked for so far.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    New,
    Running,
    ShutDown,
}

/// Runs the server until the client leaves. Returns whether the client had asked it to shut down.
///
/// # Errors
/// If the client cannot be written to.
pub(crate) fn run(load: Load, input: impl Read + Send + 'static, output: impl Write) -> io::Result<bool> {
    // A message of a panic may quote a document.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let _ = writeln!(io::stderr(), "ddmc: internal error at {place}");
    }));
    let (sender, receiver) = sync_channel(1);
    let events = sender.clone();
    let reader = move || {
        let mut input = BufReader::with_capacity(1 << 16, input);
        while let Ok(Some(message)) = wire::read(&mut input) {
            if events.send(Event::Message(message)).is_err() {
                return;
            }
        }
        let _ = events.send(Event::End);
    };
    thread::Builder::new().name("reader".to_owned()).spawn(reader)?;
    let mut server = Server {
        output,
        load,
        events: sender,
        phase: Phase::New,
        state: State::new(Client::default(), &[], load),
        published: Published::default(),
        worker: Worker::default(),
        waiting: Vec::new(),
        pulls_all: false,
        edited: BTreeSet::new(),
    };
    server.serve(&receiver)
}

struct Server<W> {
    output: W,
    load: Load,
    events: SyncSender<Event>,
    phase: Phase,
    state: State,
    published: Published,
    worker: Worker,
    waiting: Vec<Pull>,
    /// Whether the client asks for the diagnostics of all files.
    pulls_all: bool,
    /// The documents that were edited since diagnostics were published.
    edited: BTreeSet<PathBuf>,
}

impl<W: Write> Server<W> {
    fn serve(&mut self, receiver: &Receiver<Event>) -> io::Result<bool> {
        let mut queue = VecDeque::new();
        loop {
            let Ok(event) = receiver.recv() else { return Ok(self.phase == Phase::ShutDown) };
            queue.push_back(event);
            let mut bytes = 0;
            // Messages that wait tell which requests are stale, and edits that follow each other are linted once.
            while queue.len() < MAX_QUEUED && bytes < MAX_MESSAGE_BYTES {
                let Ok(event) = receiver.try_recv() else { break };
                if let Event::Message(Message::Notification { params, .. } | Message::Request { params, .. }) = &event {
                    bytes += params.len();
                }
                queue.push_back(event);
            }
            while let Some(event) = queue.pop_front() {
                match event {
                    Event::End => return Ok(self.phase == Phase::ShutDown),
                    Event::Message(Message::Notification { method, .. }) if method == "exit" => {
                        return Ok(self.phase == Phase::ShutDown);
                    }
                    Event::Message(Message::Request { id, method, params }) => {
                        let result = match dropped(&id, &method, &params, &queue) {
                            Some(failure) => Some(Err(failure)),
                            None => self
                                .guarded(|server| server.request(&id, &method, &params))?
                                .unwrap_or(Some(Err(Failure::INTERNAL))),
                        };
                        if let Some(result) = result {
                            self.send(&wire::response(Some(&id), result))?;
                        }
                    }
                    Event::Message(Message::Notification { method, params }) => {
                        self.guarded(|server| server.notification(&method, &params))?;
                    }
                    Event::Message(Message::Invalid(failure)) => self.send(&wire::response(None, Err(failure)))?,
                    Event::Message(Message::Response) => {}
                    Event::Done(done) => {
                        self.guarded(|server| server.done(*done))?;
                    }
                }
            }
            self.guarded(Self::settle)?;
        }
    }

    /// Does something that must not end the server. After a panic, everything is read again. `None` after a panic.
    fn guarded<T>(&mut self, act: impl FnOnce(&mut Self) -> io::Result<T>) -> io::Result<Option<T>> {
        if let Ok(result) = catch_unwind(AssertUnwindSafe(|| act(self))) {
            return result.map(Some);
        }
        self.state.reset();
        Ok(None)
    }

    fn send(&mut self, message: &Json) -> io::Result<()> {
        wire::write(&mut self.output, message)
    }

    fn notify(&mut self, method: &str, params: &Json) -> io::Result<()> {
        self.send(&wire::notification(method, params))
    }

    /// Answers a request. `None` if the answer comes later.
    fn request(&mut self, id: &Id, method: &str, params: &Params) -> io::Result<Option<Result<Json, Failure>>> {
        let is_first = method == "initialize";
        match self.phase {
            Phase::New if is_first => return Ok(Some(self.initialize(params))),
            Phase::New => return Ok(Some(Err(Failure::NOT_INITIALIZED))),
            Phase::ShutDown => return Ok(Some(Err(Failure::SHUT_DOWN))),
            Phase::Running if is_first => return Ok(Some(Err(Failure::ALREADY_INITIALIZED))),
            Phase::Running => {}
        }
        if method == "shutdown" {
            self.phase = Phase::ShutDown;
            return Ok(Some(Ok(Json::Null)));
        }
        self.settle()?;
        match About::of(&self.state, method, params) {
            None => Ok(Some(requests::answer(&self.state, method, params))),
            Some(Err(failure)) => Ok(Some(Err(failure))),
            Some(Ok(about)) => {
                if matches!(about, About::Workspace { .. }) {
                    self.pull_all()?;
                }
                self.waiting.push(Pull { id: id.clone(), about });
                self.answer_waiting()?;
                Ok(None)
            }
        }
    }

    fn initialize(&mut self, params: &Params) -> Result<Json, Failure> {
        let params: Json = requests::small(params)?;
        let client = Client::of(&params);
        let folders = notifications::folders(&params);
        let capabilities = requests::capabilities(&client);
        self.state = State::new(client, &folders, self.load);
        self.phase = Phase::Running;
        Ok(json!({ "capabilities": capabilities, "serverInfo": { "name": "ddmc", "version": env!("CARGO_PKG_VERSION") } }))
    }

    fn notification(&mut self, method: &str, params: &Params) -> io::Result<()> {
        if method == "$/cancelRequest" {
            return self.cancel(params);
        }
        if self.phase != Phase::Running {
            return Ok(());
        }
        if method == "initialized" {
            return if self.state.client.watches_files { self.watch() } else { Ok(()) };
        }
        let changed = notifications::take(&mut self.state, method, params);
        for path in changed {
            // What is linted beside the loop is the text before.
            self.worker.drop_document(&path);
            self.state.in_work.remove(&path);
            self.edited.insert(path);
        }
        Ok(())
    }

    /// Answers a waiting request that the client no longer needs.
    fn cancel(&mut self, params: &Params) -> io::Result<()> {
        let Some(id) = notifications::cancelled(params) else { return Ok(()) };
        let Some(at) = self.waiting.iter().position(|waiting| waiting.id == id) else { return Ok(()) };
        self.waiting.remove(at);
        self.send(&wire::response(Some(&id), Err(Failure::CANCELLED)))
    }

    /// Asks the client to report changes of files.
    fn watch(&mut self) -> io::Result<()> {
        let globs =
            ["**/*.{json,ndjson,jsonl,plist,mobileconfig,xml,yaml,yml,tf,toml}", "**/set.*.txt", "**/{.gitignore,.ignore}"];
        let watchers: Vec<Json> = globs.iter().map(|glob| json!({ "globPattern": glob })).collect();
        let registration = json!({
            "id": "files",
            "method": "workspace/didChangeWatchedFiles",
            "registerOptions": { "watchers": watchers },
        });
        self.send(&wire::request("files", "client/registerCapability", &json!({ "registrations": [registration] })))
    }

    /// Takes the result of the worker.
    fn done(&mut self, done: Done) -> io::Result<()> {
        self.worker.next(true);
        match done {
            Done::Linted { workspace, path, ticket, file } => {
                let is_current = self.state.in_work.get(&path) == Some(&ticket);
                if is_current {
                    self.state.in_work.remove(&path);
                    if let (Some(file), Some(workspace)) = (file, self.state.workspaces.get_mut(workspace)) {
                        workspace.put(&path, file, None);
                    }
                    self.edited.insert(path);
                }
            }
            Done::Judged { workspace, ticket, across } => {
                if let Some(across) = across {
                    self.state.take_across(workspace, ticket, *across);
                }
            }
        }
        self.settle()
    }

    /// Answers the requests for diagnostics for which nothing is left to be linted.
    fn answer_waiting(&mut self) -> io::Result<()> {
        let is_ready = |pull: &Pull| match &pull.about {
            About::Document { path, .. } => !self.state.in_work.contains_key(path),
            About::Workspace { .. } => self.worker.is_idle(),
        };
        let (ready, waiting) = std::mem::take(&mut self.waiting).into_iter().partition(is_ready);
        self.waiting = waiting;
        for Pull { id, about } in ready {
            let report = self.guarded(|server| server.report(&about))?;
            self.send(&wire::response(Some(&id), report.ok_or(Failure::INTERNAL)))?;
        }
        Ok(())
    }

    /// The answer to a request for diagnostics.
    fn report(&mut self, about: &About) -> io::Result<Json> {
        match about {
            About::Document { path, previous } => Ok(self.published.report(path, previous.as_deref())),
            About::Workspace { previous, token } => {
                let mut items = self.published.reports(&self.state, previous);
                if let Some(token) = token {
                    for part in items.chunks(MAX_REPORTS) {
                        self.notify("$/progress", &json!({ "token": token, "value": { "items": part } }))?;
                    }
                    items.clear();
                }
                Ok(json!({ "items": items }))
            }
        }
    }

    /// From now on, the client gets diagnostics only as answers: editors show both.
    fn pull_all(&mut self) -> io::Result<()> {
        self.pulls_all = true;
        self.published.take_back_all().iter().try_for_each(|path| self.push(path, &[]))
    }

    /// Brings everything up to date, and tells the client what has changed.
    fn settle(&mut self) -> io::Result<()> {
        let mut jobs = Vec::new();
        self.state.settle(&mut jobs);
        for job in jobs {
            self.start(job);
        }
        for message in self.state.take_messages() {
            self.notify("window/logMessage", &json!({ "type": 2, "message": message }))?;
        }
        self.publish()?;
        // Entries of the configuration are judged by all findings, which takes longer than one document.
        self.state.judge_entries();
        self.publish()?;
        self.answer_waiting()
    }

    fn start(&mut self, job: Job) {
        let events = self.events.clone();
        self.worker.start(job, move |done| {
            let _ = events.send(Event::Done(Box::new(done)));
        });
    }

    fn publish(&mut self) -> io::Result<()> {
        let edited = std::mem::take(&mut self.edited);
        let changed = self.state.take_changed();
        let mut is_outdated = false;
        // The user looks at what was edited.
        for path in edited.iter().chain(changed.difference(&edited)) {
            let is_edited = edited.contains(path);
            let is_open = self.state.documents.contains_key(path);
            let is_pulled = self.pulls_all || is_open && self.state.client.pulls;
            if is_pulled && self.published.take_back(path) {
                self.push(path, &[])?;
            }
            if self.state.in_work.contains_key(path) {
                continue;
            }
            let has_changed = self.published.replace(path, self.state.diagnostics(path));
            if is_pulled {
                is_outdated |= has_changed && !is_edited;
            } else if has_changed || is_edited && is_open || self.published.is_unsent(path) {
                let items = self.published.push(path).to_vec();
                self.push(path, &items)?;
            }
        }
        if is_outdated && self.state.client.can_refresh {
            self.send(&wire::request("refresh", "workspace/diagnostic/refresh", &Json::Null))?;
        }
        Ok(())
    }

    /// Sends the diagnostics of a file that the client did not ask for.
    fn push(&mut self, path: &Path, items: &[Json]) -> io::Result<()> {
        let mut params = json!({ "uri": self.state.uri(path), "diagnostics": items });
        if let Some(document) = self.state.documents.get(path) {
            params["version"] = document.version.into();
        }
        self.notify("textDocument/publishDiagnostics", &params)
    }
}

/// Why a request need not be answered: the client cancelled it, or has changed the document, in a message that waits.
fn dropped(id: &Id, method: &str, params: &Params, queue: &VecDeque<Event>) -> Option<Failure> {
    let messages = queue.iter().filter_map(|event| match event {
        Event::Message(Message::Notification { method, params }) => Some((method.as_str(), params)),
        _ => None,
    });
    let mut messages = messages.peekable();
    messages.peek()?;
    let uri = requests::uri(params).filter(|_| method.starts_with("textDocument/"));
    for (method, params) in messages {
        match method {
            "$/cancelRequest" if notifications::cancelled(params).as_ref() == Some(id) => return Some(Failure::CANCELLED),
            "textDocument/didChange" if uri.is_some() && requests::uri(params) == uri => return Some(Failure::STALE),
            _ => {}
        }
    }
    None
}

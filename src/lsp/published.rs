//! The diagnostics of each file, as the client knows them or may ask for them.

use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};

use super::document;
use super::pull::Previous;
use super::state::State;
use crate::hash::{Map, Set};

/// The id of a report about a file without diagnostics.
const EMPTY: u64 = 0;

/// The current diagnostics of each file that has some.
#[derive(Default)]
pub(super) struct Published {
    files: Map<PathBuf, Report>,
    last: u64,
    /// The files whose diagnostics the client got without asking.
    pushed: Set<PathBuf>,
}

struct Report {
    id: u64,
    items: Vec<Json>,
}

impl Published {
    /// Remembers the diagnostics of a file. Returns whether they differ from those before.
    pub(super) fn replace(&mut self, path: &Path, items: Vec<Json>) -> bool {
        let is_new = self.files.get(path).map_or(&[][..], |report| &report.items) != items;
        if items.is_empty() {
            self.files.remove(path);
        } else if is_new {
            self.last += 1;
            self.files.insert(path.to_owned(), Report { id: self.last, items });
        }
        is_new
    }

    /// The diagnostics of a file, to send them without being asked.
    pub(super) fn push(&mut self, path: &Path) -> &[Json] {
        let items = self.files.get(path).map_or(&[][..], |report| &report.items);
        if items.is_empty() {
            self.pushed.remove(path);
        } else {
            self.pushed.insert(path.to_owned());
        }
        items
    }

    /// Whether the client lacks diagnostics of a file that it does not ask for.
    pub(super) fn is_unsent(&self, path: &Path) -> bool {
        self.files.contains_key(path) && !self.pushed.contains(path)
    }

    /// Whether diagnostics of a file were sent that the client will ask for. They are to be taken back.
    pub(super) fn take_back(&mut self, path: &Path) -> bool {
        self.pushed.remove(path)
    }

    /// The same for all files, in order.
    pub(super) fn take_back_all(&mut self) -> Vec<PathBuf> {
        let mut all: Vec<PathBuf> = self.pushed.drain().collect();
        all.sort_unstable();
        all
    }

    /// The answer to a request about a file. `previous` is the id of the report that the client has.
    pub(super) fn report(&self, path: &Path, previous: Option<&str>) -> Json {
        let report = self.files.get(path);
        let id = report.map_or(EMPTY, |report| report.id).to_string();
        if previous == Some(&*id) {
            return json!({ "kind": "unchanged", "resultId": id });
        }
        json!({ "kind": "full", "resultId": id, "items": report.map_or(&[][..], |report| &report.items) })
    }

    /// The answers to a request about all files: those that have diagnostics, and those of which the client has a report.
    pub(super) fn reports(&self, state: &State, previous: &[Previous]) -> Vec<Json> {
        let known: Map<PathBuf, &Previous> = previous
            .iter()
            .map(|previous| (state.path(&previous.uri).unwrap_or_else(|| document::key(&previous.uri, "")), previous))
            .collect();
        let mut paths: Vec<&Path> = self.files.keys().chain(known.keys()).map(PathBuf::as_path).collect();
        paths.sort_unstable();
        paths.dedup();
        let report = |path: &Path| {
            let previous = known.get(path);
            let mut report = self.report(path, previous.map(|previous| &*previous.value));
            report["uri"] = previous.map_or_else(|| state.uri(path), |previous| previous.uri.clone()).into();
            report["version"] = state.documents.get(path).map(|document| document.version).into();
            report
        };
        paths.into_iter().map(report).collect()
    }
}

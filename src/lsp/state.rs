//! What the server knows: the folders and the documents of the client.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use super::across::{self, Across};
use super::client::Client;
use super::diagnostics;
use super::document::{self, Documents};
use super::linter::Texts;
use super::text::Lines;
use super::uri;
use super::worker::Job;
use super::workspace::{Load, Workspace, configuration};
use crate::words::visible;

pub(super) struct State {
    pub(super) client: Client,
    pub(super) documents: Documents,
    /// The folders; the last one is for the documents outside of all.
    pub(super) workspaces: Vec<Workspace>,
    /// The jobs of the documents that the worker lints.
    pub(super) in_work: BTreeMap<PathBuf, u64>,
    /// The last job, and the first one since everything was read.
    last: u64,
    oldest: u64,
    /// The last judgement of each workspace.
    judged: BTreeMap<usize, u64>,
    /// The numbers of the workspaces to read again.
    outdated: BTreeSet<usize>,
    messages: Vec<String>,
    /// The files of folders that are gone.
    abandoned: BTreeSet<PathBuf>,
    load: Load,
}

impl State {
    pub(super) fn new(client: Client, folders: &[PathBuf], load: Load) -> Self {
        let mut state = Self {
            client,
            documents: Documents::new(),
            workspaces: Vec::new(),
            in_work: BTreeMap::new(),
            last: 0,
            oldest: 0,
            judged: BTreeMap::new(),
            outdated: BTreeSet::new(),
            messages: Vec::new(),
            abandoned: BTreeSet::new(),
            load,
        };
        state.set_folders(folders);
        state
    }

    /// Sets the folders of the client.
    pub(super) fn set_folders(&mut self, folders: &[PathBuf]) {
        // What was said about files of other folders is no longer true.
        self.abandoned.extend(self.workspaces.iter().flat_map(Workspace::paths));
        let roots = folders.iter().cloned().map(Some).chain([None]);
        self.workspaces = roots.map(|root| Workspace::new(root, self.load)).collect();
        self.reset();
    }

    /// The folders of the client.
    pub(super) fn folders(&self) -> Vec<PathBuf> {
        self.workspaces.iter().filter_map(|workspace| workspace.root.clone()).collect()
    }

    /// Reads everything again.
    pub(super) fn reset(&mut self) {
        self.in_work.clear();
        self.oldest = self.last + 1;
        self.outdated = (0..self.workspaces.len()).collect();
    }

    /// Reads a folder again.
    pub(super) fn reload(&mut self, workspace: usize) {
        self.outdated.insert(workspace);
    }

    /// The number of the workspace that a path belongs to: the innermost folder.
    pub(super) fn workspace_of(&self, path: &Path) -> usize {
        let depth = |workspace: &Workspace| workspace.root.as_ref().map_or(0, |root| root.components().count());
        let holding = self.workspaces.iter().enumerate().filter(|(_, workspace)| workspace.holds(path));
        holding.max_by_key(|(_, workspace)| depth(workspace)).map_or(self.workspaces.len() - 1, |(at, _)| at)
    }

    /// The workspace that a path belongs to.
    pub(super) fn workspace(&self, path: &Path) -> &Workspace {
        &self.workspaces[self.workspace_of(path)]
    }

    /// Says that a document was opened or edited.
    pub(super) fn document_changed(&mut self, path: &Path) {
        let at = self.workspace_of(path);
        let Some(document) = self.documents.get(path) else { return };
        if self.workspaces[at].depends_on(path) {
            self.outdated.insert(at);
        }
        if document.is_linted() {
            self.workspaces[at].document_changed(path);
        }
    }

    /// The key of an open document.
    pub(super) fn path(&self, uri: &str) -> Option<PathBuf> {
        let path = document::key(uri, "");
        if self.documents.contains_key(&path) {
            return Some(path);
        }
        // The language of a document that is not a file may be part of its key.
        self.documents.iter().find(|(_, document)| document.uri == uri).map(|(path, _)| path.clone())
    }

    /// The documents of a workspace.
    pub(super) fn documents_of(&self, at: usize) -> Documents {
        let own = self.documents.iter().filter(|(path, _)| self.workspace_of(path) == at);
        own.map(|(path, document)| (path.clone(), document.clone())).collect()
    }

    /// Lints what has changed. Adds what takes long to `jobs`.
    pub(super) fn settle(&mut self, jobs: &mut Vec<Job>) {
        for at in 0..self.workspaces.len() {
            if self.outdated.remove(&at) {
                let documents = self.documents_of(at);
                let workspace = &mut self.workspaces[at];
                workspace.reload(&documents);
                self.messages.extend(workspace.problem().map(visible));
                self.messages.extend(workspace.failures.iter().map(ToString::to_string));
            }
            self.settle_one(at, jobs);
        }
    }

    fn settle_one(&mut self, at: usize, jobs: &mut Vec<Job>) {
        let Self { workspaces, documents, in_work, last, .. } = self;
        let workspace = &mut workspaces[at];
        let mut lint = |workspace: &mut Workspace| {
            workspace.lint(documents, |path, linter| {
                let Some(document) = documents.get(path).cloned() else { return };
                *last += 1;
                in_work.insert(path.to_owned(), *last);
                jobs.push(Job::Lint { workspace: at, ticket: *last, path: path.to_owned(), document, linter: linter.clone() });
            });
        };
        lint(workspace);
        if workspace.wants_bodies() {
            let own = self.documents_of(at);
            self.workspaces[at].gather_bodies(&own);
            return self.settle_one(at, jobs);
        }
        let (is_stale, takes_long) = workspace.is_stale();
        if !is_stale {
            return;
        }
        let Some((linter, files)) = workspace.basis() else { return };
        if takes_long {
            let (root, documents) = (workspace.root.clone(), documents.clone());
            *last += 1;
            jobs.push(Job::Judge { workspace: at, ticket: *last, root, files, documents, linter });
        } else {
            let texts = Texts { root: workspace.root.as_deref(), documents, effective: &linter.effective };
            let across = across::judge(&linter, &files, texts);
            *last += 1;
            let ticket = *last;
            self.take_across(at, ticket, across);
        }
    }

    /// Takes what depends on several declarations of a workspace, unless a later judgement was taken.
    pub(super) fn take_across(&mut self, at: usize, ticket: u64, across: Across) {
        let judged = self.judged.entry(at).or_default();
        // After a change of the folders, the number may be that of another workspace.
        let is_current = ticket >= self.oldest && ticket > *judged;
        if let Some(workspace) = self.workspaces.get_mut(at).filter(|_| is_current) {
            *judged = ticket;
            workspace.take_across(across);
        }
    }

    /// Judges the entries of the configurations.
    pub(super) fn judge_entries(&mut self) {
        self.workspaces.iter_mut().for_each(Workspace::judge_entries);
    }

    /// Takes the files whose diagnostics may have changed.
    pub(super) fn take_changed(&mut self) -> BTreeSet<PathBuf> {
        let abandoned = std::mem::take(&mut self.abandoned);
        self.workspaces.iter_mut().flat_map(Workspace::take_changed).chain(abandoned).collect()
    }

    /// Takes what the client is told.
    pub(super) fn take_messages(&mut self) -> Vec<String> {
        std::mem::take(&mut self.messages)
    }

    /// The URI of a file: as the client writes it, if it is open.
    pub(super) fn uri(&self, path: &Path) -> String {
        self.documents.get(path).map_or_else(|| uri::of(path), |document| document.uri.clone())
    }

    /// The findings in a file or a document.
    pub(super) fn findings(&self, path: &Path) -> Vec<crate::diagnostic::Diagnostic> {
        let workspace = self.workspace(path);
        match self.documents.get(path) {
            Some(document) if document.is_config() && workspace.config_path().as_deref() != Some(path) => {
                configuration(&document.name, &document.text)
            }
            _ => workspace.findings(path),
        }
    }

    /// The diagnostics of a file or a document.
    pub(super) fn diagnostics(&self, path: &Path) -> Vec<Json> {
        let findings = self.findings(path);
        if findings.is_empty() {
            return Vec::new();
        }
        let workspace = self.workspace(path);
        let text = workspace.text(&self.documents, path).unwrap_or_default();
        let lines = Lines::of(&text, self.client.encoding);
        let other = |file: &str| {
            let path = Path::new(file);
            Some((self.uri(path), workspace.text(&self.documents, path)?))
        };
        diagnostics::render(&findings, &self.uri(path), &lines, &self.client, other)
    }
}

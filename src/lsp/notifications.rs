//! What the client tells: opened, edited and closed documents, changed files, folders.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value as Json;

use super::document::{self, Document};
use super::state::State;
use super::text::Change;
use super::uri;
use super::wire::{Id, Params};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Opened {
    text_document: Item,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    uri: String,
    #[serde(default)]
    language_id: String,
    #[serde(default)]
    version: i64,
    text: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Changed {
    text_document: Name,
    content_changes: Vec<Change>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Named {
    text_document: Name,
}

#[derive(Deserialize)]
struct Name {
    uri: String,
    /// Old clients may send null.
    #[serde(default)]
    version: Option<i64>,
}

#[derive(Deserialize)]
struct Watched {
    changes: Vec<Name>,
}

#[derive(Deserialize)]
struct FoldersChanged {
    event: FolderEvent,
}

#[derive(Deserialize)]
struct FolderEvent {
    #[serde(default)]
    added: Vec<Name>,
    #[serde(default)]
    removed: Vec<Name>,
}

#[derive(Deserialize)]
struct Cancelled {
    id: Id,
}

/// The request that the client cancels.
pub(super) fn cancelled(params: &Params) -> Option<Id> {
    params.read::<Cancelled>().ok().map(|cancelled| cancelled.id)
}

/// The folders in the parameters of `initialize`.
pub(super) fn folders(params: &Json) -> Vec<PathBuf> {
    let folders = params["workspaceFolders"].as_array();
    let named = folders.into_iter().flatten().filter_map(|folder| folder["uri"].as_str());
    let mut found: Vec<PathBuf> = named.filter_map(uri::path).collect();
    if folders.is_none() {
        // Old clients have one.
        let root = params["rootUri"].as_str().and_then(uri::path);
        let path = || params["rootPath"].as_str().map(PathBuf::from).filter(|path| path.is_absolute());
        found.extend(root.or_else(path));
    }
    found.sort();
    found.dedup();
    found
}

/// Takes a notification. Returns the documents that were opened, edited or closed. What cannot be read is ignored.
pub(super) fn take(state: &mut State, method: &str, params: &Params) -> Vec<PathBuf> {
    match method {
        "textDocument/didOpen" => opened(state, params),
        "textDocument/didChange" => changed(state, params),
        "textDocument/didClose" => closed(state, params),
        "textDocument/didSave" => {
            // Without reports about files, a save is the moment to look.
            if !state.client.watches_files {
                rescan(state);
            }
            None
        }
        "workspace/didChangeWatchedFiles" => {
            watched(state, params);
            None
        }
        "workspace/didCreateFiles" | "workspace/didRenameFiles" | "workspace/didDeleteFiles" => {
            rescan(state);
            None
        }
        "workspace/didChangeWorkspaceFolders" => {
            folders_changed(state, params);
            None
        }
        _ => None,
    }
    .into_iter()
    .collect()
}

fn opened(state: &mut State, params: &Params) -> Option<PathBuf> {
    let Item { uri, language_id, version, text } = params.read::<Opened>().ok()?.text_document;
    let path = document::key(&uri, &language_id);
    state.documents.insert(path.clone(), Document::new(uri, &path, version, text));
    state.document_changed(&path);
    Some(path)
}

fn changed(state: &mut State, params: &Params) -> Option<PathBuf> {
    let Changed { text_document: Name { uri, version }, content_changes } = params.read::<Changed>().ok()?;
    let path = state.path(&uri)?;
    let encoding = state.client.encoding;
    let document = state.documents.get_mut(&path)?;
    let version = version.unwrap_or(document.version + 1);
    document.edit(version, &content_changes, encoding);
    state.document_changed(&path);
    Some(path)
}

fn closed(state: &mut State, params: &Params) -> Option<PathBuf> {
    let path = state.path(&params.read::<Named>().ok()?.text_document.uri)?;
    state.documents.remove(&path);
    let at = state.workspace_of(&path);
    if state.workspaces[at].depends_on(&path) {
        state.reload(at);
    }
    let State { workspaces, documents, .. } = state;
    workspaces[at].document_closed(&path, documents);
    Some(path)
}

fn watched(state: &mut State, params: &Params) {
    let Ok(Watched { changes }) = params.read() else { return };
    let paths = changes.iter().filter_map(|change| uri::path(&change.uri));
    let is_folder = |path: &Path| path.symlink_metadata().is_ok_and(|found| found.is_dir());
    let mut has_folder = false;
    for path in paths {
        let at = state.workspace_of(&path);
        if state.workspaces[at].depends_on(&path) {
            // What the client has open counts, not the file.
            if !state.documents.contains_key(&path) {
                state.reload(at);
            }
            continue;
        }
        if is_folder(&path) {
            has_folder = true;
            continue;
        }
        let State { workspaces, documents, .. } = state;
        workspaces[at].file_changed(&path, documents);
    }
    if has_folder {
        // A new folder brings its files along.
        rescan(state);
    }
}

fn rescan(state: &mut State) {
    for at in 0..state.workspaces.len() {
        let documents = state.documents_of(at);
        state.workspaces[at].rescan(&documents);
    }
}

fn folders_changed(state: &mut State, params: &Params) {
    let Ok(FoldersChanged { event: FolderEvent { added, removed } }) = params.read() else { return };
    let paths = |names: Vec<Name>| names.into_iter().filter_map(|name| uri::path(&name.uri)).collect::<Vec<_>>();
    let removed = paths(removed);
    let mut folders = state.folders();
    folders.retain(|folder| !removed.contains(folder));
    folders.extend(paths(added));
    folders.sort();
    folders.dedup();
    state.set_folders(&folders);
}

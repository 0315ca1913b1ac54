//! What the client asks for.

use std::path::PathBuf;

use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::client::Client;
use super::document;
use super::state::State;
use super::text::{Point, Span};
use super::wire::{Failure, Params};
use super::{actions, complete, hover, navigate, symbols};

/// The parameters of requests about a document.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct About {
    text_document: Name,
}

#[derive(Deserialize)]
struct Name {
    uri: String,
}

/// The parameters of requests about a position.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct At {
    text_document: Name,
    position: Point,
    #[serde(default)]
    new_name: Option<String>,
    #[serde(default)]
    context: Option<WithOwn>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WithOwn {
    #[serde(default)]
    include_declaration: bool,
}

/// The parameters of a request for actions.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct In {
    text_document: Name,
    range: Span,
    #[serde(default)]
    context: Kinds,
}

#[derive(Deserialize, Default)]
struct Kinds {
    #[serde(default)]
    only: Option<Vec<String>>,
}

/// The largest parameters that are read as a whole, in bytes: those of `initialize` list the capabilities of the client.
const MAX_SMALL: usize = 1 << 20;

/// Reads parameters as a whole.
pub(super) fn small(params: &Params) -> Result<Json, Failure> {
    if params.len() > MAX_SMALL {
        return Err(Failure::refused(format!("the parameters have more than {MAX_SMALL} bytes")));
    }
    params.read()
}

/// The document that parameters are about.
pub(super) fn uri(params: &Params) -> Option<String> {
    params.read::<About>().ok().map(|about| about.text_document.uri)
}

/// The key of the document that parameters are about.
pub(super) fn document(state: &State, params: &Params) -> Result<PathBuf, Failure> {
    params.read::<About>().map(|about| path(state, &about.text_document.uri))
}

fn path(state: &State, uri: &str) -> PathBuf {
    state.path(uri).unwrap_or_else(|| document::key(uri, ""))
}

/// What the server can do for a client.
pub(super) fn capabilities(client: &Client) -> Json {
    let any = json!({ "filters": [{ "pattern": { "glob": "**" } }] });
    let mut capabilities = json!({
        "positionEncoding": client.encoding.name(),
        "textDocumentSync": { "openClose": true, "change": 2, "save": { "includeText": false } },
        "codeActionProvider": { "codeActionKinds": actions::KINDS },
        "completionProvider": { "triggerCharacters": ["\"", "(", ":", "@", "."] },
        "definitionProvider": true,
        "documentSymbolProvider": true,
        "hoverProvider": true,
        "referencesProvider": true,
        "renameProvider": { "prepareProvider": true },
        "workspace": {
            "workspaceFolders": { "supported": true, "changeNotifications": true },
            "fileOperations": { "didCreate": any, "didRename": any, "didDelete": any },
        },
    });
    if client.pulls {
        capabilities["diagnosticProvider"] =
            json!({ "identifier": "ddmc", "interFileDependencies": true, "workspaceDiagnostics": true });
    }
    capabilities
}

/// Answers a request.
pub(super) fn answer(state: &State, method: &str, params: &Params) -> Result<Json, Failure> {
    let found = |answer: Option<Json>| Ok(answer.unwrap_or(Json::Null));
    match method {
        "textDocument/codeAction" => {
            let In { text_document, range, context } = params.read()?;
            found(actions::answer(state, &path(state, &text_document.uri), range, context.only.as_deref()))
        }
        "textDocument/documentSymbol" => found(symbols::answer(state, &document(state, params)?)),
        "textDocument/hover"
        | "textDocument/completion"
        | "textDocument/definition"
        | "textDocument/references"
        | "textDocument/prepareRename"
        | "textDocument/rename" => {
            let At { text_document, position, new_name, context } = params.read()?;
            let path = path(state, &text_document.uri);
            match method {
                "textDocument/hover" => found(hover::answer(state, &path, position)),
                "textDocument/completion" => found(complete::answer(state, &path, position)),
                "textDocument/definition" => found(navigate::definition(state, &path, position)),
                "textDocument/references" => {
                    let with_own = context.is_none_or(|context| context.include_declaration);
                    found(navigate::references(state, &path, position, with_own))
                }
                "textDocument/prepareRename" => navigate::prepare(state, &path, position),
                _ => navigate::rename(state, &path, position, &new_name.unwrap_or_default()),
            }
        }
        _ => Err(Failure::UNKNOWN_METHOD),
    }
}

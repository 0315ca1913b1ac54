//! Requests for diagnostics, which wait until what they are about is linted.

use std::path::PathBuf;

use serde::Deserialize;

use super::requests;
use super::state::State;
use super::wire::{Failure, Id, Params};

/// How many reports are sent at once to a client that takes parts of an answer.
pub(super) const MAX_REPORTS: usize = 100;

/// A request for diagnostics.
pub(super) struct Pull {
    pub(super) id: Id,
    pub(super) about: About,
}

/// What the client wants to know.
pub(super) enum About {
    Document { path: PathBuf, previous: Option<String> },
    Workspace { previous: Vec<Previous>, token: Option<Id> },
}

/// The report about a file that the client has.
#[derive(Deserialize)]
pub(super) struct Previous {
    pub(super) uri: String,
    pub(super) value: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OfDocument {
    #[serde(default)]
    previous_result_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OfWorkspace {
    #[serde(default)]
    previous_result_ids: Vec<Previous>,
    #[serde(default)]
    partial_result_token: Option<Id>,
}

impl About {
    /// What a request asks for; `None` if it does not ask for diagnostics.
    pub(super) fn of(state: &State, method: &str, params: &Params) -> Option<Result<Self, Failure>> {
        let document = || {
            let (path, OfDocument { previous_result_id }) = (requests::document(state, params)?, params.read()?);
            Ok(Self::Document { path, previous: previous_result_id })
        };
        let workspace = || {
            let OfWorkspace { previous_result_ids, partial_result_token } = params.read()?;
            Ok(Self::Workspace { previous: previous_result_ids, token: partial_result_token })
        };
        match method {
            "textDocument/diagnostic" => Some(document()),
            "workspace/diagnostic" => Some(workspace()),
            _ => None,
        }
    }
}

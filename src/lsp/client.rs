//! What the client can do.

use serde_json::Value as Json;

use super::text::Encoding;

/// The capabilities of the client that change what the server sends.
#[expect(clippy::struct_excessive_bools, reason = "each is a capability of the protocol")]
#[derive(Debug, Default)]
pub(super) struct Client {
    pub(super) encoding: Encoding,
    /// Whether it asks for the diagnostics of open documents.
    pub(super) pulls: bool,
    /// Whether it can be told to ask again.
    pub(super) can_refresh: bool,
    /// Whether it reports changes of files if it is asked to.
    pub(super) watches_files: bool,
    pub(super) has_snippets: bool,
    pub(super) has_related: bool,
    pub(super) has_links: bool,
    /// The tags of diagnostics that it shows.
    pub(super) tags: Vec<u64>,
    /// Whether it shows Markdown.
    pub(super) has_markdown: bool,
    /// Whether the changes of a workspace edit may be in an order, with versions of documents.
    pub(super) has_document_changes: bool,
    pub(super) can_create_files: bool,
    pub(super) has_hierarchy: bool,
}

impl Client {
    /// Reads the parameters of `initialize`.
    pub(super) fn of(params: &Json) -> Self {
        let at = |pointer: &str| params.pointer(&format!("/capabilities/{pointer}"));
        let has = |pointer: &str| at(pointer).and_then(Json::as_bool).unwrap_or_default();
        let lists =
            |pointer: &str, name: &str| at(pointer).and_then(Json::as_array).is_some_and(|all| all.iter().any(|one| one == name));
        let encoding = if lists("general/positionEncodings", Encoding::Utf8.name()) { Encoding::Utf8 } else { Encoding::Utf16 };
        // Old clients only say that they show tags.
        let tags = match at("textDocument/publishDiagnostics/tagSupport") {
            Some(Json::Bool(true)) => vec![1, 2],
            Some(support) => support["valueSet"].as_array().into_iter().flatten().filter_map(Json::as_u64).collect(),
            None => Vec::new(),
        };
        Self {
            encoding,
            pulls: at("textDocument/diagnostic").is_some_and(Json::is_object),
            can_refresh: has("workspace/diagnostics/refreshSupport"),
            watches_files: has("workspace/didChangeWatchedFiles/dynamicRegistration"),
            has_snippets: has("textDocument/completion/completionItem/snippetSupport"),
            has_related: has("textDocument/publishDiagnostics/relatedInformation")
                || has("textDocument/diagnostic/relatedInformation"),
            has_links: has("textDocument/publishDiagnostics/codeDescriptionSupport")
                || has("textDocument/diagnostic/codeDescriptionSupport"),
            tags,
            has_markdown: lists("textDocument/hover/contentFormat", "markdown"),
            has_document_changes: has("workspace/workspaceEdit/documentChanges"),
            can_create_files: lists("workspace/workspaceEdit/resourceOperations", "create"),
            has_hierarchy: has("textDocument/documentSymbol/hierarchicalDocumentSymbolSupport"),
        }
    }
}

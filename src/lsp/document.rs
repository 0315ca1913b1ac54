//! The documents that are open in the client.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::edit;
use super::text::{Change, Encoding};
use super::uri;
use crate::config::FILE_NAME;
use crate::syntax::{Grammar, YAML, has_extension, has_lines};

/// By path. What is not a file has its URI instead.
pub(super) type Documents = BTreeMap<PathBuf, Document>;

/// A text that is open in the client.
#[derive(Debug, Clone)]
pub(super) struct Document {
    /// As the client writes it.
    pub(super) uri: String,
    pub(super) version: i64,
    pub(super) text: Arc<String>,
    /// The name in findings.
    pub(super) name: Arc<str>,
}

/// Larger documents are linted beside the loop, in bytes: it takes more than a few milliseconds.
const LARGE: usize = 1 << 18;

/// Whether linting a text takes long.
pub(super) fn is_large(text: &str) -> bool {
    text.len() > LARGE
}

/// The key of a document. The language tells the format of what has no known extension.
pub(super) fn key(uri: &str, language: &str) -> PathBuf {
    let path = uri::path(uri);
    let is_file = path.is_some();
    let path = path.unwrap_or_else(|| PathBuf::from(uri));
    let is_named = has_lines(&path) || has_extension(&path, &YAML);
    match language {
        "yaml" if !is_file && !is_named => PathBuf::from(format!("{uri}.yaml")),
        "jsonl" | "ndjson" if !is_file && !is_named => PathBuf::from(format!("{uri}.ndjson")),
        _ => path,
    }
}

impl Document {
    pub(super) fn new(uri: String, path: &Path, version: i64, text: String) -> Self {
        Self { uri, version, text: Arc::new(text), name: Arc::from(path.to_string_lossy()) }
    }

    /// Applies the edits of a message.
    pub(super) fn edit(&mut self, version: i64, changes: &[Change], encoding: Encoding) {
        (self.version, self.text) = (version, Arc::new(edit::apply(&self.text, changes, encoding)));
    }

    pub(super) fn grammar(&self) -> Grammar {
        Grammar::of_file(&self.name)
    }

    /// Whether it is a configuration.
    pub(super) fn is_config(&self) -> bool {
        Path::new(&*self.name).file_name().is_some_and(|name| name == FILE_NAME)
    }

    /// Whether it is read as declarations.
    pub(super) fn is_linted(&self) -> bool {
        !self.is_config()
    }
}

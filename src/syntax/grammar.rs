//! The syntax of documents, and what tells it.

use std::path::Path;

use super::file_name::{has_extension, has_lines};

/// How a document is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Syntax {
    #[default]
    Json,
    PropertyList,
    Yaml,
}

/// How the documents of a file are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Grammar {
    /// As a property list if the first bytes say so, else as JSON.
    Detected,
    Json,
    Yaml,
}

impl Grammar {
    /// The grammar of a file with this name.
    pub(crate) fn of_file(name: &str) -> Self {
        let name = Path::new(name);
        if has_lines(name) {
            Self::Json
        } else if has_extension(name, &YAML) {
            Self::Yaml
        } else {
            Self::Detected
        }
    }
}

/// The extensions of YAML files.
pub(crate) const YAML: [&str; 2] = ["yaml", "yml"];

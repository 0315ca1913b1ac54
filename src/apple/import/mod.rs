//! Reads Apple's schema from the YAML files of its repository.
//!
//! Reading continues after an error, which becomes a complaint, so that an older `ddmc` can read a newer release. An
//! unknown attribute is also a complaint, so that nothing is dropped silently. `checkout` accesses the disk, not this
//! module.

mod attributes;
mod key;
mod support;
#[cfg(test)]
mod tests;

use std::fmt;

use super::legacy;
use super::schema::{Apply, Family, NewType, Schema, Text};
use super::support::Release;
use crate::limits::MAX_ROWS;
use crate::syntax::yaml::{NodeId, Tree};
use support::Columns;

/// The folder of the declaration files in Apple's repository.
pub(super) const DECLARATIONS: &str = "declarative/declarations/";

/// Something that the importer could not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Complaint {
    /// The path of the file in the checkout.
    pub(crate) file: String,
    /// Counted from 1.
    pub(crate) line: usize,
    pub(crate) message: String,
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.message)
    }
}

/// The declarations of a release, before conversion to rows.
pub(crate) struct Imported {
    /// The release: the highest version in which anything was introduced.
    pub(crate) release: Option<Release>,
    /// Sorted by family and name; the envelope is first.
    pub(crate) types: Vec<NewType>,
    pub(crate) complaints: Vec<Complaint>,
}

impl Imported {
    /// Converts to a schema, adding the legacy documents that newer releases lack.
    pub(crate) fn into_schema(self) -> (Schema, Vec<Complaint>) {
        let mut schema = Schema::empty(self.release.map_or_else(String::new, |release| release.to_string()));
        for document in self.types {
            schema.add(document);
        }
        legacy::add(&mut schema);
        schema.annotate();
        (schema, self.complaints)
    }
}

/// Reads the declaration files among pairs of path and text.
pub(crate) fn read<'f>(files: impl IntoIterator<Item = (&'f str, &'f str)>) -> Imported {
    let mut state = State::default();
    let mut types: Vec<NewType> = Vec::new();
    for (path, text) in files {
        let Some(name) = path.strip_prefix(DECLARATIONS).and_then(|path| path.strip_suffix(".yaml")) else { continue };
        let mut file = File { path, name, text, tree: Tree::read(text), state: &mut state, open: Vec::new() };
        for error in std::mem::take(&mut file.tree.errors) {
            file.complain_at(error.span.start, error.message);
        }
        let Some(new) = file.document() else { continue };
        if types.iter().any(|other| other.name == new.name) {
            file.complain_at(0, format!("another file already describes {}", new.name));
        } else {
            types.push(new);
        }
    }
    types.sort_by(|one, other| (one.family, &one.name).cmp(&(other.family, &other.name)));
    Imported { release: state.release, types, complaints: state.complaints }
}

/// The state shared by all files.
#[derive(Default)]
struct State {
    release: Option<Release>,
    complaints: Vec<Complaint>,
    /// The number of rows so far.
    rows: usize,
}

/// A file being read.
struct File<'f> {
    path: &'f str,
    /// The path below `DECLARATIONS`, without the extension: `configurations/passcode.settings`.
    name: &'f str,
    text: &'f str,
    tree: Tree<'f>,
    state: &'f mut State,
    /// The lists of subkeys around the current key.
    open: Vec<key::Level>,
}

impl File<'_> {
    /// Reads the type that the file describes.
    fn document(&mut self) -> Option<NewType> {
        let Some(root) = self.tree.root() else {
            self.complain_at(0, "the file is empty");
            return None;
        };
        let Some(family) = family(self.name) else {
            self.complain(root, "the folder does not belong to a known family of declarations");
            return None;
        };
        let top = self.attributes(root, "a file", &["payload", "payloadkeys"])?;
        let Some(payload) = top.get("payload") else {
            self.complain(root, "`payload` is missing");
            return None;
        };
        let name_attribute = if family == Family::Credential { "credentialtype" } else { "declarationtype" };
        let payload_attributes = self.attributes(payload, "`payload`", &[name_attribute, "apply", "supportedOS"])?;
        let Some(name) = payload_attributes.get(name_attribute) else {
            self.complain(payload, format!("`{name_attribute}` is missing"));
            return None;
        };
        let name = if family == Family::Envelope { self.name.to_owned() } else { self.name(name)? };
        let apply = payload_attributes.get("apply").and_then(|node| self.one_of(node, APPLY));
        let mut columns = Columns::default();
        match payload_attributes.get("supportedOS") {
            Some(node) => self.override_support(&mut columns, node),
            None => self.complain(payload, "`supportedOS` is missing"),
        }
        let Some(keys) = top.get("payloadkeys") else {
            self.complain(root, "`payloadkeys` is missing");
            return None;
        };
        let keys = self.object(keys, &columns);
        let support = columns.support();
        Some(NewType { name: Text::Owned(name), family, apply, support, keys, file: Text::Owned(self.name.to_owned()) })
    }

    fn complain(&mut self, node: NodeId, message: impl Into<String>) {
        self.complain_at(self.tree.node(node).span.start, message);
    }

    /// Complains about a byte offset in the file.
    fn complain_at(&mut self, offset: usize, message: impl Into<String>) {
        let line = self.text[..offset].matches('\n').count() + 1;
        self.state.complaints.push(Complaint { file: self.path.to_owned(), line, message: message.into() });
    }
}

const APPLY: &[(&str, Apply)] = &[("single", Apply::Single), ("multiple", Apply::Multiple), ("combined", Apply::Combined)];

/// The family of a file, by its folder.
fn family(name: &str) -> Option<Family> {
    match name.rsplit_once('/') {
        None => (name == "declarationbase").then_some(Family::Envelope),
        Some(("configurations", _)) => Some(Family::Configuration),
        Some(("activations", _)) => Some(Family::Activation),
        Some(("assets", _)) => Some(Family::Asset),
        Some(("assets/credentials", _)) => Some(Family::Credential),
        Some(("management", _)) => Some(Family::Management),
        Some(_) => None,
    }
}

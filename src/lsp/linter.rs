//! How the files of a folder are found, read and linted, and what is kept of each.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::document::Documents;
use crate::config::{EffectiveConfig, Entries, Exclude};
use crate::content::Hashes;
use crate::diagnostic::Diagnostic;
use crate::limits::MAX_FILE_BYTES;
use crate::lint::{self, Gather, Linted, Text};
use crate::policy::Policies;
use crate::session::{Host, Session};
use crate::set::{Declared, Listed, Together};
use crate::source::{self, ReadError};
use crate::syntax;
use crate::validate::Strictness;

/// How the files of a workspace are linted.
#[derive(Clone)]
pub(super) struct Linter {
    pub(super) effective: Arc<EffectiveConfig>,
    pub(super) hashes: Hashes,
    pub(super) gather: Gather,
}

/// What linting keeps of a file.
#[derive(Debug)]
pub(super) struct File {
    /// The path, as findings name it.
    pub(super) name: Arc<str>,
    /// The findings in this file alone.
    pub(super) findings: Vec<Diagnostic>,
    pub(super) declarations: Vec<Declared>,
    pub(super) listed: Vec<Listed>,
    pub(super) activations: usize,
    pub(super) assets: usize,
}

impl Linter {
    /// Lints the text of a file.
    pub(super) fn lint(&self, name: &Arc<str>, bytes: &[u8], strictness: Strictness) -> File {
        let mut file = File {
            name: name.clone(),
            findings: Vec::new(),
            declarations: Vec::new(),
            listed: Vec::new(),
            activations: 0,
            assets: 0,
        };
        if bytes.len() > MAX_FILE_BYTES {
            return file;
        }
        let conditions = &self.effective.for_file(name).conditions;
        let text = Text::whole(name, bytes, strictness, self.gather, conditions);
        lint::lint(&text, &self.hashes, |Linted { findings, declarations, listed, activations, assets, .. }| {
            file.findings.extend(findings);
            file.declarations.extend(declarations);
            file.listed.extend(listed);
            file.activations += activations;
            file.assets += assets;
        });
        file
    }

    /// Drops the findings that are accepted, and sets the severities of the others.
    pub(super) fn filter(&self, name: &str, findings: &mut Vec<Diagnostic>) {
        if findings.is_empty() {
            return;
        }
        let _ = Entries::new(&self.effective).drop_ignored(name, findings);
        self.effective.for_file(name).severities.apply(findings);
    }

    /// A run over all files.
    pub(super) fn session(&self) -> Session {
        let mut session = Session::new(self.effective.schema(), self.hashes.clone(), Together::Activated, self.gather);
        session.activated_by(self.effective.activations().0);
        session
    }
}

/// Reads texts: those of open documents, else of files in the folder.
#[derive(Clone, Copy)]
pub(super) struct Texts<'t> {
    pub(super) root: Option<&'t Path>,
    pub(super) documents: &'t Documents,
    pub(super) effective: &'t EffectiveConfig,
}

impl Host for Texts<'_> {
    fn text(&self, file: &str) -> Option<Cow<'_, [u8]>> {
        text(self.root, self.documents, Path::new(file)).map(|text| match text {
            Cow::Borrowed(text) => syntax::decoded(text).0,
            Cow::Owned(text) => Cow::Owned(syntax::into_decoded(text)),
        })
    }

    fn sets(&self, file: &str) -> Vec<usize> {
        self.effective.sets(file)
    }

    fn policies(&self, file: &str) -> Policies {
        self.effective.for_file(file).conditions.policies.clone()
    }
}

/// The files of a folder that may hold declarations, and what cannot be read. No more than `most` files are found.
pub(super) fn find(root: &Path, exclude: &Arc<Exclude>, most: usize) -> (BTreeSet<PathBuf>, Vec<ReadError>) {
    let (mut found, mut failures) = (BTreeSet::new(), Vec::new());
    for entry in source::workspace(root, exclude.clone()) {
        match entry {
            Ok(_) if found.len() == most => {
                let reason = format!(
                    "the folder has more than {most} files that may hold declarations; the others are checked when they are opened: exclude some in ddmc.toml"
                );
                failures.push(ReadError { file: root.to_string_lossy().into(), reason });
                break;
            }
            Ok(path) => {
                found.insert(path);
            }
            Err(error) => failures.push(error),
        }
    }
    (found, failures)
}

/// The bytes of a document, else of a regular file in the folder.
pub(super) fn text<'d>(root: Option<&Path>, documents: &'d Documents, path: &Path) -> Option<Cow<'d, [u8]>> {
    match documents.get(path) {
        Some(document) => Some(Cow::Borrowed(document.text.as_bytes())),
        None => root.filter(|root| path.starts_with(root)).and_then(|_| read(path)).map(Cow::Owned),
    }
}

/// Reads a regular file that is not a link. `None` if it is too large.
pub(super) fn read(path: &Path) -> Option<Vec<u8>> {
    let is_file = fs::symlink_metadata(path).is_ok_and(|found| found.is_file());
    let text = is_file.then(|| source::read_small(path, MAX_FILE_BYTES).ok()).flatten()?;
    (text.len() <= MAX_FILE_BYTES).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Flags;

    #[test]
    fn a_folder_may_hold_any_number_of_files() {
        let folder = tempfile::tempdir().expect("a folder");
        for name in ["a.json", "b.txt", "c.yaml", "d.json"] {
            fs::write(folder.path().join(name), "{}").expect("a file");
        }
        let names = |most| {
            let now = chrono::NaiveDateTime::default().into();
            let effective = EffectiveConfig::new(None, Flags::default(), folder.path().to_owned(), now);
            let (found, failures) = find(folder.path(), effective.exclude(), most);
            let names = found.iter().filter_map(|path| path.file_name()?.to_str().map(str::to_owned));
            (names.collect::<Vec<_>>(), failures.iter().map(ToString::to_string).collect::<Vec<_>>())
        };
        assert_eq!(names(3), (["a.json", "c.yaml", "d.json"].map(str::to_owned).into(), Vec::new()));
        let (found, failures) = names(2);
        assert_eq!(found, ["a.json", "c.yaml"]);
        assert!(failures.len() == 1 && failures[0].contains("more than 2 files"), "{failures:?}");
    }
}

//! What depends on several declarations of a workspace.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::workspace::{File, Linter, Texts};
use crate::apple::Channel;
use crate::diagnostic::Diagnostic;
use crate::hash::Map;
use crate::lint::Linted;
use crate::listed::ListedSets;
use crate::session::Session;
use crate::set::Declared;

/// How many declarations are judged between two messages. More are judged beside the loop.
pub(super) const MAX_AT_ONCE: usize = 4000;

/// The findings that depend on several declarations, by file, and the run that they come from.
#[derive(Default)]
pub(super) struct Across {
    pub(super) findings: BTreeMap<PathBuf, Vec<Diagnostic>>,
    pub(super) session: Option<Session>,
}

/// Judges all declarations of a workspace together.
pub(super) fn judge(linter: &Linter, files: &[Arc<File>], texts: Texts<'_>) -> Across {
    let mut session = linter.session();
    let mut all = Vec::new();
    for file in files {
        let File { name, declarations, listed, activations, assets, .. } = &**file;
        let (declarations, listed) = (declarations.clone(), listed.clone());
        let own = Linted { declarations, listed, activations: *activations, assets: *assets, ..Linted::default() };
        all.extend(session.take(&texts, name, own));
    }
    let lists = session.take_listed();
    // Links are not followed, as in folders.
    let exists = |path: &Path, is_folder: bool| path.symlink_metadata().is_ok_and(|found| found.is_dir() == is_folder);
    let sets = ListedSets::find(&lists, linter.effective.here(), &exists);
    if !lists.is_empty() {
        session.add_sets(|member| sets.of(member));
    }
    all.extend(sets.findings);
    all.extend(session.judge(&texts));
    let mut findings: BTreeMap<PathBuf, Vec<Diagnostic>> = BTreeMap::new();
    for finding in all {
        findings.entry(PathBuf::from(&*finding.place.file)).or_default().push(finding);
    }
    Across { findings, session: Some(session) }
}

/// How many declarations have each identifier.
#[derive(Default)]
pub(super) struct Names(Map<(Channel, Box<str>), usize>, usize);

impl Names {
    /// The number of declarations with an identifier.
    pub(super) fn len(&self) -> usize {
        self.1
    }

    pub(super) fn add(&mut self, declarations: &[Declared]) {
        for name in named(declarations) {
            *self.0.entry(name).or_default() += 1;
            self.1 += 1;
        }
    }

    pub(super) fn remove(&mut self, declarations: &[Declared]) {
        for name in named(declarations) {
            self.1 = self.1.saturating_sub(1);
            if let Some(count) = self.0.get_mut(&name) {
                *count -= 1;
                if *count == 0 {
                    self.0.remove(&name);
                }
            }
        }
    }

    /// Whether another declaration has an identifier of one of these, which must have been added.
    pub(super) fn are_shared(&self, declarations: &[Declared]) -> bool {
        named(declarations).any(|name| self.0.get(&name).is_some_and(|count| *count > 1))
    }
}

fn named(declarations: &[Declared]) -> impl Iterator<Item = (Channel, Box<str>)> {
    let named = declarations.iter().filter(|declared| declared.is_named);
    named.filter_map(|declared| Some((declared.channel, declared.identifier.clone()?)))
}

/// The sums over all files.
#[derive(Default)]
pub(super) struct Totals {
    pub(super) activations: usize,
    assets: usize,
    listed: usize,
}

impl Totals {
    pub(super) fn add(&mut self, file: &File) {
        self.activations += file.activations;
        self.assets += file.assets;
        self.listed += file.listed.len();
    }

    pub(super) fn remove(&mut self, file: &File) {
        self.activations -= file.activations;
        self.assets -= file.assets;
        self.listed -= file.listed.len();
    }

    /// Whether declarations reference others, or are listed in sets.
    pub(super) fn need_bodies(&self) -> bool {
        self.activations + self.assets + self.listed > 0
    }
}

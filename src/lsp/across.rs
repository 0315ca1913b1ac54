//! What depends on several declarations of a workspace.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::linter::{File, Linter, Texts};
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
pub(super) struct Names {
    counts: Map<Channel, Map<Box<str>, usize>>,
    /// The number of declarations with an identifier.
    len: usize,
    /// The number of identifiers that several declarations have.
    shared: usize,
}

impl Names {
    /// The number of declarations with an identifier.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Replaces the declarations of a file. Most edits change no identifier.
    pub(super) fn replace(&mut self, old: &[Declared], new: &[Declared]) {
        if named(old).eq(named(new)) {
            return;
        }
        for (channel, name) in named(old) {
            let counts = self.counts.entry(channel).or_default();
            let Some(count) = counts.get_mut(name) else { continue };
            *count -= 1;
            let left = *count;
            self.len -= 1;
            match left {
                0 => drop(counts.remove(name)),
                1 => self.shared -= 1,
                _ => {}
            }
        }
        for (channel, name) in named(new) {
            let count = self.counts.entry(channel).or_default().entry(name.into()).or_default();
            *count += 1;
            self.len += 1;
            self.shared += usize::from(*count == 2);
        }
    }

    /// Whether another declaration has an identifier of one of these, which must have been added.
    pub(super) fn are_shared(&self, declarations: &[Declared]) -> bool {
        let count = |channel, name| self.counts.get(&channel).and_then(|counts| counts.get(name)).copied();
        self.shared > 0 && named(declarations).any(|(channel, name)| count(channel, name).is_some_and(|count| count > 1))
    }
}

fn named(declarations: &[Declared]) -> impl Iterator<Item = (Channel, &str)> {
    let named = declarations.iter().filter(|declared| declared.is_named);
    named.filter_map(|declared| Some((declared.channel, declared.identifier.as_deref()?)))
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

//! Finds the declarations of the sets that files list: of Fleet's GitOps by path, of KMFDDM in the folder of the list.

use std::path::{Component, Path, PathBuf};

use crate::config::{Glob, Globs, Index, absolute};
use crate::diagnostic::{Budget, Diagnostic};
use crate::hash::Map;
use crate::limits::{MAX_LISTED_PATTERN_BYTES, MAX_RUN_FINDINGS};
use crate::rules::missing_file::{self, Missing};
use crate::rules::too_many_findings;
use crate::set::{Items, Listed, ListedPath, Member};
use crate::source::repository;

/// The indexes of sets.
type Sets = Vec<usize>;

/// The listed sets of a run, by what their declarations have in common. Paths are absolute.
pub(crate) struct ListedSets<'l> {
    here: PathBuf,
    files: Map<PathBuf, Sets>,
    /// By the folder before the first wildcard: the sets of its patterns.
    patterns: Map<PathBuf, (Sets, Index)>,
    /// By the folder of the list.
    identifiers: Map<PathBuf, Map<&'l str, Sets>>,
    /// The paths that lead nowhere.
    pub(crate) findings: Vec<Diagnostic>,
    budget: Budget,
    /// Whether a file, or a folder if the second argument says so, exists.
    exists: &'l dyn Fn(&Path, bool) -> bool,
}

impl<'l> ListedSets<'l> {
    /// Relative names of files begin at `here`, the current folder.
    /// `exists` tells whether a file or, if it is `true`, a folder exists.
    pub(crate) fn find(listed: &'l [Listed], here: &Path, exists: &'l dyn Fn(&Path, bool) -> bool) -> Self {
        let mut found = Self {
            here: here.to_owned(),
            files: Map::default(),
            patterns: Map::default(),
            identifiers: Map::default(),
            findings: Vec::new(),
            budget: Budget::new(MAX_RUN_FINDINGS),
            exists,
        };
        let mut patterns: Map<PathBuf, (Sets, Vec<Globs>)> = Map::default();
        let mut left = MAX_LISTED_PATTERN_BYTES;
        for (set, Listed { file, items }) in listed.iter().enumerate() {
            let folder = absolute(here, Path::new(&**file)).parent().map(Path::to_path_buf).unwrap_or_default();
            match items {
                Items::Identifiers(identifiers) => {
                    let known = found.identifiers.entry(folder).or_default();
                    for identifier in identifiers {
                        add(known.entry(identifier).or_default(), set);
                    }
                }
                Items::Paths(paths) => {
                    let root = repository::root(&folder).unwrap_or_else(|| here.to_owned());
                    for listed in paths {
                        let Some((target, pattern)) = found.target(&folder, &root, listed) else { continue };
                        if pattern.is_empty() {
                            add(found.files.entry(target).or_default(), set);
                        } else if let (Ok(glob), Some(rest)) = (Glob::new(&pattern), left.checked_sub(pattern.len())) {
                            left = rest;
                            let (sets, globs) = patterns.entry(target).or_default();
                            sets.push(set);
                            globs.push(Globs(vec![glob]));
                        }
                    }
                }
            }
        }
        let index = |(folder, (sets, globs)): (PathBuf, (Sets, Vec<Globs>))| (folder, (sets, Index::new(globs.iter().map(Some))));
        found.findings.sort_by(|one, other| {
            let key = |finding: &Diagnostic| (finding.place.file.clone(), finding.place.start.offset);
            key(one).cmp(&key(other))
        });
        let last = found.findings.last().map(|last| last.place.clone());
        found.findings.extend(found.budget.rest().zip(last).map(|(rest, last)| too_many_findings::in_run(rest, last)));
        found.patterns = patterns.into_iter().map(index).collect();
        found
    }

    /// The file of a path, or the folder and the rest of a pattern. Reports a path that leads nowhere. `None` if nothing
    /// belongs to the set.
    fn target(&mut self, folder: &Path, root: &Path, listed: &ListedPath) -> Option<(PathBuf, String)> {
        let ListedPath { path, is_pattern, is_for_all, place } = listed;
        let (fixed, pattern) = if *is_pattern { split(path) } else { (Path::new(&**path), String::new()) };
        let target = absolute(folder, fixed);
        let is_folder = !pattern.is_empty();
        let missing = if !target.starts_with(root) {
            Missing::Outside
        } else if (self.exists)(&target, is_folder) {
            return is_for_all.then_some((target, pattern));
        } else if is_folder {
            Missing::Folder
        } else {
            Missing::File
        };
        if self.budget.admits(missing_file::RULE.severity) {
            self.findings.push(missing_file::diagnostic(place.clone(), path, missing));
        }
        None
    }

    /// The sets with a declaration.
    pub(crate) fn of(&self, member: &Member) -> Sets {
        let path = absolute(&self.here, Path::new(&*member.file));
        let mut sets = self.files.get(&path).cloned().unwrap_or_default();
        for folder in path.ancestors().skip(1) {
            if let Some((owners, index)) = self.patterns.get(folder)
                && let Some(rest) = path.strip_prefix(folder).ok().and_then(Path::to_str)
            {
                sets.extend(index.matching(rest).into_iter().map(|at| owners[at]));
            }
        }
        let listed = path.parent().and_then(|folder| self.identifiers.get(folder));
        let identifier = member.identifier.as_deref();
        sets.extend(listed.zip(identifier).and_then(|(listed, identifier)| listed.get(identifier)).into_iter().flatten());
        sets.sort_unstable();
        sets.dedup();
        sets
    }
}

/// Splits a pattern into the folder before its first wildcard, and the rest.
fn split(pattern: &str) -> (&Path, String) {
    let is_wild = |step: &Component<'_>| step.as_os_str().to_string_lossy().contains(['*', '?', '[', '{']);
    let path = Path::new(pattern);
    let count = path.components().take_while(|step| !is_wild(step)).count();
    let rest: Vec<_> = path.components().skip(count).map(|step| step.as_os_str().to_string_lossy().into_owned()).collect();
    let folder = path.ancestors().nth(rest.len()).unwrap_or(Path::new(""));
    (folder, rest.join("/"))
}

/// Adds a set, which may be listed several times in a row.
fn add(sets: &mut Sets, set: usize) {
    if sets.last() != Some(&set) {
        sets.push(set);
    }
}

//! The files of a revision, read from the git repository of the current folder with the machine's `git`.
//!
//! Nothing is checked out, fetched or written, and neither hooks nor filters run: `git ls-tree` lists the files, and
//! `git cat-file` reads their contents. Links and submodules are skipped.

mod contents;
mod listing;
mod name;
mod process;

use std::collections::HashMap;
use std::io::Read;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

pub(super) use contents::Blob;
use contents::{Contents, Hash};
use listing::{Found, Listing};
use name::Name;
pub(crate) use name::is_revision;
use process::{git, text};

use super::ignores::{Files, Ignores};
use super::{ReadError, describe};
use crate::config::Exclude;
use crate::limits::MAX_IGNORE_BYTES;
use crate::words::visible;

/// The longest line of the output of git: a mode, a type, a hash and a path.
const MAX_RECORD: u64 = 1 << 16;

/// The files of a revision.
#[derive(Debug)]
pub(crate) struct Tree {
    /// The top of the working tree; the current folder in a bare clone.
    top: PathBuf,
    /// The path of the current folder from the top.
    prefix: PathBuf,
    /// The folder or file of the revision that was named, and whether it is a file.
    root: PathBuf,
    is_file: bool,
    /// The files to read, in the order of a walk.
    files: Vec<Entry>,
    /// The contents by the names of files.
    by_name: HashMap<Arc<str>, Hash>,
    /// The files that could not be read while the tree was searched.
    failures: Vec<ReadError>,
    contents: Contents,
}

/// A file of a revision. Its path is absolute, as if the top were the root of the file system.
#[derive(Debug, Clone)]
struct Entry {
    path: PathBuf,
    content: Hash,
}

/// A file with its name and content, or why it could not be read.
pub(super) type File = Result<(Arc<str>, Blob), ReadError>;

impl Tree {
    /// Finds the files of `git:REVISION[:PATH]` as a walk of that folder would. `PATH` begins at the top of the
    /// repository, or with `./` in the current folder; without it, the revision of the current folder is read.
    pub(crate) fn open(name: &str, here: &Path, exclude: &Arc<Exclude>) -> Result<Self, String> {
        let Name { revision, path } = Name::parse(name)?;
        let prefix = text(git(here).args(["rev-parse", "--show-prefix"]))?
            .map_err(|reason| format!("cannot be read: {}", visible(&reason)))?;
        let prefix = PathBuf::from(prefix.trim_end_matches('\n'));
        let top = here.ancestors().nth(prefix.components().count()).unwrap_or(here).to_owned();
        let unknown = || format!("\"{}\" is not a revision of this repository", visible(revision));
        let object = format!("{revision}^{{tree}}");
        let tree = text(git(here).args(["rev-parse", "--verify", "--quiet", "--end-of-options", &object]))?;
        let tree = tree.map_err(|_| unknown())?.trim_end().to_owned();
        // What excludes a revision, such as ^main, is not one.
        if tree.is_empty() || !tree.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(unknown());
        }
        let root = resolve(&prefix, path).ok_or_else(|| "leads out of the repository".to_owned())?;
        let mut listing = Listing { root: &root, found: None, files: Vec::new(), ignores: HashMap::new() };
        listing.read(here, &tree)?;
        let Listing { found, mut files, ignores, .. } = listing;
        let shown = || visible(&root.strip_prefix("/").unwrap_or(&root).to_string_lossy());
        let is_file = match found {
            _ if root == Path::new("/") => false,
            None => return Err(format!("has no file or folder \"{}\"", shown())),
            Some(Found::Folder) => false,
            Some(Found::File) => true,
            Some(Found::Other) => return Err(format!("\"{}\" is a link or a submodule, which is not read", shown())),
        };
        files.sort_by(|one, other| one.path.cmp(&other.path));
        let contents = Contents::new(here.to_owned());
        let mut found =
            Self { top, prefix, root, is_file, files, by_name: HashMap::new(), failures: Vec::new(), contents: contents.clone() };
        if !is_file {
            found.drop_ignored(IgnoreFiles { ignores, contents }, exclude);
        }
        let names = found.files.iter().map(|file| (found.name(&file.path), file.content.clone()));
        found.by_name = names.collect();
        Ok(found)
    }

    /// Drops the files that ignore files hide, or that patterns exclude.
    fn drop_ignored(&mut self, files: IgnoreFiles, exclude: &Arc<Exclude>) {
        let above: Vec<PathBuf> = self.root.ancestors().skip(1).map(Path::to_path_buf).collect();
        let mut ignores = Ignores::with(Box::new(files), self.root.clone(), self.root.clone(), above.into_iter().rev());
        let is_excluded = exclude.clone().excludes_below(Path::new(&*self.name(&self.root)));
        // The folders above a file, below the root, with whether they are dropped.
        let mut folders: Vec<(PathBuf, bool)> = Vec::new();
        let all = std::mem::take(&mut self.files);
        for file in all {
            while folders.last().is_some_and(|(folder, _)| !file.path.starts_with(folder)) {
                folders.pop();
            }
            let known = folders.last().map_or(&self.root, |(folder, _)| folder);
            let between = file.path.ancestors().skip(1).take_while(|folder| *folder != known.as_path());
            let mut between: Vec<PathBuf> = between.map(Path::to_path_buf).collect();
            while let Some(folder) = between.pop() {
                let is_dropped = folders.last().is_some_and(|(_, is_dropped)| *is_dropped)
                    || ignores.excludes(&folder, true)
                    || is_excluded(Path::new(&*self.name(&folder)));
                folders.push((folder, is_dropped));
            }
            let is_dropped = folders.last().is_some_and(|(_, is_dropped)| *is_dropped)
                || ignores.excludes(&file.path, false)
                || is_excluded(Path::new(&*self.name(&file.path)));
            if !is_dropped {
                self.files.push(file);
            }
        }
        let failures = ignores.failures.into_iter();
        self.failures = failures.map(|error| ReadError { file: self.name(Path::new(&*error.file)), ..error }).collect();
    }

    /// The name of a file or folder: its path from the current folder.
    fn name(&self, path: &Path) -> Arc<str> {
        let inside: Vec<Component<'_>> = path.components().filter(|step| matches!(step, Component::Normal(_))).collect();
        let here: Vec<Component<'_>> = self.prefix.components().collect();
        let common = inside.iter().zip(&here).take_while(|(one, other)| one == other).count();
        let up = std::iter::repeat_n(Component::ParentDir, here.len() - common);
        let name: PathBuf = up.chain(inside[common..].iter().copied()).collect();
        let name = if name.as_os_str().is_empty() { Path::new(".") } else { &name };
        super::name(name)
    }

    /// The files to read, with their names and contents, and what could not be read.
    pub(super) fn files(self: &Arc<Self>) -> impl Iterator<Item = File> + use<> {
        let failures: Vec<File> = self.failures.iter().cloned().map(Err).collect();
        let tree = self.clone();
        let files = (0..self.files.len()).map(move |at| {
            let Entry { path, content } = &tree.files[at];
            Ok((tree.name(path), Blob { content: content.clone(), contents: tree.contents.clone() }))
        });
        failures.into_iter().chain(files)
    }

    /// Whether a file, rather than a folder, was named.
    pub(crate) fn is_file(&self) -> bool {
        self.is_file
    }

    /// The folder or file that was named, from the current folder.
    pub(crate) fn root(&self) -> Arc<str> {
        self.name(&self.root)
    }

    /// The text of a file.
    pub(crate) fn text(&self, name: &str) -> Option<Vec<u8>> {
        let content = self.by_name.get(name)?;
        let mut text = Vec::new();
        self.contents.with(content, |reader| reader.read_to_end(&mut text)).ok()?;
        Some(text)
    }

    /// Whether the revision has a file to read, or a folder with some, at an absolute path of the working tree.
    pub(crate) fn has(&self, path: &Path, is_folder: bool) -> bool {
        let Ok(rest) = path.strip_prefix(&self.top) else { return false };
        let path = Path::new("/").join(rest);
        let at = self.files.partition_point(|file| file.path < path);
        let is_there = |file: &Entry| if is_folder { file.path.starts_with(&path) } else { file.path == path };
        self.files.get(at).is_some_and(is_there)
    }
}

/// The path in the repository that an argument names. `None` if it leads out of the repository.
fn resolve(prefix: &Path, path: Option<&str>) -> Option<PathBuf> {
    let relative = |path: &str| path == "." || path == ".." || path.starts_with("./") || path.starts_with("../");
    let mut resolved = PathBuf::from("/");
    let steps = match path {
        None => prefix.to_owned(),
        Some(path) if relative(path) => prefix.join(path),
        Some(path) => PathBuf::from(path),
    };
    for step in steps.components() {
        match step {
            Component::Normal(step) => resolved.push(step),
            Component::ParentDir if !resolved.pop() => return None,
            _ => {}
        }
    }
    Some(resolved)
}

/// The ignore files of a revision.
struct IgnoreFiles {
    ignores: HashMap<PathBuf, Hash>,
    contents: Contents,
}

impl Files for IgnoreFiles {
    fn read(&self, path: &Path) -> Option<Result<Vec<u8>, String>> {
        let content = self.ignores.get(path)?;
        let mut text = Vec::new();
        let read = self.contents.with(content, |reader| reader.take(MAX_IGNORE_BYTES as u64 + 1).read_to_end(&mut text));
        Some(read.map(|_| text).map_err(|error| describe(&error)))
    }

    fn is_repository(&self, folder: &Path) -> bool {
        folder == Path::new("/")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_begins_at_the_top_or_with_a_point_in_the_current_folder() {
        for (path, resolved) in [
            (None, Some("/macos")),
            (Some(""), Some("/")),
            (Some("ios/"), Some("/ios")),
            (Some("./a"), Some("/macos/a")),
            (Some("../ios"), Some("/ios")),
            (Some("../.."), None),
            (Some("a/../../b"), None),
            (Some("/etc"), Some("/etc")),
        ] {
            assert_eq!(resolve(Path::new("macos"), path), resolved.map(PathBuf::from), "{path:?}");
        }
    }
}

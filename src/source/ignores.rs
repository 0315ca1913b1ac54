//! The `.ignore` and `.gitignore` files that apply to a walk: those of its folders, and of the folders above up to the
//! root of the repository.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::limits::{MAX_IGNORE_BYTES, MAX_IGNORE_PATTERN_BYTES};

use super::{ReadError, name, plain, read_small, repository};

/// Where ignore files are read from.
pub(super) trait Files: Send {
    /// Reads a file, of which at most a few bytes more than [`MAX_IGNORE_BYTES`] matter. `None` if it does not exist.
    fn read(&self, path: &Path) -> Option<Result<Vec<u8>, String>>;

    /// Whether a folder is the root of a repository.
    fn is_repository(&self, folder: &Path) -> bool;
}

/// The files of the working tree.
struct OnDisk;

impl Files for OnDisk {
    fn read(&self, path: &Path) -> Option<Result<Vec<u8>, String>> {
        match fs::symlink_metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            _ => Some(read_small(path, MAX_IGNORE_BYTES)),
        }
    }

    fn is_repository(&self, folder: &Path) -> bool {
        repository::is_root(folder)
    }
}

/// The ignore files that apply to the entries of one folder.
pub(super) struct Ignores {
    files: Box<dyn Files>,
    /// The folder of the walk, as named.
    folder: PathBuf,
    /// The folder of the walk, absolute.
    absolute: PathBuf,
    /// From the root of the repository down to the folder of the entries.
    levels: Vec<Level>,
    /// The number of levels above the folder of the walk; their paths are absolute.
    above: usize,
    /// The ignore files that could not be read.
    pub(super) failures: Vec<ReadError>,
}

/// The ignore files of a folder.
struct Level {
    folder: PathBuf,
    ignore: Option<Gitignore>,
    gitignore: Option<Gitignore>,
    /// The size of the patterns.
    bytes: usize,
    /// Whether a `.gitignore` of a folder above has no effect here.
    is_repository: bool,
}

impl Ignores {
    /// Reads the ignore files above a folder. Outside of repositories, these are the ones up to the current folder.
    pub(super) fn new(folder: &Path) -> Self {
        let absolute = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
        let here = || std::env::current_dir().and_then(fs::canonicalize).ok().filter(|here| absolute.starts_with(here));
        let root = repository::root(&absolute).or_else(here).unwrap_or_else(|| absolute.clone());
        Self::below(&root, folder, absolute)
    }

    /// Reads no ignore file above a folder.
    pub(super) fn inside(folder: &Path) -> Self {
        let absolute = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
        Self::below(&absolute.clone(), folder, absolute)
    }

    fn below(root: &Path, folder: &Path, absolute: PathBuf) -> Self {
        let mut above: Vec<PathBuf> =
            absolute.ancestors().skip(1).take_while(|folder| folder.starts_with(root)).map(Path::to_path_buf).collect();
        above.reverse();
        Self::with(Box::new(OnDisk), folder.to_owned(), absolute, above.into_iter())
    }

    /// Reads the ignore files of the folders `above`, the root of the repository first.
    pub(super) fn with(
        files: Box<dyn Files>,
        folder: PathBuf,
        absolute: PathBuf,
        above: impl ExactSizeIterator<Item = PathBuf>,
    ) -> Self {
        let mut ignores = Self { files, folder, absolute, levels: Vec::new(), above: above.len(), failures: Vec::new() };
        above.for_each(|folder| ignores.enter(folder));
        ignores
    }

    /// Whether an entry is hidden or ignored. Entries must come in the order of a walk that visits a folder completely
    /// before the next one.
    pub(super) fn excludes(&mut self, path: &Path, is_folder: bool) -> bool {
        let Some(folder) = path.parent() else { return false };
        while self.levels.len() > self.above && self.levels.last().is_some_and(|level| !folder.starts_with(&level.folder)) {
            self.levels.pop();
        }
        if self.levels.len() == self.above || self.levels.last().is_some_and(|level| level.folder != folder) {
            self.enter(folder.to_owned());
        }
        let absolute = || path.strip_prefix(&self.folder).map_or_else(|_| path.to_owned(), |rest| self.absolute.join(rest));
        let matched = |at: usize, patterns: &Gitignore| {
            if at < self.above { patterns.matched(absolute(), is_folder) } else { patterns.matched(path, is_folder) }.map(|_| ())
        };
        let levels = || self.levels.iter().enumerate().rev();
        let first = |found: &Match<()>| !found.is_none();
        // An `.ignore` wins over any `.gitignore`, and a deeper file over those above.
        let ignore = levels().filter_map(|(at, level)| Some(matched(at, level.ignore.as_ref()?))).find(first);
        let found = ignore.or_else(|| {
            let nearest = self.levels.iter().rposition(|level| level.is_repository).unwrap_or(0);
            let levels = levels().take_while(|(at, _)| *at >= nearest);
            levels.filter_map(|(at, level)| Some(matched(at, level.gitignore.as_ref()?))).find(first)
        });
        match found {
            Some(found) => found.is_ignore(),
            None => path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b".")),
        }
    }

    /// Reads the ignore files of a folder.
    fn enter(&mut self, folder: PathBuf) {
        let mut bytes = 0;
        let mut read = |name| self.patterns(&folder, name, &mut bytes);
        let (ignore, gitignore) = (read(".ignore"), read(".gitignore"));
        let is_repository = self.files.is_repository(&folder);
        self.levels.push(Level { folder, ignore, gitignore, bytes, is_repository });
    }

    /// Reads an ignore file, and adds the size of its patterns to `bytes`. `None` if it does not exist or has no patterns.
    fn patterns(&mut self, folder: &Path, file: &str, bytes: &mut usize) -> Option<Gitignore> {
        let path = folder.join(file);
        let text = self
            .files
            .read(&path)?
            .and_then(|text| if text.len() > MAX_IGNORE_BYTES { Err("is larger than 1 MiB".to_owned()) } else { Ok(text) });
        let above: usize = self.levels.iter().map(|level| level.bytes).sum();
        let built = text.and_then(|text| {
            let mut builder = GitignoreBuilder::new(folder);
            let text = String::from_utf8_lossy(&text);
            let lines = || text.trim_start_matches('\u{FEFF}').lines().filter(|line| !line.starts_with('#'));
            let own: usize = lines().map(str::len).sum();
            if above + *bytes + own > MAX_IGNORE_PATTERN_BYTES {
                return Err(format!("has, with those above, more than {} KiB of patterns", MAX_IGNORE_PATTERN_BYTES >> 10));
            }
            *bytes += own;
            for line in lines() {
                // Like Git, skip a pattern that cannot be read.
                let _ = builder.add_line(None, line);
            }
            builder.build().map_err(|error| error.to_string())
        });
        match built {
            Ok(patterns) => Some(patterns).filter(|patterns| !patterns.is_empty()),
            Err(reason) => {
                self.failures.push(ReadError { file: name(&plain(path)), reason });
                None
            }
        }
    }
}

//! `exclude` and `--exclude`: files and folders that are not read.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Config, Globs, Index, relative};

/// The exclude patterns of the configuration and of the command line.
#[derive(Debug)]
pub(crate) struct Exclude {
    here: PathBuf,
    /// The folder that the configuration's patterns are relative to, and the patterns.
    config: (PathBuf, Index),
    /// Patterns relative to `here`.
    flags: Index,
}

impl Exclude {
    pub(crate) fn new(config: Option<&Config>, flags: &Globs, here: &Path) -> Self {
        let index = |globs: &Globs| Index::new(globs.folders().iter().map(Some));
        let globs = config.and_then(|config| Some((config.folder.clone(), index(&config.top.exclude.as_ref()?.value))));
        Self { here: here.to_owned(), config: globs.unwrap_or_default(), flags: index(flags) }
    }

    /// Whether an input path is excluded. Only `--exclude` applies: naming a path overrides `exclude` in the
    /// configuration.
    pub(crate) fn excludes_input(&self, path: &Path) -> bool {
        !self.by_flags(path).is_empty()
    }

    /// Returns a predicate: is a path below `input` excluded? Configuration patterns that match `input` itself are
    /// ignored.
    pub(crate) fn excludes_below(self: Arc<Self>, input: &Path) -> impl Fn(&Path) -> bool + Send + Sync + 'static {
        let named = self.by_config(input);
        move |path| {
            !self.by_flags(path).is_empty() || self.by_config(path).iter().any(|pattern| named.binary_search(pattern).is_err())
        }
    }

    fn by_flags(&self, path: &Path) -> Vec<usize> {
        self.matching(&self.here, &self.flags, path)
    }

    fn by_config(&self, path: &Path) -> Vec<usize> {
        self.matching(&self.config.0, &self.config.1, path)
    }

    fn matching(&self, folder: &Path, patterns: &Index, path: &Path) -> Vec<usize> {
        if patterns.is_empty() {
            return Vec::new();
        }
        relative(folder, &self.here, path).map(|path| patterns.matching(&path)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Glob, read};

    #[test]
    fn a_named_input_overrides_the_configuration_but_not_the_flag() {
        let config = read(&"ddmc.toml".into(), "/repo".into(), b"exclude = ['fixtures/**', '**/*.bak.json']")
            .expect("the configuration is valid");
        let flags = Globs(vec![Glob::new("old").expect("the pattern is valid")]);
        let exclude = Arc::new(Exclude::new(Some(&config), &flags, Path::new("/repo/ios")));
        for (input, path, is_excluded) in [
            ("..", "../fixtures", true),
            ("..", "../macos/a.json", false),
            ("..", "./old/a.json", true),
            ("../fixtures/one", "../fixtures/one/a.json", false),
            ("../fixtures", "../fixtures/one/a.bak.json", true),
            (".", "a.bak.json", true),
            (".", "/elsewhere/fixtures/a.json", false),
        ] {
            assert_eq!(exclude.clone().excludes_below(Path::new(input))(Path::new(path)), is_excluded, "{input} {path}");
        }
        assert!(exclude.excludes_input(Path::new("old/a.json")));
        assert!(!exclude.excludes_input(Path::new("../fixtures/a.json")));
    }
}

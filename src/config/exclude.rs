//! `exclude` and `--exclude`: files and folders that are not read.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Config, Globs, Index, relative};

/// The patterns of the configuration and of the command line, each on its own.
#[derive(Debug)]
pub(crate) struct Exclude {
    here: PathBuf,
    /// The folder that the patterns of the configuration start in, and the patterns.
    config: (PathBuf, Index),
    /// Patterns that start in `here`.
    flags: Index,
}

impl Exclude {
    pub(crate) fn new(config: Option<&Config>, flags: &Globs, here: &Path) -> Self {
        let index = |globs: &Globs| Index::new(globs.folders().iter().map(Some));
        let globs = config.and_then(|config| Some((config.folder.clone(), index(&config.top.exclude.as_ref()?.value))));
        Self { here: here.to_owned(), config: globs.unwrap_or_default(), flags: index(flags) }
    }

    /// Whether an input is left out. The command line decides this alone: an input that the configuration excludes is named on purpose.
    pub(crate) fn leaves_out_input(&self, path: &Path) -> bool {
        !self.by_flags(path).is_empty()
    }

    /// Tells which files and folders below an input are left out. Patterns of the configuration that match the input itself do not count.
    pub(crate) fn below(self: Arc<Self>, input: &Path) -> impl Fn(&Path) -> bool + Send + Sync + 'static {
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
    fn an_input_that_the_configuration_excludes_is_read_and_one_that_a_flag_excludes_is_not() {
        let config =
            read(&"ddmc.toml".into(), "/repo".into(), b"exclude = ['fixtures/**', '**/*.bak.json']").expect("it is right");
        let flags = Globs(vec![Glob::new("old").expect("a pattern")]);
        let exclude = Arc::new(Exclude::new(Some(&config), &flags, Path::new("/repo/ios")));
        for (input, path, is_out) in [
            ("..", "../fixtures", true),
            ("..", "../macos/a.json", false),
            ("..", "./old/a.json", true),
            ("../fixtures/one", "../fixtures/one/a.json", false),
            ("../fixtures", "../fixtures/one/a.bak.json", true),
            (".", "a.bak.json", true),
            (".", "/elsewhere/fixtures/a.json", false),
        ] {
            assert_eq!(exclude.clone().below(Path::new(input))(Path::new(path)), is_out, "{input} {path}");
        }
        assert!(exclude.leaves_out_input(Path::new("old/a.json")));
        assert!(!exclude.leaves_out_input(Path::new("../fixtures/a.json")));
    }
}

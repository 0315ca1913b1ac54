//! Path patterns.

use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobSet};

use crate::limits::MAX_GLOB_BYTES;
use crate::words::visible;

/// A path pattern, relative to the folder of the configuration file. A pattern that matches a folder covers everything
/// in it.
#[derive(Debug, Clone)]
pub(crate) struct Glob {
    text: String,
    glob: globset::Glob,
}

impl Glob {
    /// # Errors
    /// The problem with the pattern, and the help.
    pub(crate) fn new(text: &str) -> Result<Self, (String, String)> {
        let invalid = |problem: &str, help: &str| Err((problem.to_owned(), help.to_owned()));
        let plain = text.strip_prefix("./").unwrap_or(text);
        let plain = if plain == "." { "**" } else { plain.trim_end_matches('/') };
        if plain.is_empty() {
            return invalid("is empty", "write a path or a pattern, such as \"macos/**\"");
        }
        if text.starts_with('/') || text.split('/').any(|step| step == "..") {
            return invalid("leads out of the folder it starts in", "write it relative to that folder, such as \"macos/**\"");
        }
        if plain.starts_with('!') {
            return invalid("begins with !, which does not negate here", "write only the paths to match");
        }
        if plain.contains("//") {
            return invalid("contains //, which no path contains", "write a single /");
        }
        if text.len() > MAX_GLOB_BYTES {
            return invalid("is too long", "split it into shorter patterns");
        }
        match GlobBuilder::new(plain).literal_separator(true).backslash_escape(true).build() {
            Ok(glob) => Ok(Self { text: text.to_owned(), glob }),
            Err(error) => {
                // The library's message quotes characters of the pattern.
                let problem = format!("is not a valid pattern: {}", visible(&error.kind().to_string()));
                invalid(&problem, "* matches within a name, ** across folders, ? one character")
            }
        }
    }

    /// Parses the value of a flag.
    ///
    /// # Errors
    /// The problem and the help, in one line.
    pub(crate) fn from_flag(text: &str) -> Result<Self, String> {
        Self::new(text).map_err(|(problem, help)| format!("it {problem}; {help}"))
    }

    /// The folder or file that contains every possible match: the path segments before the first wildcard.
    fn base(&self) -> PathBuf {
        let steps = self.text.split('/').filter(|step| !step.is_empty() && *step != ".");
        steps.take_while(|step| !step.contains(['*', '?', '[', ']', '{', '}', '\\', '!'])).collect()
    }
}

/// Path patterns; a path must match at least one.
#[derive(Debug, Clone, Default)]
pub(crate) struct Globs(pub(crate) Vec<Glob>);

impl Globs {
    /// The folders and files that contain every possible match.
    pub(crate) fn bases(&self) -> impl Iterator<Item = PathBuf> {
        self.0.iter().map(Glob::base)
    }

    /// Each pattern separately, with `folder/**` as `folder`, so that the walk skips the folder itself.
    pub(crate) fn folders(&self) -> Vec<Self> {
        let folder = |glob: &Glob| glob.text.strip_suffix("/**").and_then(|folder| Glob::new(folder).ok());
        self.0.iter().map(|glob| Self(vec![folder(glob).unwrap_or_else(|| glob.clone())])).collect()
    }

    /// The patterns as they were written.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|glob| glob.text.as_str())
    }
}

/// The patterns of many entries, matched at once: a run may have thousands of entries and files.
#[derive(Debug, Default)]
pub(crate) struct Index {
    set: GlobSet,
    /// The index of the entry that each pattern belongs to.
    entries: Vec<usize>,
}

impl Index {
    /// `all` yields the patterns of each entry, in order.
    pub(crate) fn new<'g>(all: impl Iterator<Item = Option<&'g Globs>>) -> Self {
        let mut builder = GlobSet::builder();
        let mut entries = Vec::new();
        for (entry, globs) in all.enumerate() {
            for glob in globs.iter().flat_map(|globs| &globs.0) {
                builder.add(glob.glob.clone());
                entries.push(entry);
            }
        }
        // Each pattern has compiled on its own; `build` can only fail if there are too many, and then nothing matches.
        Self { set: builder.build().unwrap_or_default(), entries }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The indices of the entries that match a path or one of its parent folders, ascending.
    pub(crate) fn matching(&self, path: &str) -> Vec<usize> {
        if self.is_empty() {
            return Vec::new();
        }
        let steps = Path::new(path).ancestors().filter(|path| !path.as_os_str().is_empty());
        let mut found: Vec<usize> = steps.flat_map(|path| self.set.matches(path)).map(|glob| self.entries[glob]).collect();
        found.sort_unstable();
        found.dedup();
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_matches_paths_and_the_contents_of_folders() {
        for (pattern, path, is_match) in [
            ("macos/**", "macos/a.json", true),
            ("macos/**", "macos/deep/er/a.json", true),
            ("macos", "macos/deep/a.json", true),
            ("macos/", "macos/a.json", true),
            ("./macos/*.json", "macos/a.json", true),
            ("macos/*.json", "macos/deep/a.json", false),
            ("*.json", "macos/a.json", false),
            ("**/*.json", "a.json", true),
            ("**/archive", "x/archive/a.json", true),
            ("macos", "macos-old/a.json", false),
            ("{ios,ipados}/**", "ipados/a.json", true),
            (".", "a.json", true),
        ] {
            let globs = Globs(vec![Glob::new(pattern).expect(pattern)]);
            assert_eq!(!Index::new([None, Some(&globs)].into_iter()).matching(path).is_empty(), is_match, "{pattern} {path}");
        }
        for wrong in ["", "/", "/etc", "../x", "a/../../b", "[a", "{a", "!a", "a//b"] {
            assert!(Glob::new(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_base_ends_before_the_first_wildcard() {
        for (pattern, base) in [("macos/**", "macos"), ("a/b.json", "a/b.json"), ("**/x", ""), ("./a/b?/c", "a"), (".", "")] {
            assert_eq!(Glob::new(pattern).expect(pattern).base(), Path::new(base), "{pattern}");
        }
    }
}

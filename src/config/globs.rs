//! Patterns of paths.

use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobSet};

use crate::words::visible;

/// A pattern of paths, from the folder of the configuration file on. One that matches a folder covers everything in it.
#[derive(Debug, Clone)]
pub(crate) struct Glob {
    text: String,
    glob: globset::Glob,
}

/// The longest pattern. Compiling one takes time with its length.
const LONGEST: usize = 500;

impl Glob {
    /// # Errors
    /// What is wrong with the pattern, and what to write.
    pub(crate) fn new(text: &str) -> Result<Self, (String, String)> {
        let fault = |problem: &str, help: &str| Err((problem.to_owned(), help.to_owned()));
        let plain = text.strip_prefix("./").unwrap_or(text);
        let plain = if plain == "." { "**" } else { plain.trim_end_matches('/') };
        if plain.is_empty() {
            return fault("is empty", "write a path or a pattern, such as \"macos/**\"");
        }
        if text.starts_with('/') || text.split('/').any(|step| step == "..") {
            return fault("leads out of the folder it starts in", "write it relative to that folder, such as \"macos/**\"");
        }
        if plain.starts_with('!') {
            return fault("begins with !, which excludes nothing here", "write only what is meant");
        }
        if plain.contains("//") {
            return fault("has // in it, which no path has", "write one /");
        }
        if text.len() > LONGEST {
            return fault("is too long", "write several shorter patterns");
        }
        match GlobBuilder::new(plain).literal_separator(true).backslash_escape(true).build() {
            Ok(glob) => Ok(Self { text: text.to_owned(), glob }),
            Err(error) => {
                // The library repeats characters of the pattern.
                let problem = format!("is not a pattern: {}", visible(&error.kind().to_string()));
                fault(&problem, "* stands for any name, ** for any folders, ? for a letter")
            }
        }
    }

    /// Parses a pattern of the command line.
    ///
    /// # Errors
    /// What is wrong with it, and what to write.
    pub(crate) fn of_flag(text: &str) -> Result<Self, String> {
        Self::new(text).map_err(|(problem, help)| format!("it {problem}; {help}"))
    }

    /// The folder or file that everything lies in that the pattern can match: its steps before the first sign.
    fn base(&self) -> PathBuf {
        let steps = self.text.split('/').filter(|step| !step.is_empty() && *step != ".");
        steps.take_while(|step| !step.contains(['*', '?', '[', ']', '{', '}', '\\', '!'])).collect()
    }
}

/// Patterns of which a path must match one.
#[derive(Debug, Clone, Default)]
pub(crate) struct Globs(pub(crate) Vec<Glob>);

impl Globs {
    /// Where to look for everything that the patterns can match.
    pub(crate) fn bases(&self) -> impl Iterator<Item = PathBuf> {
        self.0.iter().map(Glob::base)
    }

    /// Each pattern on its own, and `folder/**` as `folder`, so that a folder is left out as a whole.
    pub(crate) fn folders(&self) -> Vec<Self> {
        let whole = |glob: &Glob| glob.text.strip_suffix("/**").and_then(|folder| Glob::new(folder).ok());
        self.0.iter().map(|glob| Self(vec![whole(glob).unwrap_or_else(|| glob.clone())])).collect()
    }

    /// The patterns as they were written.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|glob| glob.text.as_str())
    }
}

/// The patterns of many entries, matched at once: a run may have thousands of entries and of files.
#[derive(Debug, Default)]
pub(crate) struct Index {
    set: GlobSet,
    /// The entry of each pattern.
    entries: Vec<usize>,
}

impl Index {
    /// Takes the patterns of the entries, in order.
    pub(crate) fn new<'g>(all: impl Iterator<Item = Option<&'g Globs>>) -> Self {
        let mut builder = GlobSet::builder();
        let mut entries = Vec::new();
        for (entry, globs) in all.enumerate() {
            for glob in globs.iter().flat_map(|globs| &globs.0) {
                builder.add(glob.glob.clone());
                entries.push(entry);
            }
        }
        // Each pattern was compiled before; all of them together can only be too many, and then match nothing.
        Self { set: builder.build().unwrap_or_default(), entries }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The entries of which a pattern matches a path, or a folder that it is in, in ascending order.
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
    fn a_pattern_matches_paths_and_what_is_in_folders() {
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
    fn the_base_is_what_stands_before_the_first_sign() {
        for (pattern, base) in [("macos/**", "macos"), ("a/b.json", "a/b.json"), ("**/x", ""), ("./a/b?/c", "a"), (".", "")] {
            assert_eq!(Glob::new(pattern).expect(pattern).base(), Path::new(base), "{pattern}");
        }
    }
}

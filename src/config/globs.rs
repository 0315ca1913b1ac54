//! Patterns of paths.

use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobMatcher};

/// A pattern of paths, from the folder of the configuration file on. One that matches a folder covers everything in it.
#[derive(Debug, Clone)]
pub(crate) struct Glob {
    text: String,
    matcher: GlobMatcher,
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
            return fault("leaves the folder of the configuration file", "write it from that folder on, such as \"macos/**\"");
        }
        if text.len() > LONGEST {
            return fault("is too long", "write several shorter patterns");
        }
        match GlobBuilder::new(plain).literal_separator(true).backslash_escape(true).build() {
            Ok(glob) => Ok(Self { text: text.to_owned(), matcher: glob.compile_matcher() }),
            Err(error) => {
                fault(&format!("is no pattern: {}", error.kind()), "* stands for any name, ** for any folders, ? for a letter")
            }
        }
    }

    fn matches(&self, path: &Path) -> bool {
        path.ancestors().filter(|path| !path.as_os_str().is_empty()).any(|path| self.matcher.is_match(path))
    }

    /// The folder or file that everything lies in that the pattern can match: its steps before the first sign.
    fn base(&self) -> PathBuf {
        let steps = self.text.split('/').filter(|step| !step.is_empty() && *step != ".");
        steps.take_while(|step| !step.contains(['*', '?', '[', ']', '{', '}', '\\', '!'])).collect()
    }
}

/// Patterns of which a path must match one.
#[derive(Debug, Clone)]
pub(crate) struct Globs(pub(crate) Vec<Glob>);

impl Globs {
    /// Whether one of the patterns matches a path, or a folder that it is in.
    pub(crate) fn match_path(&self, path: &str) -> bool {
        self.0.iter().any(|glob| glob.matches(Path::new(path)))
    }

    /// Where to look for everything that the patterns can match.
    pub(crate) fn bases(&self) -> impl Iterator<Item = PathBuf> {
        self.0.iter().map(Glob::base)
    }

    /// The patterns as they were written.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|glob| glob.text.as_str())
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
            assert_eq!(Globs(vec![Glob::new(pattern).expect(pattern)]).match_path(path), is_match, "{pattern} {path}");
        }
        for wrong in ["", "/", "/etc", "../x", "a/../../b", "[a", "{a"] {
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

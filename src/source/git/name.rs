//! The names of revisions.

use std::path::Path;

/// What a name of a revision begins with.
const SCHEME: &str = "git:";

/// A named revision: `git:REVISION[:PATH]`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Name<'n> {
    pub(super) revision: &'n str,
    pub(super) path: Option<&'n str>,
}

impl<'n> Name<'n> {
    /// Splits a name at the first colon that is not in braces: `main@{2026-01-01 10:00}:macos`.
    pub(super) fn parse(text: &'n str) -> Result<Self, String> {
        let text = text.strip_prefix(SCHEME).unwrap_or(text);
        let mut depth = 0_usize;
        let colon = text.bytes().position(|byte| {
            match byte {
                b'{' => depth += 1,
                b'}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            byte == b':' && depth == 0
        });
        let (revision, path) = colon.map_or((text, None), |at| (&text[..at], Some(&text[at + 1..])));
        match revision {
            "" => Err("names no revision; write git:REVISION or git:REVISION:PATH, such as git:main".to_owned()),
            _ if revision.starts_with('-') => Err("names a revision that begins with -, which git takes as an option".to_owned()),
            _ if revision.contains('\0') || path.is_some_and(|path| path.contains('\0')) => {
                Err("contains a null character".to_owned())
            }
            _ => Ok(Self { revision, path }),
        }
    }
}

/// Whether an argument names a revision rather than a file or folder.
pub(crate) fn is_revision(argument: &Path) -> bool {
    argument.as_os_str().as_encoded_bytes().starts_with(SCHEME.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_a_revision_and_perhaps_a_path() {
        for (text, revision, path) in [
            ("git:main", "main", None),
            ("git:HEAD~1:macos/a.json", "HEAD~1", Some("macos/a.json")),
            ("git:main@{2026-01-01 10:00}:macos", "main@{2026-01-01 10:00}", Some("macos")),
            ("git:HEAD^{/fix: it}", "HEAD^{/fix: it}", None),
            ("git:v1:a:b", "v1", Some("a:b")),
            ("git:v1:", "v1", Some("")),
        ] {
            assert_eq!(Name::parse(text), Ok(Name { revision, path }), "{text}");
        }
        for refused in ["git:", "git::a", "git:--output=x", "git:-p:a", "git:a\0b"] {
            assert!(Name::parse(refused).is_err(), "{refused}");
        }
    }
}

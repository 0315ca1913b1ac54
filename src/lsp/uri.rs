//! URIs of documents, and the paths of files.

use std::path::{Path, PathBuf};

use crate::config::absolute;
use crate::report;

/// The absolute path of a `file` URI, without `.` and `..`; `None` for any other URI.
pub(super) fn path(uri: &str) -> Option<PathBuf> {
    let rest = uri.get(..7).filter(|scheme| scheme.eq_ignore_ascii_case("file://")).and(uri.get(7..))?;
    let slash = rest.find('/')?;
    let (host, rest) = rest.split_at(slash);
    if !host.is_empty() && !host.eq_ignore_ascii_case("localhost") {
        return None;
    }
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let path = os_path(decoded(rest)?)?;
    path.is_absolute().then(|| absolute(Path::new("/"), &path))
}

/// The URI of a file.
pub(super) fn of(path: &Path) -> String {
    let uri = report::uri(path.as_os_str().as_encoded_bytes());
    // The path of a drive has no slash before it.
    if uri.starts_with("file:") { uri } else { format!("file:///{uri}") }
}

/// Decodes percent-encoded bytes. `None` if one is malformed.
fn decoded(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let (digits, after) = after.split_at_checked(2)?;
        if !digits.iter().all(u8::is_ascii_hexdigit) {
            return None;
        }
        bytes.push(u8::from_str_radix(str::from_utf8(digits).ok()?, 16).ok()?);
        rest = after;
    }
    (!bytes.contains(&0)).then_some(bytes)
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "other systems refuse some paths")]
fn os_path(bytes: Vec<u8>) -> Option<PathBuf> {
    use std::ffi::OsString;
    use std::os::unix::ffi::OsStringExt;
    Some(OsString::from_vec(bytes).into())
}

#[cfg(not(unix))]
fn os_path(bytes: Vec<u8>) -> Option<PathBuf> {
    let path = String::from_utf8(bytes).ok()?;
    // `/C:/folder`
    let is_drive = path.as_bytes().get(2) == Some(&b':');
    Some(if is_drive { path[1..].into() } else { path.into() })
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn only_files_have_a_path() {
        for (uri, expected) in [
            ("file:///a/b.json", Some("/a/b.json")),
            ("FILE://localhost/a%20b/%C3%A9.json", Some("/a b/\u{e9}.json")),
            ("file:///a/../../etc/%2e%2e/x", Some("/x")),
            ("file:///a%2Fb?query#part", Some("/a/b")),
            ("file:///c%3A/x.json", Some("/c:/x.json")),
            ("file://server/share/x", None),
            ("file:///a%00b", None),
            ("file:///a%2", None),
            ("file:///a%zz", None),
            ("file:///a%+1", None),
            ("file:", None),
            ("file://", None),
            ("untitled:Untitled-1", None),
            ("https://example.com/a", None),
            ("c:\\x.json", None),
            ("\u{e9}\u{e9}\u{e9}\u{e9}", None),
            ("", None),
        ] {
            assert_eq!(path(uri).as_deref(), expected.map(Path::new), "{uri}");
        }
        assert_eq!(path(&of(Path::new("/a b/\u{e9}#.json"))).as_deref(), Some(Path::new("/a b/\u{e9}#.json")));
    }
}

//! Tells what a file is that can only be something else than a declaration.

use std::path::Path;

use crate::syntax::has_extension;

/// The kinds of files that are told by their names, whose texts may begin like JSON.
const NAMED: [(&str, &[&str]); 2] = [("TOML", &["toml"]), ("Terraform", &["tf", "tfvars", "hcl"])];

/// The kind of a file by its name.
pub(super) fn of_name(file: &str) -> Option<&'static str> {
    let is_kind = |extensions: &[&str]| has_extension(Path::new(file), extensions);
    NAMED.into_iter().find(|(_, extensions)| is_kind(extensions)).map(|(kind, _)| kind)
}

/// The kind of a text that does not begin like JSON, in a file whose name does not say that it is JSON.
pub(super) fn of_text(file: &str, bytes: &[u8]) -> Option<&'static str> {
    let text = bytes.trim_ascii_start();
    if has_extension(Path::new(file), &["json"]) {
        return None;
    }
    match text.first()? {
        b'#' if text.starts_with(b"#!") => Some("a script"),
        b'{' | b'[' | b'"' | b'/' | b',' => None,
        b'%' if text.starts_with(b"%PDF") => Some("a PDF"),
        b'P' if text.starts_with(b"PK\x03\x04") => Some("a ZIP archive"),
        _ if bytes.iter().take(SNIFFED).any(|byte| *byte == 0) => Some("a binary file"),
        _ => Some("plain text"),
    }
}

/// How many bytes tell a binary file.
const SNIFFED: usize = 1 << 10;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_files_that_are_no_json() {
        for (text, kind) in [
            (&b"#!/bin/sh\n"[..], Some("a script")),
            (b"127.0.0.1 localhost\n", Some("plain text")),
            (b"# a comment\nkey = 1\n", Some("plain text")),
            (b"\x7fELF\x02\x01\x01\0", Some("a binary file")),
            (b"PK\x03\x04\x14\0", Some("a ZIP archive")),
            (b"  { \"a\": 1 }", None),
            (b"\"Type\": \"a\"", None),
            (b"// a comment\n{}", None),
            (b"", None),
        ] {
            assert_eq!(of_text("a.txt", text), kind, "{}", String::from_utf8_lossy(text));
        }
        assert_eq!(of_text("a.json", b"text"), None);
        assert_eq!([of_name("a/b.TOML"), of_name("main.tf"), of_name("a.json")], [Some("TOML"), Some("Terraform"), None]);
    }
}

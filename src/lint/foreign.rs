//! Files that are something else than declarations: what they look like, and which should be declarations.

use std::ops::Range;
use std::path::Path;

use super::Linter;
use super::resemblance::family;
use crate::rules::not_a_declaration::{self, Expected};
use crate::syntax::{Node, has_extension};
use crate::validate::{self, Strictness};

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

/// Whether a document that is not a declaration is known to be something else, such as a policy or a JSON Schema.
pub(super) fn is_something_else(root: Node<'_>) -> bool {
    validate::other(root).is_some() || root.member("$schema").is_some()
}

impl Linter<'_, '_> {
    /// Reports a file that can only be something else, or that is empty.
    pub(super) fn foreign_file(&mut self, kind: &'static str) {
        if self.text.strictness == Strictness::Named {
            self.out.documents += 1;
            self.take_drafts(not_a_declaration::foreign(kind).into());
        } else {
            self.skip(0..self.text.bytes.len());
        }
    }

    /// Why a text that was skipped should be a declaration.
    pub(super) fn expected(&self, bytes: &[u8]) -> Option<Expected> {
        let is_empty = || bytes.iter().all(u8::is_ascii_whitespace);
        let is_configured = || self.text.conditions.is_configured.then_some(Expected::Configured);
        if is_empty() { Some(Expected::Empty) } else { family(bytes).map(Expected::Mentions).or_else(is_configured) }
    }

    /// Reports a text of a folder that was skipped, if it should be a declaration.
    pub(super) fn skip(&mut self, span: Range<usize>) {
        let Some(mut expected) = self.expected(&self.text.bytes[span]) else { return };
        if let (Expected::Mentions(family), Some(kind)) = (expected, of_name(self.text.file)) {
            expected = Expected::Foreign(kind, family);
        }
        self.out.is_near = true;
        self.take_drafts(not_a_declaration::skipped(&self.text.conditions.schema, None, expected).into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_files_that_are_not_json() {
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

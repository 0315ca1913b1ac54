//! Finds the secrets of a document, which no output may show: beta program tokens, passwords and keys.
//!
//! A secret is a value in the tree, found by its key. Keys may be misspelled, so the match is broad. If the syntax is
//! broken, the tree may pair a key with the wrong value, so nothing is shown of a broken document that names a
//! secret.

use std::ops::Range;

use crate::apple::secret_names;
use crate::diagnostic::{Remedy, SyntaxDiagnostic};
use crate::syntax::rules::oversized_document::MAX_BYTES;
use crate::syntax::{self, Buffers, Container, Kind, MAX_FAULTS, Node};

/// Parts of the names of secrets.
const WORDS: [&str; 12] = [
    "tok",
    "password",
    "passwd",
    "pwd",
    "passphrase",
    "passcode",
    "pincode",
    "bypass",
    "secret",
    "credential",
    "challenge",
    "psk",
];

/// Parts of the names of numbers that limit a secret, such as `MaximumPasscodeAgeInDays`.
const LIMITS: [&str; 9] = ["age", "days", "minutes", "length", "limit", "attempts", "reuse", "minimum", "maximum"];

/// Part of the names of beta programs.
const PROGRAM: &str = "program";

/// What a key says about its value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Meaning {
    Public,
    Secret,
    /// A number that is a limit; anything else is a secret.
    Limit,
    /// Beta programs. Every text in them is hidden except descriptions.
    Programs,
    /// A description, which is shown even in a beta program.
    Description,
}

/// Returns the byte ranges that no output may show, in ascending order. `None` if the whole document must be hidden.
pub(crate) fn secrets(document: &[u8]) -> Option<Vec<Range<usize>>> {
    let container = Container::of(document);
    if document.len() > MAX_BYTES || container.is_some_and(|container| !container.is_text()) {
        return None;
    }
    let mut buffers = Buffers::default();
    let parsed = syntax::parse(document, &mut buffers);
    let mut found = Found { hidden: Vec::new(), has_names: false };
    // Anything else is not a document of Apple's, and may be a part of one that was split into lines.
    let root = parsed.document.as_ref()?.root();
    if root.kind() != Kind::Object {
        return None;
    }
    found.walk(root, Meaning::Public);
    let is_xml = container == Some(Container::Xml);
    let comments = if is_xml { markup_comments(document) } else { Vec::new() };
    let count = parsed.mistakes().count();
    if (count > 0 || !comments.is_empty()) && (found.has_names || names_secret(document, is_xml)) {
        if count >= MAX_FAULTS {
            return None;
        }
        for mistake in parsed.mistakes() {
            found.hidden.extend(surplus(mistake)?.iter().filter(|range| range.len() > 1).cloned());
        }
        found.hidden.extend(comments);
    }
    found.hidden.sort_by_key(|range| range.start);
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(found.hidden.len());
    for range in found.hidden {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    Some(merged)
}

/// Returns the ranges to delete if that makes the document valid JSON: then the tree is right.
fn surplus(mistake: &SyntaxDiagnostic) -> Option<&[Range<usize>]> {
    match &mistake.fix.as_ref()?.remedy {
        Remedy::Delete(ranges) => Some(ranges),
        _ => None,
    }
}

/// The comments and processing instructions of a property list, which are not in the tree.
fn markup_comments(document: &[u8]) -> Vec<Range<usize>> {
    let mut comments = Vec::new();
    for (open, close) in [("<!--", "-->"), ("<?", "?>")] {
        let mut at = 0;
        while let Some(start) = find(&document[at..], open).map(|length| at + length) {
            at = find(&document[start..], close).map_or(document.len(), |length| start + length + close.len());
            if !document[start..].starts_with(b"<?xml ") {
                comments.push(start..at);
            }
        }
    }
    comments
}

/// What a walk through a tree found.
struct Found {
    hidden: Vec<Range<usize>>,
    /// Whether any key is the name of a secret.
    has_names: bool,
}

impl Found {
    /// Adds the ranges to hide in a value whose key has this meaning.
    fn walk(&mut self, node: Node<'_>, meaning: Meaning) {
        match (meaning, node.kind()) {
            (_, Kind::Boolean) | (Meaning::Limit, Kind::Number) => {}
            (Meaning::Secret | Meaning::Limit, _) => self.hidden.push(node.span()),
            (_, Kind::Object) => {
                for (key, value) in node.members() {
                    let key = key.as_str().unwrap_or_default();
                    let inner = match self::meaning(&key) {
                        // The identifier of a credential is not a secret.
                        Meaning::Secret if key.ends_with("AssetReference") && value.kind() == Kind::String => Meaning::Public,
                        Meaning::Public if meaning == Meaning::Programs => Meaning::Programs,
                        inner => inner,
                    };
                    self.has_names |= !matches!(inner, Meaning::Public | Meaning::Description);
                    self.walk(value, inner);
                }
            }
            (_, Kind::Array) => node.elements().for_each(|element| self.walk(element, meaning)),
            (Meaning::Programs, _) => self.hidden.push(node.span()),
            (Meaning::Public | Meaning::Description, _) => {}
        }
    }
}

fn meaning(key: &str) -> Meaning {
    let key = key.trim().to_ascii_lowercase();
    let begins = |start: &str| key.starts_with(start);
    // A server token is not a secret: it identifies a version of a declaration.
    let is_server_token = key.ends_with("token") && strsim::damerau_levenshtein(&key, "servertoken") <= 2;
    let is_key = key.ends_with("key") && key != "key" && key != "productkey";
    let is_known = secret_names().binary_search(&key).is_ok();
    if WORDS.iter().any(|word| has(key.as_bytes(), word)) && !is_server_token || is_key || is_known || key == "pin" {
        let is_limit = LIMITS.iter().any(|word| has(key.as_bytes(), word));
        if is_limit { Meaning::Limit } else { Meaning::Secret }
    } else if begins("desc") || begins("programenr") {
        Meaning::Description
    } else if has(key.as_bytes(), PROGRAM) {
        Meaning::Programs
    } else {
        Meaning::Public
    }
}

/// Whether a text that is not in the tree may contain the name of a secret, or an escape that hides one.
fn names_secret(text: &[u8], is_xml: bool) -> bool {
    // UTF-16 has a zero byte in most letters.
    if text.contains(&0) {
        return true;
    }
    let lower = text.to_ascii_lowercase();
    let is_letter = |at: usize| lower.get(at).is_some_and(u8::is_ascii_alphanumeric);
    // `<key>` and `</key>` are not names.
    let is_tag = |at: usize| is_xml && at > 0 && matches!(lower[at - 1], b'<' | b'/');
    let is_longer = |at: usize| at > 0 && !b"\"'>\n\t".contains(&lower[at - 1]) && !is_tag(at);
    let is_word = |at: usize, length: usize| !is_letter(at.wrapping_sub(1)) && !is_letter(at + length);
    let is_secret = |at: usize| !lower[..at].ends_with(b"server");
    let words = WORDS.iter().chain(&[PROGRAM, "\\u", "&#", "<![cdata["]);
    words.into_iter().any(|word| memchr::memmem::find_iter(&lower, word).any(is_secret))
        || memchr::memmem::find_iter(&lower, "key").any(is_longer)
        || std::iter::once("pin")
            .chain(secret_names().iter().map(String::as_str))
            .any(|name| memchr::memmem::find_iter(&lower, name).any(|at| is_word(at, name.len())))
}

fn has(text: &[u8], word: &str) -> bool {
    find(text, word).is_some()
}

fn find(text: &[u8], word: &str) -> Option<usize> {
    memchr::memmem::find(text, word.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the document with `•` for each secret.
    fn shown(text: &str) -> String {
        let Some(secrets) = secrets(text.as_bytes()) else { return String::new() };
        let mut shown = text.to_owned();
        secrets.into_iter().rev().for_each(|secret| shown.replace_range(secret, "•"));
        shown
    }

    #[test]
    fn hides_secrets_in_every_notation() {
        for text in [
            r#"{"Beta": {"RequireProgram": {"Description": "d", "Token": "S3cret"}}}"#,
            r#"{"OfferPrograms": [{"Description": "d", "token" : "S3cret"}]}"#,
            r#"{"OfferPrograms": [{"Description": "d", "Tokem": "S3cret"}]}"#,
            r#"{"OfferPrograms": ["S3cret"]}"#,
            r#"{"RequireProgram": "S3cret"}"#,
            r#"{"Program": {"Key": "S3cret"}}"#,
            r#"{"\u0054oken": "S3cret"}"#,
            r#"{"Token": ["S3cret"]}"#,
            r#"{"Token": {"S3cret": 1}}"#,
            r#"{"BetaToken": "S3cret"}"#,
            r#"{"SeedToken": "S3cret"}"#,
            r#"{"private/key": "S3cret"}"#,
            r#"{"\tPIN": "S3cret"}"#,
            r#"{"PPK": "S3cret", "PPKIdentifier": "shown"}"#,
            r#"{"AdditionalHTTPHeaders": {"Authorization": "S3cret"}}"#,
            r#"{"AdditionalHTTPHeaderFields": {"X": "S3cret"}}"#,
            r#"{"Identity": "S3cret"}"#,
            r#"{"ClientIdentifier": "S3cret"}"#,
            r#"{"Proof": {"IdentityToken": "S3cret"}}"#,
            "{ // \"Token\": \"S3cret\"\n}",
            "{\"Token\": \"x\", /* S3cret */ \"a\": [1,],}",
            "{ // it's\n \"Token\": \"S3cret\"}",
            "<dict><key>Password</key><string>S3cret</string></dict>",
            "<dict><key> Wi-Fi password </key>\n<string>\nS3cret\n</string></dict>",
            "<dict><key>Pass&#119;ord</key><string>S3cret</string></dict>",
            "<dict><key><![CDATA[Password]]></key><string><![CDATA[S3cret]]></string></dict>",
            "<dict><key>Password</key><string>a&amp;S3cret</string></dict>",
            "<dict><key>Tokens</key><array><string>x</string><string>S3cret</string></array></dict>",
            "<dict><key>Credentials</key><dict><key>x</key><dict><key>y</key><string>S3cret</string></dict></dict></dict>",
            "<dict><!-- <key>Password</key><string>S3cret</string> --></dict>",
            "<dict><key>Password</key><!-- S3cret --><string>x</string></dict>",
            "<dict><key>PrivateKey</key><string>S3cret</string></dict>",
            "<dict><key>API_KEY</key><string>S3cret</string></dict>",
            "<dict><key>PIN</key><string>S3cret</string></dict>",
            "<dict><key>Pass<![CDATA[word]]></key><string>S3cret</string></dict>",
            "<dict><?note Password S3cret?></dict>",
        ] {
            let shown = shown(text);
            assert!(!shown.contains("S3cret") && !shown.is_empty(), "{text}: {shown}");
        }
    }

    #[test]
    fn hides_a_broken_document_that_names_a_secret() {
        for text in [
            r#"{"Token": "S3cret"#,
            r#"{"Token": S3cret, "Description": "d"}"#,
            "{'Token': 'S3cret'}",
            "Token: S3cret",
            "S3cret\",",
            "\"S3cret\"",
            "<string>S3cret</string>",
            "{\"\0T\0o\0k\0e\0n\": \"S3cret\" 1}",
            r#"{"SecretToken": "S3cret" "a": 1}"#,
            r#"{"private/key": "S3cret" "a": 1}"#,
            "{\"Identifier\": \"a}\n{\"Token\": \"S3cret\"}",
            "{\"Identifier\": \"a\\\n{\"\\u0054oken\": \"S3cret\"}",
            "<key>Password<string>S3cret</string>",
            "<dict><key>Password</key><string>S3cret",
            "<dict><key>Password</key>S3cret</dict>",
            "<kye>Password</kye><string>S3cret</string>",
            "<dict><key>PIN</kye><string>S3cret</string></dict>",
            "<dict><!-- <key>API_KEY</key> --><string>S3cret</string></dict>",
            "<plist><Password>S3cret</Password></plist>",
        ] {
            assert_eq!(secrets(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn shows_values_that_are_not_secret() {
        for text in [
            r#"{"AuthenticationCredentialsAssetReference": "com.example.shown"}"#,
            r#"{"ServerToken": "abc", "Identifier": "token.of.something"}"#,
            r#"{"SeverToken": "abc"}"#,
            r#"{"OfferPrograms": [{"Description": "Token of joy"}]}"#,
            r#"{"Beta": {"ProgramEnrollment": "AlwaysOn"}}"#,
            r#"{"RequirePasscode": true, "MaximumPasscodeAgeInDays": 90}"#,
            r#"{"Identifier": "a", "ServerToken": "b", // a comment
                "Payload": {} "Type": "b"}"#,
            "<dict><key>ProductKey</key><string>shown</string></dict>",
            "<dict><!-- a comment --><key>RequestType</key><string>ScheduleOSUpdate</sting></dict>",
        ] {
            assert_eq!(shown(text), text);
        }
    }
}

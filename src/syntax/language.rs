//! The messages of JSON syntax errors.

use std::ops::Range;

use super::rules::invalid_json;
use crate::diagnostic::{Proposal, Related, Remedy, Rule, SyntaxDiagnostic};
use crate::limits::MAX_FINDINGS;
use crate::words::{nearest, shown};

/// Whether two errors are the same and of a kind that is reported once per document.
pub(super) fn is_repeated(one: &SyntaxDiagnostic, other: &SyntaxDiagnostic) -> bool {
    REPEATED.iter().any(|start| one.message.starts_with(start) && other.message.starts_with(start))
}

/// Adds another place to an error.
pub(super) fn repeat(first: &mut SyntaxDiagnostic, span: Range<usize>) {
    if first.related.len() < MAX_PLACES {
        first.related.push(Related { message: "here too".to_owned(), place: span });
    }
}

/// The maximum number of places listed for one error: a hostile document could have a million.
const MAX_PLACES: usize = 10;

/// Message prefixes of errors reported once per document, since an author usually repeats them throughout.
const REPEATED: [&str; 5] = [
    "single quotes are not JSON",
    "a typographic quotation mark",
    "a key must be in double quotes",
    "an array cannot have keys",
    "a comment is not JSON",
];

/// The comments of a document. Only the first ones are kept.
#[derive(Default)]
pub(super) struct Comments {
    kept: Vec<Range<usize>>,
    count: usize,
}

impl Comments {
    pub(super) fn push(&mut self, comment: Range<usize>) {
        self.count += 1;
        if self.kept.len() < MAX_FINDINGS {
            self.kept.push(comment);
        }
    }

    /// One error for all of them, with a fix that removes them.
    pub(super) fn fault(self) -> Option<SyntaxDiagnostic> {
        let (first, others) = self.kept.split_first()?;
        let message = match self.count {
            1 => "a comment is not JSON".to_owned(),
            count => format!("comments are not JSON ({count} in this document)"),
        };
        let mut fault = invalid_json::diagnostic(
            message,
            "remove the comment; move its text to the commit message or another file",
            first.clone(),
        );
        for other in others.iter().take(MAX_PLACES) {
            fault = fault.related("another comment", other.clone());
        }
        // A person wrote them, so only a person may drop them.
        let fix = Proposal::unsafe_(Remedy::Delete(self.kept), "remove the comments");
        Some(fault.fix(fix))
    }
}

/// A comma at the offset `comma` before the closing `bracket`.
pub(super) fn trailing_comma(bracket: u8, comma: usize) -> SyntaxDiagnostic {
    let message = format!("a comma before {} is not JSON", char::from(bracket));
    let span = comma..comma + 1;
    let fix = Proposal::safe(Remedy::Delete(vec![span.clone()]), "remove the comma");
    invalid_json::diagnostic(message, "remove the comma", span).fix(fix)
}

/// Bytes that are not UTF-8: a copy with `?` for each, so that the rest can be checked, and the finding about the first.
pub(super) fn not_utf8(bytes: &[u8], rule: &'static Rule) -> (String, SyntaxDiagnostic) {
    let mut copy = bytes.to_vec();
    let mut first = None;
    let mut from = 0;
    while let Err(error) = str::from_utf8(&bytes[from..]) {
        let start = from + error.valid_up_to();
        let end = error.error_len().map_or(bytes.len(), |length| start + length);
        first.get_or_insert(start..end);
        copy[start..end].fill(b'?');
        from = end;
    }
    let span = first.unwrap_or(0..0);
    let message = format!("the byte 0x{:02X} is not UTF-8", bytes.get(span.start).copied().unwrap_or_default());
    (String::from_utf8(copy).unwrap_or_default(), rule.at(span, message).help("save the file as UTF-8"))
}

/// Unexpected text. `expects_key` says whether a key is expected.
pub(super) fn stray(text: &str, at: usize, expects_key: bool) -> SyntaxDiagnostic {
    let rest = &text[at..];
    let before = text[..at].trim_end_matches([' ', '\t', '\n', '\r']);
    let next = next_token(rest);
    let span = at..at + next.len();
    match in_value(before, next, rest, expects_key) {
        Some((message, help)) => invalid_json::diagnostic(message, help, span),
        None => invalid_json::diagnostic("this is not JSON", "write JSON as RFC 8259 defines it", span),
    }
}

/// Whether a character is a quotation mark other than `"`.
pub(super) fn is_other_quote(character: char) -> bool {
    matches!(character, '\'' | '\u{2018}'..='\u{201F}' | '«' | '»')
}

/// The text at an error: a word, or one character. Messages must not repeat it, as it may be a secret.
pub(super) fn next_token(rest: &str) -> &str {
    let word = rest.find(|c: char| !(c.is_alphanumeric() || "_$%.+-".contains(c))).unwrap_or(rest.len());
    let length = if word > 0 { word } else { rest.chars().next().map_or(0, char::len_utf8) };
    &rest[..length]
}

fn in_value(before: &str, next: &str, rest: &str, expects_key: bool) -> Option<(String, &'static str)> {
    let first = rest.chars().next()?;
    let placeholder = "this looks like a template; check the rendered file, or put the placeholder inside a string";
    let pair = match first {
        '<' if ["<?xml", "<!DOCTYPE", "<plist", "<dict", "<key"].iter().any(|start| rest.starts_with(start)) => {
            ("this is XML (a property list or a profile), not JSON".to_owned(), "write the declaration as JSON")
        }
        'b' if rest.starts_with("bplist0") => {
            ("this is a binary property list, not JSON".to_owned(), "write the declaration as JSON")
        }
        '=' => ("= is not JSON".to_owned(), "write : between a key and its value, and a comma after the value"),
        ';' => ("; is not JSON".to_owned(), "write a comma instead"),
        ':' => ("a colon does not belong here".to_owned(), "write a comma after the previous value, or remove the colon"),
        '}' => ("this } has no { before it".to_owned(), "remove it, or write the {"),
        ']' => ("this ] has no [ before it".to_owned(), "remove it, or write the ["),
        '\'' => ("single quotes are not JSON".to_owned(), "write \" around strings and keys"),
        '\u{2018}'..='\u{201F}' | '«' | '»' => {
            (format!("a typographic quotation mark ({first}) is not JSON"), "write a plain \" instead")
        }
        '$' | '%' | '<' => ("a placeholder outside a string is not JSON".to_owned(), placeholder),
        '{' if before.ends_with('{') || rest.starts_with("{{") => {
            ("a placeholder outside a string is not JSON".to_owned(), placeholder)
        }
        _ if expects_key => ("a key must be in double quotes".to_owned(), "write \" before and after the key"),
        _ => match next {
            "True" => (format!("{next} is not JSON"), "write true"),
            "False" => (format!("{next} is not JSON"), "write false"),
            "None" | "nil" | "undefined" | "NULL" | "Null" => (format!("{next} is not JSON"), "remove the key"),
            _ if next.len() > 2
                && let Some(near) = nearest(next, ["true", "false"]) =>
            {
                (format!("this is not JSON; did you mean {near}?"), if near == "true" { "write true" } else { "write false" })
            }
            _ if first.is_ascii_digit() || matches!(first, '+' | '.' | '-') => {
                ("this is not a JSON number".to_owned(), "write digits without a leading zero, point or plus sign")
            }
            _ if first.is_alphanumeric() => ("this word is not JSON".to_owned(), "write \" before and after a string"),
            _ => return None,
        },
    };
    Some(pair)
}

/// A closing bracket of the wrong kind: `bracket`, where the one at `open` should be closed.
pub(super) fn wrong_kind(text: &str, at: usize, open: usize) -> SyntaxDiagnostic {
    let (opening, closing) = brackets(text, open);
    let found = &text[at..=at];
    invalid_json::diagnostic(format!("expected {closing}, but found {found}"), format!("write {closing} instead"), at..at + 1)
        .related(format!("{closing} closes this {opening}"), open..open + 1)
}

/// A closing bracket with nothing to close.
pub(super) fn extra(bracket: char, at: usize) -> SyntaxDiagnostic {
    let opening = if bracket == '}' { '{' } else { '[' };
    invalid_json::diagnostic(
        format!("this {bracket} has no {opening} before it"),
        format!("remove it, or write the {opening}"),
        at..at + 1,
    )
}

/// The text ends before the bracket at `open` is closed.
pub(super) fn unclosed(text: &str, open: usize) -> SyntaxDiagnostic {
    let end = text.trim_end().len();
    let last = text[..end].char_indices().next_back().map_or(0, |(at, _)| at);
    let (bracket, closing) = brackets(text, open);
    invalid_json::diagnostic(
        format!("the document ends before its {bracket} is closed"),
        format!("write {closing} where it belongs"),
        last..end,
    )
    .related(format!("this {bracket} is never closed"), open..open + 1)
}

/// The bracket at `open` is not closed before `what`: a key or another bracket.
pub(super) fn open_before(text: &str, open: usize, span: Range<usize>, what: &str) -> SyntaxDiagnostic {
    let (bracket, closing) = brackets(text, open);
    invalid_json::diagnostic(format!("a {bracket} is not closed before this {what}"), format!("write {closing} before it"), span)
        .related(format!("this {bracket} is never closed"), open..open + 1)
}

/// The opening bracket at `open`, and the matching closing bracket.
fn brackets(text: &str, open: usize) -> (char, char) {
    if text.as_bytes()[open] == b'{' { ('{', '}') } else { ('[', ']') }
}

/// Text after the end of the document.
pub(super) fn trailing(text: &str, at: usize) -> SyntaxDiagnostic {
    let rest = &text[at..];
    let span = at..at + next_token(rest).len();
    if rest.starts_with(':') {
        return invalid_json::diagnostic(
            "a document must be an object, in { and }",
            "write { before the first key and } at the end",
            span,
        );
    }
    if rest.starts_with('{') {
        return invalid_json::diagnostic(
            "a second declaration begins after the end of the first",
            "put the declarations in an array, or one per line in a file that ends in .ndjson (for standard input: --stdin-filename x.ndjson)",
            span,
        );
    }
    invalid_json::diagnostic("unexpected text after the end of the document", "remove it", span)
}

/// A line break inside a string. `span` is the string up to the line break.
pub(super) fn line_break(span: Range<usize>) -> SyntaxDiagnostic {
    invalid_json::diagnostic(
        "a line break inside a string is not JSON",
        "write \" where the string should end, or \\n for a line break",
        span,
    )
}

/// A control character inside a string.
pub(super) fn control(character: u8, at: usize) -> SyntaxDiagnostic {
    invalid_json::diagnostic(
        format!("a control character (U+{character:04X}) inside a string is not JSON"),
        format!("write \\u{character:04x} instead"),
        at..at + 1,
    )
}

/// A backslash at `slash` that does not begin a JSON escape.
pub(super) fn bad_escape(text: &str, slash: usize) -> SyntaxDiagnostic {
    let character = text[slash + 1..].chars().next().unwrap_or(' ');
    if character == 'u' {
        let digits = text[slash + 2..].bytes().take(4).take_while(u8::is_ascii_hexdigit).count();
        return invalid_json::diagnostic(
            "this \\u escape is not a valid character",
            "write four hexadecimal digits; a character beyond U+FFFF takes two escapes, a high surrogate and then a low one",
            slash..slash + 2 + digits,
        );
    }
    invalid_json::diagnostic(
        format!("\\{} is not a JSON escape", shown(&character.to_string())),
        "write \\\\ for a backslash",
        slash..slash + 1 + character.len_utf8(),
    )
}

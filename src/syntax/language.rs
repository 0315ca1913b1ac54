//! Says in words what is wrong with a text that is not JSON.

use std::ops::Range;

use super::rules::invalid_json;
use crate::diagnostic::{Proposal, Related, Remedy, Rule, SyntaxDiagnostic};
use crate::words::shown;

/// Whether this is the same mistake as another, of a kind that few documents have only once.
pub(super) fn is_repeated(one: &SyntaxDiagnostic, other: &SyntaxDiagnostic) -> bool {
    REPEATED.iter().any(|start| one.message.starts_with(start) && other.message.starts_with(start))
}

/// Adds another place to a mistake.
pub(super) fn repeat(first: &mut SyntaxDiagnostic, span: Range<usize>) {
    if first.related.len() < MOST_PLACES {
        first.related.push(Related { message: "here too".to_owned(), place: span });
    }
}

/// The fix that deletes parts of the text.
fn delete(surplus: Vec<Range<usize>>) -> Proposal {
    Proposal::safe(Remedy::Delete(surplus), "remove what is not JSON")
}

/// The most places of one mistake that are listed: a hostile document could have a million.
const MOST_PLACES: usize = 10;

/// How the messages start of mistakes that are reported once for a document, since an author who makes one of them makes it everywhere.
const REPEATED: [&str; 5] = [
    "single quotes are not JSON",
    "a typographic quotation mark",
    "a key must stand in double quotes",
    "an array has no keys",
    "a comment is not JSON",
];

/// One fault for all comments of a document, since one decision removes them.
pub(super) fn comments(comments: &[Range<usize>]) -> Option<SyntaxDiagnostic> {
    let (first, others) = comments.split_first()?;
    let message = match others.len() {
        0 => "a comment is not JSON".to_owned(),
        more => format!("comments are not JSON ({} in this document)", more + 1),
    };
    let mut fault = invalid_json::diagnostic(
        message,
        "remove the comment; say what it says in the commit message or in a file beside this one",
        first.clone(),
    );
    fault = fault.fix(delete(comments.to_vec()));
    for other in others.iter().take(MOST_PLACES) {
        fault = fault.related("another comment", other.clone());
    }
    Some(fault)
}

/// The fault of a comma at `comma` before the closing `bracket`.
pub(super) fn trailing_comma(bracket: u8, comma: usize) -> SyntaxDiagnostic {
    let message = format!("a comma before {} is not JSON", char::from(bracket));
    let span = comma..comma + 1;
    invalid_json::diagnostic(message, "remove the comma", span.clone()).fix(delete(vec![span]))
}

/// Bytes that are not UTF-8. Where only single bytes are wrong, a copy with a `?` for each lets the rest be checked.
pub(super) fn not_utf8(bytes: &[u8], rule: &'static Rule) -> (Option<String>, SyntaxDiagnostic) {
    if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
        let fault = rule.at(0..2, "this file is UTF-16, not UTF-8").help("save it as UTF-8, without a byte-order mark");
        return (None, fault);
    }
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
    (String::from_utf8(copy).ok(), rule.at(span, message).help("save the file as UTF-8"))
}

/// What stands here is nothing that belongs here. `expects_key` says whether a key does.
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

/// Whether a character is a quotation mark other than that of JSON.
pub(super) fn is_other_quote(character: char) -> bool {
    matches!(character, '\'' | '\u{2018}'..='\u{201F}' | '«' | '»')
}

/// The piece of text at an error: a word, or one character. Messages do not repeat it, for it may be a secret.
pub(super) fn next_token(rest: &str) -> &str {
    let word = rest.find(|c: char| !(c.is_alphanumeric() || "_$%.+-".contains(c))).unwrap_or(rest.len());
    let length = if word > 0 { word } else { rest.chars().next().map_or(0, char::len_utf8) };
    &rest[..length]
}

fn in_value(before: &str, next: &str, rest: &str, expects_key: bool) -> Option<(String, &'static str)> {
    let first = rest.chars().next()?;
    let placeholder = "this looks like a template; check the file that it renders to, or put the placeholder inside a string";
    let pair = match first {
        '<' if ["<?xml", "<!DOCTYPE", "<plist", "<dict", "<key"].iter().any(|start| rest.starts_with(start)) => {
            ("this is XML (a property list or a profile), not JSON".to_owned(), "write the declaration as JSON")
        }
        'b' if rest.starts_with("bplist0") => {
            ("this is a binary property list, not JSON".to_owned(), "write the declaration as JSON")
        }
        '=' => ("= is not JSON".to_owned(), "write : between a key and its value, and a comma after the value"),
        ';' => ("; is not JSON".to_owned(), "write a comma between keys with their values, and between values"),
        ':' => ("a colon does not belong here".to_owned(), "write a comma after the value before, or remove the colon"),
        '}' | ']' => (format!("{first} closes nothing that is open here"), CLOSES_NOTHING),
        '\'' => ("single quotes are not JSON".to_owned(), "write \" around strings and keys"),
        '\u{2018}'..='\u{201F}' | '«' | '»' => {
            (format!("a typographic quotation mark ({first}) is not JSON"), "write a plain \" instead")
        }
        '$' | '%' | '<' => ("a placeholder outside a string is not JSON".to_owned(), placeholder),
        '{' if before.ends_with('{') || rest.starts_with("{{") => {
            ("a placeholder outside a string is not JSON".to_owned(), placeholder)
        }
        _ if expects_key => ("a key must stand in double quotes".to_owned(), "write \" before and after the key"),
        _ => match next {
            "True" => (format!("{next} is not JSON"), "write true"),
            "False" => (format!("{next} is not JSON"), "write false"),
            "None" | "nil" | "undefined" | "NULL" | "Null" => (format!("{next} is not JSON"), "leave the key out"),
            _ if first.is_ascii_digit() || matches!(first, '+' | '.' | '-') => {
                ("this is not a number as JSON writes it".to_owned(), "write digits without a leading zero, point or plus sign")
            }
            _ if first.is_alphanumeric() => ("this word is not JSON".to_owned(), "write \" before and after a string"),
            _ => return None,
        },
    };
    Some(pair)
}

const CLOSES_NOTHING: &str = "look for a bracket of the other kind, or for one too many";

/// A closing bracket of the wrong kind, or one too many.
pub(super) fn closes_nothing(bracket: char, at: usize, opening: usize) -> SyntaxDiagnostic {
    let message = format!("{bracket} closes nothing that is open here");
    invalid_json::diagnostic(message, CLOSES_NOTHING, at..at + 1).related("this is open here", opening..opening + 1)
}

/// The text ends, and the bracket at `open` is not closed.
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

/// The bracket at `open` is not closed before a key, or another bracket.
pub(super) fn open_before(text: &str, open: usize, span: Range<usize>, what: &str) -> SyntaxDiagnostic {
    let (bracket, closing) = brackets(text, open);
    invalid_json::diagnostic(format!("a {bracket} is not closed before this {what}"), format!("write {closing} before it"), span)
        .related(format!("this {bracket} is never closed"), open..open + 1)
}

/// An opening bracket, and the one that closes it.
fn brackets(text: &str, open: usize) -> (char, char) {
    if text.as_bytes()[open] == b'{' { ('{', '}') } else { ('[', ']') }
}

/// Something stands after the end of the document.
pub(super) fn trailing(text: &str, at: usize) -> SyntaxDiagnostic {
    let rest = &text[at..];
    let span = at..at + next_token(rest).len();
    if rest.starts_with(':') {
        return invalid_json::diagnostic(
            "a document is an object, in { and }",
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
    invalid_json::diagnostic("something follows after the end of the document", "remove it", span)
}

/// A string with a line break in it, which stands at the end of the span.
pub(super) fn line_break(span: Range<usize>) -> SyntaxDiagnostic {
    invalid_json::diagnostic(
        "a line break inside a string is not JSON",
        "write \" where the string should end, or \\n for a line break",
        span,
    )
}

/// A string with a control character in it.
pub(super) fn control(character: u8, at: usize) -> SyntaxDiagnostic {
    invalid_json::diagnostic(
        format!("a control character (U+{character:04X}) inside a string is not JSON"),
        format!("write \\u{character:04x} instead"),
        at..at + 1,
    )
}

/// A backslash at `slash` that begins no escape of JSON.
pub(super) fn bad_escape(text: &str, slash: usize) -> SyntaxDiagnostic {
    let character = text[slash + 1..].chars().next().unwrap_or(' ');
    if character == 'u' {
        let digits = text[slash + 2..].bytes().take(4).take_while(u8::is_ascii_hexdigit).count();
        return invalid_json::diagnostic(
            "this \\u escape is not a character",
            "write four hexadecimal digits; a character beyond U+FFFF takes two escapes, a high surrogate and then a low one",
            slash..slash + 2 + digits,
        );
    }
    invalid_json::diagnostic(
        format!("\\{} is not an escape that JSON has", shown(&character.to_string())),
        "write \\\\ for a backslash",
        slash..slash + 1 + character.len_utf8(),
    )
}

//! Says in words what is wrong with a text that is no JSON.

use std::ops::Range;

use nojson::JsonParseError;

use crate::words::shown;

/// A mistake in the syntax, in bytes of the document's text.
#[derive(Debug)]
pub(crate) struct SyntaxFault {
    pub(crate) message: String,
    pub(crate) help: String,
    pub(crate) span: Range<usize>,
    /// Other places that belong to it.
    pub(crate) related: Vec<(String, Range<usize>)>,
    /// What to delete, to mend it without a doubt.
    pub(crate) surplus: Vec<Range<usize>>,
    /// The text that it is about. If that holds a placeholder, which only the user may know, nothing is wrong.
    pub(crate) text: Option<String>,
}

impl SyntaxFault {
    pub(super) fn new(message: impl Into<String>, help: impl Into<String>, span: Range<usize>) -> Self {
        Self { message: message.into(), help: help.into(), span, related: Vec::new(), surplus: Vec::new(), text: None }
    }

    fn related(mut self, message: &str, span: Range<usize>) -> Self {
        self.related.push((message.to_owned(), span));
        self
    }
}

/// More places than this help nobody, and a hostile document could have a million.
const MOST_PLACES: usize = 10;

/// One fault for all comments of a document, since one decision removes them.
pub(super) fn comments(comments: &[Range<usize>]) -> Option<SyntaxFault> {
    let (first, others) = comments.split_first()?;
    let message = match others.len() {
        0 => "a comment is not JSON".to_owned(),
        more => format!("comments are not JSON ({} in this document)", more + 1),
    };
    let mut fault = SyntaxFault::new(
        message,
        "remove the comment; say what it says in the commit message or in a file beside this one",
        first.clone(),
    );
    fault.surplus = comments.to_vec();
    for other in others.iter().take(MOST_PLACES) {
        fault = fault.related("another comment", other.clone());
    }
    Some(fault)
}

/// The commas right before a closing bracket, in a text that is JSON otherwise.
pub(super) fn trailing_commas(text: &str, comments: &[Range<usize>]) -> Vec<SyntaxFault> {
    let bytes = text.as_bytes();
    let mut faults = Vec::new();
    let mut comments = comments.iter().peekable();
    let mut comma = None;
    let mut at = 0;
    while at < bytes.len() {
        if let Some(comment) = comments.next_if(|comment| comment.start == at) {
            at = comment.end;
            continue;
        }
        match bytes[at] {
            b'"' => {
                comma = None;
                at = string_end(bytes, at);
                continue;
            }
            b',' => comma = Some(at),
            bracket @ (b'}' | b']') => {
                if let Some(comma) = comma.take() {
                    faults.push(trailing_comma(bracket, comma));
                }
            }
            b' ' | b'\t' | b'\n' | b'\r' => {}
            _ => comma = None,
        }
        at += 1;
    }
    faults
}

/// The fault of a comma at `comma` before the closing `bracket`.
pub(super) fn trailing_comma(bracket: u8, comma: usize) -> SyntaxFault {
    let message = format!("a comma before {} is not JSON", char::from(bracket));
    let mut fault = SyntaxFault::new(message, "remove the comma", comma..comma + 1);
    fault.surplus.push(comma..comma + 1);
    fault
}

/// Bytes that are no UTF-8. Where only single bytes are wrong, a copy with a `?` for each lets the rest be checked.
pub(super) fn not_utf8(bytes: &[u8]) -> (Option<String>, SyntaxFault) {
    if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
        let fault = SyntaxFault::new("this file is UTF-16, not UTF-8", "save it as UTF-8, without a byte-order mark", 0..2);
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
    let fault = SyntaxFault::new(message, "save the file as UTF-8", span);
    (String::from_utf8(copy).ok(), fault)
}

/// What stopped the parser, in the words of somebody who looks at the text.
pub(super) fn diagnose(text: &str, error: &JsonParseError) -> SyntaxFault {
    let at = floor(text, error.position());
    let rest = &text[at..];
    let before = text[..at].trim_end_matches([' ', '\t', '\n', '\r']);
    match error {
        JsonParseError::UnexpectedEos { .. } => ends_early(text),
        JsonParseError::UnexpectedTrailingChar { .. } => trailing(text, at),
        JsonParseError::InvalidValue { .. } => SyntaxFault::new(
            "nested more than 128 levels deep",
            "no declaration needs more than 7 levels; this is not a declaration",
            at..at + 1,
        ),
        JsonParseError::UnexpectedValueChar { .. } => {
            if let Some(opening) = inside_string(text, at) {
                return in_string(text, at, opening);
            }
            let next = next_token(rest);
            let span = at..at + next.len().max(1).min(rest.len());
            in_value(before, next, rest).map_or_else(
                || SyntaxFault::new("this is not JSON", "write JSON as RFC 8259 defines it", span.clone()),
                |(message, help)| SyntaxFault::new(message, help, span.clone()),
            )
        }
    }
}

/// The piece of text at an error: a word, or one character. Messages do not repeat it, for it may be a secret.
fn next_token(rest: &str) -> &str {
    let word = rest.find(|c: char| !(c.is_alphanumeric() || "_$%.+-".contains(c))).unwrap_or(rest.len());
    let length = if word > 0 { word } else { rest.chars().next().map_or(0, char::len_utf8) };
    &rest[..length]
}

fn in_value(before: &str, next: &str, rest: &str) -> Option<(String, &'static str)> {
    let first = rest.chars().next()?;
    let last = before.chars().next_back();
    let placeholder = "this looks like a template; check the file that it renders to, or put the placeholder inside a string";
    let pair = match first {
        '<' if ["<?xml", "<!DOCTYPE", "<plist", "<dict", "<key"].iter().any(|start| rest.starts_with(start)) => {
            ("this is XML (a property list or a profile), not JSON".to_owned(), "write the declaration as JSON")
        }
        'b' if rest.starts_with("bplist0") => {
            ("this is a binary property list, not JSON".to_owned(), "write the declaration as JSON")
        }
        '=' => ("= is not JSON".to_owned(), "write : between a key and its value, and a comma after the value"),
        '/' if rest.starts_with("//") || rest.starts_with("/*") => ("a comment is not JSON".to_owned(), "remove the comment"),
        '#' => ("a comment is not JSON".to_owned(), "remove the comment"),
        '}' | ']' if last == Some(',') => (format!("a comma before {first} is not JSON"), "remove the comma"),
        '}' | ']' if last == Some(':') => ("a value is missing after the colon".to_owned(), "write the value, or remove the key"),
        '}' | ']' => {
            (format!("{first} closes nothing that is open here"), "look for a bracket of the other kind, or for one too many")
        }
        ',' => ("a comma with nothing before it".to_owned(), "remove the comma, or write what is missing"),
        '\'' => ("single quotes are not JSON".to_owned(), "write \" around strings and keys"),
        '\u{2018}'..='\u{201F}' | '«' | '»' => {
            (format!("a typographic quotation mark ({first}) is not JSON"), "write a plain \" instead")
        }
        '$' | '%' | '<' => ("a placeholder outside a string is not JSON".to_owned(), placeholder),
        '{' if before.ends_with('{') => ("a placeholder outside a string is not JSON".to_owned(), placeholder),
        _ if expects_key(before) && first != '"' => {
            ("a key must stand in double quotes".to_owned(), "write \" before and after the key")
        }
        '"' | '{' | '[' if ends_value(last) => {
            ("a comma is missing before this".to_owned(), "write a comma after the value before")
        }
        _ if last == Some('"') && before.len() + rest.len() > 0 && first.is_alphanumeric() => {
            ("the string before this ended too early".to_owned(), "write \\\" for a quotation mark inside a string")
        }
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

/// Whether the parser waits for a key: right after `{`, or after a comma inside an object.
fn expects_key(before: &str) -> bool {
    match before.as_bytes().last() {
        Some(b'{') => true,
        Some(b',') => open_brackets(before.as_bytes()).last().is_some_and(|open| before.as_bytes()[*open] == b'{'),
        _ => false,
    }
}

fn ends_value(last: Option<char>) -> bool {
    last.is_some_and(|last| matches!(last, '"' | '}' | ']') || last.is_alphanumeric())
}

fn ends_early(text: &str) -> SyntaxFault {
    let end = text.trim_end().len();
    if end == 0 {
        return SyntaxFault::new("there is nothing here", "write a declaration, or remove the file", 0..0);
    }
    let last = text[..end].char_indices().next_back().map_or(0, |(at, _)| at);
    let bytes = text.as_bytes();
    if let Some(opening) = inside_string(text, text.len()) {
        let line = text[opening..].find('\n').map_or(text.len(), |length| opening + length);
        return SyntaxFault::new("this string never ends", "write \" at its end", opening..line);
    }
    match open_brackets(bytes).last() {
        Some(open) => {
            let bracket = char::from(bytes[*open]);
            let closing = if bracket == '{' { '}' } else { ']' };
            SyntaxFault::new(
                format!("the document ends before its {bracket} is closed"),
                format!("write {closing} where it belongs"),
                last..end,
            )
            .related(&format!("this {bracket} is never closed"), *open..*open + 1)
        }
        None => SyntaxFault::new("the document ends too early", "write the rest of it", last..end),
    }
}

/// Something stands after the end of the document.
fn trailing(text: &str, at: usize) -> SyntaxFault {
    let rest = &text[at..];
    let span = at..at + next_token(rest).len();
    if rest.starts_with(':') {
        return SyntaxFault::new("a document is an object, in { and }", "write { before the first key and } at the end", span);
    }
    if rest.starts_with('#') || rest.starts_with("//") || rest.starts_with("/*") {
        return SyntaxFault::new("a comment is not JSON", "remove the comment", span);
    }
    if rest.starts_with('{') {
        return SyntaxFault::new(
            "a second declaration begins after the end of the first",
            "put the declarations in an array, or one per line in a file that ends in .ndjson (for standard input: --stdin-filename x.ndjson)",
            span,
        );
    }
    SyntaxFault::new("something follows after the end of the document", "remove it", span)
}

fn in_string(text: &str, at: usize, opening: usize) -> SyntaxFault {
    let bytes = text.as_bytes();
    let character = text[at..].chars().next().unwrap_or(' ');
    let slash = bytes[..at].iter().rposition(|byte| *byte == b'\\').filter(|slash| *slash > opening && at - slash <= 11);
    if (character as u32) < 0x20 {
        if character == '\n' || character == '\r' {
            return SyntaxFault::new(
                "a line break inside a string is not JSON",
                "write \" where the string should end, or \\n for a line break",
                opening..at,
            );
        }
        let help = format!("write \\u{:04x} instead", character as u32);
        return SyntaxFault::new(
            format!("a control character (U+{:04X}) inside a string is not JSON", character as u32),
            help,
            at..at + 1,
        );
    }
    match slash {
        Some(slash) if bytes.get(slash + 1) == Some(&b'u') => SyntaxFault::new(
            "this \\u escape is not a character",
            "write four hexadecimal digits; a character beyond U+FFFF takes two escapes, a high surrogate and then a low one",
            slash..ceil(text, at + 1),
        ),
        Some(slash) => SyntaxFault::new(
            format!("\\{} is not an escape that JSON has", shown(&character.to_string())),
            "write \\\\ for a backslash",
            slash..ceil(text, at + 1),
        ),
        None => SyntaxFault::new("this string is not JSON", "write it again", opening..ceil(text, at + 1)),
    }
}

/// Where the string begins that `at` stands in, if it stands in one.
fn inside_string(text: &str, at: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut from = 0;
    loop {
        match token(bytes, from)? {
            Token::String(span) if span.start < at && (span.end > at || !closed(bytes, &span)) => return Some(span.start),
            other if other.end() >= at => return None,
            other => from = other.end(),
        }
    }
}

fn closed(bytes: &[u8], span: &Range<usize>) -> bool {
    span.len() > 1 && string_end(&bytes[..span.end], span.start) == span.end && bytes[span.end - 1] == b'"' && {
        let slashes = bytes[span.start + 1..span.end - 1].iter().rev().take_while(|byte| **byte == b'\\').count();
        slashes % 2 == 0
    }
}

/// The end of the string that begins at `start`: after its closing quote, or the end of the text.
pub(super) fn string_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(found) = memchr::memchr2(b'"', b'\\', bytes.get(at..).unwrap_or_default()) {
        at += found;
        if bytes[at] == b'"' {
            return at + 1;
        }
        at += 2;
    }
    bytes.len()
}

/// The end of the comment that begins at `start`, if one does.
pub(super) fn comment_end(bytes: &[u8], start: usize) -> Option<usize> {
    let rest = &bytes[start..];
    if rest.starts_with(b"//") {
        return Some(memchr::memchr(b'\n', rest).map_or(bytes.len(), |length| start + length));
    }
    if rest.starts_with(b"/*") {
        return Some(memchr::memmem::find(&rest[2..], b"*/").map_or(bytes.len(), |length| start + length + 4));
    }
    None
}

/// The coarse pieces of a text, which hold even where it is no JSON.
enum Token {
    String(Range<usize>),
    Comment(Range<usize>),
    Other(usize),
}

impl Token {
    fn end(&self) -> usize {
        match self {
            Self::String(span) | Self::Comment(span) => span.end,
            Self::Other(at) => at + 1,
        }
    }
}

fn token(bytes: &[u8], from: usize) -> Option<Token> {
    Some(match bytes.get(from)? {
        b'"' => Token::String(from..string_end(bytes, from)),
        b'/' => comment_end(bytes, from).map_or(Token::Other(from), |end| Token::Comment(from..end)),
        _ => Token::Other(from),
    })
}

/// Where the brackets stand that are open at the end of `bytes`.
fn open_brackets(bytes: &[u8]) -> Vec<usize> {
    let mut open = Vec::new();
    let mut from = 0;
    while let Some(token) = token(bytes, from) {
        if let Token::Other(at) = token {
            match bytes[at] {
                b'{' | b'[' => open.push(at),
                b'}' | b']' => {
                    open.pop();
                }
                _ => {}
            }
        }
        from = token.end();
    }
    open
}

/// The part of a text before an error that ends with a complete value, and the brackets that close what is open there.
pub(super) fn readable(text: &str, error: usize) -> (usize, String) {
    let bytes = &text.as_bytes()[..floor(text, error)];
    let mut open: Vec<u8> = Vec::new();
    let mut safe = 0;
    let mut is_value = true;
    let mut from = 0;
    while let Some(token) = token(bytes, from) {
        let end = token.end();
        match token {
            Token::Comment(_) => {}
            Token::String(span) => {
                if is_value && closed(bytes, &span) {
                    safe = end;
                }
            }
            Token::Other(at) => match bytes[at] {
                bracket @ (b'{' | b'[') => {
                    open.push(bracket);
                    is_value = bracket == b'[';
                    safe = end;
                }
                b'}' | b']' => {
                    open.pop();
                    is_value = false;
                    safe = end;
                }
                b':' => is_value = true,
                b',' => {
                    // A number, `true`, `false` or `null` ends here, if it ends at all.
                    if is_value {
                        safe = at;
                    }
                    is_value = open.last() == Some(&b'[');
                }
                _ => {}
            },
        }
        from = end;
    }
    let closers = open.iter().rev().map(|open| if *open == b'{' { '}' } else { ']' }).collect();
    (safe, closers)
}

fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

fn ceil(text: &str, at: usize) -> usize {
    (at..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len())
}

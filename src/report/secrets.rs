//! Finds the tokens of beta programs in a text, and the secrets of a property list, so that no excerpt shows them.
//!
//! The text may be broken anywhere and its keys misspelled, so this looks at words and not at a document: rather too much is hidden
//! than too little.

use std::ops::Range;

use super::markup_secrets;
use crate::syntax::{Container, strip_byte_order_mark};

/// What follows a key.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Follows {
    /// Anything.
    Open,
    /// A secret.
    Secret,
    /// A text for people, which may be shown even in a program.
    Description,
    /// Programs, whose every string but the descriptions is hidden.
    Programs,
}

/// The parts of a text that no output may show, in ascending order.
///
/// A quote in a comment opens no string, and a member that is commented out may hold a token all the same. So the text is looked at as it
/// stands and without its comments, and what either has is hidden.
pub(crate) fn secrets(text: &[u8]) -> Vec<Range<usize>> {
    let mut found = markup_secrets::secrets(text);
    // Most texts name no program, and need not be looked at word by word.
    if !is_markup(text) && may_hold_secrets(text) {
        found.extend(scan(text));
        if let Some(plain) = without_comments(text) {
            found.extend(scan(&plain));
        }
    }
    found.sort_by_key(|range| (range.start, range.end));
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(found.len());
    for range in found {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

/// Whether a text is XML, where quotes and colons mean nothing.
fn is_markup(text: &[u8]) -> bool {
    Container::of(&text[strip_byte_order_mark(text)..]) == Some(Container::Xml)
}

/// The text with spaces for its comments; `None` if it has none.
fn without_comments(text: &[u8]) -> Option<Vec<u8>> {
    let holds = |opening: &[u8]| memchr::memmem::find(text, opening).is_some();
    if !holds(b"//") && !holds(b"/*") {
        return None;
    }
    let mut plain: Option<Vec<u8>> = None;
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let end = match rest {
            [b'"', ..] => string_end(text, at, b'"'),
            [b'/', b'/', ..] => at + memchr::memchr(b'\n', rest).unwrap_or(rest.len()),
            [b'/', b'*', ..] => at + memchr::memmem::find(rest, b"*/").map_or(rest.len(), |end| end + 2),
            _ => at + 1,
        };
        if rest[0] == b'/' && end > at + 1 {
            plain.get_or_insert_with(|| text.to_vec())[at..end].fill(b' ');
        }
        at = end;
    }
    plain
}

fn scan(text: &[u8]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    // What each open bracket stands in.
    let mut inside: Vec<Follows> = Vec::new();
    let mut follows = Follows::Open;
    let mut at = 0;
    while at < text.len() {
        let end = match text[at] {
            quote @ (b'"' | b'\'') => string_end(text, at, quote),
            b'{' | b'[' => {
                let around = inside.last().copied().unwrap_or(Follows::Open);
                inside.push(if matches!(follows, Follows::Programs | Follows::Secret) { follows } else { around });
                follows = Follows::Open;
                at += 1;
                continue;
            }
            b'}' | b']' => {
                inside.pop();
                follows = Follows::Open;
                at += 1;
                continue;
            }
            b',' => {
                follows = Follows::Open;
                at += 1;
                continue;
            }
            byte if is_word(byte) => at + text[at..].iter().take_while(|byte| is_word(**byte)).count(),
            _ => {
                at += 1;
                // Lines begin with many of them.
                at += text[at..].iter().take_while(|byte| **byte == b' ').count();
                continue;
            }
        };
        let around = inside.last().copied().unwrap_or(Follows::Open);
        let word = &text[at..end];
        let is_key = is_key(text, end);
        if around == Follows::Secret {
            found.push(at..end);
        } else if let Some(meaning) = (is_key && follows == Follows::Open).then(|| meaning(word)).flatten() {
            follows = meaning;
        } else {
            let is_secret = match follows {
                Follows::Secret => true,
                Follows::Description => false,
                Follows::Open | Follows::Programs => (around == Follows::Programs || follows == Follows::Programs) && !is_key,
            };
            if is_secret {
                found.push(at..end);
            } else if is_key {
                follows = Follows::Open;
            }
        }
        at = end;
    }
    found
}

/// Whether a text has, in whatever case, what every key before a secret has, or an escape, which may hide it.
fn may_hold_secrets(text: &[u8]) -> bool {
    let is_in = |part: &[u8], start: Option<usize>| {
        start.and_then(|start| text.get(start..start + part.len())).is_some_and(|word| word.eq_ignore_ascii_case(part))
    };
    // What is looked for is the rarest letter of each word.
    memchr::memchr(b'\\', text).is_some()
        || memchr::memchr2_iter(b'k', b'K', text).any(|at| is_in(b"tok", at.checked_sub(2)))
        || memchr::memchr2_iter(b'g', b'G', text).any(|at| is_in(b"program", at.checked_sub(3)))
}

/// Whether a word has, in whatever case, the rarest letter of what every key that matters has, its first letter, or an escape, which may
/// hide any.
fn may_matter(word: &[u8]) -> bool {
    let first = word.iter().find(|byte| !matches!(byte, b'"' | b'\''));
    matches!(first, Some(b'd' | b'D')) || word.iter().any(|byte| matches!(byte, b'k' | b'K' | b'g' | b'G' | b'\\'))
}

/// What a key of this name has after it, if that matters.
fn meaning(word: &[u8]) -> Option<Follows> {
    // A program has two keys, which nearly everybody writes like this.
    match word {
        br#""Token""# => return Some(Follows::Secret),
        br#""Description""# => return Some(Follows::Description),
        _ => {}
    }
    // Keys are short. The value of a token is not, and is not looked at.
    if word.len() > 64 {
        return None;
    }
    // Hardly any word is such a key, and every word of a text comes here.
    if !may_matter(word) {
        return None;
    }
    let unquoted = match word {
        [first @ (b'"' | b'\''), inner @ .., last] if first == last => inner,
        [b'"' | b'\'', inner @ ..] => inner,
        _ => word,
    };
    // Escapes in a key are read as a parser would.
    let unescaped = if word.contains(&b'\\') { serde_json::from_slice::<String>(word).ok() } else { None };
    let word = unescaped.as_ref().map_or(unquoted, String::as_bytes);
    let begins = |part: &[u8]| word.get(..part.len()).is_some_and(|word| word.eq_ignore_ascii_case(part));
    let holds = |part: &[u8]| word.windows(part.len()).any(|word| word.eq_ignore_ascii_case(part));
    if holds(b"tok") && !begins(b"se") {
        Some(Follows::Secret)
    } else if begins(b"desc") || begins(b"programenr") {
        Some(Follows::Description)
    } else if holds(b"program") {
        Some(Follows::Programs)
    } else {
        None
    }
}

/// Whether what ended at `end` is a key: a colon follows.
fn is_key(text: &[u8], end: usize) -> bool {
    text[end..].iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b':')
}

fn is_word(byte: u8) -> bool {
    !byte.is_ascii_whitespace() && !b"{}[],:\"'".contains(&byte)
}

/// The end of a string, which is at the latest the end of its line: a quotation mark that is missing in one line must not turn the strings of
/// the next ones inside out.
fn string_end(text: &[u8], start: usize, quote: u8) -> usize {
    let mut at = start + 1;
    while let Some(found) = text.get(at..).and_then(|rest| memchr::memchr3(b'\\', b'\n', quote, rest)) {
        at += found;
        match text[at] {
            b'\n' => return at,
            b'\\' if text.get(at + 1) != Some(&b'\n') => at += 2,
            b'\\' => at += 1,
            _ => return at + 1,
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden(text: &str) -> Vec<&str> {
        secrets(text.as_bytes()).into_iter().map(|span| &text[span]).collect()
    }

    #[test]
    fn tokens_are_hidden_however_broken_the_text() {
        for text in [
            r#"{"Beta": {"RequireProgram": {"Description": "d", "Token": "S3cret"}}}"#,
            r#"{"OfferPrograms": [{"Description": "d", "token" : "S3cret"}]}"#,
            r#"{"OfferPrograms": [{"Description": "d", "Tokem": "S3cret"}]}"#,
            r#"{"OfferPrograms": ["S3cret"]}"#,
            r#"{"RequireProgram": "S3cret"}"#,
            r#"{"Program": {"Key": "S3cret"}}"#,
            r#"{"Token": "S3cret"#,
            r#"{"Token": S3cret, "Description": "d"}"#,
            "{'Token': 'S3cret'}",
            r#"{"\u0054oken": "S3cret"}"#,
            r#"{"Token": ["S3cret"]}"#,
            r#"{"Token": {"S3cret": 1}}"#,
            r#"{"BetaToken": "S3cret"}"#,
            "Token: S3cret",
            "{\"Identifier\": \"a}\n{\"Token\": \"S3cret\"}",
            "{\"Identifier\": \"a\\\n{\"Token\": \"S3cret\"}",
        ] {
            let found = hidden(text).concat();
            assert!(found.contains("S3cret"), "{text}: {found}");
        }
    }

    #[test]
    fn what_is_no_token_is_shown() {
        for text in [
            r#"{"ServerToken": "abc", "Identifier": "token.of.something"}"#,
            r#"{"SeverToken": "abc"}"#,
            r#"{"OfferPrograms": [{"Description": "Token of joy"}]}"#,
            r#"{"Beta": {"ProgramEnrollment": "AlwaysOn"}}"#,
        ] {
            assert!(hidden(text).is_empty(), "{text}: {:?}", hidden(text));
        }
    }

    #[test]
    fn a_quote_in_a_comment_hides_no_token_from_the_search() {
        for comment in ["// it's\n", "// 27\"\n", "/* don't \" */", "// c\n"] {
            let text =
                format!("{{\"Beta\": {{ {comment} \"RequireProgram\": {{\"Description\": \"x\", \"Token\": \"S3CRET\"}}}}}}");
            let hidden: Vec<&str> = secrets(text.as_bytes()).into_iter().map(|range| &text[range]).collect();
            assert!(hidden.iter().any(|part| part.contains("S3CRET")), "{text}: {hidden:?}");
        }
        let text = "{ // \"Token\": \"S3CRET\"\n}";
        assert!(secrets(text.as_bytes()).into_iter().any(|range| text[range].contains("S3CRET")));
    }
}

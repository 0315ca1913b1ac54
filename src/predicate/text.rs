//! Text helpers of the lexer and the printer.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

/// The name of a reference.
pub(super) static REFERENCE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\A[A-Za-z_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?(?:\.[A-Za-z_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?)*\z"));

/// What a device replaces, in any case and also in strings.
static REPLACED: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)@(?:status|property|key)\([^)]+\)"));

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a constant pattern is right")
}

/// The first reference in the source of a string.
pub(super) fn reference_in(text: &str) -> Option<Range<usize>> {
    // Most strings have none, and need no search.
    if !text.contains('@') {
        return None;
    }
    REPLACED.find(text).map(|found| found.range())
}

/// The character of the escape at the start of a text, and the length of the escape. `None` at the end of the text.
pub(super) fn escape(text: &str) -> Option<(char, usize)> {
    let letter = text[1..].chars().next()?;
    let plain = |character| Some((character, 2));
    match letter {
        'n' => plain('\n'),
        'r' => plain('\r'),
        't' => plain('\t'),
        'u' => {
            let code = text.get(2..6).filter(|code| code.bytes().all(|byte| byte.is_ascii_hexdigit()));
            let character = code.and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32);
            Some(character.map_or(('u', 2), |character| (character, 6)))
        }
        _ => Some((letter, 1 + letter.len_utf8())),
    }
}

/// A string as a predicate writes it.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('\'');
    for character in text.chars() {
        match character {
            '\'' | '\\' => quoted.extend(['\\', character]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            _ => quoted.push(character),
        }
    }
    quoted + "'"
}

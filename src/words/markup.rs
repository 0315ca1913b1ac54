//! Escaping of text for Markdown, HTML and XML.

use std::fmt::Write;

use super::visible;

/// Escapes text for Markdown as GitHub and GitLab render it, in a cell of a table too. Words that they could turn into a
/// mention, a link, a formula or a picture are code, where they do not; to escape them is not enough, as they look at the
/// text after its escapes are decoded.
pub(crate) fn markdown(text: &str) -> String {
    let text = visible(text);
    let words: Vec<&str> = text.split(' ').collect();
    let mut escaped = String::with_capacity(text.len());
    for (at, words) in words.chunk_by(|one, other| is_reference(one) == is_reference(other)).enumerate() {
        let (is_start, part) = (at == 0, words.join(" "));
        if !is_start {
            escaped.push(' ');
        }
        if is_reference(words[0]) {
            // No escape works for a bar in code in all of cells, lists and paragraphs.
            escaped += &part.split('|').map(code).collect::<Vec<_>>().join("&#124;");
        } else {
            escape(&part, is_start, &mut escaped);
        }
    }
    escaped
}

/// Escapes text without references. `is_start` says whether it may begin a line.
fn escape(text: &str, is_start: bool, escaped: &mut String) {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let ends_word = |at: usize| text[at..].chars().nth(1).is_none_or(|next| next == ' ');
    for (at, character) in text.char_indices() {
        let begins_item = is_start
            && match character {
                ' ' | '-' | '+' => at == 0,
                '.' | ')' => at == digits && at > 0 && ends_word(at),
                _ => false,
            };
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\\' | '`' | '*' | '_' | '|' | '[' | ']' | '!' | '~' | '$' | ':' | '^' => push_reference(escaped, character),
            other if begins_item => push_reference(escaped, other),
            other => escaped.push(other),
        }
    }
}

fn push_reference(escaped: &mut String, character: char) {
    // Writing to a string cannot fail.
    let _ = write!(escaped, "&#{};", character as u32);
}

/// A span of code.
fn code(text: &str) -> String {
    if text.trim().is_empty() {
        return text.to_owned();
    }
    let longest = text.split(|character| character != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    format!("{fence} {text} {fence}")
}

/// Emojis whose names have no letters.
const NUMERIC_EMOJIS: [&str; 4] = ["100", "1234", "+1", "-1"];

/// Whether GitHub or GitLab may make something else of a part of a text: a link of an address, a mention, a reference to an
/// issue or a commit, an emoji, a formula, or a mark of a change.
fn is_reference(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let follows = |sign: char, next: fn(u8) -> bool| {
        lower.match_indices(sign).any(|(at, _)| lower.as_bytes().get(at + 1).is_some_and(|byte| next(*byte)))
    };
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'"' | b'[' | b'_');
    let is_sign = |byte: u8| matches!(byte, b'+' | b'-');
    let is_emoji = |name: &str| {
        name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'+' | b'-'))
            && (name.contains(|letter: char| letter.is_ascii_lowercase()) || NUMERIC_EMOJIS.contains(&name))
    };
    let parts: Vec<&str> = lower.split(':').collect();
    let mut words = lower.split(|letter: char| !letter.is_ascii_alphanumeric());
    text.contains(['@', '#', '$'])
        || ["www.", "://", "gh-", "cve-", "ghsa-"].iter().any(|start| lower.contains(start))
        || ['!', '&', '%', '~', '*', '^', '['].into_iter().any(|sign| follows(sign, is_word))
        || ['{', '['].into_iter().any(|sign| follows(sign, is_sign))
        // A name of an emoji is between two colons.
        || parts.get(1..parts.len() - 1).is_some_and(|between| between.iter().any(|name| is_emoji(name)))
        // Seven digits of the hash of a commit are enough.
        || words.any(|word| word.len() >= 7 && word.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// Escapes text for XML and HTML, and replaces the characters that XML does not allow.
pub(crate) fn markup(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in visible(text).chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            '\u{FFFE}' | '\u{FFFF}' => escaped.push('\u{FFFD}'),
            other => escaped.push(other),
        }
    }
    escaped
}

/// Escapes each line of a text as [`markup`] does.
pub(crate) fn markup_lines(text: &str) -> String {
    text.lines().map(markup).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_become_a_reference_is_code() {
        for text in [
            "@all",
            "a#1",
            "!1",
            "GH-1",
            "x/y@1234567",
            "deadbeef",
            "www.example.com",
            "HTTPS://x.y",
            "a@b.c",
            "$x$",
            ":tada:",
            "a:100:b",
            "%\"1.0\"",
            "~bug",
            "&12",
            "*iteration:1",
            "[issue:1]",
            "CVE-2026-1234",
        ] {
            assert_eq!(markdown(text), format!("` {text} `"));
            assert_eq!(markdown(&format!("a {text} {text} b.c")), format!("a ` {text} {text} ` b.c"));
        }
        // The words between the signs are not code, but the first sign is.
        assert_eq!(markdown("{+ a +}"), "` {+ ` a +}");
        assert_eq!(markdown("[- b -]"), "` [- ` b -&#93;");
        assert_eq!(markdown("$x + y$"), "` $x ` + ` y$ `");
        assert_eq!(markdown("~\"a b\""), "` ~\"a ` b\"");
        for text in ["Deferrals.MajorPeriodInDays", "26.1 (25B78)", "100%", "2026-01-01 12:00", "a, b and c"] {
            assert_eq!(markdown(text).replace("&#58;", ":"), text);
        }
        assert_eq!(markdown("a.json:4:52"), "a.json&#58;4&#58;52");
        assert_eq!(markdown("`@a`\\| b||"), "`` `@a`\\ ``&#124; b&#124;&#124;");
        assert_eq!(markdown("@a|b"), "` @a `&#124;` b `");
    }

    #[test]
    fn a_text_begins_no_list_and_no_line() {
        for (text, escaped) in [
            ("- a", "&#45; a"),
            ("+ a", "&#43; a"),
            ("12. a", "12&#46; a"),
            ("1) a", "1&#41; a"),
            ("    a", "&#32;   a"),
            ("---", "&#45;--"),
            ("26.1", "26.1"),
            ("- @a", "&#45; ` @a `"),
            ("1. @a 2. b", "1&#46; ` @a ` 2. b"),
            ("    @a", "&#32;   ` @a `"),
        ] {
            assert_eq!(markdown(text), escaped);
        }
    }
}

//! Placeholders that a server or pipeline fills in later.

use std::sync::Arc;

use crate::limits::MAX_PLACEHOLDER_BYTES;
use regex::{Regex, RegexBuilder};

/// What counts as a placeholder: common forms, and user-defined patterns.
#[derive(Debug, Clone, Default)]
pub(crate) struct Placeholders(Option<Arc<[Regex]>>);

/// How many bytes at the start of a text are searched for user-defined patterns. Real values are far shorter.
const MAX_SEARCHED: usize = 1 << 12;

impl Placeholders {
    /// The common forms and these patterns.
    pub(crate) fn with(patterns: Vec<Regex>) -> Self {
        Self((!patterns.is_empty()).then(|| patterns.into()))
    }

    /// Compiles a user-defined pattern.
    ///
    /// # Errors
    /// If it is not a regular expression, is too large, or matches the empty text and so every text.
    pub(crate) fn pattern(text: &str) -> Result<Regex, String> {
        let regex =
            RegexBuilder::new(text).size_limit(MAX_PLACEHOLDER_BYTES).dfa_size_limit(MAX_PLACEHOLDER_BYTES).build().map_err(
                |error| {
                    // The message has several lines with a diagram; the last line states the error.
                    let error = error.to_string();
                    error.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned()
                },
            )?;
        if regex.is_match("") {
            return Err("it matches the empty text, so it would match every value".to_owned());
        }
        Ok(regex)
    }

    /// Whether there are user-defined patterns.
    pub(crate) fn has_patterns(&self) -> bool {
        self.0.is_some()
    }

    /// A fast check whether a text may contain a placeholder. Most texts cannot.
    #[inline]
    pub(crate) fn may_be_in(&self, text: &[u8]) -> bool {
        self.has_patterns() || may_hold_placeholder(text)
    }

    /// Whether a string of a value has a placeholder.
    pub(crate) fn are_within(&self, value: &serde_json::Value) -> bool {
        match value {
            serde_json::Value::String(text) => self.are_in(text),
            serde_json::Value::Array(items) => items.iter().any(|item| self.are_within(item)),
            serde_json::Value::Object(members) => members.values().any(|member| self.are_within(member)),
            _ => false,
        }
    }

    /// Whether a text contains a placeholder. Its value is not known yet and cannot be checked.
    pub(crate) fn are_in(&self, text: &str) -> bool {
        let Some(patterns) = &self.0 else { return holds_placeholder(text) };
        let beginning = &text[..text.floor_char_boundary(MAX_SEARCHED)];
        holds_placeholder(text) || patterns.iter().any(|pattern| pattern.is_match(beginning))
    }
}

/// [`holds_placeholder`] as a regular expression, for schemas.
#[cfg(feature = "cli")]
pub(crate) const PLACEHOLDER: &str = concat!(
    r"\$\{[\s\S]+\}",
    r"|\$[A-Z_][A-Z0-9_]{2,}",
    r"|\{\{[\s\S]+\}\}",
    r"|\{[A-Za-z][A-Za-z0-9_.]*\}",
    r"|%[A-Za-z_][A-Za-z0-9_]{2,}%",
    r"|[A-Z0-9]_PLACEHOLDER$",
);

/// Whether a text contains a placeholder: `$FLEET_VAR_X` (any `$` before an uppercase name), `${…}`, `{{ … }}`,
/// `{name.of.it}`, `%NAME%` or `NAME_PLACEHOLDER`.
fn holds_placeholder(text: &str) -> bool {
    let bytes = text.as_bytes();
    if !may_hold_placeholder(bytes) {
        return false;
    }
    let is_capital = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    if text.strip_suffix("_PLACEHOLDER").and_then(|name| name.bytes().next_back()).is_some_and(is_capital) {
        return true;
    }
    memchr::memchr3_iter(b'$', b'{', b'%', bytes).any(|at| {
        let rest = &bytes[at + 1..];
        match (bytes[at], rest.first()) {
            (b'$', Some(b'{')) => closes(&rest[1..], b"}"),
            (b'$', _) => name(rest, u8::is_ascii_uppercase) >= 3,
            (b'{', Some(b'{')) => closes(&rest[1..], b"}}"),
            (b'{', _) => {
                let length = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || b"_.".contains(byte)).count();
                rest.first().is_some_and(u8::is_ascii_alphabetic) && rest.get(length) == Some(&b'}')
            }
            (b'%', _) => {
                // Require three characters: two are more likely an encoded byte of a URL (`%C3%A9`).
                let length = name(rest, u8::is_ascii_alphabetic);
                length >= 3 && rest.get(length) == Some(&b'%')
            }
            _ => false,
        }
    })
}

/// Whether a text contains `$`, `{` or `%`, or ends with `_PLACEHOLDER`.
fn may_hold_placeholder(bytes: &[u8]) -> bool {
    has_sign(bytes) || bytes.ends_with(b"_PLACEHOLDER")
}

/// Whether the bytes contain `$`, `%` or `{`. Compares 16 bytes at a time, which is faster than `memchr` for short
/// values.
fn has_sign(bytes: &[u8]) -> bool {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    const HIGHS: u64 = ONES << 7;
    let marks = |word: &[u8; 8]| {
        let word = u64::from_le_bytes(*word);
        // The high bit of another byte can be set only by a borrow from a match. `$` and `%` differ in bit 0 only.
        let percent = ((word | ONES) ^ (ONES * u64::from(b'%'))).wrapping_sub(ONES);
        let brace = (word ^ (ONES * u64::from(b'{'))).wrapping_sub(ONES);
        (percent | brace) & !word & HIGHS
    };
    // The compiler vectorises this over both words.
    let in_block = |block: &[u8; 16]| block.as_chunks().0.iter().fold(0, |all, word| all | marks(word)) != 0;
    if let Some(last) = bytes.last_chunk() {
        in_block(last) || bytes.as_chunks().0.iter().any(in_block)
    } else if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        marks(first) | marks(last) != 0
    } else {
        bytes.iter().any(|byte| matches!(byte, b'$' | b'%' | b'{'))
    }
}

/// The length of the name at the start of `bytes`: letters that `letter` accepts, digits and underscores, not starting
/// with a digit.
fn name(bytes: &[u8], letter: fn(&u8) -> bool) -> usize {
    if bytes.first().is_some_and(u8::is_ascii_digit) {
        return 0;
    }
    bytes.iter().take_while(|byte| letter(byte) || byte.is_ascii_digit() || **byte == b'_').count()
}

/// Whether `bytes` contains `end` after at least one byte.
fn closes(bytes: &[u8], end: &[u8]) -> bool {
    bytes.len() > end.len() && bytes[1..].windows(end.len()).any(|window| window == end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(feature = "cli")]
    fn schema_pattern_matches_the_same_texts() {
        let pattern = Regex::new(PLACEHOLDER).expect("a pattern");
        let signs = ['$', '{', '}', '%', 'A', 'b', '_', '1', '.', ' '];
        let mut texts = vec![String::new()];
        for _ in 0..5 {
            texts = texts.iter().flat_map(|text| signs.map(|sign| format!("{text}{sign}"))).collect();
            for text in &texts {
                assert_eq!(pattern.is_match(text), holds_placeholder(text), "{text}");
            }
        }
        for text in ["A_PLACEHOLDER", "_PLACEHOLDER", "a_PLACEHOLDER", "1_PLACEHOLDERS", "x A_PLACEHOLDER"] {
            assert_eq!(pattern.is_match(text), holds_placeholder(text), "{text}");
        }
    }

    #[test]
    fn has_sign_finds_every_position() {
        for length in 0..50 {
            for byte in 0..=u8::MAX {
                for at in 0..length {
                    let mut bytes = vec![b'#'; length];
                    bytes[at] = byte;
                    assert_eq!(has_sign(&bytes), b"${%".contains(&byte), "{byte} at {at} of {length}");
                }
            }
        }
    }

    #[test]
    fn recognises_common_placeholders() {
        for text in [
            "$FLEET_VAR_HOST_TARGET_OS_VERSION",
            "${FLEET_VAR_X}T12:00:00",
            "$FLEET_SECRET_Y",
            "{{ var }}",
            "v{{version}}",
            "%VAR%",
            "https://%HOST_NAME%/updates",
            "zentral.{blueprint.pk}",
            "ACTION_PLACEHOLDER",
        ] {
            assert!(holds_placeholder(text), "{text}");
        }
    }

    #[test]
    fn recognises_user_defined_patterns() {
        let own = Placeholders::with(vec![Placeholders::pattern("@@[A-Z]+@@").expect("a pattern")]);
        assert!(own.are_in("26.@@MINOR@@") && own.are_in("${X}") && !own.are_in("26.1"));
        assert!(!Placeholders::default().are_in("@@MINOR@@"));
        for wrong in ["(", "a{1000}{1000}", "x*", ""] {
            assert!(Placeholders::pattern(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn ordinary_text_is_not_a_placeholder() {
        for text in [
            "26.1",
            "",
            "$",
            "$5",
            "$US",
            "${}",
            "{{}}",
            "{}",
            "{a b}",
            "{1}",
            "{{",
            "100%",
            "%20%",
            "%C3%A9",
            "a%20b%20c",
            "$lower_case",
            "_PLACEHOLDER",
            "a_PLACEHOLDER",
            "ACTION_PLACEHOLDERS",
        ] {
            assert!(!holds_placeholder(text), "{text}");
        }
    }
}

//! Placeholders that a server or a pipeline fills in later.

use std::sync::Arc;

use regex::{Regex, RegexBuilder};

/// What counts as a placeholder: the forms of the field, and perhaps patterns of the user's own.
#[derive(Debug, Clone, Default)]
pub(crate) struct Placeholders(Option<Arc<[Regex]>>);

/// The most bytes that a compiled pattern may take.
const MOST_BYTES: usize = 1 << 16;

/// The most patterns of a user's own.
pub(crate) const MOST_PATTERNS: usize = 100;

/// How much of a text is searched for a user's own patterns, in bytes: far more than any value has that a person writes.
const MOST_SEARCHED: usize = 1 << 12;

impl Placeholders {
    /// The forms of the field, and these patterns.
    pub(crate) fn with(patterns: Vec<Regex>) -> Self {
        Self((!patterns.is_empty()).then(|| patterns.into()))
    }

    /// Compiles a pattern of the user's own.
    ///
    /// # Errors
    /// When it is no regular expression, is too large, or matches the empty text and with it everything.
    pub(crate) fn pattern(text: &str) -> Result<Regex, String> {
        let regex = RegexBuilder::new(text).size_limit(MOST_BYTES).dfa_size_limit(MOST_BYTES).build().map_err(|error| {
            // The library draws a picture over several lines; its last line says what is wrong.
            let error = error.to_string();
            error.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned()
        })?;
        if regex.is_match("") {
            return Err("it matches the empty text, so it would match every value".to_owned());
        }
        Ok(regex)
    }

    /// Whether there are patterns of the user's own, which may match anything.
    pub(crate) fn has_patterns(&self) -> bool {
        self.0.is_some()
    }

    /// Whether a text may hold a placeholder, which hardly any does.
    #[inline]
    pub(crate) fn may_be_in(&self, text: &[u8]) -> bool {
        self.has_patterns() || may_hold_placeholder(text)
    }

    /// Whether a text holds a placeholder: such a value is not known yet and cannot be judged.
    pub(crate) fn are_in(&self, text: &str) -> bool {
        let Some(patterns) = &self.0 else { return holds_placeholder(text) };
        let beginning = &text[..text.floor_char_boundary(MOST_SEARCHED)];
        holds_placeholder(text) || patterns.iter().any(|pattern| pattern.is_match(beginning))
    }
}

/// The same as [`holds_placeholder`] as a regular expression, for schemas.
#[cfg(feature = "cli")]
pub(crate) const PLACEHOLDER: &str = concat!(
    r"\$\{[\s\S]+\}",
    r"|\$[A-Z_][A-Z0-9_]{2,}",
    r"|\{\{[\s\S]+\}\}",
    r"|\{[A-Za-z][A-Za-z0-9_.]*\}",
    r"|%[A-Za-z_][A-Za-z0-9_]{2,}%",
    r"|[A-Z0-9]_PLACEHOLDER$",
);

/// Whether a string holds a placeholder of a template: `$FLEET_VAR_X` (any `$` before a name in capitals), `${…}`, `{{ … }}`,
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
                // Two characters between percent signs are more likely bytes of a URL (`%C3%A9`) than a name.
                let length = name(rest, u8::is_ascii_alphabetic);
                length >= 3 && rest.get(length) == Some(&b'%')
            }
            _ => false,
        }
    })
}

/// Whether a text has a character that all placeholders but one begin with, or the end of that one.
fn may_hold_placeholder(bytes: &[u8]) -> bool {
    has_sign(bytes) || bytes.ends_with(b"_PLACEHOLDER")
}

/// Whether `$`, `%` or `{` is among the bytes. Values are so short that sixteen at once are faster than a search for long texts.
fn has_sign(bytes: &[u8]) -> bool {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    const HIGHS: u64 = ONES << 7;
    let marks = |word: &[u8; 8]| {
        let word = u64::from_le_bytes(*word);
        // What is none of them has its highest bit set after the subtraction only beside one that is. `$` and `%` differ in their last bit.
        let percent = ((word | ONES) ^ (ONES * u64::from(b'%'))).wrapping_sub(ONES);
        let brace = (word ^ (ONES * u64::from(b'{'))).wrapping_sub(ONES);
        (percent | brace) & !word & HIGHS
    };
    // Two words at once: the compiler makes one of them.
    let in_block = |block: &[u8; 16]| block.as_chunks().0.iter().fold(0, |all, word| all | marks(word)) != 0;
    if let Some(last) = bytes.last_chunk() {
        in_block(last) || bytes.as_chunks().0.iter().any(in_block)
    } else if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        marks(first) | marks(last) != 0
    } else {
        bytes.iter().any(|byte| matches!(byte, b'$' | b'%' | b'{'))
    }
}

/// The length of the name that `bytes` begins with: a letter or underscore that `first` accepts, then letters of that kind, digits
/// and underscores.
fn name(bytes: &[u8], letter: fn(&u8) -> bool) -> usize {
    if bytes.first().is_some_and(u8::is_ascii_digit) {
        return 0;
    }
    bytes.iter().take_while(|byte| letter(byte) || byte.is_ascii_digit() || **byte == b'_').count()
}

/// Whether `end` follows, with something before it.
fn closes(bytes: &[u8], end: &[u8]) -> bool {
    bytes.len() > end.len() && bytes[1..].windows(end.len()).any(|window| window == end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(feature = "cli")]
    fn the_pattern_of_the_schemas_says_the_same() {
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
    fn a_sign_is_seen_wherever_it_stands() {
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
    fn the_forms_of_the_field_are_recognised() {
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
    fn a_user_adds_forms() {
        let own = Placeholders::with(vec![Placeholders::pattern("@@[A-Z]+@@").expect("a pattern")]);
        assert!(own.are_in("26.@@MINOR@@") && own.are_in("${X}") && !own.are_in("26.1"));
        assert!(!Placeholders::default().are_in("@@MINOR@@"));
        for wrong in ["(", "a{1000}{1000}", "x*", ""] {
            assert!(Placeholders::pattern(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn ordinary_text_is_not() {
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

//! Placeholders that a server or a pipeline fills in later.

/// Whether a string holds a placeholder of a template: `$FLEET_VAR_X` (any `$` before a name in capitals), `${…}`, `{{ … }}`,
/// `{name.of.it}` or `%NAME%`. Such a value is not known yet, so nobody can judge it.
pub(crate) fn holds_placeholder(text: &str) -> bool {
    let bytes = text.as_bytes();
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
        ] {
            assert!(holds_placeholder(text), "{text}");
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
        ] {
            assert!(!holds_placeholder(text), "{text}");
        }
    }
}

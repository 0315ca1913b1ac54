//! Paths as URIs (RFC 3986).

use std::fmt::Write;

/// Returns a `file` URI for an absolute path, else a relative reference. Percent-encodes reserved characters.
pub(crate) fn of(path: &[u8]) -> String {
    let separator = |byte: &u8| char::from(*byte) == std::path::MAIN_SEPARATOR;
    let mut uri = if path.first().is_some_and(separator) { "file://".to_owned() } else { String::with_capacity(path.len()) };
    for byte in path.iter().map(|byte| if separator(byte) { b'/' } else { *byte }) {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(byte.into());
        } else {
            // Writing to a string cannot fail.
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    #[test]
    fn percent_encodes_reserved_characters() {
        assert_eq!(super::of(b"macos/a b#1?.json"), "macos/a%20b%231%3F.json");
        assert_eq!(super::of("/tmp/ä:\n.json".as_bytes()), "file:///tmp/%C3%A4%3A%0A.json");
    }
}

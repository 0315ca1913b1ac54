//! Texts in UTF-16 and UTF-32.
//!
//! They are decoded before they are parsed, so offsets count the bytes of the text in UTF-8.

use std::borrow::Cow;

/// An encoding of two or four bytes for each unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    Utf16 { is_big: bool },
    Utf32 { is_big: bool },
}

impl Encoding {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Utf16 { .. } => "UTF-16",
            Self::Utf32 { .. } => "UTF-32",
        }
    }

    /// Detects the encoding by a byte-order mark, or else by the zero bytes of the first two characters, which are ASCII
    /// in JSON and in property lists.
    fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0xFF, 0xFE, 0, 0, ..] => Some(Self::Utf32 { is_big: false }),
            [0, 0, 0xFE, 0xFF, ..] => Some(Self::Utf32 { is_big: true }),
            [0xFF, 0xFE, ..] => Some(Self::Utf16 { is_big: false }),
            [0xFE, 0xFF, ..] => Some(Self::Utf16 { is_big: true }),
            [first, 0, 0, 0, ..] if is_letter(*first) => Some(Self::Utf32 { is_big: false }),
            [0, 0, 0, first, ..] if is_letter(*first) => Some(Self::Utf32 { is_big: true }),
            [first, 0, second, 0, ..] if is_letter(*first) && is_letter(*second) => Some(Self::Utf16 { is_big: false }),
            [0, first, 0, second, ..] if is_letter(*first) && is_letter(*second) => Some(Self::Utf16 { is_big: true }),
            _ => None,
        }
    }

    fn decode(self, bytes: &[u8]) -> String {
        let mut text = String::with_capacity(bytes.len() / 2);
        match self {
            Self::Utf16 { is_big } => {
                let unit = |pair: &[u8]| {
                    let pair = [pair[0], pair[1]];
                    if is_big { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) }
                };
                let characters = char::decode_utf16(bytes.chunks_exact(2).map(unit));
                text.extend(characters.map(|character| character.unwrap_or(char::REPLACEMENT_CHARACTER)));
            }
            Self::Utf32 { is_big } => {
                let unit = |four: &[u8]| {
                    let four = [four[0], four[1], four[2], four[3]];
                    if is_big { u32::from_be_bytes(four) } else { u32::from_le_bytes(four) }
                };
                let characters = bytes.chunks_exact(4).map(unit).map(char::from_u32);
                text.extend(characters.map(|character| character.unwrap_or(char::REPLACEMENT_CHARACTER)));
            }
        }
        // The mark belongs to the encoding.
        if text.starts_with(MARK) { text.split_off(MARK.len_utf8()) } else { text }
    }
}

/// Whether a byte can be a character of ASCII in a text.
fn is_letter(byte: u8) -> bool {
    byte.is_ascii() && byte != 0
}

const MARK: char = '\u{FEFF}';

/// The text in UTF-8, and its encoding if that was another one.
pub(crate) fn decoded(bytes: &[u8]) -> (Cow<'_, [u8]>, Option<Encoding>) {
    match Encoding::of(bytes) {
        Some(encoding) => (encoding.decode(bytes).into_bytes().into(), Some(encoding)),
        None => (bytes.into(), None),
    }
}

/// Decodes an owned text.
pub(crate) fn into_decoded(bytes: Vec<u8>) -> Vec<u8> {
    match Encoding::of(&bytes) {
        Some(encoding) => encoding.decode(&bytes).into_bytes(),
        None => bytes,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_every_encoding_with_and_without_a_mark() {
        let text = "{ \"a\": \"\u{1F600}é\" }";
        for mark in ["", "\u{FEFF}"] {
            let marked = format!("{mark}{text}");
            let encodings: [(Vec<u8>, &str); 4] = [
                (marked.encode_utf16().flat_map(u16::to_le_bytes).collect(), "UTF-16"),
                (marked.encode_utf16().flat_map(u16::to_be_bytes).collect(), "UTF-16"),
                (marked.chars().flat_map(|c| u32::from(c).to_le_bytes()).collect(), "UTF-32"),
                (marked.chars().flat_map(|c| u32::from(c).to_be_bytes()).collect(), "UTF-32"),
            ];
            for (bytes, name) in encodings {
                let (decoded, encoding) = decoded(&bytes);
                assert_eq!(encoding.map(Encoding::name), Some(name));
                assert_eq!(String::from_utf8_lossy(&decoded), text);
            }
            assert_eq!(decoded(marked.as_bytes()), (Cow::Borrowed(marked.as_bytes()), None));
        }
        for other in [&b""[..], b"{", b"\0", b"\0\0\0\0", b"bplist00", b"\x30\x80\x06\x09", b"{\0"] {
            assert_eq!(decoded(other).1, None, "{other:?}");
        }
        // A unit that is cut off or half of a pair does not end the text.
        assert_eq!(decoded(b"{\0}\0\0\xD8x").0, "{}\u{FFFD}".as_bytes());
    }
}

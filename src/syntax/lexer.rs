//! Lexes JSON: white space, comments, strings, numbers and literals. Does not know nesting and does not report errors.

use super::kind::Kind;

/// Eight spaces.
const SPACES: u64 = u64::from_le_bytes([b' '; 8]);

/// The first byte from `at` on that is not white space, and its offset; `None` at the end of the text. Optimized for
/// no white space, one space, and a line break with indentation.
#[inline]
pub(super) fn next(bytes: &[u8], mut at: usize) -> Option<(u8, usize)> {
    loop {
        let byte = *bytes.get(at)?;
        if byte > b' ' || !is_blank(byte) {
            return Some((byte, at));
        }
        at += 1;
        if byte == b'\n' {
            at = indentation(bytes, at);
        }
    }
}

/// Whether a byte is JSON white space.
pub(super) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\r' | b'\t')
}

/// Skips the leading spaces of a line, eight at a time. May stop early near the end of the text.
#[inline]
fn indentation(bytes: &[u8], mut at: usize) -> usize {
    while let Some(word) = bytes.get(at..).and_then(<[u8]>::first_chunk) {
        let spaces = (u64::from_le_bytes(*word) ^ SPACES).trailing_zeros() as usize / 8;
        at += spaces;
        if spaces < 8 {
            break;
        }
    }
    at
}

/// The offset of the next line break, or the end of the text.
pub(super) fn line_end(bytes: &[u8], at: usize) -> usize {
    memchr::memchr2(b'\n', b'\r', bytes.get(at..).unwrap_or_default()).map_or(bytes.len(), |length| at + length)
}

/// The end of the comment at `start`, if there is one.
pub(super) fn comment_end(bytes: &[u8], start: usize) -> Option<usize> {
    let rest = &bytes[start..];
    if rest.starts_with(b"//") {
        return Some(line_end(bytes, start));
    }
    if rest.starts_with(b"/*") {
        return Some(memchr::memmem::find(&rest[2..], b"*/").map_or(bytes.len(), |length| start + length + 4));
    }
    None
}

/// The offset after the closing quote of the string at `start`, or the end of the text. Accepts any content.
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

/// The end and kind of the number or literal at `start`. `None` if it is not JSON.
#[inline]
pub(super) fn word(bytes: &[u8], start: usize, first: u8) -> Option<(usize, Kind)> {
    let literal = |word: &[u8], kind| bytes[start..].starts_with(word).then(|| (start + word.len(), kind));
    let (end, kind) = match first {
        b't' => literal(b"true", Kind::Boolean),
        b'f' => literal(b"false", Kind::Boolean),
        b'n' => literal(b"null", Kind::Null),
        b'-' | b'0'..=b'9' => number(bytes, start).map(|end| (end, Kind::Number)),
        _ => None,
    }?;
    let is_longer = bytes.get(end).is_some_and(|byte| is_word(*byte));
    (!is_longer).then_some((end, kind))
}

/// Whether a byte can be part of a literal or number, valid or not.
#[inline]
pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'%' | b'.' | b'+' | b'-') || byte >= 0x80
}

fn number(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start + usize::from(bytes[start] == b'-');
    at = if *bytes.get(at)? == b'0' { at + 1 } else { digits(bytes, at)? };
    if bytes.get(at) == Some(&b'.') {
        at = digits(bytes, at + 1)?;
    }
    if let Some(b'e' | b'E') = bytes.get(at) {
        let is_signed = matches!(bytes.get(at + 1), Some(b'+' | b'-'));
        at = digits(bytes, at + 1 + usize::from(is_signed))?;
    }
    Some(at)
}

/// The end of the digits at `start`; `None` if there is no digit.
fn digits(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start;
    while bytes.get(at).is_some_and(u8::is_ascii_digit) {
        at += 1;
    }
    (at > start).then_some(at)
}

/// Whether the whole text is a JSON number.
pub(super) fn is_number(text: &str) -> bool {
    let bytes = text.as_bytes();
    !bytes.is_empty() && number(bytes, 0) == Some(bytes.len())
}

/// The length of the escape at the start of a text; `None` if it is not valid JSON. A surrogate pair counts as one
/// escape.
pub(super) fn escape(bytes: &[u8]) -> Option<usize> {
    match bytes.get(1)? {
        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(2),
        b'u' => match unit(bytes)? {
            0xD800..0xDC00 => unit(&bytes[6..]).filter(|low| (0xDC00..0xE000).contains(low)).map(|_| 12),
            0xDC00..0xE000 => None,
            _ => Some(6),
        },
        _ => None,
    }
}

/// The UTF-16 code unit of a `\u` escape.
fn unit(bytes: &[u8]) -> Option<u32> {
    let digits = bytes.strip_prefix(b"\\u")?.get(..4)?;
    digits.iter().try_fold(0, |number, digit| Some(number * 16 + char::from(*digit).to_digit(16)?))
}

/// The offset of the first quote, backslash or control character from `at` on, or the end. Compares 16 bytes at a time.
#[inline]
pub(super) fn plain(bytes: &[u8], at: usize) -> usize {
    let (blocks, rest) = bytes.get(at..).unwrap_or_default().as_chunks::<16>();
    for (number, block) in blocks.iter().enumerate() {
        let &[low, high] = block.as_chunks().0 else { break };
        let (low, high) = (marks(u64::from_le_bytes(low)), marks(u64::from_le_bytes(high)));
        if low | high != 0 {
            let bit = if low != 0 { low.trailing_zeros() } else { 64 + high.trailing_zeros() };
            return at + 16 * number + bit as usize / 8;
        }
    }
    let end = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20));
    bytes.len() - rest.len() + end.unwrap_or(rest.len())
}

/// Sets the high bit of each byte that is a quote, backslash or control character. Only the lowest set bit is exact:
/// borrows can set bits above it.
#[inline]
fn marks(word: u64) -> u64 {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    const HIGHS: u64 = ONES << 7;
    // Flipping bit 1 maps the quote (0x22) to 0x20 and keeps control characters below 0x20, so both are below 0x21. A
    // space (0x20) becomes 0x22.
    let low = (word ^ (ONES * 0x02)).wrapping_sub(ONES * 0x21);
    let backslash = (word ^ (ONES * 0x5C)).wrapping_sub(ONES);
    (low | backslash) & !word & HIGHS
}

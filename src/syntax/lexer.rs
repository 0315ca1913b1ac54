//! The smallest parts of JSON: blanks, comments, strings, numbers and words. It knows no structure and reports nothing.

use super::kind::Kind;

/// Eight spaces.
const SPACES: u64 = u64::from_le_bytes([b' '; 8]);

/// The first byte from this place on that is not blank, and where it stands; `None` at the end of the text. Mostly that is here, after one
/// space, or in the next line.
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

/// Whether a byte is white space of JSON.
pub(super) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\r' | b'\t')
}

/// Where the spaces that a line begins with end, or perhaps some of them before that.
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

/// Where the line break after this place stands, or the end of the text.
pub(super) fn line_end(bytes: &[u8], at: usize) -> usize {
    memchr::memchr2(b'\n', b'\r', bytes.get(at..).unwrap_or_default()).map_or(bytes.len(), |length| at + length)
}

/// The end of the comment that begins at `start`, if one does.
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

/// The end of the string that begins at `start`, whatever is in it: after its closing quote, or the end of the text.
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

/// Where a value ends that is neither a string nor has others in it, and what it is. `None` if it is not JSON.
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

/// Whether a byte belongs to a word or number, right or wrong.
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

/// Where at least one digit, from this place on, ends.
fn digits(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start;
    while bytes.get(at).is_some_and(u8::is_ascii_digit) {
        at += 1;
    }
    (at > start).then_some(at)
}

/// Whether a text is a number as JSON writes it, and nothing else.
pub(super) fn is_number(text: &str) -> bool {
    let bytes = text.as_bytes();
    !bytes.is_empty() && number(bytes, 0) == Some(bytes.len())
}

/// The length of the escape that a text begins with, if JSON has it. A character beyond U+FFFF takes two `\u`, which are one escape.
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

/// The number in a `\u` escape.
fn unit(bytes: &[u8]) -> Option<u32> {
    let digits = bytes.strip_prefix(b"\\u")?.get(..4)?;
    digits.iter().try_fold(0, |number, digit| Some(number * 16 + char::from(*digit).to_digit(16)?))
}

/// The first quote, backslash or control character from this place on, or the end. Sixteen bytes are looked at at once.
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

/// The lowest byte of which the highest bit is set is a quote, backslash or control character; those above it may be mistaken.
#[inline]
fn marks(word: u64) -> u64 {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    const HIGHS: u64 = ONES << 7;
    // A quote is the only character that comes right after the control characters when the second bit of all is turned.
    let low = (word ^ (ONES * 0x02)).wrapping_sub(ONES * 0x21);
    let backslash = (word ^ (ONES * 0x5C)).wrapping_sub(ONES);
    (low | backslash) & !word & HIGHS
}

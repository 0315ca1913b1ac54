//! Reads JSON that is right into a list of its values, in one pass.
//!
//! It takes nothing that nojson does not take, which the tests prove, and leaves to nojson what is rare or wrong.

use nojson::MAX_NESTING_DEPTH;

use super::kind::Kind;
use super::tree::Entry;

/// About how many bytes a value takes. Most texts have room then in the list that is made at first.
const BYTES_PER_VALUE: usize = 12;

/// Lists the values of a text; `None` if it is not JSON, or has something in it that is better left to nojson.
pub(super) fn scan(text: &str, entries: &mut Vec<Entry>) -> Option<()> {
    // Every place in the text is a `u32` then.
    u32::try_from(text.len()).ok()?;
    entries.clear();
    entries.reserve(text.len() / BYTES_PER_VALUE + 8);
    let end = value(text.as_bytes(), 0, 0, entries)?;
    next(text.as_bytes(), end).is_none().then_some(())
}

/// Lists a value that stands in `depth` others, and all that is in it. Returns where it ends.
#[inline]
pub(super) fn value(bytes: &[u8], mut at: usize, depth: usize, entries: &mut Vec<Entry>) -> Option<usize> {
    let mut around = Around { innermost: None, is_object: false, depth };
    loop {
        if around.is_object {
            at = name(bytes, at, entries)?;
        }
        let first;
        (first, at) = next(bytes, at)?;
        match first {
            b'"' => at = string(bytes, at, entries)?,
            b'{' | b'[' => {
                around.open(at, first == b'{', entries)?;
                let (inner, start) = next(bytes, at + 1)?;
                // Each closing bracket comes two after its opening one.
                if inner != first + 2 {
                    at = start;
                    continue;
                }
                at = start + 1;
                around.close(at, entries);
            }
            _ => {
                let (end, kind) = word(bytes, at, first)?;
                at = push(at, end, kind, false, entries);
            }
        }
        // A value is complete. What it stands in goes on, or is complete too.
        loop {
            if around.innermost.is_none() {
                return Some(at);
            }
            let (byte, place) = next(bytes, at)?;
            at = place + 1;
            match byte {
                b',' => break,
                b'}' if around.is_object => around.close(at, entries),
                b']' if !around.is_object => around.close(at, entries),
                _ => return None,
            }
        }
    }
}

/// The arrays and objects that are open.
struct Around {
    /// The entry of the innermost. While it is open, its `next` is the entry of the one around it, or itself.
    innermost: Option<usize>,
    is_object: bool,
    depth: usize,
}

impl Around {
    #[inline]
    fn open(&mut self, start: usize, is_object: bool, entries: &mut Vec<Entry>) -> Option<()> {
        (self.depth < MAX_NESTING_DEPTH).then_some(())?;
        let kind = if is_object { Kind::Object } else { Kind::Array };
        let at = entries.len();
        let next = narrow(self.innermost.unwrap_or(at));
        entries.push(Entry { start: narrow(start), end: 0, next, kind, is_escaped: false });
        (self.innermost, self.is_object) = (Some(at), is_object);
        self.depth += 1;
        Some(())
    }

    #[inline]
    fn close(&mut self, end: usize, entries: &mut [Entry]) {
        let Some(innermost) = self.innermost else { return };
        let next = narrow(entries.len());
        let entry = &mut entries[innermost];
        let outer = entry.next as usize;
        (entry.end, entry.next) = (narrow(end), next);
        self.innermost = (outer != innermost).then_some(outer);
        self.is_object = entries[outer].kind == Kind::Object;
        self.depth -= 1;
    }
}

/// A place in a text that is not longer than `u32::MAX`, or the number of one of its values.
#[expect(clippy::cast_possible_truncation, reason = "the length of the text was looked at")]
#[inline]
pub(super) fn narrow(number: usize) -> u32 {
    number as u32
}

/// Lists a value that has no others in it, and returns where it ends.
#[inline]
fn push(start: usize, end: usize, kind: Kind, is_escaped: bool, entries: &mut Vec<Entry>) -> usize {
    let next = narrow(entries.len()) + 1;
    entries.push(Entry { start: narrow(start), end: narrow(end), next, kind, is_escaped });
    end
}

/// Eight spaces.
const SPACES: u64 = u64::from_le_bytes([b' '; 8]);

/// The first byte from this place on that is not blank, and where it stands; `None` at the end of the text. Mostly that is here, after one
/// space, or in the next line.
#[inline]
pub(super) fn next(bytes: &[u8], mut at: usize) -> Option<(u8, usize)> {
    loop {
        let byte = *bytes.get(at)?;
        if byte > b' ' || !matches!(byte, b' ' | b'\n' | b'\r' | b'\t') {
            return Some((byte, at));
        }
        at += 1;
        if byte == b'\n' {
            at = indentation(bytes, at);
        }
    }
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

/// Reads the name of a member and the colon after it.
#[inline]
fn name(bytes: &[u8], at: usize, entries: &mut Vec<Entry>) -> Option<usize> {
    let (quote, start) = next(bytes, at)?;
    (quote == b'"').then_some(())?;
    let (colon, place) = next(bytes, string(bytes, start, entries)?)?;
    (colon == b':').then_some(place + 1)
}

/// Where a value ends that is neither a string nor has others in it, and what it is.
#[inline]
pub(super) fn word(bytes: &[u8], start: usize, first: u8) -> Option<(usize, Kind)> {
    let literal = |word: &[u8], kind| bytes[start..].starts_with(word).then(|| (start + word.len(), kind));
    match first {
        b't' => literal(b"true", Kind::Boolean),
        b'f' => literal(b"false", Kind::Boolean),
        b'n' => literal(b"null", Kind::Null),
        b'-' | b'0'..=b'9' => number(bytes, start).map(|end| (end, Kind::Number)),
        _ => None,
    }
}

/// Reads a string, which begins with its opening quote.
#[expect(clippy::inline_always, reason = "half the time of the scanner is spent here, a fifth of that on the call")]
#[inline(always)]
fn string(bytes: &[u8], start: usize, entries: &mut Vec<Entry>) -> Option<usize> {
    let end = plain(bytes, start + 1);
    if *bytes.get(end)? == b'"' {
        return Some(push(start, end + 1, Kind::String, false, entries));
    }
    let end = escapes(bytes, end)?;
    Some(push(start, end + 1, Kind::String, true, entries))
}

/// The closing quote of a string, from what ends its plain part on.
#[cold]
fn escapes(bytes: &[u8], mut at: usize) -> Option<usize> {
    while *bytes.get(at)? != b'"' {
        (bytes[at] == b'\\').then_some(())?;
        matches!(bytes.get(at + 1)?, b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't').then_some(())?;
        at = plain(bytes, at + 2);
    }
    Some(at)
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

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use nojson::{JsonValueKind, RawJson, RawJsonValue};
    use proptest::prelude::*;

    use super::super::origin::Origin;
    use super::super::tree::{Tree, Value, copy, parse};
    use super::*;

    /// Everything that a tree says, to be compared.
    fn told(tree: &Tree<'_>) -> Vec<(usize, String, String, Option<String>)> {
        fn tell(value: Value<'_>, all: &mut Vec<(usize, String, String, Option<String>)>) {
            let unquoted = (value.kind() == Kind::String).then(|| value.unquoted().expect("a string").into_owned());
            all.push((value.position(), format!("{:?}", value.kind()), value.text().to_owned(), unquoted));
            value.elements().for_each(|element| tell(element, all));
            value.members().for_each(|(name, value)| {
                tell(name, all);
                tell(value, all);
            });
        }
        let mut all = Vec::new();
        tell(tree.value(), &mut all);
        all
    }

    /// nojson takes what the scanner takes, and sees the same in it. Returns whether the scanner took it.
    fn agrees(text: &str) -> bool {
        let (mut scanned, mut copied) = (Vec::new(), Vec::new());
        if scan(text, &mut scanned).is_none() {
            return false;
        }
        let raw = RawJson::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        copy(raw.value(), &mut copied);
        let copy = Tree::new(text, &copied, Origin::json(usize::MAX));
        assert_eq!(told(&Tree::new(text, &scanned, Origin::json(usize::MAX))), told(&copy), "{text}");
        for (name, raw) in told(&copy).iter().filter_map(|value| value.3.as_ref()).zip(strings(raw.value())) {
            assert_eq!(*name, raw, "{text}");
        }
        true
    }

    /// The strings of a text as nojson reads them.
    fn strings(value: RawJsonValue<'_, '_>) -> Vec<String> {
        match value.kind() {
            JsonValueKind::String => value.to_unquoted_string_str().map(Cow::into_owned).into_iter().collect(),
            JsonValueKind::Array => value.to_array().into_iter().flatten().flat_map(strings).collect(),
            JsonValueKind::Object => value
                .to_object()
                .into_iter()
                .flatten()
                .flat_map(|(name, value)| [strings(name), strings(value)].concat())
                .collect(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn what_is_json_is_read_and_what_is_none_is_not() {
        for text in [
            "{}",
            " [ ] ",
            r#"{"a":1,"b":[true,false,null,-0.5e+3,{"c":"\n\"\\"}],"":""}"#,
            "\"twelve bytes and more, ä and \u{1F600}\"",
            "0",
            "-1",
            "[[],{},[{}]]",
        ] {
            assert!(agrees(text), "{text}");
        }
        for text in [
            "",
            " ",
            "{",
            "}",
            "[1,]",
            "{\"a\":1,}",
            "{\"a\"}",
            "{1:2}",
            "[1 2]",
            "01",
            "-",
            "1.",
            ".5",
            "1e",
            "+1",
            "tru",
            "truee",
            "nul",
            "\"",
            "\"\u{1}\"",
            "\"\\x\"",
            "\"\\",
            "1 2",
            "[}",
            "{]",
            "{\"a\":}",
            "//x\n1",
            "\u{FEFF}1",
            "'a'",
            "NaN",
        ] {
            assert!(!agrees(text), "{text}");
            assert!(parse(text, &mut Vec::new()).is_err(), "{text}");
        }
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(agrees(&nested(MAX_NESTING_DEPTH)) && !agrees(&nested(MAX_NESTING_DEPTH + 1)));
    }

    #[test]
    fn what_is_left_to_nojson_reads_the_same() {
        for text in [r#"{"\u0061": ["\ud83d\ude00", "x\ty"]}"#, r#"["\u00e4"]"#] {
            assert!(!agrees(text));
            let mut entries = Vec::new();
            parse(text, &mut entries).expect("it is JSON");
            let read: Vec<String> =
                told(&Tree::new(text, &entries, Origin::json(usize::MAX))).into_iter().filter_map(|value| value.3).collect();
            assert_eq!(read, strings(RawJson::parse(text).expect("it is JSON").value()));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 20_000, failure_persistence: None, ..ProptestConfig::default() })]

        /// Random pieces of JSON, and of what is nearly JSON.
        #[test]
        fn the_scanner_takes_nothing_that_nojson_does_not(
            pieces in prop::collection::vec(prop::sample::select(vec![
                "{", "}", "[", "]", ",", ":", "\"a\"", "\"\"", "\"", "\\", "\\n", "\\u0041", "1", "0", "-", ".", "e", "E+", "true", "false",
                "null", " ", "\n", "\t", "\u{1}", "ä", "\u{1F600}", "/", "12345678", "\"long enough for a word\"", "{\"k\":", "[1,",
            ]), 0..12),
        ) {
            agrees(&pieces.concat());
        }

        /// Strings of every kind, around the width that is looked at at once.
        #[test]
        fn strings_end_where_they_end(text in "[ -~\u{7f}äé\u{1F600}\u{1}]{0,40}", rest in "[\"a ]{0,12}") {
            agrees(&format!("\"{text}\"{rest}"));
            let written = serde_json::to_string(&text).expect("a string can be written");
            prop_assert!(agrees(&written) || written.contains("\\u"));
        }
    }
}

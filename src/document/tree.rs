//! A JSON text as a list of its values, in the order of the text.
//!
//! Nearly every text is right, has no `\u` in it, and is read here in one pass into one list. Whatever else comes is read by nojson,
//! which knows best what is JSON and what is wrong with it; its values are copied into the same list. So this takes nothing that nojson
//! does not take, which the tests prove.

use std::borrow::Cow;

use nojson::{JsonParseError, JsonValueKind, MAX_NESTING_DEPTH, RawJson, RawJsonValue};

/// A text that was parsed.
pub(super) struct Tree<'t> {
    text: &'t str,
    entries: Vec<Entry>,
}

/// A value, or the name of a member, which stands before its value.
struct Entry {
    start: u32,
    end: u32,
    /// The entry after this one and all that is in it.
    next: u32,
    kind: JsonValueKind,
    is_escaped: bool,
}

/// A value of a tree.
#[derive(Clone, Copy)]
pub(super) struct Value<'d> {
    tree: &'d Tree<'d>,
    at: usize,
}

impl<'t> Tree<'t> {
    /// Parses JSON.
    pub(super) fn parse(text: &'t str) -> Result<Self, JsonParseError> {
        match Scanner::scan(text) {
            Some(entries) => Ok(Self { text, entries }),
            None => RawJson::parse(text).map(|raw| Self::copy(text, raw.value())),
        }
    }

    /// Parses JSON with comments and trailing commas.
    pub(super) fn parse_lenient(text: &'t str) -> Result<Self, JsonParseError> {
        RawJson::parse_jsonc(text).map(|(raw, _)| Self::copy(text, raw.value()))
    }

    fn copy(text: &'t str, root: RawJsonValue<'_, '_>) -> Self {
        let mut tree = Self { text, entries: Vec::new() };
        tree.push(root);
        tree
    }

    fn push(&mut self, value: RawJsonValue<'_, '_>) {
        let (at, start, kind) = (self.entries.len(), value.position(), value.kind());
        let is_escaped = kind == JsonValueKind::String && value.as_string_str().is_err();
        let end = narrow(start + value.as_raw_str().len());
        self.entries.push(Entry { start: narrow(start), end, next: 0, kind, is_escaped });
        match kind {
            JsonValueKind::Array => value.to_array().into_iter().flatten().for_each(|element| self.push(element)),
            JsonValueKind::Object => value.to_object().into_iter().flatten().for_each(|(name, value)| {
                self.push(name);
                self.push(value);
            }),
            _ => {}
        }
        self.entries[at].next = narrow(self.entries.len());
    }

    /// The value at the top.
    pub(super) fn value(&self) -> Value<'_> {
        Value { tree: self, at: 0 }
    }
}

/// No text of a document is larger than `u32::MAX`; one that were would be read wrong, but not out of bounds.
fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

impl<'d> Value<'d> {
    #[inline]
    fn entry(self) -> &'d Entry {
        &self.tree.entries[self.at]
    }

    #[inline]
    pub(super) fn kind(self) -> JsonValueKind {
        self.entry().kind
    }

    /// Where the value begins in the text.
    #[inline]
    pub(super) fn position(self) -> usize {
        self.entry().start as usize
    }

    /// The value as it is written.
    #[inline]
    pub(super) fn text(self) -> &'d str {
        let Entry { start, end, .. } = self.entry();
        &self.tree.text[*start as usize..*end as usize]
    }

    /// The bytes of the value as it is written.
    #[inline]
    pub(super) fn bytes(self) -> &'d [u8] {
        let Entry { start, end, .. } = self.entry();
        &self.tree.text.as_bytes()[*start as usize..*end as usize]
    }

    /// Whether a string has escapes.
    #[inline]
    pub(super) fn is_escaped(self) -> bool {
        self.entry().is_escaped
    }

    /// What a string says.
    #[inline]
    pub(super) fn unquoted(self) -> Option<Cow<'d, str>> {
        let Entry { start, end, is_escaped, .. } = self.entry();
        if *is_escaped {
            return serde_json::from_str(self.text()).ok().map(Cow::Owned);
        }
        self.tree.text.get(*start as usize + 1..*end as usize - 1).map(Cow::Borrowed)
    }

    /// The values right in this one, in the order of the text: the elements of an array; the names and values of an object in turns.
    #[inline]
    pub(super) fn children(self) -> impl Iterator<Item = Self> {
        let (tree, end) = (self.tree, self.entry().next as usize);
        let mut at = self.at + 1;
        std::iter::from_fn(move || {
            let value = (at < end).then_some(Self { tree, at })?;
            at = value.entry().next as usize;
            Some(value)
        })
    }
}

/// Reads JSON that is right.
struct Scanner<'t> {
    bytes: &'t [u8],
    at: usize,
    entries: Vec<Entry>,
    /// The arrays and objects that are open, from the outermost on.
    open: Vec<usize>,
}

/// About how many bytes a value takes. Most texts have room then in the list that is made at first.
const BYTES_PER_VALUE: usize = 12;

impl<'t> Scanner<'t> {
    /// The values of a text; `None` if it is not JSON, or has something in it that is better left to nojson.
    fn scan(text: &'t str) -> Option<Vec<Entry>> {
        u32::try_from(text.len()).ok()?;
        let entries = Vec::with_capacity(text.len() / BYTES_PER_VALUE + 8);
        let mut scanner = Scanner { bytes: text.as_bytes(), at: 0, entries, open: Vec::with_capacity(8) };
        scanner.document()?;
        Some(scanner.entries)
    }

    fn document(&mut self) -> Option<()> {
        loop {
            if !self.value()? {
                // An object or array has begun, and something is in it.
                continue;
            }
            loop {
                self.blank();
                let Some(open) = self.open.last().copied() else {
                    return (self.at == self.bytes.len()).then_some(());
                };
                let is_object = self.entries[open].kind == JsonValueKind::Object;
                match self.next()? {
                    b',' => {
                        if is_object {
                            self.name()?;
                        }
                        break;
                    }
                    b'}' if is_object => self.close(),
                    b']' if !is_object => self.close(),
                    _ => return None,
                }
            }
        }
    }

    /// Reads a value, or the beginning of one that has others in it. Returns whether it is complete.
    fn value(&mut self) -> Option<bool> {
        self.blank();
        let start = self.at;
        match self.next()? {
            b'"' => self.string(start)?,
            b'{' => {
                self.begin(start, JsonValueKind::Object)?;
                self.blank();
                if self.bytes.get(self.at) != Some(&b'}') {
                    self.name()?;
                    return Some(false);
                }
                self.at += 1;
                self.close();
            }
            b'[' => {
                self.begin(start, JsonValueKind::Array)?;
                self.blank();
                if self.bytes.get(self.at) != Some(&b']') {
                    return Some(false);
                }
                self.at += 1;
                self.close();
            }
            b't' => self.literal(start, b"true", JsonValueKind::Boolean)?,
            b'f' => self.literal(start, b"false", JsonValueKind::Boolean)?,
            b'n' => self.literal(start, b"null", JsonValueKind::Null)?,
            b'-' | b'0'..=b'9' => self.number(start)?,
            _ => return None,
        }
        Some(true)
    }

    /// Reads the name of a member and the colon after it.
    fn name(&mut self) -> Option<()> {
        self.blank();
        let start = self.at;
        (self.next()? == b'"').then_some(())?;
        self.string(start)?;
        self.blank();
        (self.next()? == b':').then_some(())
    }

    #[inline]
    fn next(&mut self) -> Option<u8> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    #[inline]
    fn blank(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.bytes.get(self.at) {
            self.at += 1;
            // Most of what is blank are the spaces that a line begins with.
            while self.bytes[self.at..].first_chunk() == Some(b"    ") {
                self.at += 4;
            }
        }
    }

    #[inline]
    fn push(&mut self, start: usize, kind: JsonValueKind, is_escaped: bool) {
        let next = narrow(self.entries.len() + 1);
        self.entries.push(Entry { start: narrow(start), end: narrow(self.at), next, kind, is_escaped });
    }

    fn begin(&mut self, start: usize, kind: JsonValueKind) -> Option<()> {
        (self.open.len() < MAX_NESTING_DEPTH).then_some(())?;
        self.open.push(self.entries.len());
        self.push(start, kind, false);
        Some(())
    }

    fn close(&mut self) {
        if let Some(open) = self.open.pop() {
            let next = narrow(self.entries.len());
            let entry = &mut self.entries[open];
            (entry.end, entry.next) = (narrow(self.at), next);
        }
    }

    fn literal(&mut self, start: usize, word: &[u8], kind: JsonValueKind) -> Option<()> {
        self.bytes[start..].starts_with(word).then_some(())?;
        self.at = start + word.len();
        self.push(start, kind, false);
        Some(())
    }

    /// Reads the rest of a string, from after its opening quote on.
    fn string(&mut self, start: usize) -> Option<()> {
        let mut is_escaped = false;
        loop {
            self.at += plain(&self.bytes[self.at..]);
            match self.next()? {
                b'"' => break,
                b'\\' => {
                    is_escaped = true;
                    matches!(self.next()?, b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't').then_some(())?;
                }
                _ => return None,
            }
        }
        self.push(start, JsonValueKind::String, is_escaped);
        Some(())
    }

    fn number(&mut self, start: usize) -> Option<()> {
        self.at = start + usize::from(self.bytes[start] == b'-');
        match self.next()? {
            b'0' => {}
            b'1'..=b'9' => while self.digit() {},
            _ => return None,
        }
        let mut kind = JsonValueKind::Integer;
        if self.bytes.get(self.at) == Some(&b'.') {
            kind = JsonValueKind::Float;
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.bytes.get(self.at) {
            kind = JsonValueKind::Float;
            self.at += 1;
            if let Some(b'+' | b'-') = self.bytes.get(self.at) {
                self.at += 1;
            }
            self.digits()?;
        }
        self.push(start, kind, false);
        Some(())
    }

    fn digit(&mut self) -> bool {
        let is_digit = self.bytes.get(self.at).is_some_and(u8::is_ascii_digit);
        self.at += usize::from(is_digit);
        is_digit
    }

    /// At least one digit.
    fn digits(&mut self) -> Option<()> {
        self.digit().then_some(())?;
        while self.digit() {}
        Some(())
    }
}

/// How many bytes stand before the first quote, backslash or control character. Eight are looked at at once.
#[inline]
fn plain(bytes: &[u8]) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGHS: u64 = ONES << 7;
    // The lowest byte of which the highest bit is set is one of them; those above it may be mistaken.
    let marks = |word: u64| {
        let (quote, backslash) = (word ^ (ONES * 0x22), word ^ (ONES * 0x5C));
        let is_zero = |word: u64| word.wrapping_sub(ONES) & !word;
        (is_zero(quote) | is_zero(backslash) | (word.wrapping_sub(ONES * 0x20) & !word)) & HIGHS
    };
    let (words, rest) = bytes.as_chunks::<8>();
    for (at, word) in words.iter().enumerate() {
        let marks = marks(u64::from_le_bytes(*word));
        if marks != 0 {
            return at * 8 + marks.trailing_zeros() as usize / 8;
        }
    }
    let is_plain = |byte: &&u8| !matches!(**byte, b'"' | b'\\' | 0..0x20);
    words.len() * 8 + rest.iter().take_while(is_plain).count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Everything that a tree says, to be compared.
    fn told(tree: &Tree<'_>) -> Vec<(usize, String, String, Option<String>)> {
        fn tell(value: Value<'_>, all: &mut Vec<(usize, String, String, Option<String>)>) {
            let unquoted = (value.kind() == JsonValueKind::String).then(|| value.unquoted().expect("a string").into_owned());
            all.push((value.position(), format!("{:?}", value.kind()), value.text().to_owned(), unquoted));
            value.children().for_each(|child| tell(child, all));
        }
        let mut all = Vec::new();
        tell(tree.value(), &mut all);
        all
    }

    /// nojson takes what the scanner takes, and sees the same in it. Returns whether the scanner took it.
    fn agrees(text: &str) -> bool {
        let Some(entries) = Scanner::scan(text) else { return false };
        let raw = RawJson::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let copy = Tree::copy(text, raw.value());
        assert_eq!(told(&Tree { text, entries }), told(&copy), "{text}");
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
            assert!(Tree::parse(text).is_err(), "{text}");
        }
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(agrees(&nested(MAX_NESTING_DEPTH)) && !agrees(&nested(MAX_NESTING_DEPTH + 1)));
    }

    #[test]
    fn what_is_left_to_nojson_reads_the_same() {
        for text in [r#"{"\u0061": ["\ud83d\ude00", "x\ty"]}"#, r#"["\u00e4"]"#] {
            assert!(!agrees(text));
            let tree = Tree::parse(text).expect("it is JSON");
            let read: Vec<String> = told(&tree).into_iter().filter_map(|value| value.3).collect();
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

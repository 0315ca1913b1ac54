//! A JSON text as a list of its values, in the order of the text.
//!
//! Nearly every text is right, has no `\u` in it, and is read here in one pass into one list. Whatever else comes is read by nojson,
//! which knows best what is JSON and what is wrong with it; its values are copied into the same list. So this takes nothing that nojson
//! does not take, which the tests prove.

use std::borrow::Cow;

use nojson::{JsonParseError, JsonValueKind, MAX_NESTING_DEPTH, RawJson, RawJsonValue};

use super::origin::Origin;

/// A text that was parsed.
pub(super) struct Tree<'t> {
    text: &'t str,
    entries: &'t [Entry],
    /// How the text relates to the source.
    origin: Origin,
}

/// A value, or the name of a member, which stands before its value.
pub(super) struct Entry {
    start: u32,
    end: u32,
    /// The entry after this one and all that is in it; while an array or object is open, the one that it stands in.
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

/// Parses JSON into a list, whose former content goes.
pub(super) fn parse(text: &str, entries: &mut Vec<Entry>) -> Result<(), JsonParseError> {
    if Scanner::scan(text, entries).is_none() {
        entries.clear();
        copy(RawJson::parse(text)?.value(), entries);
    }
    Ok(())
}

/// The same for JSON with comments and trailing commas.
pub(super) fn parse_lenient(text: &str, entries: &mut Vec<Entry>) -> Result<(), JsonParseError> {
    entries.clear();
    copy(RawJson::parse_jsonc(text)?.0.value(), entries);
    Ok(())
}

fn copy(value: RawJsonValue<'_, '_>, entries: &mut Vec<Entry>) {
    let (at, start, kind) = (entries.len(), value.position(), value.kind());
    let is_escaped = kind == JsonValueKind::String && value.as_string_str().is_err();
    let end = narrow(start + value.as_raw_str().len());
    entries.push(Entry { start: narrow(start), end, next: 0, kind, is_escaped });
    match kind {
        JsonValueKind::Array => value.to_array().into_iter().flatten().for_each(|element| copy(element, entries)),
        JsonValueKind::Object => value.to_object().into_iter().flatten().for_each(|(name, value)| {
            copy(name, entries);
            copy(value, entries);
        }),
        _ => {}
    }
    entries[at].next = narrow(entries.len());
}

impl<'t> Tree<'t> {
    /// The tree of a text that was parsed into these entries.
    pub(super) fn new(text: &'t str, entries: &'t [Entry], origin: Origin) -> Self {
        Self { text, entries, origin }
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
    pub(super) fn origin(self) -> &'d Origin {
        &self.tree.origin
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

    /// Where it ends.
    #[inline]
    pub(super) fn end(self) -> usize {
        self.entry().end as usize
    }

    /// How long it is.
    #[inline]
    pub(super) fn length(self) -> usize {
        let Entry { start, end, .. } = self.entry();
        (end - start) as usize
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

    /// What a string says, if it has no escapes.
    #[inline]
    pub(super) fn plain(self) -> Option<&'d str> {
        let Entry { start, end, is_escaped, .. } = self.entry();
        if *is_escaped { None } else { self.tree.text.get(*start as usize + 1..*end as usize - 1) }
    }

    /// What a string says.
    #[inline]
    pub(super) fn unquoted(self) -> Option<Cow<'d, str>> {
        match self.plain() {
            Some(text) => Some(Cow::Borrowed(text)),
            None => self.unescaped().map(Cow::Owned),
        }
    }

    #[cold]
    fn unescaped(self) -> Option<String> {
        serde_json::from_str(self.text()).ok()
    }

    /// The values of an array in the order of the text; nothing for any other kind.
    #[inline]
    pub(super) fn elements(self) -> impl Iterator<Item = Self> {
        let (mut at, end) = self.inside(JsonValueKind::Array);
        std::iter::from_fn(move || {
            let element = (at < end).then_some(Self { at, ..self })?;
            at = element.entry().next as usize;
            Some(element)
        })
    }

    /// The names and values of an object in the order of the text; nothing for any other kind.
    #[inline]
    pub(super) fn members(self) -> impl Iterator<Item = (Self, Self)> {
        let (mut at, end) = self.inside(JsonValueKind::Object);
        std::iter::from_fn(move || {
            let name = (at < end).then_some(Self { at, ..self })?;
            let value = Self { at: at + 1, ..self };
            at = value.entry().next as usize;
            Some((name, value))
        })
    }

    /// The entries in this one, if it is of this kind.
    #[inline]
    fn inside(self, kind: JsonValueKind) -> (usize, usize) {
        let entry = self.entry();
        if entry.kind == kind { (self.at + 1, entry.next as usize) } else { (0, 0) }
    }
}

/// Reads JSON that is right.
struct Scanner<'t, 'e> {
    bytes: &'t [u8],
    at: usize,
    entries: &'e mut Vec<Entry>,
    /// The array or object that is open and stands in all others that are.
    open: Option<usize>,
    depth: usize,
}

/// About how many bytes a value takes. Most texts have room then in the list that is made at first.
const BYTES_PER_VALUE: usize = 12;

impl<'t, 'e> Scanner<'t, 'e> {
    /// Lists the values of a text; `None` if it is not JSON, or has something in it that is better left to nojson.
    fn scan(text: &'t str, entries: &'e mut Vec<Entry>) -> Option<()> {
        u32::try_from(text.len()).ok()?;
        entries.clear();
        entries.reserve(text.len() / BYTES_PER_VALUE + 8);
        Scanner { bytes: text.as_bytes(), at: 0, entries, open: None, depth: 0 }.document()
    }

    fn document(&mut self) -> Option<()> {
        loop {
            if !self.value()? {
                // An object or array has begun, and something is in it.
                continue;
            }
            loop {
                self.blank();
                let Some(open) = self.open else {
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
        (self.depth < MAX_NESTING_DEPTH).then_some(())?;
        let at = self.entries.len();
        // What is outermost stands in itself.
        let around = narrow(self.open.unwrap_or(at));
        self.entries.push(Entry { start: narrow(start), end: 0, next: around, kind, is_escaped: false });
        self.open = Some(at);
        self.depth += 1;
        Some(())
    }

    fn close(&mut self) {
        if let Some(open) = self.open {
            let next = narrow(self.entries.len());
            let entry = &mut self.entries[open];
            let around = entry.next as usize;
            (entry.end, entry.next) = (narrow(self.at), next);
            self.open = (around != open).then_some(around);
            self.depth -= 1;
        }
    }

    fn literal(&mut self, start: usize, word: &[u8], kind: JsonValueKind) -> Option<()> {
        self.bytes[start..].starts_with(word).then_some(())?;
        self.at = start + word.len();
        self.push(start, kind, false);
        Some(())
    }

    /// Reads the rest of a string, from after its opening quote on.
    #[inline]
    fn string(&mut self, start: usize) -> Option<()> {
        self.at += plain(&self.bytes[self.at..]);
        let is_escaped = self.bytes.get(self.at) != Some(&b'"');
        if is_escaped {
            self.escapes()?;
        }
        self.at += 1;
        self.push(start, JsonValueKind::String, is_escaped);
        Some(())
    }

    /// Reads from what ends the plain part of a string up to its closing quote.
    #[cold]
    fn escapes(&mut self) -> Option<()> {
        while self.bytes.get(self.at)? != &b'"' {
            (self.next()? == b'\\').then_some(())?;
            matches!(self.next()?, b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't').then_some(())?;
            self.at += plain(&self.bytes[self.at..]);
        }
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
    // The lowest byte of which the highest bit is set is one of them; those above it may be mistaken. A quote is the only character that
    // comes right after the control characters when the second bit of all is turned.
    let marks = |word: u64| {
        let low = (word ^ (ONES * 0x02)).wrapping_sub(ONES * 0x21);
        let backslash = (word ^ (ONES * 0x5C)).wrapping_sub(ONES);
        (low | backslash) & !word & HIGHS
    };
    let mut at = 0;
    while let Some(word) = bytes[at..].first_chunk() {
        let marks = marks(u64::from_le_bytes(*word));
        if marks != 0 {
            return at + marks.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    at + bytes[at..].iter().take_while(|byte| !matches!(**byte, b'"' | b'\\' | 0..0x20)).count()
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
        if Scanner::scan(text, &mut scanned).is_none() {
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

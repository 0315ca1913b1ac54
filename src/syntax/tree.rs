//! A JSON text as a list of its values, in the order of the text.
//!
//! Nearly every text is right, has no `\u` in it, and is read by the scanner in one pass into one list. Whatever else comes is read by
//! nojson, which knows best what is JSON and what is wrong with it; its values are copied into the same list.

use std::borrow::Cow;

use nojson::{JsonParseError, JsonValueKind, RawJson, RawJsonValue};

use super::kind::Kind;
use super::origin::Origin;
use super::scanner;

/// A text that was parsed.
pub(super) struct Tree<'t> {
    text: &'t str,
    entries: &'t [Entry],
    /// How the text relates to the source.
    origin: Origin,
}

/// A value, or the name of a member, which stands before its value.
pub(super) struct Entry {
    pub(super) start: u32,
    pub(super) end: u32,
    /// The entry after this one and all that is in it.
    pub(super) next: u32,
    pub(super) kind: Kind,
    /// Whether it is a string with escapes.
    pub(super) is_escaped: bool,
}

/// A value of a tree.
#[derive(Clone, Copy)]
pub(super) struct Value<'d> {
    tree: &'d Tree<'d>,
    at: usize,
}

/// Parses JSON into a list, whose former content goes.
pub(super) fn parse(text: &str, entries: &mut Vec<Entry>) -> Result<(), JsonParseError> {
    if scanner::scan(text, entries).is_none() {
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

/// Lists a value that nojson read, and all that is in it.
pub(super) fn copy(value: RawJsonValue<'_, '_>, entries: &mut Vec<Entry>) {
    let (at, start) = (entries.len(), value.position());
    let kind = match value.kind() {
        JsonValueKind::Null => Kind::Null,
        JsonValueKind::Boolean => Kind::Boolean,
        JsonValueKind::Integer | JsonValueKind::Float => Kind::Number,
        JsonValueKind::String => Kind::String,
        JsonValueKind::Array => Kind::Array,
        JsonValueKind::Object => Kind::Object,
    };
    let is_escaped = kind == Kind::String && value.as_string_str().is_err();
    let end = narrow(start + value.as_raw_str().len());
    entries.push(Entry { start: narrow(start), end, next: 0, kind, is_escaped });
    match kind {
        Kind::Array => value.to_array().into_iter().flatten().for_each(|element| copy(element, entries)),
        Kind::Object => value.to_object().into_iter().flatten().for_each(|(name, value)| {
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

    /// Its place in the list.
    pub(super) fn index(self) -> usize {
        self.at
    }

    /// How many entries it and all that is in it take.
    pub(super) fn len(self) -> usize {
        self.entry().next as usize - self.at
    }

    #[inline]
    pub(super) fn origin(self) -> &'d Origin {
        &self.tree.origin
    }

    #[inline]
    pub(super) fn kind(self) -> Kind {
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

    /// The bytes of what a string says, if it has no escapes; `None` for any other value.
    #[inline]
    pub(super) fn plain_bytes(self) -> Option<&'d [u8]> {
        let Entry { start, end, kind, is_escaped, .. } = self.entry();
        let is_plain = *kind == Kind::String && !is_escaped;
        if is_plain { self.tree.text.as_bytes().get(*start as usize + 1..*end as usize - 1) } else { None }
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
    pub(super) fn elements(self) -> impl Iterator<Item = Self> + Clone {
        let (mut at, end) = self.inside(Kind::Array);
        std::iter::from_fn(move || {
            let element = (at < end).then_some(Self { at, ..self })?;
            at = element.entry().next as usize;
            Some(element)
        })
    }

    /// The names and values of an object in the order of the text; nothing for any other kind.
    #[inline]
    pub(super) fn members(self) -> impl Iterator<Item = (Self, Self)> {
        let (mut at, end) = self.inside(Kind::Object);
        std::iter::from_fn(move || {
            let name = (at < end).then_some(Self { at, ..self })?;
            let value = Self { at: at + 1, ..self };
            at = value.entry().next as usize;
            Some((name, value))
        })
    }

    /// The entries in this one, if it is of this kind.
    #[inline]
    fn inside(self, kind: Kind) -> (usize, usize) {
        let entry = self.entry();
        if entry.kind == kind { (self.at + 1, entry.next as usize) } else { (0, 0) }
    }
}

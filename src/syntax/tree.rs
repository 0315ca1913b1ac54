//! The values of a document as a flat list, in text order.

use std::borrow::Cow;
use std::ops::Range;

use super::grammar::Syntax;
use super::json::Buffers;
use super::kind::Kind;
use super::language::is_other_quote;
use super::lexer;

/// A parsed text.
pub(super) struct Tree<'t> {
    /// The text of a JSON document, or the values of another document in JSON.
    text: &'t str,
    entries: &'t [Entry],
    /// The range in `text` of each value. For JSON, entries hold the ranges.
    written: Option<&'t [Range<u32>]>,
    syntax: Syntax,
}

/// A value, or the key of a member. A key precedes its value.
pub(super) struct Entry {
    /// The byte span in the source.
    pub(super) start: u32,
    pub(super) end: u32,
    /// The index of the entry after this subtree.
    pub(super) next: u32,
    pub(super) kind: Kind,
    /// Whether it is a string with escapes, or with invalid JSON syntax.
    pub(super) is_escaped: bool,
    /// Whether the value is fully known: nothing in an array or object was skipped, no syntax error affects a scalar.
    pub(super) is_complete: bool,
}

impl Entry {
    /// Whether it is neither an object nor an array, and has more than this many bytes.
    pub(super) fn is_longer(&self, bytes: usize) -> bool {
        !matches!(self.kind, Kind::Object | Kind::Array) && (self.end - self.start) as usize > bytes
    }
}

/// A value of a tree.
#[derive(Clone, Copy)]
pub(super) struct Value<'d> {
    tree: &'d Tree<'d>,
    at: usize,
}

impl<'t> Tree<'t> {
    /// The tree of a JSON text with these entries.
    pub(super) fn of_json(text: &'t str, entries: &'t [Entry]) -> Self {
        Self { text, entries, written: None, syntax: Syntax::Json }
    }

    /// The tree of a document of another syntax, whose values were written in JSON.
    pub(super) fn written(syntax: Syntax, buffers: &'t Buffers) -> Self {
        Self { text: &buffers.text, entries: &buffers.entries, written: Some(&buffers.written), syntax }
    }

    /// The root value.
    pub(super) fn value(&self) -> Value<'_> {
        Value { tree: self, at: 0 }
    }
}

impl<'d> Value<'d> {
    #[inline]
    fn entry(self) -> &'d Entry {
        &self.tree.entries[self.at]
    }

    /// The index of its entry.
    pub(super) fn index(self) -> usize {
        self.at
    }

    /// The number of entries of its subtree.
    pub(super) fn len(self) -> usize {
        self.entry().next as usize - self.at
    }

    /// How its document is written.
    #[inline]
    pub(super) fn syntax(self) -> Syntax {
        self.tree.syntax
    }

    /// The range of the value in the tree's text.
    #[inline]
    fn written(self) -> Range<usize> {
        let Entry { start, end, .. } = self.entry();
        let (start, end) = self.tree.written.map_or((*start, *end), |written| (written[self.at].start, written[self.at].end));
        start as usize..end as usize
    }

    #[inline]
    pub(super) fn kind(self) -> Kind {
        self.entry().kind
    }

    /// The start of the value in the source.
    #[inline]
    pub(super) fn position(self) -> usize {
        self.entry().start as usize
    }

    /// The end of the value in the source.
    #[inline]
    pub(super) fn end(self) -> usize {
        self.entry().end as usize
    }

    /// The value in JSON; empty for an array or object of another syntax.
    #[inline]
    pub(super) fn text(self) -> &'d str {
        &self.tree.text[self.written()]
    }

    /// The bytes of [`text`](Self::text).
    #[inline]
    pub(super) fn bytes(self) -> &'d [u8] {
        &self.tree.text.as_bytes()[self.written()]
    }

    /// Whether all of it was read.
    #[inline]
    pub(super) fn is_complete(self) -> bool {
        self.entry().is_complete
    }

    /// Whether a string has escapes or invalid JSON syntax.
    #[inline]
    pub(super) fn is_escaped(self) -> bool {
        self.entry().is_escaped
    }

    /// The content of a string without escapes; `None` for any other value.
    #[inline]
    pub(super) fn plain_bytes(self) -> Option<&'d [u8]> {
        let Entry { kind, is_escaped, .. } = self.entry();
        let written = self.written();
        let is_plain = *kind == Kind::String && !is_escaped;
        if is_plain { self.tree.text.as_bytes().get(written.start + 1..written.end - 1) } else { None }
    }

    /// The content of a string, date or data without escapes.
    #[inline]
    pub(super) fn plain(self) -> Option<&'d str> {
        let written = self.written();
        if self.entry().is_escaped { None } else { self.tree.text.get(written.start + 1..written.end - 1) }
    }

    /// The unescaped content of a string, date or data.
    #[inline]
    pub(super) fn unquoted(self) -> Option<Cow<'d, str>> {
        match self.plain() {
            Some(text) => Some(Cow::Borrowed(text)),
            None => self.unescaped().map(Cow::Owned),
        }
    }

    #[cold]
    fn unescaped(self) -> Option<String> {
        if !matches!(self.kind(), Kind::String | Kind::Date | Kind::Data) {
            return None;
        }
        Some(serde_json::from_str(self.text()).unwrap_or_else(|_| unescape_leniently(self.text())))
    }

    /// The elements of an array in text order; empty for any other kind.
    #[inline]
    pub(super) fn elements(self) -> impl Iterator<Item = Self> + Clone {
        let (mut at, end) = self.inside(Kind::Array);
        std::iter::from_fn(move || {
            let element = (at < end).then_some(Self { at, ..self })?;
            at = element.entry().next as usize;
            Some(element)
        })
    }

    /// The keys and values of an object in text order; empty for any other kind.
    #[inline]
    /// The value at a position of the same tree.
    pub(super) fn at(self, at: usize) -> Self {
        Self { at: at.min(self.tree.entries.len() - 1), ..self }
    }

    pub(super) fn members(self) -> impl Iterator<Item = (Self, Self)> {
        let (mut at, end) = self.inside(Kind::Object);
        std::iter::from_fn(move || {
            let name = (at < end).then_some(Self { at, ..self })?;
            let value = Self { at: at + 1, ..self };
            at = value.entry().next as usize;
            Some((name, value))
        })
    }

    /// The range of the child entries, if the value is of this kind.
    #[inline]
    fn inside(self, kind: Kind) -> (usize, usize) {
        let entry = self.entry();
        if entry.kind == kind { (self.at + 1, entry.next as usize) } else { (0, 0) }
    }
}

/// Unescapes a string with invalid JSON syntax: other quotation marks or none, control characters, or unknown escapes,
/// which are kept.
fn unescape_leniently(text: &str) -> String {
    let is_quote = |character: char| character == '"' || is_other_quote(character);
    let inner = text.strip_prefix(is_quote).map_or(text, |rest| rest.strip_suffix(is_quote).unwrap_or(rest));
    let (mut unescaped, mut rest) = (String::with_capacity(inner.len()), inner);
    while let Some(slash) = rest.find('\\') {
        unescaped.push_str(&rest[..slash]);
        let escape;
        (escape, rest) = rest[slash..].split_at(lexer::escape(&rest.as_bytes()[slash..]).unwrap_or(1));
        unescaped.push_str(&serde_json::from_str::<String>(&format!("\"{escape}\"")).unwrap_or_else(|_| escape.to_owned()));
    }
    unescaped + rest
}

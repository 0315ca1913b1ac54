//! A value of a document, with its span.

use std::borrow::Cow;
use std::ops::Range;

use super::grammar::Syntax;
use super::kind::Kind;
use super::tree::Value;

/// A number as an integer. JSON does not distinguish `30`, `30.0` and `3e1`, so all three are the integer 30.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Integer {
    /// An integer that fits in `i64`.
    Exact(i64),
    /// An integer, or a number with an exponent, that does not fit.
    Huge,
    /// Not an integer.
    Fraction,
}

/// A value of a document. Cheap to copy.
#[derive(Clone, Copy)]
pub(crate) struct Node<'d> {
    raw: Value<'d>,
}

impl<'d> Node<'d> {
    #[inline]
    pub(super) fn new(raw: Value<'d>) -> Self {
        Self { raw }
    }

    #[inline]
    pub(crate) fn kind(self) -> Kind {
        self.raw.kind()
    }

    /// The index of the value in its tree; unique in the document.
    pub(crate) fn index(self) -> usize {
        self.raw.index()
    }

    /// The value of the same document with this [index](Self::index).
    pub(crate) fn at(self, index: usize) -> Self {
        Self::new(self.raw.at(index))
    }

    /// The number of nodes in this subtree, including itself and the keys.
    pub(crate) fn len(self) -> usize {
        self.raw.len()
    }

    /// Whether it is null, and not a placeholder for an unreadable value.
    #[inline]
    pub(crate) fn is_null(self) -> bool {
        self.raw.kind() == Kind::Null && self.is_complete()
    }

    /// The value in JSON: for a JSON document its source text; empty for an array or object of another syntax.
    #[inline]
    pub(crate) fn text(self) -> &'d str {
        self.raw.text()
    }

    /// The byte span of the value in its document. In an XML property list it covers the element with its tags; in a
    /// binary property list it is empty; in YAML, what an alias stands for has the span at the anchor.
    #[inline]
    pub(crate) fn span(self) -> Range<usize> {
        self.raw.position()..self.raw.end()
    }

    /// How its document is written.
    pub(crate) fn syntax(self) -> Syntax {
        self.raw.syntax()
    }

    /// Whether all of the value was read. Rules must not report missing keys in an incomplete value.
    #[inline]
    pub(crate) fn is_complete(self) -> bool {
        self.raw.is_complete()
    }

    /// Whether a syntax error ended it before any member or element: it may be anything, for example the start of
    /// `{{ a template }}`.
    #[inline]
    pub(crate) fn is_cut_off(self) -> bool {
        !self.is_complete() && self.members().next().is_none() && self.elements().next().is_none()
    }

    /// The bytes of a string without escapes; `None` for any other value.
    #[inline]
    pub(crate) fn as_plain_bytes(self) -> Option<&'d [u8]> {
        self.raw.plain_bytes()
    }

    /// The unescaped string; `None` for any other kind.
    #[inline]
    pub(crate) fn as_str(self) -> Option<Cow<'d, str>> {
        if matches!(self.kind(), Kind::String | Kind::Date | Kind::Data) { self.raw.unquoted() } else { None }
    }

    /// Whether the string equals `name`. Nearly all keys have no escapes, so one comparison is enough.
    #[inline]
    pub(crate) fn is_str(self, name: &str) -> bool {
        match self.raw.plain_bytes() {
            Some(text) => text == name.as_bytes(),
            None => self.is_escape_of(name),
        }
    }

    #[cold]
    fn is_escape_of(self, name: &str) -> bool {
        self.as_str().is_some_and(|text| text == name)
    }

    pub(crate) fn as_bool(self) -> Option<bool> {
        (self.kind() == Kind::Boolean).then(|| self.text() == "true")
    }

    pub(crate) fn as_integer(self) -> Option<Integer> {
        let text = (self.raw.kind() == Kind::Number).then(|| self.text())?;
        Some(text.parse().map_or_else(|_| decimal(text), Integer::Exact))
    }

    /// The members of an object in text order, including duplicates; empty for any other kind.
    #[inline]
    pub(crate) fn members(self) -> impl Iterator<Item = (Node<'d>, Node<'d>)> {
        self.raw.members().map(|(name, value)| (Node::new(name), Node::new(value)))
    }

    /// The elements of an array; empty for any other kind.
    #[inline]
    pub(crate) fn elements(self) -> impl Iterator<Item = Node<'d>> + Clone {
        self.raw.elements().map(Node::new)
    }

    /// A scalar in JSON with escapes resolved, so that equal strings have equal bytes. Strings include the quotes.
    #[inline]
    pub(crate) fn plain(self) -> Cow<'d, [u8]> {
        if !self.raw.is_escaped() {
            return Cow::Borrowed(self.raw.bytes());
        }
        Cow::Owned(format!("\"{}\"", self.as_str().unwrap_or_default()).into_bytes())
    }

    /// The value of the member `key`. The last duplicate wins, as in nearly every JSON parser.
    #[inline]
    pub(crate) fn member(self, key: &str) -> Option<Node<'d>> {
        self.members().filter(|(name, _)| name.is_str(key)).last().map(|(_, value)| value)
    }
}

/// Converts a number with a point or an exponent to an integer, without floating-point arithmetic.
pub(super) fn decimal(text: &str) -> Integer {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |rest| ("-", rest));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let fraction = fraction.trim_end_matches('0');
    let digits = format!("{whole}{fraction}");
    if digits.bytes().all(|digit| digit == b'0') {
        return Integer::Exact(0);
    }
    let Ok(exponent) = exponent.parse::<i64>() else {
        return if exponent.starts_with('-') { Integer::Fraction } else { Integer::Huge };
    };
    // The value is `digits` shifted by this many places.
    let places = exponent.saturating_sub(i64::try_from(fraction.len()).unwrap_or(i64::MAX));
    if places < 0 {
        let zeros = digits.len() - digits.trim_end_matches('0').len();
        let dropped = usize::try_from(places.unsigned_abs()).unwrap_or(usize::MAX);
        if dropped > zeros {
            return Integer::Fraction;
        }
        return format!("{sign}{}", &digits[..digits.len() - dropped]).parse().map_or(Integer::Huge, Integer::Exact);
    }
    match usize::try_from(places) {
        Ok(places) if places < 20 => {
            format!("{sign}{digits}{}", "0".repeat(places)).parse().map_or(Integer::Huge, Integer::Exact)
        }
        _ => Integer::Huge,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn converts_decimal_numbers_to_integers() {
        for (text, expected) in [
            ("30.0", Integer::Exact(30)),
            ("3e1", Integer::Exact(30)),
            ("300e-1", Integer::Exact(30)),
            ("0.3E+2", Integer::Exact(30)),
            ("-3.0e1", Integer::Exact(-30)),
            ("0.000e99999999999999999999", Integer::Exact(0)),
            ("30.5", Integer::Fraction),
            ("1e-1", Integer::Fraction),
            ("1e-99999999999999999999", Integer::Fraction),
            ("1e400", Integer::Huge),
            ("1e99999999999999999999", Integer::Huge),
            ("12345678901234567890.0", Integer::Huge),
        ] {
            assert_eq!(decimal(text), expected, "{text}");
        }
    }
}

//! Goes through a text that is probably right, and keeps nothing of what it passes.
//!
//! It takes what the scanner takes, but for names and strings with escapes.

use std::ops::Range;

use super::json::Spare;
use super::kind::Kind;
use super::node::Node;
use super::origin::Origin;
use super::scanner::{narrow, next, plain, value, word};
use super::tree::{Entry, Tree};

/// A place in a text. What returns `None` met something that is not plain JSON, and the place is of no use then.
pub(crate) struct Cursor<'t> {
    text: &'t str,
    at: usize,
    /// Where the last value begins.
    last: usize,
    /// How many objects and arrays are open here.
    depth: usize,
    /// Room for the values in an array or object that is passed as a whole.
    entries: &'t mut Vec<Entry>,
}

impl<'t> Cursor<'t> {
    /// The beginning of a text.
    pub(crate) fn new(text: &'t str, spare: &'t mut Spare) -> Option<Self> {
        u32::try_from(text.len()).ok()?;
        Some(Self { text, at: 0, last: 0, depth: 0, entries: &mut spare.entries })
    }

    /// Enters an object or array, which begins with this bracket. Returns whether anything is in it.
    #[inline]
    pub(crate) fn enter(&mut self, bracket: u8) -> Option<bool> {
        let (first, start) = next(self.text.as_bytes(), self.at)?;
        (first == bracket).then_some(())?;
        let (inner, at) = next(self.text.as_bytes(), start + 1)?;
        // Each closing bracket comes two after its opening one.
        let is_empty = inner == bracket + 2;
        self.depth += usize::from(!is_empty);
        self.at = at + usize::from(is_empty);
        Some(!is_empty)
    }

    /// Passes what comes after a value in the object or array that began with this bracket. Returns whether another one comes.
    #[inline]
    pub(crate) fn goes_on(&mut self, bracket: u8) -> Option<bool> {
        let (byte, at) = next(self.text.as_bytes(), self.at)?;
        self.at = at + 1;
        if byte == b',' {
            return Some(true);
        }
        self.depth -= 1;
        (byte == bracket + 2).then_some(false)
    }

    /// Passes the name of a member, and the colon after it. `find` knows the name and its length from what comes after the opening quote.
    #[expect(clippy::inline_always, reason = "half the time that it takes is that of the call")]
    #[inline(always)]
    pub(crate) fn name<T>(&mut self, find: impl FnOnce(&'t [u8]) -> Option<(T, usize)>) -> Option<T> {
        let bytes = self.text.as_bytes();
        let (quote, start) = next(bytes, self.at)?;
        (quote == b'"').then_some(())?;
        let (found, length) = find(&bytes[start + 1..])?;
        // Between the name and the colon is its closing quote.
        let (colon, at) = next(bytes, start + 1 + length + 1)?;
        (colon == b':').then_some(())?;
        self.at = at + 1;
        Some(found)
    }

    /// Passes a value, of which `read` tells something; an object that is to be entered it tells of as if nothing were in it.
    #[inline]
    pub(crate) fn value<T>(&mut self, is_entered: bool, read: impl FnOnce(Node<'_>) -> T) -> Option<T> {
        let bytes = self.text.as_bytes();
        let (first, start) = next(bytes, self.at)?;
        let lone;
        let (end, entries) = if first == b'[' || first == b'{' && !is_entered {
            self.entries.clear();
            (value(bytes, start, self.depth, self.entries)?, self.entries.as_slice())
        } else {
            let (end, kind) = match first {
                b'"' => {
                    let end = plain(bytes, start + 1);
                    (*bytes.get(end)? == b'"').then_some(())?;
                    (end + 1, Kind::String)
                }
                b'{' => (start, Kind::Object),
                _ => word(bytes, start, first)?,
            };
            lone = [Entry { start: narrow(start), end: narrow(end), next: 1, kind, is_escaped: false }];
            (end, lone.as_slice())
        };
        (self.last, self.at) = (start, end);
        Some(read(Node::new(Tree::new(self.text, entries, Origin::json(usize::MAX)).value())))
    }

    /// Where the last value stands.
    #[inline]
    pub(crate) fn last(&self) -> Range<usize> {
        self.last..self.at
    }

    /// Passes a value that somebody knows: `find` tells its length from what it begins with.
    #[inline]
    pub(crate) fn known(&mut self, find: impl FnOnce(&'t [u8]) -> Option<usize>) -> Option<()> {
        let bytes = self.text.as_bytes();
        let (_, start) = next(bytes, self.at)?;
        self.at = start + find(&bytes[start..])?;
        Some(())
    }

    /// Goes as far as `go` does, or not at all. Returns whether it went.
    #[inline]
    pub(crate) fn attempt(&mut self, go: impl FnOnce(&mut Self) -> Option<()>) -> bool {
        let (at, depth) = (self.at, self.depth);
        let went = go(self).is_some();
        if !went {
            (self.at, self.depth) = (at, depth);
        }
        went
    }

    /// Whether nothing more comes.
    pub(crate) fn is_at_end(&self) -> bool {
        next(self.text.as_bytes(), self.at).is_none()
    }
}

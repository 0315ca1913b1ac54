//! Parses JSON into a list of values in one pass, and continues after errors.
//!
//! This file handles valid JSON. `recovery/` reports errors and decides where to continue.

use crate::diagnostic::SyntaxDiagnostic;
use crate::limits::{MAX_DEPTH, MAX_VALUES};
use crate::syntax::rules::invalid_json;
use std::ops::Range;

use super::kind::Kind;
use super::language::Comments;
use super::lexer::{self, next};
use super::tree::Entry;

/// An estimate of the bytes per value. It makes the initial capacity large enough for most texts.
const BYTES_PER_VALUE: usize = 12;

/// Parses a text into `entries` and returns the syntax errors. `entries` is empty if the text has no value.
pub(super) fn parse(text: &str, entries: &mut Vec<Entry>) -> Vec<SyntaxDiagnostic> {
    entries.clear();
    // Offsets are stored as `u32`. The limit on the size of a document is far lower.
    if u32::try_from(text.len()).is_err() {
        return vec![invalid_json::diagnostic("this document is too large", "split it", 0..0)];
    }
    entries.reserve((text.len() / BYTES_PER_VALUE).min(MAX_VALUES) + 8);
    let bytes = text.as_bytes();
    let mut parser = Parser {
        text,
        bytes,
        entries,
        innermost: None,
        is_object: false,
        depth: 0,
        faults: Vec::new(),
        comments: Comments::default(),
        excused: usize::MAX,
        lost_brackets: false,
        unnamed: Vec::new(),
        lookaheads: 0,
    };
    let mut step = Step::Value(0);
    loop {
        step = match step {
            Step::Begin(at) if parser.entries.len() >= MAX_VALUES => parser.too_many(at),
            Step::Begin(at) if parser.is_object => parser.name(at),
            Step::Begin(at) | Step::Value(at) => parser.value(at),
            Step::After(at) => parser.after(at),
            Step::End(at) => {
                let Some(step) = parser.finish(at) else { break };
                step
            }
        }
    }
    let Parser { comments, faults, .. } = parser;
    match comments.fault() {
        None => faults,
        Some(fault) => std::iter::once(fault).chain(faults).collect(),
    }
}

/// What to parse next, and the offset to start from.
pub(super) enum Step {
    /// A member or an element.
    Begin(usize),
    /// A value.
    Value(usize),
    /// The comma or closing bracket after a value.
    After(usize),
    /// The end of the text.
    End(usize),
}

/// The state of the parser.
pub(super) struct Parser<'t> {
    pub(super) text: &'t str,
    pub(super) bytes: &'t [u8],
    pub(super) entries: &'t mut Vec<Entry>,
    /// The entry of the innermost open array or object. The `next` of an open entry is its parent, or itself if it is
    /// the root.
    pub(super) innermost: Option<usize>,
    pub(super) is_object: bool,
    pub(super) depth: usize,
    pub(super) faults: Vec<SyntaxDiagnostic>,
    pub(super) comments: Comments,
    /// The end of text that was reported and may have contained a comma: a missing comma there is not reported again.
    pub(super) excused: usize,
    /// Whether skipped text may have contained closing brackets.
    pub(super) lost_brackets: bool,
    /// Members with an unknown key, removed once their value is parsed: the depth, and the entry of the key.
    pub(super) unnamed: Vec<(usize, usize)>,
    /// How often the parser looked ahead to interpret a bracket.
    pub(super) lookaheads: usize,
}

impl Parser<'_> {
    /// Parses the key of a member and the colon.
    #[inline]
    fn name(&mut self, at: usize) -> Step {
        let Some((b'"', start)) = next(self.bytes, at) else { return self.recover_name(at) };
        let end = self.string(start);
        match next(self.bytes, end) {
            Some((b':', colon)) if end != self.excused => Step::Value(colon + 1),
            _ => self.recover_colon(end),
        }
    }

    #[inline]
    fn value(&mut self, from: usize) -> Step {
        let Some((first, at)) = next(self.bytes, from) else { return self.recover_value(from) };
        match first {
            b'"' => Step::After(self.string(at)),
            b'{' | b'[' => {
                if self.depth == MAX_DEPTH {
                    return self.too_deep(at);
                }
                let following = next(self.bytes, at + 1);
                if following == Some((b'{', at + 1)) && first == b'{' {
                    return self.placeholder(at);
                }
                self.open(at, first == b'{');
                match following {
                    // In ASCII, a closing bracket is the opening one plus two.
                    Some((inner, place)) if inner == first + 2 => {
                        self.close(place + 1, true);
                        Step::After(place + 1)
                    }
                    _ => Step::Begin(at + 1),
                }
            }
            _ => match lexer::word(self.bytes, at, first) {
                Some((end, kind)) => Step::After(self.push(at..end, kind, false, true)),
                None => self.recover_value(from),
            },
        }
    }

    /// Parses the comma or closing bracket after a value.
    #[inline]
    fn after(&mut self, at: usize) -> Step {
        if !self.unnamed.is_empty() {
            self.drop_unnamed();
        }
        if self.innermost.is_none() {
            return Step::End(at);
        }
        match next(self.bytes, at) {
            Some((b',', place)) => Step::Begin(place + 1),
            Some((b'}', place)) if self.is_object => {
                self.close(place + 1, true);
                Step::After(place + 1)
            }
            Some((b']', place)) if !self.is_object => {
                self.close(place + 1, true);
                Step::After(place + 1)
            }
            _ => self.recover_after(at),
        }
    }

    /// Parses the string whose opening quote is at `start`, and returns its end.
    #[expect(clippy::inline_always, reason = "half of the parser's time is spent here, and a fifth of that on the call")]
    #[inline(always)]
    fn string(&mut self, start: usize) -> usize {
        let end = lexer::plain(self.bytes, start + 1);
        if self.bytes.get(end) == Some(&b'"') {
            return self.push(start..end + 1, Kind::String, false, true);
        }
        self.recover_string(start, end)
    }

    #[inline]
    fn open(&mut self, start: usize, is_object: bool) {
        let kind = if is_object { Kind::Object } else { Kind::Array };
        let at = self.entries.len();
        let next = narrow(self.innermost.unwrap_or(at));
        self.entries.push(Entry { start: narrow(start), end: 0, next, kind, is_escaped: false, is_complete: true });
        (self.innermost, self.is_object) = (Some(at), is_object);
        self.depth += 1;
    }

    #[inline]
    pub(super) fn close(&mut self, end: usize, is_complete: bool) {
        let Some(innermost) = self.innermost else { return };
        let next = narrow(self.entries.len());
        let entry = &mut self.entries[innermost];
        let outer = entry.next as usize;
        (entry.end, entry.next) = (narrow(end), next);
        entry.is_complete &= is_complete;
        self.innermost = (outer != innermost).then_some(outer);
        self.is_object = self.entries[outer].kind == Kind::Object;
        self.depth -= 1;
    }

    /// Adds a scalar or a key, and returns its end.
    #[inline]
    pub(super) fn push(&mut self, span: Range<usize>, kind: Kind, is_escaped: bool, is_complete: bool) -> usize {
        let next = narrow(self.entries.len()) + 1;
        self.entries.push(Entry { start: narrow(span.start), end: narrow(span.end), next, kind, is_escaped, is_complete });
        span.end
    }
}

/// Converts an offset or an entry index to `u32`.
#[expect(clippy::cast_possible_truncation, reason = "the parser rejects texts longer than `u32::MAX`")]
#[inline]
pub(super) fn narrow(number: usize) -> u32 {
    number as u32
}

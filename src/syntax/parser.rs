//! Reads JSON into a list of its values, in one pass, and goes on after a mistake.
//!
//! This file reads what is right. Whatever else comes goes to `recovery/`, which reports it and says where to go on.

use crate::diagnostic::SyntaxDiagnostic;
use crate::syntax::rules::invalid_json;
use std::ops::Range;

use super::kind::Kind;
use super::language;
use super::lexer::{self, next};
use super::tree::Entry;

/// How deep values may be nested. No declaration needs more than seven levels.
pub(super) const DEEPEST: usize = 128;

/// About how many bytes a value takes. Most texts have room then in the list that is made at first.
const BYTES_PER_VALUE: usize = 12;

/// Lists the values of a text, and returns what is wrong with its syntax. The list is empty if the text has no value.
pub(super) fn parse(text: &str, entries: &mut Vec<Entry>) -> Vec<SyntaxDiagnostic> {
    entries.clear();
    // Every place in the text must be a `u32`. The bound on the size of a document is far below that.
    if u32::try_from(text.len()).is_err() {
        return vec![invalid_json::diagnostic("this document is too large", "split it", 0..0)];
    }
    entries.reserve(text.len() / BYTES_PER_VALUE + 8);
    let bytes = text.as_bytes();
    let mut parser = Parser {
        text,
        bytes,
        entries,
        innermost: None,
        is_object: false,
        depth: 0,
        faults: Vec::new(),
        comments: Vec::new(),
        excused: usize::MAX,
        has_lost: false,
        unnamed: Vec::new(),
        comparisons: 0,
    };
    let mut step = Step::Value(0);
    loop {
        step = match step {
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
    if comments.is_empty() { faults } else { language::comments(&comments).into_iter().chain(faults).collect() }
}

/// What comes next, and from where on.
pub(super) enum Step {
    /// A member or an element.
    Begin(usize),
    /// A value.
    Value(usize),
    /// What follows a value.
    After(usize),
    /// The end of the text.
    End(usize),
}

/// A text in the middle of being read.
pub(super) struct Parser<'t> {
    pub(super) text: &'t str,
    pub(super) bytes: &'t [u8],
    pub(super) entries: &'t mut Vec<Entry>,
    /// The entry of the innermost array or object. While it is open, its `next` is the entry of the one around it, or itself.
    pub(super) innermost: Option<usize>,
    pub(super) is_object: bool,
    pub(super) depth: usize,
    pub(super) faults: Vec<SyntaxDiagnostic>,
    pub(super) comments: Vec<Range<usize>>,
    /// Where something ends that was reported and may have had a comma in it: its absence there is no second mistake.
    pub(super) excused: usize,
    /// Whether something was skipped that may have had closing brackets in it.
    pub(super) has_lost: bool,
    /// Members that go once their value was read, since their name is not known: the depth, and the entry of the name.
    pub(super) unnamed: Vec<(usize, usize)>,
    /// How often the rest of the text was looked at to understand a bracket.
    pub(super) comparisons: usize,
}

impl Parser<'_> {
    /// Reads the name of a member and the colon after it.
    #[inline]
    fn name(&mut self, at: usize) -> Step {
        let Some((b'"', start)) = next(self.bytes, at) else { return self.odd_name(at) };
        let end = self.string(start);
        match next(self.bytes, end) {
            Some((b':', colon)) if end != self.excused => Step::Value(colon + 1),
            _ => self.odd_colon(end),
        }
    }

    #[inline]
    fn value(&mut self, from: usize) -> Step {
        let Some((first, at)) = next(self.bytes, from) else { return self.odd_value(from) };
        match first {
            b'"' => Step::After(self.string(at)),
            b'{' | b'[' => {
                if self.depth == DEEPEST {
                    return self.too_deep(at);
                }
                let following = next(self.bytes, at + 1);
                if following == Some((b'{', at + 1)) && first == b'{' {
                    return self.placeholder(at);
                }
                self.open(at, first == b'{');
                match following {
                    // Each closing bracket comes two after its opening one.
                    Some((inner, place)) if inner == first + 2 => {
                        self.close(place + 1, true);
                        Step::After(place + 1)
                    }
                    _ => Step::Begin(at + 1),
                }
            }
            _ => match lexer::word(self.bytes, at, first) {
                Some((end, kind)) => Step::After(self.push(at..end, kind, false, true)),
                None => self.odd_value(from),
            },
        }
    }

    /// Reads what follows a value.
    #[inline]
    fn after(&mut self, at: usize) -> Step {
        if !self.unnamed.is_empty() {
            self.forget_unnamed();
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
            _ => self.odd_after(at),
        }
    }

    /// Reads a string, which begins with its opening quote, and returns where it ends.
    #[expect(clippy::inline_always, reason = "half the time of the parser is spent here, a fifth of that on the call")]
    #[inline(always)]
    fn string(&mut self, start: usize) -> usize {
        let end = lexer::plain(self.bytes, start + 1);
        if self.bytes.get(end) == Some(&b'"') {
            return self.push(start..end + 1, Kind::String, false, true);
        }
        self.odd_string(start, end)
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

    /// Lists a value that has no others in it, and returns where it ends.
    #[inline]
    pub(super) fn push(&mut self, span: Range<usize>, kind: Kind, is_escaped: bool, is_complete: bool) -> usize {
        let next = narrow(self.entries.len()) + 1;
        self.entries.push(Entry { start: narrow(span.start), end: narrow(span.end), next, kind, is_escaped, is_complete });
        span.end
    }
}

/// A place in a text that is not longer than `u32::MAX`, or the number of one of its values.
#[expect(clippy::cast_possible_truncation, reason = "the length of the text was looked at")]
#[inline]
pub(super) fn narrow(number: usize) -> u32 {
    number as u32
}

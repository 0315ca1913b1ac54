//! Finds the secrets of a document, which no output may show: beta program tokens, passwords and keys.
//!
//! Where the schema describes a value, its path decides whether it is secret. Any other key is secret if its name
//! resembles that of a secret (`names.rs`). If the syntax is broken, the tree may pair a key with the wrong value, so
//! nothing is shown of a broken document that names a secret.

mod names;
#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::hash::BuildHasher;
use std::ops::Range;

use foldhash::quality::RandomState;

use crate::apple::{Family, KeyId, Rows, Schema, ValueType};
use crate::diagnostic::{Remedy, SyntaxDiagnostic};
use crate::limits::{MAX_DOCUMENT_BYTES, MAX_FINDINGS, MAX_SHOWN};
use crate::syntax::{self, Buffers, Container, Grammar, Kind, Node, Syntax, escaped, yaml};
use crate::words::MASK;
use names::Sense;

/// How many names are compared with all of Apple's, which takes time. The others are hidden.
const MAX_COMPARED: usize = 400;

/// How many names that the schema does not describe are compared with those of secrets, which takes time. The others are
/// treated as such.
const MAX_JUDGED: usize = 20_000;

/// How many parts of a document are hidden one by one. If it has more, all of it is.
const MAX_HIDDEN: usize = 10_000;

/// The secrets of a parsed document.
#[derive(Debug, Default)]
pub(crate) struct Secrets {
    /// The hidden values and keys: the indexes of their nodes, and their bytes.
    hidden: Vec<(Range<usize>, Range<usize>)>,
    /// The hashes of the hidden keys, as pointers write them. A document may have a million.
    keys: HashSet<u64>,
    hasher: RandomState,
    /// Whether any key is the name of a secret.
    has_names: bool,
    /// Whether a secret may stand in the place of another value, because the syntax is broken.
    is_doubtful: bool,
}

impl Secrets {
    /// Finds the secrets of a document. `broken` is its text if it has syntax errors.
    pub(crate) fn of(root: Node<'_>, broken: Option<&[u8]>) -> Self {
        let walk = |doubtful: Option<&[u8]>| {
            let found = Self { is_doubtful: doubtful.is_some(), ..Self::default() };
            let text = doubtful.filter(|_| root.syntax() == Syntax::Json).unwrap_or_default();
            let mut walk = Walk { schema: Schema::built_in(), root, found, judged: 0, compared: 0, text };
            walk.document();
            walk.found
        };
        let found = walk(None);
        match broken.filter(|text| found.has_names || names::are_in(text, root.syntax() == Syntax::PropertyList)) {
            Some(text) => walk(Some(text)),
            None => found,
        }
    }

    /// Whether a secret may stand in the place of another value, because the syntax is broken.
    pub(crate) fn is_doubtful(&self) -> bool {
        self.is_doubtful
    }

    /// Whether messages must not name a key.
    pub(crate) fn hides_key(&self, key: &str) -> bool {
        !self.keys.is_empty() && self.hides_step(&escaped(key))
    }

    /// Whether messages must not name a key that a pointer writes like this.
    fn hides_step(&self, step: &str) -> bool {
        self.keys.contains(&self.hasher.hash_one(step))
    }

    /// Hides a key in messages and pointers.
    fn hide_key(&mut self, key: &str) {
        self.keys.insert(self.hasher.hash_one(&*escaped(key)));
    }

    /// Whether messages must not show a value.
    pub(crate) fn hides(&self, node: Node<'_>) -> bool {
        let after = self.hidden.partition_point(|(nodes, _)| nodes.end <= node.index());
        self.hidden.get(after).is_some_and(|(nodes, _)| nodes.start <= node.index())
            || self.is_doubtful && node.text().len() > MAX_SHOWN
            || node.syntax() == Syntax::Yaml && self.repeats(&node.span())
    }

    /// Whether these bytes are in a secret: in YAML, an alias may make a secret of another value.
    fn repeats(&self, bytes: &Range<usize>) -> bool {
        self.hidden.iter().any(|(_, secret)| secret.start <= bytes.start && bytes.end <= secret.end)
    }

    /// Whether some of these bytes are secret, or may be.
    pub(crate) fn are_in(&self, bytes: &Range<usize>) -> bool {
        self.is_doubtful || self.hidden.iter().any(|(_, secret)| secret.start < bytes.end && bytes.start < secret.end)
    }

    /// Hides keys in a JSON pointer.
    pub(crate) fn pointer(&self, pointer: String) -> String {
        if self.keys.is_empty() {
            return pointer;
        }
        pointer.split('/').map(|step| if self.hides_step(step) { MASK } else { step }).collect::<Vec<_>>().join("/")
    }
}

/// How many bytes before a broken document are searched for names of secrets.
const MAX_BEFORE: usize = 64;

/// How many bytes around a part of a document are searched for names of secrets.
const MAX_AROUND: usize = 512;

/// Returns the byte ranges of the document at `span` that no output may show, from its start, in ascending order. `None`
/// if the whole document must be hidden.
pub(crate) fn secrets(text: &[u8], span: &Range<usize>, grammar: Grammar) -> Option<Vec<Range<usize>>> {
    let document = &text[span.clone()];
    let container = Container::of(document).filter(|_| grammar == Grammar::Detected);
    if document.len() > MAX_DOCUMENT_BYTES || container.is_some_and(|container| !container.is_text()) {
        return None;
    }
    let mut buffers = Buffers::default();
    let parsed = syntax::parse_as(grammar, document, &mut buffers);
    // Anything else is not a document of Apple's, and may be a part of one that was split into lines.
    let root = parsed.document.as_ref()?.root();
    if root.kind() != Kind::Object {
        return None;
    }
    let comments = match root.syntax() {
        Syntax::Json => Vec::new(),
        Syntax::PropertyList => markup_comments(document)?,
        Syntax::Yaml => yaml::comments(document)?,
    };
    let count = parsed.mistakes().count();
    let mut hidden: Vec<Range<usize>>;
    // A document may be a part of another one, which names the secret.
    let before = &text[span.start.saturating_sub(MAX_AROUND)..span.start];
    let after = &text[span.end..text.len().min(span.end + MAX_AROUND)];
    let is_between = begins_with_word(before.iter().rev()) && names::are_in(before, false)
        || begins_with_word(after.iter()) && names::are_in(after, false);
    if is_between && root.syntax() == Syntax::Json {
        return None;
    }
    let whole = &text[span.start.saturating_sub(MAX_BEFORE)..span.end];
    let found = Secrets::of(root, (count > 0 || !comments.is_empty()).then_some(whole));
    if found.is_doubtful {
        if count >= MAX_FINDINGS {
            return None;
        }
        // The tree is right if it is enough to delete something.
        hidden = Secrets::of(root, None).spans();
        for mistake in parsed.mistakes() {
            hidden.extend(surplus(mistake)?.iter().filter(|range| range.len() > 1).cloned());
        }
        hidden.extend(comments);
    } else {
        hidden = found.spans();
    }
    hidden.sort_by_key(|range| range.start);
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(hidden.len());
    for range in hidden {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    Some(merged)
}

/// Whether something else than an element of an array or a line comes first, such as a key.
fn begins_with_word<'t>(mut bytes: impl Iterator<Item = &'t u8>) -> bool {
    let first = bytes.find(|byte| !byte.is_ascii_whitespace() && !b",[]".contains(byte));
    // The last byte of a byte order mark is not a word.
    first.is_some_and(|first| !b"{}\xbf\xfe\xff\0".contains(first))
}

/// Returns the ranges to delete if that makes the document valid JSON: then the tree is right.
fn surplus(mistake: &SyntaxDiagnostic) -> Option<&[Range<usize>]> {
    match &mistake.fix.as_ref()?.remedy {
        Remedy::Delete(ranges) => Some(ranges),
        _ => None,
    }
}

/// The comments and processing instructions of a property list, which are not in the tree. `None` if there are too many.
fn markup_comments(document: &[u8]) -> Option<Vec<Range<usize>>> {
    let find = |text: &[u8], mark: &str| memchr::memmem::find(text, mark.as_bytes());
    let mut comments = Vec::new();
    for (open, close) in [("<!--", "-->"), ("<?", "?>")] {
        let mut at = 0;
        while let Some(start) = find(&document[at..], open).map(|length| at + length) {
            at = find(&document[start..], close).map_or(document.len(), |length| start + length + close.len());
            if !document[start..].starts_with(b"<?xml ") {
                comments.push(start..at);
            }
            if comments.len() > MAX_FINDINGS {
                return None;
            }
        }
    }
    Some(comments)
}

/// What is known about a value.
#[derive(Clone, Copy)]
enum Meaning {
    Secret,
    /// The schema describes it.
    Known(ValueType),
    /// The payload of a declaration that may hold secrets, with the schema of its type. A text in its place may be anything.
    Payload(Option<ValueType>),
    Unknown,
    /// The schema does not describe it, but an object with a secret has its name.
    Holder,
}

/// A walk through a tree.
struct Walk<'t> {
    schema: &'static Schema,
    root: Node<'t>,
    found: Secrets,
    /// The number of names compared with those of secrets.
    judged: usize,
    /// The number of names compared with Apple's.
    compared: usize,
    /// The text if it is JSON and a secret may stand in the place of another value.
    text: &'t [u8],
}

impl Walk<'_> {
    fn document(&mut self) {
        let root = self.root;
        let kind = root.members().filter(|(key, _)| is_name(*key, "Type")).filter_map(|(_, value)| value.as_str()).last();
        let kind = kind.and_then(|name| self.schema.find(&name)).map(|kind| self.schema.kind(kind));
        let kind = kind.filter(|kind| kind.family.is_declaration());
        let rows = kind.map_or_else(Rows::default, |_| self.schema.keys_of(Family::Envelope));
        let payload = kind.map(|kind| self.schema.payload(kind));
        let has_secret = kind.is_none_or(|kind| {
            let mut has_secret = false;
            self.schema.walk(kind.keys, &mut |_, id, _| has_secret |= self.schema.note(id).is_secret);
            has_secret
        });
        self.object(root, rows, &mut |walk, key| match payload {
            _ if !is_name(key, "Payload") => walk.member(key, rows),
            Some(payload) if !has_secret => Meaning::Known(payload),
            _ => Meaning::Payload(payload),
        });
    }

    fn value(&mut self, node: Node<'_>, meaning: Meaning) {
        match (meaning, node.kind()) {
            // No secret is a boolean.
            (_, Kind::Boolean) => {}
            (_, Kind::String) if self.is_fragment(node) => self.hide(node),
            (Meaning::Payload(Some(value)), Kind::Object | Kind::Array) => self.value(node, Meaning::Known(value)),
            (Meaning::Payload(None), Kind::Object | Kind::Array) => self.value(node, Meaning::Unknown),
            (Meaning::Secret | Meaning::Payload(_), _) => self.hide(node),
            (Meaning::Known(ValueType::Array { item, .. }), Kind::Object) => self.value(node, self.described(item)),
            (Meaning::Known(ValueType::Array { item, .. }), Kind::Array) => {
                let item = self.described(item);
                node.elements().for_each(|element| self.value(element, item));
            }
            (Meaning::Known(ValueType::Object(rows)), Kind::Object) => {
                // Where a secret is missing, any unknown key may be its name.
                let lacks =
                    self.schema.keys(rows).any(|(id, key)| self.schema.note(id).is_secret && node.member(&key.name).is_none());
                self.object(node, rows, &mut |walk, key| match walk.member(key, rows) {
                    Meaning::Unknown if lacks && !walk.is_other(key) => Meaning::Secret,
                    meaning => meaning,
                });
            }
            (Meaning::Known(ValueType::Map(item)), Kind::Object) => {
                let item = self.described(item);
                self.object(node, Rows::default(), &mut |walk, key| match walk.member(key, Rows::default()) {
                    Meaning::Secret => Meaning::Secret,
                    Meaning::Holder if !matches!(item, Meaning::Secret) => Meaning::Holder,
                    _ => item,
                });
            }
            (Meaning::Holder, Kind::Object) => {
                self.object(node, Rows::default(), &mut |walk, key| match walk.member(key, Rows::default()) {
                    Meaning::Unknown if !walk.is_other(key) => Meaning::Secret,
                    meaning => meaning,
                });
            }
            (Meaning::Known(_) | Meaning::Unknown, Kind::Object) => {
                self.object(node, Rows::default(), &mut |walk, key| walk.member(key, Rows::default()));
            }
            (_, Kind::Array) => node.elements().for_each(|element| self.value(element, meaning)),
            (Meaning::Holder, _) => self.hide(node),
            (Meaning::Known(value), _) if self.holds_secret(value) => self.hide(node),
            (Meaning::Known(_) | Meaning::Unknown, _) => {
                let is_document = |text: &str| text.trim_start().starts_with(['{', '[', '<']);
                if node.as_str().is_some_and(|text| is_document(&text) && names::are_in(text.as_bytes(), true)) {
                    self.hide(node);
                }
            }
        }
    }

    /// Walks an object whose members have the meanings that `of` returns.
    fn object<'d>(&mut self, node: Node<'d>, rows: Rows, of: &mut dyn FnMut(&mut Self, Node<'d>) -> Meaning) {
        let has_secret = node.members().any(|(key, _)| matches!(of(self, key), Meaning::Secret));
        self.found.has_names |= has_secret;
        for (key, value) in node.members() {
            let meaning = of(self, key);
            if has_secret || self.found.is_doubtful {
                self.key(key, rows);
            }
            self.value(value, meaning);
        }
    }

    /// Hides a key if a secret may stand in its place.
    fn key(&mut self, key: Node<'_>, rows: Rows) {
        let Some(name) = key.as_str() else { return };
        let may_be_secret = name.len() > MAX_SHOWN || self.is_fragment(key);
        if may_be_secret && self.schema.find_key(rows, &name).is_none() && !self.is_apples(key) {
            self.hide(key);
            self.found.hide_key(&name);
        }
    }

    /// Whether a string of a broken document begins in the middle of another, as `\"b"` in `a\"b"`.
    fn is_fragment(&self, node: Node<'_>) -> bool {
        let before = node.span().start.checked_sub(1).and_then(|at| self.text.get(at));
        before.is_some_and(|byte| !byte.is_ascii_whitespace() && !b"{[,:".contains(byte))
    }

    fn hide(&mut self, node: Node<'_>) {
        let part = |node: Node<'_>| (node.index()..node.index() + node.len(), node.span());
        let (own, span) = part(node);
        let count = self.found.hidden.len();
        match self.found.hidden.last_mut() {
            // It is all of the document.
            Some((nodes, _)) if nodes.end > own.start => {}
            // Only punctuation stands between the two.
            Some((nodes, bytes)) if nodes.end == own.start && bytes.end <= span.start => {
                (nodes.end, bytes.end) = (own.end, span.end);
            }
            _ if count == MAX_HIDDEN => self.found.hidden = vec![part(self.root)],
            _ => self.found.hidden.push((own, span)),
        }
        self.keys_in(node);
    }

    /// Hides the keys in a secret from messages and pointers.
    fn keys_in(&mut self, node: Node<'_>) {
        for (key, value) in node.members() {
            if let Some(name) = key.as_str().filter(|name| name.len() > MAX_SHOWN) {
                self.found.hide_key(&name);
            }
            self.keys_in(value);
        }
        node.elements().for_each(|element| self.keys_in(element));
    }

    /// The meaning of a member of an object with these keys.
    fn member(&mut self, key: Node<'_>, rows: Rows) -> Meaning {
        let name = key.as_str().unwrap_or_default();
        if let Some(id) = self.schema.find_key(rows, &name) {
            return self.described(id);
        }
        self.judged += 1;
        if self.judged > MAX_JUDGED {
            return Meaning::Secret;
        }
        let mut sense = names::sense(&name, |name| self.compares() && names::is_public(name));
        // A backslash too many takes a letter away: `Chal\nge`.
        if sense == Sense::Other && key.text().contains('\\') {
            sense = names::sense(key.text(), |_| false);
        }
        match sense {
            Sense::Secret => Meaning::Secret,
            Sense::Holder => Meaning::Holder,
            Sense::Other => Meaning::Unknown,
        }
    }

    fn described(&self, id: KeyId) -> Meaning {
        if self.schema.note(id).is_secret { Meaning::Secret } else { Meaning::Known(self.schema.key(id).value) }
    }

    /// Whether a value of this type is an object with a secret, or an array or a map of such.
    fn holds_secret(&self, value: ValueType) -> bool {
        match value {
            ValueType::Object(rows) => self.schema.keys(rows).any(|(id, _)| self.schema.note(id).is_secret),
            ValueType::Array { item: id, .. } | ValueType::Map(id) => {
                matches!(self.described(id), Meaning::Secret) || self.holds_secret(self.schema.key(id).value)
            }
            _ => false,
        }
    }

    /// Whether a key equals or resembles one of Apple's.
    fn is_apples(&mut self, key: Node<'_>) -> bool {
        self.compares() && key.as_str().is_some_and(|name| names::is_apples(&name))
    }

    /// Whether a key equals or resembles one of Apple's, and not the name of a secret.
    fn is_other(&mut self, key: Node<'_>) -> bool {
        self.compares() && key.as_str().is_some_and(|name| !names::is_like_secret(&name) && names::is_other(&name))
    }

    /// Whether one more name may be compared with Apple's.
    fn compares(&mut self) -> bool {
        self.compared += 1;
        self.compared <= MAX_COMPARED
    }
}

impl Secrets {
    fn spans(self) -> Vec<Range<usize>> {
        self.hidden.into_iter().map(|(_, span)| span).collect()
    }
}

/// Whether a key has this name, in any case.
fn is_name(key: Node<'_>, name: &str) -> bool {
    key.as_str().is_some_and(|key| key.eq_ignore_ascii_case(name))
}

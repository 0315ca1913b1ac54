//! Parses a document: JSON, with recovery from syntax errors, a property list, or YAML.

use super::grammar::{Grammar, Syntax};
use super::language;
use super::node::Node;
use super::parser;
use super::plist::TextFault;
use super::plist::{self, Container};
use super::rules::{invalid_encoding, oversized_document};
use super::tree::{Entry, Tree};
use super::yaml::{self, Trap};
use crate::diagnostic::{Severity, SyntaxDiagnostic};
use crate::limits::MAX_STRING_BYTES;
use std::ops::Range;

/// A parsed document.
pub(crate) struct Document<'t> {
    raw: Tree<'t>,
}

impl Document<'_> {
    /// The root value.
    pub(crate) fn root(&self) -> Node<'_> {
        Node::new(self.raw.value())
    }
}

/// The result of parsing: the document, if there is a value, and the syntax errors.
pub(crate) struct Parsed<'t> {
    pub(crate) document: Option<Document<'t>>,
    pub(crate) faults: Vec<SyntaxDiagnostic>,
    /// Errors of a property list that do not apply if the text contains a user-defined placeholder.
    pub(crate) text_faults: Vec<TextFault>,
    /// Scalars of YAML that its versions read differently, by the index of their node.
    pub(crate) traps: Vec<(usize, Trap)>,
}

impl Parsed<'_> {
    /// All syntax errors, ignoring user-defined placeholders.
    pub(crate) fn mistakes(&self) -> impl Iterator<Item = &SyntaxDiagnostic> {
        self.all().filter(|fault| fault.severity == Severity::Error)
    }

    /// The findings about text that can be read, but that others may read otherwise.
    pub(crate) fn doubts(&self) -> impl Iterator<Item = &SyntaxDiagnostic> {
        self.all().filter(|fault| fault.severity < Severity::Error)
    }

    fn all(&self) -> impl Iterator<Item = &SyntaxDiagnostic> {
        self.faults.iter().chain(self.text_faults.iter().map(|(_, mistake)| mistake))
    }
}

/// Buffers of the parser, reused from one text to the next.
#[derive(Default)]
pub(crate) struct Buffers {
    /// A copy of a text that is not UTF-8, with the same offsets; or the values of a property list or YAML in JSON.
    pub(super) text: String,
    pub(super) entries: Vec<Entry>,
    /// The range in `text` of each value of a property list or YAML.
    pub(super) written: Vec<Range<u32>>,
}

/// The maximum capacity kept between texts, in entries and bytes: more than any real declaration needs.
const MAX_KEPT: usize = 1 << 14;

impl Buffers {
    /// Releases the memory of a very large text.
    pub(crate) fn tidy(&mut self) {
        if self.entries.capacity() > MAX_KEPT || self.text.capacity() > MAX_KEPT {
            *self = Self::default();
        }
    }
}

/// Parses one document: a property list if its first bytes say so, otherwise JSON.
pub(crate) fn parse<'t>(bytes: &'t [u8], buffers: &'t mut Buffers) -> Parsed<'t> {
    match Container::of(bytes) {
        None => parse_json(bytes, buffers),
        Some(container) => property_list(bytes, container, buffers),
    }
}

/// Parses one document of a file that is read by this grammar.
pub(crate) fn parse_as<'t>(grammar: Grammar, bytes: &'t [u8], buffers: &'t mut Buffers) -> Parsed<'t> {
    match grammar {
        Grammar::Detected => parse(bytes, buffers),
        Grammar::Json => parse_json(bytes, buffers),
        Grammar::Yaml => parse_yaml(bytes, buffers),
    }
}

fn parse_yaml<'t>(bytes: &[u8], buffers: &'t mut Buffers) -> Parsed<'t> {
    let yaml::Read { has_value, faults, traps } = yaml::read(bytes, buffers);
    let document = has_value.then(|| Document { raw: Tree::written(Syntax::Yaml, buffers) });
    Parsed { document, faults, text_faults: Vec::new(), traps }
}

fn property_list<'t>(bytes: &[u8], container: Container, buffers: &'t mut Buffers) -> Parsed<'t> {
    let plist::Read { has_value, faults, text_faults } = plist::read(bytes, container, buffers);
    let document = has_value.then(|| Document { raw: Tree::written(Syntax::PropertyList, buffers) });
    Parsed { document, faults, text_faults, traps: Vec::new() }
}

/// Parses one document that can only be JSON, as an array element or a line.
pub(crate) fn parse_json<'t>(bytes: &'t [u8], buffers: &'t mut Buffers) -> Parsed<'t> {
    let Buffers { text: copy, entries, .. } = buffers;
    let (text, mut faults) = if let Ok(text) = simdutf8::basic::from_utf8(bytes) {
        (text, Vec::new())
    } else {
        let (text, fault) = language::not_utf8(bytes, &invalid_encoding::RULE);
        *copy = text;
        (&**copy, vec![fault])
    };
    faults.extend(parser::parse(text, entries));
    if text.len() > MAX_STRING_BYTES
        && let Some(long) = entries.iter().find(|entry| entry.is_longer(MAX_STRING_BYTES))
    {
        let start = long.start as usize;
        return Parsed {
            document: None,
            faults: vec![oversized_document::string(start..start + 1)],
            text_faults: Vec::new(),
            traps: Vec::new(),
        };
    }
    let document = (!entries.is_empty()).then(|| Document { raw: Tree::of_json(text, entries) });
    Parsed { document, faults, text_faults: Vec::new(), traps: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(text: &str) -> (Option<String>, Vec<String>) {
        let mut buffers = Buffers::default();
        let parsed = parse(text.as_bytes(), &mut buffers);
        let read = parsed.document.map(|document| document.root().text().to_owned());
        (read, parsed.faults.into_iter().map(|fault| fault.message).collect())
    }

    #[test]
    fn reads_values_before_a_syntax_error() {
        let (read, faults) = tree(r#"{"a": [1, 2, {"b": tru"#);
        assert_eq!(read.as_deref(), Some(r#"{"a": [1, 2, {"b": tru"#));
        assert_eq!(faults.len(), 1, "{faults:?}");
    }

    #[test]
    fn reads_past_comments_and_trailing_commas() {
        let (read, faults) = tree("{\"a\": 1, // one\n \"b\": [2,],}");
        assert!(read.is_some_and(|read| read.starts_with('{')));
        assert_eq!(faults, ["a comment is not JSON", "a comma before ] is not JSON", "a comma before } is not JSON"]);
    }

    #[test]
    fn marks_truncated_objects_as_incomplete() {
        let mut buffers = Buffers::default();
        let parsed = parse(br#"{"a": {"b": 1}, "c": {"d": "#, &mut buffers);
        let document = parsed.document.expect("a document");
        assert!(!document.root().is_complete());
        assert!(document.root().member("a").expect("a").is_complete());
        assert!(!document.root().member("c").expect("c").is_complete());
    }
}

//! Reads a document: JSON, as much as can be read of what is not quite JSON, and property lists.

use super::language;
use super::node::Node;
use super::parser;
use super::plist::Doubt;
use super::plist::{self, Container};
use super::rules::invalid_json;
use super::tree::{Entry, Tree};
use crate::diagnostic::SyntaxDiagnostic;
use std::ops::Range;

/// A document that was read, as far as its syntax let.
pub(crate) struct Document<'t> {
    raw: Tree<'t>,
}

impl Document<'_> {
    /// The value at the top.
    pub(crate) fn root(&self) -> Node<'_> {
        Node::new(self.raw.value())
    }
}

/// What reading gave: a document as far as there is one, and what was wrong with its syntax.
pub(crate) struct Parsed<'t> {
    pub(crate) document: Option<Document<'t>>,
    pub(crate) faults: Vec<SyntaxDiagnostic>,
    /// Mistakes of a property list, unless a text holds a placeholder that the user defines.
    pub(crate) doubts: Vec<Doubt>,
}

impl Parsed<'_> {
    /// Everything that is wrong, whatever the user calls a placeholder.
    pub(crate) fn mistakes(&self) -> impl Iterator<Item = &SyntaxDiagnostic> {
        self.faults.iter().chain(self.doubts.iter().map(|(_, mistake)| mistake))
    }
}

/// Room for what is made of a text. Who reads many texts gives the same room to all of them.
#[derive(Default)]
pub(crate) struct Spare {
    /// A copy of a text that is not UTF-8, in which everything stands where it stands in the text; or the values of a property list.
    pub(super) text: String,
    pub(super) entries: Vec<Entry>,
    /// Where in `text` the values of a property list are written.
    pub(super) written: Vec<Range<u32>>,
}

/// How many values, and bytes, the room keeps space for from one text to the next: more than any but a hostile declaration has.
const MOST_KEPT: usize = 1 << 14;

impl Spare {
    /// Gives back what a very large text took.
    pub(crate) fn tidy(&mut self) {
        if self.entries.capacity() > MOST_KEPT || self.text.capacity() > MOST_KEPT {
            *self = Self::default();
        }
    }
}

/// Parses one document, which is JSON unless its first bytes say that it is a property list.
pub(crate) fn parse<'t>(bytes: &'t [u8], spare: &'t mut Spare) -> Parsed<'t> {
    match Container::of(bytes) {
        None => parse_json(bytes, spare),
        Some(container) => property_list(bytes, container, spare),
    }
}

fn property_list<'t>(bytes: &[u8], container: Container, spare: &'t mut Spare) -> Parsed<'t> {
    let plist::Read { has_value, faults, doubts } = plist::read(bytes, container, spare);
    let document = has_value.then(|| Document { raw: Tree::of_plist(&spare.text, &spare.entries, &spare.written) });
    Parsed { document, faults, doubts }
}

/// Parses one document that can be JSON alone, since it stands among others.
pub(crate) fn parse_json<'t>(bytes: &'t [u8], spare: &'t mut Spare) -> Parsed<'t> {
    let Spare { text: copy, entries, .. } = spare;
    let (text, mut faults) = match simdutf8::basic::from_utf8(bytes) {
        Ok(text) => (text, Vec::new()),
        Err(_) => match language::not_utf8(bytes, &invalid_json::RULE) {
            (Some(text), fault) => {
                *copy = text;
                (&**copy, vec![fault])
            }
            (None, fault) => {
                return Parsed { document: None, faults: vec![fault], doubts: Vec::new() };
            }
        },
    };
    faults.extend(parser::parse(text, entries));
    let document = (!entries.is_empty()).then(|| Document { raw: Tree::of_json(text, entries) });
    Parsed { document, faults, doubts: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(text: &str) -> (Option<String>, Vec<String>) {
        let mut spare = Spare::default();
        let parsed = parse(text.as_bytes(), &mut spare);
        let read = parsed.document.map(|document| document.root().text().to_owned());
        (read, parsed.faults.into_iter().map(|fault| fault.message).collect())
    }

    #[test]
    fn what_stands_before_a_syntax_error_is_read() {
        let (read, faults) = tree(r#"{"a": [1, 2, {"b": tru"#);
        assert_eq!(read.as_deref(), Some(r#"{"a": [1, 2, {"b": tru"#));
        assert_eq!(faults.len(), 1, "{faults:?}");
    }

    #[test]
    fn comments_and_trailing_commas_hide_nothing() {
        let (read, faults) = tree("{\"a\": 1, // one\n \"b\": [2,],}");
        assert!(read.is_some_and(|read| read.starts_with('{')));
        assert_eq!(faults, ["a comment is not JSON", "a comma before ] is not JSON", "a comma before } is not JSON"]);
    }

    #[test]
    fn an_incomplete_object_knows_that_it_is() {
        let mut spare = Spare::default();
        let parsed = parse(br#"{"a": {"b": 1}, "c": {"d": "#, &mut spare);
        let document = parsed.document.expect("the part before the end is readable");
        assert!(!document.root().is_complete());
        assert!(document.root().member("a").expect("a was read").is_complete());
        assert!(!document.root().member("c").expect("c was begun").is_complete());
    }
}

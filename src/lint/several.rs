//! Lints the elements of an array, or the documents of a YAML file.

use std::ops::Range;

use super::foreign::is_something_else;
use super::resemblance::looks_like_declaration;
use super::{Buffers, Linted, Linter};
use crate::limits::MAX_FOREIGN;
use crate::rules::not_a_declaration;
use crate::syntax;
use crate::validate::{self, Fleet, Strictness, Validator};

/// How much a document looks like a declaration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Likeness {
    Other,
    /// It is known to be something else, such as a policy.
    Known,
    /// It looks like a declaration with a wrong type.
    Near,
    /// It is a declaration, or has syntax errors and looks like one.
    Declaration,
}

impl Linter<'_, '_> {
    /// Lints the elements of an array, or the documents of a YAML file. In a file with one declaration, every one must be
    /// one. Returns what is left to iterate over; `None` if reading stopped early.
    pub(super) fn all<I: Iterator<Item = Range<usize>>>(
        &mut self,
        pieces: impl Fn() -> I,
        buffers: &mut Buffers,
        early: &mut impl FnMut(Linted),
    ) -> Option<I> {
        let mut strictness = Strictness::Named;
        if self.text.strictness == Strictness::Found {
            let mut nearest = Likeness::Other;
            for span in pieces() {
                nearest = nearest.max(self.likeness(span));
                if nearest == Likeness::Declaration {
                    break;
                }
            }
            match nearest {
                Likeness::Declaration => {}
                Likeness::Near => strictness = Strictness::Found,
                Likeness::Known => return None,
                Likeness::Other => {
                    self.skip(0..self.text.bytes.len());
                    return None;
                }
            }
        }
        let mut pieces = pieces();
        for span in pieces.by_ref() {
            self.document(span, strictness, buffers);
            if self.foreign > MAX_FOREIGN {
                return None;
            }
            if self.is_batch_full() {
                early(std::mem::take(&mut self.out));
            }
        }
        Some(pieces)
    }

    /// How much a document looks like a declaration.
    fn likeness(&self, span: Range<usize>) -> Likeness {
        let mut buffers = Buffers::default();
        let bytes = &self.text.bytes[span];
        let parsed = syntax::parse_as(self.grammar, bytes, &mut buffers);
        let conditions = self.text.conditions;
        let root = parsed.document.as_ref().map(syntax::Document::root);
        let mut validator = Validator::new(&conditions.schema, &conditions.placeholders);
        let is_read = root
            .is_some_and(|root| Fleet::find(root).is_some() || validate::read(root, Strictness::Found, &mut validator).is_some());
        if is_read || (parsed.mistakes().next().is_some() && looks_like_declaration(bytes)) {
            Likeness::Declaration
        } else if root.is_some_and(not_a_declaration::is_near) {
            Likeness::Near
        } else if root.is_some_and(is_something_else) {
            Likeness::Known
        } else {
            Likeness::Other
        }
    }
}

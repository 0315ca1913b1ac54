//! What the rules about predicates share.

use std::ops::Range;

use crate::apple::Target;
use crate::diagnostic::Spot;
use crate::predicate::{Mistake, Predicate};
use crate::syntax::{Node, Placeholders};

/// The predicate of an activation.
pub(crate) struct Condition<'d> {
    /// The decoded text.
    pub(crate) text: &'d str,
    pub(crate) parsed: Result<Predicate, Mistake>,
    /// Whether the text contains a placeholder, which may stand for any part of it.
    pub(crate) is_template: bool,
    pub(crate) node: Node<'d>,
    pub(crate) pointer: String,
    /// The document.
    pub(crate) source: &'d [u8],
    pub(crate) targets: &'d [Target],
    pub(crate) placeholders: &'d Placeholders,
}

impl<'d> Condition<'d> {
    /// Reads the predicate `text` of the value `node`.
    pub(crate) fn new(
        text: &'d str,
        (node, pointer): (Node<'d>, String),
        source: &'d [u8],
        targets: &'d [Target],
        placeholders: &'d Placeholders,
    ) -> Self {
        let is_template = placeholders.are_in(text);
        let parsed = Predicate::parse(text, &|part| is_template && placeholders.are_in(part));
        Self { text, parsed, is_template, node, pointer, source, targets, placeholders }
    }

    /// The place of a part of the text.
    pub(super) fn spot(&self, span: &Range<usize>) -> Spot {
        let is_all = span.len() >= self.text.len();
        Spot::at(&*self.pointer, if is_all { self.node.span() } else { self.node.inside(self.source, span) })
    }
}

/// An activation with this predicate, over several lines.
macro_rules! conditional {
    ($predicate:expr) => {
        $crate::diagnostic::declaration!(
            "com.apple.activation.simple",
            "com.example.activation",
            concat!("{\n    \"StandardConfigurations\": [\"com.example.a\"],\n    \"Predicate\": \"", $predicate, "\"\n  }")
        )
    };
}

/// An activation with this predicate, in one line.
macro_rules! conditional_line {
    ($predicate:expr) => {
        $crate::diagnostic::declaration_line!(
            "com.apple.activation.simple",
            "com.example.activation",
            concat!("{ \"StandardConfigurations\": [\"com.example.a\"], \"Predicate\": \"", $predicate, "\" }")
        )
    };
}

pub(super) use {conditional, conditional_line};

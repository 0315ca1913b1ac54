//! Lints declarations in another document: in an object that wraps them, and in a profile with a
//! `com.apple.declarations` payload, where each is an element of data.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::ops::Range;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::judged::Judged;
use super::linter::draft;
use super::{Buffers, Linter, Text};
use crate::diagnostic::{Drafts, Position, SyntaxDiagnostic};
use crate::syntax::{Grammar, Kind, Node};
use crate::validate::Strictness;

/// The type of the payload.
pub(super) const PAYLOAD: &str = "com.apple.declarations";

/// A declaration in a profile.
pub(super) struct Enclosed {
    /// The span of the data in the profile.
    pub(super) span: Range<usize>,
    /// The declaration, decoded.
    pub(super) text: Vec<u8>,
}

/// The declarations in a profile, or in such a payload alone.
pub(super) fn declarations(root: Node<'_>) -> Vec<Enclosed> {
    let payloads = root.member("PayloadContent").into_iter().flat_map(Node::elements).chain([root]);
    let ours = payloads.filter(|payload| payload.member("PayloadType").is_some_and(|kind| kind.is_str(PAYLOAD)));
    let all = ours.filter_map(|payload| payload.member("Declarations")).flat_map(Node::elements);
    all.filter_map(enclosed).collect()
}

fn enclosed(data: Node<'_>) -> Option<Enclosed> {
    let text = data.as_str().filter(|_| data.kind() == Kind::Data)?;
    let base64: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    Some(Enclosed { span: data.span(), text: STANDARD.decode(base64).ok()? })
}

impl Linter<'_, '_> {
    /// Lints declarations that the object at `wrapper` wraps, and reports the syntax errors around them, in text order.
    pub(super) fn wrapped(
        &mut self,
        wrapper: Range<usize>,
        declarations: Vec<Range<usize>>,
        mut faults: Vec<SyntaxDiagnostic>,
        buffers: &mut Buffers,
    ) {
        self.grammar = Grammar::Json;
        faults.sort_by_key(|fault| fault.place.start);
        let mut faults = faults.into_iter().peekable();
        for declaration in declarations {
            let before: Vec<_> = std::iter::from_fn(|| faults.next_if(|fault| fault.place.start <= declaration.start)).collect();
            self.around(wrapper.clone(), before);
            self.document(wrapper.start + declaration.start..wrapper.start + declaration.end, Strictness::Named, buffers);
            // The declaration reports its own.
            while faults.next_if(|fault| fault.place.start < declaration.end).is_some() {}
        }
        self.around(wrapper, faults.collect());
    }

    /// Lints a declaration in a profile. Its findings are at its data, since the profile does not show its text.
    pub(super) fn enclosed(&mut self, base: usize, Enclosed { span, text }: &Enclosed) {
        let start = self.locator.position(base + span.start);
        let end = self.locator.position(base + span.end);
        let inner = Text {
            file: self.text.file,
            conditions: self.text.conditions,
            bytes: Cow::Borrowed(text),
            encoding: None,
            origin: Position::START,
            first_index: self.index,
            strictness: Strictness::Named,
            // Its text cannot be read again.
            gather: self.text.gather.for_one_reading(),
        };
        let mut linter = Linter::new(&inner, self.hashes);
        linter.grammar = Grammar::Json;
        linter.document(0..text.len(), Strictness::Named, &mut Buffers::default());
        self.index = linter.index;
        let mut linted = linter.finish();
        linted.unexamined.iter_mut().for_each(|place| *place = start);
        let document = self.text.origin.offset + base + span.start..self.text.origin.offset + base + span.end;
        for finding in &mut linted.findings {
            let places = finding.related.iter_mut().map(|related| &mut related.place).chain([&mut finding.place]);
            places.for_each(|place| (place.start, place.end, place.document) = (start, end, Some(document.clone())));
            finding.fix = None;
        }
        for declared in &mut linted.declarations {
            (declared.start, declared.end, declared.span) = (start, end, document.clone());
        }
        self.out.append(linted);
    }

    /// Reports syntax errors around declarations.
    fn around(&mut self, wrapper: Range<usize>, faults: Vec<SyntaxDiagnostic>) {
        let mut drafts = Drafts::default();
        drafts.extend(faults.into_iter().map(draft));
        let bytes = &self.text.bytes[wrapper.clone()];
        let judged = Judged { bytes, root: None, reading: None, is_broken: true, secrets: OnceCell::new() };
        self.take(judged.diagnostics(drafts, self.text.conditions), wrapper.start, wrapper);
    }
}

//! Reads property lists: XML with source spans, binary without.
//!
//! The result is the same tree as for JSON: each value has its span in the source and its text in JSON. Code that uses
//! nodes does not depend on the syntax of the document.

mod binary;
mod container;
mod element;
mod elements;
mod scalar;
#[cfg(test)]
mod tests;
mod xml;

pub(crate) use container::Container;

use super::builder::Builder;
use super::json::Buffers;
use super::language;
use crate::diagnostic::SyntaxDiagnostic;
use crate::limits::MAX_BINARY_BYTES;
use crate::syntax::rules::{invalid_plist, oversized_document};

/// The result of reading a property list: whether there is a value, and the errors. Without a value there is an error.
pub(super) struct Read {
    pub(super) has_value: bool,
    pub(super) faults: Vec<SyntaxDiagnostic>,
    pub(super) text_faults: Vec<TextFault>,
}

/// A text and its error, which does not apply if the text contains a user-defined placeholder.
pub(crate) type TextFault = (String, SyntaxDiagnostic);

impl Read {
    /// The result without a value.
    fn refused(fault: SyntaxDiagnostic) -> Self {
        Self { has_value: false, faults: vec![fault], text_faults: Vec::new() }
    }
}

/// Reads a property list into `buffers`.
pub(super) fn read(bytes: &[u8], container: Container, buffers: &mut Buffers) -> Read {
    // Offsets are stored as `u32`. The limit on the size of a document is far lower.
    if u32::try_from(bytes.len()).is_err() {
        return Read::refused(invalid_plist::diagnostic("this document is too large", "split it", 0..0));
    }
    let mut builder = Builder::new(buffers);
    match container {
        Container::Xml => {
            if let Ok(text) = str::from_utf8(bytes) {
                return xml::read(text, &mut builder);
            }
            let (text, fault) = language::not_utf8(bytes, &invalid_plist::RULE);
            let mut read = xml::read(&text, &mut builder);
            read.faults.insert(0, fault);
            read
        }
        Container::Binary if bytes.len() > MAX_BINARY_BYTES => Read::refused(oversized_document::binary()),
        Container::Binary => binary::read(bytes, &mut builder),
        Container::Signed => Read::refused(container::signed()),
        Container::Armoured => Read::refused(container::armoured()),
    }
}

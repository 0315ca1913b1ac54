//! Reads property lists: XML with positions, binary ones without.
//!
//! Its values are listed in the same tree as those of JSON, each with its place in the source and written as JSON writes it. So there is
//! one kind of node, whatever the syntax of a document, and code that reads nodes need not know of property lists.

mod binary;
mod builder;
mod container;
mod element;
mod elements;
mod scalar;
#[cfg(test)]
mod tests;
mod xml;

pub(crate) use container::Container;

use super::json::Spare;
use super::language;
use crate::diagnostic::SyntaxDiagnostic;
use crate::syntax::rules::invalid_plist;
use builder::Builder;

/// What reading a property list gave: whether there is a value that may be used, and what was wrong. Without one something is wrong.
pub(super) struct Read {
    pub(super) has_value: bool,
    pub(super) faults: Vec<SyntaxDiagnostic>,
    pub(super) doubts: Vec<Doubt>,
}

/// A text where another thing should stand, and the mistake that this is, unless the text holds a placeholder that the user defines.
pub(crate) type Doubt = (String, SyntaxDiagnostic);

impl Read {
    /// Nothing could be read.
    fn refused(fault: SyntaxDiagnostic) -> Self {
        Self { has_value: false, faults: vec![fault], doubts: Vec::new() }
    }
}

/// Reads a property list. Its values are listed in `spare`.
pub(super) fn read(bytes: &[u8], container: Container, spare: &mut Spare) -> Read {
    // Every place must be a `u32`. The bound on the size of a document is far below that.
    if u32::try_from(bytes.len()).is_err() {
        return Read::refused(invalid_plist::diagnostic("this document is too large", "split it", 0..0));
    }
    let mut builder = Builder::new(spare);
    match container {
        Container::Xml => match str::from_utf8(bytes) {
            Ok(text) => xml::read(text, &mut builder),
            Err(_) => match language::not_utf8(bytes, &invalid_plist::RULE) {
                (Some(text), fault) => {
                    let mut read = xml::read(&text, &mut builder);
                    read.faults.insert(0, fault);
                    read
                }
                (None, fault) => Read::refused(fault),
            },
        },
        Container::Binary => binary::read(bytes, &mut builder),
        Container::Utf16 => Read::refused(invalid_plist::diagnostic(
            "this property list is UTF-16, not UTF-8",
            "save it as UTF-8, and write encoding=\"UTF-8\" in its first line",
            0..2,
        )),
        Container::Signed => Read::refused(container::signed()),
        Container::Armoured => Read::refused(container::armoured()),
    }
}

//! Reads property lists: XML with positions, binary ones without.
//!
//! A property list is translated into JSON beside a table of where everything stands in the source. So there is one kind of node,
//! whatever the syntax of a document, and code that reads nodes need not know of property lists.

mod binary;
mod container;
mod element;
mod elements;
mod scalar;
#[cfg(test)]
mod tests;
mod translation;
mod xml;

pub(crate) use container::Container;

use super::language;
use super::origin::Places;
use crate::diagnostic::SyntaxDiagnostic;
use crate::syntax::rules::invalid_plist;

/// What reading a property list gave: the places of a translation, if there is one, and what was wrong.
pub(super) struct Translated {
    pub(super) places: Option<Places>,
    pub(super) faults: Vec<SyntaxDiagnostic>,
    pub(super) doubts: Vec<Doubt>,
}

/// A text where another thing should stand, and the mistake that this is, unless the text holds a placeholder that the user defines.
pub(crate) type Doubt = (String, SyntaxDiagnostic);

impl Translated {
    /// Nothing could be read.
    fn refused(fault: SyntaxDiagnostic) -> Self {
        Self { places: None, faults: vec![fault], doubts: Vec::new() }
    }
}

/// Translates a property list into `json`.
pub(super) fn translate(bytes: &[u8], container: Container, json: &mut String) -> Translated {
    json.clear();
    let translated = match container {
        Container::Xml => match str::from_utf8(bytes) {
            Ok(text) => xml::translate(text, json),
            Err(_) => match language::not_utf8(bytes, &invalid_plist::RULE) {
                (Some(text), fault) => {
                    let mut translated = xml::translate(&text, json);
                    translated.faults.insert(0, fault);
                    translated
                }
                (None, fault) => Translated::refused(fault),
            },
        },
        Container::Binary => binary::translate(bytes, json),
        Container::Utf16 => Translated::refused(invalid_plist::diagnostic(
            "this property list is UTF-16, not UTF-8",
            "save it as UTF-8, and write encoding=\"UTF-8\" in its first line",
            0..2,
        )),
        Container::Signed => Translated::refused(container::signed()),
        Container::Armoured => Translated::refused(container::armoured()),
    };
    if translated.places.is_none() {
        json.clear();
    }
    translated
}

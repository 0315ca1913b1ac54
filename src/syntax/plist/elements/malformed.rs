//! Messages of XML syntax errors.

use quick_xml::errors::{Error, IllFormedError, SyntaxError};

/// An XML syntax error.
pub(super) struct Malformed {
    pub(super) message: &'static str,
    pub(super) help: &'static str,
    /// Whether parsing cannot continue.
    pub(super) ends_reading: bool,
}

impl Malformed {
    pub(super) fn of(error: &Error) -> Self {
        let (message, help, ends_reading) = match error {
            Error::Syntax(SyntaxError::UnclosedComment) => ("this comment is never closed", "write --> where it ends", true),
            Error::Syntax(SyntaxError::UnclosedCData) => ("this CDATA section is never closed", "write ]]> where it ends", true),
            Error::Syntax(SyntaxError::UnclosedDoctype) => ("this document type is never closed", "write > where it ends", true),
            Error::Syntax(SyntaxError::UnclosedPI | SyntaxError::UnclosedXmlDecl) => {
                ("this <? is never closed", "write ?> where it ends", true)
            }
            Error::Syntax(SyntaxError::InvalidBangMarkup) => {
                ("this <! is not valid XML", "write <!-- for a comment, or &lt; for a literal <", true)
            }
            Error::Syntax(_) => ("this tag is never closed", "write > where it ends, or &lt; for a literal <", true),
            Error::IllFormed(IllFormedError::DoubleHyphenInComment) => {
                ("-- inside a comment is not valid XML", "write a single hyphen, or another dash", false)
            }
            Error::IllFormed(IllFormedError::MissingDoctypeName) => {
                ("this document type has no name", "write <!DOCTYPE plist …>, or remove it", false)
            }
            _ => ("this is not well-formed XML", "write the file again with a tool that writes property lists", true),
        };
        Self { message, help, ends_reading }
    }
}

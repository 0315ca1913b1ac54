//! `oversized-document`

use std::ops::Range;

use crate::diagnostic::{Draft, Example, Rule, Severity, Spot, SyntaxDiagnostic, activation};
use crate::limits::{
    MAX_BINARY_BYTES, MAX_COMBINED_VALUES, MAX_DOCUMENT_BYTES, MAX_OPEN_TAGS, MAX_REFERENCES, MAX_STRING_BYTES, MAX_VALUES,
    MAX_YAML_BYTES,
};

pub(crate) static RULE: Rule = Rule::new(
    "oversized-document",
    Severity::Error,
    "a document is larger than 16 MiB, has more than a million keys and values, or a string of more than 4 MiB",
    "Declarations have a few thousand bytes. A larger document is another kind of file or a mistake, and it is not \
     read, so that it cannot exhaust memory. A binary property list may have 4 MiB, a YAML document 256 KiB. The limit applies to one declaration: an array may have 32 MiB, and a \
     file with one declaration per line any size.",
    // An example with a finding would be too large; a test generates one.
    &[Example::new(activation!("com.example.all", r#"["com.example.a"]"#))],
);

/// A document with too many bytes.
pub(crate) fn bytes() -> Draft {
    let message =
        format!("this document has more than {} MiB, too many for a declaration; it is not read", MAX_DOCUMENT_BYTES >> 20);
    RULE.at(Spot::at("", 0..0), message).help(HELP)
}

/// A document with a very long key, string or number.
pub(crate) fn string(at: Range<usize>) -> SyntaxDiagnostic {
    let message = format!(
        "this has more than {} MiB, too much for a key, string or number; the document is not read",
        MAX_STRING_BYTES >> 20
    );
    RULE.at(at, message).help(HELP)
}

/// A binary property list with too many bytes.
pub(crate) fn binary() -> SyntaxDiagnostic {
    let message = format!("this binary property list has more than {} MiB; it is not read", MAX_BINARY_BYTES >> 20);
    RULE.at(0..0, message).help("convert it to XML (plutil -convert xml1 FILE), or exclude it")
}

/// A YAML document with too many bytes.
pub(crate) fn yaml() -> SyntaxDiagnostic {
    let message = format!("this YAML document has more than {} KiB; it is not read", MAX_YAML_BYTES >> 10);
    RULE.at(0..0, message).help(HELP)
}

/// A YAML document with too many values after aliases were followed. `at` is the value that is too much.
pub(crate) fn unfolded(at: Range<usize>) -> SyntaxDiagnostic {
    let most = MAX_DOCUMENT_BYTES >> 20;
    let message =
        format!("the aliases expand to more than {MAX_VALUES} keys and values or {most} MiB; this document is not read");
    RULE.at(at, message).help("write the values themselves")
}

/// A property list with too many open tags.
pub(crate) fn tags(at: Range<usize>) -> SyntaxDiagnostic {
    let message = format!("more than {MAX_OPEN_TAGS} tags are open here; this property list is not read");
    RULE.at(at, message).help(HELP)
}

/// A document with too many values. `at` is where reading ends.
pub(crate) fn values(at: Range<usize>) -> SyntaxDiagnostic {
    let message = format!("this document has more than {MAX_VALUES} keys and values; the rest is not read");
    RULE.at(at, message).help(HELP)
}

/// A payload with too many values for a type that devices combine.
pub(crate) fn payload(at: Spot) -> Draft {
    let message = format!("this payload has more than {MAX_COMBINED_VALUES} keys and values; it is not compared with others");
    RULE.at(at, message).help(HELP)
}

/// An activation with too many names. `at` is the first that is not read.
pub(crate) fn names(at: Spot) -> Draft {
    let message = format!("this activation names more than {MAX_REFERENCES} configurations; they are not judged");
    RULE.at(at, message).help(HELP)
}

const HELP: &str = "declarations have a few thousand bytes; split the file, or exclude it";

//! `oversized-document`

use crate::diagnostic::{Draft, Example, Rule, Severity, Spot, activation};
use crate::words::count;

/// The maximum size of a document, in bytes. Apple's largest declarations have a few thousand.
pub(crate) const MAX_BYTES: usize = 16 << 20;

pub(crate) static RULE: Rule = Rule::new(
    "oversized-document",
    Severity::Error,
    "a single document is larger than 16 MiB",
    "Declarations have a few thousand bytes. A larger document is another kind of file or a mistake, and it is not \
     read, so that it cannot exhaust memory. The limit applies to one declaration: an array or a file with one \
     declaration per line may be larger.",
    // An example with a finding would be too large; a test generates one.
    &[Example::new(activation!("com.example.all", r#"["com.example.a"]"#))],
);

pub(crate) fn diagnostic(bytes: usize) -> Draft {
    let message = format!("this document has {}, too many for a declaration; it is not read", count(bytes, "byte"));
    let help = format!("a declaration may have at most {} MiB; split the file, or exclude it", MAX_BYTES >> 20);
    RULE.at(Spot::at("", 0..0), message).help(help)
}

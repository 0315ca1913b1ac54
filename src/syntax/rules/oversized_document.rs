//! `oversized-document`

use crate::diagnostic::{Draft, Example, Rule, Severity, Spot};
use crate::words::count;

/// A document of this many bytes is not a declaration: Apple's largest are a few thousand.
pub(crate) const MOST_BYTES: usize = 16 << 20;

pub(crate) static RULE: Rule = Rule::new(
    "oversized-document",
    Severity::Error,
    "a single document is larger than 16 MiB",
    "Declarations have a few thousand bytes. Something larger is another kind of file, or came about by mistake, and \
     it is not read, so that it cannot exhaust the memory. The limit is on one declaration: an array or a file with \
     one declaration per line may be larger.",
    OVERSIZED,
);

/// No example of the fault stands here, for its size; a test makes one.
const OVERSIZED: &[Example] = &[Example {
    document: r#"{ "Type": "com.apple.activation.simple", "Identifier": "com.example.all", "Payload": { "StandardConfigurations": [] } }"#,
    options: &[],
    finds: &[],
}];

pub(crate) fn diagnostic(bytes: usize) -> Draft {
    let message = format!("this document has {}, too many for a declaration; it is not read", count(bytes, "byte"));
    let help = format!("a declaration may have {} MiB at most; split the file, or leave it out", MOST_BYTES >> 20);
    RULE.at(Spot::at("", 0..0), message).help(help)
}

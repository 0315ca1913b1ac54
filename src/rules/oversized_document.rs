//! `oversized-document`

use super::{Check, Example, Rule};
use crate::finding::{Fault, Severity};
use crate::read::{Problem, ProblemKind};
use crate::words::count;

/// A document of this many bytes is not a declaration: Apple's largest are a few thousand.
pub(crate) const MOST_BYTES: usize = 16 << 20;

pub(super) static RULE: Rule = Rule {
    id: "oversized-document",
    severity: Severity::Error,
    is_optional: false,
    summary: "a single document is larger than 16 MiB",
    explanation: "Declarations have a few thousand bytes. Something larger is another kind of file, or came about by mistake, and \
                  it is not read, so that it cannot exhaust the memory. The limit is on one declaration: an array or a file with \
                  one declaration per line may be larger.",
    examples: OVERSIZED,
    check: Check::Problem(check),
};

/// No example of the fault stands here, for its size; a test makes one.
const OVERSIZED: &[Example] = &[Example {
    document: r#"{ "Type": "com.apple.activation.simple", "Identifier": "com.example.all", "Payload": { "StandardConfigurations": [] } }"#,
    options: &[], finds: &[],
}];

fn check(problem: &Problem) -> Option<Fault> {
    let ProblemKind::TooLarge { bytes } = problem.kind else { return None };
    let fault = Fault::new(format!("this document has {}, too many for a declaration; it is not read", count(bytes, "byte")));
    Some(fault.help(format!("a declaration may have {} MiB at most; split the file, or leave it out", MOST_BYTES >> 20)))
}

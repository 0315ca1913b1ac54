//! `too-many-findings`

use crate::diagnostic::{Diagnostic, Example, Rule, Severity, activation};
use crate::limits::{MAX_FILE_FINDINGS, MAX_FINDINGS, MAX_RUN_FINDINGS};

pub(crate) static RULE: Rule = Rule::new(
    "too-many-findings",
    Severity::Error,
    "there are more findings than are shown",
    "After a thousand findings about a document, or a few thousand about an array or a run, the others are only \
     counted, so that a hostile document cannot exhaust memory. So many findings have few causes: fix those that are \
     shown, and check again. Its severity is that of the worst finding that is not shown.",
    // An example with a finding would be too large; a test generates one.
    &[Example::new(activation!("com.example.all", r#"["com.example.a"]"#))],
)
.also(&[Severity::Note, Severity::Warning]);

/// Further findings about a document. `place` is that of the last one that is shown.
pub(crate) fn in_document<P, F>(rest: (usize, Severity), place: P) -> Diagnostic<P, F> {
    diagnostic("about this document", MAX_FINDINGS, rest, place)
}

/// Further findings about an array, or about some lines.
pub(crate) fn in_file<P, F>(rest: (usize, Severity), place: P) -> Diagnostic<P, F> {
    diagnostic("about these declarations", MAX_FILE_FINDINGS, rest, place)
}

/// Further findings about several declarations.
pub(crate) fn in_run<P, F>(rest: (usize, Severity), place: P) -> Diagnostic<P, F> {
    diagnostic("about several declarations", MAX_RUN_FINDINGS, rest, place)
}

fn diagnostic<P, F>(what: &str, most: usize, (more, worst): (usize, Severity), place: P) -> Diagnostic<P, F> {
    let message = format!("there are {more} more findings {what}; only the first {most} are shown");
    RULE.at(place, message).help("fix those that are shown, and check again").severity(worst)
}

//! `too-many-findings`

use crate::diagnostic::{Diagnostic, Example, Place, Region, Rule, Severity, activation};
use crate::limits::{MAX_FILE_FINDINGS, MAX_FINDINGS, MAX_RUN_FINDINGS};

pub(crate) static RULE: Rule = Rule::new(
    "too-many-findings",
    Severity::Error,
    "there are more findings than are shown",
    "After a thousand findings about a document, or a few thousand about an array or a run, the others are only \
     counted, so that a hostile document cannot exhaust memory. So many findings have few causes: mend those that are \
     shown, and check again. It is as severe as the worst finding that is not shown.",
    // An example with a finding would be too large; a test generates one.
    &[Example::new(activation!("com.example.all", r#"["com.example.a"]"#))],
);

/// Further findings about a document.
pub(crate) fn in_document((more, worst): (usize, Severity)) -> Diagnostic<Region> {
    let place = Region { pointer: String::new(), span: 0..0 };
    rest("about this document", MAX_FINDINGS, more, worst, place)
}

/// Further findings about an array, or about some lines.
pub(crate) fn in_file((more, worst): (usize, Severity)) -> Diagnostic<Region> {
    let place = Region { pointer: String::new(), span: 0..0 };
    rest("about these declarations", MAX_FILE_FINDINGS, more, worst, place)
}

/// Further findings about several declarations. `place` is that of the last one.
pub(crate) fn in_run((more, worst): (usize, Severity), place: Place) -> Diagnostic {
    rest("about several declarations", MAX_RUN_FINDINGS, more, worst, place)
}

fn rest<P, F>(what: &str, most: usize, more: usize, worst: Severity, place: P) -> Diagnostic<P, F> {
    let message = format!("there are {more} more findings {what}; only the first {most} are shown");
    RULE.at(place, message).help("mend those that are shown, and check again").severity(worst)
}

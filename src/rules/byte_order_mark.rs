//! `byte-order-mark`

use super::{Check, Example, Rule};
use crate::fix::{Proposal, Remedy};
use crate::finding::{Fault, Severity};
use crate::read::{Problem, ProblemKind};

pub(super) static RULE: Rule = Rule {
    id: "byte-order-mark",
    severity: Severity::Warning,
    is_optional: false,
    summary: "the file begins with a byte-order mark",
    explanation: "JSON texts must not begin with a byte-order mark (RFC 8259, section 8.1). Readers may overlook one, but those of \
                  several device-management servers do not, and refuse the file. Save it as UTF-8 without one.",
    examples: &[
        Example {
            document: "\u{FEFF}{ \"Type\": \"com.apple.activation.simple\", \"Identifier\": \"com.example.all\", \
                       \"Payload\": { \"StandardConfigurations\": [] } }",
            options: &[],
            finds: &[("", Severity::Warning)],
        },
        Example {
            document: r#"{ "Type": "com.apple.activation.simple", "Identifier": "com.example.all", "Payload": { "StandardConfigurations": [] } }"#,
            options: &[],
            finds: &[],
        },
    ],
    check: Check::Problem(check),
};

fn check(problem: &Problem) -> Option<Fault> {
    matches!(problem.kind, ProblemKind::ByteOrderMark).then(|| {
        Fault::new("the file begins with a byte-order mark, which many readers of JSON refuse")
            .help("save the file as UTF-8 without a byte-order mark")
            .fix(Some(Proposal::safe(Remedy::Replace(String::new()), "remove the byte-order mark")))
    })
}

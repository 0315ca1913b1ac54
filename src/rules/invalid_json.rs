//! `invalid-json`

use super::{Check, Example, Rule};
use crate::fix::{Proposal, Remedy};
use crate::finding::{Fault, Severity, Spot};
use crate::read::{Problem, ProblemKind};

pub(super) static RULE: Rule = Rule {
    id: "invalid-json",
    severity: Severity::Error,
    is_optional: false,
    summary: "the text is not JSON",
    explanation: "A declaration is JSON as RFC 8259 defines it: no comments, no commas before a closing bracket, double quotes \
                  around every string and key, UTF-8. Servers differ in what else they take, and a device takes nothing else. \
                  What can be read in spite of the mistake is checked all the same.",
    examples: &[
        Example {
            document: r#"{
  // the deferral of the pilot group
  "Type": "com.apple.configuration.softwareupdate.settings",
  "Identifier": "com.example.settings",
  "Payload": { "Notifications": false, }
}"#,
            options: &[],
            finds: &[("", Severity::Error), ("", Severity::Error)],
        },
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.settings",
  "Identifier": "com.example.settings",
  "Payload": { "Notifications": false }
}"#,
            options: &[],
            finds: &[],
        },
    ],
    check: Check::Problem(check),
};

fn check(problem: &Problem) -> Option<Fault> {
    let ProblemKind::Syntax(fault) = &problem.kind else { return None };
    let others = fault.related.iter().map(|(message, span)| (message.clone(), Spot::Bytes(span.clone()))).collect();
    let surplus = (!fault.surplus.is_empty()).then(|| Proposal::safe(Remedy::Delete(fault.surplus.clone()), "remove what is not JSON"));
    Some(Fault { related: others, ..Fault::new(&fault.message).help(&fault.help).fix(surplus) })
}

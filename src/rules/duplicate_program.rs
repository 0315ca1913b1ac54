//! `duplicate-program`

use super::{Check, Example, Rule};
use crate::finding::{Fault, Severity};
use crate::fix::{Proposal, Remedy};
use crate::read::{Problem, ProblemKind};
use crate::words::shown;

pub(super) static RULE: Rule = Rule {
    id: "duplicate-program",
    severity: Severity::Note,
    is_optional: false,
    summary: "OfferPrograms names a beta program twice",
    explanation: "A device offers every distinct program once, so the second entry has no effect. Perhaps another program was meant.",
    examples: &[
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.settings",
  "Identifier": "com.example.beta",
  "Payload": { "Beta": { "OfferPrograms": [
    { "Description": "AppleSeed for IT", "Token": "one" },
    { "Description": "AppleSeed for IT", "Token": "one" }
  ] } }
}"#,
            options: &[],
            finds: &[("/Payload/Beta/OfferPrograms", Severity::Note)],
        },
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.settings",
  "Identifier": "com.example.beta",
  "Payload": { "Beta": { "OfferPrograms": [{ "Description": "AppleSeed for IT", "Token": "one" }] } }
}"#,
            options: &[],
            finds: &[],
        },
    ],
    check: Check::Problem(check),
};

fn check(problem: &Problem) -> Option<Fault> {
    let ProblemKind::RepeatedItem { index, name } = &problem.kind else { return None };
    let message = format!("item {} of {}, {}, is there already", index + 1, problem.name, shown(name));
    let fix = Proposal::safe(Remedy::RemoveItem(*index), "remove the second entry");
    Some(Fault::new(message).help("remove the second entry").fix(Some(fix)))
}

//! `duplicate-program`

use super::spot;
use crate::diagnostic::{Draft, Example, Proposal, Remedy, Rule, Severity};
use crate::read::Problem;
use crate::words::shown;

pub(crate) static RULE: Rule = Rule::new(
    "duplicate-program",
    Severity::Note,
    "OfferPrograms names a beta program twice",
    "A device offers every distinct program once, so the second entry has no effect. Perhaps another program was meant.",
    &[
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
);

pub(super) fn diagnostic(problem: &Problem, index: usize, name: &str) -> Draft {
    RULE.at(spot(problem), format!("item {} of {}, {}, is there already", index + 1, problem.name, shown(name)))
        .help("remove the second entry")
        .fix(Proposal::safe(Remedy::RemoveItem(index), "remove the second entry"))
}

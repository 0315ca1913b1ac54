//! `payload-without-envelope`

use super::{Check, Example, Rule};
use crate::finding::{Fault, Severity};
use crate::read::{Problem, ProblemKind};

pub(crate) static RULE: Rule = Rule {
    id: "payload-without-envelope",
    severity: Severity::Note,
    is_optional: false,
    summary: "a file holds a payload alone, without Type and Identifier",
    explanation: "Some consoles (SimpleMDM, Jamf Blueprints) take the payload alone and write the envelope themselves. Every other \
                  server needs the whole declaration. The payload is checked as what its keys say it is.",
    examples: &[
        Example {
            document: r#"{ "Deferrals": { "CombinedPeriodInDays": 45 }, "RecommendedCadence": "Oldest" }"#,
            options: &[],
            finds: &[("", Severity::Note)],
        },
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.settings",
  "Identifier": "com.example.deferrals",
  "Payload": { "Deferrals": { "CombinedPeriodInDays": 45 }, "RecommendedCadence": "Oldest" }
}"#,
            options: &[],
            finds: &[],
        },
    ],
    check: Check::Problem(check),
};

fn check(problem: &Problem) -> Option<Fault> {
    let ProblemKind::PayloadOnly { kind } = &problem.kind else { return None };
    Some(Fault::new(format!("this is the payload of {kind} alone")).help(format!(
        "right for consoles that take the payload alone; elsewhere write {{ \"Type\": \"{kind}\", \"Identifier\": \"…\", \"Payload\": … }}"
    )))
}

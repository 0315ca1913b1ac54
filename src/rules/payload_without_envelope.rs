//! `payload-without-envelope`

use super::spot;
use crate::diagnostic::{Draft, Example, Rule, Severity};
use crate::model::DeclarationType;
use crate::read::Problem;

pub(crate) static RULE: Rule = Rule::new(
    "payload-without-envelope",
    Severity::Note,
    "a file holds a payload alone, without Type and Identifier",
    "Some consoles (SimpleMDM, Jamf Blueprints) take the payload alone and write the envelope themselves. Every other \
     server needs the whole declaration. The payload is checked as what its keys say it is.",
    &[
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
);

pub(super) fn diagnostic(problem: &Problem, kind: &DeclarationType) -> Draft {
    RULE.at(spot(problem), format!("this is the payload of {kind} alone")).help(format!(
        "right for consoles that take the payload alone; elsewhere write {{ \"Type\": \"{kind}\", \"Identifier\": \"…\", \"Payload\": … }}"
    ))
}

//! `payload-without-envelope`

use super::super::validator::Site;
use crate::apple::TypeId;
use crate::diagnostic::{Draft, Example, Rule, Severity};

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

pub(in crate::validate) fn diagnostic(site: Site<'_, '_>, kind: TypeId) -> Draft {
    let name = &site.schema.kind(kind).name;
    RULE.at(site.spot(), format!("this is the payload of {name} alone")).help(format!(
        "right for consoles that take the payload alone; elsewhere write {{ \"Type\": \"{name}\", \"Identifier\": \"…\", \"Payload\": … }}"
    ))
}

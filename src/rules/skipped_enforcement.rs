//! `skipped-enforcement`

use super::shadowed_enforcement::overtaken;
use crate::apple::enforcement::TARGET_OS_VERSION;
use crate::diagnostic::{Example, Rule, Severity};
use crate::set::{Enforcements, SetDraft, Where};

pub(crate) static RULE: Rule = Rule::new(
    "skipped-enforcement",
    Severity::Note,
    "devices skip an enforcement, because a release of a newer major version is enforced before it",
    "The earliest deadline comes first, so a device that can take the newer major version never comes to the older \
     one. Devices that cannot take it do: for them the enforcement may be meant, and this is only a note.",
    &[
        Example {
            document: r#"[
  { "Type": "com.apple.activation.simple", "Identifier": "com.example.activation", "Payload": { "StandardConfigurations": ["com.example.a", "com.example.b"] } },
  { "Type": "com.apple.configuration.softwareupdate.enforcement.specific", "Identifier": "com.example.a", "Payload": { "TargetOSVersion": "15.7.3", "TargetLocalDateTime": "2026-07-20T12:00:00" } },
  { "Type": "com.apple.configuration.softwareupdate.enforcement.specific", "Identifier": "com.example.b", "Payload": { "TargetOSVersion": "26.2", "TargetLocalDateTime": "2026-06-20T12:00:00" } }
]"#,
            options: &[],
            finds: &[("/Payload/TargetOSVersion", Severity::Note)],
        },
        Example {
            document: r#"[
  { "Type": "com.apple.activation.simple", "Identifier": "com.example.activation", "Payload": { "StandardConfigurations": ["com.example.a", "com.example.b"] } },
  { "Type": "com.apple.configuration.softwareupdate.enforcement.specific", "Identifier": "com.example.a", "Payload": { "TargetOSVersion": "15.7.3", "TargetLocalDateTime": "2026-06-20T12:00:00" } },
  { "Type": "com.apple.configuration.softwareupdate.enforcement.specific", "Identifier": "com.example.b", "Payload": { "TargetOSVersion": "26.2", "TargetLocalDateTime": "2026-07-20T12:00:00" } }
]"#,
            options: &[],
            finds: &[],
        },
    ],
);

pub(super) fn check(set: &Enforcements<'_>, diagnostics: &mut Vec<SetDraft>) {
    for (order, newer) in overtaken(set).filter(|(order, newer)| order.version.major() != newer.version.major()) {
        let name = set.name(newer);
        diagnostics.push(
            RULE.at(
                Where::key(order.who, TARGET_OS_VERSION),
                format!("devices that can take {} skip {}: {name} is due before it", newer.target(), order.target()),
            )
            .help("nothing is to be done if it is meant for devices that cannot take the newer version")
            .related(format!("due {}", newer.deadline), Where::key(newer.who, TARGET_OS_VERSION)),
        );
    }
}

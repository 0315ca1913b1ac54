//! `skipped-enforcement`

use super::shadowed_enforcement::overtaken;
use super::{Check, Example, Rule};
use crate::finding::Severity;
use crate::keys::enforcement::TARGET_OS_VERSION;
use crate::set::{Enforcements, SetFault, Where};

pub(crate) static RULE: Rule = Rule {
    id: "skipped-enforcement",
    severity: Severity::Note,
    is_optional: false,
    summary: "devices skip an enforcement, because a release of a newer major version is enforced before it",
    explanation: "The earliest deadline comes first, so a device that can take the newer major version never comes to the older \
                  one. Devices that cannot take it do: for them the enforcement may be meant, and this is only a note.",
    examples: &[
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
    check: Check::Enforcements(check),
};

fn check(set: &Enforcements<'_>, faults: &mut Vec<SetFault>) {
    for (order, newer) in overtaken(set).filter(|(order, newer)| order.version.major() != newer.version.major()) {
        let name = set.name(newer);
        faults.push(SetFault {
            rule: &RULE,
            severity: RULE.severity,
            message: format!("devices that can take {} skip {}: {name} is due before it", newer.target(), order.target()),
            help: "nothing is to be done if it is meant for devices that cannot take the newer version".to_owned(),
            at: Where::key(order.who, TARGET_OS_VERSION.path),
            related: vec![(format!("due {}", newer.deadline), Where::key(newer.who, TARGET_OS_VERSION.path))],
        });
    }
}

//! `duplicate-enforcement`

use super::{Check, Example, Rule};
use crate::finding::Severity;
use crate::keys::enforcement::TARGET_OS_VERSION;
use crate::set::{Enforcements, SetFault, Where};

pub(crate) static RULE: Rule = Rule {
    id: "duplicate-enforcement",
    severity: Severity::Warning,
    is_optional: false,
    summary: "two enforcements of one set name the same release",
    explanation: "A device takes the one with the earlier deadline. When it has the release, the other is ignored, as its target \
                  is no longer newer: it never acts.",
    examples: &[
        Example {
            document: r#"[
  { "Type": "com.apple.activation.simple", "Identifier": "com.example.activation", "Payload": { "StandardConfigurations": ["com.example.a", "com.example.b"] } },
  { "Type": "com.apple.configuration.softwareupdate.enforcement.specific", "Identifier": "com.example.a", "Payload": { "TargetOSVersion": "26.1", "TargetLocalDateTime": "2026-06-20T12:00:00" } },
  { "Type": "com.apple.configuration.softwareupdate.enforcement.specific", "Identifier": "com.example.b", "Payload": { "TargetOSVersion": "26.1", "TargetLocalDateTime": "2026-07-20T12:00:00" } }
]"#,
            options: &[],
            finds: &[("/Payload/TargetOSVersion", Severity::Warning)],
        },
        Example {
            document: r#"[
  { "Type": "com.apple.activation.simple", "Identifier": "com.example.activation", "Payload": { "StandardConfigurations": ["com.example.a", "com.example.b"] } },
  { "Type": "com.apple.configuration.softwareupdate.enforcement.specific", "Identifier": "com.example.a", "Payload": { "TargetOSVersion": "26.1", "TargetLocalDateTime": "2026-06-20T12:00:00" } },
  { "Type": "com.apple.configuration.softwareupdate.enforcement.specific", "Identifier": "com.example.b", "Payload": { "TargetOSVersion": "26.2", "TargetLocalDateTime": "2026-07-20T12:00:00" } }
]"#,
            options: &[],
            finds: &[],
        },
    ],
    check: Check::Enforcements(check),
};

fn check(set: &Enforcements<'_>, faults: &mut Vec<SetFault>) {
    for (order, first) in set.repeated() {
        let when = if first.deadline == order.deadline { "at the same time" } else { "earlier" };
        faults.push(SetFault {
            rule: &RULE,
            severity: RULE.severity,
            message: format!("{} enforces {} too, {when}, so this one never acts", set.name(first), order.target()),
            help: "keep one of the two".to_owned(),
            at: Where::key(order.who, TARGET_OS_VERSION.path),
            related: vec![("the same release".to_owned(), Where::key(first.who, TARGET_OS_VERSION.path))],
        });
    }
}

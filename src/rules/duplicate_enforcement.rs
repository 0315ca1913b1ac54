//! `duplicate-enforcement`

use crate::apple::enforcement::TARGET_OS_VERSION;
use crate::diagnostic::{Example, Rule, Severity};
use crate::set::{Enforcements, SetDraft, Where};

pub(crate) static RULE: Rule = Rule::new(
    "duplicate-enforcement",
    Severity::Warning,
    "two enforcements of one set name the same release",
    "A device takes the one with the earlier deadline. When it has the release, the other is ignored, as its target \
     is no longer newer: it never acts.",
    &[
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
);

pub(super) fn check(set: &Enforcements<'_>, diagnostics: &mut Vec<SetDraft>) {
    for (order, first) in set.repeated() {
        let when = if first.deadline == order.deadline { "at the same time" } else { "earlier" };
        diagnostics.push(
            RULE.at(
                Where::key(order.who, TARGET_OS_VERSION),
                format!("{} enforces {} too, {when}, so this one never acts", set.name(first), order.target()),
            )
            .help("keep one of the two")
            .related("the same release", Where::key(first.who, TARGET_OS_VERSION)),
        );
    }
}

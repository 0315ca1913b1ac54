//! `command-overridden`

use super::{Check, Example, Rule};
use crate::finding::Severity;
use crate::keys::enforcement::TARGET_OS_VERSION;
use crate::set::{Enforcements, SetFault, SetSpot, Where};

pub(super) static RULE: Rule = Rule {
    id: "command-overridden",
    severity: Severity::Warning,
    is_optional: false,
    summary: "devices ignore a command, because the same set has an enforcement",
    explanation: "Where an enforcement declaration manages the update of a device, the device ignores ScheduleOSUpdate and answers with an informational error: \
                  the declaration takes precedence. The rule needs to know that both reach the same devices: --set, or a set of ddmc.toml.",
    examples: &[
        Example {
            document: r#"[
  { "Command": { "RequestType": "ScheduleOSUpdate", "Updates": [{ "InstallAction": "InstallASAP", "ProductVersion": "26.1" }] } },
  { "Type": "com.apple.configuration.softwareupdate.enforcement.specific", "Identifier": "com.example.a", "Payload": { "TargetOSVersion": "26.1", "TargetLocalDateTime": "2026-07-20T12:00:00" } }
]"#,
            options: &["--set"],
            finds: &[("/Command/RequestType", Severity::Warning)],
        },
        Example {
            document: r#"[
  { "Command": { "RequestType": "ScheduleOSUpdate", "Updates": [{ "InstallAction": "InstallASAP", "ProductVersion": "26.1" }] } },
  { "Type": "com.apple.configuration.softwareupdate.settings", "Identifier": "com.example.a", "Payload": { "Notifications": true } }
]"#,
            options: &["--set", "--target", "macOS=15.0"],
            finds: &[],
        },
    ],
    check: Check::Enforcements(check),
};

fn check(set: &Enforcements<'_>, faults: &mut Vec<SetFault>) {
    let Some(order) = set.orders.first() else { return };
    for who in &set.commands {
        faults.push(SetFault {
            rule: &RULE,
            severity: RULE.severity,
            message: format!("devices ignore this command: {} enforces {} on them", set.name(order), order.target()),
            help: "keep one of the two; the declaration works on its own, and in 27.0 nothing else does".to_owned(),
            at: Where { who: *who, spot: SetSpot::RequestType },
            related: vec![("the enforcement".to_owned(), Where::key(order.who, TARGET_OS_VERSION.path))],
        });
    }
}

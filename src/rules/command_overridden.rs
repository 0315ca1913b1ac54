//! `command-overridden`

use crate::apple::enforcement::TARGET_OS_VERSION;
use crate::diagnostic::{Example, Rule, Severity};
use crate::set::{Enforcements, SetDraft, SetSpot, Where};

pub(crate) static RULE: Rule = Rule::new(
    "command-overridden",
    Severity::Warning,
    "devices ignore a command, because the same set has an enforcement",
    "Where an enforcement declaration manages the update of a device, the device ignores ScheduleOSUpdate and answers with an informational error: \
     the declaration takes precedence. The rule needs to know that both reach the same devices: --set, or a set of ddmc.toml.",
    &[
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
);

pub(super) fn check(set: &Enforcements<'_>, diagnostics: &mut Vec<SetDraft>) {
    let Some(order) = set.orders.first() else { return };
    for who in &set.commands {
        diagnostics.push(
            RULE.at(
                Where { who: *who, spot: SetSpot::RequestType },
                format!("devices ignore this command: {} enforces {} on them", set.name(order), order.target()),
            )
            .help("keep one of the two; the declaration works on its own, and in 27.0 nothing else does")
            .related("the enforcement", Where::key(order.who, TARGET_OS_VERSION)),
        );
    }
}

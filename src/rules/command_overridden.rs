//! `command-overridden`

use crate::apple::enforcement::TARGET_OS_VERSION;
use crate::diagnostic::{Example, Rule, Severity, array, enforcement_line, settings_line};
use crate::set::{Enforcements, SetDrafts, SetSpot, Where};

pub(crate) static RULE: Rule = Rule::new(
    "command-overridden",
    Severity::Warning,
    "devices ignore a command because the same set has an enforcement",
    "If an enforcement declaration manages the update of a device, the device ignores ScheduleOSUpdate and answers \
     with an informational error: the declaration takes precedence. The rule needs to know that both reach the same \
     devices: use --set, or a set in ddmc.toml.",
    &[
        Example::new(array!(
            concat!(
                r#"{ "Command": { "RequestType": "ScheduleOSUpdate", "#,
                r#""Updates": [{ "InstallAction": "InstallASAP", "ProductVersion": "26.1" }] } }"#
            ),
            enforcement_line!("com.example.a", r#"{ "TargetOSVersion": "26.1", "TargetLocalDateTime": "2026-07-20T12:00:00" }"#)
        ))
        .with_options(&["--set"])
        .finds(&[("/Command/RequestType", Severity::Warning)]),
        Example::new(array!(
            concat!(
                r#"{ "Command": { "RequestType": "ScheduleOSUpdate", "#,
                r#""Updates": [{ "InstallAction": "InstallASAP", "ProductVersion": "26.1" }] } }"#
            ),
            settings_line!("com.example.a", r#"{ "Notifications": true }"#)
        ))
        .with_options(&["--set", "--target", "macOS=15.0"]),
    ],
);

pub(super) fn check(set: &Enforcements<'_>, diagnostics: &mut SetDrafts) {
    let Some(order) = set.orders.first() else { return };
    for who in &set.commands {
        diagnostics.push(
            RULE.at(
                Where { who: *who, spot: SetSpot::RequestType },
                format!("devices ignore this command: {} enforces {}", set.name(order), order.target()),
            )
            .help("keep one of the two; the declaration works alone, and from 27.0 on only the declaration works")
            .related("the enforcement is here", Where::key(order.who, TARGET_OS_VERSION)),
        );
    }
}

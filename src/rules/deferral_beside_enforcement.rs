//! `deferral-beside-enforcement`

use crate::apple::enforcement::TARGET_OS_VERSION;
use crate::apple::key_name;
use crate::diagnostic::{Example, Rule, Severity, activation, array, enforcement_line, settings_line};
use crate::set::{Enforcements, SetDrafts, Where};

pub(crate) static RULE: Rule = Rule::new(
    "deferral-beside-enforcement",
    Severity::Note,
    "a deferral does not hold back an update that is enforced beside it",
    "A deferral hides new releases from users for some days. An enforcement is independent of it: the device installs \
     the enforced release by the deadline, even if the deferral still hides it. Both together are common and valid, so \
     this is only a note. It concerns CombinedPeriodInDays, MajorPeriodInDays and MinorPeriodInDays, on platforms that \
     have both the deferral and the release; SystemPeriodInDays concerns other updates.",
    &[
        Example::new(array!(
            activation!("com.example.activation", r#"["com.example.a", "com.example.b"]"#),
            settings_line!("com.example.a", r#"{ "Deferrals": { "MajorPeriodInDays": 60 } }"#),
            enforcement_line!("com.example.b", r#"{ "TargetOSVersion": "26.2", "TargetLocalDateTime": "2026-06-20T12:00:00" }"#)
        ))
        .finds(&[("/Payload/Deferrals/MajorPeriodInDays", Severity::Note)]),
        Example::new(array!(
            activation!("com.example.activation", r#"["com.example.a", "com.example.b"]"#),
            settings_line!("com.example.a", r#"{ "Deferrals": { "CombinedPeriodInDays": 60, "SystemPeriodInDays": 60 } }"#),
            enforcement_line!(
                "com.example.b",
                r#"{ "TargetOSVersion": "15.7.3", "TargetLocalDateTime": "2026-06-20T12:00:00" }"#
            )
        )),
    ],
);

pub(super) fn check(set: &Enforcements<'_>, diagnostics: &mut SetDrafts) {
    for (who, key, order) in set.deferred() {
        let (deferral, target) = (key_name(key), order.target());
        diagnostics.push(
            RULE.at(Where::key(who, key), format!("{deferral} does not hold back {target}, which {} enforces", set.name(order)))
                .help(format!("leave it if it is meant for other updates; to install {target} later, move the deadline"))
                .related(format!("due {}", order.deadline), Where::key(order.who, TARGET_OS_VERSION)),
        );
    }
}

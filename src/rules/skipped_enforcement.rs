//! `skipped-enforcement`

use super::shadowed_enforcement::overtaken;
use crate::apple::enforcement::TARGET_OS_VERSION;
use crate::diagnostic::{Example, Rule, Severity, enforcement_set};
use crate::set::{Enforcements, SetDrafts, Where};

pub(crate) static RULE: Rule = Rule::new(
    "skipped-enforcement",
    Severity::Note,
    "devices skip an enforcement because a newer major version is enforced earlier",
    "The earliest deadline comes first, so a device that supports the newer major version never installs the older \
     one. The enforcement may be meant for devices that do not support the newer one, so this is only a note.",
    &[
        Example::new(enforcement_set!(
            r#"{ "TargetOSVersion": "15.7.3", "TargetLocalDateTime": "2026-07-20T12:00:00" }"#,
            r#"{ "TargetOSVersion": "26.2", "TargetLocalDateTime": "2026-06-20T12:00:00" }"#
        ))
        .finds(&[("/Payload/TargetOSVersion", Severity::Note)]),
        Example::new(enforcement_set!(
            r#"{ "TargetOSVersion": "15.7.3", "TargetLocalDateTime": "2026-06-20T12:00:00" }"#,
            r#"{ "TargetOSVersion": "26.2", "TargetLocalDateTime": "2026-07-20T12:00:00" }"#
        )),
    ],
);

pub(super) fn check(set: &Enforcements<'_>, diagnostics: &mut SetDrafts) {
    for (order, newer) in overtaken(set).filter(|(order, newer)| order.version.major() != newer.version.major()) {
        let name = set.name(newer);
        diagnostics.push(
            RULE.at(
                Where::key(order.who, TARGET_OS_VERSION),
                format!("devices that support {} skip {}: {name} is due earlier", newer.target(), order.target()),
            )
            .help("leave it if it is meant for devices that do not support the newer version")
            .related(format!("due {}", newer.deadline), Where::key(newer.who, TARGET_OS_VERSION)),
        );
    }
}

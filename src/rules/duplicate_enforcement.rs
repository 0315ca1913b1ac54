//! `duplicate-enforcement`

use crate::apple::enforcement::TARGET_OS_VERSION;
use crate::diagnostic::{Example, Rule, Severity, enforcement_set};
use crate::set::{Enforcements, SetDrafts, Where};

pub(crate) static RULE: Rule = Rule::new(
    "duplicate-enforcement",
    Severity::Warning,
    "two enforcements in one set name the same release",
    "A device installs the release by the earlier deadline. Then it ignores the other enforcement, whose target is no \
     longer newer.",
    &[
        Example::new(enforcement_set!(
            r#"{ "TargetOSVersion": "26.1", "TargetLocalDateTime": "2026-06-20T12:00:00" }"#,
            r#"{ "TargetOSVersion": "26.1", "TargetLocalDateTime": "2026-07-20T12:00:00" }"#
        ))
        .finds(&[("/Payload/TargetOSVersion", Severity::Warning)]),
        Example::new(enforcement_set!(
            r#"{ "TargetOSVersion": "26.1", "TargetLocalDateTime": "2026-06-20T12:00:00" }"#,
            r#"{ "TargetOSVersion": "26.2", "TargetLocalDateTime": "2026-07-20T12:00:00" }"#
        )),
    ],
);

pub(super) fn check(set: &Enforcements<'_>, diagnostics: &mut SetDrafts) {
    for (order, first) in set.repeated() {
        let when = if first.deadline == order.deadline { "at the same time" } else { "earlier" };
        diagnostics.push(
            RULE.at(
                Where::key(order.who, TARGET_OS_VERSION),
                format!("{} enforces {} {when}; this enforcement never takes effect", set.name(first), order.target()),
            )
            .help("keep one of the two")
            .related("the same release is enforced here", Where::key(first.who, TARGET_OS_VERSION)),
        );
    }
}

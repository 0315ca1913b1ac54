//! `shadowed-enforcement`

use std::collections::HashSet;

use crate::apple::enforcement::TARGET_OS_VERSION;
use crate::diagnostic::{Example, Rule, Severity, enforcement_set};
use crate::set::{Enforcements, Order, SetDrafts, Where};

pub(crate) static RULE: Rule = Rule::new(
    "shadowed-enforcement",
    Severity::Warning,
    "an enforcement is ignored because a newer release of the same major version is enforced earlier",
    "The earliest deadline comes first. Once a device has the newer release, it ignores a later enforcement of an \
     older one. For an older release of another major version, which may be meant for devices that do not support the \
     newer one, see skipped-enforcement.",
    &[
        Example::new(enforcement_set!(
            r#"{ "TargetOSVersion": "26.1", "TargetLocalDateTime": "2026-07-20T12:00:00" }"#,
            r#"{ "TargetOSVersion": "26.2", "TargetLocalDateTime": "2026-06-20T12:00:00" }"#
        ))
        .finds(&[("/Payload/TargetOSVersion", Severity::Warning)]),
        Example::new(enforcement_set!(
            r#"{ "TargetOSVersion": "26.1", "TargetLocalDateTime": "2026-06-20T12:00:00" }"#,
            r#"{ "TargetOSVersion": "26.2", "TargetLocalDateTime": "2026-07-20T12:00:00" }"#
        )),
    ],
);

pub(super) fn check(set: &Enforcements<'_>, diagnostics: &mut SetDrafts) {
    for (order, newer) in overtaken(set).filter(|(order, newer)| order.version.major() == newer.version.major()) {
        let name = set.name(newer);
        diagnostics.push(
            RULE.at(
                Where::key(order.who, TARGET_OS_VERSION),
                format!("{} will be ignored: {name} enforces {} earlier", order.target(), newer.target()),
            )
            .help("remove it, or give it the earlier deadline")
            .related(format!("due {}", newer.deadline), Where::key(newer.who, TARGET_OS_VERSION)),
        );
    }
}

/// The enforcements that never take effect because devices have a newer release by then, each with the first newer one.
pub(super) fn overtaken<'s, 'g>(set: &'s Enforcements<'g>) -> impl Iterator<Item = (&'s Order<'g>, &'s Order<'g>)> {
    // `duplicate-enforcement` covers the same release.
    let repeated: HashSet<usize> = set.repeated().map(|(order, _)| order.who).collect();
    let others = set.orders.iter().enumerate().filter(move |(_, order)| !repeated.contains(&order.who));
    others.filter_map(|(at, order)| {
        let is_newer = |other: &&Order<'_>| {
            let builds = other.build.zip(order.build);
            // A device installs the same version again only for a newer build.
            let is_same = other.version == order.version;
            let has_build_only = other.build.is_some() && order.build.is_none();
            let is_ahead = other.version > order.version;
            other.may_meet(order) && (is_ahead || (is_same && (has_build_only || builds.is_some_and(|(other, own)| other > own))))
        };
        Some((order, set.before(at).iter().find(is_newer)?))
    })
}

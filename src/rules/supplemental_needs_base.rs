//! `supplemental-needs-base`

use crate::apple::enforcement::TARGET_BUILD_VERSION;
use crate::apple::{BuildKind, Platform, compare_versions};
use crate::diagnostic::{Example, Rule, Severity, activation, array, enforcement_line, enforcement_set};
use crate::set::{Enforcements, Order, SetDrafts, Where};

pub(crate) static RULE: Rule = Rule::new(
    "supplemental-needs-base",
    Severity::Note,
    "a Background Security Improvement is enforced without its base version",
    "From iOS 18 and macOS 15 on, one enforcement takes a device from an older version to the version and its \
     Background Security Improvement. Earlier systems need two: one for the version, and one for the improvement with \
     a later deadline.",
    &[
        Example::new(array!(
            activation!("com.example.activation", r#"["com.example.a"]"#),
            enforcement_line!(
                "com.example.a",
                concat!(
                    r#"{ "TargetOSVersion": "14.4.1", "TargetBuildVersion": "23E772240a", "#,
                    r#""TargetLocalDateTime": "2026-06-20T12:00:00" }"#
                )
            )
        ))
        .finds(&[("/Payload/TargetBuildVersion", Severity::Note)]),
        Example::new(enforcement_set!(
            r#"{ "TargetOSVersion": "14.4.1", "TargetLocalDateTime": "2026-06-20T12:00:00" }"#,
            concat!(
                r#"{ "TargetOSVersion": "14.4.1", "TargetBuildVersion": "23E772240a", "#,
                r#""TargetLocalDateTime": "2026-06-27T12:00:00" }"#
            )
        )),
        Example::new(array!(
            activation!("com.example.activation", r#"["com.example.a"]"#),
            enforcement_line!(
                "com.example.a",
                concat!(
                    r#"{ "TargetOSVersion": "26.3.1", "TargetBuildVersion": "23D771330a", "#,
                    r#""TargetLocalDateTime": "2026-06-20T12:00:00" }"#
                )
            )
        )),
    ],
);

/// The platforms that have such improvements, and the first version for which one enforcement is enough.
const FIRST: [(Platform, &str); 3] = [(Platform::Ios, "18.0"), (Platform::IpadOs, "18.0"), (Platform::MacOs, "15.0")];

pub(super) fn check(set: &Enforcements<'_>, diagnostics: &mut SetDrafts) {
    for (at, order) in set.orders.iter().enumerate() {
        let Some(build) = order.build.filter(|build| build.kind() == BuildKind::Supplemental) else { continue };
        let mut firsts = FIRST.into_iter().filter(|(platform, _)| build.fits(*platform, order.version)).peekable();
        let is_old = firsts.peek().is_some() && firsts.all(|(_, first)| compare_versions(order.version.as_str(), first).is_lt());
        let is_base = |other: &&Order<'_>| {
            other.version == order.version && other.build.is_none_or(|build| build.kind() != BuildKind::Supplemental)
        };
        if is_old && !set.before(at).iter().any(|other| is_base(&other)) {
            diagnostics.push(
                RULE.at(
                    Where::key(order.who, TARGET_BUILD_VERSION),
                    format!("{build} improves {0}, but no earlier enforcement updates devices to {0}", order.version),
                )
                .help(format!(
                    "add an enforcement of {} with an earlier deadline, unless every device already has it",
                    order.version
                )),
            );
        }
    }
}

//! `supplemental-needs-base`

use crate::apple::enforcement::TARGET_BUILD_VERSION;
use crate::apple::{BuildKind, Platform, compare_versions};
use crate::diagnostic::{Example, Rule, Severity};
use crate::set::{Enforcements, Order, SetDraft, Where};

pub(crate) static RULE: Rule = Rule::new(
    "supplemental-needs-base",
    Severity::Note,
    "a Background Security Improvement is enforced without the version that it improves",
    "Since iOS 18 and macOS 15 one enforcement takes a device from an older version to the version and its \
     Background Security Improvement. Before, two are needed: one for the version, and one for the improvement with \
     a later deadline.",
    &[
        Example {
            document: r#"[
  { "Type": "com.apple.activation.simple", "Identifier": "com.example.activation", "Payload": { "StandardConfigurations": ["com.example.a"] } },
  { "Type": "com.apple.configuration.softwareupdate.enforcement.specific", "Identifier": "com.example.a", "Payload": { "TargetOSVersion": "14.4.1", "TargetBuildVersion": "23E772240a", "TargetLocalDateTime": "2026-06-20T12:00:00" } }
]"#,
            options: &[],
            finds: &[("/Payload/TargetBuildVersion", Severity::Note)],
        },
        Example {
            document: r#"[
  { "Type": "com.apple.activation.simple", "Identifier": "com.example.activation", "Payload": { "StandardConfigurations": ["com.example.a", "com.example.b"] } },
  { "Type": "com.apple.configuration.softwareupdate.enforcement.specific", "Identifier": "com.example.a", "Payload": { "TargetOSVersion": "14.4.1", "TargetLocalDateTime": "2026-06-20T12:00:00" } },
  { "Type": "com.apple.configuration.softwareupdate.enforcement.specific", "Identifier": "com.example.b", "Payload": { "TargetOSVersion": "14.4.1", "TargetBuildVersion": "23E772240a", "TargetLocalDateTime": "2026-06-27T12:00:00" } }
]"#,
            options: &[],
            finds: &[],
        },
        Example {
            document: r#"[
  { "Type": "com.apple.activation.simple", "Identifier": "com.example.activation", "Payload": { "StandardConfigurations": ["com.example.a"] } },
  { "Type": "com.apple.configuration.softwareupdate.enforcement.specific", "Identifier": "com.example.a", "Payload": { "TargetOSVersion": "26.3.1", "TargetBuildVersion": "23D771330a", "TargetLocalDateTime": "2026-06-20T12:00:00" } }
]"#,
            options: &[],
            finds: &[],
        },
    ],
);

/// The platforms that have such improvements, and the first version that needs one enforcement only.
const FIRST: [(Platform, &str); 3] = [(Platform::Ios, "18.0"), (Platform::IpadOs, "18.0"), (Platform::MacOs, "15.0")];

pub(super) fn check(set: &Enforcements<'_>, diagnostics: &mut Vec<SetDraft>) {
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
                    format!("{build} improves {0}, and nothing here brings older devices to {0} before", order.version),
                )
                .help(format!("add an enforcement of {} with an earlier deadline, unless every device has it", order.version)),
            );
        }
    }
}

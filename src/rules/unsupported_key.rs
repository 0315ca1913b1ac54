//! `unsupported-key`

use super::availability::{Placement, names};
use crate::apple::Verdict;
use crate::diagnostic::{Draft, Example, Rule, Severity};

pub(crate) static RULE: Rule = Rule::new(
    "unsupported-key",
    Severity::Warning,
    "a platform that a declaration is meant for does not have a key",
    "A device takes the keys that its platform has and ignores the others, so the setting never acts there. A declaration for \
     several platforms may hold keys of each, as Apple's own example does: name as targets only the devices that every key is meant \
     for, or split the declaration by platform.",
    &[
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.settings",
  "Identifier": "com.example.deferrals",
  "Payload": { "Deferrals": { "MajorPeriodInDays": 30 } }
}"#,
            options: &["--target", "iOS=18.1"],
            finds: &[("/Payload/Deferrals/MajorPeriodInDays", Severity::Warning)],
        },
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.settings",
  "Identifier": "com.example.deferrals",
  "Payload": { "Deferrals": { "CombinedPeriodInDays": 30 } }
}"#,
            options: &["--target", "iOS=18.1", "--target", "tvOS=18.4"],
            finds: &[],
        },
    ],
);

pub(super) fn check(placement: &Placement<'_>, diagnostics: &mut Vec<Draft>) {
    placement.judge(
        diagnostics,
        |verdict| verdict == Verdict::Never,
        |key, targets| {
            let message = format!("{} does not exist on {}, and is ignored there", placement.name(key), names(targets, "or"));
            let help = format!("remove it, or keep it for {}, where it exists", placement.support_of(key).places());
            RULE.at(placement.spot(key), message).help(help)
        },
    );
}

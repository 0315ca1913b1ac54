//! `needs-supervision`

use super::availability::{Placement, names};
use super::{Check, Example, Rule};
use crate::finding::{Fault, Severity};
use crate::keys::Verdict;
use crate::model::{Platform, Target};

pub(super) static RULE: Rule = Rule {
    id: "needs-supervision",
    severity: Severity::Error,
    is_optional: false,
    summary: "a key needs supervision, which the devices lack that a declaration is meant for",
    explanation: "Some keys are for supervised devices. An iPhone or iPad without supervision has been seen to refuse the whole declaration for \
                  one of them, so that the other keys do not act either: an error. Other platforms ignore the key: a warning. Keep such keys in a \
                  declaration of their own, for supervised devices.",
    examples: &[
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.settings",
  "Identifier": "com.example.deferrals",
  "Payload": { "RecommendedCadence": "Newest", "Deferrals": { "CombinedPeriodInDays": 30 } }
}"#,
            options: &["--target", "iOS=18.1,unsupervised"],
            finds: &[("/Payload/Deferrals/CombinedPeriodInDays", Severity::Error)],
        },
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.settings",
  "Identifier": "com.example.deferrals",
  "Payload": { "Deferrals": { "CombinedPeriodInDays": 30 } }
}"#,
            options: &["--target", "tvOS,unsupervised"],
            finds: &[("/Payload/Deferrals/CombinedPeriodInDays", Severity::Warning)],
        },
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.settings",
  "Identifier": "com.example.cadence",
  "Payload": { "RecommendedCadence": "Newest" }
}"#,
            options: &["--target", "iOS=18.1,unsupervised"],
            finds: &[],
        },
    ],
    check: Check::Placement(check),
};

fn check(placement: &Placement<'_>, faults: &mut Vec<Fault>) {
    placement.judge(
        faults,
        |verdict| verdict == Verdict::Enrolment,
        |key, targets| {
            let refuses = |target: &&Target| matches!(target.platform, Platform::Ios | Platform::IpadOs);
            let (refusing, ignoring): (Vec<&Target>, Vec<&Target>) = targets.iter().copied().partition(refuses);
            let effect = |targets: &[&Target], verb: &str| {
                let ending = if targets.len() == 1 { "s" } else { "" };
                (!targets.is_empty()).then(|| format!("{} {}", names(targets, "and"), verb.replacen('#', ending, 1)))
            };
            let effects = [effect(&refusing, "refuse# the whole declaration"), effect(&ignoring, "ignore# the key")];
            let effects: Vec<String> = effects.into_iter().flatten().collect();
            let severity = if refusing.is_empty() { Severity::Warning } else { Severity::Error };
            Fault::at(key.path(), format!("{} needs supervision: {}", key.name(), effects.join(", and ")))
                .help("move it to a declaration for supervised devices, or remove it")
                .severity(severity)
        },
    );
}

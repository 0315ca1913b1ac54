//! `needs-supervision`

use super::availability::{Placement, names};
use crate::apple::Verdict;
use crate::apple::{Platform, Target};
use crate::diagnostic::{Draft, Example, Rule, Severity, Spot};

pub(crate) static RULE: Rule = Rule::new(
    "needs-supervision",
    Severity::Error,
    "a key needs supervision, which the devices lack that a declaration is meant for",
    "Some keys are for supervised devices. An iPhone or iPad without supervision has been seen to refuse the whole declaration for \
     one of them, so that the other keys do not act either: an error. Other platforms ignore the key: a warning. Keep such keys in a \
     declaration of their own, for supervised devices. The commands about updates need supervision as a whole: other devices answer with \
     an error.",
    &[
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
        Example {
            document: r#"{ "Command": { "RequestType": "OSUpdateStatus" } }"#,
            options: &["--target", "iOS=18.1,unsupervised"],
            finds: &[("/Command/RequestType", Severity::Error)],
        },
    ],
);

pub(super) fn check(placement: &Placement<'_>, diagnostics: &mut Vec<Draft>) {
    if placement.is_command() {
        diagnostics.extend(command(placement));
        return;
    }
    let is_declaration = placement.is_declaration();
    placement.judge(
        diagnostics,
        |verdict| verdict == Verdict::Enrolment,
        |key, targets| {
            let refuses = |target: &&Target| is_declaration && matches!(target.platform, Platform::Ios | Platform::IpadOs);
            let (refusing, ignoring): (Vec<&Target>, Vec<&Target>) = targets.iter().copied().partition(refuses);
            let effect = |targets: &[&Target], verb: &str| {
                let ending = if targets.len() == 1 { "s" } else { "" };
                (!targets.is_empty()).then(|| format!("{} {}", names(targets, "and"), verb.replacen('#', ending, 1)))
            };
            let effects = [effect(&refusing, "refuse# the whole declaration"), effect(&ignoring, "ignore# the key")];
            let effects: Vec<String> = effects.into_iter().flatten().collect();
            let severity = if refusing.is_empty() { Severity::Warning } else { Severity::Error };
            let home = if is_declaration { "declaration" } else { "profile" };
            RULE.at(placement.spot(key), format!("{} needs supervision: {}", placement.name(key), effects.join(", and ")))
                .help(format!("move it to a {home} for supervised devices, or remove it"))
                .severity(severity)
        },
    );
}

/// A command that needs supervision, and devices that are not supervised.
fn command(placement: &Placement<'_>) -> Option<Draft> {
    let lacks = |target: &&Target| {
        placement.support.verdict(target) == Verdict::Enrolment && !placement.support.takes_unsupervised(target.platform)
    };
    let targets: Vec<&Target> = placement.targets.iter().filter(lacks).collect();
    if targets.is_empty() || !placement.is_head {
        return None;
    }
    let verb = if targets.len() == 1 { "refuses" } else { "refuse" };
    let message = format!("{} needs supervision: {} {verb} the command", placement.kind.short(), names(&targets, "and"));
    Some(RULE.at(Spot::Type, message).help("send it to supervised devices alone"))
}

//! `needs-supervision`

use super::availability::{Placement, names};
use crate::apple::{Platform, Target, Verdict};
use crate::diagnostic::{Draft, Drafts, Example, Rule, Severity, Spot, settings};

pub(crate) static RULE: Rule = Rule::new(
    "needs-supervision",
    Severity::Error,
    "a key needs supervision, and the target devices are not supervised",
    "Some keys are for supervised devices. An unsupervised iPhone or iPad has been seen to refuse the whole \
     declaration because of one of them, so that the other keys have no effect either: an error. Other platforms \
     ignore the key: a warning. Put such keys in a separate declaration for supervised devices. The commands about \
     updates need supervision as a whole: other devices answer with an error.",
    &[
        Example::new(settings!(
            "com.example.deferrals",
            r#"{ "RecommendedCadence": "Newest", "Deferrals": { "CombinedPeriodInDays": 30 } }"#
        ))
        .with_options(&["--target", "iOS=18.1,unsupervised"])
        .finds(&[("/Payload/Deferrals/CombinedPeriodInDays", Severity::Error)]),
        Example::new(settings!("com.example.deferrals", r#"{ "Deferrals": { "CombinedPeriodInDays": 30 } }"#))
            .with_options(&["--target", "tvOS,unsupervised"])
            .finds(&[("/Payload/Deferrals/CombinedPeriodInDays", Severity::Warning)]),
        Example::new(settings!("com.example.cadence", r#"{ "RecommendedCadence": "Newest" }"#))
            .with_options(&["--target", "iOS=18.1,unsupervised"]),
        Example::new(r#"{ "Command": { "RequestType": "OSUpdateStatus" } }"#)
            .with_options(&["--target", "iOS=18.1,unsupervised"])
            .finds(&[("/Command/RequestType", Severity::Error)]),
    ],
)
.also(&[Severity::Warning]);

pub(super) fn check(placement: &Placement<'_>, diagnostics: &mut Drafts) {
    if placement.is_command() {
        diagnostics.extend(command(placement));
        // The keys of an update need no more than the command itself.
        if placement.is_head || !Platform::ALL.into_iter().any(|platform| placement.support.takes_unsupervised(platform)) {
            return;
        }
    }
    let is_declaration = placement.is_declaration();
    placement.judge(
        diagnostics,
        |support, target| support.verdict(target) == Verdict::Enrolment && !support.takes_unsupervised(target.platform),
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
                .help(format!("move it to a {home} for supervised devices, or remove the key"))
                .severity(severity)
        },
    );
}

/// The finding for a command that needs supervision, if there are unsupervised targets.
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
    Some(RULE.at(Spot::Type, message).help("send it to supervised devices only"))
}

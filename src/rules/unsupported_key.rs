//! `unsupported-key`

use super::availability::{Placement, names};
use crate::apple::Verdict;
use crate::diagnostic::{Draft, Example, Rule, Severity, settings};

pub(crate) static RULE: Rule = Rule::new(
    "unsupported-key",
    Severity::Warning,
    "a target platform does not have a key",
    "A device applies the keys that its platform has and ignores the others, so the setting never takes effect there. \
     A declaration for several platforms may hold keys of each, as Apple's own example does: name as targets only the \
     devices that every key is meant for, or split the declaration by platform.",
    &[
        Example::new(settings!("com.example.deferrals", r#"{ "Deferrals": { "MajorPeriodInDays": 30 } }"#))
            .with_options(&["--target", "iOS=18.1"])
            .finds(&[("/Payload/Deferrals/MajorPeriodInDays", Severity::Warning)]),
        Example::new(settings!("com.example.deferrals", r#"{ "Deferrals": { "CombinedPeriodInDays": 30 } }"#))
            .with_options(&["--target", "iOS=18.1", "--target", "tvOS=18.4"])
            .finds(&[]),
    ],
);

pub(super) fn check(placement: &Placement<'_>, diagnostics: &mut Vec<Draft>) {
    placement.judge(
        diagnostics,
        |verdict| verdict == Verdict::Never,
        |key, targets| {
            let message = format!("{} does not exist on {}, and is ignored there", placement.name(key), names(targets, "or"));
            let help = format!("remove the key, or keep it for {}, where it exists", placement.support_of(key).places());
            RULE.at(placement.spot(key), message).help(help)
        },
    );
}

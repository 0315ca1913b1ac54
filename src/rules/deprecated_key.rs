//! `deprecated-key`

use super::availability::{Placement, names};
use crate::apple::{Support, Target, Verdict};
use crate::diagnostic::{Drafts, Example, Rule, Severity, Spot, declaration_line};

/// A declaration with the only key that the built-in schema calls deprecated.
macro_rules! summary {
    () => {
        declaration_line!(
            "com.apple.configuration.intelligence.settings",
            "com.example.intelligence",
            r#"{ "AllowVisualIntelligenceSummary": false }"#
        )
    };
}

pub(crate) static RULE: Rule = Rule::new(
    "deprecated-key",
    Severity::Note,
    "Apple has deprecated a key, or the type of a declaration, for the target devices",
    "A deprecated key still works. Apple may remove it in a later version, which then ignores it.",
    &[
        Example::new(summary!())
            .with_options(&["--target", "iOS=27.0"])
            .finds(&[("/Payload/AllowVisualIntelligenceSummary", Severity::Note)]),
        Example::new(summary!()).with_options(&["--target", "iOS=26.4"]),
    ],
);

pub(super) fn check(placement: &Placement<'_>, diagnostics: &mut Drafts) {
    let is_deprecated =
        |support: &Support, target: &Target| support.verdict(target) == Verdict::Available && support.is_deprecated(target);
    let help = "it still works; plan to replace it before Apple removes it";
    let of_type: Vec<&Target> = placement.targets.iter().filter(|target| is_deprecated(placement.support, target)).collect();
    if !placement.is_declaration() {
        // Rules of their own cover commands and profiles.
        return;
    }
    if !of_type.is_empty() {
        let message = format!("{} is deprecated on {}", placement.kind.short(), names(&of_type, "and"));
        diagnostics.push(RULE.at(Spot::Type, message).help(help));
    }
    placement.judge(
        diagnostics,
        |support, target| is_deprecated(support, target) && !is_deprecated(placement.support, target),
        |key, targets| {
            let message = format!("{} is deprecated on {}", placement.name(key), names(targets, "and"));
            RULE.at(placement.spot(key), message).help(help)
        },
    );
}

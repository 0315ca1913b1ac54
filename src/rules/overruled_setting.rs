//! `overruled-setting`

use crate::diagnostic::{Example, Rule, Severity, settings_set};
use crate::set::{Combination, SetDrafts};
use crate::words::shown;

pub(crate) static RULE: Rule = Rule::new(
    "overruled-setting",
    Severity::Note,
    "a setting never takes effect because another active declaration overrules it",
    "Devices combine all active settings, key by key, with Apple's rule for each key: the largest number wins, false \
     wins over true, and the choice that is last in Apple's list wins, whatever the order of the declarations. A \
     value that loses is not a mistake, but its author may not expect it. Declarations are compared if one activation \
     references them, or if the command is told that they are one set.",
    &[
        Example::new(settings_set!(
            r#"{ "Deferrals": { "MajorPeriodInDays": 30 } }"#,
            r#"{ "Deferrals": { "MajorPeriodInDays": 60 } }"#
        ))
        .finds(&[("/Payload/Deferrals/MajorPeriodInDays", Severity::Note)]),
        Example::new(settings_set!(
            r#"{ "Deferrals": { "MajorPeriodInDays": 30 } }"#,
            r#"{ "Deferrals": { "MinorPeriodInDays": 60 } }"#
        )),
    ],
);

pub(super) fn check(combination: &Combination<'_>, diagnostics: &mut SetDrafts) {
    for decision in &combination.decisions {
        // With `first` the loser is undefined; `order-dependent-merge` covers that.
        if decision.is_union || matches!(decision.rule, "first" | "") {
            continue;
        }
        let Some(winner) = decision.parts.iter().find(|part| part.decides) else { continue };
        let Some(by) = winner.who.first() else { continue };
        let key = decision.path.last().map_or("", String::as_str);
        let why = match decision.rule {
            "number-max" => "and the largest number wins",
            "number-min" => "and the smallest number wins",
            "boolean-and" => "and false wins",
            "boolean-or" => "and true wins",
            _ => "which wins",
        };
        for (part, who) in decision.overruled().flat_map(|part| part.who.iter().map(move |who| (part, who))) {
            let name = shown(combination.gathered.members[*by].name());
            diagnostics.push(
                RULE.at(decision.at(*who), format!("{key} is {} here, but {name} sets {}, {why}", part.shown, winner.shown))
                    .help("remove the value that has no effect, or change the one that overrules it")
                    .related("this value takes effect", decision.at(*by)),
            );
        }
    }
}
